// road_check.c: looks for what a driver would stumble over.
#include "engine/road/road_check.h"

#include "engine/road/road_internal.h"

#include <stdio.h>

// Chosen: what a wheel or an eye would notice.
#define GAP_M 0.02
#define LANE_GAP_M 0.05
#define KINK_RAD 0.01
#define LINK_KINK_RAD 0.03
#define WIDTH_M 0.001

typedef struct checker {
    const bt_road_network *net;
    bt_road_finding_fn report;
    void *context;
    uint32_t count;
} checker;

static void found(checker *c, const char *format, ...) BT_PRINTF(2, 3);
static void found(checker *c, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    c->count++;
    if (c->report != NULL) c->report(c->context, text);
}

static const char *road_id(const checker *c, uint32_t road)
{
    return c->net->roads.items[road].id;
}

// ---- along one road -----------------------------------------------------------------------------------
// A transition that turns right round crosses itself: a length or curvature in the wrong unit.
static void check_spirals(checker *c, uint32_t road)
{
    road_run run = c->net->road_details.items[road].curves;
    for (uint32_t i = 0; i < run.count; i++) {
        const road_curve *curve = &c->net->curves.items[run.first + i];
        if (curve->kind != ROAD_CURVE_SPIRAL) continue;
        double turn =
            road_spiral_turn(curve->curvature_1_m, curve->curvature_rate_1_m2, curve->length_m);
        if (turn > 2.0 * BT_PI)
            found(c, "road '%.40s' s %.3f: a spiral of %.1f m turns by %.1f rad, over itself",
                  road_id(c, road), curve->s0_m, curve->length_m, turn);
    }
}

static void check_plan(checker *c, uint32_t road)
{
    road_run run = c->net->road_details.items[road].curves;
    for (uint32_t i = 1; i < run.count; i++) {
        const road_curve *last = &c->net->curves.items[run.first + i - 1];
        const road_curve *next = last + 1;
        road_plan end = road_curve_at(last, c->net->knots.items, next->s0_m - last->s0_m);
        road_plan begin = road_curve_at(next, c->net->knots.items, 0.0);
        double gap = bt_hypot(end.x_m - begin.x_m, end.y_m - begin.y_m);
        double kink = fabs(bt_wrap_angle(end.heading_rad - begin.heading_rad));
        if (gap > GAP_M)
            found(c, "road '%.40s' s %.3f: geometries %.3f m apart", road_id(c, road), next->s0_m,
                  gap);
        if (kink > KINK_RAD)
            found(c, "road '%.40s' s %.3f: heading turns by %.4f rad between geometries",
                  road_id(c, road), next->s0_m, kink);
    }
}

static void check_profile(checker *c, uint32_t road, road_run run, const char *what, double most)
{
    const bt_road_network *net = c->net;
    for (uint32_t i = 1; i < run.count; i++) {
        double s = net->cubics.items[run.first + i].s0_m;
        if (s <= 0.0 || s >= net->roads.items[road].length_m) continue;
        double before = road_profile_at(net, (road_run){run.first + i - 1, 1}, s, NULL, NULL);
        double after = road_profile_at(net, (road_run){run.first + i, 1}, s, NULL, NULL);
        if (fabs(after - before) > most)
            found(c, "road '%.40s' s %.3f: %s jumps by %.4f", road_id(c, road), s, what,
                  after - before);
    }
}

static void check_widths(checker *c, uint32_t lane)
{
    const bt_lane *l = &c->net->lanes.items[lane];
    const lane_detail *detail = &c->net->lane_details.items[lane];
    if (detail->border || l->id == 0) return;
    double length = l->s1_m - l->s0_m;
    int steps = 1 + (int)fmin(length, 1000.0);
    for (int i = 0; i <= steps; i++) {
        double s = l->s0_m + length * i / steps;
        double width = road_profile_at(c->net, detail->widths, s, NULL, NULL);
        if (width >= -WIDTH_M) continue;
        found(c, "road '%.40s' lane %d s %.3f: width is %.4f m", road_id(c, l->road), (int)l->id, s,
              width);
        return;
    }
}

