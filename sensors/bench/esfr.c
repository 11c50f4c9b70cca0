// esfr.c: see esfr.h.
#include "sensors/bench/esfr.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"

#define BINS 4 // per sample
#define EDGES 4
#define MAX_BINS (2 * (int)ESFR_REACH_PX * BINS + 1)

// A part of the picture with one upright edge in it; turned: rows are the picture's columns.
typedef struct part {
    const double *samples;
    uint32_t width; // of the picture
    uint32_t x0, y0, columns, rows;
    bool turned;
} part;

typedef struct line {
    double slope, offset; // column at a row, of the part
} line;

static double at(const part *p, uint32_t column, uint32_t row)
{
    uint32_t x = p->turned ? p->x0 + row : p->x0 + column;
    uint32_t y = p->turned ? p->y0 + column : p->y0 + row;
    return p->samples[(size_t)y * p->width + x];
}

// ---- where the edge is ------------------------------------------------------------------------
// Centroid of a row's derivative within `half` of a column.
static double row_centroid(const part *p, uint32_t row, double middle, double half)
{
    double sum = 0.0, weights = 0.0;
    for (uint32_t x = 0; x + 1 < p->columns; x++) {
        double place = x + 0.5, slope = fabs(at(p, x + 1, row) - at(p, x, row));
        if (fabs(place - middle) >= half) continue;
        sum += slope * place;
        weights += slope;
    }
    return sum / weights;
}

// Rows about the middle in which the edge passes over whole samples: elsewhere in a sample, its centroid
// is off by what is aliased, and this is 0 over a whole one.
static uint32_t whole_rows(const part *p, double slope)
{
    double samples = floor(fabs(slope) * p->rows);
    if (!(samples >= 1.0)) return p->rows;
    uint32_t rows = (uint32_t)(samples / fabs(slope) + 0.5);
    return rows < p->rows ? rows : p->rows;
}

static line fit_line(const part *p, line guess, double half)
{
    uint32_t rows = whole_rows(p, guess.slope), first = (p->rows - rows) / 2;
    double n = rows, sum = 0.0, moment = 0.0, middle = first + 0.5 * (n - 1.0);
    for (uint32_t row = first; row < first + rows; row++) {
        double found = row_centroid(p, row, guess.slope * row + guess.offset, half);
        sum += found;
        moment += found * (row - middle);
    }
    double slope = moment / (n * (n * n - 1.0) / 12.0);
    return (line){slope, sum / n - slope * middle};
}

static line find_edge(const part *p)
{
    static const double halves[] = {1e9, 6.0, 5.0}; // narrower as it is better known
    line found = {0.0, 0.0};
    for (int i = 0; i < 3; i++)
        found = fit_line(p, found, halves[i]);
    return found;
}

// ---- its transfer -----------------------------------------------------------------------------
// The few pixels of a bin do not lie about its middle: `off`, the sum of their distances from it.
static void to_middles(const double *counts, const double *off, int bins, double *esf)
{
    double before = esf[0];
    for (int i = 1; i + 1 < bins; i++) {
        double here = esf[i], slope = 0.5 * (esf[i + 1] - before);
        if (counts[i] > 0.0) esf[i] -= slope * off[i] / counts[i];
        before = here;
    }
}

// Edge spread in bins about the edge, at most `reach` samples to each side; gives how many.
static int edge_spread(const part *p, line edge, double reach, double esf[MAX_BINS])
{
    double sums[MAX_BINS] = {0}, counts[MAX_BINS] = {0}, off[MAX_BINS] = {0}, least = reach;
    uint32_t rows = whole_rows(p, edge.slope), first = (p->rows - rows) / 2;
    for (uint32_t row = first; row < first + rows; row++) {
        double place = edge.slope * row + edge.offset;
        least = fmin(least, fmin(place, p->columns - 1.0 - place));
    }
    int half = (int)(least * BINS) - 1, known = -1;
    if (half < 3 * BINS) return 0;
    for (uint32_t row = first; row < first + rows; row++)
        for (uint32_t x = 0; x < p->columns; x++) {
            double distance = (x - edge.slope * row - edge.offset) * BINS;
            int bin = (int)floor(distance + 0.5);
            if (bin < -half || bin > half) continue;
            sums[bin + half] += at(p, x, row);
            counts[bin + half] += 1.0;
            off[bin + half] += distance - bin;
        }
    for (int i = 0; i <= 2 * half; i++) {
        if (!(counts[i] > 0.0)) continue;
        esf[i] = sums[i] / counts[i];
        for (int k = known + 1; k < i; k++) // straight between those that pixels fell into
            esf[k] =
                known < 0 ? esf[i] : bt_lerp(esf[known], esf[i], (k - known) / (double)(i - known));
        known = i;
    }
    for (int k = known + 1; k <= 2 * half; k++)
        esf[k] = esf[known];
    to_middles(counts, off, 2 * half + 1, esf);
    return half;
}

static double sinc(double x)
{
    return x != 0.0 ? sin(BT_PI * x) / (BT_PI * x) : 1.0;
}

