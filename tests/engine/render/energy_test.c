// energy_test.c: one small street corner, rendered in ways that must agree: four wavelengths at a time
// against every nanometre alone, and lights that are asked for against lights that are met by chance.
#include "tests/engine/render/render_fixture.h"
#include "tests/support/sanitized.h"

#include "engine/render/internal.h"
#include "shaders/shared/lens.h"

#define SIDE_PX 12u
#define ALONE_SAMPLES (SANITIZED_SHARE > 1u ? 16u : 32u) // of each pixel at each nanometre

// ---- the scene ------------------------------------------------------------------------------------
static uint32_t spectrum(fx_scene *s, const char *name, const double *nm, const double *values,
                         size_t count)
{
    uint32_t index;
    CHECK_OK(bt_spec_add_spectrum(s->spec, name, nm, values, count, &index));
    return index;
}

static uint32_t material(fx_scene *s, const char *name, uint32_t kind, uint32_t reflectance,
                         float roughness)
{
    bt_material m = {.kind = kind,
                     .reflectance = reflectance,
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = BT_NO_SPECTRUM,
                     .roughness = roughness};
    return fx_material(s, name, m);
}

// A lamp of a few lines, as of sodium: far from what wavelengths are drawn for.
static uint32_t line_lamp(fx_scene *s, float scale)
{
    const double nm[5] = {380, 575, 590, 605, 780}, lines[5] = {0.02, 0.02, 1.0, 0.02, 0.02};
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(s, 0.1),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = spectrum(s, "lines", nm, lines, 5),
                     .emission_scale = scale};
    return fx_material(s, "lamp", m);
}

// A red wall and a green one that colour each other's light, coated ground, a varnished ball, copper,
// a green pane that the sun shines through.
static void corner_begin(fx_scene *s, float lamp_scale)
{
    const double nm[4] = {380, 580, 600, 780}, red[4] = {0.03, 0.05, 0.85, 0.9};
    const double nm5[5] = {380, 490, 530, 570, 780}, green[5] = {0.05, 0.05, 0.8, 0.08, 0.05};
    const double copper[4] = {0.5, 0.6, 0.9, 0.96}, tint[5] = {0.5, 0.6, 0.9, 0.7, 0.4};
    fx_begin(s);
    s->weather.sun_radius_rad = 8.0 * BT_RAD_PER_DEG; // so that scattering meets it often enough
    uint32_t reddish = spectrum(s, "red", nm, red, 4),
             greenish = spectrum(s, "green", nm5, green, 5);
    uint32_t ground = material(s, "ground", BT_MATERIAL_COATED, fx_flat(s, 0.4), 0.4f);
    uint32_t left = material(s, "left", BT_MATERIAL_DIFFUSE, reddish, 0.0f);
    uint32_t back = material(s, "back", BT_MATERIAL_DIFFUSE, greenish, 0.0f);
    uint32_t varnish = material(s, "varnish", BT_MATERIAL_COATED, reddish, 0.5f);
    uint32_t metal =
        material(s, "metal", BT_MATERIAL_CONDUCTOR, spectrum(s, "copper", nm, copper, 4), 0.5f);
    uint32_t glass =
        material(s, "glass", BT_MATERIAL_GLASS_THIN, spectrum(s, "tint", nm5, tint, 5), 0.0f);
    fx_static(s, fx_quad(s, ground, (bt_vec3){-9, -9, 0}, (bt_vec3){18, 0, 0}, (bt_vec3){0, 18, 0}),
              0, 0, 0);
    fx_static(s, fx_quad(s, left, (bt_vec3){0, 1.2, 0}, (bt_vec3){0, 0, 2}, (bt_vec3){4, 0, 0}), 0,
              0, 0);
    fx_static(s, fx_quad(s, back, (bt_vec3){4, -2, 0}, (bt_vec3){0, 0, 2}, (bt_vec3){0, 3.2, 0}), 0,
              0, 0);
    fx_static(s, fx_sphere(s, varnish, 0.4, 24), 2.8, 0.4, 0.4);
    fx_static(s, fx_sphere(s, metal, 0.3, 24), 2.2, -0.5, 0.3);
    fx_static(s, fx_quad(s, glass, (bt_vec3){1.2, -1, 0}, (bt_vec3){0, 0, 3}, (bt_vec3){3, 0, 0}),
              0, 0, 0);
    uint32_t lamp = line_lamp(s, lamp_scale);
    // shines down
    fx_static(s, fx_quad(s, lamp, (bt_vec3){2, 0, 1.8}, (bt_vec3){0, 0.6, 0}, (bt_vec3){0.6, 0, 0}),
              0, 0, 0);
    fx_static(s, fx_sphere(s, lamp, 0.1, 8), 3.4, -0.8, 0.9);
    fx_compile(s);
    fx_place_still(s, fx_look((bt_vec3){0, -0.6, 1.1}, (bt_vec3){3, 0.2, 0.4}));
}

