// roundabout.c: a one-way ring of short roads, joined to every arm in a small junction of its own: the
// way round, the way in, the way out. The junctions form a junction group.
#include "procedural/roads/layout.h"

#include "engine/math/pose.h"

#include <math.h>

#define LANE_ONE_M 5.0 // of a ring of one lane
#define LANE_TWO_M 4.6
#define MOUTH_M 4.5        // from the inscribed circle to where arms end
#define JUNCTION_RAD 0.79  // half of what an arm's junction takes of the ring, at most
#define JUNCTION_SHARE 0.4 // and of the way to the next arm
#define APRON_M 1.8
#define APRON_HEIGHT_M 0.06
#define GRASS_M 2.5 // of the middle island, beside the apron
#define SPEED_KM_H 30.0

static double lane_width(const bt_roundabout *r)
{
    return r->lanes > 1 ? LANE_TWO_M : LANE_ONE_M;
}

// Of the reference line: the lanes' inner border.
static double inner_radius(const bt_roundabout *r)
{
    return r->radius_m - r->lanes * lane_width(r);
}

double bt_roundabout_reach(const bt_roundabout *r)
{
    return r->radius_m + MOUTH_M;
}

// Arms near each other need a larger circle: 12 m of arc and more between their axes at its inside.
double bt_roundabout_radius(const double *outward_rad, int count, int lanes)
{
    double least = 2.0 * BT_PI;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < i; j++)
            least = fmin(least, fabs(bt_wrap_angle(outward_rad[i] - outward_rad[j])));
    double width = lanes > 1 ? 2.0 * LANE_TWO_M : LANE_ONE_M;
    double usual = lanes > 1 ? 28.0 : 20.0;
    return fmax(usual, width + 22.0 / fmax(least, 0.3));
}

typedef struct ring {
    const bt_roundabout *desc;
    const bt_arm *arms[BT_JUNCTION_MAX_ARMS]; // counter-clockwise
    int count;
    double before_rad[BT_JUNCTION_MAX_ARMS]; // what the junction takes on either side of an arm
    double after_rad[BT_JUNCTION_MAX_ARMS];
    uint32_t roads[BT_JUNCTION_MAX_ARMS]; // from an arm on to the next
    bt_cross_section cross;
} ring;

static double angle_to_next(const ring *r, int i)
{
    double gap = r->arms[(i + 1) % r->count]->outward_rad - r->arms[i]->outward_rad;
    gap = fmod(gap, 2.0 * BT_PI);
    return gap <= 0.0 ? gap + 2.0 * BT_PI : gap;
}

static double positive(double angle_rad)
{
    double a = fmod(angle_rad, 2.0 * BT_PI);
    return a < 0.0 ? a + 2.0 * BT_PI : a;
}

static void sort_arms(ring *r, const bt_arm *arms, int count)
{
    r->count = count;
    for (int i = 0; i < count; i++) {
        int at = i;
        for (; at > 0; at--) {
            if (positive(r->arms[at - 1]->outward_rad) <= positive(arms[i].outward_rad)) break;
            r->arms[at] = r->arms[at - 1];
        }
        r->arms[at] = &arms[i];
    }
    for (int i = 0; i < count; i++) {
        double share = fmin(JUNCTION_RAD, JUNCTION_SHARE * angle_to_next(r, i));
        r->after_rad[i] = share;
        r->before_rad[(i + 1) % count] = share;
    }
}

// Outside as the arms are there; inside a mountable apron and grass.
static void set_cross(ring *r, const bt_layout *l)
{
    bt_side outer = *bt_arm_side(l, r->arms[0], true);
    outer.drive = r->desc->lanes;
    outer.drive_m = lane_width(r->desc);
    outer.median_m = outer.pocket_m = outer.bike_m = 0.0;
    outer.use = BT_USE_PLAIN;
    outer.island = false;
    r->cross = (bt_cross_section){.left = {.edge_m = 0.3,
                                           .curb_m = APRON_M,
                                           .verge_m = GRASS_M,
                                           .curb_height_m = APRON_HEIGHT_M},
                                  .right = outer,
                                  .marked = true,
                                  .line_m = 3.0,
                                  .gap_m = 3.0};
}

