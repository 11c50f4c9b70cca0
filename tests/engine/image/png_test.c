// png_test.c: what is written is read back, always as the same bytes; hostile files are refused.
#include "engine/image/png.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "tests/support/check.h"
#include "tests/support/mutate.h"
#include "tests/support/temp.h"

#define W 61
#define H 37

static char dir[4096], path[4200];
static uint8_t bytes_of[W * H * 3];
static uint16_t words_of[W * H];

static void fill(void)
{
    for (uint32_t i = 0; i < W * H * 3; i++) {
        bytes_of[i] = (uint8_t)bt_random_u32(1, BT_STREAM_TEST, i, 0);
    }
    for (uint32_t i = 0; i < W * H; i++) {
        words_of[i] = (uint16_t)bt_random_u32(1, BT_STREAM_TEST, i, 1);
    }
}

static void test_round_trip_u8(uint32_t channels)
{
    bt_image_u8 image;
    CHECK_OK(bt_png_write_u8(path, W, H, channels, bytes_of));
    CHECK_OK(bt_png_read_u8(path, channels, &image));
    CHECK(image.width_px == W && image.height_px == H && image.channels == channels);
    CHECK(memcmp(image.pixels, bytes_of, (size_t)W * H * channels) == 0);
    bt_image_u8_clear(&image);
    CHECK(image.pixels == NULL);

    // what it is not
    CHECK(bt_png_read_u8(path, 4 - channels, &image) == BT_ERR_INPUT && image.pixels == NULL);
    CHECK_CONTAINS(bt_error_message(), channels == 1 ? "8-bit grey: expected 8-bit RGB"
                                                     : "8-bit RGB: expected 8-bit grey");
    bt_image_u16 image16;
    CHECK(bt_png_read_u16(path, &image16) == BT_ERR_INPUT && image16.pixels == NULL);
    CHECK_CONTAINS(bt_error_message(), "expected 16-bit grey");
}

static void test_round_trip_u16(void)
{
    bt_image_u16 image;
    CHECK_OK(bt_png_write_u16(path, W, H, words_of));
    CHECK_OK(bt_png_read_u16(path, &image));
    CHECK(image.width_px == W && image.height_px == H);
    CHECK(memcmp(image.pixels, words_of, sizeof words_of) == 0);
    bt_image_u16_clear(&image);
}

// PNG's own words: big-endian samples in IHDR order, no time or text chunk.
static void test_bytes(void)
{
    char *a, *b;
    size_t a_count, b_count;
    CHECK_OK(bt_png_encode_u16(W, H, words_of, &a, &a_count));
    CHECK_OK(bt_png_encode_u16(W, H, words_of, &b, &b_count));
    CHECK(a_count == b_count && memcmp(a, b, a_count) == 0);
    CHECK(memcmp(a, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x3d\0\0\0\x25\x10\0\0\0\0", 29) == 0);
    CHECK(memcmp(a + 37, "IDAT", 4) == 0); // nothing between header and data
    bt_free(a);
    bt_free(b);
}

// With alpha, there and back.
static void test_alpha(void)
{
    static uint8_t pixels[W * H * 4];
    char *bytes;
    size_t count;
    bt_image_u8 image;
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i * 37u);
    CHECK_OK(bt_png_encode_u8(W, H, 4, pixels, &bytes, &count));
    CHECK_OK(bt_png_decode_rgba(bytes, count, &image));
    CHECK(image.channels == 4 && memcmp(image.pixels, pixels, sizeof pixels) == 0);
    bt_image_u8_clear(&image);
    bt_free(bytes);
}

static void test_refused(void)
{
    char *bytes;
    size_t count;
    bt_image_u8 image;
    CHECK(bt_png_encode_u8(0, H, 1, bytes_of, &bytes, &count) == BT_ERR_INPUT && bytes == NULL);
    CHECK(bt_png_encode_u8(W, 20000, 1, bytes_of, &bytes, &count) == BT_ERR_INPUT);
    CHECK(bt_png_encode_u8(W, H, 2, bytes_of, &bytes, &count) == BT_ERR_INPUT);
    CHECK(bt_png_write_u8("/does/not/exist.png", W, H, 1, bytes_of) == BT_ERR_IO);
    CHECK(bt_png_read_u8("/does/not/exist.png", 1, &image) == BT_ERR_IO && image.pixels == NULL);
    CHECK_OK(bt_file_write(path, "not a png", 9));
    CHECK(bt_png_read_u8(path, 1, &image) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), path);
    CHECK_OK(bt_file_write(path, "", 0));
    CHECK(bt_png_read_u8(path, 1, &image) == BT_ERR_INPUT);
}

// Damaged files give a status, never more memory than the file's own size asks for. PNG sums every
// chunk, so damage is found except in what is ignored.
static void test_hostile(void)
{
    char *good;
    size_t count;
    CHECK_OK(bt_png_encode_u8(W, H, 3, bytes_of, &good, &count));
    char *bad = bt_alloc(count + 16, 1);
    int accepted = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        bt_image_u8 image;
        size_t bad_count = mutate(good, count, i, bad);
        FILE *file = fopen(path, "wb"); // without the syncs of bt_file_write
        CHECK(file != NULL && fwrite(bad, 1, bad_count, file) == bad_count);
        if (file != NULL) fclose(file);
        if (bt_png_read_u8(path, 3, &image) == BT_OK) accepted++;
        bt_image_u8_clear(&image);
    }
    CHECK(accepted < 50);
    bt_free(bad);
    bt_free(good);
}

int main(void)
{
    if (!temp_folder(dir, sizeof dir)) return 1;
    snprintf(path, sizeof path, "%s/a.png", dir);
    fill();
    test_round_trip_u8(1);
    test_round_trip_u8(3);
    test_round_trip_u16();
    test_bytes();
    test_alpha();
    test_refused();
    test_hostile();
    temp_folder_remove(dir);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
