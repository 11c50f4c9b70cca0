// spawn_internal.h: what spawn.c, spawn_place.c and spawn_walk.c share.
#ifndef BT_SIM_SPAWN_INTERNAL_H
#define BT_SIM_SPAWN_INTERNAL_H

#include "engine/sim/lane_graph.h"
#include "engine/sim/spawn.h"
#include "engine/sim/swept.h"

#include <stddef.h>

#define BT_SPAWN_PATH_POINTS 64 // of a walker, at most

typedef struct bt_spawner {
    const bt_spawn_desc *desc;
    const bt_lane_graph *graph;
    bt_spawn_entry *entries; // (capacity)
    bt_vec3 *points;         // (capacity x BT_SPAWN_PATH_POINTS)
    bt_footprint *taken;     // (capacity + 1) with the room each needs around it
    uint32_t count, taken_count, capacity;
    bt_swept swings; // where lorries leave their lanes in bends; found before anybody parks
    uint64_t draws;  // counter of random numbers
    bool has_ego;
    bool goes_on; // there are lanes from which a way goes on for ever
    bt_vec3 ego_pos;
} bt_spawner;

double bt_spawn_draw(bt_spawner *s, double low, double high);
uint32_t bt_spawn_draw_below(bt_spawner *s, uint32_t count);
bool bt_spawn_near_ego(const bt_spawner *s, bt_vec3 pos);
// A new entry, named by its kind and number.
bt_spawn_entry *bt_spawn_add(bt_spawner *s, bt_spawn_kind kind);

// A shuffled list of places every `spacing` along lanes of which `wanted` holds.
typedef struct bt_spawn_place {
    uint32_t lane;
    double s_m;
} bt_spawn_place;
typedef struct bt_spawn_places {
    bt_spawn_place *items;
    size_t count, capacity;
} bt_spawn_places;
BT_CHECKED bt_status bt_spawn_find_places(bt_spawner *s, double spacing_m,
                                          bool (*wanted)(const bt_spawner *, uint32_t),
                                          bt_spawn_places *places);

BT_CHECKED bt_status bt_spawn_walkers(bt_spawner *s);

#endif
