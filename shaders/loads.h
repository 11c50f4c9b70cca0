// loads.h: what rays carry through the device's own ray tracing, and what they meet there. GLSL only.
#ifndef BT_SHADERS_LOADS_H
#define BT_SHADERS_LOADS_H

#include "shaders/arguments.h"

struct bt_ray_load { // of a ray that looks for the nearest
    float distance;  // negative: it met nothing
    float bary_u, bary_v;
    uint placed, triangle;
};
struct bt_shadow_load {
    float4 open; // what the panes so far leave
    uint panes;
    uint slot; // of its path
    uint met;  // 1: something opaque
};

// The mesh's triangle that a primitive is.
uint bt_still_triangle(bt_path_arguments a, uint placed, uint geometry, uint primitive)
{
    uint mesh = scene_placed(a.scene, placed).mesh;
    return a.still.triangles.at[a.still.firsts.at[3u * mesh + geometry] + primitive];
}

#endif
