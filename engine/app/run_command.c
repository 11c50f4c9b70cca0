// run_command.c: see run_command.h.
#include "engine/app/run_command.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/app/exit_code.h"
#include "engine/app/production.h"
#include "engine/app/run_options.h"
#include "engine/app/terminal.h"
#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/render/denoise.h"
#include "engine/render/vulkan/device.h"

#ifndef BT_VERSION
#define BT_VERSION "unknown"
#endif

#define SCENARIO_LIMIT_BYTES ((size_t)8 << 20)

// One run, from its command line to its clip.
typedef struct job {
    char assets[4096];
    const bt_run_options *options;
    bt_settings settings; // and the parameters in effect
    bt_scenario scenario;
    char *scenario_text;
    bt_jobs *jobs;
    bt_production_desc production_desc;
    bt_production production;
    bt_view first_views[BT_SCENARIO_MAX_CAMERAS]; // of each camera's first frame, for the clip
    bt_clip *clip;
    bt_drive_result result;
} job;

static void set_range(json_t *one, const bt_parameter *p)
{
    bool drawn = p->kind == BT_PARAMETER_UNIFORM || p->kind == BT_PARAMETER_NORMAL;
    if (drawn && p->low > -BT_PARAMETER_NO_CUT) json_object_set_new(one, "low", json_real(p->low));
    if (drawn && p->high < BT_PARAMETER_NO_CUT)
        json_object_set_new(one, "high", json_real(p->high));
    if (p->kind == BT_PARAMETER_NORMAL) {
        json_object_set_new(one, "mean", json_real(p->mean));
        json_object_set_new(one, "sigma", json_real(p->sigma));
    }
    if (p->kind == BT_PARAMETER_CHOICE)
        json_object_set_new(one, "choices", json_string(p->choices));
}

// What could be set from outside, with the values in effect.
static json_t *parameters_json(const bt_settings *settings)
{
    json_t *list = json_array();
    for (size_t i = 0; i < settings->declared_count; i++) {
        const bt_parameter *p = &settings->declared[i];
        double number = strtod(p->value, NULL);
        json_t *one = json_object();
        json_object_set_new(one, "name", json_string(p->name));
        json_object_set_new(one, "kind", json_string(bt_parameter_kind_names[p->kind]));
        json_object_set_new(one, "value", p->is_number ? json_real(number) : json_string(p->value));
        json_object_set_new(one, "given", json_boolean(p->given));
        set_range(one, p);
        json_array_append_new(list, one);
    }
    return list;
}

