// junction.c: connecting roads of a junction.
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
            double edges = (half_m[j] + half_m[i] * bt_cos(angle)) / bt_sin(angle);
            reach = fmax(reach, edges + CORNER_RADIUS_M / bt_tan(0.5 * angle));
        }
    return reach;
}

// ---- an arm as its traffic sees it ------------------------------------------------------------
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
    bt_plan_pose p =
        bt_alignment_at(&l->roads[arm->road].street->alignment, bt_arm_station(l, arm, 0.0));
    p.heading_rad = incoming ? arm->outward_rad + BT_PI : arm->outward_rad;
    p.x_m += right_m * bt_sin(p.heading_rad);
    p.y_m -= right_m * bt_cos(p.heading_rad);
    return p;
}

// ---- connecting roads -------------------------------------------------------------------------
static bt_side connection_side(const bt_side *side, int first, int lanes, bool outer, bool cycles)
{
    bt_side s = *side;
    s.drive = lanes;
    if (first < 0) s.drive_m = side->pocket_m;
    s.median_m = s.pocket_m = 0.0;
    s.use = BT_USE_PLAIN;
    if (!outer && !cycles) s.bike_m = 0.0;
    if (!outer) s.edge_m = s.curb_m = s.walk_m = s.verge_m = 0.0;
    return s;
}

// A strip of the connecting road as the arm has it.
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

