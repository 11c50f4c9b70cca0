// uplift.c: Gauss-Newton (Levenberg's damping) on CIELAB, walked from grey to the colour.
#include "engine/spectrum/uplift.h"

#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"

#include <math.h>
#include <stdbool.h>

#define MAX_STEPS 60
#define GOOD_DELTA_E2 (0.01 * 0.01) // squared CIELAB distance that counts as met
#define WALK 8                      // colours visited between grey and the one asked for

static double sigmoid(double x)
{
    return 0.5 + 0.5 * x / sqrt(1.0 + x * x);
}

// Held beyond 780 nm, where the eye says nothing and a polynomial would go anywhere.
static double bin_u(int bin)
{
    const int last = BT_SPECTRUM_VISIBLE_BINS - 1;
    return (double)(bin < last ? bin : last) / last;
}

static double polynomial(const double c[3], double u)
{
    return (c[0] * u + c[1]) * u + c[2];
}

void bt_uplift_eval(const double coefficients[3], float out[BT_SPECTRUM_BINS])
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        out[i] = (float)sigmoid(polynomial(coefficients, bin_u(i)));
}

// Lab of the reflectance with these coefficients.
static void lab_of(const double c[3], double lab[3])
{
    double xyz[3] = {0.0, 0.0, 0.0}, white = 0.0;
    for (int i = 0; i < BT_SPECTRUM_VISIBLE_BINS; i++) {
        double light = (double)bt_illuminant_d65[i];
        double reflected = light * sigmoid(polynomial(c, bin_u(i)));
        xyz[0] += reflected * (double)bt_cie_1931_x[i];
        xyz[1] += reflected * (double)bt_cie_1931_y[i];
        xyz[2] += reflected * (double)bt_cie_1931_z[i];
        white += light * (double)bt_cie_1931_y[i];
    }
    for (int k = 0; k < 3; k++)
        xyz[k] /= white;
    bt_lab_from_xyz(xyz, lab);
}

static double residual(const double c[3], const double target_lab[3], double r[3])
{
    double lab[3];
    lab_of(c, lab);
    for (int k = 0; k < 3; k++)
        r[k] = lab[k] - target_lab[k];
    return r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
}

static void jacobian(const double c[3], double j[3][3])
{
    for (int k = 0; k < 3; k++) {
        double step = 1e-5 * fmax(1.0, fabs(c[k]));
        double low[3] = {c[0], c[1], c[2]}, high[3] = {c[0], c[1], c[2]}, a[3], b[3];
        low[k] -= step;
        high[k] += step;
        lab_of(low, a);
        lab_of(high, b);
        for (int i = 0; i < 3; i++)
            j[i][k] = (b[i] - a[i]) / (2.0 * step);
    }
}

// Solves a x = b by Cramer's rule; false when a is singular.
static bool solve3(double a[3][3], const double b[3], double x[3])
{
    double minor[3];
    for (int k = 0; k < 3; k++) {
        int p = (k + 1) % 3, q = (k + 2) % 3;
        minor[k] = a[1][p] * a[2][q] - a[1][q] * a[2][p];
    }
    double det = a[0][0] * minor[0] + a[0][1] * minor[1] + a[0][2] * minor[2];
    if (!(fabs(det) > 1e-300)) return false;
    for (int k = 0; k < 3; k++) {
        double m[3][3];
        for (int i = 0; i < 3; i++)
            for (int l = 0; l < 3; l++)
                m[i][l] = l == k ? b[i] : a[i][l];
        double top = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
                     m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
                     m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
        x[k] = top / det;
    }
    return true;
}

// (J^T J + damping diag(J^T J)) step = -J^T r
static bool damped_step(double j[3][3], const double r[3], double damping, double step[3])
{
    double normal[3][3], right[3];
    for (int a = 0; a < 3; a++) {
        right[a] = -(j[0][a] * r[0] + j[1][a] * r[1] + j[2][a] * r[2]);
        for (int b = 0; b < 3; b++)
            normal[a][b] = j[0][a] * j[0][b] + j[1][a] * j[1][b] + j[2][a] * j[2][b];
    }
    for (int a = 0; a < 3; a++)
        normal[a][a] *= 1.0 + damping;
    return solve3(normal, right, step);
}

// Improves c towards the target; gives the squared distance that is left.
static double improve(const double target_lab[3], double c[3])
{
    double r[3], j[3][3], damping = 1e-4;
    double left = residual(c, target_lab, r);
    for (int i = 0; i < MAX_STEPS && left > GOOD_DELTA_E2; i++) {
        double step[3], next[3], next_r[3];
        jacobian(c, j);
        if (!damped_step(j, r, damping, step)) break;
        for (int k = 0; k < 3; k++)
            next[k] = c[k] + step[k];
        double next_left = residual(next, target_lab, next_r);
        if (!(next_left < left)) {
            damping = fmin(damping * 8.0, 1e6);
            continue;
        }
        for (int k = 0; k < 3; k++)
            c[k] = next[k], r[k] = next_r[k];
        left = next_left;
        damping = fmax(damping * 0.2, 1e-9);
    }
    return left;
}

// The flat reflectance with this value: the sigmoid's inverse.
static void flat_coefficients(double value, double c[3])
{
    double y = 2.0 * fmin(fmax(value, 1e-4), 1.0 - 1e-4) - 1.0;
    c[0] = c[1] = 0.0;
    c[2] = y / sqrt(1.0 - y * y);
}

bt_status bt_uplift_fit(const double rgb_linear[3], double coefficients[3])
{
    double xyz[3], white_xyz[3], grey;
    coefficients[0] = coefficients[1] = coefficients[2] = 0.0;
    for (int k = 0; k < 3; k++)
        if (!(rgb_linear[k] >= 0.0 && rgb_linear[k] <= 1.0))
            return bt_fail(BT_ERR_INPUT, "colour (%g %g %g): expected three numbers from 0 to 1",
                           rgb_linear[0], rgb_linear[1], rgb_linear[2]);

    bt_xyz_from_srgb_linear(rgb_linear, xyz);
    grey = fmin(fmax(xyz[1], 1e-3), 1.0 - 1e-3);
    flat_coefficients(grey, coefficients);
    for (int k = 0; k < 3; k++)
        white_xyz[k] = bt_white_d65_xyz[k] * grey;

    // walk from grey of the same luminance, so that each fit starts near its solution
    for (int i = 1; i <= WALK; i++) {
        double at[3], target_lab[3], u = (double)i / WALK;
        for (int k = 0; k < 3; k++)
            at[k] = white_xyz[k] + (xyz[k] - white_xyz[k]) * u;
        bt_lab_from_xyz(at, target_lab);
        improve(target_lab, coefficients);
    }
    return BT_OK;
}

void bt_uplift_infrared(float spectrum[BT_SPECTRUM_BINS], const float infrared[BT_SPECTRUM_BINS])
{
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++) {
        double u = fmin(fmax((bt_spectrum_bin_nm(i) - 700.0) / 100.0, 0.0), 1.0);
        double part = u * u * (3.0 - 2.0 * u);
        spectrum[i] = (float)((1.0 - part) * (double)spectrum[i] + part * (double)infrared[i]);
    }
}

bt_status bt_uplift_srgb(double red, double green, double blue, float out[BT_SPECTRUM_BINS])
{
    double rgb[3] = {bt_srgb_decode(red), bt_srgb_decode(green), bt_srgb_decode(blue)}, c[3];
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        out[i] = 0.0f;
    bt_status status = bt_uplift_fit(rgb, c);
    if (status == BT_OK) bt_uplift_eval(c, out);
    return status;
}
