// tile.h: what the generators of a tile's roads share.
#ifndef BT_PROCEDURAL_ROADS_TILE_H
#define BT_PROCEDURAL_ROADS_TILE_H

#include "procedural/draw.h"
#include "procedural/roads/world.h"

enum { TILE_WEST, TILE_EAST, TILE_SOUTH, TILE_NORTH };

typedef struct tile {
    const bt_world_desc *desc;
    bt_layout *layout;
    bt_world_gates *gates;
    uint32_t number;
    int ix, iy;
    double x_m, y_m, side_m; // south-west corner
    bt_draw draw;
} tile;

typedef struct tile_node {
    double x_m, y_m, z_m, reach_m;
    bt_arm arms[BT_JUNCTION_MAX_ARMS];
    int arm_count;
} tile_node;

bt_cross_section tile_rural_section(void);
bt_cross_section tile_street_section(void);
bt_cross_section tile_avenue_section(void);

// Where a border's road number `lane_of` crosses; false: none does.
bool tile_gate(const tile *t, int edge, int line, bt_plan_pose *pose, double *z_m);
double tile_outward(int edge);

// A road between two places, each left straight for a while. `bend_m` sets a corner halfway aside.
typedef struct tile_road {
    const char *name, *type;
    bt_plan_pose from, to; // both along the road
    double z0_m, z1_m, straight0_m, straight1_m, bend_m, speed_km_h, e_max;
    bt_cross_section start, end;
} tile_road;
uint32_t tile_add_road(tile *t, const tile_road *road);
void tile_add_plain(tile *t, uint32_t road, bool mouth_at_start, bool mouth_at_end);
void tile_add_arm(tile_node *node, uint32_t road, bool at_end, double outward_rad, bool major);
// Says that a road begins (west, south) or ends (east, north) at a gate.
void tile_note_gate(tile *t, int edge, int line, uint32_t road);
void tile_speed_signs(tile *t, uint32_t road);
// Links the end of one road to the start of another.
void tile_link(bt_layout *layout, uint32_t before, uint32_t after);

void tile_make_rural(tile *t);
void tile_make_suburb(tile *t);
void tile_make_downtown(tile *t);
void tile_make_town(tile *t);

#endif
