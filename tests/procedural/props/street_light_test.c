// street_light_test.c: a town's street under its lamps as the renderer has it, against the classes of
// EN 13201-2 for streets of towns: C3 15 lx, C2 20 lx on the mean over the carriageway, least over mean 0.4.
// (The classes' figures are from memory.)
//
// A carriageway of 7 m, walks of 3.5 m, walls of 8 m on both sides; lamps of 8 m each 58 m on one side and in
// between on the other, as placement puts them. Illuminance is pi / reflectance of the luminance, light that
// street and walls send on to each other included.
#include "engine/scene/material_lua.h"
#include "engine/spectrum/spectrum.h"
#include "procedural/props/prop.h"
#include "tests/engine/render/render_fixture.h"

#define STREET 0.1 // reflectance
#define WALL 0.4
#define SPACING_M 58.0
#define TO_WALL_M 7.0

static void add_lamps(fx_scene *s)
{
    bt_prop lamp;
    CHECK_OK(bt_prop_build(s->spec, BT_PROP_LAMP_STREET, &lamp));
    for (int k = -3; k <= 3; k++) {
        double yaw = k % 2 == 0 ? 0.0 : BT_PI; // the arm is over the street
        bt_pose pose = {{k % 2 == 0 ? -4.1 : 4.1, 0.5 * SPACING_M * k, 0.0},
                        bt_quat_yaw_pitch_roll(yaw, 0.0, 0.0)};
        CHECK_OK(bt_spec_add_static(s->spec, lamp.mesh, pose, 1.0, 0));
    }
}

static void add_street(fx_scene *s)
{
    uint32_t street = fx_plain(s, "test street", BT_MATERIAL_DIFFUSE, STREET, 0.0f);
    uint32_t wall = fx_plain(s, "test wall", BT_MATERIAL_DIFFUSE, WALL, 0.0f);
    double x = TO_WALL_M, y = 100.0;
    fx_static(
        s, fx_quad(s, street, (bt_vec3){-x, -y, 0}, (bt_vec3){2 * x, 0, 0}, (bt_vec3){0, 2 * y, 0}),
        0, 0, 0);
    for (int side = -1; side <= 1; side += 2) // fronts face each other
        fx_static(s,
                  fx_quad(s, wall, (bt_vec3){side * x, side * y, 0}, (bt_vec3){0, -2 * side * y, 0},
                          (bt_vec3){0, 0, 8.0}),
                  0, 0, 0);
}

// A view whose band is the eye's: its rates are cd/m2.
static bt_view eyes_view(uint32_t width_px, uint32_t height_px, double focal_px)
{
    bt_view v = fx_view(width_px, height_px, focal_px);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        float one[BT_SPECTRUM_BINS] = {0};
        one[i] = 1.0f;
        v.response[0][i] = (float)(bt_spectrum_luminance_cd_m2(one) / (double)BT_SPECTRUM_STEP_NM);
    }
    return v;
}

// cd/m2 of what an eye sees that looks at a place from another one.
static bt_film *look(bt_pose eye, const bt_view *view, uint32_t samples)
{
    fx_scene s;
    fx_begin(&s);
    CHECK_OK(bt_material_sheet_load(s.spec, "assets/materials/street.lua"));
    s.weather.sun_elevation_rad = -0.6;
    s.weather.dusk_lamps = true;
    s.weather.hour = 21.0;
    add_lamps(&s);
    add_street(&s);
    fx_compile(&s);
    fx_place_still(&s, eye);
    bt_film *film = fx_render(&s, view, &(bt_render_settings){.samples = samples}, NULL);
    fx_end(&s);
    return film;
}

static double row_mean(const bt_film *film, uint32_t row)
{
    double sum = 0.0;
    for (uint32_t x = 0; x < film->width_px; x++)
        sum += (double)film->rate_e_s[row * film->width_px + x];
    return sum / film->width_px;
}

// From 6 m above its middle, below the lamps: half a spacing, where one side's lamp is at one end.
static void test_road(void)
{
    bt_view view = eyes_view(29, 7, 6.0);
    bt_pose eye = fx_look((bt_vec3){0, 14.5, 6.0}, (bt_vec3){0, 14.5, 0.0});
    bt_film *film = look(eye, &view, 256);
    double sum = 0.0, least = HUGE_VAL;
    for (uint32_t i = 0; i < 29 * 7; i++) {
        double lux = (double)film->rate_e_s[i] * BT_PI / STREET;
        sum += lux;
        least = fmin(least, lux);
    }
    double mean = sum / (29 * 7);
    printf("road: %.1f lx, least over mean %.2f\n", mean, least / mean);
    CHECK(mean > 15.0 && mean < 25.0 && least / mean > 0.4);
    bt_film_destroy(film);
}

// Opposite walls, 29 m of them: rows of a metre, from 8 m down.
static void test_walls(void)
{
    bt_view view = eyes_view(29, 8, TO_WALL_M);
    bt_pose eye = fx_look((bt_vec3){0, 14.5, 4.0}, (bt_vec3){TO_WALL_M, 14.5, 4.0});
    bt_film *film = look(eye, &view, 256);
    double lux[8];
    for (uint32_t row = 0; row < 8; row++) {
        lux[row] = row_mean(film, row) * BT_PI / WALL;
        printf("wall at %.1f m: %.2f lx, %.2f cd/m2\n", 7.5 - row, lux[row],
               lux[row] * WALL / BT_PI);
    }
    CHECK(lux[6] > 3.0 && lux[6] < 12.0); // eyes' height
    CHECK(lux[0] > 0.5 && lux[0] < lux[4]);
    bt_film_destroy(film);
}

int main(void)
{
    test_road();
    test_walls();
    return check_end();
}
