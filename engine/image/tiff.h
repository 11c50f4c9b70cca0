// tiff.h: 16-bit grey images in TIFF files (TIFF 6.0, Adobe 1992), through libtiff.
//
// One strip-wise, uncompressed, little-endian page: what every evaluator of cameras reads. Nothing is
// half-written (see engine/core/file.h); the same pixels give the same bytes.
//
// Threads: any.
#ifndef BT_IMAGE_TIFF_H
#define BT_IMAGE_TIFF_H

#include "engine/core/status.h"

#include <stdint.h>

#define BT_TIFF_MAX_SIDE_PX 16384

// pixels: (height x width), rows top down.
BT_CHECKED bt_status bt_tiff_write_u16(const char *path, uint32_t width_px, uint32_t height_px,
                                       const uint16_t *pixels);

#endif