static void add_ring_road(ring *r, bt_layout *l, int i)
{
    double radius = inner_radius(r->desc);
    double from = r->arms[i]->outward_rad + r->after_rad[i];
    double turn = angle_to_next(r, i) - r->after_rad[i] - r->before_rad[(i + 1) % r->count];
    bt_plan_pose pose = {r->desc->x_m + radius * cos(from), r->desc->y_m + radius * sin(from),
                         from + 0.5 * BT_PI};
    r->roads[i] = bt_layout_add_ring(l, r->desc->name, pose, radius, turn * radius, r->desc->z_m,
                                     SPEED_KM_H, &r->cross);
}

// The chevrons on the middle island that face who comes in.
static void add_chevrons(ring *r, bt_layout *l, int i, uint32_t way_round)
{
    bt_furniture_signal board = {.name = "chevrons to the right",
                                 .type = "625",
                                 .subtype = "20",
                                 .s_m = r->before_rad[i] * inner_radius(r->desc),
                                 .t_m = 0.3 + APRON_M + 1.0,
                                 .z_m = 0.5,
                                 .forward = true,
                                 .heading_rad = 0.5 * BT_PI,
                                 .width_m = 2.0,
                                 .height_m = 0.5};
    bt_layout_add_signal(l, way_round, &board);
}

static void add_junction(ring *r, bt_layout *l, int i, int group)
{
    const bt_arm *arm = r->arms[i];
    double radius = inner_radius(r->desc);
    int last = (i + r->count - 1) % r->count;
    bt_arm upstream = {.road = r->roads[last],
                       .at_end = true,
                       .outward_rad = arm->outward_rad - r->before_rad[i] - 0.5 * BT_PI,
                       .major = true,
                       .ring_m = radius};
    bt_arm downstream = {.road = r->roads[i],
                         .outward_rad = arm->outward_rad + r->after_rad[i] + 0.5 * BT_PI,
                         .major = true,
                         .ring_m = radius};
    const bt_arm *list[3] = {arm, &upstream, &downstream};
    uint32_t j = bt_layout_begin_junction(l, r->desc->name, list, 3);
    if (l->status != BT_OK) return;
    l->junctions[j].group = group;
    int in = bt_arm_side(l, arm, true)->drive;
    int out = bt_arm_side(l, arm, false)->drive;
    int lanes = r->desc->lanes;
    int enter = in < lanes ? in : lanes;
    int leave = out < lanes ? out : lanes;
    double gore = BT_SPLITTER_M + 3.0;
    bt_movement moves[3] = {{&upstream, &downstream, 0, 0, lanes, false, 0.0},
                            {arm, &downstream, in - enter, lanes - enter, enter, true, gore},
                            {&upstream, arm, lanes - leave, out - leave, leave, true, gore}};
    uint32_t way_round = (uint32_t)l->road_count;
    for (int k = 0; k < 3 && l->status == BT_OK; k++)
        if (moves[k].lanes > 0) bt_layout_add_movement(l, j, &moves[k]);
    if (l->status != BT_OK || in == 0) return;
    add_chevrons(r, l, i, way_round);
    bt_layout_furnish_entry(l, arm);
}

void bt_layout_add_roundabout(bt_layout *l, const bt_roundabout *desc, const bt_arm *arms,
                              int count)
{
    if (l->status != BT_OK) return;
    ring r = {.desc = desc};
    sort_arms(&r, arms, count);
    set_cross(&r, l);
    for (int i = 0; i < count && l->status == BT_OK; i++)
        add_ring_road(&r, l, i);
    int group = ++l->last_id;
    for (int i = 0; i < count && l->status == BT_OK; i++)
        add_junction(&r, l, i, group);
}
