// decode.h: an image of a format that its first bytes tell, for textures.
#ifndef BT_IMAGE_DECODE_H
#define BT_IMAGE_DECODE_H

#include "engine/image/png.h"

// PNG or JPEG as 8-bit RGB and alpha; at most BT_IMAGE_MAX_PIXELS.
BT_CHECKED bt_status bt_image_decode_rgba(const void *bytes, size_t count, bt_image_u8 *image);

#endif
