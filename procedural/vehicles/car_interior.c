// car_interior.c: what is seen through the windows: dashboard, wheel, seats, door panels, floor.
#include "procedural/vehicles/car_internal.h"

// A seat: cushion, reclined back with bolsters, head restraint on two posts.
static void add_seat(bt_car *car, double x, double y, double z, double width)
{
    bt_mesh_builder *mesh = car->mesh;
    mesh->slot = car->slots.cloth;
    bt_pose cushion = {{x + 0.05, y, z + 0.07}, bt_quat_yaw_pitch_roll(0.0, -0.14, 0.0)};
    bt_mesh_add_rounded_box(mesh, cushion, bt_vec3_make(0.52, width, 0.15), 0.06, 2);
    bt_quat lean = bt_quat_yaw_pitch_roll(0.0, -0.38, 0.0);
    bt_pose back = {{x - 0.24, y, z + 0.36}, lean};
    bt_mesh_add_rounded_box(mesh, back, bt_vec3_make(0.13, width * 0.94, 0.60), 0.055, 2);
    for (int side = -1; side <= 1; side += 2) {
        bt_pose bolster =
            bt_pose_mul(back, (bt_pose){{0.05, side * 0.42 * width, -0.03}, BT_QUAT_IDENTITY});
        bt_mesh_add_rounded_box(mesh, bolster, bt_vec3_make(0.11, 0.085, 0.46), 0.04, 1);
    }
    bt_pose head = bt_pose_mul(back, (bt_pose){{0.0, 0.0, 0.405}, BT_QUAT_IDENTITY});
    bt_mesh_add_rounded_box(mesh, head, bt_vec3_make(0.095, 0.25, 0.17), 0.045, 2);
    mesh->slot = car->slots.chrome;
    for (int side = -1; side <= 1; side += 2) {
        bt_vec3 foot = bt_pose_point(back, bt_vec3_make(0.0, side * 0.06, 0.28));
        bt_vec3 top = bt_pose_point(back, bt_vec3_make(0.0, side * 0.06, 0.36));
        bt_mesh_add_cylinder(mesh, foot, top, 0.007, 0.007, 6);
    }
}

static void add_steering_wheel(bt_car *car, bt_vec3 at)
{
    bt_mesh_builder *mesh = car->mesh;
    bt_pose pose = bt_pose_along(at, bt_vec3_make(-1.0, 0.0, 0.45), bt_vec3_make(0.0, 1.0, 0.0));
    bt_point2 rim[11];
    for (int i = 0; i < 11; i++) {
        double angle = 2.0 * BT_PI * (i % 10) / 10.0;
        rim[i] = (bt_point2){0.180 + 0.015 * bt_cos(angle), 0.015 * bt_sin(angle)};
    }
    mesh->slot = car->slots.trim;
    bt_mesh_add_lathe(mesh, pose, rim, 11, 32, BT_PI);
    bt_mesh_add_rounded_slab(mesh, pose, bt_vec3_make(0.15, 0.12, 0.04), 0.05, 0.012, 4);
    for (int i = -1; i <= 1; i++) {
        double angle = i * 0.5 * BT_PI - 0.5 * BT_PI;
        bt_vec3 end =
            bt_pose_point(pose, bt_vec3_make(0.178 * bt_cos(angle), 0.178 * bt_sin(angle), 0.0));
        bt_mesh_add_cylinder(mesh, at, end, 0.016, 0.013, 8);
    }
    bt_mesh_add_cylinder(mesh, at, bt_vec3_mad(at, bt_vec3_make(1.0, 0.0, -0.45), 0.25), 0.03, 0.03,
                         10);
}

// The dashboard: a rounded profile across the car, higher before the driver.
static void add_dashboard(bt_car *car, double base_z)
{
    const bt_car_params *p = car->params;
    double x = p->wheelbase_m - p->cowl_behind_m - 0.30, z = p->cowl_height_m - 0.05;
    double half = 0.5 * p->width_m - 0.225;
    bt_mesh_builder *mesh = car->mesh;
    mesh->slot = car->slots.interior;
    bt_pose top = {{x - 0.12, 0.0, z - 0.09}, bt_quat_yaw_pitch_roll(0.0, -0.06, 0.0)};
    bt_mesh_add_rounded_box(mesh, top, bt_vec3_make(0.52, 2.0 * half, 0.17), 0.06, 4);
    bt_pose front = {{x - 0.16, 0.0, bt_lerp(base_z, z, 0.55)}, BT_QUAT_IDENTITY};
    bt_mesh_add_rounded_box(mesh, front, bt_vec3_make(0.36, 2.0 * half - 0.04, 0.36), 0.08, 3);
    bt_pose hood = {{x - 0.26, 0.25 * p->width_m * 0.84, z + 0.005}, BT_QUAT_IDENTITY};
    bt_mesh_add_rounded_box(mesh, hood, bt_vec3_make(0.26, 0.36, 0.09), 0.04, 3);
    bt_pose tunnel = {{x - 0.55, 0.0, base_z + 0.12}, BT_QUAT_IDENTITY};
    bt_mesh_add_rounded_box(mesh, tunnel, bt_vec3_make(0.9, 0.22, 0.30), 0.05, 3);
    mesh->slot = car->slots.black;
    bt_pose screen = {{x - 0.35, 0.0, z + 0.01}, bt_quat_yaw_pitch_roll(0.0, 0.25, 0.0)};
    bt_mesh_add_rounded_box(mesh, screen, bt_vec3_make(0.02, 0.25, 0.15), 0.008, 2);
    add_steering_wheel(car, bt_vec3_make(x - 0.52, 0.25 * p->width_m * 0.84, z - 0.06));
}

