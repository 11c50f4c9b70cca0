// transfer_chance.h: what chance alone makes of a photon transfer (EMVA 1288 release 4.0, 6.4 to 6.6): the standard
// errors of what it finds in pairs of frames of a number of pixels, and where the peak of the variance may seem to be.
//
// A pair's variance v of n pixels in r rows, of which the rows' own noise is w, is known to
//     2 / n (v^2 - w^2) + 2 / r w^2        (squared; noise is normal, n >> r >> 1)
// Errors of all steps and of the dark are independent; K is a line's slope through the origin, over the steps up to 70 %
// of saturation. Responsivity is known so much better than K that eta's error is K's.
//
// Threads: pure functions.
#ifndef BT_BENCH_TRANSFER_CHANCE_H
#define BT_BENCH_TRANSFER_CHANCE_H

#include "sensors/bench/read_model.h"

#include <stdbool.h>

#define TRANSFER_FIT 0.7 // EMVA 1288, 6.4: of saturation, to which lines are fitted
#define TRANSFER_ERRORS                                                                            \
    4.0 // chosen: so many standard errors are not yet a fault: one number of 16 000

// Pairs of frames at steps of equal distance.
typedef struct transfer_series {
    const read_model_read *read;
    uint32_t width_px, height_px, steps;
    double past;   // the last step's charge over that of the full well
    bool one_dark; // one pair in the dark, at the one exposure of all; else each step has its own
} transfer_series;

typedef struct transfer_chance {
    double gain, sigma_d,
        linearity;     // standard errors, relative; linearity: of its lowest step's mean
    double peak_e;     // mean charge at which variance peaks, as noise is then cut off
    double saturation; // TRANSFER_ERRORS of it, of the well, reach down from there to
                       // the lowest step that may seem to be the peak
} transfer_chance;

transfer_chance transfer_chance_of(const transfer_series *s);

#endif
