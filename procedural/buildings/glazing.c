// glazing.c: windows and the rooms behind them.
#include "procedural/buildings/glazing.h"

#include <math.h>

// Rooms, chosen: as deep as light from a window goes; wider than their window by as much as keeps
// neighbours apart; their floor 0.85 m below a window's sill.
#define ROOM_DEPTH_M 2.4
#define SHOP_DEPTH_M 4.0
#define ROOM_ASIDE_M 0.6
#define ROOM_BELOW_M 0.75
#define ROOM_ABOVE_M 0.25

// ---- rooms ------------------------------------------------------------------------------------

typedef struct room {
    bt_facade inside; // its origin at the inner face of the outer wall
    bt_opening box;
    double depth_m;
    int lamp; // slot of its lamps, LAMP_NONE: nobody is in all night
} room;

// Which lamps a room has says when it is lit (street.lua). Shares chosen: of the rooms of dwellings that face a
// street 45 % are lit in the evening, 23 % past bedtime, 5 % after one; of shops 80 %, then 25 %.
#define LAMP_NONE (-1)
static int choose_lamp(bool shop, bt_draw *draw)
{
    double pick = bt_draw_unit(draw);
    if (shop) return pick < 0.55 ? BT_SHOP_LAMP : pick < 0.8 ? BT_SHOP_LAMP_NIGHT : LAMP_NONE;
    if (pick < 0.22) return BT_ROOM_LAMP;
    return pick < 0.40 ? BT_ROOM_LAMP_LATE : pick < 0.45 ? BT_ROOM_LAMP_NIGHT : LAMP_NONE;
}

// A level quad facing up (`up`) or down, between two depths behind the inner face.
static void add_level(const room *r, double u0, double u1, double v, double near, double far,
                      bool up, bt_building_slot slot)
{
    bt_vec3 p[4] = {
        bt_facade_point(&r->inside, u0, v, -near), bt_facade_point(&r->inside, u1, v, -near),
        bt_facade_point(&r->inside, u1, v, -far), bt_facade_point(&r->inside, u0, v, -far)};
    r->inside.mesh->slot = (uint8_t)slot;
    if (up)
        bt_mesh_add_quad(r->inside.mesh, p[0], p[1], p[2], p[3]);
    else
        bt_mesh_add_quad(r->inside.mesh, p[3], p[2], p[1], p[0]);
}

// A cupboard or shelf at the back, a table nearer, a picture on the wall.
static void furnish(const room *r, bt_draw *draw)
{
    const bt_opening *b = &r->box;
    double wide = b->u1 - b->u0, back = -r->depth_m;
    if (bt_draw_chance(draw, 0.7)) {
        double w = fmin(bt_draw_range(draw, 0.8, 1.8), 0.7 * wide);
        double u = bt_draw_range(draw, b->u0, b->u1 - w), h = bt_draw_range(draw, 0.9, 2.0);
        bt_facade_box(&r->inside, u, b->v0, u + w, b->v0 + h, back, back + 0.45, BT_FURNITURE);
    }
    if (bt_draw_chance(draw, 0.5)) {
        double u = bt_draw_range(draw, b->u0, b->u1 - 0.7 * wide), v = b->v0 + 0.74;
        add_level(r, u, u + 0.7 * wide, v, 0.4, 1.2, true, BT_FURNITURE);
    }
    if (bt_draw_chance(draw, 0.6)) {
        double w = bt_draw_range(draw, 0.3, 0.8), h = bt_draw_range(draw, 0.3, 0.7);
        double u = bt_draw_range(draw, b->u0 + 0.2, b->u1 - 0.2 - w), v = b->v0 + 1.35;
        bt_facade_quad(&r->inside, u, v, u + w, v + h, back + 0.02, BT_ROOM);
    }
}

// A shade in the middle of the ceiling, panels across a shop every two metres.
static void add_lamps(const room *r, bool shop)
{
    const bt_opening *b = &r->box;
    int lamps = r->lamp == LAMP_NONE ? 0 : shop ? (int)((b->u1 - b->u0) / 2.0) + 1 : 1;
    double half_u = shop ? 0.3 : 0.25, half_d = shop ? 0.6 : 0.25, middle = 0.5 * r->depth_m;
    for (int i = 0; i < lamps; i++) {
        double u = bt_lerp(b->u0, b->u1, (i + 0.5) / lamps);
        add_level(r, u - half_u, u + half_u, b->v1 - 0.04, middle - half_d, middle + half_d, false,
                  (bt_building_slot)r->lamp);
    }
}

