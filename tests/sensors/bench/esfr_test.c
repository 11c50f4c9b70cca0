// esfr_test.c: the evaluator of slanted squares on ideal ones, blurred by a Gaussian, whose transfer is known.
#include "sensors/bench/esfr.h"

#include <math.h>

#include "engine/math/pose.h"
#include "tests/support/check.h"

#define MOST 256u
#define TURN_DEG 5.0
#define SIGMA_PX                                                                                   \
    0.35 // passes 0.55 of the Nyquist frequency, and 0.09 of twice it: a mosaic's plane aliases

static double samples[MOST * MOST];

// Share of a Gaussian's light that is within `half` of 0, seen from x.
static double within(double x, double half)
{
    double scale = 1.0 / (sqrt(2.0) * SIGMA_PX);
    return 0.5 * (erf((half - x) * scale) + erf((half + x) * scale));
}

// A dark square on a light ground, contrast 4, its middle `off` from the picture's; every `step`th pixel.
static void draw(uint32_t size_px, uint32_t step, double off)
{
    double middle = 0.5 * (size_px - 1.0) + off, turn = TURN_DEG * BT_RAD_PER_DEG;
    double half = 0.25 * size_px;
    for (uint32_t y = 0; y < size_px / step; y++)
        for (uint32_t x = 0; x < size_px / step; x++) {
            double dx = x * step - middle, dy = y * step - middle;
            double u = cos(turn) * dx + sin(turn) * dy, v = cos(turn) * dy - sin(turn) * dx;
            samples[y * (size_px / step) + x] = 1.0 - 0.75 * within(u, half) * within(v, half);
        }
}

static void test_square(uint32_t size_px, uint32_t step, double off, double limit)
{
    esfr seen;
    double worst = 0.0;
    draw(size_px, step, off);
    CHECK_OK(esfr_square(samples, size_px / step, size_px / step, step, &seen));
    for (int k = 0; k < ESFR_FREQUENCIES; k++) {
        double f = k * ESFR_STEP, s = BT_PI * SIGMA_PX * f;
        worst = fmax(worst, fabs(seen.mtf[k] - exp(-2.0 * s * s)));
    }
    printf("%u px, every %u, off by %.2f: %.5f off at worst, place by %.5f px\n", size_px, step,
           off, worst,
           hypot(seen.x * step, seen.y * step) - sqrt(2.0) * (0.5 * (size_px - 1.0) + off));
    CHECK(worst < limit);
    CHECK_NEAR(seen.x * step, 0.5 * (size_px - 1.0) + off, 0.002 * step);
    CHECK_NEAR(seen.y * step, 0.5 * (size_px - 1.0) + off, 0.002 * step);
}

// Row 5 of the bench allows 0.01. In a mosaic's plane of 80 samples edges pass but two samples.
static void test_squares(void)
{
    for (double off = 0.0; off < 1.0; off += 0.37) {
        test_square(160, 1, off, 0.0001);
        test_square(256, 1, off, 0.0001);
        test_square(160, 2, off, 0.001);
        test_square(256, 2, off, 0.0002);
    }
}

static void test_mtf50(void)
{
    esfr seen;
    double mtf[ESFR_FREQUENCIES];
    for (int k = 0; k < ESFR_FREQUENCIES; k++)
        mtf[k] = 1.0 - 1.5 * k * ESFR_STEP;
    CHECK_NEAR(esfr_mtf50(mtf), 1.0 / 3.0, 1e-12);
    draw(160, 1, 0.0);
    CHECK_OK(esfr_square(samples, 160, 160, 1.0, &seen));
    CHECK(isnan(esfr_mtf50(seen.mtf)));
}

// Too small: what is aliased would pass for slope, and 0.04 of the transfer be wrong.
static void test_small(void)
{
    esfr seen;
    draw(128, 2, 0.37);
    CHECK(esfr_square(samples, 64, 64, 2.0, &seen) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "give a larger --size");
}

// Nothing but ground.
static void test_nothing(void)
{
    esfr seen;
    for (uint32_t i = 0; i < MOST * MOST; i++)
        samples[i] = 1.0;
    CHECK(esfr_square(samples, 160, 160, 1.0, &seen) != BT_OK);
}

int main(void)
{
    test_squares();
    test_mtf50();
    test_small();
    test_nothing();
    return check_end();
}
