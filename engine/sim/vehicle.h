// vehicle.h: how a vehicle moves by the forces of its four tyres: a double-track model on springs.
//
// Plan motion: Newton and Euler at the centre of gravity (Rajamani 2012, "Vehicle Dynamics and
// Control", 2nd ed., ch. 8; Gillespie 1992, "Fundamentals of Vehicle Dynamics"), each wheel with its
// own load (ride.h), steering angle (Ackermann) and tyre (tyre.h). Drivetrain: wheel force up to
// accel_max m and power / v, split between the axles by drive_front, halves left and right (an open
// differential); air drag, rolling resistance, gravity along the slope. Brakes: split by wheel load
// (electronic distribution); each wheel slips no further than where its tyre would slide (ideal
// anti-lock brake), so that straight braking reaches mu g. Steering: limited in angle and rate.
//
// Below 1 m/s the motion is kinematic (no side slip), above 3 m/s dynamic, blended between: slip
// angles are not defined at rest. Validity: dry or evenly slippery roads, slopes to about 20 %.
//
// Simplifications: wheels have no inertia of their own, one friction for all wheels, no lag of engine
// and brakes, no reverse gear: a car that would roll backwards stands (hill holder).
#ifndef BT_SIM_VEHICLE_H
#define BT_SIM_VEHICLE_H

#include "engine/sim/ride.h"
#include "engine/sim/tyre.h"

#define BT_AIR_DENSITY_KG_M3 1.225 // ISO 2533, sea level, 15 degrees Celsius
#define BT_DRIVE_SUBSTEPS 4        // of one step: the body's; the motion's, at most

// The state of the model. Vehicle axes: x forward, y left.
typedef struct bt_drive {
    double x_m, y_m, yaw_rad; // world, at the origin (below the rear axle)
    double vx_m_s, vy_m_s;    // at the centre of gravity, vehicle axes; vx is never negative
    double yaw_rate_rad_s;
    double steer_rad;                  // road wheels, mean of left and right
    double force_x_m_s2, force_y_m_s2; // tyre and air forces over mass, in the last step: what the
                                       // body leans against
    bt_ride ride;
    double slip[BT_WHEEL_COUNT]; // longitudinal: 0 rolls, negative brakes
} bt_drive;

typedef struct bt_drive_input {
    double steer_rad;        // wanted
    double accel_m_s2;       // wheel force wanted over mass: 0 coasts, negative brakes
    double pitch_rad;        // of the surface below the car, + nose down
    double roll_rad;         // of the surface, + leans right
    const bt_ground *ground; // heights below the wheels; NULL: the plane of these angles
} bt_drive_input;

// Every field in its range and the whole stable for steps of 10 ms; else BT_ERR_INPUT naming it.
BT_CHECKED bt_status bt_vehicle_check(const bt_vehicle *vehicle);

// A stated driving condition: all zero but these.
void bt_drive_init(const bt_vehicle *vehicle, const bt_ground *ground, double x_m, double y_m,
                   double yaw_rad, double speed_m_s, bt_drive *drive); // ground NULL: level, at 0
// On the circle of a steering angle without slip, tyres slipping as that takes: how traffic that was
// kinematic goes on.
void bt_drive_follow(const bt_vehicle *vehicle, double speed_m_s, double steer_rad,
                     bt_drive *drive);
void bt_drive_step(const bt_vehicle *vehicle, const bt_drive_input *input, double dt_s,
                   bt_drive *drive);

// Understeer gradient K in steer = L / R + K a_y, rad s^2 / m.
double bt_vehicle_understeer(const bt_vehicle *vehicle);

// Kinetic energy of the plane motion, joules.
double bt_drive_energy_j(const bt_vehicle *vehicle, const bt_drive *drive);

#endif
