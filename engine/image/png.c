// png.c: PNG through libpng's low-level interface.
//
// libpng reports errors by longjmp. So each setjmp stands in a short function whose locals do not
// change after it; what must be freed lives in a struct of the caller's.
#include "engine/image/png.h"

#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/byte_sink.h"

// Chosen: sensor noise hardly compresses, so more effort costs time and saves little.
#define COMPRESSION_LEVEL 3
#define MAX_FILE_BYTES ((size_t)1 << 31)

// One file being coded. `status` and the message are set before libpng jumps.
typedef struct coder {
    png_structp png;
    png_infop info;
    bt_status status;
    byte_sink sink;     // writing
    const char *source; // reading
    size_t source_count, source_at;
    // what the file holds
    uint32_t width_px, height_px, channels;
    int bit_depth;
    bool any;                 // take every kind of PNG and make it RGB and alpha
    void *pixels;             // read
    const void *given_pixels; // to write
} coder;

static void on_error(png_structp png, png_const_charp message)
{
    coder *c = png_get_error_ptr(png);
    if (c->status == BT_OK) c->status = bt_fail(BT_ERR_INPUT, "%s", message);
    longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static png_voidp on_alloc(png_structp png, png_alloc_size_t bytes)
{
    (void)png;
    return bt_alloc(bytes, 1);
}

static void on_free(png_structp png, png_voidp memory)
{
    (void)png;
    bt_free(memory);
}

static size_t row_bytes(const coder *c)
{
    return (size_t)c->width_px * c->channels * (size_t)(c->bit_depth / 8);
}

static bt_status check_size(uint32_t width_px, uint32_t height_px)
{
    if (width_px == 0 || height_px == 0 || width_px > BT_PNG_MAX_SIDE_PX ||
        height_px > BT_PNG_MAX_SIDE_PX) {
        return bt_fail(BT_ERR_INPUT, "an image of %u x %u pixels: expected 1 to %d each", width_px,
                       height_px, BT_PNG_MAX_SIDE_PX);
    }
    return BT_OK;
}

// ---- writing ----------------------------------------------------------------------------------
static void on_write(png_structp png, png_bytep bytes, size_t count)
{
    coder *c = png_get_io_ptr(png);
    c->status = byte_sink_put(&c->sink, c->sink.count, bytes, count);
    if (c->status != BT_OK) png_error(png, bt_error_message());
}

static void on_flush(png_structp png)
{
    (void)png;
}

static void write_image(coder *c)
{
    if (setjmp(png_jmpbuf(c->png))) return;
    png_set_write_fn(c->png, c, on_write, on_flush);
    png_set_compression_level(c->png, COMPRESSION_LEVEL);
    png_set_IHDR(c->png, c->info, c->width_px, c->height_px, c->bit_depth,
                 c->channels == 4   ? PNG_COLOR_TYPE_RGB_ALPHA
                 : c->channels == 3 ? PNG_COLOR_TYPE_RGB
                                    : PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(c->png, c->info);
    if (c->bit_depth == 16) png_set_swap(c->png); // PNG is big-endian
    const png_byte *rows = c->given_pixels;
    for (uint32_t y = 0; y < c->height_px; y++) {
        png_write_row(c->png, rows + y * row_bytes(c));
    }
    png_write_end(c->png, c->info);
}

static bt_status encode(coder *c, char **bytes, size_t *count)
{
    *bytes = NULL;
    *count = 0;
    bt_status status = check_size(c->width_px, c->height_px);
    if (status != BT_OK) return status;
    if (c->channels != 1 && c->channels != 3 && c->channels != 4) {
        return bt_fail(BT_ERR_INPUT, "a PNG of %u channels: expected 1, 3 or 4", c->channels);
    }
    c->png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, c, on_error, on_warning, NULL,
                                       on_alloc, on_free);
    if (c->png != NULL) c->info = png_create_info_struct(c->png);
    if (c->info == NULL) {
        c->status = bt_fail(BT_ERR_MEMORY, "no memory for libpng");
    } else {
        write_image(c);
    }
    png_destroy_write_struct(&c->png, &c->info);
    if (c->status != BT_OK) {
        bt_free(c->sink.bytes);
        return c->status;
    }
    *bytes = c->sink.bytes;
    *count = c->sink.count;
    return BT_OK;
}

bt_status bt_png_encode_u8(uint32_t width_px, uint32_t height_px, uint32_t channels,
                           const uint8_t *pixels, char **bytes, size_t *count)
{
    coder c = {.width_px = width_px,
               .height_px = height_px,
               .channels = channels,
               .bit_depth = 8,
               .given_pixels = pixels};
    return encode(&c, bytes, count);
}

bt_status bt_png_encode_u16(uint32_t width_px, uint32_t height_px, const uint16_t *pixels,
                            char **bytes, size_t *count)
{
    coder c = {.width_px = width_px,
               .height_px = height_px,
               .channels = 1,
               .bit_depth = 16,
               .given_pixels = pixels};
    return encode(&c, bytes, count);
}

static bt_status write_encoded(const char *path, bt_status status, char *bytes, size_t count)
{
    if (status != BT_OK) return bt_fail_prefix(status, "cannot write '%s'", path);
    status = bt_file_write(path, bytes, count);
    bt_free(bytes);
    return status;
}

bt_status bt_png_write_u8(const char *path, uint32_t width_px, uint32_t height_px,
                          uint32_t channels, const uint8_t *pixels)
{
    char *bytes;
    size_t count;
    bt_status status = bt_png_encode_u8(width_px, height_px, channels, pixels, &bytes, &count);
    return write_encoded(path, status, bytes, count);
}

bt_status bt_png_write_u16(const char *path, uint32_t width_px, uint32_t height_px,
                           const uint16_t *pixels)
{
    char *bytes;
    size_t count;
    bt_status status = bt_png_encode_u16(width_px, height_px, pixels, &bytes, &count);
    return write_encoded(path, status, bytes, count);
}

// ---- reading ----------------------------------------------------------------------------------
static void on_read(png_structp png, png_bytep bytes, size_t count)
{
    coder *c = png_get_io_ptr(png);
    if (count > c->source_count - c->source_at) png_error(png, "the file ends early");
    memcpy(bytes, c->source + c->source_at, count);
    c->source_at += count;
}

// Reads the header and compares it with what was asked for.
static void read_header(coder *c)
{
    if (setjmp(png_jmpbuf(c->png))) return;
    png_set_read_fn(c->png, c, on_read);
    png_set_user_limits(c->png, BT_PNG_MAX_SIDE_PX, BT_PNG_MAX_SIDE_PX);
    png_set_chunk_cache_max(c->png, 64);
    png_set_chunk_malloc_max(c->png, (png_alloc_size_t)1 << 20);
    png_read_info(c->png, c->info);

    static const char *const kinds[] = {"grey",           "?", "RGB",          "palette",
                                        "grey and alpha", "?", "RGB and alpha"};
    int type = png_get_color_type(c->png, c->info);
    int depth = png_get_bit_depth(c->png, c->info);
    int wanted = c->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
    if (c->any) {
        png_set_scale_16(c->png);
        png_set_expand(c->png);
        png_set_gray_to_rgb(c->png);
        png_set_add_alpha(c->png, 255, PNG_FILLER_AFTER);
    } else if (type != wanted || depth != c->bit_depth) {
        c->status =
            bt_fail(BT_ERR_INPUT, "%d-bit %s: expected %d-bit %s", depth,
                    type >= 0 && type <= 6 ? kinds[type] : "?", c->bit_depth, kinds[wanted]);
        return;
    }
    c->width_px = png_get_image_width(c->png, c->info);
    c->height_px = png_get_image_height(c->png, c->info);
}

// Interlaced files go over the rows several times.
static void read_pixels(coder *c)
{
    if (setjmp(png_jmpbuf(c->png))) return;
    if (c->bit_depth == 16) png_set_swap(c->png);
    int passes = png_set_interlace_handling(c->png);
    png_read_update_info(c->png, c->info);
    if (png_get_rowbytes(c->png, c->info) != row_bytes(c)) png_error(c->png, "odd row size");
    png_byte *rows = c->pixels;
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < c->height_px; y++) {
            png_read_row(c->png, rows + y * row_bytes(c), NULL);
        }
    }
    png_read_end(c->png, NULL);
}

