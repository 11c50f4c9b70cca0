// tile_highway.c: a divided highway from west to east, and a diamond interchange where a rural road
// crosses over it.
//
// Everything about the interchange is said for the eastbound side; the westbound one is the same,
// turned by half a turn.
#include "procedural/roads/tile.h"

#include "engine/math/pose.h"
#include "procedural/terrain/noise.h"

#include <math.h>

#define RAMP_AT_M 330.0  // from the crossing to the middle of a junction on the highway
#define GORE_M 45.0      // half that junction's length
#define TERMINAL_M 110.0 // from the highway to the ramps' terminals
#define RISE_M 7.2       // clearance of 4.9 m and a deck
#define AUX_M 200.0      // of full width
#define TAPER_M 60.0
#define LANE_CHANGE_M 200.0

static bt_cross_section highway_section(int lanes)
{
    bt_side side = {.drive = lanes, .drive_m = 3.6, .median_m = 2.0, .edge_m = 3.0, .verge_m = 4.0};
    return (bt_cross_section){
        .left = side, .right = side, .marked = true, .line_m = 6.0, .gap_m = 12.0};
}

static bt_cross_section with_aux(bt_cross_section cross, bt_side_use right, bt_side_use left)
{
    cross.right.drive++;
    cross.left.drive++;
    cross.right.use = right;
    cross.left.use = left;
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

// Lanes each way where the highway crosses a border.
static int gate_lanes(const tile *t, int edge)
{
    int i = t->ix + (edge == TILE_EAST);
    return 2 + (int)(3.0 * bt_noise_cell(t->desc->seed + 401, i, t->iy));
}

typedef struct interchange {
    tile *t;
    double x_m, y_m, z_m; // of the highway below the crossing
    int lanes, lanes_east;
    uint32_t west, middle, east; // the highway's roads
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

static void add_west(interchange *x, bt_plan_pose gate, double z_m)
{
    bt_cross_section plain = highway_section(x->lanes);
    bt_cross_section aux = with_aux(plain, BT_USE_EXIT, BT_USE_ENTRY);
    x->west = add_highway(x, gate, seen(x, 0, -RAMP_AT_M - GORE_M, 0.0, 0.0), z_m, x->z_m, 120.0,
                          AUX_M + TAPER_M + 60.0, plain, aux);
    if (x->t->layout->status != BT_OK) return;
    double end = x->t->layout->roads[x->west].street->alignment.length_m;
    double full = end - AUX_M;
    bt_stretch s[3] = {{.s1_m = full - TAPER_M, .from = plain, .to = plain},
                       {.s0_m = full - TAPER_M, .s1_m = full, .from = plain, .to = aux},
                       {.s0_m = full, .s1_m = end, .from = aux, .to = aux}};
    bt_layout_set_stretches(x->t->layout, x->west, s, 3);
    tile_note_gate(x->t, TILE_WEST, 0, x->west);
    tile_speed_signs(x->t, x->west);
}

// Behind the interchange lanes are added or dropped, as the next border wants.
static void add_east(interchange *x, bt_plan_pose gate, double z_m)
{
    bt_cross_section plain = highway_section(x->lanes);
    bt_cross_section next = highway_section(x->lanes_east);
    bt_cross_section aux = with_aux(plain, BT_USE_ENTRY, BT_USE_EXIT);
    x->east = add_highway(x, seen(x, 0, RAMP_AT_M + GORE_M, 0.0, 0.0), gate, x->z_m, z_m,
                          AUX_M + TAPER_M + 60.0, 120.0, aux, next);
    if (x->t->layout->status != BT_OK) return;
    double end = x->t->layout->roads[x->east].street->alignment.length_m;
    double tapered = AUX_M + TAPER_M;
    double change = tapered + 140.0;
    bt_stretch s[5] = {{.s1_m = AUX_M, .from = aux, .to = aux},
                       {.s0_m = AUX_M, .s1_m = tapered, .from = aux, .to = plain},
                       {.s0_m = tapered, .s1_m = change, .from = plain, .to = plain},
                       {.s0_m = change, .s1_m = change + LANE_CHANGE_M, .from = plain, .to = next},
                       {.s0_m = change + LANE_CHANGE_M, .s1_m = end, .from = next, .to = next}};
    bt_layout_set_stretches(x->t->layout, x->east, s, 5);
    tile_note_gate(x->t, TILE_EAST, 0, x->east);
}

static void add_middle(interchange *x)
{
    bt_cross_section plain = highway_section(x->lanes);
    double half = RAMP_AT_M - GORE_M;
    x->middle = add_highway(x, seen(x, 0, -half, 0.0, 0.0), seen(x, 0, half, 0.0, 0.0), x->z_m,
                            x->z_m, 0.0, 0.0, plain, plain);
    tile_add_plain(x->t, x->middle, false, false);
}

// ---- ramps ------------------------------------------------------------------------------------
static uint32_t add_ramp(interchange *x, bt_plan_pose from, bt_plan_pose to, double z0, double z1)
{
    tile_road road = {.name = "Ramp",
                      .type = "motorway",
                      .from = from,
                      .to = to,
                      .z0_m = z0,
                      .z1_m = z1,
                      .straight0_m = 60.0,
                      .straight1_m = 50.0,
                      .speed_km_h = 50.0,
                      .e_max = 0.06,
                      .start = ramp_section(),
                      .end = ramp_section()};
    uint32_t index = tile_add_road(x->t, &road);
    tile_add_plain(x->t, index, false, false);
    return index;
}

static void add_ramps(interchange *x, int side)
{
    tile_node *n = &x->terminals[side];
    bt_cross_section highway = highway_section(x->lanes);
    double beside = -bt_side_inner(&highway.right, BT_STRIP_DRIVE + x->lanes) - 5.0;
    double start = RAMP_AT_M - GORE_M;
    const double lean = 0.1; // of a ramp against the highway where they part
    x->off[side] = add_ramp(x, seen(x, side, -start, beside, -lean),
                            seen(x, side, -n->reach_m, -TERMINAL_M, 0.0), x->z_m, n->z_m);
    x->on[side] = add_ramp(x, seen(x, side, n->reach_m, -TERMINAL_M, 0.0),
                           seen(x, side, start, beside, lean), n->z_m, x->z_m);
    double turn = side == 0 ? 0.0 : BT_PI;
    tile_add_arm(n, x->off[side], true, BT_PI + turn, false);
    tile_add_arm(n, x->on[side], false, turn, false);
}

// ---- where ramps and highway part and meet ----------------------------------------------------
static void add_gore(interchange *x, bool west)
{
    bt_layout *l = x->t->layout;
    const double lean = 0.1;
    int exits = west ? 0 : 1; // the side whose traffic leaves here
    double turn = west ? 0.0 : BT_PI;
    bt_arm outer = {west ? x->west : x->east, west, west ? BT_PI : 0.0, true};
    bt_arm inner = {x->middle, !west, west ? 0.0 : BT_PI, true};
    bt_arm off = {x->off[exits], false, turn - lean, false};
    bt_arm on = {x->on[1 - exits], true, turn + lean, false};
    const bt_arm *arms[4] = {&outer, &inner, &off, &on};
    uint32_t j = bt_layout_begin_junction(l, "Ramps", arms, 4);
    bt_movement moves[4] = {{&outer, &inner, 0, 0, x->lanes, false},
                            {&inner, &outer, 0, 0, x->lanes, false},
                            {&outer, &off, x->lanes, 0, 1, true},
                            {&on, &outer, 0, x->lanes, 1, true}};
    for (int i = 0; i < 4; i++)
        bt_layout_add_movement(l, j, &moves[i]);
}

// ---- the road above ---------------------------------------------------------------------------
static void add_overpass(interchange *x)
{
    tile_node *south = &x->terminals[0];
    tile_node *north = &x->terminals[1];
    double up = 0.5 * BT_PI;
    tile_road road = {.name = "Overpass",
                      .type = "rural",
                      .from = {south->x_m, south->y_m + south->reach_m, up},
                      .to = {north->x_m, north->y_m - north->reach_m, up},
                      .z0_m = south->z_m,
                      .z1_m = north->z_m,
                      .speed_km_h = 60.0,
                      .e_max = 0.06,
                      .start = tile_rural_section(),
                      .end = tile_rural_section()};
    uint32_t index = tile_add_road(x->t, &road);
    tile_add_plain(x->t, index, true, true);
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
    bt_layout_add_junction(x->t->layout, "Terminal", n->arms, n->arm_count, BT_CONTROL_SIGNS);
}

static void set_terminal(interchange *x, int side)
{
    bt_cross_section cross = tile_rural_section();
    double half = bt_side_total(&cross.right);
    bt_plan_pose at = seen(x, side, 0.0, -TERMINAL_M, 0.0);
    x->terminals[side] = (tile_node){.x_m = at.x_m, .y_m = at.y_m, .z_m = x->z_m + RISE_M};
    x->terminals[side].reach_m =
        bt_junction_reach((double[]){half, half}, (double[]){0.0, 0.5 * BT_PI}, 2);
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
    add_ramps(&x, 0);
    add_ramps(&x, 1);
    add_overpass(&x);
    if (t->layout->status != BT_OK) return;
    add_gore(&x, true);
    add_gore(&x, false);
    add_terminal(&x, 0);
    add_terminal(&x, 1);
}
