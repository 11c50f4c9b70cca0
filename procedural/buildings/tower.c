// tower.c: tiers of curtain wall with storeys behind.
#include "procedural/buildings/tower.h"

#include "procedural/buildings/building.h"
#include "procedural/buildings/glazing.h"
#include "procedural/buildings/roof.h"

#include <math.h>

#define BAY_M 1.5          // usual grid of curtain walls
#define SILL_M 0.7         // spandrels reach so far above a floor
#define CEILING_M 0.22     // below the next floor
#define CORE_ASIDE_M 6.5   // depth of offices: as far as daylight goes
#define OBSTACLE_FLOORS 10 // above 45 m towers carry obstacle lights (ICAO annex 14, from memory)

typedef struct tier {
    bt_mesh_builder *mesh;
    double x0, y0, x1, y1, low; // metres
    double core_x0, core_y0, core_x1, core_y1;
    int floors;
    bool piers; // of stone, every second bay, and spandrels likewise; else slim mullions
} tier;

unsigned bt_building_tower_floors(uint64_t index)
{
    static const unsigned floors[10] = {10, 12, 14, 16, 19, 22, 26, 30, 35, 40};
    return floors[index % 10];
}

double bt_building_tower_height_m(uint64_t index)
{
    return BT_PODIUM_M + bt_building_tower_floors(index) * BT_TOWER_STOREY_M;
}

// ---- curtain wall -----------------------------------------------------------------------------

static void add_storey_front(const tier *t, const bt_facade *f, int bays, double v, bt_draw *draw)
{
    double top = v + BT_TOWER_STOREY_M, sill = v + SILL_M;
    bt_facade_quad(f, 0.0, v, f->length_m, sill, 0.0, t->piers ? BT_WALL : BT_SPANDREL);
    bt_facade_box(f, 0.0, sill - 0.03, f->length_m, sill + 0.03, -0.03, 0.05, BT_MULLION);
    for (int i = 0; i < bays; i++) {
        double u0 = f->length_m * i / bays, u1 = f->length_m * (i + 1) / bays;
        bt_glazing_add_pane(f, (double[4]){u0, sill, u1, top}, 0.0, BT_TOWER_GLASS, draw);
        double blind = bt_draw_unit(draw); // some are down, some of the way
        if (blind < 0.14)
            bt_facade_quad(f, u0 + 0.04, top - (0.4 + 16.0 * blind), u1 - 0.04, top - CEILING_M,
                           -0.12, BT_CURTAIN);
    }
}

static void add_curtain_wall(const tier *t, bt_vec3 from, bt_vec3 to, bt_draw *draw)
{
    double height = t->floors * BT_TOWER_STOREY_M;
    bt_facade f = bt_facade_make(t->mesh, from, to, height);
    int bays = (int)fmax(round(f.length_m / BAY_M), 2.0);
    for (int i = 0; i < t->floors; i++)
        add_storey_front(t, &f, bays, i * BT_TOWER_STOREY_M, draw);
    for (int i = 1; i < bays; i++) {
        double u = f.length_m * i / bays, half = t->piers && i % 2 == 0 ? 0.3 : 0.03;
        bt_facade_box(&f, u - half, 0.0, u + half, height, -0.04, half > 0.1 ? 0.3 : 0.12,
                      half > 0.1 ? BT_WALL : BT_MULLION);
    }
    double corner = t->piers ? 0.4 : 0.15;
    bt_facade_box(&f, -corner, 0.0, corner, height, -corner, corner,
                  t->piers ? BT_WALL : BT_MULLION);
}

// ---- behind it --------------------------------------------------------------------------------

// A level face over a rectangle, facing up or down.
static void add_level(const tier *t, const double r[4], double z, bool up, bt_building_slot slot)
{
    bt_vec3 p[4] = {{r[0], r[1], z}, {r[2], r[1], z}, {r[2], r[3], z}, {r[0], r[3], z}};
    t->mesh->slot = (uint8_t)slot;
    if (up)
        bt_mesh_add_quad(t->mesh, p[0], p[1], p[2], p[3]);
    else
        bt_mesh_add_quad(t->mesh, p[3], p[2], p[1], p[0]);
}

