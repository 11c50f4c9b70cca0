// pose.h: axes, points, rotations and rigid transforms in double; the frames all rooms share.
//
// World: right-handed, x east, y north, z up, metres. Vehicle: ISO 8855, x forward, y left, z up,
// origin on the ground below the rear axle's centre. Camera: x right, y down, z forward, as OpenCV.
// Quaternions are (w, x, y, z), unit length; a pose named a_from_b maps coordinates in b to
// coordinates in a, so neighbours cancel: world_from_cam = world_from_car * car_from_cam.
// Yaw, pitch, roll are rotations about z, then y, then x (ISO 8855 order): positive yaw turns left,
// positive pitch puts the nose DOWN (rotation about +y), positive roll leans right.
#ifndef BT_MATH_POSE_H
#define BT_MATH_POSE_H

#include "engine/math/elementary.h"

typedef struct bt_vec3 {
    double x, y, z;
} bt_vec3;

typedef struct bt_quat {
    double w, x, y, z;
} bt_quat;

typedef struct bt_pose {
    bt_vec3 pos;
    bt_quat rot;
} bt_pose;

#define BT_QUAT_IDENTITY ((bt_quat){1.0, 0.0, 0.0, 0.0})
#define BT_POSE_IDENTITY ((bt_pose){{0.0, 0.0, 0.0}, {1.0, 0.0, 0.0, 0.0}})

static inline bt_vec3 bt_vec3_make(double x, double y, double z)
{
    return (bt_vec3){x, y, z};
}
static inline bt_vec3 bt_vec3_add(bt_vec3 a, bt_vec3 b)
{
    return (bt_vec3){a.x + b.x, a.y + b.y, a.z + b.z};
}
static inline bt_vec3 bt_vec3_sub(bt_vec3 a, bt_vec3 b)
{
    return (bt_vec3){a.x - b.x, a.y - b.y, a.z - b.z};
}
static inline bt_vec3 bt_vec3_scale(bt_vec3 a, double s)
{
    return (bt_vec3){a.x * s, a.y * s, a.z * s};
}
// a + b s
static inline bt_vec3 bt_vec3_mad(bt_vec3 a, bt_vec3 b, double s)
{
    return (bt_vec3){a.x + b.x * s, a.y + b.y * s, a.z + b.z * s};
}
static inline double bt_vec3_dot(bt_vec3 a, bt_vec3 b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
static inline bt_vec3 bt_vec3_cross(bt_vec3 a, bt_vec3 b)
{
    return (bt_vec3){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
static inline double bt_vec3_length(bt_vec3 a)
{
    return sqrt(bt_vec3_dot(a, a));
}
static inline double bt_vec3_distance(bt_vec3 a, bt_vec3 b)
{
    return bt_vec3_length(bt_vec3_sub(a, b));
}
// The zero vector stays zero.
static inline bt_vec3 bt_vec3_normalize(bt_vec3 a)
{
    double length = bt_vec3_length(a);
    return length > 0.0 ? bt_vec3_scale(a, 1.0 / length) : a;
}
static inline bt_vec3 bt_vec3_lerp(bt_vec3 a, bt_vec3 b, double u)
{
    return bt_vec3_mad(a, bt_vec3_sub(b, a), u);
}

static inline bt_quat bt_quat_mul(bt_quat a, bt_quat b)
{
    return (bt_quat){a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
                     a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
                     a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
                     a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w};
}
static inline bt_quat bt_quat_conjugate(bt_quat q)
{
    return (bt_quat){q.w, -q.x, -q.y, -q.z};
}
static inline bt_quat bt_quat_normalize(bt_quat q)
{
    double inverse = 1.0 / sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);
    return (bt_quat){q.w * inverse, q.x * inverse, q.y * inverse, q.z * inverse};
}
static inline bt_vec3 bt_quat_rotate(bt_quat q, bt_vec3 v)
{
    bt_vec3 u = {q.x, q.y, q.z};
    bt_vec3 t = bt_vec3_scale(bt_vec3_cross(u, v), 2.0);
    return bt_vec3_add(bt_vec3_mad(v, t, q.w), bt_vec3_cross(u, t));
}
// Rotation by angle_rad about a unit axis.
static inline bt_quat bt_quat_axis_angle(bt_vec3 axis, double angle_rad)
{
    double s = bt_sin(0.5 * angle_rad);
    return (bt_quat){bt_cos(0.5 * angle_rad), axis.x * s, axis.y * s, axis.z * s};
}
static inline bt_quat bt_quat_yaw_pitch_roll(double yaw_rad, double pitch_rad, double roll_rad)
{
    bt_quat qz = bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, yaw_rad);
    bt_quat qy = bt_quat_axis_angle((bt_vec3){0.0, 1.0, 0.0}, pitch_rad);
    bt_quat qx = bt_quat_axis_angle((bt_vec3){1.0, 0.0, 0.0}, roll_rad);
    return bt_quat_mul(bt_quat_mul(qz, qy), qx);
}
static inline double bt_quat_yaw(bt_quat q)
{
    return bt_atan2(2.0 * (q.w * q.z + q.x * q.y), 1.0 - 2.0 * (q.y * q.y + q.z * q.z));
}
// Columns are the axes of b seen from a; right-handed and orthonormal. Shepperd's method.
bt_quat bt_quat_from_axes(bt_vec3 x_axis, bt_vec3 y_axis, bt_vec3 z_axis);
// Shortest-arc interpolation at constant angular speed, u in [0, 1].
bt_quat bt_quat_slerp(bt_quat a, bt_quat b, double u);

static inline bt_vec3 bt_pose_point(bt_pose a_from_b, bt_vec3 point_b)
{
    return bt_vec3_add(bt_quat_rotate(a_from_b.rot, point_b), a_from_b.pos);
}
static inline bt_vec3 bt_pose_dir(bt_pose a_from_b, bt_vec3 dir_b)
{
    return bt_quat_rotate(a_from_b.rot, dir_b);
}
static inline bt_pose bt_pose_mul(bt_pose a_from_b, bt_pose b_from_c)
{
    return (bt_pose){bt_pose_point(a_from_b, b_from_c.pos),
                     bt_quat_mul(a_from_b.rot, b_from_c.rot)};
}
static inline bt_pose bt_pose_inverse(bt_pose a_from_b)
{
    bt_quat inverse = bt_quat_conjugate(a_from_b.rot);
    return (bt_pose){bt_vec3_scale(bt_quat_rotate(inverse, a_from_b.pos), -1.0), inverse};
}
// Position linear, rotation slerp.
static inline bt_pose bt_pose_lerp(bt_pose a, bt_pose b, double u)
{
    return (bt_pose){bt_vec3_lerp(a.pos, b.pos, u), bt_quat_slerp(a.rot, b.rot, u)};
}
// The camera frame (x right, y down, z forward) in a vehicle frame (x forward, y left, z up), for a
// camera that looks along the vehicle's x.
static inline bt_quat bt_quat_vehicle_from_camera(void)
{
    return (bt_quat){0.5, -0.5, 0.5, -0.5};
}

static inline double bt_lerp(double a, double b, double u)
{
    return a + (b - a) * u;
}
// To (-pi, pi], of any angle.
double bt_wrap_turns(double angle_rad);
// The same, without the call where it is there already, as most are.
static inline double bt_wrap_angle(double angle_rad)
{
    return fabs(angle_rad) < BT_PI ? angle_rad : bt_wrap_turns(angle_rad);
}

#endif
