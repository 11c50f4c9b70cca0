// production.c: see production.h.
#include "engine/app/production.h"

#include <stdio.h>
#include <string.h>

#include "engine/app/run_options.h"
#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/render/vulkan/device.h"
#include "engine/road/opendrive.h"
#include "procedural/roads/road_make_lua.h"
#include "sensors/camera/camera_lua.h"
#include "sensors/camera/optics/windshield_lua.h"

#define MAP_LIMIT_BYTES ((size_t)512 << 20)

// The first window; its text was made by the same rules.
static bt_status open_window(const bt_scenario *scenario, bt_production *p)
{
    const bt_road_make *make = &scenario->make;
    bt_status status =
        make->folder[0] != '\0' ? bt_world_folder_open(make->folder, &p->folder) : BT_OK;
    if (status == BT_OK)
        status = bt_ahead_open_window(scenario, p->folder, make->x_m, make->y_m, &p->window);
    if (status != BT_OK) return status;
    p->part = bt_ahead_part(p->window);
    p->net = bt_window_release(p->window);
    return BT_OK;
}

bt_status bt_production_load_map(const bt_production_desc *desc, bt_production *p)
{
    const bt_scenario *scenario = desc->scenario;
    const char *path = scenario->map;
    bt_status status = scenario->map_made
                           ? bt_road_make_text(&scenario->make, &p->map_text, &p->map_bytes)
                           : bt_file_read(path, MAP_LIMIT_BYTES, &p->map_text, &p->map_bytes);
    if (status != BT_OK) return bt_fail_prefix(BT_ERR_INPUT, "map");
    status = scenario->map_made && scenario->make.endless
                 ? open_window(scenario, p)
                 : bt_opendrive_parse(path, p->map_text, p->map_bytes, &p->net);
    if (status != BT_OK) return status;
    uint32_t warnings = bt_road_warning_count(p->net);
    if (warnings > 0)
        bt_log(BT_LOG_INFO, "%s: %u notes on the map; blacktop road info lists them", path,
               warnings);
    return BT_OK;
}

static bt_status open_device(const bt_production_desc *desc, bt_production *p)
{
    bt_backend backend = desc->scenario->backend;
    bt_vulkan_desc device = {.own_rays = backend == BT_BACKEND_VULKAN_RT};
    if (backend == BT_BACKEND_CPU) return BT_OK;
    bt_status status = bt_vulkan_create(&device, &p->vulkan);
    if (status == BT_OK && device.own_rays && !bt_vulkan_has_own_rays(p->vulkan))
        return bt_fail(BT_ERR_INPUT,
                       "backend vulkan-rt: %s has no VK_KHR_ray_tracing_pipeline; use the backend "
                       "vulkan",
                       bt_vulkan_name(p->vulkan));
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
        status =
            bt_autopilot_create(path, desc->scenario->seed, roots, 1, p->leg.sim, &p->autopilot);
    if (status == BT_OK) status = bt_input_list_add(&p->inputs, path);
    return status;
}

// ---- legs -------------------------------------------------------------------------------------
static bt_leg_desc describe_leg(const bt_production_desc *desc, bt_production *p)
{
    return (bt_leg_desc){.scenario = desc->scenario,
                         .assets = desc->assets,
                         .inputs = &p->inputs,
                         .vulkan = p->vulkan,
                         .without_light = desc->without_light,
                         .part = p->window ? &p->part : NULL};
}

static void name_lead(bt_production *p)
{
    const bt_cast *cast = &p->leg.cast;
    p->lead = (bt_lead){cast->player, cast->story_actors, cast->story_count};
}

static bt_status begin_leg(const bt_production_desc *desc, bt_production *p)
{
    const bt_leg_desc leg = describe_leg(desc, p);
    bt_road_network *net = p->net;
    p->net = NULL;
    bt_status status = bt_leg_begin(&leg, net, &p->leg);
    const bt_cast *cast = &p->leg.cast;
    p->goal_m = desc->scenario->ego.goal_after_m;
    p->has_goal = p->goal_m > 0.0 || (cast->count > 0 && cast->actors[0].goal_lane != BT_ROAD_NONE);
    name_lead(p);
    return status;
}

bt_status bt_production_init(const bt_production_desc *desc, bt_production *p)
{
    memset(p, 0, sizeof *p);
    bt_status status = bt_production_load_map(desc, p);
    // cheap and often wrong: before the world
    if (status == BT_OK && !desc->without_light) status = add_cameras(desc, p);
    if (status == BT_OK && !desc->without_light) status = open_device(desc, p);
    if (status == BT_OK) status = begin_leg(desc, p);
    if (status == BT_OK) status = add_autopilot(desc, p);
    return status;
}

