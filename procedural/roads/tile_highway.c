// tile_highway.c: a divided highway from west to east, and an interchange where a rural road crosses
// over it.
//
// A diamond has its exits before the crossing and its entries behind it; its ramps end at signed
// junctions or, as a dumbbell, at roundabouts. A partial cloverleaf (parclo B: loops behind the
// crossing, as seen by who leaves) has both ramps of a direction in one quarter, met by the road above
// in one junction. Everything about the interchange is said for the eastbound side (0); the westbound
// one (1) is the same, turned by half a turn.
#include "procedural/roads/tile.h"

#include "engine/math/pose.h"
#include "procedural/terrain/noise.h"

#include <math.h>

#define GORE_M 45.0 // half the length of a junction on the highway
#define RISE_M 7.2  // clearance of 4.9 m and a deck
#define AUX_M 200.0 // of full width
#define TAPER_M 60.0
#define LANE_CHANGE_M 200.0
#define LEAN_RAD 0.1 // of a ramp against the highway where they part
#define SPLIT_M 70.0 // from the road above to where the ramps of a parclo part
#define SPLIT_LONG_M 30.0
#define SPLIT_APART_M 3.0

typedef enum interchange_kind { DIAMOND, DUMBBELL, PARCLO } interchange_kind;

// By kind, from the crossing: to the junctions on the highway where ramps begin and end, of the ramps'
// terminals from the highway.
static const double exit_at[] = {-330.0, -330.0, 200.0};
static const double entry_at[] = {330.0, 330.0, 640.0};
static const double terminal_at[] = {110.0, 120.0, 130.0};

static bt_cross_section highway_section(int lanes)
{
    bt_side side = {.drive = lanes, .drive_m = 3.6, .median_m = 2.0, .edge_m = 3.0, .verge_m = 4.0};
    return (bt_cross_section){
        .left = side, .right = side, .marked = true, .line_m = 6.0, .gap_m = 12.0};
}

static bt_side aux(bt_side side, bt_side_use use)
{
    side.drive++;
    side.use = use;
    return side;
}

// With a lane more for those who come or go, on either side; BT_USE_PLAIN: none.
static bt_cross_section with_aux(bt_cross_section cross, bt_side_use right, bt_side_use left)
{
    if (right != BT_USE_PLAIN) cross.right = aux(cross.right, right);
    if (left != BT_USE_PLAIN) cross.left = aux(cross.left, left);
    return cross;
}

static bt_cross_section ramp_section(void)
{
    return (bt_cross_section){.left = {.edge_m = 1.0, .verge_m = 2.0},
                              .right = {.drive = 1, .drive_m = 4.0, .edge_m = 2.0, .verge_m = 2.0},
                              .marked = true,
                              .line_m = 6.0,
                              .gap_m = 12.0};
}

static bt_cross_section two_way_ramp_section(void)
{
    bt_cross_section cross = ramp_section();
    cross.left = cross.right;
    cross.no_passing = true;
    return cross;
}

// Lanes each way where the highway crosses a border.
static int gate_lanes(const tile *t, int edge)
{
    int i = t->ix + (edge == TILE_EAST);
    return 2 + (int)(3.0 * bt_noise_cell(t->desc->seed + 401, i, t->iy));
}

typedef struct interchange {
    tile *t;
    interchange_kind kind;
    double x_m, y_m, z_m; // of the highway below the crossing
    int lanes, lanes_east;
    uint32_t west, east; // the highway's outer roads
    uint32_t middle[3];  // from west to east; a diamond has one
    tile_node terminals[2];
    uint32_t off[2], on[2]; // ramps
} interchange;

// Place and heading as seen from the crossing on side 0 (eastbound) or 1.
static bt_plan_pose seen(const interchange *x, int side, double ahead_m, double left_m,
                         double heading_rad)
{
    double sign = side == 0 ? 1.0 : -1.0;
    return (bt_plan_pose){x->x_m + sign * ahead_m, x->y_m + sign * left_m,
                          heading_rad + (side == 0 ? 0.0 : BT_PI)};
}

