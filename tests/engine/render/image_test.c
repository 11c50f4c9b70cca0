// image_test.c: images on surfaces in the path tracer: colour, normal, light and holes against plain
// surfaces, closed forms and brute force.
#include "tests/engine/render/render_fixture.h"

#include "engine/render/internal.h"
#include "engine/spectrum/uplift.h"

static uint32_t image(fx_scene *s, const uint8_t *rgba, uint32_t width, uint32_t height, bool color)
{
    uint32_t texture;
    bt_texture_desc desc = {
        .name = "image", .rgba = rgba, .width_px = width, .height_px = height, .color = color};
    CHECK_OK(bt_spec_add_texture(s->spec, &desc, &texture));
    return texture;
}

static bt_material diffuse(fx_scene *s, double reflectance)
{
    return (bt_material){.kind = BT_MATERIAL_DIFFUSE,
                         .reflectance = fx_flat(s, reflectance),
                         .reflectance2 = BT_NO_SPECTRUM,
                         .emission = BT_NO_SPECTRUM};
}

// A flat square of side 2 about the origin at height z; front up, or down. uv run 0..2.
static void square(fx_scene *s, uint32_t material, double z, bool down)
{
    bt_vec3 corner = {-1, -1, z}, along = {2, 0, 0}, up = {0, 2, 0};
    fx_static(s, fx_quad(s, material, corner, down ? up : along, down ? along : up), 0, 0, 0);
}

// Mean of what a camera at `eye` sees about `target`, and its standard error.
static double seen(fx_scene *s, bt_vec3 eye, bt_vec3 target, bt_view v, bt_render_settings settings,
                   double *error)
{
    fx_compile(s);
    fx_place_still(s, fx_look(eye, target));
    bt_film *film = fx_render(s, &v, &settings, NULL);
    double mean = fx_mean(film, 0);
    *error = fx_standard_error(film);
    bt_film_destroy(film);
    fx_end(s);
    return mean;
}

// ---- colour -------------------------------------------------------------------------------------
// An image of one colour is the spectrum that its basis makes of it; black and white texels, far too
// fine to be seen, are the grey between.
static void test_color(void)
{
    const uint8_t one[4] = {255, 0, 0, 255};
    uint8_t fine[256 * 256 * 4];
    for (int i = 0; i < 256 * 256; i++)
        memset(fine + 4 * (size_t)i, (i ^ i >> 8) & 1 ? 255 : 0, 4);
    double got[4], error, nm[BT_SPECTRUM_BINS], red[BT_SPECTRUM_BINS];
    for (int k = 0; k < BT_SPECTRUM_BINS; k++) {
        nm[k] = 380.0 + 5.0 * k;
        red[k] = 0.6 * (double)bt_rgb_basis[0][k];
    }
    for (int k = 0; k < 4; k++) {
        fx_scene s;
        fx_begin(&s);
        bt_material m = diffuse(&s, k < 2 ? 0.6 : k == 2 ? 0.8 : 0.4);
        if (k == 0) m.texture_color = image(&s, one, 1, 1, true);
        if (k == 1)
            CHECK_OK(
                bt_spec_add_spectrum(s.spec, "red", nm, red, BT_SPECTRUM_BINS, &m.reflectance));
        if (k == 2) m.texture_color = image(&s, fine, 256, 256, true);
        square(&s, fx_material(&s, "square", m), 0.0, false);
        got[k] = seen(&s, (bt_vec3){-1, 0, 20}, (bt_vec3){0, 0, 0}, fx_view(16, 16, 300.0),
                      (bt_render_settings){.samples = 16}, &error);
    }
    printf("red: image %.5f, spectrum %.5f; checker %.5f, grey %.5f\n", got[0], got[1], got[2],
           got[3]);
    CHECK_NEAR(got[0], got[1], 1e-4 * got[1]);
    CHECK_NEAR(got[2], got[3], 2e-3 * got[3]); // 16 bits, and a wavelength's basis sums to one
}

