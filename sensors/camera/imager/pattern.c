// pattern.c: the fixed pattern of one sensor specimen.
#include "sensors/camera/imager/pattern.h"

#include <math.h>

#include "engine/core/memory.h"
#include "sensors/camera/imager/noise.h"

typedef struct pattern_job {
    const bt_pattern_desc *desc;
    bt_pattern *pattern;
} pattern_job;

static bt_status fill_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const pattern_job *job = context;
    const bt_pattern_desc *desc = job->desc;
    double spread = desc->dark_spread;
    for (uint32_t x = 0; x < desc->width_px; x++) {
        uint64_t pixel = (uint64_t)row * desc->width_px + x;
        bt_noise noise = bt_noise_begin(desc->seed, BT_STREAM_SENSOR_FIXED, pixel);
        double gain = fmax(-5.0, fmin(5.0, bt_noise_normal(&noise)));
        double offset = bt_noise_normal(&noise);
        // log-normal with mean 1
        double dark = exp(spread * bt_noise_normal(&noise) - 0.5 * spread * spread);
        if (bt_noise_unit(&noise) < desc->hot_fraction) dark *= desc->hot_factor;
        job->pattern->gain[pixel] = (float)fmax(0.0, 1.0 + desc->prnu * gain);
        job->pattern->offset_e[pixel] = (float)(desc->dsnu_e * offset);
        job->pattern->dark[pixel] = (float)dark;
    }
    return BT_OK;
}

bt_status bt_pattern_init(const bt_pattern_desc *desc, bt_jobs *jobs, bt_pattern *pattern)
{
    size_t pixels = (size_t)desc->width_px * desc->height_px;
    pattern->gain = bt_alloc(pixels, sizeof *pattern->gain);
    pattern->offset_e = bt_alloc(pixels, sizeof *pattern->offset_e);
    pattern->dark = bt_alloc(pixels, sizeof *pattern->dark);
    bt_status status = BT_OK;
    if (!pattern->gain || !pattern->offset_e || !pattern->dark)
        status = bt_fail(BT_ERR_MEMORY, "no memory for the fixed pattern of %u x %u pixels",
                         desc->width_px, desc->height_px);
    pattern_job job = {desc, pattern};
    if (status == BT_OK) status = bt_jobs_run(jobs, desc->height_px, fill_row, &job);
    if (status != BT_OK) bt_pattern_clear(pattern);
    return status;
}

void bt_pattern_clear(bt_pattern *pattern)
{
    bt_free(pattern->gain);
    bt_free(pattern->offset_e);
    bt_free(pattern->dark);
    *pattern = (bt_pattern){0};
}
