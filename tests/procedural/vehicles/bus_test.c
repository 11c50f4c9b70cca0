// bus_test.c: buses: sizes, cuboids, joint, stop arm, lamps, what is refused.
#include "procedural/vehicles/bus.h"

#include "engine/sim/sim.h"
#include "tests/procedural/support/body_check.h"

static bool in_rear(const bt_body *body, uint32_t part)
{
    for (; part != BT_NO_INDEX; part = body->parts[part].parent)
        if (body->parts[part].channel == BT_CHANNEL_HITCH) return true;
    return false;
}

static bool in_front(const bt_body *body, uint32_t part)
{
    return !in_rear(body, part) && !body->parts[part].beyond_cuboid;
}

static bool is_wheel(const bt_body *body, uint32_t part)
{
    return strstr(body->parts[part].name, "wheel_") != NULL;
}

static bt_body *build(const bt_bus_params *p)
{
    bt_body *body = NULL;
    CHECK_OK(bt_bus_build(p, &body));
    return body;
}

static uint32_t count_lamps(const bt_body *body, uint32_t mask)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < body->part_count; i++)
        count += (body->parts[i].lamp_mask & mask) != 0;
    return count;
}

static void check_sizes(const bt_bus_params *p, const bt_body *body)
{
    body_bounds all = check_body_meshes(body, NULL);
    CHECK(all.triangles < 200000);
    CHECK(all.against < all.triangles / 50);
    body_bounds front = check_body_meshes(body, in_front);
    CHECK_NEAR(front.max_m.x - front.min_m.x, p->size.length_m, 0.03);
    CHECK_NEAR(front.min_m.x, -p->size.rear_overhang_m, 0.02);
    CHECK_NEAR(front.max_m.z, p->size.height_m, 0.04);
    CHECK_NEAR(front.max_m.y, 0.5 * p->size.width_m, 0.015);
    CHECK_NEAR(front.min_m.y, -0.5 * p->size.width_m, 0.015);
    body_bounds wheels = check_body_meshes(body, is_wheel);
    CHECK_NEAR(wheels.min_m.z, 0.0, 0.001);
    CHECK(body->cuboids[0].class_id == BT_CLASS_BUS);
    CHECK_NEAR(body->cuboids[0].size_m.x, p->size.length_m, 1e-9);
}

// Folded along the side; out, square to it, two lamps on it that shine in turn.
static void check_arm(const bt_bus_params *p, const bt_body *body)
{
    uint32_t sign = BT_NO_INDEX;
    for (uint32_t i = 0; i < body->part_count; i++)
        if (strcmp(body->parts[i].name, "stop_arm") == 0) sign = i;
    CHECK(sign != BT_NO_INDEX);
    if (sign == BT_NO_INDEX) return;
    double channels[BT_CHANNEL_COUNT] = {0};
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_vec3 tip = {-0.55, 0.0, 0.0};
    bt_body_pose_parts(body, channels, poses);
    bt_vec3 in = bt_pose_point(poses[sign], tip);
    CHECK_NEAR(in.y, 0.5 * p->size.width_m, 0.03);
    channels[BT_CHANNEL_STOP_ARM] = 0.5 * BT_PI;
    bt_body_pose_parts(body, channels, poses);
    bt_vec3 out = bt_pose_point(poses[sign], tip);
    CHECK_NEAR(out.y, in.y + 0.55, 0.001);
    CHECK_NEAR(out.x, in.x + 0.55, 0.001);
    CHECK(count_lamps(body, BT_LAMP_HALT_LEFT) == 3 && count_lamps(body, BT_LAMP_HALT_RIGHT) == 3);
}

