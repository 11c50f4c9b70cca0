// vehicle.h: how the ego moves in the plane of the road: a dynamic single-track ("bicycle") model.
//
// Riekert and Schunck 1940, "Zur Fahrmechanik des gummibereiften Kraftfahrzeugs"; written as in
// Rajamani 2012, "Vehicle Dynamics and Control", 2nd ed., ch. 2 and 4. Lateral tyre forces after
// Fiala 1954 (brush model, parabolic pressure), combined with the longitudinal demand by a friction
// circle per axle. Drive and brake forces are split by axle load, so that straight braking reaches
// mu g (an ideal anti-lock brake). Below 1 m/s the motion is kinematic (no tyre slip), above 3 m/s
// dynamic, blended between: slip angles are not defined at rest.
//
// Simplifications: wheels do not lock or spin up, no lateral load transfer between left and right,
// no reverse gear: a car that would roll backwards stands (hill holder).
#ifndef BT_SIM_VEHICLE_H
#define BT_SIM_VEHICLE_H

#include "engine/sim/sim.h"

#define BT_GRAVITY_M_S2 9.80665
#define BT_AIR_DENSITY_KG_M3 1.225 // ISO 2533, sea level, 15 degrees Celsius
#define BT_DRIVE_SUBSTEPS 4        // of one step, classic Runge-Kutta of order 4 each

// The state of the model. Vehicle axes: x forward, y left.
typedef struct bt_drive {
    double x_m, y_m, yaw_rad; // world, at the origin (below the rear axle)
    double vx_m_s, vy_m_s;    // at the centre of gravity, vehicle axes; vx is never negative
    double yaw_rate_rad_s;
    double steer_rad;                  // road wheels, mean of left and right
    double force_x_m_s2, force_y_m_s2; // tyre and air forces over mass, in the last step: what the
                                       // body leans against
} bt_drive;

typedef struct bt_drive_input {
    double steer_rad;  // wanted
    double accel_m_s2; // wheel force wanted over mass: 0 coasts, negative brakes
    double pitch_rad;  // of the surface below the car, + nose down
    double roll_rad;   // of the surface, + leans right
} bt_drive_input;

// Every field in its range and the whole stable for steps of 10 ms; else BT_ERR_INPUT naming it.
BT_CHECKED bt_status bt_vehicle_check(const bt_vehicle *vehicle);

// A stated driving condition: all zero but these.
void bt_drive_init(bt_drive *drive, double x_m, double y_m, double yaw_rad, double speed_m_s);
void bt_drive_step(const bt_vehicle *vehicle, const bt_drive_input *input, double dt_s,
                   bt_drive *drive);

// Lateral force of an axle of cornering stiffness c_n_rad at a slip tangent, opposing it:
// Fiala 1954; +-friction_n when it slides.
double bt_tyre_lateral_n(double c_n_rad, double friction_n, double tan_slip);

// Understeer gradient K in steer = L / R + K a_y, rad s^2 / m.
double bt_vehicle_understeer(const bt_vehicle *vehicle);

// Kinetic energy of the plane motion, joules.
double bt_drive_energy_j(const bt_vehicle *vehicle, const bt_drive *drive);

#endif
