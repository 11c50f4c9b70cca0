// place_trees.c: rows along streets, groups and hedgerows along country roads, woods where the land
// is wooded, groves of far trees up to the ridges.
#include "procedural/placement/placer.h"

#include "procedural/terrain/noise.h"

#define NEAR_WOODS_M 230.0 // from the network's edge: single trees; farther out groves
#define FINE_TREE_M 70.0   // from cameras or edges: detailed ones

typedef struct row {
    bt_placer *p;
    const bt_frontage *side;
    const bt_frontage_place *places;
    bt_draw draw;
} row;

// Room for a trunk, and low branches clear of the lanes.
static bool tree_fits(const bt_placer *p, double x, double y, double low_radius, double trunk)
{
    return bt_placer_disc_free(p, x, y, trunk, BT_FOOTPRINT_ALL, 0.6,
                               BT_TAKEN_SOLID | BT_TAKEN_PAVED) &&
           bt_placer_disc_free(p, x, y, low_radius, BT_FOOTPRINT_VEHICLES, 0.3, 0);
}

// Scaled up, what hangs low hangs higher: then the reach of all below 4.5 m is on the safe side.
static double low_reach(const bt_plant *plant, double scale)
{
    return scale >= 0.85 ? plant->low_radius_m : plant->radius_m;
}

static bt_status try_tree(bt_placer *p, bt_tree_kind kind, bt_draw *draw, double x, double y,
                          double scale, bool far)
{
    const bt_plant *plant;
    uint32_t variant = bt_draw_below(draw, BT_TREE_VARIANTS);
    bt_status status = bt_placer_tree(p, kind, variant, far, &plant);
    if (status || !tree_fits(p, x, y, scale * low_reach(plant, scale), 0.5)) return status;
    return bt_placer_put_tree(p, kind, variant, draw, x, y, scale, far);
}

// ---- along roads ------------------------------------------------------------------------------

static bool every(const bt_frontage_place *place, double spacing)
{
    return floor(place->s_m / spacing) != floor((place->s_m - BT_FRONTAGE_STEP_M) / spacing);
}

// In the sidewalk, as near to the kerb as its low branches allow.
static bt_status sidewalk_tree(row *r, const bt_frontage_place *place, double scale)
{
    const bt_plant *plant;
    uint32_t variant = bt_draw_below(&r->draw, BT_TREE_VARIANTS);
    bt_status status = bt_placer_tree(r->p, BT_TREE_YOUNG, variant, false, &plant);
    if (status) return status;
    double reach = scale * plant->low_radius_m, out = fmax(1.0, reach + 0.15) - place->kerb_m;
    double x = place->edge_world_m.x + out * place->out_x;
    double y = place->edge_world_m.y + out * place->out_y;
    if (!bt_placer_disc_free(r->p, x, y, reach, BT_FOOTPRINT_VEHICLES, 0.1, 0) ||
        !bt_occupancy_disc_free(&r->p->taken, x, y, 0.5, BT_TAKEN_SOLID | BT_TAKEN_PAVED))
        return BT_OK;
    return bt_placer_put_tree(r->p, BT_TREE_YOUNG, variant, &r->draw, x, y, scale, false);
}

// Street trees in wide sidewalks, and just behind narrow ones.
static bt_status urban_row(row *r, const bt_frontage_place *place, bt_tree_kind kind, bool planted)
{
    if (!planted || !every(place, 14.0) || place->end_m < 10.0) return BT_OK;
    double scale = bt_draw_range(&r->draw, 0.9, 1.2);
    if (place->walk_m > 2.6) return sidewalk_tree(r, place, scale);
    double x = place->edge_world_m.x + 1.3 * place->out_x;
    double y = place->edge_world_m.y + 1.3 * place->out_y;
    return try_tree(r->p, kind, &r->draw, x, y, scale * 0.8, false);
}

static bt_status country_row(row *r, const bt_frontage_place *place, bt_tree_kind kind, bool alley)
{
    uint64_t seed = r->p->params.seed;
    double density = r->p->params.density;
    double x0 = place->edge_world_m.x, y0 = place->edge_world_m.y;
    double belt =
        bt_noise_fbm2(seed + 31 + (uint64_t)(r->side->side + 1), x0 / 90.0, y0 / 90.0, 2, 0.5);
    bt_status status = BT_OK;
    if (alley && every(place, 13.0)) {
        double out = bt_draw_range(&r->draw, 5.2, 6.0);
        status = try_tree(r->p, kind, &r->draw, x0 + out * place->out_x, y0 + out * place->out_y,
                          bt_draw_range(&r->draw, 0.85, 1.15), false);
    }
    if (status || belt < -0.02) return status;
    // a belt of trees with shrubs at its foot
    int count = (int)(3.0 * density * bt_draw_unit(&r->draw) + 0.6);
    for (int i = 0; i < count && !status; i++) {
        static const bt_tree_kind mixed[] = {BT_TREE_OAK,   BT_TREE_MAPLE, BT_TREE_BIRCH,
                                             BT_TREE_PINE,  BT_TREE_SHRUB, BT_TREE_SHRUB,
                                             BT_TREE_SHRUB, BT_TREE_BUSH,  BT_TREE_POPLAR};
        bt_tree_kind pick = mixed[bt_draw_below(&r->draw, 9)];
        bool low = pick == BT_TREE_SHRUB || pick == BT_TREE_BUSH;
        double out = low ? bt_draw_range(&r->draw, 5.0, 15.0) : bt_draw_range(&r->draw, 8.5, 30.0);
        double slide = bt_draw_about(&r->draw, 0.0, 3.0);
        status = try_tree(r->p, pick, &r->draw, x0 + out * place->out_x - slide * place->out_y,
                          y0 + out * place->out_y + slide * place->out_x,
                          bt_draw_range(&r->draw, 0.7, 1.2), false);
    }
    return status;
}

