// kernel_fit.c: see kernel_fit.h: least squares with taps that may not be negative.
//
// minimise | B * (sum of K_m G(x - m) - T(x)) |^2 over K_m above their floors, B a Gaussian. The normal equations hold
// B * B * G * G at lags between taps, and B * B * G * T at taps; both are sums over one grid of frequencies.
// Solved by an active set (Lawson and Hanson 1974, "Solving Least Squares Problems", ch. 23).
#include "sensors/camera/optics/kernel_fit.h"

#include <math.h>
#include <stdlib.h>

#include "engine/math/pose.h"

#define BLUR_PX 0.5       // B's: B twice passes the Nyquist frequency by 0.085, twice it by 5e-5
#define SIGMA_MIN_PX 0.30 // chosen: below, neighbouring pixels' filters leave gaps
#define SIGMA_MAX_PX 0.62 // above, 2 px cut it off
#define COARSE_STEP_PX 0.02
#define FINE_STEP_PX 0.004
#define FILTER_PARTS 256
#define HIGHEST 1.5 // cycles per pixel: beyond the grid's corner
#define FREQUENCIES 96
#define LEAST_COMPARED 3
#define SIDE (2 * BT_FIT_FREE + 1)
#define FREE (SIDE * SIDE)
#define TAPS (BT_KERNEL_TAPS * BT_KERNEL_TAPS)
#define NEGLIGIBLE 1e-9
#define FLOOR 0.5 // of the target: chosen, so that a lamp has no dark pixels about it
#define MOST_STEPS (4 * FREE)

// ---- the filter -------------------------------------------------------------------------------
// The renderer's: cut off at 3 sigma and at 2 px.
double bt_kernel_filter_mtf(double sigma_px, double f)
{
    double sum = 0.0, all = 0.0, step = fmin(3.0 * sigma_px, 2.0) / FILTER_PARTS;
    for (int i = 0; i < FILTER_PARTS; i++) {
        double r = (i + 0.5) * step, mass = r * exp(-0.5 * r * r / (sigma_px * sigma_px));
        sum += mass * j0(2.0 * BT_PI * f * r);
        all += mass;
    }
    return sum / all;
}

// What differences at a frequency count.
static double blurred_twice(double f)
{
    return exp(-4.0 * BT_PI * BT_PI * BLUR_PX * BLUR_PX * f * f);
}

// The filter's transform on the grid: round, so from a table.
static void fill_filter(double sigma_px, double filter[BT_FIT_ROWS * BT_FIT_COLUMNS])
{
    double table[FREQUENCIES + 1];
    for (int i = 0; i <= FREQUENCIES; i++)
        table[i] = bt_kernel_filter_mtf(sigma_px, i * HIGHEST / FREQUENCIES);
    for (int i = 0; i < BT_FIT_ROWS * BT_FIT_COLUMNS; i++) {
        double at = hypot(bt_fit_fx(i), bt_fit_fy(i)) / HIGHEST * FREQUENCIES;
        int k = (int)at;
        filter[i] = table[k] + (at - k) * (table[k + 1] - table[k]);
    }
}

// Sum over all frequencies of what is even in them, at a lag: those below 0 are not in the grid.
static double even_at(const double even[BT_FIT_ROWS * BT_FIT_COLUMNS], int x, int y)
{
    double sum = 0.0;
    for (int i = 0; i < BT_FIT_ROWS * BT_FIT_COLUMNS; i++) {
        double turn = 2.0 * BT_PI * (bt_fit_fx(i) * x + bt_fit_fy(i) * y);
        sum += (i % BT_FIT_COLUMNS > 0 ? 2.0 : 1.0) * even[i] * cos(turn);
    }
    return sum / (BT_FIT_PER_CYCLE * BT_FIT_PER_CYCLE);
}

