// building.c: what goes where on each kind of house.
#include "procedural/buildings/building.h"

#include "procedural/buildings/building_look.h"
#include "procedural/buildings/facade.h"
#include "procedural/buildings/roof.h"
#include "procedural/buildings/tower.h"

#include <math.h>
#include <string.h>

#define BELOW_M 1.0 // walls go this far below ground
#define MAX_FRONT 160

typedef struct house {
    bt_mesh_builder mesh;
    bt_draw draw;
    bt_window_style style;
    double width, depth, eave, floor, storey; // metres; floor: of the ground floor above ground
    int storeys;
    bt_building out;
} house;

typedef struct openings {
    bt_opening items[MAX_FRONT];
    size_t count;
} openings;

static void add_opening(openings *list, bt_opening_kind kind, double u, double z, double w,
                        double h)
{
    if (list->count >= MAX_FRONT) return;
    list->items[list->count++] =
        (bt_opening){kind, u - 0.5 * w, z + BELOW_M, u + 0.5 * w, z + h + BELOW_M};
}

// One wall between two plan points, down into the ground.
static void add_wall(house *h, double x0, double y0, double x1, double y1, double top,
                     const openings *list, bt_building_slot slot)
{
    bt_facade f = bt_facade_make(&h->mesh, (bt_vec3){x0, y0, -BELOW_M}, (bt_vec3){x1, y1, -BELOW_M},
                                 top + BELOW_M);
    bt_facade_add_wall(&f, list ? list->items : NULL, list ? list->count : 0, &h->style, slot,
                       &h->draw);
}

static void add_door_place(house *h, double x)
{
    if (h->out.door_count < BT_BUILDING_MAX_DOORS) h->out.door_x_m[h->out.door_count++] = x;
}

static void add_plinth(house *h, double x0, double y0, double x1, double y1)
{
    bt_facade f =
        bt_facade_make(&h->mesh, (bt_vec3){x0, y0, -BELOW_M}, (bt_vec3){x1, y1, -BELOW_M}, 1.0);
    bt_facade_box(&f, -0.02, 0.0, f.length_m + 0.02, BELOW_M + h->floor - 0.06, -0.05, 0.025,
                  BT_PLINTH);
}

// ---- one-family house -------------------------------------------------------------------------

// Evenly spaced windows on each floor; a door takes one place on the ground floor.
static void plan_wall(house *h, openings *list, double length, double spacing, int door_column)
{
    int columns = (int)(length / spacing + 0.3);
    if (columns < 1) columns = 1;
    double w = bt_clamp(0.42 * length / columns, 0.8, 1.7);
    for (int storey = 0; storey < h->storeys; storey++) {
        double z = h->floor + storey * h->storey;
        for (int i = 0; i < columns; i++) {
            double u = length * (i + 0.5) / columns;
            if (storey == 0 && i == door_column)
                add_opening(list, BT_OPENING_DOOR, u, z, 1.05, 2.15);
            else if (!bt_draw_chance(&h->draw, 0.08))
                add_opening(list, BT_OPENING_WINDOW, u, z + 0.85, w, 1.35);
        }
    }
}

// Lower, beside the house and a little behind its front; flat roof.
static void add_garage_wing(house *h)
{
    double w = bt_draw_chance(&h->draw, 0.35) ? 5.6 : 3.3, top = 2.65, depth = 6.2;
    double y = bt_draw_range(&h->draw, 0.3, 1.8);
    double side = bt_draw_chance(&h->draw, 0.5) ? 1.0 : -1.0;
    double x0 = side > 0.0 ? 0.5 * h->width : -0.5 * h->width - w, x1 = x0 + w;
    openings front = {.count = 0};
    add_opening(&front, BT_OPENING_GARAGE, 0.5 * w, 0.02, w - 0.8, 2.2);
    add_wall(h, x0, y, x1, y, top, &front, BT_WALL);
    add_wall(h, x1, y, x1, y + depth, top, NULL, BT_WALL);
    add_wall(h, x1, y + depth, x0, y + depth, top, NULL, BT_WALL);
    add_wall(h, x0, y + depth, x0, y, top, NULL, BT_WALL);
    bt_pose pose = {{0.5 * (x0 + x1), y + 0.5 * depth, top + 0.1}, BT_QUAT_IDENTITY};
    h->mesh.slot = BT_TRIM;
    bt_mesh_add_box(&h->mesh, pose, (bt_vec3){w + 0.24, depth + 0.24, 0.2});
    pose.pos.z += 0.11;
    h->mesh.slot = BT_FLAT_ROOF;
    bt_mesh_add_box(&h->mesh, pose, (bt_vec3){w + 0.1, depth + 0.1, 0.03});
    h->out.garage_x_m = 0.5 * (x0 + x1);
    h->out.width_m += 2.0 * w; // about the house's middle
}

