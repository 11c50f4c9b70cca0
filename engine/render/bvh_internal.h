// bvh_internal.h: what bvh.c and bvh_scene.c share. Include last.
#ifndef BT_RENDER_BVH_INTERNAL_H
#define BT_RENDER_BVH_INTERNAL_H

#include "engine/render/bvh.h"
#include "engine/render/internal.h"

#define BT_BVH_LEAF_TRIANGLES 4 // at most, of 8 that the layout has room for: chosen

// A tree under construction: its leaves hold numbers of primitives.
typedef struct bt_bvh_build {
    RTCBVH builder;
    struct RTCBuildPrimitive *primitives;
    uint32_t count;
    uint32_t leaf_most; // primitives in a leaf
    bt_bvh *out;
    // Turns a leaf into what a node says of it, appending to `out` what it holds.
    bt_status (*leaf)(struct bt_bvh_build *build, const uint32_t *primitives, uint32_t count,
                      uint32_t *child);
    const void *context;
} bt_bvh_build;

// Appends the tree of the primitives to build->out: its first node, BT_NONE when there are none, and
// the stack that a walk through it needs.
BT_CHECKED bt_status bt_bvh_build_tree(RTCDevice device, bt_bvh_build *build, uint32_t *root,
                                       uint32_t *stack);

void bt_bvh_box_clear(bt_bvh_box *box);
void bt_bvh_box_add(bt_bvh_box *box, const float point[3]);

#endif
