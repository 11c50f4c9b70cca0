// roof.c: slopes as slabs: tiles above, boards below, so that eaves throw their shadow.
#include "procedural/buildings/roof.h"

#include "procedural/buildings/glazing.h"

#include <math.h>

#define SLAB_M 0.14

// A face with uv in metres: u level, v up the slope. Corners counter-clockwise from outside.
static void add_slope_face(bt_mesh_builder *mesh, const bt_vec3 *p, int count, bool up,
                           bt_building_slot slot)
{
    bt_vec3 normal =
        bt_vec3_normalize(bt_vec3_cross(bt_vec3_sub(p[1], p[0]), bt_vec3_sub(p[count - 1], p[0])));
    bt_vec3 level = bt_vec3_normalize(bt_vec3_cross((bt_vec3){0.0, 0.0, 1.0}, normal));
    if (bt_vec3_length(level) < 0.5) level = (bt_vec3){1.0, 0.0, 0.0};
    bt_vec3 rise = bt_vec3_cross(normal, level);
    if (!up) normal = bt_vec3_scale(normal, -1.0);
    mesh->slot = (uint8_t)slot;
    uint32_t a = (uint32_t)mesh->vertex_count;
    for (int i = 0; i < count; i++)
        bt_mesh_add_vertex(mesh, p[i], normal, bt_vec3_dot(p[i], level), bt_vec3_dot(p[i], rise));
    for (uint32_t i = 1; i + 1 < (uint32_t)count; i++) {
        if (up)
            bt_mesh_add_triangle(mesh, a, a + i, a + i + 1);
        else
            bt_mesh_add_triangle(mesh, a, a + i + 1, a + i);
    }
}

// Tiles on top, boards below and round the edges.
static void add_slope(bt_mesh_builder *mesh, const bt_vec3 *corners, int count)
{
    bt_vec3 low[4];
    for (int i = 0; i < count; i++) {
        low[i] = corners[i];
        low[i].z -= SLAB_M;
    }
    add_slope_face(mesh, corners, count, true, BT_ROOF);
    add_slope_face(mesh, low, count, false, BT_TRIM);
    mesh->slot = BT_TRIM;
    for (int i = 0; i < count; i++) {
        int j = (i + 1) % count;
        bt_mesh_add_quad(mesh, low[i], low[j], corners[j], corners[i]);
    }
}

void bt_roof_add_gutter(bt_mesh_builder *mesh, bt_vec3 from, bt_vec3 to, double down_m)
{
    bt_vec3 path[2] = {from, to};
    bt_point2 channel[9];
    for (int i = 0; i < 9; i++) {
        double angle = BT_PI + BT_PI * i / 8.0;
        channel[i] = (bt_point2){0.065 * bt_cos(angle), 0.065 * bt_sin(angle)};
    }
    mesh->slot = BT_GUTTER;
    bt_mesh_add_sweep(mesh, path, 2, channel, 9, false, 1.0);
    if (down_m <= 0.0) return;
    bt_vec3 top = bt_vec3_lerp(from, to, 0.985), bend = top;
    bt_vec3 along = bt_vec3_normalize(bt_vec3_sub(to, from));
    bend = bt_vec3_mad(bend, (bt_vec3){-along.y, along.x, 0.0}, 0.42); // back to the wall
    bend.z -= 0.35;
    bt_vec3 foot = {bend.x, bend.y, bend.z - down_m + 0.35};
    bt_mesh_add_cylinder(mesh, top, bend, 0.04, 0.04, 8);
    bt_mesh_add_cylinder(mesh, bend, foot, 0.04, 0.04, 8);
}

// Slopes sit on the walls and run on past them, going down.
static double eave_drop(const bt_roof_desc *desc)
{
    return desc->eave_m * bt_tan(desc->pitch_rad);
}

