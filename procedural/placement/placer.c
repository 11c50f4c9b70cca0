// placer.c: prototypes, room, and putting things down.
#include "procedural/placement/placer.h"

#include "engine/core/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// ---- prototypes -------------------------------------------------------------------------------

void bt_placer_forget(bt_placer *p)
{
    for (int k = 0; k < BT_TREE_KIND_COUNT; k++) {
        for (int v = 0; v < BT_TREE_VARIANTS; v++)
            p->trees[k][v].mesh = p->far_trees[k][v].mesh = BT_NO_INDEX;
    }
    for (int v = 0; v < BT_GRASS_VARIANTS; v++) {
        for (int k = 0; k < 3; k++)
            p->grass[k][v].mesh = BT_NO_INDEX;
        p->weeds[v].mesh = BT_NO_INDEX;
    }
    for (int v = 0; v < BT_GROVE_VARIANTS; v++)
        p->groves[v].mesh = BT_NO_INDEX;
    for (int v = 0; v < BT_HEDGE_VARIANTS; v++)
        p->hedges[v].mesh = BT_NO_INDEX;
    for (int k = 0; k < BT_BUILDING_KIND_COUNT; k++) {
        for (int v = 0; v < BT_BUILDING_VARIANTS; v++)
            p->buildings[k][v].mesh = BT_NO_INDEX;
    }
    for (int k = 0; k < BT_PROP_KIND_COUNT; k++)
        p->props[k].mesh = BT_NO_INDEX;
    p->signal_models[0] = p->signal_models[1] = BT_NO_INDEX;
}

// Begins a prototype's piece: of what kind, which of them, and how it was made.
static bt_status begin(bt_placer *p, const char *what, int kind, uint32_t variant, int how,
                       void *made, size_t bytes, bool *found)
{
    char key[96];
    snprintf(key, sizeof key, "%s %d %u %d of %" PRIu64, what, kind, variant, how, p->params.seed);
    return bt_spec_begin_piece(p->spec, key, made, bytes, found);
}

bt_status bt_placer_tree(bt_placer *p, bt_tree_kind kind, uint32_t variant, bool far,
                         const bt_plant **plant)
{
    variant %= BT_TREE_VARIANTS;
    bt_plant *made = far ? &p->far_trees[kind][variant] : &p->trees[kind][variant];
    *plant = made;
    if (made->mesh != BT_NO_INDEX) return BT_OK;
    bool found;
    bt_status status = begin(p, "tree", (int)kind, variant, far, made, sizeof *made, &found);
    if (status || found) return status;
    status = bt_tree_build(p->spec, bt_tree_species_get(kind), p->params.seed,
                           (uint64_t)kind * 100 + variant, far ? BT_FAR_TREE_DETAIL : 1.0, made);
    return status ? status : bt_spec_end_piece(p->spec, made, sizeof *made);
}

bt_status bt_placer_grove(bt_placer *p, uint32_t variant, const bt_plant **plant)
{
    bt_plant *made = &p->groves[variant];
    *plant = made;
    if (made->mesh != BT_NO_INDEX) return BT_OK;
    bool found;
    bt_status status = begin(p, "grove", 0, variant, 0, made, sizeof *made, &found);
    if (status || found) return status;
    const bt_tree_species *broad[] = {bt_tree_species_get(BT_TREE_OAK),
                                      bt_tree_species_get(BT_TREE_MAPLE),
                                      bt_tree_species_get(BT_TREE_BIRCH)};
    const bt_tree_species *mixed[] = {bt_tree_species_get(BT_TREE_PINE),
                                      bt_tree_species_get(BT_TREE_SPRUCE),
                                      bt_tree_species_get(BT_TREE_OAK)};
    bt_grove_desc desc = {variant % 2 ? mixed : broad, 3, 26, 28.0, 0.022};
    status = bt_grove_build(p->spec, &desc, p->params.seed, 9000 + variant, made);
    return status ? status : bt_spec_end_piece(p->spec, made, sizeof *made);
}

bt_status bt_placer_prop(bt_placer *p, bt_prop_kind kind, const bt_prop **prop)
{
    *prop = &p->props[kind];
    if (p->props[kind].mesh != BT_NO_INDEX) return BT_OK;
    return bt_prop_build(p->spec, kind, &p->props[kind]);
}

bt_status bt_placer_building(bt_placer *p, bt_building_kind kind, uint32_t variant,
                             const bt_building **building)
{
    variant %= BT_BUILDING_VARIANTS;
    bt_building *made = &p->buildings[kind][variant];
    *building = made;
    if (made->mesh != BT_NO_INDEX) return BT_OK;
    bool found;
    bt_status status = begin(p, "building", (int)kind, variant, 0, made, sizeof *made, &found);
    if (status || found) return status;
    status = bt_building_build(p->spec, kind, p->params.seed, (uint64_t)kind * 100 + variant, made);
    return status ? status : bt_spec_end_piece(p->spec, made, sizeof *made);
}

