// decode.c: see decode.h.
#include "engine/image/decode.h"

#include <string.h>

#include "engine/image/jpeg.h"

bt_status bt_image_decode_rgba(const void *bytes, size_t count, bt_image_u8 *image)
{
    *image = (bt_image_u8){0};
    if (count >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
        return bt_png_decode_rgba(bytes, count, image);
    if (count >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0)
        return bt_jpeg_decode_rgba(bytes, count, image);
    return bt_fail(BT_ERR_INPUT, "neither a PNG nor a JPEG");
}
