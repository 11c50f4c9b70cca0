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
    uint trail;    // turns from the root to its leaf, first turn in the lowest bit: 1 goes right
    uint depth;    // how many of them
};

// 64 bytes. Lights shine into a cone of directions: their normals lie within theta_o of the axis and
// each shines up to theta_e from its normal. Some send most of it within theta_b of the axis.
STRUCT(bt_light_node)
{
    float low[3];
    float power; // intensity along their normals, falling with the cosine, of all below
    float high[3];
    uint link; // a leaf's light, or the right child (the left one follows this node)
    float axis[3];
    float cos_o;
    float cos_e;
    uint leaf;  // 1: a leaf
    float beam; // intensity within theta_b, besides `power`
    float cos_b;
};

#endif