// ---- normal -------------------------------------------------------------------------------------
// Under one far lamp a leaning normal sees it by the cosine, on either side of the square.
static void test_normal(void)
{
    const uint8_t flat[4] = {128, 128, 255, 255}, along_u[4] = {218, 128, 218, 255},
                  along_v[4] = {128, 190, 237, 255};
    double got[2][2], error;
    for (int side = 0; side < 2; side++)
        for (int k = 0; k < 2; k++) {
            fx_scene s;
            fx_begin(&s);
            s.weather.sun_elevation_rad = -0.6;
            bt_material m = diffuse(&s, 0.5), lamp = diffuse(&s, 0.0);
            m.bump = 1.0f;
            m.texture_normal = image(&s, k == 0 ? flat : side ? along_v : along_u, 1, 1, false);
            lamp.emission = fx_flat(&s, 1.0);
            lamp.emission_scale = 1e4f;
            square(&s, fx_material(&s, "square", m), 0.0, side == 1);
            // shines towards the square from (10, 0, 10)
            fx_static(&s,
                      fx_quad(&s, fx_material(&s, "lamp", lamp), (bt_vec3){10, -0.1, 10},
                              (bt_vec3){-0.1, 0, 0.1}, (bt_vec3){0, 0.2, 0}),
                      0, 0, 0);
            got[side][k] =
                seen(&s, (bt_vec3){0, 0, 5}, (bt_vec3){0, 0.001, 0}, fx_view(8, 8, 4000.0),
                     (bt_render_settings){.samples = 256}, &error);
        }
    // the lamp stands over x; u of the front and v of the back run along x, and what leans towards it
    // in front leans away behind
    double lamp = atan2(9.95, 10.05), flat_lean = atan2(0.5, 127.5);
    double front = atan2(218 - 127.5, 218 - 127.5), back = -atan2(190 - 127.5, 237 - 127.5);
    double want[2] = {cos(lamp - front) / cos(lamp - flat_lean),
                      cos(lamp - back) / cos(lamp + flat_lean)};
    for (int side = 0; side < 2; side++) {
        printf("leaning normal: %.4f, want %.4f\n", got[side][1] / got[side][0], want[side]);
        CHECK_NEAR(got[side][1] / got[side][0], want[side], 0.002); // the square is not a point
    }
}

// ---- light --------------------------------------------------------------------------------------
// A lamp lit in one half by its image is a lamp of half the size: asked, met, and as a closed form.
static void test_emission(void)
{
    uint8_t half[8 * 4];
    for (size_t i = 0; i < 8; i++)
        memset(half + 4 * i, i < 4 ? 0 : 255, 4);
    double got[3], error[3];
    for (int k = 0; k < 3; k++) {
        fx_scene s;
        fx_begin(&s);
        s.weather.sun_elevation_rad = -0.6;
        square(&s, fx_material(&s, "ground", diffuse(&s, 0.5)), 0.0, false);
        bt_material lamp = diffuse(&s, 0.0);
        lamp.emission = fx_flat(&s, 1.0);
        lamp.emission_scale = 1.0f;
        if (k < 2) lamp.texture_emission = image(&s, half, 8, 1, true);
        // front down; uv run 0..1 along y and along x
        fx_static(&s,
                  fx_quad(&s, fx_material(&s, "lamp", lamp), (bt_vec3){-0.5, k < 2 ? -0.5 : 0.0, 1},
                          (bt_vec3){0, k < 2 ? 1 : 0.5, 0}, (bt_vec3){1, 0, 0}),
                  0, 0, 0);
        bt_render_settings settings = {.samples = k == 1 ? 1024 : 128, .scatter_only = k == 1};
        got[k] = seen(&s, (bt_vec3){-0.9, 0, 0.8}, (bt_vec3){0, 0, 0}, fx_view(16, 16, 4000.0),
                      settings, &error[k]);
    }
    // texels at the edge are blended over an eighth: repeated, so lit and dark sides gain alike
    printf("half a lamp: image asked %.4f +- %.4f, met %.4f +- %.4f, half a square %.4f\n", got[0],
           error[0], got[1], error[1], got[2]);
    CHECK(error[0] < 0.006 * got[0] && error[1] < 0.01 * got[1]);
    CHECK_NEAR(got[0], got[1], 4.0 * hypot(error[0], error[1]));
    CHECK_NEAR(got[0], got[2], 0.03 * got[2]); // by the blended edge
}

