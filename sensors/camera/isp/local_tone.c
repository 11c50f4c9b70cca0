// local_tone.c: compresses the light of large areas and keeps their detail: log luminance is split into
// a base, which keeps edges, and the rest (Durand and Dorsey 2002); the base by the guided filter (He,
// Sun, Tang 2013) on a picture of every eighth pixel, its coefficients read between nodes as He and
// Sun 2015, "Fast guided filter", do.
#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "sensors/camera/isp/isp.h"

#define STEP BT_ISP_LOCAL_STEP
#define EDGE_STOPS2 0.35  // chosen: variance (stops squared) above which something is an edge
#define ANCHOR_STOPS -2.5 // chosen: 0.18 stays as it is
#define LEAST 1e-4f       // of white: below, there is only noise
#define GAIN_STOPS 3.0    // at most, either way

typedef struct grid {
    uint32_t columns, rows;
} grid;

static grid grid_of(const bt_isp *isp)
{
    return (grid){(isp->width_px + STEP - 1) / STEP + 1, (isp->height_px + STEP - 1) / STEP + 1};
}

static float stops_of(const float *rgb)
{
    float y = 0.2126f * rgb[0] + 0.7152f * rgb[1] + 0.0722f * rgb[2];
    return log2f(fmaxf(y, LEAST));
}

// Mean of log luminance around each node.
static void shrink(const bt_isp *isp, grid g, const float *rgb, double *stops)
{
    for (uint32_t j = 0; j < g.rows; j++)
        for (uint32_t i = 0; i < g.columns; i++) {
            double sum = 0.0;
            int count = 0;
            for (uint32_t y = j * STEP > STEP / 2 ? j * STEP - STEP / 2 : 0;
                 y < j * STEP + STEP / 2 && y < isp->height_px; y += 2)
                for (uint32_t x = i * STEP > STEP / 2 ? i * STEP - STEP / 2 : 0;
                     x < i * STEP + STEP / 2 && x < isp->width_px; x += 2, count++)
                    sum += (double)stops_of(rgb + 3 * ((size_t)y * isp->width_px + x));
            size_t last = (size_t)(isp->height_px - 1) * isp->width_px + isp->width_px - 1;
            stops[j * g.columns + i] = count ? sum / count : (double)stops_of(rgb + 3 * last);
        }
}

// Mean over a square about each node, cut at the border.
static void box(grid g, int radius, const double *in, double *out)
{
    for (int j = 0; j < (int)g.rows; j++)
        for (int i = 0; i < (int)g.columns; i++) {
            double sum = 0.0;
            int count = 0;
            for (int y = j - radius; y <= j + radius; y++)
                for (int x = i - radius; x <= i + radius; x++)
                    if (y >= 0 && x >= 0 && y < (int)g.rows && x < (int)g.columns) {
                        sum += in[y * (int)g.columns + x];
                        count++;
                    }
            out[j * (int)g.columns + i] = sum / count;
        }
}

// base = a * stops + b around each node; `work`: six grids, the first holds the stops.
static void guide(grid g, double *work)
{
    size_t n = (size_t)g.columns * g.rows;
    double *stops = work, *square = work + n, *mean = work + 2 * n, *mean2 = work + 3 * n;
    int radius = (int)(g.columns / 16u) > 1 ? (int)(g.columns / 16u) : 1;
    for (size_t k = 0; k < n; k++)
        square[k] = stops[k] * stops[k];
    box(g, radius, stops, mean);
    box(g, radius, square, mean2);
    for (size_t k = 0; k < n; k++) {
        double variance = fmax(mean2[k] - mean[k] * mean[k], 0.0);
        double a = variance / (variance + EDGE_STOPS2);
        stops[k] = a;
        square[k] = (1.0 - a) * mean[k];
    }
    box(g, radius, stops, work + 4 * n);
    box(g, radius, square, work + 5 * n);
}

bt_status bt_isp_local_fit(const bt_isp *isp, const float *rgb, float **a_and_b)
{
    grid g = grid_of(isp);
    size_t n = (size_t)g.columns * g.rows;
    double *work = bt_alloc(6 * n, sizeof *work);
    *a_and_b = bt_alloc(2 * n, sizeof **a_and_b);
    if (!work || !*a_and_b) {
        bt_free(work);
        bt_free(*a_and_b);
        *a_and_b = NULL;
        return bt_fail(BT_ERR_MEMORY, "no memory for a local tone map");
    }
    shrink(isp, g, rgb, work);
    guide(g, work);
    for (size_t k = 0; k < n; k++) {
        (*a_and_b)[2 * k] = (float)(-isp->local * work[4 * n + k]);
        (*a_and_b)[2 * k + 1] = (float)(isp->local * (ANCHOR_STOPS - work[5 * n + k]));
    }
    bt_free(work);
    return BT_OK;
}

void bt_isp_local(const bt_isp *isp, const float *a_and_b, uint32_t row, float *rgb)
{
    grid g = grid_of(isp);
    uint32_t j = row / STEP;
    float v = (float)(row % STEP) / STEP;
    for (uint32_t x = 0; x < isp->width_px; x++, rgb += 3) {
        const float *low = a_and_b + 2 * ((size_t)j * g.columns + x / STEP);
        const float *high = low + 2 * g.columns;
        float u = (float)(x % STEP) / STEP, c[2];
        for (int k = 0; k < 2; k++) {
            float left = low[k] + (high[k] - low[k]) * v;
            float right = low[k + 2] + (high[k + 2] - low[k + 2]) * v;
            c[k] = left + (right - left) * u;
        }
        float stops = c[0] * stops_of(rgb) + c[1];
        float gain = exp2f(fminf(fmaxf(stops, (float)-GAIN_STOPS), (float)GAIN_STOPS));
        for (int k = 0; k < 3; k++)
            rgb[k] *= gain;
    }
}