// What the run was asked for, as far as it decides the bytes.
static char *settings_json(const job *s)
{
    const bt_run_options *options = s->options;
    json_t *set = json_object();
    for (size_t i = 0; i < options->settings.given_count; i++)
        json_object_set_new(set, options->settings.given[i].key,
                            json_string(options->settings.given[i].value));
    json_t *root = json_object();
    json_object_set_new(root, "set", set);
    json_object_set_new(root, "parameters", parameters_json(&s->settings));
    json_object_set_new(root, "title", json_string(s->scenario.title));
    json_object_set_new(root, "duration_s", json_real(s->scenario.duration_s));
    json_object_set_new(root, "samples", json_integer(s->scenario.samples));
    json_object_set_new(root, "sensor_share", json_real(s->scenario.sensor_share));
    if (s->scenario.by_need) json_object_set_new(root, "by_need", json_true());
    json_object_set_new(root, "max_depth", json_integer(s->scenario.max_depth));
    json_object_set_new(root, "images", json_boolean(options->images));
    json_object_set_new(root, "reads", json_boolean(options->reads));
    json_object_set_new(root, "backend", json_string(bt_backend_names[s->scenario.backend]));
    if (s->production.vulkan)
        json_object_set_new(root, "device", json_string(bt_vulkan_name(s->production.vulkan)));
    json_object_set_new(root, "denoiser",
                        json_string(s->scenario.denoise ? BT_DENOISER_NAME : "none"));
    if (s->scenario.steady_lamps) json_object_set_new(root, "steady_lamps", json_true());
    if (options->has_frames) {
        json_object_set_new(root, "first_frame", json_integer((json_int_t)options->first_frame));
        if (options->last_frame != UINT64_MAX)
            json_object_set_new(root, "last_frame", json_integer((json_int_t)options->last_frame));
    }
    if (s->production.autopilot)
        json_object_set_new(root, "autopilot_privileges",
                            json_string(bt_autopilot_privileges(s->production.autopilot)));
    char *text = json_dumps(root, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(root);
    return text;
}

static bt_status describe_cameras(job *s, bt_clip_camera *cameras)
{
    for (uint32_t i = 0; i < s->production.camera_count; i++) {
        const bt_drive_camera *camera = &s->production.cameras[i];
        char *sheet = NULL, *state = NULL;
        bt_status status = bt_camera_sheet_json(bt_camera_sheet_of(camera->camera), &sheet);
        if (status == BT_OK) status = bt_camera_json(camera->camera, &camera->state, &state);
        char *both = NULL;
        if (status == BT_OK) {
            size_t bytes = strlen(sheet) + strlen(state) + 32;
            both = bt_alloc(bytes, 1);
            if (both) snprintf(both, bytes, "{\"sheet\":%s,\"in_effect\":%s}", sheet, state);
        }
        bt_free(sheet);
        bt_free(state);
        if (status != BT_OK) return status;
        if (!both) return bt_fail(BT_ERR_MEMORY, "no memory for camera %s", camera->name);
        uint32_t bits = bt_camera_raw_bits(camera->camera);
        s->first_views[i] = camera->view; // which changes from frame to frame
        cameras[i] = (bt_clip_camera){
            .name = camera->name, .view = &s->first_views[i], .sheet_json = both, .raw_bits = bits};
    }
    return BT_OK;
}

// Called by the drive when every camera's exposure is known.
static bt_status open_clip(void *context, bt_clip **clip)
{
    job *s = context;
    const bt_production *p = &s->production;
    bt_clip_camera cameras[BT_SCENARIO_MAX_CAMERAS] = {0};
    char *settings = settings_json(s);
    bt_status status = settings ? describe_cameras(s, cameras)
                                : bt_fail(BT_ERR_MEMORY, "no memory for the settings");
    if (status == BT_OK) {
        bt_clip_desc desc = {.dir = s->options->out,
                             .program = "blacktop " BT_VERSION,
                             .scenario_name = s->options->scenario,
                             .scenario_text = s->scenario_text,
                             .settings_json = settings,
                             .inputs = p->inputs.text,
                             .seed = s->scenario.seed,
                             .map_xodr = p->map_text,
                             .map_xodr_bytes = p->map_bytes,
                             .world = p->leg.world,
                             .sim = p->leg.sim,
                             .renderer = p->leg.renderer,
                             .jobs = s->jobs,
                             .cameras = cameras,
                             .camera_count = p->camera_count,
                             .labels = s->options->labels};
        status = bt_clip_create(&desc, &s->clip);
        *clip = s->clip;
    }
    for (uint32_t i = 0; i < p->camera_count; i++)
        bt_free((char *)cameras[i].sheet_json);
    free(settings);
    return status;
}

// Called by the drive: the next leg, when the window of an endless world has moved.
static bt_status follow(void *context, const bt_state *state, bt_leg *before, bt_state **next,
                        const bt_leg **now)
{
    job *s = context;
    bt_production *p = &s->production;
    *now = &p->leg;
    bt_status status = bt_production_follow(&s->production_desc, p, state, before, next);
    if (status != BT_OK || !*next) return status;
    size_t map_bytes;
    const char *map = bt_window_text(p->window, &map_bytes);
    const bt_clip_window window = {.number = p->leg.number,
                                   .from_ns = bt_state_time_ns(*next),
                                   .world = p->leg.world,
                                   .map_xodr = map,
                                   .map_xodr_bytes = map_bytes,
                                   .map_json = p->map_json,
                                   .map_json_bytes = p->map_json_bytes};
    p->map_json = NULL;
    return bt_clip_add_window(s->clip, &window);
}

static bt_status finish_clip(job *s)
{
    char verdict[200];
    snprintf(verdict, sizeof verdict, "{\"verdict\":\"%s\",\"passed\":%s,\"time_ns\":%lld}",
             bt_verdict_name(s->result.verdict), s->result.passed ? "true" : "false",
             (long long)s->result.end_ns);
    return bt_clip_finish(s->clip, verdict);
}

static bt_status drive(job *s)
{
    bt_drive_desc desc = {
        .leg = &s->production.leg,
        .jobs = s->jobs,
        .autopilot = s->production.autopilot,
        .lead = &s->production.lead,
        .cameras = s->production.cameras,
        .camera_count = s->production.camera_count,
        .render = {.samples = s->scenario.samples,
                   .max_depth = s->scenario.max_depth,
                   .sensor_share = (float)s->scenario.sensor_share,
                   .by_need = s->scenario.by_need,
                   .seed = s->scenario.seed},
        .denoise = s->scenario.denoise,
        .end_ns = bt_from_seconds(s->scenario.duration_s),
        .has_goal = s->production.has_goal,
        .goal_m = s->production.goal_m,
        .first_frame = s->options->has_frames ? s->options->first_frame : 0,
        .last_frame = s->options->has_frames ? s->options->last_frame : UINT64_MAX,
        .images = s->options->images,
        .reads = s->options->reads,
        .open_clip = open_clip,
        .follow = s->production.window ? follow : NULL,
        .context = s,
    };
    bt_status status = bt_drive_run(&desc, &s->result);
    if (status == BT_OK) status = finish_clip(s);
    return status;
}

// The folder must be there and writable before minutes are spent on it; a folder that cannot be
// made is bad input, not bad luck.
static bt_status claim_folder(const char *out)
{
    char probe[4096];
    bt_status status = bt_folder_make(out);
    if (status == BT_OK) status = bt_path_join(probe, sizeof probe, out, ".writable");
    if (status == BT_OK) status = bt_file_write(probe, "", 0);
    if (status == BT_OK) status = bt_file_remove(probe);
    return status == BT_OK ? BT_OK : bt_fail_prefix(BT_ERR_INPUT, "--out");
}

// What is asked for here goes before what the scenario says.
static void choose_sampling(const bt_run_options *options, bt_scenario *scenario)
{
    if (options->samples) scenario->samples = options->samples;
    if (!options->has_sensor_share && !options->by_need) return;
    scenario->sensor_share = options->has_sensor_share ? options->sensor_share : 0.0;
    scenario->by_need = options->by_need;
}

static bt_status prepare(job *s)
{
    const bt_run_options *options = s->options;
    size_t bytes;
    bt_status status =
        bt_file_read(options->scenario, SCENARIO_LIMIT_BYTES, &s->scenario_text, &bytes);
    if (status != BT_OK) return bt_fail_prefix(BT_ERR_INPUT, "scenario");
    status = bt_assets_find(s->assets, sizeof s->assets);
    s->settings = options->settings;
    if (status == BT_OK)
        status = bt_scenario_load(options->scenario, s->assets, &s->settings,
                                  options->has_seed ? &options->seed : NULL, &s->scenario);
    choose_sampling(options, &s->scenario);
    if (options->denoise) s->scenario.denoise = true;
    if (options->has_backend) s->scenario.backend = options->backend;
    if (status == BT_OK) status = claim_folder(options->out);
    if (status == BT_OK) status = bt_jobs_create(options->threads, &s->jobs);
    s->production_desc = (bt_production_desc){.scenario = &s->scenario,
                                              .assets = s->assets,
                                              .camera_list = options->cameras,
                                              .autopilot = options->autopilot,
                                              .width_px = options->width_px,
                                              .height_px = options->height_px,
                                              .no_ahead = !options->ahead,
                                              .jobs = s->jobs};
    if (status == BT_OK) status = bt_production_init(&s->production_desc, &s->production);
    return status;
}

static void clear(job *s)
{
    bt_clip_destroy(s->clip);
    bt_production_clear(&s->production);
    bt_jobs_destroy(s->jobs);
    bt_scenario_clear(&s->scenario);
    bt_free(s->scenario_text);
}

static void report(const job *s)
{
    const bt_drive_result *result = &s->result;
    bt_log(BT_LOG_INFO,
           "%s: %llu frames in %s, verdict %s at %.2f s, %.2f s of light per frame, "
           "%.1f samples per pixel, %.0f MiB at most",
           s->scenario.title, (unsigned long long)result->frames, s->options->out,
           bt_verdict_name(result->verdict), bt_seconds(result->end_ns),
           result->rendered ? result->render_s / (double)result->rendered : 0.0,
           result->rendered ? result->samples / (double)result->rendered : 0.0,
           (double)bt_memory_high_water() / 1048576.0);
}

int bt_run_command(int argc, char **argv)
{
    bt_run_options options;
    bt_status status = bt_run_options_parse(argc, argv, &options);
    if (status != BT_OK) return bt_exit_failure(status);
    if (options.help) {
        fputs(bt_run_help, stdout);
        return BT_EXIT_DONE;
    }
    bt_terminal_open(options.quiet);
    job s = {.options = &options};
    status = prepare(&s);
    if (status == BT_OK) status = drive(&s);
    if (status == BT_OK) report(&s);
    clear(&s);
    bt_terminal_close();
    if (status != BT_OK) return bt_exit_failure(status);
    return s.result.passed ? BT_EXIT_DONE : BT_EXIT_VERDICT;
}
