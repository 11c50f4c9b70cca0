// adaptive_test.c: sampling that ends by the sensor's noise: what it claims, what is true, what it
// spends, by how much it is off on average, and that a small light is not overlooked; and samples by need.
#include "tests/engine/render/render_fixture.h"

#include "engine/render/internal.h"
#include "tests/support/sanitized.h"

#define WIDTH 24u
#define HEIGHT 16u
#define PIXELS (WIDTH * HEIGHT)
#define FRAMES (SANITIZED_SHARE > 1u ? 8u : 16u) // renders that differ in their noise alone

#define LAMP_M 0.03
#define LAMP_RADIANCE 125.0f
#define LAMP_X 9u // pixel
#define LAMP_Y 7u

// ---- a scene ----------------------------------------------------------------------------------
// A field under sun and sky, a glossy ball and its shadow, a low wall of another grey.
static fx_scene make(bool lamp)
{
    fx_scene s;
    fx_begin(&s);
    uint32_t ground = fx_plain(&s, "ground", BT_MATERIAL_DIFFUSE, 0.3, 0.4f);
    uint32_t wall = fx_plain(&s, "wall", BT_MATERIAL_DIFFUSE, 0.7, 0.4f);
    uint32_t gloss = fx_plain(&s, "gloss", BT_MATERIAL_COATED, 0.5, 0.3f);
    fx_static(
        &s, fx_quad(&s, ground, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
        0, 0, 0);
    fx_static(&s, fx_sphere(&s, gloss, 0.8, 16), 6, 1, 0.8);
    fx_static(&s, fx_quad(&s, wall, (bt_vec3){9, -6, 0}, (bt_vec3){0, 5, 0}, (bt_vec3){0, 0, 2}), 0,
              0, 0);
    if (lamp) {
        bt_material glow = {.kind = BT_MATERIAL_DIFFUSE,
                            .reflectance = fx_flat(&s, 0.0),
                            .reflectance2 = BT_NO_SPECTRUM,
                            .emission = fx_flat(&s, 1.0),
                            .emission_scale = LAMP_RADIANCE,
                            .roughness = 0.5f};
        fx_static(&s,
                  fx_quad(&s, fx_material(&s, "glow", glow), (bt_vec3){5, 0.4, 1.0},
                          (bt_vec3){0, 0, LAMP_M}, (bt_vec3){0, LAMP_M, 0}),
                  0, 0, 0);
    }
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 1.4}, (bt_vec3){6, 0, 0.9}));
    return s;
}

// Three bands, a mosaic; some 1000 electrons in a lit pixel.
static bt_view view_of(void)
{
    static const uint8_t green_first[16] = {2, 1, 2, 1, 4, 2, 4, 2, 2, 1, 2, 1, 4, 2, 4, 2};
    bt_view v = fx_view(WIDTH, HEIGHT, 24.0);
    v.exposure_ns = 1e7;
    v.filter_sigma_px = 0.45f;
    v.band_count = 3;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        for (int b = 0; b < 3; b++)
            v.response[b][i] = i >= BT_SPECTRUM_VISIBLE_BINS ? 0.0f
                               : i / 27 == 2 - b             ? 6e3f
                                                             : 300.0f;
    for (int b = 0; b < 3; b++)
        v.noise_e2[0][b] = 25.0f;
    memcpy(v.read_bands, green_first, sizeof v.read_bands);
    return v;
}

static size_t at_read(const bt_view *v, uint32_t pixel)
{
    uint32_t x = pixel % WIDTH, y = pixel / WIDTH;
    return (size_t)pixel * 3 + (size_t)__builtin_ctz(v->read_bands[(y & 3) * 4 + (x & 3)]);
}

static double electrons(const bt_view *v, const bt_film *film, uint32_t pixel)
{
    return (double)film->rate_e_s[at_read(v, pixel)] * v->exposure_ns * 1e-9;
}

static double mean_samples(const bt_film *film)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < PIXELS; i++)
        sum += film->samples[i];
    return sum / PIXELS;
}

