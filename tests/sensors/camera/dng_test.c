// dng_test.c: a frame as a Digital Negative: the same bytes twice, what tags say, and, where rawpy
// (LibRaw) is installed, what a raw converter that is not ours makes of it.
#include "sensors/camera/camera.h"

#include "engine/core/memory.h"
#include "sensors/camera/camera_lua.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <unistd.h>

#define WIDTH 64
#define HEIGHT 48
#define PIXELS (WIDTH * HEIGHT)

static const char *const roots[] = {"assets"};
static bt_camera_sheet sheet;
static uint16_t raw[PIXELS];

// A grey wall under the light that the sheet balances for, half of the range in green.
static void take(const bt_camera *camera, bt_camera_state *state)
{
    bt_view view;
    bt_film *film;
    bt_camera_state_init(camera, state);
    bt_camera_view(camera, state, BT_POSE_IDENTITY, &view);
    CHECK_OK(bt_film_create(WIDTH, HEIGHT, 3, &film));
    double gains[3], green = 0.5 * (double)view.full_e[0][1] / state->exposure.exposure_s;
    bt_camera_balance(camera, &state->exposure, gains);
    for (uint32_t i = 0; i < 3 * PIXELS; i++)
        film->rate_e_s[i] = (float)(green * gains[1] / gains[i % 3]);
    CHECK_OK(bt_camera_read(camera, state, film, 1, NULL, raw));
    bt_film_destroy(film);
}

static uint32_t word(const char *bytes, size_t at)
{
    const unsigned char *b = (const unsigned char *)bytes + at;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

// Where a tag's entry lies in the first directory; 0: it is not there.
static size_t entry_of(const char *bytes, size_t count, uint32_t tag)
{
    size_t directory = word(bytes, 4);
    if (directory + 2 > count) return 0;
    uint32_t entries = word(bytes, directory) & 0xffffu;
    for (uint32_t i = 0; i < entries; i++) {
        size_t at = directory + 2 + 12 * (size_t)i;
        if (at + 12 <= count && (word(bytes, at) & 0xffffu) == tag) return at;
    }
    return 0;
}

static void test_tags(const char *bytes, size_t count)
{
    CHECK(memcmp(bytes, "II*", 3) == 0);
    size_t version = entry_of(bytes, count, 50706), pattern = entry_of(bytes, count, 33422);
    size_t white = entry_of(bytes, count, 50717), illuminant = entry_of(bytes, count, 50778);
    CHECK(version && memcmp(bytes + version + 8, "\1\4\0\0", 4) == 0);
    CHECK(pattern && memcmp(bytes + pattern + 8, "\1\0\2\1", 4) == 0); // GRBG
    CHECK(white && (word(bytes, white + 8) & 0xffffu) == 4095);
    CHECK(illuminant && (word(bytes, illuminant + 8) & 0xffffu) == 20);
    // the counts themselves, as they were
    size_t strip = entry_of(bytes, count, 273);
    CHECK(strip && memcmp(bytes + word(bytes, strip + 8), raw, sizeof raw) == 0);
}

// LibRaw's linear sRGB of a grey wall is grey, its own reading of levels and counts is ours.
static void test_outside(const char *bytes, size_t count)
{
    char path[] = "/tmp/dng_test_XXXXXX", command[1024];
    int file = mkstemp(path);
    CHECK(file >= 0 && write(file, bytes, count) == (ssize_t)count);
    (void)close(file);
    if (system("python3 -c 'import rawpy, numpy' 2>/dev/null") != 0) {
        puts("no rawpy here: not compared with LibRaw");
        (void)unlink(path);
        return;
    }
    snprintf(command, sizeof command,
             "python3 -c \"import rawpy, numpy\n"
             "r = rawpy.imread('%s')\n"
             "assert r.black_level_per_channel[0] == 168 and r.white_level == 4095\n"
             "assert r.raw_image.shape == (%d, %d) and int(r.raw_image[7, 9]) == %d\n"
             "p = r.postprocess(use_camera_wb=True, no_auto_bright=True, gamma=(1, 1),"
             " output_bps=16).astype(float)\n"
             "m = p[8:-8, 8:-8].mean(axis=(0, 1)); print('LibRaw: grey wall', m)\n"
             "assert abs(m / m.mean() - 1).max() < 0.02\"",
             path, HEIGHT, WIDTH, raw[7 * WIDTH + 9]);
    fflush(stdout);
    CHECK(system(command) == 0);
    (void)unlink(path);
}

// Companded codes carry a table of what they stand for, in the range of 16 bits.
static void test_companded(void)
{
    static bt_camera_sheet hdr;
    bt_camera *camera = NULL;
    bt_camera_state state;
    char *bytes = NULL;
    size_t count = 0;
    CHECK_OK(bt_camera_sheet_load("cameras/ox03c10.lua", roots, 1, &hdr));
    bt_camera_desc desc = {.sheet = &hdr, .width_px = WIDTH, .height_px = HEIGHT};
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    bt_camera_state_init(camera, &state);
    CHECK_OK(bt_camera_dng(camera, &state, raw, &bytes, &count));
    size_t entry = bytes ? entry_of(bytes, count, 50712) : 0;
    uint32_t codes = entry ? word(bytes, entry + 4) : 0;
    CHECK(codes == 4096 && word(bytes, entry + 8) + 2 * (size_t)codes + 2 <= count);
    double top = bt_camera_linear(camera, 4095.0);
    for (uint32_t code = 0; code < codes; code++) {
        uint32_t linear = word(bytes, word(bytes, entry + 8) + 2 * (size_t)code) & 0xffffu;
        CHECK_NEAR(linear, bt_camera_linear(camera, code) / top * 65535.0, 0.5 + 1e-6);
    }
    size_t white = bytes ? entry_of(bytes, count, 50717) : 0;
    CHECK(white && word(bytes, white + 8) == 65535);
    bt_free(bytes);
    bt_camera_destroy(camera);
}

static void test_refused(void)
{
    bt_camera *camera = NULL;
    bt_camera_state state;
    char *bytes;
    size_t count;
    CHECK_OK(bt_sheet_set_mosaic(&sheet, "MONO"));
    bt_camera_desc desc = {.sheet = &sheet, .width_px = WIDTH, .height_px = HEIGHT};
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    bt_camera_state_init(camera, &state);
    CHECK(bt_camera_dng(camera, &state, raw, &bytes, &count) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "MONO");
    bt_camera_destroy(camera);
}

int main(void)
{
    bt_camera *camera = NULL;
    bt_camera_state state;
    char *bytes = NULL, *again = NULL;
    size_t count = 0, second = 0;
    CHECK_OK(bt_camera_sheet_load("cameras/front_1mp.lua", roots, 1, &sheet));
    bt_camera_desc desc = {.sheet = &sheet, .width_px = WIDTH, .height_px = HEIGHT};
    CHECK_OK(bt_camera_create(&desc, NULL, &camera));
    take(camera, &state);
    CHECK_OK(bt_camera_dng(camera, &state, raw, &bytes, &count));
    CHECK_OK(bt_camera_dng(camera, &state, raw, &again, &second));
    CHECK(count == second && memcmp(bytes, again, count) == 0);
    if (bytes) test_tags(bytes, count);
    if (bytes) test_outside(bytes, count);
    bt_free(bytes);
    bt_free(again);
    bt_camera_destroy(camera);
    test_companded();
    test_refused();
    return check_end();
}
