// tile_interchange.c: gores, ramps and the road above of each kind of interchange.
//
// Everything about a kind is said for direction 0 of the motorway; direction 1 is the same, turned by
// half a turn.
#include "procedural/roads/tile_interchange.h"

#include "engine/math/pose.h"
#include "procedural/roads/tile_ramp.h"

#include <math.h>

#define GORE_M 45.0  // half the length of a junction on the highway
#define LEAN_RAD 0.1 // of a ramp against the highway where they part
#define SPLIT_M 70.0 // from the road above to where the ramps of a parclo part
#define SPLIT_LONG_M 30.0
#define SPLIT_APART_M 3.0

bt_cross_section interchange_highway_section(int lanes)
{
    bt_side side = {.drive = lanes, .drive_m = 3.6, .median_m = 2.0, .edge_m = 3.0, .verge_m = 4.0};
    return (bt_cross_section){
        .left = side, .right = side, .marked = true, .line_m = 6.0, .gap_m = 12.0, .paint_m = 0.15};
}

// A divided road of 80 km/h over the motorway.
static bt_cross_section arterial_section(void)
{
    bt_side side = {.drive = 2, .drive_m = 3.5, .median_m = 1.5, .edge_m = 2.0, .verge_m = 3.0};
    return (bt_cross_section){
        .left = side, .right = side, .marked = true, .line_m = 6.0, .gap_m = 12.0, .paint_m = 0.15};
}

// ---- terminals: ramps end at junctions of the road above --------------------------------------
typedef struct interchange {
    tile *t;
    interchange_kind kind;
    through *motorway;
    double z_m;
    tile_node terminals[2];
} interchange;

// By kind, of the terminals from the highway.
static double terminal_at(interchange_kind kind)
{
    return kind == INTERCHANGE_PARCLO ? 130.0 : kind == INTERCHANGE_DUMBBELL ? 120.0 : 110.0;
}

// As the motorway's travel sees it.
static bt_plan_pose seen(const interchange *x, int side, double ahead_m, double left_m,
                         double heading_rad)
{
    return through_pose(x->motorway, side, ahead_m, left_m, heading_rad);
}

static void add_diamond_ramps(interchange *x, int side)
{
    tile_node *n = &x->terminals[side];
    double terminal = terminal_at(x->kind);
    int exit = side == 0 ? 0 : 1;
    through_gore *out = &x->motorway->gores[exit];
    through_gore *in = &x->motorway->gores[1 - exit];
    ramp_shape off = {.from = through_ramp_pose(x->motorway, exit, side, true),
                      .to = seen(x, side, -n->reach_m, -terminal, 0.0),
                      .z0_m = x->z_m,
                      .z1_m = n->z_m,
                      .straight0_m = 60.0,
                      .straight1_m = 50.0,
                      .speed_km_h = 50.0,
                      .beside_start = true};
    ramp_shape on = {.from = seen(x, side, n->reach_m, -terminal, 0.0),
                     .to = through_ramp_pose(x->motorway, 1 - exit, side, false),
                     .z0_m = n->z_m,
                     .z1_m = x->z_m,
                     .straight0_m = 60.0,
                     .straight1_m = 50.0,
                     .speed_km_h = 50.0,
                     .beside_end = true};
    out->off[side] = ramp_add(x->t, &off);
    in->on[side] = ramp_add(x->t, &on);
    tile_exit_nose(x->t, out->off[side]);
    tile_no_entry(x->t, out->off[side]);
    double turn = side == 0 ? 0.0 : BT_PI;
    tile_add_arm(n, out->off[side], true, BT_PI + turn, false);
    tile_add_arm(n, in->on[side], false, turn, false);
}

// Where a two-way road parts into the ramp that comes in and the one that goes out.
static void add_split(tile *t, const bt_arm *up, const bt_arm *in, const bt_arm *out)
{
    if (t->layout->status != BT_OK) return;
    uint32_t j =
        bt_layout_begin_junction(t->layout, "Ramps part", (const bt_arm *[]){up, in, out}, 3);
    bt_movement moves[2] = {{.in = up, .out = out, .lanes = 1, .outer = true, .gore_m = 2.0},
                            {.in = in, .out = up, .lanes = 1, .outer = true, .gore_m = 2.0}};
    for (int i = 0; i < 2; i++) {
        moves[i].marked = true;
        bt_layout_add_movement(t->layout, j, &moves[i]);
    }
}