// The cabin's outline below the belt, from the front's middle to the rear's, drawn in by 6 cm.
#define TUB_POINTS 24

static void tub_outline(const bt_car *car, double front, double rear, bt_vec3 *points)
{
    double v = 0.9 / (car->cabin.rows - 1);
    for (int i = 0; i < TUB_POINTS; i++) {
        bt_vec3 p = bt_shell_ring(&car->cabin, (double)i / (TUB_POINTS - 1), v);
        p.x = bt_clamp(p.x, rear, front);
        p.y = fmax(p.y - 0.06, 0.0);
        p.z = fmin(bt_car_belt(car->params, p.x), p.z) - 0.012;
        points[i] = p;
    }
}

// Floor, side panels up to the belt with a soft ledge, and what closes the cabin before and behind.
static void add_tub(bt_car *car, double floor_z, double rear_x)
{
    const bt_car_params *p = car->params;
    bt_mesh_builder *mesh = car->mesh;
    bt_vec3 top[TUB_POINTS], sheet[5 * TUB_POINTS];
    tub_outline(car, p->wheelbase_m - p->cowl_behind_m - 0.22, rear_x, top);
    for (int i = 0; i < TUB_POINTS; i++) {
        bt_vec3 inner = top[i], outer = top[i];
        inner.y = fmax(inner.y - 0.05, 0.0);
        outer.y += 0.035;
        sheet[i] = bt_vec3_make(inner.x, 0.0, floor_z);
        sheet[TUB_POINTS + i] = bt_vec3_make(inner.x, inner.y, floor_z);
        sheet[2 * TUB_POINTS + i] = bt_vec3_make(inner.x, inner.y, inner.z - 0.03);
        sheet[3 * TUB_POINTS + i] = bt_vec3_make(inner.x, inner.y + 0.015, inner.z);
        sheet[4 * TUB_POINTS + i] = outer;
    }
    bt_mesh_mark start = bt_mesh_here(mesh);
    mesh->slot = car->slots.interior;
    bt_mesh_add_grid(mesh, sheet, 5, TUB_POINTS, 0, 0.7);
    bt_mesh_flip(mesh, start);
    bt_mesh_mirror_y(mesh, start);
}

static void add_inner_mirror(bt_car *car)
{
    double h = car->cabin.row_up_scale_m;
    bt_patch_vertex at = bt_shell_find(&car->cabin, 0.0, 0.84 * h);
    // well behind the place of a camera at the glass (car_labels.c)
    bt_vec3 pos = {at.pos.x - 0.24, 0.0, at.pos.z - 0.02};
    car->mesh->slot = car->slots.black;
    bt_pose pose = {pos, bt_quat_yaw_pitch_roll(0.2, 0.1, 0.0)};
    bt_mesh_add_rounded_box(car->mesh, pose, bt_vec3_make(0.03, 0.23, 0.065), 0.013, 3);
    bt_vec3 roof = {pos.x + 0.03, 0.0, bt_curve_at(&car->cabin.spine, pos.x) - 0.03};
    bt_mesh_add_cylinder(car->mesh, pos, roof, 0.012, 0.016, 8);
}

void bt_car_add_interior(bt_car *car)
{
    const bt_car_params *p = car->params;
    double floor_z = p->clearance_m + 0.08, seat_z = floor_z + 0.17;
    double headroom = p->height_m - seat_z;
    if (headroom > 1.12) seat_z += 0.7 * (headroom - 1.12);
    double y = 0.21 * p->width_m;
    double front_x = p->wheelbase_m - p->cowl_behind_m - 1.12;
    bool cab = p->kind == BT_CAR_PICKUP;
    double rear_x = cab ? p->roof_rear_m + 0.05 : fmax(p->glass_rear_m + 0.25, car->rear_m + 0.25);
    add_tub(car, floor_z, rear_x);
    add_dashboard(car, floor_z);
    add_seat(car, front_x, y, seat_z, 0.52);
    add_seat(car, front_x, -y, seat_z, 0.52);
    double back_x = fmin(front_x - 0.86, fmax(0.32, rear_x + 0.42));
    if (cab) back_x = fmax(front_x - 0.85, rear_x + 0.35);
    for (int i = -1; i <= 1; i++)
        add_seat(car, back_x, 0.44 * i, seat_z + 0.02, 0.44);
    car->mesh->slot = car->slots.interior;
    if (p->kind == BT_CAR_SEDAN) {
        bt_pose shelf = {{p->glass_rear_m + 0.44, 0.0, p->deck_height_m - 0.07}, BT_QUAT_IDENTITY};
        bt_mesh_add_rounded_box(car->mesh, shelf, bt_vec3_make(0.72, p->width_m - 0.52, 0.05), 0.02,
                                2);
    } else if (!cab) {
        bt_pose cover = {{rear_x + 0.2, 0.0, p->belt_height_m - 0.02}, BT_QUAT_IDENTITY};
        bt_mesh_add_rounded_box(
            car->mesh, cover,
            bt_vec3_make(fmax(0.3, back_x - 0.5 - rear_x + 0.1), p->width_m - 0.26, 0.03), 0.01, 2);
    }
    add_inner_mirror(car);
}
