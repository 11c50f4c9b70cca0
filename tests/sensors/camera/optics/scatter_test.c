// scatter_test.c: haze, dust and Airy's encircled energy against quadrature.
#include "sensors/camera/optics/scatter.h"

#include "engine/math/pose.h"
#include "tests/support/check.h"

static void test_haze(void)
{
    static const double slopes[] = {1.5, 2.0, 2.5, 4.0};
    for (int k = 0; k < 4; k++) {
        bt_haze haze = {0.01, 0.02, slopes[k]};
        double sum = 0.0, half = 0.0;
        int count = 400000;
        for (int i = 0; i < count; i++) {
            double u = (i + 0.5) / count, x = u / haze.shoulder;
            double mass = 2.0 * BT_PI * u * pow(1.0 + x * x, -0.5 * haze.slope) / count;
            sum += mass;
            if (u < 0.1) half += mass;
        }
        CHECK_NEAR(bt_haze_within(&haze, 0.1), half / sum, 1e-4);
        CHECK(bt_haze_within(&haze, 0.0) == 0.0 && bt_haze_within(&haze, 1.0) == 1.0);
    }
}

static void test_airy_within(void)
{
    double sum = 0.0, x = 0.0;
    // integral of [2 J1(x) / x]^2 x dx / 2
    for (; x < 3.8317059702; x += 1e-4) {
        double u = x + 5e-5, a = 2.0 * j1(u) / u;
        sum += 0.5 * a * a * u * 1e-4;
    }
    CHECK_NEAR(bt_airy_within(3.8317059702), sum, 1e-3);
    CHECK_NEAR(bt_airy_within(3.8317059702), 0.838, 0.001);
}

// Grains of one size: the first dark ring at sin = 1.22 lambda / d holds 84 %; blue goes less wide.
static void test_dust(void)
{
    bt_dust dust = {.cover = 0.01, .diameter_m = 40e-6, .spread = 0.0};
    CHECK_NEAR(bt_dust_within(&dust, 550e-9, 1.22 * 550e-9 / 40e-6), 0.838, 0.001);
    CHECK(bt_dust_within(&dust, 450e-9, 0.01) > bt_dust_within(&dust, 650e-9, 0.01));
    dust.spread = 0.5; // sizes mix the rings, the middle stays near
    double mixed = bt_dust_within(&dust, 550e-9, 1.22 * 550e-9 / 40e-6);
    CHECK(mixed > 0.7 && mixed < 0.9);
}

int main(void)
{
    test_haze();
    test_airy_within();
    test_dust();
    return check_end();
}
