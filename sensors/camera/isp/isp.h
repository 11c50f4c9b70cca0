// isp.h: an image processor: from counts to a picture as a camera would show it.
//
//   expand     companded codes back to linear counts, where the sensor compands (expand, level)
//   level      subtract black, scale to 1 at saturation, white balance, clip at 1
//   defects    a pixel known to be hot becomes the median of its neighbours of the same colour
//              (defects.c)
//   demosaic   red, luma, luma, blue (RGGB, RCCB, RYYCy and their turns): Zhang and Wu 2005, directional
//              linear minimum mean square error, luma in green's place (demosaic.c); three of luma and
//              one of red (RCCC), and any other tile (tiles.c); borders mirrored
//   calm       takes single pixels of false colour off fine detail (false_color.c)
//   texture    one colour for a patch of texture as fine as the mosaic (texture_color.c)
//   fade       lights brighter than white become white at the hue that they have nearby (highlights.c)
//   shading    a mesh of gains against the lens's falling illumination (shading.c)
//   noise      averages neighbours as like as noise makes them, by the sensor's own noise (denoise.c)
//   color      matrix to linear sRGB, digital gain, saturation
//   local      compresses the light of large areas, keeps detail (local_tone.c)
//   tone       roll-off of highlights that keeps the hue, sRGB curve (IEC 61966-2-1), S curve
//   sharpen    unsharp mask of the encoded luminance, with a core (sharpen.c); 8 bits
//
// Each stage but level, demosaic and tone is off where its number is 0 (all zero but the first block
// is a plain picture). Raw is the primary product; this is for eyes and for autopilots that want
// pictures. No correction of distortion. Threads: pure functions; the whole is the same for any
// number of threads.
#ifndef BT_CAMERA_ISP_ISP_H
#define BT_CAMERA_ISP_ISP_H

#include "engine/core/jobs.h"
#include "sensors/camera/sheet.h"

#include <stdbool.h>
#include <stdint.h>

// How bands become a colour.
typedef enum bt_isp_mosaic {
    BT_ISP_GREY,     // one band, or a tile that has no colours to make: luma_band
    BT_ISP_QUINCUNX, // bands 0, 1, 2; band 1 on a diagonal of a 2 x 2 tile
    BT_ISP_SPARSE,   // bands 0, 1; band 0 once in a 2 x 2 tile: RCCC
    BT_ISP_TILE      // bands 0, 1, 2 of a 4 x 4 tile
} bt_isp_mosaic;

#define BT_ISP_MESH_COLUMNS 33
#define BT_ISP_MESH_ROWS 25

typedef struct bt_isp {
    uint32_t width_px, height_px;
    uint32_t band_count; // of the colour: 1 grey, 3 colour
    uint8_t mosaic[4];   // band of the pixels of a 2 x 2 tile
    double black_level_dn, top_dn;
    double white_balance[3]; // at least 1
    double matrix[9];        // linear sRGB from white-balanced camera
    double digital_gain;
    double saturation; // factor on the distance from luminance
    double knee;       // 0..1, where the roll-off begins
    double contrast;   // 0..1

    bt_isp_mosaic kind; // 0 with 3 bands: quincunx
    uint32_t tile_px;   // 0: 2
    uint8_t tile[16];   // band of the pixels of a 4 x 4 tile, for kind TILE

    const bt_sheet_curve *knees; // companding (imager/fuse.h), borrowed; NULL: counts are linear
    // the level, in ranges of one read (1 is top_dn), at which the fused counts end; below 1: 1
    double white;

    // variance of a count above black: noise_dn^2 + gain_dn_e * (count - black)
    double noise_dn, gain_dn_e;
    double defects; // above how many standard deviations of noise a dark current is mended; 0: off
    const float *dark; // of each pixel over the usual one's, calibrated; NULL: not known. Borrowed
    double dark_e;     // the usual one's electrons in this exposure
    double denoise;    // how many standard deviations apart is another thing; 0: off
    double sharpen;    // strength, 0 off
    double local;      // 0 off .. 1: large areas all alike
    double shading;    // 0 off .. 1: illumination made even
    // what the lens leaves at nodes of a mesh over the picture, corners included
    float illumination[BT_ISP_MESH_ROWS * BT_ISP_MESH_COLUMNS];
} bt_isp;

