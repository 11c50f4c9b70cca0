// leg_scene.c: what can be seen on a leg: what stands round its roads, its weather, and who is there.
#include "engine/app/leg_internal.h"

#include <math.h>

#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/core/task.h"
#include "engine/sim/standing.h"

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
        .downtown = kind == BT_WORLD_DOWNTOWN,
    };
}

// Land use by the road, but that a world of downtown tiles is a town's middle throughout.
static bt_land_use style_of(const bt_leg_desc *desc)
{
    bt_land_use style = (bt_land_use)desc->scenario->surroundings.style;
    bool middle = desc->part && desc->scenario->make.world.kind == BT_WORLD_DOWNTOWN;
    return middle && style == BT_LAND_AUTO ? BT_LAND_URBAN : style;
}

static bt_surroundings_params params_of(const bt_leg_desc *desc,
                                        const bt_surroundings_window *window)
{
    const bt_scenario_surroundings *asked = &desc->scenario->surroundings;
    return (bt_surroundings_params){
        .seed = desc->scenario->seed,
        .density = asked->density,
        .style = style_of(desc),
        .no_plants = !asked->plants,
        .no_buildings = !asked->buildings,
        .window = desc->part ? window : NULL,
    };
}

static bt_status add_surroundings(const bt_leg_desc *desc, const bt_leg *leg, bt_leg_site *site)
{
    bt_surroundings_window window = {0};
    if (desc->part) window = window_of(desc);
    bt_surroundings_params params = params_of(desc, &window);
    params.focus_world_m = site->focus.points;
    params.focus_count = site->focus.count;
    bt_surroundings_result *result = &site->surroundings;
    bt_status status = bt_surroundings_generate(site->spec, leg->net, &params, result);
    if (status == BT_OK)
        bt_log(BT_LOG_INFO, "surroundings: %zu things placed, %zu signal heads",
               result->static_count, result->signal_count);
    return status;
}

bt_status bt_leg_stand_late(const bt_leg_desc *desc, const bt_road_network *net, bt_sim *sim)
{
    bt_surroundings_window window = {0};
    if (desc->part) window = window_of(desc);
    bt_surroundings_params params = params_of(desc, &window);
    params.only_standing = true;
    bt_surroundings_result made = {0};
    bt_input_list inputs = {0};
    bt_spec *spec = NULL;
    bt_status status = bt_spec_create(&spec);
    if (status == BT_OK) bt_spec_keep_no_meshes(spec);
    if (status == BT_OK) status = bt_leg_add_materials(desc->assets, &inputs, spec);
    if (status == BT_OK && !desc->scenario->only_scene)
        status = bt_surroundings_generate(spec, net, &params, &made);
    if (status == BT_OK) status = bt_sim_stand(sim, made.standing, (uint32_t)made.standing_count);
    bt_surroundings_result_clear(&made);
    bt_input_list_clear(&inputs);
    bt_spec_destroy(spec);
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
    bt_surroundings_result *made = &leg->site->surroundings;
    for (size_t i = 0; i < made->standing_count && status == BT_OK; i++)
        made->standing[i].id = objects[made->standing[i].id - 1];
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

// ---- in two steps -----------------------------------------------------------------------------
bt_status leg_begin_world(const bt_leg_desc *desc, bt_leg *leg)
{
    bt_leg_site *site = leg->site;
    bt_status status = BT_OK;
    if (!desc->scenario->only_scene) status = add_surroundings(desc, leg, site);
    if (status == BT_OK) status = add_scenery(desc, site->spec);
    if (status == BT_OK) status = add_weather(desc, leg, site->spec);
    if (status == BT_OK && desc->scenario->steady_lamps) bt_spec_steady_lamps(site->spec);
    if (status == BT_OK) status = bt_task_go_on();
    return status == BT_OK ? bt_world_compile_begin(site->spec, &leg->world) : status;
}

bt_status leg_end_world(const bt_leg_desc *desc, bt_leg *leg)
{
    bt_leg_site *site = leg->site;
    bt_surroundings_result *made = &site->surroundings;
    bt_status status = bt_surroundings_add_signals(site->spec, leg->net, made);
    for (size_t i = 0; i < made->signal_count && status == BT_OK; i++)
        status = bt_cast_add_fixture(&leg->cast, made->signals[i].signal, made->signals[i].actor,
                                     made->signals[i].world_from_actor);
    if (status == BT_OK && desc->part) status = set_ids(desc, leg, site->spec);
    return status == BT_OK ? bt_world_compile_end(site->spec, leg->world) : status;
}
