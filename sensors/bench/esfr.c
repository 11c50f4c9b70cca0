// esfr.c: see esfr.h.
#include "sensors/bench/esfr.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"

#define EDGES 4
#define LEAST_REACH 3.0 // samples
#define LEAST_PASSED                                                                               \
    2.2 // samples by an edge, so that what is aliased is told from its slope: 5e-4 of the transfer
#define LEAST_SINC 0.1 // that is corrected
#define FIT_TERMS 6    // of an edge's line and of what is aliased

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

// Rows about the middle in which the edge passes over whole samples: where in a sample it is shifts its
// centroid by what is aliased, and this is 0 over a whole one.
static uint32_t whole_rows(const part *p, double slope)
{
    double samples = floor(fabs(slope) * p->rows);
    if (!(samples >= 1.0)) return p->rows;
    uint32_t rows = (uint32_t)(samples / fabs(slope) + 0.5);
    return rows < p->rows ? rows : p->rows;
}

// Solves the normal equations in place, by Cholesky's factor.
static void solve(uint32_t n, double matrix[FIT_TERMS][FIT_TERMS], double x[FIT_TERMS])
{
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            for (uint32_t k = 0; k < j; k++)
                matrix[i][j] -= matrix[i][k] * matrix[j][k];
            matrix[i][j] = i == j ? sqrt(matrix[i][i]) : matrix[i][j] / matrix[j][j];
        }
        for (uint32_t k = 0; k < i; k++)
            x[i] -= matrix[i][k] * x[k];
        x[i] /= matrix[i][i];
    }
    for (uint32_t i = n; i-- > 0;) {
        for (uint32_t k = i + 1; k < n; k++)
            x[i] -= matrix[k][i] * x[k];
        x[i] /= matrix[i][i];
    }
}

