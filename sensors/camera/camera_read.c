// camera_read.c: from a film to counts.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "sensors/camera/camera_internal.h"
#include "sensors/camera/imager/bloom.h"

typedef struct read_job {
    const bt_camera *camera;
    const bt_film *film;
    bt_read_plan plan;
    bt_fuse fuse;
    bt_readout reads[BT_SHEET_READS_MAX];
    bool fused, blooms;
    float *charge;   // (planes x height x width) when it blooms, else (threads x planes x width)
    float *scratch;  // (threads x width)
    uint16_t *codes; // (threads x reads x width)
    float *columns;  // (reads x width)
    uint16_t *raw;   // (height x width) or NULL
    uint16_t *const *wanted; // (reads) of (height x width) or NULL
} read_job;

static bt_status check_row(const float *e, uint32_t row, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++)
        if (!isfinite(e[x]))
            return bt_fail(BT_ERR_INTERNAL, "film: pixel (%u, %u) is not a number", x, row);
    return BT_OK;
}

// The first read of a plane stands for its charge.
static const bt_readout *of_plane(const read_job *job, uint32_t plane)
{
    for (uint32_t k = 0; k < job->plan.read_count; k++)
        if (job->plan.plane_of[k] == plane) return &job->reads[k];
    return &job->reads[0];
}

static float *charge_row(const read_job *job, uint32_t plane, uint32_t row, uint32_t worker)
{
    size_t at = job->blooms ? (size_t)plane * job->camera->height_px + row
                            : (size_t)worker * job->plan.plane_count + plane;
    return job->charge + at * job->camera->width_px;
}

static bt_status collect_row(void *context, uint32_t row, uint32_t worker)
{
    const read_job *job = context;
    for (uint32_t plane = 0; plane < job->plan.plane_count; plane++) {
        const bt_readout *readout = of_plane(job, plane);
        float *e = charge_row(job, plane, row, worker);
        bt_readout_expose(readout, job->film, row, e);
        bt_status status = check_row(e, row, readout->width_px);
        if (status != BT_OK) return status;
        bt_readout_collect(readout, row, e);
        bt_readout_shoot(readout, row, e);
    }
    return BT_OK;
}

static void finish_row(const read_job *job, uint32_t row, const uint16_t *const *codes)
{
    uint32_t width = job->camera->width_px;
    size_t first = (size_t)row * width;
    for (uint32_t k = 0; job->wanted && k < job->plan.read_count; k++)
        if (job->wanted[k]) memcpy(job->wanted[k] + first, codes[k], width * sizeof *codes[k]);
    if (!job->raw) return;
    if (job->fused)
        bt_fuse_row(&job->fuse, width, codes, job->raw + first);
    else
        memcpy(job->raw + first, codes[0], width * sizeof *codes[0]);
}

static bt_status convert_row(void *context, uint32_t row, uint32_t worker)
{
    const read_job *job = context;
    uint32_t width = job->camera->width_px;
    float *e = job->scratch + (size_t)worker * width;
    const uint16_t *codes[BT_SHEET_READS_MAX];
    for (uint32_t plane = 0; plane < job->plan.plane_count; plane++) {
        float *charge = charge_row(job, plane, row, worker);
        bt_readout_fill(of_plane(job, plane), charge);
        bt_readout_eclipse(of_plane(job, plane), job->film, row, charge);
    }
    for (uint32_t k = 0; k < job->plan.read_count; k++) {
        const bt_readout *readout = &job->reads[k];
        uint16_t *own = job->codes + ((size_t)worker * job->plan.read_count + k) * width;
        memcpy(e, charge_row(job, readout->plane, row, worker), width * sizeof *e);
        bt_readout_sense(readout, row, e);
        bt_readout_convert(readout, e, own);
        codes[k] = own;
    }
    finish_row(job, row, codes);
    return BT_OK;
}

static bt_status read_row(void *context, uint32_t row, uint32_t worker)
{
    bt_status status = collect_row(context, row, worker);
    return status == BT_OK ? convert_row(context, row, worker) : status;
}

// Charge spills before it is read.
static bt_status read_blooming(read_job *job, bt_jobs *jobs)
{
    const bt_camera *camera = job->camera;
    bt_status status = bt_jobs_run(jobs, camera->height_px, collect_row, job);
    for (uint32_t plane = 0; status == BT_OK && plane < job->plan.plane_count; plane++) {
        bt_bloom bloom = {
            .width_px = camera->width_px,
            .height_px = camera->height_px,
            .full_well_e = (float)of_plane(job, plane)->full_well_e,
            .beta = (float)bt_sheet_get(&camera->sheet, BT_SHEET_BLOOM),
            .column = (float)bt_sheet_get(&camera->sheet, BT_SHEET_BLOOM_COLUMN),
        };
        status = bt_bloom_spread(&bloom, jobs, charge_row(job, plane, 0, 0));
    }
    return status == BT_OK ? bt_jobs_run(jobs, camera->height_px, convert_row, job) : status;
}

