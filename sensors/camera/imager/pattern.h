// pattern.h: the fixed pattern of one sensor specimen: what differs from pixel to pixel for good.
//
// Ownership: arrays belong to the pattern until bt_pattern_clear. Threads: constant once made.
#ifndef BT_CAMERA_IMAGER_PATTERN_H
#define BT_CAMERA_IMAGER_PATTERN_H

#include "engine/core/jobs.h"

#include <stdint.h>

typedef struct bt_pattern_desc {
    uint32_t width_px, height_px;
    uint64_t seed; // of the specimen
    double prnu;   // standard deviation of the gain, mean 1; cut at 5 sigma
    double prnu_row, prnu_column;
    double dsnu_e; // standard deviation of the offset
    double dsnu_row_e, dsnu_column_e;
    double dark_spread;  // sigma of the logarithm of relative dark current, whose mean is 1
    double hot_fraction; // pixels with hot_factor times the dark current on top
    double hot_factor;
    double rts_fraction;    // random-telegraph pixels (rts.h)
    double rts_amplitude_e; // mean of the exponential distribution of their jumps
} bt_pattern_desc;

typedef struct bt_pattern {
    float *gain;     // (height x width): relative, around 1
    float *offset_e; // (height x width)
    float *dark;     // (height x width): relative dark current
    float *rts_e;    // (height x width): height of the jumps, mostly 0; NULL: none jumps
} bt_pattern;

BT_CHECKED bt_status bt_pattern_init(const bt_pattern_desc *desc, bt_jobs *jobs,
                                     bt_pattern *pattern);
void bt_pattern_clear(bt_pattern *pattern);

#endif