// ---- the highway ------------------------------------------------------------------------------
static uint32_t add_highway(interchange *x, bt_plan_pose from, bt_plan_pose to, double z0,
                            double z1, double straight0, double straight1, bt_cross_section start,
                            bt_cross_section end)
{
    tile_road road = {.name = "Highway",
                      .type = "motorway",
                      .from = from,
                      .to = to,
                      .z0_m = z0,
                      .z1_m = z1,
                      .straight0_m = straight0,
                      .straight1_m = straight1,
                      .speed_km_h = 120.0,
                      .e_max = 0.06,
                      .start = start,
                      .end = end};
    return tile_add_road(x->t, &road);
}

// Before the interchange: who goes east may leave from a lane of its own (diamonds), who comes from a
// ramp to the west has one.
static void add_west(interchange *x, bt_plan_pose gate, double z_m)
{
    bt_cross_section plain = highway_section(x->lanes);
    bt_cross_section wide =
        with_aux(plain, x->kind == PARCLO ? BT_USE_PLAIN : BT_USE_EXIT, BT_USE_ENTRY);
    x->west = add_highway(x, gate, seen(x, 0, -entry_at[x->kind] - GORE_M, 0.0, 0.0), z_m, x->z_m,
                          120.0, AUX_M + TAPER_M + 60.0, plain, wide);
    if (x->t->layout->status != BT_OK) return;
    double end = x->t->layout->roads[x->west].street->alignment.length_m;
    double full = end - AUX_M;
    bt_stretch s[5];
    int n = 0;
    double at = 0.0;
    if (full - TAPER_M > 620.0 && bt_draw_chance(&x->t->draw, 0.3)) {
        at = full - TAPER_M - 120.0;
        n = tile_plan_works(plain, 140.0, at, s);
    }
    s[n++] = (bt_stretch){.s0_m = at, .s1_m = full - TAPER_M, .from = plain, .to = plain};
    s[n++] = (bt_stretch){.s0_m = full - TAPER_M, .s1_m = full, .from = plain, .to = wide};
    s[n++] = (bt_stretch){.s0_m = full, .s1_m = end, .from = wide, .to = wide};
    bt_layout_set_stretches(x->t->layout, x->west, s, n);
    if (n > 3) tile_add_works(x->t, x->west, &plain.right, s[1].s0_m, s[1].s1_m);
    tile_note_gate(x->t, TILE_WEST, 0, x->west);
    tile_speed_signs(x->t, x->west);
    tile_curve_signs(x->t, x->west);
    if (x->kind != PARCLO) tile_exit_signs(x->t, x->west, true, x->lanes);
}

// Behind the interchange lanes are added or dropped, as the next border wants.
static void add_east(interchange *x, bt_plan_pose gate, double z_m)
{
    bt_cross_section plain = highway_section(x->lanes);
    bt_cross_section next = highway_section(x->lanes_east);
    bt_cross_section wide =
        with_aux(plain, BT_USE_ENTRY, x->kind == PARCLO ? BT_USE_PLAIN : BT_USE_EXIT);
    x->east = add_highway(x, seen(x, 0, entry_at[x->kind] + GORE_M, 0.0, 0.0), gate, x->z_m, z_m,
                          AUX_M + TAPER_M + 60.0, 120.0, wide, next);
    if (x->t->layout->status != BT_OK) return;
    double end = x->t->layout->roads[x->east].street->alignment.length_m;
    double tapered = AUX_M + TAPER_M;
    double change = tapered + 140.0;
    bt_stretch s[5] = {{.s1_m = AUX_M, .from = wide, .to = wide},
                       {.s0_m = AUX_M, .s1_m = tapered, .from = wide, .to = plain},
                       {.s0_m = tapered, .s1_m = change, .from = plain, .to = plain},
                       {.s0_m = change, .s1_m = change + LANE_CHANGE_M, .from = plain, .to = next},
                       {.s0_m = change + LANE_CHANGE_M, .s1_m = end, .from = next, .to = next}};
    bt_layout_set_stretches(x->t->layout, x->east, s, 5);
    tile_note_gate(x->t, TILE_EAST, 0, x->east);
    tile_curve_signs(x->t, x->east);
    if (x->kind != PARCLO) tile_exit_signs(x->t, x->east, false, x->lanes);
}

