// truck_cab.c: the cab's skin and all that is cut from it; what is seen inside.
#include "procedural/vehicles/truck_internal.h"

#define ROWS 12
#define COLUMNS 13

// ---- shape ------------------------------------------------------------------------------------
// Heights of the net's rows as fractions of the cab's height, and how far in they lie on the nose,
// the side and the back, metres.
static const double row_z[ROWS] = {0.115, 0.085, 0.10, 0.20,  0.30,  0.41,
                                   0.53,  0.67,  0.80, 0.905, 0.968, 0.978};
static const double nose_in[ROWS] = {0.22,  0.05, 0.0,  0.0,  0.005, 0.015,
                                     0.045, 0.09, 0.17, 0.34, 0.62,  0.90};
static const double side_in[ROWS] = {0.22,  0.05,  0.02,  0.015, 0.012, 0.010,
                                     0.010, 0.018, 0.035, 0.06,  0.13,  0.26};
static const double back_in[ROWS] = {0.20, 0.04, 0.02, 0.02, 0.02, 0.02,
                                     0.02, 0.02, 0.02, 0.03, 0.07, 0.16};

void bt_truck_shape_cab(bt_truck *t)
{
    const bt_truck_params *p = t->params;
    double f = t->front_m - 0.008, b = t->cab_back_m, w = 0.5 * p->size.width_m - 0.03,
           h = p->cab_height_m;
    double m = 0.5 * (f + b);
    // x, y on the widest outline; shares of the nose's, side's and back's way in
    const double c[COLUMNS][5] = {{f, 0.0, 1.0, 0.0, 0.0},
                                  {f, 0.35 * w, 1.0, 0.0, 0.0},
                                  {f - 0.02, 0.66 * w, 1.0, 0.2, 0.0},
                                  {f - 0.06, 0.88 * w, 0.97, 0.6, 0.0},
                                  {f - 0.17, 0.985 * w, 0.86, 0.9, 0.0},
                                  {f - 0.40, w, 0.62, 1.0, 0.0},
                                  {m + 0.2, w, 0.25, 1.0, 0.0},
                                  {m - 0.3, w, 0.0, 1.0, 0.0},
                                  {b + 0.35, w, 0.0, 1.0, 0.3},
                                  {b + 0.08, 0.99 * w, 0.0, 0.9, 0.8},
                                  {b + 0.01, 0.92 * w, 0.0, 0.6, 1.0},
                                  {b, 0.5 * w, 0.0, 0.2, 1.0},
                                  {b, 0.0, 0.0, 0.0, 1.0}};
    bt_shell *shell = &t->cab.lower;
    shell->columns = COLUMNS;
    shell->rows = ROWS;
    for (int j = 0; j < COLUMNS; j++) {
        for (int k = 0; k < ROWS; k++) {
            bt_vec3 at = {c[j][0] - c[j][2] * nose_in[k] + c[j][4] * back_in[k],
                          fmax(0.0, c[j][1] - c[j][3] * side_in[k]), row_z[k] * h};
            if (j == 0 || j == COLUMNS - 1) at.y = 0.0;
            shell->net[j][k] = at;
        }
    }
    double front = bt_shell_ring(shell, 0.0, 1.0).x, rear = bt_shell_ring(shell, 1.0, 1.0).x;
    shell->spine_front_m = front - 0.3;
    shell->spine_rear_m = rear + 0.2;
    bt_curve_add(&shell->spine, front, bt_shell_ring(shell, 0.0, 1.0).z);
    bt_curve_add(&shell->spine, bt_lerp(front, rear, 0.55), h - 0.045);
    bt_curve_add(&shell->spine, rear, bt_shell_ring(shell, 1.0, 1.0).z);
    t->cab.front_m = t->front_m;
    t->cab.rear_m = t->cab_back_m;
}

