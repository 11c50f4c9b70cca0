// calibration.c: see calibration.h.
#include "sensors/bench/calibration.h"

#include <math.h>
#include <string.h>

#include "sensors/bench/bench_internal.h"

#define COEFFICIENTS 5
#define INTRINSICS (4 + COEFFICIENTS)
#define POSE 6
#define ALL (INTRINSICS + POSE)

typedef struct problem {
    const bt_camera_sheet *lens;
    uint32_t intrinsics; // of INTRINSICS
} problem;

// ---- derivatives ------------------------------------------------------------------------------
static double step_of(uint32_t parameter)
{
    if (parameter < 4) return 1e-3;          // pixels
    if (parameter < INTRINSICS) return 1e-4; // coefficients
    return 1e-6;                             // metres, radians
}

// The place of a board's point with one parameter moved.
static void moved(const problem *p, bt_vec3 point, bt_pose pose, uint32_t parameter, double by,
                  double out[2])
{
    bench_intrinsics in = bench_intrinsics_of(p->lens);
    double *const numbers[4] = {&in.fx, &in.fy, &in.cx, &in.cy};
    if (parameter < 4) *numbers[parameter] += by;
    if (parameter >= 4 && parameter < INTRINSICS) in.k[parameter - 4] += by;
    if (parameter >= INTRINSICS && parameter < INTRINSICS + 3) {
        double *const place[3] = {&pose.pos.x, &pose.pos.y, &pose.pos.z};
        *place[parameter - INTRINSICS] += by;
    }
    if (parameter >= INTRINSICS + 3) {
        double axis[3] = {0.0, 0.0, 0.0};
        axis[parameter - INTRINSICS - 3] = 1.0;
        pose.rot =
            bt_quat_mul(bt_quat_axis_angle((bt_vec3){axis[0], axis[1], axis[2]}, by), pose.rot);
    }
    bench_intrinsics_project(&in, bt_pose_point(pose, point), &out[0], &out[1]);
}

// Two rows of the Jacobian.
static void derive(const problem *p, bt_vec3 point, bt_pose pose, double rows[2][ALL])
{
    for (uint32_t k = 0; k < ALL; k++) {
        double h = step_of(k), low[2], high[2];
        moved(p, point, pose, k, -h, low);
        moved(p, point, pose, k, h, high);
        bool fixed = k >= p->intrinsics && k < INTRINSICS;
        for (int i = 0; i < 2; i++)
            rows[i][k] = fixed ? 0.0 : (high[i] - low[i]) / (2.0 * h);
    }
}

// ---- normal equations -------------------------------------------------------------------------
// Eliminates parameter k of a symmetric matrix: what is left is the others' own.
static bool eliminate(double a[ALL][ALL], uint32_t k)
{
    double pivot = a[k][k];
    if (!(pivot > 0.0)) return false;
    for (uint32_t i = 0; i < ALL; i++)
        for (uint32_t j = 0; i != k && j < ALL; j++)
            if (j != k) a[i][j] -= a[i][k] * a[k][j] / pivot;
    return true;
}

static bool add_view(const problem *p, const bt_vec3 *points, uint32_t count, bt_pose pose,
                     double sum[INTRINSICS][INTRINSICS])
{
    double a[ALL][ALL] = {{0}};
    for (uint32_t c = 0; c < count; c++) {
        double rows[2][ALL];
        derive(p, points[c], pose, rows);
        for (uint32_t i = 0; i < ALL; i++)
            for (uint32_t j = 0; j < ALL; j++)
                a[i][j] += rows[0][i] * rows[0][j] + rows[1][i] * rows[1][j];
    }
    for (uint32_t k = INTRINSICS; k < ALL; k++)
        if (!eliminate(a, k)) return false;
    for (uint32_t i = 0; i < INTRINSICS; i++)
        for (uint32_t j = 0; j < INTRINSICS; j++)
            sum[i][j] += a[i][j];
    return true;
}

// Diagonal of the inverse, by Gauss and Jordan, scaled by the diagonal first.
static bool invert_diagonal(uint32_t n, double a[INTRINSICS][INTRINSICS], double out[INTRINSICS])
{
    double scale[INTRINSICS], b[INTRINSICS][2 * INTRINSICS] = {{0}};
    for (uint32_t i = 0; i < n; i++)
        scale[i] = sqrt(a[i][i]);
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < n; j++)
            b[i][j] = a[i][j] / (scale[i] * scale[j]);
        b[i][n + i] = 1.0;
    }
    for (uint32_t k = 0; k < n; k++) {
        double pivot = b[k][k]; // positive definite: no search
        if (!(pivot > 1e-12)) return false;
        for (uint32_t j = 0; j < 2 * n; j++)
            b[k][j] /= pivot;
        for (uint32_t i = 0; i < n; i++) {
            double factor = b[i][k];
            for (uint32_t j = 0; i != k && j < 2 * n; j++)
                b[i][j] -= factor * b[k][j];
        }
    }
    for (uint32_t i = 0; i < n; i++)
        out[i] = b[i][n + i] / (scale[i] * scale[i]);
    return true;
}

bt_status calibration_sigma(const bt_camera_sheet *lens, const bt_vec3 *points, uint32_t count,
                            const bt_pose *cam_from_board, uint32_t views, double sigma_px,
                            double out[4])
{
    bool bends = lens->lens_kind == BT_LENS_PINHOLE;
    problem p = {lens, bends ? INTRINSICS : INTRINSICS - 1};
    double sum[INTRINSICS][INTRINSICS] = {{0}}, variance[INTRINSICS];
    bool known = true;
    for (uint32_t v = 0; v < views; v++)
        known = known && add_view(&p, points, count, cam_from_board[v], sum);
    if (!known || !invert_diagonal(p.intrinsics, sum, variance))
        return bt_fail(BT_ERR_INPUT, "%u views of the board do not determine the camera: give more",
                       views);
    for (int i = 0; i < 4; i++)
        out[i] = sigma_px * sqrt(variance[i]);
    return BT_OK;
}
