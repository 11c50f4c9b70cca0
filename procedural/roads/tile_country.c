// tile_country.c: rural two-lane roads that meet in a signed junction.
#include "procedural/roads/tile.h"

#include "engine/math/pose.h"

#include <math.h>

static bt_plan_pose away(const tile_node *node, double outward_rad, double distance_m)
{
    return (bt_plan_pose){node->x_m + distance_m * cos(outward_rad),
                          node->y_m + distance_m * sin(outward_rad), outward_rad};
}

// From gate to node or node to gate, so that it runs east or north.
static void add_leg(tile *t, tile_node *node, int edge, bt_plan_pose gate, double z_m,
                    double outward_rad, bool major)
{
    bool at_node_end = edge == TILE_WEST || edge == TILE_SOUTH;
    bt_plan_pose mouth = away(node, outward_rad, node->reach_m);
    if (at_node_end) mouth.heading_rad += BT_PI;
    tile_road road = {.name = "Country Road",
                      .type = "rural",
                      .from = at_node_end ? gate : mouth,
                      .to = at_node_end ? mouth : gate,
                      .z0_m = at_node_end ? z_m : node->z_m,
                      .z1_m = at_node_end ? node->z_m : z_m,
                      .straight0_m = bt_draw_range(&t->draw, 150.0, 200.0),
                      .straight1_m = bt_draw_range(&t->draw, 150.0, 200.0),
                      .bend_m = bt_draw_about(&t->draw, 0.0, 55.0),
                      .speed_km_h = 80.0,
                      .e_max = 0.06,
                      .start = tile_rural_section(),
                      .end = tile_rural_section()};
    uint32_t index = tile_add_road(t, &road);
    tile_add_plain(t, index, !at_node_end, at_node_end);
    tile_speed_signs(t, index);
    tile_note_gate(t, edge, 0, index);
    tile_add_arm(node, index, at_node_end, outward_rad, major);
}

static void through_road(tile *t)
{
    bt_plan_pose west;
    bt_plan_pose east;
    double z0;
    double z1;
    if (!tile_gate(t, TILE_WEST, 0, &west, &z0) || !tile_gate(t, TILE_EAST, 0, &east, &z1)) return;
    tile_road road = {.name = "Country Road",
                      .type = "rural",
                      .from = west,
                      .to = east,
                      .z0_m = z0,
                      .z1_m = z1,
                      .straight0_m = 300.0,
                      .straight1_m = 300.0,
                      .bend_m = bt_draw_about(&t->draw, 0.0, 160.0),
                      .speed_km_h = 90.0,
                      .e_max = 0.06,
                      .start = tile_rural_section(),
                      .end = tile_rural_section()};
    uint32_t index = tile_add_road(t, &road);
    tile_add_plain(t, index, false, false);
    tile_speed_signs(t, index);
    tile_note_gate(t, TILE_WEST, 0, index);
    tile_note_gate(t, TILE_EAST, 0, index);
}

void tile_make_rural(tile *t)
{
    bt_plan_pose gates[4];
    double z[4];
    double angles[4];
    int edges[4];
    int count = 0;
    for (int edge = 0; edge < 4; edge++) {
        if (!tile_gate(t, edge, 0, &gates[count], &z[count])) continue;
        angles[count] = tile_outward(edge) + bt_draw_about(&t->draw, 0.0, 0.2);
        edges[count++] = edge;
    }
    if (count == 2) {
        through_road(t);
        return;
    }
    tile_node node = {.x_m = t->x_m + t->side_m * bt_draw_range(&t->draw, 0.42, 0.58),
                      .y_m = t->y_m + t->side_m * bt_draw_range(&t->draw, 0.42, 0.58)};
    node.z_m = bt_land_height(&t->layout->land, node.x_m, node.y_m);
    bt_cross_section cross = tile_rural_section();
    double half = bt_side_total(&cross.right);
    double halves[4] = {half, half, half, half};
    node.reach_m = bt_junction_reach(halves, angles, count);
    for (int i = 0; i < count; i++)
        add_leg(t, &node, edges[i], gates[i], z[i], angles[i], edges[i] <= TILE_EAST);
    bt_layout_add_junction(t->layout, "Crossroads", node.arms, node.arm_count, BT_CONTROL_SIGNS);
}
