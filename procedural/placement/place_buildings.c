// place_buildings.c: houses face the street at setbacks, with driveways, paths, hedges and garden
// trees; in the middle of town fronts stand close together at the sidewalk.
#include "procedural/placement/placer.h"

#include "engine/core/memory.h"
#include "procedural/mesh_builder.h"
#include "procedural/palette.h"
#include "procedural/placement/skyline.h"

#include <math.h>

typedef struct plot {
    bt_placer *p;
    bt_draw draw;
    bt_land_use land;
    const bt_building *building;
    bt_building_kind kind;
    uint32_t variant;
    // the building's frame: origin in the middle of the front, x along it, y into the plot
    bt_pose pose;
    double setback_m, gap_m, z;
} plot;

static bt_vec3 plot_point(const plot *q, double x, double y)
{
    return bt_pose_point(q->pose, (bt_vec3){x, y, 0.0});
}

static double plot_yaw(const plot *q)
{
    return bt_quat_yaw(q->pose.rot);
}

// ---- paved strips -----------------------------------------------------------------------------

// A strip of the plot from (x, y0) to (x, y1 > y0), `width` wide, laid on the ground every half metre.
static bt_status pave(plot *q, double x, double y0, double y1, double width, const char *material)
{
    int rows = (int)(fabs(y1 - y0) / 0.5) + 2, columns = 4;
    bt_mesh_builder mesh = {0};
    bt_vec3 origin = plot_point(q, x, y0);
    origin.z = q->z;
    for (int i = 0; i < rows; i++) {
        double y = bt_lerp(y0, y1, (double)i / (rows - 1));
        for (int k = 0; k <= columns; k++) {
            double u = width * ((double)k / columns - 0.5);
            bt_vec3 at = plot_point(q, x + u, y);
            at.z = bt_terrain_height(q->p->terrain, at.x, at.y) + 0.025;
            bt_mesh_add_vertex(&mesh, bt_vec3_sub(at, origin), (bt_vec3){0, 0, 1}, u, y);
        }
    }
    for (uint32_t i = 0; i + 1 < (uint32_t)rows; i++) {
        for (uint32_t k = 0; k < (uint32_t)columns; k++) {
            uint32_t a = i * ((uint32_t)columns + 1) + k, b = a + (uint32_t)columns + 1;
            bt_mesh_add_triangle(&mesh, a, a + 1, b + 1);
            bt_mesh_add_triangle(&mesh, a, b + 1, b);
        }
    }
    bt_palette_entry entry = {material, BT_CLASS_TERRAIN};
    bt_slot slot;
    uint32_t index;
    bt_status status = bt_palette_find(q->p->spec, &entry, 1, &slot);
    if (!status) status = bt_mesh_finish(&mesh, q->p->spec, "paving", &slot, 1, &index);
    bt_mesh_clear(&mesh);
    if (status) return status;
    bt_vec3 middle = plot_point(q, x, 0.5 * (y0 + y1));
    bt_vec3 ahead = bt_pose_dir(q->pose, (bt_vec3){0.0, 1.0, 0.0});
    status = bt_occupancy_add_box(&q->p->taken, middle.x, middle.y, ahead.x, ahead.y,
                                  0.5 * fabs(y1 - y0), 0.5 * width, BT_TAKEN_PAVED);
    if (status) return status;
    return bt_placer_put(q->p, index, (bt_pose){origin, BT_QUAT_IDENTITY}, 1.0, "paving",
                         BT_CLASS_TERRAIN, false);
}

static bt_status add_driveway(plot *q)
{
    double x = q->building->garage_x_m;
    if (isnan(x)) return BT_OK;
    static const char *const materials[] = {"sidewalk", "gravel", "asphalt_new", "parking_asphalt"};
    const char *material = materials[bt_draw_below(&q->draw, 4)];
    bt_status status = pave(q, x, -q->setback_m - 0.15, 1.6, 3.2, material);
    if (status || q->setback_m < 5.3) return status;
    bt_surroundings_result *result = q->p->result;
    status = BT_ARRAY_RESERVE(result->parking, q->p->parking_capacity, result->parking_count + 1);
    if (status) return status;
    bt_vec3 at = plot_point(q, x, -2.7);
    at.z = bt_terrain_height(q->p->terrain, at.x, at.y) + 0.025;
    double yaw = plot_yaw(q) + (bt_draw_chance(&q->draw, 0.6) ? 0.5 : -0.5) * BT_PI;
    bt_pose pose = {at, bt_quat_axis_angle((bt_vec3){0, 0, 1}, yaw)};
    result->parking[result->parking_count++] = (bt_parking_pose){pose, 5.2, 2.6};
    return BT_OK;
}

