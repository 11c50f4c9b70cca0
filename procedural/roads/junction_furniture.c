// junction_furniture.c: what stands and is painted at an arm of a junction.
//
// Signs by their numbers in the German catalogue (StVO): 205 give way, 206 stop, 215 roundabout, 222
// keep right of the island, 294 stop line, 306 priority road, 438 advance
// direction sign.
#include "procedural/roads/layout.h"

#include "engine/core/memory.h"

#include <math.h>

#define ARROW_FIRST_M 11.0 // from the mouth
#define ARROW_NEXT_M 20.0  // and again
#define GUIDE_M 120.0      // an advance direction sign stands this far from a junction
#define GUIDE_ROAD_M 260.0 // on roads of this length at least

// ---- an arm as its traffic sees it ------------------------------------------------------------
const bt_cross_section *bt_arm_mouth(const bt_layout *l, const bt_arm *arm)
{
    return arm->at_end ? &l->roads[arm->road].end : &l->roads[arm->road].start;
}

const bt_side *bt_arm_side(const bt_layout *l, const bt_arm *arm, bool incoming)
{
    const bt_cross_section *cross = bt_arm_mouth(l, arm);
    return arm->at_end == incoming ? &cross->right : &cross->left;
}

int bt_arm_sign(const bt_arm *arm, bool incoming)
{
    return arm->at_end == incoming ? -1 : 1;
}

double bt_arm_station(const bt_layout *l, const bt_arm *arm, double distance_m)
{
    return arm->at_end ? l->roads[arm->road].street->alignment.length_m - distance_m : distance_m;
}

static double arm_length(const bt_layout *l, const bt_arm *arm)
{
    return l->roads[arm->road].street->alignment.length_m;
}

// Beside the carriageway on the right of who comes in.
static double beside(const bt_side *side)
{
    return bt_side_inner(side, BT_STRIP_WALK) + (side->walk_m > 0.0 ? 0.45 : 0.8);
}

// ---- across the lanes -------------------------------------------------------------------------
static void add_stop_line(bt_layout *l, const bt_arm *arm)
{
    const bt_side *side = bt_arm_side(l, arm, true);
    int sign = bt_arm_sign(arm, true);
    int first = side->pocket_m > 0.0 ? BT_STRIP_POCKET : BT_STRIP_DRIVE;
    int last = BT_STRIP_DRIVE + side->drive - 1;
    double inner = bt_side_inner(side, first);
    double outer = bt_side_inner(side, last + 1);
    bt_furniture_signal line = {.name = "stop line",
                                .type = "294",
                                .s_m = bt_arm_station(l, arm, BT_STOP_LINE_M),
                                .t_m = sign * 0.5 * (inner + outer),
                                .forward = arm->at_end,
                                .width_m = outer - inner,
                                .from_lane = sign * bt_side_rank(side, first),
                                .to_lane = sign * bt_side_rank(side, last)};
    bt_layout_add_signal(l, arm->road, &line);
}

static void add_crossing_part(bt_layout *l, const bt_arm *arm, double t0_m, double t1_m)
{
    bt_layout_item item = {.road = arm->road, .kind = BT_ITEM_CROSSING};
    item.object.s_m = bt_arm_station(l, arm, 0.5 * (BT_CROSSING_NEAR_M + BT_CROSSING_FAR_M));
    item.object.t_m = t0_m;
    item.object.t_end_m = t1_m;
    bt_layout_add_item(l, &item);
}

// From kerb to kerb, or to the island on its way.
static void add_crossing(bt_layout *l, const bt_arm *arm)
{
    const bt_cross_section *cross = bt_arm_mouth(l, arm);
    const bt_side *right = &cross->right;
    const bt_side *left = &cross->left;
    if (right->walk_m <= 0.0 || left->walk_m <= 0.0) return;
    double from = -bt_side_inner(right, BT_STRIP_CURB);
    double to = bt_side_inner(left, BT_STRIP_CURB);
    double island_from = right->median >= BT_MEDIAN_ISLAND ? -right->median_m : 0.0;
    double island_to = left->median >= BT_MEDIAN_ISLAND ? left->median_m : 0.0;
    if (island_to - island_from < 1.0) {
        add_crossing_part(l, arm, from, to);
        return;
    }
    add_crossing_part(l, arm, from, island_from);
    add_crossing_part(l, arm, island_to, to);
}

// ---- along the lanes --------------------------------------------------------------------------
static void add_arrow(bt_layout *l, const bt_arm *arm, const bt_side *side, int strip, int ways)
{
    for (int k = 0; k < 2; k++) {
        double distance = ARROW_FIRST_M + k * ARROW_NEXT_M;
        if (distance + 12.0 > 0.5 * arm_length(l, arm)) return;
        bt_layout_item item = {
            .road = arm->road, .kind = BT_ITEM_ARROW, .forward = arm->at_end, .ways = ways};
        item.object.s_m = bt_arm_station(l, arm, distance);
        item.object.t_m = bt_arm_sign(arm, true) *
                          (bt_side_inner(side, strip) + 0.5 * bt_side_width(side, strip));
        bt_layout_add_item(l, &item);
    }
}