static bt_status plant_side(bt_placer *p, size_t index)
{
    static const bt_tree_kind rows[] = {BT_TREE_MAPLE, BT_TREE_OAK, BT_TREE_POPLAR, BT_TREE_BIRCH,
                                        BT_TREE_MAPLE};
    const bt_frontage *side = &p->frontage.sides[index];
    row r = {.p = p, .side = side, .places = p->frontage.places + side->first};
    // one kind along a road, on both sides
    bt_draw both = bt_draw_begin(p->params.seed, BT_STREAM_PLACEMENT,
                                 0x400000000u + bt_placer_road_key(p, side->road));
    bt_tree_kind kind = rows[bt_draw_below(&both, 5)];
    bool planted = bt_draw_chance(&both, 0.6), alley = bt_draw_chance(&both, 0.45);
    r.draw = bt_draw_begin(p->params.seed, BT_STREAM_PLACEMENT,
                           0x500000000u + bt_placer_side_key(p, index));
    bt_status status = BT_OK;
    for (size_t i = 0; i < side->count && !status; i++) {
        bool town = side->land == BT_LAND_URBAN || side->land == BT_LAND_RESIDENTIAL;
        if (town)
            status = urban_row(&r, &r.places[i], kind, planted);
        else
            status = country_row(&r, &r.places[i], kind, alley && side->land == BT_LAND_RURAL);
    }
    return status;
}

// ---- woods ------------------------------------------------------------------------------------

static bt_tree_kind wood_kind(bt_draw *draw, double conifers)
{
    static const bt_tree_kind broad[] = {BT_TREE_OAK, BT_TREE_MAPLE, BT_TREE_BIRCH,
                                         BT_TREE_OAK, BT_TREE_MAPLE, BT_TREE_SHRUB};
    static const bt_tree_kind needles[] = {BT_TREE_PINE, BT_TREE_SPRUCE, BT_TREE_PINE,
                                           BT_TREE_BIRCH};
    if (bt_draw_chance(draw, conifers)) return needles[bt_draw_below(draw, 4)];
    return broad[bt_draw_below(draw, 6)];
}

// One place of the jittered grid of single trees.
static bt_status wood_place(bt_placer *p, double cell, int64_t ix, int64_t iy)
{
    uint64_t index = 0x600000000u + (uint64_t)(ix + 100000) * 1000003u + (uint64_t)(iy + 100000);
    bt_draw draw = bt_draw_begin(p->params.seed, BT_STREAM_PLACEMENT, index);
    double x = ((double)ix + bt_draw_unit(&draw)) * cell,
           y = ((double)iy + bt_draw_unit(&draw)) * cell;
    double wood = bt_terrain_forest(p->terrain, x, y);
    double chance = (0.03 + 0.85 * wood) * p->params.density;
    if (p->built_up) chance *= 0.6;
    if (!bt_draw_chance(&draw, chance)) return BT_OK;
    double d = bt_terrain_edge_distance(p->terrain, x, y);
    if (d < 9.0 || d > NEAR_WOODS_M) return BT_OK;
    double conifers = 0.25 + 0.6 * bt_noise2(p->params.seed + 40, x / 240.0, y / 240.0);
    bt_tree_kind kind = wood_kind(&draw, conifers);
    bool far =
        d > FINE_TREE_M || bt_placer_focus_distance(p, x, y) > p->params.focus_radius_m + 60.0;
    if (!bt_occupancy_disc_free(&p->taken, x, y, 1.2, BT_TAKEN_SOLID | BT_TAKEN_PAVED))
        return BT_OK;
    return try_tree(p, kind, &draw, x, y, bt_draw_range(&draw, 0.75, 1.2), far);
}

