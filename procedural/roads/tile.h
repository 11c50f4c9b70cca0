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

typedef enum tile_node_kind {
    TILE_CROSSING,
    TILE_POCKETS,    // major arms have a lane to turn left from
    TILE_ROUNDABOUT, // of as many lanes as its widest arm, 2 at most
} tile_node_kind;

typedef struct tile_node {
    tile_node_kind kind;
    double x_m, y_m, z_m, reach_m;
    bt_arm arms[BT_JUNCTION_MAX_ARMS];
    int arm_count;
} tile_node;

// What an arm is to be: its road between junctions, where it leads.
typedef struct tile_arm_plan {
    bt_cross_section section;
    double outward_rad;
    bool major;
} tile_arm_plan;
// Sets the node's reach, once its place, kind and all its arms are known.
void tile_plan_node(tile_node *node, const tile_arm_plan *arms, int count);
// The cross-section at the mouth of an arm.
bt_cross_section tile_mouth_section(const tile_node *node, const bt_cross_section *section,
                                    bool at_end, bool major);
// Where an arm ends, heading outward.
bt_plan_pose tile_mouth(const tile_node *node, double outward_rad);
// Connects the arms.
void tile_finish_node(tile *t, const char *name, const tile_node *node,
                      bt_junction_control control);

bt_cross_section tile_rural_section(void);
bt_cross_section tile_lane_section(void); // narrow, unmarked: to farms
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
    const bt_alignment *alignment; // as it is, instead of straights and a bend; NULL: none
    bt_cross_section start, end;
} tile_road;
uint32_t tile_add_road(tile *t, const tile_road *road);
// One stretch between its ends' cross-sections.
void tile_add_plain(tile *t, uint32_t road, bool mouth_at_start, bool mouth_at_end);
// `plain` between the ends, which widen to their own cross-sections.
void tile_add_flared(tile *t, uint32_t road, const bt_cross_section *plain, bool mouth_at_start,
                     bool mouth_at_end);
void tile_add_arm(tile_node *node, uint32_t road, bool at_end, double outward_rad, bool major);
// Says that a road begins (west, south) or ends (east, north) at a gate.
void tile_note_gate(tile *t, int edge, int line, uint32_t road);
// Links the end of one road to the start of another.
void tile_link(bt_layout *layout, uint32_t before, uint32_t after);

// A road of 90 m and more that ends in a turning place.
void tile_add_close(tile *t, tile_node *node, const char *name, const bt_cross_section *section,
                    double outward_rad, double length_m);
// A country road between a gate and a junction, running east or north.
void tile_add_leg(tile *t, tile_node *node, int edge, bt_plan_pose gate, double z_m,
                  double outward_rad, bool major);

// ---- what stands along a road (tile_signs.c) ----------------------------------------------------
void tile_speed_signs(tile *t, uint32_t road);
// Warnings ahead of sharp curves, chevrons along their outside.
void tile_curve_signs(tile *t, uint32_t road);
// Of an exit at the road's end (or, against s, its start) on a highway of `lanes` lanes.
void tile_exit_signs(tile *t, uint32_t road, bool at_end, int lanes);
void tile_exit_nose(tile *t, uint32_t ramp); // where it parts from the highway
void tile_no_entry(tile *t, uint32_t ramp);  // where it ends at a junction: on both sides
// Road works: the last lane right of the axis is closed from s0 to s1. Stretches from the road's start
// to s1 (two of them); then, once the sections are set, signs, a taper and a row of cones or drums.
int tile_plan_works(bt_cross_section plain, double s0_m, double s1_m, bt_stretch stretches[2]);
void tile_add_works(tile *t, uint32_t road, const bt_side *side, double s0_m, double s1_m);

void tile_make_rural(tile *t);
void tile_make_suburb(tile *t);
void tile_make_downtown(tile *t);
void tile_make_town(tile *t);
void tile_make_highway(tile *t);

// ---- motorways of mixed worlds (tile_highway.c) -------------------------------------------------
bool tile_row_has_motorway(const bt_world_desc *desc, int iy);
// Border i of column j, between rows i - 1 and i: does one of them have a motorway? Then *open says
// whether a rural road crosses the border.
bool tile_motorway_crossed(const bt_world_desc *desc, int i, int j, bool *open);
// Where the motorway of a row crosses border i, between columns i - 1 and i.
void tile_motorway_gate(const bt_world_desc *desc, const bt_land *land, int i, int iy,
                        bt_plan_pose *pose, double *z_m);
void tile_make_motorway(tile *t);

#endif
