// readout_test.c: each stage from light to counts against its closed form; EMVA 1288 on the whole.
#include "sensors/camera/imager/readout.h"

#include "engine/core/memory.h"
#include "sensors/camera/imager/pattern.h"
#include "tests/support/check.h"

#define WIDTH 256
#define HEIGHT 160
#define PIXELS (WIDTH * HEIGHT)

static float film_rates[PIXELS * 3];
static bt_film film = {
    .width_px = WIDTH, .height_px = HEIGHT, .band_count = 3, .rate_e_s = film_rates};
static bt_pattern plain, patterned;
static const bt_pattern_desc pattern_desc = {.width_px = WIDTH,
                                             .height_px = HEIGHT,
                                             .seed = 3,
                                             .prnu = 0.01,
                                             .dsnu_e = 6.0,
                                             .dark_spread = 0.4,
                                             .hot_fraction = 1e-3,
                                             .hot_factor = 50.0};

static bt_readout plain_readout(void)
{
    return (bt_readout){.width_px = WIDTH,
                        .height_px = HEIGHT,
                        .seed = 9,
                        .mosaic = {0, 1, 0, 1, 1, 2, 1, 2, 0, 1, 0, 1, 1, 2, 1, 2},
                        .exposure_s = 1e-3,
                        .full_well_e = 20000.0,
                        .read_noise_e = 5.0,
                        .counts_per_e = 0.2,
                        .black_level_dn = 168.0,
                        .top_dn = 4095.0,
                        .gain = plain.gain,
                        .offset_e = plain.offset_e,
                        .dark = plain.dark};
}

static void fill_film(float rate)
{
    for (int i = 0; i < PIXELS * 3; i++)
        film_rates[i] = rate;
}

static void read_frame(const bt_readout *readout, uint16_t *counts)
{
    float e[WIDTH];
    for (uint32_t row = 0; row < HEIGHT; row++) {
        bt_readout_expose(readout, &film, row, e);
        bt_readout_collect(readout, row, e);
        bt_readout_shoot(readout, row, e);
        bt_readout_fill(readout, e);
        bt_readout_sense(readout, row, e);
        bt_readout_convert(readout, e, counts + row * WIDTH);
    }
}

// Mean of a frame, and its temporal variance from two (EMVA 1288: half the variance of the
// difference).
static void two_frames(bt_readout readout, double *mean, double *variance)
{
    static uint16_t a[PIXELS], b[PIXELS];
    readout.frame = 1;
    read_frame(&readout, a);
    readout.frame = 2;
    read_frame(&readout, b);
    double sum = 0.0, difference = 0.0, squares = 0.0;
    for (int i = 0; i < PIXELS; i++) {
        double d = (double)a[i] - (double)b[i];
        sum += 0.5 * ((double)a[i] + (double)b[i]);
        difference += d;
        squares += d * d;
    }
    *mean = sum / PIXELS;
    difference /= PIXELS;
    *variance = 0.5 * (squares / PIXELS - difference * difference);
}

static void test_expose(void)
{
    for (int i = 0; i < PIXELS; i++)
        for (int band = 0; band < 3; band++)
            film_rates[3 * i + band] = 1000.0f * (float)(band + 1) + (float)(i % 7);
    bt_readout readout = plain_readout();
    readout.exposure_s = 0.5;
    float e[WIDTH];
    static const int bands[2][2] = {{0, 1}, {1, 2}}; // RGGB
    for (uint32_t row = 0; row < 2; row++) {
        bt_readout_expose(&readout, &film, row, e);
        for (uint32_t x = 0; x < WIDTH; x++) {
            double rate = 1000.0 * (bands[row][x & 1] + 1) + (row * WIDTH + x) % 7;
            CHECK_NEAR(e[x], 0.5 * rate, 1e-3);
        }
    }
}

static void test_collect_and_fill(void)
{
    bt_readout readout = plain_readout();
    readout.gain = patterned.gain;
    readout.dark = patterned.dark;
    readout.exposure_s = 0.01;
    readout.dark_current_e_s = 500.0;
    float e[WIDTH];
    for (int x = 0; x < WIDTH; x++)
        e[x] = 1000.0f;
    bt_readout_collect(&readout, 5, e);
    for (int x = 0; x < WIDTH; x++) {
        size_t pixel = 5 * WIDTH + (size_t)x;
        double want = 1000.0 * (double)patterned.gain[pixel] + 5.0 * (double)patterned.dark[pixel];
        CHECK_NEAR(e[x], want, 1e-3);
    }
    e[0] = 1e6f;
    e[1] = 3.0f;
    bt_readout_fill(&readout, e);
    CHECK(e[0] == 20000.0f && e[1] == 3.0f);
}

