// tables.h: read-only float tables behind one name: a pointer in C, an offset into one buffer in GLSL.
#ifndef BT_SHARED_TABLES_H
#define BT_SHARED_TABLES_H

#include "shaders/shared/portable.h"

#if defined(VULKAN)
#define BT_FLOATS uint
layout(std430, set = 0, binding = 0) readonly buffer bt_tables_block
{
    float bt_tables[];
};
#define floats_at(table, i) bt_tables[(table) + (i)]
#define floats_from(table, i) ((table) + (i))
#else
#define BT_FLOATS const float *
#define floats_at(table, i) ((table)[i])
#define floats_from(table, i) ((table) + (i))
#endif

#endif
