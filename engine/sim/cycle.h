// cycle.h: bicycles among vehicles: two wheels on the ground, a body that leans, legs that pedal.
//
// A bicycle (bt_vehicle.rider_height_m above 0) goes along its way as cars on rails do, by the kinematic
// single-track model, near the ego too: it has neither springs nor tyre forces. It leans into bends by
// tan(lean) = v^2 / (r g), which follows within LEAN_S; to lean it would steer against the bend first: left out.
// Who stands puts the right foot down, off the saddle, on the ground that is there, and leans to it; who sets off pushes with
// it until it is behind.
//
// Who rides sways about its line: BT_CYCLE_SWAY_M to the side (standard deviation) at BT_CYCLE_SWAY_M_S, more when slower,
// up to BT_CYCLE_SWAY_MOST_M. Godthelp and Wouters 1980, "Course holding by cyclists and moped riders", Applied
// Ergonomics 11, find that a cyclist needs a width of 1 m on straight roads, Qu et al. 2024, "Study on the minimum
// operation width of human-powered bicycles", Appl. Sci. 14, 10928, 0.9 m at usual speeds and more below 5 km/h: beside a
// bar of 0.6 m that leaves 0.15 to 0.2 m on each side, taken as two standard deviations. That it grows as one over the
// speed, and the lengths of its waves, are chosen.
#ifndef BT_SIM_CYCLE_H
#define BT_SIM_CYCLE_H

#include "engine/sim/chassis.h"

#define BT_CYCLE_SWAY_M 0.08
#define BT_CYCLE_SWAY_M_S (15.0 / 3.6)
#define BT_CYCLE_SWAY_MOST_M 0.12

static inline bool bt_vehicle_is_cycle(const bt_vehicle *vehicle)
{
    return vehicle->rider_height_m > 0.0;
}

// Its wheels are rigid rings with round tyres (BT_GEAR_TYRE_M). The steering axis is not upright: the front wheel leans as
// it turns, and its hub comes down.
typedef struct bt_cycle_wheel {
    bt_vec3 hub, axle; // in the bicycle's frame; the axle points to the left
} bt_cycle_wheel;

bt_cycle_wheel bt_cycle_wheel_of(const bt_vehicle *vehicle, bool front, double bar_rad);
bt_wheel_shape bt_cycle_wheel_shape(const bt_vehicle *vehicle);
// Up from ground that rises ahead as a body does and does not lean with it.
bt_vec3 bt_cycle_up(const bt_pose *body);
// Where it meets ground that goes up as its body does; of a body that leans that is aside of the middle of its tread.
bt_vec3 bt_cycle_foot(const bt_vehicle *vehicle, const bt_pose *body, bool front, double bar_rad);

// How high the ground is where the foot of who stands is put down; the bicycle's wheels stand on theirs.
void bt_cycle_find_foot(const bt_road_network *net, const bt_vehicle *vehicle, const bt_pose *body,
                        double dt_s, bt_gear_state *gear);

// Goes on by way_m while it turns: wheels, crank, limbs; stands on the ground and leans (ride).
void bt_cycle_step(const bt_vehicle *vehicle, const bt_ground *ground, double way_m,
                   double turn_rad, double dt_s, bt_gear_state *gear, bt_ride *ride,
                   double channel_rad[BT_CHANNEL_COUNT]);
// How far aside of its line, + left, a cyclist who pursues a point so far ahead at way_m has that point, so as to sway:
// pure pursuit smooths out short waves, which is made up for.
double bt_cycle_sway(uint64_t choice, double way_m, double look_m, double speed_m_s);
// At rest on the ground.
void bt_cycle_init(const bt_vehicle *vehicle, const bt_ground *ground, bt_ride *ride);

#endif
