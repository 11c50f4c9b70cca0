// tile_downtown.c: a grid of streets and avenues: signals, bicycle lanes, parking, road works.
#include "procedural/roads/tile.h"

#include "engine/math/pose.h"
#include "procedural/terrain/noise.h"

#include <math.h>

#define LINES 3
#define PITCH_M 120.0
#define BAY_M 6.0

typedef struct grid {
    double x_m[LINES], y_m[LINES];
    bool avenue_x[LINES], avenue_y[LINES]; // lines along x (rows), along y
    tile_node nodes[LINES][LINES];
    double level_m, relief; // heights: the land's, drawn towards a level
    double stray_m;         // of nodes from the lines
} grid;

static bt_cross_section section_of(bool avenue)
{
    return avenue ? tile_avenue_section() : tile_street_section();
}

// Streets across the grid's lines belong to the line, whichever tile sees them.
static bool is_avenue(const tile *t, int axis, int line)
{
    int index = LINES * (axis == 0 ? t->iy : t->ix) + line;
    return line == 1 && bt_noise_cell(t->desc->seed + 31, axis, index) < 0.8;
}

// Where an arm of a node leads: towards its neighbour in the grid, or straight out of it.
static double arm_angle(const grid *g, int i, int j, int edge)
{
    static const int steps[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    int x = i + steps[edge][0];
    int y = j + steps[edge][1];
    if (x < 0 || y < 0 || x >= LINES || y >= LINES) return tile_outward(edge);
    return bt_atan2(g->nodes[x][y].y_m - g->nodes[i][j].y_m,
                    g->nodes[x][y].x_m - g->nodes[i][j].x_m);
}

// Old towns are no chessboards: their corners lie up to `stray_m` off the lines.
static void set_nodes(tile *t, grid *g)
{
    for (int i = 0; i < LINES; i++)
        for (int j = 0; j < LINES; j++)
            g->nodes[i][j] = (tile_node){.x_m = bt_draw_about(&t->draw, g->x_m[i], g->stray_m),
                                         .y_m = bt_draw_about(&t->draw, g->y_m[j], g->stray_m)};
    for (int i = 0; i < LINES; i++)
        for (int j = 0; j < LINES; j++) {
            tile_node *n = &g->nodes[i][j];
            if (g->avenue_x[j] && g->avenue_y[i])
                n->kind = bt_draw_chance(&t->draw, 0.35) ? TILE_ROUNDABOUT : TILE_POCKETS;
            double land = bt_land_height(&t->layout->land, n->x_m, n->y_m);
            n->z_m = g->level_m + g->relief * (land - g->level_m);
            tile_arm_plan arms[4];
            for (int edge = 0; edge < 4; edge++)
                arms[edge] =
                    (tile_arm_plan){section_of(edge <= TILE_EAST ? g->avenue_x[j] : g->avenue_y[i]),
                                    arm_angle(g, i, j, edge), true};
            tile_plan_node(n, arms, 4);
        }
}

// ---- along a block ----------------------------------------------------------------------------
static void add_bays(tile *t, uint32_t road, const bt_cross_section *cross, double s0, double s1)
{
    int slots = (int)((s1 - s0) / BAY_M);
    for (int sign = -1; sign <= 1; sign += 2) {
        const bt_side *side = sign < 0 ? &cross->right : &cross->left;
        double at = sign * (bt_side_inner(side, BT_STRIP_EDGE) + 0.5 * side->edge_m);
        bt_layout_item item = {.road = road, .kind = BT_ITEM_OBJECT};
        item.object = (bt_furniture_object){.type = "parkingSpace",
                                            .name = "bay",
                                            .s_m = s0 + 0.5 * BAY_M,
                                            .t_m = at,
                                            .t_end_m = at,
                                            .length_m = BAY_M,
                                            .width_m = side->edge_m - 0.1,
                                            .repeat_m = BAY_M * (slots - 1),
                                            .distance_m = BAY_M,
                                            .bay_lines = true};
        if (slots >= 2) bt_layout_add_item(t->layout, &item);
    }
}

static void parked_block(tile *t, uint32_t road)
{
    const bt_layout_road *r = &t->layout->roads[road];
    double length = r->street->alignment.length_m;
    bt_cross_section plain = r->start;
    bt_cross_section bays = plain;
    bays.left.edge_m = bays.right.edge_m = 2.2;
    bays.left.use = bays.right.use = BT_USE_PARKING;
    double s0 = 22.0;
    double s1 = length - 22.0;
    bt_stretch s[5] = {
        {.s1_m = s0, .from = plain, .to = plain, .mouth_at_start = true},
        {.s0_m = s0, .s1_m = s0 + 5.0, .from = plain, .to = bays},
        {.s0_m = s0 + 5.0, .s1_m = s1 - 5.0, .from = bays, .to = bays},
        {.s0_m = s1 - 5.0, .s1_m = s1, .from = bays, .to = plain},
        {.s0_m = s1, .s1_m = length, .from = plain, .to = plain, .mouth_at_end = true}};
    bt_layout_set_stretches(t->layout, road, s, 5);
    add_bays(t, road, &bays, s0 + 5.0, s1 - 5.0);
}

static void works_block(tile *t, uint32_t road)
{
    const bt_layout_road *r = &t->layout->roads[road];
    double length = r->street->alignment.length_m;
    bt_cross_section plain = r->start;
    double s0 = 26.0;
    double s1 = length - 26.0;
    bt_stretch s[3];
    int n = tile_plan_works(plain, s0, s1, s);
    s[0].mouth_at_start = true;
    s[n++] = (bt_stretch){s1, length, plain, plain, false, true};
    bt_layout_set_stretches(t->layout, road, s, n);
    tile_add_works(t, road, &plain.right, s0, s1);
}

static void dress_block(tile *t, uint32_t road, bool avenue, bool flared)
{
    if (t->layout->status != BT_OK) return;
    bt_cross_section plain = section_of(avenue);
    if (flared) {
        tile_add_flared(t, road, &plain, true, true);
        return;
    }
    double length = t->layout->roads[road].street->alignment.length_m;
    if (avenue && length > 78.0 && bt_draw_chance(&t->draw, 0.12))
        works_block(t, road);
    else if (length > 78.0 && bt_draw_chance(&t->draw, 0.7))
        parked_block(t, road);
    else
        tile_add_plain(t, road, true, true);
}

// ---- streets ----------------------------------------------------------------------------------
static void block(tile *t, tile_node *a, tile_node *b, bool avenue, bool bends)
{
    bt_cross_section plain = section_of(avenue);
    double along_rad = bt_atan2(b->y_m - a->y_m, b->x_m - a->x_m);
    double straight = bends ? 22.0 : 0.0;
    tile_road road = {.name = avenue ? "Avenue" : "Street",
                      .type = "town",
                      .from = tile_mouth(a, along_rad),
                      .to = tile_mouth(b, along_rad + BT_PI),
                      .z0_m = a->z_m,
                      .z1_m = b->z_m,
                      .straight0_m = straight,
                      .straight1_m = straight,
                      .bend_m = bends ? bt_draw_about(&t->draw, 0.0, 4.5) : 0.0,
                      .speed_km_h = avenue ? 50.0 : 30.0,
                      .start = tile_mouth_section(a, &plain, false, true),
                      .end = tile_mouth_section(b, &plain, true, true)};
    road.to.heading_rad = along_rad;
    uint32_t index = tile_add_road(t, &road);
    dress_block(t, index, avenue, a->kind != TILE_CROSSING || b->kind != TILE_CROSSING);
    tile_add_arm(a, index, false, along_rad, avenue);
    tile_add_arm(b, index, true, along_rad + BT_PI, avenue);
}

static void stub(tile *t, tile_node *n, int edge, int line, bool avenue)
{
    bt_plan_pose gate;
    double z;
    if (!tile_gate(t, edge, line, &gate, &z)) return;
    double out = tile_outward(edge);
    bool towards = edge == TILE_WEST || edge == TILE_SOUTH;
    bt_plan_pose mouth = tile_mouth(n, out);
    mouth.heading_rad = gate.heading_rad;
    tile_road road = {.name = avenue ? "Avenue" : "Street",
                      .type = "town",
                      .from = towards ? gate : mouth,
                      .to = towards ? mouth : gate,
                      .z0_m = towards ? z : n->z_m,
                      .z1_m = towards ? n->z_m : z,
                      .speed_km_h = avenue ? 50.0 : 30.0,
                      .start = section_of(avenue),
                      .end = section_of(avenue)};
    uint32_t index = tile_add_road(t, &road);
    tile_add_plain(t, index, !towards, towards);
    tile_note_gate(t, edge, line, index);
    tile_add_arm(n, index, towards, out, avenue);
}

// ---- towns on rural roads ---------------------------------------------------------------------
// Rural road to the town's limit, then a short street into the grid.
static void approach(tile *t, tile_node *n, int edge, bool avenue)
{
    bt_plan_pose gate;
    double z;
    if (!tile_gate(t, edge, 0, &gate, &z)) return;
    double out = tile_outward(edge);
    bool towards = edge == TILE_WEST || edge == TILE_SOUTH;
    double along = gate.heading_rad;
    double far = n->reach_m + 75.0;
    bt_plan_pose mouth = tile_mouth(n, out);
    mouth.heading_rad = along;
    bt_plan_pose limit = {n->x_m + far * bt_cos(out), n->y_m + far * bt_sin(out), along};
    bt_cross_section country = tile_rural_section();
    bt_cross_section street = section_of(avenue);
    tile_road rural = {.name = "Country Road",
                       .type = "rural",
                       .from = towards ? gate : limit,
                       .to = towards ? limit : gate,
                       .z0_m = towards ? z : n->z_m,
                       .z1_m = towards ? n->z_m : z,
                       .straight0_m = 140.0,
                       .straight1_m = 140.0,
                       .bend_m = bt_draw_about(&t->draw, 0.0, 30.0),
                       .speed_km_h = 70.0,
                       .e_max = 0.06,
                       .start = country,
                       .end = country};
    tile_road entry = {.name = avenue ? "Avenue" : "Street",
                       .type = "town",
                       .from = towards ? limit : mouth,
                       .to = towards ? mouth : limit,
                       .z0_m = n->z_m,
                       .z1_m = n->z_m,
                       .speed_km_h = 50.0,
                       .start = towards ? country : street,
                       .end = towards ? street : country};
    uint32_t outer = tile_add_road(t, &rural);
    tile_add_plain(t, outer, false, false);
    tile_speed_signs(t, outer);
    uint32_t inner = tile_add_road(t, &entry);
    if (t->layout->status != BT_OK) return;
    double end = t->layout->roads[inner].street->alignment.length_m;
    double turn = towards ? 35.0 : end - 35.0;
    bt_stretch s[2] = {{.s1_m = turn, .from = entry.start, .mouth_at_start = !towards},
                       {.s0_m = turn, .s1_m = end, .to = entry.end, .mouth_at_end = towards}};
    s[0].to = s[1].from = street;
    bt_layout_set_stretches(t->layout, inner, s, 2);
    if (towards)
        tile_link(t->layout, outer, inner);
    else
        tile_link(t->layout, inner, outer);
    tile_note_gate(t, edge, 0, outer);
    tile_add_arm(n, inner, towards, out, avenue);
}

// ---- the grid ---------------------------------------------------------------------------------
static void join_nodes(tile *t, grid *g)
{
    for (int i = 0; i < LINES; i++)
        for (int j = 0; j < LINES; j++) {
            tile_node *n = &g->nodes[i][j];
            bool avenue = g->avenue_x[j] || g->avenue_y[i];
            bool both = g->avenue_x[j] && g->avenue_y[i];
            for (int a = 0; a < n->arm_count; a++) // rows lead where neither or both are avenues
                if (!avenue || both) n->arms[a].major = fabs(bt_sin(n->arms[a].outward_rad)) < 0.5;
            tile_finish_node(t, "Corner", n,
                             n->arm_count < 3 ? BT_CONTROL_NONE
                             : avenue         ? BT_CONTROL_SIGNALS
                                              : BT_CONTROL_SIGNS);
        }
}

static void make_grid(tile *t, grid *g, bool town)
{
    set_nodes(t, g);
    for (int i = 0; i < LINES; i++)
        for (int j = 0; j < LINES; j++) {
            tile_node *n = &g->nodes[i][j];
            if (i + 1 < LINES)
                block(t, n, &g->nodes[i + 1][j], g->avenue_x[j], town && !g->avenue_x[j]);
            if (j + 1 < LINES)
                block(t, n, &g->nodes[i][j + 1], g->avenue_y[i], town && !g->avenue_y[i]);
        }
    for (int line = 0; line < LINES; line++) {
        if (town && line != 1) continue;
        tile_node *ends[4] = {&g->nodes[0][line], &g->nodes[LINES - 1][line], &g->nodes[line][0],
                              &g->nodes[line][LINES - 1]};
        for (int edge = 0; edge < 4; edge++) {
            bool avenue = edge <= TILE_EAST ? g->avenue_x[line] : g->avenue_y[line];
            if (town)
                approach(t, ends[edge], edge, avenue);
            else
                stub(t, ends[edge], edge, line, avenue);
        }
    }
    join_nodes(t, g);
}

static grid plan_grid(tile *t, double x_m, double y_m, double relief, double stray_m)
{
    grid g = {.relief = relief,
              .level_m = bt_land_height(&t->layout->land, x_m, y_m),
              .stray_m = stray_m};
    for (int i = 0; i < LINES; i++) {
        g.x_m[i] = x_m + (i - 1) * PITCH_M;
        g.y_m[i] = y_m + (i - 1) * PITCH_M;
        g.avenue_x[i] = is_avenue(t, 0, i);
        g.avenue_y[i] = is_avenue(t, 1, i);
    }
    return g;
}

void tile_make_downtown(tile *t)
{
    grid g = plan_grid(t, t->x_m + 0.5 * t->side_m, t->y_m + 0.5 * t->side_m, 1.0, 0.0);
    make_grid(t, &g, false);
}

void tile_make_town(tile *t)
{
    grid g = plan_grid(t, t->x_m + t->side_m * bt_draw_range(&t->draw, 0.47, 0.53),
                       t->y_m + t->side_m * bt_draw_range(&t->draw, 0.47, 0.53), 0.1, 14.0);
    make_grid(t, &g, true);
}
