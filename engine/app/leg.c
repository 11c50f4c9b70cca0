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
static bt_surroundings_window window_of(const bt_leg_desc *desc)
{
    const bt_route_part *part = desc->part;
    bt_world_kind kind = desc->scenario->make.world.kind;
    return (bt_surroundings_window){
        .low_x_m = part->low_x_m,
        .low_y_m = part->low_y_m,
        .high_x_m = part->high_x_m,
        .high_y_m = part->high_y_m,
        .tile_m = bt_world_tile_side(kind),
        .built_up = kind == BT_WORLD_DOWNTOWN || kind == BT_WORLD_SUBURB,
    };
}

// Land use by the road, but that a world of downtown tiles is a town's middle throughout.
static bt_land_use style_of(const bt_leg_desc *desc)
{
    bt_land_use style = (bt_land_use)desc->scenario->surroundings.style;
    bool middle = desc->part && desc->scenario->make.world.kind == BT_WORLD_DOWNTOWN;
    return middle && style == BT_LAND_AUTO ? BT_LAND_URBAN : style;
}

static bt_status add_surroundings(const bt_leg_desc *desc, bt_leg *leg, bt_spec *spec)
{
    const bt_scenario_surroundings *asked = &desc->scenario->surroundings;
    bt_surroundings_window window = {0};
    if (desc->part) window = window_of(desc);
    bt_surroundings_params params = {
        .seed = desc->scenario->seed,
        .density = asked->density,
        .style = style_of(desc),
        .focus_world_m = leg->cast.focus,
        .focus_count = leg->cast.focus_count,
        .no_plants = !asked->plants,
        .no_buildings = !asked->buildings,
        .window = desc->part ? &window : NULL,
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
    bt_status status = bt_precipitation_create(spec, &weather, desc->scenario->seed, &leg->fall);
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

// ---- ids in an endless world ------------------------------------------------------------------
// Ids have 16 bits, and a run may pass more things than that. Actors never share one: the ego has the highest, the next
// ones come below. What stands shares the rest by its tile: tiles of one window never share, a tile that
// comes takes over from one that has gone.
#define SCENERY_IDS 50000u

typedef struct id_list {
    const bt_surroundings_window *window;
    uint32_t side;     // tiles of a window, each way
    uint32_t per_tile; // ids
    uint32_t *used;    // (side x side)
} id_list;

static uint32_t wrap(double tile, uint32_t side)
{
    double rest = fmod(floor(tile), side);
    return (uint32_t)(rest < 0.0 ? rest + side : rest);
}

static bt_status next_id(id_list *l, bt_vec3 at, uint16_t *id)
{
    uint32_t ix = wrap(at.x / l->window->tile_m, l->side);
    uint32_t iy = wrap(at.y / l->window->tile_m, l->side), tile = iy * l->side + ix;
    if (l->used[tile] == l->per_tile)
        return bt_fail(BT_ERR_LIMIT, "more than %u things in a tile", l->per_tile);
    *id = (uint16_t)(1 + tile * l->per_tile + l->used[tile]++);
    return BT_OK;
}

static bt_status id_of_actor(const bt_leg *leg, uint32_t actor, id_list *l, uint16_t *id)
{
    const bt_actor_desc *d = &leg->cast.actors[actor];
    if (leg->cast.bodies[actor].fixture) return next_id(l, d->world_from_fixture.pos, id);
    if (d->number >= UINT16_MAX - SCENERY_IDS)
        return bt_fail(BT_ERR_LIMIT, "more than %u actors in a run", UINT16_MAX - SCENERY_IDS);
    *id = (uint16_t)(UINT16_MAX - d->number);
    return BT_OK;
}

static bt_status fill_ids(const bt_leg *leg, const bt_spec *spec, id_list *l, bt_vec3 *places,
                          uint16_t *objects, uint16_t *actors)
{
    bt_status status = BT_OK;
    bt_spec_object_places(spec, places);
    for (uint32_t i = 0; i < bt_spec_object_count(spec) && status == BT_OK; i++)
        status = next_id(l, places[i], &objects[i]);
    for (uint32_t i = 0; i < bt_spec_actor_count(spec) && status == BT_OK; i++)
        status = id_of_actor(leg, i, l, &actors[i]);
    return status;
}

static bt_status set_ids(const bt_leg_desc *desc, const bt_leg *leg, bt_spec *spec)
{
    const bt_surroundings_window window = window_of(desc);
    id_list l = {.window = &window};
    l.side = (uint32_t)round((window.high_x_m - window.low_x_m) / window.tile_m);
    l.per_tile = SCENERY_IDS / (l.side * l.side);
    l.used = bt_alloc((size_t)l.side * l.side, sizeof *l.used);
    bt_vec3 *places = bt_alloc(bt_spec_object_count(spec), sizeof *places);
    uint16_t *objects = bt_alloc(bt_spec_object_count(spec), sizeof *objects);
    uint16_t *actors = bt_alloc(bt_spec_actor_count(spec), sizeof *actors);
    bt_status status = l.used && places && objects && actors
                           ? fill_ids(leg, spec, &l, places, objects, actors)
                           : bt_fail(BT_ERR_MEMORY, "no memory for ids");
    if (status == BT_OK) status = bt_spec_set_ids(spec, objects, actors);
    bt_free(l.used);
    bt_free(places);
    bt_free(objects);
    bt_free(actors);
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
    if (status == BT_OK && desc->part) status = set_ids(desc, leg, spec);
    return status == BT_OK ? bt_world_compile(spec, &leg->world) : status;
}

static bt_status open_renderer(const bt_leg_desc *desc, const bt_leg *before, bt_leg *leg)
{
    const bt_renderer *there = before ? before->renderer : NULL;
    bt_status status = bt_renderer_follow(leg->world, there, &leg->renderer);
    if (status == BT_OK && desc->vulkan)
        status = bt_renderer_use_vulkan(leg->renderer, desc->vulkan);
    return status;
}

// ---- building ---------------------------------------------------------------------------------
// What a leg goes on from; for the first, nothing.
typedef struct leg_before {
    const bt_leg *leg;
    const bt_cast_before *cast;
} leg_before;

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

static bt_status build(const bt_leg_desc *desc, const leg_before *before, bt_leg *leg)
{
    bt_spec *spec = NULL;
    bool light = !desc->without_light;
    bt_status status = bt_spec_create(&spec);
    if (status == BT_OK && light) status = bt_leg_add_materials(desc->assets, desc->inputs, spec);
    if (status == BT_OK && light && before->leg) bt_spec_follow(spec, before->leg->world);
    if (status == BT_OK) status = build_cast(desc, before->cast, spec, leg);
    if (status == BT_OK && !before->leg && leg->cast.focus_count > 0)
        leg->ground_z_m = leg->cast.focus[0].z;
    if (status == BT_OK && light) status = compile_world(desc, leg, spec);
    if (status == BT_OK) status = create_sim(desc, leg);
    bt_spec_destroy(spec);
    return status == BT_OK && light ? open_renderer(desc, before->leg, leg) : status;
}

bt_status bt_leg_begin(const bt_leg_desc *desc, bt_road_network *net, bt_leg *leg)
{
    *leg = (bt_leg){.net = net};
    return build(desc, &(leg_before){NULL, NULL}, leg);
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
    *leg = (bt_leg){.net = net, .number = before->number + 1, .ground_z_m = before->ground_z_m};
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
                                 .player = before->cast.player,
                                 .radius_m = traffic_radius(desc->scenario),
                                 .window = leg->number};
    if (status == BT_OK && from.player) bt_story_player_carry(from.player, net, &match);
    if (status == BT_OK) status = build(desc, &(leg_before){before, &from}, leg);
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
