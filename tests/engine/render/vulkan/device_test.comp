// device_test.comp: adds a variant's number and a table's first entry to each of its numbers.
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require

#include "shaders/shared/portable.h"

#include "shaders/shared/tables.h"

layout(local_size_x = 64) in;
layout(constant_id = 0) const uint variant = 0u;

layout(buffer_reference, std430, buffer_reference_align = 4) buffer numbers
{
    float at[];
};
layout(buffer_reference, std430, buffer_reference_align = 8) readonly buffer arguments
{
    numbers data;
    uint count;
};

void main()
{
    arguments a = arguments(bt_push.arguments);
    uint i = gl_GlobalInvocationID.x;
    if (i < a.count) a.data.at[i] = a.data.at[i] + to_f(variant) + floats_at(0u, 0u);
}
