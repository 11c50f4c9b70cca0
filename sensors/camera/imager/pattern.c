// pattern.c: the fixed pattern of one sensor specimen.
#include "sensors/camera/imager/pattern.h"

#include <math.h>

#include "engine/core/memory.h"
#include "sensors/camera/imager/noise.h"

// Numbers of whole rows and columns come from indices beyond all pixels.
#define PLACE_ROW (UINT64_C(1) << 40)
#define PLACE_COLUMN (UINT64_C(2) << 40)

typedef struct pattern_job {
    const bt_pattern_desc *desc;
    bt_pattern *pattern;
    float *columns; // (2 x width): gain, offset
} pattern_job;

// Gain and offset that a row or column shares.
static void shared(const bt_pattern_desc *desc, uint64_t place, double prnu, double dsnu_e,
                   float *gain, float *offset_e)
{
    bt_noise noise = bt_noise_begin(desc->seed, BT_STREAM_SENSOR_FIXED, place);
    *gain = (float)(prnu * bt_noise_normal(&noise));
    *offset_e = (float)(dsnu_e * bt_noise_normal(&noise));
}

static bt_status fill_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const pattern_job *job = context;
    const bt_pattern_desc *desc = job->desc;
    double spread = desc->dark_spread;
    float row_gain, row_e;
    shared(desc, PLACE_ROW | row, desc->prnu_row, desc->dsnu_row_e, &row_gain, &row_e);
    for (uint32_t x = 0; x < desc->width_px; x++) {
        uint64_t pixel = (uint64_t)row * desc->width_px + x;
        bt_noise noise = bt_noise_begin(desc->seed, BT_STREAM_SENSOR_FIXED, pixel);
        double gain = fmax(-5.0, fmin(5.0, bt_noise_normal(&noise)));
        double offset = bt_noise_normal(&noise);
        // log-normal with mean 1
        double dark = exp(spread * bt_noise_normal(&noise) - 0.5 * spread * spread);
        if (bt_noise_unit(&noise) < desc->hot_fraction) dark *= desc->hot_factor;
        gain = desc->prnu * gain + (double)row_gain + (double)job->columns[2 * x];
        offset = desc->dsnu_e * offset + (double)row_e + (double)job->columns[2 * x + 1];
        job->pattern->gain[pixel] = (float)fmax(0.0, 1.0 + gain);
        job->pattern->offset_e[pixel] = (float)offset;
        job->pattern->dark[pixel] = (float)dark;
        if (job->pattern->rts_e && bt_noise_unit(&noise) < desc->rts_fraction)
            job->pattern->rts_e[pixel] =
                (float)(-desc->rts_amplitude_e * log(bt_noise_unit(&noise)));
    }
    return BT_OK;
}

static bt_status allocate(const bt_pattern_desc *desc, pattern_job *job)
{
    size_t pixels = (size_t)desc->width_px * desc->height_px;
    bool jumps = desc->rts_fraction > 0.0 && desc->rts_amplitude_e > 0.0;
    bt_pattern *pattern = job->pattern;
    *pattern = (bt_pattern){
        .gain = bt_alloc(pixels, sizeof *pattern->gain),
        .offset_e = bt_alloc(pixels, sizeof *pattern->offset_e),
        .dark = bt_alloc(pixels, sizeof *pattern->dark),
        .rts_e = jumps ? bt_alloc(pixels, sizeof *pattern->rts_e) : NULL,
    };
    job->columns = bt_alloc(desc->width_px, 2 * sizeof *job->columns);
    if (!pattern->gain || !pattern->offset_e || !pattern->dark || (jumps && !pattern->rts_e) ||
        !job->columns)
        return bt_fail(BT_ERR_MEMORY, "no memory for the fixed pattern of %u x %u pixels",
                       desc->width_px, desc->height_px);
    return BT_OK;
}

bt_status bt_pattern_init(const bt_pattern_desc *desc, bt_jobs *jobs, bt_pattern *pattern)
{
    pattern_job job = {desc, pattern, NULL};
    bt_status status = allocate(desc, &job);
    for (uint32_t x = 0; status == BT_OK && x < desc->width_px; x++)
        shared(desc, PLACE_COLUMN | x, desc->prnu_column, desc->dsnu_column_e, &job.columns[2 * x],
               &job.columns[2 * x + 1]);
    if (status == BT_OK) status = bt_jobs_run(jobs, desc->height_px, fill_row, &job);
    bt_free(job.columns);
    if (status != BT_OK) bt_pattern_clear(pattern);
    return status;
}

void bt_pattern_clear(bt_pattern *pattern)
{
    bt_free(pattern->gain);
    bt_free(pattern->offset_e);
    bt_free(pattern->dark);
    bt_free(pattern->rts_e);
    *pattern = (bt_pattern){0};
}
