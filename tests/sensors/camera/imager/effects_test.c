// effects_test.c: what single models of the imager do, each against its closed form: row and column
// patterns, telegraph pixels, column noise, converter, black clamp, blooming, soft well, eclipse, shutter.
#include "engine/core/memory.h"
#include "engine/render/view.h"
#include "sensors/camera/imager/bloom.h"
#include "sensors/camera/imager/pattern.h"
#include "sensors/camera/imager/readout.h"
#include "sensors/camera/imager/rts.h"
#include "tests/support/check.h"

enum { WIDTH = 256, HEIGHT = 256, PIXELS = WIDTH * HEIGHT };
static bt_pattern none;

static bt_readout plain(void)
{
    return (bt_readout){.width_px = WIDTH,
                        .height_px = HEIGHT,
                        .seed = 9,
                        .exposure_s = 0.01,
                        .full_well_e = 20000.0,
                        .counts_per_e = 0.2,
                        .black_level_dn = 168.0,
                        .top_dn = 4095.0,
                        .gain = none.gain,
                        .offset_e = none.offset_e,
                        .dark = none.dark};
}

// EMVA 1288 release 4: variances of column means, of row means and of all, into column, row, pixel.
static void split(const float *values, double *column2, double *row2, double *pixel2)
{
    double m = HEIGHT, n = WIDTH, mean = 0.0, all = 0.0, rows = 0.0, columns = 0.0;
    static double row_mean[HEIGHT], column_mean[WIDTH];
    memset(row_mean, 0, sizeof row_mean);
    memset(column_mean, 0, sizeof column_mean);
    for (int i = 0; i < PIXELS; i++) {
        mean += (double)values[i] / PIXELS;
        row_mean[i / WIDTH] += (double)values[i] / n;
        column_mean[i % WIDTH] += (double)values[i] / m;
    }
    for (int i = 0; i < PIXELS; i++)
        all += ((double)values[i] - mean) * ((double)values[i] - mean) / PIXELS;
    for (int i = 0; i < HEIGHT; i++)
        rows += (row_mean[i] - mean) * (row_mean[i] - mean) / m;
    for (int i = 0; i < WIDTH; i++)
        columns += (column_mean[i] - mean) * (column_mean[i] - mean) / n;
    double rest = m * n - m - n;
    *column2 = ((m * n - m) * columns - n * (all - rows)) / rest;
    *row2 = ((m * n - n) * rows - m * (all - columns)) / rest;
    *pixel2 = all - *column2 - *row2;
}

static void test_split_pattern(void)
{
    bt_pattern_desc desc = {.width_px = WIDTH,
                            .height_px = HEIGHT,
                            .seed = 3,
                            .prnu = 0.01,
                            .prnu_row = 0.004,
                            .prnu_column = 0.006,
                            .dsnu_e = 5.0,
                            .dsnu_row_e = 3.0,
                            .dsnu_column_e = 2.0};
    bt_pattern pattern;
    double column2, row2, pixel2;
    CHECK_OK(bt_pattern_init(&desc, NULL, &pattern));
    split(pattern.gain, &column2, &row2, &pixel2);
    printf("PRNU pixel %.5f row %.5f column %.5f\n", sqrt(pixel2), sqrt(row2), sqrt(column2));
    CHECK_NEAR(sqrt(pixel2), 0.01, 0.01 * 0.02);
    CHECK_NEAR(sqrt(row2), 0.004, 0.004 * 4.5 * sqrt(0.5 / HEIGHT));
    CHECK_NEAR(sqrt(column2), 0.006, 0.006 * 4.5 * sqrt(0.5 / WIDTH));
    split(pattern.offset_e, &column2, &row2, &pixel2);
    CHECK_NEAR(sqrt(pixel2), 5.0, 5.0 * 0.02);
    CHECK_NEAR(sqrt(row2), 3.0, 3.0 * 4.5 * sqrt(0.5 / HEIGHT));
    CHECK_NEAR(sqrt(column2), 2.0, 2.0 * 4.5 * sqrt(0.5 / WIDTH));
    CHECK(pattern.rts_e == NULL);
    bt_pattern_clear(&pattern);
}