static void decode(coder *c)
{
    read_header(c);
    if (c->status != BT_OK) return;
    c->status = check_size(c->width_px, c->height_px);
    if (c->status == BT_OK && c->any && c->width_px * c->height_px > BT_IMAGE_MAX_PIXELS)
        c->status = bt_fail(BT_ERR_LIMIT, "an image of %u x %u pixels: at most %u altogether",
                            c->width_px, c->height_px, BT_IMAGE_MAX_PIXELS);
    if (c->status != BT_OK) return;
    c->pixels = bt_alloc(c->height_px, row_bytes(c));
    if (c->pixels == NULL) {
        c->status =
            bt_fail(BT_ERR_MEMORY, "no memory for %u x %u pixels", c->width_px, c->height_px);
        return;
    }
    read_pixels(c);
}

// Decodes what c->source holds.
static bt_status read_source(coder *c)
{
    c->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, c, on_error, on_warning, NULL,
                                      on_alloc, on_free);
    if (c->png != NULL) c->info = png_create_info_struct(c->png);
    if (c->info == NULL) {
        c->status = bt_fail(BT_ERR_MEMORY, "no memory for libpng");
    } else {
        decode(c);
    }
    png_destroy_read_struct(&c->png, &c->info, NULL);
    if (c->status != BT_OK) bt_free(c->pixels);
    return c->status;
}

