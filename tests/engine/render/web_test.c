// web_test.c: lamps with photometric webs: what reaches a wall, what the eye sees, and how lamps flicker.
#include "tests/engine/render/render_fixture.h"
#include "tests/support/sanitized.h"

#include "engine/core/random.h"
#include "engine/scene/photometry.h"

#include "engine/render/internal.h"

#define DEG BT_RAD_PER_DEG
#define REFLECTANCE 0.5

// A headlamp-like beam along x: some wide light and a hot spot to the right, on an uneven grid.
static bt_photometric_web *beam_web(void)
{
    enum { PLANES = 9, POLARS = 8 };
    static const double plane_deg[PLANES] = {-60, -30, -12, -5, 0, 4, 12, 30, 60};
    static const double polar_deg[POLARS] = {40, 70, 84, 87, 89, 90, 92, 120};
    double cd[PLANES * POLARS];
    for (int c = 0; c < PLANES; c++)
        for (int g = 0; g < POLARS; g++) {
            double h = plane_deg[c] + 2.0, v = polar_deg[g] - 88.0;
            cd[c * POLARS + g] =
                20000.0 * exp(-h * h / 50.0 - v * v / 6.0) + 40.0 * exp(-h * h / 1500.0);
        }
    bt_web_table t = {BT_AXES_LUMINAIRE, BT_WEB_PART, PLANES, POLARS, plane_deg, polar_deg, cd};
    bt_photometric_web *web;
    CHECK_OK(bt_photometry_expand(&t, &web));
    return web;
}

// A material that sends 1 W sr^-1 nm^-1 per candela.
static uint32_t web_lamp(fx_scene *s, const char *name, const bt_photometric_web *web)
{
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(s, 0.0),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = fx_flat(s, 1.0),
                     .emission_scale = 1.0f};
    CHECK_OK(bt_spec_add_web(s->spec, web, &m.web));
    CHECK(m.web != 0);
    return fx_material(s, name, m);
}

// A square of side a about the origin that faces +x.
static uint32_t facing_x(fx_scene *s, uint32_t material, double a)
{
    return fx_quad(s, material, (bt_vec3){0, -0.5 * a, -0.5 * a}, (bt_vec3){0, a, 0},
                   (bt_vec3){0, 0, a});
}

static void night(fx_scene *s)
{
    fx_begin(s);
    s->weather.sun_elevation_rad = -0.6;
}

// Shading's lookup is photometry.c's, in any axes.
static void test_lookup(void)
{
    fx_scene s;
    night(&s);
    bt_photometric_web *webs[3] = {beam_web(), beam_web(), NULL};
    webs[1]->axes = BT_AXES_SIDEWAYS;
    bt_web_table round = {.axes = BT_AXES_LUMINAIRE,
                          .symmetry = BT_WEB_ROUND,
                          .planes = 1,
                          .polars = 3,
                          .plane_deg = (double[]){0.0},
                          .polar_deg = (double[]){0.0, 50.0, 130.0},
                          .intensity_cd = (double[]){100.0, 900.0, 10.0}};
    CHECK_OK(bt_photometry_expand(&round, &webs[2]));
    uint32_t index[3];
    for (int k = 0; k < 3; k++)
        CHECK_OK(bt_spec_add_web(s.spec, webs[k], &index[k]));
    CHECK_OK(bt_world_compile(s.spec, &s.world));
    double worst = 0.0;
    for (uint32_t i = 0; i < 20000; i++) {
        double d[3];
        for (uint32_t k = 0; k < 3; k++)
            d[k] = bt_random_normal(5, BT_STREAM_TEST, i, k) * (k == 0 && i % 2 ? 8.0 : 1.0);
        for (int k = 0; k < 3; k++) {
            double want = bt_photometry_at(webs[k], (bt_vec3){d[0], d[1], d[2]});
            float3 dir = float3((float)d[0], (float)d[1], (float)d[2]);
            float got = bt_web_intensity(bt_web_at(s.world->webs, index[k] - 1u), dir);
            worst = fmax(worst, fabs((double)got - want) / (want + 20.0));
        }
    }
    printf("lookup: worst difference %.1e\n", worst);
    CHECK(worst < 2e-3); // 1e-6 rad where 20000 cd fall within a degree; beyond the edges 0
    for (int k = 0; k < 3; k++)
        bt_photometry_destroy(webs[k]);
    fx_end(&s);
}

static double seen(fx_scene *s, bt_pose camera, double focal_px, const bt_render_settings *settings,
                   double *error)
{
    fx_compile(s);
    fx_place_still(s, camera);
    bt_view v = fx_view(16, 16, focal_px);
    bt_film *film = fx_render(s, &v, settings, NULL);
    double mean = fx_mean(film, 0) / FX_SPAN_NM; // a response of 1
    *error = fx_standard_error(film) / FX_SPAN_NM;
    bt_film_destroy(film);
    fx_end(s);
    return mean;
}

