// lane_conflict.h: which lanes of a junction cross or merge, and where long vehicles need room on other lanes:
// found from what the bodies that drive sweep there (swept.h).
#ifndef BT_SIM_LANE_CONFLICT_H
#define BT_SIM_LANE_CONFLICT_H

#include "engine/sim/sim.h"
#include "engine/sim/lane_graph.h"

#define BT_LONG_MOST 2

// What drives: one that stands for all cars, and the long ones that need most room.
typedef struct bt_bodies {
    const bt_vehicle *car;
    const bt_vehicle *cycle; // on bicycle lanes; NULL: nobody rides there
    const bt_vehicle *longs[BT_LONG_MOST];
    uint32_t long_count;
} bt_bodies;

// Of vehicles that drive there, those whose bodies count: the largest car, the longest trailer, the longest without
// one, a bicycle. Starts zeroed; vehicles added outlive it.
typedef struct bt_body_choice {
    bt_vehicle car; // as long and as wide as any
    const bt_vehicle *trailer, *rigid, *cycle;
} bt_body_choice;
void bt_body_choice_add(bt_body_choice *choice, const bt_vehicle *vehicle);
BT_CHECKED bt_status bt_body_choice_find_conflicts(const bt_body_choice *choice,
                                                   bt_lane_graph *graph);

BT_CHECKED bt_status bt_lane_graph_find_conflicts(const bt_bodies *bodies, bt_lane_graph *graph);
// Draws lines and stops back that are in the way of bends that have been found (lane_lines.c).
void bt_lane_graph_hold_back(const bt_bodies *bodies, bt_lane_graph *graph);

#endif
