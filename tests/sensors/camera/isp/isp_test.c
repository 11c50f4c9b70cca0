// isp_test.c: each stage from counts to a picture.
#include "sensors/camera/isp/isp.h"

#include "engine/core/memory.h"
#include "engine/spectrum/color.h"
#include "tests/sensors/camera/isp/isp_fixture.h"
#include "tests/support/check.h"

#define WIDTH 48
#define HEIGHT 32

static const char *const mosaics[4] = {"RGGB", "BGGR", "GRBG", "GBRG"};

static bt_isp plain_isp(int mosaic)
{
    uint8_t bands[4];
    for (int i = 0; i < 4; i++)
        bands[i] = mosaics[mosaic][i] == 'R' ? 0 : mosaics[mosaic][i] == 'G' ? 1 : 2;
    return fixture_isp(WIDTH, HEIGHT, bands);
}

static void test_level(void)
{
    bt_isp isp = plain_isp(0);
    isp.white_balance[0] = 2.0;
    isp.white_balance[2] = 1.5;
    uint16_t counts[WIDTH] = {168, 168, 168 + 3927 / 3, 4095, 4095, 4095, 68};
    float out[WIDTH];
    bt_isp_level(&isp, 0, counts, out); // R G R G ...
    CHECK_NEAR(out[0], 0.0, 1e-6);
    CHECK_NEAR(out[2], 2.0 / 3.0, 1e-6);
    CHECK_NEAR(out[3], 1.0, 1e-6);
    CHECK_NEAR(out[4], 1.0, 1e-6); // saturated red is white, not red
    CHECK_NEAR(out[6], -2.0 * 100.0 / 3927.0, 1e-6);
    bt_isp_level(&isp, 1, counts, out); // G B G B ...
    CHECK_NEAR(out[2], 1.0 / 3.0, 1e-6);
    CHECK_NEAR(out[6], -100.0 / 3927.0, 1e-6);
}

static void demosaic_all(const bt_isp *isp, const float *scene, float *rgb)
{
    static float mosaic[WIDTH * HEIGHT], work[3 * WIDTH * HEIGHT];
    for (uint32_t y = 0; y < HEIGHT; y++)
        for (uint32_t x = 0; x < WIDTH; x++)
            mosaic[y * WIDTH + x] = scene[3 * (y * WIDTH + x) + isp->mosaic[2 * (y & 1) + (x & 1)]];
    CHECK_OK(bt_isp_demosaic(isp, mosaic, NULL, work, rgb));
}

// Constant colours come back everywhere, to the border; colours that change linearly come back in
// the inside (each filter's gradient terms vanish on a plane); measured samples are kept.
static void test_demosaic(int mosaic)
{
    static float scene[WIDTH * HEIGHT * 3], rgb[WIDTH * HEIGHT * 3];
    bt_isp isp = plain_isp(mosaic);
    static const float colour[3] = {0.3f, 0.5f, 0.2f};
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        scene[i] = colour[i % 3];
    demosaic_all(&isp, scene, rgb);
    double worst = 0.0;
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        worst = fmax(worst, fabs((double)rgb[i] - (double)scene[i]));
    CHECK_NEAR(worst, 0.0, 1e-6);

    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            for (int c = 0; c < 3; c++)
                scene[3 * (y * WIDTH + x) + c] = colour[c] + 0.004f * (float)x - 0.003f * (float)y;
    demosaic_all(&isp, scene, rgb);
    worst = 0.0;
    for (int y = 10; y < HEIGHT - 10; y++) // farther than the filters see
        for (int x = 10; x < WIDTH - 10; x++)
            for (int c = 0; c < 3; c++) {
                int i = 3 * (y * WIDTH + x) + c;
                worst = fmax(worst, fabs((double)rgb[i] - (double)scene[i]));
            }
    CHECK_NEAR(worst, 0.0, 1e-6);

    for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        scene[i] = (float)(((unsigned)i * 2654435761u) % 1000u) * 1e-3f;
    demosaic_all(&isp, scene, rgb);
    int kept = 0;
    for (uint32_t y = 0; y < HEIGHT; y++)
        for (uint32_t x = 0; x < WIDTH; x++) {
            uint32_t i = 3 * (y * WIDTH + x) + isp.mosaic[2 * (y & 1) + (x & 1)];
            kept += rgb[i] == scene[i];
        }
    CHECK(kept == WIDTH * HEIGHT);
}