// From the road above a short two-way road leads to where the loop comes in and the way on goes out.
static void add_parclo_ramps(interchange *x, int side)
{
    tile_node *n = &x->terminals[side];
    double terminal = terminal_at(x->kind);
    double split = SPLIT_M + SPLIT_LONG_M;
    double turn = side == 0 ? 0.0 : BT_PI;
    int exit = side == 0 ? 2 : 1;
    int entry = side == 0 ? 3 : 0;
    through_gore *leaves = &x->motorway->gores[exit];
    through_gore *joins = &x->motorway->gores[entry];
    ramp_shape stem = {.from = seen(x, side, n->reach_m, -terminal, 0.0),
                       .to = seen(x, side, SPLIT_M, -terminal, 0.0),
                       .z0_m = n->z_m,
                       .z1_m = n->z_m,
                       .speed_km_h = 50.0,
                       .two_way = true};
    ramp_shape loop = {.from = through_ramp_pose(x->motorway, exit, side, true),
                       .to = seen(x, side, split, -terminal + SPLIT_APART_M, BT_PI),
                       .z0_m = x->z_m,
                       .z1_m = n->z_m,
                       .straight0_m = 75.0,
                       .straight1_m = fabs(leaves->at_m) + GORE_M + 75.0 - split,
                       .speed_km_h = 50.0,
                       .beside_start = true};
    ramp_shape on = {.from = seen(x, side, split, -terminal - SPLIT_APART_M, 0.0),
                     .to = through_ramp_pose(x->motorway, entry, side, false),
                     .z0_m = n->z_m,
                     .z1_m = x->z_m,
                     .straight0_m = 260.0,
                     .straight1_m = 80.0,
                     .speed_km_h = 70.0,
                     .beside_end = true};
    uint32_t road = ramp_add(x->t, &stem);
    leaves->off[side] = ramp_add(x->t, &loop);
    joins->on[side] = ramp_add(x->t, &on);
    tile_exit_nose(x->t, leaves->off[side]);
    tile_add_arm(n, road, false, turn, false);
    bt_arm up = {road, true, turn + BT_PI, true, 0.0};
    bt_arm in = {leaves->off[side], true, turn, true, 0.0};
    bt_arm out = {joins->on[side], false, turn, true, 0.0};
    add_split(x->t, &up, &in, &out);
}

static void add_overpass(interchange *x)
{
    tile_node *south = &x->terminals[0];
    tile_node *north = &x->terminals[1];
    double up = 0.5 * BT_PI;
    bt_cross_section plain = tile_rural_section();
    tile_road road = {.name = "Overpass",
                      .type = "rural",
                      .from = tile_mouth(south, up),
                      .to = tile_mouth(north, -up),
                      .z0_m = south->z_m,
                      .z1_m = north->z_m,
                      .speed_km_h = 60.0,
                      .e_max = 0.06,
                      .start = tile_mouth_section(south, &plain, false, true),
                      .end = tile_mouth_section(north, &plain, true, true)};
    road.to.heading_rad = up;
    uint32_t index = tile_add_road(x->t, &road);
    tile_add_flared(x->t, index, &plain, true, true);
    tile_add_arm(south, index, false, up, true);
    tile_add_arm(north, index, true, -up, true);
}

static void add_terminal(interchange *x, int side)
{
    tile_node *n = &x->terminals[side];
    bt_plan_pose gate;
    double z;
    int edge = side == 0 ? TILE_SOUTH : TILE_NORTH;
    if (tile_gate(x->t, edge, 0, &gate, &z))
        tile_add_leg(x->t, n, edge, gate, z, tile_outward(edge), true);
    tile_finish_node(x->t, "Terminal", n, BT_CONTROL_SIGNS);
}

static void set_terminal(interchange *x, int side)
{
    bt_plan_pose at = seen(x, side, 0.0, -terminal_at(x->kind), 0.0);
    tile_node *n = &x->terminals[side];
    *n = (tile_node){.kind = x->kind == INTERCHANGE_DUMBBELL ? TILE_ROUNDABOUT : TILE_CROSSING,
                     .x_m = at.x_m,
                     .y_m = at.y_m,
                     .z_m = x->z_m + INTERCHANGE_RISE_M};
    bt_cross_section cross = tile_rural_section();
    tile_arm_plan arms[4];
    for (int i = 0; i < 4; i++)
        arms[i] = (tile_arm_plan){cross, 0.5 * BT_PI * i, true};
    tile_plan_node(n, arms, 4);
}

