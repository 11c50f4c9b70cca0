// chassis.c: wheels, trailer and pose of a vehicle.
#include "engine/sim/chassis.h"

#include "engine/sim/vehicle.h"

#include <math.h>
#include <string.h>

#define HITCH_MAX_RAD 1.6

void bt_ackermann(const bt_vehicle *v, double steer_rad, double *left_rad, double *right_rad)
{
    // cot(left) = cot(steer) - track / 2L, and + on the right; written without dividing by zero
    double t = bt_tan(steer_rad), half = 0.5 * v->track_m;
    *left_rad = bt_atan2(v->wheelbase_m * t, v->wheelbase_m - half * t);
    *right_rad = bt_atan2(v->wheelbase_m * t, v->wheelbase_m + half * t);
}

// Off-axle hitch; the axle slips outwards by K a_y: across = rate (L + K v^2).
static void trailer_step(const bt_vehicle *v, const bt_ground_speed *g, double dt,
                         double channel[BT_CHANNEL_COUNT])
{
    double phi = channel[BT_CHANNEL_HITCH], r = g->yaw_rate_rad_s;
    double hitch_left = g->left_m_s + r * v->hitch_from_rear_m;
    double along = g->forward_m_s * bt_cos(phi) + hitch_left * bt_sin(phi);
    double across = -g->forward_m_s * bt_sin(phi) + hitch_left * bt_cos(phi);
    double length = v->trailer_wheelbase_m + v->trailer_slip_rad_s2_m * along * along;
    double trailer_rate = across / length;
    channel[BT_CHANNEL_HITCH] =
        bt_clamp(phi + (trailer_rate - r) * dt, -HITCH_MAX_RAD, HITCH_MAX_RAD);
    channel[BT_CHANNEL_SPIN_TRAILER] += along / v->wheel_radius_m * dt;
}

void bt_wheels_steer(const bt_vehicle *v, double steer_rad, double channel[BT_CHANNEL_COUNT])
{
    bt_ackermann(v, steer_rad, &channel[BT_CHANNEL_STEER_LEFT], &channel[BT_CHANNEL_STEER_RIGHT]);
}

void bt_wheels_turn(const bt_vehicle *v, const bt_ground_speed *g, double steer_tan,
                    const double *slip, double dt, double channel[BT_CHANNEL_COUNT])
{
    static const double rolling[BT_WHEEL_COUNT];
    if (!slip) slip = rolling;
    double turn = dt / v->wheel_radius_m;
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y, c, s;
        bt_wheel_place(v, (bt_wheel)i, &x, &y);
        double along = g->forward_m_s - g->yaw_rate_rad_s * y; // speed of its contact along it
        if (i < BT_WHEEL_REAR_LEFT) {
            bt_wheel_direct(v, steer_tan, y, &c, &s);
            along = along * c + (g->left_m_s + g->yaw_rate_rad_s * x) * s;
        }
        channel[BT_CHANNEL_SPIN_FRONT_LEFT + i] += along * (1.0 + slip[i]) * turn;
    }
    if (bt_vehicle_has_trailer(v)) trailer_step(v, g, dt, channel);
}

void bt_wheels_step(const bt_vehicle *v, const bt_ground_speed *g, double steer_rad,
                    const double *slip, double dt, double channel[BT_CHANNEL_COUNT])
{
    bt_wheels_steer(v, steer_rad, channel);
    bt_wheels_turn(v, g, bt_tan(steer_rad), slip, dt, channel);
}

// ---- pose -------------------------------------------------------------------------------------
void bt_travel_pose(const bt_vehicle *v, const bt_ride *ride, const bt_ground *ground,
                    double channel[BT_CHANNEL_COUNT])
{
    double travel[BT_WHEEL_COUNT];
    bt_ride now = *ride;
    memcpy(now.ground_m, ground->z_m, sizeof now.ground_m);
    bt_ride_travel(v, &now, travel);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double up = travel[i] / BT_SUSPENSION_ARM_M;
        channel[BT_CHANNEL_TRAVEL_FRONT_LEFT + i] = bt_asin(bt_clamp(up, -0.9, 0.9));
    }
}

bt_pose bt_chassis_pose(const bt_vehicle *v, double x_m, double y_m, double yaw_rad,
                        const bt_ride *ride)
{
    bt_pose pose = {{x_m, y_m, bt_ride_height(v, ride, 0.0, 0.0)},
                    bt_quat_yaw_pitch_roll(yaw_rad, ride->pitch_rad, ride->roll_rad)};
    pose.rot = bt_quat_normalize(pose.rot);
    return pose;
}

bt_vec3 bt_wheel_foot(const bt_vehicle *v, const bt_pose *body, bt_wheel wheel, double travel_m)
{
    bt_vec3 p = {0.0, 0.0, travel_m};
    bt_wheel_place(v, wheel, &p.x, &p.y);
    return bt_pose_point(*body, p);
}

// The axes are the columns of Rz(yaw) Ry(pitch) Rx(roll).
void bt_wheel_feet(const bt_vehicle *v, double x_m, double y_m, double yaw_rad, const bt_ride *r,
                   bt_vec3 feet[BT_WHEEL_COUNT], bt_vec3 *up)
{
    double c = bt_cos(yaw_rad), s = bt_sin(yaw_rad);
    double cp = bt_cos(r->pitch_rad), sp = bt_sin(r->pitch_rad);
    double cr = bt_cos(r->roll_rad), sr = bt_sin(r->roll_rad);
    bt_vec3 along = {c * cp, s * cp, -sp};
    bt_vec3 left = {c * sp * sr - s * cr, s * sp * sr + c * cr, cp * sr};
    bt_vec3 origin = {x_m, y_m, r->z_m + v->cg_from_rear_m * sp};
    *up = (bt_vec3){c * sp * cr + s * sr, s * sp * cr - c * sr, cp * cr};
    double above[BT_WHEEL_COUNT];
    bt_ride_above_plane(v, r, sp, sr, above);
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y;
        bt_wheel_place(v, (bt_wheel)i, &x, &y);
        bt_vec3 p = bt_vec3_mad(bt_vec3_mad(origin, along, x), left, y);
        feet[i] = bt_vec3_mad(p, *up, above[i] / (cp * cr));
    }
}

static void trailer_footprint(const bt_vehicle *v, double phi, bt_footprint *f, bt_vec3 *centre)
{
    double nose = v->hitch_from_rear_m > 0.0 ? BT_TRAILER_NOSE_M : 0.0;
    double middle = nose - 0.5 * v->trailer_length_m; // along the trailer, from the hitch
    *centre = (bt_vec3){v->hitch_from_rear_m + middle * bt_cos(phi), middle * bt_sin(phi), 0.0};
    f->yaw_rad = phi;
    f->half_length_m = 0.5 * v->trailer_length_m;
}

bool bt_chassis_footprint(const bt_vehicle *v, const bt_actor_pose *pose, uint32_t part,
                          bt_footprint *f)
{
    if (part > 1 || (part == 1 && !bt_vehicle_has_trailer(v))) return false;
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
