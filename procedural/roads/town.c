// town.c: the layout of the default town.
//
// Plan, not to scale (P1..P8: the ring's points of intersection; J1..J3: junctions):
//
//        P7 ---------- P6                          y
//        |               \      P5 -------- P4     |
//        |     N1 ----------- N2          /        +-- x
//        |      |             |          |
//        P8 ---P1---J1---P2---J2--J3----P3
//                   |             |
//                   S1 ---Sm---- S2
#include "procedural/roads/town.h"

#include "engine/core/memory.h"
#include "engine/math/pose.h"
#include "procedural/roads/town_internal.h"

#include <math.h>
#include <string.h>

static const town_style main_style = {TOWN_MAIN_LANE_M, TOWN_MAIN_WALK_M, true};
static const town_style side_style = {TOWN_SIDE_LANE_M, TOWN_SIDE_WALK_M, false};

// ---- plan -------------------------------------------------------------------------------------------
// The ring's points of intersection, radius and spiral length of their corners.
static const bt_corner ring[9] = {
    {0.0, 0.0, 0.0, 0.0}, // unused, so that P1 is ring[1]
    {170.0, 0.0, 240.0, 30.0},  {420.0, 44.0, 240.0, 30.0},  {780.0, 10.0, 95.0, 45.0},
    {765.0, 272.0, 80.0, 40.0}, {550.0, 230.0, 160.0, 40.0}, {300.0, 302.0, 180.0, 50.0},
    {-66.0, 275.0, 85.0, 45.0}, {-82.0, -2.0, 95.0, 45.0},
};

static bt_corner along(const bt_corner *from, const bt_corner *to, double distance_m, double left_m)
{
    double length = bt_hypot(to->x_m - from->x_m, to->y_m - from->y_m);
    double ux = (to->x_m - from->x_m) / length;
    double uy = (to->y_m - from->y_m) / length;
    return (bt_corner){from->x_m + ux * distance_m - uy * left_m,
                       from->y_m + uy * distance_m + ux * left_m, 0.0, 0.0};
}

static bt_corner rounded(bt_corner corner, double radius_m, double spiral_m)
{
    corner.radius_m = radius_m;
    corner.spiral_m = spiral_m;
    return corner;
}

#define J1_AT_M 128.0 // along P1 to P2
#define J2_AT_M 98.0  // along P2 to P3
#define J3_AT_M 168.0
#define EAST_LIMIT_M 226.0
#define WEST_LIMIT_M 128.0 // along P8 to P1

static void build(town *t, int street, const bt_corner *corners, uint32_t count)
{
    if (t->status != BT_OK) return;
    t->status = bt_alignment_build(corners, count, &t->streets[street].alignment);
    if (t->status != BT_OK)
        t->status = bt_fail_prefix(t->status, "street '%s'", t->streets[street].name);
}

static void plan_streets(town *t)
{
    const double m = TOWN_MOUTH_M;
    const bt_corner *p = ring;
    bt_corner west_limit = along(&p[8], &p[1], WEST_LIMIT_M, 0.0);
    bt_corner east_limit = along(&p[2], &p[3], EAST_LIMIT_M, 0.0);
    build(t, STREET_WEST, (bt_corner[]){west_limit, p[1], along(&p[1], &p[2], J1_AT_M - m, 0.0)},
          3);
    build(t, STREET_MIDDLE,
          (bt_corner[]){along(&p[1], &p[2], J1_AT_M + m, 0.0), p[2],
                        along(&p[2], &p[3], J2_AT_M - m, 0.0)},
          3);
    build(
        t, STREET_SHORT,
        (bt_corner[]){along(&p[2], &p[3], J2_AT_M + m, 0.0), along(&p[2], &p[3], J3_AT_M - m, 0.0)},
        2);
    build(t, STREET_EAST, (bt_corner[]){along(&p[2], &p[3], J3_AT_M + m, 0.0), east_limit}, 2);
    build(t, STREET_RING, (bt_corner[]){east_limit, p[3], p[4], p[5], p[6], p[7], p[8], west_limit},
          8);
    build(t, STREET_NORTH,
          (bt_corner[]){along(&p[1], &p[2], J1_AT_M, m),
                        rounded(along(&p[1], &p[2], J1_AT_M, 112.0), 20.0, 8.0),
                        rounded(along(&p[2], &p[3], J2_AT_M, 106.0), 20.0, 8.0),
                        along(&p[2], &p[3], J2_AT_M, m)},
          4);
    bt_corner bend = {438.0, -88.0, 130.0, 20.0};
    build(t, STREET_SOUTH,
          (bt_corner[]){along(&p[1], &p[2], J1_AT_M, -m),
                        rounded(along(&p[1], &p[2], J1_AT_M, -92.0), 18.0, 8.0), bend,
                        rounded(along(&p[2], &p[3], J3_AT_M, -96.0), 18.0, 8.0),
                        along(&p[2], &p[3], J3_AT_M, -m)},
          5);
}

