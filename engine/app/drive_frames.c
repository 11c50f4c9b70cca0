// drive_frames.c: cameras expose, frames are developed and labelled.
#include "engine/app/drive_internal.h"

#include <math.h>

#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"

// Metering looks at a small picture of the first frame (chosen: its mean is good to a percent).
#define METER_WIDTH_PX 96u
#define METER_SAMPLES 16u

static bt_time_ns label_time(const drive *d, const shooter *s, uint64_t frame)
{
    // frames of one instant are a nanosecond apart, so that each has its own line of truth
    uint64_t shared = bt_exposure_plan_frames_per_instant(&s->camera->plan);
    return d->lead_ns + (bt_time_ns)(frame / shared) * s->camera->period_ns +
           (bt_time_ns)(frame % shared);
}

static bool is_wanted(const drive *d, uint64_t frame)
{
    return frame >= d->desc->first_frame && frame <= d->desc->last_frame;
}

// ---- setting up -------------------------------------------------------------------------------
bt_status drive_prepare_shooter(drive *d, uint32_t index)
{
    shooter *s = &d->shooters[index];
    s->camera = &d->desc->cameras[index];
    s->index = index;
    s->film_instant = UINT64_MAX;
    bt_camera_view(s->camera->camera, &s->camera->state, s->camera->vehicle_from_cam,
                   &s->camera->view);
    const bt_view *view = &s->camera->view;
    size_t pixels = (size_t)view->width_px * view->height_px;
    s->raw = bt_alloc(pixels, sizeof *s->raw);
    s->rgb = bt_alloc(pixels * 3, sizeof *s->rgb);
    uint32_t reads = bt_camera_read_count(s->camera->camera);
    bool split = d->desc->reads && reads > 1;
    if (split) s->reads = bt_alloc(pixels * reads, sizeof *s->reads);
    if (!s->raw || !s->rgb || (split && !s->reads))
        return bt_fail(BT_ERR_MEMORY, "no memory for a %zu pixel frame", pixels);
    bt_status status = bt_film_create_view(view, &s->film);
    if (status == BT_OK)
        status = bt_film_create_planes(view->width_px, view->height_px, view->band_count,
                                       bt_view_planes(view), &s->picture);
    if (status == BT_OK && d->desc->denoise)
        status = bt_guides_create(s->film->width_px, s->film->height_px, &s->guides);
    return status;
}

void drive_clear_shooter(shooter *s)
{
    bt_stage_destroy(s->stage);
    bt_snapshot_destroy(s->snapshot);
    bt_film_destroy(s->film);
    bt_film_destroy(s->picture);
    bt_guides_destroy(s->guides);
    bt_free(s->raw);
    bt_free(s->reads);
    bt_free(s->rgb);
}

// ---- exposing ---------------------------------------------------------------------------------
// Pixels per radian, where there are most: towards a pinhole's corners.
static double sharpest(const bt_view *view)
{
    double c = cos(fmin((double)view->theta_max_rad, 1.2));
    double f = (double)fmaxf(view->lens.fx, view->lens.fy);
    return view->lens.kind == BT_LENS_PINHOLE ? f / (c * c) : f;
}

static bt_status cut_snapshot(const drive_scene *scene, const shooter *s, const bt_view *view,
                              bt_time_ns label_time_ns, bt_snapshot **snapshot)
{
    const bt_precipitation *fall = &scene->leg.fall;
    bt_snapshot_desc desc = {.camera_actor = bt_sim_ego(scene->leg.sim),
                             .actor_from_cam = s->camera->vehicle_from_cam,
                             .px_per_rad = sharpest(view)};
    bt_view_interval_ns(view, label_time_ns, &desc.open_ns, &desc.close_ns);
    bt_status status = bt_snapshot_create(scene->leg.world, scene->history, &desc, snapshot);
    bt_fall_view view_of_it = {.half_angle_rad = (double)view->theta_max_rad};
    if (status == BT_OK) status = bt_precipitation_place(fall, &view_of_it, *snapshot);
    if (status != BT_OK) {
        bt_snapshot_destroy(*snapshot);
        *snapshot = NULL;
    }
    return status;
}

