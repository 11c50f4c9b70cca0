// kernel_fit.h: the taps that make a given picture of a point out of the renderer's Gaussian: kernel.h.
// Threads: pure functions.
#ifndef BT_CAMERA_OPTICS_KERNEL_FIT_H
#define BT_CAMERA_OPTICS_KERNEL_FIT_H

#include "sensors/camera/optics/kernel.h"

#define BT_FIT_FINE 4  // points per pixel
#define BT_FIT_REACH 8 // pixels: the core's, and what reaches into it
#define BT_FIT_SIDE (2 * BT_FIT_REACH * BT_FIT_FINE + 1)
#define BT_FIT_WINDOW (3 * BT_FIT_FINE) // beyond which the blurred filter is nothing
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

// The Gaussian whose transform is the target's at the Nyquist frequency, along the axis where that
// is larger; within what the renderer takes.
double bt_kernel_fit_sigma(const double *target);

#endif