static void add_skylight(bt_mesh_builder *mesh, const bt_roof_desc *desc, double x, double ridge,
                         double side)
{
    double half = 0.5 * desc->depth_m, share = 0.5;
    bt_vec3 middle = {x, side * half * (1.0 - share), ridge * share + 0.03};
    bt_vec3 rise = {0.0, -side * bt_cos(desc->pitch_rad), bt_sin(desc->pitch_rad)};
    bt_vec3 level = {-side, 0.0, 0.0}; // level x rise points out of the roof
    bt_pose pose = {middle, bt_quat_from_axes(level, rise, bt_vec3_cross(level, rise))};
    mesh->slot = BT_GUTTER;
    bt_mesh_add_box(mesh, pose, (bt_vec3){0.86, 1.22, 0.12});
    bt_pose glass = pose;
    glass.pos = bt_pose_point(pose, (bt_vec3){0.0, 0.0, 0.064});
    mesh->slot = BT_ROOM;
    bt_mesh_add_box(mesh, glass, (bt_vec3){0.7, 1.06, 0.004});
    glass.pos = bt_pose_point(pose, (bt_vec3){0.0, 0.0, 0.072});
    mesh->slot = BT_GLASS;
    bt_mesh_add_box(mesh, glass, (bt_vec3){0.7, 1.06, 0.004});
}

// The part of a gable between two heights, without what an opening takes there; NULL: whole.
static void add_gable_band(const bt_facade *f, double v0, double v1, const bt_opening *o,
                           bt_building_slot slot)
{
    double run = 0.5 * f->length_m / f->height_m; // level, for each metre up the slope
    double left0 = v0 * run, left1 = v1 * run, length = f->length_m;
    const double spans[2][4] = {
        {left0, o ? o->u0 : length - left0, o ? o->u0 : length - left1, left1},
        {o ? o->u1 : 0.0, length - left0, length - left1, o ? o->u1 : 0.0}};
    f->mesh->slot = (uint8_t)slot;
    for (int i = 0; i < (o ? 2 : 1); i++) {
        const double v[4] = {v0, v0, v1, v1};
        uint32_t first = (uint32_t)f->mesh->vertex_count;
        for (int k = 0; k < 4; k++)
            bt_mesh_add_vertex(f->mesh, bt_facade_point(f, spans[i][k], v[k], 0.0), f->out,
                               spans[i][k], v[k]);
        bt_mesh_add_triangle(f->mesh, first, first + 1, first + 2);
        bt_mesh_add_triangle(f->mesh, first, first + 2, first + 3);
    }
}

// As wide as the room behind it has space under the slopes; false: not at all.
static bool find_gable_window(const bt_facade *f, double pitch_rad, bt_opening *o)
{
    const double sill = 0.8, height = fmin(1.15, f->height_m - 1.75), above = 0.25, beside = 0.6;
    double half = (f->height_m - sill - height - above) / bt_tan(pitch_rad) - beside;
    if (height < 0.6 || half < 0.35) return false;
    half = fmin(half, 0.85);
    double middle = 0.5 * f->length_m;
    *o = (bt_opening){BT_OPENING_WINDOW, middle - half, sill, middle + half, sill + height};
    return true;
}

// The triangle of wall under the ridge: a window where there is room, louvres below the ridge.
static void add_gable_wall(bt_mesh_builder *mesh, const bt_roof_desc *desc, double ridge, int side,
                           bt_draw *draw)
{
    double x = 0.5 * desc->length_m * side, half = 0.5 * desc->depth_m;
    bt_facade f = bt_facade_make(mesh, (bt_vec3){x, -half * side, 0.0},
                                 (bt_vec3){x, half * side, 0.0}, ridge - 0.02);
    bt_opening o;
    if (desc->style && find_gable_window(&f, desc->pitch_rad, &o)) {
        bt_window_style style = *desc->style;
        style.shutters = false;
        style.streaks = false;
        add_gable_band(&f, 0.0, o.v0, NULL, desc->gable);
        add_gable_band(&f, o.v0, o.v1, &o, desc->gable);
        add_gable_band(&f, o.v1, f.height_m, NULL, desc->gable);
        bt_facade_reveal(&f, &o, style.recess_m + 0.04, desc->gable);
        bt_glazing_add_window(&f, &o, &style, draw);
    } else {
        add_gable_band(&f, 0.0, f.height_m, NULL, desc->gable);
    }
    double v = ridge - 0.95, u = 0.5 * f.length_m;
    if (ridge < 2.2) return;
    bt_facade_box(&f, u - 0.16, v, u + 0.16, v + 0.36, -0.02, 0.03, BT_VENT);
    bt_facade_box(&f, u - 0.19, v - 0.04, u + 0.19, v, -0.02, 0.05, BT_TRIM);
}

