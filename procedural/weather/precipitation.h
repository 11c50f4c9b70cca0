// precipitation.h: rain and snow as drops and flakes in the air around a camera.
//
// Sizes, shapes and speeds are those of drop_sizes.h, in classes of one speed. Each class has a
// lattice of cells that falls and drifts as a whole; what a cell holds is a function of (seed,
// class, cell) alone. So the same drop is at the same place whoever looks, whenever, for however
// long: its position is a function of (class, cell, index, time). Within the shutter it moves, so
// that rays of different times see it in different places: streaks.
//
// Only what is large enough in the picture is placed: the class of diameter d within d / theta of
// the camera and inside its field of view, theta such that about `budget` are placed. Nearer than
// 0.4 m nothing is (no windshield stands in between yet). What is farther away is for a medium:
// bt_precipitation_extinction_m. Under roofs and in cabins nothing falls (the stage sees to that).
//
// No label sees any of it: depth, normals, ids, boxes and visibilities are those of the world
// without it, as if through clear air.
//
// Left out: gusts and turbulence, splashes, drops on the ground, oscillation of large drops.
#ifndef BT_PROCEDURAL_PRECIPITATION_H
#define BT_PROCEDURAL_PRECIPITATION_H

#include "engine/scene/snapshot.h"
#include "procedural/weather/drop_sizes.h"

#define BT_FALL_CLASSES 14

typedef struct bt_precipitation {
    uint64_t seed;
    bt_drop_sizes rain, snow;
    bt_vec3 wind_world_m_s;
    uint32_t rain_meshes[BT_FALL_CLASSES]; // of unit volume diameter
    uint32_t snow_meshes[4];               // of unit extent
} bt_precipitation;

// Takes rates and wind from the weather; adds meshes and materials to the spec where they are
// needed. With rates of 0 nothing is added and nothing will fall.
BT_CHECKED bt_status bt_precipitation_create(bt_spec *spec, const bt_weather *weather,
                                             uint64_t seed, bt_precipitation *precipitation);

typedef struct bt_fall_view {
    double half_angle_rad; // of a cone about the camera's axis that holds the picture; 0: all round
    uint32_t budget;       // about how many are placed; 0: 20000
} bt_fall_view;

// Adds what falls near the camera during the snapshot. The same inputs give the same bytes.
BT_CHECKED bt_status bt_precipitation_place(const bt_precipitation *precipitation,
                                            const bt_fall_view *view, bt_snapshot *snapshot);

// Extinction by all that falls, near and far; see bt_drop_extinction_m.
double bt_precipitation_extinction_m(const bt_precipitation *precipitation);

// ---- one class, for tests and other views -----------------------------------------------------
typedef struct bt_fall_class {
    bt_fall_kind kind;
    uint32_t number;
    double low_mm, high_mm;
    double count_m3;
    bt_vec3 velocity_world_m_s; // of every drop in it
    double cell_m;
} bt_fall_class;
bt_fall_class bt_fall_class_make(const bt_precipitation *precipitation, bt_fall_kind kind,
                                 uint32_t number);

typedef struct bt_fall_drop {
    double diameter_mm;
    bt_vec3 pos_world_m;
    uint64_t hash;
} bt_fall_drop;
// Number `index` of a cell at a time; false: the cell holds fewer.
bool bt_fall_drop_at(const bt_precipitation *precipitation, const bt_fall_class *class_,
                     const int64_t cell[3], uint32_t index, double time_s, bt_fall_drop *drop);

#endif