// A grey edge: the gradient correction must beat bilinear interpolation, as the paper claims
// (5.5 dB over natural pictures; here one edge, so only that it is better).
static void test_demosaic_edge(void)
{
    static float scene[WIDTH * HEIGHT * 3], rgb[WIDTH * HEIGHT * 3];
    bt_isp isp = plain_isp(0);
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++) {
        double x = (i / 3) % WIDTH - 23.3;
        scene[i] = (float)(0.5 + 0.4 * tanh(x / 1.2));
    }
    demosaic_all(&isp, scene, rgb);
    double ours = 0.0, bilinear = 0.0;
    for (int y = 4; y < HEIGHT - 4; y += 2)
        for (int x = 4; x < WIDTH - 4; x += 2) {
            int i = 3 * (y * WIDTH + x); // red pixel: green from its four neighbours
            double plain =
                0.25 * ((double)scene[i - 3 + 1] + (double)scene[i + 3 + 1] +
                        (double)scene[i - 3 * WIDTH + 1] + (double)scene[i + 3 * WIDTH + 1]);
            double want = (double)scene[i + 1];
            ours += ((double)rgb[i + 1] - want) * ((double)rgb[i + 1] - want);
            bilinear += (plain - want) * (plain - want);
        }
    printf("edge: squared error of green %.2e, bilinear %.2e\n", ours, bilinear);
    CHECK(ours < 0.5 * bilinear);
}

// Single wrong colours go, real colours and their edges stay, brightness is untouched.
static void test_calm(void)
{
    static float scene[WIDTH * HEIGHT * 3], out[WIDTH * 3];
    bt_isp isp = plain_isp(0);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        bool left = i % WIDTH < 20;
        scene[3 * i] = left ? 0.8f : 0.1f;
        scene[3 * i + 1] = left ? 0.2f : 0.5f;
        scene[3 * i + 2] = left ? 0.1f : 0.6f;
    }
    float *odd = &scene[3 * (5 * WIDTH + 10)];
    odd[0] = 0.0f;
    odd[2] = 1.0f;
    for (uint32_t row = 0; row < HEIGHT; row++) {
        bt_isp_calm(&isp, scene, row, out);
        for (int x = 0; x < WIDTH; x++) {
            bool left = x < 20;
            CHECK_NEAR(out[3 * x], left ? 0.8 : 0.1, 1e-6);
            CHECK_NEAR(out[3 * x + 1], left ? 0.2 : 0.5, 1e-6);
            CHECK_NEAR(out[3 * x + 2], left ? 0.1 : 0.6, 1e-6);
        }
    }
    // against sorting, on numbers without order
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        scene[i] = i % 3 == 1 ? 0.0f : (float)(((unsigned)i * 2654435761u) % 1009u);
    bt_isp_calm(&isp, scene, 7, out);
    for (int x = 1; x < WIDTH - 1; x++) {
        int below = 0, same = 0;
        for (int k = 0; k < 9; k++) {
            float v = scene[3 * ((6 + k / 3) * WIDTH + x - 1 + k % 3)];
            below += v < out[3 * x];
            same += v == out[3 * x];
        }
        CHECK(same >= 1 && below <= 4 && below + same >= 5);
    }
}

static void test_color(void)
{
    bt_isp isp = plain_isp(0);
    static const double matrix[9] = {1.5, -0.4, -0.1, -0.2, 1.4, -0.2, 0.0, -0.6, 1.6};
    memcpy(isp.matrix, matrix, sizeof matrix);
    isp.digital_gain = 2.0;
    float rgb[WIDTH * 3] = {0.1f, 0.2f, 0.05f, 0.3f, 0.3f, 0.3f};
    bt_isp_color(&isp, rgb);
    CHECK_NEAR(rgb[0], 2.0 * (0.15 - 0.08 - 0.005), 1e-6);
    CHECK_NEAR(rgb[1], 2.0 * (-0.02 + 0.28 - 0.01), 1e-6);
    CHECK_NEAR(rgb[2], 2.0 * (-0.12 + 0.08), 1e-6);
    for (int i = 3; i < 6; i++)
        CHECK_NEAR(rgb[i], 0.6, 1e-6); // rows sum to 1: grey stays grey

    isp.saturation = 0.0;
    float green[WIDTH * 3] = {0.0f, 0.5f, 0.0f};
    memcpy(isp.matrix, (double[9]){1, 0, 0, 0, 1, 0, 0, 0, 1}, sizeof isp.matrix);
    isp.digital_gain = 1.0;
    bt_isp_color(&isp, green);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(green[i], 0.5 * 0.7152, 1e-6);
}

