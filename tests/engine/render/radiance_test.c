// radiance_test.c: rendered numbers against closed forms: lit ground, lamps, panes, bad settings.
#include "tests/engine/render/render_fixture.h"

#include "engine/render/internal.h"

static bt_sky_light light_at(const bt_sky_tables *t, int bin)
{
    bt_wavelengths w;
    uint low = (uint)(bin < BT_SPECTRUM_BINS - 1 ? bin : BT_SPECTRUM_BINS - 2);
    w.nm = splat4(380.0f + 5.0f * (float)bin);
    w.pdf = splat4(1.0f);
    w.bin = splat_u4(low);
    w.part = splat4((float)bin - (float)low);
    return bt_sky_light_at(t->sky, t->spectra, w);
}

// Irradiance of the ground, integrated over the spectrum (trapezoids), W/m^2, with each direction's
// light passing a clear pane of this index over all of it; ior 0: no pane.
static double ground_irradiance(const bt_sky_tables *t, float ior)
{
    double sum = 0.0;
    for (int bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
        bt_sky_light l = light_at(t, bin);
        float up = t->sky.sun_dir[2];
        // an even disc on level ground: pi sin^2 of its radius, over its solid angle
        float disc = t->sky.sun_angle * (1.0f - 0.5f * t->sky.sun_height);
        double here =
            (double)(l.sun[0] * disc * up *
                     (ior > 0.0f ? bt_pane_at(up, ior, splat4(1.0f)).transmitted[0] : 1.0f));
        for (int k = 0; k < 32 * 64; k++) {
            float z = ((float)(k / 64) + 0.5f) / 32.0f, r = bt_sqrt_f(1.0f - z * z);
            float a = 6.2831853f * ((float)(k % 64) + 0.5f) / 64.0f;
            float3 dir = float3(r * cosf(a), r * sinf(a), z);
            float4 sky = bt_sky_radiance(t->sky, t->radiance, l, dir);
            float open = ior > 0.0f ? bt_pane_at(z, ior, splat4(1.0f)).transmitted[0] : 1.0f;
            here += (double)(sky[0] * z * open) * 2.0 * M_PI / (32.0 * 64.0);
        }
        sum += here * (bin == 0 || bin == BT_SPECTRUM_BINS - 1 ? 2.5 : 5.0);
    }
    return sum;
}

// A grey Lambertian plane under sun and sky: radiance = reflectance / pi * irradiance.
static void test_lit_ground(double sun_radius_rad)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_radius_rad = sun_radius_rad;
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.3, 0.0f);
    fx_static(
        &s,
        fx_quad(&s, grey, (bt_vec3){-900, -900, 0}, (bt_vec3){1800, 0, 0}, (bt_vec3){0, 1800, 0}),
        0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 1}, (bt_vec3){0.3, 0, 0}));
    bt_view v = fx_view(16, 16, 30.0);
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 64}, NULL);
    double want = 0.3 / M_PI * ground_irradiance(s.renderer->sky, 0.0f);
    double sigma = 0.0;
    for (int i = 0; i < 256; i++)
        sigma += (double)film->variance_e2_s2[i] / (256.0 * 256.0);
    printf("lit ground %.4f, closed form %.4f, standard error %.1e\n", fx_mean(film, 0), want,
           sqrt(sigma) / want);
    CHECK_NEAR(fx_mean(film, 0) / want, 1.0, 0.006); // grid of the closed form, 1 m of haze
    CHECK(sqrt(sigma) / want < 0.004 && sigma > 0.0);
    bt_film_destroy(film);
    fx_end(&s);
}

// The same ground below an endless clear pane: shadow rays and scattered rays both pass it.
static void test_ground_below_pane(void)
{
    fx_scene s;
    fx_begin(&s);
    uint32_t dark = fx_plain(&s, "dark", BT_MATERIAL_DIFFUSE, 0.02, 0.0f);
    uint32_t pane = fx_plain(&s, "pane", BT_MATERIAL_GLASS_THIN, 1.0, 0.0f);
    fx_static(
        &s,
        fx_quad(&s, dark, (bt_vec3){-900, -900, 0}, (bt_vec3){1800, 0, 0}, (bt_vec3){0, 1800, 0}),
        0, 0, 0);
    fx_static(
        &s,
        fx_quad(&s, pane, (bt_vec3){-900, -900, 0}, (bt_vec3){1800, 0, 0}, (bt_vec3){0, 1800, 0}),
        0, 0, 2);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 1}, (bt_vec3){0.3, 0, 0}));
    bt_view v = fx_view(16, 16, 30.0);
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 64}, NULL);
    double want = 0.02 / M_PI * ground_irradiance(s.renderer->sky, 1.5f);
    printf("below a pane %.5f, closed form %.5f\n", fx_mean(film, 0), want);
    CHECK_NEAR(fx_mean(film, 0) / want, 1.0, 0.012); // 0.3 % more comes back from the pane
    bt_film_destroy(film);
    fx_end(&s);
}

