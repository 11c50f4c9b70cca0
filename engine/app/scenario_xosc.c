// scenario_xosc.c: an OpenSCENARIO file as a scenario: its story, its map, its weather, bodies for its actors, and
// a camera, of which such a file says nothing.
#include "engine/app/scenario_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/openscenario/openscenario.h"
#include "sensors/camera/camera_lua.h"

#define DURATION_S 60.0 // unless the story ends before
#define NIGHT_RAD (3.0 * BT_RAD_PER_DEG)

// ---- bodies -----------------------------------------------------------------------------------
static const char *sheet_for(const bt_story_actor *role)
{
    const char *category = role->model;
    if (strcmp(category, "truck") == 0 || strcmp(category, "semitrailer") == 0)
        return "vehicles/truck.lua";
    if (strcmp(category, "bus") == 0) return "vehicles/bus.lua";
    if (strcmp(category, "van") == 0) return "vehicles/van.lua";
    return role->length_m > 4.7 ? "vehicles/sedan.lua" : "vehicles/hatch.lua";
}

static void give_box(const bt_story_actor *role, bt_scenario_actor *actor)
{
    actor->kind = BT_SCENARIO_THING;
    actor->size_m[0] = bt_clamp(role->length_m, 0.05, 100.0);
    actor->size_m[1] = bt_clamp(role->width_m, 0.05, 100.0);
    actor->size_m[2] = bt_clamp(role->height_m, 0.05, 100.0);
}

static bt_status give_vehicle(const char *assets, const bt_story_actor *role,
                              bt_scenario_actor *actor)
{
    static const char *const ours[] = {"car", "van", "truck", "semitrailer", "bus"};
    bool known = false;
    if (strcmp(role->model, "trailer") == 0) { // drawn by the story: tow.c
        give_box(role, actor);
        return BT_OK;
    }
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        known = known || strcmp(role->model, ours[i]) == 0;
    if (!known)
        bt_log(BT_LOG_WARNING, "%s: no body of the category '%s': it looks like a %s", role->name,
               role->model, sheet_for(role));
    actor->kind = BT_SCENARIO_VEHICLE;
    actor->lamps = BT_LAMP_DAY;
    return bt_path_join(actor->vehicle, sizeof actor->vehicle, assets, sheet_for(role));
}

static bt_status give_body(const char *assets, const bt_story_actor *role, bt_scenario_actor *actor)
{
    snprintf(actor->name, sizeof actor->name, "%.63s", role->name);
    actor->start_spot = BT_STORY_NONE;
    switch (role->kind) {
    case BT_STORY_CAR:
        return give_vehicle(assets, role, actor);
    case BT_STORY_PERSON:
        actor->kind = BT_SCENARIO_PEDESTRIAN;
        actor->height_m = bt_clamp(role->height_m, 0.8, 2.2);
        return BT_OK;
    case BT_STORY_ANIMAL:
        actor->kind = role->height_m > 1.6   ? BT_SCENARIO_MOOSE
                      : role->height_m > 0.9 ? BT_SCENARIO_DEER
                                             : BT_SCENARIO_DOG;
        actor->height_m = bt_clamp(role->height_m, 0.2, 2.3);
        return BT_OK;
    case BT_STORY_THING:
        give_box(role, actor);
        return BT_OK;
    }
    return BT_OK;
}

// ---- who is driven ----------------------------------------------------------------------------
static uint32_t find_ego(const bt_story *story)
{
    static const char *const names[] = {"Ego", "Hero", "Host"};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (size_t i = 0; i < story->actors_count; i++)
            if (strcasecmp(story->actors[i].name, names[n]) == 0 &&
                story->actors[i].kind == BT_STORY_CAR)
                return (uint32_t)i;
    for (size_t i = 0; i < story->actors_count; i++)
        if (story->actors[i].kind == BT_STORY_CAR) return (uint32_t)i;
    return BT_STORY_NONE;
}

static void tell_of_idle_actions(const bt_story *story, uint32_t ego)
{
    uint32_t count = 0;
    for (size_t i = 0; i < story->nodes_count; i++) {
        const bt_story_node *n = &story->nodes[i];
        if (n->kind == BT_NODE_ACTION && n->action != BT_STORY_NONE)
            count += story->actions[n->action].actor == ego;
    }
    if (count > 0)
        bt_log(BT_LOG_WARNING,
               "%s is driven by an autopilot: %u actions of the story upon it do not move it",
               story->actors[ego].name, count);
}

static bt_status take_actors(const char *assets, bt_scenario *s)
{
    bt_story *story = s->story;
    uint32_t ego = find_ego(story);
    if (ego == BT_STORY_NONE)
        return bt_fail(BT_ERR_INPUT, "no vehicle takes part: whom should the autopilot drive?");
    if (story->actors_count > BT_SCENARIO_MAX_ACTORS)
        return bt_fail(BT_ERR_LIMIT, "%zu entities, at most %d", story->actors_count,
                       BT_SCENARIO_MAX_ACTORS);
    s->actors = bt_alloc(story->actors_count, sizeof *s->actors);
    if (!s->actors) return bt_fail(BT_ERR_MEMORY, "no memory for %zu actors", story->actors_count);
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < story->actors_count && status == BT_OK; i++) {
        bt_scenario_actor *actor = i == ego ? &s->ego : &s->actors[s->actor_count++];
        actor->story_actor = i;
        actor->led = i != ego;
        status = give_body(assets, &story->actors[i], actor);
    }
    story->actors[ego].external = true;
    tell_of_idle_actions(story, ego);
    return status;
}

