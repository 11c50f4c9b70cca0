// beacon.c: see beacon.h. Sizes are chosen: a bar of 0.30 m by 0.11 m, as catalogues of such bars have them.
#include "procedural/vehicles/beacon.h"

#include "procedural/mesh_shapes.h"

#define LENGTH_M 0.30
#define HEIGHT_M 0.11
#define FOOT_M 0.035
#define MIDDLE_SHARE 0.16 // of the width, dark, between the lamps

static void add_box(bt_mesh_builder *mesh, bt_vec3 centre, bt_vec3 size, double radius)
{
    bt_mesh_add_rounded_box(mesh, (bt_pose){centre, BT_QUAT_IDENTITY}, size, radius, 3);
}

// The lamp's whole outside shines: what is inside has no shape here.
static void add_lamp(bt_body *body, uint32_t parent, int side, double half_m, bt_vec3 foot,
                     const char *material)
{
    uint32_t part = bt_body_add_part(body, side > 0 ? "lamp_beacon_left" : "lamp_beacon_right",
                                     parent, BT_POSE_IDENTITY);
    body->parts[part].lamp_mask = side > 0 ? BT_LAMP_BEACON_LEFT : BT_LAMP_BEACON_RIGHT;
    body->parts[part].beyond_cuboid = true;
    double inner = MIDDLE_SHARE * half_m, width = half_m - inner;
    double low = foot.z + FOOT_M + 0.012;
    add_box(bt_body_mesh(body, part, bt_body_material(body, material)),
            bt_vec3_make(foot.x, side * (inner + 0.5 * width), low + 0.5 * (HEIGHT_M - FOOT_M)),
            bt_vec3_make(LENGTH_M - 0.02, width, HEIGHT_M - FOOT_M - 0.012), 0.028);
}

void bt_vehicle_add_beacons(bt_body *body, uint32_t parent, bt_vec3 foot, double width_m,
                            bt_beacon_kind kind)
{
    if (kind == BT_BEACON_NONE) return;
    double half = 0.5 * width_m;
    uint32_t bar = bt_body_add_part(body, "beacon_bar", parent, BT_POSE_IDENTITY);
    body->parts[bar].beyond_cuboid = true;
    bt_mesh_builder *mesh = bt_body_mesh(body, bar, bt_body_material(body, "plastic_black"));
    for (int side = -1; side <= 1; side += 2)
        add_box(mesh, bt_vec3_make(foot.x, side * 0.7 * half, foot.z + 0.5 * FOOT_M),
                bt_vec3_make(0.12, 0.10, FOOT_M + 0.02), 0.01);
    add_box(mesh, bt_vec3_make(foot.x, 0.0, foot.z + FOOT_M + 0.006),
            bt_vec3_make(LENGTH_M, width_m, 0.022), 0.008);
    double dark = 2.0 * MIDDLE_SHARE * half - 0.01;
    add_box(mesh, bt_vec3_make(foot.x, 0.0, foot.z + FOOT_M + 0.5 * (HEIGHT_M - FOOT_M)),
            bt_vec3_make(LENGTH_M - 0.04, dark, HEIGHT_M - FOOT_M - 0.02), 0.01);
    bool both = kind == BT_BEACON_BLUE;
    add_lamp(body, parent, 1, half, foot, both ? "lamp_beacon_blue" : "lamp_beacon_red");
    add_lamp(body, parent, -1, half, foot, "lamp_beacon_blue");
}
