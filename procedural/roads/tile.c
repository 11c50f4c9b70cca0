// tile.c: gates, cross-sections and roads of a tile.
#include "procedural/roads/tile.h"

#include "engine/core/memory.h"
#include "engine/math/pose.h"
#include "procedural/terrain/noise.h"

#include <math.h>

bt_cross_section tile_rural_section(void)
{
    bt_side side = {.drive = 1, .drive_m = 3.5, .edge_m = 0.75, .verge_m = 3.0};
    return (bt_cross_section){
        .left = side, .right = side, .marked = true, .line_m = 4.0, .gap_m = 8.0};
}

bt_cross_section tile_street_section(void)
{
    bt_side side = {
        .drive = 1, .drive_m = 3.25, .edge_m = 0.5, .curb_m = 0.15, .walk_m = 2.2, .verge_m = 1.2};
    return (bt_cross_section){
        .left = side, .right = side, .marked = true, .line_m = 3.0, .gap_m = 6.0};
}

bt_cross_section tile_avenue_section(void)
{
    bt_cross_section cross = tile_street_section();
    cross.left.drive = cross.right.drive = 2;
    cross.left.bike_m = cross.right.bike_m = 1.6;
    cross.left.walk_m = cross.right.walk_m = 2.8;
    return cross;
}

double tile_outward(int edge)
{
    static const double angles[] = {BT_PI, 0.0, -0.5 * BT_PI, 0.5 * BT_PI};
    return angles[edge];
}

// ---- gates ------------------------------------------------------------------------------------
static void border_of(const tile *t, int edge, int *axis, int *i, int *j)
{
    *axis = edge >= TILE_SOUTH;
    *i = *axis ? t->iy + (edge == TILE_NORTH) : t->ix + (edge == TILE_EAST);
    *j = *axis ? t->ix : t->iy;
}

// Rows always go on; columns now and then do not, but for the one through the origin.
static bool border_open(const tile *t, int axis, int i, int j)
{
    if (t->desc->kind == BT_WORLD_DOWNTOWN || axis == 0 || j == 0) return true;
    return bt_noise_cell(t->desc->seed + 77, i, j) < 0.7;
}

bool tile_gate(const tile *t, int edge, int line, bt_plan_pose *pose, double *z_m)
{
    int axis;
    int i;
    int j;
    border_of(t, edge, &axis, &i, &j);
    if (!border_open(t, axis, i, j)) return false;
    bool grid = t->desc->kind == BT_WORLD_DOWNTOWN;
    double along =
        grid ? (line + 0.5) / 3.0
             : 0.5 + 0.24 * (bt_noise_cell(t->desc->seed + 5 + (uint64_t)axis, i, j) - 0.5);
    along = t->side_m * (j + along);
    *pose = axis == 0 ? (bt_plan_pose){t->side_m * i, along, 0.0}
                      : (bt_plan_pose){along, t->side_m * i, 0.5 * BT_PI};
    *z_m = bt_land_height(&t->layout->land, pose->x_m, pose->y_m);
    return true;
}

void tile_note_gate(tile *t, int edge, int line, uint32_t road)
{
    bt_layout *l = t->layout;
    if (t->gates == NULL || l->status != BT_OK) return;
    l->status = BT_ARRAY_RESERVE(t->gates->items, t->gates->room, t->gates->count + 1);
    if (l->status != BT_OK) return;
    bt_world_gate gate = {.number = t->number, .road = road};
    border_of(t, edge, &gate.axis, &gate.i, &gate.j);
    gate.j = 4 * gate.j + line; // lines of a border count on
    gate.road_id = l->roads[road].street->id;
    gate.at_end = edge == TILE_EAST || edge == TILE_NORTH;
    bt_plan_pose pose;
    if (tile_gate(t, edge, line, &pose, &gate.z_m)) {
        gate.x_m = pose.x_m;
        gate.y_m = pose.y_m;
    }
    t->gates->items[t->gates->count++] = gate;
}

// ---- roads ------------------------------------------------------------------------------------
static bt_corner point(bt_plan_pose pose, double ahead_m, double left_m)
{
    double c = cos(pose.heading_rad);
    double s = sin(pose.heading_rad);
    return (bt_corner){pose.x_m + ahead_m * c - left_m * s, pose.y_m + ahead_m * s + left_m * c,
                       0.0, 0.0};
}

