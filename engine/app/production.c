// production.c: see production.h.
#include "engine/app/production.h"

#include <stdio.h>
#include <string.h>

#include "engine/app/cast.h"
#include "engine/app/run_options.h"
#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/render/vulkan/device.h"
#include "engine/road/opendrive.h"
#include "engine/scene/material_lua.h"
#include "procedural/placement/surroundings.h"
#include "procedural/roads/road_make_lua.h"
#include "sensors/camera/camera_lua.h"
#include "sensors/camera/optics/windshield_lua.h"

#define MAP_LIMIT_BYTES ((size_t)512 << 20)

bt_status bt_production_load_map(const bt_production_desc *desc, bt_production *p)
{
    const bt_scenario *scenario = desc->scenario;
    const char *path = scenario->map;
    bt_status status = scenario->map_made
                           ? bt_road_make_text(&scenario->make, &p->map_text, &p->map_bytes)
                           : bt_file_read(path, MAP_LIMIT_BYTES, &p->map_text, &p->map_bytes);
    if (status != BT_OK) return bt_fail_prefix(BT_ERR_INPUT, "map");
    status = bt_opendrive_parse(path, p->map_text, p->map_bytes, &p->net);
    if (status != BT_OK) return status;
    uint32_t warnings = bt_road_warning_count(p->net);
    if (warnings > 0)
        bt_log(BT_LOG_INFO, "%s: %u notes on the map; blacktop road info lists them", path,
               warnings);
    return BT_OK;
}

// ---- what can be seen -------------------------------------------------------------------------
bt_status bt_production_add_materials(const bt_production_desc *desc, bt_production *p,
                                      bt_spec *spec)
{
    char path[BT_PATH_MAX];
    bt_status status = bt_path_join(path, sizeof path, desc->assets, "materials/street.lua");
    if (status == BT_OK) status = bt_material_sheet_load(spec, path);
    if (status == BT_OK) status = bt_input_list_add(&p->inputs, path);
    return status;
}

static bt_status add_surroundings(const bt_production_desc *desc, const bt_production *p,
                                  bt_cast *cast, bt_spec *spec)
{
    const bt_scenario_surroundings *asked = &desc->scenario->surroundings;
    bt_surroundings_params params = {
        .seed = desc->scenario->seed,
        .density = asked->density,
        .style = (bt_land_use)asked->style,
        .focus_world_m = cast->focus,
        .focus_count = cast->focus_count,
        .no_plants = !asked->plants,
        .no_buildings = !asked->buildings,
    };
    bt_surroundings_result result = {0};
    bt_status status = bt_surroundings_generate(spec, p->net, &params, &result);
    for (size_t i = 0; i < result.signal_count && status == BT_OK; i++)
        status = bt_cast_add_fixture(cast, result.signals[i].signal, result.signals[i].actor,
                                     result.signals[i].world_from_actor);
    if (status == BT_OK)
        bt_log(BT_LOG_INFO, "surroundings: %zu things placed, %zu signal heads",
               result.static_count, result.signal_count);
    bt_surroundings_result_clear(&result);
    return status;
}

// The scenario's weather; its fog lies where the ego starts.
static bt_status add_weather(const bt_production_desc *desc, const bt_cast *cast, bt_spec *spec,
                             bt_precipitation *fall)
{
    bt_weather weather = desc->scenario->weather;
    bt_status status = bt_precipitation_create(spec, &weather, desc->scenario->seed, fall);
    if (status != BT_OK) return status;
    weather.fall_extinction_m = bt_precipitation_extinction_m(fall);
    if (cast->focus_count > 0) weather.fog_base_m += cast->focus[0].z;
    bt_spec_set_weather(spec, &weather);
    return BT_OK;
}

static bt_status add_scenery(const bt_production_desc *desc, bt_production *p, bt_spec *spec)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < desc->scenario->scenery_count && status == BT_OK; i++) {
        const bt_scenario_scenery *scenery = &desc->scenario->scenery[i];
        bt_gltf_info info;
        status = bt_gltf_load(spec, scenery->gltf, &scenery->place, &info);
        if (status == BT_OK) status = bt_input_list_add(&p->inputs, scenery->gltf);
        if (status == BT_OK)
            bt_log(BT_LOG_INFO, "%s: %u things of %llu triangles, %u textures, %u warnings",
                   scenery->gltf, info.statics, (unsigned long long)info.triangles, info.textures,
                   info.warnings);
    }
    return status;
}

