// chassis.h: what hangs on a moving vehicle: wheels that turn, steer and rise, the trailer in plan, and its
// pose from the body on its springs. The same for the ego and for traffic.
#ifndef BT_SIM_CHASSIS_H
#define BT_SIM_CHASSIS_H

#include "engine/sim/trailer.h"

// Ackermann: angles of the left and right front wheel when the middle turns by steer_rad.
void bt_ackermann(const bt_vehicle *vehicle, double steer_rad, double *left_rad, double *right_rad);

// The direction of a wheel of a steered axle, side_m to the left of the middle, from the tangent of what the middle
// turns by.
static inline void bt_wheel_direct(const bt_vehicle *v, double steer_tan, double side_m,
                                   double *cosine, double *sine)
{
    // cot(wheel) = cot(middle) - side / L, written without dividing by zero
    double across = v->wheelbase_m * steer_tan, along = v->wheelbase_m - side_m * steer_tan;
    double length = sqrt(across * across + along * along);
    *cosine = along / length;
    *sine = across / length;
}

// How the origin (rear axle) moves over the ground, vehicle axes.
typedef struct bt_ground_speed {
    double forward_m_s, left_m_s, yaw_rate_rad_s;
} bt_ground_speed;

// Sets the steer channels and turns the wheels and the trailer by one step. `slip`: (wheels)
// longitudinal slip, 0 rolls, -1 is locked; NULL: all roll.
//
// Trailer: its axle follows without slipping sideways (Jindra 1966; Pacejka 2012, ch. 11, at low
// speed), or, with trailer_slip_rad_s2_m = K, with the slip angle K a_y that its tyres need in
// steady turning: it then runs as if its wheelbase were L + K v^2. Its inertia in yaw (sway) and what
// it does to the tractor are left out.
void bt_wheels_step(const bt_vehicle *vehicle, const bt_ground_speed *speed, double steer_rad,
                    const double *slip, double dt_s, double channel_rad[BT_CHANNEL_COUNT]);

// Half of it each: sets the steer channels; turns the wheels and the trailer, from the tangent of the steering.
void bt_wheels_steer(const bt_vehicle *vehicle, double steer_rad,
                     double channel_rad[BT_CHANNEL_COUNT]);
void bt_wheels_turn(const bt_vehicle *vehicle, const bt_ground_speed *speed, double steer_tan,
                    const double *slip, double dt_s, double channel_rad[BT_CHANNEL_COUNT]);

// Sets the channels of the wheels' travel, on the ground of now: that of the springs may be a step old.
void bt_travel_pose(const bt_vehicle *vehicle, const bt_ride *ride, const bt_ground *ground,
                    double channel_rad[BT_CHANNEL_COUNT]);

// Where a wheel meets the ground, so far pushed up, the body at a pose: it leans and pitches.
bt_vec3 bt_wheel_foot(const bt_vehicle *vehicle, const bt_pose *body, bt_wheel wheel,
                      double travel_m);

// Where all four do, and the body's up, as it stands on its springs at (x, y, yaw): as by its pose, without it.
void bt_wheel_feet(const bt_vehicle *vehicle, double x_m, double y_m, double yaw_rad,
                   const bt_ride *ride, bt_vec3 feet[BT_WHEEL_COUNT], bt_vec3 *up);

// World pose of the origin at (x, y, yaw) in plan with its body on the springs.
bt_pose bt_chassis_pose(const bt_vehicle *vehicle, double x_m, double y_m, double yaw_rad,
                        const bt_ride *ride);

// Footprints in plan: the body and, when it has one, the trailer (part 1).
bool bt_chassis_footprint(const bt_vehicle *vehicle, const bt_actor_pose *pose, uint32_t part,
                          bt_footprint *footprint);

#endif
