// sweep.h: where a long vehicle leaves its way in a bend, so that others keep out of there: its nose swings
// out, its trailer cuts the corner.
//
// The vehicle is driven on from where it is, as its driver steers (car.h), slowly; the trailer's axle follows
// the hitch without slip (as chassis.h).
#ifndef BT_SIM_SWEEP_H
#define BT_SIM_SWEEP_H

#include "engine/sim/car.h"

#define BT_SWEEP_MAX 40

// Is a vehicle long enough to be looked at: has it a trailer, or a nose that swings out?
bool bt_sweep_concerns(const bt_vehicle *vehicle);
static inline bt_body_kind bt_sweep_body(const bt_vehicle *vehicle)
{
    return bt_sweep_concerns(vehicle) ? BT_BODY_LONG : BT_BODY_CAR;
}

// Footprints of body and trailer where a car is, `room_m` wider on each side, if its nose or its trailer's axle
// is beside its way by more than beside_m (0: always). Gives how many.
uint32_t bt_sweep_boxes(const bt_lane_graph *graph, const bt_vehicle *vehicle, const bt_car *car,
                        double room_m, double beside_m, bt_footprint boxes[2]);
// Footprints of body and trailer, `room_m` wider on each side, every 2 m of the way up to to_q_m, where
// they stick out of the way by more than half a metre. Gives how many.
uint32_t bt_sweep_find(const bt_lane_graph *graph, const bt_vehicle *vehicle, const bt_car *car,
                       double to_q_m, double room_m, bt_footprint boxes[BT_SWEEP_MAX]);
#define BT_SWEEP_ROOM_M 0.3 // of a driver who is not pressed

// Marks the lanes (no_trailer) on which a trailer that follows the lanes' middle would touch a box that
// stands for good, and those from which every way on leads to such lanes. Called while compiling.
void bt_sweep_mark(bt_lane_graph *graph, const bt_vehicle *vehicle, const bt_footprint *boxes,
                   uint32_t count);

#endif
