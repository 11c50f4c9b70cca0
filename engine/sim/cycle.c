// cycle.c: see cycle.h.
#include "engine/sim/cycle.h"

#include "engine/core/random.h"

#include <math.h>

#define LEAN_S 0.25
#define LOOKS_S 0.7 // ahead of where it is, as who walks: chosen
#define LOOKS_MOST_RAD 0.7
#define LOOKS_FROM_M_S 2.0 // slower bends are taken as if so fast
#define WAVES 3

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

static double sway_m(double speed_m_s)
{
    double usual = BT_CYCLE_SWAY_M * BT_CYCLE_SWAY_M_S / bt_max(speed_m_s, 0.5);
    return bt_min(usual, BT_CYCLE_SWAY_MOST_M);
}

// Waves of equal height. Pure pursuit of a point L ahead that swings with wave number k, for small angles:
// y'' = 2 / L^2 (aim(x + L) - y - L y'), so that y has 2 / sqrt(4 + (k L)^4) of what the point has.
double bt_cycle_sway(uint64_t choice, double way_m, double look_m, double speed_m_s)
{
    static const double lengths_m[WAVES] = {11.0, 17.0, 29.0};
    double height = sway_m(speed_m_s) * sqrt(2.0 / WAVES), sum = 0.0;
    for (uint32_t i = 0; i < WAVES; i++) {
        double k = 2.0 * BT_PI / lengths_m[i], kl = k * look_m;
        double phase = 2.0 * BT_PI * bt_random_unit(choice, BT_STREAM_TRAFFIC, 0, 1 + i);
        sum += sqrt(1.0 + 0.25 * kl * kl * kl * kl) * sin(k * way_m + phase);
    }
    return height * sum;
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
