// exposure_test.c: several exposures from one set of rays: blur of each in closed form, no bias, how
// their noise goes together.
#include "engine/core/random.h"
#include "tests/engine/render/render_fixture.h"

#include "engine/render/internal.h"

#define ROW_NS 4e7

// ---- the plan -------------------------------------------------------------------------------------
// Mean and mean time that a plane's estimates have, over the stretches: what they should be.
static void check_plan(const bt_view *v, const bt_exposures *e)
{
    double rays = 0.0;
    for (uint32_t i = 0; i < e->stretch_count; i++) {
        CHECK_NEAR(e->stretches[i].first, rays, 1e-9);
        rays += e->stretches[i].share;
    }
    CHECK_NEAR(rays, 1.0, 1e-9);
    for (uint32_t k = 0; k < v->plane_count; k++) {
        const bt_view_plane *p = &v->planes[k];
        double sum = 0.0, time_ns = 0.0, served = 0.0,
               gain = p->gain > 0.0f ? (double)p->gain : 1.0;
        for (uint32_t i = 0; i < e->stretch_count; i++) {
            const bt_exposure_stretch *s = &e->stretches[i];
            double here = s->share * (double)s->weight[k];
            CHECK((double)s->weight[k] <= gain * v->plane_count * (1.0 + 1e-6));
            sum += here;
            time_ns += here * (s->begin_ns + 0.5 * s->length_ns);
            served += s->weight[k] > 0.0f ? s->share : 0.0;
        }
        CHECK_NEAR(sum / gain, 1.0, 1e-6);
        CHECK_NEAR(time_ns / gain / (p->offset_ns + 0.5 * p->exposure_ns), 1.0, 1e-6);
        CHECK(served >= 1.0 / v->plane_count - 1e-9);
    }
}

static void test_plans(void)
{
    for (uint32_t i = 0; i < 500; i++) {
        bt_view v = {.exposure_ns = 1e7, .plane_count = 1 + i % 4};
        for (uint32_t k = 0; k < v.plane_count; k++) {
            double a = bt_random_unit(3, BT_STREAM_TEST, i, 2 * k);
            double b = bt_random_unit(3, BT_STREAM_TEST, i, 2 * k + 1);
            if (i % 3 == 0) a = floor(4.0 * a) / 4.0, b = floor(4.0 * b) / 4.0; // shared edges
            v.planes[k].offset_ns = 1e7 * fmin(a, b);
            v.planes[k].exposure_ns = fmax(1e7 * fabs(a - b), 1e4);
            v.planes[k].offset_ns = fmin(v.planes[k].offset_ns, 1e7 - v.planes[k].exposure_ns);
            v.planes[k].gain = k == 2 ? 0.1f : 0.0f;
        }
        CHECK_OK(bt_exposures_check(&v));
        bt_exposures e = bt_exposures_make(&v);
        check_plan(&v, &e);
        double last_ns = -1.0, after_ns;
        for (int n = 0; n < 64; n++) { // in the order of time, within what is open
            const bt_exposure_stretch *s = bt_exposures_pick(&e, (n + 0.5) / 64.0, &after_ns);
            CHECK(after_ns >= last_ns && after_ns >= s->begin_ns - 1e-6 &&
                  after_ns <= s->begin_ns + s->length_ns + 1e-6);
            last_ns = after_ns;
        }
    }
}

// ---- blur -----------------------------------------------------------------------------------------
// At night a lamp right of an edge that moves right at 200 px/s, 8 px while a row is open: 10 m away,
// focal length 100 px.
static fx_scene edge_scene(void)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    uint32_t lamp = fx_lamp(&s, "lamp", 1.0);
    fx_actor(&s, fx_quad(&s, lamp, (bt_vec3){0, -9, -9}, (bt_vec3){0, 0, 18}, (bt_vec3){0, 9, 0}));
    fx_compile(&s);
    bt_pose from[2] = {BT_POSE_IDENTITY, {{10, 10, 0}, BT_QUAT_IDENTITY}}, to[2];
    to[0] = from[0];
    to[1] = from[1];
    to[1].pos.y = -10.0;
    fx_place(&s, from, to, 300 * BT_NS_PER_MS, 700 * BT_NS_PER_MS);
    return s;
}

