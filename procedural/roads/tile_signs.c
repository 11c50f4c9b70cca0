// tile_signs.c: speed limits, curves, exits, road works.
//
// Signs by their numbers in the German catalogue (StVO): 103 curve, 123 road works, 222 pass on one
// side, 267 no entry, 274 speed limit, 332 exit, 333 exit's nose, 448 exit ahead, 600 barrier, 625 chevrons. Where
// they stand follows the American MUTCD as remembered (not compared with the printed manual): chevrons
// by the curve's speed (table 2C-6), tapers of L = W S^2 / 155 below 70 km/h and W S / 1.6 above
// (metres, km/h; table 6C-4), drums in it as many metres apart as 0.19 of the speed.
#include "procedural/roads/tile.h"

#include <math.h>

#define CONE_M 3.0 // between cones in towns
#define FAST_KM_H 70.0
#define SHARP 1.5       // of the design's least radius: curves this tight have chevrons
#define SHARP_TURN 0.35 // radians
#define WARNING_M 100.0 // ahead of a curve
#define CHEVRON_M 0.6

// Right of travel along (or against) s, beside the carriageway.
static bt_furniture_signal sign_beside(const bt_layout_road *r, const char *name, const char *type,
                                       bool forward, double s_m)
{
    const bt_side *side = forward ? &r->start.right : &r->end.left;
    double beside = bt_side_inner(side, BT_STRIP_WALK) + (side->walk_m > 0.0 ? 0.45 : 0.9);
    return (bt_furniture_signal){.name = name,
                                 .type = type,
                                 .s_m = s_m,
                                 .t_m = forward ? -beside : beside,
                                 .z_m = 2.0,
                                 .forward = forward,
                                 .width_m = 0.6,
                                 .height_m = 0.6};
}

void tile_speed_signs(tile *t, uint32_t road)
{
    if (t->layout->status != BT_OK) return;
    const bt_layout_road *r = &t->layout->roads[road];
    double length = r->street->alignment.length_m;
    if (length < 120.0) return;
    for (int forward = r->start.left.drive > 0 ? 0 : 1; forward < 2; forward++) {
        bt_furniture_signal sign =
            sign_beside(r, "speed limit", "274", forward, forward ? 45.0 : length - 45.0);
        sign.value = r->street->speed_km_h;
        bt_layout_add_signal(t->layout, road, &sign);
    }
}

// ---- curves -----------------------------------------------------------------------------------
static double chevron_spacing(double speed_km_h)
{
    if (speed_km_h <= 25.0) return 12.0;
    if (speed_km_h <= 50.0) return 24.0;
    return speed_km_h <= 75.0 ? 37.0 : 49.0;
}

// For one direction of travel, along the outside of an arc.
static void add_chevrons(tile *t, uint32_t road, const bt_alignment_piece *arc, bool forward)
{
    const bt_layout_road *r = &t->layout->roads[road];
    bool left = (arc->curvature0_1_m > 0.0) == forward;
    const bt_side *outside = arc->curvature0_1_m > 0.0 ? &r->start.right : &r->end.left;
    double sign_of_t = arc->curvature0_1_m > 0.0 ? -1.0 : 1.0;
    double spacing = chevron_spacing(r->street->speed_km_h);
    int count = 1 + (int)(arc->length_m / spacing);
    for (int i = 0; i < count; i++) {
        double along = fmin(i * spacing, arc->length_m);
        bt_furniture_signal board =
            sign_beside(r, "chevrons", "625", forward,
                        forward ? arc->s_m + along : arc->s_m + arc->length_m - along);
        board.subtype = left ? "10" : "20";
        board.t_m = sign_of_t * (bt_side_inner(outside, BT_STRIP_WALK) + 1.2);
        board.z_m = 0.9;
        board.width_m = board.height_m = CHEVRON_M;
        bt_layout_add_signal(t->layout, road, &board);
    }
}

