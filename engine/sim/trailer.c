// trailer.c: see trailer.h. Semi-implicit Euler.
#include "engine/sim/trailer.h"

#include <math.h>

#define RIDE_HZ 1.3 // as in ride.c
#define DAMPING 0.35
#define AXLES_MOST (BT_TRAILER_WHEELS / 2)
#define PITCH_MAX_RAD 0.4
#define SIN_MOST 0.9

// ---- where its wheels are ---------------------------------------------------------------------
int bt_trailer_wheel_count(const bt_vehicle *v)
{
    if (!bt_vehicle_has_trailer(v)) return 0;
    return 2 * (int)bt_clamp(v->trailer_axles, 1.0, AXLES_MOST);
}

static double track(const bt_vehicle *v)
{
    return v->trailer_track_m > 0.0 ? v->trailer_track_m : v->track_m;
}

bt_wheel_shape bt_trailer_wheel_shape(const bt_vehicle *v)
{
    double width = v->trailer_tyre_m;
    return (bt_wheel_shape){v->wheel_radius_m,
                            width > 0.0 ? width : BT_TYRE_WIDTH_RADII * v->wheel_radius_m};
}

void bt_trailer_wheel_place(const bt_vehicle *v, int wheel, double *x_m, double *y_m)
{
    double before_middle = 0.5 * (0.5 * bt_trailer_wheel_count(v) - 1.0) - wheel / 2; // axles
    *x_m = -v->trailer_wheelbase_m + before_middle * v->trailer_axle_gap_m;
    *y_m = wheel % 2 ? -0.5 * track(v) : 0.5 * track(v);
}

bt_vec3 bt_trailer_point(const bt_vehicle *v, const bt_pose *tractor, double hitch, double x,
                         double y)
{
    double c = bt_cos(hitch), s = bt_sin(hitch);
    bt_vec3 p = {v->hitch_from_rear_m + x * c - y * s, x * s + y * c, 0.0};
    return bt_pose_point(*tractor, p);
}

bt_vec3 bt_trailer_axle(const bt_vehicle *v, const bt_pose *tractor, double hitch)
{
    return bt_trailer_point(v, tractor, hitch, -v->trailer_wheelbase_m, 0.0);
}

// ---- ground -----------------------------------------------------------------------------------
// Mean height of its wheels, and how far it leans to the right by them.
static void find_tilt(const bt_vehicle *v, const bt_trailer *t, double *mean_m, double *twist_rad)
{
    double sum = 0.0, across = 0.0;
    int count = bt_trailer_wheel_count(v);
    for (int i = 0; i < count; i++) {
        sum += t->ground_m[i];
        across += i % 2 ? -t->ground_m[i] : t->ground_m[i];
    }
    *mean_m = sum / count;
    *twist_rad = bt_asin(bt_clamp(2.0 * across / (count * track(v)), -SIN_MOST, SIN_MOST));
}

void bt_trailer_find_ground(const bt_road_network *net, const bt_vehicle *v, const bt_pose *tractor,
                            double hitch, double ahead_m, double climb_m, bt_trailer *trailer)
{
    bt_wheel_shape shape = bt_trailer_wheel_shape(v);
    bt_pose body = bt_trailer_stand(v, tractor, hitch, trailer);
    bt_wheel_stance stance = {bt_quat_yaw(body.rot),
                              bt_pose_dir(body, bt_vec3_make(0.0, 0.0, 1.0))};
    for (int i = 0; i < bt_trailer_wheel_count(v); i++) {
        bt_vec3 foot = bt_trailer_foot(v, &body, trailer, i);
        trailer->ground_m[i] =
            bt_contact_climb(net, foot, &stance, ahead_m, climb_m, &shape, &trailer->contact[i]);
    }
}

// ---- springs ----------------------------------------------------------------------------------
// The tractor's lean to the trailer's right.
static double lean_of_tractor(const bt_ride *tractor, double hitch)
{
    return tractor->roll_rad * bt_cos(hitch) + tractor->pitch_rad * bt_sin(hitch);
}

static double lean_by_side(const bt_vehicle *v, double lateral_m_s2, double twist_rad)
{
    double gain =
        v->trailer_roll_gain_rad_s2_m > 0.0 ? v->trailer_roll_gain_rad_s2_m : v->roll_gain_rad_s2_m;
    return gain * (lateral_m_s2 + BT_GRAVITY_M_S2 * bt_sin(twist_rad));
}

void bt_trailer_init(const bt_vehicle *v, const bt_pose *tractor, double hitch, bt_trailer *t)
{
    *t = (bt_trailer){.hitch_rad = hitch};
    for (int i = 0; i < BT_TRAILER_WHEELS; i++) {
        double x, y;
        bt_trailer_wheel_place(v, i, &x, &y);
        t->ground_m[i] = bt_trailer_point(v, tractor, hitch, x, y).z;
        t->contact[i] = BT_CONTACT_NONE;
    }
    find_tilt(v, t, &t->mean_m, &t->twist_rad);
    t->z_m = t->mean_m;
    t->roll_rad = t->twist_rad;
}

void bt_trailer_settle(const bt_vehicle *v, const bt_ride *tractor, double hitch, bt_trailer *t)
{
    find_tilt(v, t, &t->mean_m, &t->twist_rad);
    t->z_m = t->mean_m;
    t->roll_rad = (1.0 - BT_HITCH_ROLL) * t->twist_rad +
                  BT_HITCH_ROLL * lean_of_tractor(tractor, hitch) +
                  lean_by_side(v, 0.0, t->twist_rad);
    t->rise_m_s = t->roll_rad_s = 0.0;
    t->hitch_rad = hitch;
}