// Share of time, rate of jumps and covariance of the process; the same at the same time.
static void test_rts_process(void)
{
    enum { SERIES = 4000, TIMES = 60 };
    double rate = 20.0, duty = 0.3, dt = 0.01, high = 0.0, product = 0.0, rises = 0.0;
    for (uint64_t pixel = 0; pixel < SERIES; pixel++) {
        bool last = bt_rts_is_high(7, pixel, rate, duty, -0.1);
        for (int i = 1; i < TIMES; i++) {
            bool now = bt_rts_is_high(7, pixel, rate, duty, -0.1 + dt * i);
            high += now;
            product += now && last;
            rises += now && !last;
            last = now;
        }
    }
    double count = SERIES * (TIMES - 1.0);
    // samples of one pixel hang together over 1 / (rate dt) = 5 of them
    double independent = count * (1.0 - exp(-rate * dt)) / (1.0 + exp(-rate * dt));
    CHECK_NEAR(high / count, duty, 4.5 * sqrt(duty * (1 - duty) / independent));
    double want = duty * duty + duty * (1 - duty) * exp(-rate * dt);
    CHECK_NEAR(product / count, want, 4.5 * sqrt(want / independent));
    CHECK_NEAR(rises / count, (1 - duty) * duty * (1 - exp(-rate * dt)), 0.003);
    CHECK(bt_rts_is_high(7, 5, 1e6, duty, 12345.0) == bt_rts_is_high(7, 5, 1e6, duty, 12345.0));
}

// Pixels that jump, how far, and that others do not.
static void test_rts_pixels(void)
{
    bt_pattern_desc desc = {.width_px = WIDTH,
                            .height_px = HEIGHT,
                            .seed = 3,
                            .rts_fraction = 0.05,
                            .rts_amplitude_e = 40.0};
    bt_pattern pattern;
    CHECK_OK(bt_pattern_init(&desc, NULL, &pattern));
    double jumping = 0.0, sum = 0.0, moved = 0.0;
    bt_readout readout = plain();
    readout.rts_e = pattern.rts_e;
    readout.rts_rate_hz = 1000.0;
    readout.rts_duty = 0.5;
    for (uint32_t row = 0; row < HEIGHT; row++) {
        float a[WIDTH] = {0}, b[WIDTH] = {0};
        readout.time_s = 1.0;
        bt_readout_sense(&readout, row, a);
        readout.time_s = 2.0;
        bt_readout_sense(&readout, row, b);
        for (uint32_t x = 0; x < WIDTH; x++) {
            float jump = pattern.rts_e[row * WIDTH + x];
            jumping += jump > 0.0f;
            sum += (double)jump;
            moved += a[x] != b[x];
            CHECK(a[x] == 0.0f || a[x] == jump);
        }
    }
    CHECK_NEAR(jumping, 0.05 * PIXELS, 4.5 * sqrt(0.05 * PIXELS));
    CHECK_NEAR(sum / jumping, 40.0, 4.5 * 40.0 / sqrt(jumping));
    CHECK_NEAR(moved / jumping, 0.5, 4.5 * 0.5 / sqrt(jumping));
    bt_pattern_clear(&pattern);
}

static void test_column_noise(void)
{
    static float columns[2][WIDTH];
    bt_readout readout = plain();
    double square = 0.0, product = 0.0;
    for (uint64_t frame = 0; frame < 40; frame += 2) {
        for (uint64_t i = 0; i < 2; i++) {
            readout.frame = frame + i;
            bt_readout_columns(&readout, 3.0, columns[i]);
        }
        for (int x = 0; x < WIDTH; x++) {
            square += (double)(columns[0][x] * columns[0][x]) / (20.0 * WIDTH);
            product += (double)(columns[0][x] * columns[1][x]) / (20.0 * WIDTH);
        }
    }
    CHECK_NEAR(square, 9.0, 9.0 * 4.5 * sqrt(2.0 / (20 * WIDTH)));
    CHECK_NEAR(product, 0.0, 9.0 * 4.5 / sqrt(20 * WIDTH));
    float e[2][WIDTH] = {{0}};
    readout.column_e = columns[0];
    bt_readout_sense(&readout, 0, e[0]);
    bt_readout_sense(&readout, 77, e[1]);
    CHECK(memcmp(e[0], e[1], sizeof e[0]) == 0 && e[0][9] == columns[0][9]);
}

