// denoise_test.c: the denoiser on made-up films of known truth, then on a rendered one.
//
// A made-up pixel is the mean of a few exponential draws with their sample variance: as skewed as
// light is, its variance as ill known and as correlated with its mean.
#include "engine/core/random.h"
#include "engine/render/denoise.h"
#include "tests/engine/render/render_fixture.h"
#include "tests/support/sanitized.h"

typedef struct patch {
    bt_film *truth, *noisy, *out;
    bt_guides *guides;
} patch;

static double unit(uint32_t index, uint32_t dim)
{
    return bt_random_unit(3, BT_STREAM_TEST, index, dim);
}

static patch patch_begin(uint32_t width, uint32_t height, uint32_t bands)
{
    patch p;
    CHECK_OK(bt_film_create(width, height, bands, &p.truth));
    CHECK_OK(bt_film_create(width, height, bands, &p.noisy));
    CHECK_OK(bt_film_create(width, height, bands, &p.out));
    CHECK_OK(bt_guides_create(width, height, &p.guides));
    for (size_t i = 0; i < (size_t)width * height; i++) {
        float *g = p.guides->mean + i * BT_GUIDE_CHANNELS;
        for (int b = 0; b < 4; b++)
            g[BT_GUIDE_ALBEDO + b] = 0.5f;
        g[BT_GUIDE_NORMAL + 2] = -1.0f;
        g[BT_GUIDE_NEARNESS] = 0.1f;
    }
    return p;
}

static void patch_end(patch *p)
{
    bt_film_destroy(p->truth);
    bt_film_destroy(p->noisy);
    bt_film_destroy(p->out);
    bt_guides_destroy(p->guides);
}

static size_t value_count(const patch *p)
{
    return (size_t)p->truth->width_px * p->truth->height_px * p->truth->band_count;
}

static float *truth_at(const patch *p, uint32_t x, uint32_t y)
{
    return p->truth->rate_e_s + ((size_t)y * p->truth->width_px + x) * p->truth->band_count;
}
static float *guide_at(const patch *p, uint32_t x, uint32_t y)
{
    return p->guides->mean + ((size_t)y * p->truth->width_px + x) * BT_GUIDE_CHANNELS;
}

// Every value of the noisy film from `samples` exponential draws about the truth.
static void add_noise(const patch *p, uint32_t samples)
{
    for (size_t i = 0; i < value_count(p); i++) {
        double mean = 0.0, square = 0.0;
        for (uint32_t k = 0; k < samples; k++) {
            double draw = -log(1.0 - unit((uint32_t)i, k)) * (double)p->truth->rate_e_s[i];
            double delta = draw - mean;
            mean += delta / (k + 1.0);
            square += delta * (draw - mean);
        }
        p->noisy->rate_e_s[i] = (float)mean;
        p->noisy->variance_e2_s2[i] = (float)(square / (samples * (samples - 1.0)));
    }
}

static double error_of(const patch *p, const bt_film *film)
{
    double sum = 0.0;
    for (size_t i = 0; i < value_count(p); i++) {
        double d = (double)film->rate_e_s[i] - (double)p->truth->rate_e_s[i];
        sum += d * d;
    }
    return sum / (double)value_count(p);
}

// Relative to the truth, so that a few highlights do not decide alone.
static double relative_error_of(const patch *p, const bt_film *film)
{
    double sum = 0.0;
    for (size_t i = 0; i < value_count(p); i++) {
        double d = (double)film->rate_e_s[i] / (double)p->truth->rate_e_s[i] - 1.0;
        sum += d * d;
    }
    return sum / (double)value_count(p);
}

static double mean_of(const patch *p, const float *values)
{
    double sum = 0.0;
    for (size_t i = 0; i < value_count(p); i++)
        sum += (double)values[i];
    return sum / (double)value_count(p);
}

static void denoise(const patch *p)
{
    CHECK_OK(bt_denoise(p->noisy, p->guides, NULL, NULL, p->out));
}

