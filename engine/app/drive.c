// drive.c: see drive.h. The loop; its legs are in drive_scene.c, its frames in drive_frames.c.
#include "engine/app/drive_internal.h"

#include <inttypes.h>
#include <math.h>

#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"

// ---- setting up -------------------------------------------------------------------------------
// The longest a frame of this camera can be open on one side of its label time.
static bt_time_ns longest_half_ns(const bt_drive_camera *camera)
{
    const bt_camera_sheet *sheet = bt_camera_sheet_of(camera->camera);
    double exposure_s =
        fmax(bt_sheet_get(sheet, BT_SHEET_EXPOSURE_MAX_S), camera->state.exposure.exposure_s);
    exposure_s = fmax(exposure_s, bt_exposure_plan_longest_s(&camera->plan));
    double readout_ns = fabs(camera->view.row_time_ns) * (double)camera->view.height_px;
    double open_s = bt_camera_open_s(camera->camera, exposure_s);
    return (bt_time_ns)ceil(0.5 * (readout_ns + open_s * 1e9)) + 4;
}

static bt_status prepare(drive *d)
{
    const bt_drive_desc *desc = d->desc;
    bt_time_ns step_ns = bt_sim_step_ns(desc->leg->sim);
    bt_time_ns longest_ns = 0, period_ns = 0;
    for (uint32_t i = 0; i < desc->camera_count; i++) {
        bt_status status = drive_prepare_shooter(d, i);
        if (status != BT_OK) return status;
        bt_time_ns half_ns = longest_half_ns(&desc->cameras[i]);
        longest_ns = half_ns > longest_ns ? half_ns : longest_ns;
        bt_time_ns frame_ns = desc->cameras[i].period_ns;
        period_ns = frame_ns > period_ns ? frame_ns : period_ns;
    }
    d->longest_ns = longest_ns;
    d->lead_ns = (longest_ns + step_ns - 1) / step_ns * step_ns;

    // two frames and their shutters must fit into what is remembered
    bt_time_ns ticks = 2 * (period_ns + 2 * longest_ns) / step_ns + 8;
    if (ticks > 100000)
        return bt_fail(BT_ERR_INPUT, "a camera takes a frame every %g s: at most every 100 s",
                       bt_seconds(period_ns));
    d->ticks = (uint32_t)ticks;
    bt_status status = drive_begin_scene(d);
    if (status == BT_OK) status = bt_command_log_create(&d->log);
    bt_judge_desc judge = {.sim = desc->leg->sim,
                           .end_ns = desc->end_ns,
                           .has_goal = desc->has_goal,
                           .goal_m = desc->goal_m};
    if (status == BT_OK) status = bt_judge_create(&judge, &d->judge);
    return status;
}

static void clear(drive *d)
{
    for (uint32_t i = 0; i < d->desc->camera_count; i++)
        drive_clear_shooter(&d->shooters[i]);
    bt_judge_destroy(d->judge);
    bt_command_log_destroy(d->log);
    drive_clear_scenes(d);
}

// ---- driving ----------------------------------------------------------------------------------
static bt_status ask_autopilot(drive *d)
{
    bt_autopilot *autopilot = d->desc->autopilot;
    const drive_scene *now = drive_now(d);
    bt_time_ns now_ns = bt_state_time_ns(now->state);
    if (!autopilot || d->ended || now_ns < d->next_command_ns) return BT_OK;
    d->next_command_ns = now_ns + bt_autopilot_period_ns(autopilot);

    bt_link_frame frames[BT_LINK_MAX_CAMERAS];
    bt_observation observation = {
        .sim = now->leg.sim, .state = now->state, .frames = frames, .frame_count = 0};
    for (uint32_t i = 0; i < d->desc->camera_count; i++) {
        if (!d->shooters[i].shown.camera) continue;
        frames[observation.frame_count++] = d->shooters[i].shown;
        d->shooters[i].shown.camera = NULL;
    }
    bt_status status = bt_autopilot_step(autopilot, &observation, &d->command);
    if (status != BT_OK) return status;
    return bt_command_log_command(d->log, now_ns, &d->command);
}

static bt_status look(drive *d)
{
    if (d->ended) return BT_OK;
    const bt_state *state = drive_now(d)->state;
    const bt_lead *lead = d->desc->lead;
    if (lead && lead->player && bt_story_player_ended(lead->player))
        bt_judge_end(d->judge, bt_state_time_ns(state));
    bt_status status = bt_judge_look(d->judge, state);
    while (status == BT_OK && d->events_logged < bt_judge_event_count(d->judge))
        status = bt_command_log_event(d->log, bt_judge_event(d->judge, d->events_logged++));
    if (status != BT_OK || bt_judge_verdict(d->judge) == BT_VERDICT_RUNNING) return status;
    d->ended = true;
    d->result->verdict = bt_judge_verdict(d->judge);
    d->result->passed = bt_judge_passed(d->judge);
    d->result->end_ns = bt_state_time_ns(state);
    return BT_OK;
}