static void describe_ahead(const bt_production_desc *desc, bt_production *p)
{
    p->ahead =
        (bt_ahead){.leg_desc = describe_leg(desc, p), .folder = p->folder, .before = &p->leg};
}

// Once in a leg: begins with the next, if it is known where that will be.
static bt_status look_ahead(const bt_production_desc *desc, bt_production *p, const bt_state *state)
{
    if (p->looked || desc->no_ahead) return BT_OK;
    p->looked = true;
    describe_ahead(desc, p);
    bt_time_ns end_ns = bt_from_seconds(desc->scenario->duration_s);
    bool foreseen = bt_ahead_foresee(p->window, &p->leg, state, end_ns, &p->ahead);
    return foreseen ? bt_ahead_begin(&p->ahead) : BT_OK;
}

// What was made ahead, if it is the window round this place, or else that, made now.
static bt_status take_ahead(const bt_production_desc *desc, bt_production *p, const bt_state *state)
{
    bt_vec3 ego = bt_state_motion(state, 0)->pose.world_from_actor.pos;
    int here[2], there[2];
    bt_window_centre_of(p->window, ego.x, ego.y, &here[0], &here[1]);
    bt_window_centre_of(p->window, p->ahead.x_m, p->ahead.y_m, &there[0], &there[1]);
    if (!p->ahead.begun || here[0] != there[0] || here[1] != there[1]) {
        bt_ahead_drop(&p->ahead);
        describe_ahead(desc, p);
        p->ahead.x_m = ego.x;
        p->ahead.y_m = ego.y;
        p->ahead.along_m = bt_state_motion(state, 0)->route_m;
    }
    bool ahead = p->ahead.begun;
    bt_status status = bt_ahead_end(&p->ahead);
    p->ahead.leg.ahead = ahead;
    return status;
}

static void go_over(bt_production *p, bt_leg *before)
{
    p->ahead.leg.cast.player = p->leg.cast.player;
    p->leg.cast.player = NULL;
    *before = p->leg;
    p->leg = p->ahead.leg;
    p->ahead.leg = (bt_leg){0};
    bt_window_destroy(p->window);
    p->window = p->ahead.window;
    p->ahead.window = NULL;
    p->part = p->ahead.part;
    bt_free(p->map_json);
    p->map_json = p->ahead.map_json;
    p->map_json_bytes = p->ahead.map_json_bytes;
    p->ahead.map_json = NULL;
    bt_ahead_drop(&p->ahead);
    p->looked = false;
    name_lead(p);
}

bt_status bt_production_follow(const bt_production_desc *desc, bt_production *p,
                               const bt_state *state, bt_leg *before, bt_state **next)
{
    *next = NULL;
    if (!p->window) return BT_OK;
    bt_vec3 ego = bt_state_motion(state, 0)->pose.world_from_actor.pos;
    if (!bt_window_would_move(p->window, ego.x, ego.y)) return look_ahead(desc, p, state);
    double begun_s = bt_clock_s();
    bt_ahead *ahead = &p->ahead;
    bt_status status = take_ahead(desc, p, state);
    ahead->leg.made_s = ahead->made_s;
    ahead->leg.waited_s = bt_clock_s() - begun_s;
    if (status == BT_OK)
        status = bt_leg_follow(&ahead->leg_desc, &p->leg, state, &ahead->leg, next);
    if (status == BT_OK && p->autopilot) status = bt_autopilot_carry(p->autopilot, ahead->leg.sim);
    if (status == BT_OK) {
        go_over(p, before);
        return BT_OK;
    }
    bt_state_destroy(*next);
    *next = NULL;
    return status;
}

void bt_production_clear(bt_production *p)
{
    bt_ahead_drop(&p->ahead); // reads much of the rest
    bt_autopilot_destroy(p->autopilot);
    for (uint32_t i = 0; i < p->camera_count; i++)
        bt_camera_destroy(p->cameras[i].camera);
    bt_free(p->sheets);
    bt_leg_clear(&p->leg);
    bt_vulkan_destroy(p->vulkan);
    bt_window_destroy(p->window);
    bt_world_folder_close(p->folder);
    bt_road_network_destroy(p->net);
    bt_free(p->map_json);
    bt_free(p->map_text);
    bt_input_list_clear(&p->inputs);
    memset(p, 0, sizeof *p);
}