// Three bands like a camera's: wide, narrow, and one at the edge of what light there is.
static bt_view corner_view(void)
{
    const float middle_nm[3] = {610.0f, 545.0f, 420.0f}, width_nm[3] = {60.0f, 12.0f, 30.0f};
    bt_view v = fx_view(SIDE_PX, SIDE_PX, 10.0);
    v.band_count = 3;
    for (int b = 0; b < 3; b++)
        for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
            float nm = BT_SPECTRUM_MIN_NM + BT_SPECTRUM_STEP_NM * (float)i;
            v.response[b][i] = expf(-0.5f * sqr((nm - middle_nm[b]) / width_nm[b]));
        }
    return v;
}

typedef struct mean {
    double value, error;
} mean;

static mean film_mean(const bt_film *film, uint32_t band)
{
    size_t pixels = (size_t)film->width_px * film->height_px;
    mean m = {0.0, 0.0};
    for (size_t i = 0; i < pixels; i++) {
        m.value += (double)film->rate_e_s[i * film->band_count + band];
        m.error += (double)film->variance_e2_s2[i * film->band_count + band];
    }
    return (mean){m.value / (double)pixels, sqrt(m.error) / (double)pixels};
}

// ---- every nanometre alone ------------------------------------------------------------------------
// All four wavelengths the same: then nothing is shared between any.
static bt_wavelengths one_wavelength(float nm)
{
    float place = (nm - BT_SPECTRUM_MIN_NM) / BT_SPECTRUM_STEP_NM;
    uint bin = min(to_u(place), (uint)(BT_SPECTRUM_BINS - 2));
    bt_wavelengths w = {.nm = splat4(nm), .pdf = splat4(1.0f)};
    w.bin = splat_u4(bin);
    w.part = splat4(place - to_f(bin));
    return w;
}

static bt_path start_path(const fx_scene *s, const bt_view *v, uint32_t x, uint32_t y,
                          uint32_t sample, uint32_t seed, float nm)
{
    bt_path_start start = {.u = 0.5f, .cone_rad = 1.0f / v->lens.fx};
    start.random = bt_sampler_begin(x, y, sample, 8u, seed);
    start.wavelengths = one_wavelength(nm);
    float4 u = bt_sampler_4d(start.random, 0u);
    bt_lens_ray ray = bt_lens_unproject(v->lens, (float)x + u[0] - 0.5f, (float)y + u[1] - 0.5f);
    bt_snapshot_key cam = bt_snapshot_camera_at(s->snapshot, 0.5f);
    float dir_cam[3] = {ray.dir[0], ray.dir[1], ray.dir[2]}, dir[3];
    bt_snapshot_key_dir(&cam, dir_cam, dir);
    start.origin = float3(cam.pos[0], cam.pos[1], cam.pos[2]);
    start.dir = normalize3(float3(dir[0], dir[1], dir[2]));
    bt_path path;
    bt_path_begin(&s->stage->scene, &start, &path);
    return path;
}

// Adds the radiance of a pixel's samples, and its square.
static void add_pixel(const fx_scene *s, const bt_view *v, const bt_path_setup *setup,
                      uint32_t pixel, float nm, mean *sum)
{
    static bt_wave wave;
    bt_tracer tracer = {.stage = s->stage};
    wave.count = ALONE_SAMPLES;
    for (uint32_t k = 0; k < wave.count; k++)
        wave.paths[k] =
            start_path(s, v, pixel % SIDE_PX, pixel / SIDE_PX, k, bt_hash((uint)(nm * 8.0f)), nm);
    bt_wave_trace(setup, &tracer, &wave);
    for (uint32_t k = 0; k < wave.count; k++) {
        double l = (double)wave.paths[k].radiance[0];
        sum->value += l;
        sum->error += l * l;
    }
}