// Open to the front; with a lamp under the ceiling where it is lit.
void bt_glazing_add_room(const bt_facade *f, const bt_opening *o, double depth, const bt_draw *draw)
{
    bt_draw aside = bt_draw_aside(draw, 1);
    bool shop = o->kind == BT_OPENING_SHOP;
    double down = o->kind == BT_OPENING_WINDOW ? ROOM_BELOW_M : 0.0;
    double beside = shop ? 0.2 : ROOM_ASIDE_M;
    room r = {.inside = *f,
              .box = {o->kind, o->u0 - beside, o->v0 - down, o->u1 + beside, o->v1 + ROOM_ABOVE_M},
              .depth_m = shop ? SHOP_DEPTH_M : ROOM_DEPTH_M,
              .lamp = choose_lamp(shop, &aside)};
    r.inside.origin = bt_facade_point(f, 0.0, 0.0, -depth);
    const bt_opening *b = &r.box;
    bt_building_slot walls = bt_draw_chance(&aside, 0.5) ? BT_ROOM_WALL : BT_ROOM_WALL_SECOND;
    if (r.lamp != LAMP_NONE) walls = BT_ROOM_LIGHT;
    bt_facade_reveal(&r.inside, b, r.depth_m, walls);
    bt_facade_quad(&r.inside, b->u0, b->v0, b->u1, b->v1, -r.depth_m, walls);
    add_level(&r, b->u0, b->u1, b->v0 + 0.01, 0.0, r.depth_m, true, BT_ROOM_FLOOR);
    if (!shop) furnish(&r, &aside);
    add_lamps(&r, shop);
}

// ---- cloth and slats --------------------------------------------------------------------------