// A wall 25 m ahead: E = I cos / d^2, here cos^3 / 25^2. `turned`: the lamp's mesh lies otherwise.
static void test_wall(double h_deg, double v_deg, bool closed)
{
    fx_scene s;
    night(&s);
    bt_photometric_web *web = beam_web();
    uint32_t lamp = web_lamp(&s, "lamp", web);
    if (closed)
        fx_static(&s, fx_sphere(&s, lamp, 0.05, 24), 0, 0, 0);
    else
        fx_static(&s, facing_x(&s, lamp, 0.1), 0, 0, 0);
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, REFLECTANCE, 0.0f);
    fx_static(&s,
              fx_quad(&s, grey, (bt_vec3){25, -15, -15}, (bt_vec3){0, 0, 30}, (bt_vec3){0, 30, 0}),
              0, 0, 0);
    bt_vec3 dir = {cos(v_deg * DEG) * cos(h_deg * DEG), cos(v_deg * DEG) * sin(h_deg * DEG),
                   sin(v_deg * DEG)};
    double want = REFLECTANCE / BT_PI * bt_photometry_at(web, dir) * pow(dir.x, 3.0) / 625.0, error;
    bt_vec3 at = bt_vec3_scale(dir, 25.0 / dir.x);
    bt_vec3 eye = bt_vec3_add(at, (bt_vec3){-1.0, 0.2, 0.3});
    double got = seen(&s, fx_look(eye, at), 4000.0,
                      &(bt_render_settings){.samples = closed ? 512 : 64}, &error);
    printf("wall at %+.1f, %+.1f%s: %.5f, closed form %.5f, error %.1e\n", h_deg, v_deg,
           closed ? ", globe" : "", got, want, error);
    CHECK_NEAR(got, want, 4.0 * error + 0.006 * want); // haze over 25 m, the lamp's size
    CHECK(error < 0.01 * want);
    bt_photometry_destroy(web);
}

// Seen from 10 m: radiance times the solid angle of what shines is I / d^2.
static void test_seen(double h_deg, double v_deg)
{
    fx_scene s;
    night(&s);
    bt_photometric_web *web = beam_web();
    fx_static(&s, facing_x(&s, web_lamp(&s, "lamp", web), 0.1), 0, 0, 0);
    bt_vec3 dir = {cos(v_deg * DEG) * cos(h_deg * DEG), cos(v_deg * DEG) * sin(h_deg * DEG),
                   sin(v_deg * DEG)};
    double want = bt_photometry_at(web, dir), error, focal_px = 600.0;
    double mean = seen(&s, fx_look(bt_vec3_scale(dir, 10.0), (bt_vec3){0, 0, 0}), focal_px,
                       &(bt_render_settings){.samples = 1024}, &error);
    double got = mean * 256.0 / (focal_px * focal_px) * 100.0;
    printf("seen at %+.1f, %+.1f: %.2f cd of %.2f\n", h_deg, v_deg, got, want);
    CHECK_NEAR(got, want, 0.006 * want); // haze, edges of the lamp
    bt_photometry_destroy(web);
}

// The web of a Lambertian lamp, from an IES file, is a lamp without a web.
static void test_lambert_file(void)
{
    double got[2], error[2];
    for (int k = 0; k < 2; k++) {
        fx_scene s;
        night(&s);
        char text[8192];
        int n = snprintf(text, sizeof text,
                         "IESNA:LM-63-2002\nTILT=NONE\n1 -1 1 91 1 1 2 0 0 0\n1 1 1\n");
        for (int i = 0; i <= 90; i++)
            n += snprintf(text + n, sizeof text - (size_t)n, "%d%c", i, i % 10 == 9 ? '\n' : ' ');
        n += snprintf(text + n, sizeof text - (size_t)n, "\n0\n");
        for (int i = 0; i <= 90; i++)
            n += snprintf(text + n, sizeof text - (size_t)n, "%.9f\n", fabs(cos(i * DEG)));
        bt_photometric_web *web;
        CHECK_OK(bt_ies_parse("lambert.ies", text, (size_t)n, &web));
        CHECK_NEAR(bt_photometry_flux_lm(web), BT_PI, 1e-4 * BT_PI);
        bt_material plain = {.kind = BT_MATERIAL_DIFFUSE,
                             .reflectance = fx_flat(&s, 0.0),
                             .reflectance2 = BT_NO_SPECTRUM,
                             .emission = fx_flat(&s, 1.0),
                             .emission_scale = 1.0f / (1.2f * 0.8f)};
        uint32_t lamp = k ? web_lamp(&s, "web", web) : fx_material(&s, "plain", plain);
        fx_static(
            &s,
            fx_quad(&s, lamp, (bt_vec3){-0.6, -0.4, 1}, (bt_vec3){0, 0.8, 0}, (bt_vec3){1.2, 0, 0}),
            0, 0, 0);
        uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, REFLECTANCE, 0.0f);
        fx_static(
            &s,
            fx_quad(&s, grey, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
            0, 0, 0);
        got[k] = seen(&s, fx_look((bt_vec3){-1.0, 0, 0.9}, (bt_vec3){0, 0, 0}), 4000.0,
                      &(bt_render_settings){.samples = 128}, &error[k]);
        bt_photometry_destroy(web);
    }
    printf("Lambertian: plain %.6f, from a file %.6f +- %.1e\n", got[0], got[1], error[1]);
    CHECK_NEAR(got[0], got[1], 4.0 * hypot(error[0], error[1]) + 2e-4 * got[0]);
}

