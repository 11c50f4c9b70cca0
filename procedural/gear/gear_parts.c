// gear_parts.c: wheels, bars, lamps that all gear is made of.
#include "procedural/gear/gear_internal.h"

#define SPOKE_M 0.0011
#define CREASE (40.0 * BT_RAD_PER_DEG)

static bt_pose across(void)
{
    return bt_pose_along(bt_vec3_make(0.0, 0.0, 0.0), bt_vec3_make(0.0, 1.0, 0.0),
                         bt_vec3_make(1.0, 0.0, 0.0));
}

// A ring whose section is a circle or, with sides, a box.
static void add_torus(bt_mesh_builder *mesh, double radius, double section, unsigned segments)
{
    enum { STEPS = 14 };
    bt_point2 profile[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
        double angle = 2.0 * BT_PI * (i % STEPS) / STEPS;
        profile[i] = (bt_point2){radius + section * bt_cos(angle), section * bt_sin(angle)};
    }
    bt_mesh_add_lathe(mesh, across(), profile, STEPS + 1, segments, CREASE);
}

// A flat band of this half width and depth.
static void add_band(bt_mesh_builder *mesh, double inner, double outer, double half,
                     unsigned segments)
{
    const bt_point2 profile[] = {
        {inner, -half}, {outer, -half}, {outer, half}, {inner, half}, {inner, -half}};
    bt_mesh_add_lathe(mesh, across(), profile, 5, segments, 0.0);
}

// White rings on both sides of the tyre.
static void add_rings(bt_mesh_builder *mesh, const bt_gear_wheel *w, unsigned segments)
{
    double middle = w->radius_m - w->tyre_m, half = 0.0045;
    for (int side = -1; side <= 1; side += 2) {
        double y = side * (w->tyre_m + 0.0008);
        const bt_point2 profile[] = {{middle - half, y - 0.0015},
                                     {middle + half, y - 0.0015},
                                     {middle + half, y},
                                     {middle - half, y},
                                     {middle - half, y - 0.0015}};
        const bt_point2 other[] = {{middle - half, y},
                                   {middle + half, y},
                                   {middle + half, y + 0.0015},
                                   {middle - half, y + 0.0015},
                                   {middle - half, y}};
        bt_mesh_add_lathe(mesh, across(), side > 0 ? profile : other, 5, segments, 0.0);
    }
}

static void add_spokes(bt_mesh_builder *mesh, double hub, double rim, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        // in crossed pairs from both flanges
        double angle = 2.0 * BT_PI * (double)i / count, lag = (i / 2) % 2 ? 0.5 : -0.5;
        double y = i % 2 ? 0.028 : -0.028;
        bt_vec3 from = {hub * bt_sin(angle + lag), y, hub * bt_cos(angle + lag)};
        bt_vec3 to = {rim * bt_sin(angle), 0.1 * y, rim * bt_cos(angle)};
        bt_mesh_add_cylinder(mesh, from, to, SPOKE_M, SPOKE_M, 5);
    }
}

void bt_gear_add_wheel(bt_gear_maker *m, uint32_t part, const bt_gear_wheel *w)
{
    unsigned segments = w->radius_m > 0.2 ? 56 : 32;
    bt_mesh_builder *mesh = bt_body_mesh(m->body, part, m->rubber);
    add_torus(mesh, w->radius_m - w->tyre_m, w->tyre_m, segments);
    double rim = w->radius_m - 1.75 * w->tyre_m, depth = w->spokes ? 0.016 : 0.35 * w->radius_m;
    mesh->slot = m->alloy;
    add_band(mesh, rim - depth, rim, 0.6 * w->tyre_m, segments);
    double hub = w->spokes ? 0.022 : 0.25 * w->radius_m;
    bt_mesh_add_cylinder(mesh, bt_vec3_make(0.0, -0.034, 0.0), bt_vec3_make(0.0, 0.034, 0.0), hub,
                         hub, 16);
    if (w->spokes) add_spokes(mesh, hub, rim - 0.5 * depth, w->spokes);
    for (unsigned i = 0; i < 5 && !w->spokes; i++) {
        double angle = 2.0 * BT_PI * i / 5.0, r = rim - 0.5 * depth;
        bt_vec3 to = {r * bt_sin(angle), 0.0, r * bt_cos(angle)};
        bt_vec3 from = {0.7 * hub * bt_sin(angle), 0.0, 0.7 * hub * bt_cos(angle)};
        bt_mesh_add_cylinder(mesh, from, to, 0.3 * w->tyre_m, 0.3 * w->tyre_m, 8);
    }
    mesh->slot = m->reflector_clear;
    if (w->ring) add_rings(mesh, w, segments);
}

void bt_gear_add_bar(bt_gear_maker *m, uint32_t part, uint8_t slot, bt_vec3 from, bt_vec3 to,
                     double radius)
{
    bt_mesh_add_capsule(bt_body_mesh(m->body, part, slot), from, to, radius, radius, 12);
}

void bt_gear_add_block(bt_gear_maker *m, uint32_t part, uint8_t slot, bt_vec3 middle, bt_vec3 size,
                       double round)
{
    bt_mesh_add_rounded_box(bt_body_mesh(m->body, part, slot), (bt_pose){middle, BT_QUAT_IDENTITY},
                            size, round, 3);
}

void bt_gear_add_lamp(bt_gear_maker *m, uint32_t parent, bool rear, bt_vec3 at, double radius)
{
    double out = rear ? -1.0 : 1.0;
    uint8_t glow = bt_body_material(m->body, rear ? "lamp_bicycle_rear" : "lamp_bicycle");
    bt_vec3 back = {at.x - out * 0.05, at.y, at.z}, face = {at.x + out * 0.004, at.y, at.z};
    bt_gear_add_bar(m, parent, m->black, back, bt_vec3_make(at.x - out * 0.012, at.y, at.z),
                    radius + 0.004);
    uint32_t part =
        bt_body_add_part(m->body, rear ? "lamp_tail" : "lamp_front", parent, BT_POSE_IDENTITY);
    m->body->parts[part].lamp_mask = rear ? BT_LAMP_TAIL : BT_LAMP_LOW_BEAM;
    bt_mesh_add_cylinder(bt_body_mesh(m->body, part, glow), at, face, radius, 0.9 * radius, 20);
}

uint32_t bt_gear_add_axle(bt_gear_maker *m, const char *name, uint32_t parent, bt_vec3 at,
                          bt_channel spin)
{
    bt_pose pose = {at, BT_QUAT_IDENTITY};
    uint32_t part =
        bt_body_add_joint(m->body, name, parent, pose, bt_vec3_make(0.0, 1.0, 0.0), spin, 1.0);
    bt_body_add_keypoint(m->body, name, part, bt_vec3_make(0.0, 0.0, 0.0));
    return part;
}

uint32_t bt_gear_add_steering(bt_gear_maker *m, bt_vec3 at, bt_vec3 axis)
{
    return bt_body_add_joint(m->body, "steering", BT_NO_INDEX, (bt_pose){at, BT_QUAT_IDENTITY},
                             bt_vec3_normalize(axis), BT_CHANNEL_STEER_LEFT, 1.0);
}