static bool same(const bt_film *a, const bt_film *b)
{
    return memcmp(a->rate_e_s, b->rate_e_s, PIXELS * 3 * sizeof(float)) == 0 &&
           memcmp(a->variance_e2_s2, b->variance_e2_s2, PIXELS * 3 * sizeof(float)) == 0 &&
           memcmp(a->samples, b->samples, PIXELS * sizeof(uint32_t)) == 0 &&
           memcmp(a->sensor_share, b->sensor_share, PIXELS * sizeof(float)) == 0;
}

// ---- bytes ------------------------------------------------------------------------------------
static void test_bytes(const fx_scene *s, bt_jobs *two)
{
    bt_view v = view_of();
    bt_render_settings by_sensor = {.samples = 64, .seed = 9, .frame = 3, .sensor_share = 0.1f};
    bt_film *alone = fx_render(s, &v, &by_sensor, NULL), *pair = fx_render(s, &v, &by_sensor, two);
    CHECK(same(alone, pair));
    by_sensor.frame = 4;
    bt_film *next = fx_render(s, &v, &by_sensor, two);
    CHECK(!same(alone, next));
    // no pixel may end before 64, none may go on
    by_sensor.min_samples = 64;
    bt_render_settings fixed = {.samples = 64, .seed = 9, .frame = 4};
    bt_film *all = fx_render(s, &v, &by_sensor, two), *plain = fx_render(s, &v, &fixed, two);
    CHECK(same(all, plain) && mean_samples(plain) == 64.0);
    bt_film_destroy(alone);
    bt_film_destroy(pair);
    bt_film_destroy(next);
    bt_film_destroy(all);
    bt_film_destroy(plain);
}

// ---- many renders -----------------------------------------------------------------------------
typedef struct survey {
    double samples;          // mean of a pixel
    double claimed;          // mean of sensor_share
    double error;            // mean of the true one: squared error over the sensor's variance
    double bias, bias_doubt; // of a pixel over the sensor's sigma: mean and its standard error
    double worst;            // largest bias of a block of 8 x 8 px, over the sensor's sigma
} survey;

enum { BLOCK = 8, BLOCKS = (WIDTH / BLOCK) * (HEIGHT / BLOCK) };

static survey survey_of(const fx_scene *s, const bt_view *v, bt_render_settings settings,
                        const bt_film *reference, bt_jobs *jobs)
{
    survey all = {0};
    double square = 0.0, block[BLOCKS] = {0};
    settings.seed = 21;
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        settings.frame = frame;
        bt_film *film = fx_render(s, v, &settings, jobs);
        double off = 0.0;
        for (uint32_t i = 0; i < PIXELS; i++) {
            double truth = electrons(v, reference, i), d = electrons(v, film, i) - truth;
            double sensor_e2 = truth + (double)v->noise_e2[0][0];
            all.error += d * d / sensor_e2 / (PIXELS * FRAMES);
            all.claimed += (double)film->sensor_share[i] / (PIXELS * FRAMES);
            off += d / sqrt(sensor_e2) / PIXELS;
            block[i / WIDTH / BLOCK * (WIDTH / BLOCK) + i % WIDTH / BLOCK] +=
                d / sqrt(sensor_e2) / (BLOCK * BLOCK * FRAMES);
        }
        all.samples += mean_samples(film) / FRAMES;
        all.bias += off / FRAMES;
        square += off * off / FRAMES;
        bt_film_destroy(film);
    }
    for (int i = 0; i < BLOCKS; i++)
        all.worst = fmax(all.worst, fabs(block[i]));
    all.bias_doubt = sqrt((square - all.bias * all.bias) / (FRAMES - 1));
    return all;
}

static void print(const char *name, const survey *a)
{
    printf("%-10s %6.1f samples; error %.4f of the sensor's variance, claimed %.4f; bias %+.5f +- "
           "%.5f sigma, of the worst block %.4f\n",
           name, a->samples, a->error, a->claimed, a->bias, a->bias_doubt, a->worst);
}