static void add_house_roof(house *h)
{
    double pitch = bt_draw_range(&h->draw, 0.5, 0.82);
    bt_pose pose = {{0.0, 0.5 * h->depth, h->eave}, BT_QUAT_IDENTITY};
    bt_roof_desc desc = {h->width,
                         h->depth,
                         pitch,
                         bt_draw_range(&h->draw, 0.3, 0.6),
                         bt_draw_range(&h->draw, 0.12, 0.45),
                         BT_WALL,
                         &h->style};
    if (bt_draw_chance(&h->draw, 0.35)) desc.gable = BT_WALL_SECOND;
    double pick = bt_draw_unit(&h->draw), ridge;
    if (pick < 0.25 && h->width > h->depth + 0.8) {
        desc.pitch_rad = fmin(pitch, 0.6);
        ridge = bt_roof_add_hip(&h->mesh, pose, &desc);
    } else {
        if (pick > 0.72) { // gable to the street
            desc.length_m = h->depth;
            desc.depth_m = h->width;
            desc.pitch_rad = fmin(pitch, 0.7);
            pose.rot = bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, 0.5 * BT_PI);
        }
        ridge = bt_roof_add_gable(&h->mesh, pose, &desc, &h->draw);
    }
    h->out.height_m = h->eave + ridge;
    bt_vec3 foot = {bt_draw_about(&h->draw, 0.0, 0.25 * h->width),
                    0.5 * h->depth + bt_draw_about(&h->draw, 0.0, 0.8), 0.0};
    bt_roof_add_chimney(&h->mesh, foot, h->eave, h->out.height_m + 0.7, 0.55, 0.5);
}

static void add_four_walls(house *h, const openings walls[4], bt_building_slot slot)
{
    double x = 0.5 * h->width, y = h->depth;
    add_wall(h, -x, 0.0, x, 0.0, h->eave, &walls[0], slot);
    add_wall(h, x, 0.0, x, y, h->eave, &walls[1], slot);
    add_wall(h, x, y, -x, y, h->eave, &walls[2], slot);
    add_wall(h, -x, y, -x, 0.0, h->eave, &walls[3], slot);
    add_plinth(h, -x, 0.0, x, 0.0);
    add_plinth(h, x, 0.0, x, y);
    add_plinth(h, x, y, -x, y);
    add_plinth(h, -x, y, -x, 0.0);
}

// A small roof on two posts over the front door.
static void add_porch(house *h, double x)
{
    double top = h->floor + 2.55;
    bt_pose pose = {{x, -0.75, top}, BT_QUAT_IDENTITY};
    h->mesh.slot = BT_TRIM;
    bt_mesh_add_box(&h->mesh, pose, (bt_vec3){2.3, 1.6, 0.14});
    pose.pos.z += 0.09;
    h->mesh.slot = BT_FLAT_ROOF;
    bt_mesh_add_box(&h->mesh, pose, (bt_vec3){2.36, 1.66, 0.05});
    h->mesh.slot = BT_TRIM;
    for (int side = -1; side <= 1; side += 2)
        bt_mesh_add_cylinder(&h->mesh, (bt_vec3){x + side * 1.0, -1.4, -0.4},
                             (bt_vec3){x + side * 1.0, -1.4, top}, 0.06, 0.06, 10);
}

static void make_detached(house *h)
{
    h->width = bt_draw_range(&h->draw, 9.0, 13.0);
    h->depth = bt_draw_range(&h->draw, 7.8, 9.6);
    h->storeys = bt_draw_chance(&h->draw, 0.6) ? 2 : 1;
    h->eave = h->floor + h->storeys * h->storey;
    h->out.width_m = h->width;
    openings walls[4] = {0};
    int columns = (int)(h->width / 2.9 + 0.3),
        door = (int)bt_draw_below(&h->draw, (uint32_t)columns);
    plan_wall(h, &walls[0], h->width, 2.9, door);
    plan_wall(h, &walls[1], h->depth, 4.2, -1);
    plan_wall(h, &walls[2], h->width, 3.3, -1);
    plan_wall(h, &walls[3], h->depth, 4.2, -1);
    add_four_walls(h, walls, BT_WALL);
    add_door_place(h, h->width * ((door + 0.5) / columns - 0.5));
    if (bt_draw_chance(&h->draw, 0.5)) add_porch(h, h->out.door_x_m[0]);
    add_house_roof(h);
    if (bt_draw_chance(&h->draw, 0.65)) add_garage_wing(h);
}

