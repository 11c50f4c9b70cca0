// cycle.c: see cycle.h.
#include "engine/sim/cycle.h"

#include "engine/core/random.h"

#include <math.h>

#define LEAN_S 0.25
#define LOOKS_S 0.7 // ahead of where it is, as who walks: chosen
#define LOOKS_MOST_RAD 0.7
#define LOOKS_FROM_M_S 2.0 // slower bends are taken as if so fast
#define WAVES 3
#define FOOT_MOST_M 0.3 // higher or lower than the wheels is no ground for a foot
#define FEELS_M_S 0.5   // so fast a foot finds it
#define PITCHES 5       // looks for the pitch,
#define LEVEL_M 1e-6

// ---- wheels -----------------------------------------------------------------------------------
bt_cycle_wheel bt_cycle_wheel_of(const bt_vehicle *v, bool front, double bar)
{
    bt_cycle_wheel w = {{0.0, 0.0, v->wheel_radius_m}, {0.0, 1.0, 0.0}};
    if (!front) return w;
    bt_vec3 axis = {-bt_cos(BT_GEAR_HEAD_RAD), 0.0, bt_sin(BT_GEAR_HEAD_RAD)};
    bt_vec3 pivot = {v->wheelbase_m - BT_GEAR_RAKE_M / axis.z, 0.0, v->wheel_radius_m};
    bt_quat turn = bt_quat_axis_angle(axis, bar);
    w.hub = bt_vec3_make(v->wheelbase_m, 0.0, v->wheel_radius_m);
    w.hub = bt_vec3_add(pivot, bt_quat_rotate(turn, bt_vec3_sub(w.hub, pivot)));
    w.axle = bt_quat_rotate(turn, w.axle);
    return w;
}

bt_wheel_shape bt_cycle_wheel_shape(const bt_vehicle *v)
{
    return (bt_wheel_shape){v->wheel_radius_m, 2.0 * BT_GEAR_TYRE_M};
}

bt_vec3 bt_cycle_up(const bt_pose *body)
{
    bt_vec3 ahead = bt_pose_dir(*body, bt_vec3_make(1.0, 0.0, 0.0));
    return bt_vec3_normalize(bt_vec3_mad(bt_vec3_make(0.0, 0.0, 1.0), ahead, -ahead.z));
}

bt_vec3 bt_cycle_foot(const bt_vehicle *v, const bt_pose *body, bool front, double bar)
{
    bt_cycle_wheel w = bt_cycle_wheel_of(v, front, bar);
    bt_vec3 up = bt_cycle_up(body), axle = bt_pose_dir(*body, w.axle);
    // from the hub down in the wheel's plane to the middle of the tyre, from there straight to the ground
    bt_vec3 in_plane = bt_vec3_normalize(bt_vec3_mad(up, axle, -bt_vec3_dot(up, axle)));
    bt_vec3 p =
        bt_vec3_mad(bt_pose_point(*body, w.hub), in_plane, BT_GEAR_TYRE_M - v->wheel_radius_m);
    return bt_vec3_mad(p, up, -BT_GEAR_TYRE_M);
}

// Both wheels on the ground, leaning by the roll it has, the bar turned so far. Its pitch is sought: turning by it is
// about as much as the front wheel comes down.
static void stand(const bt_vehicle *v, const bt_ground *ground, double bar, bt_ride *ride)
{
    double front = ground->z_m[BT_WHEEL_FRONT_LEFT], rear = ground->z_m[BT_WHEEL_REAR_LEFT];
    bt_vec3 feet[2];
    for (int i = 0; i < PITCHES; i++) {
        bt_pose body = {{0.0, 0.0, 0.0},
                        bt_quat_yaw_pitch_roll(0.0, ride->pitch_rad, ride->roll_rad)};
        for (int k = 0; k < 2; k++)
            feet[k] = bt_cycle_foot(v, &body, k == 0, bar);
        double high = feet[0].z - feet[1].z - (front - rear);
        if (i == PITCHES - 1 || fabs(high) < LEVEL_M) break;
        double sine = bt_sin(ride->pitch_rad) + high / (feet[0].x - feet[1].x);
        ride->pitch_rad = bt_asin(bt_clamp(sine, -0.9, 0.9));
    }
    ride->z_m = rear - feet[1].z - v->cg_from_rear_m * bt_sin(ride->pitch_rad);
}

