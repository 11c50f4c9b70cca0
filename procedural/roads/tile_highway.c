// tile_highway.c: tiles that a motorway passes from west to east: of highway worlds, whose rural roads
// all meet it, and of mixed worlds, where every few rows of tiles a motorway lies between the towns.
//
// In a mixed world every third tile of such a row has an interchange: there the motorway is straight and
// level. Between them it bends, and most rural roads pass over it. Where only one rural road comes to
// an interchange it ends at a trumpet.
#include "procedural/roads/tile_interchange.h"

#include "engine/math/pose.h"
#include "procedural/terrain/noise.h"

#include <math.h>

#define ROW_PERIOD 4
#define COLUMN_PERIOD 3
#define STRAY_SHARE 0.12 // of a tile's side, that a motorway lies off the row's middle

static int floor_div(int a, int b)
{
    return a >= 0 ? a / b : -((b - 1 - a) / b);
}

// ---- mixed worlds: where the motorways are ----------------------------------------------------
bool tile_row_has_motorway(const bt_world_desc *desc, int iy)
{
    if (desc->kind != BT_WORLD_MIXED) return false;
    int phase =
        bt_noise_cell(desc->seed + 201, 0, 0) < 0.5 ? 1 : ROW_PERIOD - 1; // beside the origin's
    return iy - ROW_PERIOD * floor_div(iy, ROW_PERIOD) == phase;
}

static bool has_interchange(int ix)
{
    return ix == COLUMN_PERIOD * floor_div(ix, COLUMN_PERIOD);
}

typedef struct motorway_plan {
    interchange_kind kind;
    bool south, north; // rural roads come from there
} motorway_plan;

static motorway_plan plan_motorway(const bt_world_desc *desc, int ix, int iy)
{
    double draw = bt_noise_cell(desc->seed + 203, ix, iy);
    motorway_plan p = {INTERCHANGE_NONE, draw < 0.7, draw < 0.7};
    if (!has_interchange(ix)) return p;
    p.south = p.north = true;
    p.kind = draw < 0.45 ? INTERCHANGE_DIAMOND : INTERCHANGE_DUMBBELL;
    if (ix == 0 || draw < 0.65) return p;
    p.kind = INTERCHANGE_TRUMPET;
    p.south = draw < 0.825;
    p.north = !p.south;
    return p;
}

bool tile_motorway_crossed(const bt_world_desc *desc, int i, int j, bool *open)
{
    if (tile_row_has_motorway(desc, i)) {
        *open = plan_motorway(desc, j, i).south;
        return true;
    }
    if (!tile_row_has_motorway(desc, i - 1)) return false;
    *open = plan_motorway(desc, j, i - 1).north;
    return true;
}

// The middle of the tile with the interchange that a group of columns shares.
static double group_y(const bt_world_desc *desc, int group, int iy)
{
    double side = bt_world_tile_side(desc->kind);
    double stray = 2.0 * bt_noise_cell(desc->seed + 205, group, iy) - 1.0;
    return side * (iy + 0.5 + STRAY_SHARE * stray);
}

void tile_motorway_gate(const bt_world_desc *desc, const bt_land *land, int i, int iy,
                        bt_plan_pose *pose, double *z_m)
{
    double side = bt_world_tile_side(desc->kind);
    int group = floor_div(i, COLUMN_PERIOD);
    int within = i - COLUMN_PERIOD * group;
    double y = group_y(desc, group, iy);
    double x = side * i;
    if (within < 2) { // both ends of the tile with the interchange: as high as its middle
        *z_m = bt_land_height(land, side * (COLUMN_PERIOD * group + 0.5), y);
    } else {
        y = 0.5 * (y + group_y(desc, group + 1, iy));
        *z_m = bt_land_height(land, x, y);
    }
    *pose = (bt_plan_pose){x, y, 0.0};
}

// ---- the motorway -----------------------------------------------------------------------------
static through_end end_at(const tile *t, int edge, bool reversed, bt_cross_section section)
{
    through_end end = {.straight_m = 120.0, .section = section, .edge = edge};
    if (!tile_gate(t, edge, 0, &end.pose, &end.z_m)) end.edge = -1;
    if (reversed) end.pose.heading_rad += BT_PI;
    return end;
}

// Its frame turned about where a road comes from the north alone.
static through plan_highway(tile *t, double x_m, double y_m, bool reversed, int lanes,
                            int lanes_east)
{
    through th = {.t = t,
                  .name = "Highway",
                  .type = "motorway",
                  .origin = {x_m, y_m, reversed ? BT_PI : 0.0},
                  .reversed = reversed,
                  .speed_km_h = 120.0,
                  .e_max = 0.06,
                  .aux_m = 200.0,
                  .taper_m = 60.0,
                  .plain = interchange_highway_section(lanes)};
    through_end west = end_at(t, TILE_WEST, reversed, th.plain);
    through_end east = end_at(t, TILE_EAST, reversed, interchange_highway_section(lanes_east));
    th.ends[reversed ? 1 : 0] = west;
    th.ends[reversed ? 0 : 1] = east;
    return th;
}