// ---- a row ------------------------------------------------------------------------------------

static void make_terraced(house *h)
{
    int units = 3 + (int)bt_draw_below(&h->draw, 4);
    double unit = bt_draw_range(&h->draw, 5.4, 6.6);
    h->width = units * unit;
    h->depth = bt_draw_range(&h->draw, 8.0, 9.5);
    h->storeys = 2;
    h->eave = h->floor + 2.0 * h->storey;
    h->style.lintel = true;
    h->style.shutters = false;
    static const bt_building_slot fronts[3] = {BT_WALL, BT_WALL_SECOND, BT_WALL_THIRD};
    bool mixed = bt_draw_chance(&h->draw, 0.5), mirrored = bt_draw_chance(&h->draw, 0.5);
    double x = 0.5 * h->width;
    for (int i = 0; i < units; i++) {
        openings front = {.count = 0}, back = {.count = 0};
        double door = mirrored && i % 2 ? 0.78 * unit : 0.22 * unit, other = unit - door;
        add_opening(&front, BT_OPENING_DOOR, door, h->floor, 1.0, 2.2);
        add_door_place(h, -x + i * unit + door);
        add_opening(&front, BT_OPENING_WINDOW, other - 0.15 * (other - door), h->floor + 0.75, 1.9,
                    1.55);
        add_opening(&front, BT_OPENING_WINDOW, door, h->floor + h->storey + 0.8, 1.0, 1.45);
        add_opening(&front, BT_OPENING_WINDOW, other, h->floor + h->storey + 0.8, 1.2, 1.45);
        plan_wall(h, &back, unit, 2.7, -1);
        bt_building_slot slot = mixed ? fronts[bt_draw_below(&h->draw, 3)] : BT_WALL;
        double x0 = -x + i * unit, x1 = x0 + unit;
        add_wall(h, x0, 0.0, x1, 0.0, h->eave, &front, slot);
        add_wall(h, x1, h->depth, x0, h->depth, h->eave, &back, slot);
    }
    openings ends = {.count = 0}; // stairs and bathrooms
    for (int storey = 0; storey < h->storeys; storey++)
        add_opening(&ends, BT_OPENING_WINDOW, (storey ? 0.56 : 0.3) * h->depth,
                    h->floor + storey * h->storey + 1.1, 0.75, 1.1);
    add_wall(h, x, 0.0, x, h->depth, h->eave, &ends, BT_WALL);
    add_wall(h, -x, h->depth, -x, 0.0, h->eave, &ends, BT_WALL);
    add_plinth(h, -x, 0.0, x, 0.0);
    bt_pose pose = {{0.0, 0.5 * h->depth, h->eave}, BT_QUAT_IDENTITY};
    bt_roof_desc desc = {h->width, h->depth, bt_draw_range(&h->draw, 0.6, 0.8), 0.32, 0.12,
                         BT_WALL,  &h->style};
    double ridge = bt_roof_add_gable(&h->mesh, pose, &desc, &h->draw);
    h->out.height_m = h->eave + ridge;
    for (int i = 0; i <= units; i += 2)
        bt_roof_add_chimney(
            &h->mesh, (bt_vec3){-x + bt_clamp(i, 0.1, units - 0.1) * unit, 0.5 * h->depth, 0.0},
            h->eave, h->out.height_m + 0.9, 0.9, 0.5);
    h->out.width_m = h->width;
}

// ---- flats ------------------------------------------------------------------------------------

static void add_block_balconies(house *h, const bt_facade *f, int columns, int first_storey,
                                int every, int phase)
{
    for (int storey = first_storey; storey < h->storeys; storey++) {
        for (int i = phase; i < columns; i += every) {
            double u = f->length_m * (i + 0.5) / columns;
            bt_facade_add_balcony(f, u - 1.35, u + 1.35, h->floor + storey * h->storey + BELOW_M,
                                  1.35);
        }
    }
}

