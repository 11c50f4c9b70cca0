// denoise.c: averages what differs by no more than noise. A bilateral filter (Tomasi and Manduchi 1998)
// whose range is measured in standard deviations of the sensor's own noise and ends (Tukey's
// biweight): what is `denoise` deviations apart is another thing and does not count.
//
// SPAN pixels at a time, each colour by itself: loops over pixels that the compiler makes vectors of.
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

#define RADIUS 2
#define SIDE (2 * RADIUS + 1)
#define SPAN BT_ISP_SPAN

static const float spatial[RADIUS + 1] = {1.0f, 0.78f, 0.37f}; // a Gaussian of sigma 1.42 pixels

typedef struct block {
    float around[SIDE][3][SPAN + 2 * RADIUS]; // the span's neighbourhood
    float precision[3][SPAN];
    float sum[3][SPAN], all[SPAN];
} block;

// One over twice the variance of each colour at a pixel, over the number of colours: the mean squared
// difference of two pixels of one thing is then 1.
static void set_precisions(const bt_isp *isp, const double *gains, block *b)
{
    for (uint32_t c = 0; c < 3; c++) {
        bt_isp_noise noise = bt_isp_noise_of(isp, c);
        const float *restrict centre = b->around[RADIUS][c] + RADIUS;
        float *restrict out = b->precision[c];
        for (int x = 0; x < SPAN; x++) {
            double gain = gains[x], level = (double)centre[x] / gain;
            double shot = level > 0.0 ? noise.shot * level : 0.0;
            out[x] = (float)(1.0 / (6.0 * gain * gain * (noise.floor + shot)));
        }
    }
}

// Adds the pixels beside those of the span by (i, j).
static void add_neighbour(block *restrict b, int i, int j, float inverse)
{
    float share = spatial[j < 0 ? -j : j] * spatial[i < 0 ? -i : i];
    for (int x = 0; x < SPAN; x++) {
        float distance = 0.0f, other[3];
        for (int c = 0; c < 3; c++) {
            other[c] = b->around[j + RADIUS][c][x + i + RADIUS];
            float apart = b->around[RADIUS][c][x + RADIUS] - other[c];
            distance += apart * apart * b->precision[c][x];
        }
        float left = 1.0f - distance * inverse;
        left = left > 0.0f ? left : 0.0f;
        float weight = share * left * left;
        b->all[x] += weight;
        for (int c = 0; c < 3; c++)
            b->sum[c][x] += weight * other[c];
    }
}

void bt_isp_denoise(const bt_isp *isp, const float *rgb, uint32_t row, float *out)
{
    const float *rows[SIDE];
    for (int j = 0; j < SIDE; j++)
        rows[j] = rgb + 3 * (size_t)bt_isp_clamped((int64_t)row + j - RADIUS, isp->height_px) *
                            isp->width_px;
    if (!(isp->denoise > 0.0) || !(isp->noise_dn + isp->gain_dn_e > 0.0)) {
        memcpy(out, rows[RADIUS], 3 * isp->width_px * sizeof *out);
        return;
    }
    block b;
    double gains[SPAN];
    float inverse = (float)(1.0 / (isp->denoise * isp->denoise));
    for (uint32_t x0 = 0; x0 < isp->width_px; x0 += SPAN) {
        memset(b.sum, 0, sizeof b.sum);
        memset(b.all, 0, sizeof b.all);
        for (int j = 0; j < SIDE; j++)
            bt_isp_apart(rows[j], isp->width_px, x0, RADIUS, SPAN + 2 * RADIUS, b.around[j][0]);
        bt_isp_shading_gains(isp, x0, row, SPAN, gains);
        set_precisions(isp, gains, &b);
        for (int j = -RADIUS; j <= RADIUS; j++)
            for (int i = -RADIUS; i <= RADIUS; i++)
                add_neighbour(&b, i, j, inverse);
        uint32_t count = isp->width_px - x0 < SPAN ? isp->width_px - x0 : SPAN;
        for (uint32_t x = 0; x < count; x++)
            for (int c = 0; c < 3; c++)
                out[3 * (x0 + x) + (uint32_t)c] = b.sum[c][x] / b.all[x];
    }
}