void bt_trailer_ride(const bt_vehicle *v, const bt_ride *tractor, double hitch, double speed,
                     double yaw_rate, double dt, bt_trailer *t)
{
    double mean, twist, turn = yaw_rate + (hitch - t->hitch_rad) / dt;
    double hz = v->ride_frequency_hz > 0.0 ? v->ride_frequency_hz : RIDE_HZ;
    double damping = v->ride_damping > 0.0 ? v->ride_damping : DAMPING;
    double w = 2.0 * BT_PI * hz, wr = 2.0 * BT_PI * BT_TRAILER_ROLL_HZ;
    find_tilt(v, t, &mean, &twist);
    double sinks_m_s = (mean - t->mean_m) / dt - t->rise_m_s;
    t->rise_m_s += (w * w * (mean - t->z_m) + 2.0 * damping * w * sinks_m_s) * dt;
    t->z_m += t->rise_m_s * dt;
    double held = (1.0 - BT_HITCH_ROLL) * twist + BT_HITCH_ROLL * lean_of_tractor(tractor, hitch);
    double leans = held + lean_by_side(v, speed * bt_cos(hitch) * turn, twist) - t->roll_rad;
    double twists_rad_s = (twist - t->twist_rad) / dt - t->roll_rad_s;
    t->roll_rad_s += (wr * wr * leans + 2.0 * damping * wr * twists_rad_s) * dt;
    t->roll_rad += t->roll_rad_s * dt;
    t->mean_m = mean;
    t->twist_rad = twist;
    t->hitch_rad = hitch;
}

// ---- pose -------------------------------------------------------------------------------------
// Turned in the hitch by yaw, then pitch (+ nose down), then roll.
static bt_pose body_at(const bt_vehicle *v, const bt_pose *tractor, double yaw, double pitch,
                       double roll)
{
    bt_pose hitch = {{v->hitch_from_rear_m, 0.0, 0.0}, bt_quat_yaw_pitch_roll(yaw, pitch, roll)};
    return bt_pose_mul(*tractor, hitch);
}

bt_pose bt_trailer_body(const bt_vehicle *v, const bt_actor_pose *pose)
{
    const double *c = pose->channel_rad;
    return body_at(v, &pose->world_from_actor, c[BT_CHANNEL_HITCH], c[BT_CHANNEL_HITCH_PITCH],
                   c[BT_CHANNEL_HITCH_ROLL]);
}

static double pitch_of(const bt_vehicle *v, const bt_pose *tractor, double yaw, const bt_trailer *t)
{
    double rise = (t->z_m - bt_trailer_axle(v, tractor, yaw).z) / v->trailer_wheelbase_m;
    return bt_clamp(bt_asin(bt_clamp(rise, -SIN_MOST, SIN_MOST)), -PITCH_MAX_RAD, PITCH_MAX_RAD);
}

static double roll_of(const bt_vehicle *v, const bt_pose *tractor, double yaw, double pitch,
                      const bt_trailer *t)
{
    // of the axis to its left the height is a cos(roll) + b sin(roll)
    bt_pose body = body_at(v, tractor, yaw, pitch, 0.0);
    double a = bt_quat_rotate(body.rot, bt_vec3_make(0.0, 1.0, 0.0)).z;
    double b = bt_quat_rotate(body.rot, bt_vec3_make(0.0, 0.0, 1.0)).z;
    return bt_asin(bt_clamp(bt_sin(t->roll_rad) / bt_hypot(a, b), -SIN_MOST, SIN_MOST)) -
           bt_atan2(a, b);
}

bt_pose bt_trailer_stand(const bt_vehicle *v, const bt_pose *tractor, double yaw,
                         const bt_trailer *t)
{
    double pitch = pitch_of(v, tractor, yaw, t);
    return body_at(v, tractor, yaw, pitch, roll_of(v, tractor, yaw, pitch, t));
}

// How far a wheel is pushed up from the body's plane.
static double travel_of(const bt_vehicle *v, const bt_pose *body, const bt_trailer *t, int wheel)
{
    double upright = bt_quat_rotate(body->rot, bt_vec3_make(0.0, 0.0, 1.0)).z;
    bt_vec3 p = {0.0, 0.0, 0.0};
    bt_trailer_wheel_place(v, wheel, &p.x, &p.y);
    double up = (t->ground_m[wheel] - bt_pose_point(*body, p).z) / upright;
    return bt_clamp(up, -SIN_MOST * BT_SUSPENSION_ARM_M, SIN_MOST * BT_SUSPENSION_ARM_M);
}

bt_vec3 bt_trailer_foot(const bt_vehicle *v, const bt_pose *body, const bt_trailer *t, int wheel)
{
    bt_vec3 p = {0.0, 0.0, travel_of(v, body, t, wheel)};
    bt_trailer_wheel_place(v, wheel, &p.x, &p.y);
    p = bt_pose_point(*body, p);
    p.z = t->ground_m[wheel];
    return p;
}

void bt_trailer_pose(const bt_vehicle *v, const bt_pose *tractor, const bt_trailer *t,
                     double channel[BT_CHANNEL_COUNT])
{
    double yaw = channel[BT_CHANNEL_HITCH], pitch = pitch_of(v, tractor, yaw, t);
    double roll = roll_of(v, tractor, yaw, pitch, t);
    channel[BT_CHANNEL_HITCH_PITCH] = pitch;
    channel[BT_CHANNEL_HITCH_ROLL] = roll;
    bt_pose body = body_at(v, tractor, yaw, pitch, roll);
    for (int i = 0; i < bt_trailer_wheel_count(v); i++)
        channel[BT_CHANNEL_TRAVEL_TRAILER + i] =
            bt_asin(travel_of(v, &body, t, i) / BT_SUSPENSION_ARM_M);
}