static void add_partition(const tier *t, double x0, double y0, double x1, double y1)
{
    bt_facade f = bt_facade_make(t->mesh, (bt_vec3){x0, y0, t->low}, (bt_vec3){x1, y1, t->low},
                                 t->floors * BT_TOWER_STOREY_M);
    bt_facade_quad(&f, 0.0, 0.0, f.length_m, f.height_m, 0.0, BT_ROOM_WALL);
}

static void add_core(const tier *t)
{
    double height = t->floors * BT_TOWER_STOREY_M;
    bt_pose pose = {
        {0.5 * (t->core_x0 + t->core_x1), 0.5 * (t->core_y0 + t->core_y1), t->low + 0.5 * height},
        BT_QUAT_IDENTITY};
    t->mesh->slot = BT_ROOM_WALL_SECOND;
    bt_mesh_add_box(t->mesh, pose,
                    (bt_vec3){t->core_x1 - t->core_x0, t->core_y1 - t->core_y0, height});
    const double xs[2] = {t->core_x0, t->core_x1}, ys[2] = {t->core_y0, t->core_y1};
    for (int i = 0; i < 2; i++) { // corner rooms
        add_partition(t, xs[i], t->y0 + 0.15, xs[i], t->core_y0);
        add_partition(t, xs[i], t->core_y1, xs[i], t->y1 - 0.15);
        add_partition(t, t->x0 + 0.15, ys[i], t->core_x0, ys[i]);
        add_partition(t, t->core_x1, ys[i], t->x1 - 0.15, ys[i]);
    }
}

// Of eight rooms: tenants that work late, others that left; at nine in the evening a quarter of all. Chosen.
static void add_lamps(const tier *t, double z, bt_draw *draw)
{
    const double xs[4] = {t->x0, t->core_x0, t->core_x1, t->x1};
    const double ys[4] = {t->y0, t->core_y0, t->core_y1, t->y1};
    double busy = bt_draw_unit(draw);
    double late = busy < 0.12 ? 0.9 : busy < 0.5 ? 0.3 : 0.05;
    for (int i = 0; i < 9; i++) {
        int column = i % 3, row = i / 3;
        double pick = bt_draw_unit(draw);
        if (i == 4 || pick > 0.8) continue;
        bt_building_slot slot = pick < 0.03                 ? BT_OFFICE_LAMP_NIGHT
                                : pick < 0.03 + 0.77 * late ? BT_OFFICE_LAMP_LATE
                                                            : BT_OFFICE_LAMP;
        double r[4] = {xs[column] + 1.0, ys[row] + 1.0, xs[column + 1] - 1.0, ys[row + 1] - 1.0};
        int along_y = row == 1; // a strip along the window
        double middle = 0.5 * (r[along_y ? 0 : 1] + r[along_y ? 2 : 3]);
        r[along_y ? 0 : 1] = middle - 0.25;
        r[along_y ? 2 : 3] = middle + 0.25;
        add_level(t, r, z, false, slot);
    }
}

static void add_storeys(const tier *t, bt_draw *draw)
{
    const double plate[4] = {t->x0 + 0.1, t->y0 + 0.1, t->x1 - 0.1, t->y1 - 0.1};
    for (int i = 0; i < t->floors; i++) {
        double z = t->low + i * BT_TOWER_STOREY_M, ceiling = z + BT_TOWER_STOREY_M - CEILING_M;
        add_level(t, plate, z + 0.02, true, BT_ROOM_FLOOR);
        add_level(t, plate, ceiling, false, BT_CEILING);
        add_lamps(t, ceiling - 0.03, draw);
    }
}

static void add_tier(tier *t, bt_draw *draw)
{
    t->core_x0 = t->x0 + CORE_ASIDE_M, t->core_x1 = t->x1 - CORE_ASIDE_M;
    t->core_y0 = t->y0 + CORE_ASIDE_M, t->core_y1 = t->y1 - CORE_ASIDE_M;
    const bt_vec3 c[4] = {{t->x0, t->y0, t->low},
                          {t->x1, t->y0, t->low},
                          {t->x1, t->y1, t->low},
                          {t->x0, t->y1, t->low}};
    for (int i = 0; i < 4; i++)
        add_curtain_wall(t, c[i], c[(i + 1) % 4], draw);
    add_core(t);
    add_storeys(t, draw);
    double top = t->low + t->floors * BT_TOWER_STOREY_M;
    bt_pose pose = {{0.5 * (t->x0 + t->x1), 0.5 * (t->y0 + t->y1), top}, BT_QUAT_IDENTITY};
    bt_roof_add_parapet(t->mesh, pose, t->x1 - t->x0, t->y1 - t->y0, BT_SPANDREL);
}

