// fog_test.c: light in fog: a furnace, single scattering against quadrature, and asking for lights
// against meeting them.
#include "tests/engine/render/render_fixture.h"
#include "tests/support/sanitized.h"

#include "engine/render/fog_table.h"
#include "engine/render/internal.h"

// Night, and fog of this extinction, the same far up and down.
static void foggy(fx_scene *s, double extinction)
{
    fx_begin(s);
    s->weather.sun_elevation_rad = -0.6;
    s->weather.fog_range_m = -log(0.05) / extinction;
    s->weather.fog_base_m = 1000.0;
}

// A box about the origin, its front inside.
static void box_inside(fx_scene *s, uint32_t material, double half)
{
    double h = half, d = 2.0 * half;
    const bt_vec3 quads[6][3] = {
        {{-h, -h, -h}, {d, 0, 0}, {0, d, 0}}, {{-h, -h, h}, {0, d, 0}, {d, 0, 0}},
        {{-h, -h, -h}, {0, 0, d}, {d, 0, 0}}, {{-h, h, -h}, {d, 0, 0}, {0, 0, d}},
        {{-h, -h, -h}, {0, d, 0}, {0, 0, d}}, {{h, -h, -h}, {0, 0, d}, {0, d, 0}},
    };
    for (int i = 0; i < 6; i++)
        fx_static(s, fx_quad(s, material, quads[i][0], quads[i][1], quads[i][2]), 0, 0, 0);
}

static void place(fx_scene *s)
{
    fx_compile(s);
    fx_place_still(s, fx_look((bt_vec3){0, 0, 0}, (bt_vec3){1, 0, 0}));
}

// Mean radiance that a camera at the origin sees along +x, in a scene that is placed.
static double seen(fx_scene *s, double focal_px, bt_render_settings settings, double *error)
{
    bt_view v = fx_view(16, 16, focal_px);
    bt_film *film = fx_render(s, &v, &settings, NULL);
    double mean = fx_mean(film, 0) / FX_SPAN_NM; // a response of 1
    *error = fx_standard_error(film) / FX_SPAN_NM;
    bt_film_destroy(film);
    fx_end(s);
    return mean;
}

// Droplets take nothing away: within walls that all shine alike everything shines alike, however
// thick the fog.
static void test_furnace(void)
{
    const double thick[3] = {0.05, 0.7, 4.0};
    for (int i = 0; i < 6; i++) {
        fx_scene s;
        double error;
        foggy(&s, thick[i / 2]);
        box_inside(&s, fx_lamp(&s, "wall", 1.0), 2.0);
        bt_render_settings settings = {.samples = 64, .scatter_only = i % 2 == 1};
        place(&s);
        double got = seen(&s, 20.0, settings, &error);
        printf("furnace, extinction %.2f/m%s: %.5f, standard error %.1e\n", thick[i / 2],
               i % 2 ? ", by scattering alone" : "", got, error);
        CHECK_NEAR(got, 1.0, 4.0 * error + 1e-3); // haze over the way
        CHECK(error < 0.01);
    }
}

// A small lamp beside the line of sight, thin fog, a black wall behind.
#define THIN 0.003 // 1/m
#define WALL_M 10.0
#define LAMP_X_M 3.0
#define LAMP_SIDE_M 0.02

// 1/sr, the mean over all wavelengths that a camera of fx_view sees.
static double mean_phase(const float *table, float q)
{
    enum { GROUPS = 16 };
    const float step = (float)FX_SPAN_NM / (4 * GROUPS);
    double sum = 0.0;
    for (int k = 0; k < GROUPS; k++) {
        float nm = BT_SPECTRUM_MIN_NM + step * (4.0f * (float)k + 0.5f);
        bt_wavelengths w = {.nm = float4(nm, nm + step, nm + 2.0f * step, nm + 3.0f * step)};
        sum += (double)bt_mean4(bt_fog_phase(table, w, q)) / GROUPS;
    }
    return sum;
}

// Light that is scattered once, by quadrature over the line of sight.
static double single_scattering(const float *table, double radiance, double aside_m)
{
    const bt_vec3 lamp_m = {LAMP_X_M, 0.0, aside_m};
    double sum = 0.0;
    enum { STEPS = 4000 };
    for (int i = 0; i < STEPS; i++) {
        double x = WALL_M * (i + 0.5) / STEPS;
        bt_vec3 to = bt_vec3_sub(lamp_m, (bt_vec3){x, 0, 0});
        double r = bt_vec3_length(to), cosine = to.z / r; // the lamp shines down
        // scattered from the lamp's light into the eye: the path goes on from -x... to +to
        float q = (float)(0.5 * (1.0 - to.x / r));
        double phase = mean_phase(table, q);
        double lit = radiance * LAMP_SIDE_M * LAMP_SIDE_M * cosine / (r * r);
        sum += THIN * phase * lit * exp(-THIN * (x + r)) * WALL_M / STEPS;
    }
    return sum;
}

