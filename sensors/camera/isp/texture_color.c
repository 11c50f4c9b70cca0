// texture_color.c: the colours of texture as fine as the mosaic, as of leaves far off. There no pixel's
// colour can be told from its brightness, but the colour of the patch can: each pixel gets its green
// times the patch's ratios (Cok 1987, US 4642678: hue, not difference, is what varies slowly).
//
// Texture is where luma curves from pixel to pixel on all sides: by the least of four squares around, so
// that an edge, a line and a lamp, which have quiet sides, keep their own colours; beyond what the
// sensor's noise alone curves.
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

#define SPAN BT_ISP_SPAN
#define REACH 3 // of what is looked at; one more for curvature
#define PATCH 2 // ratios are those of 5 x 5 pixels
#define WIDE (SPAN + 2 * (REACH + 1))
#define ROWS (2 * (REACH + 1) + 1)
#define NOISE_CURVES 1.0f // standard deviations: mean size of curvature of white noise is 0.9
#define BEGINS 0.04f      // chosen: mean curvature over luma of what begins to be texture
#define WHOLE 0.10f       // chosen: and of what is nothing else
#define DARK 0.002f       // of white: darker patches become grey

typedef struct block {
    float at[ROWS][3][WIDE];        // around the span, each colour by itself
    float upper[WIDE], lower[WIDE]; // sums of curvature over the three rows above and below
    float sum[3][SPAN];             // over the patch
    float share[SPAN];              // of texture
} block;

static void load(const bt_isp *isp, const float *rgb, uint32_t row, uint32_t x0, block *b)
{
    for (int j = 0; j < ROWS; j++) {
        uint32_t y = bt_isp_clamped((int64_t)row + j - (REACH + 1), isp->height_px);
        bt_isp_apart(rgb + 3 * (size_t)y * isp->width_px, isp->width_px, x0, REACH + 1, WIDE,
                     b->at[j][0]);
    }
}

static void add_curvature(const block *b, int j, float *restrict sum)
{
    const float *up = b->at[j - 1][1], *here = b->at[j][1], *down = b->at[j + 1][1];
    for (int x = 1; x < WIDE - 1; x++)
        sum[x] += fabsf(here[x] - 0.25f * (up[x] + down[x] + here[x - 1] + here[x + 1]));
}

static void sum_patches(block *restrict b)
{
    for (int c = 0; c < 3; c++) {
        float column[WIDE];
        for (int x = 0; x < WIDE; x++) {
            column[x] = 0.0f;
            for (int j = REACH + 1 - PATCH; j <= REACH + 1 + PATCH; j++)
                column[x] += b->at[j][c][x];
        }
        for (int x = 0; x < SPAN; x++) {
            float sum = 0.0f;
            for (int i = REACH + 1 - PATCH; i <= REACH + 1 + PATCH; i++)
                sum += column[x + i];
            b->sum[c][x] = sum;
        }
    }
}

static inline float side(const float *restrict sum, int x)
{
    return sum[x] + sum[x + 1] + sum[x + 2];
}

static void set_shares(const bt_isp *isp, block *restrict b)
{
    enum { PIXELS = (2 * PATCH + 1) * (2 * PATCH + 1) };
    bt_isp_noise noise = bt_isp_noise_of(isp, 1);
    float floor = (float)noise.floor, shot = (float)noise.shot;
    for (int x = 0; x < SPAN; x++) {
        int left = x + 1, right = x + REACH + 2; // first columns of the squares
        float least = bt_isp_lower(bt_isp_lower(side(b->upper, left), side(b->upper, right)),
                                   bt_isp_lower(side(b->lower, left), side(b->lower, right)));
        float luma = bt_isp_upper(b->sum[1][x] / PIXELS, 0.0f);
        float curved = least / 9.0f - NOISE_CURVES * sqrtf(floor + shot * luma);
        float share = (curved / (luma + DARK) - BEGINS) / (WHOLE - BEGINS);
        b->share[x] = bt_isp_lower(bt_isp_upper(share, 0.0f), 1.0f);
    }
}

static void write(const block *b, uint32_t count, float *out)
{
    const float dark = DARK * (2 * PATCH + 1) * (2 * PATCH + 1);
    for (uint32_t x = 0; x < count; x++)
        for (int c = 0; c < 3; c++) {
            float own = b->at[REACH + 1][c][x + REACH + 1];
            float green = b->at[REACH + 1][1][x + REACH + 1];
            float ratio = (bt_isp_upper(b->sum[c][x], 0.0f) + dark) /
                          (bt_isp_upper(b->sum[1][x], 0.0f) + dark);
            out[3 * x + (uint32_t)c] = c == 1 ? own : own + b->share[x] * (green * ratio - own);
        }
}

void bt_isp_texture(const bt_isp *isp, const float *rgb, uint32_t row, float *out)
{
    if (isp->band_count == 1) {
        memcpy(out, rgb + 3 * (size_t)row * isp->width_px, 3 * isp->width_px * sizeof *out);
        return;
    }
    block b;
    for (uint32_t x0 = 0; x0 < isp->width_px; x0 += SPAN) {
        load(isp, rgb, row, x0, &b);
        memset(b.upper, 0, sizeof b.upper);
        memset(b.lower, 0, sizeof b.lower);
        for (int j = 1; j <= REACH; j++) {
            add_curvature(&b, j, b.upper);
            add_curvature(&b, j + REACH + 1, b.lower);
        }
        sum_patches(&b);
        set_shares(isp, &b);
        write(&b, isp->width_px - x0 < SPAN ? isp->width_px - x0 : SPAN, out + 3 * x0);
    }
}
