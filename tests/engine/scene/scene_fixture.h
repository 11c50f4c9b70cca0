// scene_fixture.h: small scenes for the tests of engine/scene.
#ifndef BT_TESTS_SCENE_FIXTURE_H
#define BT_TESTS_SCENE_FIXTURE_H

#include "engine/scene/world.h"
#include "tests/support/check.h"

#include <string.h>

static inline uint32_t fixture_material(bt_spec *spec, const char *name)
{
    uint32_t index;
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = BT_NO_SPECTRUM,
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = BT_NO_SPECTRUM};
    CHECK_OK(bt_spec_add_material(spec, name, &m, &index));
    return index;
}

static const float fixture_positions[12] = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
static const uint32_t fixture_indices[6] = {0, 1, 2, 0, 3, 1};

// Two triangles, four vertices, faceted, in the xy and the xz plane.
static inline bt_mesh_desc fixture_mesh_desc(const bt_slot *slot)
{
    return (bt_mesh_desc){.name = "corner",
                          .positions = fixture_positions,
                          .vertex_count = 4,
                          .indices = fixture_indices,
                          .triangle_count = 2,
                          .slots = slot,
                          .slot_count = 1};
}

static inline uint32_t fixture_mesh(bt_spec *spec, uint32_t material)
{
    uint32_t mesh;
    bt_slot slot = {material, BT_CLASS_CAR};
    bt_mesh_desc desc = fixture_mesh_desc(&slot);
    CHECK_OK(bt_spec_add_mesh(spec, &desc, &mesh));
    return mesh;
}

// A cart: body, steering joint, wheel on it (0.4 m from the joint, so that it swings), lamp.
static inline uint32_t fixture_cart(bt_spec *spec, uint32_t mesh)
{
    uint32_t model;
    const bt_part_desc parts[] = {
        {.name = "body",
         .mesh = mesh,
         .parent = BT_NO_INDEX,
         .rest = BT_POSE_IDENTITY,
         .channel = -1},
        {.name = "steer",
         .mesh = BT_NO_INDEX,
         .parent = 0,
         .rest = {{2.7, 0.8, 0.3}, {1.0, 0.0, 0.0, 0.0}},
         .axis = {0.0, 0.0, 1.0},
         .channel = BT_CHANNEL_STEER_LEFT},
        {.name = "wheel",
         .mesh = mesh,
         .parent = 1,
         .rest = {{0.4, 0.0, 0.0}, {1.0, 0.0, 0.0, 0.0}},
         .axis = {0.0, 1.0, 0.0},
         .channel = BT_CHANNEL_SPIN_FRONT_LEFT},
        {.name = "lamp",
         .mesh = mesh,
         .parent = 0,
         .rest = {{-1.0, 0.0, 0.5}, {1.0, 0.0, 0.0, 0.0}},
         .channel = -1,
         .lamp_mask = BT_LAMP_BRAKE},
    };
    const bt_cuboid_desc cuboid = {BT_CLASS_CAR, BT_NO_INDEX, {1.35, 0.0, 0.7}, {4.2, 1.8, 1.4}};
    const bt_keypoint_desc keypoint = {"wheel_front_left", 2, {0.0, 0.0, 0.0}};
    const bt_model_desc desc = {.name = "cart",
                                .class_id = BT_CLASS_CAR,
                                .parts = parts,
                                .part_count = 4,
                                .keypoints = &keypoint,
                                .keypoint_count = 1,
                                .cuboids = &cuboid,
                                .cuboid_count = 1};
    CHECK_OK(bt_spec_add_model(spec, &desc, &model));
    return model;
}

#endif
