// kernel_fit.c: see kernel_fit.h: least squares with taps that may not be negative.
//
// Away from the middle a tap is at least half of the energy that the target has there: so small a
// matter is not left to a fit of the whole.
//
// minimise | B * (sum of K_m G(x - m) - T(x)) |^2 over K_m above that, B a Gaussian of 0.6 pixels. The
// normal equations hold B * B * G * G at lags between taps, and B * B * G * T at taps. Taps that come
// out negative are set to 0 and the rest solved again (an active set, never enlarged).
#include "sensors/camera/optics/kernel_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"

#define BLUR_PX 0.6       // B's: passes the Nyquist frequency by 0.17, twice it by 0.001
#define SIGMA_MIN_PX 0.30 // chosen: below, neighbouring pixels' filters leave gaps
#define SIGMA_MAX_PX 0.62 // above, 2 px cut it off
#define DISC 16           // points of the filter per pixel
#define DISC_REACH (2 * DISC)
#define DISC_SIDE (2 * DISC_REACH + 1)
#define TAPS ((int)bt_kernel_core_size())
#define MAX_TAPS (BT_KERNEL_TAPS * BT_KERNEL_TAPS)
#define NEGLIGIBLE 1e-12
#define FLOOR 0.5 // of the target: chosen
#define FITTED 1  // taps about the middle that have none

// ---- the filter -------------------------------------------------------------------------------
// The renderer's: cut off at 3 sigma and at 2 px.
static double filter_radius_px(double sigma_px)
{
    return fmin(3.0 * sigma_px, 2.0);
}

double bt_kernel_filter_mtf(double sigma_px, double f)
{
    int count = 512;
    double sum = 0.0, all = 0.0, step = filter_radius_px(sigma_px) / count;
    for (int i = 0; i < count; i++) {
        double r = (i + 0.5) * step, mass = r * exp(-0.5 * r * r / (sigma_px * sigma_px));
        sum += mass * j0(2.0 * BT_PI * f * r);
        all += mass;
    }
    return sum / all;
}

static void fill_disc(double sigma_px, double disc[DISC_SIDE][DISC_SIDE])
{
    double sum = 0.0, edge = filter_radius_px(sigma_px) * DISC;
    for (int j = 0; j < DISC_SIDE; j++)
        for (int i = 0; i < DISC_SIDE; i++) {
            double r = hypot(i - DISC_REACH, j - DISC_REACH), px = r / DISC;
            double cut = bt_clamp(edge - r + 0.5, 0.0, 1.0);
            disc[j][i] = cut * exp(-0.5 * px * px / (sigma_px * sigma_px));
            sum += disc[j][i];
        }
    for (int j = 0; j < DISC_SIDE; j++)
        for (int i = 0; i < DISC_SIDE; i++)
            disc[j][i] /= sum;
}

// B * B, along one axis.
static double blur_twice(double px)
{
    double variance = 2.0 * BLUR_PX * BLUR_PX;
    return exp(-0.5 * px * px / variance) / sqrt(2.0 * BT_PI * variance);
}

// B * B * a picture of `side`^2 points, DISC a pixel, at (x, y).
static double blurred_at(const double *picture, int side, double x, double y)
{
    double across[2 * DISC_SIDE], sum = 0.0;
    int middle = side / 2;
    for (int i = 0; i < side; i++)
        across[i] = blur_twice(x - (double)(i - middle) / DISC);
    for (int j = 0; j < side; j++) {
        double row = 0.0;
        for (int i = 0; i < side; i++)
            row += picture[j * side + i] * across[i];
        sum += row * blur_twice(y - (double)(j - middle) / DISC);
    }
    return sum;
}

#define TWICE_SIDE (2 * DISC_SIDE - 1)
static void fill_gram(double disc[DISC_SIDE][DISC_SIDE], bt_kernel_fit *fit)
{
    double twice[TWICE_SIDE * TWICE_SIDE];
    memset(twice, 0, sizeof twice);
    for (int j = 0; j < DISC_SIDE; j++)
        for (int i = 0; i < DISC_SIDE; i++) {
            if (!(disc[j][i] > 0.0)) continue;
            for (int l = 0; l < DISC_SIDE; l++)
                for (int k = 0; k < DISC_SIDE; k++)
                    twice[(j + l) * TWICE_SIDE + i + k] += disc[j][i] * disc[l][k];
        }
    for (int j = 0; j < BT_FIT_LAGS; j++)
        for (int i = 0; i < BT_FIT_LAGS; i++)
            fit->gram[j][i] = hypot(i, j) > 7.0 ? 0.0 : blurred_at(twice, TWICE_SIDE, i, j);
}

