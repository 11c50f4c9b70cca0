// place_verges.c: grass of real blades near the road, weeds at its edge; density falls with
// distance, the whole number is bounded.
#include "procedural/placement/placer.h"

#include "procedural/terrain/noise.h"

#include <math.h>

enum { LAWN, MEADOW, TALL };

static bt_status grass_prototype(bt_placer *p, int kind, uint32_t variant, const bt_plant **plant)
{
    static const bt_grass_desc kinds[3] = {[LAWN] = {0.75, 0.055, 0.12, 700},
                                           [MEADOW] = {0.75, 0.15, 0.3, 640},
                                           [TALL] = {0.8, 0.34, 0.5, 520}};
    bt_plant *made = &p->grass[kind][variant];
    *plant = made;
    if (made->mesh != BT_NO_INDEX) return BT_OK;
    return bt_grass_build(p->spec, &kinds[kind], p->params.seed, (uint64_t)kind * 10 + variant,
                          made);
}

// The ground's tilt at a place, so that patches lie on slopes.
static bt_quat ground_tilt(const bt_terrain *t, double x, double y, double yaw)
{
    double e = 0.6;
    double dx = bt_terrain_height(t, x + e, y) - bt_terrain_height(t, x - e, y);
    double dy = bt_terrain_height(t, x, y + e) - bt_terrain_height(t, x, y - e);
    bt_vec3 up = bt_vec3_normalize((bt_vec3){-dx, -dy, 2.0 * e});
    bt_vec3 side = bt_vec3_normalize(bt_vec3_cross(up, (bt_vec3){-bt_sin(yaw), bt_cos(yaw), 0.0}));
    return bt_quat_from_axes(side, bt_vec3_cross(up, side), up);
}

static bt_status put_patch(bt_placer *p, const bt_plant *plant, bt_draw *draw, double x, double y,
                           double scale)
{
    if (!bt_placer_take_tuft(p, x, y)) return BT_OK;
    bt_pose pose = {{x, y, bt_terrain_height(p->terrain, x, y) - 0.01},
                    ground_tilt(p->terrain, x, y, bt_draw_range(draw, 0.0, 2.0 * BT_PI))};
    return bt_placer_put(p, plant->mesh, pose, scale, "grass", BT_CLASS_TERRAIN, false);
}

// Kept short where people walk.
static bool is_lawn(const bt_placer *p, const bt_edge_sample *edge)
{
    double distance, height;
    return bt_footprint_near(p->footprint, edge->pos_world_m.x, edge->pos_world_m.y, 20.0,
                             BT_FOOTPRINT_WALKS, &distance, &height);
}

static int grass_kind(const bt_placer *p, bool lawn, double out, double x, double y)
{
    double wild = bt_noise_fbm2(p->params.seed + 50, x / 14.0, y / 14.0, 3, 0.6);
    if (lawn) return wild > 0.35 ? MEADOW : LAWN;
    if (out < 1.2) return MEADOW; // mown beside the road
    return wild > 0.02 ? TALL : MEADOW;
}

// One patch at a random place beside a piece of edge.
static bt_status try_patch(bt_placer *p, const bt_edge_sample *edge, bool lawn, bt_draw *draw,
                           double reach)
{
    // more of them close by
    double u = bt_draw_unit(draw), out = 0.3 + (reach - 0.3) * u * (0.35 + 0.65 * u);
    double slide = bt_draw_about(draw, 0.0, 0.5 * edge->length_m);
    double x = edge->pos_world_m.x + out * edge->out_x - slide * edge->out_y;
    double y = edge->pos_world_m.y + out * edge->out_y + slide * edge->out_x;
    uint32_t variant = bt_draw_below(draw, BT_GRASS_VARIANTS);
    double scale = bt_draw_range(draw, 0.75, 1.25);
    double distance, height;
    if (bt_footprint_near(p->footprint, x, y, 0.45, BT_FOOTPRINT_ALL, &distance, &height) &&
        distance < 0.25)
        return BT_OK;
    if (!bt_occupancy_disc_free(&p->taken, x, y, 0.45, BT_TAKEN_SOLID | BT_TAKEN_PAVED))
        return BT_OK;
    bt_ground_cover cover = bt_terrain_cover(p->terrain, x, y);
    if (cover != BT_COVER_GRASS && cover != BT_COVER_DRY_GRASS) return BT_OK;
    const bt_plant *plant;
    bt_status status = grass_prototype(p, grass_kind(p, lawn, out, x, y), variant, &plant);
    if (status) return status;
    return put_patch(p, plant, draw, x, y, scale);
}

