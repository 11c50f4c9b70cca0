// camera_read.c: from a film to counts.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "sensors/camera/camera_internal.h"

bt_readout bt_camera_readout(const bt_camera *camera, const bt_camera_state *state, uint64_t frame)
{
    const bt_camera_sheet *sheet = &camera->sheet;
    double root = sqrt(camera->binned);
    double dark = bt_dark_current(bt_sheet_get(sheet, BT_SHEET_DARK_CURRENT_E_S),
                                  bt_sheet_get(sheet, BT_SHEET_DARK_TEMPERATURE_KELVIN),
                                  bt_sheet_get(sheet, BT_SHEET_DARK_DOUBLING_KELVIN),
                                  state->temperature_kelvin);
    bt_readout readout = {
        .width_px = camera->width_px,
        .height_px = camera->height_px,
        .seed = camera->seed,
        .frame = frame,
        .exposure_s = state->exposure.exposure_s,
        .dark_current_e_s = dark * camera->binned,
        .full_well_e = camera->full_well_e,
        .read_noise_e = bt_sheet_get(sheet, BT_SHEET_READ_NOISE_E) * root,
        // summed along n^1/2 pixels that share it, over n^1/2 rows that do not
        .row_noise_e = bt_sheet_get(sheet, BT_SHEET_ROW_NOISE_E) * root * sqrt(root),
        .counts_per_e = state->exposure.analog_gain / camera->conversion_e_dn,
        .black_level_dn = camera->black_level_dn,
        .top_dn = camera->top_dn,
        .gain = camera->pattern.gain,
        .offset_e = camera->pattern.offset_e,
        .dark = camera->pattern.dark,
    };
    memcpy(readout.mosaic, sheet->mosaic, sizeof readout.mosaic);
    return readout;
}

typedef struct read_job {
    const bt_readout *readout;
    const bt_film *film;
    float *scratch; // (threads x width)
    uint16_t *raw;
} read_job;

static bt_status check_row(const float *e, uint32_t row, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++)
        if (!isfinite(e[x]))
            return bt_fail(BT_ERR_INTERNAL, "film: pixel (%u, %u) is not a number", x, row);
    return BT_OK;
}

static bt_status read_row(void *context, uint32_t row, uint32_t worker)
{
    const read_job *job = context;
    const bt_readout *readout = job->readout;
    float *e = job->scratch + (size_t)worker * readout->width_px;
    bt_readout_expose(readout, job->film, row, e);
    bt_status status = check_row(e, row, readout->width_px);
    if (status != BT_OK) return status;
    bt_readout_collect(readout, row, e);
    bt_readout_shoot(readout, row, e);
    bt_readout_fill(readout, e);
    bt_readout_sense(readout, row, e);
    bt_readout_convert(readout, e, job->raw + (size_t)row * readout->width_px);
    return BT_OK;
}

static bt_status spread_and_read(const bt_camera *camera, const bt_camera_state *state,
                                 const bt_film *film, uint64_t frame, bt_jobs *jobs, uint16_t *raw)
{
    bt_film *picture = NULL;
    bt_status status = bt_film_create_planes(camera->width_px, camera->height_px, film->band_count,
                                             film->plane_count, &picture);
    if (status == BT_OK) status = bt_camera_spread(camera, film, jobs, picture);
    if (status == BT_OK) status = bt_camera_read(camera, state, picture, frame, jobs, raw);
    bt_film_destroy(picture);
    return status;
}

bt_status bt_camera_read(const bt_camera *camera, const bt_camera_state *state, const bt_film *film,
                         uint64_t frame, bt_jobs *jobs, uint16_t *raw)
{
    if (camera->spread && film->width_px == camera->width_px + 2u * camera->guard_px)
        return spread_and_read(camera, state, film, frame, jobs, raw);
    if (film->width_px != camera->width_px || film->height_px != camera->height_px ||
        film->band_count != camera->sheet.band_count)
        return bt_fail(BT_ERR_INPUT, "reading '%s': film is %u x %u x %u, camera %u x %u x %u",
                       camera->sheet.name, film->width_px, film->height_px, film->band_count,
                       camera->width_px, camera->height_px, camera->sheet.band_count);
    bt_readout readout = bt_camera_readout(camera, state, frame);
    uint32_t threads = jobs ? bt_jobs_threads(jobs) : 1;
    read_job job = {&readout, film, NULL, raw};
    job.scratch = bt_alloc((size_t)threads * camera->width_px, sizeof *job.scratch);
    if (!job.scratch) return bt_fail(BT_ERR_MEMORY, "no memory to read '%s'", camera->sheet.name);
    bt_status status = bt_jobs_run(jobs, camera->height_px, read_row, &job);
    bt_free(job.scratch);
    return status;
}
