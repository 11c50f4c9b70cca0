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
                  .taper_m = 90.0, // AASHTO: 300 feet for parallel entrances, as remembered
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

// One half of a rural road that crosses the motorway: to the south or to the north of it. All places are
// metres from the crossing.
typedef struct crossing_half {
    tile *t;
    int edge;
    bt_plan_pose over, gate;
    double z_over_m, z_gate_m;
} crossing_half;

// A village lies on it as near as the ramp up to the bridge lets it.
#define VILLAGE_AT_M 250.0
#define VILLAGE_END_M 450.0
#define VILLAGE_CLIMB_M 8.5 // from it to the bridge, at 60 km/h
#define VILLAGE_FALL_M 7.5  // along its street
#define VILLAGE_LEAD_M 2.0  // from the gate to it

static bt_plan_pose along(const crossing_half *h, double distance_m)
{
    bt_plan_pose pose = h->over;
    pose.y_m += h->edge == TILE_SOUTH ? -distance_m : distance_m;
    return pose;
}

// A road between two places, the first one the farther from the crossing; runs north.
static uint32_t add_part(const crossing_half *h, bt_plan_pose far, double z_far, bt_plan_pose near,
                         double z_near, double speed_km_h, const char *name, const char *type)
{
    bool north = h->edge == TILE_NORTH;
    bool bends = far.x_m != near.x_m;
    tile_road road = {.name = name,
                      .type = type,
                      .from = north ? near : far,
                      .to = north ? far : near,
                      .z0_m = north ? z_near : z_far,
                      .z1_m = north ? z_far : z_near,
                      .straight0_m = bends ? 50.0 : 0.0,
                      .straight1_m = bends ? 50.0 : 0.0,
                      .speed_km_h = speed_km_h,
                      .e_max = 0.06,
                      .start = tile_rural_section(),
                      .end = tile_rural_section()};
    return tile_add_road(h->t, &road);
}

static void chain(const crossing_half *h, uint32_t far, uint32_t near)
{
    bool north = h->edge == TILE_NORTH;
    tile_link(h->t->layout, north ? near : far, north ? far : near);
}

static void set_village_street(tile *t, uint32_t road)
{
    if (t->layout->status != BT_OK) return;
    const double change = 35.0;
    double length = t->layout->roads[road].street->alignment.length_m;
    bt_cross_section rural = tile_rural_section();
    bt_cross_section street = tile_street_section();
    bt_stretch s[3] = {{.s1_m = change, .from = rural, .to = street},
                       {.s0_m = change, .s1_m = length - change, .from = street, .to = street},
                       {.s0_m = length - change, .s1_m = length, .from = street, .to = rural}};
    bt_layout_set_stretches(t->layout, road, s, 3);
    tile_speed_signs(t, road);
}

// Gives the road that ends at the crossing.
static uint32_t add_village(const crossing_half *h)
{
    tile *t = h->t;
    double z_near =
        bt_clamp(h->z_gate_m, h->z_over_m - VILLAGE_CLIMB_M, h->z_over_m + VILLAGE_CLIMB_M);
    double z_far = bt_clamp(z_near, h->z_gate_m - VILLAGE_LEAD_M, h->z_gate_m + VILLAGE_LEAD_M);
    bt_plan_pose near = along(h, VILLAGE_AT_M);
    bt_plan_pose far = along(h, VILLAGE_END_M);
    uint32_t lead = add_part(h, h->gate, h->z_gate_m, far, z_far, 80.0, "Country Road", "rural");
    uint32_t street = add_part(h, far, z_far, near, z_near, 50.0, "Village Street", "town");
    uint32_t climb = add_part(h, near, z_near, h->over, h->z_over_m, 60.0, "Country Road", "rural");
    tile_add_plain(t, lead, false, false);
    tile_add_plain(t, climb, false, false);
    set_village_street(t, street);
    tile_curve_signs(t, lead);
    tile_note_gate(t, h->edge, 0, lead);
    chain(h, lead, street);
    chain(h, street, climb);
    return climb;
}

static uint32_t add_half(const crossing_half *h, bool village)
{
    double climb = fabs(h->z_over_m - h->z_gate_m);
    if (village && climb < VILLAGE_CLIMB_M + VILLAGE_FALL_M + VILLAGE_LEAD_M) return add_village(h);
    uint32_t road =
        add_part(h, h->gate, h->z_gate_m, h->over, h->z_over_m, 80.0, "Country Road", "rural");
    tile_add_plain(h->t, road, false, false);
    tile_speed_signs(h->t, road);
    tile_curve_signs(h->t, road);
    tile_note_gate(h->t, h->edge, 0, road);
    return road;
}

// A rural road from gate to gate, over the motorway in the middle; now and then through a village.
static void add_crossing_road(tile *t, double x_m, double y_m, double z_m)
{
    double draw = bt_draw_unit(&t->draw);
    crossing_half h[2];
    for (int i = 0; i < 2; i++) {
        h[i] = (crossing_half){.t = t,
                               .edge = i == 0 ? TILE_SOUTH : TILE_NORTH,
                               .over = {x_m, y_m, 0.5 * BT_PI},
                               .z_over_m = z_m};
        if (!tile_gate(t, h[i].edge, 0, &h[i].gate, &h[i].z_gate_m)) return;
    }
    uint32_t south = add_half(&h[0], draw < 0.4);
    uint32_t north = add_half(&h[1], draw > 0.6);
    tile_link(t->layout, south, north);
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