void bt_kernel_fit_init(double sigma_px, bt_kernel_fit *fit)
{
    double filter[BT_FIT_ROWS * BT_FIT_COLUMNS], twice[BT_FIT_ROWS * BT_FIT_COLUMNS];
    fill_filter(sigma_px, filter);
    fit->sigma_px = sigma_px;
    for (int i = 0; i < BT_FIT_ROWS * BT_FIT_COLUMNS; i++) {
        fit->weight[i] = blurred_twice(hypot(bt_fit_fx(i), bt_fit_fy(i))) * filter[i];
        twice[i] = fit->weight[i] * filter[i];
    }
    for (int y = 0; y < BT_FIT_LAGS; y++)
        for (int x = 0; x <= y; x++)
            fit->gram[y][x] = fit->gram[x][y] = even_at(twice, x, y);
}

// ---- the taps ---------------------------------------------------------------------------------
typedef struct equations {
    double matrix[FREE][FREE], factor[FREE][FREE];
    double right[FREE], x[FREE];
    bool used[FREE]; // not held at 0
} equations;

static double pixel_at(const bt_fit_target *target, int x, int y)
{
    return target->pixels[(y + BT_FIT_REACH) * BT_FIT_SIDE + x + BT_FIT_REACH];
}

static bool is_free(int x, int y)
{
    return x >= -BT_FIT_FREE && x <= BT_FIT_FREE && y >= -BT_FIT_FREE && y <= BT_FIT_FREE;
}

// The least that a tap may be: about the middle 0, for there the filter has spread light already.
static double floor_at(const bt_fit_target *target, int x, int y)
{
    if (!is_free(x, y)) return pixel_at(target, x, y);
    return abs(x) <= 1 && abs(y) <= 1 ? 0.0 : FLOOR * pixel_at(target, x, y);
}

// What the filter, blurred twice, finds of the target at the free taps of a row.
static void find_row(const bt_kernel_fit *fit, const bt_fit_target *target, int y, double *row)
{
    double along[BT_FIT_COLUMNS][2] = {{0.0}}; // summed over fy
    for (int i = 0; i < BT_FIT_ROWS * BT_FIT_COLUMNS; i++) {
        double turn = 2.0 * BT_PI * bt_fit_fy(i) * y, c = cos(turn), s = sin(turn);
        const double *t = target->transfer[i];
        along[i % BT_FIT_COLUMNS][0] += fit->weight[i] * (t[0] * c - t[1] * s);
        along[i % BT_FIT_COLUMNS][1] += fit->weight[i] * (t[0] * s + t[1] * c);
    }
    for (int x = -BT_FIT_FREE; x <= BT_FIT_FREE; x++) {
        double sum = 0.0;
        for (int i = 0; i < BT_FIT_COLUMNS; i++) {
            double turn = 2.0 * BT_PI * bt_fit_fx(i) * x;
            // frequencies below 0 say the same
            sum += (i > 0 ? 2.0 : 1.0) * (along[i][0] * cos(turn) - along[i][1] * sin(turn));
        }
        row[x + BT_FIT_FREE] = sum / (BT_FIT_PER_CYCLE * BT_FIT_PER_CYCLE);
    }
}

// What is there anyway.
static double left_by_floors(const bt_kernel_fit *fit, const bt_fit_target *target, int x, int y)
{
    double sum = 0.0;
    for (int j = -BT_FIT_REACH; j <= BT_FIT_REACH; j++)
        for (int i = -BT_FIT_REACH; i <= BT_FIT_REACH; i++)
            sum += fit->gram[abs(j - y)][abs(i - x)] * floor_at(target, i, j);
    return sum;
}

static void set_equations(const bt_kernel_fit *fit, const bt_fit_target *target, equations *e)
{
    for (int row = 0; row < SIDE; row++)
        find_row(fit, target, row - BT_FIT_FREE, &e->right[row * SIDE]);
    for (int a = 0; a < FREE; a++) {
        int x = a % SIDE - BT_FIT_FREE, y = a / SIDE - BT_FIT_FREE;
        e->right[a] -= left_by_floors(fit, target, x, y);
        e->used[a] = false;
        e->x[a] = 0.0;
        for (int b = 0; b < FREE; b++) {
            int dx = x - (b % SIDE - BT_FIT_FREE), dy = y - (b / SIDE - BT_FIT_FREE);
            e->matrix[a][b] = fit->gram[abs(dy)][abs(dx)];
        }
    }
}

