// parity_test.comp: the group of functions that its module is for, on one item per invocation.
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require

#include "shaders/arguments.h"

layout(local_size_x = 64) in;
layout(constant_id = 0) const uint parity_asked = 0u;

#include "tests/engine/render/vulkan/parity.h"

layout(buffer_reference, std430, buffer_reference_align = 16) writeonly buffer results
{
    bt_parity at[];
};
layout(buffer_reference, std430, buffer_reference_align = 8) readonly buffer parity_arguments
{
    bt_path_arguments scene;
    results answers;
    uint first, count;
};

void main()
{
    parity_arguments a = parity_arguments(bt_push.arguments);
    uint i = gl_GlobalInvocationID.x;
    if (i < a.count)
        a.answers.at[i] = parity_group(a.scene.scene, a.scene.bvh, a.scene.eye, a.first + i);
}
