// glass_test.c: light through a slab of solid glass, clear and tinted, against the closed form.
#include "tests/engine/render/render_fixture.h"

#define THICK_M 0.02
#define INDEX 1.5

// Radiance of a wall behind a slab, over the wall's own, seen along the normal.
static double slab_seen(double tint, double tint_depth_m)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    bt_material glass = {.kind = BT_MATERIAL_DIELECTRIC,
                         .reflectance = fx_flat(&s, tint),
                         .reflectance2 = BT_NO_SPECTRUM,
                         .emission = BT_NO_SPECTRUM,
                         .ior = (float)INDEX,
                         .tint_depth_m = (float)tint_depth_m};
    uint32_t wall = fx_lamp(&s, "wall", 1.0), pane = fx_material(&s, "glass", glass);
    bt_vec3 up = {0, 0, 4}, left = {0, 4, 0};
    fx_static(&s, fx_quad(&s, wall, (bt_vec3){2, -2, -2}, up, left), 0, 0, 0);
    fx_static(&s, fx_quad(&s, pane, (bt_vec3){1, -2, -2}, up, left), 0, 0, 0);
    fx_static(&s, fx_quad(&s, pane, (bt_vec3){1 + THICK_M, -2, -2}, left, up), 0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 0}, (bt_vec3){1, 0, 0}));
    bt_view v = fx_view(16, 16, 4000.0);
    bt_render_settings settings = {.samples = 256, .max_depth = 16};
    bt_film *film = fx_render(&s, &v, &settings, NULL);
    double mean = fx_mean(film, 0) / FX_SPAN_NM;
    bt_film_destroy(film);
    fx_end(&s);
    return mean;
}

// All reflections within the slab: what one surface reflects, and what one passage leaves.
static double slab_passes(double left)
{
    double r = (INDEX - 1.0) / (INDEX + 1.0);
    r *= r;
    return (1.0 - r) * (1.0 - r) * left / (1.0 - r * r * left * left);
}

int main(void)
{
    const double depths[3] = {0.01, 0.02, 0.1};
    double clear = slab_seen(1.0, 0.0);
    printf("clear: %.4f, closed form %.4f\n", clear, slab_passes(1.0));
    CHECK_NEAR(clear, slab_passes(1.0), 0.005);
    for (int i = 0; i < 3; i++) {
        double want = slab_passes(pow(0.6, THICK_M / depths[i]));
        double got = slab_seen(0.6, depths[i]);
        printf("0.6 left after %.2f m: %.4f, closed form %.4f\n", depths[i], got, want);
        CHECK_NEAR(got, want, 0.006);
    }
    return check_end();
}
