// png.h: images of whole numbers in PNG files (ISO/IEC 15948), through libpng.
//
// 8-bit grey or RGB, 16-bit grey; rows top down, channels innermost. Nothing is half-written (see
// engine/core/file.h), and the same pixels give the same bytes: compression is fixed, and no time or
// program name is stored.
//
// Threads: any; an image belongs to one at a time.
#ifndef BT_IMAGE_PNG_H
#define BT_IMAGE_PNG_H

#include "engine/core/status.h"

#include <stddef.h>
#include <stdint.h>

#define BT_PNG_MAX_SIDE_PX 16384       // larger images are refused, written or read
#define BT_IMAGE_MAX_PIXELS (1u << 26) // of a decoded texture, chosen: 8192 x 8192

typedef struct bt_image_u8 {
    uint32_t width_px, height_px, channels; // 1 grey, 3 RGB, 4 RGB and alpha
    uint8_t *pixels;                        // (height x width x channels)
} bt_image_u8;

typedef struct bt_image_u16 {
    uint32_t width_px, height_px;
    uint16_t *pixels; // (height x width)
} bt_image_u16;

// channels: 1, 3 or 4.
BT_CHECKED bt_status bt_png_write_u8(const char *path, uint32_t width_px, uint32_t height_px,
                                     uint32_t channels, const uint8_t *pixels);
BT_CHECKED bt_status bt_png_write_u16(const char *path, uint32_t width_px, uint32_t height_px,
                                      const uint16_t *pixels);
// The same into memory; the caller frees *bytes with bt_free.
BT_CHECKED bt_status bt_png_encode_u8(uint32_t width_px, uint32_t height_px, uint32_t channels,
                                      const uint8_t *pixels, char **bytes, size_t *count);
BT_CHECKED bt_status bt_png_encode_u16(uint32_t width_px, uint32_t height_px,
                                       const uint16_t *pixels, char **bytes, size_t *count);

// Read a file that must have exactly that many bits and channels (1 or 3): nothing is converted.
// On failure the image is empty. Free what was read with clear.
BT_CHECKED bt_status bt_png_read_u8(const char *path, uint32_t channels, bt_image_u8 *image);
BT_CHECKED bt_status bt_png_read_u16(const char *path, bt_image_u16 *image);
// Any PNG in memory as 8-bit RGB and alpha (opaque where it has none): palettes are looked up, 16 bits
// rounded. At most BT_IMAGE_MAX_PIXELS; errors have no name in front.
BT_CHECKED bt_status bt_png_decode_rgba(const void *bytes, size_t count, bt_image_u8 *image);
void bt_image_u8_clear(bt_image_u8 *image);
void bt_image_u16_clear(bt_image_u16 *image);

#endif
