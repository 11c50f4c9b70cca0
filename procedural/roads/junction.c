// junction.c: connecting roads, stop lines, signs and signals of a junction.
#include "procedural/roads/layout.h"

#include "engine/core/memory.h"
#include "engine/math/pose.h"

#include <math.h>

#define CORNER_RADIUS_M 4.0 // of the verge's edge, at least
#define STRAIGHT_RAD 0.6

double bt_junction_reach(const double *half_m, const double *outward_rad, int count)
{
    double reach = 8.0;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            double angle = fabs(bt_wrap_angle(outward_rad[j] - outward_rad[i]));
            if (i == j || angle > 2.6) continue;
            double edges = (half_m[j] + half_m[i] * cos(angle)) / sin(angle);
            reach = fmax(reach, edges + CORNER_RADIUS_M / tan(0.5 * angle));
        }
    return reach;
}

// ---- an arm as its traffic sees it ------------------------------------------------------------
static const bt_cross_section *mouth_cross(const bt_layout *l, const bt_arm *arm)
{
    return arm->at_end ? &l->roads[arm->road].end : &l->roads[arm->road].start;
}
// The side whose traffic comes in (or goes out), right of its travel.
static const bt_side *arm_side(const bt_layout *l, const bt_arm *arm, bool incoming)
{
    const bt_cross_section *cross = mouth_cross(l, arm);
    return arm->at_end == incoming ? &cross->right : &cross->left;
}
static int arm_sign(const bt_arm *arm, bool incoming)
{
    return arm->at_end == incoming ? -1 : 1;
}
static double arm_station(const bt_layout *l, const bt_arm *arm)
{
    return arm->at_end ? l->roads[arm->road].street->alignment.length_m : 0.0;
}
static double arm_height(const bt_layout *l, const bt_arm *arm)
{
    const bt_street *street = l->roads[arm->road].street;
    if (!arm->at_end) return street->elevation[0].a;
    const bt_street_record *r = &street->elevation[street->elevation_count - 1];
    double ds = street->alignment.length_m - r->s_m;
    return r->a + ds * (r->b + ds * (r->c + ds * r->d));
}
// On the arm's mouth, `right_m` to the right of travel.
static bt_plan_pose arm_pose(const bt_layout *l, const bt_arm *arm, bool incoming, double right_m)
{
    bt_plan_pose p = bt_alignment_at(&l->roads[arm->road].street->alignment, arm_station(l, arm));
    p.heading_rad = incoming ? arm->outward_rad + BT_PI : arm->outward_rad;
    p.x_m += right_m * sin(p.heading_rad);
    p.y_m -= right_m * cos(p.heading_rad);
    return p;
}

// ---- connecting roads -------------------------------------------------------------------------
// Lanes in_first.. of one side lead to lanes out_first.. of another; with the strips beyond them or not.
typedef struct movement {
    const bt_arm *in, *out;
    int in_first, out_first, lanes;
    bool outer; // carries the corner: bicycle lane, edge, kerb, sidewalk, verge
} movement;

static bt_side connection_side(const bt_side *side, int lanes, bool outer)
{
    bt_side s = *side;
    s.drive = lanes;
    s.median_m = 0.0;
    s.use = BT_USE_PLAIN;
    if (!outer) s.bike_m = s.edge_m = s.curb_m = s.walk_m = s.verge_m = 0.0;
    return s;
}

// Ids of a strip on the arm, on the connecting road.
static int arm_strip(int strip, int first)
{
    return strip >= BT_STRIP_DRIVE && strip < BT_STRIP_BIKE ? strip + first : strip;
}

static int union_rank(const bt_side *a, const bt_side *b, int strip)
{
    int rank = 0;
    for (int i = 0; i <= strip; i++)
        rank += bt_side_width(a, i) > 0.0 || bt_side_width(b, i) > 0.0;
    return rank;
}

static void link_connection(bt_layout_connection *c, bt_street *street, const movement *m,
                            const bt_side *arm_in, const bt_side *arm_out, const bt_side *from,
                            const bt_side *to)
{
    for (int strip = 0; strip < BT_STRIP_COUNT; strip++) {
        bool at_start = bt_side_width(from, strip) > 0.0;
        bool at_end = bt_side_width(to, strip) > 0.0;
        if (!at_start && !at_end) continue;
        int rank = union_rank(from, to, strip);
        bt_street_lane *lane = &street->sections[0].right[rank - 1];
        if (at_start)
            lane->predecessor =
                arm_sign(m->in, true) * bt_side_rank(arm_in, arm_strip(strip, m->in_first));
        if (at_end)
            lane->successor =
                arm_sign(m->out, false) * bt_side_rank(arm_out, arm_strip(strip, m->out_first));
        if (!at_start) continue;
        c->from[c->link_count] = lane->predecessor;
        c->to[c->link_count++] = -rank;
    }
}