// An autopilot that fails ends the run with its own verdict; what was seen so far is kept.
static bt_status end_by_autopilot(drive *d)
{
    bt_log(BT_LOG_WARNING, "the autopilot failed: %s", bt_error_message());
    bt_verdict_event event = {.time_ns = bt_state_time_ns(drive_now(d)->state),
                              .kind = BT_VERDICT_AUTOPILOT,
                              .other = BT_SIM_NONE};
    d->ended = true;
    d->result->verdict = event.kind;
    d->result->passed = false;
    d->result->end_ns = event.time_ns;
    return bt_command_log_event(d->log, &event);
}

static bt_status tick(drive *d)
{
    const drive_scene *now = drive_now(d);
    bt_status status = ask_autopilot(d);
    if (status == BT_ERR_INPUT || status == BT_ERR_LIMIT) status = end_by_autopilot(d);
    if (status == BT_OK && d->desc->lead)
        status = bt_lead_step(d->desc->lead, now->leg.sim, now->state);
    if (status == BT_OK) status = bt_sim_step(now->leg.sim, now->state, &d->command);
    if (status == BT_OK) status = drive_step_before(d);
    if (status == BT_OK) status = drive_follow(d);
    if (status == BT_OK) status = drive_remember(d);
    if (status == BT_OK) status = look(d);
    return status;
}

static bool labels_are_pending(const drive *d)
{
    for (uint32_t i = 0; i < d->desc->camera_count; i++)
        if (d->shooters[i].unlabelled) return true;
    return false;
}

// How many frames of a camera the whole run has.
static uint64_t frames_of(const drive *d, uint32_t camera)
{
    bt_time_ns span_ns = d->desc->end_ns - d->lead_ns;
    if (span_ns < 0) return 0;
    uint64_t instants = (uint64_t)(span_ns / d->desc->cameras[camera].period_ns) + 1;
    return instants * bt_exposure_plan_frames_per_instant(&d->desc->cameras[camera].plan);
}

// How many of them are asked for.
static uint64_t count_frames(const drive *d)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < d->desc->camera_count; i++) {
        uint64_t all = frames_of(d, i);
        uint64_t last = d->desc->last_frame < all ? d->desc->last_frame + 1 : all;
        count += last > d->desc->first_frame ? last - d->desc->first_frame : 0;
    }
    return count;
}

static bt_status check_frames(const drive *d)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < d->desc->camera_count; i++)
        if (frames_of(d, i) > most) most = frames_of(d, i);
    if (d->frames_expected > 0 || most == 0) return BT_OK;
    return bt_fail(BT_ERR_INPUT,
                   "frames from %" PRIu64 " on: the run has %" PRIu64 ", the last is %" PRIu64,
                   d->desc->first_frame, most, most - 1);
}

static bt_status run(drive *d)
{
    bt_status status = prepare(d);
    d->frames_expected = count_frames(d);
    if (status == BT_OK) status = check_frames(d);
    if (status == BT_OK) status = drive_remember(d);
    while (status == BT_OK) {
        status = drive_develop_ready_frames(d);
        if (status != BT_OK || (d->ended && !labels_are_pending(d))) break;
        if (bt_cancel_signal()) return bt_fail(BT_ERR_CANCELLED, "asked to stop");
        status = tick(d);
    }
    if (status == BT_OK && !d->clip)
        return bt_fail(BT_ERR_INPUT,
                       "the run ended (%s) at %g s, before the first frame's exposure",
                       bt_verdict_name(d->result->verdict), bt_seconds(d->result->end_ns));
    if (status != BT_OK) return status;
    size_t bytes;
    const char *text = bt_command_log_text(d->log, &bytes);
    return bt_clip_put_file(d->clip, "commands.jsonl", text, bytes);
}

bt_status bt_drive_run(const bt_drive_desc *desc, bt_drive_result *result)
{
    *result = (bt_drive_result){.verdict = BT_VERDICT_RUNNING};
    if (desc->camera_count > BT_LINK_MAX_CAMERAS)
        return bt_fail(BT_ERR_INPUT, "%u cameras, at most %u", desc->camera_count,
                       BT_LINK_MAX_CAMERAS);
    drive *d = bt_alloc(1, sizeof *d);
    if (!d) return bt_fail(BT_ERR_MEMORY, "no memory for a run");
    d->desc = desc;
    d->result = result;
    bt_status status = run(d);
    clear(d);
    bt_free(d);
    return status;
}
