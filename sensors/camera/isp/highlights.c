// highlights.c: the hue of what is brighter than white. Of a coloured light the sensor's bands fill one
// after the other: its core would turn yellow, cyan or magenta on the way to white, and so would every
// noisy pixel of a bright sky. The band that fills first is white, the one that fills last says how far
// the light has faded; the third lies between them as it does in the light nearby that is not full.
//
// After Zhang and Brainard 2004, "Estimation of saturated pixel values in digital color imaging", JOSA A
// 21(12): a full colour follows from others by how colours go together in the same picture. Here only its
// hue is taken, since a picture of eight bits has no place for the rest: HSV's (Smith 1978, "Color gamut
// transform pairs"). The light nearby: means over cells of 8 x 8 pixels, bright ones first, filled in
// where a cell has none by pulling and pushing (Gortler et al. 1996, "The lumigraph").
//
// Of mosaics with luma on a diagonal.
#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

#define CELL 8
#define LEVELS_MAX 16
#define FULL 0.99f  // of white: what noise and its pixel's gain leave of a full pixel
#define PRIOR 0.05f // chosen: a cell of so much weight believes itself as much as its surroundings

// A light's shares in the bands, times weight, and the weight.
typedef struct cell {
    float share[3], weight;
} cell;

typedef struct grid {
    uint32_t columns, rows;
    cell *cells;
} grid;

static uint32_t band_at(const bt_isp *isp, uint32_t x, uint32_t y)
{
    return isp->mosaic[2 * (y & 1) + (x & 1)];
}

// Adds four pixels that hold all bands, unless one is full or they are dark.
static void add_quad(const bt_isp *isp, const float *mosaic, uint32_t x, uint32_t y, cell *out)
{
    float v[3] = {0}, brightest = 0.0f, sum = 0.0f, full = FULL * (float)bt_isp_white(isp);
    for (uint32_t k = 0; k < 4; k++) {
        uint32_t px = x + (k & 1), py = y + (k >> 1), band = band_at(isp, px, py);
        float level = mosaic[(size_t)py * isp->width_px + px], of_full = level / full;
        if (of_full >= 1.0f) return;
        brightest = bt_isp_upper(brightest, of_full);
        v[band] += band == 1 ? 0.5f * level : level;
    }
    for (int c = 0; c < 3; c++)
        sum += v[c] = bt_isp_upper(v[c], 0.0f);
    float weight = brightest * brightest;
    weight *= weight;
    if (!(sum > 0.0f)) return;
    for (int c = 0; c < 3; c++)
        out->share[c] += weight * v[c] / sum;
    out->weight += weight;
}

typedef struct fill_job {
    const bt_isp *isp;
    const float *mosaic;
    grid grid;
} fill_job;

static bt_status fill_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const fill_job *job = context;
    const bt_isp *isp = job->isp;
    cell *cells = job->grid.cells + (size_t)row * job->grid.columns;
    for (uint32_t y = row * CELL; y < (row + 1) * CELL && y + 1 < isp->height_px; y += 2)
        for (uint32_t x = 0; x + 1 < isp->width_px; x += 2)
            add_quad(isp, job->mosaic, x, y, &cells[x / CELL]);
    return BT_OK;
}

// ---- cells without light of their own -----------------------------------------------------------
static void pull(grid fine, grid coarse)
{
    for (uint32_t y = 0; y < fine.rows; y++)
        for (uint32_t x = 0; x < fine.columns; x++) {
            const cell *from = &fine.cells[y * fine.columns + x];
            cell *to = &coarse.cells[y / 2 * coarse.columns + x / 2];
            for (int c = 0; c < 3; c++)
                to->share[c] += from->share[c];
            to->weight += from->weight;
        }
}

// A cell believes itself by its weight, the rest its surroundings (shares that sum to 1).
static void settle(cell *own, const float around[3])
{
    float all = own->weight + PRIOR;
    for (int c = 0; c < 3; c++)
        own->share[c] = (own->share[c] + PRIOR * around[c]) / all;
}

// Of the four coarse cells about a fine one: nine parts of the nearest, three, three and one.
static void push(grid coarse, grid fine)
{
    for (uint32_t y = 0; y < fine.rows; y++)
        for (uint32_t x = 0; x < fine.columns; x++) {
            uint32_t x0 = x / 2, y0 = y / 2;
            uint32_t x1 = bt_isp_clamped((int64_t)x0 + (x & 1 ? 1 : -1), coarse.columns);
            uint32_t y1 = bt_isp_clamped((int64_t)y0 + (y & 1 ? 1 : -1), coarse.rows);
            const cell *from = coarse.cells;
            float around[3];
            for (int c = 0; c < 3; c++)
                around[c] = (9.0f * from[y0 * coarse.columns + x0].share[c] +
                             3.0f * from[y0 * coarse.columns + x1].share[c] +
                             3.0f * from[y1 * coarse.columns + x0].share[c] +
                             from[y1 * coarse.columns + x1].share[c]) /
                            16.0f;
            settle(&fine.cells[y * fine.columns + x], around);
        }
}

