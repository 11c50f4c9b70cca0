// edges_score.c: what an evaluator reads off slanted squares, against what the sheet's pupil promises.
#include "sensors/bench/edges_internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/memory.h"
#include "sensors/bench/esfr.h"

#define TRUTH_STEP 5        // of ESFR_STEP: where the closed form is asked
#define MTF50_STEPS 3       // of false position: 1e-6 cycles per pixel
#define COLOR_LIMIT_PX 0.02 // camera.md 4, row 5, as the next two
#define MTF_LIMIT 0.01
#define MTF50_LIMIT 0.005

// What an evaluator sees: square over ground, in the plane. half 0: the frames; 1, -1: one or the other
// render of the light, without noise.
static bt_status evaluate(const edges *e, int half, esfr *result)
{
    const bench *b = e->b;
    uint32_t width, height, step = edges_plane_step(b);
    bench_plane_size(b, &width, &height);
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint32_t px = x * step + e->plane % 2, py = y * step + e->plane / 2;
            double value[2];
            for (int i = 0; i < 2; i++)
                value[i] = half == 0 ? e->mean[i][(size_t)py * b->width_px + px]
                                     : lab_rate(&e->light[i], half, e->band, px, py);
            e->samples[(size_t)y * width + x] = value[0] / value[1];
        }
    bt_status status = esfr_square(e->samples, width, height, step, result);
    result->x = result->x * step + e->plane % 2; // pixels of the window
    result->y = result->y * step + e->plane / 2;
    return status;
}

// Each edge has its own place in the field: the middles of the right, lower, left and upper one, and directions of
// their normals.
static double normal_rad(int edge)
{
    return TURN_DEG * BT_RAD_PER_DEG + 0.5 * BT_PI * edge;
}

static void set_truth(edges *e)
{
    const bench *b = e->b;
    double half = SQUARE * fmin(b->width_px, b->height_px);
    for (int i = 0; i < EDGES; i++)
        pupil_mtf_init(&b->truth, e->at.nm, 0.5 * (b->width_px - 1.0) + half * cos(normal_rad(i)),
                       0.5 * (b->height_px - 1.0) + half * sin(normal_rad(i)), e->at.distance_m,
                       &e->mtf[i]);
}

// Mean over the square's edges, of what lies within the evaluator's window.
static double true_mtf(const edges *e, double f, double reach_px, bool waves)
{
    double sum = 0.0;
    for (int i = 0; i < EDGES; i++) {
        double along = normal_rad(i);
        double mtf =
            waves ? pupil_mtf_waves(&e->mtf[i], f, along) : pupil_mtf_at(&e->mtf[i], f, along);
        sum += pupil_mtf_windowed(&e->mtf[i], mtf, f, along, reach_px) / EDGES;
    }
    return sum;
}

// Between two frequencies that it lies between, by the rule of false position: transfers are all but straight there.
static double true_mtf50(const edges *e, double reach_px, double low, double high)
{
    double above = true_mtf(e, low, reach_px, false) - 0.5;
    double below = true_mtf(e, high, reach_px, false) - 0.5;
    double f = low;
    for (int i = 0; i < MTF50_STEPS; i++) {
        f = low + (high - low) * above / (above - below);
        double here = true_mtf(e, f, reach_px, false) - 0.5;
        *(here > 0.0 ? &low : &high) = f;
        *(here > 0.0 ? &above : &below) = here;
    }
    return f;
}