static void plan_block_front(house *h, openings *list, int columns, bool shops, int every,
                             int phase)
{
    int door = columns / 2;
    for (int storey = 0; storey < h->storeys; storey++) {
        double z = h->floor + storey * h->storey;
        for (int i = 0; i < columns; i++) {
            double u = h->width * (i + 0.5) / columns, bay = h->width / columns;
            if (storey == 0 && i == door) {
                add_opening(list, BT_OPENING_DOOR, u, z, 1.25, 2.3);
            } else if (storey == 0 && shops) {
                add_opening(list, BT_OPENING_SHOP, u, z + 0.1, bay - 0.5, 2.25);
            } else if (storey > 0 && every > 0 && i % every == phase) {
                add_opening(list, BT_OPENING_BALCONY, u, z + 0.02, 1.7, 2.2);
            } else {
                add_opening(list, BT_OPENING_WINDOW, u, z + 0.85, 1.35, 1.45);
            }
        }
    }
}

// From the outlets of a flat roof, on the side walls near their ends.
static void add_downpipes(house *h)
{
    double x = 0.5 * h->width + 0.06;
    h->mesh.slot = BT_GUTTER;
    for (int i = 0; i < 4; i++) {
        double side = i % 2 ? x : -x, y = i / 2 ? h->depth - 0.4 : 0.4;
        bt_mesh_add_cylinder(&h->mesh, (bt_vec3){side, y, -0.4}, (bt_vec3){side, y, h->eave - 0.25},
                             0.05, 0.05, 8);
        bt_pose head = {{side, y, h->eave - 0.15}, BT_QUAT_IDENTITY};
        bt_mesh_add_box(&h->mesh, head, (bt_vec3){0.16, 0.26, 0.24});
    }
}

static void make_block(house *h, bool shops)
{
    int columns = 5 + (int)bt_draw_below(&h->draw, 5);
    h->width = columns * bt_draw_range(&h->draw, 2.9, 3.4);
    h->depth = bt_draw_range(&h->draw, 10.5, 13.0);
    h->storeys = 3 + (int)bt_draw_below(&h->draw, shops ? 2 : 3);
    h->floor = shops ? 0.05 : 0.5;
    h->storey = shops ? 3.1 : 2.85;
    h->eave = h->floor + h->storeys * h->storey + 0.2;
    h->style.shutters = false;
    int every = bt_draw_chance(&h->draw, 0.75) ? 2 + (int)bt_draw_below(&h->draw, 2) : 0;
    openings walls[4] = {0};
    plan_block_front(h, &walls[0], columns, shops, every, 0);
    plan_wall(h, &walls[1], h->depth, 5.5, -1);
    plan_block_front(h, &walls[2], columns, false, every, 1);
    plan_wall(h, &walls[3], h->depth, 5.5, -1);
    add_four_walls(h, walls, BT_WALL);
    double x = 0.5 * h->width;
    bt_facade front = bt_facade_make(&h->mesh, (bt_vec3){-x, 0, -BELOW_M},
                                     (bt_vec3){x, 0, -BELOW_M}, h->eave + BELOW_M);
    bt_facade back = bt_facade_make(&h->mesh, (bt_vec3){x, h->depth, -BELOW_M},
                                    (bt_vec3){-x, h->depth, -BELOW_M}, h->eave + BELOW_M);
    if (every > 0) {
        add_block_balconies(h, &front, columns, 1, every, 0);
        add_block_balconies(h, &back, columns, 1, every, 1);
    }
    // a band between ground floor and flats
    double band = BELOW_M + h->floor + h->storey - 0.12;
    bt_facade_box(&front, 0.0, band, front.length_m, band + 0.1, 0.0, 0.04, BT_STEP);
    bt_pose pose = {{0.0, 0.5 * h->depth, h->eave}, BT_QUAT_IDENTITY};
    bt_roof_desc desc = {h->width, h->depth, 0.5, 0.5, 0.3, BT_WALL, NULL};
    bool flat = bt_draw_chance(&h->draw, 0.6);
    double top = flat ? bt_roof_add_flat(&h->mesh, pose, &desc, &h->draw)
                      : bt_roof_add_hip(&h->mesh, pose, &desc);
    if (flat) add_downpipes(h);
    h->out.height_m = h->eave + top;
    h->out.width_m = h->width;
    add_door_place(h, h->width * ((columns / 2 + 0.5) / columns - 0.5));
}