// What is claimed is true, or too much: groups are small nets, a pixel's mean is over larger ones.
static void test_claims(const fx_scene *s, const bt_film *reference, bt_jobs *jobs)
{
    bt_view v = view_of();
    for (uint32_t samples = 16; samples <= 64; samples *= 2) {
        char name[16];
        survey a = survey_of(s, &v, (bt_render_settings){.samples = samples}, reference, jobs);
        snprintf(name, sizeof name, "fixed %u", samples);
        print(name, &a);
        CHECK(a.claimed > 0.9 * a.error && a.claimed < 4.0 * a.error);
        CHECK(fabs(a.bias) < 4.0 * a.bias_doubt + 0.001); // 0.001: of the reference
    }
}

// A smaller share costs more and leaves less. What is left stays below the share, and the bias below a
// fiftieth of what sampling leaves in a pixel, sigma times the root of the share (of a block: a quarter,
// most of it chance).
static void test_shares(const fx_scene *s, const bt_film *reference, bt_jobs *jobs)
{
    static const float shares[2] = {0.8f, 0.4f};
    bt_view v = view_of();
    double before = 15.0;
    for (int i = 0; i < 2; i++) {
        char name[16];
        survey a =
            survey_of(s, &v, (bt_render_settings){.samples = 4096, .sensor_share = shares[i]},
                      reference, jobs);
        snprintf(name, sizeof name, "share %.2f", (double)shares[i]);
        print(name, &a);
        CHECK(a.error < (double)shares[i]);
        CHECK(a.samples > 1.2 * before);
        CHECK(fabs(a.bias) < 0.02 * sqrt((double)shares[i]) + 4.0 * a.bias_doubt);
        CHECK(a.worst < 0.25 * sqrt((double)shares[i]));
        before = a.samples;
    }
}

// By need: as many samples as asked for, less error than as many everywhere leave, the same mean, and the same bytes
// from any number of threads.
static void test_need(const fx_scene *s, const bt_film *reference, bt_jobs *jobs)
{
    bt_view v = view_of();
    bt_render_settings need = {.samples = 64, .by_need = true};
    survey fixed = survey_of(s, &v, (bt_render_settings){.samples = 64}, reference, jobs);
    survey a = survey_of(s, &v, need, reference, jobs);
    print("by need 64", &a);
    CHECK(a.samples > 60.0 && a.samples <= 64.0);
    CHECK(
        a.error <
        fixed.error); // by 10 %: 64 everywhere are one net, and most of so small a picture is edges
    CHECK(fabs(a.bias) < 4.0 * a.bias_doubt + 0.001); // 0.001: of the reference
    need.seed = 3;
    bt_film *alone = fx_render(s, &v, &need, NULL), *pair = fx_render(s, &v, &need, jobs);
    CHECK(same(alone, pair));
    bt_film_destroy(alone);
    bt_film_destroy(pair);
}

// Neyman's allocation: one half of the picture a hundred times as noisy as the other wants ten times the samples.
static void test_allotment(void)
{
    bt_view v = view_of();
    bt_film *film = NULL;
    bt_tally tally;
    CHECK_OK(bt_film_create(WIDTH, HEIGHT, 3, &film));
    CHECK_OK(bt_tally_init(&v, 0.0, film, &tally));
    for (uint32_t i = 0; i < PIXELS; i++) {
        film->samples[i] = 8;
        tally.excess[i] = i % WIDTH < WIDTH / 2 ? 1.0f : 100.0f;
    }
    CHECK_OK(bt_tally_allot(&tally, 110.0, NULL));
    double quiet = 0.0, noisy = 0.0, all = 0.0,
           inside = HEIGHT * (WIDTH / 2 - 1.0); // not beside the border
    for (uint32_t i = 0; i < PIXELS; i++) {
        uint32_t x = i % WIDTH, goal = tally.goal[i];
        all += goal / (double)PIXELS;
        quiet += x < WIDTH / 2 - 1 ? goal / inside : 0.0;
        noisy += x > WIDTH / 2 ? goal / inside : 0.0;
    }
    printf("allotted: %.1f and %.1f, mean %.1f\n", quiet, noisy, all);
    CHECK(fabs(noisy / quiet - 10.0) < 0.5);
    CHECK(all > 108.0 && all < 110.001);
    bt_tally_clear(&tally);
    bt_film_destroy(film);
}