static void add_curve_warning(tile *t, uint32_t road, const bt_alignment_piece *arc, bool forward)
{
    const bt_layout_road *r = &t->layout->roads[road];
    double s = forward ? arc->s_m - WARNING_M : arc->s_m + arc->length_m + WARNING_M;
    if (s < 10.0 || s > r->street->alignment.length_m - 10.0) return;
    bt_furniture_signal sign = sign_beside(r, "curve", "103", forward, s);
    sign.subtype = (arc->curvature0_1_m > 0.0) == forward ? "10" : "20";
    sign.width_m = 0.9;
    sign.height_m = 0.78;
    bt_layout_add_signal(t->layout, road, &sign);
}

void tile_curve_signs(tile *t, uint32_t road)
{
    if (t->layout->status != BT_OK) return;
    const bt_layout_road *r = &t->layout->roads[road];
    bool both = r->start.left.drive > 0;
    for (uint32_t i = 0; i < r->street->alignment.count; i++) {
        const bt_alignment_piece *p = &r->street->alignment.pieces[i];
        double k = fabs(p->curvature0_1_m);
        if (k == 0.0 || p->curvature0_1_m != p->curvature1_1_m) continue;
        if (k * SHARP * r->design.radius_min_m < 1.0 || k * p->length_m < SHARP_TURN) continue;
        for (int forward = both ? 0 : 1; forward < 2; forward++) {
            add_curve_warning(t, road, p, forward);
            add_chevrons(t, road, p, forward);
        }
    }
}

// ---- exits ------------------------------------------------------------------------------------
// Ahead of an exit by as many hundreds of metres as there is road, at most 500; then where its lane begins.
static void add_exit_sign(tile *t, uint32_t road, bool at_end, double before_m, double beyond_m,
                          const char *type, const char *text)
{
    const bt_layout_road *r = &t->layout->roads[road];
    double length = r->street->alignment.length_m;
    bt_furniture_signal sign =
        sign_beside(r, "exit", type, at_end, at_end ? length - before_m : before_m);
    sign.t_m = at_end ? -beyond_m : beyond_m;
    sign.text = text;
    sign.width_m = 3.2;
    sign.height_m = 1.6;
    bt_layout_add_signal(t->layout, road, &sign);
}

void tile_exit_signs(tile *t, uint32_t road, bool at_end, int lanes)
{
    if (t->layout->status != BT_OK) return;
    static const char *const texts[] = {"EXIT 200 M", "EXIT 300 M", "EXIT 400 M", "EXIT 500 M"};
    const bt_layout_road *r = &t->layout->roads[road];
    double length = r->street->alignment.length_m;
    const bt_cross_section *cross = at_end ? &r->end : &r->start;
    const bt_side *side = at_end ? &cross->right : &cross->left;
    // beyond the shoulder of the widened highway
    double beyond = side->median_m + (lanes + 1) * side->drive_m + side->edge_m + 2.0;
    int ahead = (int)fmin((length - 20.0) / 100.0, 5.0);
    if (ahead >= 3) add_exit_sign(t, road, at_end, 100.0 * ahead, beyond, "448", texts[ahead - 2]);
    if (ahead >= 2) add_exit_sign(t, road, at_end, 190.0, beyond, "332", "EXIT");
}

void tile_exit_nose(tile *t, uint32_t ramp)
{
    if (t->layout->status != BT_OK) return;
    const bt_side *left = &t->layout->roads[ramp].start.left;
    bt_furniture_signal sign = {.name = "exit nose",
                                .type = "333",
                                .text = "EXIT",
                                .s_m = 1.0,
                                .t_m = bt_side_inner(left, BT_STRIP_VERGE) + 1.0,
                                .z_m = 1.2,
                                .forward = true,
                                .width_m = 1.6,
                                .height_m = 0.9};
    bt_layout_add_signal(t->layout, ramp, &sign);
}

// For who would go up the ramp the wrong way.
void tile_no_entry(tile *t, uint32_t ramp)
{
    if (t->layout->status != BT_OK) return;
    const bt_layout_road *r = &t->layout->roads[ramp];
    const double edges[2] = {-bt_side_inner(&r->end.right, BT_STRIP_CURB) - 0.9,
                             bt_side_inner(&r->end.left, BT_STRIP_CURB) + 0.9};
    for (int i = 0; i < 2; i++) {
        bt_furniture_signal sign =
            sign_beside(r, "no entry", "267", false, r->street->alignment.length_m - 12.0);
        sign.t_m = edges[i];
        bt_layout_add_signal(t->layout, ramp, &sign);
    }
}

