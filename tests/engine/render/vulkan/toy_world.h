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

// A board with an image of coloured squares, of which every other is a hole, or half of one.
static inline uint32_t toy_fence(fx_scene *s, uint32_t alpha)
{
    uint8_t rgba[8 * 8 * 4];
    for (int i = 0; i < 64; i++) {
        uint8_t texel[4] = {(uint8_t)(4 * i), 200, 90, (i ^ i >> 3) & 1 ? 255 : 40};
        memcpy(rgba + 4 * i, texel, sizeof texel);
    }
    bt_texture_desc desc = {
        .name = "fence", .rgba = rgba, .width_px = 8, .height_px = 8, .color = true};
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(s, 0.8),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = BT_NO_SPECTRUM,
                     .alpha = alpha,
                     .alpha_level = alpha == BT_ALPHA_CUT ? 0.5f : 0.8f};
    CHECK_OK(bt_spec_add_texture(s->spec, &desc, &m.texture_color));
    return fx_material(s, alpha == BT_ALPHA_CUT ? "fence" : "veil", m);
}

// A strip that stands on its foot and bends over towards its tip.
#define TOY_ROWS 9u
static inline void toy_reed(fx_scene *s, uint32_t material)
{
    float positions[6 * TOY_ROWS], normals[6 * TOY_ROWS] = {0}, *p = positions;
    uint32_t indices[6 * (TOY_ROWS - 1)], *at = indices;
    bt_skin_vertex skin[2 * TOY_ROWS];
    for (uint32_t i = 0; i < 2 * TOY_ROWS; i++) {
        float up = (float)(i / 2) / (float)(TOY_ROWS - 1);
        normals[3 * i] = -1.0f;
        *p++ = 0.0f;
        *p++ = i % 2 ? 0.25f : -0.25f;
        *p++ = 1.2f * up;
        skin[i] = (bt_skin_vertex){{0, 1, 0, 0}, {1.0f - up, up, 0.0f, 0.0f}};
    }
    for (uint32_t i = 0; i + 2 < 2 * TOY_ROWS; i += 2) {
        uint32_t six[6] = {i, i + 1, i + 2, i + 1, i + 3, i + 2};
        memcpy(at, six, sizeof six);
        at += 6;
    }
    bt_slot slot = {material, BT_CLASS_PROP};
    bt_mesh_desc mesh = {.name = "reed",
                         .positions = positions,
                         .normals = normals,
                         .vertex_count = 2 * TOY_ROWS,
                         .indices = indices,
                         .triangle_count = 2 * (TOY_ROWS - 1),
                         .slots = &slot,
                         .slot_count = 1};
    bt_part_desc parts[2] = {
        {.name = "foot", .parent = BT_NO_INDEX, .rest = BT_POSE_IDENTITY, .channel = -1},
        {.name = "tip", .mesh = BT_NO_INDEX, .parent = 0, .rest = BT_POSE_IDENTITY}};
    CHECK_OK(bt_spec_add_mesh(s->spec, &mesh, &parts[0].mesh));
    parts[0].skin = skin;
    parts[0].skin_count = 2 * TOY_ROWS;
    parts[1].axis = (bt_vec3){1, 0, 0};
    parts[1].channel = BT_CHANNEL_TAIL;
    bt_cuboid_desc cuboid = {BT_CLASS_PROP, BT_NO_INDEX, {0, 0, 0}, {1, 1, 1}};
    bt_model_desc desc = {.name = "reed",
                          .class_id = BT_CLASS_PROP,
                          .parts = parts,
                          .part_count = 2,
                          .cuboids = &cuboid,
                          .cuboid_count = 1};
    uint32_t model, actor;
    CHECK_OK(bt_spec_add_model(s->spec, &desc, &model));
    CHECK_OK(bt_spec_add_actor(s->spec, model, "reed", BT_CLASS_PROP, &actor));
}

// A patterned ground, one ball of each kind of material, a pane, two fences, a moving ball,
// a bending reed, two lamps.
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
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t fence = toy_fence(s, i ? BT_ALPHA_CUT : BT_ALPHA_SHARE);
        fx_static(s,
                  fx_quad(s, fence, (bt_vec3){4.2, 1, 0}, (bt_vec3){0, 1, 0}, (bt_vec3){0, 0, 1}),
                  0.4 * i, 0.8 * i, 0);
    }
    uint32_t lamp = toy_lamp(s, lamp_radiance);
    fx_static(s, fx_quad(s, lamp, (bt_vec3){6, -1, 3}, (bt_vec3){0, 0.3, 0}, (bt_vec3){0.3, 0, 0}),
              0, 0, 0);
    fx_static(s, fx_quad(s, lamp, (bt_vec3){9, 3, 1}, (bt_vec3){0, 0, 0.3}, (bt_vec3){0, 0.3, 0}),
              0, 0, 0);
    fx_actor(s, fx_sphere(s, fx_plain(s, "gloss", BT_MATERIAL_COATED, 0.5, 0.2f), 0.4, 12));
    toy_reed(s, fx_plain(s, "reed", BT_MATERIAL_DIFFUSE, 0.6, 0.3f));
}

static inline void toy_place(fx_scene *s)
{
    bt_actor_pose at[2][FX_MAX_ACTORS];
    memset(at, 0, sizeof at);
    for (int k = 0; k < 2; k++) {
        at[k][0].world_from_actor = fx_look((bt_vec3){0, 0, 1.4}, (bt_vec3){6, 0, 0.7});
        at[k][0].world_from_actor.pos.x = 0.5 * k;
        at[k][1].world_from_actor =
            (bt_pose){{4.5, 2.5 * k - 1.0, 0.6}, k ? (bt_quat){0, 0, 0, 1} : BT_QUAT_IDENTITY};
        at[k][2].world_from_actor = (bt_pose){{4.0, -0.6 + 0.2 * k, 0.0}, BT_QUAT_IDENTITY};
        at[k][2].channel_rad[BT_CHANNEL_TAIL] = 1.2 * k - 0.6;
    }
    fx_place_poses(s, at[0], at[1], 200 * BT_NS_PER_MS, 800 * BT_NS_PER_MS);
}

static inline bt_view toy_view(void)
{
    bt_view v = fx_view(TOY_WIDTH, TOY_HEIGHT, 0.9 * TOY_WIDTH);
    v.exposure_ns = 2e8;
    v.row_time_ns = 5e6;
    v.filter_sigma_px = 0.45f;
    v.plane_count = 2; // a long exposure, and a short one within it
    v.planes[0] = (bt_view_plane){0.0, 2e8, 1.0f};
    v.planes[1] = (bt_view_plane){0.5e8, 4e7, 0.5f};
    v.band_count = 3;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        for (int b = 0; b < 3; b++)
            v.response[b][i] = i / 27 == 2 - b ? 1.0f : 0.1f;
    return v;
}

#endif