// A picture in which nothing shows any noise gets what is asked for all the same.
static void test_no_need(const fx_scene *s, bt_jobs *jobs)
{
    bt_view v = view_of();
    for (int b = 0; b < 3; b++)
        v.full_e[0][b] = 1e-6f;
    bt_film *film = fx_render(s, &v, &(bt_render_settings){.samples = 40, .by_need = true}, jobs);
    printf("no need: %.2f samples\n", mean_samples(film));
    CHECK(mean_samples(film) > 37.0 && mean_samples(film) <= 40.0);
    bt_film_destroy(film);
}

// ---- who goes on ------------------------------------------------------------------------------
// A lamp that fills two percent of a pixel: the first samples may miss it, and a pixel whose samples all
// did must not end dark for good. (Each by its own samples alone, 0.80 of it would be seen. Of one of
// half a percent 0.67 are, for all that neighbours tell: nobody has met it by the time all are content.)
// Its electrons over all pixels: the filter's weights add up to one, all bands answer alike.
static double lamp_e(const bt_view *v, const bt_film *film, const bt_film *without)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < PIXELS; i++) {
        bool near = i % WIDTH >= LAMP_X - 2 && i % WIDTH <= LAMP_X + 2 && i / WIDTH >= LAMP_Y - 2 &&
                    i / WIDTH <= LAMP_Y + 2;
        sum += near ? electrons(v, film, i) - electrons(v, without, i) : 0.0;
    }
    return sum;
}
static double lamp_truth_e(const bt_view *v)
{
    double response = 0.0, px = LAMP_M / 5.0 * (double)v->lens.fx;
    for (int i = 0; i + 1 < BT_SPECTRUM_BINS; i++)
        response += 2.5 * (double)(v->response[0][i] + v->response[0][i + 1]);
    return (double)LAMP_RADIANCE * response * px * px * v->exposure_ns * 1e-9;
}

static void test_small_light(const bt_film *without, bt_jobs *jobs)
{
    fx_scene s = make(true);
    bt_view v = view_of();
    double square = 0.0, mean = 0.0, truth = lamp_truth_e(&v);
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        bt_render_settings settings = {.samples = 1024, .sensor_share = 0.5f, .frame = frame};
        bt_film *film = fx_render(&s, &v, &settings, jobs);
        double share = lamp_e(&v, film, without) / truth;
        mean += share / FRAMES;
        square += share * share / FRAMES;
        bt_film_destroy(film);
    }
    double doubt = sqrt((square - mean * mean) / (FRAMES - 1));
    printf("small light: %.3f +- %.3f of its %.0f e are seen\n", mean, doubt, truth);
    CHECK(mean > 0.86 && mean < 1.0 + 3.0 * doubt);
    fx_end(&s);
}

// Where the sensor is full it cannot tell; where it reads another band neither.
static void test_what_is_read(const fx_scene *s, bt_jobs *jobs)
{
    bt_view v = view_of();
    bt_render_settings settings = {.samples = 256, .sensor_share = 0.2f};
    bt_film *read = fx_render(s, &v, &settings, jobs);
    memset(v.read_bands, 0, sizeof v.read_bands);
    bt_film *all = fx_render(s, &v, &settings, jobs);
    CHECK(mean_samples(all) > 1.05 * mean_samples(read));
    for (int b = 0; b < 3; b++)
        v.full_e[0][b] = 1.0f;
    bt_film *full = fx_render(s, &v, &settings, jobs);
    CHECK(mean_samples(full) < 0.5 * mean_samples(read));
    printf("samples: %.1f for all bands, %.1f for those read, %.1f if most pixels are full\n",
           mean_samples(all), mean_samples(read), mean_samples(full));
    bt_film_destroy(read);
    bt_film_destroy(all);
    bt_film_destroy(full);
}