double bt_roof_add_gable(bt_mesh_builder *mesh, bt_pose pose, const bt_roof_desc *desc,
                         bt_draw *draw)
{
    bt_mesh_mark mark = bt_mesh_here(mesh);
    double half_x = 0.5 * desc->length_m + desc->verge_m, half_y = 0.5 * desc->depth_m;
    double ridge = half_y * bt_tan(desc->pitch_rad), drop = eave_drop(desc);
    double y = half_y + desc->eave_m, lift = SLAB_M;
    bt_vec3 front[4] = {{-half_x, -y, lift - drop},
                        {half_x, -y, lift - drop},
                        {half_x, 0.0, lift + ridge},
                        {-half_x, 0.0, lift + ridge}};
    bt_vec3 back[4] = {{half_x, y, lift - drop},
                       {-half_x, y, lift - drop},
                       {-half_x, 0.0, lift + ridge},
                       {half_x, 0.0, lift + ridge}};
    add_slope(mesh, front, 4);
    add_slope(mesh, back, 4);
    bt_draw aside = bt_draw_aside(draw, 9);
    add_gable_wall(mesh, desc, ridge, 1, &aside);
    add_gable_wall(mesh, desc, ridge, -1, &aside);
    mesh->slot = BT_ROOF; // ridge tiles
    bt_mesh_add_capsule(mesh, (bt_vec3){-half_x, 0, lift + ridge},
                        (bt_vec3){half_x, 0, lift + ridge}, 0.09, 0.09, 8);
    double z = -drop + 0.02;
    bt_roof_add_gutter(mesh, (bt_vec3){-half_x, -y - 0.06, z}, (bt_vec3){half_x, -y - 0.06, z},
                       pose.pos.z);
    bt_roof_add_gutter(mesh, (bt_vec3){half_x, y + 0.06, z}, (bt_vec3){-half_x, y + 0.06, z},
                       pose.pos.z);
    uint32_t lights = bt_draw_below(draw, 3);
    for (uint32_t i = 0; i < lights; i++)
        add_skylight(mesh, desc, bt_draw_about(draw, 0.0, 0.35 * desc->length_m), ridge + lift,
                     bt_draw_chance(draw, 0.5) ? 1.0 : -1.0);
    bt_mesh_transform(mesh, mark, pose);
    return ridge + lift;
}

double bt_roof_add_hip(bt_mesh_builder *mesh, bt_pose pose, const bt_roof_desc *desc)
{
    bt_mesh_mark mark = bt_mesh_here(mesh);
    double x = 0.5 * desc->length_m + desc->eave_m, y = 0.5 * desc->depth_m + desc->eave_m;
    double low = SLAB_M - eave_drop(desc), high = low + y * bt_tan(desc->pitch_rad);
    double ridge = fmax(x - y, 0.01);
    bt_vec3 a = {-x, -y, low}, b = {x, -y, low}, c = {x, y, low}, d = {-x, y, low};
    bt_vec3 left = {-ridge, 0.0, high}, right = {ridge, 0.0, high};
    add_slope(mesh, (bt_vec3[]){a, b, right, left}, 4);
    add_slope(mesh, (bt_vec3[]){c, d, left, right}, 4);
    add_slope(mesh, (bt_vec3[]){b, c, right}, 3);
    add_slope(mesh, (bt_vec3[]){d, a, left}, 3);
    mesh->slot = BT_ROOF;
    const bt_vec3 ridges[5][2] = {{left, right}, {a, left}, {d, left}, {b, right}, {c, right}};
    for (int i = 0; i < 5; i++)
        bt_mesh_add_capsule(mesh, ridges[i][0], ridges[i][1], 0.08, 0.08, 8);
    double z = low - 0.1;
    bt_vec3 corners[4] = {{-x - 0.05, -y - 0.05, z},
                          {x + 0.05, -y - 0.05, z},
                          {x + 0.05, y + 0.05, z},
                          {-x - 0.05, y + 0.05, z}};
    for (int i = 0; i < 4; i++)
        bt_roof_add_gutter(mesh, corners[i], corners[(i + 1) % 4], i % 2 ? 0.0 : pose.pos.z);
    bt_mesh_transform(mesh, mark, pose);
    return high;
}

