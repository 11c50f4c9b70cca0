// rts.h: random-telegraph pixels: a trap in the source follower is full or empty, and the pixel's signal
// jumps between two levels (Machlup 1954, "Noise in semiconductors: spectrum of a two-parameter random
// signal").
//
// The process can be asked at any time without its past. Events come at `rate` per second, and each
// draws the level anew, high with probability `duty`: a two-state Markov process that rises with
// rate * duty and falls with rate * (1 - duty). The level is that of the last event. Events of each
// stretch of 1 / rate seconds are a Poisson number at even places, a function of (seed, pixel, stretch).
// Autocovariance: duty (1 - duty) exp(-rate |dt|).
//
// Threads: a pure function.
#ifndef BT_CAMERA_IMAGER_RTS_H
#define BT_CAMERA_IMAGER_RTS_H

#include <stdbool.h>
#include <stdint.h>

bool bt_rts_is_high(uint64_t seed, uint64_t pixel, double rate_hz, double duty, double time_s);

#endif