// Exposure planes share rays, so each needs more of them; a pixel goes on until all are content.
static void test_planes(const fx_scene *s, bt_jobs *jobs)
{
    bt_view v = view_of();
    bt_render_settings settings = {.samples = 1024, .sensor_share = 0.8f};
    bt_film *one = fx_render(s, &v, &settings, jobs), *two = NULL;
    v.plane_count = 2;
    v.planes[0] = (bt_view_plane){.exposure_ns = v.exposure_ns};
    v.planes[1] = (bt_view_plane){.exposure_ns = 0.1 * v.exposure_ns, .gain = 0.1f};
    CHECK_OK(bt_film_create_planes(WIDTH, HEIGHT, 3, 2, &two));
    CHECK_OK(bt_render_film(s->stage, &v, FX_LABEL_NS, &settings, jobs, two));
    double at_ceiling = 0.0, off = 0.0;
    for (uint32_t i = 0; i < PIXELS; i++) {
        at_ceiling += two->samples[i] == 1024;
        CHECK(two->samples[i] == 1024 || two->sensor_share[i] <= 0.8f);
        off += (double)(two->rate_e_s[at_read(&v, i)] - one->rate_e_s[at_read(&v, i)]);
    }
    printf("planes: %.1f samples for one, %.1f for two, %.0f pixels at the ceiling\n",
           mean_samples(one), mean_samples(two), at_ceiling);
    CHECK(mean_samples(two) > mean_samples(one) && at_ceiling < 0.2 * PIXELS);
    CHECK(fabs(off) < 0.05 * fx_mean(one, 0) * PIXELS);
    bt_film_destroy(one);
    bt_film_destroy(two);
}

static void test_bad_input(const fx_scene *s)
{
    bt_film *film = NULL;
    bt_view v = view_of();
    CHECK_OK(bt_film_create(WIDTH, HEIGHT, 3, &film));
    bt_render_settings settings = {.samples = 16, .sensor_share = 1.5f};
    CHECK(bt_render_film(s->stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    settings.sensor_share = NAN;
    CHECK(bt_render_film(s->stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    settings.sensor_share = 0.1f;
    settings.by_need = true;
    CHECK(bt_render_film(s->stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    settings.by_need = false;
    v.noise_e2[0][2] = NAN;
    CHECK(bt_render_film(s->stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    v.noise_e2[0][2] = 1.0f;
    v.exposure_ns = 0.0;
    CHECK(bt_render_film(s->stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    settings.sensor_share = 0.0f;
    CHECK_OK(bt_render_film(s->stage, &v, FX_LABEL_NS, &settings, NULL, film));
    settings.by_need = true;
    CHECK(bt_render_film(s->stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    bt_film_destroy(film);
}

int main(void)
{
    bt_jobs *jobs;
    CHECK_OK(bt_jobs_create(2, &jobs));
    fx_scene s = make(false);
    bt_view v = view_of();
    bt_film *reference = fx_render(&s, &v, &(bt_render_settings){.samples = 4096}, jobs);
    printf("reference: %.0f e in the middle\n", electrons(&v, reference, PIXELS / 2 + WIDTH / 2));
    test_bytes(&s, jobs);
    test_claims(&s, reference, jobs);
    test_shares(&s, reference, jobs);
    test_need(&s, reference, jobs);
    test_allotment();
    test_no_need(&s, jobs);
    test_small_light(reference, jobs);
    test_what_is_read(&s, jobs);
    test_planes(&s, jobs);
    test_bad_input(&s);
    bt_film_destroy(reference);
    fx_end(&s);
    bt_jobs_destroy(jobs);
    return check_end();
}
