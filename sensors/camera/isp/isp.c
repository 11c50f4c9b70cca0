// isp.c: level, colour, tone, and the order of all stages; the others have files of their own.
#include "sensors/camera/isp/isp.h"

#include <math.h>

#include "engine/core/memory.h"
#include "engine/spectrum/color.h"
#include "sensors/camera/imager/fuse.h"
#include "sensors/camera/isp/isp_internal.h"

double bt_isp_expand(const bt_isp *isp, double code_dn)
{
    return isp->knees ? bt_expand(isp->knees, code_dn) : code_dn;
}

double bt_isp_white(const bt_isp *isp)
{
    return fmax(isp->white, 1.0);
}

static double gain_of(const bt_isp *isp, uint32_t band)
{
    return isp->band_count == 3 ? isp->white_balance[band] : 1.0;
}

void bt_isp_level(const bt_isp *isp, uint32_t row, const uint16_t *counts, float *mosaic)
{
    double scale = 1.0 / (isp->top_dn - isp->black_level_dn), white = bt_isp_white(isp);
    for (uint32_t x = 0; x < isp->width_px; x++) {
        double gain = gain_of(isp, bt_isp_band(isp, x, row));
        double level = (bt_isp_expand(isp, counts[x]) - isp->black_level_dn) * scale * gain;
        // a saturated pixel is white whatever its filter
        mosaic[x] = (float)(level < white ? level : white);
    }
}

bt_isp_noise bt_isp_noise_of(const bt_isp *isp, uint32_t band)
{
    double unit_dn = (isp->top_dn - isp->black_level_dn) / gain_of(isp, band); // per level
    double floor_dn = isp->noise_dn / unit_dn;
    return (bt_isp_noise){floor_dn * floor_dn, isp->gain_dn_e / unit_dn};
}

double bt_isp_sigma(const bt_isp *isp, uint32_t band, double level)
{
    bt_isp_noise noise = bt_isp_noise_of(isp, band);
    return sqrt(noise.floor + noise.shot * fmax(level, 0.0));
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

static double encoded(const bt_isp *isp, double linear)
{
    double y = bt_srgb_encode(linear);
    y = y < 1.0 ? y : 1.0;
    double s = y * y * (3.0 - 2.0 * y);
    return y + (s - y) * isp->contrast;
}

double bt_isp_tone(const bt_isp *isp, double linear, double white)
{
    return encoded(isp, roll_off(fmax(linear, 0.0), isp->knee, white));
}

void bt_isp_curve_fill(const bt_isp *isp, bt_isp_curve *curve)
{
    for (int i = 0; i < BT_ISP_CURVE_STEPS + 2; i++)
        curve->at[i] = (float)encoded(isp, fmin(i * (1.0 / BT_ISP_CURVE_STEPS), 1.0));
}

// Of linear 0 to 1.
static inline float curve_at(const bt_isp_curve *curve, float linear)
{
    float u = linear * BT_ISP_CURVE_STEPS;
    int i = (int)u;
    return curve->at[i] + (u - (float)i) * (curve->at[i + 1] - curve->at[i]);
}

// As the tone curve of Adobe's DNG SDK (RefBaselineRGBTone): largest and smallest of three by a curve, the middle
// one as far between them as it was: the hue is kept that Smith 1978, "Color gamut transform pairs",
// defines.
void bt_isp_tone_color(const bt_isp *isp, const bt_isp_curve *curve, float rgb[3], double white)
{
    for (int c = 0; c < 3; c++)
        rgb[c] = bt_isp_upper(rgb[c], 0.0f);
    float least = bt_isp_lower(rgb[0], bt_isp_lower(rgb[1], rgb[2]));
    float most = bt_isp_upper(rgb[0], bt_isp_upper(rgb[1], rgb[2]));
    float low = bt_isp_lower((float)roll_off((double)least, isp->knee, white), 1.0f);
    float high = bt_isp_lower((float)roll_off((double)most, isp->knee, white), 1.0f);
    float slope = most > least ? (high - low) / (most - least) : 0.0f;
    for (int c = 0; c < 3; c++)
        rgb[c] = curve_at(curve, bt_isp_lower(low + slope * (rgb[c] - least), 1.0f));
}

// ---- all of it --------------------------------------------------------------------------------
typedef struct isp_job {
    const bt_isp *isp;
    const uint16_t *counts;
    float *mosaic, *mended; // (height x width)
    float *colour, *other;  // (height x width x 3)
    float *light, *local;   // coefficients, or NULL
    bt_isp_curve curve;
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

static bt_status mend_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const isp_job *job = context;
    bt_isp_mend(job->isp, job->mosaic, row, job->mended + (size_t)row * job->isp->width_px);
    return BT_OK;
}

static bt_status calm_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const isp_job *job = context;
    bt_isp_calm(job->isp, job->colour, row, job->other + 3 * (size_t)row * job->isp->width_px);
    return BT_OK;
}