// On lanes that may not go every way: the pocket or else the first lane goes left, the last right.
static void add_arrows(bt_layout *l, const bt_arm *arm)
{
    const bt_side *side = bt_arm_side(l, arm, true);
    bool pocket = side->pocket_m > 0.0;
    if (side->drive < 2 && !pocket) return;
    if (pocket) add_arrow(l, arm, side, BT_STRIP_POCKET, BT_ARROW_LEFT);
    for (int i = 0; i < side->drive; i++)
        add_arrow(l, arm, side, BT_STRIP_DRIVE + i,
                  BT_ARROW_STRAIGHT | (i == 0 && !pocket ? BT_ARROW_LEFT : 0) |
                      (i + 1 == side->drive ? BT_ARROW_RIGHT : 0));
}

// ---- posts ------------------------------------------------------------------------------------
static void add_control(bt_layout *l, int controller)
{
    if (l->status == BT_OK)
        l->status = BT_ARRAY_RESERVE(l->controls, l->control_room, l->control_count + 1);
    if (l->status != BT_OK) return;
    l->controls[l->control_count++] =
        (bt_layout_control){controller, l->signals[l->signal_count - 1].id};
}

static bt_furniture_signal sign_at(const bt_layout *l, const bt_arm *arm, const char *name,
                                   const char *type, double distance_m, double size_m)
{
    return (bt_furniture_signal){.name = name,
                                 .type = type,
                                 .s_m = bt_arm_station(l, arm, distance_m),
                                 .t_m = bt_arm_sign(arm, true) * beside(bt_arm_side(l, arm, true)),
                                 .z_m = 2.0,
                                 .forward = arm->at_end,
                                 .width_m = size_m,
                                 .height_m = size_m};
}

// On the island's end at the junction, for who comes out: keep right of it.
static void add_island_sign(bt_layout *l, const bt_arm *arm)
{
    const bt_side *out = bt_arm_side(l, arm, false);
    if (out->median < BT_MEDIAN_ISLAND || out->median_m < 1.0) return;
    bt_furniture_signal sign = sign_at(l, arm, "keep right", "222", 0.8, 0.6);
    sign.t_m = bt_arm_sign(arm, false) * 0.5 * out->median_m;
    sign.z_m = 0.6;
    sign.forward = !arm->at_end;
    bt_layout_add_signal(l, arm->road, &sign);
}

static void add_guide(bt_layout *l, const bt_arm *arm)
{
    if (arm_length(l, arm) < GUIDE_ROAD_M) return;
    static const char *const texts[] = {"MILLBROOK",  "ASHFIELD", "WESTON",   "LONGMOOR",
                                        "OAK HARBOR", "RIVERTON", "HILLSIDE", "STONEBRIDGE"};
    uint32_t pick = (uint32_t)l->roads[arm->road].street->id * 2654435761u >> 29;
    bt_furniture_signal sign = sign_at(l, arm, "direction", "438", GUIDE_M, 2.4);
    sign.t_m += bt_arm_sign(arm, true) * 1.2;
    sign.text = texts[pick];
    sign.height_m = 1.4;
    sign.z_m = 1.5;
    bt_layout_add_signal(l, arm->road, &sign);
}

static void add_light(bt_layout *l, const bt_arm *arm, int controller)
{
    bt_furniture_signal post = sign_at(l, arm, arm->major ? "light main" : "light side", "1000001",
                                       BT_STOP_LINE_M - 0.75, 0.32);
    post.dynamic = true;
    post.z_m = 2.4;
    post.height_m = 0.96;
    bt_layout_add_signal(l, arm->road, &post);
    add_control(l, controller);
}

static void add_rule(bt_layout *l, const bt_arm *arm)
{
    bt_furniture_signal post = sign_at(l, arm, arm->major ? "priority" : "stop",
                                       arm->major ? "306" : "206", BT_STOP_LINE_M - 0.75, 0.75);
    bt_layout_add_signal(l, arm->road, &post);
}

void bt_layout_furnish_arm(bt_layout *l, const int controllers[2], const bt_arm *arm,
                           bt_junction_control control)
{
    if (bt_arm_side(l, arm, true)->drive == 0) return;
    bool lights = control == BT_CONTROL_SIGNALS;
    if (lights)
        add_light(l, arm, controllers[arm->major ? 0 : 1]);
    else
        add_rule(l, arm);
    if (lights || !arm->major) {
        add_stop_line(l, arm);
        add_crossing(l, arm);
    }
    add_arrows(l, arm);
    add_island_sign(l, arm);
    add_guide(l, arm);
}

// ---- roundabouts ------------------------------------------------------------------------------
void bt_layout_furnish_entry(bt_layout *l, const bt_arm *arm)
{
    bt_furniture_signal yield = sign_at(l, arm, "give way", "205", 0.7, 0.9);
    bt_furniture_signal round = sign_at(l, arm, "roundabout", "215", 0.7, 0.6);
    yield.z_m = 2.65; // above the other on one pole
    bt_layout_add_signal(l, arm->road, &yield);
    bt_layout_add_signal(l, arm->road, &round);
    add_crossing(l, arm);
    add_arrows(l, arm);
    add_guide(l, arm);
    // the island's nose up the arm
    const bt_side *in = bt_arm_side(l, arm, true);
    bt_furniture_signal keep = sign_at(l, arm, "keep right", "222", BT_CROSSING_FAR_M + 2.0, 0.6);
    keep.t_m = bt_arm_sign(arm, true) * 0.0;
    keep.z_m = 0.6;
    if (in->median >= BT_MEDIAN_ISLAND) bt_layout_add_signal(l, arm->road, &keep);
}
