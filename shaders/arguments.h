// arguments.h: what kernels over a scene are given (engine/render/vulkan/arguments.h is the host's
// side). GLSL only.
#ifndef BT_SHADERS_ARGUMENTS_H
#define BT_SHADERS_ARGUMENTS_H

#include "shaders/shared/portable.h"

#include "shaders/shared/eye.h"
#include "shaders/shared/traverse.h"
#include "shaders/wave.h"

struct bt_sample_place { // 8 bytes
    uint pixel;          // x in the low half, y in the high
    uint number;
};
layout(buffer_reference, std430, buffer_reference_align = 8) readonly buffer bt_sample_place_buffer
{
    bt_sample_place at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) writeonly buffer bt_rates_buffer
{
    float4 at[];
};
// What keeps still as the device's own ray tracing holds it: an instance for each thing, whose geometries
// are its mesh's opaque triangles, its panes and its holes (BT_BVH_*).
struct bt_still {
    uvec2 top;                // address of the acceleration structure
    bt_uint_buffer firsts;    // (meshes x 3) where each geometry's primitives begin among
    bt_uint_buffer triangles; // the mesh's triangle that each is
};

layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_path_arguments
{
    bt_scene_ref scene;
    bt_bvh_ref bvh; // where there is bt_still, its things are those that move
    bt_still still;
    bt_eye eye;
    bt_path_setup setup;
    bt_sample_place_buffer samples;
    bt_rates_buffer rates;
    bt_wave wave;
    uint count;
};

#endif
