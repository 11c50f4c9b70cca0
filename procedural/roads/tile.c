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

bt_cross_section tile_lane_section(void)
{
    bt_cross_section cross = tile_rural_section();
    cross.left.drive_m = cross.right.drive_m = 2.75;
    cross.left.edge_m = cross.right.edge_m = 0.4;
    cross.left.verge_m = cross.right.verge_m = 2.0;
    cross.marked = false;
    return cross;
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
    bool open;
    if (axis == 1 && tile_motorway_crossed(t->desc, i, j, &open)) return open;
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
    if (axis == 0 && tile_row_has_motorway(t->desc, j)) {
        tile_motorway_gate(t->desc, &t->layout->land, i, j, pose, z_m);
        return true;
    }
    bool grid = t->desc->kind == BT_WORLD_DOWNTOWN;
    bool open;
    // roads come to a motorway in the middle of its tile
    double stray = axis == 1 && tile_motorway_crossed(t->desc, i, j, &open) ? 0.1 : 0.24;
    double along =
        grid ? (line + 0.5) / 3.0
             : 0.5 + stray * (bt_noise_cell(t->desc->seed + 5 + (uint64_t)axis, i, j) - 0.5);
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
    double c = bt_cos(pose.heading_rad);
    double s = bt_sin(pose.heading_rad);
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
        bt_plan_pose middle = {
            0.5 * (road->from.x_m + road->to.x_m), 0.5 * (road->from.y_m + road->to.y_m),
            bt_atan2(road->to.y_m - road->from.y_m, road->to.x_m - road->from.x_m)};
        corners[n++] = point(middle, 0.0, road->bend_m);
    }
    if (road->straight1_m > 0.0) corners[n++] = point(road->to, -road->straight1_m, 0.0);
    corners[n++] = point(road->to, 0.0, 0.0);
    bt_layout_road_desc desc = {.name = road->name,
                                .type = road->type,
                                .corners = corners,
                                .corner_count = n,
                                .alignment = road->alignment,
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

#define FLARE_M 30.0 // of an end's own cross-section
#define FLARE_SLOW_M 35.0
#define FLARE_FAST_M 70.0 // to widen, above 60 km/h
#define OPEN_M 14.0       // over which a pocket opens out of the painted median before it

static bool same_width(const bt_cross_section *a, const bt_cross_section *b)
{
    return bt_side_total(&a->left) == bt_side_total(&b->left) &&
           bt_side_total(&a->right) == bt_side_total(&b->right);
}

// Before the pocket: a painted median as wide.
static void close_pocket(bt_side *side)
{
    side->median_m += side->pocket_m;
    side->pocket_m = 0.0;
    side->median = BT_MEDIAN_PAINTED;
}

// Slanting lines over the painted median that widens from s0 (no width) to s1 (its full one).
static void add_hatch(tile *t, uint32_t road, const bt_cross_section *wide, double s0, double s1)
{
    const int lines = BT_SHAPE_MAX_CORNERS / 2;
    bt_furniture_shape hatch = {.s_m = 0.5 * (s0 + s1)};
    for (int i = 0; i < lines; i++) {
        double share = (i + 1.5) / (lines + 1.5);
        double along = (s1 - s0) * (share - 0.5);
        double eased = share * share * (3.0 - 2.0 * share);
        double slant = 0.4 * eased * (wide->right.median_m + wide->left.median_m);
        double ends[2][2] = {{along - slant, 0.1 - eased * wide->right.median_m},
                             {along + slant, eased * wide->left.median_m - 0.1}};
        if (ends[1][1] - ends[0][1] < 0.5) continue;
        for (int k = 0; k < 2; k++, hatch.count++) {
            hatch.corners_m[hatch.count][0] = ends[k][0];
            hatch.corners_m[hatch.count][1] = ends[k][1];
        }
    }
    if (hatch.count > 0) bt_layout_add_shape(t->layout, road, BT_ITEM_HATCH, &hatch);
}

// Stretches from the mouth of an end to the plain road, as if it were the road's start.
static int flare(const bt_cross_section *mouth, const bt_cross_section *plain, double full,
                 double taper, bool crossing, bt_stretch s[3])
{
    if (same_width(mouth, plain)) return 0;
    int n = 0;
    bt_cross_section wide = *mouth;
    double at = full;
    s[n++] = (bt_stretch){0.0, full, *mouth, *mouth, crossing, false};
    if (mouth->left.pocket_m > 0.0 || mouth->right.pocket_m > 0.0) {
        close_pocket(&wide.left);
        close_pocket(&wide.right);
        s[n++] = (bt_stretch){at, at + OPEN_M, *mouth, wide, false, false};
        at += OPEN_M;
    }
    s[n++] = (bt_stretch){at, at + taper, wide, *plain, false, false};
    return n;
}

static bt_stretch turned(const bt_stretch *s, double length_m)
{
    return (bt_stretch){length_m - s->s1_m, length_m - s->s0_m, s->to, s->from,
                        s->mouth_at_end,    s->mouth_at_start};
}

void tile_add_flared(tile *t, uint32_t road, const bt_cross_section *plain, bool mouth_at_start,
                     bool mouth_at_end)
{
    if (t->layout->status != BT_OK) return;
    const bt_layout_road *r = &t->layout->roads[road];
    double length = r->street->alignment.length_m;
    int flares = !same_width(&r->start, plain) + !same_width(&r->end, plain);
    double taper = r->street->speed_km_h > 60 ? FLARE_FAST_M : FLARE_SLOW_M;
    // short blocks keep some plain road between
    double room = flares > 0 ? (length - 12.0) / flares - OPEN_M : 1e9;
    double scale = fmin(1.0, room / (FLARE_M + taper));
    bt_stretch start[3];
    bt_stretch end[3];
    int n0 = flare(&r->start, plain, scale * FLARE_M, scale * taper, mouth_at_start, start);
    int n1 = flare(&r->end, plain, scale * FLARE_M, scale * taper, mouth_at_end, end);
    bt_stretch s[7];
    int n = 0;
    for (int i = 0; i < n0; i++)
        s[n++] = start[i];
    double s0 = n0 > 0 ? start[n0 - 1].s1_m : 0.0;
    double s1 = n1 > 0 ? length - end[n1 - 1].s1_m : length;
    s[n++] =
        (bt_stretch){s0, s1, *plain, *plain, mouth_at_start && n0 == 0, mouth_at_end && n1 == 0};
    for (int i = n1; i-- > 0;)
        s[n++] = turned(&end[i], length);
    bt_layout_set_stretches(t->layout, road, s, n);
    if (n0 == 3) add_hatch(t, road, &start[2].from, start[2].s1_m, start[2].s0_m);
    if (n1 == 3) add_hatch(t, road, &end[2].from, length - end[2].s1_m, length - end[2].s0_m);
}

// ---- nodes ------------------------------------------------------------------------------------
#define POCKET_M 3.0

bt_cross_section tile_mouth_section(const tile_node *node, const bt_cross_section *section,
                                    bool at_end, bool major)
{
    bt_cross_section mouth = *section;
    if (node->kind == TILE_ROUNDABOUT) {
        mouth.left.median_m = mouth.right.median_m = BT_SPLITTER_M;
        mouth.left.median = mouth.right.median = BT_MEDIAN_ISLAND_GOES_ON;
    } else if (node->kind == TILE_POCKETS && major) {
        bt_side *in = at_end ? &mouth.right : &mouth.left;
        bt_side *out = at_end ? &mouth.left : &mouth.right;
        in->pocket_m = out->median_m = POCKET_M;
        out->median = BT_MEDIAN_ISLAND;
    }
    return mouth;
}

bt_plan_pose tile_mouth(const tile_node *node, double outward_rad)
{
    return (bt_plan_pose){node->x_m + node->reach_m * bt_cos(outward_rad),
                          node->y_m + node->reach_m * bt_sin(outward_rad), outward_rad};
}

static bt_roundabout roundabout_of(const tile_node *node, const double *angles, int count,
                                   int lanes)
{
    bt_roundabout r = {.x_m = node->x_m, .y_m = node->y_m, .z_m = node->z_m, .lanes = lanes};
    r.radius_m = bt_roundabout_radius(angles, count, lanes);
    return r;
}

void tile_plan_node(tile_node *node, const tile_arm_plan *arms, int count)
{
    double halves[BT_JUNCTION_MAX_ARMS];
    double angles[BT_JUNCTION_MAX_ARMS];
    int lanes = 1;
    for (int i = 0; i < count; i++) {
        bt_cross_section mouth = tile_mouth_section(node, &arms[i].section, true, arms[i].major);
        halves[i] = fmax(bt_side_total(&mouth.left), bt_side_total(&mouth.right));
        angles[i] = arms[i].outward_rad;
        if (mouth.right.drive > 1) lanes = 2;
    }
    if (node->kind == TILE_ROUNDABOUT) {
        bt_roundabout r = roundabout_of(node, angles, count, lanes);
        node->reach_m = bt_roundabout_reach(&r);
    } else {
        node->reach_m = bt_junction_reach(halves, angles, count);
    }
}

void tile_finish_node(tile *t, const char *name, const tile_node *node, bt_junction_control control)
{
    if (t->layout->status != BT_OK) return;
    if (node->kind != TILE_ROUNDABOUT) {
        bt_layout_add_junction(t->layout, name, node->arms, node->arm_count, control);
        return;
    }
    double angles[BT_JUNCTION_MAX_ARMS];
    int lanes = 1;
    for (int i = 0; i < node->arm_count; i++) {
        angles[i] = node->arms[i].outward_rad;
        if (bt_arm_side(t->layout, &node->arms[i], true)->drive > 1) lanes = 2;
    }
    bt_roundabout r = roundabout_of(node, angles, node->arm_count, lanes);
    r.name = "Roundabout";
    bt_layout_add_roundabout(t->layout, &r, node->arms, node->arm_count);
}

void tile_add_arm(tile_node *node, uint32_t road, bool at_end, double outward_rad, bool major)
{
    node->arms[node->arm_count++] = (bt_arm){road, at_end, outward_rad, major, 0.0};
}

#define BULB_M 20.0

void tile_add_close(tile *t, tile_node *node, const char *name, const bt_cross_section *section,
                    double outward_rad, double length_m)
{
    bt_plan_pose from = tile_mouth(node, outward_rad);
    double turn = outward_rad + bt_draw_about(&t->draw, 0.0, 0.5);
    bt_plan_pose to = {from.x_m + length_m * bt_cos(0.5 * (outward_rad + turn)),
                       from.y_m + length_m * bt_sin(0.5 * (outward_rad + turn)), turn};
    double land = bt_land_height(&t->layout->land, to.x_m, to.y_m);
    double rise = 0.009 * length_m;
    tile_road road = {.name = name,
                      .type = "town",
                      .from = from,
                      .to = to,
                      .z0_m = node->z_m,
                      .z1_m = node->z_m + bt_clamp(land - node->z_m, -rise, rise),
                      .straight0_m = 0.4 * length_m,
                      .straight1_m = 0.35 * length_m,
                      .speed_km_h = 30.0,
                      .start = tile_mouth_section(node, section, false, false),
                      .end = *section};
    uint32_t index = tile_add_road(t, &road);
    if (t->layout->status != BT_OK) return;
    bt_layout_road *r = &t->layout->roads[index];
    bt_cross_section bulb = *section;
    bulb.left.drive_m = bulb.right.drive_m = 7.5; // room to turn round
    double end = r->street->alignment.length_m;
    const double full = 12.0;
    const double tapered = 32.0;
    bool flared = !same_width(&r->start, section);
    double plain = flared ? tapered : 0.0;
    bt_stretch all[4] = {{.s1_m = full, .from = r->start, .to = r->start, .mouth_at_start = true},
                         {.s0_m = full, .s1_m = tapered, .from = r->start, .to = *section},
                         {.s0_m = plain, .s1_m = end - BULB_M, .from = *section, .to = *section},
                         {.s0_m = end - BULB_M, .s1_m = end, .from = *section, .to = bulb}};
    all[2].mouth_at_start = !flared;
    r->end = bulb;
    bt_layout_set_stretches(t->layout, index, flared ? all : all + 2, flared ? 4 : 2);
    tile_add_arm(node, index, false, outward_rad, false);
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
