// kernel_fit.h: the taps that make a given picture of a point out of the renderer's Gaussian: kernel.h.
// Threads: pure functions.
#ifndef BT_CAMERA_OPTICS_KERNEL_FIT_H
#define BT_CAMERA_OPTICS_KERNEL_FIT_H

#include "sensors/camera/optics/kernel.h"

#define BT_FIT_FINE 8  // points per pixel: tables of point spreads have corners, finer than these must be
#define BT_FIT_REACH 9 // pixels: the core's, and what reaches into it
#define BT_FIT_SIDE (2 * BT_FIT_REACH * BT_FIT_FINE + 1)
#define BT_FIT_WINDOW (4 * BT_FIT_FINE) // beyond which the blurred filter is nothing
#define BT_FIT_LAGS (BT_FIT_REACH + BT_KERNEL_CORE + 1)

typedef struct bt_kernel_fit {
    double sigma_px;
    double window[2 * BT_FIT_WINDOW + 1][2 * BT_FIT_WINDOW + 1]; // blur twice * filter
    double gram[BT_FIT_LAGS][BT_FIT_LAGS];                       // blur twice * filter twice, lags
} bt_kernel_fit;

void bt_kernel_fit_init(double sigma_px, bt_kernel_fit *fit);

// target (BT_FIT_SIDE^2): energy in a pixel about each point, BT_FIT_FINE a pixel; taps: TAPS^2, none
// below 0. Their sum is that of the target's at whole pixels of the core.
BT_CHECKED bt_status bt_kernel_fit_solve(const bt_kernel_fit *fit, const double *target,
                                         double *taps);

// The Gaussian whose transform falls by the same share per frequency as the target's at the Nyquist
// frequency, along the axis where that is slower; within what the renderer takes. Then the quotient of
// both is level there, and taps, whose own spectrum is symmetric about that frequency, can follow it.
double bt_kernel_fit_sigma(const double *target);

#endif
