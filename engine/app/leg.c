// leg.c: see leg.h.
#include "engine/app/leg_internal.h"

#include <math.h>

#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/core/task.h"
#include "engine/road/opendrive.h"
#include "engine/scene/material_lua.h"
#include "engine/sim/lane_conflict.h"

bt_status bt_leg_add_materials(const char *assets, bt_input_list *inputs, bt_spec *spec)
{
    char path[BT_PATH_MAX];
    bt_status status = bt_path_join(path, sizeof path, assets, "materials/street.lua");
    if (status == BT_OK) status = bt_material_sheet_load(spec, path);
    if (status == BT_OK) status = bt_input_list_add(inputs, path);
    return status;
}

// ---- parts ------------------------------------------------------------------------------------
static bt_status open_site(bt_leg *leg)
{
    leg->site = bt_alloc(1, sizeof *leg->site);
    return leg->site ? bt_spec_create(&leg->site->spec)
                     : bt_fail(BT_ERR_MEMORY, "no memory for a leg of the road");
}

static void close_site(bt_leg *leg)
{
    bt_leg_site *site = leg->site;
    if (!site) return;
    bt_spec_destroy(site->spec);
    bt_cast_stock_clear(&site->stock);
    bt_cast_focus_clear(&site->focus);
    bt_surroundings_result_clear(&site->surroundings);
    bt_lane_graph_clear(&site->graph);
    bt_road_match_clear(&site->match);
    bt_free(site);
    leg->site = NULL;
}

static bt_cast_desc describe_cast(const bt_leg_desc *desc, const bt_leg *leg)
{
    return (bt_cast_desc){.scenario = desc->scenario,
                          .assets = desc->assets,
                          .net = leg->net,
                          .spec = leg->site->spec,
                          .inputs = desc->inputs,
                          .without_bodies = desc->without_light,
                          .part = desc->part,
                          .graph = leg->site->graph.net ? &leg->site->graph : NULL};
}

static bt_status make_renderer(const bt_leg *before, bt_leg *leg)
{
    bt_status status = bt_task_go_on();
    const bt_renderer *there = before ? before->renderer : NULL;
    return status == BT_OK ? bt_renderer_follow(leg->world, there, &leg->renderer) : status;
}

// The lanes of an endless world are those for everybody who may come, so that they do not change with who is there.
static bt_status compile_lanes(const bt_leg_desc *desc, const bt_cast *cast, bt_leg *leg)
{
    if (!desc->part) return BT_OK;
    bt_body_choice bodies = {0};
    bt_cast_choose_bodies(cast, &leg->site->stock, desc->scenario, &bodies);
    bt_status status = bt_lane_graph_compile(leg->net, &leg->site->graph);
    if (status == BT_OK) status = bt_task_go_on();
    return status == BT_OK ? bt_body_choice_find_conflicts(&bodies, &leg->site->graph) : status;
}

static bt_status create_sim(const bt_leg_desc *desc, bt_leg *leg)
{
    bt_sim_desc sim = {.net = leg->net,
                       .seed = desc->scenario->seed,
                       .actors = leg->cast.actors,
                       .actor_count = (uint32_t)leg->cast.count,
                       .ego = 0,
                       .ego_route = leg->cast.ego_route,
                       .graph = desc->part ? &leg->site->graph : NULL};
    bt_status status = bt_sim_create(&sim, &leg->sim);
    if (status != BT_OK) return status;
    leg->cast.ego_route = NULL; // the simulation's now
    const bt_surroundings_result *made = &leg->site->surroundings;
    if (desc->without_light) return BT_OK;
    return bt_sim_stand(leg->sim, made->standing, (uint32_t)made->standing_count);
}

// All that needs the cast, but its state.
static bt_status complete(const bt_leg_desc *desc, bt_leg *leg)
{
    bt_status status = desc->without_light ? BT_OK : leg_end_world(desc, leg);
    if (status == BT_OK) status = create_sim(desc, leg);
    if (status == BT_OK && desc->vulkan)
        status = bt_renderer_use_vulkan(leg->renderer, desc->vulkan);
    return status;
}

// ---- the first --------------------------------------------------------------------------------
static bt_status begin(const bt_leg_desc *desc, bt_leg *leg)
{
    bool light = !desc->without_light;
    bt_status status = open_site(leg);
    if (status != BT_OK) return status;
    const bt_cast_desc cast = describe_cast(desc, leg);
    bt_leg_site *site = leg->site;
    if (light) status = bt_leg_add_materials(desc->assets, desc->inputs, site->spec);
    if (status == BT_OK) status = bt_cast_init(&cast, &site->stock, &site->focus, &leg->cast);
    if (status == BT_OK && site->focus.count > 0) leg->ground_z_m = site->focus.points[0].z;
    if (status == BT_OK && light) status = leg_begin_world(desc, leg);
    if (status == BT_OK && light) status = make_renderer(NULL, leg);
    if (status == BT_OK) status = compile_lanes(desc, &leg->cast, leg);
    return status == BT_OK ? complete(desc, leg) : status;
}

bt_status bt_leg_begin(const bt_leg_desc *desc, bt_road_network *net, bt_leg *leg)
{
    *leg = (bt_leg){.net = net};
    bt_status status = begin(desc, leg);
    close_site(leg);
    return status;
}