// ---- cuts -------------------------------------------------------------------------------------
static bt_car_region across(double half_low, double half_high, double low, double high,
                            double radius)
{
    const bt_corner c[] = {{-half_low, low, radius},
                           {half_low, low, radius},
                           {half_high, high, radius},
                           {-half_high, high, radius}};
    return bt_car_region_make(BT_CAR_PLANE_CHART, c, 4);
}

typedef struct bar {
    double z, half_m;
} bar;

static double bar_distance(const void *context, const bt_patch_vertex *v)
{
    const bar *b = context;
    return fabs(v->up_m - b->z) - b->half_m;
}

static void cut_grille(bt_car *cab)
{
    const double low[] = {0.98, 0.40}, high[] = {1.44, 0.60}, half[] = {0.88, 0.62};
    for (int i = 0; i < 2; i++) {
        bt_car_region region = across(half[i] - 0.04, half[i], low[i], high[i], 0.06);
        bt_patch hole = {0};
        bt_car_recess(cab, &region, 0.07, cab->slots.black, cab->slots.trim, &hole);
        int count = i == 0 ? 5 : 3;
        for (int k = 0; k < count; k++) {
            bar b = {bt_lerp(low[i], high[i], (k + 0.5) / count), i == 0 ? 0.026 : 0.015};
            bt_patch strip = {0};
            bt_patch_cut(&hole, bar_distance, &b, 0.0, &strip);
            cab->mesh->slot = i == 0 ? cab->slots.grey : cab->slots.black;
            bt_patch_emit(&strip, cab->mesh, 0.015);
            bt_mesh_mark walls = bt_mesh_here(cab->mesh);
            bt_patch_emit_walls(&strip, cab->mesh, 0.015, 0.04);
            bt_mesh_flip(cab->mesh, walls);
            bt_patch_clear(&strip);
        }
        bt_patch_clear(&hole);
    }
    bt_patch_vertex badge = bt_shell_find(&cab->lower, 0.0, 1.52);
    cab->mesh->slot = cab->slots.chrome;
    bt_mesh_add_cylinder(cab->mesh, badge.pos, bt_vec3_mad(badge.pos, badge.normal, 0.006), 0.07,
                         0.065, 24);
}

static void add_beam(bt_car *cab, double around_m, const char *name, uint8_t slot, uint32_t lamp)
{
    uint32_t part;
    bt_patch_vertex at = bt_shell_find(&cab->lower, around_m, 0.78);
    bt_vec3 base = bt_vec3_mad(at.pos, at.normal, -0.07), ahead = {1.0, 0.05, 0.0};
    cab->mesh->slot = cab->slots.chrome;
    bt_mesh_add_cylinder(cab->mesh, base, bt_vec3_mad(base, ahead, 0.02), 0.058, 0.066, 24);
    bt_mesh_builder *mesh = bt_car_lamp_begin(cab, name, slot, lamp, &part);
    bt_mesh_add_cylinder(mesh, base, bt_vec3_mad(base, ahead, 0.026), 0.050, 0.046, 16);
    bt_car_lamp_end(cab, part, "", lamp);
}

static void cut_lamps(bt_car *cab)
{
    const bt_corner c[] = {{0.78, 0.66, 0.04},
                           {1.16, 0.70, 0.06},
                           {1.30, 0.84, 0.04},
                           {1.12, 0.90, 0.06},
                           {0.78, 0.86, 0.04}};
    bt_car_region region = bt_car_region_make(BT_CAR_PLANE_CHART, c, 5);
    bt_patch lens = {0};
    bt_car_shut_line(cab, &cab->skin, &region, 0.008);
    bt_car_recess(cab, &region, 0.09, cab->slots.grey, cab->slots.black, &lens);
    cab->mesh->slot = cab->slots.lens_clear;
    bt_patch_emit(&lens, cab->mesh, 0.001);
    add_beam(cab, 1.02, "lamp_low_beam", cab->slots.low_beam, BT_LAMP_LOW_BEAM);
    add_beam(cab, 0.87, "lamp_high_beam", cab->slots.high_beam, BT_LAMP_HIGH_BEAM);
    uint32_t amber;
    bt_mesh_builder *mesh = bt_car_lamp_begin(cab, "lamp_indicator_front_left",
                                              cab->slots.indicator, BT_LAMP_INDICATOR_LEFT, &amber);
    bt_patch_vertex side = bt_shell_find(&cab->lower, 1.19, 0.79);
    bt_mesh_add_rounded_slab(mesh, bt_car_on_skin(&side, -0.03), bt_vec3_make(0.07, 0.07, 0.012),
                             0.02, 0.003, 3);
    bt_car_lamp_end(cab, amber, "lamp_indicator_front_right", BT_LAMP_INDICATOR_RIGHT);
    bt_patch_clear(&lens);
}