static void make_terminals(interchange *x)
{
    double z = x->z_m;
    if (x->kind == INTERCHANGE_PARCLO) {
        through_add_gore(x->motorway, -640.0, GORE_M, LEAN_RAD, z, 0, 2);
        through_add_gore(x->motorway, -200.0, GORE_M, LEAN_RAD, z, 2, 0);
        through_add_gore(x->motorway, 200.0, GORE_M, LEAN_RAD, z, 1, 0);
        through_add_gore(x->motorway, 640.0, GORE_M, LEAN_RAD, z, 0, 1);
    } else {
        through_add_gore(x->motorway, -330.0, GORE_M, LEAN_RAD, z, 1, 2);
        through_add_gore(x->motorway, 330.0, GORE_M, LEAN_RAD, z, 2, 1);
    }
    through_add_pieces(x->motorway);
    for (int side = 0; side < 2; side++)
        set_terminal(x, side);
    for (int side = 0; side < 2; side++) {
        if (x->kind == INTERCHANGE_PARCLO)
            add_parclo_ramps(x, side);
        else
            add_diamond_ramps(x, side);
    }
    add_overpass(x);
    through_connect(x->motorway);
    for (int side = 0; side < 2; side++)
        if (x->t->layout->status == BT_OK) add_terminal(x, side);
}

// ---- cloverleaf -------------------------------------------------------------------------------
// From the crossing to the gores of the outer ramps and, shorter, of the loops.
#define OUTER_AT_M 520.0
#define LOOP_AT_M 85.0
#define LOOP_GORE_M 25.0
#define LOOP_LEAN_RAD 0.2

static void add_cloverleaf_gores(through *th, double z_outer, double z_inner)
{
    through_add_gore(th, -OUTER_AT_M, GORE_M, LEAN_RAD, z_outer, 1, 2);
    through_add_gore(th, -LOOP_AT_M, LOOP_GORE_M, LOOP_LEAN_RAD, z_inner, 2, 1);
    through_add_gore(th, LOOP_AT_M, LOOP_GORE_M, LOOP_LEAN_RAD, z_inner, 1, 2);
    through_add_gore(th, OUTER_AT_M, GORE_M, LEAN_RAD, z_outer, 2, 1);
}

static through_end gate_end(const tile *t, int edge, const bt_cross_section *section)
{
    through_end end = {.straight_m = 120.0, .section = *section, .edge = edge};
    if (!tile_gate(t, edge, 0, &end.pose, &end.z_m)) end.edge = -1;
    return end;
}

static void make_cloverleaf(interchange *x)
{
    through *m = x->motorway;
    bt_cross_section rural = tile_rural_section();
    through a = {.t = x->t,
                 .name = "Arterial",
                 .type = "rural",
                 .origin = m->origin,
                 .speed_km_h = 80.0,
                 .e_max = 0.06,
                 .aux_m = 130.0,
                 .taper_m = 50.0,
                 .plain = arterial_section(),
                 .ends = {gate_end(x->t, TILE_SOUTH, &rural), gate_end(x->t, TILE_NORTH, &rural)}};
    a.origin.heading_rad = 0.5 * BT_PI;
    add_cloverleaf_gores(m, x->z_m, x->z_m);
    add_cloverleaf_gores(&a, x->z_m + 1.5, x->z_m + INTERCHANGE_RISE_M);
    through_add_pieces(m);
    through_add_pieces(&a);
    const ramp_ends outer[4] = {
        {m, &a, 0, 0, 0, 1}, {m, &a, 3, 1, 3, 0}, {&a, m, 0, 0, 3, 0}, {&a, m, 3, 1, 0, 1}};
    const ramp_ends loops[4] = {
        {m, &a, 2, 0, 1, 0}, {m, &a, 1, 1, 2, 1}, {&a, m, 2, 0, 2, 1}, {&a, m, 1, 1, 1, 0}};
    for (int i = 0; i < 4; i++) {
        ramp_join_gores(x->t, &outer[i], false, 60.0);
        ramp_join_gores(x->t, &loops[i], true, 50.0);
    }
    through_connect(m);
    through_connect(&a);
}

// ---- trumpet ----------------------------------------------------------------------------------
#define TRUMPET_AT_M 330.0     // of the gores of the near side, from the crossing
#define TRUMPET_FAR_M 430.0    // of the one that who leaves for the far side passes
#define TRUMPET_LOOP_M 25.0    // of the one that the loop leads to
#define TRUMPET_LEG_M 300.0    // of the gore on the road that ends here
#define TRUMPET_BEHIND_M 14.0  // from the motorway's edge to where the ramps part
#define TRUMPET_CORNER_M 350.0 // of the wide curve, from the motorway