static bt_status build_world(const bt_production_desc *desc, bt_production *p)
{
    bt_spec *spec = NULL;
    bt_cast cast = {0};
    bt_status status = bt_spec_create(&spec);
    if (status == BT_OK && !desc->without_light)
        status = bt_production_add_materials(desc, p, spec);
    bt_cast_desc cast_desc = {.scenario = desc->scenario,
                              .assets = desc->assets,
                              .net = p->net,
                              .spec = spec,
                              .inputs = &p->inputs,
                              .without_bodies = desc->without_light};
    if (status == BT_OK) status = bt_cast_init(&cast_desc, &cast);
    bool dark = desc->without_light;
    if (status == BT_OK && !desc->scenario->only_scene && !dark)
        status = add_surroundings(desc, p, &cast, spec);
    if (status == BT_OK && !dark) status = add_scenery(desc, p, spec);
    if (status == BT_OK && !dark) status = add_weather(desc, &cast, spec, &p->fall);
    if (status == BT_OK && desc->scenario->steady_lamps) bt_spec_steady_lamps(spec);
    if (status == BT_OK && !dark) status = bt_world_compile(spec, &p->world);
    bt_sim_desc sim = {.net = p->net,
                       .seed = desc->scenario->seed,
                       .actors = cast.actors,
                       .actor_count = (uint32_t)cast.count,
                       .ego = 0};
    if (status == BT_OK) status = bt_sim_create(&sim, &p->sim);
    p->has_goal = cast.count > 0 && cast.actors[0].goal_lane != BT_ROAD_NONE;
    p->lead = (bt_lead){cast.player, cast.story_actors, cast.story_count};
    cast.player = NULL;
    cast.story_actors = NULL;
    bt_cast_clear(&cast);
    bt_spec_destroy(spec);
    if (status == BT_OK && !dark) status = bt_renderer_create(p->world, &p->renderer);
    if (status == BT_OK && p->vulkan) status = bt_renderer_use_vulkan(p->renderer, p->vulkan);
    return status;
}

static bt_status open_device(const bt_production_desc *desc, bt_production *p)
{
    bt_vulkan_desc device = {.validate = false};
    if (!desc->scenario->vulkan) return BT_OK;
    bt_status status = bt_vulkan_create(&device, &p->vulkan);
    if (status == BT_OK)
        bt_log(BT_LOG_INFO, "light is traced on %s%s", bt_vulkan_name(p->vulkan),
               bt_vulkan_is_software(p->vulkan)
                   ? ": no GPU but software, slower than the backend cpu"
                   : "");
    return status;
}

// ---- cameras and autopilot --------------------------------------------------------------------
static bt_status add_camera(const bt_production_desc *desc, bt_production *p, uint32_t number)
{
    const bt_scenario *scenario = desc->scenario;
    const bt_scenario_camera *asked = &scenario->cameras[number];
    if (!bt_list_holds(desc->camera_list, asked->name)) return BT_OK;
    bt_camera_sheet *sheet = &p->sheets[number];
    bt_drive_camera *camera = &p->cameras[p->camera_count];
    bt_status status = bt_camera_sheet_load(asked->sheet, &desc->assets, 1, sheet);
    if (status == BT_OK) status = bt_input_list_add(&p->inputs, asked->sheet);
    bt_windshield windshield;
    bool glass = asked->windshield[0] != '\0';
    if (status == BT_OK && glass) {
        status = bt_windshield_load(asked->windshield, &desc->assets, 1, &windshield);
        if (status == BT_OK) status = bt_input_list_add(&p->inputs, asked->windshield);
    }
    // the number is the camera's place in the scenario, so that --cameras changes no bytes
    bt_camera_desc camera_desc = {.sheet = sheet,
                                  .width_px = desc->width_px ? desc->width_px : scenario->width_px,
                                  .height_px =
                                      desc->height_px ? desc->height_px : scenario->height_px,
                                  .seed = scenario->seed,
                                  .number = number,
                                  .windshield = glass ? &windshield : NULL,
                                  .vehicle_from_cam = asked->vehicle_from_cam};
    bt_camera *made = NULL;
    if (status == BT_OK) status = bt_camera_create(&camera_desc, desc->jobs, &made);
    if (status != BT_OK) return status;
    *camera = (bt_drive_camera){.name = asked->name,
                                .number = number,
                                .camera = made,
                                .vehicle_from_cam = asked->vehicle_from_cam,
                                .plan = asked->plan,
                                .dng = asked->dng,
                                .period_ns = bt_from_seconds(1.0 / asked->rate_hz)};
    bt_camera_state_init(made, &camera->state);
    p->camera_count++;
    status = bt_exposure_plan_check(&asked->plan, made);
    return status == BT_OK ? status : bt_fail_prefix(status, "camera %s", asked->name);
}