static bt_status allocate(read_job *job, uint32_t threads)
{
    size_t width = job->camera->width_px, reads = job->plan.read_count;
    size_t rows = job->blooms ? job->camera->height_px : threads;
    job->charge = bt_alloc(rows * job->plan.plane_count * width, sizeof *job->charge);
    job->scratch = bt_alloc(threads * width, sizeof *job->scratch);
    job->codes = bt_alloc(threads * reads * width, sizeof *job->codes);
    job->columns = bt_alloc(reads * width, sizeof *job->columns);
    if (!job->charge || !job->scratch || !job->codes || !job->columns)
        return bt_fail(BT_ERR_MEMORY, "no memory to read '%s'", job->camera->sheet.name);
    return BT_OK;
}

static void set_columns(read_job *job)
{
    const bt_camera *camera = job->camera;
    // of n binned pixels n^1/2 share theirs
    double noise_e =
        bt_sheet_get(&camera->sheet, BT_SHEET_COLUMN_NOISE_E) * pow(camera->binned, 0.75);
    for (uint32_t k = 0; noise_e > 0.0 && k < job->plan.read_count; k++) {
        float *own = job->columns + (size_t)k * camera->width_px;
        bt_readout_columns(&job->reads[k], noise_e, own);
        job->reads[k].column_e = own;
    }
}

// The film's border about the picture is the view's guard band, which is spread first, or nothing.
static bt_status check_film(const bt_camera *camera, const bt_film *film, uint32_t border_px,
                            uint32_t planes)
{
    uint32_t width = camera->width_px + 2 * border_px, height = camera->height_px + 2 * border_px;
    if (film->width_px == width && film->height_px == height &&
        film->band_count == camera->sheet.band_count && film->plane_count == planes)
        return BT_OK;
    return bt_fail(BT_ERR_INPUT,
                   "reading '%s': film is %u x %u x %u x %u, camera %u x %u x %u x %u",
                   camera->sheet.name, film->width_px, film->height_px, film->band_count,
                   film->plane_count, width, height, camera->sheet.band_count, planes);
}

// A film of the picture's size.
static bt_status read_picture(read_job *job, const bt_camera_state *state, uint64_t frame,
                              bt_jobs *jobs)
{
    const bt_camera *camera = job->camera;
    job->fused = bt_camera_is_fused(camera);
    job->blooms = bt_sheet_get(&camera->sheet, BT_SHEET_BLOOM) > 0.0;
    bt_camera_fuse(camera, state, &job->plan, &job->fuse);
    for (uint32_t k = 0; k < job->plan.read_count; k++)
        job->reads[k] = bt_camera_readout(camera, state, &job->plan, k, frame);
    bt_status status = allocate(job, jobs ? bt_jobs_threads(jobs) : 1);
    if (status == BT_OK) {
        set_columns(job);
        status = job->blooms ? read_blooming(job, jobs)
                             : bt_jobs_run(jobs, camera->height_px, read_row, job);
    }
    bt_free(job->charge);
    bt_free(job->scratch);
    bt_free(job->codes);
    bt_free(job->columns);
    return status;
}

static bt_status spread_and_read(read_job *job, const bt_camera_state *state, uint64_t frame,
                                 bt_jobs *jobs)
{
    const bt_camera *camera = job->camera;
    const bt_film *film = job->film;
    bt_film *picture = NULL;
    bt_status status = bt_film_create_planes(camera->width_px, camera->height_px, film->band_count,
                                             film->plane_count, &picture);
    if (status == BT_OK) status = bt_camera_spread(camera, film, jobs, picture);
    job->film = picture;
    if (status == BT_OK) status = read_picture(job, state, frame, jobs);
    bt_film_destroy(picture);
    return status;
}

bt_status bt_camera_read_all(const bt_camera *camera, const bt_camera_state *state,
                             const bt_film *film, uint64_t frame, bt_jobs *jobs, uint16_t *raw,
                             uint16_t *const *reads)
{
    read_job job = {.camera = camera, .film = film, .raw = raw, .wanted = reads};
    bool unspread = camera->spread && film->width_px == camera->width_px + 2u * camera->guard_px;
    bt_read_plan_make(&camera->sheet, state->exposure.exposure_s, &job.plan);
    bt_status status =
        check_film(camera, film, unspread ? camera->guard_px : 0, job.plan.plane_count);
    if (status != BT_OK) return status;
    return unspread ? spread_and_read(&job, state, frame, jobs)
                    : read_picture(&job, state, frame, jobs);
}

bt_status bt_camera_read(const bt_camera *camera, const bt_camera_state *state, const bt_film *film,
                         uint64_t frame, bt_jobs *jobs, uint16_t *raw)
{
    return bt_camera_read_all(camera, state, film, frame, jobs, raw, NULL);
}