static bt_status try_weed(bt_placer *p, const bt_edge_sample *edge, bt_draw *draw)
{
    double out = bt_draw_range(draw, -0.02, 0.5);
    double slide = bt_draw_about(draw, 0.0, 0.5 * edge->length_m);
    double x = edge->pos_world_m.x + out * edge->out_x - slide * edge->out_y;
    double y = edge->pos_world_m.y + out * edge->out_y + slide * edge->out_x;
    uint32_t variant = bt_draw_below(draw, BT_GRASS_VARIANTS);
    bt_plant *made = &p->weeds[variant];
    bt_status status = BT_OK;
    if (made->mesh == BT_NO_INDEX) status = bt_weed_build(p->spec, p->params.seed, variant, made);
    if (status) return status;
    if (!bt_placer_disc_free(p, x, y, 0.02, BT_FOOTPRINT_VEHICLES, 0.03, BT_TAKEN_SOLID))
        return BT_OK;
    return put_patch(p, made, draw, x, y, bt_draw_range(draw, 0.5, 1.2));
}

// The edges that get grass: near the cameras when those are known.
#define WINDOW_EDGES 3.0

static bool wanted(const bt_placer *p, const bt_edge_sample *edge)
{
    if (p->params.focus_count == 0) return true;
    return bt_placer_focus_distance(p, edge->pos_world_m.x, edge->pos_world_m.y) <
           fmin(p->params.focus_radius_m, 90.0);
}

bt_status bt_place_verges(bt_placer *p)
{
    if (p->params.no_plants) return BT_OK;
    uint32_t count = bt_footprint_edge_count(p->footprint);
    double length = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        const bt_edge_sample *edge = bt_footprint_edge(p->footprint, i);
        if (wanted(p, edge)) length += edge->length_m;
    }
    // patches per metre of edge that the bound allows; 14 cover the near verge
    double per_m = fmin(14.0 * p->params.density, 0.9 * BT_PLACER_MAX_TUFTS / fmax(length, 1.0));
    // in a window not what is loaded decides: the edges of a road straight through, with room for bends
    if (p->tiles)
        per_m = fmin(14.0 * p->params.density,
                     0.9 * BT_PLACER_WINDOW_TUFTS /
                         (WINDOW_EDGES * p->tiles_a_side * p->params.window->tile_m));
    double reach = per_m > 8.0 ? 14.0 : per_m > 4.0 ? 9.0 : 6.0;
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < count && !status; i++) {
        const bt_edge_sample *edge = bt_footprint_edge(p->footprint, i);
        if (!wanted(p, edge)) continue;
        bt_draw draw = bt_draw_begin(
            p->params.seed, BT_STREAM_PLACEMENT,
            0x800000000u + bt_placer_place_key(p, edge->pos_world_m.x, edge->pos_world_m.y, i));
        bool lawn = is_lawn(p, edge);
        int patches = (int)(per_m * edge->length_m + bt_draw_unit(&draw));
        for (int k = 0; k < patches && !status; k++)
            status = try_patch(p, edge, lawn, &draw, reach);
        bool weedy = bt_noise2(p->params.seed + 51, edge->pos_world_m.x / 7.0,
                               edge->pos_world_m.y / 7.0) > 0.05;
        if (!status && weedy && bt_draw_chance(&draw, fmin(0.35, 0.06 * per_m)))
            status = try_weed(p, edge, &draw);
    }
    return status;
}
