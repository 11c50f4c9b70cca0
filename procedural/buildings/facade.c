// facade.c: walls with holes, and windows, doors and balconies in them.
#include "procedural/buildings/facade.h"

#include <math.h>
#include <stdlib.h>

#define MAX_OPENINGS 160
#define ROOM_DEPTH_M 1.1 // of the dark box behind a window: deep enough for parallax

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

void bt_facade_quad(const bt_facade *f, double u0, double v0, double u1, double v1, double d,
                    bt_building_slot slot)
{
    if (u1 - u0 < 1e-6 || v1 - v0 < 1e-6) return;
    bt_vec3 p[4] = {bt_facade_point(f, u0, v0, d), bt_facade_point(f, u1, v0, d),
                    bt_facade_point(f, u1, v1, d), bt_facade_point(f, u0, v1, d)};
    double uv[4][2] = {{u0, v0}, {u1, v0}, {u1, v1}, {u0, v1}};
    add_face(f, p, f->out, uv, slot);
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

// The four sides of the hole from the wall's face to depth -recess.
static void add_reveal(const bt_facade *f, const bt_opening *o, double recess,
                       bt_building_slot slot)
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

// In some rooms someone is in. Drawn beside the sequence, which other shapes follow.
static bool is_lit(const bt_draw *draw)
{
    bt_draw aside = *draw;
    aside.next += 1u << 20;
    return bt_draw_chance(&aside, 0.3);
}

// A flat lamp under the ceiling, half a metre each way.
static void add_room_lamp(const bt_facade *f, double u, double v, double depth)
{
    bt_vec3 p[4];
    for (int i = 0; i < 4; i++)
        p[i] = bt_facade_point(f, u + (i == 1 || i == 2 ? 0.25 : -0.25), v,
                               -depth + (i >= 2 ? 0.25 : -0.25));
    f->mesh->slot = BT_ROOM_LAMP;
    bt_mesh_add_quad(f->mesh, p[0], p[1], p[2], p[3]);
}

// A box behind the glass, open to the front: dark, or with a lamp in it.
static void add_room(const bt_facade *f, const bt_opening *o, double depth, const bt_draw *draw)
{
    bool lit = is_lit(draw);
    bt_building_slot slot = lit ? BT_ROOM_LIGHT : BT_ROOM;
    bt_opening inner = {o->kind, o->u0 - 0.3, o->v0 - 0.2, o->u1 + 0.3, o->v1 + 0.1};
    bt_facade shifted = *f;
    shifted.origin = bt_facade_point(f, 0.0, 0.0, -depth);
    add_reveal(&shifted, &inner, ROOM_DEPTH_M, slot);
    bt_facade_quad(f, inner.u0, inner.v0, inner.u1, inner.v1, -depth - ROOM_DEPTH_M, slot);
    if (lit) add_room_lamp(f, 0.5 * (o->u0 + o->u1), inner.v1 - 0.04, depth + 0.5 * ROOM_DEPTH_M);
}

// A hanging cloth in folds between u0 and u1.
static void add_curtain(const bt_facade *f, double u0, double u1, double v0, double v1, double d,
                        bt_draw *draw)
{
    int folds = (int)((u1 - u0) / 0.06) + 2;
    double phase = bt_draw_unit(draw);
    f->mesh->slot = BT_CURTAIN;
    uint32_t first = (uint32_t)f->mesh->vertex_count;
    for (int i = 0; i <= folds; i++) {
        double u = bt_lerp(u0, u1, (double)i / folds);
        double wave = (i & 1 ? 0.018 : -0.018) * (0.6 + 0.4 * sin(3.1 * i + 6.0 * phase));
        double lean = i & 1 ? 0.5 : -0.5;
        bt_vec3 normal = bt_vec3_normalize(bt_vec3_mad(f->out, f->along, lean * 0.4));
        bt_mesh_add_vertex(f->mesh, bt_facade_point(f, u, v0, d + wave), normal, u, v0);
        bt_mesh_add_vertex(f->mesh, bt_facade_point(f, u, v1, d + 0.3 * wave), normal, u, v1);
    }
    for (uint32_t i = 0; i < (uint32_t)folds; i++) {
        uint32_t a = first + 2 * i;
        bt_mesh_add_triangle(f->mesh, a, a + 2, a + 3);
        bt_mesh_add_triangle(f->mesh, a, a + 3, a + 1);
    }
}

static void dress_window(const bt_facade *f, const bt_opening *o, double depth, double chance,
                         bt_draw *draw)
{
    double w = o->u1 - o->u0, h = o->v1 - o->v0, d = -depth - 0.12;
    double pick = bt_draw_unit(draw);
    if (pick > chance) return;
    if (pick < 0.3 * chance) { // a net over all of it
        add_curtain(f, o->u0, o->u1, o->v0 + 0.02, o->v1, d, draw);
    } else if (pick < 0.8 * chance) { // drawn to both sides
        double share = bt_draw_range(draw, 0.12, 0.32) * w;
        add_curtain(f, o->u0, o->u0 + share, o->v0 - 0.1, o->v1, d, draw);
        add_curtain(f, o->u1 - share, o->u1, o->v0 - 0.1, o->v1, d, draw);
    } else { // a blind, part of the way down
        bt_facade_quad(f, o->u0, o->v1 - h * bt_draw_range(draw, 0.2, 0.8), o->u1, o->v1,
                       -depth - 0.04, BT_CURTAIN);
    }
}

// Dirt that rain washes off a sill: thin streaks, most below its ends, where water runs round. Drawn
// beside the sequence.
#define STREAKS 12
#define STREAK_OUT_M 0.002

static void add_streaks(const bt_facade *f, const bt_opening *o, const bt_draw *draw)
{
    bt_draw aside = *draw;
    aside.next += 2u << 20;
    double u0 = o->u0 - 0.06, u1 = o->u1 + 0.06, top = o->v0 - 0.05;
    f->mesh->slot = BT_STREAK;
    for (int i = 0; i < STREAKS; i++) {
        double pick = bt_draw_unit(&aside), at = bt_draw_unit(&aside);
        double end = 0.14 * at * at; // from an end of the sill
        double u = pick < 0.35 ? u0 + end : pick < 0.7 ? u1 - end : bt_lerp(u0, u1, at);
        double length = bt_draw_range(&aside, 0.12, pick < 0.7 ? 0.95 : 0.5);
        double half = bt_draw_range(&aside, 0.003, 0.012);
        length = fmin(length, top - 0.1);
        if (length < 0.05) continue;
        u = bt_clamp(u, half, f->length_m - half);
        const double corner[3][2] = {{u - half, top}, {u, top - length}, {u + half, top}};
        uint32_t first = (uint32_t)f->mesh->vertex_count;
        for (int k = 0; k < 3; k++)
            bt_mesh_add_vertex(f->mesh,
                               bt_facade_point(f, corner[k][0], corner[k][1], STREAK_OUT_M), f->out,
                               corner[k][0], corner[k][1]);
        bt_mesh_add_triangle(f->mesh, first, first + 1, first + 2);
    }
}

static void add_frame(const bt_facade *f, const bt_opening *o, double width, double depth)
{
    double d0 = -depth - 0.035, d1 = -depth + 0.035;
    bt_facade_box(f, o->u0, o->v0, o->u0 + width, o->v1, d0, d1, BT_FRAME);
    bt_facade_box(f, o->u1 - width, o->v0, o->u1, o->v1, d0, d1, BT_FRAME);
    bt_facade_box(f, o->u0 + width, o->v0, o->u1 - width, o->v0 + width, d0, d1, BT_FRAME);
    bt_facade_box(f, o->u0 + width, o->v1 - width, o->u1 - width, o->v1, d0, d1, BT_FRAME);
}

static void add_bars(const bt_facade *f, const bt_opening *o, const bt_window_style *style,
                     double depth)
{
    double w = o->u1 - o->u0, h = o->v1 - o->v0, half = 0.35 * style->frame_m;
    for (int i = 1; i < style->panes_across; i++) {
        double u = o->u0 + w * i / style->panes_across;
        bt_facade_box(f, u - half, o->v0 + 0.02, u + half, o->v1 - 0.02, -depth - 0.02,
                      -depth + 0.025, BT_FRAME);
    }
    for (int i = 1; i < style->panes_up; i++) {
        double v =
            o->v0 + h * (i == 1 && style->panes_up == 2 ? 0.68 : (double)i / style->panes_up);
        bt_facade_box(f, o->u0 + 0.02, v - half, o->u1 - 0.02, v + half, -depth - 0.02,
                      -depth + 0.02, BT_FRAME);
    }
}

static void add_window(const bt_facade *f, const bt_opening *o, const bt_window_style *style,
                       bt_draw *draw)
{
    double depth = style->recess_m;
    add_frame(f, o, style->frame_m, depth);
    add_bars(f, o, style, depth);
    bt_facade_quad(f, o->u0, o->v0, o->u1, o->v1, -depth, BT_GLASS);
    add_room(f, o, depth + 0.06, draw);
    dress_window(f, o, depth, style->curtain_chance, draw);
    if (style->sill)
        bt_facade_box(f, o->u0 - 0.06, o->v0 - 0.05, o->u1 + 0.06, o->v0, -depth, 0.05, BT_TRIM);
    if (style->lintel)
        bt_facade_box(f, o->u0 - 0.1, o->v1, o->u1 + 0.1, o->v1 + 0.14, -0.02, 0.015, BT_STEP);
    if (style->shutters && o->kind == BT_OPENING_WINDOW) {
        double w = 0.5 * (o->u1 - o->u0);
        bt_facade_box(f, o->u0 - w, o->v0, o->u0 - 0.01, o->v1, 0.012, 0.045, BT_SHUTTER);
        bt_facade_box(f, o->u1 + 0.01, o->v0, o->u1 + w, o->v1, 0.012, 0.045, BT_SHUTTER);
    }
}

static void add_door(const bt_facade *f, const bt_opening *o, double recess, bt_draw *draw)
{
    double w = o->u1 - o->u0, h = o->v1 - o->v0;
    add_frame(f, o, 0.07, recess);
    bt_facade_quad(f, o->u0, o->v0, o->u1, o->v1, -recess, BT_DOOR);
    // two panels, or one and a pane
    bool pane = bt_draw_chance(draw, 0.6);
    double u0 = o->u0 + 0.2 * w, u1 = o->u1 - 0.2 * w, v = o->v0 + 0.55 * h;
    bt_facade_box(f, u0, o->v0 + 0.12 * h, u1, v - 0.06, -recess, -recess + 0.02, BT_DOOR);
    bt_facade_box(f, u0, v, u1, o->v1 - 0.12 * h, -recess, -recess + (pane ? 0.012 : 0.02),
                  pane ? BT_ROOM : BT_DOOR);
    if (pane) bt_facade_quad(f, u0, v, u1, o->v1 - 0.12 * h, -recess + 0.016, BT_GLASS);
    f->mesh->slot = BT_GUTTER; // the handle
    bt_vec3 knob = bt_facade_point(f, o->u1 - 0.14, o->v0 + 1.02, -recess + 0.05);
    bt_mesh_add_cylinder(f->mesh, knob, bt_vec3_mad(knob, f->along, -0.11), 0.011, 0.011, 6);
    // step
    bt_facade_box(f, o->u0 - 0.25, o->v0 - 0.6, o->u1 + 0.25, o->v0, -recess, 0.75, BT_STEP);
    bt_facade_box(f, o->u0 - 0.25, o->v0 - 0.75, o->u1 + 0.25, o->v0 - 0.16, 0.75, 1.1, BT_STEP);
}

static void add_garage(const bt_facade *f, const bt_opening *o, double recess)
{
    add_frame(f, o, 0.08, recess);
    int rows = 7;
    double h = (o->v1 - o->v0) / rows;
    for (int i = 0; i < rows; i++)
        bt_facade_box(f, o->u0 + 0.05, o->v0 + i * h + 0.008, o->u1 - 0.05,
                      o->v0 + (i + 1) * h - 0.008, -recess - 0.03, -recess + 0.015, BT_GARAGE);
    bt_facade_quad(f, o->u0, o->v0, o->u1, o->v1, -recess - 0.01, BT_GARAGE);
}

static void add_shop(const bt_facade *f, const bt_opening *o, double recess, bt_draw *draw)
{
    int panes = (int)((o->u1 - o->u0) / 1.5) + 1;
    bt_window_style style = {
        .panes_across = panes, .panes_up = 2, .frame_m = 0.07, .recess_m = recess};
    add_window(f, o, &style, draw);
    // what is on show: a low shelf and a lit back wall's stand-in
    bt_facade_box(f, o->u0 + 0.1, o->v0, o->u1 - 0.1, o->v0 + 0.55, -recess - 0.8, -recess - 0.25,
                  BT_WALL_SECOND);
    double u = o->u0 + 0.4;
    while (u < o->u1 - 0.6) {
        double w = bt_draw_range(draw, 0.2, 0.6), h = bt_draw_range(draw, 0.2, 0.9);
        bt_building_slot slot = bt_draw_chance(draw, 0.5) ? BT_CURTAIN : BT_SHUTTER;
        bt_facade_box(f, u, o->v0 + 0.55, u + w, o->v0 + 0.55 + h, -recess - 0.75, -recess - 0.4,
                      slot);
        u += w + bt_draw_range(draw, 0.1, 0.5);
    }
    // the shop's board above, and an awning now and then
    bt_facade_box(f, o->u0, o->v1 + 0.08, o->u1, o->v1 + 0.62, 0.0, 0.09, BT_SHUTTER);
    if (bt_draw_chance(draw, 0.4)) {
        bt_vec3 a = bt_facade_point(f, o->u0, o->v1, 0.02),
                b = bt_facade_point(f, o->u1, o->v1, 0.02);
        bt_vec3 c = bt_facade_point(f, o->u1, o->v1 - 0.5, 1.3);
        bt_vec3 d = bt_facade_point(f, o->u0, o->v1 - 0.5, 1.3);
        f->mesh->slot = BT_CURTAIN;
        bt_mesh_add_quad(f->mesh, d, c, b, a);
        bt_facade_box(f, o->u0, o->v1 - 0.7, o->u1, o->v1 - 0.5, 1.29, 1.31, BT_CURTAIN);
    }
}

static void fill_opening(const bt_facade *f, const bt_opening *o, const bt_window_style *style,
                         bt_building_slot slot, bt_draw *draw)
{
    double recess = o->kind == BT_OPENING_SHOP ? 0.2 : style->recess_m;
    add_reveal(f, o, recess + 0.04, slot);
    switch (o->kind) {
    case BT_OPENING_WINDOW:
        if (style->streaks && slot == BT_WALL) add_streaks(f, o, draw);
        add_window(f, o, style, draw);
        break;
    case BT_OPENING_BALCONY: {
        bt_window_style door = {.panes_across = 2,
                                .panes_up = 1,
                                .frame_m = 0.07,
                                .recess_m = style->recess_m,
                                .curtain_chance = 0.8};
        add_window(f, o, &door, draw);
        break;
    }
    case BT_OPENING_DOOR:
        add_door(f, o, recess, draw);
        break;
    case BT_OPENING_GARAGE:
        add_garage(f, o, recess);
        break;
    case BT_OPENING_SHOP:
        add_shop(f, o, recess, draw);
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