// Light of a small picture of the first frame, by a small copy of the camera.
static bt_status measure_light(drive *d, const shooter *s, const bt_camera *small,
                               bt_camera_exposure *exposure)
{
    bt_view view;
    bt_snapshot *snapshot = NULL;
    bt_stage *stage = NULL;
    bt_film *film = NULL;
    bt_camera_view(small, &s->camera->state, s->camera->vehicle_from_cam, &view);
    bt_render_settings settings = d->desc->render;
    settings.samples = METER_SAMPLES;
    settings.sensor_share = 0.0f;
    settings.by_need = false;
    settings.frame = (uint64_t)s->camera->number << 32 | UINT32_MAX; // no frame has this number
    bt_time_ns time_ns = label_time(d, s, 0);

    const drive_scene *scene = drive_scene_of(d, time_ns);
    bt_status status = cut_snapshot(scene, s, &view, time_ns, &snapshot);
    if (status == BT_OK) status = bt_stage_create(scene->leg.renderer, snapshot, NULL, 0, &stage);
    if (status == BT_OK)
        status = bt_film_create_planes(view.width_px, view.height_px, view.band_count,
                                       bt_view_planes(&view), &film);
    if (status == BT_OK)
        status = bt_render_film(stage, &view, time_ns, &settings, d->desc->jobs, film);
    if (status == BT_OK) status = bt_camera_meter(small, film, exposure);
    bt_film_destroy(film);
    bt_stage_destroy(stage);
    bt_snapshot_destroy(snapshot);
    return status;
}

// ---- exposure from frame to frame -------------------------------------------------------------
static void expose(shooter *s, const bt_camera_exposure *exposure)
{
    bt_drive_camera *camera = s->camera;
    camera->state.exposure = *exposure;
    bt_camera_view(camera->camera, &camera->state, camera->vehicle_from_cam, &camera->view);
}

// What the next frame will be taken with; called when the one before has been.
static void plan_next_frame(shooter *s)
{
    const bt_exposure_plan *plan = &s->camera->plan;
    if (plan->mode == BT_EXPOSURE_PLAN_METERED) return;
    bt_camera_exposure next = s->loop.now;
    if (plan->mode != BT_EXPOSURE_PLAN_AUTO) next = bt_exposure_plan_at(plan, s->next_frame);
    expose(s, &next);
}

static bt_clip_exposure exposure_for_clip(const shooter *s)
{
    const bt_camera_exposure *e = &s->camera->state.exposure;
    bt_clip_exposure out = {.exposure_s = e->exposure_s,
                            .analog_gain = e->analog_gain,
                            .digital_gain = e->digital_gain};
    bt_camera_balance(s->camera->camera, e, out.white_balance);
    return out;
}

static bt_status meter(drive *d, shooter *s)
{
    bt_drive_camera *camera = s->camera;
    bool fixed =
        camera->plan.mode == BT_EXPOSURE_PLAN_MANUAL || camera->plan.mode == BT_EXPOSURE_PLAN_SWEEP;
    if (fixed) {
        plan_next_frame(s);
        s->metered = true;
        return BT_OK;
    }
    uint32_t height = METER_WIDTH_PX * camera->view.height_px / camera->view.width_px;
    bt_camera_desc desc = {.sheet = bt_camera_sheet_of(camera->camera),
                           .windshield = bt_camera_windshield_of(camera->camera),
                           .vehicle_from_cam = camera->vehicle_from_cam,
                           .width_px = METER_WIDTH_PX,
                           .height_px = height > 16 ? height : 16,
                           .without_spread = true};
    bt_camera *small = NULL;
    bt_status status = bt_camera_create(&desc, d->desc->jobs, &small);
    if (status == BT_OK) status = measure_light(d, s, small, &camera->state.exposure);
    bt_camera_destroy(small);
    if (status != BT_OK) return bt_fail_prefix(status, "metering camera %s", camera->name);
    expose(s, &camera->state.exposure);
    bt_loop_begin(&camera->plan, camera->camera, &camera->state.exposure, &s->loop);
    if (camera->plan.mode == BT_EXPOSURE_PLAN_AUTO) plan_next_frame(s);
    s->metered = true;
    return BT_OK;
}

