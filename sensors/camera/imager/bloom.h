// bloom.h: charge that a full well cannot hold spills into the next pixels.
//
// Of the charge q beyond the well, the anti-blooming drain takes 1 - beta and the rest goes on: the
// share `column` of it up and down the column, the rest along the row, half to each side. What the
// next pixel has no room for goes on the same way, beta of it with each step. Columns are done first,
// down then up, then rows, right then left; each column and row on its own, so that any number of
// threads gives the same. At the border charge is lost. With beta = 1 and no border in reach, charge is
// conserved. camera.md 1.6.
#ifndef BT_CAMERA_IMAGER_BLOOM_H
#define BT_CAMERA_IMAGER_BLOOM_H

#include "engine/core/jobs.h"

typedef struct bt_bloom {
    uint32_t width_px, height_px;
    float full_well_e;
    float beta;   // 0..1
    float column; // 0..1
} bt_bloom;

// electrons (height x width), in place: nothing is above the well afterwards.
BT_CHECKED bt_status bt_bloom_spread(const bt_bloom *bloom, bt_jobs *jobs, float *electrons);

#endif
