// building.h: houses as meshes: walls with recessed windows, frames, glass, furnished rooms and curtains
// behind it, shop fronts, doors, plinths, roofs with eaves, gutters, chimneys, balconies.
//
// A building's frame: x along the street front, y into the plot, z up; the origin is on the ground in
// the middle of the front wall, which faces -y. Walls go on a metre below ground, for slopes.
#ifndef BT_PROCEDURAL_BUILDING_H
#define BT_PROCEDURAL_BUILDING_H

#include "engine/scene/spec.h"

#include <stddef.h>

typedef enum bt_building_kind {
    BT_BUILDING_DETACHED, // one family, gable or hip roof, often with a garage
    BT_BUILDING_TERRACED, // a row of narrow fronts under one roof
    BT_BUILDING_BLOCK,    // flats, three to five storeys, balconies
    BT_BUILDING_SHOPS,    // the same over shop windows
    BT_BUILDING_HALL,     // workshop or store: big doors, low roof
    BT_BUILDING_TOWER,    // offices, 10 to 40 storeys above two of shops; higher with index % 10
    BT_BUILDING_KIND_COUNT
} bt_building_kind;

#define BT_BUILDING_MAX_DOORS 8

typedef struct bt_building {
    uint32_t mesh;
    double width_m, depth_m, height_m;      // over all at the ground; height of the ridge
    double garage_x_m;                      // middle of the garage door, NAN without one
    double door_x_m[BT_BUILDING_MAX_DOORS]; // middles of the front doors
    unsigned door_count;                    // 0: only gates
} bt_building;

// Storeys of a tower above its podium, and its height without what stands on the roof.
unsigned bt_building_tower_floors(uint64_t index);
double bt_building_tower_height_m(uint64_t index);

// The same (kind, seed, index) gives the same building. 3 000 to 25 000 triangles.
BT_CHECKED bt_status bt_building_build(bt_spec *spec, bt_building_kind kind, uint64_t seed,
                                       uint64_t index, bt_building *building);

// A building over a given outline (counter-clockwise seen from above, in the mesh's frame), all
// walls with windows, flat roof. For outlines in map files.
BT_CHECKED bt_status bt_building_from_outline(bt_spec *spec, const bt_vec3 *corners, size_t count,
                                              double height_m, uint64_t seed, uint64_t index,
                                              uint32_t *mesh);

#endif
