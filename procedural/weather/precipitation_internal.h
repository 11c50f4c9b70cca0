// precipitation_internal.h: what this folder's files share.
#ifndef BT_PROCEDURAL_PRECIPITATION_INTERNAL_H
#define BT_PROCEDURAL_PRECIPITATION_INTERNAL_H

#include "procedural/weather/precipitation.h"

#define BT_FLAKE_SHAPES 4

// The middle diameter of a class.
static inline double bt_fall_middle_mm(const bt_fall_class *c)
{
    return 0.5 * (c->low_mm + c->high_mm);
}

// Adds drops (one mesh per class: flatter as they grow) or flakes to the spec.
BT_CHECKED bt_status bt_fall_add_rain_meshes(bt_spec *spec, bt_precipitation *p);
BT_CHECKED bt_status bt_fall_add_snow_meshes(bt_spec *spec, bt_precipitation *p);

#endif
