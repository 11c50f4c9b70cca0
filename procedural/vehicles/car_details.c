// car_details.c: mirrors, wipers, antenna, exhaust, roof rails, the floor.
#include "procedural/vehicles/car_internal.h"

// ---- mirrors ----------------------------------------------------------------------------------
// A housing lofted from rounded sections along y, an arm, and the glass looking back.
static void add_mirror(bt_car *car)
{
    const bt_car_params *p = car->params;
    double h = car->cabin.row_up_scale_m;
    bt_patch_vertex foot = bt_shell_find(&car->cabin, car->mirror_around_m + 0.05, 0.06 * h);
    uint32_t part = bt_body_add_part(car->body, "mirrors", car->part, BT_POSE_IDENTITY);
    car->body->parts[part].beyond_cuboid = true;
    bt_mesh_builder *mesh = bt_body_mesh(car->body, part, car->slots.black);
    bt_vec3 inner = {foot.pos.x - 0.03, foot.pos.y - 0.01, foot.pos.z + 0.01};
    double out = 0.5 * p->width_m + 0.02 - foot.pos.y;
    bt_vec3 root = {inner.x - 0.01, inner.y + out, inner.z + 0.035};
    bt_mesh_add_capsule(mesh, inner, root, 0.026, 0.020, 12);
    bool tall = p->kind == BT_CAR_VAN || p->kind == BT_CAR_PICKUP;
    bt_vec3 size = {0.115, 0.19, tall ? 0.19 : 0.125};
    bt_pose pose = {{root.x - 0.005, root.y + 0.08, root.z + (tall ? 0.06 : 0.035)},
                    bt_quat_yaw_pitch_roll(0.10, 0.0, 0.0)};
    bt_mesh_mark start = bt_mesh_here(mesh);
    mesh->slot = p->cladding ? car->slots.black : car->slots.paint;
    bt_mesh_add_rounded_box(mesh, BT_POSE_IDENTITY, size, 0.045, 3);
    // the front tapers
    for (size_t i = start.vertex; i < mesh->vertex_count; i++) {
        float *q = mesh->positions + 3 * i;
        float t = (q[0] + 0.5f * (float)size.x) / (float)size.x;
        q[1] *= 1.0f - 0.22f * t * t;
        q[2] *= 1.0f - 0.25f * t * t;
    }
    bt_mesh_smooth(mesh, start, 50.0 * BT_RAD_PER_DEG);
    bt_mesh_transform(mesh, start, pose);
    bt_pose back =
        bt_pose_mul(pose, bt_pose_along(bt_vec3_make(-0.5 * size.x - 0.001, 0.0, 0.0),
                                        bt_vec3_make(-1.0, 0.0, 0.0), bt_vec3_make(0.0, 1.0, 0.0)));
    mesh->slot = car->slots.chrome;
    bt_mesh_add_rounded_slab(mesh, back, bt_vec3_make(size.y - 0.05, size.z - 0.045, 0.004), 0.022,
                             0.001, 4);
    bt_mesh_mirror_y(mesh, (bt_mesh_mark){0, 0});
    bt_body_add_keypoint(car->body, "mirror_left", part, pose.pos);
    bt_body_add_keypoint(car->body, "mirror_right", part,
                         bt_vec3_make(pose.pos.x, -pose.pos.y, pose.pos.z));
}

// ---- small things -----------------------------------------------------------------------------
static void add_wipers(bt_car *car)
{
    double h = car->cabin.row_up_scale_m;
    // lying along the foot of the windscreen
    bt_vec3 path[9];
    double radii[9];
    for (int i = 0; i < 9; i++) {
        double around = bt_lerp(0.03, 0.56, i / 8.0);
        bt_patch_vertex at = bt_shell_find(&car->cabin, around, (0.07 + 0.10 * i / 8.0) * h);
        path[i] = bt_vec3_mad(at.pos, at.normal, 0.008);
        radii[i] = 0.008;
    }
    car->mesh->slot = car->slots.trim;
    bt_mesh_add_tube(car->mesh, path, radii, 9, 6);
}

