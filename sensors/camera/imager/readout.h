// readout.h: from light to counts, one row at a time, one stage a function (camera.md 1.3):
//
//   expose   film rate of each pixel's band, times exposure        mean electrons of light
//   collect  times the pixel's gain, plus dark current             mean electrons
//   shoot    Poisson                                               electrons
//   fill     at most the full well                                 electrons
//   sense    + offset of the pixel, read noise, noise of the row   electrons
//   convert  analog gain, black level, rounding, clipping          counts
//
// Rows of `width` floats, in place. Threads: rows are independent; the noise of (frame, pixel) is
// always the same.
#ifndef BT_CAMERA_IMAGER_READOUT_H
#define BT_CAMERA_IMAGER_READOUT_H

#include "engine/render/film.h"

#include <stdint.h>

typedef struct bt_readout {
    uint32_t width_px, height_px;
    uint64_t seed;  // of the specimen
    uint64_t frame; // below 2^30

    uint8_t mosaic[16]; // band of the pixels of a 4 x 4 tile
    double exposure_s;
    double dark_current_e_s; // at the sensor's temperature
    double full_well_e;
    double read_noise_e, row_noise_e;
    double counts_per_e; // analog gain / conversion
    double black_level_dn, top_dn;

    const float *gain, *offset_e, *dark; // (height x width), pattern.h
} bt_readout;

void bt_readout_expose(const bt_readout *readout, const bt_film *film, uint32_t row, float *e);
void bt_readout_collect(const bt_readout *readout, uint32_t row, float *e);
void bt_readout_shoot(const bt_readout *readout, uint32_t row, float *e);
void bt_readout_fill(const bt_readout *readout, float *e);
void bt_readout_sense(const bt_readout *readout, uint32_t row, float *e);
void bt_readout_convert(const bt_readout *readout, const float *e, uint16_t *counts);

// Dark current doubles every `doubling` kelvin.
double bt_dark_current(double reference_e_s, double reference_kelvin, double doubling_kelvin,
                       double kelvin);

#endif