static void plan_junctions(town *t)
{
    const bt_corner *p = ring;
    double a1 = bt_atan2(p[2].y_m - p[1].y_m, p[2].x_m - p[1].x_m);
    double a3 = bt_atan2(p[3].y_m - p[2].y_m, p[3].x_m - p[2].x_m);
    bt_corner c1 = along(&p[1], &p[2], J1_AT_M, 0.0);
    bt_corner c2 = along(&p[2], &p[3], J2_AT_M, 0.0);
    bt_corner c3 = along(&p[2], &p[3], J3_AT_M, 0.0);
    const double quarter = 0.5 * BT_PI;
    t->junctions[0] = (town_junction){"Market crossing",
                                      c1.x_m,
                                      c1.y_m,
                                      2.0,
                                      true,
                                      {{STREET_WEST, true, a1 + BT_PI},
                                       {STREET_MIDDLE, false, a1},
                                       {STREET_NORTH, false, a1 + quarter},
                                       {STREET_SOUTH, false, a1 - quarter}},
                                      4};
    t->junctions[1] = (town_junction){"North corner",
                                      c2.x_m,
                                      c2.y_m,
                                      3.4,
                                      false,
                                      {{STREET_MIDDLE, true, a3 + BT_PI},
                                       {STREET_SHORT, false, a3},
                                       {STREET_NORTH, true, a3 + quarter}},
                                      3};
    t->junctions[2] = (town_junction){"South corner",
                                      c3.x_m,
                                      c3.y_m,
                                      3.0,
                                      false,
                                      {{STREET_SHORT, true, a3 + BT_PI},
                                       {STREET_EAST, false, a3},
                                       {STREET_SOUTH, true, a3 - quarter}},
                                      3};
}

// ---- heights ----------------------------------------------------------------------------------------
static void plan_heights(town *t)
{
    double l[STREET_COUNT];
    for (int i = 0; i < STREET_COUNT; i++)
        l[i] = t->streets[i].alignment.length_m;
    const double limit_west = 1.0, slope_west = 0.006, limit_east = 3.3, slope_east = 0.012;
    double z1 = t->junctions[0].z_m;
    double z2 = t->junctions[1].z_m;
    double z3 = t->junctions[2].z_m;
    bt_street_set_elevation(
        &t->streets[STREET_WEST],
        (bt_street_node[]){{0.0, limit_west, slope_west}, {l[STREET_WEST], z1, 0.0}}, 2);
    bt_street_set_elevation(&t->streets[STREET_MIDDLE],
                            (bt_street_node[]){{0.0, z1, 0.0}, {l[STREET_MIDDLE], z2, 0.0}}, 2);
    bt_street_set_elevation(&t->streets[STREET_SHORT],
                            (bt_street_node[]){{0.0, z2, 0.0}, {l[STREET_SHORT], z3, 0.0}}, 2);
    bt_street_set_elevation(
        &t->streets[STREET_EAST],
        (bt_street_node[]){{0.0, z3, 0.0}, {l[STREET_EAST], limit_east, slope_east}}, 2);
    double r = l[STREET_RING];
    bt_street_set_elevation(&t->streets[STREET_RING],
                            (bt_street_node[]){{0.0, limit_east, slope_east},
                                               {0.22 * r, 8.5, 0.0},
                                               {0.42 * r, 4.0, -0.008},
                                               {0.60 * r, 6.5, 0.0},
                                               {0.82 * r, 1.5, -0.010},
                                               {0.92 * r, 0.4, 0.0},
                                               {r, limit_west, slope_west}},
                            7);
    double n = l[STREET_NORTH];
    bt_street_set_elevation(&t->streets[STREET_NORTH],
                            (bt_street_node[]){{0.0, z1, 0.0}, {0.55 * n, 5.2, 0.0}, {n, z2, 0.0}},
                            3);
    double s = l[STREET_SOUTH];
    bt_street_set_elevation(&t->streets[STREET_SOUTH],
                            (bt_street_node[]){{0.0, z1, 0.0}, {0.45 * s, 0.3, 0.0}, {s, z3, 0.0}},
                            3);
}