// ---- room -------------------------------------------------------------------------------------

// The tile that holds a place; all that is outside is one.
static bt_placer_share *tile_at(const bt_placer *p, double x_m, double y_m)
{
    const bt_surroundings_window *w = p->params.window;
    uint32_t n = p->tiles_a_side;
    double ix = floor((x_m - w->low_x_m) / w->tile_m), iy = floor((y_m - w->low_y_m) / w->tile_m);
    if (!(ix >= 0.0 && iy >= 0.0 && ix < n && iy < n)) return &p->tiles[n * n];
    return &p->tiles[(uint32_t)iy * n + (uint32_t)ix];
}

static bool is_outside(const bt_placer *p, const bt_placer_share *tile)
{
    return tile == &p->tiles[p->tiles_a_side * p->tiles_a_side];
}

// A tile's share of what a window holds at most.
static uint32_t share(const bt_placer *p, uint32_t most)
{
    return most / (p->tiles_a_side * p->tiles_a_side);
}

bool bt_placer_room_at(const bt_placer *p, double x_m, double y_m, bool object)
{
    if (!p->tiles) return bt_placer_room(p, object);
    const bt_placer_share *tile = tile_at(p, x_m, y_m);
    // beyond the rim there are only the woods far away
    if (is_outside(p, tile)) return !object;
    return tile->statics < share(p, BT_PLACER_WINDOW_STATICS) &&
           (!object || tile->objects < share(p, BT_PLACER_MAX_OBJECTS));
}

bool bt_placer_take_tuft(bt_placer *p, double x_m, double y_m)
{
    if (!p->tiles) return p->tuft_count++ < BT_PLACER_MAX_TUFTS;
    bt_placer_share *tile = tile_at(p, x_m, y_m);
    return !is_outside(p, tile) && tile->tufts++ < share(p, BT_PLACER_WINDOW_TUFTS);
}

static bool take_tree(bt_placer *p, double x_m, double y_m)
{
    if (!p->tiles) return p->tree_count++ < BT_PLACER_MAX_TREES;
    bt_placer_share *tile = tile_at(p, x_m, y_m);
    return !is_outside(p, tile) && tile->trees++ < share(p, BT_PLACER_MAX_TREES);
}

bool bt_placer_room(const bt_placer *p, bool object)
{
    if (p->tiles) return true; // each tile has its own
    return p->result->static_count < BT_PLACER_MAX_STATICS &&
           (!object || p->result->object_count < BT_PLACER_MAX_OBJECTS);
}

bool bt_placer_disc_free(const bt_placer *p, double x_m, double y_m, double radius_m,
                         unsigned surfaces, double margin_m, unsigned taken)
{
    double distance, height;
    if (surfaces && bt_footprint_near(p->footprint, x_m, y_m, radius_m + margin_m, surfaces,
                                      &distance, &height))
        return false;
    return bt_occupancy_disc_free(&p->taken, x_m, y_m, radius_m, taken);
}

// Round its edge every metre and a half, and inside on a grid of three metres.
bool bt_placer_box_free(const bt_placer *p, double x_m, double y_m, double ux, double uy,
                        double half_length_m, double half_width_m, unsigned surfaces,
                        double margin_m, unsigned taken)
{
    int n = (int)(2.0 * half_length_m / 1.5) + 1, m = (int)(2.0 * half_width_m / 1.5) + 1;
    for (int i = 0; i <= n && surfaces; i++) {
        for (int k = 0; k <= m; k++) {
            bool edge = i == 0 || k == 0 || i == n || k == m;
            if (!edge && (i % 2 || k % 2)) continue;
            double a = half_length_m * (2.0 * i / n - 1.0), b = half_width_m * (2.0 * k / m - 1.0);
            double px = x_m + a * ux - b * uy, py = y_m + a * uy + b * ux, distance, height;
            if (bt_footprint_near(p->footprint, px, py, margin_m, surfaces, &distance, &height))
                return false;
        }
    }
    return bt_occupancy_box_free(&p->taken, x_m, y_m, ux, uy, half_length_m, half_width_m, taken);
}

double bt_placer_stand_height(const bt_placer *p, double x_m, double y_m)
{
    bt_footprint_hit hits[8];
    uint32_t count = bt_footprint_hits(p->footprint, x_m, y_m, hits, 8);
    double ground = bt_terrain_height(p->terrain, x_m, y_m);
    for (uint32_t i = count; i > 0; i--) {
        if (hits[i - 1].height_m < ground + 2.0) return hits[i - 1].height_m;
    }
    return ground;
}

