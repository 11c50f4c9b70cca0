// exr.h: planes of floats in OpenEXR files, through the OpenEXRCore C library.
//
// One part, scan lines, 32-bit float channels, lossless ZIP compression. Nothing is half-written
// (see engine/core/file.h); the same planes give the same bytes.
//
// Threads: any; an image belongs to one at a time.
#ifndef BT_IMAGE_EXR_H
#define BT_IMAGE_EXR_H

#include "engine/core/status.h"

#include <stddef.h>
#include <stdint.h>

#define BT_EXR_MAX_SIDE_PX 16384
#define BT_EXR_MAX_CHANNELS 8

typedef struct bt_exr_channel {
    const char *name;    // "Z", "normal.X", ...: at most 31 letters
    const float *pixels; // (height x width), rows top down
} bt_exr_channel;

typedef struct bt_exr_image {
    uint32_t width_px, height_px, channel_count;
    float *pixels; // (channels x height x width), channels in the order asked for
} bt_exr_image;

BT_CHECKED bt_status bt_exr_write(const char *path, uint32_t width_px, uint32_t height_px,
                                  const bt_exr_channel *channels, uint32_t channel_count);
// The same into memory; the caller frees *bytes with bt_free.
BT_CHECKED bt_status bt_exr_encode(uint32_t width_px, uint32_t height_px,
                                   const bt_exr_channel *channels, uint32_t channel_count,
                                   char **bytes, size_t *count);

// Reads the named channels of a file such as the above (other channels may be there too). On failure
// the image is empty. Free what was read with clear.
BT_CHECKED bt_status bt_exr_read(const char *path, const char *const *names, uint32_t channel_count,
                                 bt_exr_image *image);
void bt_exr_image_clear(bt_exr_image *image);

#endif