static void test_convert(void)
{
    bt_readout readout = plain_readout();
    float e[WIDTH] = {0.0f, 100.0f, 102.4f, 102.6f, 1e9f, -1e9f, 2.4f, 2.6f};
    uint16_t counts[WIDTH];
    bt_readout_convert(&readout, e, counts);
    static const uint16_t want[8] = {168, 188, 188, 189, 4095, 0, 168, 169};
    for (int i = 0; i < 8; i++)
        CHECK(counts[i] == want[i]);
}

// Doubles every 7 K; and the counts say so.
static void test_dark_current(void)
{
    CHECK_NEAR(bt_dark_current(9.0, 298.15, 7.0, 298.15), 9.0, 1e-12);
    CHECK_NEAR(bt_dark_current(9.0, 298.15, 7.0, 312.15), 36.0, 1e-9);
    CHECK_NEAR(bt_dark_current(9.0, 298.15, 7.0, 291.15), 4.5, 1e-9);

    fill_film(0.0f);
    bt_readout readout = plain_readout();
    readout.exposure_s = 0.1;
    double means[3], variance;
    for (int i = 0; i < 3; i++) {
        readout.dark_current_e_s =
            i == 0 ? 0.0 : bt_dark_current(4000.0, 300.0, 7.0, 293.0 + 7 * i);
        two_frames(readout, &means[i], &variance);
    }
    // 400 e and 800 e at 0.2 counts each; shot noise of the mean is 0.2 sqrt(800 / 81920)
    CHECK_NEAR(means[1] - means[0], 80.0, 0.1);
    CHECK_NEAR(means[2] - means[0], 160.0, 0.1);
}

// EMVA 1288 photon transfer: variance over mean above dark is the gain; read noise from the dark.
static void test_photon_transfer(void)
{
    bt_readout readout = plain_readout();
    double dark_mean, dark_variance;
    fill_film(0.0f);
    two_frames(readout, &dark_mean, &dark_variance);
    CHECK_NEAR(dark_mean, 168.0, 0.02);
    // (5 e)^2 0.2^2 + 1/12, known to sqrt(2 / pixels) of itself
    double want_dark = 25.0 * 0.04 + 1.0 / 12.0;
    CHECK_NEAR(dark_variance, want_dark, 4.5 * want_dark * sqrt(2.0 / PIXELS));

    double xy = 0.0, xx = 0.0;
    for (int step = 1; step <= 7; step++) {
        double mean, variance;
        fill_film((float)step * 2e6f); // 2000 to 14000 e: up to 70 % of the well
        two_frames(readout, &mean, &variance);
        CHECK_NEAR(mean - dark_mean, 400.0 * step, 0.3);
        // weights 1 / variance^2 go as 1 / mean^2
        double weight = 1.0 / ((mean - dark_mean) * (mean - dark_mean));
        xy += weight * (mean - dark_mean) * (variance - dark_variance);
        xx += weight * (mean - dark_mean) * (mean - dark_mean);
        double snr = (mean - dark_mean) / sqrt(variance);
        double e = 2000.0 * step;
        CHECK_NEAR(snr, e / sqrt(e + 25.0 + 25.0 / 12.0), 0.02 * snr);
    }
    printf("gain from photon transfer %.5f, set 0.2\n", xy / xx);
    CHECK_NEAR(xy / xx, 0.2, 0.2 * 4.5 * sqrt(2.0 / PIXELS / 7.0));
}

// Beyond the well the variance falls to that of the read-out: the curve has its maximum before.
static void test_saturation(void)
{
    bt_readout readout = plain_readout();
    readout.counts_per_e = 0.1;
    double mean, variance;
    fill_film(4e7f);
    two_frames(readout, &mean, &variance);
    CHECK_NEAR(mean, 168.0 + 2000.0, 0.05);
    CHECK_NEAR(variance, 25.0 * 0.01 + 1.0 / 12.0, 0.02);
}

