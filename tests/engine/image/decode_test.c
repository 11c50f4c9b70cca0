// decode_test.c: textures' images: PNG and JPEG as RGB and alpha; what is hostile is refused.
#include "engine/image/decode.h"

#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include "engine/core/memory.h"
#include "tests/support/check.h"
#include "tests/support/mutate.h"

#define W 61
#define H 37

static uint8_t rgb[W * H * 3];

static void fill(void)
{
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            uint8_t *p = rgb + 3 * (y * W + x);
            p[0] = (uint8_t)(4 * x);
            p[1] = (uint8_t)(6 * y);
            p[2] = 100;
        }
}

// A JPEG of the pixels by libjpeg itself; freed with free().
static unsigned char *make_jpeg(int components, int progressive, size_t *count)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = W;
    jpeg.image_height = H;
    jpeg.input_components = components;
    jpeg.in_color_space = components == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 98, TRUE);
    if (progressive) jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < H) {
        unsigned char *row = rgb + (size_t)jpeg.next_scanline * W * (components == 3 ? 3 : 1);
        (void)jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    *count = size;
    return bytes;
}

static void test_png(void)
{
    char *bytes;
    size_t count;
    bt_image_u8 image;
    CHECK_OK(bt_png_encode_u8(W, H, 3, rgb, &bytes, &count));
    CHECK_OK(bt_image_decode_rgba(bytes, count, &image));
    CHECK(image.width_px == W && image.height_px == H && image.channels == 4);
    int wrong = 0;
    for (int i = 0; i < W * H; i++)
        wrong +=
            memcmp(image.pixels + 4 * i, rgb + 3 * i, 3) != 0 || image.pixels[4 * i + 3] != 255;
    CHECK(wrong == 0);
    bt_image_u8_clear(&image);
    bt_free(bytes);
    CHECK_OK(bt_png_encode_u8(W, H, 1, rgb, &bytes, &count));
    CHECK_OK(bt_image_decode_rgba(bytes, count, &image));
    CHECK(image.pixels[0] == rgb[0] && image.pixels[5] == rgb[1] && image.pixels[6] == rgb[1]);
    bt_image_u8_clear(&image);
    bt_free(bytes);
}

// Smooth colours at quality 98 come back within the steps of its quantisation and of 4:2:0 chroma.
static void test_jpeg(int progressive)
{
    size_t count;
    bt_image_u8 image;
    unsigned char *bytes = make_jpeg(3, progressive, &count);
    CHECK_OK(bt_image_decode_rgba(bytes, count, &image));
    CHECK(image.width_px == W && image.height_px == H && image.channels == 4);
    int worst = 0;
    for (int i = 0; image.pixels != NULL && i < W * H; i++)
        for (int k = 0; k < 3; k++) {
            int off = abs(image.pixels[4 * i + k] - rgb[3 * i + k]);
            worst = off > worst ? off : worst;
        }
    printf("JPEG: %d of 255 at most\n", worst);
    CHECK(worst <= 8);
    CHECK(image.pixels != NULL && image.pixels[3] == 255);
    bt_image_u8_clear(&image);

    CHECK(bt_image_decode_rgba(bytes, count / 2, &image) == BT_ERR_INPUT);
    CHECK(image.pixels == NULL);
    free(bytes);
}

static void test_grey_jpeg(void)
{
    size_t count;
    bt_image_u8 image;
    unsigned char *bytes = make_jpeg(1, 0, &count);
    CHECK_OK(bt_image_decode_rgba(bytes, count, &image));
    CHECK(image.pixels != NULL && image.pixels[0] == image.pixels[1]);
    bt_image_u8_clear(&image);
    free(bytes);
}

static void test_refused(void)
{
    bt_image_u8 image;
    CHECK(bt_image_decode_rgba("", 0, &image) == BT_ERR_INPUT);
    CHECK(bt_image_decode_rgba("GIF89a..", 8, &image) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "neither a PNG nor a JPEG");

    // a header that promises 32639 x 32639 pixels
    size_t count;
    unsigned char *bytes = make_jpeg(3, 0, &count);
    for (size_t i = 0; i + 9 < count; i++)
        if (bytes[i] == 0xff && bytes[i + 1] == 0xc0) memset(bytes + i + 5, 0x7f, 4);
    CHECK(bt_image_decode_rgba(bytes, count, &image) == BT_ERR_LIMIT && image.pixels == NULL);
    CHECK_CONTAINS(bt_error_message(), "at most 16384 each way");
    free(bytes);
}

static void test_hostile(const char *good, size_t count, int least_refused)
{
    char *bad = bt_alloc(count + 16, 1);
    int refused = 0;
    for (uint64_t i = 0; i < 1500; i++) {
        bt_image_u8 image;
        size_t bad_count = mutate(good, count, i, bad);
        if (bt_image_decode_rgba(bad, bad_count, &image) != BT_OK) refused++;
        bt_image_u8_clear(&image);
    }
    printf("%d of 1500 refused\n", refused);
    CHECK(refused >= least_refused);
    bt_free(bad);
}

int main(void)
{
    char *png;
    size_t count;
    fill();
    test_png();
    test_jpeg(0);
    test_jpeg(1);
    test_grey_jpeg();
    test_refused();
    CHECK_OK(bt_png_encode_u8(W, H, 3, rgb, &png, &count));
    test_hostile(png, count, 1400); // every chunk has a sum
    bt_free(png);
    for (int progressive = 0; progressive < 2; progressive++) {
        unsigned char *jpeg = make_jpeg(3, progressive, &count);
        test_hostile((const char *)jpeg, count,
                     400); // pixels have none: most are only other pixels
        free(jpeg);
    }
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