// What is aliased swings once and twice a sample, and tilts a line as far as it is not told apart: sines and cosines
// are fitted along with the line, once a guess says where in a sample the edge is.
static line fit_line(const part *p, line guess, double half)
{
    uint32_t rows = whole_rows(p, guess.slope), first = (p->rows - rows) / 2;
    uint32_t terms = floor(fabs(guess.slope) * p->rows) >= 1.0 ? FIT_TERMS : 2;
    double middle = first + 0.5 * (rows - 1.0);
    double matrix[FIT_TERMS][FIT_TERMS] = {{0.0}}, x[FIT_TERMS] = {0.0};
    for (uint32_t row = first; row < first + rows; row++) {
        double place = guess.slope * row + guess.offset, turn = 2.0 * BT_PI * place;
        double found = row_centroid(p, row, place, half);
        double term[FIT_TERMS] = {1.0,       row - middle,    cos(turn),
                                  sin(turn), cos(2.0 * turn), sin(2.0 * turn)};
        for (uint32_t i = 0; i < terms; i++) {
            x[i] += term[i] * found;
            for (uint32_t j = 0; j <= i; j++)
                matrix[i][j] += term[i] * term[j];
        }
    }
    solve(terms, matrix, x);
    return (line){x[1], x[0] - x[1] * middle};
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
typedef struct sample {
    double distance, value; // from the edge along its row, in samples
} sample;

static int by_distance(const void *one, const void *other)
{
    double a = ((const sample *)one)->distance, b = ((const sample *)other)->distance;
    return (a > b) - (a < b);
}

// How far to each side all rows go, at most `most`.
static double reach_of(const part *p, line edge, double most)
{
    uint32_t rows = whole_rows(p, edge.slope), first = (p->rows - rows) / 2;
    double least = most;
    for (uint32_t row = first; row < first + rows; row++) {
        double place = edge.slope * row + edge.offset;
        least = fmin(least, fmin(place, p->columns - 1.0 - place));
    }
    return least;
}

// Edge spread: all rows' samples in one line, gives how many.
static uint32_t edge_spread(const part *p, line edge, sample *spread)
{
    uint32_t rows = whole_rows(p, edge.slope), first = (p->rows - rows) / 2, count = 0;
    for (uint32_t row = first; row < first + rows; row++)
        for (uint32_t x = 0; x < p->columns; x++)
            spread[count++] = (sample){x - edge.slope * row - edge.offset, at(p, x, row)};
    qsort(spread, count, sizeof *spread, by_distance);
    return count;
}

static double sinc(double x)
{
    return x != 0.0 ? sin(BT_PI * x) / (BT_PI * x) : 1.0;
}

static double window(double far)
{
    if (far < 0.5) return 1.0;
    return far < 1.0 ? 0.5 + 0.5 * cos(2.0 * BT_PI * (far - 0.5)) : 0.0;
}

// Adds half: each direction has two edges. A step between neighbours is the line spread's mean over their gap.
static void add_transfer(const sample *spread, uint32_t count, double reach, double cycles,
                         double mtf[ESFR_FREQUENCIES])
{
    double re[ESFR_FREQUENCIES] = {0.0}, im[ESFR_FREQUENCIES] = {0.0};
    for (uint32_t i = 0; i + 1 < count; i++) {
        double middle = 0.5 * (spread[i].distance + spread[i + 1].distance);
        double light = window(fabs(middle) / reach) * (spread[i + 1].value - spread[i].value);
        if (light == 0.0) continue;
        for (int k = 0; k < ESFR_FREQUENCIES; k++) {
            double f = k * ESFR_STEP * cycles; // per sample of a row
            double gap = spread[i + 1].distance - spread[i].distance;
            double own = light / fmax(sinc(f * gap), LEAST_SINC);
            re[k] += own * cos(2.0 * BT_PI * f * middle);
            im[k] += own * sin(2.0 * BT_PI * f * middle);
        }
    }
    for (int k = 0; k < ESFR_FREQUENCIES; k++)
        mtf[k] += 0.5 * hypot(re[k], im[k]) / hypot(re[0], im[0]);
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

// Of an edge: adds its transfer and how far it was looked at.
static bool add_edge(const part *p, line edge, double pixels_per_sample, sample *spread,
                     esfr *result)
{
    double reach = reach_of(p, edge, ESFR_REACH_PX / pixels_per_sample);
    double along = 1.0 / hypot(1.0, edge.slope); // of a row's sample, along the normal
    if (!(isfinite(edge.slope) && fabs(edge.slope) < 0.5 && reach > LEAST_REACH)) return false;
    uint32_t count = edge_spread(p, edge, spread);
    double *mtf = p->turned ? result->down : result->across;
    add_transfer(spread, count, reach, pixels_per_sample * along, mtf);
    result->reach_px += reach * along * pixels_per_sample / EDGES;
    return isfinite(mtf[0]);
}

bt_status esfr_square(const double *samples, uint32_t width, uint32_t height,
                      double pixels_per_sample, esfr *result)
{
    part parts[EDGES];
    line lines[EDGES];
    memset(result, 0, sizeof *result);
    cut_parts(samples, width, height, parts);
    sample *spread = bt_alloc((size_t)parts[0].columns * parts[0].rows, sizeof *spread);
    if (!spread)
        return bt_fail(BT_ERR_MEMORY, "no memory for the edges of %u x %u samples", width, height);
    int found = 0;
    bool passes = true;
    for (; found < EDGES; found++) {
        lines[found] = find_edge(&parts[found]);
        passes = !(fabs(lines[found].slope) * parts[found].rows < LEAST_PASSED);
        if (!passes) break;
        if (!add_edge(&parts[found], lines[found], pixels_per_sample, spread, result)) break;
    }
    bt_free(spread);
    if (!passes)
        return bt_fail(
            BT_ERR_INPUT,
            "the square's part %d of %u x %u samples: its edge passes %.1f samples in %u "
            "rows, at least %g are needed: give a larger --size",
            found + 1, width, height, fabs(lines[found].slope) * parts[found].rows,
            parts[found].rows, LEAST_PASSED);
    if (found < EDGES)
        return bt_fail(BT_ERR_INPUT,
                       "no edge in the square's part %d of %u x %u samples: too "
                       "small, too noisy or too blurred",
                       found + 1, width, height);
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
