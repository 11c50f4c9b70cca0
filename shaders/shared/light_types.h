// light_types.h: the lamps of a snapshot and the tree over them, as C and GLSL store them.
//
// Every triangle that emits, of every thing whose lamps are lit, is a light. The tree: Conty Estevez
// and Kulla 2018, "Importance sampling of many lights with adaptive tree splitting"; engine/render/
// light_tree.c builds it, light_tree.h samples it.
#ifndef BT_SHARED_LIGHT_TYPES_H
#define BT_SHARED_LIGHT_TYPES_H

#include "shaders/shared/portable.h"

// 16 bytes.
STRUCT(bt_light)
{
    uint placed;   // the thing it belongs to
    uint triangle; // of the thing's mesh
    uint trail;    // which child from the root to it, two bits each, the first in the lowest
    uint depth;    // how many of them
};

#define BT_LIGHT_MAX_DEPTH 16u // of nodes above a light: what a trail has room for
#define BT_LIGHT_LEAF 0x80000000u
// 288 bytes: four children, a lane each, so that a walk looks at all of them at once. Lights shine into
// a cone of directions: their normals lie within theta_o of the axis and each shines up to theta_e from
// its normal. Some send most of it within theta_b of the axis. A lane without a child sends nothing.
STRUCT(bt_light_node)
{
    float4 x, y, z, radius2; // of a ball about all below
    float4 axis_x, axis_y, axis_z;
    float4 cos_o, sin_o, cos_e;
    float4 faces_x, faces_y, faces_z; // sum of normals times intensity along them, of all below
    float4 even; // what their intensity is more than that vector's cosine, in the mean of directions
    float4 beam; // intensity within theta_b, besides both, in the mean of directions there
    float4 cos_b, sin_b;
    uint4 link; // the child node; BT_LIGHT_LEAF and the number of a light
};

#endif
