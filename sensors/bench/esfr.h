// esfr.h: what a slanted square tells: modulation transfer along its edges' normals, and its place.
//
// e-SFR of ISO 12233: each edge is found by centroids of its rows' derivatives and a straight line through them,
// fitted together with the swing of what is aliased, once a sample (a mosaic's planes alias much: a line alone
// tilts by 3 %, which costs 0.02 to 0.05 of the transfer); all samples of rows in which the edge passes whole
// samples are put in one line by their distance from it; derivative, a window that is flat within half
// its reach (a Hamming window would cut into the line spread), transform, the correction of the derivative's own
// sinc, and frequencies along the normal. Not in quarters of a sample, as the standard has it: the few samples of a
// bin do not lie evenly in it, which lifts the Nyquist frequency by 0.01 in a mosaic's plane.
//
// Threads: pure functions.
#ifndef BT_BENCH_ESFR_H
#define BT_BENCH_ESFR_H

#include "engine/core/status.h"

#include <stdint.h>

#define ESFR_FREQUENCIES 51 // 0 to 0.5 cycles per pixel
#define ESFR_STEP 0.01
#define ESFR_REACH_PX 20.0 // pixels to each side of an edge: beyond, there is only noise

typedef struct esfr {
    double x, y;                  // middle of the square, in samples
    double mtf[ESFR_FREQUENCIES]; // mean of its four edges
    double across[ESFR_FREQUENCIES],
        down[ESFR_FREQUENCIES]; // of the upright ones, of the level ones
    double reach_px;            // of the window, along their normals: at most ESFR_REACH_PX
} esfr;

// samples (height x width): linear, the square in the middle, half a side a quarter of the smaller side,
// turned by a few degrees. pixels_per_sample: 2 for a plane of a mosaic. Fails where no edge is found, and of fewer than
// 80 samples a side, where edges turned by 5 degrees pass too few of them.
BT_CHECKED bt_status esfr_square(const double *samples, uint32_t width, uint32_t height,
                                 double pixels_per_sample, esfr *result);
// Frequency at which it falls to a half; above 0.5: NAN.
double esfr_mtf50(const double mtf[ESFR_FREQUENCIES]);

#endif