// ---- holes --------------------------------------------------------------------------------------
// A screen between lamp and ground: `share` of it is there, or by an image the half with x > 0.
static double behind_screen(int kind, double *error)
{
    const uint8_t half[8] = {255, 255, 255, 0, 255, 255, 255, 255};
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    square(&s, fx_material(&s, "ground", diffuse(&s, 0.5)), 0.0, false);
    bt_material lamp = diffuse(&s, 0.0), screen = diffuse(&s, 0.0);
    lamp.emission = fx_flat(&s, 1.0);
    lamp.emission_scale = 1.0f;
    fx_static(&s,
              fx_quad(&s, fx_material(&s, "lamp", lamp), (bt_vec3){-0.5, -0.5, 1},
                      (bt_vec3){0, 1, 0}, (bt_vec3){1, 0, 0}),
              0, 0, 0);
    if (kind == 1) { // uv run 0..1 over the square of side 1
        screen.texture_color = image(&s, half, 2, 1, true);
        screen.alpha = BT_ALPHA_CUT;
        screen.alpha_level = 0.5f;
    } else if (kind == 3) {
        screen.alpha = BT_ALPHA_SHARE;
        screen.alpha_level = 0.25f;
    }
    double width = kind == 2 ? 0.5 : 1.0;
    if (kind > 0)
        fx_static(&s,
                  fx_quad(&s, fx_material(&s, "screen", screen),
                          (bt_vec3){width < 1.0 ? 0.0 : -0.5, -0.5, 0.5}, (bt_vec3){width, 0, 0},
                          (bt_vec3){0, 1, 0}),
                  0, 0, 0);
    bt_vec3 eye = kind == 4 ? (bt_vec3){-0.2, 0.05, 0.9} : (bt_vec3){-0.9, 0, 0.3};
    return seen(&s, eye, (bt_vec3){-0.1, 0.05, 0}, fx_view(16, 16, 4000.0),
                (bt_render_settings){.samples = 256}, error);
}

static void test_holes(void)
{
    double error[4], got[4];
    for (int k = 0; k < 4; k++)
        got[k] = behind_screen(k, &error[k]);
    printf(
        "no screen %.4f, half cut out %.4f +- %.4f, half a screen %.4f +- %.4f, a quarter %.4f\n",
        got[0], got[1], error[1], got[2], error[2], got[3]);
    CHECK(error[1] < 0.01 * got[1]);
    CHECK_NEAR(got[1], got[2], 4.0 * hypot(error[1], error[2]));
    // the screen covers the whole lamp as seen from there
    CHECK_NEAR(got[3], 0.75 * got[0], 4.0 * hypot(error[3], error[0]));
    CHECK(got[1] < 0.9 * got[0]);
}

// Camera rays in packets and rays of labels go through holes to what is behind.
static void test_seen_through(void)
{
    const uint8_t half[8] = {255, 255, 255, 0, 255, 255, 255, 255};
    fx_scene s;
    fx_begin(&s);
    bt_material white = diffuse(&s, 0.8), screen = diffuse(&s, 0.0);
    screen.texture_color = image(&s, half, 2, 1, true);
    screen.alpha = BT_ALPHA_CUT;
    screen.alpha_level = 0.5f;
    square(&s, fx_material(&s, "ground", white), 0.0, false);
    fx_static(&s,
              fx_quad(&s, fx_material(&s, "screen", screen), (bt_vec3){-0.5, -0.5, 0.5},
                      (bt_vec3){1, 0, 0}, (bt_vec3){0, 1, 0}),
              0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 2}, (bt_vec3){0, 0, 0}));
    float down[3] = {0, 0, -1};
    for (int side = 0; side < 2; side++) {
        bt_surface_hit hit;
        float from[3] = {side ? 0.25f : -0.25f, 0.1f, 0.0f};
        // in the snapshot the camera is the origin
        CHECK(bt_stage_trace(s.stage, from, down, 0.5f, &hit));
        CHECK_NEAR(hit.distance_m, side ? 1.5 : 2.0, 1e-3);
    }
    // looking down, the image's columns run along y or x of the square: one half is black
    bt_view v = fx_view(32, 32, 64.0); // half a metre at the screen's distance
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 16}, NULL);
    int dark = 0;
    for (size_t i = 0; i < 32 * 32; i++)
        dark += film->rate_e_s[i] < 0.02f * film->rate_e_s[0] + 0.02f * film->rate_e_s[1023];
    printf("dark pixels: %d of 1024\n", dark);
    CHECK(dark > 450 && dark < 560);
    bt_film_destroy(film);
    fx_end(&s);
}