static void cut_side(bt_truck *t)
{
    const bt_truck_params *p = t->params;
    bt_car *cab = &t->cab;
    double f = t->front_m, axle = p->size.wheelbase_m;
    const bt_corner glass[] = {{f - 0.34, 1.66, 0.06},
                               {f - 1.16, 1.78, 0.08},
                               {f - 1.16, 2.52, 0.12},
                               {f - 0.46, 2.52, 0.14}};
    bt_car_region pane = bt_car_region_make(BT_CAR_PLANE_SIDE, glass, 4);
    const bt_corner door[] = {{f - 0.28, 1.02, 0.06},
                              {f - 1.24, 1.02, 0.06},
                              {f - 1.24, 2.64, 0.10},
                              {f - 0.40, 2.64, 0.16}};
    bt_car_region gap = bt_car_region_make(BT_CAR_PLANE_SIDE, door, 4);
    bt_car_shut_line(cab, &cab->skin, &gap, 0.008);
    bt_car_window(cab, &pane);
    // wheel: everything behind and below it is open
    const bt_corner arch[] = {{axle + 0.62, -0.5, 0.0},        {axle + 0.62, 0.62, 0.25},
                              {axle + 0.30, 1.10, 0.25},       {axle - 0.30, 1.10, 0.25},
                              {axle - 0.58, 0.95, 0.2},        {t->cab_back_m - 0.5, 0.95, 0.0},
                              {t->cab_back_m - 0.5, -0.5, 0.0}};
    bt_car_region open = bt_car_region_make(BT_CAR_PLANE_SIDE, arch, 7);
    bt_patch hole = {0};
    bt_patch_cut(&cab->skin, bt_car_region_distance, &open, 0.0, &hole);
    cab->mesh->slot = cab->slots.trim;
    bt_patch_emit_walls(&hole, cab->mesh, 0.0, 0.30);
    bt_patch_clear(&hole);
    // steps before the wheel
    const bt_corner steps[] = {{f - 0.34, 0.40, 0.03},
                               {f - 0.74, 0.40, 0.03},
                               {f - 0.78, 0.94, 0.04},
                               {f - 0.34, 0.94, 0.04}};
    bt_car_region niche = bt_car_region_make(BT_CAR_PLANE_SIDE, steps, 4);
    bt_car_recess(cab, &niche, 0.16, cab->slots.trim, cab->slots.trim, NULL);
    cab->mesh->slot = cab->slots.grey;
    for (int i = 0; i < 2; i++)
        bt_truck_box(cab->mesh,
                     bt_vec3_make(f - 0.75, 0.5 * p->size.width_m - 0.19, 0.46 + 0.27 * i),
                     bt_vec3_make(f - 0.36, 0.5 * p->size.width_m - 0.06, 0.50 + 0.27 * i), 0.012);
    // handle
    bt_patch_vertex at = bt_shell_find(
        &cab->lower,
        bt_shell_around(&cab->lower, bt_shell_find_x(&cab->lower, 0.5, f - 1.10, 0.3, 0.8)), 1.28);
    cab->mesh->slot = cab->slots.black;
    bt_mesh_add_rounded_slab(cab->mesh, bt_car_on_skin(&at, 0.012), bt_vec3_make(0.17, 0.05, 0.02),
                             0.018, 0.006, 3);
}