static bt_status read_file(const char *path, coder *c)
{
    char *bytes = NULL;
    bt_status status = bt_file_read(path, MAX_FILE_BYTES, &bytes, &c->source_count);
    if (status != BT_OK) return status;
    c->source = bytes;
    status = read_source(c);
    bt_free(bytes);
    return status == BT_OK ? BT_OK : bt_fail_prefix(status, "cannot read '%s'", path);
}

bt_status bt_png_read_u8(const char *path, uint32_t channels, bt_image_u8 *image)
{
    *image = (bt_image_u8){0};
    coder c = {.bit_depth = 8, .channels = channels};
    bt_status status = read_file(path, &c);
    if (status != BT_OK) return status;
    *image = (bt_image_u8){c.width_px, c.height_px, c.channels, c.pixels};
    return BT_OK;
}

bt_status bt_png_read_u16(const char *path, bt_image_u16 *image)
{
    *image = (bt_image_u16){0};
    coder c = {.bit_depth = 16, .channels = 1};
    bt_status status = read_file(path, &c);
    if (status != BT_OK) return status;
    *image = (bt_image_u16){c.width_px, c.height_px, c.pixels};
    return BT_OK;
}

bt_status bt_png_decode_rgba(const void *bytes, size_t count, bt_image_u8 *image)
{
    *image = (bt_image_u8){0};
    coder c = {.bit_depth = 8, .channels = 4, .any = true, .source = bytes, .source_count = count};
    bt_status status = read_source(&c);
    if (status != BT_OK) return status;
    *image = (bt_image_u8){c.width_px, c.height_px, c.channels, c.pixels};
    return BT_OK;
}

void bt_image_u8_clear(bt_image_u8 *image)
{
    bt_free(image->pixels);
    *image = (bt_image_u8){0};
}

void bt_image_u16_clear(bt_image_u16 *image)
{
    bt_free(image->pixels);
    *image = (bt_image_u16){0};
}
