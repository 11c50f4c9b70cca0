// put_wheel.h: wheels put down beside the edges of lanes, at all angles, and how far contact.h puts them off the road as
// the audit sees it (audit_wheel.h), which knows nothing of it.
#ifndef BT_TESTS_SIM_PUT_WHEEL_H
#define BT_TESTS_SIM_PUT_WHEEL_H

#include "engine/core/random.h"
#include "engine/sim/audit_wheel.h"

#include <math.h>

#define PUT_LEANS_RAD 0.03
#define PUT_ROAD_M 0.5
#define PUT_EDGE_M 0.005
#define PUT_SETTLES 3
#define PUT_HEIGHTS 150
#define PUT_HEIGHT_M 0.002

// Where one is put: beside a lane's border, at an angle to it, its nearest corner or flank beyond it by some way.
typedef struct put_wheel {
    uint32_t lane;
    double s_m;
    bool left; // of s
    double angle_rad, beyond_m, pitch_rad, roll_rad;
    bt_wheel_shape shape;
    bt_vec3 foot; // found
    double off_m;
} put_wheel;

// Small angles and ways more often; half of them a lorry's, half a car's.
static inline put_wheel put_wheel_draw(uint64_t index, uint32_t lane, double s_m, bool left)
{
    double u[6];
    for (uint32_t i = 0; i < 6; i++)
        u[i] = bt_random_range(7, BT_STREAM_TEST, index, i, -1.0, 1.0);
    const bt_wheel_shape shapes[2] = {{0.5, 0.3}, {0.32, 0.192}};
    return (put_wheel){.lane = lane,
                       .s_m = s_m,
                       .left = left,
                       .angle_rad = 0.5 * BT_PI * pow(u[0], 3.0),
                       .beyond_m = 0.3 * u[1] * fabs(u[1]),
                       .pitch_rad = PUT_LEANS_RAD * pow(u[2], 3.0),
                       .roll_rad = PUT_LEANS_RAD * pow(u[3], 3.0),
                       .shape = shapes[u[4] > 0.0]};
}

static inline double put_wheel_border(const bt_road_network *net, const put_wheel *w, double s_m)
{
    double inner, outer;
    bt_lane_borders(net, w->lane, s_m, &inner, &outer);
    return w->left ? fmax(inner, outer) : fmin(inner, outer);
}

// Is there an edge: does the surface step up or down there, or end?
static inline bool put_wheel_at_edge(const bt_road_network *net, const put_wheel *w)
{
    const bt_lane *l = bt_road_lane_get(net, w->lane);
    uint32_t next = bt_lane_neighbour(net, w->lane, l->forward == w->left ? 1 : -1);
    if (next == BT_ROAD_NONE) return true;
    bool outer = (l->id > 0) == w->left, beyond = (bt_road_lane_get(net, next)->id > 0) != w->left;
    return fabs(bt_lane_border_point(net, w->lane, w->s_m, outer).z -
                bt_lane_border_point(net, next, w->s_m, beyond).z) > PUT_EDGE_M;
}

// Where its middle is, on the plane of its lane's surface, and the frame there. False: its lane is too narrow there, or it is on none.
static inline bool put_wheel_place(const bt_road_network *net, put_wheel *w, bt_pose *body)
{
    const bt_lane *l = bt_road_lane_get(net, w->lane);
    double t = put_wheel_border(net, w, w->s_m), inner, outer;
    double next = fmin(w->s_m + 0.05, l->s1_m);
    bt_vec3 a = bt_road_point(net, l->road, w->s_m, t);
    bt_vec3 b = bt_road_point(net, l->road, next, put_wheel_border(net, w, next));
    double heading = atan2(b.y - a.y, b.x - a.x) + w->angle_rad;
    double aside = 0.5 * w->shape.width_m * fabs(cos(w->angle_rad)) - w->beyond_m;
    bt_lane_borders(net, w->lane, w->s_m, &inner, &outer);
    if (next - w->s_m < 0.01 || fabs(outer - inner) < PUT_ROAD_M) return false;
    bt_pose road = bt_road_pose(net, l->road, w->s_m, t + (w->left ? -0.2 : 0.2));
    bt_vec3 up = bt_pose_dir(road, bt_vec3_make(0.0, 0.0, 1.0));
    bt_vec3 x = {cos(heading), sin(heading), 0.0};
    x = bt_vec3_normalize(bt_vec3_mad(x, up, -bt_vec3_dot(x, up)));
    body->rot = bt_quat_mul(bt_quat_from_axes(x, bt_vec3_cross(up, x), up),
                            bt_quat_yaw_pitch_roll(0.0, w->pitch_rad, w->roll_rad));
    body->pos = bt_road_point(net, l->road, w->s_m, t + (w->left ? -aside : aside));
    body->pos.z = road.pos.z;
    bt_road_location at;
    return bt_road_locate_all(net, body->pos, &at, 1) > 0;
}

static inline double put_wheel_off(const bt_road_network *net, const put_wheel *w,
                                   const bt_pose *body, bt_vec3 foot)
{
    bt_wheel_disc disc = {.foot = foot,
                          .ahead = bt_pose_dir(*body, bt_vec3_make(1.0, 0.0, 0.0)),
                          .left = bt_pose_dir(*body, bt_vec3_make(0.0, 1.0, 0.0)),
                          .up = {0.0, 0.0, 1.0},
                          .shape = w->shape};
    return bt_wheel_off_road(net, &disc);
}

// Lets contact.h find its height, and the audit how far off that is.
static inline bool put_wheel_down(const bt_road_network *net, put_wheel *w)
{
    bt_pose body;
    if (!put_wheel_place(net, w, &body)) return false;
    bt_vec3 up = bt_pose_dir(body, bt_vec3_make(0.0, 0.0, 1.0));
    bt_wheel_stance stance = {bt_quat_yaw(body.rot), up};
    bt_contact contact = {w->s_m, bt_road_lane_get(net, w->lane)->road, w->lane};
    w->foot = body.pos;
    for (int i = 0; i < PUT_SETTLES; i++) { // as a simulation does step by step
        double z = bt_contact_climb(net, w->foot, &stance, 0.0, 1.0, &w->shape, &contact);
        w->foot = bt_vec3_mad(w->foot, up, (z - w->foot.z) / up.z);
    }
    w->off_m = put_wheel_off(net, w, &body, w->foot);
    return true;
}

// Is there any height at which it would stand, as the audit sees it and contact.h too? Beside a kerb that it leans away from it may
// find none: up there it is beside it, and down here in it.
static inline bool put_wheel_may_rest(const bt_road_network *net, const put_wheel *w, double off_m)
{
    bt_pose body;
    put_wheel at = *w;
    bool seen = false, felt = false;
    if (!put_wheel_place(net, &at, &body)) return false;
    bt_vec3 up = bt_pose_dir(body, bt_vec3_make(0.0, 0.0, 1.0));
    bt_wheel_stance stance = {bt_quat_yaw(body.rot), up};
    for (int i = -PUT_HEIGHTS; i <= PUT_HEIGHTS && !(seen && felt); i++) {
        bt_vec3 foot = bt_vec3_mad(body.pos, up, PUT_HEIGHT_M * i);
        bt_contact c = {w->s_m, bt_road_lane_get(net, w->lane)->road, w->lane};
        double z = bt_contact_height(net, foot, &stance, 0.0, &w->shape, &c);
        felt = felt || fabs(z - foot.z) < off_m;
        seen = seen || put_wheel_off(net, w, &body, foot) < off_m;
    }
    return seen && felt;
}

#endif