// Two mirrors on each side in one housing with two arms, and one over the kerb.
static void add_mirrors(bt_truck *t)
{
    bt_car *cab = &t->cab;
    uint32_t part = bt_body_add_part(t->body, "mirrors", cab->part, BT_POSE_IDENTITY);
    t->body->parts[part].beyond_cuboid = true;
    bt_mesh_builder *mesh = bt_body_mesh(t->body, part, cab->slots.black);
    double x = t->front_m - 0.20, y = 0.5 * t->params->size.width_m + 0.10;
    bt_pose pose = {{x, y, 2.02}, bt_quat_yaw_pitch_roll(0.12, 0.0, 0.0)};
    bt_mesh_add_rounded_box(mesh, pose, bt_vec3_make(0.14, 0.25, 0.78), 0.06, 3);
    bt_mesh_add_capsule(mesh, bt_vec3_make(x - 0.02, y - 0.26, 2.46), bt_vec3_make(x, y, 2.38),
                        0.02, 0.02, 8);
    bt_mesh_add_capsule(mesh, bt_vec3_make(x - 0.02, y - 0.26, 1.62), bt_vec3_make(x, y, 1.68),
                        0.02, 0.02, 8);
    mesh->slot = cab->slots.chrome;
    for (int i = 0; i < 2; i++) {
        bt_vec3 at = {-0.071, 0.0, i == 0 ? 0.12 : -0.26};
        bt_pose glass = bt_pose_mul(
            pose, bt_pose_along(at, bt_vec3_make(-1.0, 0.0, 0.0), bt_vec3_make(0.0, 1.0, 0.0)));
        bt_mesh_add_rounded_slab(mesh, glass, bt_vec3_make(0.20, i == 0 ? 0.40 : 0.20, 0.004), 0.03,
                                 0.001, 4);
    }
    bt_mesh_mirror_y(mesh, (bt_mesh_mark){0, 0});
    bt_body_add_keypoint(t->body, "mirror_left", part, pose.pos);
    bt_body_add_keypoint(t->body, "mirror_right", part,
                         bt_vec3_make(pose.pos.x, -pose.pos.y, pose.pos.z));
}

// Side fairings that lead the air to the trailer.
static void add_fairing(bt_truck *t)
{
    bt_car *cab = &t->cab;
    double b = t->cab_back_m, w = 0.5 * t->params->size.width_m - 0.035,
           h = t->params->cab_height_m;
    cab->mesh->slot = cab->slots.paint;
    bt_truck_box(cab->mesh, bt_vec3_make(b - 0.30, w - 0.035, 1.10),
                 bt_vec3_make(b + 0.12, w, 0.92 * h), 0.015);
    cab->mesh->slot = cab->slots.grey;
    // side skirt between the axles
    bt_truck_box(cab->mesh, bt_vec3_make(0.62, w - 0.05, 0.38),
                 bt_vec3_make(t->params->size.wheelbase_m - 0.66, w - 0.015, 0.92), 0.015);
}

