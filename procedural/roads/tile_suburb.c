// tile_suburb.c: collectors that cross in the middle, with cul-de-sacs off them.
#include "procedural/roads/tile.h"

#include "engine/math/pose.h"

#include <math.h>

#define BULB_M 20.0

static tile_node node_at(const tile *t, double x_m, double y_m)
{
    bt_cross_section cross = tile_street_section();
    double half = bt_side_total(&cross.right);
    tile_node node = {.x_m = x_m, .y_m = y_m};
    node.z_m = bt_land_height(&t->layout->land, x_m, y_m);
    node.reach_m =
        bt_junction_reach((double[]){half, half, half}, (double[]){0.0, 0.5 * BT_PI, BT_PI}, 3);
    return node;
}

static bt_plan_pose mouth(const tile_node *node, double outward_rad)
{
    return (bt_plan_pose){node->x_m + node->reach_m * cos(outward_rad),
                          node->y_m + node->reach_m * sin(outward_rad), outward_rad};
}

// A piece of collector; either node may be missing: then it runs to the gate.
static void collector(tile *t, tile_node *from, tile_node *to, bt_plan_pose gate, double gate_z,
                      double along_rad, int edge)
{
    tile_road road = {.name = "Collector Road",
                      .type = "town",
                      .from = from ? mouth(from, along_rad) : gate,
                      .to = to ? mouth(to, along_rad + BT_PI) : gate,
                      .z0_m = from ? from->z_m : gate_z,
                      .z1_m = to ? to->z_m : gate_z,
                      .straight0_m = 45.0,
                      .straight1_m = 45.0,
                      .speed_km_h = 50.0,
                      .start = tile_street_section(),
                      .end = tile_street_section()};
    road.to.heading_rad = along_rad;
    uint32_t index = tile_add_road(t, &road);
    tile_add_plain(t, index, from != NULL, to != NULL);
    tile_speed_signs(t, index);
    if (from) tile_add_arm(from, index, false, along_rad, true);
    if (to) tile_add_arm(to, index, true, along_rad + BT_PI, true);
    if (!from || !to) tile_note_gate(t, edge, 0, index);
}

static void cul_de_sac(tile *t, tile_node *node, double outward_rad)
{
    bt_draw *d = &t->draw;
    double length = bt_draw_range(d, 90.0, 135.0);
    bt_plan_pose from = mouth(node, outward_rad);
    double turn = outward_rad + bt_draw_about(d, 0.0, 0.5);
    bt_plan_pose to = {from.x_m + length * cos(0.5 * (outward_rad + turn)),
                       from.y_m + length * sin(0.5 * (outward_rad + turn)), turn};
    double land = bt_land_height(&t->layout->land, to.x_m, to.y_m);
    tile_road road = {.name = "Close",
                      .type = "town",
                      .from = from,
                      .to = to,
                      .z0_m = node->z_m,
                      .z1_m = node->z_m + bt_clamp(land - node->z_m, -0.8, 0.8),
                      .straight0_m = 0.4 * length,
                      .straight1_m = 0.35 * length,
                      .speed_km_h = 30.0,
                      .start = tile_street_section(),
                      .end = tile_street_section()};
    road.start.marked = road.end.marked = false;
    uint32_t index = tile_add_road(t, &road);
    if (t->layout->status != BT_OK) return;
    bt_layout_road *r = &t->layout->roads[index];
    bt_cross_section bulb = r->end;
    bulb.left.drive_m = bulb.right.drive_m = 7.5; // room to turn round
    double end = r->street->alignment.length_m;
    bt_stretch stretches[2] = {
        {.s1_m = end - BULB_M, .from = r->start, .to = r->start, .mouth_at_start = true},
        {.s0_m = end - BULB_M, .s1_m = end, .from = r->start, .to = bulb}};
    r->end = bulb;
    bt_layout_set_stretches(t->layout, index, stretches, 2);
    tile_add_arm(node, index, false, outward_rad, false);
}

// One leg: gate, T junction with a close, middle.
static void leg(tile *t, tile_node *centre, int edge)
{
    bt_plan_pose gate;
    double z;
    if (!tile_gate(t, edge, 0, &gate, &z)) return;
    double out = tile_outward(edge);
    double share = bt_draw_range(&t->draw, 0.45, 0.55);
    bool x = edge <= TILE_EAST;
    double aside = bt_draw_about(&t->draw, 0.0, 12.0);
    tile_node tee = node_at(t, centre->x_m + share * (gate.x_m - centre->x_m) + (x ? 0.0 : aside),
                            centre->y_m + share * (gate.y_m - centre->y_m) + (x ? aside : 0.0));
    bool towards = edge == TILE_WEST || edge == TILE_SOUTH; // roads run east and north
    double along = towards ? out + BT_PI : out;
    collector(t, towards ? NULL : &tee, towards ? &tee : NULL, gate, z, along, edge);
    collector(t, towards ? &tee : centre, towards ? centre : &tee, gate, z, along, edge);
    cul_de_sac(t, &tee, out + 0.5 * BT_PI);
    bt_layout_add_junction(t->layout, "Close", tee.arms, tee.arm_count, BT_CONTROL_SIGNS);
}

void tile_make_suburb(tile *t)
{
    tile_node centre = node_at(t, t->x_m + t->side_m * bt_draw_range(&t->draw, 0.47, 0.53),
                               t->y_m + t->side_m * bt_draw_range(&t->draw, 0.47, 0.53));
    for (int edge = 0; edge < 4; edge++)
        leg(t, &centre, edge);
    bool lights = bt_draw_chance(&t->draw, 0.4) && centre.arm_count > 2;
    for (int i = 0; i < centre.arm_count; i++) // rows have right of way
        centre.arms[i].major = fabs(sin(centre.arms[i].outward_rad)) < 0.5;
    bt_layout_add_junction(t->layout, "Middle", centre.arms, centre.arm_count,
                           centre.arm_count < 3 ? BT_CONTROL_NONE
                           : lights             ? BT_CONTROL_SIGNALS
                                                : BT_CONTROL_SIGNS);
}