// ---- where roads meet ---------------------------------------------------------------------------------
static bool links_back(const checker *c, uint32_t road, const road_link *link)
{
    const road_detail *other = &c->net->road_details.items[link->element];
    const road_link *back = link->contact == ROAD_END ? &other->successor : &other->predecessor;
    if (back->kind == ROAD_LINK_ROAD) return back->element == road;
    // a connecting road names the roads it joins; those name the junction
    uint32_t junction = c->net->roads.items[road].junction;
    return back->kind == ROAD_LINK_JUNCTION && junction != BT_ROAD_NONE &&
           back->element == junction;
}

static void check_link(checker *c, uint32_t road, road_end end)
{
    const bt_road_network *net = c->net;
    const road_detail *detail = &net->road_details.items[road];
    const road_link *link = end == ROAD_END ? &detail->successor : &detail->predecessor;
    if (link->kind != ROAD_LINK_ROAD || link->element == BT_ROAD_NONE) return;
    double s = end == ROAD_END ? net->roads.items[road].length_m : 0.0;
    double s_other = link->contact == ROAD_END ? net->roads.items[link->element].length_m : 0.0;
    road_frame here = road_frame_at(net, road, s);
    road_frame there = road_frame_at(net, link->element, s_other);
    const char *which = end == ROAD_END ? "successor" : "predecessor";
    if (link->element == road) found(c, "road '%.40s': %s is itself", road_id(c, road), which);
    if (!links_back(c, road, link))
        found(c, "road '%.40s': %s '%.40s' does not link back", road_id(c, road), which,
              road_id(c, link->element));
    double gap = bt_vec3_distance(here.origin, there.origin);
    // roads may meet beside their reference lines, when lane offsets say so: lanes are checked too
    bool same_way = (end == ROAD_END) == (link->contact == ROAD_START);
    double turn = there.plan.heading_rad - here.plan.heading_rad + (same_way ? 0.0 : BT_PI);
    if (fabs(bt_wrap_angle(turn)) > LINK_KINK_RAD)
        found(c, "road '%.40s': heading turns by %.4f rad towards %s '%.40s'", road_id(c, road),
              bt_wrap_angle(turn), which, road_id(c, link->element));
    if (gap > 20.0)
        found(c, "road '%.40s': %s '%.40s' is %.2f m away", road_id(c, road), which,
              road_id(c, link->element), gap);
}

// ---- where lanes meet ---------------------------------------------------------------------------------
static double border_gap(const checker *c, uint32_t lane, bool at_end, uint32_t other,
                         bool other_at_end)
{
    const bt_lane *a = &c->net->lanes.items[lane];
    const bt_lane *b = &c->net->lanes.items[other];
    double s_a = at_end ? a->s1_m : a->s0_m;
    double s_b = other_at_end ? b->s1_m : b->s0_m;
    double worst = 0.0;
    for (int outer = 0; outer < 2; outer++)
        worst = fmax(worst, bt_vec3_distance(bt_lane_border_point(c->net, lane, s_a, outer == 1),
                                             bt_lane_border_point(c->net, other, s_b, outer == 1)));
    return worst;
}

// A lane that opens or closes has no width where it begins or ends: it does so on a border of the lane
// that it is linked to.
static double opening_gap(const checker *c, uint32_t lane, bool at_end, uint32_t other,
                          bool other_at_end)
{
    const bt_lane *a = &c->net->lanes.items[lane];
    const bt_lane *b = &c->net->lanes.items[other];
    bt_vec3 tip = bt_lane_border_point(c->net, lane, at_end ? a->s1_m : a->s0_m, false);
    double s_b = other_at_end ? b->s1_m : b->s0_m;
    return fmin(bt_vec3_distance(tip, bt_lane_border_point(c->net, other, s_b, false)),
                bt_vec3_distance(tip, bt_lane_border_point(c->net, other, s_b, true)));
}

