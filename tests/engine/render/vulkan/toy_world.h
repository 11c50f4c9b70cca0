// toy_world.h: a small world with one of everything, and a camera for it.
#ifndef BT_TESTS_TOY_WORLD_H
#define BT_TESTS_TOY_WORLD_H

#include "tests/engine/render/render_fixture.h"

#define TOY_WIDTH 32
#define TOY_HEIGHT 20

static inline uint32_t toy_lamp(fx_scene *s, double radiance)
{
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(s, 0.1),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = fx_flat(s, 1.0),
                     .emission_scale = (float)radiance};
    return fx_material(s, "lamp", m);
}

// A patterned ground, one ball of each kind of material, a pane, a moving ball, two lamps.
static inline void toy_fill(fx_scene *s, double lamp_radiance)
{
    bt_material road = {.kind = BT_MATERIAL_COATED,
                        .pattern = BT_PATTERN_ASPHALT,
                        .reflectance = fx_flat(s, 0.1),
                        .reflectance2 = fx_flat(s, 0.05),
                        .emission = BT_NO_SPECTRUM,
                        .roughness = 0.8f,
                        .roughness2 = 0.5f,
                        .strength = 0.5f,
                        .bump = 0.5f,
                        .wear = 0.5f};
    uint32_t asphalt = fx_material(s, "asphalt", road);
    fx_static(
        s, fx_quad(s, asphalt, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
        0, 0, 0);
    for (uint32_t kind = 0; kind < BT_MATERIAL_KIND_COUNT; kind++) {
        char name[16];
        snprintf(name, sizeof name, "kind %u", kind);
        uint32_t material = fx_plain(s, name, kind, 0.5, 0.3f);
        fx_static(s, fx_sphere(s, material, 0.45, 12), 5.0 + 1.1 * (kind / 3),
                  1.1 * (kind % 3) - 1.1, 0.5);
    }
    uint32_t pane = fx_plain(s, "pane", BT_MATERIAL_GLASS_THIN, 0.8, 0.0f);
    fx_static(s, fx_quad(s, pane, (bt_vec3){4, -2, 0}, (bt_vec3){0, 2, 0}, (bt_vec3){0.2, 0, 2}), 0,
              0, 0);
    uint32_t lamp = toy_lamp(s, lamp_radiance);
    fx_static(s, fx_quad(s, lamp, (bt_vec3){6, -1, 3}, (bt_vec3){0, 0.3, 0}, (bt_vec3){0.3, 0, 0}),
              0, 0, 0);
    fx_static(s, fx_quad(s, lamp, (bt_vec3){9, 3, 1}, (bt_vec3){0, 0, 0.3}, (bt_vec3){0, 0.3, 0}),
              0, 0, 0);
    fx_actor(s, fx_sphere(s, fx_plain(s, "gloss", BT_MATERIAL_COATED, 0.5, 0.2f), 0.4, 12));
}

static inline void toy_place(fx_scene *s)
{
    bt_pose from[2] = {fx_look((bt_vec3){0, 0, 1.4}, (bt_vec3){6, 0, 0.7}),
                       {{4.5, -1.0, 0.6}, {1, 0, 0, 0}}};
    bt_pose to[2] = {from[0], {{4.5, 1.5, 0.6}, {0, 0, 0, 1}}};
    to[0].pos.x += 0.5;
    fx_place(s, from, to, 200 * BT_NS_PER_MS, 800 * BT_NS_PER_MS);
}

static inline bt_view toy_view(void)
{
    bt_view v = fx_view(TOY_WIDTH, TOY_HEIGHT, 0.9 * TOY_WIDTH);
    v.exposure_ns = 2e8;
    v.row_time_ns = 5e6;
    v.filter_sigma_px = 0.45f;
    v.band_count = 3;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        for (int b = 0; b < 3; b++)
            v.response[b][i] = i / 27 == 2 - b ? 1.0f : 0.1f;
    return v;
}

#endif
