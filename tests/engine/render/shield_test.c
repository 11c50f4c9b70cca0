// shield_test.c: films through glass and through a pupil: what is let through, where it lands, how wide
// it is. The shared functions themselves: tests/sensors/camera/optics/shield_test.c and pupil_test.c.
#include "tests/engine/render/render_fixture.h"

#define INDEX 1.52
#define THICK_M 5e-3

// A flat plate leaning back by 60 degrees, 10 cm ahead.
static void lean_glass(bt_view *v)
{
    bt_shield s = {.on = 1, .index = (float)INDEX, .half_x = 1e9f, .half_y = 1e9f};
    const float turn[9] = {1, 0, 0, 0, 0.5f, 0.8660254f, 0, -0.8660254f, 0.5f};
    memcpy(s.turn, turn, sizeof turn);
    s.offset[1] = -0.1f * 0.8660254f;
    s.offset[2] = -0.1f * 0.5f;
    s.outer.height = (float)THICK_M;
    v->shield = s;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        v->glass[i] = (float)INDEX;
}

// Share of a shining wall's light, with a thin pane of the camera's own car in the way.
static double wall_seen(bool glass, bool own_pane)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    bt_vec3 up = {0, 0, 8}, left = {0, 8, 0};
    uint32_t wall = fx_lamp(&s, "wall", 1.0);
    uint32_t pane = fx_material(&s, "pane",
                                (bt_material){.kind = BT_MATERIAL_GLASS_THIN,
                                              .reflectance = fx_flat(&s, 0.5),
                                              .reflectance2 = BT_NO_SPECTRUM,
                                              .emission = BT_NO_SPECTRUM,
                                              .ior = (float)INDEX});
    fx_static(&s, fx_quad(&s, wall, (bt_vec3){4, -4, -4}, up, left), 0, 0, 0);
    if (own_pane) s.camera = fx_actor(&s, fx_quad(&s, pane, (bt_vec3){1, -4, -4}, up, left));
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 0}, (bt_vec3){1, 0, 0}));
    bt_view v = fx_view(16, 16, 4000.0);
    if (glass) lean_glass(&v);
    bt_render_settings settings = {.samples = 64};
    bt_film *film = fx_render(&s, &v, &settings, NULL);
    double mean = fx_mean(film, 0);
    bt_film_destroy(film);
    fx_end(&s);
    return mean;
}

static void test_light(void)
{
    // both polarisations through two faces at 60 degrees
    double inside = sqrt(1.0 - 0.75 / (INDEX * INDEX));
    double s = (0.5 - INDEX * inside) / (0.5 + INDEX * inside);
    double p = (0.5 * INDEX - inside) / (0.5 * INDEX + inside);
    double want = 0.5 * (pow(1.0 - s * s, 2.0) + pow(1.0 - p * p, 2.0));
    double open = wall_seen(false, false), glass = wall_seen(true, false);
    double own = wall_seen(true, true), doubled = wall_seen(false, true);
    printf("through glass %.4f, closed form %.4f; with the car's own pane %.4f, that alone %.4f\n",
           glass / open, want, own / open, doubled / open);
    CHECK_NEAR(glass / open, want, 1e-3); // the field is 0.2 degrees: 60 +- 0.1
    CHECK_NEAR(own / open, glass / open, 1e-5);
    CHECK(doubled / open < 0.5);
}

// Centre and variance along each axis of what a film shows, pixels.
typedef struct spot {
    double x, y, xx, yy;
} spot;

static spot spot_of(const bt_view *v, uint32_t samples)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    uint32_t lamp = fx_lamp(&s, "lamp", 1.0);
    const double half = 1e-4, d = 0.5;
    fx_static(&s,
              fx_quad(&s, lamp, (bt_vec3){d, -half, -half}, (bt_vec3){0, 0, 2 * half},
                      (bt_vec3){0, 2 * half, 0}),
              0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 0}, (bt_vec3){1, 0, 0}));
    bt_render_settings settings = {.samples = samples};
    bt_film *film = fx_render(&s, v, &settings, NULL);
    double sum = 0.0;
    spot m = {0};
    for (uint32_t i = 0; i < v->width_px * v->height_px; i++) {
        double x = i % v->width_px, y = (double)(i / v->width_px), e = (double)film->rate_e_s[i];
        sum += e;
        m.x += e * x;
        m.y += e * y;
        m.xx += e * x * x;
        m.yy += e * y * y;
    }
    bt_film_destroy(film);
    fx_end(&s);
    m.x /= sum;
    m.y /= sum;
    return (spot){m.x, m.y, m.xx / sum - m.x * m.x, m.yy / sum - m.y * m.y};
}

// A speck half a metre away, the lens focused at 5 m: a disc of diameter c has a variance of c^2 / 16
// along each axis; its own size of 1.6 px and the pixel add a square's.
static void test_blur(void)
{
    bt_view v = fx_view(32, 32, 4000.0);
    v.pupil = (bt_pupil){.radius_m = 1.225e-3f, .focus_m = 5.0f};
    double c_px = 4000.0 * 2.45e-3 * (5.0 - 0.5) / (0.5 * 5.0);
    double want = c_px * c_px / 16.0 + (1.6 * 1.6 + 1.0) / 12.0;
    spot got = spot_of(&v, 2048);
    printf("blur %.3f %.3f px^2, closed form %.3f\n", got.xx, got.yy, want);
    // 5000 samples meet the speck: three standard errors of a disc's variance
    CHECK_NEAR(got.xx, want, 0.045 * want);
    CHECK_NEAR(got.yy, want, 0.045 * want);
    v.pupil.focus_m = 0.5f;
    got = spot_of(&v, 2048);
    CHECK_NEAR(got.xx, (1.6 * 1.6 + 1.0) / 12.0, 0.1); // of few pixels
}

// The plate lifts what is seen through it: 2.6 mm at half a metre is 20.8 px at f = 4000.
static void test_shift(void)
{
    bt_view v = fx_view(64, 64, 4000.0);
    spot without = spot_of(&v, 256);
    lean_glass(&v);
    spot with = spot_of(&v, 256);
    double want = THICK_M * 0.8660254 * (1.0 - 0.5 / sqrt(INDEX * INDEX - 0.75)) / 0.5 * 4000.0;
    printf("shift %.3f px, closed form %.3f\n", with.y - without.y, want);
    CHECK_NEAR(fabs(with.y - without.y), want, 0.25); // edges within pixels
    CHECK_NEAR(with.x, without.x, 0.1);
}

int main(void)
{
    test_light();
    test_blur();
    test_shift();
    return check_end();
}