// ---- claims -----------------------------------------------------------------------------------
// Light alone, slowly changing. The best any window of 15 x 15 can do is 1/225 of the noise.
static void smooth_light_is_found(void)
{
    patch p = patch_begin(96, 80, 3);
    for (uint32_t y = 0; y < 80; y++)
        for (uint32_t x = 0; x < 96; x++)
            for (uint32_t b = 0; b < 3; b++)
                truth_at(&p, x, y)[b] =
                    100.0f * (1.0f + 0.3f * (float)b) * (1.0f + 0.005f * (float)x);
    add_noise(&p, 16);
    denoise(&p);
    double before = error_of(&p, p.noisy), after = error_of(&p, p.out);
    double says = mean_of(&p, p.out->variance_e2_s2);
    double bias = mean_of(&p, p.out->rate_e_s) / mean_of(&p, p.truth->rate_e_s) - 1.0;
    printf("smooth light: error 1/%.1f, mean off %.2f %%, says %.2f of its error\n", before / after,
           100.0 * bias, says / after);
    CHECK(before / after > 40.0);
    CHECK_NEAR(bias, 0.0, 0.02);
    CHECK(says / after > 0.5 && says / after < 4.0); // see denoise.h: bias is not in it
    patch_end(&p);
}

// A sharp texture of albedo under a soft gradient of light: without the guide it would drown.
static void texture_is_kept(void)
{
    patch p = patch_begin(80, 64, 3);
    double sharp_truth = 0.0, sharp_out = 0.0;
    for (uint32_t y = 0; y < 64; y++)
        for (uint32_t x = 0; x < 80; x++)
            for (uint32_t b = 0; b < 3; b++) {
                float albedo = (x / 2 + y / 2) % 2 ? 0.6f : 0.3f + 0.05f * (float)b;
                guide_at(&p, x, y)[BT_GUIDE_ALBEDO + b] = albedo;
                truth_at(&p, x, y)[b] = albedo * (50.0f + (float)y);
            }
    add_noise(&p, 16);
    denoise(&p);
    for (uint32_t y = 0; y < 64; y++)
        for (uint32_t x = 1; x < 80; x += 2) {
            size_t i = ((size_t)y * 80 + x) * 3;
            float sign = (x / 2 + y / 2) % 2 ? 1.0f : -1.0f;
            if (x + 1 >= 80) continue;
            sharp_truth += (double)(sign * (p.truth->rate_e_s[i] - p.truth->rate_e_s[i + 3]));
            sharp_out += (double)(sign * (p.out->rate_e_s[i] - p.out->rate_e_s[i + 3]));
        }
    double ratio = error_of(&p, p.noisy) / error_of(&p, p.out);
    printf("texture: error 1/%.1f, contrast %.3f\n", ratio, sharp_out / sharp_truth);
    CHECK(ratio > 40.0);
    CHECK_NEAR(sharp_out / sharp_truth, 1.0, 0.03);
    patch_end(&p);
}

// Two planes of one albedo that meet, lit by 1 : 4: the step stays within a pixel.
static void edges_are_kept(void)
{
    patch p = patch_begin(64, 48, 1);
    for (uint32_t y = 0; y < 48; y++)
        for (uint32_t x = 0; x < 64; x++) {
            truth_at(&p, x, y)[0] = x < 32 ? 40.0f : 160.0f;
            if (x >= 32) continue;
            guide_at(&p, x, y)[BT_GUIDE_NORMAL] = 1.0f;
            guide_at(&p, x, y)[BT_GUIDE_NORMAL + 2] = 0.0f;
        }
    add_noise(&p, 16);
    denoise(&p);
    double sides[2] = {0};
    for (uint32_t y = 0; y < 48; y++)
        for (int i = 0; i < 2; i++)
            sides[i] += (double)p.out->rate_e_s[y * 64 + 31 + (uint32_t)i] / 48.0;
    printf("edge: error 1/%.1f, %.1f | %.1f\n", error_of(&p, p.noisy) / error_of(&p, p.out),
           sides[0], sides[1]);
    CHECK(error_of(&p, p.noisy) / error_of(&p, p.out) > 30.0);
    // a column's mean before: level / 4 / sqrt(48); twice that
    CHECK_NEAR(sides[0], 40.0, 40.0 * 0.5 / sqrt(48.0));
    CHECK_NEAR(sides[1], 160.0, 160.0 * 0.5 / sqrt(48.0));
    patch_end(&p);
}