static bt_status denoise(const drive *d, shooter *s, uint64_t frame,
                         const bt_render_settings *settings)
{
    bt_status status = bt_guides_trace(s->stage, &s->camera->view, label_time(d, s, frame), 0,
                                       settings->seed + settings->frame, d->desc->jobs, s->guides);
    if (status != BT_OK) return status;
    return bt_denoise(s->film, s->guides, NULL, d->desc->jobs, s->film);
}

// Does something with each read of a frame; ends at the first that fails.
typedef bt_status (*read_fn)(const drive *d, shooter *s, uint32_t number, const char *name,
                             uint16_t *dn, bool *found);

static bt_status each_read(const drive *d, shooter *s, uint32_t number, read_fn fn, bool *found)
{
    size_t pixels = (size_t)s->camera->view.width_px * s->camera->view.height_px;
    bt_status status = BT_OK;
    for (uint32_t k = 0; status == BT_OK && k < bt_camera_read_count(s->camera->camera); k++) {
        const char *name = bt_camera_read_name(s->camera->camera, k);
        bool there = true;
        status = fn(d, s, number, name, s->reads + k * pixels, &there);
        *found = *found && there;
    }
    return status;
}

static bt_status find_read(const drive *d, shooter *s, uint32_t number, const char *name,
                           uint16_t *dn, bool *found)
{
    return bt_clip_find_read(d->clip, s->index, number, name, dn, found);
}

static bt_status put_read(const drive *d, shooter *s, uint32_t number, const char *name,
                          uint16_t *dn, bool *found)
{
    (void)found;
    return bt_clip_put_read(d->clip, s->index, number, name, dn);
}

// From the film to counts.
static bt_status read_out(const drive *d, shooter *s, uint64_t frame)
{
    const bt_camera *camera = s->camera->camera;
    size_t pixels = (size_t)s->camera->view.width_px * s->camera->view.height_px;
    uint16_t *reads[BT_SHEET_READS_MAX] = {NULL};
    for (uint32_t k = 0; s->reads && k < bt_camera_read_count(camera); k++)
        reads[k] = s->reads + k * pixels;
    s->camera->state.time_s = (double)label_time(d, s, frame) * 1e-9;
    return bt_camera_read_all(camera, &s->camera->state, s->picture, frame, d->desc->jobs, s->raw,
                              reads);
}

// Is there what a killed run left of this frame?
static bt_status find_picture(const drive *d, shooter *s, uint32_t number, bool *found)
{
    bt_status status = bt_clip_find_raw(d->clip, s->index, number, s->raw, found);
    if (status == BT_OK && *found && s->reads) status = each_read(d, s, number, find_read, found);
    if (status != BT_OK || !*found || !bt_render_by_sensor(&d->desc->render)) return status;
    return bt_clip_find_samples(d->clip, s->index, number, found);
}

static double mean_samples(const bt_film *film)
{
    size_t pixels = (size_t)film->width_px * film->height_px;
    double sum = 0.0;
    for (size_t i = 0; i < pixels; i++)
        sum += film->samples[i];
    return sum / (double)pixels;
}