// most: of the standard error, relative. Places drawn by the fog alone leave 0.007 at 0.7 m. sky: its irradiance as
// the estimates have it, of a dark sky; the larger, the less often lamps are asked.
static void test_single(double aside_m, float sky, double most)
{
    static float table[BT_FOG_FLOATS];
    CHECK_OK(bt_fog_table_compute(4.0, table));
    fx_scene s;
    double error;
    foggy(&s, THIN);
    double h = 0.5 * LAMP_SIDE_M;
    uint32_t black = fx_plain(&s, "black", BT_MATERIAL_DIFFUSE, 0.0, 0.0f);
    fx_static(
        &s, fx_quad(&s, black, (bt_vec3){WALL_M, -9, -9}, (bt_vec3){0, 0, 18}, (bt_vec3){0, 18, 0}),
        0, 0, 0);
    fx_static(&s,
              fx_quad(&s, fx_lamp(&s, "lamp", 1e4), (bt_vec3){LAMP_X_M - h, -h, aside_m},
                      (bt_vec3){0, LAMP_SIDE_M, 0}, (bt_vec3){LAMP_SIDE_M, 0, 0}),
              0, 0, 0);
    place(&s);
    s.stage->scene.sky_irradiance = sky;
    double got = seen(&s, 1e5, (bt_render_settings){.samples = 2048 / SANITIZED_SHARE}, &error);
    double want = single_scattering(table, 1e4, aside_m);
    printf(
        "single scattering %.2f m from a lamp, estimated sky %g: %.6f, quadrature %.6f, standard "
        "error %.1e\n",
        aside_m, (double)sky, got, want, error);
    // light that is scattered twice: about the optical depth of the ways, 0.01
    CHECK_NEAR(got, want, 4.0 * error + 0.01 * want);
    CHECK(error < SANITIZED_ERROR * most * want);
}

// A square lamp, perhaps a low sun behind, and a grey ground in a fog that thins out above them.
static double street_seen(double sun_elevation_rad, double side_m, bt_render_settings settings,
                          double *error)
{
    fx_scene s;
    foggy(&s, 0.05);
    s.weather.sun_elevation_rad = sun_elevation_rad;
    s.weather.sun_azimuth_rad = 2.5;
    s.weather.fog_base_m = 1.0;
    s.weather.fog_height_m = 20.0;
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.3, 0.0f);
    fx_static(
        &s, fx_quad(&s, grey, (bt_vec3){-50, -50, -1}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
        0, 0, 0);
    fx_static(&s,
              fx_quad(&s, fx_lamp(&s, "lamp", 0.3), (bt_vec3){4, -0.5 * side_m, 3},
                      (bt_vec3){0, side_m, 0}, (bt_vec3){side_m, 0, 0}),
              0, 0, 0);
    place(&s);
    return seen(&s, 20.0, settings, error);
}

// Lights that are asked for are as bright as lights that are met: large ones, which both ways find, and
// small ones, which scattering does not meet where the eye's whole ray asks for them.
static void test_asking(double side_m, uint32_t met_samples)
{
    double error[2];
    double asked = street_seen(-0.6, side_m, (bt_render_settings){.samples = 512 / SANITIZED_SHARE},
                               &error[0]);
    double met = street_seen(
        -0.6, side_m,
        (bt_render_settings){.samples = met_samples / SANITIZED_SHARE, .scatter_only = true},
        &error[1]);
    double both = sqrt(error[0] * error[0] + error[1] * error[1]);
    printf("lamp of %.1f m: asked %.6f, met %.6f, standard error %.1e\n", side_m, asked, met, both);
    CHECK_NEAR(asked, met, 4.0 * both);
    CHECK(both < SANITIZED_ERROR * 0.015 * asked);
}

// The similar fog against Mie's phase function all the way.
static void test_similar(void)
{
    double error[2];
    double similar =
        street_seen(0.35, 6.0, (bt_render_settings){.samples = 1024 / SANITIZED_SHARE}, &error[0]);
    double exact = street_seen(
        0.35, 6.0, (bt_render_settings){.samples = 4096 / SANITIZED_SHARE, .fog_exact = true},
        &error[1]);
    double both = sqrt(error[0] * error[0] + error[1] * error[1]);
    printf("similar fog %.6f, exact %.6f, standard error %.1e\n", similar, exact, both);
    CHECK_NEAR(similar, exact, 4.0 * both + 0.03 * exact);
}

int main(void)
{
    test_furnace();
    test_single(0.7, 0.0f, 0.004);
    test_single(0.7, 1e4f, 0.008);
    test_single(0.7, 1e7f, 0.02);
    test_single(0.12, 0.0f, 0.01);
    test_asking(6.0, 2048);
    test_asking(1.0, 8192);
    test_similar();
    return check_end();
}
