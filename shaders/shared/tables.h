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

// Four numbers that follow each other.
FN float4 floats4_at(BT_FLOATS table, uint i)
{
#if defined(VULKAN)
    return float4(floats_at(table, i), floats_at(table, i + 1u), floats_at(table, i + 2u),
                  floats_at(table, i + 3u));
#else
    float4 four;
    memcpy(&four, table + i, sizeof four);
    return four;
#endif
}

// Of four places in a table the numbers there and those after them.
STRUCT(bt_float_pairs)
{
    float4 first, second;
};
#if !defined(VULKAN) && defined(__SSE__)
// Each pair comes in one.
FN bt_float_pairs floats_pairs_at(BT_FLOATS table, uint4 at)
{
    const __m128 zero = _mm_setzero_ps();
    __m128 low = _mm_loadl_pi(zero, (const __m64 *)(const void *)(table + at[0]));
    __m128 high = _mm_loadl_pi(zero, (const __m64 *)(const void *)(table + at[2]));
    low = _mm_loadh_pi(low, (const __m64 *)(const void *)(table + at[1]));
    high = _mm_loadh_pi(high, (const __m64 *)(const void *)(table + at[3]));
    bt_float_pairs p;
    p.first = (float4)_mm_shuffle_ps(low, high, _MM_SHUFFLE(2, 0, 2, 0));
    p.second = (float4)_mm_shuffle_ps(low, high, _MM_SHUFFLE(3, 1, 3, 1));
    return p;
}
#else
FN bt_float_pairs floats_pairs_at(BT_FLOATS table, uint4 at)
{
    bt_float_pairs p;
    p.first = float4(floats_at(table, at[0]), floats_at(table, at[1]), floats_at(table, at[2]),
                     floats_at(table, at[3]));
    p.second = float4(floats_at(table, at[0] + 1u), floats_at(table, at[1] + 1u),
                      floats_at(table, at[2] + 1u), floats_at(table, at[3] + 1u));
    return p;
}
#endif

#endif
