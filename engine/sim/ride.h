// ride.h: the body on its springs: heave, pitch and roll over the ground below four wheels, and what
// each wheel carries.
//
// Three degrees of freedom, small angles: Gillespie 1992, "Fundamentals of Vehicle Dynamics", ch. 5
// (ride) and 6 (roll); Rajamani 2012, "Vehicle Dynamics and Control", ch. 10. Wheels follow the ground
// at once: the tyre's own springiness and the hop of the wheels (10 to 15 Hz) are left out.
//
//   heave   k = m w^2, w of the sheet's ride frequency; the axles share it so that heave and pitch
//           do not mix (k_front l_front = k_rear l_rear)
//   pitch   springs as they are; what part of braking's moment they carry follows from the sheet's
//           pitch gain, the rest goes through the links (anti-dive) straight to the wheels
//   roll    stiffness m h / roll gain (springs and anti-roll bars), 55 % of it in front: chosen, a
//           little more understeer at the limit
//   damping ratio of the sheet, the same in heave, pitch and roll
//
// Steady load transfer is exact: m a h / wheelbase along, m a h / track across.
// Heights are of the world; the body's plane is where wheels stand at rest on the level.
#ifndef BT_SIM_RIDE_H
#define BT_SIM_RIDE_H

#include "engine/sim/sim.h"

#define BT_GRAVITY_M_S2 9.80665

typedef enum bt_wheel {
    BT_WHEEL_FRONT_LEFT,
    BT_WHEEL_FRONT_RIGHT,
    BT_WHEEL_REAR_LEFT,
    BT_WHEEL_REAR_RIGHT,
    BT_WHEEL_COUNT
} bt_wheel;

// Where a wheel meets the ground, vehicle axes.
static inline void bt_wheel_place(const bt_vehicle *v, bt_wheel wheel, double *x_m, double *y_m)
{
    bool front = wheel == BT_WHEEL_FRONT_LEFT || wheel == BT_WHEEL_FRONT_RIGHT;
    bool left = wheel == BT_WHEEL_FRONT_LEFT || wheel == BT_WHEEL_REAR_LEFT;
    *x_m = front ? v->wheelbase_m : 0.0;
    *y_m = left ? 0.5 * v->track_m : -0.5 * v->track_m;
    if (v->rider_height_m > 0.0) *y_m = 0.0; // one behind another
}

// The ground below the wheels.
typedef struct bt_ground {
    double z_m[BT_WHEEL_COUNT];
} bt_ground;

// Pitch (+ nose down) and roll (+ leans right) of the ground; their sines.
void bt_ground_sines(const bt_vehicle *vehicle, const bt_ground *ground, double *pitch,
                     double *roll);
void bt_ground_tilt(const bt_vehicle *vehicle, const bt_ground *ground, double *pitch_rad,
                    double *roll_rad);

typedef struct bt_ride {
    double z_m, rise_m_s;            // of the body's plane below the centre of gravity
    double pitch_rad, pitch_rad_s;   // of the body, from the level, + nose down
    double roll_rad, roll_rad_s;     // + leans right
    double ground_m[BT_WHEEL_COUNT]; // a step ago
    double load_n[BT_WHEEL_COUNT];   // on each wheel, never negative
} bt_ride;

// At rest on the ground.
void bt_ride_init(const bt_vehicle *vehicle, const bt_ground *ground, bt_ride *ride);
// One step (at most 10 ms); accelerations by tyre and air forces, + forward and + left.
void bt_ride_step(const bt_vehicle *vehicle, const bt_ground *ground, double forward_m_s2,
                  double lateral_m_s2, double dt_s, bt_ride *ride);

// Height of the body's plane at a place of the vehicle.
double bt_ride_height(const bt_vehicle *vehicle, const bt_ride *ride, double x_m, double y_m);
// How far the ground under the wheels is above the body's plane, which the sines of its pitch and roll tilt.
void bt_ride_above_plane(const bt_vehicle *vehicle, const bt_ride *ride, double sin_pitch,
                         double sin_roll, double above_m[BT_WHEEL_COUNT]);
// How far the wheels are pushed up from their places at rest.
void bt_ride_travel(const bt_vehicle *vehicle, const bt_ride *ride,
                    double travel_m[BT_WHEEL_COUNT]);

// Undamped natural frequencies, rad/s.
typedef struct bt_ride_modes {
    double heave_rad_s, pitch_rad_s, roll_rad_s, damping;
} bt_ride_modes;
bt_ride_modes bt_ride_find_modes(const bt_vehicle *vehicle);

#endif