// Standard deviations recovered from a stack of frames; the pattern is this specimen's for good.
static void test_fixed_pattern(void)
{
    enum { FRAMES = 24 };
    static double dark[PIXELS], bright[PIXELS];
    static uint16_t counts[PIXELS];
    bt_readout readout = plain_readout();
    readout.gain = patterned.gain;
    readout.offset_e = patterned.offset_e;
    memset(dark, 0, sizeof dark);
    memset(bright, 0, sizeof bright);
    for (int frame = 0; frame < FRAMES; frame++) {
        readout.frame = (uint64_t)frame;
        fill_film(0.0f);
        read_frame(&readout, counts);
        for (int i = 0; i < PIXELS; i++)
            dark[i] += counts[i] / (double)FRAMES;
        fill_film(1e7f); // 10000 e, 50 % of the well
        read_frame(&readout, counts);
        for (int i = 0; i < PIXELS; i++)
            bright[i] += counts[i] / (double)FRAMES;
    }

    double sums[4] = {0};
    for (int i = 0; i < PIXELS; i++) {
        sums[0] += dark[i];
        sums[1] += dark[i] * dark[i];
        sums[2] += bright[i];
        sums[3] += bright[i] * bright[i];
    }
    for (int i = 0; i < 4; i++)
        sums[i] /= PIXELS;
    // the stack's own temporal noise is subtracted (EMVA 1288)
    double temporal_dark = (25.0 * 0.04 + 1.0 / 12.0) / FRAMES;
    double temporal_bright = (10025.0 * 0.04 + 1.0 / 12.0) / FRAMES;
    double dark_variance = sums[1] - sums[0] * sums[0] - temporal_dark;
    double bright_variance = sums[3] - sums[2] * sums[2] - temporal_bright;
    double dsnu_e = sqrt(dark_variance) / 0.2;
    double prnu = sqrt(bright_variance - dark_variance) / (sums[2] - sums[0]);
    printf("DSNU %.3f e (set 6), PRNU %.5f (set 0.01)\n", dsnu_e, prnu);
    CHECK_NEAR(dsnu_e, 6.0, 6.0 * 0.02);
    CHECK_NEAR(prnu, 0.01, 0.01 * 0.02);
}

static void test_pattern(void)
{
    double dark = 0.0;
    int hot = 0;
    for (int i = 0; i < PIXELS; i++) {
        if (patterned.dark[i] > 10.0f) {
            hot++;
        } else {
            dark += (double)patterned.dark[i];
        }
    }
    CHECK_NEAR(dark / (PIXELS - hot), 1.0, 4.5 * 0.42 / sqrt(PIXELS));
    CHECK_NEAR(hot, PIXELS * 1e-3, 4.5 * sqrt(PIXELS * 1e-3));

    bt_pattern other;
    bt_pattern_desc desc = pattern_desc;
    CHECK_OK(bt_pattern_init(&desc, NULL, &other));
    CHECK(memcmp(other.gain, patterned.gain, PIXELS * sizeof(float)) == 0);
    bt_pattern_clear(&other);
    desc.seed++;
    CHECK_OK(bt_pattern_init(&desc, NULL, &other));
    CHECK(memcmp(other.gain, patterned.gain, PIXELS * sizeof(float)) != 0);
    bt_pattern_clear(&other);
}

// Rows share one number each: the variance of row means tells it from read noise.
static void test_row_noise(void)
{
    static uint16_t counts[PIXELS];
    bt_readout readout = plain_readout();
    readout.row_noise_e = 10.0;
    fill_film(0.0f);
    double sum = 0.0, squares = 0.0;
    int rows = 0;
    for (uint64_t frame = 0; frame < 8; frame++) {
        readout.frame = frame;
        read_frame(&readout, counts);
        for (int row = 0; row < HEIGHT; row++, rows++) {
            double mean = 0.0;
            for (int x = 0; x < WIDTH; x++)
                mean += counts[row * WIDTH + x] / (double)WIDTH;
            sum += mean;
            squares += mean * mean;
        }
    }
    double variance = squares / rows - (sum / rows) * (sum / rows);
    double want = 100.0 * 0.04 + (25.0 * 0.04 + 1.0 / 12.0) / WIDTH;
    CHECK_NEAR(variance, want, 4.5 * want * sqrt(2.0 / rows));
}

int main(void)
{
    bt_pattern_desc none = {.width_px = WIDTH, .height_px = HEIGHT};
    CHECK_OK(bt_pattern_init(&none, NULL, &plain));
    CHECK_OK(bt_pattern_init(&pattern_desc, NULL, &patterned));
    CHECK(plain.gain[17] == 1.0f && plain.offset_e[17] == 0.0f && plain.dark[17] == 1.0f);
    test_expose();
    test_collect_and_fill();
    test_convert();
    test_dark_current();
    test_photon_transfer();
    test_saturation();
    test_fixed_pattern();
    test_pattern();
    test_row_noise();
    bt_pattern_clear(&plain);
    bt_pattern_clear(&patterned);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