// ---- garden -----------------------------------------------------------------------------------

typedef struct border {
    uint32_t mesh;
    double module_m, turn_rad; // about z, from "runs along y" to the mesh's own way
    const char *name;
    bt_class class_id;
    bt_prop_kind prop; // BT_PROP_KIND_COUNT: a hedge
} border;

static bt_status put_module(plot *q, const border *b, bt_vec3 at, double yaw)
{
    at.z = bt_terrain_height(q->p->terrain, at.x, at.y) - 0.02;
    if (!bt_placer_disc_free(q->p, at.x, at.y, 0.4, BT_FOOTPRINT_VEHICLES | BT_FOOTPRINT_WALKS, 0.1,
                             BT_TAKEN_PAVED | BT_TAKEN_SOLID))
        return BT_OK;
    bt_pose pose = {at, bt_quat_axis_angle((bt_vec3){0, 0, 1}, yaw)};
    bt_status status = bt_occupancy_add_disc(&q->p->taken, at.x, at.y, 0.3, BT_TAKEN_SOLID);
    if (status) return status;
    status = bt_placer_put(q->p, b->mesh, pose, 1.0, b->name, b->class_id, true);
    bool felt = b->prop != BT_PROP_KIND_COUNT; // hedges let cars through
    return status || !felt ? status : bt_placer_stand_prop(q->p, b->prop, pose);
}

// Hedge (made of pieces along x), fence or wall (modules along y); none now and then.
static bt_status choose_border(plot *q, border *b)
{
    static const bt_prop_kind fences[] = {BT_PROP_FENCE_PICKET, BT_PROP_FENCE_BARS, BT_PROP_WALL,
                                          BT_PROP_FENCE_PLANK};
    double pick = bt_draw_unit(&q->draw);
    uint32_t variant = bt_draw_below(&q->draw, BT_HEDGE_VARIANTS);
    bt_status status = BT_OK;
    *b = (border){.mesh = BT_NO_INDEX};
    if (pick < 0.5 && !q->p->params.no_plants) {
        bt_plant *hedge = &q->p->hedges[variant];
        if (hedge->mesh == BT_NO_INDEX)
            status = bt_hedge_build(q->p->spec, 2.5, 0.55 + 0.1 * variant, 0.9 + 0.35 * variant,
                                    q->p->params.seed, variant, hedge);
        *b = (border){hedge->mesh,       2.45, 0.5 * BT_PI, "hedge", BT_CLASS_VEGETATION,
                      BT_PROP_KIND_COUNT};
    } else if (pick < 0.82) {
        const bt_prop *prop;
        // low in front of the house: boards only now and then
        bt_prop_kind kind = fences[bt_draw_below(&q->draw, pick < 0.55 ? 4 : 3)];
        status = bt_placer_prop(q->p, kind, &prop);
        *b = (border){prop->mesh, prop->module_m, 0.0, prop->name, prop->class_id, kind};
    }
    return status;
}

static bt_status line_border(plot *q, const border *b, double x0, double y0, double x1, double y1)
{
    double length = bt_hypot(x1 - x0, y1 - y0);
    int count = (int)(length / b->module_m);
    bt_vec3 from = plot_point(q, x0, y0), to = plot_point(q, x1, y1);
    double yaw = bt_atan2(to.y - from.y, to.x - from.x) - 0.5 * BT_PI + b->turn_rad;
    bt_status status = BT_OK;
    for (int i = 0; i < count && !status; i++) {
        bt_vec3 at = bt_vec3_lerp(from, to, (i + 0.5) * b->module_m / length);
        status = put_module(q, b, at, yaw);
    }
    return status;
}

static bt_status add_borders(plot *q)
{
    border front, sides;
    bt_status status = choose_border(q, &front);
    if (!status) status = choose_border(q, &sides);
    if (status) return status;
    double half = 0.5 * q->building->width_m + 0.5 * q->gap_m, back = q->building->depth_m + 7.0;
    double y = -q->setback_m + 0.45;
    if (front.mesh != BT_NO_INDEX && q->setback_m > 2.0)
        status = line_border(q, &front, half, y, -half, y);
    if (!status && sides.mesh != BT_NO_INDEX)
        status = line_border(q, &sides, half, y + 0.4, half, back);
    return status;
}

