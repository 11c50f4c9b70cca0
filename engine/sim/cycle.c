// cycle.c: see cycle.h.
#include "engine/sim/cycle.h"

#include <math.h>

#define LEAN_S 0.25
#define LOOKS_S 0.7 // ahead of where it is, as who walks: chosen
#define LOOKS_MOST_RAD 0.7
#define LOOKS_FROM_M_S 2.0 // slower bends are taken as if so fast

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

// Who rides looks into the bend: where it leads in a moment.
static double looks_rad(double bends_rad, double speed_m_s)
{
    double turn_rad_s = -BT_GRAVITY_M_S2 * tan(bends_rad) / bt_max(speed_m_s, LOOKS_FROM_M_S);
    return bt_clamp(LOOKS_S * turn_rad_s, -LOOKS_MOST_RAD, LOOKS_MOST_RAD);
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
    channel[BT_CHANNEL_HEAD] = looks_rad(bends, gear->speed_m_s);
}