static uint32_t add_piece(interchange *x, double from_m, double to_m, bt_cross_section start,
                          bt_cross_section end)
{
    return add_highway(x, seen(x, 0, from_m, 0.0, 0.0), seen(x, 0, to_m, 0.0, 0.0), x->z_m, x->z_m,
                       0.0, 0.0, start, end);
}

static void add_middle(interchange *x)
{
    bt_cross_section plain = highway_section(x->lanes);
    double half = entry_at[x->kind] - GORE_M;
    if (x->kind != PARCLO) {
        x->middle[0] = add_piece(x, -half, half, plain, plain);
        tile_add_plain(x->t, x->middle[0], false, false);
        return;
    }
    // under the crossing both directions have a lane to leave by
    double inner = exit_at[PARCLO] - GORE_M;
    double outer = exit_at[PARCLO] + GORE_M;
    bt_cross_section east = with_aux(plain, BT_USE_EXIT, BT_USE_PLAIN);
    bt_cross_section west = with_aux(plain, BT_USE_PLAIN, BT_USE_EXIT);
    bt_cross_section both = with_aux(plain, BT_USE_EXIT, BT_USE_EXIT);
    x->middle[0] = add_piece(x, -half, -outer, plain, plain);
    tile_add_plain(x->t, x->middle[0], false, false);
    x->middle[1] = add_piece(x, -inner, inner, west, east);
    double end = 2.0 * inner;
    const double before = 5.0; // a lane of no width cannot begin at a road's end
    double tapered = before + TAPER_M;
    bt_stretch s[5] = {{.s1_m = before, .from = west, .to = west},
                       {.s0_m = before, .s1_m = tapered, .from = west, .to = both},
                       {.s0_m = tapered, .s1_m = end - tapered, .from = both, .to = both},
                       {.s0_m = end - tapered, .s1_m = end - before, .from = both, .to = east},
                       {.s0_m = end - before, .s1_m = end, .from = east, .to = east}};
    bt_layout_set_stretches(x->t->layout, x->middle[1], s, 5);
    tile_exit_signs(x->t, x->middle[1], true, x->lanes);
    tile_exit_signs(x->t, x->middle[1], false, x->lanes);
    x->middle[2] = add_piece(x, outer, half, plain, plain);
    tile_add_plain(x->t, x->middle[2], false, false);
}

// ---- ramps ------------------------------------------------------------------------------------
typedef struct ramp_shape {
    bt_plan_pose from, to;
    double z0_m, z1_m, straight0_m, straight1_m, speed_km_h;
    bt_cross_section start, end;
} ramp_shape;

static uint32_t add_ramp(interchange *x, const ramp_shape *shape)
{
    tile_road road = {.name = "Ramp",
                      .type = "motorway",
                      .from = shape->from,
                      .to = shape->to,
                      .z0_m = shape->z0_m,
                      .z1_m = shape->z1_m,
                      .straight0_m = shape->straight0_m,
                      .straight1_m = shape->straight1_m,
                      .speed_km_h = shape->speed_km_h,
                      .e_max = 0.06,
                      .start = shape->start,
                      .end = shape->end};
    uint32_t index = tile_add_road(x->t, &road);
    tile_add_plain(x->t, index, false, false);
    tile_curve_signs(x->t, index);
    return index;
}

// Beside the highway's lanes, where a ramp begins or ends.
static double beside_m(const interchange *x)
{
    bt_cross_section highway = highway_section(x->lanes);
    return -bt_side_inner(&highway.right, BT_STRIP_DRIVE + x->lanes) - 5.0;
}

