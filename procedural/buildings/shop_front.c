// shop_front.c: shops on the ground floor.
#include "procedural/buildings/shop_front.h"

#include "procedural/buildings/glazing.h"
#include "procedural/props/strokes.h"

#include <math.h>

#define RISER_M 0.42 // of the wall under the panes
#define DOOR_M 1.05

static const char *const trades[] = {"BAKERY", "BOOKS",   "CAFE",  "FLOWERS", "OPTICIAN", "SHOES",
                                     "HAIR",   "GROCERY", "BIKES", "PIZZA",   "TOYS",     "TAILOR",
                                     "TEA",    "RADIO",   "WINE",  "BANK"};

// Shelves: a low one behind the panes with things on it, a high one deep in the shop.
static void add_goods(const bt_facade *f, double u0, double u1, double v0, double recess,
                      bt_draw *draw)
{
    bt_facade_box(f, u0 + 0.1, v0, u1 - 0.1, v0 + 0.5, -recess - 0.9, -recess - 0.3, BT_FURNITURE);
    bt_facade_box(f, u0 + 0.1, v0, u1 - 0.1, v0 + 1.9, -recess - 3.6, -recess - 3.2, BT_FURNITURE);
    static const bt_building_slot things[] = {BT_CURTAIN, BT_SHUTTER, BT_DOOR, BT_SHOP_LETTER,
                                              BT_AWNING};
    for (int shelf = 0; shelf < 3; shelf++) {
        double foot = v0 + 0.5 + 0.55 * shelf, d = shelf ? -recess - 3.2 : -recess - 0.8;
        double u = u0 + bt_draw_range(draw, 0.15, 0.4);
        while (u < u1 - 0.5) {
            double w = bt_draw_range(draw, 0.12, 0.5), h = bt_draw_range(draw, 0.12, 0.5);
            bt_facade_box(f, u, foot, u + w, foot + h, d, d + 0.3, things[bt_draw_below(draw, 5)]);
            u += w + bt_draw_range(draw, 0.03, 0.35);
        }
    }
}

// Panes beside a door; `mirrored`: the door at the right.
static void add_front(const bt_facade *f, const bt_opening *o, double recess, bool mirrored,
                      bt_draw *draw)
{
    bt_opening panes = *o, door = *o;
    if (mirrored)
        panes.u1 = door.u0 = o->u1 - DOOR_M;
    else
        panes.u0 = door.u1 = o->u0 + DOOR_M;
    panes.v0 += RISER_M;
    int across = (int)((panes.u1 - panes.u0) / 1.7) + 1;
    bt_window_style large = {
        .panes_across = across, .panes_up = 1, .frame_m = 0.06, .recess_m = recess, .plain = true};
    bt_window_style leaf = {
        .panes_across = 1, .panes_up = 1, .frame_m = 0.09, .recess_m = recess, .plain = true};
    bt_glazing_add_window(f, &panes, &large, draw);
    bt_glazing_add_window(f, &door, &leaf, draw);
    bt_facade_box(f, panes.u0, o->v0, panes.u1, panes.v0, -recess - 0.05, -recess + 0.05,
                  BT_SHOP_BOARD);
    f->mesh->slot = BT_GUTTER; // the handle
    double u = mirrored ? door.u0 + 0.14 : door.u1 - 0.14;
    bt_mesh_add_cylinder(f->mesh, bt_facade_point(f, u, o->v0 + 0.9, -recess + 0.08),
                         bt_facade_point(f, u, o->v0 + 1.4, -recess + 0.08), 0.014, 0.014, 8);
}

static void add_board(const bt_facade *f, const bt_opening *o, bt_draw *draw)
{
    const char *text = trades[bt_draw_below(draw, sizeof trades / sizeof *trades)];
    double low = o->v1 + 0.08, high = o->v1 + 0.62, out = 0.09;
    bool shines = bt_draw_chance(draw, 0.5);
    bt_facade_box(f, o->u0, low, o->u1, high, 0.0, out, BT_SHOP_BOARD);
    if (shines)
        bt_facade_quad(f, o->u0 + 0.02, low + 0.02, o->u1 - 0.02, high - 0.02, out + 0.002,
                       BT_SHOP_SIGN);
    double size = fmin(0.3, 0.8 * (o->u1 - o->u0) / bt_strokes_width(text, 1.0));
    bt_pose pose = {bt_facade_point(f, 0.5 * (o->u0 + o->u1), 0.5 * (low + high), out + 0.004),
                    bt_quat_from_axes(f->out, f->along, (bt_vec3){0.0, 0.0, 1.0})};
    f->mesh->slot = shines ? BT_SHOP_SIGN_LETTER : BT_SHOP_LETTER;
    bt_strokes_add_text(f->mesh, pose, text, size);
}

// Cloth on two arms, with a valance.
static void add_awning(const bt_facade *f, const bt_opening *o)
{
    double top = o->v1 + 0.04, low = o->v1 - 0.42, out = 1.25;
    bt_vec3 p[4] = {bt_facade_point(f, o->u0, top, 0.1), bt_facade_point(f, o->u1, top, 0.1),
                    bt_facade_point(f, o->u1, low, out), bt_facade_point(f, o->u0, low, out)};
    f->mesh->slot = BT_AWNING;
    bt_mesh_add_quad(f->mesh, p[3], p[2], p[1], p[0]);
    bt_facade_quad(f, o->u0, low - 0.2, o->u1, low, out, BT_AWNING);
    f->mesh->slot = BT_RAILING;
    for (int side = 0; side < 2; side++) {
        double u = side ? o->u1 - 0.03 : o->u0 + 0.03;
        bt_mesh_add_cylinder(f->mesh, bt_facade_point(f, u, low - 0.25, 0.0),
                             bt_facade_point(f, u, low - 0.01, out - 0.02), 0.015, 0.015, 6);
    }
}

void bt_shop_front_add(const bt_facade *f, const bt_opening *o, double recess, bt_draw *draw)
{
    bool awning = bt_draw_chance(draw, 0.4);
    bt_draw aside = bt_draw_aside(draw, 5);
    add_front(f, o, recess, bt_draw_chance(&aside, 0.5), draw);
    bt_glazing_add_room(f, o, recess + 0.06, &aside);
    add_goods(f, o->u0, o->u1, o->v0, recess, &aside);
    add_board(f, o, &aside);
    if (awning) add_awning(f, o);
}