static void make_hall(house *h)
{
    h->width = bt_draw_range(&h->draw, 22.0, 38.0);
    h->depth = bt_draw_range(&h->draw, 14.0, 20.0);
    h->storeys = 1;
    h->floor = 0.1;
    h->eave = bt_draw_range(&h->draw, 5.0, 7.0);
    h->style.curtain_chance = 0.1;
    openings walls[4] = {0};
    int bays = (int)(h->width / 5.5);
    for (int i = 0; i < bays; i++) {
        double u = h->width * (i + 0.5) / bays;
        bool gate = i % 3 == 1;
        if (gate)
            add_opening(&walls[0], BT_OPENING_GARAGE, u, 0.02, 3.8, 4.0);
        else
            add_opening(&walls[0], BT_OPENING_WINDOW, u, h->eave - 1.9, 3.6, 1.1);
        add_opening(&walls[2], BT_OPENING_WINDOW, u, h->eave - 1.9, 3.6, 1.1);
    }
    for (int i = 1; i < 4; i += 2) {
        add_opening(&walls[i], BT_OPENING_GARAGE, 0.3 * h->depth, 0.02, 1.1, 2.15);
        add_opening(&walls[i], BT_OPENING_WINDOW, 0.65 * h->depth, h->eave - 1.9, 3.2, 1.1);
    }
    h->style.panes_across = 4;
    add_four_walls(h, walls, BT_WALL);
    bt_pose pose = {{0.0, 0.5 * h->depth, h->eave}, BT_QUAT_IDENTITY};
    bt_roof_desc desc = {h->width, h->depth, 0.16, 0.25, 0.2, BT_WALL, NULL};
    h->out.height_m = h->eave + bt_roof_add_gable(&h->mesh, pose, &desc, &h->draw);
    h->out.width_m = h->width;
}

// ---- towers -----------------------------------------------------------------------------------

// Shops or, beside and behind, windows; a storey of wide windows above.
static void plan_podium(openings *list, double length, bool front)
{
    int columns = (int)(length / 4.2);
    double bay = length / columns;
    for (int i = 0; i < columns; i++) {
        double u = bay * (i + 0.5);
        if (front && i == columns / 2)
            add_opening(list, BT_OPENING_DOOR, u, 0.05, 1.8, 2.6);
        else if (front)
            add_opening(list, BT_OPENING_SHOP, u, 0.15, bay - 0.7, 3.1);
        else
            add_opening(list, BT_OPENING_WINDOW, u, 1.0, bay - 1.2, 2.2);
        add_opening(list, BT_OPENING_WINDOW, u, BT_PODIUM_STOREY_M + 0.75, bay - 0.9, 2.5);
    }
}

static void make_tower(house *h, uint64_t index)
{
    h->width = bt_draw_range(&h->draw, 25.0, 31.0);
    h->depth = bt_draw_range(&h->draw, 24.0, 28.0);
    h->floor = 0.05;
    h->eave = BT_PODIUM_M;
    h->style.shutters = h->style.lintel = false;
    h->style.roller_chance = 0.0;
    openings walls[4] = {0};
    for (int i = 0; i < 4; i++)
        plan_podium(&walls[i], i % 2 ? h->depth : h->width, i == 0);
    add_four_walls(h, walls, BT_WALL);
    bt_pose roof = {{0.0, 0.5 * h->depth, h->eave}, BT_QUAT_IDENTITY};
    bt_roof_add_parapet(&h->mesh, roof, h->width, h->depth, BT_WALL);
    double x = 0.5 * h->width;
    bt_tower_desc desc = {-x, 0.0, x, h->depth, h->eave, bt_building_tower_floors(index)};
    h->out.height_m = bt_tower_add_shaft(&h->mesh, &desc, &h->draw);
    h->out.width_m = h->width;
    int columns = (int)(h->width / 4.2);
    add_door_place(h, h->width * ((columns / 2 + 0.5) / columns - 0.5));
}

static void choose_style(house *h, bool streaks)
{
    bt_draw *draw = &h->draw;
    h->style = (bt_window_style){.panes_across = 1 + (int)bt_draw_below(draw, 3),
                                 .panes_up = 1 + (int)bt_draw_below(draw, 2),
                                 .frame_m = bt_draw_range(draw, 0.05, 0.08),
                                 .recess_m = bt_draw_range(draw, 0.07, 0.16),
                                 .sill = true,
                                 .streaks = streaks,
                                 .shutters = bt_draw_chance(draw, 0.25),
                                 .lintel = bt_draw_chance(draw, 0.3),
                                 .curtain_chance = bt_draw_range(draw, 0.6, 0.95)};
    bt_draw aside = bt_draw_aside(draw, 4);
    if (!h->style.shutters && bt_draw_chance(&aside, 0.5)) h->style.roller_chance = 0.45;
    h->floor = bt_draw_range(draw, 0.25, 0.5);
    h->storey = bt_draw_range(draw, 2.65, 2.95);
}

