// chassis.c: wheels, lean, trailer and pose of a vehicle.
#include "engine/sim/chassis.h"

#include "engine/sim/vehicle.h"

#include <math.h>

#define LEAN_RATE_RAD_S (2.0 * BT_PI * 1.3)
#define LEAN_DAMPING 0.35
#define LEAN_MAX_RAD 0.2 // bump stops
#define HITCH_MAX_RAD 1.6

// Semi-implicit Euler: stable while rate * dt < 2 (here 0.08).
static void spring(double target, double dt, double *angle, double *rate)
{
    double pull = LEAN_RATE_RAD_S * LEAN_RATE_RAD_S * (target - *angle) -
                  2.0 * LEAN_DAMPING * LEAN_RATE_RAD_S * *rate;
    *rate += pull * dt;
    *angle = bt_clamp(*angle + *rate * dt, -LEAN_MAX_RAD, LEAN_MAX_RAD);
}

void bt_lean_step(const bt_vehicle *v, double forward_m_s2, double lateral_m_s2, double dt_s,
                  bt_lean *lean)
{
    // turning left leans it right; speeding up lifts the nose
    spring(v->roll_gain_rad_s2_m * lateral_m_s2, dt_s, &lean->roll_rad, &lean->roll_rate_rad_s);
    spring(-v->pitch_gain_rad_s2_m * forward_m_s2, dt_s, &lean->pitch_rad, &lean->pitch_rate_rad_s);
}

void bt_ackermann(const bt_vehicle *v, double steer_rad, double *left_rad, double *right_rad)
{
    // cot(left) = cot(steer) - track / 2L, and + on the right; written without dividing by zero
    double t = tan(steer_rad), half = 0.5 * v->track_m;
    *left_rad = atan2(v->wheelbase_m * t, v->wheelbase_m - half * t);
    *right_rad = atan2(v->wheelbase_m * t, v->wheelbase_m + half * t);
}

void bt_wheel_place(const bt_vehicle *v, bt_wheel wheel, double *x_m, double *y_m)
{
    bool front = wheel == BT_WHEEL_FRONT_LEFT || wheel == BT_WHEEL_FRONT_RIGHT;
    bool left = wheel == BT_WHEEL_FRONT_LEFT || wheel == BT_WHEEL_REAR_LEFT;
    *x_m = front ? v->wheelbase_m : 0.0;
    *y_m = left ? 0.5 * v->track_m : -0.5 * v->track_m;
}

// Speed of a wheel's contact along the wheel.
static double rolling_speed(const bt_vehicle *v, const bt_ground_speed *g, bt_wheel wheel,
                            double steer_rad)
{
    double x, y;
    bt_wheel_place(v, wheel, &x, &y);
    double forward = g->forward_m_s - g->yaw_rate_rad_s * y;
    double left = g->left_m_s + g->yaw_rate_rad_s * x;
    return forward * cos(steer_rad) + left * sin(steer_rad);
}

// Kinematic off-axle hitch: the trailer's axle follows without slipping sideways.
static void trailer_step(const bt_vehicle *v, const bt_ground_speed *g, double dt,
                         double channel[BT_CHANNEL_COUNT])
{
    double phi = channel[BT_CHANNEL_HITCH], r = g->yaw_rate_rad_s;
    double hitch_left = g->left_m_s + r * v->hitch_from_rear_m;
    double along = g->forward_m_s * cos(phi) + hitch_left * sin(phi);
    double across = -g->forward_m_s * sin(phi) + hitch_left * cos(phi);
    double trailer_rate = across / v->trailer_wheelbase_m;
    channel[BT_CHANNEL_HITCH] =
        bt_clamp(phi + (trailer_rate - r) * dt, -HITCH_MAX_RAD, HITCH_MAX_RAD);
    channel[BT_CHANNEL_SPIN_TRAILER] += along / v->wheel_radius_m * dt;
}