void bt_kernel_fit_init(double sigma_px, bt_kernel_fit *fit)
{
    double disc[DISC_SIDE][DISC_SIDE], sum = 0.0;
    fit->sigma_px = sigma_px;
    fill_disc(sigma_px, disc);
    int side = 2 * BT_FIT_WINDOW + 1;
    for (int j = 0; j < side; j++)
        for (int i = 0; i < side; i++) {
            double x = (double)(i - BT_FIT_WINDOW) / BT_FIT_FINE;
            double y = (double)(j - BT_FIT_WINDOW) / BT_FIT_FINE;
            fit->window[j][i] = blurred_at(&disc[0][0], DISC_SIDE, x, y);
            sum += fit->window[j][i];
        }
    for (int j = 0; j < side; j++)
        for (int i = 0; i < side; i++)
            fit->window[j][i] /= sum;
    fill_gram(disc, fit);
}

// Transform of the target along x and y.
static void target_mtf(const double *target, double f, double mtf[2])
{
    mtf[0] = mtf[1] = 0.0;
    for (int j = 0; j < BT_FIT_SIDE; j++)
        for (int i = 0; i < BT_FIT_SIDE; i++) {
            double value = target[j * BT_FIT_SIDE + i], turn = 2.0 * BT_PI * f / BT_FIT_FINE;
            mtf[0] += value * cos(turn * (i - BT_FIT_SIDE / 2));
            mtf[1] += value * cos(turn * (j - BT_FIT_SIDE / 2));
        }
}

double bt_kernel_fit_sigma(const double *target)
{
    double below[2], above[2], least = SIGMA_MAX_PX, step = 0.02;
    target_mtf(target, 0.5 - step, below);
    target_mtf(target, 0.5 + step, above);
    for (int axis = 0; axis < 2; axis++) {
        if (!(below[axis] > 0.0 && above[axis] > 0.0 && below[axis] > above[axis])) continue;
        // of a Gaussian: 4 pi^2 sigma^2 f, at f = 1/2
        double fall = log(below[axis] / above[axis]) / (2.0 * step);
        least = fmin(least, sqrt(0.5 * fall) / BT_PI);
    }
    return fmax(least, SIGMA_MIN_PX);
}

// ---- the taps ---------------------------------------------------------------------------------
typedef struct equations {
    double matrix[MAX_TAPS * MAX_TAPS];
    double right[MAX_TAPS], full[MAX_TAPS];
    int tap[MAX_TAPS]; // that are not 0
    int count;
} equations;

static double target_at(const double *target, int x, int y)
{
    int i = (x + BT_FIT_REACH) * BT_FIT_FINE, j = (y + BT_FIT_REACH) * BT_FIT_FINE;
    return target[j * BT_FIT_SIDE + i];
}

// The least that a tap may be.
static double floor_at(const double *target, int x, int y)
{
    if (abs(x) > BT_KERNEL_CORE || abs(y) > BT_KERNEL_CORE) return target_at(target, x, y);
    return abs(x) <= FITTED && abs(y) <= FITTED ? 0.0 : FLOOR * target_at(target, x, y);
}

// What the filter, blurred twice, finds of the target at a tap, less what is there anyway.
static double wanted(const bt_kernel_fit *fit, const double *target, int x, int y)
{
    double sum = 0.0;
    for (int j = -BT_FIT_WINDOW; j <= BT_FIT_WINDOW; j++)
        for (int i = -BT_FIT_WINDOW; i <= BT_FIT_WINDOW; i++) {
            int k = (x + BT_FIT_REACH) * BT_FIT_FINE + i, l = (y + BT_FIT_REACH) * BT_FIT_FINE + j;
            if (k < 0 || l < 0 || k >= BT_FIT_SIDE || l >= BT_FIT_SIDE) continue;
            sum += fit->window[j + BT_FIT_WINDOW][i + BT_FIT_WINDOW] * target[l * BT_FIT_SIDE + k];
        }
    for (int j = -BT_FIT_REACH; j <= BT_FIT_REACH; j++)
        for (int i = -BT_FIT_REACH; i <= BT_FIT_REACH; i++)
            sum -= fit->gram[abs(j - y)][abs(i - x)] * floor_at(target, i, j);
    return sum;
}