static void test_tone(void)
{
    bt_isp isp = plain_isp(0);
    isp.knee = 0.5;
    // below the knee and without contrast: plain sRGB
    CHECK_NEAR(bt_isp_tone(&isp, 0.2, 4.0), bt_srgb_encode(0.2), 1e-12);
    CHECK_NEAR(bt_isp_tone(&isp, -0.1, 4.0), 0.0, 0.0);
    CHECK_NEAR(bt_isp_tone(&isp, 4.0, 4.0), 1.0, 1e-12);
    CHECK_NEAR(bt_isp_tone(&isp, 1e9, 4.0), 1.0, 1e-12);
    // no gain: no roll-off, white stays white
    CHECK_NEAR(bt_isp_tone(&isp, 0.9, 1.0), bt_srgb_encode(0.9), 1e-12);
    // rises everywhere, one slope at the knee
    for (int contrast = 0; contrast <= 1; contrast++) {
        isp.contrast = contrast;
        double last = -1.0;
        for (int i = 0; i <= 4000; i++) {
            double y = bt_isp_tone(&isp, i * 1e-3, 4.0);
            CHECK(y >= last && y >= 0.0 && y <= 1.0);
            last = y;
        }
    }
    isp.contrast = 0.0;
    double step = 1e-5;
    double below = bt_srgb_decode(bt_isp_tone(&isp, 0.5 - step, 4.0));
    double above = bt_srgb_decode(bt_isp_tone(&isp, 0.5 + step, 4.0));
    CHECK_NEAR((above - below) / (2.0 * step), 1.0, 1e-3);
}

// Greys and colours below the knee as each channel by itself; the hue of brighter ones stays.
static void test_tone_color(void)
{
    bt_isp isp = plain_isp(0);
    bt_isp_curve curve;
    isp.contrast = 0.3;
    bt_isp_curve_fill(&isp, &curve);
    for (int i = 0; i <= 5000; i++) {
        float x = (float)i * 1e-3f, grey[3] = {x, x, x};
        bt_isp_tone_color(&isp, &curve, grey, 4.0);
        for (int c = 0; c < 3; c++)
            CHECK_NEAR(grey[c], bt_isp_tone(&isp, (double)x, 4.0), 0.01 / 255.0);
    }
    float dim[3] = {0.1f, -0.2f, 0.4f}, bright[3] = {3.0f, 1.5f, 0.3f},
          burnt[3] = {9.0f, 4.0f, 5.0f};
    bt_isp_tone_color(&isp, &curve, dim, 4.0);
    CHECK_NEAR(dim[0], bt_isp_tone(&isp, 0.1, 4.0), 0.01 / 255.0);
    CHECK_NEAR(dim[1], 0.0, 0.0);
    CHECK_NEAR(dim[2], bt_isp_tone(&isp, 0.4, 4.0), 0.01 / 255.0);
    isp.contrast = 0.0;
    bt_isp_curve_fill(&isp, &curve);
    bt_isp_tone_color(&isp, &curve, bright, 4.0);
    double linear[3];
    for (int c = 0; c < 3; c++)
        linear[c] = bt_srgb_decode((double)bright[c]);
    CHECK_NEAR((linear[1] - linear[2]) / (linear[0] - linear[2]), 1.2 / 2.7, 1e-3);
    bt_isp_tone_color(&isp, &curve, burnt, 4.0);
    for (int c = 0; c < 3; c++)
        CHECK_NEAR(burnt[c], 1.0, 1e-6);
}

static void test_develop(void)
{
    static uint16_t counts[WIDTH * HEIGHT];
    static uint8_t one[WIDTH * HEIGHT * 3], two[WIDTH * HEIGHT * 3];
    bt_isp isp = plain_isp(2);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        counts[i] = (uint16_t)(168 + 0.18 * 3927 + 0.5);
    CHECK_OK(bt_isp_develop(&isp, counts, NULL, one));
    int want = (int)(255.0 * bt_srgb_encode(0.18) + 0.5);
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++)
        CHECK(one[i] >= want - 1 && one[i] <= want + 1);

    for (int i = 0; i < WIDTH * HEIGHT; i++)
        counts[i] = (uint16_t)((unsigned)i * 2654435761u % 4096u);
    bt_jobs *jobs;
    CHECK_OK(bt_jobs_create(3, &jobs));
    CHECK_OK(bt_isp_develop(&isp, counts, NULL, one));
    CHECK_OK(bt_isp_develop(&isp, counts, jobs, two));
    CHECK(memcmp(one, two, sizeof one) == 0);
    bt_jobs_destroy(jobs);
}

int main(void)
{
    test_level();
    for (int mosaic = 0; mosaic < 4; mosaic++)
        test_demosaic(mosaic);
    test_demosaic_edge();
    test_calm();
    test_color();
    test_tone();
    test_tone_color();
    test_develop();
    return check_end();
}
