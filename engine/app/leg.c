// leg.c: see leg.h.
#include "engine/app/leg.h"

#include <math.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/scene/material_lua.h"
#include "procedural/placement/surroundings.h"

bt_status bt_leg_add_materials(const char *assets, bt_input_list *inputs, bt_spec *spec)
{
    char path[BT_PATH_MAX];
    bt_status status = bt_path_join(path, sizeof path, assets, "materials/street.lua");
    if (status == BT_OK) status = bt_material_sheet_load(spec, path);
    if (status == BT_OK) status = bt_input_list_add(inputs, path);
    return status;
}

// ---- what can be seen -------------------------------------------------------------------------
static bt_status add_surroundings(const bt_leg_desc *desc, bt_leg *leg, bt_spec *spec)
{
    const bt_scenario_surroundings *asked = &desc->scenario->surroundings;
    bt_surroundings_params params = {
        .seed = desc->scenario->seed,
        .density = asked->density,
        .style = (bt_land_use)asked->style,
        .focus_world_m = leg->cast.focus,
        .focus_count = leg->cast.focus_count,
        .no_plants = !asked->plants,
        .no_buildings = !asked->buildings,
    };
    bt_surroundings_result result = {0};
    bt_status status = bt_surroundings_generate(spec, leg->net, &params, &result);
    for (size_t i = 0; i < result.signal_count && status == BT_OK; i++)
        status = bt_cast_add_fixture(&leg->cast, result.signals[i].signal, result.signals[i].actor,
                                     result.signals[i].world_from_actor);
    if (status == BT_OK)
        bt_log(BT_LOG_INFO, "surroundings: %zu things placed, %zu signal heads",
               result.static_count, result.signal_count);
    bt_surroundings_result_clear(&result);
    return status;
}

// The scenario's weather; its fog lies where the ego started.
static bt_status add_weather(const bt_leg_desc *desc, bt_leg *leg, bt_spec *spec)
{
    bt_weather weather = desc->scenario->weather;
    bt_status status =
        bt_precipitation_create(spec, &weather, desc->scenario->seed, &leg->fall);
    if (status != BT_OK) return status;
    weather.fall_extinction_m = bt_precipitation_extinction_m(&leg->fall);
    weather.fog_base_m += leg->ground_z_m;
    bt_spec_set_weather(spec, &weather);
    return BT_OK;
}

static bt_status add_scenery(const bt_leg_desc *desc, bt_spec *spec)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < desc->scenario->scenery_count && status == BT_OK; i++) {
        const bt_scenario_scenery *scenery = &desc->scenario->scenery[i];
        bt_gltf_info info;
        status = bt_gltf_load(spec, scenery->gltf, &scenery->place, &info);
        if (status == BT_OK) status = bt_input_list_add(desc->inputs, scenery->gltf);
        if (status == BT_OK)
            bt_log(BT_LOG_INFO, "%s: %u things of %llu triangles, %u textures, %u warnings",
                   scenery->gltf, info.statics, (unsigned long long)info.triangles, info.textures,
                   info.warnings);
    }
    return status;
}

// What stands round the cast, and all of it as a world that can be rendered.
static bt_status compile_world(const bt_leg_desc *desc, bt_leg *leg, bt_spec *spec)
{
    bt_status status = BT_OK;
    if (!desc->scenario->only_scene) status = add_surroundings(desc, leg, spec);
    if (status == BT_OK) status = add_scenery(desc, spec);
    if (status == BT_OK) status = add_weather(desc, leg, spec);
    if (status == BT_OK && desc->scenario->steady_lamps) bt_spec_steady_lamps(spec);
    return status == BT_OK ? bt_world_compile(spec, &leg->world) : status;
}

static bt_status open_renderer(const bt_leg_desc *desc, bt_leg *leg)
{
    bt_status status = bt_renderer_create(leg->world, &leg->renderer);
    if (status == BT_OK && desc->vulkan) status = bt_renderer_use_vulkan(leg->renderer, desc->vulkan);
    return status;
}