// The ring leans into its curves; spirals carry the change.
static void lean(bt_street *street)
{
    const bt_alignment *a = &street->alignment;
    for (uint32_t i = 0; i < a->count; i++) {
        const bt_alignment_piece *p = &a->pieces[i];
        double k[2] = {p->curvature0_1_m, p->curvature1_1_m};
        double e[2];
        for (int j = 0; j < 2; j++) // 4 % in the tight curves, never more; left curve: falls left
            e[j] = -copysign(fmin(0.04, 4.0 * fabs(k[j])), k[j]);
        street->superelevation[street->superelevation_count++] =
            (bt_street_record){p->s_m, e[0], (e[1] - e[0]) / p->length_m, 0.0, 0.0};
    }
}

// ---- cross-sections ---------------------------------------------------------------------------------
static void add_stretch(town *t, int street, town_stretch stretch)
{
    t->stretches[street][t->stretch_counts[street]++] = stretch;
    town_add_section(&t->streets[street], &t->styles[street], &stretch);
}

// Bays from `first` to `last`, plain road before and after.
static void section_street(town *t, int street, double first_m, double last_m, bool left,
                           bool right, bool mouth_start, bool mouth_end)
{
    double length = t->streets[street].alignment.length_m;
    if (!left && !right) {
        add_stretch(t, street, (town_stretch){0.0, length, false, false, mouth_start, mouth_end});
        return;
    }
    add_stretch(t, street, (town_stretch){0.0, first_m, false, false, mouth_start, false});
    add_stretch(t, street, (town_stretch){first_m, last_m, left, right, false, false});
    add_stretch(t, street, (town_stretch){last_m, length, false, false, false, mouth_end});
}

static bt_street_lane rural_lane(const char *type, double width0, double width1, double length_m,
                                 int id, int predecessor, int successor)
{
    bt_street_lane lane = {.type = type, .predecessor = predecessor, .successor = successor};
    const double ease = 20.0; // from the town's width and back
    lane.widths[0] = bt_street_ease(0.0, ease, width0, width1);
    lane.widths[1] = (bt_street_record){ease, width1, 0.0, 0.0, 0.0};
    lane.widths[2] = bt_street_ease(length_m - ease, ease, width1, width0);
    lane.width_count = 3;
    if (id == 1 || id == -1)
        lane.marks[lane.mark_count++] = (bt_street_mark){0.0, "solid", 0.12, 0.0, 0.0};
    return lane;
}

// Driving, paved shoulder, grass. In town the grass is the verge beyond the sidewalk.
static void section_ring(town *t)
{
    bt_street *street = &t->streets[STREET_RING];
    bt_street_section *section = &street->sections[street->section_count++];
    double length = street->alignment.length_m;
    for (int side = -1; side <= 1; side += 2) {
        bt_street_lane *lanes = side < 0 ? section->right : section->left;
        lanes[0] =
            rural_lane("driving", TOWN_MAIN_LANE_M, TOWN_MAIN_LANE_M, length, side, side, side);
        lanes[1] =
            rural_lane("shoulder", TOWN_GUTTER_M, 0.75, length, 2 * side, 2 * side, 2 * side);
        lanes[2] = rural_lane("border", TOWN_CURB_M + TOWN_MAIN_WALK_M + TOWN_VERGE_M, 3.0, length,
                              3 * side, 0, 0);
    }
    section->left_count = section->right_count = 3;
    section->centre[0] = (bt_street_mark){0.0, "broken", 0.12, 4.0, 8.0};
    section->centre_count = 1;
}