uint32_t tile_add_road(tile *t, const tile_road *road)
{
    bt_corner corners[5];
    uint32_t n = 0;
    corners[n++] = point(road->from, 0.0, 0.0);
    if (road->straight0_m > 0.0) corners[n++] = point(road->from, road->straight0_m, 0.0);
    if (road->bend_m != 0.0) {
        bt_plan_pose middle = {0.5 * (road->from.x_m + road->to.x_m),
                               0.5 * (road->from.y_m + road->to.y_m),
                               atan2(road->to.y_m - road->from.y_m, road->to.x_m - road->from.x_m)};
        corners[n++] = point(middle, 0.0, road->bend_m);
    }
    if (road->straight1_m > 0.0) corners[n++] = point(road->to, -road->straight1_m, 0.0);
    corners[n++] = point(road->to, 0.0, 0.0);
    bt_layout_road_desc desc = {.name = road->name,
                                .type = road->type,
                                .corners = corners,
                                .corner_count = n,
                                .speed_km_h = road->speed_km_h,
                                .e_max = road->e_max,
                                .wish = bt_draw_range(&t->draw, 1.2, 2.2),
                                .z0_m = road->z0_m,
                                .z1_m = road->z1_m,
                                .start = road->start,
                                .end = road->end};
    return bt_layout_add_road(t->layout, &desc);
}

void tile_add_plain(tile *t, uint32_t road, bool mouth_at_start, bool mouth_at_end)
{
    if (t->layout->status != BT_OK) return;
    const bt_layout_road *r = &t->layout->roads[road];
    bt_stretch stretch = {.s1_m = r->street->alignment.length_m,
                          .from = r->start,
                          .to = r->end,
                          .mouth_at_start = mouth_at_start,
                          .mouth_at_end = mouth_at_end};
    bt_layout_set_stretches(t->layout, road, &stretch, 1);
}

void tile_add_arm(tile_node *node, uint32_t road, bool at_end, double outward_rad, bool major)
{
    node->arms[node->arm_count++] = (bt_arm){road, at_end, outward_rad, major};
}

void tile_speed_signs(tile *t, uint32_t road)
{
    if (t->layout->status != BT_OK) return;
    const bt_layout_road *r = &t->layout->roads[road];
    double length = r->street->alignment.length_m;
    if (length < 120.0) return;
    for (int forward = 0; forward < 2; forward++) {
        const bt_side *side = forward ? &r->start.right : &r->end.left;
        double beside = bt_side_inner(side, BT_STRIP_WALK) + (side->walk_m > 0.0 ? 0.4 : 0.9);
        bt_furniture_signal sign = {.name = "speed limit",
                                    .type = "274",
                                    .s_m = forward ? 45.0 : length - 45.0,
                                    .t_m = forward ? -beside : beside,
                                    .z_m = 2.0,
                                    .forward = forward,
                                    .value = r->street->speed_km_h,
                                    .width_m = 0.6,
                                    .height_m = 0.6};
        bt_layout_add_signal(t->layout, road, &sign);
    }
}

static void link_side(bt_street_section *last, bt_street_section *first,
                      const bt_layout_road *before, const bt_layout_road *after, int sign)
{
    const bt_side *side = sign < 0 ? &before->end.right : &before->end.left;
    bt_street_lane *from = sign < 0 ? last->right : last->left;
    bt_street_lane *to = sign < 0 ? first->right : first->left;
    for (int strip = 0; strip < BT_STRIP_COUNT; strip++) {
        if (bt_side_width(side, strip) <= 0.0) continue;
        int here = bt_stretch_lane(&before->last, sign, strip);
        int there = bt_stretch_lane(&after->first, sign, strip);
        if (here == 0 || there == 0) continue;
        from[sign * here - 1].successor = there;
        to[sign * there - 1].predecessor = here;
    }
}

void tile_link(bt_layout *l, uint32_t before, uint32_t after)
{
    if (l->status != BT_OK) return;
    bt_street *a = l->roads[before].street;
    bt_street *b = l->roads[after].street;
    a->successor = (bt_street_link){"road", b->id, "start"};
    b->predecessor = (bt_street_link){"road", a->id, "end"};
    bt_street_section *last = &a->sections[a->section_count - 1];
    bt_street_section *first = &b->sections[0];
    for (int sign = -1; sign <= 1; sign += 2)
        link_side(last, first, &l->roads[before], &l->roads[after], sign);
}