void bt_wheels_step(const bt_vehicle *v, const bt_ground_speed *g, double steer_rad, double dt,
                    double channel[BT_CHANNEL_COUNT])
{
    double left, right, turn = dt / v->wheel_radius_m;
    bt_ackermann(v, steer_rad, &left, &right);
    channel[BT_CHANNEL_STEER_LEFT] = left;
    channel[BT_CHANNEL_STEER_RIGHT] = right;
    channel[BT_CHANNEL_SPIN_FRONT_LEFT] += rolling_speed(v, g, BT_WHEEL_FRONT_LEFT, left) * turn;
    channel[BT_CHANNEL_SPIN_FRONT_RIGHT] += rolling_speed(v, g, BT_WHEEL_FRONT_RIGHT, right) * turn;
    channel[BT_CHANNEL_SPIN_REAR_LEFT] += rolling_speed(v, g, BT_WHEEL_REAR_LEFT, 0.0) * turn;
    channel[BT_CHANNEL_SPIN_REAR_RIGHT] += rolling_speed(v, g, BT_WHEEL_REAR_RIGHT, 0.0) * turn;
    if (v->trailer_length_m > 0.0) trailer_step(v, g, dt, channel);
}

// ---- pose -------------------------------------------------------------------------------------
void bt_ground_tilt(const bt_vehicle *v, const bt_ground *ground, double *pitch_rad,
                    double *roll_rad)
{
    const double *z = ground->z_m;
    double front = 0.5 * (z[BT_WHEEL_FRONT_LEFT] + z[BT_WHEEL_FRONT_RIGHT]);
    double rear = 0.5 * (z[BT_WHEEL_REAR_LEFT] + z[BT_WHEEL_REAR_RIGHT]);
    double left = 0.5 * (z[BT_WHEEL_FRONT_LEFT] + z[BT_WHEEL_REAR_LEFT]);
    double right = 0.5 * (z[BT_WHEEL_FRONT_RIGHT] + z[BT_WHEEL_REAR_RIGHT]);
    // wheels are rigid on the body: rises are sines of the angles
    *pitch_rad = asin(bt_clamp((rear - front) / v->wheelbase_m, -0.9, 0.9));
    *roll_rad = asin(bt_clamp((left - right) / v->track_m, -0.9, 0.9));
}

bt_pose bt_chassis_pose(const bt_vehicle *v, double x_m, double y_m, double yaw_rad,
                        const bt_ground *ground, const bt_lean *lean)
{
    double pitch, roll;
    bt_ground_tilt(v, ground, &pitch, &roll);
    double rear = 0.5 * (ground->z_m[BT_WHEEL_REAR_LEFT] + ground->z_m[BT_WHEEL_REAR_RIGHT]);
    bt_pose pose = {{x_m, y_m, rear}, bt_quat_yaw_pitch_roll(yaw_rad, pitch, roll)};
    // lean about the middle of the wheelbase
    bt_vec3 pivot = {0.5 * v->wheelbase_m, 0.0, 0.0};
    bt_quat turn = bt_quat_yaw_pitch_roll(0.0, lean->pitch_rad, lean->roll_rad);
    bt_pose leaned = {bt_vec3_sub(pivot, bt_quat_rotate(turn, pivot)), turn};
    pose = bt_pose_mul(pose, leaned);
    pose.rot = bt_quat_normalize(pose.rot);
    return pose;
}

static void trailer_footprint(const bt_vehicle *v, double phi, bt_footprint *f, bt_vec3 *centre)
{
    double nose = v->hitch_from_rear_m > 0.0 ? BT_TRAILER_NOSE_M : 0.0;
    double middle = nose - 0.5 * v->trailer_length_m; // along the trailer, from the hitch
    *centre = (bt_vec3){v->hitch_from_rear_m + middle * cos(phi), middle * sin(phi), 0.0};
    f->yaw_rad = phi;
    f->half_length_m = 0.5 * v->trailer_length_m;
}

bool bt_chassis_footprint(const bt_vehicle *v, const bt_actor_pose *pose, uint32_t part,
                          bt_footprint *f)
{
    if (part > 1 || (part == 1 && v->trailer_length_m <= 0.0)) return false;
    bt_vec3 centre = {0.5 * v->length_m - v->rear_overhang_m, 0.0, 0.0};
    f->yaw_rad = 0.0;
    f->half_length_m = 0.5 * v->length_m;
    if (part == 1) trailer_footprint(v, pose->channel_rad[BT_CHANNEL_HITCH], f, &centre);
    bt_vec3 world = bt_pose_point(pose->world_from_actor, centre);
    f->x_m = world.x;
    f->y_m = world.y;
    f->yaw_rad = bt_wrap_angle(f->yaw_rad + bt_quat_yaw(pose->world_from_actor.rot));
    f->half_width_m = 0.5 * v->width_m;
    f->z_low_m = world.z;
    f->z_high_m = world.z + v->height_m;
    return true;
}
