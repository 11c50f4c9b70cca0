// readout.h: one read: from light to counts, a row at a time, one stage a function (camera.md 1.3):
//
//   expose   film rate of each pixel's band, times exposure        mean electrons of light
//   collect  times the pixel's gain, plus dark current             mean electrons
//   shoot    Poisson                                               electrons
//   (bloom.h: what the full well cannot hold goes to the next pixels)
//   fill     at most the full well                                 electrons
//   eclipse  lost reset level under very strong light              electrons
//   sense    + offset of the pixel, telegraph jumps, noise of      electrons
//            pixel, row and column, error of the black clamp
//   convert  analog gain, black level, non-linearity, rounding,    counts
//            clipping, digital gain
//
// Two reads of the same charge share everything up to eclipse: same electrons, then each its own noise,
// range and gain. Rows of `width` floats, in place. Threads: rows are independent; the noise of
// (frame, plane or read, pixel) is always the same.
//
// Not modelled: lag, crosstalk of charge and light between pixels, blinking dark current, settling of
// the column amplifiers, memory of the black clamp from frame to frame.
#ifndef BT_CAMERA_IMAGER_READOUT_H
#define BT_CAMERA_IMAGER_READOUT_H

#include "engine/render/film.h"
#include "sensors/camera/imager/adc.h"

#include <stdint.h>

typedef struct bt_readout {
    uint32_t width_px, height_px;
    uint64_t seed;  // of the specimen
    uint64_t frame; // below 2^30
    double time_s;  // of the frame: telegraph pixels
    uint32_t plane; // of the film, below 4; shot noise is the plane's
    uint32_t read;  // below 4; tells the noise of reads apart

    uint8_t mosaic[16];  // band of the pixels of a 4 x 4 tile
    double band_gain[4]; // factor on the light of each band; 0: 1
    double corner;       // ... in the corner of the picture, with the radius squared; 0: 1
    double exposure_s;
    double dark_current_e_s; // at the sensor's temperature
    double full_well_e;
    double soft_well;   // share of the well above which it fills ever slower; 0 or 1: hard
    double eclipse_e_s; // 0: never

    double offset_scale; // factor on offset_e; 0: 1
    double rts_rate_hz, rts_duty;
    double read_noise_e, row_noise_e;
    double black_e;      // what the clamp takes off
    double black_row_e;  // standard deviation of that from row to row
    double range_e;      // charge that the conversion takes; 0: any
    double counts_per_e; // analog gain / conversion
    double digital_gain; // 0: 1
    double black_level_dn, top_dn;

    const float *gain, *offset_e, *dark; // (height x width), pattern.h
    const float *rts_e;                  // (height x width); NULL: none
    const float *column_e;               // (width): noise of the columns in this frame; NULL: none
    const bt_adc *adc;                   // NULL: linear
} bt_readout;

void bt_readout_expose(const bt_readout *readout, const bt_film *film, uint32_t row, float *e);
void bt_readout_collect(const bt_readout *readout, uint32_t row, float *e);
void bt_readout_shoot(const bt_readout *readout, uint32_t row, float *e);
void bt_readout_fill(const bt_readout *readout, float *e);
void bt_readout_eclipse(const bt_readout *readout, const bt_film *film, uint32_t row, float *e);
void bt_readout_sense(const bt_readout *readout, uint32_t row, float *e);
void bt_readout_convert(const bt_readout *readout, const float *e, uint16_t *counts);

// Noise that the columns have in a frame, for column_e: width numbers of this standard deviation.
void bt_readout_columns(const bt_readout *readout, double column_noise_e, float *column_e);
// Standard normal number of a whole frame and read, for the error of the black clamp.
double bt_readout_frame_normal(const bt_readout *readout);
// Electrons at which the read is at its top.
double bt_readout_saturation_e(const bt_readout *readout);

// Dark current doubles every `doubling` kelvin.
double bt_dark_current(double reference_e_s, double reference_kelvin, double doubling_kelvin,
                       double kelvin);

#endif
