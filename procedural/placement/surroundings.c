// surroundings.c: the order in which the surroundings are made.
#include "procedural/placement/surroundings.h"

#include "engine/core/memory.h"
#include "engine/road/road_mesh.h"
#include "procedural/placement/placer.h"
#include "procedural/surfaces/bridge.h"
#include "procedural/surfaces/road_surface.h"
#include "procedural/surfaces/tunnel.h"

#include <math.h>
#include <string.h>

#define SIDE_DEPTH_M 0.4

static void fill_params(const bt_surroundings_params *params, bt_surroundings_params *out)
{
    *out = params ? *params : (bt_surroundings_params){0};
    if (!(out->density > 0.0)) out->density = 1.0;
    out->density = bt_clamp(out->density, 0.05, 2.0);
    if (!(out->focus_radius_m > 0.0)) out->focus_radius_m = 120.0;
    if (!(out->far_radius_m > 0.0)) out->far_radius_m = 4000.0;
    if (!out->focus_world_m) out->focus_count = 0;
}

static double ground_height(const void *terrain, double x_m, double y_m)
{
    return bt_terrain_height(terrain, x_m, y_m);
}

static bt_status make_ground(bt_placer *p, const bt_road_mesh *mesh)
{
    bt_status status = bt_footprint_create(mesh, &p->footprint);
    if (status) return status;
    bt_terrain_desc desc = {.seed = p->params.seed,
                            .far_radius_m = p->params.far_radius_m,
                            .focus_world_m = p->params.focus_world_m,
                            .focus_count = p->params.focus_count,
                            .focus_radius_m = p->params.focus_radius_m,
                            .field_share = 0.45,
                            .far_as_asked = p->params.only_standing};
    const bt_surroundings_window *window = p->params.window;
    if (window) {
        desc.low_x_m = window->low_x_m;
        desc.low_y_m = window->low_y_m;
        desc.high_x_m = window->high_x_m;
        desc.high_y_m = window->high_y_m;
        desc.tile_m = window->tile_m;
    }
    status = bt_terrain_create(p->footprint, &desc, &p->terrain);
    if (status || p->params.only_standing) return status;
    status = bt_road_surface_add(p->spec, p->net, mesh);
    if (!status)
        status = bt_road_surface_add_sides(p->spec, p->footprint, ground_height, p->terrain,
                                           SIDE_DEPTH_M);
    if (!status) status = bt_terrain_add(p->spec, p->terrain);
    bt_bridge_desc bridges = {mesh, p->footprint, ground_height, p->terrain};
    if (!status) status = bt_bridge_add(p->spec, &bridges);
    bt_tunnel_desc tunnels = {p->net, p->footprint};
    if (!status) status = bt_tunnel_add(p->spec, &tunnels);
    return status;
}

// Nothing stands in a tunnel or on its bank.
static bt_status keep_tunnels_free(bt_placer *p)
{
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < bt_road_tunnel_count(p->net); i++) {
        const bt_tunnel *tunnel = bt_road_tunnel_get(p->net, i);
        for (double s = tunnel->s_m; s <= tunnel->s_m + tunnel->length_m && !status; s += 2.0) {
            double t, reach = bt_tunnel_reach(p->net, tunnel, s, &t), heading, curvature;
            bt_vec3 at = bt_road_point(p->net, tunnel->road, s, t);
            bt_road_heading(p->net, tunnel->road, s, &heading, &curvature);
            status = bt_occupancy_add_box(&p->taken, at.x, at.y, bt_cos(heading), bt_sin(heading),
                                          1.5, reach, BT_TAKEN_SOLID);
        }
    }
    return status;
}

static bt_status place_all(bt_placer *p)
{
    bt_status status = bt_frontage_find(p->net, p->params.style, !p->params.window, &p->frontage);
    for (size_t i = 0; i < p->frontage.side_count && !status; i++) {
        bt_land_use land = p->frontage.sides[i].land;
        p->built_up = p->built_up || land == BT_LAND_URBAN || land == BT_LAND_RESIDENTIAL;
    }
    if (p->params.window) p->built_up = p->params.window->built_up;
    if (!status) status = keep_tunnels_free(p);
    if (!status) status = bt_place_objects(p);
    if (!status) status = bt_place_signals(p);
    if (!status) status = bt_place_street(p);
    if (!status && !p->params.no_buildings) status = bt_place_buildings(p);
    if (!status) status = bt_place_barriers(p);
    if (!status) status = bt_place_trees(p);
    if (!status && !p->params.only_standing) status = bt_place_verges(p);
    return status;
}

static bt_status open_tiles(bt_placer *p)
{
    const bt_surroundings_window *w = p->params.window;
    double n = round((w->high_x_m - w->low_x_m) / w->tile_m);
    if (!(n >= 1.0 && n <= BT_SURROUNDINGS_MAX_TILES))
        return bt_fail(BT_ERR_INTERNAL, "a window of %g tiles each way", n);
    p->tiles_a_side = (uint32_t)n;
    p->tiles = bt_alloc((size_t)n * (size_t)n + 1, sizeof *p->tiles);
    return p->tiles ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for the tiles of a window");
}

bt_status bt_surroundings_generate(bt_spec *spec, const bt_road_network *net,
                                   const bt_surroundings_params *params,
                                   bt_surroundings_result *result)
{
    memset(result, 0, sizeof *result);
    bt_placer p = {.spec = spec, .net = net, .result = result};
    fill_params(params, &p.params);
    bt_placer_forget(&p);
    bt_road_mesh *mesh = NULL;
    bt_status status = params && params->window ? open_tiles(&p) : BT_OK;
    if (!status) status = bt_road_mesh_build(net, NULL, &mesh);
    if (!status) status = make_ground(&p, mesh);
    if (!status) status = place_all(&p);
    bt_road_mesh_destroy(mesh);
    bt_free(p.tiles);
    bt_free(p.houses);
    bt_frontage_clear(&p.frontage);
    bt_occupancy_clear(&p.taken);
    bt_terrain_destroy(p.terrain);
    bt_footprint_destroy(p.footprint);
    if (status) bt_surroundings_result_clear(result);
    return status;
}

void bt_surroundings_result_clear(bt_surroundings_result *result)
{
    bt_free(result->signals);
    bt_free(result->parking);
    bt_free(result->standing);
    memset(result, 0, sizeof *result);
}