// Cholesky's factor of the rows and columns in use, then both substitutions.
static void solve(const bt_kernel_fit *fit, equations *s, double *x)
{
    int n = s->count;
    for (int a = 0; a < n; a++)
        for (int b = 0; b <= a; b++) {
            int dx = abs(s->tap[a] % BT_KERNEL_TAPS - s->tap[b] % BT_KERNEL_TAPS);
            int dy = abs(s->tap[a] / BT_KERNEL_TAPS - s->tap[b] / BT_KERNEL_TAPS);
            double sum = fit->gram[dy][dx] * (a == b ? 1.0 + 1e-9 : 1.0);
            for (int k = 0; k < b; k++)
                sum -= s->matrix[a * MAX_TAPS + k] * s->matrix[b * MAX_TAPS + k];
            s->matrix[a * MAX_TAPS + b] =
                a == b ? sqrt(fmax(sum, 1e-18)) : sum / s->matrix[b * MAX_TAPS + b];
        }
    for (int a = 0; a < n; a++) {
        double sum = s->right[s->tap[a]];
        for (int k = 0; k < a; k++)
            sum -= s->matrix[a * MAX_TAPS + k] * x[k];
        x[a] = sum / s->matrix[a * MAX_TAPS + a];
    }
    for (int a = n - 1; a >= 0; a--) {
        for (int k = a + 1; k < n; k++)
            x[a] -= s->matrix[k * MAX_TAPS + a] * x[k];
        x[a] /= s->matrix[a * MAX_TAPS + a];
    }
}

// Drops the taps that came out most negative; false: none did.
static bool drop_negative(equations *s, const double *x)
{
    int kept = 0, before = s->count;
    double least = 0.0;
    for (int a = 0; a < before; a++)
        least = fmin(least, x[a]);
    double limit = fmin(0.5 * least, -NEGLIGIBLE);
    for (int a = 0; a < before; a++)
        if (x[a] > limit) s->tap[kept++] = s->tap[a];
    s->count = kept;
    return kept < before;
}

static void scale_to_sum(const double *target, double *taps)
{
    double have = 0.0, want = 0.0;
    for (int i = 0; i < TAPS; i++) {
        have += taps[i];
        want += target_at(target, i % BT_KERNEL_TAPS - BT_KERNEL_CORE,
                          i / BT_KERNEL_TAPS - BT_KERNEL_CORE);
    }
    for (int i = 0; i < TAPS && have > 0.0; i++)
        taps[i] *= want / have;
}

bt_status bt_kernel_fit_solve(const bt_kernel_fit *fit, const double *target, double *taps)
{
    double x[MAX_TAPS];
    equations *s = bt_alloc(1, sizeof *s);
    if (!s) return bt_fail(BT_ERR_MEMORY, "no memory for a kernel's taps");
    s->count = TAPS;
    for (int i = 0; i < TAPS; i++) {
        s->tap[i] = i;
        s->right[i] = wanted(fit, target, i % BT_KERNEL_TAPS - BT_KERNEL_CORE,
                             i / BT_KERNEL_TAPS - BT_KERNEL_CORE);
    }
    do {
        solve(fit, s, x);
    } while (drop_negative(s, x) && s->count > 0);
    memset(taps, 0, (size_t)TAPS * sizeof *taps);
    for (int a = 0; a < s->count; a++)
        taps[s->tap[a]] = fmax(x[a], 0.0);
    for (int i = 0; i < TAPS; i++)
        taps[i] += floor_at(target, i % BT_KERNEL_TAPS - BT_KERNEL_CORE,
                            i / BT_KERNEL_TAPS - BT_KERNEL_CORE);
    scale_to_sum(target, taps);
    bt_free(s);
    return BT_OK;
}
