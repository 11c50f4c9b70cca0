// eye.h: an actor to carry a camera: one part, nothing to be seen.
#ifndef BT_TESTS_EYE_H
#define BT_TESTS_EYE_H

#include "engine/scene/spec.h"

static inline bt_status eye_add(bt_spec *spec, uint32_t *actor)
{
    bt_part_desc part = {.name = "mount",
                         .mesh = BT_NO_INDEX,
                         .parent = BT_NO_INDEX,
                         .rest = BT_POSE_IDENTITY,
                         .channel = -1};
    bt_cuboid_desc cuboid = {BT_CLASS_EGO, BT_NO_INDEX, {0, 0, 0}, {1, 1, 1}};
    bt_model_desc desc = {.name = "camera",
                          .class_id = BT_CLASS_EGO,
                          .parts = &part,
                          .part_count = 1,
                          .cuboids = &cuboid,
                          .cuboid_count = 1};
    uint32_t model;
    bt_status status = bt_spec_add_model(spec, &desc, &model);
    return status != BT_OK ? status : bt_spec_add_actor(spec, model, "camera", BT_CLASS_EGO, actor);
}

#endif
