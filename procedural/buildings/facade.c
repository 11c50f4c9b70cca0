// facade.c: walls with holes, and windows, doors and balconies in them.
#include "procedural/buildings/facade.h"

#include "procedural/buildings/glazing.h"
#include "procedural/buildings/shop_front.h"

#include <math.h>
#include <stdlib.h>

#define MAX_OPENINGS 160

bt_facade bt_facade_make(bt_mesh_builder *mesh, bt_vec3 from, bt_vec3 to, double height_m)
{
    bt_vec3 along = {to.x - from.x, to.y - from.y, 0.0};
    double length = bt_vec3_length(along);
    along = bt_vec3_normalize(along);
    return (bt_facade){mesh, from, along, {along.y, -along.x, 0.0}, length, height_m};
}

bt_vec3 bt_facade_point(const bt_facade *f, double u, double v, double d)
{
    bt_vec3 p = bt_vec3_mad(bt_vec3_mad(f->origin, f->along, u), f->out, d);
    p.z += v;
    return p;
}

// Corners counter-clockwise as seen against `normal`.
static void add_face(const bt_facade *f, const bt_vec3 p[4], bt_vec3 normal, double uv[4][2],
                     bt_building_slot slot)
{
    f->mesh->slot = (uint8_t)slot;
    uint32_t a = bt_mesh_add_vertex(f->mesh, p[0], normal, uv[0][0], uv[0][1]);
    for (int i = 1; i < 4; i++)
        bt_mesh_add_vertex(f->mesh, p[i], normal, uv[i][0], uv[i][1]);
    bt_mesh_add_triangle(f->mesh, a, a + 1, a + 2);
    bt_mesh_add_triangle(f->mesh, a, a + 2, a + 3);
}

void bt_facade_piece(const bt_facade *f, double u0, double v0, double u1, double v1, double d,
                     double uv[4][2], bt_building_slot slot)
{
    if (u1 - u0 < 1e-6 || v1 - v0 < 1e-6) return;
    bt_vec3 p[4] = {bt_facade_point(f, u0, v0, d), bt_facade_point(f, u1, v0, d),
                    bt_facade_point(f, u1, v1, d), bt_facade_point(f, u0, v1, d)};
    add_face(f, p, f->out, uv, slot);
}

void bt_facade_quad(const bt_facade *f, double u0, double v0, double u1, double v1, double d,
                    bt_building_slot slot)
{
    double uv[4][2] = {{u0, v0}, {u1, v0}, {u1, v1}, {u0, v1}};
    bt_facade_piece(f, u0, v0, u1, v1, d, uv, slot);
}

void bt_facade_box(const bt_facade *f, double u0, double v0, double u1, double v1, double d0,
                   double d1, bt_building_slot slot)
{
    bt_vec3 middle = bt_facade_point(f, 0.5 * (u0 + u1), 0.5 * (v0 + v1), 0.5 * (d0 + d1));
    bt_vec3 back = bt_vec3_scale(f->out, -1.0);
    bt_pose pose = {middle, bt_quat_from_axes(f->along, back, (bt_vec3){0.0, 0.0, 1.0})};
    f->mesh->slot = (uint8_t)slot;
    bt_mesh_add_box(f->mesh, pose, (bt_vec3){u1 - u0, d1 - d0, v1 - v0});
}

// ---- what is in a hole ------------------------------------------------------------------------

void bt_facade_reveal(const bt_facade *f, const bt_opening *o, double recess, bt_building_slot slot)
{
    const double c[4][2] = {{o->u0, o->v0}, {o->u1, o->v0}, {o->u1, o->v1}, {o->u0, o->v1}};
    const bt_vec3 up = {0.0, 0.0, 1.0};
    const bt_vec3 normals[4] = {up, bt_vec3_scale(f->along, -1.0), bt_vec3_scale(up, -1.0),
                                f->along};
    for (int i = 0; i < 4; i++) {
        int j = (i + 1) % 4;
        bt_vec3 p[4] = {bt_facade_point(f, c[i][0], c[i][1], 0.0),
                        bt_facade_point(f, c[j][0], c[j][1], 0.0),
                        bt_facade_point(f, c[j][0], c[j][1], -recess),
                        bt_facade_point(f, c[i][0], c[i][1], -recess)};
        double length = fabs(c[j][0] - c[i][0]) + fabs(c[j][1] - c[i][1]);
        double uv[4][2] = {{0, 0}, {length, 0}, {length, recess}, {0, recess}};
        add_face(f, p, normals[i], uv, slot);
    }
}

