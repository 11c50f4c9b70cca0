// response.h: from light in front of the lens to electrons: spectral response, white, colour matrix.
//
// Threads: pure functions.
#ifndef BT_CAMERA_RESPONSE_H
#define BT_CAMERA_RESPONSE_H

#include "sensors/camera/sheet.h"
#include "shaders/shared/types.h"

typedef struct bt_response {
    float band[BT_SHEET_BANDS_MAX][BT_SPECTRUM_BINS];
} bt_response;

// Electrons per second per (W m^-2 sr^-1 nm^-1) per nm of each band, on the axis:
// A_pix * pi / (4 N^2 + 1) * tau_lens * tau_ir * QE * lambda / (h c), far object (camera.md 1.1).
void bt_response_compute(const bt_camera_sheet *sheet, double pixel_area_m2, bt_response *response);

// Electrons per second of each band (band_count) for a spectral radiance: sum over the bins times 5 nm.
void bt_response_rates(const bt_response *response, uint32_t band_count,
                       const float radiance[BT_SPECTRUM_BINS], double *rates_e_s);

// Daylight of a colour temperature, 4000 to 25000 K, relative: 100 at 560 nm. CIE 015:2018, 4.1.
void bt_daylight(double kelvin, float out[BT_SPECTRUM_BINS]);

// Gains that make a grey surface under `illuminant` equal in all bands, the smallest 1.
void bt_white_balance(const bt_response *response, const float illuminant[BT_SPECTRUM_BINS],
                      double gains[3]);

// The matrix that takes white-balanced camera colours to linear sRGB, row-major, best in the least
// squares sense over a family of smooth reflectances (color_fit.c) under `illuminant`, with the eye
// adapted to it (Bradford to D65). Rows sum to 1: greys stay grey.
void bt_color_fit(const bt_response *response, const float illuminant[BT_SPECTRUM_BINS],
                  const double gains[3], double matrix[9]);

// The same for red and luma alone (bands 0 and 1): rows (a, 1 - a, 0).
void bt_color_fit_pair(const bt_response *response, const float illuminant[BT_SPECTRUM_BINS],
                       const double gains[3], double matrix[9]);

// Linear sRGB of a reflectance under an illuminant to which the eye is adapted (Bradford), white 1.
void bt_color_target(const float reflectance[BT_SPECTRUM_BINS],
                     const float illuminant[BT_SPECTRUM_BINS], double rgb[3]);

#endif
