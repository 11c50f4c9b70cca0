// isp.h: a plain image processor: from counts to a picture as a camera would show it.
//
//   level      subtract black, scale to 1 at saturation, white balance, clip at 1
//   demosaic   Malvar, He, Cutler 2004, "High-quality linear interpolation for demosaicing of
//              Bayer-patterned color images": 5 x 5 linear filters, borders mirrored
//   calm       takes single pixels of false colour off fine detail (false_color.c)
//   color      matrix to linear sRGB, digital gain, saturation
//   tone       roll-off of highlights, sRGB curve (IEC 61966-2-1), S curve, 8 bits
//
// Raw is the primary product; this is for eyes and for autopilots that want pictures. No denoising,
// no sharpening, no correction of lens or hot pixels. Threads: pure functions of rows.
#ifndef BT_CAMERA_ISP_ISP_H
#define BT_CAMERA_ISP_ISP_H

#include "engine/core/jobs.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct bt_isp {
    uint32_t width_px, height_px;
    uint32_t band_count; // 1 mono, 3 colour
    uint8_t mosaic[4];   // band of the pixels of a 2 x 2 tile
    double black_level_dn, top_dn;
    double white_balance[3]; // at least 1
    double matrix[9];        // linear sRGB from white-balanced camera
    double digital_gain;
    double saturation; // factor on the distance from luminance
    double knee;       // 0..1, where the roll-off begins
    double contrast;   // 0..1
} bt_isp;

// One row of counts -> one row of the levelled mosaic.
void bt_isp_level(const bt_isp *isp, uint32_t row, const uint16_t *counts, float *mosaic);
// One row of colour (width x 3) from the whole levelled mosaic (height x width).
void bt_isp_demosaic(const bt_isp *isp, const float *mosaic, uint32_t row, float *rgb);
// One row of the whole demosaiced picture (height x width x 3) without false colour.
void bt_isp_calm(const bt_isp *isp, const float *rgb, uint32_t row, float *out);
// A row of camera colour -> linear sRGB, in place.
void bt_isp_color(const bt_isp *isp, float *rgb);
// Output of the tone curve, 0..1 encoded, for a linear value; `white` is what becomes 1.
double bt_isp_tone(const bt_isp *isp, double linear, double white);
// A row of linear sRGB -> 8 bits.
void bt_isp_encode(const bt_isp *isp, const float *rgb, uint8_t *out);

// All of it: counts (height x width) -> sRGB (height x width x 3).
BT_CHECKED bt_status bt_isp_develop(const bt_isp *isp, const uint16_t *counts, bt_jobs *jobs,
                                    uint8_t *rgb);

#endif
