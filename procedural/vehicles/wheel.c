// wheel.c: tyre, rim, brake disc.
#include "procedural/vehicles/wheel.h"

#include <stdio.h>

#include "procedural/mesh_shapes.h"

#define CREASE (40.0 * BT_RAD_PER_DEG)

static bt_pose axle_pose(void)
{
    return bt_pose_along(bt_vec3_make(0.0, 0.0, 0.0), bt_vec3_make(0.0, 1.0, 0.0),
                         bt_vec3_make(1.0, 0.0, 0.0));
}

static void tyre(bt_mesh_builder *mesh, const bt_wheel_params *p, unsigned segments)
{
    double r = p->radius_m, w = p->width_m, b = p->rim_radius_m, m = 0.5 * (r + b);
    double groove = p->truck ? 0.014 : 0.008, gap = 0.022 * w / 0.2;
    bt_point2 profile[40];
    size_t n = 0;
    const bt_point2 side[] = {{b - 0.006, 0.40 * w}, {b + 0.006, 0.44 * w},  {b + 0.022, 0.475 * w},
                              {m, 0.5 * w},          {r - 0.030, 0.487 * w}, {r - 0.016, 0.462 * w},
                              {r - 0.006, 0.42 * w}, {r - 0.002, 0.36 * w}};
    for (size_t i = 0; i < 8; i++)
        profile[n++] = (bt_point2){side[i].x, -side[i].y};
    for (int g = 0; g < 4; g++) {
        double at = (-0.24 + 0.16 * g) * w;
        profile[n++] = (bt_point2){r, at - 0.5 * gap};
        profile[n++] = (bt_point2){r - groove, at - 0.36 * gap};
        profile[n++] = (bt_point2){r - groove, at + 0.36 * gap};
        profile[n++] = (bt_point2){r, at + 0.5 * gap};
    }
    for (size_t i = 0; i < 8; i++)
        profile[n++] = side[7 - i];
    bt_mesh_add_lathe(mesh, axle_pose(), profile, n, segments, CREASE);
}

// The flange at the outer edge and the barrel behind the spokes.
static void rim_ring(bt_mesh_builder *mesh, const bt_wheel_params *p, const bt_wheel_slots *slots,
                     unsigned segments)
{
    double w = p->width_m, b = p->rim_radius_m;
    const bt_point2 flange[] = {{b - 0.004, 0.395 * w}, {b + 0.009, 0.435 * w},
                                {b + 0.010, 0.45 * w},  {b + 0.002, 0.457 * w},
                                {b - 0.008, 0.45 * w},  {b - 0.016, 0.42 * w},
                                {b - 0.024, 0.34 * w}};
    mesh->slot = slots->rim;
    bt_mesh_add_lathe(mesh, axle_pose(), flange, 7, segments, CREASE);
    const bt_point2 barrel[] = {{b - 0.024, 0.34 * w},
                                {b - 0.030, 0.0},
                                {b - 0.022, -0.42 * w},
                                {b + 0.002, -0.44 * w},
                                {b - 0.004, -0.40 * w}};
    mesh->slot = slots->dark;
    bt_mesh_add_lathe(mesh, axle_pose(), barrel, 5, segments, CREASE);
}

// A spoke runs from the hub to the barrel: a bar with a bevelled face, wider at both ends.
static void spoke(bt_mesh_builder *mesh, const bt_wheel_params *p, double angle)
{
    enum { STATIONS = 7, CORNERS = 6 };
    double w = p->width_m, inner = 0.17 * p->rim_radius_m, outer = p->rim_radius_m - 0.012;
    double pitch = 2.0 * BT_PI / (double)p->spokes;
    bt_vec3 points[STATIONS * CORNERS];
    for (int i = 0; i < STATIONS; i++) {
        double u = (double)i / (STATIONS - 1);
        double radius = bt_lerp(inner, outer, u);
        double half = 0.5 * pitch * bt_lerp(inner * 0.95, outer * 0.40, u);
        half *= 1.0 - 0.30 * bt_sin(BT_PI * u);
        half = fmin(half, 0.034);
        double face = w * (0.36 + 0.07 * u * u - 0.05 * (1.0 - u) * (1.0 - u));
        double deep = face - bt_lerp(0.030, 0.022, u);
        const double across[CORNERS] = {-half * 0.8, half * 0.8,   half,
                                        half * 0.72, -half * 0.72, -half};
        const double along_y[CORNERS] = {deep, deep, face - 0.008, face, face, face - 0.008};
        for (int k = 0; k < CORNERS; k++) {
            bt_vec3 q = {across[k] * bt_cos(angle) + radius * bt_sin(angle), along_y[k],
                         -across[k] * bt_sin(angle) + radius * bt_cos(angle)};
            points[i * CORNERS + k] = q;
        }
    }
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_mesh_add_grid(mesh, points, STATIONS, CORNERS,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, 0.0);
    bt_mesh_smooth(mesh, start, 30.0 * BT_RAD_PER_DEG);
}