void bt_cycle_init(const bt_vehicle *v, const bt_ground *ground, bt_ride *ride)
{
    *ride = (bt_ride){0};
    stand(v, ground, 0.0, ride);
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
        sum += sqrt(1.0 + 0.25 * kl * kl * kl * kl) * bt_sin(k * way_m + phase);
    }
    return height * sum;
}

// Who rides looks into the bend: where it leads in a moment.
static double looks_rad(double bends_rad, double speed_m_s)
{
    double turn_rad_s = -BT_GRAVITY_M_S2 * bt_tan(bends_rad) / bt_max(speed_m_s, LOOKS_FROM_M_S);
    return bt_clamp(LOOKS_S * turn_rad_s, -LOOKS_MOST_RAD, LOOKS_MOST_RAD);
}

// How far up it is from a place to the ground there, where that can be stood on.
static bool ground_over(const bt_road_network *net, bt_vec3 place, double *up)
{
    bt_road_location at;
    if (!bt_road_locate(net, place, BT_ROAD_NONE, &at) || fabs(at.height_m) >= FOOT_MOST_M)
        return false;
    *up = -at.height_m;
    return true;
}

// The same of a foot: it stands on what is highest under its sole.
static double ground_under(const bt_road_network *net, bt_vec3 ball, double yaw)
{
    double middle = 0.0, most, rim;
    ground_over(net, ball, &middle);
    most = middle;
    for (int i = 0; i < 4; i++) {
        double course = yaw + 0.5 * BT_PI * i;
        bt_vec3 at = {ball.x + BT_GEAR_SOLE_M * bt_cos(course),
                      ball.y + BT_GEAR_SOLE_M * bt_sin(course), ball.z};
        if (ground_over(net, at, &rim) && rim > middle + BT_GEAR_SOLE_STEP_M)
            most = fmax(most, rim);
    }
    return most;
}

void bt_cycle_find_foot(const bt_road_network *net, const bt_vehicle *v, const bt_pose *body,
                        double dt, bt_gear_state *gear)
{
    double x, y, wanted = 0.0;
    if (gear->foot_down > 0.0) {
        bt_gear bicycle = bt_gear_make(BT_GEAR_BICYCLE, v->rider_height_m);
        bt_gear_foot_place(&bicycle, gear, &x, &y);
        bt_vec3 ball = bt_pose_point(*body, bt_vec3_make(x, 0.0, 0.0));
        double yaw = bt_quat_yaw(body->rot);
        ball.x -= y * bt_sin(yaw);
        ball.y += y * bt_cos(yaw);
        wanted = ground_under(net, ball, yaw);
    }
    gear->foot_up_m += bt_clamp(wanted - gear->foot_up_m, -FEELS_M_S * dt, FEELS_M_S * dt);
}

void bt_cycle_step(const bt_vehicle *v, const bt_ground *ground, double way, double turn, double dt,
                   bt_gear_state *gear, bt_ride *ride, double channel[BT_CHANNEL_COUNT])
{
    bt_gear bicycle = bt_gear_make(BT_GEAR_BICYCLE, v->rider_height_m);
    double bends = ride->roll_rad + bt_gear_stand_lean(gear); // what of its lean the bend has
    bt_gear_roll(&bicycle, way, turn, dt, gear);
    bt_gear_pose_rider(&bicycle, gear, channel);
    bends += (-bt_gear_lean(gear) - bends) * fmin(1.0, dt / LEAN_S);
    ride->roll_rad = bends - bt_gear_stand_lean(gear);
    stand(v, ground, gear->steer_rad, ride);
    channel[BT_CHANNEL_HEAD] = looks_rad(bends, gear->speed_m_s);
}
