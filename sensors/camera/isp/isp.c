// isp.c: level, colour, tone: from counts to a picture. Demosaicing is in demosaic.c.
#include "sensors/camera/isp/isp.h"

#include <math.h>

#include "engine/core/memory.h"
#include "engine/spectrum/color.h"

void bt_isp_level(const bt_isp *isp, uint32_t row, const uint16_t *counts, float *mosaic)
{
    double scale = 1.0 / (isp->top_dn - isp->black_level_dn);
    const uint8_t *bands = &isp->mosaic[2 * (row & 1)];
    for (uint32_t x = 0; x < isp->width_px; x++) {
        double gain = isp->band_count == 3 ? isp->white_balance[bands[x & 1]] : 1.0;
        double level = ((double)counts[x] - isp->black_level_dn) * scale * gain;
        // a saturated pixel is white whatever its filter
        mosaic[x] = (float)(level < 1.0 ? level : 1.0);
    }
}

void bt_isp_color(const bt_isp *isp, float *rgb)
{
    const double *m = isp->matrix;
    for (uint32_t x = 0; x < isp->width_px; x++, rgb += 3) {
        double c[3], out[3];
        for (int i = 0; i < 3; i++)
            c[i] = (double)rgb[i] * isp->digital_gain;
        for (int i = 0; i < 3; i++)
            out[i] = m[3 * i] * c[0] + m[3 * i + 1] * c[1] + m[3 * i + 2] * c[2];
        // Rec. 709 luminance
        double grey = 0.2126 * out[0] + 0.7152 * out[1] + 0.0722 * out[2];
        for (int i = 0; i < 3; i++)
            rgb[i] = (float)(grey + (out[i] - grey) * isp->saturation);
    }
}

// Straight up to the knee, then a hyperbola with the same slope that reaches 1 at `white`.
static double roll_off(double x, double knee, double white)
{
    if (x <= knee || white <= 1.0) return x;
    if (x >= white) return 1.0;
    double u = (x - knee) / (white - knee);
    double slope = (white - knee) / (1.0 - knee);
    return knee + (1.0 - knee) * slope * u / (1.0 + (slope - 1.0) * u);
}

double bt_isp_tone(const bt_isp *isp, double linear, double white)
{
    double y = roll_off(fmax(linear, 0.0), isp->knee, white);
    y = fmin(bt_srgb_encode(y), 1.0);
    double s = y * y * (3.0 - 2.0 * y);
    return y + (s - y) * isp->contrast;
}

void bt_isp_encode(const bt_isp *isp, const float *rgb, uint8_t *out)
{
    for (uint32_t i = 0; i < 3 * isp->width_px; i++) {
        double y = bt_isp_tone(isp, (double)rgb[i], isp->digital_gain);
        out[i] = (uint8_t)(255.0 * y + 0.5);
    }
}

// ---- all of it --------------------------------------------------------------------------------
typedef struct isp_job {
    const bt_isp *isp;
    const uint16_t *counts;
    float *mosaic;  // (height x width)
    float *colour;  // (height x width x 3)
    float *scratch; // (threads x width x 3)
    uint8_t *rgb;
} isp_job;

static bt_status level_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const isp_job *job = context;
    size_t first = (size_t)row * job->isp->width_px;
    bt_isp_level(job->isp, row, job->counts + first, job->mosaic + first);
    return BT_OK;
}

static bt_status demosaic_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const isp_job *job = context;
    bt_isp_demosaic(job->isp, job->mosaic, row, job->colour + 3 * (size_t)row * job->isp->width_px);
    return BT_OK;
}

static bt_status picture_row(void *context, uint32_t row, uint32_t worker)
{
    const isp_job *job = context;
    size_t values = 3 * (size_t)job->isp->width_px;
    float *line = job->scratch + worker * values;
    bt_isp_calm(job->isp, job->colour, row, line);
    bt_isp_color(job->isp, line);
    bt_isp_encode(job->isp, line, job->rgb + row * values);
    return BT_OK;
}

bt_status bt_isp_develop(const bt_isp *isp, const uint16_t *counts, bt_jobs *jobs, uint8_t *rgb)
{
    uint32_t threads = jobs ? bt_jobs_threads(jobs) : 1;
    isp_job job = {.isp = isp, .counts = counts, .rgb = rgb};
    job.mosaic = bt_alloc((size_t)isp->width_px * isp->height_px, sizeof *job.mosaic);
    job.colour = bt_alloc((size_t)isp->width_px * isp->height_px, 3 * sizeof *job.colour);
    job.scratch = bt_alloc((size_t)threads * 3 * isp->width_px, sizeof *job.scratch);
    bt_status status = BT_OK;
    if (!job.mosaic || !job.colour || !job.scratch)
        status = bt_fail(BT_ERR_MEMORY, "no memory to develop a picture of %u x %u", isp->width_px,
                         isp->height_px);
    if (status == BT_OK) status = bt_jobs_run(jobs, isp->height_px, level_row, &job);
    if (status == BT_OK) status = bt_jobs_run(jobs, isp->height_px, demosaic_row, &job);
    if (status == BT_OK) status = bt_jobs_run(jobs, isp->height_px, picture_row, &job);
    bt_free(job.mosaic);
    bt_free(job.colour);
    bt_free(job.scratch);
    return status;
}