static void hub(bt_mesh_builder *mesh, const bt_wheel_params *p, const bt_wheel_slots *slots)
{
    double w = p->width_m, r = 0.235 * p->rim_radius_m;
    const bt_point2 centre[] = {{r * 0.9, 0.12 * w},  {r, 0.29 * w},         {r * 0.93, 0.325 * w},
                                {r * 0.62, 0.33 * w}, {r * 0.58, 0.315 * w}, {r * 0.55, 0.34 * w},
                                {r * 0.35, 0.36 * w}, {0.0, 0.365 * w}};
    mesh->slot = slots->rim;
    bt_mesh_add_lathe(mesh, axle_pose(), centre, 8, 24, CREASE);
    unsigned nuts = 5;
    mesh->slot = slots->nut;
    for (unsigned i = 0; i < nuts; i++) {
        double angle = 2.0 * BT_PI * ((double)i + 0.5) / nuts;
        bt_vec3 at = {0.78 * r * bt_sin(angle), 0.31 * w, 0.78 * r * bt_cos(angle)};
        bt_mesh_add_cylinder(mesh, at, bt_vec3_make(at.x, 0.345 * w, at.z), 0.009, 0.008, 6);
    }
}

static void brake(bt_mesh_builder *mesh, const bt_wheel_params *p, const bt_wheel_slots *slots)
{
    double r = 0.72 * p->rim_radius_m, y = 0.08 * p->width_m;
    const bt_point2 disc[] = {{0.35 * r, y - 0.026}, {r, y - 0.026},       {r, y},
                              {0.45 * r, y},         {0.42 * r, y + 0.03}, {0.0, y + 0.03}};
    mesh->slot = slots->disc;
    bt_mesh_add_lathe(mesh, axle_pose(), disc, 6, 40, CREASE);
    // a dark back keeps daylight out
    double back = p->rim_radius_m - 0.026;
    const bt_point2 shield[] = {{back, y - 0.04}, {0.0, y - 0.035}};
    mesh->slot = slots->dark;
    bt_mesh_add_lathe(mesh, axle_pose(), shield, 2, 32, CREASE);
}

// A pressed steel disc: dished, with a ring of dark holes, and nuts in the middle.
static void steel_disc(bt_mesh_builder *mesh, const bt_wheel_params *p, const bt_wheel_slots *slots)
{
    double w = p->width_m, b = p->rim_radius_m, out = p->truck ? -0.05 * w : 0.28 * w;
    const bt_point2 disc[] = {
        {b - 0.026, out + 0.05 * w}, {0.86 * b, out + 0.02 * w}, {0.72 * b, out + 0.10 * w},
        {0.52 * b, out + 0.13 * w},  {0.40 * b, out + 0.06 * w}, {0.26 * b, out + 0.05 * w},
        {0.24 * b, out + 0.16 * w},  {0.20 * b, out + 0.19 * w}, {0.0, out + 0.20 * w}};
    mesh->slot = slots->rim;
    bt_mesh_add_lathe(mesh, axle_pose(), disc, 9, 48, 30.0 * BT_RAD_PER_DEG);
    unsigned holes = p->truck ? 10 : 12, nuts = p->truck ? 10 : 5;
    for (unsigned i = 0; i < holes; i++) {
        double angle = 2.0 * BT_PI * (double)i / holes;
        bt_vec3 at = {0.78 * b * bt_sin(angle), out + 0.06 * w, 0.78 * b * bt_cos(angle)};
        bt_vec3 normal = {0.30 * bt_sin(angle), 1.0, 0.30 * bt_cos(angle)};
        mesh->slot = slots->dark;
        bt_mesh_add_cylinder(mesh, at, bt_vec3_mad(at, normal, 0.022 * w / 0.2), 0.062 * b,
                             0.062 * b, 12);
    }
    for (unsigned i = 0; i < nuts; i++) {
        double angle = 2.0 * BT_PI * ((double)i + 0.5) / nuts;
        bt_vec3 at = {0.33 * b * bt_sin(angle), out + 0.04 * w, 0.33 * b * bt_cos(angle)};
        mesh->slot = slots->nut;
        bt_mesh_add_cylinder(mesh, at, bt_vec3_make(at.x, at.y + 0.13 * w, at.z), 0.045 * b,
                             0.04 * b, 6);
    }
}

void bt_wheel_build(bt_mesh_builder *mesh, const bt_wheel_params *p, const bt_wheel_slots *slots)
{
    unsigned segments = p->segments ? p->segments : 48;
    mesh->slot = slots->rubber;
    tyre(mesh, p, segments);
    rim_ring(mesh, p, slots, segments);
    if (p->steel) {
        steel_disc(mesh, p, slots);
        return;
    }
    hub(mesh, p, slots);
    brake(mesh, p, slots);
    mesh->slot = slots->rim;
    for (unsigned i = 0; i < p->spokes; i++)
        spoke(mesh, p, 2.0 * BT_PI * (double)i / (double)p->spokes);
}

uint32_t bt_vehicle_add_arm(bt_body *body, uint32_t parent, const char *hub, bt_channel travel,
                            bt_pose *at)
{
    char name[48];
    snprintf(name, sizeof name, "arm_%.40s", hub);
    bt_pose pivot = {at->pos, BT_QUAT_IDENTITY};
    pivot.pos.x += BT_SUSPENSION_ARM_M;
    at->pos = bt_vec3_make(-BT_SUSPENSION_ARM_M, 0.0, 0.0);
    return bt_body_add_joint(body, name, parent, pivot, bt_vec3_make(0.0, 1.0, 0.0), travel, 1.0);
}
