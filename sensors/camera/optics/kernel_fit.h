// kernel_fit.h: the taps that make a given picture of a point out of the renderer's Gaussian: kernel.h.
//
// Both are compared as spectra, up to the Nyquist frequency and a little beyond, where Gaussian and taps together
// can follow a lens; the middle taps are found in least squares, none below 0, and those farther out, where
// a picture changes little within the Gaussian's width, are the picture's own energies in their pixels.
//
// Threads: pure functions.
#ifndef BT_CAMERA_OPTICS_KERNEL_FIT_H
#define BT_CAMERA_OPTICS_KERNEL_FIT_H

#include "sensors/camera/optics/kernel.h"

#define BT_FIT_PER_CYCLE 32 // frequencies along an axis: what is 32 px off comes back
#define BT_FIT_COLUMNS (BT_FIT_PER_CYCLE + 1)  // 0 to 1 cycle per pixel
#define BT_FIT_ROWS (2 * BT_FIT_PER_CYCLE + 1) // -1 to 1
#define BT_FIT_FREE 3                          // taps about the middle that are fitted
#define BT_FIT_REACH 9                         // pixels: what reaches into these
#define BT_FIT_SIDE (2 * BT_FIT_REACH + 1)
#define BT_FIT_LAGS (BT_FIT_REACH + BT_FIT_FREE + 1) // between taps

// The picture of a point: its transform, real and imaginary, and its energy in each pixel.
typedef struct bt_fit_target {
    double transfer[BT_FIT_ROWS * BT_FIT_COLUMNS][2];
    double pixels[BT_FIT_SIDE * BT_FIT_SIDE];
} bt_fit_target;

static inline double bt_fit_fx(int i)
{
    return (double)(i % BT_FIT_COLUMNS) / BT_FIT_PER_CYCLE;
}
static inline double bt_fit_fy(int i)
{
    return (double)(i / BT_FIT_COLUMNS) / BT_FIT_PER_CYCLE - 1.0;
}

// B: the blur that differences are seen through.
typedef struct bt_kernel_fit {
    double sigma_px;
    double weight[BT_FIT_ROWS * BT_FIT_COLUMNS]; // of B twice and the filter
    double gram[BT_FIT_LAGS][BT_FIT_LAGS];       // B twice * filter twice, at lags
} bt_kernel_fit;

void bt_kernel_fit_init(double sigma_px, bt_kernel_fit *fit);

// taps: BT_KERNEL_TAPS^2, none below 0. Their sum is that of the target's pixels.
void bt_kernel_fit_solve(const bt_kernel_fit *fit, const bt_fit_target *target, double *taps);

// With the Gaussian that the worst of all targets is missed least with, of those that the renderer takes: in
// transfer up to the Nyquist frequency along both axes.
void bt_kernel_fit_choose(const bt_fit_target *targets, uint32_t count, bt_kernel_fit *fit);

#endif
