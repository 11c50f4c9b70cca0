// jpeg.c: JPEG through libjpeg-turbo.
//
// libjpeg reports errors by a callback that must not return: it jumps, as in png.c.
#include "engine/image/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "engine/core/memory.h"

// A progressive file may go over all pixels again and again; real ones have about ten scans.
#define MAX_SCANS 64
#define MAX_LIBRARY_BYTES (1l << 30)

typedef struct decoder {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf jump;
    bt_status status;
    uint8_t *pixels;
} decoder;

static void give_up(decoder *d, bt_status status, const char *why)
{
    d->status = bt_fail(status, "%s", why);
    longjmp(d->jump, 1);
}

static void on_error(j_common_ptr jpeg)
{
    char message[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, message);
    give_up(jpeg->client_data, BT_ERR_INPUT, message);
}

// libjpeg calls damage that it can fill with grey a warning (level -1); traces are above. Padding
// between markers is common and harmless.
static void on_message(j_common_ptr jpeg, int level)
{
    if (level < 0 && jpeg->err->msg_code != JWRN_EXTRANEOUS_DATA) on_error(jpeg);
}

static void on_progress(j_common_ptr jpeg)
{
    decoder *d = jpeg->client_data;
    if (d->jpeg.input_scan_number > MAX_SCANS)
        give_up(d, BT_ERR_LIMIT, "a progressive JPEG of more than 64 scans");
}

static void read_header(decoder *d, const void *bytes, size_t count)
{
    struct jpeg_decompress_struct *jpeg = &d->jpeg;
    jpeg_mem_src(jpeg, bytes, (unsigned long)count);
    jpeg->mem->max_memory_to_use = MAX_LIBRARY_BYTES;
    (void)jpeg_read_header(jpeg, TRUE);
    if (jpeg->image_width > BT_PNG_MAX_SIDE_PX || jpeg->image_height > BT_PNG_MAX_SIDE_PX ||
        jpeg->image_width * jpeg->image_height > BT_IMAGE_MAX_PIXELS)
        give_up(d, BT_ERR_LIMIT, "a JPEG of too many pixels: at most 16384 each way, 2^26 in all");
    if (jpeg->jpeg_color_space != JCS_GRAYSCALE && jpeg->jpeg_color_space != JCS_YCbCr &&
        jpeg->jpeg_color_space != JCS_RGB)
        give_up(d, BT_ERR_INPUT, "a JPEG of other colours than grey, YCbCr or RGB");
    jpeg->out_color_space = JCS_EXT_RGBA;
    jpeg->dct_method = JDCT_ISLOW; // the same bytes everywhere
}

static void decode(decoder *d, const void *bytes, size_t count)
{
    if (setjmp(d->jump)) return;
    jpeg_create_decompress(&d->jpeg);
    d->jpeg.progress = &d->progress;
    read_header(d, bytes, count);
    (void)jpeg_start_decompress(&d->jpeg);
    size_t row_bytes = (size_t)d->jpeg.output_width * 4;
    d->pixels = bt_alloc(d->jpeg.output_height, row_bytes);
    if (d->pixels == NULL) give_up(d, BT_ERR_MEMORY, "no memory for a JPEG's pixels");
    while (d->jpeg.output_scanline < d->jpeg.output_height) {
        JSAMPROW row = d->pixels + d->jpeg.output_scanline * row_bytes;
        (void)jpeg_read_scanlines(&d->jpeg, &row, 1);
    }
    (void)jpeg_finish_decompress(&d->jpeg);
}

bt_status bt_jpeg_decode_rgba(const void *bytes, size_t count, bt_image_u8 *image)
{
    *image = (bt_image_u8){0};
    if (count == 0) return bt_fail(BT_ERR_INPUT, "an empty JPEG");
    decoder d = {.status = BT_OK};
    d.jpeg.err = jpeg_std_error(&d.errors);
    d.jpeg.client_data = &d;
    d.errors.error_exit = on_error;
    d.errors.emit_message = on_message;
    d.progress.progress_monitor = on_progress;
    decode(&d, bytes, count);
    *image = (bt_image_u8){d.jpeg.output_width, d.jpeg.output_height, 4, d.pixels};
    jpeg_destroy_decompress(&d.jpeg);
    if (d.status != BT_OK) bt_image_u8_clear(image);
    return d.status;
}