// Those in use alone, by Cholesky's factor and both substitutions.
static void solve_used(equations *e, double *x)
{
    int at[FREE], n = 0;
    for (int a = 0; a < FREE; a++) {
        x[a] = 0.0;
        if (e->used[a]) at[n++] = a;
    }
    double y[FREE];
    for (int a = 0; a < n; a++) {
        for (int b = 0; b <= a; b++) {
            double sum = e->matrix[at[a]][at[b]] * (a == b ? 1.0 + 1e-9 : 1.0);
            for (int k = 0; k < b; k++)
                sum -= e->factor[a][k] * e->factor[b][k];
            e->factor[a][b] = a == b ? sqrt(fmax(sum, 1e-18)) : sum / e->factor[b][b];
        }
        y[a] = e->right[at[a]];
        for (int k = 0; k < a; k++)
            y[a] -= e->factor[a][k] * y[k];
        y[a] /= e->factor[a][a];
    }
    for (int a = n - 1; a >= 0; a--) {
        for (int k = a + 1; k < n; k++)
            y[a] -= e->factor[k][a] * y[k];
        y[a] /= e->factor[a][a];
        x[at[a]] = y[a];
    }
}

// Goes from a solution without negative taps towards another one as far as none becomes so; those that stop it are
// held at 0. True: all the way.
static bool step_towards(equations *e, const double *next)
{
    double share = 1.0;
    for (int a = 0; a < FREE; a++)
        if (e->used[a] && next[a] < 0.0) share = fmin(share, e->x[a] / (e->x[a] - next[a]));
    for (int a = 0; a < FREE; a++) {
        if (!e->used[a]) continue;
        e->x[a] += share * (next[a] - e->x[a]);
        if (share < 1.0 && next[a] < 0.0 && e->x[a] < NEGLIGIBLE) {
            e->x[a] = 0.0;
            e->used[a] = false;
        }
    }
    return share >= 1.0;
}

// The tap held at 0 that would lessen the error most; -1: none would.
static int worth_using(const equations *e)
{
    int best = -1;
    double most = NEGLIGIBLE;
    for (int a = 0; a < FREE; a++) {
        if (e->used[a]) continue;
        double gain = e->right[a];
        for (int b = 0; b < FREE; b++)
            gain -= e->matrix[a][b] * e->x[b];
        if (gain <= most) continue;
        most = gain;
        best = a;
    }
    return best;
}

static void solve_free(equations *e)
{
    double next[FREE];
    int tap = worth_using(e);
    for (int step = 0; step < MOST_STEPS && tap >= 0; step++) {
        e->used[tap] = true;
        do {
            solve_used(e, next);
        } while (!step_towards(e, next));
        tap = worth_using(e);
    }
}

// Scales the free taps.
static void keep_sum(const bt_fit_target *target, double *taps)
{
    double free = 0.0, want = 0.0;
    for (int i = 0; i < TAPS; i++) {
        int x = i % BT_KERNEL_TAPS - BT_KERNEL_CORE, y = i / BT_KERNEL_TAPS - BT_KERNEL_CORE;
        if (!is_free(x, y)) continue;
        free += taps[i];
        want += pixel_at(target, x, y);
    }
    for (int i = 0; i < TAPS && free > 0.0; i++)
        if (is_free(i % BT_KERNEL_TAPS - BT_KERNEL_CORE, i / BT_KERNEL_TAPS - BT_KERNEL_CORE))
            taps[i] *= want / free;
}

