// tile_country.c: rural two-lane roads that meet in a signed junction.
#include "procedural/roads/tile.h"

#include "engine/math/pose.h"

#include <math.h>

// From gate to node or node to gate, so that it runs east or north.
void tile_add_leg(tile *t, tile_node *node, int edge, bt_plan_pose gate, double z_m,
                  double outward_rad, bool major)
{
    bool at_node_end = edge == TILE_WEST || edge == TILE_SOUTH;
    bt_plan_pose mouth = tile_mouth(node, outward_rad);
    bt_cross_section plain = tile_rural_section();
    bt_cross_section widened = tile_mouth_section(node, &plain, at_node_end, major);
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
                      .start = at_node_end ? plain : widened,
                      .end = at_node_end ? widened : plain};
    uint32_t index = tile_add_road(t, &road);
    tile_add_flared(t, index, &plain, !at_node_end, at_node_end);
    tile_speed_signs(t, index);
    tile_curve_signs(t, index);
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
    tile_curve_signs(t, index);
    tile_note_gate(t, TILE_WEST, 0, index);
    tile_note_gate(t, TILE_EAST, 0, index);
}

// Lanes to farms in the widest gaps between the roads.
static int add_lanes(tile *t, tile_arm_plan *arms, int count, int lanes)
{
    for (; lanes > 0 && count < BT_JUNCTION_MAX_ARMS; lanes--) {
        double widest = 0.0;
        double at = 0.0;
        for (int i = 0; i < count; i++) {
            double gap = 7.0;
            for (int j = 0; j < count; j++) {
                double angle = bt_wrap_angle(arms[j].outward_rad - arms[i].outward_rad);
                if (j != i && angle <= 0.0) angle += 2.0 * BT_PI;
                if (j != i) gap = fmin(gap, angle);
            }
            if (gap < 6.9 && gap > widest) {
                widest = gap;
                at = arms[i].outward_rad + 0.5 * gap;
            }
        }
        if (widest < 1.2) break;
        arms[count++] = (tile_arm_plan){
            tile_lane_section(), bt_wrap_angle(at + bt_draw_about(&t->draw, 0.0, 0.06)), false};
    }
    return count;
}

// Crossroads with stop signs, with pockets on the main road, or a roundabout: oftener the more arms
// there are.
static tile_node_kind choose_kind(tile *t, int arms)
{
    double draw = bt_draw_unit(&t->draw);
    if (draw < (arms > 4 ? 0.7 : 0.25)) return TILE_ROUNDABOUT;
    return draw > 0.65 ? TILE_POCKETS : TILE_CROSSING;
}

void tile_make_rural(tile *t)
{
    bt_plan_pose gates[4];
    double z[4];
    int edges[4];
    tile_arm_plan arms[BT_JUNCTION_MAX_ARMS];
    int count = 0;
    for (int edge = 0; edge < 4; edge++) {
        if (!tile_gate(t, edge, 0, &gates[count], &z[count])) continue;
        arms[count] = (tile_arm_plan){tile_rural_section(),
                                      tile_outward(edge) + bt_draw_about(&t->draw, 0.0, 0.2),
                                      edge <= TILE_EAST};
        edges[count++] = edge;
    }
    if (count == 2) {
        through_road(t);
        return;
    }
    tile_node node = {.x_m = t->x_m + t->side_m * bt_draw_range(&t->draw, 0.42, 0.58),
                      .y_m = t->y_m + t->side_m * bt_draw_range(&t->draw, 0.42, 0.58)};
    node.z_m = bt_land_height(&t->layout->land, node.x_m, node.y_m);
    double more = bt_draw_unit(&t->draw);
    int all = add_lanes(t, arms, count, more < 0.1 ? 2 : more < 0.3 ? 1 : 0);
    node.kind = choose_kind(t, all);
    tile_plan_node(&node, arms, all);
    for (int i = 0; i < count; i++)
        tile_add_leg(t, &node, edges[i], gates[i], z[i], arms[i].outward_rad, arms[i].major);
    for (int i = count; i < all; i++)
        tile_add_close(t, &node, "Farm Lane", &arms[i].section, arms[i].outward_rad,
                       bt_draw_range(&t->draw, 150.0, 240.0));
    tile_finish_node(t, "Crossroads", &node, BT_CONTROL_SIGNS);
}