void bt_truck_cut_cab(bt_truck *t)
{
    bt_car *cab = &t->cab;
    bt_shell_sampling how = {.step_m = 0.08, .row_steps = 4, .cap_steps = 6};
    bt_shell_sample(&cab->lower, &how, &cab->skin);
    bt_car_region screen = across(1.12, 1.10, 1.66, 2.50, 0.09);
    bt_car_window(cab, &screen);
    cut_grille(cab);
    cut_lamps(cab);
    cut_side(t);
    // bumper seam
    bt_car_region bumper = across(3.0, 3.0, -1.0, 0.95, 0.0);
    bumper.min_x = t->front_m - 0.8;
    bt_car_shut_line(cab, &cab->skin, &bumper, 0.008);
    cab->mesh->slot = cab->slots.paint;
    bt_patch_emit(&cab->skin, cab->mesh, 0.0);
    cab->mesh->slot = cab->slots.interior;
    bt_patch_emit_back(&cab->skin, cab->mesh, 0.06);
    bt_patch_clear(&cab->skin);
    // sun visor over the windscreen
    cab->mesh->slot = cab->slots.black;
    for (int i = 0; i < 6; i++) {
        bt_patch_vertex at = bt_shell_find(&cab->lower, 0.09 + 0.18 * i, 2.56);
        bt_pose pose = bt_car_on_skin(&at, 0.06);
        bt_mesh_add_rounded_slab(cab->mesh, pose, bt_vec3_make(0.21, 0.12, 0.02), 0.01, 0.004, 2);
    }
    add_fairing(t);
    bt_mesh_mirror_y(cab->mesh, (bt_mesh_mark){0, 0});
    add_mirrors(t);
    bt_patch_vertex plate = bt_shell_find(&cab->lower, 0.0, 0.50);
    bt_car_add_plate(cab, &plate, 0.003);
}

void bt_truck_add_cab_inside(bt_truck *t)
{
    bt_car *cab = &t->cab;
    bt_mesh_builder *mesh = cab->mesh;
    double f = t->front_m, b = t->cab_back_m, w = 0.5 * t->params->size.width_m - 0.12;
    mesh->slot = cab->slots.interior;
    bt_truck_box(mesh, bt_vec3_make(b + 0.08, -w, 1.15), bt_vec3_make(f - 0.15, w, 1.25), 0.02);
    bt_truck_box(mesh, bt_vec3_make(f - 0.62, -w, 1.20), bt_vec3_make(f - 0.16, w, 1.66), 0.08);
    bt_truck_box(mesh, bt_vec3_make(b + 0.08, -w, 1.2), bt_vec3_make(b + 0.65, w, 1.70), 0.05);
    for (int side = -1; side <= 1; side += 2) {
        double y = side * 0.68;
        mesh->slot = cab->slots.cloth;
        bt_truck_box(mesh, bt_vec3_make(f - 1.50, y - 0.27, 1.52),
                     bt_vec3_make(f - 0.98, y + 0.27, 1.68), 0.06);
        bt_pose back = {{f - 1.50, y, 2.02}, bt_quat_yaw_pitch_roll(0.0, -0.2, 0.0)};
        bt_mesh_add_rounded_box(mesh, back, bt_vec3_make(0.14, 0.50, 0.80), 0.06, 2);
        mesh->slot = cab->slots.interior;
        bt_truck_box(mesh, bt_vec3_make(f - 1.45, y - 0.2, 1.2),
                     bt_vec3_make(f - 1.05, y + 0.2, 1.56), 0.03);
    }
    mesh->slot = cab->slots.trim;
    bt_point2 rim[9];
    for (int i = 0; i < 9; i++) {
        double angle = 2.0 * BT_PI * (i % 8) / 8.0;
        rim[i] = (bt_point2){0.225 + 0.016 * bt_cos(angle), 0.016 * bt_sin(angle)};
    }
    bt_vec3 at = {f - 0.78, 0.68, 1.74};
    bt_pose wheel = bt_pose_along(at, bt_vec3_make(-0.7, 0.0, 0.75), bt_vec3_make(0.0, 1.0, 0.0));
    bt_mesh_add_lathe(mesh, wheel, rim, 9, 28, BT_PI);
    bt_mesh_add_rounded_slab(mesh, wheel, bt_vec3_make(0.40, 0.09, 0.03), 0.03, 0.008, 3);
    bt_mesh_add_cylinder(mesh, at, bt_vec3_make(f - 0.5, 0.68, 1.5), 0.04, 0.05, 10);
}