bt_status bt_building_build(bt_spec *spec, bt_building_kind kind, uint64_t seed, uint64_t index,
                            bt_building *building)
{
    *building = (bt_building){.mesh = BT_NO_INDEX};
    house h = {.draw = bt_draw_begin(seed, BT_STREAM_BUILDING, index)};
    h.out.garage_x_m = (double)NAN;
    bt_slot slots[BT_BUILDING_SLOTS];
    bool streaks;
    bt_status status = bt_building_look(spec, &h.draw, slots, &streaks);
    if (status) return status;
    choose_style(&h, streaks && kind != BT_BUILDING_TOWER);
    if (kind == BT_BUILDING_TOWER) status = bt_building_look_tower(spec, &h.draw, slots);
    if (status) return status;
    switch (kind) {
    case BT_BUILDING_DETACHED:
        make_detached(&h);
        break;
    case BT_BUILDING_TERRACED:
        make_terraced(&h);
        break;
    case BT_BUILDING_BLOCK:
    case BT_BUILDING_SHOPS:
        make_block(&h, kind == BT_BUILDING_SHOPS);
        break;
    case BT_BUILDING_TOWER:
        make_tower(&h, index);
        break;
    case BT_BUILDING_HALL:
    case BT_BUILDING_KIND_COUNT:
        make_hall(&h);
        break;
    }
    h.out.depth_m = h.depth;
    status = bt_mesh_finish(&h.mesh, spec, "building", slots, BT_BUILDING_SLOTS, &h.out.mesh);
    bt_mesh_clear(&h.mesh);
    if (!status) *building = h.out;
    return status;
}

// ---- outlines from files ----------------------------------------------------------------------

static void add_outline_wall(house *h, bt_vec3 from, bt_vec3 to, double height)
{
    double length = bt_hypot(to.x - from.x, to.y - from.y);
    if (length < 0.05) return;
    openings list = {.count = 0};
    h->storeys = (int)bt_clamp((height - 0.6) / 3.0, 0.0, 30.0);
    h->floor = 0.3;
    h->storey = 3.0;
    if (length > 2.5) plan_wall(h, &list, length, 3.2, -1);
    bt_facade f = bt_facade_make(&h->mesh, (bt_vec3){from.x, from.y, from.z - BELOW_M},
                                 (bt_vec3){to.x, to.y, from.z - BELOW_M}, height + BELOW_M);
    bt_facade_add_wall(&f, list.items, list.count, &h->style, BT_WALL, &h->draw);
    bt_facade_box(&f, 0.0, height + BELOW_M, length, height + BELOW_M + 0.3, -0.22, 0.02, BT_STEP);
}

bt_status bt_building_from_outline(bt_spec *spec, const bt_vec3 *corners, size_t count,
                                   double height_m, uint64_t seed, uint64_t index, uint32_t *mesh)
{
    *mesh = BT_NO_INDEX;
    if (count < 3 || count > 1000 || !(height_m > 0.2))
        return bt_fail(BT_ERR_INPUT, "an outline of a building has 3 to 1000 corners and a height");
    house h = {.draw = bt_draw_begin(seed, BT_STREAM_BUILDING, index)};
    bt_slot slots[BT_BUILDING_SLOTS];
    bool streaks;
    bt_status status = bt_building_look(spec, &h.draw, slots, &streaks);
    if (status) return status;
    choose_style(&h, streaks);
    h.style.shutters = false;
    bt_vec3 top[1000];
    for (size_t i = 0; i < count; i++) {
        top[i] = corners[i];
        top[i].z += height_m;
        add_outline_wall(&h, corners[i], corners[(i + 1) % count], height_m);
    }
    h.mesh.slot = BT_FLAT_ROOF;
    bt_mesh_add_polygon(&h.mesh, top, count);
    status = bt_mesh_finish(&h.mesh, spec, "building", slots, BT_BUILDING_SLOTS, mesh);
    bt_mesh_clear(&h.mesh);
    return status;
}
