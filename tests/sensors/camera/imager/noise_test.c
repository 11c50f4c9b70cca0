// noise_test.c: Poisson and normal numbers against their distributions.
#include "sensors/camera/imager/noise.h"

#include <stdlib.h>

#include "tests/support/check.h"

#define DRAWS 200000
#define CELLS 400

// Probability of k at this mean, by logarithms.
static double poisson_probability(int k, double mean)
{
    return exp(k * log(mean) - mean - lgamma(k + 1.0));
}

// Pearson's chi-square over cells that expect at least 8 draws; the tails are pooled.
static void test_poisson(double mean)
{
    static int seen[CELLS];
    memset(seen, 0, sizeof seen);
    int first = (int)fmax(0.0, floor(mean - 8.0 * sqrt(mean)));
    double sum = 0.0, squares = 0.0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        bt_noise noise = bt_noise_begin(11, BT_STREAM_TEST, i);
        double k = bt_noise_poisson(&noise, mean);
        sum += k;
        squares += (k - mean) * (k - mean);
        int cell = (int)k - first;
        if (cell >= 0 && cell < CELLS) seen[cell]++;
    }

    double chi = 0.0, pooled_want = DRAWS, pooled_seen = DRAWS;
    int freedom = 0;
    for (int cell = 0; cell < CELLS; cell++) {
        double want = DRAWS * poisson_probability(first + cell, mean);
        if (want < 8.0) continue;
        chi += (seen[cell] - want) * (seen[cell] - want) / want;
        pooled_want -= want;
        pooled_seen -= seen[cell];
        freedom++;
    }
    if (pooled_want > 1.0)
        chi += (pooled_seen - pooled_want) * (pooled_seen - pooled_want) / pooled_want;

    // mean of n draws is known to sqrt(mean / n), their variance to mean sqrt((2 + 1/mean) / n);
    // chi-square has mean `freedom` and variance twice that: 4.5 standard deviations each
    printf("mean %-8g chi-square %.1f for %d degrees of freedom\n", mean, chi, freedom);
    CHECK_NEAR(sum / DRAWS, mean, 4.5 * sqrt(mean / DRAWS));
    CHECK_NEAR(squares / DRAWS, mean, 4.5 * mean * sqrt((2.0 + 1.0 / mean) / DRAWS));
    CHECK(freedom >= 1);
    CHECK(chi < freedom + 4.5 * sqrt(2.0 * freedom) + 10.0);
}

static void test_normal(void)
{
    double sum = 0.0, squares = 0.0, fourths = 0.0;
    int beyond_2 = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        bt_noise noise = bt_noise_begin(5, BT_STREAM_TEST, i);
        double x = bt_noise_normal(&noise);
        sum += x;
        squares += x * x;
        fourths += x * x * x * x;
        beyond_2 += fabs(x) > 2.0;
    }
    CHECK_NEAR(sum / DRAWS, 0.0, 4.5 / sqrt(DRAWS));
    CHECK_NEAR(squares / DRAWS, 1.0, 4.5 * sqrt(2.0 / DRAWS));
    CHECK_NEAR(fourths / DRAWS, 3.0, 4.5 * sqrt(96.0 / DRAWS));
    CHECK_NEAR((double)beyond_2 / DRAWS, erfc(2.0 / sqrt(2.0)), 4.5 * sqrt(0.0455 / DRAWS));
}

static void test_repeats(void)
{
    bt_noise a = bt_noise_begin(1, BT_STREAM_TEST, 7);
    bt_noise b = bt_noise_begin(1, BT_STREAM_TEST, 7);
    bt_noise c = bt_noise_begin(1, BT_STREAM_TEST, 8);
    int same = 0, other = 0;
    for (int i = 0; i < 100; i++) {
        double x = bt_noise_unit(&a);
        same += x == bt_noise_unit(&b);
        other += x == bt_noise_unit(&c);
        CHECK(x > 0.0 && x < 1.0);
    }
    CHECK(same == 100);
    CHECK(other == 0);
    CHECK(bt_noise_poisson(&a, 0.0) == 0.0);
    CHECK(bt_noise_poisson(&a, -3.0) == 0.0);
    CHECK(bt_noise_poisson(&a, NAN) == 0.0);
    CHECK_NEAR(bt_noise_poisson(&a, 1e12), 1e9, 1e6); // the stated limit
}

// Many numbers at once are those of one after another, to the bit.
static void test_spans(void)
{
    enum { SOURCES = 40 * BT_NOISE_SPAN };
    float e[BT_NOISE_SPAN], mean[BT_NOISE_SPAN], normal[BT_NOISE_SPAN];
    int poisson_same = 0, normal_same = 0;
    for (uint64_t first = 0; first < SOURCES; first += BT_NOISE_SPAN) {
        for (uint32_t i = 0; i < BT_NOISE_SPAN; i++) // 0, then 0.01 to 1e10
            e[i] = mean[i] = i == 0 ? 0.0f : 0.01f * powf(10.0f, 12.0f * (float)i / BT_NOISE_SPAN);
        bt_noise_poissons(3, BT_STREAM_TEST, first, 5, BT_NOISE_SPAN, e);
        bt_noise_normals(3, BT_STREAM_TEST, first, 0, 2, BT_NOISE_SPAN, normal);
        for (uint32_t i = 0; i < BT_NOISE_SPAN; i++) {
            bt_noise noise = bt_noise_begin(3, BT_STREAM_TEST, first + i);
            noise.dim = 5;
            poisson_same += e[i] == (float)bt_noise_poisson(&noise, (double)mean[i]);
            bt_random4 block = bt_random_block(3, BT_STREAM_TEST, first + i, 0);
            normal_same += normal[i] == bt_noise_normal_of(block.v[2]);
        }
    }
    CHECK(poisson_same == SOURCES);
    CHECK(normal_same == SOURCES);
}

int main(void)
{
    static const double means[] = {0.05, 0.7, 3.0, 9.9, 10.1, 25.0, 120.0, 1000.0};
    for (size_t i = 0; i < sizeof means / sizeof means[0]; i++)
        test_poisson(means[i]);
    test_normal();
    test_repeats();
    test_spans();
    return check_end();
}