// ---- bad input ----------------------------------------------------------------------------------
// A lamp without an area is no light; images on a surface whose uv do not vary, or vary wildly, and
// an image that is dark all over, give numbers.
static void test_degenerate(void)
{
    const uint8_t dark[4] = {0, 0, 0, 255}, odd[16] = {0, 255, 9, 0, 255, 0, 0, 9, 8, 7, 0, 255};
    fx_scene s;
    fx_begin(&s);
    bt_material lamp = diffuse(&s, 0.5), m = diffuse(&s, 0.5), unlit = diffuse(&s, 0.5);
    lamp.emission = unlit.emission = fx_flat(&s, 1.0);
    lamp.emission_scale = unlit.emission_scale = 1.0f;
    lamp.texture_emission = image(&s, odd, 2, 2, true);
    unlit.texture_emission = image(&s, dark, 1, 1, true);
    m.kind = BT_MATERIAL_COATED;
    m.texture_color = lamp.texture_emission;
    m.texture_normal = m.texture_surface = image(&s, odd, 2, 2, false);
    m.bump = m.metal = 1.0f;
    uint32_t ground = fx_material(&s, "ground", m);
    static const float positions[12] = {-9, -9, 0, 9, -9, 0, 9, 9, 0, -9, 9, 0};
    static const float uvs[2][8] = {{0}, {3e8f, -3e8f, 1e30f, 7, 0, 1e-30f, -1e30f, 3e38f}};
    static const uint32_t indices[6] = {0, 1, 2, 0, 2, 3};
    bt_slot slot = {ground, BT_CLASS_PROP};
    for (int i = 0; i < 2; i++) {
        bt_mesh_desc desc = {.name = "ground",
                             .positions = positions,
                             .uvs = uvs[i],
                             .vertex_count = 4,
                             .indices = indices,
                             .triangle_count = 2,
                             .slots = &slot,
                             .slot_count = 1};
        uint32_t mesh;
        CHECK_OK(bt_spec_add_mesh(s.spec, &desc, &mesh));
        fx_static(&s, mesh, 18.0 * i, 0, 0);
    }
    fx_static(&s,
              fx_quad(&s, fx_material(&s, "line", lamp), (bt_vec3){0, 0, 1}, (bt_vec3){1, 0, 0},
                      (bt_vec3){0, 0, 0}),
              0, 0, 0);
    fx_static(&s,
              fx_quad(&s, fx_material(&s, "unlit", unlit), (bt_vec3){0, 0, 2}, (bt_vec3){0, 1, 0},
                      (bt_vec3){1, 0, 0}),
              0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){-3, 0, 3}, (bt_vec3){9, 0, 0}));
    CHECK(s.stage->scene.light_count == 0);
    bt_view v = fx_view(32, 32, 32.0);
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 16}, NULL);
    for (size_t i = 0; i < 32 * 32; i++)
        CHECK(isfinite(film->rate_e_s[i]) && film->rate_e_s[i] >= 0.0f);
    bt_film_destroy(film);
    fx_end(&s);
}

int main(void)
{
    test_color();
    test_normal();
    test_emission();
    test_holes();
    test_seen_through();
    test_degenerate();
    skies_clear();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
