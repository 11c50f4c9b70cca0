// exr_test.c: planes of floats come back bit for bit; hostile files are refused.
#include "engine/image/exr.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "tests/support/check.h"
#include "tests/support/mutate.h"
#include "tests/support/temp.h"

#define W 61
#define H 37 // two whole blocks of 16 lines and a part

static char dir[4096], path[4200];
static float a[W * H], b[W * H];

static void fill(void)
{
    for (uint32_t i = 0; i < W * H; i++) {
        a[i] = (float)bt_random_normal(1, BT_STREAM_TEST, i, 0) * 1e6f;
        b[i] = (float)(i % 7);
    }
    a[0] = INFINITY;
    a[1] = -INFINITY;
    a[2] = NAN;
    a[3] = -0.0f;
    a[4] = 1e-42f; // denormal
}

// Names in an order that the file's own is not.
static const bt_exr_channel channels[2] = {{"depth.Z", a}, {"depth.D", b}};

static void test_round_trip(void)
{
    bt_exr_image image;
    CHECK_OK(bt_exr_write(path, W, H, channels, 2));
    CHECK_OK(bt_exr_read(path, (const char *const[]){"depth.Z", "depth.D"}, 2, &image));
    CHECK(image.width_px == W && image.height_px == H && image.channel_count == 2);
    if (image.pixels == NULL) return;
    CHECK(memcmp(image.pixels, a, sizeof a) == 0);
    CHECK(memcmp(image.pixels + W * H, b, sizeof b) == 0);
    bt_exr_image_clear(&image);

    CHECK_OK(bt_exr_read(path, (const char *const[]){"depth.D"}, 1, &image));
    CHECK(memcmp(image.pixels, b, sizeof b) == 0);
    bt_exr_image_clear(&image);
    CHECK(bt_exr_read(path, (const char *const[]){"Z"}, 1, &image) == BT_ERR_INPUT);
    CHECK(image.pixels == NULL);
    CHECK_CONTAINS(bt_error_message(), "it has no channel 'Z'");
    CHECK_CONTAINS(bt_error_message(), path);
}

static void test_sizes(void)
{
    const uint32_t sizes[][2] = {{1, 1}, {1, 16}, {61, 17}, {3, 32}};
    for (int i = 0; i < 4; i++) {
        bt_exr_image image;
        CHECK_OK(bt_exr_write(path, sizes[i][0], sizes[i][1], channels, 1));
        CHECK_OK(bt_exr_read(path, (const char *const[]){"depth.Z"}, 1, &image));
        CHECK(image.width_px == sizes[i][0] && image.height_px == sizes[i][1]);
        CHECK(memcmp(image.pixels, a, sizeof(float) * sizes[i][0] * sizes[i][1]) == 0);
        bt_exr_image_clear(&image);
    }
}

// Blocks that compress to a little less than, exactly, or a little more than their own length.
static void test_incompressible(void)
{
    int wrong = 0;
    for (uint32_t i = 0; i < 800; i++) {
        bt_exr_image image;
        char *bytes;
        size_t count;
        float pixels[200];
        const uint32_t width = 200;
        for (uint32_t x = 0; x < width; x++) {
            uint32_t bits = bt_random_u32(i, BT_STREAM_TEST, x, 0);
            if (x >= width - i % 25) bits = 0;
            memcpy(&pixels[x], &bits, sizeof bits);
        }
        const bt_exr_channel channel = {"Z", pixels};
        CHECK_OK(bt_exr_encode(width, 1, &channel, 1, &bytes, &count));
        FILE *file = fopen(path, "wb"); // without the syncs of bt_file_write
        CHECK(file != NULL && fwrite(bytes, 1, count, file) == count);
        if (file != NULL) fclose(file);
        CHECK_OK(bt_exr_read(path, (const char *const[]){"Z"}, 1, &image));
        wrong += memcmp(image.pixels, pixels, sizeof(float) * width) != 0;
        bt_exr_image_clear(&image);
        bt_free(bytes);
    }
    CHECK(wrong == 0);
    if (wrong > 0) fprintf(stderr, "    %d of 800 images\n", wrong);
}

static void test_bytes(void)
{
    char *one, *two;
    size_t one_count, two_count;
    CHECK_OK(bt_exr_encode(W, H, channels, 2, &one, &one_count));
    CHECK_OK(bt_exr_encode(W, H, channels, 2, &two, &two_count));
    CHECK(one_count == two_count && memcmp(one, two, one_count) == 0);
    CHECK(one_count < sizeof a + sizeof b); // b compresses
    bt_free(one);
    bt_free(two);
}

static void test_refused(void)
{
    char *bytes;
    size_t count;
    bt_exr_image image;
    const char *const name[] = {"Z"};
    const bt_exr_channel twice[2] = {{"Z", a}, {"Z", b}};
    const bt_exr_channel nameless = {"", a};
    const bt_exr_channel wordy = {"a name of more than thirty-one letters", a};
    CHECK(bt_exr_encode(0, H, channels, 1, &bytes, &count) == BT_ERR_INPUT && bytes == NULL);
    CHECK(bt_exr_encode(W, 20000, channels, 1, &bytes, &count) == BT_ERR_INPUT);
    CHECK(bt_exr_encode(W, H, channels, 0, &bytes, &count) == BT_ERR_INPUT);
    CHECK(bt_exr_encode(W, H, twice, 2, &bytes, &count) == BT_ERR_INPUT);
    CHECK(bt_exr_encode(W, H, &nameless, 1, &bytes, &count) == BT_ERR_INPUT);
    CHECK(bt_exr_encode(W, H, &wordy, 1, &bytes, &count) == BT_ERR_INPUT);
    CHECK(bt_exr_write("/does/not/exist.exr", W, H, channels, 1) == BT_ERR_IO);
    CHECK(bt_exr_read("/does/not/exist.exr", name, 1, &image) == BT_ERR_IO);
    CHECK_OK(bt_file_write(path, "not an exr file, though long enough", 35));
    CHECK(bt_exr_read(path, name, 1, &image) == BT_ERR_INPUT);
    CHECK_OK(bt_file_write(path, "", 0));
    CHECK(bt_exr_read(path, name, 1, &image) == BT_ERR_INPUT);
    CHECK(strlen(bt_error_message()) > strlen(path));
}

static void test_hostile(void)
{
    char *good;
    size_t count;
    CHECK_OK(bt_exr_encode(W, H, channels, 2, &good, &count));
    char *bad = bt_alloc(count + 16, 1);
    int refused = 0;
    for (uint64_t i = 0; i < 1500; i++) {
        bt_exr_image image;
        size_t bad_count = mutate(good, count, i, bad);
        FILE *file = fopen(path, "wb"); // without the syncs of bt_file_write
        CHECK(file != NULL && fwrite(bad, 1, bad_count, file) == bad_count);
        if (file != NULL) fclose(file);
        if (bt_exr_read(path, (const char *const[]){"depth.D"}, 1, &image) != BT_OK) refused++;
        bt_exr_image_clear(&image);
    }
    CHECK(refused > 500); // pixels have no checksum of their own beyond zlib's
    bt_free(bad);
    bt_free(good);
}

int main(void)
{
    if (!temp_folder(dir, sizeof dir)) return 1;
    snprintf(path, sizeof path, "%s/a.exr", dir);
    fill();
    test_round_trip();
    test_sizes();
    test_incompressible();
    test_bytes();
    test_refused();
    test_hostile();
    temp_folder_remove(dir);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