// A hanging cloth in folds between u0 and u1.
static void add_curtain(const bt_facade *f, double u0, double u1, double v0, double v1, double d,
                        bt_building_slot slot, bt_draw *draw)
{
    int folds = (int)((u1 - u0) / 0.06) + 2;
    double phase = bt_draw_unit(draw);
    f->mesh->slot = (uint8_t)slot;
    uint32_t first = (uint32_t)f->mesh->vertex_count;
    for (int i = 0; i <= folds; i++) {
        double u = bt_lerp(u0, u1, (double)i / folds);
        double wave = (i & 1 ? 0.018 : -0.018) * (0.6 + 0.4 * bt_sin(3.1 * i + 6.0 * phase));
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
    bt_draw aside = bt_draw_aside(draw, 7);
    bt_building_slot cloth = bt_draw_chance(&aside, 0.5) ? BT_DRAPE : BT_CURTAIN;
    if (pick < 0.3 * chance) { // a net over all of it
        add_curtain(f, o->u0, o->u1, o->v0 + 0.02, o->v1, d, BT_CURTAIN, draw);
    } else if (pick < 0.8 * chance) { // drawn to both sides
        double share = bt_draw_range(draw, 0.12, 0.32) * w;
        add_curtain(f, o->u0, o->u0 + share, o->v0 - 0.1, o->v1, d, cloth, draw);
        add_curtain(f, o->u1 - share, o->u1, o->v0 - 0.1, o->v1, d, cloth, draw);
    } else { // a blind, part of the way down
        bt_facade_quad(f, o->u0, o->v1 - h * bt_draw_range(draw, 0.2, 0.8), o->u1, o->v1,
                       -depth - 0.04, cloth);
    }
}

// Slats before the glass, let down some way: often a little, sometimes all the way.
static void add_roller(const bt_facade *f, const bt_opening *o, double depth, double chance,
                       const bt_draw *draw)
{
    bt_draw aside = bt_draw_aside(draw, 2);
    if (!bt_draw_chance(&aside, chance)) return;
    double pick = bt_draw_unit(&aside), down = pick > 0.85 ? 1.0 : 0.08 + 0.7 * pick * pick;
    double v = o->v1 - down * (o->v1 - o->v0);
    bt_facade_box(f, o->u0, v, o->u1, o->v1, -depth + 0.036, -depth + 0.048, BT_ROLLER);
}

void bt_glazing_add_run_off(const bt_facade *f, const bt_opening *o)
{
    double u0 = fmax(o->u0 - 0.06, 0.0), u1 = fmin(o->u1 + 0.06, f->length_m);
    double top = o->v0 - 0.05, low = fmax(top - BT_RUN_OFF_M, 0.1);
    double middle = 0.5 * (u0 + u1), half = middle - u0, fall = top - low;
    double left[4][2] = {{0, fall}, {half, fall}, {half, 0}, {0, 0}};
    double right[4][2] = {{half, fall}, {0, fall}, {0, 0}, {half, 0}};
    bt_facade_piece(f, u0, low, middle, top, 0.002, left, BT_STREAK);
    bt_facade_piece(f, middle, low, u1, top, 0.002, right, BT_STREAK);
}

// ---- frame and panes --------------------------------------------------------------------------

void bt_glazing_add_frame(const bt_facade *f, const bt_opening *o, double width, double depth)
{
    double d0 = -depth - 0.035, d1 = -depth + 0.035;
    bt_facade_box(f, o->u0, o->v0, o->u0 + width, o->v1, d0, d1, BT_FRAME);
    bt_facade_box(f, o->u1 - width, o->v0, o->u1, o->v1, d0, d1, BT_FRAME);
    bt_facade_box(f, o->u0 + width, o->v0, o->u1 - width, o->v0 + width, d0, d1, BT_FRAME);
    bt_facade_box(f, o->u0 + width, o->v1 - width, o->u1 - width, o->v1, d0, d1, BT_FRAME);
}

// Where bar i of `panes_up` - 1 is; 0 and panes_up: the hole's edges.
static double bar_height(const bt_opening *o, int panes_up, int i)
{
    double share = i == 1 && panes_up == 2 ? 0.68 : (double)i / panes_up;
    return o->v0 + (o->v1 - o->v0) * share;
}

static void add_bars(const bt_facade *f, const bt_opening *o, const bt_window_style *style,
                     double depth)
{
    double w = o->u1 - o->u0, half = 0.35 * style->frame_m;
    for (int i = 1; i < style->panes_across; i++) {
        double u = o->u0 + w * i / style->panes_across;
        bt_facade_box(f, u - half, o->v0 + 0.02, u + half, o->v1 - 0.02, -depth - 0.02,
                      -depth + 0.025, BT_FRAME);
    }
    for (int i = 1; i < style->panes_up; i++) {
        double v = bar_height(o, style->panes_up, i);
        bt_facade_box(f, o->u0 + 0.02, v - half, o->u1 - 0.02, v + half, -depth - 0.02,
                      -depth + 0.02, BT_FRAME);
    }
}

void bt_glazing_add_pane(const bt_facade *f, const double box[4], double depth,
                         bt_building_slot slot, bt_draw *draw)
{
    const bt_vec3 up = {0.0, 0.0, 1.0};
    double lean_u = bt_draw_about(draw, 0.0, 0.0035), lean_v = bt_draw_about(draw, 0.0, 0.0035);
    double bow = bt_draw_range(draw, -0.003, 0.006);
    const double c[4][2] = {{box[0], box[1]}, {box[2], box[1]}, {box[2], box[3]}, {box[0], box[3]}};
    f->mesh->slot = (uint8_t)slot;
    uint32_t first = (uint32_t)f->mesh->vertex_count;
    for (int i = 0; i < 4; i++) {
        double right = i == 1 || i == 2 ? 1.0 : -1.0, high = i >= 2 ? 1.0 : -1.0;
        bt_vec3 normal = bt_vec3_mad(f->out, f->along, lean_u + bow * right);
        normal = bt_vec3_normalize(bt_vec3_mad(normal, up, lean_v + bow * high));
        bt_mesh_add_vertex(f->mesh, bt_facade_point(f, c[i][0], c[i][1], -depth), normal, c[i][0],
                           c[i][1]);
    }
    bt_mesh_add_triangle(f->mesh, first, first + 1, first + 2);
    bt_mesh_add_triangle(f->mesh, first, first + 2, first + 3);
}

static void add_panes(const bt_facade *f, const bt_opening *o, const bt_window_style *style,
                      double depth, const bt_draw *draw)
{
    bt_draw aside = bt_draw_aside(draw, 3);
    int across = style->panes_across, up = style->panes_up;
    for (int k = 0; k < up; k++) {
        for (int i = 0; i < across; i++)
            bt_glazing_add_pane(f,
                                (double[4]){bt_lerp(o->u0, o->u1, (double)i / across),
                                            bar_height(o, up, k),
                                            bt_lerp(o->u0, o->u1, (double)(i + 1) / across),
                                            bar_height(o, up, k + 1)},
                                depth, BT_GLASS, &aside);
    }
}

void bt_glazing_add_window(const bt_facade *f, const bt_opening *o, const bt_window_style *style,
                           bt_draw *draw)
{
    double depth = style->recess_m;
    bt_glazing_add_frame(f, o, style->frame_m, depth);
    add_bars(f, o, style, depth);
    add_panes(f, o, style, depth, draw);
    if (!style->plain) bt_glazing_add_room(f, o, depth + 0.06, draw);
    add_roller(f, o, depth, style->roller_chance, draw);
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
