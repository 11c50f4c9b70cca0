// place_standing.c: what of the things that are put down is felt by who drives against them (engine/sim/standing.h).
#include "procedural/placement/placer.h"

#include "engine/core/memory.h"

#include <stdio.h>

#define ROUND 0.8862 // half the side of a square as large as a disc of radius 1
#define SINKS_M 0.3  // grounds are uneven
#define WALL_M 0.15  // half a wall of an outline

bt_placer_solid bt_placer_round(bt_standing_kind kind, double radius_m, double height_m)
{
    return (bt_placer_solid){kind, ROUND * radius_m, ROUND * radius_m, height_m, 0.0};
}

bt_status bt_placer_stand(bt_placer *p, const bt_placer_solid *solid, bt_pose pose)
{
    bt_surroundings_result *r = p->result;
    if (p->last_object == BT_NO_INDEX) return BT_OK;
    bt_status status = BT_ARRAY_RESERVE(r->standing, p->standing_capacity, r->standing_count + 1);
    if (status) return status;
    bt_standing *s = &r->standing[r->standing_count++];
    *s = (bt_standing){.box = {.x_m = pose.pos.x,
                               .y_m = pose.pos.y,
                               .yaw_rad = bt_quat_yaw(pose.rot),
                               .half_length_m = solid->half_length_m,
                               .half_width_m = solid->half_width_m,
                               .z_low_m = pose.pos.z - SINKS_M,
                               .z_high_m = pose.pos.z + solid->height_m},
                       .kind = solid->kind,
                       .mass_kg = solid->mass_kg,
                       .id = p->last_object,
                       .class_id = p->last_class};
    snprintf(s->name, sizeof s->name, "%s", p->last_name);
    return BT_OK;
}

// Half sizes along a prop's x and y, by prop.c. Which of them break: posts of metal, which are no stronger than what
// breakaway supports may be; masses: chosen.
static const bt_placer_solid props[BT_PROP_KIND_COUNT] = {
    [BT_PROP_LAMP_STREET] = {BT_STANDING_BREAKS, 0.075, 0.075, 8.0, 0.0},
    [BT_PROP_LAMP_POST] = {BT_STANDING_BREAKS, 0.066, 0.066, 4.5, 0.0},
    [BT_PROP_LAMP_MOTORWAY] = {BT_STANDING_BREAKS, 0.075, 0.075, 11.0, 0.0},
    [BT_PROP_UTILITY_POLE] = {BT_STANDING_RIGID, 0.12, 0.12, 9.0, 0.0},
    [BT_PROP_DELINEATOR] = {BT_STANDING_LOOSE, 0.05, 0.06, 1.0, 2.0},
    [BT_PROP_BOLLARD] = {BT_STANDING_BREAKS, 0.07, 0.07, 1.0, 0.0},
    [BT_PROP_BIN] = {BT_STANDING_LOOSE, 0.2, 0.2, 0.9, 30.0},
    [BT_PROP_WHEELED_BIN] = {BT_STANDING_LOOSE, 0.29, 0.28, 1.0, 30.0},
    [BT_PROP_BENCH] = {BT_STANDING_LOOSE, 0.22, 0.85, 0.8, 60.0},
    [BT_PROP_MAILBOX] = {BT_STANDING_LOOSE, 0.16, 0.2, 1.5, 40.0},
    [BT_PROP_CABINET] = {BT_STANDING_LOOSE, 0.19, 0.42, 1.2, 120.0},
    [BT_PROP_HYDRANT] = {BT_STANDING_BREAKS, 0.12, 0.12, 0.8, 0.0},
    [BT_PROP_CONE] = {BT_STANDING_LOOSE, 0.19, 0.19, 0.7, 4.0},
    [BT_PROP_DRUM] = {BT_STANDING_LOOSE, 0.26, 0.26, 1.0, 15.0},
    [BT_PROP_TRESTLE] = {BT_STANDING_LOOSE, 0.05, 1.0, 1.05, 25.0},
    [BT_PROP_GUARD_RAIL] = {BT_STANDING_RAIL, 0.1, 2.0, 0.75, 0.0},
    [BT_PROP_CONCRETE_BARRIER] = {BT_STANDING_RIGID, 0.3, 1.5, 0.81, 0.0},
    [BT_PROP_NOISE_WALL] = {BT_STANDING_RIGID, 0.08, 2.0, 4.0, 0.0},
    [BT_PROP_NOISE_WALL_LOW] = {BT_STANDING_RIGID, 0.08, 2.0, 2.5, 0.0},
    [BT_PROP_FENCE_PLANK] = {BT_STANDING_LOOSE, 0.08, 1.2, 1.8, 50.0},
    [BT_PROP_FENCE_PICKET] = {BT_STANDING_LOOSE, 0.06, 1.2, 1.0, 25.0},
    [BT_PROP_FENCE_BARS] = {BT_STANDING_BREAKS, 0.03, 1.25, 1.2, 0.0},
    [BT_PROP_FENCE_RAIL] = {BT_STANDING_LOOSE, 0.06, 1.5, 1.1, 30.0},
    [BT_PROP_WALL] = {BT_STANDING_RIGID, 0.12, 1.5, 0.84, 0.0},
    [BT_PROP_BUS_SHELTER] = {BT_STANDING_LOOSE, 0.8, 2.0, 2.4, 600.0},
};

bt_status bt_placer_stand_prop(bt_placer *p, bt_prop_kind kind, bt_pose pose)
{
    bt_placer_solid solid = props[kind];
    if (solid.half_length_m <= 0.0) return BT_OK; // covers lie in the road
    if (kind != BT_PROP_GUARD_RAIL) return bt_placer_stand(p, &solid, pose);
    // a rail's box lies along it
    pose.rot = bt_quat_mul(pose.rot, bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, 0.5 * BT_PI));
    solid.half_length_m = props[kind].half_width_m;
    solid.half_width_m = props[kind].half_length_m;
    return bt_placer_stand(p, &solid, pose);
}

// Shrubs and bushes let cars through.
bt_status bt_placer_stand_tree(bt_placer *p, bt_tree_kind kind, const bt_plant *plant, bt_pose pose,
                               double scale)
{
    if (kind == BT_TREE_SHRUB || kind == BT_TREE_BUSH) return BT_OK;
    bt_standing_kind how = kind == BT_TREE_YOUNG ? BT_STANDING_BREAKS : BT_STANDING_RIGID;
    bt_placer_solid solid = bt_placer_round(how, scale * plant->trunk_radius_m, 3.0);
    return bt_placer_stand(p, &solid, pose);
}

bt_status bt_placer_stand_outline(bt_placer *p, const bt_vec3 *corners, uint32_t count,
                                  bt_pose pose, double height_m)
{
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < count && !status; i++) {
        bt_vec3 a = bt_pose_point(pose, corners[i]);
        bt_vec3 b = bt_pose_point(pose, corners[(i + 1) % count]);
        double length = bt_hypot(b.x - a.x, b.y - a.y);
        if (length < 0.05) continue;
        bt_placer_solid wall = {BT_STANDING_RIGID, 0.5 * length, WALL_M, height_m, 0.0};
        double yaw = bt_atan2(b.y - a.y, b.x - a.x);
        // inside of the outline, which goes round counter-clockwise
        bt_vec3 middle = bt_vec3_lerp(a, b, 0.5);
        middle.x -= WALL_M * bt_sin(yaw);
        middle.y += WALL_M * bt_cos(yaw);
        bt_quat rot = bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, yaw);
        status = bt_placer_stand(p, &wall, (bt_pose){middle, rot});
    }
    return status;
}