// ---- sky and camera ---------------------------------------------------------------------------
static void take_weather(const bt_osc_weather *w, bt_scenario *s)
{
    bt_weather *weather = &s->weather;
    *weather = (bt_weather){.sun_azimuth_rad = 230.0 * BT_RAD_PER_DEG,
                            .sun_elevation_rad = 40.0 * BT_RAD_PER_DEG,
                            .cloud_optical_depth = 30.0,
                            .aerosol_optical_depth = 0.1,
                            .angstrom_exponent = 1.3,
                            .ozone_atm_cm = 0.34,
                            .ground_albedo = 0.2};
    // clockwise from north becomes counter-clockwise from east
    if (!isnan(w->sun_azimuth_rad))
        weather->sun_azimuth_rad = bt_wrap_angle(0.5 * BT_PI - w->sun_azimuth_rad);
    if (!isnan(w->sun_elevation_rad))
        weather->sun_elevation_rad = bt_clamp(w->sun_elevation_rad, -0.5 * BT_PI, 0.5 * BT_PI);
    if (!isnan(w->cloud)) weather->cloud = bt_clamp(w->cloud, 0.0, 1.0);
    if (!isnan(w->rain_mm_h)) weather->rain_mm_h = w->rain_mm_h;
    if (!isnan(w->snow_mm_h)) weather->snow_mm_h = w->snow_mm_h;
    if (!isnan(w->wetness)) weather->wetness = w->wetness;
    s->lamps_lit = weather->sun_elevation_rad < NIGHT_RAD || weather->rain_mm_h > 0.0;
    if (isnan(w->fog_range_m) || w->fog_range_m <= 0.0 || w->fog_range_m > 20000.0) return;
    weather->fog_range_m = fmax(w->fog_range_m, 5.0);
    weather->fog_height_m = 60.0;
    weather->fog_droplet_um = 4.0;
    s->lamps_lit = s->lamps_lit || weather->fog_range_m < 500.0;
}

static bt_status give_camera(const char *assets, bt_scenario *s)
{
    bt_scenario_camera *camera = &s->cameras[s->camera_count++];
    *camera = (bt_scenario_camera){.name = "front", .rate_hz = 10.0};
    camera->vehicle_from_cam = bt_camera_mount(2.0, 0.0, 1.4, 0.0, 1.5 * BT_RAD_PER_DEG, 0.0);
    s->samples = 32;
    s->width_px = 640;
    s->height_px = 400;
    bt_status status =
        bt_path_join(camera->sheet, sizeof camera->sheet, assets, "cameras/front_1mp.lua");
    if (status != BT_OK) return status;
    return bt_path_join(s->autopilot, sizeof s->autopilot, assets, "autopilots/lane_follower.lua");
}

// ---- whole ------------------------------------------------------------------------------------
static void list_parameters(const bt_openscenario *file, bt_settings *settings)
{
    settings->declared_count = 0;
    for (size_t i = 0; i < file->parameter_count && i < BT_SETTINGS_MAX; i++) {
        bt_parameter *p = &settings->declared[settings->declared_count++];
        *p = (bt_parameter){.kind = BT_PARAMETER_SETTING};
        snprintf(p->name, sizeof p->name, "%.63s", file->parameters[i].name);
        snprintf(p->value, sizeof p->value, "%.127s", file->parameters[i].value);
        for (size_t k = 0; k < settings->given_count; k++)
            p->given = p->given || strcmp(settings->given[k].key, p->name) == 0;
    }
}

static bt_status check_used(const bt_openscenario *file, const bt_osc_setting *given, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (given[i].used) continue;
        char all[1024] = "nothing";
        for (size_t k = 0, used = 0; k < file->parameter_count && used < sizeof all; k++)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", k ? ", " : "",
                                     file->parameters[k].name);
        return bt_fail(BT_ERR_INPUT, "--set %s=%s: the file declares no such parameter; it has %s",
                       given[i].name, given[i].value, all);
    }
    return BT_OK;
}

static bt_status convert(const char *path, const char *assets, bt_openscenario *file,
                         bt_scenario *s)
{
    snprintf(s->title, sizeof s->title, "%.100s", file->description);
    snprintf(s->map, sizeof s->map, "%s", file->map);
    s->duration_s = DURATION_S;
    s->from_openscenario = s->led = true;
    s->story = file->story; // and with it all its texts
    file->story = NULL;
    s->surroundings = (bt_scenario_surroundings){.density = 1.0, .plants = true, .buildings = true};
    s->traffic.radius_m = 150.0;
    if (file->traffic.vehicles > 0) {
        s->traffic.cars = file->traffic.vehicles;
        s->traffic.radius_m = file->traffic.radius_m;
    }
    take_weather(&file->weather, s);
    bt_status status = take_actors(assets, s);
    if (status != BT_OK) return bt_fail_prefix(status, "%s", path);
    return give_camera(assets, s);
}

bt_status scenario_load_openscenario(const char *path, const char *assets, bt_settings *settings,
                                     const uint64_t *seed, bt_scenario *scenario)
{
    memset(scenario, 0, sizeof *scenario);
    bt_osc_setting given[BT_SETTINGS_MAX];
    for (size_t i = 0; i < settings->given_count; i++)
        given[i] = (bt_osc_setting){settings->given[i].key, settings->given[i].value, false};
    bt_osc_desc desc = {.path = path, .settings = given, .setting_count = settings->given_count};
    bt_openscenario *file = NULL;
    bt_status status = bt_openscenario_load(&desc, &file);
    if (status != BT_OK) return status;
    scenario->seed = seed ? *seed : 1;
    list_parameters(file, settings);
    status = check_used(file, given, settings->given_count);
    if (status == BT_OK) status = convert(path, assets, file, scenario);
    bt_openscenario_destroy(file);
    if (status != BT_OK) bt_scenario_clear(scenario);
    return status;
}
