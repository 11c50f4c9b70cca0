// world.h: endless road from a seed, in square tiles.
//
// A tile is a pure function of (seed, kind, its place): whichever tiles are made, in whatever order,
// each has the same bytes. Where a road crosses a border (a gate), place, direction, height and
// cross-section follow from the border alone, so that neighbours meet exactly. Tiles are numbered
// in a square spiral from (0, 0); ids of tile n are 10000 n + 1 and up, so tiles can share a file.
//
// What there is: rural two-lane roads with junctions of 3 to 6 arms, signed, with pockets to turn left
// from, or roundabouts; suburbs with collectors and cul-de-sacs; downtown grids with avenues, signals,
// bicycle lanes, parking, roundabouts of two lanes, road works; towns on rural roads; highways of 2 to 4
// lanes each way with diamonds, dumbbells, parclos, cloverleaves and trumpets, and road works. In mixed
// worlds a motorway lies in every fourth row of tiles, with an interchange in every third tile of it.
// What there is not yet: motorways that cross each other, tunnels.
// Roads are in right-hand traffic, without crown; junctions are level; at the world's outer border
// and in cul-de-sacs lanes end.
#ifndef BT_PROCEDURAL_ROADS_WORLD_H
#define BT_PROCEDURAL_ROADS_WORLD_H

#include "procedural/roads/layout.h"

typedef enum bt_world_kind {
    BT_WORLD_RURAL,
    BT_WORLD_SUBURB,
    BT_WORLD_DOWNTOWN,
    BT_WORLD_HIGHWAY,
    BT_WORLD_MIXED,
    BT_WORLD_KIND_COUNT
} bt_world_kind;
extern const char *const bt_world_kind_names[BT_WORLD_KIND_COUNT + 1]; // ends with NULL

typedef struct bt_world_desc {
    uint64_t seed;
    bt_world_kind kind;
} bt_world_desc;

#define BT_WORLD_MAX_TILES 200000u
#define BT_WORLD_MAX_KM 100000.0    // as tiles
#define BT_WORLD_MAX_FILE_KM 1000.0 // in one file

double bt_world_tile_side(bt_world_kind kind); // metres
void bt_world_tile_place(uint32_t number, int *ix, int *iy);
uint32_t bt_world_tile_number(int ix, int iy);

// A road at a tile's border, on the border's own terms.
typedef struct bt_world_gate {
    uint32_t number; // of the tile
    int axis;        // 0: crossed along x, 1: along y
    int i, j;        // of the border: between tiles i - 1 and i along the axis, in row j
    uint32_t road;   // index in the layout
    int road_id;
    bool at_end;
    double x_m, y_m, z_m;
} bt_world_gate;

typedef struct bt_world_gates {
    bt_world_gate *items;
    size_t count, room;
} bt_world_gates;

// Adds one tile to a layout (initialised by bt_world_begin) and its gates to a list (or NULL).
void bt_world_begin(const bt_world_desc *desc, bt_layout *layout);
BT_CHECKED bt_status bt_world_add_tile(const bt_world_desc *desc, uint32_t number,
                                       bt_layout *layout, bt_world_gates *gates);
// By border; the road that ends at one before that which starts there.
void bt_world_sort_gates(bt_world_gates *gates);
// Links the roads that meet at gates within the layout.
void bt_world_link_gates(bt_layout *layout, bt_world_gates *gates);

typedef struct bt_world_report {
    double length_m;
    uint32_t tiles;
    uint64_t bytes;
} bt_world_report;

// One file of as many tiles as give `km`, linked.
BT_CHECKED bt_status bt_world_write_file(const bt_world_desc *desc, double km, bt_xodr_writer *w,
                                         bt_world_report *report);
// A folder: NNNNNN.xodr per tile and index.json, which names kind, seed, tiles, lengths and gates. One
// tile is in memory at a time.
BT_CHECKED bt_status bt_world_write_folder(const bt_world_desc *desc, double km, const char *folder,
                                           bt_world_report *report);

#endif