void bt_kernel_fit_solve(const bt_kernel_fit *fit, const bt_fit_target *target, double *taps)
{
    equations e;
    set_equations(fit, target, &e);
    solve_free(&e);
    for (int y = -BT_KERNEL_CORE; y <= BT_KERNEL_CORE; y++)
        for (int x = -BT_KERNEL_CORE; x <= BT_KERNEL_CORE; x++)
            *taps++ = floor_at(target, x, y) +
                      (is_free(x, y) ? e.x[(y + BT_FIT_FREE) * SIDE + x + BT_FIT_FREE] : 0.0);
    keep_sum(target, taps - TAPS);
}

// ---- the width --------------------------------------------------------------------------------
// Transform of the taps and of what lies about them, times the filter's.
static void transform(const double all[BT_FIT_SIDE * BT_FIT_SIDE], double fx, double fy,
                      double out[2])
{
    out[0] = out[1] = 0.0;
    for (int i = 0; i < BT_FIT_SIDE * BT_FIT_SIDE; i++) {
        double turn =
            -2.0 * BT_PI *
            (fx * (i % BT_FIT_SIDE - BT_FIT_REACH) + fy * (i / BT_FIT_SIDE - BT_FIT_REACH));
        out[0] += all[i] * cos(turn);
        out[1] += all[i] * sin(turn);
    }
}

// What is missed at worst up to the Nyquist frequency along both axes. Below LEAST_COMPARED what lies beyond the
// reach would tell.
static double error_of(const bt_kernel_fit *fit, const bt_fit_target *target)
{
    double taps[TAPS], all[BT_FIT_SIDE * BT_FIT_SIDE], worst = 0.0;
    bt_kernel_fit_solve(fit, target, taps);
    for (int y = -BT_FIT_REACH; y <= BT_FIT_REACH; y++)
        for (int x = -BT_FIT_REACH; x <= BT_FIT_REACH; x++)
            all[(y + BT_FIT_REACH) * BT_FIT_SIDE + x + BT_FIT_REACH] =
                bt_kernel_in_core(x, y)
                    ? taps[(y + BT_KERNEL_CORE) * BT_KERNEL_TAPS + x + BT_KERNEL_CORE]
                    : pixel_at(target, x, y);
    for (int i = LEAST_COMPARED; i <= BT_FIT_PER_CYCLE / 2; i++)
        for (int axis = 0; axis < 2; axis++) {
            int row = BT_FIT_PER_CYCLE + (axis ? i : 0), column = axis ? 0 : i;
            int at = row * BT_FIT_COLUMNS + column;
            double have[2], f = (double)i / BT_FIT_PER_CYCLE;
            double filter = bt_kernel_filter_mtf(fit->sigma_px, f);
            transform(all, bt_fit_fx(at), bt_fit_fy(at), have);
            worst = fmax(worst, hypot(target->transfer[at][0] - filter * have[0],
                                      target->transfer[at][1] - filter * have[1]));
        }
    return worst;
}

static double worst_of(double sigma_px, const bt_fit_target *targets, uint32_t count,
                       bt_kernel_fit *fit)
{
    double worst = 0.0;
    bt_kernel_fit_init(sigma_px, fit);
    for (uint32_t i = 0; i < count; i++)
        worst = fmax(worst, error_of(fit, &targets[i]));
    return worst;
}

void bt_kernel_fit_choose(const bt_fit_target *targets, uint32_t count, bt_kernel_fit *fit)
{
    double best = SIGMA_MIN_PX, least = INFINITY, step = COARSE_STEP_PX;
    for (double sigma = SIGMA_MIN_PX; sigma < SIGMA_MAX_PX; sigma += step) {
        double worst = worst_of(sigma, targets, count, fit);
        if (worst > 2.0 * least) break; // too wide already
        if (worst < least) best = sigma;
        least = fmin(least, worst);
    }
    while (step > FINE_STEP_PX) {
        step *= 0.5;
        double middle = best;
        for (int side = -1; side <= 1; side += 2) {
            double sigma = fmax(middle + side * step, SIGMA_MIN_PX);
            double worst = worst_of(sigma, targets, count, fit);
            if (worst < least) best = sigma;
            least = fmin(least, worst);
        }
    }
    bt_kernel_fit_init(best, fit);
}
