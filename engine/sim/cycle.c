// cycle.c: see cycle.h.
#include "engine/sim/cycle.h"

#include <math.h>

#define LEAN_S 0.25

// The plane through both wheels' contacts, leaning by the roll it has.
static void stand(const bt_vehicle *v, const bt_ground *ground, bt_ride *ride)
{
    double front = 0.5 * (ground->z_m[BT_WHEEL_FRONT_LEFT] + ground->z_m[BT_WHEEL_FRONT_RIGHT]);
    double rear = 0.5 * (ground->z_m[BT_WHEEL_REAR_LEFT] + ground->z_m[BT_WHEEL_REAR_RIGHT]);
    ride->z_m = rear + (front - rear) * v->cg_from_rear_m / v->wheelbase_m;
    ride->pitch_rad = asin(bt_clamp((rear - front) / v->wheelbase_m, -0.9, 0.9));
}

void bt_cycle_init(const bt_vehicle *v, const bt_ground *ground, bt_ride *ride)
{
    *ride = (bt_ride){0};
    stand(v, ground, ride);
}

void bt_cycle_step(const bt_vehicle *v, const bt_ground *ground, double way, double turn, double dt,
                   bt_gear_state *gear, bt_ride *ride, double channel[BT_CHANNEL_COUNT])
{
    bt_gear bicycle = bt_gear_make(BT_GEAR_BICYCLE, v->rider_height_m);
    double bends = ride->roll_rad + bt_gear_stand_lean(gear); // what of its lean the bend has
    bt_gear_roll(&bicycle, way, turn, dt, gear);
    bt_gear_pose_rider(&bicycle, gear, channel);
    stand(v, ground, ride);
    bends += (-bt_gear_lean(gear) - bends) * fmin(1.0, dt / LEAN_S);
    ride->roll_rad = bends - bt_gear_stand_lean(gear);
}