static void section_streets(town *t)
{
    double west = t->streets[STREET_WEST].alignment.length_m;
    double middle = t->streets[STREET_MIDDLE].alignment.length_m;
    double north = t->streets[STREET_NORTH].alignment.length_m;
    double south = t->streets[STREET_SOUTH].alignment.length_m;
    section_street(t, STREET_WEST, west - 150.0, west - 40.0, false, true, false, true);
    section_street(t, STREET_MIDDLE, 40.0, middle - 40.0, true, true, true, true);
    section_street(t, STREET_SHORT, 0.0, 0.0, false, false, true, true);
    section_street(t, STREET_EAST, 0.0, 0.0, false, false, true, false);
    section_street(t, STREET_NORTH, 130.0, north - 150.0, true, false, true, true);
    section_street(t, STREET_SOUTH, 110.0, south - 140.0, false, true, true, true);
    section_ring(t);
    // at the limits only driving lane and shoulder go on
    bt_street_section *first = &t->streets[STREET_WEST].sections[0];
    bt_street_section *last =
        &t->streets[STREET_EAST].sections[t->streets[STREET_EAST].section_count - 1];
    for (int side = -1; side <= 1; side += 2) {
        bt_street_lane *in = side < 0 ? first->right : first->left;
        bt_street_lane *out = side < 0 ? last->right : last->left;
        for (int i = 2; i < TOWN_SIDE_LANES; i++)
            in[i].predecessor = out[i].successor = 0;
    }
}

// ---- connecting roads -------------------------------------------------------------------------------
// Lane id on an arm: right lanes lead into the junction at a street's end, left ones at its start.
static int arm_sign(const town_arm *arm, bool incoming)
{
    return arm->at_end == incoming ? -1 : 1;
}

static bt_status shape_connection(const town_junction *j, const town_arm *in, const town_arm *out,
                                  double turn_rad, bt_alignment *alignment)
{
    double m = TOWN_MOUTH_M;
    bt_corner corners[3] = {
        {j->x_m + m * bt_cos(in->outward_rad), j->y_m + m * bt_sin(in->outward_rad), 0.0, 0.0},
        {j->x_m, j->y_m, 0.0, TOWN_TURN_SPIRAL_M},
        {j->x_m + m * bt_cos(out->outward_rad), j->y_m + m * bt_sin(out->outward_rad), 0.0, 0.0}};
    if (fabs(turn_rad) < 0.1) { // straight over
        corners[1] = corners[2];
        return bt_alignment_build(corners, 2, alignment);
    }
    corners[1].radius_m = bt_alignment_radius(fabs(turn_rad), TOWN_TURN_SPIRAL_M, m);
    return bt_alignment_build(corners, 3, alignment);
}

// Right turns carry the corner's kerb and sidewalk; so does the straight way past a missing arm.
static int connection_lanes(const town_junction *j, const town_arm *in, double turn_rad)
{
    if (turn_rad < -0.1) return TOWN_SIDE_LANES;
    if (turn_rad > 0.1) return 1;
    double right = in->outward_rad + BT_PI - 0.5 * BT_PI; // of travel
    for (int i = 0; i < j->arm_count; i++)
        if (fabs(bt_wrap_angle(j->arms[i].outward_rad - right)) < 0.1) return 1;
    return TOWN_SIDE_LANES;
}

static void section_connection(const town *t, town_connection *c, const town_arm *in,
                               const town_arm *out)
{
    bt_street *street = &c->street;
    const town_style *a = &t->styles[in->street];
    const town_style *b = &t->styles[out->street];
    town_stretch stretch = {0.0, street->alignment.length_m, false, false, false, false};
    town_style style = *a;
    style.marked = false;
    town_add_section(street, &style, &stretch);
    bt_street_section *section = &street->sections[0];
    section->left_count = 0;
    section->right_count = c->lanes;
    section->centre_count = 0;
    double length = street->alignment.length_m;
    section->right[0].widths[0] = bt_street_ease(0.0, length, a->lane_m, b->lane_m);
    section->right[3].widths[0] = bt_street_ease(0.0, length, a->walk_m, b->walk_m);
    for (int i = 0; i < c->lanes; i++) {
        section->right[i].predecessor = arm_sign(in, true) * (i + 1);
        section->right[i].successor = arm_sign(out, false) * (i + 1);
    }
}