static bt_street *new_connection(bt_layout *l, uint32_t junction, uint32_t *index)
{
    if (l->status == BT_OK) l->status = BT_ARRAY_RESERVE(l->roads, l->road_room, l->road_count + 1);
    if (l->status == BT_OK)
        l->status = BT_ARRAY_RESERVE(l->connections, l->connection_room, l->connection_count + 1);
    if (l->status != BT_OK) return NULL;
    bt_street *street = bt_alloc(1, sizeof *street);
    if (street == NULL) {
        l->status = bt_fail(BT_ERR_MEMORY, "no memory for a connecting road");
        return NULL;
    }
    street->id = ++l->last_id;
    street->name = "";
    street->junction = l->junctions[junction].id;
    *index = (uint32_t)l->road_count;
    l->roads[l->road_count++] = (bt_layout_road){.street = street};
    return street;
}

static bt_street_link link_to(const bt_layout *l, const bt_arm *arm)
{
    return (bt_street_link){"road", l->roads[arm->road].street->id, arm->at_end ? "end" : "start"};
}

static void add_movement(bt_layout *l, uint32_t junction, const movement *m)
{
    uint32_t index;
    bt_street *street = new_connection(l, junction, &index);
    if (street == NULL) return;
    const bt_side *arm_in = arm_side(l, m->in, true);
    const bt_side *arm_out = arm_side(l, m->out, false);
    double off_in = bt_side_inner(arm_in, BT_STRIP_DRIVE + m->in_first);
    double off_out = bt_side_inner(arm_out, BT_STRIP_DRIVE + m->out_first);
    l->status = bt_alignment_join(arm_pose(l, m->in, true, off_in),
                                  arm_pose(l, m->out, false, off_out), 1e4, &street->alignment);
    if (l->status != BT_OK) return;
    double turn = fabs(bt_wrap_angle(m->out->outward_rad - m->in->outward_rad - BT_PI));
    int posted = l->roads[m->in->road].street->speed_km_h;
    street->type = l->roads[m->in->road].street->type;
    street->speed_km_h = turn < STRAIGHT_RAD || posted < 20 ? posted : 20;
    double z0 = arm_height(l, m->in);
    bt_street_set_elevation(street, (bt_street_node[]){{0.0, z0, 0.0}}, 1);
    street->predecessor = link_to(l, m->in);
    street->successor = link_to(l, m->out);
    bt_side from = connection_side(arm_in, m->lanes, m->outer);
    bt_side to = connection_side(arm_out, m->lanes, m->outer);
    bt_street_set_connection(street, &from, &to);
    bt_layout_connection *c = &l->connections[l->connection_count++];
    *c = (bt_layout_connection){.junction = junction, .incoming = m->in->road, .road = index};
    link_connection(c, street, m, arm_in, arm_out, &from, &to);
}

// The arm to the right of who comes in: next counter-clockwise.
static int right_neighbour(const bt_arm *arms, int count, int from)
{
    int best = -1;
    double least = 10.0;
    for (int i = 0; i < count; i++) {
        double angle = bt_wrap_angle(arms[i].outward_rad - arms[from].outward_rad);
        if (angle < 0.0) angle += 2.0 * BT_PI;
        if (i == from || angle >= least) continue;
        least = angle;
        best = i;
    }
    return best;
}

static void connect(bt_layout *l, uint32_t junction, const bt_arm *arms, int count, int a, int b)
{
    const bt_side *in = arm_side(l, &arms[a], true);
    const bt_side *out = arm_side(l, &arms[b], false);
    if (in->drive == 0 || out->drive == 0) return;
    double turn = bt_wrap_angle(arms[b].outward_rad - arms[a].outward_rad - BT_PI);
    movement m = {.in = &arms[a], .out = &arms[b], .lanes = 1};
    m.outer = right_neighbour(arms, count, a) == b;
    if (fabs(turn) < STRAIGHT_RAD) {
        m.lanes = in->drive < out->drive ? in->drive : out->drive;
    } else if (turn < 0.0) {
        m.in_first = in->drive - 1;
        m.out_first = out->drive - 1;
    }
    if (m.outer && m.lanes + m.in_first < in->drive) m.outer = false;
    if (m.outer && m.lanes + m.out_first < out->drive) m.out_first = out->drive - m.lanes;
    add_movement(l, junction, &m);
}

// ---- what stands at an arm --------------------------------------------------------------------
// Station a distance up the arm.
static double up_arm(const bt_layout *l, const bt_arm *arm, double distance_m)
{
    double s = arm_station(l, arm);
    return arm->at_end ? s - distance_m : distance_m;
}