// ---- roof -------------------------------------------------------------------------------------

// Louvres round the plant, cooling towers above them, a mast on high ones. Gives the highest point.
static double add_plant(const tier *t, bool high, bt_draw *draw)
{
    double top = t->low + t->floors * BT_TOWER_STOREY_M, tall = bt_draw_range(draw, 2.8, 4.5);
    bt_vec3 middle = {0.5 * (t->x0 + t->x1), 0.5 * (t->y0 + t->y1), top + 0.5 * tall};
    bt_vec3 size = {0.6 * (t->x1 - t->x0), 0.55 * (t->y1 - t->y0), tall};
    t->mesh->slot = BT_VENT;
    bt_mesh_add_box(t->mesh, (bt_pose){middle, BT_QUAT_IDENTITY}, size);
    t->mesh->slot = BT_GUTTER;
    for (int i = -1; i <= 1; i++) {
        bt_vec3 foot = {middle.x + i * 0.28 * size.x, middle.y, top + tall};
        bt_mesh_add_cylinder(t->mesh, foot, (bt_vec3){foot.x, foot.y, foot.z + 1.1}, 1.1, 1.0, 14);
    }
    double highest = top + tall + 1.1;
    if (!high) return highest;
    bt_vec3 foot = {middle.x, middle.y + 0.3 * size.y, top + tall};
    highest = foot.z + bt_draw_range(draw, 6.0, 14.0);
    bt_mesh_add_cylinder(t->mesh, foot, (bt_vec3){foot.x, foot.y, highest}, 0.2, 0.06, 8);
    return highest;
}

static void add_obstacle_lamps(const tier *t)
{
    double top = t->low + t->floors * BT_TOWER_STOREY_M + 0.75;
    const double xs[2] = {t->x0 + 0.2, t->x1 - 0.2}, ys[2] = {t->y0 + 0.2, t->y1 - 0.2};
    t->mesh->slot = BT_OBSTACLE_LAMP;
    for (int i = 0; i < 4; i++)
        bt_mesh_add_box(t->mesh, (bt_pose){{xs[i % 2], ys[i / 2], top}, BT_QUAT_IDENTITY},
                        (bt_vec3){0.3, 0.3, 0.3});
}

double bt_tower_add_shaft(bt_mesh_builder *mesh, const bt_tower_desc *desc, bt_draw *draw)
{
    int tiers = desc->floors < 13 ? 1 : desc->floors < 24 ? 2 : 3, left = (int)desc->floors;
    double in = bt_draw_range(draw, 1.0, 2.5);
    tier t = {.mesh = mesh,
              .x0 = desc->x0 + in,
              .y0 = desc->y0 + in,
              .x1 = desc->x1 - in,
              .y1 = desc->y1 - in,
              .low = desc->low_m};
    t.piers = bt_draw_chance(draw, 0.4);
    for (int i = 0; i < tiers; i++) {
        bool last = i + 1 == tiers;
        t.floors = last ? left : (int)(left * bt_draw_range(draw, 0.5, 0.75));
        left -= t.floors;
        add_tier(&t, draw);
        if (last) break;
        t.low += t.floors * BT_TOWER_STOREY_M;
        // it steps back at the front or all round, but keeps room for its core
        double front = bt_draw_range(draw, 1.2, 2.4), aside = bt_draw_range(draw, 0.0, 1.8);
        t.y0 += front, t.x0 += aside, t.x1 -= aside;
        t.y1 -= bt_draw_chance(draw, 0.5) ? front : 0.0;
    }
    if (desc->floors > OBSTACLE_FLOORS) add_obstacle_lamps(&t);
    return add_plant(&t, desc->floors > 25, draw);
}