// ---- road works -------------------------------------------------------------------------------
int tile_plan_works(bt_cross_section plain, double s0_m, double s1_m, bt_stretch stretches[2])
{
    bt_cross_section works = plain;
    works.right.use = BT_USE_WORKS;
    stretches[0] = (bt_stretch){.s1_m = s0_m, .from = plain, .to = plain};
    stretches[1] = (bt_stretch){.s0_m = s0_m, .s1_m = s1_m, .from = works, .to = works};
    return 2;
}

static double taper_length(double width_m, double speed_km_h, double room_m)
{
    double v = speed_km_h;
    return fmin(v < FAST_KM_H ? width_m * v * v / 155.0 : width_m * v / 1.6, 0.5 * room_m);
}

// From the lane's outer border to its inner one, then along that.
static void add_row(tile *t, uint32_t road, double s0, double length, double t0, double t1)
{
    double speed = t->layout->roads[road].street->speed_km_h;
    bool fast = speed >= FAST_KM_H;
    bt_layout_item item = {.road = road, .kind = BT_ITEM_OBJECT};
    item.object = (bt_furniture_object){.type = "obstacle",
                                        .name = fast ? "drum" : "cone",
                                        .s_m = s0,
                                        .t_m = t0,
                                        .t_end_m = t1,
                                        .length_m = fast ? 0.58 : 0.4,
                                        .width_m = fast ? 0.58 : 0.4,
                                        .height_m = fast ? 0.92 : 0.75,
                                        .repeat_m = length,
                                        .distance_m = fast ? 0.19 * speed : CONE_M};
    bt_layout_add_item(t->layout, &item);
}

static void add_works_signs(tile *t, uint32_t road, double s0, double head_s, double head_t)
{
    const bt_layout_road *r = &t->layout->roads[road];
    bool fast = r->street->speed_km_h >= FAST_KM_H;
    for (int i = 0; i < (fast ? 2 : 1); i++) { // twice ahead of fast traffic
        double s = s0 - (fast ? 60.0 * (i + 1) : 12.0);
        bt_furniture_signal sign = sign_beside(r, "road works", "123", true, fmax(s, 2.0));
        sign.width_m = 0.9;
        sign.height_m = 0.78;
        bt_layout_add_signal(t->layout, road, &sign);
    }
    bt_furniture_signal pass = sign_beside(r, "pass on the left", "222", true, head_s);
    pass.subtype = "10";
    pass.t_m = head_t;
    pass.z_m = 1.1;
    bt_layout_add_signal(t->layout, road, &pass);
    bt_layout_item barrier = {.road = road, .kind = BT_ITEM_OBJECT};
    barrier.object = (bt_furniture_object){.type = "barrier",
                                           .name = "works barrier",
                                           .s_m = head_s + 0.6,
                                           .t_m = head_t,
                                           .length_m = 2.0,
                                           .width_m = 0.4,
                                           .height_m = 1.0};
    bt_layout_add_item(t->layout, &barrier);
}

void tile_add_works(tile *t, uint32_t road, const bt_side *side, double s0, double s1)
{
    if (t->layout->status != BT_OK) return;
    double speed = t->layout->roads[road].street->speed_km_h;
    double inner = bt_side_inner(side, BT_STRIP_DRIVE + side->drive - 1);
    double outer = inner + side->drive_m;
    double taper = taper_length(side->drive_m, speed, s1 - s0);
    double gap = speed >= FAST_KM_H ? 0.38 * speed : CONE_M; // along the closed lane: twice as far
    add_row(t, road, s0, taper, -outer + 0.3, -inner - 0.3);
    add_row(t, road, s0 + taper + gap, s1 - s0 - taper - gap, -inner - 0.3, -inner - 0.3);
    add_works_signs(t, road, s0, s0 + taper + 2.0, -0.5 * (inner + outer));
}