static void add_stop_line(bt_layout *l, const bt_arm *arm, const bt_side *side)
{
    double t0 = bt_side_inner(side, BT_STRIP_DRIVE);
    double width = side->drive * side->drive_m;
    double sign = arm_sign(arm, true);
    int first = arm_sign(arm, true) * bt_side_rank(side, BT_STRIP_DRIVE);
    int last = arm_sign(arm, true) * bt_side_rank(side, BT_STRIP_DRIVE + side->drive - 1);
    bt_furniture_signal line = {.name = "stop line",
                                .type = "294",
                                .s_m = up_arm(l, arm, BT_STOP_LINE_M),
                                .t_m = sign * (t0 + 0.5 * width),
                                .forward = arm->at_end,
                                .width_m = width,
                                .from_lane = first,
                                .to_lane = last};
    bt_layout_add_signal(l, arm->road, &line);
}

static void add_crossing(bt_layout *l, const bt_arm *arm)
{
    const bt_cross_section *cross = mouth_cross(l, arm);
    if (cross->right.walk_m <= 0.0 || cross->left.walk_m <= 0.0) return;
    bt_layout_item item = {.road = arm->road, .kind = BT_ITEM_CROSSING};
    item.object.s_m = up_arm(l, arm, 0.5 * (BT_CROSSING_NEAR_M + BT_CROSSING_FAR_M));
    item.object.t_m = -bt_side_inner(&cross->right, BT_STRIP_CURB);
    item.object.t_end_m = bt_side_inner(&cross->left, BT_STRIP_CURB);
    bt_layout_add_item(l, &item);
}

// On lanes that may not go every way: the last lane goes right, the first left.
static void add_arrows(bt_layout *l, const bt_arm *arm, const bt_side *side)
{
    if (side->drive < 2) return;
    for (int i = 0; i < side->drive; i++) {
        bt_layout_item item = {.road = arm->road, .kind = BT_ITEM_ARROW, .forward = arm->at_end};
        item.ways = BT_ARROW_STRAIGHT | (i == 0 ? BT_ARROW_LEFT : 0) |
                    (i + 1 == side->drive ? BT_ARROW_RIGHT : 0);
        item.object.s_m = up_arm(l, arm, 18.0);
        item.object.t_m =
            arm_sign(arm, true) * (bt_side_inner(side, BT_STRIP_DRIVE + i) + 0.5 * side->drive_m);
        bt_layout_add_item(l, &item);
    }
}

static void add_control(bt_layout *l, int controller)
{
    if (l->status == BT_OK)
        l->status = BT_ARRAY_RESERVE(l->controls, l->control_room, l->control_count + 1);
    if (l->status != BT_OK) return;
    l->controls[l->control_count++] =
        (bt_layout_control){controller, l->signals[l->signal_count - 1].id};
}

static void furnish_arm(bt_layout *l, const bt_layout_junction *j, const bt_arm *arm,
                        bt_junction_control control)
{
    const bt_side *side = arm_side(l, arm, true);
    if (side->drive == 0) return;
    double sign = arm_sign(arm, true);
    double beside = bt_side_inner(side, BT_STRIP_WALK) + (side->walk_m > 0.0 ? 0.45 : 0.8);
    bt_furniture_signal post = {.name = "stop",
                                .type = "206",
                                .s_m = up_arm(l, arm, BT_STOP_LINE_M - 0.75),
                                .t_m = sign * beside,
                                .z_m = 2.0,
                                .forward = arm->at_end,
                                .width_m = 0.75,
                                .height_m = 0.75};
    bool lights = control == BT_CONTROL_SIGNALS;
    if (lights) {
        post.name = arm->major ? "light main" : "light side";
        post.type = "1000001";
        post.dynamic = true;
        post.z_m = 2.4;
        post.width_m = 0.32;
        post.height_m = 0.96;
    } else if (arm->major) {
        post.name = "priority";
        post.type = "306";
    }
    bt_layout_add_signal(l, arm->road, &post);
    if (lights) add_control(l, j->controllers[arm->major ? 0 : 1]);
    if (lights || !arm->major) {
        add_stop_line(l, arm, side);
        add_crossing(l, arm);
    }
    if (lights) add_arrows(l, arm, side);
}

void bt_layout_add_junction(bt_layout *l, const char *name, const bt_arm *arms, int count,
                            bt_junction_control control)
{
    if (l->status == BT_OK)
        l->status = BT_ARRAY_RESERVE(l->junctions, l->junction_room, l->junction_count + 1);
    if (l->status != BT_OK) return;
    uint32_t index = (uint32_t)l->junction_count++;
    bt_layout_junction j = {.name = name, .id = ++l->last_id};
    for (int phase = 0; phase < 2 && control == BT_CONTROL_SIGNALS; phase++)
        j.controllers[phase] = ++l->last_id;
    l->junctions[index] = j;
    for (int a = 0; a < count; a++) {
        bt_street *street = l->roads[arms[a].road].street;
        *(arms[a].at_end ? &street->successor : &street->predecessor) =
            (bt_street_link){"junction", j.id, NULL};
        for (int b = 0; b < count; b++)
            if (a != b && l->status == BT_OK) connect(l, index, arms, count, a, b);
        if (control != BT_CONTROL_NONE && l->status == BT_OK) furnish_arm(l, &j, &arms[a], control);
    }
}