// Beams here and there, scaled and turned: the tree never leaves out what scattering would meet.
static void beam_field(fx_scene *s, int count)
{
    bt_photometric_web *web = beam_web();
    uint32_t lamp = web_lamp(s, "lamp", web);
    bt_photometry_destroy(web);
    uint32_t flat = facing_x(s, lamp, 0.2), round = fx_sphere(s, lamp, 0.1, 4);
    for (int i = 0; i < count; i++) {
        bt_pose pose = BT_POSE_IDENTITY;
        double turn = 2.4 * i, out = 0.3 * sqrt((double)i) + 0.4;
        pose.pos = (bt_vec3){out * cos(turn), out * sin(turn), 0.7 + 0.01 * (i % 50)};
        pose.rot = bt_quat_yaw_pitch_roll(1.7 * i, 0.25 * (i % 5), 0.1 * i);
        CHECK_OK(bt_spec_add_static(s->spec, i % 4 ? flat : round, pose, 1.0 + 0.1 * (i % 4), 0));
    }
    uint32_t grey = fx_plain(s, "grey", BT_MATERIAL_DIFFUSE, REFLECTANCE, 0.0f);
    fx_static(s,
              fx_quad(s, grey, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
              0, 0, 0);
}

static void test_asked_and_met(void)
{
    double got[2], error[2];
    for (int brute = 0; brute < 2; brute++) {
        fx_scene s;
        night(&s);
        beam_field(&s, 120);
        bt_render_settings settings = {.samples = (brute ? 8192 : 256) / SANITIZED_SHARE,
                                       .scatter_only = brute};
        got[brute] = seen(&s, fx_look((bt_vec3){-1.0, 0, 0.9}, (bt_vec3){0, 0, 0}), 4000.0,
                          &settings, &error[brute]);
    }
    printf("120 beams: asked %.4g +- %.1e, met %.4g +- %.1e\n", got[0], error[0], got[1], error[1]);
    CHECK_NEAR(got[0], got[1], 4.0 * hypot(error[0], error[1]));
    CHECK(error[0] < SANITIZED_ERROR * 0.02 * got[0] && error[1] < SANITIZED_ERROR * 0.03 * got[1]);
}

// Wherever a lamp sends something, it may be drawn.
static void test_nothing_left_out(void)
{
    fx_scene s;
    night(&s);
    beam_field(&s, 60);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){-1, 0, 1}, (bt_vec3){0, 0, 0}));
    const bt_scene *sc = &s.stage->scene;
    bt_wavelengths w = {.bin = uint4(10u, 20u, 30u, 40u), .part = splat4(0.0f)};
    uint32_t bright = 0, left_out = 0;
    for (uint32_t i = 0; i < 400; i++) {
        bt_light_asker who = {.normal = splat3(0.0f), .both = true};
        for (uint32_t k = 0; k < 3; k++)
            who.pos[k] = (float)(4.0 * bt_random_normal(3, BT_STREAM_TEST, i, k));
        bt_light_cut cut;
        bt_light_cut_make(sc, who, &cut);
        for (uint32_t l = 0; l < sc->light_count; l++) {
            bt_lamp_point p = bt_lamp_point_at(sc, scene_light(sc, l), who.pos, 0.5f, 0.3f, 0.6f);
            float4 radiance = bt_lamp_radiance(sc, p.material, w, p.emission, p.cos_lamp);
            // slivers at a globe's poles are 1e-16 of the others
            if (!(max_of4(radiance) > 0.0f) || !(p.area > 1e-9f)) continue;
            bright++;
            left_out += !(bt_light_probability(sc, who, &cut, l) > 0.0f);
        }
    }
    printf("nothing left out: %u lamps seen from 400 places, %u never drawn\n", bright, left_out);
    CHECK(bright > 10000 && left_out == 0);
    fx_end(&s);
}