static double joint_gap(const checker *c, uint32_t lane, bool at_end, uint32_t other,
                        bool other_at_end)
{
    const bt_lane *a = &c->net->lanes.items[lane];
    const bt_lane *b = &c->net->lanes.items[other];
    double width = bt_lane_width(c->net, lane, at_end ? a->s1_m : a->s0_m);
    double other_width = bt_lane_width(c->net, other, other_at_end ? b->s1_m : b->s0_m);
    if (fabs(width) < WIDTH_M) return opening_gap(c, lane, at_end, other, other_at_end);
    if (fabs(other_width) < WIDTH_M) return opening_gap(c, other, other_at_end, lane, at_end);
    return border_gap(c, lane, at_end, other, other_at_end);
}

static void check_joints(checker *c, uint32_t lane, bool at_end)
{
    const bt_lane *l = &c->net->lanes.items[lane];
    const lane_detail *detail = &c->net->lane_details.items[lane];
    road_run run = at_end ? detail->at_end : detail->at_start;
    for (uint32_t i = 0; i < run.count; i++) {
        road_joint joint = c->net->joints.items[run.first + i];
        uint32_t other = joint / 2;
        bool other_at_end = joint % 2 == 1;
        if (joint / 2 < lane) continue; // each pair once
        const bt_lane *o = &c->net->lanes.items[other];
        double gap = joint_gap(c, lane, at_end, other, other_at_end);
        if (gap > LANE_GAP_M)
            found(c, "road '%.40s' lane %d and road '%.40s' lane %d: borders %.3f m apart",
                  road_id(c, l->road), (int)l->id, road_id(c, o->road), (int)o->id, gap);
        bool drivable = bt_lane_type_drivable(l->type) && bt_lane_type_drivable(o->type);
        // travel leaves one at this end and must enter the other there
        if (drivable && (l->forward == at_end) == (o->forward == other_at_end))
            found(c, "road '%.40s' lane %d and road '%.40s' lane %d: linked against their travel",
                  road_id(c, l->road), (int)l->id, road_id(c, o->road), (int)o->id);
    }
}

static void check_leads_on(checker *c, uint32_t lane)
{
    const bt_lane *l = &c->net->lanes.items[lane];
    if (c->net->roads.items[l->road].junction == BT_ROAD_NONE) return;
    if (!bt_lane_type_drivable(l->type) || l->id == 0) return;
    uint32_t other;
    if (bt_lane_successors(c->net, lane, &other, 1) == 0)
        found(c, "road '%.40s' lane %d in a junction leads nowhere", road_id(c, l->road),
              (int)l->id);
    if (bt_lane_predecessors(c->net, lane, &other, 1) == 0)
        found(c, "road '%.40s' lane %d in a junction is reached from nowhere", road_id(c, l->road),
              (int)l->id);
}

// ---- all ----------------------------------------------------------------------------------------------
static void check_signals(checker *c)
{
    for (size_t i = 0; i < c->net->signals.count; i++) {
        const bt_signal *signal = &c->net->signals.items[i];
        double length = c->net->roads.items[signal->road].length_m;
        if (signal->s_m < -GAP_M || signal->s_m > length + GAP_M)
            found(c, "signal '%.40s' at s %.3f of road '%.40s', which ends at %.3f", signal->id,
                  signal->s_m, road_id(c, signal->road), length);
    }
}

uint32_t bt_road_check(const bt_road_network *net, bt_road_finding_fn report, void *context)
{
    checker c = {.net = net, .report = report, .context = context};
    for (size_t i = 0; i < net->warnings.count; i++)
        found(&c, "%s", net->warnings.items[i]);
    for (uint32_t road = 0; road < net->roads.count; road++) {
        const road_detail *detail = &net->road_details.items[road];
        check_plan(&c, road);
        check_spirals(&c, road);
        check_profile(&c, road, detail->elevation, "elevation", GAP_M);
        check_profile(&c, road, detail->superelevation, "superelevation", KINK_RAD);
        check_link(&c, road, ROAD_START);
        check_link(&c, road, ROAD_END);
    }
    for (uint32_t lane = 0; lane < net->lanes.count; lane++) {
        check_widths(&c, lane);
        check_joints(&c, lane, false);
        check_joints(&c, lane, true);
        check_leads_on(&c, lane);
    }
    check_signals(&c);
    return c.count;
}