static bt_status check_camera_list(const bt_production_desc *desc)
{
    const char *list = desc->camera_list;
    while (list && *list) {
        size_t count = strcspn(list, ",");
        bool known = false;
        for (size_t i = 0; i < desc->scenario->camera_count; i++) {
            const char *name = desc->scenario->cameras[i].name;
            known = known || (strlen(name) == count && memcmp(name, list, count) == 0);
        }
        if (!known)
            return bt_fail(BT_ERR_INPUT, "--cameras: the scenario has no camera '%.*s'", (int)count,
                           list);
        list += count + (list[count] == ',');
    }
    return BT_OK;
}

static bt_status add_cameras(const bt_production_desc *desc, bt_production *p)
{
    bt_status status = check_camera_list(desc);
    p->sheets = bt_alloc(desc->scenario->camera_count, sizeof *p->sheets);
    if (!p->sheets) return bt_fail(BT_ERR_MEMORY, "no memory for the cameras' sheets");
    for (uint32_t i = 0; i < desc->scenario->camera_count && status == BT_OK; i++)
        status = add_camera(desc, p, i);
    if (status == BT_OK && p->camera_count == 0)
        return bt_fail(BT_ERR_INPUT, "--cameras: an empty list");
    return status;
}

static bt_status add_autopilot(const bt_production_desc *desc, bt_production *p)
{
    char given[BT_PATH_MAX];
    const char *path = desc->scenario->autopilot;
    const char *roots[] = {desc->assets};
    bt_status status = BT_OK;
    if (desc->autopilot) {
        snprintf(given, sizeof given, "%s", desc->autopilot);
        if (!bt_file_exists(given))
            status = bt_path_join(given, sizeof given, desc->assets, desc->autopilot);
        path = given;
    }
    if (path[0] == '\0') return status; // nobody drives a stand
    if (status == BT_OK)
        status = bt_autopilot_create(path, desc->scenario->seed, roots, 1, p->sim, &p->autopilot);
    if (status == BT_OK) status = bt_input_list_add(&p->inputs, path);
    return status;
}

bt_status bt_production_init(const bt_production_desc *desc, bt_production *p)
{
    memset(p, 0, sizeof *p);
    bt_status status = bt_production_load_map(desc, p);
    // cheap and often wrong: before the world
    if (status == BT_OK && !desc->without_light) status = add_cameras(desc, p);
    if (status == BT_OK && !desc->without_light) status = open_device(desc, p);
    if (status == BT_OK) status = build_world(desc, p);
    if (status == BT_OK) status = add_autopilot(desc, p);
    return status;
}

void bt_production_clear(bt_production *p)
{
    bt_autopilot_destroy(p->autopilot);
    bt_story_player_destroy(p->lead.player);
    bt_free((void *)(uintptr_t)p->lead.story_actors);
    for (uint32_t i = 0; i < p->camera_count; i++)
        bt_camera_destroy(p->cameras[i].camera);
    bt_free(p->sheets);
    bt_renderer_destroy(p->renderer);
    bt_vulkan_destroy(p->vulkan);
    bt_sim_destroy(p->sim);
    bt_world_destroy(p->world);
    bt_road_network_destroy(p->net);
    bt_free(p->map_text);
    bt_input_list_clear(&p->inputs);
    memset(p, 0, sizeof *p);
}
