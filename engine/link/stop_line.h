// stop_line.h: where drivers must stop at red: one line across each lane that a light holds for.
//
// A light's line is, within 20 m of the light on the same road: a signal of type 294 (stop line in the
// German catalogue) that holds for the lane; else the nearest of road objects named stop line and of
// crossings, half a metre before their edge; else the station of the light itself. The same rule as
// traffic follows (engine/sim/lane_graph.c).
// Lights for people on foot (OpenDRIVE type 1000002) have none.
//
// Ownership: the array belongs to the caller, freed with bt_free.
#ifndef BT_LINK_STOP_LINE_H
#define BT_LINK_STOP_LINE_H

#include "engine/road/road.h"

typedef struct bt_stop_line {
    uint32_t signal;
    uint32_t lane;
    bt_vec3 pos_world_m; // middle of the lane
    double dir_x, dir_y; // of travel, unit, in plan
    double half_width_m;
} bt_stop_line;

BT_CHECKED bt_status bt_stop_lines_find(const bt_road_network *net, bt_stop_line **lines,
                                        uint32_t *count);

// Does a point moving from `from` to `to` pass the line in travel direction? u: how far along.
bool bt_stop_line_passed(const bt_stop_line *line, bt_vec3 from, bt_vec3 to, double *u);

#endif