// Linear counts of a code.
double bt_isp_expand(const bt_isp *isp, double code_dn);
// One row of counts -> one row of the levelled mosaic.
void bt_isp_level(const bt_isp *isp, uint32_t row, const uint16_t *counts, float *mosaic);
// Standard deviation of a levelled value of a band, from the noise of its counts.
double bt_isp_sigma(const bt_isp *isp, uint32_t band, double level);
// Band that a pixel reads.
static inline uint32_t bt_isp_band(const bt_isp *isp, uint32_t x, uint32_t y)
{
    return isp->kind == BT_ISP_TILE ? isp->tile[4 * (y & 3) + (x & 3)]
                                    : isp->mosaic[2 * (y & 1) + (x & 1)];
}
// One row of the levelled mosaic (height x width) without defects.
void bt_isp_mend(const bt_isp *isp, const float *mosaic, uint32_t row, float *out);
// Red, luma, luma, blue: luma on a diagonal of the 2 x 2 tile.
static inline bool bt_isp_is_quincunx(const bt_isp *isp)
{
    return isp->band_count == 3 && isp->kind != BT_ISP_SPARSE && isp->kind != BT_ISP_TILE;
}
// The level that is white: what full pixels are cut to.
double bt_isp_white(const bt_isp *isp);
// Shares of the bands in the light, over the picture, from the whole levelled mosaic; NULL where no
// pixel is full or the mosaic has no luma on a diagonal. The caller frees them with bt_free.
BT_CHECKED bt_status bt_isp_light_fit(const bt_isp *isp, const float *mosaic, bt_jobs *jobs,
                                      float **shares);
// The whole picture in colour (height x width x 3) from the whole levelled mosaic (height x width);
// work: three planes of its size.
BT_CHECKED bt_status bt_isp_demosaic(const bt_isp *isp, const float *mosaic, bt_jobs *jobs,
                                     float *work, float *rgb);
// One row (width x 3), for the kinds BT_ISP_TILE and BT_ISP_SPARSE.
void bt_isp_demosaic_tile(const bt_isp *isp, const float *mosaic, uint32_t row, float *rgb);
void bt_isp_demosaic_sparse(const bt_isp *isp, const float *mosaic, uint32_t row, float *rgb);
// One row of the whole demosaiced picture (height x width x 3) without false colour.
void bt_isp_calm(const bt_isp *isp, const float *rgb, uint32_t row, float *out);
// One row of it with the colours of fine texture evened out.
void bt_isp_texture(const bt_isp *isp, const float *rgb, uint32_t row, float *out);
// A row of camera colour in place, full pixels at the hue of the light nearby. `shares` NULL: as it is.
void bt_isp_fade(const bt_isp *isp, const float *shares, uint32_t row, float *rgb);
// What the mesh makes up for at a pixel: 1 on the axis.
double bt_isp_shading_gain(const bt_isp *isp, uint32_t x, uint32_t y);
// One row of the whole picture (height x width x 3), less noisy.
void bt_isp_denoise(const bt_isp *isp, const float *rgb, uint32_t row, float *out);
// A row of camera colour -> linear sRGB, in place.
void bt_isp_color(const bt_isp *isp, float *rgb);
// Gains of the local tone map for a linear picture (height x width x 3), at nodes every
// BT_ISP_LOCAL_STEP pixels: `a` and `b` of log2 gain = a * log2(luminance) + b.
#define BT_ISP_LOCAL_STEP 8
BT_CHECKED bt_status bt_isp_local_fit(const bt_isp *isp, const float *rgb, float **a_and_b);
void bt_isp_local(const bt_isp *isp, const float *a_and_b, uint32_t row, float *rgb);
// Output of the tone curve, 0..1 encoded, for a linear value; `white` is what becomes 1.
double bt_isp_tone(const bt_isp *isp, double linear, double white);
// The same for three, 0..1 encoded, in place; the roll-off keeps the hue, the curve is read from a table: within
// a hundredth of a step of 8 bits.
#define BT_ISP_CURVE_STEPS 4096
typedef struct bt_isp_curve {
    float
        at[BT_ISP_CURVE_STEPS + 2]; // encoded, of linear 0 to 1; one more so that 1 has a next one
} bt_isp_curve;
void bt_isp_curve_fill(const bt_isp *isp, bt_isp_curve *curve);
void bt_isp_tone_color(const bt_isp *isp, const bt_isp_curve *curve, float rgb[3], double white);
// One row of the whole encoded picture (height x width x 3, 0..1), sharpened, -> 8 bits.
void bt_isp_sharpen(const bt_isp *isp, const float *encoded, uint32_t row, uint8_t *out);

// All of it: counts (height x width) -> sRGB (height x width x 3).
BT_CHECKED bt_status bt_isp_develop(const bt_isp *isp, const uint16_t *counts, bt_jobs *jobs,
                                    uint8_t *rgb);

#endif
