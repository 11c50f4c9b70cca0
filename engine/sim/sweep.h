// sweep.h: where a trailer will cut a corner, so that others keep out of there.
//
// The tractor is taken to follow its way; the trailer's axle follows the hitch without slip (as
// chassis.h), integrated per metre of way from 15 m behind.
#ifndef BT_SIM_SWEEP_H
#define BT_SIM_SWEEP_H

#include "engine/sim/car.h"

#define BT_SWEEP_MAX 24

// Footprints of the trailer every 2 m of the tractor's way up to to_q_m, where they stick out of the way
// by more than half a metre. Gives how many.
uint32_t bt_sweep_find(const bt_lane_graph *graph, const bt_vehicle *vehicle, const bt_car *car,
                       double to_q_m, bt_footprint boxes[BT_SWEEP_MAX]);

// Marks the lanes (no_trailer) on which a trailer that follows the lanes' middle would touch a box that
// stands for good, and those from which every way on leads to such lanes. Called while compiling.
void bt_sweep_mark(bt_lane_graph *graph, const bt_vehicle *vehicle, const bt_footprint *boxes,
                   uint32_t count);

#endif