static bt_status garden_tree(plot *q, double x, double y, bool shrub)
{
    static const bt_tree_kind trees[] = {BT_TREE_YOUNG,  BT_TREE_MAPLE, BT_TREE_BIRCH,
                                         BT_TREE_SPRUCE, BT_TREE_YOUNG, BT_TREE_OAK};
    static const bt_tree_kind shrubs[] = {BT_TREE_SHRUB, BT_TREE_BUSH, BT_TREE_BUSH};
    bt_tree_kind kind =
        shrub ? shrubs[bt_draw_below(&q->draw, 3)] : trees[bt_draw_below(&q->draw, 6)];
    double scale = bt_draw_range(&q->draw, 0.6, shrub ? 1.1 : 0.95);
    bt_vec3 at = plot_point(q, x, y);
    double room = shrub ? 0.5 : 1.4;
    if (!bt_placer_disc_free(q->p, at.x, at.y, room, BT_FOOTPRINT_ALL, shrub ? 0.4 : 1.2,
                             BT_TAKEN_SOLID | BT_TAKEN_PAVED))
        return BT_OK;
    const bt_plant *plant;
    uint32_t variant = bt_draw_below(&q->draw, BT_TREE_VARIANTS);
    bt_status status = bt_placer_tree(q->p, kind, variant, false, &plant);
    if (status || !bt_placer_disc_free(q->p, at.x, at.y, scale * plant->radius_m,
                                       BT_FOOTPRINT_VEHICLES, 0.2, 0))
        return status;
    return bt_placer_put_tree(q->p, kind, variant, &q->draw, at.x, at.y, scale, false);
}

static bt_status add_garden(plot *q)
{
    double half = 0.5 * q->building->width_m + 0.5 * q->gap_m, depth = q->building->depth_m;
    bt_status status = BT_OK;
    for (int i = 0; i < 2 && !status && q->setback_m > 4.5; i++)
        if (bt_draw_chance(&q->draw, 0.45))
            status = garden_tree(q, bt_draw_about(&q->draw, 0.0, half - 1.0),
                                 -bt_draw_range(&q->draw, 2.3, q->setback_m - 1.5), false);
    uint32_t trees = bt_draw_below(&q->draw, 4);
    for (uint32_t i = 0; i < trees && !status; i++)
        status = garden_tree(q, bt_draw_about(&q->draw, 0.0, half),
                             depth + bt_draw_range(&q->draw, 3.5, 13.0), false);
    uint32_t shrubs = 2 + bt_draw_below(&q->draw, 6);
    for (uint32_t i = 0; i < shrubs && !status; i++) { // against the wall, mostly
        bool front = bt_draw_chance(&q->draw, 0.7);
        double x = bt_draw_about(&q->draw, 0.0, half - 0.6);
        double y = front ? -bt_draw_range(&q->draw, 0.9, fmax(1.0, q->setback_m - 0.8))
                         : bt_draw_range(&q->draw, 0.0, depth + 4.0);
        status = garden_tree(q, x, y, true);
    }
    return status;
}

static bt_status add_yard_things(plot *q)
{
    bt_status status = BT_OK;
    double front = -q->setback_m + 0.75;
    if (bt_draw_chance(&q->draw, 0.4)) {
        bt_vec3 at = plot_point(q, q->building->door_x_m[0] + 1.15, front);
        if (bt_placer_disc_free(q->p, at.x, at.y, 0.3, BT_FOOTPRINT_ALL, 0.1, BT_TAKEN_SOLID))
            status =
                bt_placer_put_prop(q->p, BT_PROP_MAILBOX, at.x, at.y, plot_yaw(q) - 0.5 * BT_PI);
    }
    uint32_t bins = bt_draw_below(&q->draw, 3);
    for (uint32_t i = 0; i < bins && !status; i++) {
        double side = isnan(q->building->garage_x_m) ? 0.42 * q->building->width_m
                                                     : q->building->garage_x_m + 2.2;
        bt_vec3 at = plot_point(q, side + 0.65 * i, -0.45);
        if (bt_placer_disc_free(q->p, at.x, at.y, 0.35, BT_FOOTPRINT_ALL, 0.2, BT_TAKEN_SOLID))
            status =
                bt_placer_put_prop(q->p, BT_PROP_WHEELED_BIN, at.x, at.y,
                                   plot_yaw(q) - 0.5 * BT_PI + bt_draw_about(&q->draw, 0.0, 0.2));
    }
    return status;
}