static bt_view exposures_view(uint32_t width_px, uint32_t height_px, double focal_px,
                              const bt_view_plane *planes, uint32_t count)
{
    bt_view v = fx_view(width_px, height_px, focal_px);
    v.exposure_ns = ROW_NS;
    v.plane_count = count;
    memcpy(v.planes, planes, count * sizeof *planes);
    return v;
}

static bt_film *render_planes(const fx_scene *s, const bt_view *v, uint32_t samples, uint64_t seed)
{
    bt_film *film;
    bt_render_settings settings = {.samples = samples, .seed = seed};
    CHECK_OK(
        bt_film_create_planes(v->width_px, v->height_px, v->band_count, bt_view_planes(v), &film));
    CHECK_OK(bt_render_film(s->stage, v, FX_LABEL_NS, &settings, NULL, film));
    return film;
}

// Share of a pixel right of an edge that moves evenly from a to b while it is exposed.
static double covered(double pixel, double a, double b)
{
    double sum = 0.0;
    for (int i = 0; i < 1000; i++)
        sum += bt_clamp(pixel + 0.5 - (a + (b - a) * (i + 0.5) / 1000.0), 0.0, 1.0) / 1000.0;
    return sum;
}

static double worst_blur(const bt_film *film, const bt_view *v, uint32_t plane)
{
    const float *rates = film->rate_e_s + plane * bt_film_plane_stride(film) + film->width_px;
    const bt_view_plane *p = &v->planes[plane];
    double gain = p->gain > 0.0f ? (double)p->gain : 1.0, worst = 0.0;
    double from = 15.5 - 4.0 + 8.0 * p->offset_ns / ROW_NS;
    double to = from + 8.0 * p->exposure_ns / ROW_NS;
    for (uint32_t x = 0; x < film->width_px; x++) {
        double want = FX_SPAN_NM * gain * covered(x, from, to);
        worst = fmax(worst, fabs((double)rates[x] - want) / (FX_SPAN_NM * gain));
    }
    return worst;
}

// A long exposure, a short one inside it, one apart, and a small photodiode beside the long one: each
// sees its own blur, in its own place.
static void test_blur(void)
{
    const bt_view_plane planes[4] = {{0.0, 0.6 * ROW_NS, 0.0f},
                                     {0.5 * ROW_NS, 0.1 * ROW_NS, 0.0f},
                                     {0.8 * ROW_NS, 0.2 * ROW_NS, 0.0f},
                                     {0.0, 0.6 * ROW_NS, 0.04f}};
    fx_scene s = edge_scene();
    bt_view v = exposures_view(32, 4, 100.0, planes, 4);
    bt_film *film = render_planes(&s, &v, 1024, 1);
    for (uint32_t k = 0; k < 4; k++) {
        double worst = worst_blur(film, &v, k);
        printf("plane %u, %.0f ms: worst error %.4f of full\n", k, 1e-6 * planes[k].exposure_ns,
               worst);
        CHECK(worst < 0.02); // 256 or more stratified samples of time and place for each
    }
    bt_film_destroy(film);
    fx_end(&s);
}

// ---- what stands still ----------------------------------------------------------------------------
static fx_scene still_scene(void)
{
    fx_scene s;
    fx_begin(&s);
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.5, 0.0f);
    fx_static(&s,
              fx_quad(&s, grey, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
              0, 0, 0);
    fx_static(&s, fx_sphere(&s, grey, 1.0, 24), 3, 0.3, 1);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 1.5}, (bt_vec3){3, 0, 0.6}));
    return s;
}