// A small lamp of opal glass beside the door.
static void add_door_lamp(const bt_facade *f, const bt_opening *o, const bt_draw *draw)
{
    bt_draw aside = bt_draw_aside(draw, 8);
    double u = o->u1 + 0.25, v = o->v0 + 1.86;
    if (!bt_draw_chance(&aside, 0.8) || u + 0.14 > f->length_m) return;
    bt_facade_box(f, u, v, u + 0.14, v + 0.22, 0.01, 0.11, BT_DOOR_LAMP);
    bt_facade_box(f, u - 0.015, v - 0.02, u + 0.155, v + 0.24, 0.0, 0.02, BT_RAILING);
}

static void add_door(const bt_facade *f, const bt_opening *o, double recess, bt_draw *draw)
{
    double w = o->u1 - o->u0, h = o->v1 - o->v0;
    bt_glazing_add_frame(f, o, 0.07, recess);
    bt_facade_quad(f, o->u0, o->v0, o->u1, o->v1, -recess, BT_DOOR);
    // two panels, or one and a pane
    bool pane = bt_draw_chance(draw, 0.6);
    double u0 = o->u0 + 0.2 * w, u1 = o->u1 - 0.2 * w, v = o->v0 + 0.55 * h;
    bt_facade_box(f, u0, o->v0 + 0.12 * h, u1, v - 0.06, -recess, -recess + 0.02, BT_DOOR);
    bt_facade_box(f, u0, v, u1, o->v1 - 0.12 * h, -recess, -recess + (pane ? 0.012 : 0.02),
                  pane ? BT_ROOM : BT_DOOR);
    if (pane) bt_facade_quad(f, u0, v, u1, o->v1 - 0.12 * h, -recess + 0.016, BT_GLASS);
    add_door_lamp(f, o, draw);
    f->mesh->slot = BT_GUTTER; // the handle
    bt_vec3 knob = bt_facade_point(f, o->u1 - 0.14, o->v0 + 1.02, -recess + 0.05);
    bt_mesh_add_cylinder(f->mesh, knob, bt_vec3_mad(knob, f->along, -0.11), 0.011, 0.011, 6);
    // step
    bt_facade_box(f, o->u0 - 0.25, o->v0 - 0.6, o->u1 + 0.25, o->v0, -recess, 0.75, BT_STEP);
    bt_facade_box(f, o->u0 - 0.25, o->v0 - 0.75, o->u1 + 0.25, o->v0 - 0.16, 0.75, 1.1, BT_STEP);
}

static void add_garage(const bt_facade *f, const bt_opening *o, double recess)
{
    bt_glazing_add_frame(f, o, 0.08, recess);
    int rows = 7;
    double h = (o->v1 - o->v0) / rows;
    for (int i = 0; i < rows; i++)
        bt_facade_box(f, o->u0 + 0.05, o->v0 + i * h + 0.008, o->u1 - 0.05,
                      o->v0 + (i + 1) * h - 0.008, -recess - 0.03, -recess + 0.015, BT_GARAGE);
    bt_facade_quad(f, o->u0, o->v0, o->u1, o->v1, -recess - 0.01, BT_GARAGE);
}

static void fill_opening(const bt_facade *f, const bt_opening *o, const bt_window_style *style,
                         bt_building_slot slot, bt_draw *draw)
{
    double recess = o->kind == BT_OPENING_SHOP ? 0.2 : style->recess_m;
    bt_facade_reveal(f, o, recess + 0.04, slot);
    switch (o->kind) {
    case BT_OPENING_WINDOW:
        if (style->streaks && slot == BT_WALL) bt_glazing_add_run_off(f, o);
        bt_glazing_add_window(f, o, style, draw);
        break;
    case BT_OPENING_BALCONY: {
        bt_window_style door = {.panes_across = 2,
                                .panes_up = 1,
                                .frame_m = 0.07,
                                .recess_m = style->recess_m,
                                .curtain_chance = 0.8};
        bt_glazing_add_window(f, o, &door, draw);
        break;
    }
    case BT_OPENING_DOOR:
        add_door(f, o, recess, draw);
        break;
    case BT_OPENING_GARAGE:
        add_garage(f, o, recess);
        break;
    case BT_OPENING_SHOP:
        bt_shop_front_add(f, o, recess, draw);
        break;
    }
}