static void add_antenna(bt_car *car)
{
    const bt_car_params *p = car->params;
    uint32_t part = bt_body_add_part(car->body, "antenna", car->part, BT_POSE_IDENTITY);
    car->body->parts[part].beyond_cuboid = true;
    bt_mesh_builder *mesh = bt_body_mesh(car->body, part, car->slots.black);
    double x = p->roof_rear_m + 0.22;
    double z = bt_curve_at(&car->cabin.spine, x) - 0.004;
    // a fin
    enum { STATIONS = 8, CORNERS = 10 };
    bt_vec3 ring[STATIONS * CORNERS];
    for (int i = 0; i < STATIONS; i++) {
        double u = (double)i / (STATIONS - 1);
        double half = 0.028 * (1.0 - u) * (1.0 - 0.3 * u) + 0.002, length = 0.16 * (1.0 - 0.78 * u);
        for (int k = 0; k < CORNERS; k++) {
            double angle = 2.0 * BT_PI * k / CORNERS;
            ring[i * CORNERS + k] = bt_vec3_make(x - 0.045 * u + 0.5 * length * bt_cos(angle),
                                                 half * bt_sin(angle), z + 0.065 * u);
        }
    }
    bt_mesh_add_grid(mesh, ring, STATIONS, CORNERS,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, 1.0);
}

static void add_exhaust(bt_car *car)
{
    const bt_car_params *p = car->params;
    double z = p->clearance_m + 0.055, y = 0.56 * 0.5 * p->width_m, x = car->rear_m + 0.05;
    bt_pose pose = bt_pose_along(bt_vec3_make(x + 0.13, y, z), bt_vec3_make(-1.0, 0.0, -0.06),
                                 bt_vec3_make(0.0, 1.0, 0.0));
    const bt_point2 pipe[] = {{0.030, 0.0},  {0.032, 0.13}, {0.030, 0.134},
                              {0.027, 0.13}, {0.026, 0.03}, {0.0, 0.03}};
    car->mesh->slot = car->slots.chrome;
    bt_mesh_add_lathe(car->mesh, pose, pipe, 5, 20, 0.6);
    car->mesh->slot = car->slots.under;
    bt_mesh_add_lathe(car->mesh, pose, pipe + 4, 2, 20, 0.6);
}

static void add_roof_rails(bt_car *car)
{
    const bt_car_params *p = car->params;
    double h = car->cabin.row_up_scale_m;
    double from = bt_shell_around(&car->cabin, 5.6 / 14.0);
    double to = bt_shell_around(&car->cabin, 9.6 / 14.0);
    bt_vec3 path[14];
    double radii[14];
    for (int i = 0; i < 14; i++) {
        double u = i / 13.0;
        bt_patch_vertex at = bt_shell_find(&car->cabin, bt_lerp(from, to, u), 1.012 * h);
        double lift = i == 0 || i == 13 ? -0.012 : 0.028;
        path[i] = bt_vec3_mad(at.pos, bt_vec3_make(0.0, 0.0, 1.0), lift);
        path[i].z = fmin(path[i].z, p->height_m - 0.015);
        radii[i] = 0.013;
    }
    car->mesh->slot = car->slots.chrome;
    bt_mesh_add_tube(car->mesh, path, radii, 14, 10);
}

// ---- the floor --------------------------------------------------------------------------------
// A dark sheet between the sills, seen from below, pushed up over the wheels.
static void add_floor(bt_car *car)
{
    enum { ROWS = 41 };
    bt_vec3 sheet[ROWS * 2];
    for (int i = 0; i < ROWS; i++) {
        bt_vec3 edge = bt_shell_ring(&car->lower, (double)i / (ROWS - 1), 0.0);
        sheet[i] = bt_vec3_make(edge.x, 0.0, edge.z + 0.005);
        sheet[ROWS + i] = edge;
    }
    // columns run rearward, rows outward: the front looks down
    bt_mesh_builder *mesh = car->mesh;
    const bt_car_params *p = car->params;
    double inner = 0.5 * p->track_m - 0.5 * p->tyre_width_m - 0.065;
    for (int i = 0; i < ROWS; i++) {
        double x = sheet[i].x, reach = car->arch_radius_m;
        if (fabs(x) < reach || fabs(x - p->wheelbase_m) < reach)
            sheet[ROWS + i].y = fmin(sheet[ROWS + i].y, inner);
    }
    mesh->slot = car->slots.under;
    bt_mesh_add_grid(mesh, sheet, 2, ROWS, 0, 0.5);
}

void bt_car_add_details(bt_car *car)
{
    add_floor(car);
    add_exhaust(car);
    if (car->params->roof_rails) add_roof_rails(car);
    add_wipers(car);
    add_mirror(car);
    add_antenna(car);
}