// ---- building ---------------------------------------------------------------------------------
// `before` NULL: the first leg's.
static bt_status build_cast(const bt_leg_desc *desc, const bt_cast_before *before, bt_spec *spec,
                            bt_leg *leg)
{
    bt_cast_desc cast = {.scenario = desc->scenario,
                         .assets = desc->assets,
                         .net = leg->net,
                         .spec = spec,
                         .inputs = desc->inputs,
                         .without_bodies = desc->without_light,
                         .part = desc->part};
    return before ? bt_cast_follow(&cast, before, &leg->cast) : bt_cast_init(&cast, &leg->cast);
}

static bt_status create_sim(const bt_leg_desc *desc, bt_leg *leg)
{
    bt_sim_desc sim = {.net = leg->net,
                       .seed = desc->scenario->seed,
                       .actors = leg->cast.actors,
                       .actor_count = (uint32_t)leg->cast.count,
                       .ego = 0,
                       .ego_route = leg->cast.ego_route};
    bt_status status = bt_sim_create(&sim, &leg->sim);
    if (status == BT_OK) leg->cast.ego_route = NULL; // the simulation's now
    return status;
}

static bt_status build(const bt_leg_desc *desc, const bt_cast_before *before, bt_leg *leg)
{
    bt_spec *spec = NULL;
    bool light = !desc->without_light;
    bt_status status = bt_spec_create(&spec);
    if (status == BT_OK && light) status = bt_leg_add_materials(desc->assets, desc->inputs, spec);
    if (status == BT_OK) status = build_cast(desc, before, spec, leg);
    if (status == BT_OK && !before && leg->cast.focus_count > 0)
        leg->ground_z_m = leg->cast.focus[0].z;
    if (status == BT_OK && light) status = compile_world(desc, leg, spec);
    if (status == BT_OK) status = create_sim(desc, leg);
    bt_spec_destroy(spec);
    return status == BT_OK && light ? open_renderer(desc, leg) : status;
}

bt_status bt_leg_begin(const bt_leg_desc *desc, bt_road_network *net, bt_leg *leg)
{
    *leg = (bt_leg){.net = net};
    return build(desc, NULL, leg);
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

bt_status bt_leg_follow(const bt_leg_desc *desc, bt_road_network *net, const bt_leg *before,
                        const bt_state *state, bt_leg *leg, bt_state **next)
{
    *next = NULL;
    *leg = (bt_leg){
        .net = net, .number = before->number + 1, .ground_z_m = before->ground_z_m};
    bt_road_match match;
    bt_route *route;
    bt_status status = bt_road_match_init(before->net, net, &match);
    if (status != BT_OK) return status;
    status = bt_route_carry(bt_sim_route(before->sim, 0), &match, net, desc->part,
                            bt_state_motion(state, 0)->route_m, BT_CAST_ROUTE_M, &route);
    const bt_cast_before from = {.cast = &before->cast,
                                 .state = state,
                                 .match = &match,
                                 .ego_route = route,
                                 .radius_m = traffic_radius(desc->scenario),
                                 .window = leg->number};
    if (status == BT_OK) status = build(desc, &from, leg);
    if (status == BT_OK) status = list_origins(leg);
    const bt_carry carry = {.from = state, .match = &match, .origins = leg->origins};
    if (status == BT_OK) status = bt_state_carry(leg->sim, &carry, next);
    bt_road_match_clear(&match);
    return status;
}

void bt_leg_clear(bt_leg *leg)
{
    bt_renderer_destroy(leg->renderer);
    bt_sim_destroy(leg->sim);
    bt_world_destroy(leg->world);
    bt_cast_clear(&leg->cast);
    bt_road_network_destroy(leg->net);
    bt_free(leg->origins);
    *leg = (bt_leg){0};
}
