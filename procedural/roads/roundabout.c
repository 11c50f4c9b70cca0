// roundabout.c: a one-way ring of short roads, joined to every arm in a small junction of its own: the
// way round, the way in, the way out. The junctions form a junction group.
#include "procedural/roads/layout.h"

#include "engine/math/pose.h"

#include <math.h>

#define LANE_ONE_M 5.0 // of a ring of one lane
#define LANE_TWO_M 4.6
#define MOUTH_M 6.0       // from the inscribed circle to where arms end
#define JUNCTION_RAD 0.79 // half of what an arm's junction takes of the ring, at most
#define RING_ROAD_M 2.5   // what is left of the ring between two junctions, at least
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

// Arms near each other need a larger circle: 26 m of arc between their axes at its inside, chosen so
// that entries are wide enough (roundabout_test.c).
double bt_roundabout_radius(const double *outward_rad, int count, int lanes)
{
    double least = 2.0 * BT_PI;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < i; j++)
            least = fmin(least, fabs(bt_wrap_angle(outward_rad[i] - outward_rad[j])));
    double width = lanes > 1 ? 2.0 * LANE_TWO_M : LANE_ONE_M;
    double usual = lanes > 1 ? 28.0 : 20.0;
    return fmax(usual, width + 26.0 / fmax(least, 0.3));
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
        double gap = angle_to_next(r, i) - RING_ROAD_M / inner_radius(r->desc);
        double share = fmin(JUNCTION_RAD, 0.5 * gap);
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
    outer.median = BT_MEDIAN_GRASS;
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
    bt_plan_pose pose = {r->desc->x_m + radius * bt_cos(from), r->desc->y_m + radius * bt_sin(from),
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

// ---- between the way in and the way out -------------------------------------------------------
#define ISLAND_POINTS 8     // along either way
#define ISLAND_ASIDE_M 0.4  // from the lanes, but where it goes on from the arm's island
#define ISLAND_BEHIND_M 0.7 // outside the ring
#define ISLAND_GROWS_M 2.0

static double from_middle(const ring *r, bt_plan_pose p)
{
    return bt_hypot(p.x_m - r->desc->x_m, p.y_m - r->desc->y_m);
}

// Station of a way in (or of a way out, counted from its end) where it comes to this radius.
static double station_at(const ring *r, const bt_alignment *way, bool out, double radius_m)
{
    double low = 0.0;
    double high = way->length_m;
    for (int i = 0; i < 40; i++) {
        double middle = 0.5 * (low + high);
        bt_plan_pose p = bt_alignment_at(way, out ? way->length_m - middle : middle);
        *(from_middle(r, p) > radius_m ? &low : &high) = middle;
    }
    return low;
}

static void add_corner(bt_furniture_shape *island, bt_plan_pose frame, double x, double y)
{
    double dx = x - frame.x_m;
    double dy = y - frame.y_m;
    double *corner = island->corners_m[island->count++];
    corner[0] = dx * bt_cos(frame.heading_rad) + dy * bt_sin(frame.heading_rad);
    corner[1] = -dx * bt_sin(frame.heading_rad) + dy * bt_cos(frame.heading_rad);
}

// Along the left edge of a way; its i-th point counted from the arm.
static void add_edge(bt_furniture_shape *island, bt_plan_pose frame, const bt_alignment *way,
                     bool out, double reach_m, int i)
{
    double s = reach_m * i / (ISLAND_POINTS - 1);
    bt_plan_pose p = bt_alignment_at(way, out ? way->length_m - s : s);
    double aside = ISLAND_ASIDE_M * fmin(1.0, s / ISLAND_GROWS_M);
    add_corner(island, frame, p.x_m - aside * bt_sin(p.heading_rad),
               p.y_m + aside * bt_cos(p.heading_rad));
}

// From the arm's island to the ring, which its last side follows.
static void add_splitter(ring *r, bt_layout *l, int i, uint32_t way_in, uint32_t way_out)
{
    const bt_arm *arm = r->arms[i];
    const bt_alignment *in = &l->roads[way_in].street->alignment;
    const bt_alignment *out = &l->roads[way_out].street->alignment;
    bt_furniture_shape island = {.s_m = bt_arm_station(l, arm, 0.0)};
    bt_plan_pose frame = bt_alignment_at(&l->roads[arm->road].street->alignment, island.s_m);
    double radius = r->desc->radius_m + ISLAND_BEHIND_M;
    double in_m = station_at(r, in, false, radius);
    double out_m = station_at(r, out, true, radius);
    for (int k = 0; k < ISLAND_POINTS; k++)
        add_edge(&island, frame, in, false, in_m, k);
    bt_plan_pose a = bt_alignment_at(in, in_m);
    bt_plan_pose b = bt_alignment_at(out, out->length_m - out_m);
    double from = bt_atan2(a.y_m - r->desc->y_m, a.x_m - r->desc->x_m);
    double turn = bt_wrap_angle(bt_atan2(b.y_m - r->desc->y_m, b.x_m - r->desc->x_m) - from);
    for (int k = 1; k < 4; k++)
        add_corner(&island, frame, r->desc->x_m + radius * bt_cos(from + 0.25 * k * turn),
                   r->desc->y_m + radius * bt_sin(from + 0.25 * k * turn));
    for (int k = ISLAND_POINTS - 1; k >= 0; k--)
        add_edge(&island, frame, out, true, out_m, k);
    bt_layout_add_shape(l, arm->road, BT_ITEM_ISLAND, &island);
}

// Where who comes in waits: on the inscribed circle.
static void add_waiting_line(ring *r, bt_layout *l, uint32_t way_in, int lanes)
{
    const bt_alignment *in = &l->roads[way_in].street->alignment;
    double width = lanes * lane_width(r->desc);
    bt_furniture_signal line = {.name = "waiting line",
                                .type = "341",
                                .s_m = station_at(r, in, false, r->desc->radius_m + 0.5),
                                .t_m = -0.5 * width,
                                .forward = true,
                                .width_m = width,
                                .from_lane = -1,
                                .to_lane = -lanes};
    bt_layout_add_signal(l, way_in, &line);
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
    bt_movement moves[3] = {{.in = &upstream, .out = &downstream, .lanes = lanes},
                            {.in = arm,
                             .out = &downstream,
                             .in_first = in - enter,
                             .out_first = lanes - enter,
                             .lanes = enter,
                             .outer = true,
                             .gore_m = gore},
                            {.in = &upstream,
                             .out = arm,
                             .in_first = lanes - leave,
                             .out_first = out - leave,
                             .lanes = leave,
                             .outer = true,
                             .gore_m = gore}};
    uint32_t ways[3];
    for (int k = 0; k < 3 && l->status == BT_OK; k++) {
        ways[k] = (uint32_t)l->road_count;
        if (moves[k].lanes > 0) bt_layout_add_movement(l, j, &moves[k]);
    }
    if (l->status != BT_OK || in == 0) return;
    add_chevrons(r, l, i, ways[0]);
    add_waiting_line(r, l, ways[1], enter);
    if (out > 0) add_splitter(r, l, i, ways[1], ways[2]);
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