static void add_diamond_ramps(interchange *x, int side)
{
    tile_node *n = &x->terminals[side];
    double start = entry_at[x->kind] - GORE_M;
    double terminal = terminal_at[x->kind];
    ramp_shape off = {seen(x, side, -start, beside_m(x), -LEAN_RAD),
                      seen(x, side, -n->reach_m, -terminal, 0.0),
                      x->z_m,
                      n->z_m,
                      60.0,
                      50.0,
                      50.0,
                      ramp_section(),
                      ramp_section()};
    ramp_shape on = {seen(x, side, n->reach_m, -terminal, 0.0),
                     seen(x, side, start, beside_m(x), LEAN_RAD),
                     n->z_m,
                     x->z_m,
                     60.0,
                     50.0,
                     50.0,
                     ramp_section(),
                     ramp_section()};
    x->off[side] = add_ramp(x, &off);
    x->on[side] = add_ramp(x, &on);
    tile_exit_nose(x->t, x->off[side]);
    double turn = side == 0 ? 0.0 : BT_PI;
    tile_add_arm(n, x->off[side], true, BT_PI + turn, false);
    tile_add_arm(n, x->on[side], false, turn, false);
}

// From the road above a short two-way road leads to where the loop comes in and the way on goes out.
static void add_parclo_ramps(interchange *x, int side)
{
    tile_node *n = &x->terminals[side];
    double terminal = terminal_at[PARCLO];
    double split = SPLIT_M + SPLIT_LONG_M;
    double turn = side == 0 ? 0.0 : BT_PI;
    ramp_shape stem = {seen(x, side, n->reach_m, -terminal, 0.0),
                       seen(x, side, SPLIT_M, -terminal, 0.0),
                       n->z_m,
                       n->z_m,
                       0.0,
                       0.0,
                       50.0,
                       two_way_ramp_section(),
                       two_way_ramp_section()};
    ramp_shape loop = {seen(x, side, exit_at[PARCLO] + GORE_M, beside_m(x), -LEAN_RAD),
                       seen(x, side, split, -terminal + SPLIT_APART_M, BT_PI),
                       x->z_m,
                       n->z_m,
                       75.0,
                       exit_at[PARCLO] + GORE_M + 75.0 - split,
                       50.0,
                       ramp_section(),
                       ramp_section()};
    ramp_shape on = {seen(x, side, split, -terminal - SPLIT_APART_M, 0.0),
                     seen(x, side, entry_at[PARCLO] - GORE_M, beside_m(x), LEAN_RAD),
                     n->z_m,
                     x->z_m,
                     260.0,
                     80.0,
                     70.0,
                     ramp_section(),
                     ramp_section()};
    uint32_t road = add_ramp(x, &stem);
    x->off[side] = add_ramp(x, &loop);
    x->on[side] = add_ramp(x, &on);
    tile_exit_nose(x->t, x->off[side]);
    if (x->t->layout->status != BT_OK) return;
    tile_add_arm(n, road, false, turn, false);
    bt_arm up = {road, true, turn + BT_PI, true, 0.0};
    bt_arm in = {x->off[side], true, turn, true, 0.0};
    bt_arm out = {x->on[side], false, turn, true, 0.0};
    uint32_t j =
        bt_layout_begin_junction(x->t->layout, "Ramps part", (const bt_arm *[]){&up, &in, &out}, 3);
    bt_movement moves[2] = {{.in = &up, .out = &out, .lanes = 1, .outer = true, .gore_m = 2.0},
                            {.in = &in, .out = &up, .lanes = 1, .outer = true, .gore_m = 2.0}};
    for (int i = 0; i < 2; i++)
        bt_layout_add_movement(x->t->layout, j, &moves[i]);
}

// ---- where ramps and highway part and meet ----------------------------------------------------
// A junction on the highway; ramps by direction of travel, east or west; NULL: none there.
typedef struct gore {
    uint32_t west, east; // roads
    const uint32_t *off_east, *off_west, *on_east, *on_west;
} gore;