// ---- the wall ---------------------------------------------------------------------------------

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static bool covered(const bt_opening *openings, size_t count, double u, double v)
{
    for (size_t i = 0; i < count; i++) {
        if (u > openings[i].u0 && u < openings[i].u1 && v > openings[i].v0 && v < openings[i].v1)
            return true;
    }
    return false;
}

// In upright strips between all openings' sides, each cut at sills and lintels.
static void add_wall_face(const bt_facade *f, const bt_opening *openings, size_t count,
                          bt_building_slot slot)
{
    double us[2 * MAX_OPENINGS + 2], vs[2 * MAX_OPENINGS + 2];
    size_t n = 0;
    us[n] = 0.0, vs[n++] = 0.0;
    us[n] = f->length_m, vs[n++] = f->height_m;
    for (size_t i = 0; i < count; i++) {
        us[n] = openings[i].u0, vs[n++] = openings[i].v0;
        us[n] = openings[i].u1, vs[n++] = openings[i].v1;
    }
    qsort(us, n, sizeof *us, compare_doubles);
    qsort(vs, n, sizeof *vs, compare_doubles);
    for (size_t i = 0; i + 1 < n; i++) {
        if (us[i + 1] - us[i] < 1e-6) continue;
        double u = 0.5 * (us[i] + us[i + 1]), start = -1.0;
        for (size_t k = 0; k + 1 < n; k++) {
            if (vs[k + 1] - vs[k] < 1e-6) continue;
            bool hole = covered(openings, count, u, 0.5 * (vs[k] + vs[k + 1]));
            if (!hole && start < 0.0) start = vs[k];
            if (hole && start >= 0.0) {
                bt_facade_quad(f, us[i], start, us[i + 1], vs[k], 0.0, slot);
                start = -1.0;
            }
        }
        if (start >= 0.0) bt_facade_quad(f, us[i], start, us[i + 1], f->height_m, 0.0, slot);
    }
}

void bt_facade_add_wall(const bt_facade *f, const bt_opening *openings, size_t count,
                        const bt_window_style *style, bt_building_slot slot, bt_draw *draw)
{
    if (count > MAX_OPENINGS) count = MAX_OPENINGS;
    add_wall_face(f, openings, count, slot);
    for (size_t i = 0; i < count; i++)
        fill_opening(f, &openings[i], style, slot, draw);
}

void bt_facade_add_balcony(const bt_facade *f, double u0, double u1, double v, double depth_m)
{
    bt_facade_box(f, u0, v - 0.18, u1, v - 0.02, 0.0, depth_m, BT_PLINTH);
    double rail = v + 1.02;
    bt_facade_box(f, u0, rail - 0.03, u1, rail, depth_m - 0.05, depth_m - 0.01, BT_RAILING);
    bt_facade_box(f, u0, rail - 0.03, u0 + 0.04, rail, 0.0, depth_m - 0.05, BT_RAILING);
    bt_facade_box(f, u1 - 0.04, rail - 0.03, u1, rail, 0.0, depth_m - 0.05, BT_RAILING);
    f->mesh->slot = BT_RAILING;
    int bars = (int)((u1 - u0) / 0.13);
    for (int i = 0; i <= bars; i++) {
        double u = bt_lerp(u0 + 0.02, u1 - 0.02, (double)i / bars);
        bt_mesh_add_cylinder(f->mesh, bt_facade_point(f, u, v - 0.02, depth_m - 0.03),
                             bt_facade_point(f, u, rail - 0.02, depth_m - 0.03), 0.008, 0.008, 4);
    }
    int deep = (int)(depth_m / 0.13);
    for (int i = 1; i < deep; i++) {
        double d = depth_m * i / deep;
        for (int side = 0; side < 2; side++) {
            double u = side ? u1 - 0.02 : u0 + 0.02;
            bt_mesh_add_cylinder(f->mesh, bt_facade_point(f, u, v - 0.02, d),
                                 bt_facade_point(f, u, rail - 0.02, d), 0.008, 0.008, 4);
        }
    }
}