// Glints, as uncertain as they are bright and too wide to be taken for single pixels that went wrong, stay where they are.
static void glints_do_not_spread(void)
{
    patch p = patch_begin(64, 48, 1);
    double worst = 0.0;
    for (uint32_t y = 0; y < 48; y++)
        for (uint32_t x = 0; x < 64; x++)
            truth_at(&p, x, y)[0] = 20.0f;
    add_noise(&p, 32);
    for (uint32_t y = 20; y < 23; y++)
        for (uint32_t x = 30; x < 33; x++) {
            p.noisy->rate_e_s[y * 64 + x] = 2e5f;
            p.noisy->variance_e2_s2[y * 64 + x] = 4e10f;
        }
    denoise(&p);
    for (uint32_t y = 0; y < 48; y++)
        for (uint32_t x = 0; x < 64; x++)
            if (x < 29 || x > 33 || y < 19 || y > 23)
                worst = fmax(worst, (double)p.out->rate_e_s[y * 64 + x]);
    printf("glint: at most %.1f beside it\n", worst);
    CHECK(worst < 40.0);
    patch_end(&p);
}

// A shadow that no guide shows stays where it stands well above the noise.
static void clear_shadows_are_kept(void)
{
    patch p = patch_begin(64, 48, 1);
    for (uint32_t y = 0; y < 48; y++)
        for (uint32_t x = 0; x < 64; x++)
            truth_at(&p, x, y)[0] = x + y < 56 ? 20.0f : 200.0f;
    add_noise(&p, 32);
    denoise(&p);
    printf("shadow: error 1/%.1f\n", error_of(&p, p.noisy) / error_of(&p, p.out));
    CHECK(error_of(&p, p.noisy) / error_of(&p, p.out) > 8.0);
    patch_end(&p);
}

static void a_film_without_noise_keeps_its_bytes(void)
{
    patch p = patch_begin(33, 29, 3);
    for (size_t i = 0; i < value_count(&p); i++)
        p.noisy->rate_e_s[i] = (float)(1000.0 * unit((uint32_t)i, 0));
    denoise(&p);
    size_t bytes = value_count(&p) * sizeof(float);
    CHECK(memcmp(p.out->rate_e_s, p.noisy->rate_e_s, bytes) == 0);
    CHECK(memcmp(p.out->variance_e2_s2, p.noisy->variance_e2_s2, bytes) == 0);
    patch_end(&p);
}

static void a_firefly_is_lowered(void)
{
    patch p = patch_begin(41, 41, 1);
    for (size_t i = 0; i < value_count(&p); i++)
        p.truth->rate_e_s[i] = 100.0f;
    add_noise(&p, 16);
    size_t at = 20 * 41 + 20;
    p.noisy->rate_e_s[at] = 1e6f; // one sample of 16 was 1.6e7
    p.noisy->variance_e2_s2[at] = 1e12f;
    denoise(&p);
    CHECK(p.out->rate_e_s[at] > 60.0f && p.out->rate_e_s[at] < 200.0f);
    bt_denoise_settings keep = {.keep_fireflies = true};
    float lowered = p.out->rate_e_s[at];
    CHECK_OK(bt_denoise(p.noisy, p.guides, &keep, NULL, p.out));
    CHECK(p.out->rate_e_s[at] > 10.0f * lowered);
    patch_end(&p);
}

// What is not a number is filled in and spreads nowhere; guides that are not are ignored.
static void bad_pixels_are_filled_in(void)
{
    patch p = patch_begin(37, 23, 3);
    for (size_t i = 0; i < value_count(&p); i++)
        p.truth->rate_e_s[i] = 100.0f;
    add_noise(&p, 16);
    p.noisy->rate_e_s[3 * (5 * 37 + 6)] = NAN;
    p.noisy->rate_e_s[3 * (5 * 37 + 7) + 1] = INFINITY;
    p.noisy->variance_e2_s2[3 * (22 * 37 + 36)] = NAN;
    p.noisy->variance_e2_s2[0] = -1.0f;
    guide_at(&p, 9, 9)[BT_GUIDE_NORMAL] = NAN;
    guide_at(&p, 9, 9)[BT_GUIDE_ALBEDO] = INFINITY;
    guide_at(&p, 10, 9)[BT_GUIDE_NEARNESS] = NAN;
    denoise(&p);
    for (size_t i = 0; i < value_count(&p); i++) {
        size_t pixel = i / 3;
        bool odd_guide = pixel == 9 * 37 + 9 || pixel == 9 * 37 + 10;
        CHECK(isfinite(p.out->rate_e_s[i]) && isfinite(p.out->variance_e2_s2[i]));
        CHECK(p.out->rate_e_s[i] > 50.0f && (odd_guide || p.out->rate_e_s[i] < 200.0f));
    }
    patch_end(&p);
}