// A ramp through the converter: widths of codes spread as asked for, the curve is the one given.
static void test_adc(void)
{
    bt_sheet_curve inl = {.count = 3, .at = {0.0, 0.5, 1.0}, .value = {0.0, 6.0, 0.0}};
    bt_adc adc;
    CHECK_OK(bt_adc_init(&inl, 0.0, 4095, 1, &adc));
    for (int dn = 0; dn <= 4095; dn += 5) {
        double bend = 6.0 * (1.0 - fabs(dn - 2047.5) / 2047.5);
        CHECK_NEAR(bt_adc_code(&adc, dn), fmin(dn + bend, 4095.0), 0.501);
    }
    CHECK(bt_adc_code(&adc, -1e6) == 0 && bt_adc_code(&adc, 1e6) == 4095);
    bt_adc_clear(&adc);

    static double width[4096];
    inl.count = 0;
    CHECK_OK(bt_adc_init(&inl, 0.2, 4095, 1, &adc));
    uint16_t last = 0;
    for (int i = 0; i < 4096 * 64; i++) {
        uint16_t code = bt_adc_code(&adc, (i + 0.5) / 64.0 - 0.5);
        width[code] += 1.0 / 64.0;
        CHECK(code >= last && code <= last + 1);
        last = code;
    }
    double square = 0.0, next = 0.0;
    for (int code = 1; code < 4094; code++) {
        square += (width[code] - 1.0) * (width[code] - 1.0) / 4093.0;
        next += (width[code] - 1.0) * (width[code + 1] - 1.0) / 4093.0;
    }
    printf("DNL %.4f (set 0.2), correlation of neighbours %.3f\n", sqrt(square), next / square);
    CHECK_NEAR(sqrt(square), 0.2, 0.01);
    CHECK_NEAR(next / square, -0.5, 0.08);
    bt_adc_clear(&adc);
}

// beta = 1: all charge stays; less: what is lost is what the hops lose. More up and down than sideways.
static void test_bloom(void)
{
    static float e[PIXELS];
    bt_bloom bloom = {WIDTH, HEIGHT, 1000.0f, 1.0f, 0.8f};
    int middle = 128 * WIDTH + 128;
    for (int i = 0; i < PIXELS; i++)
        e[i] = 200.0f;
    e[middle] = 50000.0f;
    CHECK_OK(bt_bloom_spread(&bloom, NULL, e));
    double sum = 0.0, up = 0.0, down = 0.0, left = 0.0, right = 0.0;
    for (int i = 0; i < PIXELS; i++) {
        sum += (double)e[i];
        CHECK(e[i] >= 200.0f && e[i] <= 1000.0f);
    }
    for (int i = 1; i < 100; i++) {
        up += (double)e[middle - i * WIDTH] - 200.0;
        down += (double)e[middle + i * WIDTH] - 200.0;
        left += (double)e[middle - i] - 200.0;
        right += (double)e[middle + i] - 200.0;
    }
    CHECK_NEAR(sum, 200.0 * (PIXELS - 1) + 50000.0, 1.0);
    CHECK_NEAR(up, 0.4 * 49000.0, 0.5);
    CHECK_NEAR(down, 0.4 * 49000.0, 0.5);
    CHECK_NEAR(left, 0.1 * 49000.0, 0.5);
    CHECK_NEAR(right, 0.1 * 49000.0, 0.5);

    // each hop takes its half: of q = beta / 2 * 9000 the first pixel has room for 800, the next gets
    // beta times the rest
    bloom.beta = 0.5f;
    bloom.column = 1.0f;
    for (int i = 0; i < PIXELS; i++)
        e[i] = 200.0f;
    e[middle] = 10000.0f;
    CHECK_OK(bt_bloom_spread(&bloom, NULL, e));
    double q = 0.25 * 9000.0;
    for (int i = 1; i <= 3; i++) {
        double taken = fmin(q, 800.0);
        CHECK_NEAR(e[middle + i * WIDTH], 200.0 + taken, 1e-2);
        CHECK_NEAR(e[middle - i * WIDTH], 200.0 + taken, 1e-2);
        q = (q - taken) * 0.5;
    }
    CHECK(e[middle + 1] == 200.0f && e[middle] == 1000.0f);
    // at a border it is lost, no more
    e[0] = 5000.0f;
    CHECK_OK(bt_bloom_spread(&bloom, NULL, e));
    CHECK(e[0] == 1000.0f && e[WIDTH] == 1000.0f && e[1] == 200.0f);
}

static void test_soft_well(void)
{
    bt_readout readout = plain();
    float e[WIDTH] = {5000.0f, 15999.0f, 18000.0f, 1e7f};
    readout.soft_well = 0.8;
    bt_readout_fill(&readout, e);
    CHECK(e[0] == 5000.0f && e[1] == 15999.0f);
    CHECK_NEAR(e[2], 16000.0 + 4000.0 * (1.0 - exp(-0.5)), 0.1);
    CHECK_NEAR(e[3], 20000.0, 0.1);
}

