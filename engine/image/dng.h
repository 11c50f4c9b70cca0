// dng.h: mosaics of counts as Digital Negatives (Adobe DNG 1.4), through libtiff.
//
// A DNG is a TIFF file whose tags say what raw converters need: the colour filter of each pixel, black
// and white level, what codes stand for, the way from XYZ to the camera's colours. One strip of 16-bit
// counts, uncompressed; the same input gives the same bytes: no time or program name is stored.
// Threads: any.
#ifndef BT_IMAGE_DNG_H
#define BT_IMAGE_DNG_H

#include "engine/core/status.h"

#include <stddef.h>
#include <stdint.h>

// Colours of filters, as CFAPattern and CFAPlaneColor number them.
typedef enum bt_dng_color {
    BT_DNG_RED,
    BT_DNG_GREEN,
    BT_DNG_BLUE,
    BT_DNG_CYAN,
    BT_DNG_MAGENTA,
    BT_DNG_YELLOW,
    BT_DNG_WHITE
} bt_dng_color;

typedef struct bt_dng_desc {
    uint32_t width_px, height_px;
    const char *camera;             // UniqueCameraModel
    uint32_t tile_px;               // 2 or 4; 0: no filters, a grey sensor
    uint8_t tile[16];               // bt_dng_color of the pixels of a tile, rows of x
    uint32_t plane_count;           // different colours; 1 to 4
    uint8_t planes[4];              // which, in the order of the matrix
    double black_dn, white_dn;      // of linear counts
    const uint16_t *linear_of_code; // LinearizationTable; NULL: codes are linear
    uint32_t code_count;
    double camera_from_xyz[12]; // ColorMatrix1 (planes x 3), under the illuminant
    uint16_t illuminant;        // EXIF LightSource: 17 A, 20 D55, 21 D65, 23 D50
    double neutral[4];          // AsShotNeutral: what white is in the planes, most 1
} bt_dng_desc;

// The caller frees *bytes with bt_free.
BT_CHECKED bt_status bt_dng_encode(const bt_dng_desc *desc, const uint16_t *counts, char **bytes,
                                   size_t *count);

#endif