// ---- flicker ------------------------------------------------------------------------------------
#define DARK 1e-6 // the haze of a natural night is there

typedef struct exposures {
    double mean, least, most;
    uint32_t dark;
} exposures;

// A lamp that fills the view, in exposures of 0.1 ms one after the other: relative to its mean.
static exposures watch(float hz, float duty, float ripple, double from_s, uint32_t count)
{
    fx_scene s;
    night(&s);
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(&s, 0.0),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = fx_flat(&s, 1.0),
                     .emission_scale = 1.0f,
                     .flicker_hz = hz,
                     .flicker_duty = duty,
                     .flicker_ripple = ripple};
    fx_static(&s, facing_x(&s, fx_material(&s, "lamp", m), 10.0), 0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){1, 0, 0}, (bt_vec3){0, 0, 0}));
    bt_view v = fx_view(4, 4, 50.0);
    v.exposure_ns = 1e5;
    bt_film *film;
    exposures e = {.least = HUGE_VAL};
    CHECK_OK(bt_film_create(4, 4, 1, &film));
    for (uint32_t i = 0; i < count; i++) {
        bt_time_ns label = bt_from_seconds(from_s + (i + 0.5) * 1e-4);
        bt_render_settings settings = {.samples = 16, .frame = i};
        CHECK_OK(bt_render_film(s.stage, &v, label, &settings, NULL, film));
        double seen = fx_mean(film, 0) / FX_SPAN_NM;
        e.mean += seen / count;
        e.least = fmin(e.least, seen);
        e.most = fmax(e.most, seen);
        e.dark += seen < DARK;
    }
    bt_film_destroy(film);
    fx_end(&s);
    return e;
}

static void test_flicker(void)
{
    // a quarter of each of two periods of 10 ms, four times as bright
    exposures e = watch(100.0f, 0.25f, 0.0f, 0.3, 200);
    printf("100 Hz, duty 0.25: mean %.4f, %.2f to %.2f, dark %u of 200\n", e.mean, e.least, e.most,
           e.dark);
    CHECK_NEAR(e.mean, 1.0, 0.005); // exposures in which it switches are sampled
    CHECK(e.dark >= 146 && e.dark <= 150 && e.least < DARK);
    CHECK_NEAR(e.most, 4.0, 1e-3);

    // a high frequency, late in the second: as many cycles, none lost to rounding
    e = watch(1000.0f, 0.5f, 0.0f, 0.8, 100);
    printf("1 kHz, duty 0.5: mean %.4f, dark %u of 100\n", e.mean, e.dark);
    CHECK_NEAR(e.mean, 1.0, 0.01);
    CHECK(e.dark >= 38 && e.dark <= 50);

    e = watch(100.0f, 0.0f, 0.6f, 0.3, 100);
    printf("100 Hz, ripple 0.6: mean %.4f, %.3f to %.3f\n", e.mean, e.least, e.most);
    CHECK_NEAR(e.mean, 1.0, 1e-3);
    CHECK_NEAR(e.least, 0.4, 0.005);
    CHECK_NEAR(e.most, 1.6, 0.005);
    e = watch(0.0f, 0.25f, 0.6f, 0.3, 3);
    CHECK_NEAR(e.least, e.most, 1e-4);
}

// A float holds the phase: the time since the last full second is all that counts.
static void test_flicker_phase(void)
{
    bt_material m = {.flicker_hz = 217.0f, .flicker_duty = 0.3f};
    for (uint32_t i = 0; i < 1000; i++) {
        double t = bt_random_unit(11, BT_STREAM_TEST, i, 0);
        double cycles = 217.0 * t, phase = cycles - floor(cycles);
        if (fabs(phase - 0.3) < 1e-4 || phase < 1e-4 || phase > 1.0 - 1e-4) continue;
        CHECK((bt_lamp_flicker(m, 0, (float)t) > 0.0f) == (phase < 0.3));
    }
}

int main(void)
{
    test_lookup();
    test_wall(0.0, 0.0, false);
    test_wall(-3.0, -2.0, false);
    test_wall(20.0, -4.0, false);
    test_wall(-3.0, -2.0, true);
    test_seen(0.0, 0.0);
    test_seen(-3.0, -2.0);
    test_seen(40.0, -15.0);
    test_lambert_file();
    test_asked_and_met();
    test_nothing_left_out();
    test_flicker();
    test_flicker_phase();
    return check_end();
}