// Mean radiance of the picture at one wavelength.
static mean radiance_at(const fx_scene *s, const bt_view *v, const bt_path_setup *setup, float nm)
{
    const double n = ALONE_SAMPLES, pixels = (double)SIDE_PX * SIDE_PX;
    mean all = {0.0, 0.0};
    for (uint32_t i = 0; i < SIDE_PX * SIDE_PX; i++) {
        mean sum = {0.0, 0.0};
        add_pixel(s, v, setup, i, nm, &sum);
        all.value += sum.value / n / pixels;
        all.error +=
            (sum.error / n - sum.value / n * sum.value / n) / ((n - 1.0) * pixels * pixels);
    }
    return (mean){all.value, sqrt(all.error)};
}

// The bands' rates: a picture of each nanometre, times the response, by trapezoids of 1 nm.
static void every_nanometre(const fx_scene *s, const bt_view *v, const bt_path_setup *setup,
                            mean bands[3])
{
    unsigned old = bt_embree_float_begin();
    memset(bands, 0, 3 * sizeof *bands);
    const int last = (int)(BT_SPECTRUM_MAX_NM - BT_SPECTRUM_MIN_NM);
    for (int i = 0; i <= last; i++) {
        bt_wavelengths w = one_wavelength(BT_SPECTRUM_MIN_NM + (float)i);
        mean l = radiance_at(s, v, setup, w.nm[0]);
        double step = i == 0 || i == last ? 0.5 : 1.0;
        for (int b = 0; b < 3; b++) {
            double weight = step * (double)bt_spectrum_at(v->response[b], w)[0];
            bands[b].value += weight * l.value;
            bands[b].error += weight * weight * l.error * l.error;
        }
    }
    for (int b = 0; b < 3; b++)
        bands[b].error = sqrt(bands[b].error);
    bt_embree_float_end(old);
}

static void test_every_nanometre(void)
{
    fx_scene s;
    corner_begin(&s, 3.0f);
    bt_view v = corner_view();
    bt_render_settings settings = {
        .samples = 4096 / SANITIZED_SHARE, .max_depth = 6, .caustic_roughness = -1.0f};
    bt_path_setup setup = {.max_depth = 6, .cone_samples = 4096};
    bt_film *film = fx_render(&s, &v, &settings, NULL);
    mean alone[3];
    every_nanometre(&s, &v, &setup, alone);
    for (uint32_t b = 0; b < 3; b++) {
        mean four = film_mean(film, b);
        double error = hypot(four.error, alone[b].error);
        printf("band %u: four at a time %.4f, every nanometre %.4f, apart by %.2f standard errors "
               "of %.2f %%\n",
               b, four.value, alone[b].value, (four.value - alone[b].value) / error,
               100.0 * error / four.value);
        CHECK_NEAR(four.value, alone[b].value, 4.0 * error);
        CHECK(error < SANITIZED_ERROR * 0.015 * four.value);
    }
    bt_film_destroy(film);
    fx_end(&s);
}

// ---- asked or met ---------------------------------------------------------------------------------
// Sun, sky and lamps, through glass and off glossy things: asking (with the light tree and multiple
// importance sampling) and scattering alone end at the same mean.
static void test_asked_or_met(void)
{
    mean got[2][3];
    for (int brute = 0; brute < 2; brute++) {
        fx_scene s;
        corner_begin(&s, 20.0f);
        bt_view v = corner_view();
        bt_render_settings settings = {.samples = (brute ? 16384 : 2048) / SANITIZED_SHARE,
                                       .max_depth = 5,
                                       .caustic_roughness = -1.0f,
                                       .scatter_only = brute};
        bt_film *film = fx_render(&s, &v, &settings, NULL);
        for (uint32_t b = 0; b < 3; b++)
            got[brute][b] = film_mean(film, b);
        bt_film_destroy(film);
        fx_end(&s);
    }
    for (int b = 0; b < 3; b++) {
        double error = hypot(got[0][b].error, got[1][b].error);
        printf("band %d: asked %.4f, met %.4f, apart by %.2f standard errors of %.2f %%\n", b,
               got[0][b].value, got[1][b].value, (got[0][b].value - got[1][b].value) / error,
               100.0 * error / got[0][b].value);
        CHECK_NEAR(got[0][b].value, got[1][b].value, 4.0 * error);
        CHECK(error < SANITIZED_ERROR * 0.015 * got[0][b].value);
    }
}

int main(void)
{
    test_every_nanometre();
    test_asked_or_met();
    return check_end();
}