#define TOWER_SHARE 0.6 // of the places that would take one; few of them have the depth. Chosen

// ---- one house --------------------------------------------------------------------------------

static void choose_kind(plot *q)
{
    double pick = bt_draw_unit(&q->draw);
    if (q->land == BT_LAND_URBAN) {
        q->kind = pick < 0.5    ? BT_BUILDING_SHOPS
                  : pick < 0.85 ? BT_BUILDING_BLOCK
                                : BT_BUILDING_TERRACED;
        q->setback_m = q->kind == BT_BUILDING_SHOPS ? 0.12 : bt_draw_range(&q->draw, 0.3, 4.0);
        q->gap_m = bt_draw_chance(&q->draw, 0.6) ? 0.15 : bt_draw_range(&q->draw, 3.0, 9.0);
    } else if (q->land == BT_LAND_RESIDENTIAL) {
        q->kind = pick < 0.72   ? BT_BUILDING_DETACHED
                  : pick < 0.93 ? BT_BUILDING_TERRACED
                                : BT_BUILDING_BLOCK;
        q->setback_m = bt_draw_range(&q->draw, 3.5, 8.5);
        q->gap_m = bt_draw_range(&q->draw, 3.5, 9.0);
    } else { // farms and workshops, far apart
        q->kind = pick < 0.7 ? BT_BUILDING_DETACHED : BT_BUILDING_HALL;
        q->setback_m = bt_draw_range(&q->draw, 14.0, 38.0);
        q->gap_m = bt_draw_range(&q->draw, 30.0, 160.0);
    }
}

// Near the middle of a large town some houses are towers, as high as that place allows.
static void choose_tower(plot *q, const bt_frontage_place *place)
{
    bt_draw aside = bt_draw_aside(&q->draw, 1);
    if (q->land != BT_LAND_URBAN) return;
    double height = bt_skyline_height(q->p, place->edge_world_m.x, place->edge_world_m.y);
    if (height < BT_SKYLINE_LEAST_M || !bt_draw_chance(&aside, TOWER_SHARE)) return;
    double wanted = height * bt_draw_range(&aside, 0.6, 1.1);
    uint32_t variant = 0;
    while (variant + 1 < BT_BUILDING_VARIANTS && bt_building_tower_height_m(variant + 1) < wanted)
        variant++;
    q->kind = BT_BUILDING_TOWER;
    q->variant = variant;
    q->setback_m = bt_draw_range(&aside, 0.12, 3.0);
    q->gap_m = bt_draw_range(&aside, 0.15, 8.0);
}

// The lowest ground under the walls would leave the door in the air: a little below the middle.
static double base_height(const plot *q)
{
    double sum = 0.0, low = HUGE_VAL, half = 0.5 * q->building->width_m;
    for (int i = 0; i < 6; i++) {
        bt_vec3 at = plot_point(q, half * (i % 3 - 1), i < 3 ? 0.0 : q->building->depth_m);
        double z = bt_terrain_height(q->p->terrain, at.x, at.y);
        sum += z / 6.0;
        low = fmin(low, z);
    }
    return fmin(sum, low + 0.6);
}

static bt_status dress_plot(plot *q)
{
    bt_status status = BT_OK;
    if (q->land == BT_LAND_URBAN && q->setback_m < 2.0) return BT_OK;
    status = add_driveway(q);
    for (unsigned i = 0; i < q->building->door_count && !status && q->setback_m < 12.0; i++)
        status = pave(q, q->building->door_x_m[i], -q->setback_m - 0.15, -1.0, 1.25, "sidewalk");
    if (!status && q->land == BT_LAND_RESIDENTIAL) status = add_borders(q);
    if (!status && !q->p->params.no_plants) status = add_garden(q);
    if (!status && q->land == BT_LAND_RESIDENTIAL) status = add_yard_things(q);
    return status;
}

static bool plot_free(const plot *q)
{
    double half_w = 0.5 * q->building->width_m, half_d = 0.5 * q->building->depth_m;
    bt_vec3 middle = plot_point(q, 0.0, half_d);
    bt_vec3 x = bt_pose_dir(q->pose, (bt_vec3){1.0, 0.0, 0.0});
    double margin = q->land == BT_LAND_URBAN ? 0.08 : 1.2;
    return bt_placer_box_free(q->p, middle.x, middle.y, x.x, x.y, half_w, half_d, BT_FOOTPRINT_ALL,
                              margin, BT_TAKEN_SOLID | BT_TAKEN_PAVED | BT_TAKEN_PLOT);
}