// Light of a frame. Frames of one instant that differ by their gain alone share it, and those that
// differ by their exposure are traced along the same paths.
static bt_status trace(drive *d, shooter *s, uint64_t frame, bt_render_settings *settings)
{
    bt_drive_camera *camera = s->camera;
    uint64_t instant = frame / bt_exposure_plan_frames_per_instant(&camera->plan);
    settings->frame = (uint64_t)camera->number << 32 | instant;
    double exposure_s = camera->state.exposure.exposure_s, begun_s = bt_clock_s();
    // the sensor's noise decides how many samples end a pixel, and gain changes that
    bool shared = !bt_render_by_sensor(settings) && s->film_instant == instant &&
                  s->film_exposure_s == exposure_s;
    if (shared) return BT_OK;
    bt_status status = bt_render_film(s->stage, &camera->view, label_time(d, s, frame), settings,
                                      d->desc->jobs, s->film);
    if (status == BT_OK && s->guides) status = denoise(d, s, frame, settings);
    s->film_instant = status == BT_OK ? instant : UINT64_MAX;
    s->film_exposure_s = exposure_s;
    d->result->render_s += bt_clock_s() - begun_s;
    d->result->rendered++;
    return status;
}

// Traces and reads out what a killed run has not left behind.
static bt_status take_picture(drive *d, shooter *s, uint64_t frame, bool wanted)
{
    bt_drive_camera *camera = s->camera;
    uint32_t number = (uint32_t)frame;
    bool found = false;
    bt_status status = wanted ? find_picture(d, s, number, &found) : BT_OK;
    if (status != BT_OK || found) return status;

    bt_render_settings settings = d->desc->render;
    uint64_t traced = d->result->rendered;
    status = trace(d, s, frame, &settings);
    if (status == BT_OK)
        status = bt_camera_spread(camera->camera, s->film, d->desc->jobs, s->picture);
    if (d->result->rendered > traced) d->result->samples += mean_samples(s->picture);
    if (status == BT_OK) status = read_out(d, s, frame);
    if (status == BT_OK && wanted) status = bt_clip_put_raw(d->clip, s->index, number, s->raw);
    bool put = true;
    if (status == BT_OK && wanted && s->reads) status = each_read(d, s, number, put_read, &put);
    if (status == BT_OK && wanted && bt_render_by_sensor(&settings))
        status = bt_clip_put_samples(d->clip, s->index, number, s->picture->samples,
                                     s->picture->sensor_share);
    return status;
}

static bt_status develop(drive *d, shooter *s, uint64_t frame, bool wanted)
{
    if (!d->desc->images) return BT_OK;
    bool found = false;
    bt_status status = BT_OK;
    if (wanted) status = bt_clip_find_image(d->clip, s->index, (uint32_t)frame, s->rgb, &found);
    if (status != BT_OK || found) return status;
    status = bt_camera_develop(s->camera->camera, &s->camera->state, s->raw, d->desc->jobs, s->rgb);
    if (status == BT_OK && wanted)
        status = bt_clip_put_image(d->clip, s->index, (uint32_t)frame, s->rgb);
    return status;
}

static bt_status put_negative(drive *d, shooter *s, uint64_t frame)
{
    char *bytes;
    size_t count;
    bt_status status = bt_camera_dng(s->camera->camera, &s->camera->state, s->raw, &bytes, &count);
    if (status != BT_OK) return status;
    return bt_clip_put_dng(d->clip, s->index, (uint32_t)frame, bytes, count);
}

static void show(const drive *d, shooter *s, uint64_t frame)
{
    s->shown = (bt_link_frame){.camera = s->camera->name,
                               .width_px = s->camera->view.width_px,
                               .height_px = s->camera->view.height_px,
                               .raw = s->raw,
                               .image = d->desc->images ? s->rgb : NULL,
                               .label_time_ns = label_time(d, s, frame)};
}

static bt_status label(drive *d, shooter *s, uint64_t frame, const bt_snapshot *next)
{
    bt_clip_frame desc = {.camera = s->index,
                          .frame = (uint32_t)frame,
                          .label_time_ns = label_time(d, s, frame),
                          .next_label_time_ns = label_time(d, s, frame + 1),
                          .snapshot = s->snapshot,
                          .next = next,
                          .stage = s->stage,
                          .renderer = s->scene->leg.renderer,
                          .window = s->scene->leg.number,
                          .track = s->scene->track,
                          .exposure = s->taken};
    bt_status status = bt_clip_add_frame(d->clip, &desc);
    if (status == BT_OK) bt_progress("frames", ++d->result->frames, d->frames_expected);
    return status;
}