static double plane_mean(const bt_film *film, uint32_t plane, double *error)
{
    size_t count = bt_film_plane_stride(film);
    double sum = 0.0, variance = 0.0;
    for (size_t i = plane * count; i < (plane + 1) * count; i++) {
        sum += (double)film->rate_e_s[i];
        variance += (double)film->variance_e2_s2[i];
    }
    *error = sqrt(variance) / (double)count;
    return sum / (double)count;
}

// Every plane has the mean that one exposure alone has, within the error that its film says.
static void test_unbiased(void)
{
    const bt_view_plane planes[3] = {
        {0.0, ROW_NS, 0.0f}, {0.0, ROW_NS / 16.0, 0.0f}, {0.5 * ROW_NS, ROW_NS / 4.0, 0.25f}};
    fx_scene s = still_scene();
    bt_view v = exposures_view(24, 24, 20.0, planes, 3), one = v;
    one.plane_count = 0;
    bt_film *film = render_planes(&s, &v, 256, 1), *alone = render_planes(&s, &one, 256, 7);
    double error, want_error, want = plane_mean(alone, 0, &want_error);
    for (uint32_t k = 0; k < 3; k++) {
        double gain = k == 2 ? 0.25 : 1.0, got = plane_mean(film, k, &error) / gain;
        error = hypot(error / gain, want_error);
        printf("plane %u: %.3f, alone %.3f, standard error %.3f\n", k, got, want, error);
        CHECK_NEAR(got, want, 4.0 * error);
        CHECK(error < 0.01 * want);
    }
    bt_film_destroy(film);
    bt_film_destroy(alone);
    fx_end(&s);
}

// One plane, as long as the row is open, is the film without planes.
static void test_one_plane(void)
{
    const bt_view_plane plane = {0.0, ROW_NS, 0.0f};
    fx_scene s = edge_scene();
    bt_view v = exposures_view(32, 4, 100.0, &plane, 1), none = v;
    none.plane_count = 0;
    bt_film *a = render_planes(&s, &v, 64, 1), *b = render_planes(&s, &none, 64, 1);
    size_t differ = 0;
    for (size_t i = 0; i < bt_film_plane_stride(a); i++)
        differ += fabsf(a->rate_e_s[i] - b->rate_e_s[i]) > 1e-3f * (float)FX_SPAN_NM;
    CHECK(differ < 3); // a time that rounds to the other side of the edge
    bt_film_destroy(a);
    bt_film_destroy(b);
    fx_end(&s);
}

// What a second moment of two planes' weights is over all rays.
static double weights_mean(const bt_exposures *e, uint32_t a, uint32_t b)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < e->stretch_count; i++)
        sum += e->stretches[i].share * (double)e->stretches[i].weight[a] *
               (double)e->stretches[i].weight[b];
    return sum;
}

// Sums over pixels of products of two planes' errors: of one with itself twice, and of both.
typedef struct products {
    double aa, bb, ab;
} products;

// One ray in each pixel: a plane's estimate is its weight times the ray's rate, whose mean and
// variance the fine film knows.
static products products_expected(const bt_exposures *e, const bt_film *fine, uint32_t samples)
{
    products sum = {0.0, 0.0, 0.0};
    for (size_t i = 0; i < bt_film_plane_stride(fine); i++) {
        double mean2 = (double)fine->rate_e_s[i] * (double)fine->rate_e_s[i];
        double square = mean2 + (double)fine->variance_e2_s2[i] * samples;
        sum.aa += weights_mean(e, 0, 0) * square - mean2;
        sum.bb += weights_mean(e, 1, 1) * square - mean2;
        sum.ab += weights_mean(e, 0, 1) * square - mean2;
    }
    return sum;
}

static void products_add(products *sum, const bt_film *film, const bt_film *fine)
{
    size_t count = bt_film_plane_stride(film);
    for (size_t i = 0; i < count; i++) {
        double a = (double)(film->rate_e_s[i] - fine->rate_e_s[i]);
        double b = (double)(film->rate_e_s[count + i] - fine->rate_e_s[i]);
        sum->aa += a * a;
        sum->bb += b * b;
        sum->ab += a * b;
    }
}