static uint32_t levels_of(grid g, grid levels[LEVELS_MAX], size_t *cells)
{
    uint32_t count = 0;
    *cells = 0;
    for (;; g = (grid){(g.columns + 1) / 2, (g.rows + 1) / 2, NULL}) {
        levels[count++] = g;
        *cells += (size_t)g.columns * g.rows;
        if ((g.columns == 1 && g.rows == 1) || count == LEVELS_MAX) return count;
    }
}

static void fill_in(grid levels[LEVELS_MAX], uint32_t count)
{
    static const float white[3] = {1.0f / 3.0f, 1.0f / 3.0f, 1.0f / 3.0f};
    for (uint32_t k = 0; k + 1 < count; k++)
        pull(levels[k], levels[k + 1]);
    grid top = levels[count - 1];
    for (size_t i = 0; i < (size_t)top.columns * top.rows; i++)
        settle(&top.cells[i], white);
    for (uint32_t k = count - 1; k > 0; k--)
        push(levels[k], levels[k - 1]);
}

static bool any_full(const bt_isp *isp, const float *mosaic)
{
    size_t pixels = (size_t)isp->width_px * isp->height_px;
    float full = FULL * (float)bt_isp_white(isp);
    for (size_t i = 0; i < pixels; i++)
        if (mosaic[i] >= full) return true;
    return false;
}

static grid grid_of(const bt_isp *isp)
{
    return (grid){(isp->width_px + CELL - 1) / CELL, (isp->height_px + CELL - 1) / CELL, NULL};
}

bt_status bt_isp_light_fit(const bt_isp *isp, const float *mosaic, bt_jobs *jobs, float **shares)
{
    *shares = NULL;
    if (!bt_isp_is_quincunx(isp) || !any_full(isp, mosaic)) return BT_OK;
    grid levels[LEVELS_MAX], g = grid_of(isp);
    size_t all, own = (size_t)g.columns * g.rows;
    uint32_t count = levels_of(g, levels, &all);
    cell *cells = bt_alloc(all, sizeof *cells); // zero
    *shares = bt_alloc(own, 3 * sizeof **shares);
    bt_status status = BT_OK;
    if (!cells || !*shares) status = bt_fail(BT_ERR_MEMORY, "no memory to recover highlights");
    for (uint32_t k = 0, at = 0; status == BT_OK && k < count; k++) {
        levels[k].cells = cells + at;
        at += levels[k].columns * levels[k].rows;
    }
    fill_job job = {isp, mosaic, levels[0]};
    if (status == BT_OK) status = bt_jobs_run(jobs, g.rows, fill_row, &job);
    if (status == BT_OK) {
        fill_in(levels, count);
        for (size_t i = 0; i < own; i++)
            memcpy(*shares + 3 * i, cells[i].share, sizeof cells[i].share);
    } else {
        bt_free(*shares);
        *shares = NULL;
    }
    bt_free(cells);
    return status;
}

// ---- full pixels --------------------------------------------------------------------------------
// The light's shares at a pixel, between the middles of cells.
static void shares_at(const bt_isp *isp, const float *shares, uint32_t x, uint32_t y, float out[3])
{
    grid g = grid_of(isp);
    float u = ((float)x + 0.5f) / CELL - 0.5f, v = ((float)y + 0.5f) / CELL - 0.5f;
    int64_t i = (int64_t)floorf(u), j = (int64_t)floorf(v);
    u -= (float)i;
    v -= (float)j;
    for (int c = 0; c < 3; c++)
        out[c] = 0.0f;
    for (int k = 0; k < 4; k++) {
        float weight = (k & 1 ? u : 1.0f - u) * (k >> 1 ? v : 1.0f - v);
        size_t at = (size_t)bt_isp_clamped(j + (k >> 1), g.rows) * g.columns +
                    bt_isp_clamped(i + (k & 1), g.columns);
        for (int c = 0; c < 3; c++)
            out[c] += weight * shares[3 * at + (uint32_t)c];
    }
}

// Places of the least, middle and largest of three.
typedef struct order {
    int low, middle, high;
} order;

static order order_of(const float v[3])
{
    order o = {0, 1, 0};
    for (int c = 1; c < 3; c++) {
        if (v[c] < v[o.low]) o.low = c;
        if (v[c] >= v[o.high]) o.high = c;
    }
    if (o.low == o.high) o = (order){0, 1, 2};
    o.middle = 3 - o.low - o.high;
    return o;
}

void bt_isp_fade(const bt_isp *isp, const float *shares, uint32_t row, float *rgb)
{
    if (!shares) return;
    float white = (float)bt_isp_white(isp);
    for (uint32_t x = 0; x < isp->width_px; x++, rgb += 3) {
        float top = bt_isp_upper(rgb[0], bt_isp_upper(rgb[1], rgb[2])), light[3];
        if (top < FULL * white) continue;
        shares_at(isp, shares, x, row, light);
        order o = order_of(light);
        float low = rgb[o.low];
        if (!(low < white) || low > bt_isp_lower(rgb[o.middle], rgb[o.high])) continue; // not of it
        float hue = (light[o.middle] - light[o.low]) / (light[o.high] - light[o.low] + 1e-6f);
        rgb[o.middle] = bt_isp_lower(rgb[o.middle], low + hue * (white - low));
    }
}
