// tile_suburb.c: collectors that cross in the middle, with cul-de-sacs off them.
#include "procedural/roads/tile.h"

#include "engine/math/pose.h"

#include <math.h>

static tile_node node_at(const tile *t, double x_m, double y_m, tile_node_kind kind)
{
    tile_node node = {.kind = kind, .x_m = x_m, .y_m = y_m};
    node.z_m = bt_land_height(&t->layout->land, x_m, y_m);
    return node;
}

// A piece of collector; either node may be missing: then it runs to the gate.
static void collector(tile *t, tile_node *from, tile_node *to, bt_plan_pose gate, double gate_z,
                      double along_rad, int edge)
{
    bt_cross_section plain = tile_street_section();
    tile_road road = {.name = "Collector Road",
                      .type = "town",
                      .from = from ? tile_mouth(from, along_rad) : gate,
                      .to = to ? tile_mouth(to, along_rad + BT_PI) : gate,
                      .z0_m = from ? from->z_m : gate_z,
                      .z1_m = to ? to->z_m : gate_z,
                      .straight0_m = 45.0,
                      .straight1_m = 45.0,
                      .speed_km_h = 50.0,
                      .start = from ? tile_mouth_section(from, &plain, false, true) : plain,
                      .end = to ? tile_mouth_section(to, &plain, true, true) : plain};
    road.to.heading_rad = along_rad;
    uint32_t index = tile_add_road(t, &road);
    tile_add_flared(t, index, &plain, from != NULL, to != NULL);
    tile_speed_signs(t, index);
    if (from) tile_add_arm(from, index, false, along_rad, true);
    if (to) tile_add_arm(to, index, true, along_rad + BT_PI, true);
    if (!from || !to) tile_note_gate(t, edge, 0, index);
}

static bt_cross_section close_section(void)
{
    bt_cross_section cross = tile_street_section();
    cross.marked = false;
    return cross;
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
                            centre->y_m + share * (gate.y_m - centre->y_m) + (x ? aside : 0.0),
                            bt_draw_chance(&t->draw, 0.3) ? TILE_POCKETS : TILE_CROSSING);
    bt_cross_section street = tile_street_section();
    bt_cross_section close = close_section();
    tile_plan_node(&tee,
                   (tile_arm_plan[]){{street, out, true},
                                     {street, out + BT_PI, true},
                                     {close, out + 0.5 * BT_PI, false}},
                   3);
    bool towards = edge == TILE_WEST || edge == TILE_SOUTH; // roads run east and north
    double along = towards ? out + BT_PI : out;
    collector(t, towards ? NULL : &tee, towards ? &tee : NULL, gate, z, along, edge);
    collector(t, towards ? &tee : centre, towards ? centre : &tee, gate, z, along, edge);
    tile_add_close(t, &tee, "Close", &close, out + 0.5 * BT_PI,
                   bt_draw_range(&t->draw, 90.0, 135.0));
    tile_finish_node(t, "Close", &tee, BT_CONTROL_SIGNS);
}

// Collectors meet in the middle: a roundabout, lights, or signs.
void tile_make_suburb(tile *t)
{
    double x = t->x_m + t->side_m * bt_draw_range(&t->draw, 0.47, 0.53);
    double y = t->y_m + t->side_m * bt_draw_range(&t->draw, 0.47, 0.53);
    tile_arm_plan arms[5];
    int count = 0;
    for (int edge = 0; edge < 4; edge++) {
        bt_plan_pose gate;
        double z;
        if (tile_gate(t, edge, 0, &gate, &z))
            arms[count++] = (tile_arm_plan){tile_street_section(), tile_outward(edge), true};
    }
    double draw = bt_draw_unit(&t->draw);
    bool lights = draw > 0.6 && count > 2;
    tile_node_kind kind = count < 3 ? TILE_CROSSING : draw < 0.35 ? TILE_ROUNDABOUT : TILE_POCKETS;
    tile_node centre = node_at(t, x, y, kind);
    int fifth = count; // a close between two collectors
    if (count == 4 && bt_draw_chance(&t->draw, 0.35))
        arms[count++] = (tile_arm_plan){close_section(), 0.25 * BT_PI, false};
    tile_plan_node(&centre, arms, count);
    for (int edge = 0; edge < 4; edge++)
        leg(t, &centre, edge);
    if (count > fifth)
        tile_add_close(t, &centre, "Close", &arms[fifth].section, arms[fifth].outward_rad, 130.0);
    for (int i = 0; i < centre.arm_count; i++) // rows have right of way
        centre.arms[i].major = fabs(bt_sin(centre.arms[i].outward_rad)) < 0.5;
    tile_finish_node(t, "Middle", &centre,
                     centre.arm_count < 3 ? BT_CONTROL_NONE
                     : lights             ? BT_CONTROL_SIGNALS
                                          : BT_CONTROL_SIGNS);
}
