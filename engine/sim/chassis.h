// chassis.h: what hangs on a moving vehicle: wheels that turn and steer, the body's lean, the
// trailer, and its pose from the ground under four wheels. The same for the ego and for traffic.
//
// The pose moves the whole body, wheels too. Lean turns about the middle of the wheelbase at ground
// height, so that wheels sink or rise by at most wheelbase / 2 times the pitch: millimetres.
#ifndef BT_SIM_CHASSIS_H
#define BT_SIM_CHASSIS_H

#include "engine/sim/sim.h"

// Lean of the body on its springs: a damped oscillator each about the roll and the pitch axis.
// 1.3 Hz and a damping ratio of 0.35: chosen, in the usual range for cars.
typedef struct bt_lean {
    double roll_rad, roll_rate_rad_s;
    double pitch_rad, pitch_rate_rad_s;
} bt_lean;

// One step towards what the forces ask for; + lateral_m_s2 is to the left.
void bt_lean_step(const bt_vehicle *vehicle, double forward_m_s2, double lateral_m_s2, double dt_s,
                  bt_lean *lean);

// Ackermann: angles of the left and right front wheel when the middle turns by steer_rad.
void bt_ackermann(const bt_vehicle *vehicle, double steer_rad, double *left_rad, double *right_rad);

// How the origin (rear axle) moves over the ground, vehicle axes.
typedef struct bt_ground_speed {
    double forward_m_s, left_m_s, yaw_rate_rad_s;
} bt_ground_speed;

// Sets the steer channels and turns the wheels (rolling without slip) and the trailer by one step.
void bt_wheels_step(const bt_vehicle *vehicle, const bt_ground_speed *speed, double steer_rad,
                    double dt_s, double channel_rad[BT_CHANNEL_COUNT]);

typedef enum bt_wheel {
    BT_WHEEL_FRONT_LEFT,
    BT_WHEEL_FRONT_RIGHT,
    BT_WHEEL_REAR_LEFT,
    BT_WHEEL_REAR_RIGHT,
    BT_WHEEL_COUNT
} bt_wheel;

// Where a wheel meets the ground, vehicle axes.
void bt_wheel_place(const bt_vehicle *vehicle, bt_wheel wheel, double *x_m, double *y_m);

// The ground below the wheels.
typedef struct bt_ground {
    double z_m[BT_WHEEL_COUNT];
} bt_ground;

// Pitch (+ nose down) and roll (+ leans right) of the ground.
void bt_ground_tilt(const bt_vehicle *vehicle, const bt_ground *ground, double *pitch_rad,
                    double *roll_rad);

// World pose of the origin at (x, y, yaw) in plan, ground and lean added.
bt_pose bt_chassis_pose(const bt_vehicle *vehicle, double x_m, double y_m, double yaw_rad,
                        const bt_ground *ground, const bt_lean *lean);

// Footprints in plan: the body and, when it has one, the trailer (part 1).
bool bt_chassis_footprint(const bt_vehicle *vehicle, const bt_actor_pose *pose, uint32_t part,
                          bt_footprint *footprint);

#endif