// The tallest is of more than one strip of rows.
static void any_size_and_bands(void)
{
    static const uint32_t sizes[][2] = {{1, 1}, {2, 1}, {1, 9}, {3, 7}, {17, 31}, {11, 97}};
    static const uint32_t bands[] = {1, 3, 4};
    bt_jobs *two;
    CHECK_OK(bt_jobs_create(2, &two));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t k = 0; k < 3; k++) {
            patch p = patch_begin(sizes[i][0], sizes[i][1], bands[k]);
            for (size_t v = 0; v < value_count(&p); v++)
                p.truth->rate_e_s[v] = 10.0f + (float)(v % 7);
            add_noise(&p, 8);
            denoise(&p);
            CHECK_OK(bt_denoise(p.noisy, p.guides, NULL, two, p.truth)); // two threads
            size_t bytes = value_count(&p) * sizeof(float);
            CHECK(memcmp(p.truth->rate_e_s, p.out->rate_e_s, bytes) == 0);
            CHECK(memcmp(p.truth->variance_e2_s2, p.out->variance_e2_s2, bytes) == 0);
            CHECK_OK(bt_denoise(p.noisy, p.guides, NULL, NULL, p.noisy)); // in place
            CHECK(memcmp(p.noisy->rate_e_s, p.out->rate_e_s, bytes) == 0);
            patch_end(&p);
        }
    bt_jobs_destroy(two);
}

// Each exposure plane comes out as it does alone.
static void planes_are_denoised_one_by_one(void)
{
    patch alone[2];
    bt_film *both = NULL;
    const uint32_t width = 17, height = 12;
    CHECK_OK(bt_film_create_planes(width, height, 2, 2, &both));
    size_t stride = bt_film_plane_stride(both), bytes = stride * sizeof(float);
    for (uint32_t k = 0; k < 2; k++) {
        alone[k] = patch_begin(width, height, 2);
        for (size_t i = 0; i < stride; i++)
            alone[k].truth->rate_e_s[i] = k == 0 ? 30.0f : 2000.0f + 10.0f * (float)(i % width);
        add_noise(&alone[k], 4 + 4 * k);
        memcpy(both->rate_e_s + k * stride, alone[k].noisy->rate_e_s, bytes);
        memcpy(both->variance_e2_s2 + k * stride, alone[k].noisy->variance_e2_s2, bytes);
        denoise(&alone[k]);
    }
    CHECK(bt_denoise(both, alone[0].guides, NULL, NULL, alone[0].out) == BT_ERR_INTERNAL);
    CHECK_OK(bt_denoise(both, alone[0].guides, NULL, NULL, both));
    for (uint32_t k = 0; k < 2; k++) {
        CHECK(memcmp(both->rate_e_s + k * stride, alone[k].out->rate_e_s, bytes) == 0);
        CHECK(memcmp(both->variance_e2_s2 + k * stride, alone[k].out->variance_e2_s2, bytes) == 0);
        CHECK(memcmp(alone[k].noisy->rate_e_s, alone[k].out->rate_e_s, bytes) != 0);
        patch_end(&alone[k]);
    }
    bt_film_destroy(both);
}

static void bad_calls_are_refused(void)
{
    patch p = patch_begin(8, 8, 1), q = patch_begin(9, 8, 1);
    bt_denoise_settings wide = {.radius_px = 16};
    CHECK(bt_denoise(p.noisy, q.guides, NULL, NULL, p.out) == BT_ERR_INTERNAL);
    CHECK(bt_denoise(p.noisy, p.guides, NULL, NULL, q.out) == BT_ERR_INTERNAL);
    CHECK(bt_denoise(p.noisy, p.guides, &wide, NULL, p.out) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "at most 15");
    patch_end(&p);
    patch_end(&q);
}