static void link_connection(bt_layout_connection *c, bt_street *street, const bt_movement *m,
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
                bt_arm_sign(m->in, true) * bt_side_rank(arm_in, arm_strip(strip, m->in_first));
        if (at_end)
            lane->successor =
                bt_arm_sign(m->out, false) * bt_side_rank(arm_out, arm_strip(strip, m->out_first));
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

// On the left of a ring its own strips go on, one to one.
static void link_left(bt_street *street)
{
    bt_street_section *section = &street->sections[0];
    for (int i = 0; i < section->left_count; i++)
        section->left[i].predecessor = section->left[i].successor = i + 1;
}

static bt_street_link link_to(const bt_layout *l, const bt_arm *arm)
{
    return (bt_street_link){"road", l->roads[arm->road].street->id, arm->at_end ? "end" : "start"};
}

#define RING_SPIRAL_M 3.0 // between a ring and a way in or out

static bt_status lay_connection(const bt_layout *l, const bt_movement *m, double off_in,
                                double off_out, bt_alignment *alignment)
{
    bt_plan_pose from = arm_pose(l, m->in, true, off_in);
    bt_plan_pose to = arm_pose(l, m->out, false, off_out);
    double bend_in = m->in->ring_m > 0.0 ? 1.0 / (m->in->ring_m + off_in) : 0.0;
    double bend_out = m->out->ring_m > 0.0 ? 1.0 / (m->out->ring_m + off_out) : 0.0;
    if (bend_in == 0.0 || bend_out == 0.0)
        return bt_alignment_join_bent(from, bend_in, to, bend_out, RING_SPIRAL_M, alignment);
    double turn = bt_wrap_angle(to.heading_rad - from.heading_rad);
    return bt_alignment_arc(from, bend_in, turn / bend_in, alignment);
}

static void set_connection(const bt_layout *l, bt_street *street, const bt_movement *m,
                           const bt_side *from, const bt_side *to)
{
    bool ring = m->in->ring_m > 0.0 && m->out->ring_m > 0.0;
    bt_cross_section start = {.right = *from};
    bt_cross_section end = {.right = *to};
    if (ring) {
        start.left = end.left = bt_arm_mouth(l, m->in)->left;
    } else { // no asphalt to the left where the way is on the ring
        start.left.edge_m = m->in->ring_m > 0.0 ? 0.0 : m->gore_m;
        end.left.edge_m = m->out->ring_m > 0.0 ? 0.0 : m->gore_m;
    }
    if (m->left_opens) end.left = bt_arm_mouth(l, m->out)->left;
    if (m->left_closes) start.left = bt_arm_mouth(l, m->in)->left;
    if (m->marked) {
        const bt_cross_section *arm = bt_arm_mouth(l, m->in);
        start.paint_m = arm->paint_m;
        start.marked = arm->marked;
        start.line_m = arm->line_m;
        start.gap_m = arm->gap_m;
        if (m->in_first == 0 && m->out_first == 0) { // the median's half goes on
            start.left.median_m = bt_arm_side(l, m->in, true)->median_m;
            end.left.median_m = bt_arm_side(l, m->out, false)->median_m;
        }
    }
    bt_street_set_connection(street, &start, &end);
    for (int i = 0; i < street->sections[0].left_count; i++) // its line is the road's own
        street->sections[0].left[i].mark_count = 0;
    if (ring) link_left(street);
}

// Who goes straight on keeps the posted speed; round a ring, into it and out of it the ring's holds.
static int connection_speed(const bt_layout *l, const bt_movement *m)
{
    double turn = fabs(bt_wrap_angle(m->out->outward_rad - m->in->outward_rad - BT_PI));
    int posted = l->roads[m->in->road].street->speed_km_h;
    int behind = l->roads[m->out->road].street->speed_km_h;
    if (m->in->ring_m > 0.0 || m->out->ring_m > 0.0) return posted < behind ? posted : behind;
    return turn < STRAIGHT_RAD || posted < 20 ? posted : 20;
}

void bt_layout_add_movement(bt_layout *l, uint32_t junction, const bt_movement *m)
{
    uint32_t index;
    bt_street *street = new_connection(l, junction, &index);
    if (street == NULL) return;
    const bt_side *arm_in = bt_arm_side(l, m->in, true);
    const bt_side *arm_out = bt_arm_side(l, m->out, false);
    double off_in = bt_side_inner(arm_in, BT_STRIP_DRIVE + m->in_first);
    double off_out = bt_side_inner(arm_out, BT_STRIP_DRIVE + m->out_first);
    l->status = lay_connection(l, m, off_in, off_out, &street->alignment);
    if (l->status != BT_OK) return;
    street->type = l->roads[m->in->road].street->type;
    street->speed_km_h = connection_speed(l, m);
    double z0 = arm_height(l, m->in);
    bt_street_set_elevation(street, (bt_street_node[]){{0.0, z0, 0.0}}, 1);
    street->predecessor = link_to(l, m->in);
    street->successor = link_to(l, m->out);
    bt_side from =
        connection_side(arm_in, m->in_first, m->lanes, m->outer || m->outer_closes, m->cycles);
    bt_side to =
        connection_side(arm_out, m->out_first, m->lanes, m->outer || m->outer_opens, m->cycles);
    set_connection(l, street, m, &from, &to);
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

// Between the ways past medians and pockets lies asphalt, as wide as they are.
static double widest_median(const bt_layout *l, const bt_arm *arms, int count)
{
    double widest = 0.0;
    for (int i = 0; i < count; i++)
        for (int incoming = 0; incoming < 2; incoming++) {
            const bt_side *side = bt_arm_side(l, &arms[i], incoming);
            widest = fmax(widest, side->median_m + side->pocket_m);
        }
    return widest > 0.0 ? widest + 0.5 : 0.0;
}

static void connect(bt_layout *l, uint32_t junction, const bt_arm *arms, int count, int a, int b)
{
    const bt_side *in = bt_arm_side(l, &arms[a], true);
    const bt_side *out = bt_arm_side(l, &arms[b], false);
    if (in->drive == 0 || out->drive == 0) return;
    double turn = bt_wrap_angle(arms[b].outward_rad - arms[a].outward_rad - BT_PI);
    bt_movement m = {
        .in = &arms[a], .out = &arms[b], .lanes = 1, .gore_m = widest_median(l, arms, count)};
    m.outer = right_neighbour(arms, count, a) == b;
    if (fabs(turn) < STRAIGHT_RAD) {
        m.lanes = in->drive < out->drive ? in->drive : out->drive;
    } else if (turn < 0.0) {
        m.in_first = in->drive - 1;
        m.out_first = out->drive - 1;
    } else if (in->pocket_m > 0.0) {
        m.in_first = -1;
    }
    if (m.outer && m.lanes + m.in_first < in->drive) m.outer = false;
    if (m.outer && m.lanes + m.out_first < out->drive) m.out_first = out->drive - m.lanes;
    // straight on the bicycle lane is beside the last lane at both ends
    m.cycles = fabs(turn) < STRAIGHT_RAD && in->bike_m > 0.0 && out->bike_m > 0.0 &&
               m.lanes == in->drive && m.out_first + m.lanes == out->drive;
    bt_layout_add_movement(l, junction, &m);
}

// ---- the whole junction -----------------------------------------------------------------------
static void link_arm(bt_layout *l, const bt_arm *arm, int junction_id)
{
    bt_street *street = l->roads[arm->road].street;
    *(arm->at_end ? &street->successor : &street->predecessor) =
        (bt_street_link){"junction", junction_id, NULL};
}

uint32_t bt_layout_begin_junction(bt_layout *l, const char *name, const bt_arm *const *arms,
                                  int count)
{
    if (l->status == BT_OK)
        l->status = BT_ARRAY_RESERVE(l->junctions, l->junction_room, l->junction_count + 1);
    if (l->status != BT_OK) return 0;
    l->junctions[l->junction_count] = (bt_layout_junction){.name = name, .id = ++l->last_id};
    for (int i = 0; i < count; i++)
        link_arm(l, arms[i], l->last_id);
    return (uint32_t)l->junction_count++;
}

void bt_layout_add_junction(bt_layout *l, const char *name, const bt_arm *arms, int count,
                            bt_junction_control control)
{
    const bt_arm *list[BT_JUNCTION_MAX_ARMS];
    for (int i = 0; i < count; i++)
        list[i] = &arms[i];
    uint32_t index = bt_layout_begin_junction(l, name, list, count);
    if (l->status != BT_OK) return;
    for (int phase = 0; phase < 2 && control == BT_CONTROL_SIGNALS; phase++)
        l->junctions[index].controllers[phase] = ++l->last_id;
    for (int a = 0; a < count; a++) {
        for (int b = 0; b < count; b++)
            if (a != b && l->status == BT_OK) connect(l, index, arms, count, a, b);
        if (control != BT_CONTROL_NONE && l->status == BT_OK)
            bt_layout_furnish_arm(l, l->junctions[index].controllers, &arms[a], control);
    }
}