double bt_placer_focus_distance(const bt_placer *p, double x_m, double y_m)
{
    if (p->params.focus_count == 0) return 0.0;
    double best2 = HUGE_VAL;
    for (size_t i = 0; i < p->params.focus_count; i++) {
        double dx = p->params.focus_world_m[i].x - x_m, dy = p->params.focus_world_m[i].y - y_m;
        best2 = fmin(best2, dx * dx + dy * dy);
    }
    return sqrt(best2);
}

// ---- keys -------------------------------------------------------------------------------------
// FNV-1a.
static uint64_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
    return hash;
}

uint64_t bt_placer_road_key(const bt_placer *p, uint32_t road)
{
    return p->tiles ? hash_text(bt_road_get(p->net, road)->id) : road;
}

uint64_t bt_placer_side_key(const bt_placer *p, size_t side)
{
    const bt_frontage *f = &p->frontage.sides[side];
    return p->tiles ? 2 * bt_placer_road_key(p, f->road) + (f->side > 0) : side;
}

uint64_t bt_placer_place_key(const bt_placer *p, double x_m, double y_m, uint64_t order)
{
    int64_t x = (int64_t)floor(64.0 * x_m), y = (int64_t)floor(64.0 * y_m);
    return p->tiles ? (uint64_t)x * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)y : order;
}

void bt_placer_bounds(const bt_placer *p, bt_vec3 *low, bt_vec3 *high)
{
    const bt_surroundings_window *w = p->params.window;
    bt_footprint_bounds(p->footprint, low, high);
    if (!w) return;
    *low = (bt_vec3){w->low_x_m, w->low_y_m, low->z};
    *high = (bt_vec3){w->high_x_m, w->high_y_m, high->z};
}

// ---- putting down -----------------------------------------------------------------------------

bt_status bt_placer_put(bt_placer *p, uint32_t mesh, bt_pose pose, double scale, const char *name,
                        bt_class class_id, bool object)
{
    p->last_object = BT_NO_INDEX;
    if (!bt_placer_room_at(p, pose.pos.x, pose.pos.y, object)) return BT_OK;
    uint32_t id = 0;
    bt_status status = BT_OK;
    if (object) status = bt_spec_add_object(p->spec, name, class_id, &id);
    if (status) return status;
    p->last_object = id;
    p->last_name = name;
    p->last_class = class_id;
    p->result->object_count += object;
    p->result->static_count++;
    if (p->tiles) {
        bt_placer_share *tile = tile_at(p, pose.pos.x, pose.pos.y);
        tile->statics++;
        tile->objects += object;
    }
    return bt_spec_add_static(p->spec, mesh, pose, scale, id);
}

bt_status bt_placer_put_tree(bt_placer *p, bt_tree_kind kind, uint32_t variant, bt_draw *draw,
                             double x_m, double y_m, double scale, bool far)
{
    double yaw = bt_draw_range(draw, 0.0, 2.0 * BT_PI), lean = bt_draw_about(draw, 0.0, 0.03);
    if (p->params.no_plants || !take_tree(p, x_m, y_m)) return BT_OK;
    const bt_plant *plant;
    bt_status status = bt_placer_tree(p, kind, variant, far, &plant);
    if (status) return status;
    bt_pose pose = {{x_m, y_m, bt_terrain_height(p->terrain, x_m, y_m)},
                    bt_quat_yaw_pitch_roll(yaw, lean, 0.0)};
    status = bt_occupancy_add_disc(&p->taken, x_m, y_m, 0.4, BT_TAKEN_SOLID);
    if (!status)
        status = bt_occupancy_add_disc(&p->taken, x_m, y_m, 0.55 * scale * plant->radius_m,
                                       BT_TAKEN_CROWN);
    if (status) return status;
    status = bt_placer_put(p, plant->mesh, pose, scale, bt_tree_species_get(kind)->name,
                           BT_CLASS_VEGETATION, true);
    return status ? status : bt_placer_stand_tree(p, kind, plant, pose, scale);
}

bt_status bt_placer_put_prop(bt_placer *p, bt_prop_kind kind, double x_m, double y_m,
                             double yaw_rad)
{
    const bt_prop *prop;
    bt_status status = bt_placer_prop(p, kind, &prop);
    if (status) return status;
    bt_pose pose = {{x_m, y_m, bt_placer_stand_height(p, x_m, y_m)},
                    bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, yaw_rad)};
    bool flat = prop->class_id == BT_CLASS_ROAD; // covers lie in the road: no thing of their own
    if (!flat) {
        double radius = prop->module_m > 0.0 ? 0.3 : prop->radius_m;
        status = bt_occupancy_add_disc(&p->taken, x_m, y_m, radius, BT_TAKEN_SOLID);
        if (status) return status;
    }
    status = bt_placer_put(p, prop->mesh, pose, 1.0, prop->name, prop->class_id, !flat);
    return status || flat ? status : bt_placer_stand_prop(p, kind, pose);
}