static void add_gore(interchange *x, const gore *g)
{
    bt_layout *l = x->t->layout;
    bt_arm west = {g->west, true, BT_PI, true, 0.0};
    bt_arm east = {g->east, false, 0.0, true, 0.0};
    bt_arm ramps[4];
    const bt_arm *arms[4] = {&west, &east};
    bt_movement moves[4] = {
        {.in = &west, .out = &east, .lanes = x->lanes, .outer = !g->off_east && !g->on_east},
        {.in = &east, .out = &west, .lanes = x->lanes, .outer = !g->off_west && !g->on_west}};
    const uint32_t *roads[4] = {g->off_east, g->off_west, g->on_east, g->on_west};
    const double outward[4] = {-LEAN_RAD, BT_PI - LEAN_RAD, BT_PI + LEAN_RAD, LEAN_RAD};
    int n = 2;
    for (int i = 0; i < 4; i++) {
        if (roads[i] == NULL) continue;
        bool off = i < 2;
        const bt_arm *highway = (i == 0 || i == 3) ? &west : &east;
        ramps[i] = (bt_arm){*roads[i], !off, outward[i], false, 0.0};
        arms[n] = &ramps[i];
        moves[n++] = off ? (bt_movement){.in = highway,
                                         .out = &ramps[i],
                                         .in_first = x->lanes,
                                         .lanes = 1,
                                         .outer = true}
                         : (bt_movement){.in = &ramps[i],
                                         .out = highway,
                                         .out_first = x->lanes,
                                         .lanes = 1,
                                         .outer = true};
    }
    uint32_t j = bt_layout_begin_junction(l, "Ramps", arms, n);
    for (int i = 0; i < n; i++) {
        moves[i].marked = true;
        bt_layout_add_movement(l, j, &moves[i]);
    }
}

static void add_gores(interchange *x)
{
    if (x->kind != PARCLO) {
        add_gore(x, &(gore){x->west, x->middle[0], &x->off[0], NULL, NULL, &x->on[1]});
        add_gore(x, &(gore){x->middle[0], x->east, NULL, &x->off[1], &x->on[0], NULL});
        return;
    }
    add_gore(x, &(gore){x->west, x->middle[0], NULL, NULL, NULL, &x->on[1]});
    add_gore(x, &(gore){x->middle[0], x->middle[1], NULL, &x->off[1], NULL, NULL});
    add_gore(x, &(gore){x->middle[1], x->middle[2], &x->off[0], NULL, NULL, NULL});
    add_gore(x, &(gore){x->middle[2], x->east, NULL, NULL, &x->on[0], NULL});
}

// ---- the road above ---------------------------------------------------------------------------
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
    bt_plan_pose at = seen(x, side, 0.0, -terminal_at[x->kind], 0.0);
    tile_node *n = &x->terminals[side];
    *n = (tile_node){.kind = x->kind == DUMBBELL ? TILE_ROUNDABOUT : TILE_CROSSING,
                     .x_m = at.x_m,
                     .y_m = at.y_m,
                     .z_m = x->z_m + RISE_M};
    bt_cross_section cross = tile_rural_section();
    tile_arm_plan arms[4];
    for (int i = 0; i < 4; i++)
        arms[i] = (tile_arm_plan){cross, 0.5 * BT_PI * i, true};
    tile_plan_node(n, arms, 4);
}

static interchange_kind choose_kind(tile *t)
{
    double draw = bt_draw_unit(&t->draw);
    return draw < 0.4 ? DIAMOND : draw < 0.65 ? DUMBBELL : PARCLO;
}

void tile_make_highway(tile *t)
{
    bt_plan_pose west;
    bt_plan_pose east;
    double z_west;
    double z_east;
    if (!tile_gate(t, TILE_WEST, 0, &west, &z_west) || !tile_gate(t, TILE_EAST, 0, &east, &z_east))
        return;
    interchange x = {.t = t,
                     .kind = choose_kind(t),
                     .x_m = t->x_m + 0.5 * t->side_m,
                     .y_m = t->y_m + 0.5 * t->side_m,
                     .z_m = 0.5 * (z_west + z_east),
                     .lanes = gate_lanes(t, TILE_WEST),
                     .lanes_east = gate_lanes(t, TILE_EAST)};
    set_terminal(&x, 0);
    set_terminal(&x, 1);
    add_west(&x, west, z_west);
    add_middle(&x);
    add_east(&x, east, z_east);
    for (int side = 0; side < 2; side++) {
        if (x.kind == PARCLO)
            add_parclo_ramps(&x, side);
        else
            add_diamond_ramps(&x, side);
    }
    add_overpass(&x);
    if (t->layout->status != BT_OK) return;
    add_gores(&x);
    add_terminal(&x, 0);
    add_terminal(&x, 1);
}