static void test_eclipse(void)
{
    static float rates[PIXELS];
    bt_film film = {.width_px = WIDTH,
                    .height_px = HEIGHT,
                    .band_count = 1,
                    .plane_count = 1,
                    .rate_e_s = rates};
    bt_readout readout = plain();
    static const float light[5] = {1e6f, 0.99e8f, 1.5e8f, 2e8f, 1e9f};
    float e[WIDTH];
    for (int x = 0; x < WIDTH; x++) {
        rates[x] = light[x % 5];
        e[x] = 20000.0f;
    }
    readout.eclipse_e_s = 1e8;
    bt_readout_eclipse(&readout, &film, 0, e);
    CHECK(e[0] == 20000.0f && e[1] == 20000.0f && e[3] == 0.0f && e[4] == 0.0f);
    CHECK_NEAR(e[2], 10000.0, 1.0);
}

// The clamp moves whole frames or rows, by so much; noise of rows by a number of its own.
static void test_black(void)
{
    bt_readout readout = plain();
    float e[WIDTH] = {0};
    readout.black_e = 12.0;
    bt_readout_sense(&readout, 0, e);
    CHECK(e[0] == -12.0f && e[WIDTH - 1] == -12.0f);
    double square = 0.0, sum = 0.0;
    readout.black_e = 0.0;
    readout.black_row_e = 4.0;
    for (uint32_t i = 0; i < 4000; i++) {
        memset(e, 0, sizeof e);
        readout.frame = i / HEIGHT;
        bt_readout_sense(&readout, i % HEIGHT, e);
        CHECK(e[0] == e[100]);
        square += (double)(e[0] * e[0]) / 4000.0;
        sum += (double)e[0] / 4000.0;
    }
    CHECK_NEAR(square, 16.0, 16.0 * 4.5 * sqrt(2.0 / 4000.0));
    CHECK_NEAR(sum, 0.0, 4.0 * 4.5 / sqrt(4000.0));
    square = 0.0;
    for (uint64_t frame = 0; frame < 4000; frame++) {
        readout.frame = frame;
        double normal = bt_readout_frame_normal(&readout);
        square += normal * normal / 4000.0;
    }
    CHECK_NEAR(square, 1.0, 4.5 * sqrt(2.0 / 4000.0));
}

static void test_digital_gain(void)
{
    bt_readout readout = plain();
    float e[WIDTH] = {0.0f, 100.0f, 15000.0f};
    uint16_t counts[WIDTH];
    readout.digital_gain = 2.0;
    bt_readout_convert(&readout, e, counts);
    CHECK(counts[0] == 168 && counts[1] == 208 && counts[2] == 4095);
    CHECK_NEAR(bt_readout_saturation_e(&readout), 3927.0 / 0.2 / 2.0, 1e-9);
}

// Whichever row is read first, a snapshot spans all of them, and rows are where they should be.
static void test_shutter(void)
{
    static const double row_ns[3] = {20000.0, -20000.0, 0.0};
    for (int i = 0; i < 3; i++) {
        bt_view view = {.height_px = 101, .row_time_ns = row_ns[i], .exposure_ns = 1e6};
        bt_time_ns open_ns, close_ns;
        bt_view_interval_ns(&view, 5000000, &open_ns, &close_ns);
        CHECK_NEAR(bt_view_row_middle_ns(&view, 5000000, 50.0), 5e6, 0.0);
        CHECK_NEAR(bt_view_row_middle_ns(&view, 5000000, 100.0), 5e6 + 50.0 * row_ns[i], 0.0);
        double half = 50.0 * fabs(row_ns[i]) + 5e5;
        CHECK_NEAR((double)open_ns, 5e6 - half, 4.0);
        CHECK_NEAR((double)close_ns, 5e6 + half, 4.0);
        CHECK((double)open_ns <= 5e6 - half && (double)close_ns >= 5e6 + half);
    }
}

int main(void)
{
    bt_pattern_desc desc = {.width_px = WIDTH, .height_px = HEIGHT};
    CHECK_OK(bt_pattern_init(&desc, NULL, &none));
    test_split_pattern();
    test_rts_process();
    test_rts_pixels();
    test_column_noise();
    test_adc();
    test_bloom();
    test_soft_well();
    test_eclipse();
    test_black();
    test_digital_gain();
    test_shutter();
    bt_pattern_clear(&none);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