static bt_status plant_woods(bt_placer *p)
{
    bt_vec3 low, high;
    bt_placer_bounds(p, &low, &high);
    double reach = NEAR_WOODS_M, cell = 7.0;
    double area = (high.x - low.x + 2.0 * reach) * (high.y - low.y + 2.0 * reach);
    cell = fmax(cell, sqrt(area / 150000.0));
    bt_status status = BT_OK;
    int64_t x1 = (int64_t)ceil((high.x + reach) / cell),
            y1 = (int64_t)ceil((high.y + reach) / cell);
    for (int64_t iy = (int64_t)floor((low.y - reach) / cell); iy <= y1 && !status; iy++) {
        for (int64_t ix = (int64_t)floor((low.x - reach) / cell); ix <= x1 && !status; ix++)
            status = wood_place(p, cell, ix, iy);
    }
    return status;
}

// ---- groves -----------------------------------------------------------------------------------

// Far away every second cell does, with larger trees.
#define THIN_GROVES_M 1300.0

typedef struct grove_grid {
    bt_vec3 centre, middle;            // of the grid's cell 0, of what is covered
    double half_m, cell_m, share;      // share of the wooded cells that the bound allows
    int64_t n, from_x, from_y, offset; // cells each way from the middle one; for their keys
    uint32_t count;
} grove_grid;

static grove_grid make_grove_grid(const bt_placer *p)
{
    grove_grid g = {.share = 1.0};
    g.centre = g.middle = bt_terrain_centre(p->terrain, &g.half_m);
    g.cell_m = fmax(44.0, 2.0 * g.half_m / 260.0);
    g.n = (int64_t)(g.half_m / g.cell_m);
    g.offset = g.n;
    if (p->tiles) { // the same cells in every window: even ones, so that thinning does not shift
        g.from_x = 2 * (int64_t)floor(g.centre.x / (2.0 * g.cell_m));
        g.from_y = 2 * (int64_t)floor(g.centre.y / (2.0 * g.cell_m));
        g.centre = (bt_vec3){0.0, 0.0, 0.0};
        g.offset = 1 << 20;
    }
    double cells = 0.5 * BT_PI * (double)g.n * (double)g.n; // thinned, mostly
    g.share = fmin(1.0, BT_PLACER_MAX_GROVES / (0.8 * cells));
    return g;
}

static bt_status grove_place(bt_placer *p, grove_grid *g, int64_t ix, int64_t iy)
{
    uint64_t index =
        0x700000000u + (uint64_t)(ix + g->offset) * 1000003u + (uint64_t)(iy + g->offset);
    bt_draw draw = bt_draw_begin(p->params.seed, BT_STREAM_PLACEMENT, index);
    double x = g->centre.x + ((double)ix + bt_draw_unit(&draw)) * g->cell_m;
    double y = g->centre.y + ((double)iy + bt_draw_unit(&draw)) * g->cell_m;
    double d = bt_terrain_edge_distance(p->terrain, x, y);
    bool thin = d > THIN_GROVES_M;
    if (d < NEAR_WOODS_M - 20.0 || bt_hypot(x - g->middle.x, y - g->middle.y) > g->half_m)
        return BT_OK;
    if (thin && ((ix + iy) & 1)) return BT_OK;
    double wood = bt_terrain_forest(p->terrain, x, y);
    if (!bt_draw_chance(&draw, (0.06 + 0.94 * wood) * g->share)) return BT_OK;
    double conifers = 0.5 + bt_noise2(p->params.seed + 40, x / 240.0, y / 240.0);
    uint32_t variant = 2 * bt_draw_below(&draw, BT_GROVE_VARIANTS / 2);
    if (bt_draw_chance(&draw, conifers)) variant++;
    const bt_plant *plant;
    bt_status status = bt_placer_grove(p, variant, &plant);
    if (status) return status;
    double scale = bt_clamp(g->cell_m / 44.0, 1.0, 1.6) * bt_draw_range(&draw, 0.85, 1.15);
    if (thin) scale *= 1.3;
    bt_pose pose = {{x, y, bt_terrain_height(p->terrain, x, y) - 0.8},
                    bt_quat_axis_angle((bt_vec3){0, 0, 1}, bt_draw_range(&draw, 0.0, 2.0 * BT_PI))};
    g->count++;
    return bt_placer_put(p, plant->mesh, pose, scale, "grove", BT_CLASS_VEGETATION, false);
}

static bt_status plant_groves(bt_placer *p)
{
    grove_grid g = make_grove_grid(p);
    bt_status status = BT_OK;
    for (int64_t iy = g.from_y - g.n; iy <= g.from_y + g.n && !status; iy++) {
        for (int64_t ix = g.from_x - g.n;
             ix <= g.from_x + g.n && !status && g.count < 2 * BT_PLACER_MAX_GROVES; ix++)
            status = grove_place(p, &g, ix, iy);
    }
    return status;
}

bt_status bt_place_trees(bt_placer *p)
{
    if (p->params.no_plants) return BT_OK;
    bt_status status = BT_OK;
    for (size_t i = 0; i < p->frontage.side_count && !status; i++)
        status = plant_side(p, i);
    if (!status) status = plant_woods(p);
    if (!status && !p->params.only_standing) status = plant_groves(p);
    return status;
}
