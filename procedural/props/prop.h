// prop.h: street furniture and barriers as meshes, made once and instanced.
//
// A prop's frame: origin on the ground, z up, x towards the street it stands beside (a lamp's arm and
// a bench's front point along +x). Modules (fences, rails) run along y, centred, module_m long.
#ifndef BT_PROCEDURAL_PROP_H
#define BT_PROCEDURAL_PROP_H

#include "engine/scene/spec.h"

typedef enum bt_prop_kind {
    BT_PROP_LAMP_STREET,   // 8 m, one arm
    BT_PROP_LAMP_POST,     // 4.5 m, lantern on top
    BT_PROP_LAMP_MOTORWAY, // 11 m, long arm
    BT_PROP_UTILITY_POLE,  // wood, cross-arm, insulators
    BT_PROP_DELINEATOR,
    BT_PROP_BOLLARD,
    BT_PROP_BIN,
    BT_PROP_WHEELED_BIN,
    BT_PROP_BENCH,
    BT_PROP_MAILBOX,
    BT_PROP_CABINET, // grey box of the telephone company
    BT_PROP_HYDRANT,
    BT_PROP_CONE,
    BT_PROP_DRUM,    // of road works: a barrel with reflecting bands
    BT_PROP_TRESTLE, // a barred board on feet, 2 m, across the way along x
    BT_PROP_MANHOLE,
    BT_PROP_DRAIN,            // grating beside the kerb
    BT_PROP_GUARD_RAIL,       // module 4 m
    BT_PROP_CONCRETE_BARRIER, // module 3 m
    BT_PROP_NOISE_WALL,       // module 4 m, 4 m high
    BT_PROP_NOISE_WALL_LOW,   // the same, 2.5 m high: where one begins
    BT_PROP_FENCE_PLANK,      // module 2.4 m, close boards
    BT_PROP_FENCE_PICKET,     // module 2.4 m, pales
    BT_PROP_FENCE_BARS,       // module 2.5 m, metal
    BT_PROP_FENCE_RAIL,       // module 3 m, field fence: posts and two rails
    BT_PROP_WALL,             // module 3 m, low garden wall
    BT_PROP_BUS_SHELTER,
    BT_PROP_KIND_COUNT
} bt_prop_kind;

typedef struct bt_prop {
    uint32_t mesh;
    bt_class class_id;
    double radius_m; // of its foot, for keeping clear
    double height_m;
    double module_m; // 0: stands alone
    const char *name;
} bt_prop;

BT_CHECKED bt_status bt_prop_build(bt_spec *spec, bt_prop_kind kind, bt_prop *prop);

// Wires between two utility poles' feet poses, hanging in catenaries; in world coordinates about
// `from`'s position. Three wires at the cross-arm.
BT_CHECKED bt_status bt_prop_wires_build(bt_spec *spec, bt_pose from, bt_pose to, double slack,
                                         uint32_t *mesh);

// A plain body of the given size for objects of map files: a box about z 0..height.
BT_CHECKED bt_status bt_prop_block_build(bt_spec *spec, const char *material, bt_class class_id,
                                         double length_m, double width_m, double height_m,
                                         uint32_t *mesh);
// A broken piece of something, within a box of this size on z = 0; its shape from (seed, index).
BT_CHECKED bt_status bt_prop_lump_build(bt_spec *spec, const char *material, bt_class class_id,
                                        const double size_m[3], uint64_t seed, uint32_t index,
                                        uint32_t *mesh);
BT_CHECKED bt_status bt_prop_post_build(bt_spec *spec, const char *material, bt_class class_id,
                                        double radius_m, double height_m, uint32_t *mesh);

#endif