// At night a lamp's radiance arrives as it is, and through a pane times its transmittance; the
// band's electrons are radiance times response, summed over wavelengths.
static double lamp_seen(float tilt, double tint, bool pane)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6; // dark
    uint32_t lamp = fx_lamp(&s, "lamp", 3.0);
    uint32_t glass = fx_plain(&s, "glass", BT_MATERIAL_GLASS_THIN, tint, 0.0f);
    fx_static(&s, fx_quad(&s, lamp, (bt_vec3){5, -9, -9}, (bt_vec3){0, 0, 18}, (bt_vec3){0, 18, 0}),
              0, 0, 0);
    if (pane)
        fx_static(&s,
                  fx_quad(&s, glass, (bt_vec3){2 - (double)tilt, -1, -1}, (bt_vec3){0, 2, 0},
                          (bt_vec3){2.0 * (double)tilt, 0, 2}),
                  0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, BT_POSE_IDENTITY);
    bt_view v = fx_view(8, 8, 4000.0);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        v.response[0][i] = i >= 20 && i <= 60 ? 0.5f : 0.0f; // 480 to 680 nm, edges within 5 nm
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 64}, NULL);
    double mean = fx_mean(film, 0);
    bt_film_destroy(film);
    fx_end(&s);
    return mean;
}

static void test_lamp_and_pane(void)
{
    double bare = lamp_seen(0.0f, 1.0, false);
    CHECK_NEAR(bare, 3.0 * 0.5 * 205.0, 0.3);        // haze over 5 m
    double n = 1.5, clear = 2.0 * n / (n * n + 1.0); // two faces, all bounces
    CHECK_NEAR(lamp_seen(0.0f, 1.0, true) / bare, clear, 0.004);
    double r = pow((n - 1.0) / (n + 1.0), 2.0), t = 0.6;
    double tinted = (1.0 - r) * (1.0 - r) * t / (1.0 - r * r * t * t);
    CHECK_NEAR(lamp_seen(0.0f, 0.6, true) / bare, tinted, 0.004);
    bt_pane oblique = bt_pane_at(0.70710678f, 1.5f, splat4(0.6f)); // tilted by 45 degrees
    CHECK_NEAR(lamp_seen(1.0f, 0.6, true) / bare, oblique.transmitted[0], 0.004);
}

// Paths of one surface and of many differ by light that bounced; none is lost below a white sphere.
static void test_depth(void)
{
    fx_scene s;
    fx_begin(&s);
    uint32_t white = fx_plain(&s, "white", BT_MATERIAL_DIFFUSE, 0.8, 0.0f);
    fx_static(
        &s, fx_quad(&s, white, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
        0, 0, 0);
    fx_static(&s, fx_quad(&s, white, (bt_vec3){4, -5, 0}, (bt_vec3){0, 0, 10}, (bt_vec3){0, 10, 0}),
              0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 1}, (bt_vec3){4, 0, 0.2}));
    bt_view v = fx_view(12, 12, 20.0);
    double last = 0.0;
    for (uint32_t depth = 1; depth <= 8; depth *= 2) {
        bt_film *film =
            fx_render(&s, &v, &(bt_render_settings){.samples = 64, .max_depth = depth}, NULL);
        CHECK(fx_mean(film, 0) > 1.005 * last);
        last = fx_mean(film, 0);
        bt_film_destroy(film);
    }
    fx_end(&s);
}

static void test_bad_settings(void)
{
    fx_scene s;
    fx_begin(&s);
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.3, 0.0f);
    fx_static(&s, fx_sphere(&s, grey, 1.0, 8), 5, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, BT_POSE_IDENTITY);
    bt_view v = fx_view(8, 8, 10.0);
    bt_film *film, *other;
    CHECK_OK(bt_film_create(8, 8, 1, &film));
    CHECK_OK(bt_film_create(9, 8, 1, &other));
    bt_render_settings ok = {.samples = 1}, many = {.samples = 1u << 30};
    CHECK(bt_render_film(s.stage, &v, FX_LABEL_NS, &ok, NULL, other) != BT_OK);
    CHECK(bt_render_film(s.stage, &v, FX_LABEL_NS, &many, NULL, film) == BT_ERR_INPUT);
    CHECK(bt_render_film(s.stage, &v, 5 * BT_NS_PER_S, &ok, NULL, film) != BT_OK);
    CHECK_CONTAINS(bt_error_message(), "span");
    uint32_t none = 77;
    bt_stage *stage;
    CHECK(bt_stage_create(s.renderer, s.snapshot, &none, 1, &stage) == BT_ERR_INPUT && !stage);
    bt_film_destroy(film);
    CHECK(bt_film_create(0, 8, 1, &film) == BT_ERR_INPUT && film == NULL);
    bt_film_destroy(other);

    // a stage of nothing sees only sky
    CHECK_OK(bt_stage_create(s.renderer, s.snapshot, &none, 0, &stage));
    bt_surface_hit hit;
    float origin[3] = {0, 0, 0}, dir[3] = {1, 0, 0};
    CHECK(!bt_stage_trace(stage, origin, dir, 0.5f, &hit));
    CHECK(bt_stage_trace(s.stage, origin, dir, 0.5f, &hit));
    CHECK_NEAR(hit.distance_m, 4.0, 1e-4);
    CHECK(hit.class_id == BT_CLASS_PROP && hit.normal[0] < -0.9f);
    bt_stage_destroy(stage);
    fx_end(&s);
}

int main(void)
{
    test_lit_ground(0.0); // as large as the sun is
    test_lit_ground(0.2);
    test_ground_below_pane();
    test_lamp_and_pane();
    test_depth();
    test_bad_settings();
    return check_end();
}