// Planes share the rays of the time that they share: their noise goes together as the weights say,
// from wholly (the same plane twice) to against each other (planes apart: a ray that is there is not
// here).
static void test_shared_noise(void)
{
    enum { SIDE_PX = 48, SEEDS = 16, FINE = 1024 };
    const bt_view_plane cases[4][2] = {
        {{0.0, ROW_NS, 0.0f}, {0.0, ROW_NS, 0.0f}},
        {{0.0, 0.5 * ROW_NS, 0.0f}, {0.0, ROW_NS, 0.0f}},
        {{0.0, 0.6 * ROW_NS, 0.0f}, {0.3 * ROW_NS, 0.7 * ROW_NS, 0.0f}},
        {{0.0, 0.3 * ROW_NS, 0.0f}, {0.6 * ROW_NS, 0.3 * ROW_NS, 0.0f}},
    };
    fx_scene s = still_scene();
    bt_view one = exposures_view(SIDE_PX, SIDE_PX, 40.0, cases[0], 0);
    bt_film *fine = render_planes(&s, &one, FINE, 99);
    for (int i = 0; i < 4; i++) {
        bt_view v = exposures_view(SIDE_PX, SIDE_PX, 40.0, cases[i], 2);
        bt_exposures e = bt_exposures_make(&v);
        products got = {0.0, 0.0, 0.0}, want = products_expected(&e, fine, FINE);
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            bt_film *film = render_planes(&s, &v, 1, seed);
            products_add(&got, film, fine);
            bt_film_destroy(film);
        }
        double r = got.ab / sqrt(got.aa * got.bb), expected = want.ab / sqrt(want.aa * want.bb);
        printf("noise of two planes correlates by %.3f, expected %.3f; variance %.3f of expected\n",
               r, expected, got.aa / SEEDS / want.aa);
        CHECK_NEAR(r, expected, 0.03); // 37 000 rays: 0.005 for even noise, which it is not
        CHECK_NEAR(got.aa / SEEDS / want.aa, 1.0, 0.1);
    }
    bt_film_destroy(fine);
    fx_end(&s);
}

// ---- refusals -------------------------------------------------------------------------------------
static void refuse(const fx_scene *s, bt_film *film, bt_view_plane plane, const char *because)
{
    bt_view_plane planes[2] = {{0.0, ROW_NS, 0.0f}, plane};
    bt_view v = exposures_view(8, 8, 20.0, planes, 2);
    bt_render_settings settings = {.samples = 1};
    CHECK(bt_render_film(s->stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), because);
}

static void test_refusals(void)
{
    fx_scene s = still_scene();
    bt_film *film, *none;
    CHECK_OK(bt_film_create_planes(8, 8, 1, 2, &film));
    refuse(&s, film, (bt_view_plane){0.0, 0.0, 0.0f}, "exposure plane 1: 0 ns");
    refuse(&s, film, (bt_view_plane){-1.0, 5.0, 0.0f}, "expected within");
    refuse(&s, film, (bt_view_plane){0.6 * ROW_NS, 0.5 * ROW_NS, 0.0f}, "that a row is open");
    refuse(&s, film, (bt_view_plane){(double)NAN, ROW_NS, 0.0f}, "exposure plane 1");
    refuse(&s, film, (bt_view_plane){0.0, ROW_NS, -1.0f}, "gain -1");
    bt_view v = fx_view(8, 8, 20.0);
    bt_render_settings settings = {.samples = 1};
    CHECK(bt_render_film(s.stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INTERNAL);
    v.plane_count = 5;
    CHECK(bt_exposures_check(&v) == BT_ERR_INPUT);
    CHECK(bt_film_create_planes(8, 8, 1, 5, &none) == BT_ERR_INPUT && none == NULL);
    bt_film_destroy(film);
    fx_end(&s);
}

int main(void)
{
    test_plans();
    test_blur();
    test_unbiased();
    test_one_plane();
    test_shared_noise();
    test_refusals();
    return check_end();
}