// ---- the next ---------------------------------------------------------------------------------
// Its way from here on, on the next leg's roads.
static bt_status carry_route(const bt_leg_desc *desc, const bt_leg *before, const bt_leg *leg,
                             double along_m, bt_route **route)
{
    return bt_route_carry(bt_sim_route(before->sim, 0), &leg->site->match, leg->net, desc->part,
                          along_m, BT_CAST_ROUTE_M, route);
}

static bt_status prepare(const bt_leg_desc *desc, const bt_leg *before, double along_m, bt_leg *leg)
{
    bool light = !desc->without_light;
    bt_status status = open_site(leg);
    if (status != BT_OK) return status;
    const bt_cast_desc cast = describe_cast(desc, leg);
    bt_leg_site *site = leg->site;
    bt_route *route = NULL;
    if (light) status = bt_leg_add_materials(desc->assets, desc->inputs, site->spec);
    if (status == BT_OK && light) bt_spec_follow(site->spec, before->world);
    if (status == BT_OK) status = bt_cast_stock_fill(&cast, &before->cast, &site->stock);
    if (status == BT_OK) status = bt_road_match_init(before->net, leg->net, &site->match);
    if (status == BT_OK) status = carry_route(desc, before, leg, along_m, &route);
    if (status == BT_OK) status = bt_cast_focus_find(&cast, route, along_m, &site->focus);
    bt_route_destroy(route);
    if (status == BT_OK) status = bt_task_go_on();
    if (status == BT_OK && light) status = leg_begin_world(desc, leg);
    if (status == BT_OK && light) status = make_renderer(before, leg);
    return status == BT_OK ? compile_lanes(desc, &before->cast, leg) : status;
}

bt_status bt_leg_prepare(const bt_leg_desc *desc, bt_road_network *net, const bt_leg *before,
                         double along_m, bt_leg *leg)
{
    *leg = (bt_leg){.net = net, .number = before->number + 1, .ground_z_m = before->ground_z_m};
    return prepare(desc, before, along_m, leg);
}

// Fixtures and whoever begins now were nobody before.
static bt_status list_origins(bt_leg *leg)
{
    const bt_cast *cast = &leg->cast;
    leg->origins = bt_alloc(cast->count, sizeof *leg->origins);
    if (!leg->origins) return bt_fail(BT_ERR_MEMORY, "no memory for %zu actors", cast->count);
    for (size_t i = 0; i < cast->count; i++)
        leg->origins[i] = i < cast->origin_count ? cast->origins[i] : BT_SIM_NONE;
    return BT_OK;
}

// How far from the ego there is traffic in an endless world: what the scenario says, as far as is loaded.
static double traffic_radius(const bt_scenario *scenario)
{
    return fmin(scenario->traffic.radius_m, scenario->make.radius_m);
}

static bt_status follow(const bt_leg_desc *desc, const bt_leg *before, const bt_state *state,
                        bt_leg *leg, bt_state **next)
{
    bt_leg_site *site = leg->site;
    const bt_cast_desc cast = describe_cast(desc, leg);
    bt_route *route;
    double along_m = bt_state_motion(state, 0)->route_m;
    bt_status status = carry_route(desc, before, leg, along_m, &route);
    const bt_cast_before from = {.cast = &before->cast,
                                 .state = state,
                                 .match = &site->match,
                                 .stock = &site->stock,
                                 .ego_route = route,
                                 .player = before->cast.player,
                                 .radius_m = traffic_radius(desc->scenario),
                                 .window = leg->number};
    if (status == BT_OK && from.player) bt_story_player_carry(from.player, leg->net, &site->match);
    if (status == BT_OK) status = bt_cast_follow(&cast, &from, &leg->cast);
    if (status == BT_OK) status = complete(desc, leg);
    if (status == BT_OK) status = list_origins(leg);
    const bt_carry carry = {.from = state, .match = &site->match, .origins = leg->origins};
    return status == BT_OK ? bt_state_carry(leg->sim, &carry, next) : status;
}

bt_status bt_leg_follow(const bt_leg_desc *desc, const bt_leg *before, const bt_state *state,
                        bt_leg *leg, bt_state **next)
{
    *next = NULL;
    bt_status status = follow(desc, before, state, leg, next);
    close_site(leg);
    return status;
}

void bt_leg_report(const bt_leg *leg, const bt_state *state, double stood_s)
{
    bt_vec3 ego = bt_state_motion(state, 0)->pose.world_from_actor.pos;
    bt_log(
        BT_LOG_INFO,
        "window %u of the road: at %.2f s, x = %.0f, y = %.0f m, made %s in %.1f s of processor; "
        "the run stood still for %.2f s, %.2f s of it waiting; %.0f MiB in use",
        leg->number, bt_seconds(bt_state_time_ns(state)), ego.x, ego.y,
        leg->ahead ? "ahead" : "there and then", leg->made_s, stood_s, leg->waited_s,
        (double)bt_memory_in_use() / 1048576.0);
}

void bt_leg_clear(bt_leg *leg)
{
    close_site(leg);
    bt_renderer_destroy(leg->renderer);
    bt_sim_destroy(leg->sim);
    bt_world_destroy(leg->world);
    bt_cast_clear(&leg->cast);
    bt_road_network_destroy(leg->net);
    bt_free(leg->origins);
    *leg = (bt_leg){0};
}