static bt_status score_mtf(edges *e, const esfr *seen, const esfr lit[2])
{
    bench *b = e->b;
    bt_status status = BT_OK;
    double passes = 0.0; // the highest of these frequencies of which half or more is passed
    for (int k = TRUTH_STEP; k < ESFR_FREQUENCIES && status == BT_OK; k += TRUTH_STEP) {
        char where[48];
        double f = k * ESFR_STEP, truth = true_mtf(e, f, seen->reach_px, false);
        snprintf(where, sizeof where, "%s/%.2f", e->name, f);
        if (truth >= 0.5) passes = f;
        status = bench_add(b, "MTF", where, "", truth, MTF_LIMIT, MTF_LIMIT,
                           bench_half_apart(lit[0].mtf[k], lit[1].mtf[k]), seen->mtf[k]);
        if (status == BT_OK) status = bench_plot_add(b, e->plot, "truth", BENCH_LINE, f, truth);
        if (status == BT_OK && e->at.moved)
            status = bench_plot_add(b, e->plot, "by wave optics", BENCH_LINE, f,
                                    true_mtf(e, f, seen->reach_px, true));
    }
    for (int k = 0; k < ESFR_FREQUENCIES && status == BT_OK; k++)
        status = bench_plot_add(b, e->plot, e->at.moved ? "out of focus" : "in focus", BENCH_DOTS,
                                k * ESFR_STEP, seen->mtf[k]);
    double next = passes + TRUTH_STEP * ESFR_STEP;
    // beyond the pixel's Nyquist frequency the renderer's own filter stands for the lens's fall
    if (status != BT_OK || next > (ESFR_FREQUENCIES - 0.5) * ESFR_STEP) return status;
    double at50 = true_mtf50(e, seen->reach_px, passes, next);
    return bench_add(b, "MTF50", e->name, "cycles/px", at50, MTF50_LIMIT * at50, MTF50_LIMIT * at50,
                     bench_half_apart(esfr_mtf50(lit[0].mtf), esfr_mtf50(lit[1].mtf)),
                     esfr_mtf50(seen->mtf));
}

// How much farther out than at the first wavelength the square's middle lies.
static bt_status score_color(edges *e, const esfr *seen, const esfr lit[2])
{
    bench *b = e->b;
    bool first = e->at.nm == edges_first_nm();
    if (e->at.moved) return BT_OK;
    if (first) {
        e->green_px[0] = seen->x;
        e->green_px[1] = seen->y;
        return BT_OK;
    }
    double x = 0.5 * (b->width_px - 1.0) - bt_sheet_get(&b->truth, BT_SHEET_CX_PX);
    double y = 0.5 * (b->height_px - 1.0) - bt_sheet_get(&b->truth, BT_SHEET_CY_PX);
    double r = hypot(x, y), ux = r > 1.0 ? x / r : 1.0, uy = r > 1.0 ? y / r : 0.0;
    const bt_sheet_curve *color = &b->truth.lateral_color;
    double own = bt_sheet_curve_at(color, e->at.nm, 0.0);
    double green = bt_sheet_curve_at(color, edges_first_nm(), 0.0);
    double shift = (seen->x - e->green_px[0]) * ux + (seen->y - e->green_px[1]) * uy;
    double apart = bench_half_apart(lit[0].x * ux + lit[0].y * uy, lit[1].x * ux + lit[1].y * uy);
    return bench_add(b, "lateral_color", e->name, "px", r * (own - green), COLOR_LIMIT_PX,
                     COLOR_LIMIT_PX, apart * sqrt(2.0), shift); // of two wavelengths
}

bt_status edges_score(edges *e)
{
    esfr seen, lit[2];
    bt_status status = evaluate(e, 0, &seen);
    for (int i = 0; i < 2 && status == BT_OK; i++)
        status = evaluate(e, i == 0 ? 1 : -1, &lit[i]);
    set_truth(e);
    if (status == BT_OK) status = score_mtf(e, &seen, lit);
    return status == BT_OK ? score_color(e, &seen, lit) : status;
}

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

// Of all rows of a quantity: sorted deviations, how many there are.
static size_t deviations(const bench *b, const char *quantity, double *off)
{
    size_t count = 0;
    for (size_t i = 0; i < b->row_count; i++)
        if (strcmp(b->rows[i].quantity, quantity) == 0)
            off[count++] = b->rows[i].measured - b->rows[i].value;
    qsort(off, count, sizeof *off, by_size);
    return count;
}

bt_status edges_note_summary(bench *b)
{
    static const char *const quantities[] = {"MTF", "MTF50"};
    double *off = bt_alloc(b->row_count + 1, sizeof *off);
    if (!off) return bt_fail(BT_ERR_MEMORY, "no memory for %zu scores", b->row_count);
    for (int i = 0; i < 2; i++) {
        size_t count = deviations(b, quantities[i], off), length = strlen(b->note);
        if (count > 0)
            snprintf(b->note + length, sizeof b->note - length,
                     "%zu of %s: off by %.4f to %.4f, the median %.4f\n", count, quantities[i],
                     off[0], off[count - 1], off[count / 2]);
    }
    bt_free(off);
    return BT_OK;
}
