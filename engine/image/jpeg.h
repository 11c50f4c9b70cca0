// jpeg.h: JPEG images (ITU-T T.81) into memory, through libjpeg-turbo.
#ifndef BT_IMAGE_JPEG_H
#define BT_IMAGE_JPEG_H

#include "engine/image/png.h"

// Grey or YCbCr, baseline or progressive, as 8-bit RGB and alpha 255. The limits are those of
// bt_png_decode_rgba; errors have no name in front. A file that ends early is refused.
BT_CHECKED bt_status bt_jpeg_decode_rgba(const void *bytes, size_t count, bt_image_u8 *image);

#endif
