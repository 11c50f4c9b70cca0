// tables.h: read-only float tables behind one name: a pointer in C, an offset into one pool in GLSL,
// whose address is a push constant, beside that of the kernel's own arguments and its turn.
#ifndef BT_SHARED_TABLES_H
#define BT_SHARED_TABLES_H

#include "shaders/shared/portable.h"

#if defined(VULKAN)
#define BT_FLOATS uint
layout(buffer_reference, std430, buffer_reference_align = 4) readonly buffer bt_float_buffer
{
    float at[];
};
layout(buffer_reference, std430, buffer_reference_align = 4) readonly buffer bt_word_buffer
{
    uint at[];
};
layout(push_constant) uniform bt_push_block
{
    uvec2 tables, arguments; // addresses
    uint turn;               // how often a kernel that is run again and again ran before
}
bt_push;
#define floats_at(table, i) bt_float_buffer(bt_push.tables).at[(table) + (i)]
// Whole numbers that the pool begins with: the sampler's (sampler.h).
#define pool_word(i) bt_word_buffer(bt_push.tables).at[i]
#define floats_from(table, i) ((table) + (i))
#else
#define BT_FLOATS const float *
#define floats_at(table, i) ((table)[i])
#define floats_from(table, i) ((table) + (i))
#endif

#endif