// ---- rendered ---------------------------------------------------------------------------------
static void fill(fx_scene *s)
{
    uint32_t ground = fx_plain(s, "ground", BT_MATERIAL_DIFFUSE, 0.3, 0.4f);
    uint32_t wall = fx_plain(s, "wall", BT_MATERIAL_DIFFUSE, 0.7, 0.4f);
    uint32_t gloss = fx_plain(s, "gloss", BT_MATERIAL_COATED, 0.5, 0.3f);
    bt_vec3 x = {60, 0, 0}, y = {0, 60, 0};
    fx_static(s, fx_quad(s, ground, (bt_vec3){-30, -30, 0}, x, y), 0, 0, 0);
    fx_static(s, fx_quad(s, wall, (bt_vec3){9, -4, 0}, (bt_vec3){0, 0, 3}, (bt_vec3){0, 9, 0}), 0,
              0, 0);
    fx_static(s, fx_sphere(s, gloss, 0.8, 24), 6, 1, 0.8);
    fx_static(s, fx_sphere(s, wall, 0.5, 24), 5, -1, 0.5);
}

static void a_rendered_frame_gains(void)
{
    fx_scene s;
    fx_begin(&s);
    fill(&s);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 1.4}, (bt_vec3){6, 0, 0.9}));
    bt_view v = fx_view(72, 48, 70.0);
    v.filter_sigma_px = 0.45f;
    bt_render_settings few = {.samples = 16, .seed = 4}, many = {.samples = 1024, .seed = 5};
    patch p = {.truth = fx_render(&s, &v, &many, NULL), .noisy = fx_render(&s, &v, &few, NULL)};
    CHECK_OK(bt_film_create(72, 48, 1, &p.out));
    CHECK_OK(bt_guides_create(72, 48, &p.guides));
    CHECK_OK(bt_guides_trace(s.stage, &v, FX_LABEL_NS, 0, 1, NULL, p.guides));
    // the middle of the lowest row looks at the ground, that of the highest at the wall or the sky
    CHECK_NEAR(guide_at(&p, 36, 47)[BT_GUIDE_ALBEDO], 0.3, 1e-5);
    CHECK_NEAR(guide_at(&p, 0, 47)[BT_GUIDE_NORMAL + 1], -cos(atan2(0.5, 6.0)),
               1e-4); // up, seen from a camera that looks down
    CHECK_NEAR(guide_at(&p, 36, 0)[BT_GUIDE_NEARNESS], 0.0, 1e-6);
    denoise(&p);
    double ratio = relative_error_of(&p, p.noisy) / relative_error_of(&p, p.out);
    double bias = mean_of(&p, p.out->rate_e_s) / mean_of(&p, p.noisy->rate_e_s) - 1.0;
    printf("rendered: error 1/%.1f, mean moved by %.2f %%\n", ratio, 100.0 * bias);
    CHECK(ratio > 3.0);
    CHECK_NEAR(bias, 0.0, 0.01);

    bt_jobs *two;
    bt_guides *again;
    CHECK_OK(bt_jobs_create(2, &two));
    CHECK_OK(bt_guides_create(72, 48, &again));
    CHECK_OK(bt_guides_trace(s.stage, &v, FX_LABEL_NS, 0, 1, two, again));
    size_t bytes = (size_t)72 * 48 * BT_GUIDE_CHANNELS * sizeof(float);
    CHECK(memcmp(again->mean, p.guides->mean, bytes) == 0);
    CHECK(memcmp(again->variance, p.guides->variance, bytes) == 0);
    bt_guides_destroy(again);
    bt_jobs_destroy(two);
    patch_end(&p);
    fx_end(&s);
}

int main(void)
{
    planes_are_denoised_one_by_one();
    texture_is_kept();
    if (SANITIZED_SHARE == 1u) { // the same lines again
        smooth_light_is_found();
        edges_are_kept();
        clear_shadows_are_kept();
        glints_do_not_spread();
    }
    a_film_without_noise_keeps_its_bytes();
    a_firefly_is_lowered();
    bad_pixels_are_filled_in();
    any_size_and_bands();
    bad_calls_are_refused();
    a_rendered_frame_gains();
    return check_end();
}