// Texture of one colour, bright lights at their hue, evenly lit.
static bt_status even_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const isp_job *job = context;
    float *line = job->colour + 3 * (size_t)row * job->isp->width_px;
    bt_isp_texture(job->isp, job->other, row, line);
    bt_isp_fade(job->isp, job->light, row, line);
    if (job->isp->shading <= 0.0) return BT_OK;
    double gains[BT_ISP_SPAN];
    for (uint32_t x = 0; x < job->isp->width_px; x++) {
        if (x % BT_ISP_SPAN == 0) bt_isp_shading_gains(job->isp, x, row, BT_ISP_SPAN, gains);
        for (int c = 0; c < 3; c++)
            *line++ *= (float)gains[x % BT_ISP_SPAN];
    }
    return BT_OK;
}

static bt_status linear_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const isp_job *job = context;
    float *line = job->other + 3 * (size_t)row * job->isp->width_px;
    bt_isp_denoise(job->isp, job->colour, row, line);
    bt_isp_color(job->isp, line);
    return BT_OK;
}

static bt_status encode_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const isp_job *job = context;
    float *line = job->other + 3 * (size_t)row * job->isp->width_px;
    if (job->local) bt_isp_local(job->isp, job->local, row, line);
    double white = job->isp->digital_gain * bt_isp_white(job->isp);
    for (uint32_t x = 0; x < job->isp->width_px; x++)
        bt_isp_tone_color(job->isp, &job->curve, line + 3 * x, white);
    return BT_OK;
}

static bt_status picture_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const isp_job *job = context;
    bt_isp_sharpen(job->isp, job->other, row, job->rgb + 3 * (size_t)row * job->isp->width_px);
    return BT_OK;
}

static bt_status run_stages(isp_job *job, bt_jobs *jobs)
{
    uint32_t rows = job->isp->height_px;
    bt_status status = bt_jobs_run(jobs, rows, level_row, job);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, mend_row, job);
    if (status == BT_OK) status = bt_isp_light_fit(job->isp, job->mended, jobs, &job->light);
    if (status == BT_OK)
        status = bt_isp_demosaic(job->isp, job->mended, jobs, job->other, job->colour);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, calm_row, job);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, even_row, job);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, linear_row, job);
    if (status == BT_OK && job->isp->local > 0.0)
        status = bt_isp_local_fit(job->isp, job->other, &job->local);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, encode_row, job);
    if (status == BT_OK) status = bt_jobs_run(jobs, rows, picture_row, job);
    return status;
}

bt_status bt_isp_develop(const bt_isp *isp, const uint16_t *counts, bt_jobs *jobs, uint8_t *rgb)
{
    size_t pixels = (size_t)isp->width_px * isp->height_px;
    isp_job job = {.isp = isp, .counts = counts, .rgb = rgb};
    bt_isp_curve_fill(isp, &job.curve);
    job.mosaic = bt_alloc(pixels, sizeof *job.mosaic);
    job.mended = bt_alloc(pixels, sizeof *job.mended);
    job.colour = bt_alloc(pixels, 3 * sizeof *job.colour);
    job.other = bt_alloc(pixels, 3 * sizeof *job.other);
    bt_status status = BT_OK;
    if (!job.mosaic || !job.mended || !job.colour || !job.other)
        status = bt_fail(BT_ERR_MEMORY, "no memory to develop a picture of %u x %u", isp->width_px,
                         isp->height_px);
    if (status == BT_OK) status = run_stages(&job, jobs);
    bt_free(job.mosaic);
    bt_free(job.mended);
    bt_free(job.colour);
    bt_free(job.other);
    bt_free(job.light);
    bt_free(job.local);
    return status;
}
