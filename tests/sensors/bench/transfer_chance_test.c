// transfer_chance_test.c: what chance does to drawn photon transfers, against what the module says it does.
#include "sensors/bench/transfer_chance.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/random.h"
#include "engine/math/pose.h"
#include "tests/support/check.h"

#define STEPS 50
#define PAST 1.03
#define SERIES 4000 // standard deviations are then known to 1.1 %
#define WIDTH 192
#define HEIGHT 144

static const read_model_read reads[] = {
    // high gain, low gain with coarse counts, rows that are noisy
    {.gain_dn_e = 2.0, .full_e = 2048, .noise_e2 = 0.85, .row_noise_e2 = 0.04, .dark_e = 1.0},
    {.gain_dn_e = 0.27, .full_e = 15000, .noise_e2 = 9.04, .row_noise_e2 = 0.04, .dark_e = 1.0},
    {.gain_dn_e = 2.0, .full_e = 8000, .noise_e2 = 5.0, .row_noise_e2 = 3.0, .dark_e = 0.0},
};

static uint32_t dims;

static double normal(uint32_t series)
{
    double u = bt_random_range(5, BT_STREAM_TEST, series, dims++, 1e-12, 1.0);
    double v = bt_random_range(5, BT_STREAM_TEST, series, dims++, 0.0, 2.0 * BT_PI);
    return sqrt(-2.0 * log(u)) * cos(v);
}

// A pair's variance, electrons: of its pixels, and of its rows.
static double seen(uint32_t series, const read_model_read *r, double variance)
{
    double own = variance - r->row_noise_e2, n = (double)WIDTH * HEIGHT;
    double rows = r->row_noise_e2 + own / WIDTH; // of a row's mean
    return own * (1.0 - 1.0 / WIDTH) * (1.0 + sqrt(2.0 / n) * normal(series)) +
           rows * (1.0 + sqrt(2.0 / HEIGHT) * normal(series));
}

typedef struct moments {
    double sum, squares;
} moments;

static void take(moments *m, double value)
{
    m->sum += value;
    m->squares += value * value;
}

static double deviation(const moments *m)
{
    double mean = m->sum / SERIES;
    return sqrt(m->squares / SERIES - mean * mean);
}

static double top(double z)
{
    double below = 0.5 * erfc(-z / sqrt(2.0)), density = exp(-0.5 * z * z) / sqrt(2.0 * BT_PI);
    double mean = z * (1.0 - below) - density;
    return below - z * density + z * z * (1.0 - below) - mean * mean;
}

static void test_read(const read_model_read *r, bool one_dark)
{
    transfer_series s = {r, WIDTH, HEIGHT, STEPS, PAST, one_dark};
    transfer_chance c = transfer_chance_of(&s);
    moments gains = {0}, sigmas = {0};
    double least = r->full_e, count = 1.0 / (12.0 * r->gain_dn_e * r->gain_dn_e);
    for (uint32_t series = 0; series < SERIES; series++) {
        double xy = 0.0, xx = 0.0, highest = 0.0, at = 0.0, first_dark = 0.0;
        dims = 0;
        for (uint32_t i = 0; i < STEPS; i++) {
            double x = r->full_e * PAST * (i + 1.0) / STEPS;
            double noise =
                r->noise_e2 + count + (one_dark ? r->dark_e : r->dark_e * (i + 1.0) / STEPS);
            double dark = i == 0 || !one_dark ? seen(series, r, noise) : first_dark;
            if (i == 0) first_dark = dark;
            double all = x + r->noise_e2, left = top((r->full_e - x) / sqrt(all));
            double bright = left * seen(series, r, x + noise);
            if (bright > highest) highest = bright, at = x;
            if (x > TRANSFER_FIT * c.peak_e) continue;
            xy += x * (bright - dark);
            xx += x * x;
        }
        take(&gains, xy / xx);
        take(&sigmas, sqrt(first_dark - count) / (xy / xx));
        least = fmin(least, at);
    }
    double sigma = sqrt(r->noise_e2 + r->dark_e * (one_dark ? 1.0 : 1.0 / STEPS));
    printf("gain %.5f drawn %.5f, sigma_d %.5f drawn %.5f, peak %.0f, drawn down to %.0f\n", c.gain,
           deviation(&gains), c.sigma_d, deviation(&sigmas) / sigma, c.peak_e, least);
    CHECK_NEAR(deviation(&gains) / c.gain, 1.0, 0.05); // 4 errors
    CHECK_NEAR(deviation(&sigmas) / sigma / c.sigma_d, 1.0, 0.05);
    // no series of 4000 peaks lower, and the limit is no wider than the draws are by half a step each way
    double limit = c.peak_e - TRANSFER_ERRORS * c.saturation * r->full_e;
    CHECK(least >= limit);
    CHECK(least <= limit + 0.04 * r->full_e);
}

int main(void)
{
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        test_read(&reads[i], true);
        test_read(&reads[i], false);
    }
    return check_end();
}