static bt_status note_house(plot *q, bt_vec3 middle)
{
    bt_placer *p = q->p;
    if (q->kind == BT_BUILDING_HALL || q->kind == BT_BUILDING_TOWER)
        return BT_OK; // nobody sleeps there
    bt_status status = BT_ARRAY_RESERVE(p->houses, p->house_capacity, p->house_count + 1);
    if (!status) p->houses[p->house_count++] = middle;
    return status;
}

static bt_status build_plot(plot *q)
{
    double half_w = 0.5 * q->building->width_m, half_d = 0.5 * q->building->depth_m;
    bt_vec3 middle = plot_point(q, 0.0, half_d);
    bt_vec3 x = bt_pose_dir(q->pose, (bt_vec3){1.0, 0.0, 0.0});
    q->z = base_height(q);
    q->pose.pos.z = q->z;
    bt_status status = note_house(q, middle);
    if (!status)
        status = bt_occupancy_add_box(&q->p->taken, middle.x, middle.y, x.x, x.y, half_w + 0.1,
                                      half_d + 0.1, BT_TAKEN_SOLID);
    if (!status) {
        bt_vec3 garden = plot_point(q, 0.0, 0.5 * (q->building->depth_m - q->setback_m));
        status = bt_occupancy_add_box(&q->p->taken, garden.x, garden.y, x.x, x.y, half_w,
                                      0.5 * (q->building->depth_m + q->setback_m), BT_TAKEN_PLOT);
    }
    if (!status)
        status = bt_placer_put(q->p, q->building->mesh, q->pose, 1.0, "building", BT_CLASS_BUILDING,
                               true);
    const bt_placer_solid solid = {BT_STANDING_RIGID, half_w, half_d, q->building->height_m, 0.0};
    if (!status) status = bt_placer_stand(q->p, &solid, (bt_pose){middle, q->pose.rot});
    if (!status) status = dress_plot(q);
    return status;
}

// ---- along a side -----------------------------------------------------------------------------

static void place_plot(plot *q, const bt_frontage_place *place)
{
    // the front looks to the road: y is out, x is y turned right
    double yaw = bt_atan2(place->out_y, place->out_x) - 0.5 * BT_PI;
    q->pose.rot = bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, yaw);
    q->pose.pos =
        (bt_vec3){place->edge_world_m.x + q->setback_m * place->out_x,
                  place->edge_world_m.y + q->setback_m * place->out_y, place->edge_world_m.z};
}

static double share_of(const bt_placer *p, bt_land_use land)
{
    double share = land == BT_LAND_URBAN ? 0.97 : land == BT_LAND_RESIDENTIAL ? 0.93 : 0.5;
    return fmin(1.0, share * fmin(1.0, p->params.density));
}

static bt_status build_side(bt_placer *p, size_t index)
{
    const bt_frontage *side = &p->frontage.sides[index];
    if (side->land == BT_LAND_MOTORWAY) return BT_OK;
    const bt_frontage_place *places = p->frontage.places + side->first;
    plot q = {.p = p, .land = side->land};
    q.draw = bt_draw_begin(p->params.seed, BT_STREAM_PLACEMENT,
                           0x300000000u + bt_placer_side_key(p, index));
    double length = (double)side->count * BT_FRONTAGE_STEP_M;
    double s = bt_draw_range(&q.draw, 2.0, side->land == BT_LAND_RURAL ? 90.0 : 5.0);
    bt_status status = BT_OK;
    while (s < length && !status && bt_placer_room(p, true)) {
        choose_kind(&q);
        q.variant = bt_draw_below(&q.draw, BT_BUILDING_VARIANTS);
        choose_tower(&q, &places[(size_t)(s / BT_FRONTAGE_STEP_M)]);
        status = bt_placer_building(p, q.kind, q.variant, &q.building);
        if (status) break;
        size_t at = (size_t)((s + 0.5 * q.building->width_m) / BT_FRONTAGE_STEP_M);
        if (at >= side->count) break;
        place_plot(&q, &places[at]);
        bool wanted = bt_draw_chance(&q.draw, share_of(p, side->land));
        if (wanted && plot_free(&q)) {
            status = build_plot(&q);
            s += q.building->width_m + q.gap_m;
        } else {
            s += wanted ? 3.0 : q.building->width_m + q.gap_m;
        }
    }
    return status;
}

bt_status bt_place_buildings(bt_placer *p)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < p->frontage.side_count && !status; i++)
        status = build_side(p, i);
    return status;
}
