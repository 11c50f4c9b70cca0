// cycle.h: bicycles among vehicles: two wheels on the ground, a body that leans, legs that pedal.
//
// A bicycle (bt_vehicle.rider_height_m above 0) goes along its way as cars on rails do, by the kinematic
// single-track model, near the ego too: it has neither springs nor tyre forces. It leans into bends by
// tan(lean) = v^2 / (r g), which follows within LEAN_S; to lean it would steer against the bend first: left out.
// Who stands puts the right foot down, off the saddle, and leans to it.
#ifndef BT_SIM_CYCLE_H
#define BT_SIM_CYCLE_H

#include "engine/sim/chassis.h"

static inline bool bt_vehicle_is_cycle(const bt_vehicle *vehicle)
{
    return vehicle->rider_height_m > 0.0;
}

// Goes on by way_m while it turns: wheels, crank, limbs; stands on the ground and leans (ride).
void bt_cycle_step(const bt_vehicle *vehicle, const bt_ground *ground, double way_m,
                   double turn_rad, double dt_s, bt_gear_state *gear, bt_ride *ride,
                   double channel_rad[BT_CHANNEL_COUNT]);
// At rest on the ground.
void bt_cycle_init(const bt_vehicle *vehicle, const bt_ground *ground, bt_ride *ride);

#endif