void drive_forget_snapshot(shooter *s)
{
    bt_stage_destroy(s->stage);
    bt_snapshot_destroy(s->snapshot);
    s->stage = NULL;
    s->snapshot = NULL;
    s->unlabelled = false;
}

// Labels need to know where all goes until the next frame: in the leg in which this one was taken.
static bt_status label_before(drive *d, shooter *s, uint64_t frame, const drive_scene *scene,
                              const bt_snapshot *snapshot)
{
    if (s->scene == scene) return label(d, s, frame - 1, snapshot);
    bt_snapshot *there = NULL;
    bt_status status = cut_snapshot(s->scene, s, &s->camera->view, label_time(d, s, frame), &there);
    if (status == BT_OK) status = label(d, s, frame - 1, there);
    bt_snapshot_destroy(there);
    return status;
}

// Handles the next frame of a camera, whose interval has passed.
static bt_status frame_is_ready(drive *d, shooter *s)
{
    uint64_t frame = s->next_frame++;
    bt_snapshot *snapshot = NULL;
    drive_scene *scene = drive_scene_of(d, label_time(d, s, frame));
    bt_status status = cut_snapshot(scene, s, &s->camera->view, label_time(d, s, frame), &snapshot);
    if (status != BT_OK) return status;
    if (s->unlabelled) status = label_before(d, s, frame, scene, snapshot);
    drive_forget_snapshot(s);
    s->snapshot = snapshot;
    s->scene = scene;
    if (status != BT_OK) return status;

    bool wanted = !d->ended && is_wanted(d, frame);
    bool looks = d->desc->autopilot && bt_autopilot_sees_cameras(d->desc->autopilot);
    bool loops = s->camera->plan.mode == BT_EXPOSURE_PLAN_AUTO; // later frames go by this one
    bool seen = !d->ended && frame < d->desc->first_frame && (looks || loops);
    if (!wanted && !seen) {
        plan_next_frame(s);
        return BT_OK;
    }
    status = bt_stage_create(scene->leg.renderer, snapshot, NULL, 0, &s->stage);
    if (status == BT_OK) status = take_picture(d, s, frame, wanted);
    if (status == BT_OK && wanted && s->camera->dng) status = put_negative(d, s, frame);
    if (status == BT_OK) status = develop(d, s, frame, wanted);
    if (status == BT_OK) show(d, s, frame);
    s->unlabelled = wanted;
    s->taken = exposure_for_clip(s);
    if (status == BT_OK && loops)
        status =
            bt_loop_see(&s->loop, s->camera->camera, s->camera->state.temperature_kelvin, s->raw);
    plan_next_frame(s);
    return status;
}

static bool frame_has_closed(drive *d, const shooter *s)
{
    bt_time_ns open_ns, close_ns;
    bt_view_interval_ns(&s->camera->view, label_time(d, s, s->next_frame), &open_ns, &close_ns);
    return close_ns <= bt_pose_history_newest_ns(drive_now(d)->history);
}

static bt_status open_clip_when_metered(drive *d)
{
    if (d->clip) return BT_OK;
    for (uint32_t i = 0; i < d->desc->camera_count; i++)
        if (!d->shooters[i].metered) return BT_OK;
    return d->desc->open_clip(d->desc->context, &d->clip);
}

bt_status drive_develop_ready_frames(drive *d)
{
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < d->desc->camera_count && status == BT_OK; i++) {
        shooter *s = &d->shooters[i];
        if (!s->metered && frame_has_closed(d, s)) status = meter(d, s);
    }
    if (status == BT_OK) status = open_clip_when_metered(d);
    for (uint32_t i = 0; i < d->desc->camera_count && status == BT_OK && d->clip; i++) {
        shooter *s = &d->shooters[i];
        while (status == BT_OK && frame_has_closed(d, s)) {
            if (bt_cancel_signal()) return bt_fail(BT_ERR_CANCELLED, "asked to stop");
            status = frame_is_ready(d, s);
        }
    }
    return status;
}