// Half of it: each direction has two edges.
static bool add_transfer(const part *p, line edge, double pixels_per_sample,
                         double mtf[ESFR_FREQUENCIES])
{
    double esf[MAX_BINS] = {0}, lsf[MAX_BINS] = {0}, all = 0.0;
    double along = 1.0 / hypot(1.0, edge.slope); // of a row's pixel, along the normal
    int half = edge_spread(p, edge, ESFR_REACH_PX / pixels_per_sample, esf);
    if (half == 0) return false;
    for (int i = 1; i < 2 * half; i++) {
        double far = fabs((double)(i - half)) / (half - 1.0);
        lsf[i] = 0.5 * (esf[i + 1] - esf[i - 1]);
        lsf[i] *= far < 0.5 ? 1.0 : 0.5 + 0.5 * cos(2.0 * BT_PI * (far - 0.5));
        all += lsf[i];
    }
    for (int k = 0; k < ESFR_FREQUENCIES; k++) {
        double f = k * ESFR_STEP * pixels_per_sample * along / BINS, re = 0.0, im = 0.0; // per bin
        for (int i = 1; i < 2 * half; i++) {
            re += lsf[i] * cos(2.0 * BT_PI * f * (i - half));
            im += lsf[i] * sin(2.0 * BT_PI * f * (i - half));
        }
        // derivative over two bins, and the bin itself
        double own = fmax(fabs(sinc(2.0 * f) * sinc(f)), 1e-3);
        mtf[k] += hypot(re, im) / fabs(all) / own / 2.0;
    }
    return isfinite(mtf[0]);
}

// ---- the square -------------------------------------------------------------------------------
static void cut_parts(const double *samples, uint32_t width, uint32_t height, part parts[EDGES])
{
    double least = fmin(width, height);
    uint32_t reach = (uint32_t)(0.17 * least), out = (uint32_t)(0.13 * least);
    uint32_t far = (uint32_t)(0.25 * least), cx = width / 2, cy = height / 2;
    for (int i = 0; i < EDGES; i++) {
        uint32_t away = i % 2 ? far - out : 0; // from the middle to the part's begin
        part *p = &parts[i];
        *p = (part){samples, width, cx - reach, cy - reach, 2 * out, 2 * reach, i >= 2};
        if (p->turned)
            p->y0 = i % 2 ? cy + away : cy - far - out;
        else
            p->x0 = i % 2 ? cx + away : cx - far - out;
    }
}

// Where the mean of the upright edges and that of the level ones meet.
static void find_middle(const part parts[EDGES], const line lines[EDGES], esfr *result)
{
    double slope[2], place[2], along[2]; // of the mean line, at the parts' middle row
    for (int pair = 0; pair < 2; pair++) {
        slope[pair] = place[pair] = 0.0;
        for (int i = 2 * pair; i < 2 * pair + 2; i++) {
            double row = 0.5 * (parts[i].rows - 1.0);
            double first = parts[i].turned ? parts[i].y0 : parts[i].x0;
            along[pair] = row + (parts[i].turned ? parts[i].x0 : parts[i].y0);
            slope[pair] += 0.5 * lines[i].slope;
            place[pair] += 0.5 * (first + lines[i].slope * row + lines[i].offset);
        }
    }
    // x = place0 + slope0 (y - along0), y = place1 + slope1 (x - along1)
    double det = 1.0 - slope[0] * slope[1];
    result->x = (place[0] + slope[0] * (place[1] - along[0] - slope[1] * along[1])) / det;
    result->y = place[1] + slope[1] * (result->x - along[1]);
}

bt_status esfr_square(const double *samples, uint32_t width, uint32_t height,
                      double pixels_per_sample, esfr *result)
{
    part parts[EDGES];
    line lines[EDGES];
    memset(result, 0, sizeof *result);
    cut_parts(samples, width, height, parts);
    for (int i = 0; i < EDGES; i++) {
        lines[i] = find_edge(&parts[i]);
        bool found = isfinite(lines[i].slope) && fabs(lines[i].slope) < 0.5 &&
                     add_transfer(&parts[i], lines[i], pixels_per_sample,
                                  parts[i].turned ? result->down : result->across);
        if (!found)
            return bt_fail(BT_ERR_INPUT,
                           "no edge in the square's part %d of %u x %u samples: too "
                           "small, too noisy or too blurred",
                           i + 1, width, height);
    }
    for (int k = 0; k < ESFR_FREQUENCIES; k++)
        result->mtf[k] = 0.5 * (result->across[k] + result->down[k]);
    find_middle(parts, lines, result);
    return BT_OK;
}

double esfr_mtf50(const double mtf[ESFR_FREQUENCIES])
{
    for (int i = 1; i < ESFR_FREQUENCIES; i++)
        if (mtf[i] < 0.5) return ESFR_STEP * (i - 1 + (mtf[i - 1] - 0.5) / (mtf[i - 1] - mtf[i]));
    return NAN;
}