// ---- highway worlds ---------------------------------------------------------------------------
// Lanes each way where the highway crosses a border.
static int gate_lanes(const tile *t, int edge)
{
    int i = t->ix + (edge == TILE_EAST);
    return 2 + (int)(3.0 * bt_noise_cell(t->desc->seed + 401, i, t->iy));
}

static interchange_kind choose_kind(tile *t, bool south, bool north)
{
    double draw = bt_draw_unit(&t->draw);
    if (south != north) return INTERCHANGE_TRUMPET;
    if (!south) return INTERCHANGE_NONE;
    return draw < 0.3    ? INTERCHANGE_DIAMOND
           : draw < 0.5  ? INTERCHANGE_DUMBBELL
           : draw < 0.75 ? INTERCHANGE_PARCLO
                         : INTERCHANGE_CLOVERLEAF;
}

static bool is_open(const tile *t, int edge)
{
    bt_plan_pose pose;
    double z;
    return tile_gate(t, edge, 0, &pose, &z);
}

void tile_make_highway(tile *t)
{
    bool south = is_open(t, TILE_SOUTH);
    bool north = is_open(t, TILE_NORTH);
    interchange_kind kind = choose_kind(t, south, north);
    through th = plan_highway(t, t->x_m + 0.5 * t->side_m, t->y_m + 0.5 * t->side_m,
                              north && !south, gate_lanes(t, TILE_WEST), gate_lanes(t, TILE_EAST));
    th.works = true;
    double z = 0.5 * (th.ends[0].z_m + th.ends[1].z_m);
    interchange_make(t, &th, z, kind, south ? 0 : 1);
}

// ---- mixed worlds -----------------------------------------------------------------------------
// The height of a road where it has come to an x.
static double height_at_x(const bt_street *street, double x_m)
{
    double low = 0.0;
    double high = street->alignment.length_m;
    for (int i = 0; i < 50; i++) {
        double middle = 0.5 * (low + high);
        if (bt_alignment_at(&street->alignment, middle).x_m < x_m)
            low = middle;
        else
            high = middle;
    }
    int i = street->elevation_count - 1;
    while (i > 0 && street->elevation[i].s_m > low)
        i--;
    const bt_street_record *r = &street->elevation[i];
    double ds = low - r->s_m;
    return r->a + ds * (r->b + ds * (r->c + ds * r->d));
}

// A rural road from gate to gate, over the motorway in the middle.
static void add_crossing_road(tile *t, double x_m, double y_m, double z_m)
{
    bt_plan_pose over = {x_m, y_m, 0.5 * BT_PI};
    uint32_t roads[2];
    for (int half = 0; half < 2; half++) {
        bt_plan_pose gate;
        double z;
        if (!tile_gate(t, half == 0 ? TILE_SOUTH : TILE_NORTH, 0, &gate, &z)) return;
        tile_road road = {.name = "Country Road",
                          .type = "rural",
                          .from = half == 0 ? gate : over,
                          .to = half == 0 ? over : gate,
                          .z0_m = half == 0 ? z : z_m,
                          .z1_m = half == 0 ? z_m : z,
                          .straight0_m = 100.0,
                          .straight1_m = 100.0,
                          .bend_m = bt_draw_about(&t->draw, 0.0, 20.0),
                          .speed_km_h = 80.0,
                          .e_max = 0.06,
                          .start = tile_rural_section(),
                          .end = tile_rural_section()};
        roads[half] = tile_add_road(t, &road);
        tile_add_plain(t, roads[half], false, false);
        tile_speed_signs(t, roads[half]);
        tile_curve_signs(t, roads[half]);
        tile_note_gate(t, half == 0 ? TILE_SOUTH : TILE_NORTH, 0, roads[half]);
    }
    tile_link(t->layout, roads[0], roads[1]);
}

void tile_make_motorway(tile *t)
{
    motorway_plan plan = plan_motorway(t->desc, t->ix, t->iy);
    bool reversed = plan.kind == INTERCHANGE_TRUMPET && plan.north;
    through th = plan_highway(t, t->x_m + 0.5 * t->side_m, 0.0, reversed, 2, 2);
    th.origin.y_m = 0.5 * (th.ends[0].pose.y_m + th.ends[1].pose.y_m);
    for (int end = 0; end < 2; end++)
        th.ends[end].straight_m = 450.0;
    interchange_make(t, &th, th.ends[0].z_m, plan.kind, plan.south ? 0 : 1);
    if (plan.kind != INTERCHANGE_NONE || !plan.south || t->layout->status != BT_OK) return;
    // the S between two gates passes the middle of their chord
    double z = height_at_x(t->layout->roads[th.pieces[0]].street, th.origin.x_m);
    add_crossing_road(t, th.origin.x_m, th.origin.y_m, z + INTERCHANGE_RISE_M + 0.8);
}