// Turned left at the joint the rear section swings to the right.
static void check_joint(const bt_bus_params *p, const bt_body *body)
{
    CHECK(body->cuboid_count == 2);
    CHECK(in_rear(body, body->cuboids[1].part));
    CHECK_NEAR(body->cuboids[1].size_m.x, p->size.trailer_length_m, 1e-9);
    double channels[BT_CHANNEL_COUNT] = {0};
    channels[BT_CHANNEL_HITCH] = 0.4;
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_body_pose_parts(body, channels, poses);
    bt_pose rear = poses[body->cuboids[1].part];
    CHECK_NEAR(rear.pos.x, p->size.hitch_from_rear_m, 1e-12);
    CHECK_NEAR(bt_pose_point(rear, bt_vec3_make(-7.0, 0.0, 0.0)).y, -7.0 * sin(0.4), 1e-9);
    body_bounds bounds = check_body_meshes(body, in_rear);
    CHECK_NEAR(bounds.min_m.x, p->size.hitch_from_rear_m - p->size.trailer_length_m, 0.03);
}

// The bellows reach from section to section however these are turned: their ends keep to both, what is between lies
// between, and no fold is longer than the outside of the bend asks for.
static void check_bellows(const bt_bus_params *p, const bt_body *body)
{
    uint32_t part = BT_NO_INDEX;
    for (uint32_t i = 0; i < body->part_count; i++)
        if (strcmp(body->parts[i].name, "bellows") == 0) part = i;
    CHECK(part != BT_NO_INDEX);
    if (part == BT_NO_INDEX) return;
    const bt_body_part *bellows = &body->parts[part];
    double channels[BT_CHANNEL_COUNT] = {0}, bend = 0.5;
    channels[BT_CHANNEL_HITCH] = bend;
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_body_pose_parts(body, channels, poses);
    bt_pose rear = poses[body->cuboids[1].part];
    double gap = -p->size.rear_overhang_m - p->size.hitch_from_rear_m, nearest = INFINITY,
           farthest = -INFINITY;
    CHECK(bellows->skin_count == bellows->mesh.vertex_count);
    for (size_t v = 0; v < bellows->skin_count; v++) {
        bt_vec3 rest = bt_mesh_position(&bellows->mesh, (uint32_t)v), at = {0.0, 0.0, 0.0};
        for (int k = 0; k < BT_SKIN_PARTS; k++) {
            bt_vec3 own = rest;
            uint32_t to = bellows->skin[v].part[k];
            if (to == body->cuboids[1].part) own.x -= p->size.hitch_from_rear_m;
            bt_vec3 there = bt_pose_point(poses[to], own);
            at = bt_vec3_mad(at, there, (double)bellows->skin[v].weight[k]);
        }
        bt_vec3 in_rear_m = bt_vec3_sub(rest, bt_vec3_make(p->size.hitch_from_rear_m, 0.0, 0.0));
        if (rest.x > -p->size.rear_overhang_m - 1e-6) CHECK(bt_vec3_distance(at, rest) < 1e-6);
        if (in_rear_m.x < 1e-6) CHECK(bt_vec3_distance(at, bt_pose_point(rear, in_rear_m)) < 1e-6);
        nearest = fmin(nearest, at.x);
        farthest = fmax(farthest, at.x);
    }
    CHECK_NEAR(farthest, -p->size.rear_overhang_m, 1e-6);
    CHECK(nearest > p->size.hitch_from_rear_m - 0.5 * p->size.width_m * sin(bend) && gap > 0.0);
}

int main(void)
{
    for (int school = 0; school < 2; school++) {
        bt_bus_params p = bt_bus_defaults(school != 0);
        bt_body *body = build(&p);
        if (!body) continue;
        check_sizes(&p, body);
        if (school) check_arm(&p, body);
        check_body_in_spec(body, count_lamps(body, UINT32_MAX));
        bt_body_destroy(body);
    }
    bt_bus_params p = bt_bus_defaults(false);
    p.size.length_m = 10.0;
    p.size.rear_overhang_m = 1.325;
    p.size.trailer_length_m = 7.4;
    p.size.hitch_from_rear_m = -2.05;
    p.size.trailer_wheelbase_m = 3.95;
    bt_body *body = build(&p);
    if (body) check_joint(&p, body);
    if (body) check_bellows(&p, body);
    bt_body_destroy(body);
    p.size.hitch_from_rear_m = 0.5;
    CHECK(bt_bus_build(&p, &body) == BT_ERR_INPUT && body == NULL);
    CHECK_CONTAINS(bt_error_message(), "hitch_from_rear_m");
    return check_end();
}
