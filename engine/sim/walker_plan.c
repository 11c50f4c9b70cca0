// walker_plan.c: how much of the ground somebody on foot takes up: for those who walk around it, and for footprints.
#include "engine/sim/walker.h"

#include <math.h>

#define LIES 0.5        // up is less than this: it counts as lying
#define SHOULDERS 0.045 // half the line across, of its height: chosen

// Half the plan of a body, of its height: chosen. People: a rectangle as large as an ellipse 0.25 wide
// across the shoulders (0.43 m at 1.72 m; British adults of 19 to 65: medians of 0.465 m, men, and
// 0.395 m, women, across the deltoids) and 0.16 deep; 0.09 m^2 (Weidmann 1993 has 0.085). Dogs are longer than high.
static const double plan_person[2] = {0.070, 0.112}, plan_dog[2] = {0.65, 0.2};

typedef struct plan {
    double back_m, ahead_m, half_width_m;
} plan;

static plan plan_of(const bt_actor_desc *d, const bt_gear *gear)
{
    const double *half = d->four_legged ? plan_dog : plan_person;
    plan p = {half[0] * d->height_m, half[0] * d->height_m, half[1] * d->height_m};
    if (d->four_legged || gear->kind == BT_GEAR_NONE) return p;
    return (plan){gear->back_m, gear->nose_m, bt_max(p.half_width_m, gear->half_width_m)};
}

bt_walk_body bt_walk_body_of(const bt_actor_desc *d)
{
    bt_walk_body b = {.gear = bt_gear_make(d->gear, d->height_m)};
    plan p = plan_of(d, &b.gear);
    b.where_it_looks = d->four_legged || bt_gear_is_ridden(d->gear) || d->gear == BT_GEAR_STROLLER;
    double longest = bt_max(p.back_m, p.ahead_m);
    if (!d->four_legged && longest <= p.half_width_m) { // across
        b.aside_m = SHOULDERS * d->height_m;
        b.radius_m = bt_hypot(longest, p.half_width_m - b.aside_m) + BT_WALK_ROOM_M;
    } else if (d->four_legged || longest < 1.5 * p.half_width_m) { // a disc
        b.radius_m = bt_hypot(longest, p.half_width_m) + BT_WALK_ROOM_M;
    } else { // discs on its length whose circles hold its corners
        double in = 0.5 * p.half_width_m;
        b.radius_m = bt_hypot(in, p.half_width_m) + BT_WALK_ROOM_M;
        b.back_m = bt_max(0.0, p.back_m - in);
        b.ahead_m = bt_max(0.0, p.ahead_m - in);
    }
    b.reach_m = b.radius_m + bt_max(b.aside_m, bt_max(b.back_m, b.ahead_m));
    return b;
}

// Of a body that has fallen (crash.h): along where its head has gone, as much of it as lies.
static bt_footprint lying(const bt_actor_desc *d, const bt_pose *pose, bt_vec3 up, const plan *of)
{
    double along = bt_hypot(up.x, up.y), thick = 0.5 * (of->back_m + of->ahead_m);
    double half = 0.5 * d->height_m * along, c = up.x / along, s = up.y / along;
    double wide = d->four_legged || bt_gear_is_ridden(d->gear) ? thick : of->half_width_m;
    return (bt_footprint){.x_m = pose->pos.x + half * c,
                          .y_m = pose->pos.y + half * s,
                          .yaw_rad = bt_atan2(s, c),
                          .half_length_m = half,
                          .half_width_m = wide,
                          .z_low_m = pose->pos.z - of->half_width_m,
                          .z_high_m = pose->pos.z + of->half_width_m + d->height_m * up.z};
}

void bt_walk_upright(const bt_actor_desc *desc, const bt_gear *gear, bt_vec3 place, double yaw_rad,
                     bt_footprint *f)
{
    plan of = plan_of(desc, gear);
    double middle = 0.5 * (of.ahead_m - of.back_m);
    *f = (bt_footprint){.x_m = place.x + middle * bt_cos(yaw_rad),
                        .y_m = place.y + middle * bt_sin(yaw_rad),
                        .yaw_rad = yaw_rad,
                        .half_length_m = 0.5 * (of.ahead_m + of.back_m),
                        .half_width_m = of.half_width_m,
                        .z_low_m = place.z,
                        .z_high_m = place.z + desc->height_m};
}

void bt_walk_footprint(const bt_actor_desc *desc, const bt_actor_pose *pose, bt_footprint *f)
{
    const bt_pose *at = &pose->world_from_actor;
    bt_gear gear = {.kind = BT_GEAR_NONE};
    if (desc->gear != BT_GEAR_NONE) gear = bt_gear_make(desc->gear, desc->height_m);
    bt_vec3 up = bt_quat_rotate(at->rot, (bt_vec3){0.0, 0.0, 1.0});
    if (up.z < LIES) {
        plan of = plan_of(desc, &gear);
        *f = lying(desc, at, up, &of);
        return;
    }
    bt_walk_upright(desc, &gear, at->pos, bt_quat_yaw(at->rot), f);
}