// The wide curve round the loop: to the right, then by more than a quarter to the left.
static uint32_t add_wide_curve(interchange *x, bt_plan_pose from, bt_plan_pose to)
{
    if (x->t->layout->status != BT_OK) return 0;
    bt_plan_pose corner = seen(x, 0, -SPLIT_APART_M, TRUMPET_CORNER_M, 0.0);
    const double lead = 75.0;
    bt_corner corners[4] = {{from.x_m, from.y_m, 0.0, 0.0},
                            {from.x_m + lead * bt_cos(from.heading_rad),
                             from.y_m + lead * bt_sin(from.heading_rad), 0.0, 0.0},
                            {corner.x_m, corner.y_m, 0.0, 0.0},
                            {to.x_m, to.y_m, 0.0, 0.0}};
    bt_road_design design = bt_road_design_for(50.0, 0.06);
    bt_alignment alignment;
    (void)bt_alignment_fit(corners, 4, &design, 1.2);
    x->t->layout->status = bt_alignment_build(corners, 4, &alignment);
    ramp_shape shape = {.from = from,
                        .to = to,
                        .z0_m = x->z_m,
                        .z1_m = x->z_m + INTERCHANGE_RISE_M,
                        .speed_km_h = 50.0,
                        .alignment = &alignment,
                        .beside_start = true};
    return x->t->layout->status == BT_OK ? ramp_add(x->t, &shape) : 0;
}

// The road that ends here: from its gate to where its ramps part behind the motorway.
static through plan_trumpet_leg(interchange *x, int edge, double split_m)
{
    bt_cross_section rural = tile_rural_section();
    through leg = {.t = x->t,
                   .name = "Link Road",
                   .type = "rural",
                   .origin = x->motorway->origin,
                   .reversed = x->motorway->reversed,
                   .speed_km_h = 70.0,
                   .e_max = 0.06,
                   .aux_m = 80.0,
                   .taper_m = 40.0,
                   .plain = ramp_section_two_way()};
    leg.origin.heading_rad += 0.5 * BT_PI;
    leg.ends[0] = gate_end(x->t, edge, &rural);
    if (leg.reversed) leg.ends[0].pose.heading_rad += BT_PI;
    leg.ends[0].straight_m = 40.0;
    leg.ends[1] = (through_end){.pose = through_pose(&leg, 0, split_m, 0.0, 0.0),
                                .z_m = x->z_m + INTERCHANGE_RISE_M,
                                .section = leg.plain,
                                .edge = -1};
    through_add_gore(&leg, -TRUMPET_LEG_M, GORE_M, LEAN_RAD, x->z_m + 1.5, 1, 2);
    return leg;
}

static void make_trumpet(interchange *x, int edge)
{
    through *m = x->motorway;
    bt_side widest = m->plain.right;
    widest.drive++;
    double split = bt_side_total(&widest) + TRUMPET_BEHIND_M;
    through_add_gore(m, -TRUMPET_AT_M, GORE_M, LEAN_RAD, x->z_m, 1, 0);
    through_add_gore(m, TRUMPET_LOOP_M, GORE_M, LEAN_RAD, x->z_m, 0, 2);
    through_add_gore(m, TRUMPET_FAR_M, GORE_M, LEAN_RAD, x->z_m, 2, 1);
    through leg = plan_trumpet_leg(x, edge, split);
    through_add_pieces(m);
    through_add_pieces(&leg);
    ramp_join_gores(x->t, &(ramp_ends){m, &leg, 0, 0, 0, 1}, false, 60.0);
    ramp_join_gores(x->t, &(ramp_ends){&leg, m, 0, 0, 2, 0}, false, 60.0);
    double up = split + SPLIT_LONG_M;
    double top = x->z_m + INTERCHANGE_RISE_M;
    uint32_t loop = ramp_add_loop(x->t, through_pose(&leg, 0, up, -SPLIT_APART_M, 0.0),
                                  through_ramp_pose(m, 1, 1, false), top, x->z_m, false);
    uint32_t wide = add_wide_curve(x, through_ramp_pose(m, 2, 1, true),
                                   through_pose(&leg, 1, -up, -SPLIT_APART_M, 0.0));
    m->gores[1].on[1] = loop;
    m->gores[2].off[1] = wide;
    tile_exit_nose(x->t, wide);
    double along = leg.origin.heading_rad;
    bt_arm stem = {leg.pieces[1], !leg.reversed, along + BT_PI, true, 0.0};
    bt_arm in = {wide, true, along, true, 0.0};
    bt_arm out = {loop, false, along, true, 0.0};
    add_split(x->t, &stem, &in, &out);
    through_connect(m);
    through_connect(&leg);
}

void interchange_make(tile *t, through *motorway, double z_m, interchange_kind kind, int side)
{
    interchange x = {.t = t, .kind = kind, .motorway = motorway, .z_m = z_m};
    if (kind == INTERCHANGE_NONE)
        through_add_pieces(motorway);
    else if (kind == INTERCHANGE_CLOVERLEAF)
        make_cloverleaf(&x);
    else if (kind == INTERCHANGE_TRUMPET)
        make_trumpet(&x, side == 0 ? TILE_SOUTH : TILE_NORTH);
    else
        make_terminals(&x);
}
