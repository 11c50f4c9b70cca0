// denoise.c: averages what differs by no more than noise. A bilateral filter (Tomasi and Manduchi 1998)
// whose range is measured in standard deviations of the sensor's own noise and ends (Tukey's
// biweight): what is `denoise` deviations apart is another thing and does not count.
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sensors/camera/isp/isp.h"

#define RADIUS 2
#define SIDE (2 * RADIUS + 1)

static const float spatial[RADIUS + 1] = {1.0f, 0.78f, 0.37f}; // a Gaussian of sigma 1.42 pixels

static uint32_t clamped(int64_t at, uint32_t count)
{
    return (uint32_t)(at < 0 ? 0 : at >= (int64_t)count ? (int64_t)count - 1 : at);
}

// One over twice the variance of each colour at a pixel, over the number of colours: the mean squared
// difference of two pixels of one thing is then 1.
static void precisions(const bt_isp *isp, const float *pixel, double gain, float out[3])
{
    for (uint32_t c = 0; c < 3; c++) {
        double sigma = gain * bt_isp_sigma(isp, c, (double)pixel[c] / gain);
        out[c] = (float)(1.0 / (6.0 * sigma * sigma));
    }
}

static float weight_of(const float *a, const float *b, const float precision[3], float inverse)
{
    float distance = 0.0f;
    for (int c = 0; c < 3; c++)
        distance += (a[c] - b[c]) * (a[c] - b[c]) * precision[c];
    float left = 1.0f - distance * inverse;
    return left > 0.0f ? left * left : 0.0f;
}

static void filter(const bt_isp *isp, const float *const rows[SIDE], uint32_t x, double gain,
                   float out[3])
{
    const float *centre = rows[RADIUS] + 3 * x;
    float precision[3], sum[3] = {0.0f, 0.0f, 0.0f}, all = 0.0f;
    float inverse = (float)(1.0 / (isp->denoise * isp->denoise));
    precisions(isp, centre, gain, precision);
    for (int j = -RADIUS; j <= RADIUS; j++)
        for (int i = -RADIUS; i <= RADIUS; i++) {
            const float *other = rows[j + RADIUS] + 3 * clamped((int64_t)x + i, isp->width_px);
            float weight = spatial[j < 0 ? -j : j] * spatial[i < 0 ? -i : i] *
                           weight_of(centre, other, precision, inverse);
            all += weight;
            for (int c = 0; c < 3; c++)
                sum[c] += weight * other[c];
        }
    for (int c = 0; c < 3; c++)
        out[c] = sum[c] / all;
}

void bt_isp_denoise(const bt_isp *isp, const float *rgb, uint32_t row, float *out)
{
    const float *rows[SIDE];
    for (int j = 0; j < SIDE; j++)
        rows[j] =
            rgb + 3 * (size_t)clamped((int64_t)row + j - RADIUS, isp->height_px) * isp->width_px;
    if (!(isp->denoise > 0.0) || !(isp->noise_dn + isp->gain_dn_e > 0.0)) {
        memcpy(out, rows[RADIUS], 3 * isp->width_px * sizeof *out);
        return;
    }
    for (uint32_t x = 0; x < isp->width_px; x++)
        filter(isp, rows, x, bt_isp_shading_gain(isp, x, row), out + 3 * x);
}