static void add_connection(town *t, int junction, int from, int to)
{
    const town_junction *j = &t->junctions[junction];
    const town_arm *in = &j->arms[from];
    const town_arm *out = &j->arms[to];
    double turn = bt_wrap_angle(out->outward_rad - in->outward_rad - BT_PI);
    town_connection *c = &t->connections[t->connection_count];
    memset(c, 0, sizeof *c);
    c->junction = junction;
    c->incoming = in->street;
    c->from_sign = arm_sign(in, true);
    c->lanes = connection_lanes(j, in, turn);
    bt_street *street = &c->street;
    street->id = 100 * (junction + 1) + t->connection_count;
    street->name = "";
    street->junction = junction + 1;
    street->type = "town";
    street->speed_km_h = fabs(turn) < 0.1 ? 50 : 20;
    if (t->status == BT_OK) t->status = shape_connection(j, in, out, turn, &street->alignment);
    if (t->status != BT_OK) return;
    bt_street_set_elevation(street, (bt_street_node[]){{0.0, j->z_m, 0.0}}, 1);
    street->predecessor = (bt_street_link){"road", in->street + 1, in->at_end ? "end" : "start"};
    street->successor = (bt_street_link){"road", out->street + 1, out->at_end ? "end" : "start"};
    section_connection(t, c, in, out);
    t->connection_count++;
}

static void connect_junctions(town *t)
{
    for (int j = 0; j < 3; j++) {
        for (int a = 0; a < t->junctions[j].arm_count; a++) {
            const town_arm *arm = &t->junctions[j].arms[a];
            bt_street *street = &t->streets[arm->street];
            *(arm->at_end ? &street->successor : &street->predecessor) =
                (bt_street_link){"junction", j + 1, NULL};
            for (int b = 0; b < t->junctions[j].arm_count; b++)
                if (a != b) add_connection(t, j, a, b);
        }
    }
    t->streets[STREET_EAST].successor = (bt_street_link){"road", STREET_RING + 1, "start"};
    t->streets[STREET_RING].predecessor = (bt_street_link){"road", STREET_EAST + 1, "end"};
    t->streets[STREET_RING].successor = (bt_street_link){"road", STREET_WEST + 1, "start"};
    t->streets[STREET_WEST].predecessor = (bt_street_link){"road", STREET_RING + 1, "end"};
}

// ---- the whole ------------------------------------------------------------------------------------
static void name_streets(town *t)
{
    static const char *const names[STREET_COUNT] = {
        "Main Street West", "Main Street", "Main Street", "Main Street East",
        "Ring Road",        "North Lane",  "South Lane"};
    for (int i = 0; i < STREET_COUNT; i++) {
        bool main = i != STREET_NORTH && i != STREET_SOUTH;
        t->streets[i].id = i + 1;
        t->streets[i].name = names[i];
        t->streets[i].junction = -1;
        t->streets[i].type = i == STREET_RING ? "rural" : "town";
        t->streets[i].speed_km_h = i == STREET_RING ? 70 : main ? 50 : 30;
        t->styles[i] = main ? main_style : side_style;
    }
}

bt_status bt_town_write(bt_xodr_writer *writer)
{
    town *t = bt_alloc(1, sizeof *t);
    if (t == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a town");
    name_streets(t);
    plan_streets(t);
    if (t->status == BT_OK) {
        plan_junctions(t);
        plan_heights(t);
        lean(&t->streets[STREET_RING]);
        section_streets(t);
        connect_junctions(t);
    }
    if (t->status == BT_OK) town_write(t, writer);
    bt_status status = t->status;
    bt_free(t);
    return status;
}