double bt_roof_add_parapet(bt_mesh_builder *mesh, bt_pose pose, double length_m, double depth_m,
                           bt_building_slot slot)
{
    bt_mesh_mark mark = bt_mesh_here(mesh);
    double x = 0.5 * length_m, y = 0.5 * depth_m, wall = 0.25, high = 0.55;
    mesh->slot = BT_FLAT_ROOF;
    bt_mesh_add_quad(mesh, (bt_vec3){-x, -y, 0.0}, (bt_vec3){x, -y, 0.0}, (bt_vec3){x, y, 0.0},
                     (bt_vec3){-x, y, 0.0});
    const bt_vec3 corners[4] = {{-x, -y, 0}, {x, -y, 0}, {x, y, 0}, {-x, y, 0}};
    for (int i = 0; i < 4; i++) {
        bt_facade f = bt_facade_make(mesh, corners[i], corners[(i + 1) % 4], high);
        bt_facade_box(&f, 0.0, 0.0, f.length_m - wall, high, -wall, 0.0, slot);
        bt_facade_box(&f, -0.04, high, f.length_m - wall + 0.04, high + 0.05, -wall - 0.04, 0.04,
                      BT_GUTTER);
    }
    bt_mesh_transform(mesh, mark, pose);
    return high;
}

double bt_roof_add_flat(bt_mesh_builder *mesh, bt_pose pose, const bt_roof_desc *desc,
                        bt_draw *draw)
{
    double x = 0.5 * desc->length_m, y = 0.5 * desc->depth_m;
    double high = bt_roof_add_parapet(mesh, pose, desc->length_m, desc->depth_m, desc->gable);
    bt_mesh_mark mark = bt_mesh_here(mesh);
    uint32_t boxes = 1 + bt_draw_below(draw, 4);
    for (uint32_t i = 0; i < boxes; i++) {
        bt_vec3 size = {bt_draw_range(draw, 0.8, 3.0), bt_draw_range(draw, 0.8, 2.5),
                        bt_draw_range(draw, 0.6, 2.2)};
        bt_pose place = {
            {bt_draw_about(draw, 0.0, 0.6 * x), bt_draw_about(draw, 0.0, 0.5 * y), 0.5 * size.z},
            BT_QUAT_IDENTITY};
        mesh->slot = size.z > 1.4 ? BT_WALL_SECOND : BT_GUTTER;
        bt_mesh_add_box(mesh, place, size);
    }
    bt_mesh_transform(mesh, mark, pose);
    return high;
}

void bt_roof_add_chimney(bt_mesh_builder *mesh, bt_vec3 foot, double low_m, double high_m,
                         double width_m, double depth_m)
{
    bt_pose pose = {{foot.x, foot.y, 0.5 * (low_m + high_m)}, BT_QUAT_IDENTITY};
    mesh->slot = BT_CHIMNEY;
    bt_mesh_add_box(mesh, pose, (bt_vec3){width_m, depth_m, high_m - low_m});
    pose.pos.z = high_m + 0.04;
    mesh->slot = BT_STEP;
    bt_mesh_add_box(mesh, pose, (bt_vec3){width_m + 0.1, depth_m + 0.1, 0.08});
    mesh->slot = BT_CHIMNEY;
    int pots = width_m > 0.7 ? 2 : 1;
    for (int i = 0; i < pots; i++) {
        bt_vec3 pot = {foot.x + (i - 0.5 * (pots - 1)) * 0.4, foot.y, high_m + 0.08};
        bt_mesh_add_cylinder(mesh, pot, (bt_vec3){pot.x, pot.y, pot.z + 0.35}, 0.12, 0.1, 10);
    }
}
