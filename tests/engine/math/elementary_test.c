// elementary_test.c: against long double libm, in units of the last place; what is exact; what is no number.
#include "engine/math/elementary.h"

#include "engine/core/random.h"
#include "tests/support/check.h"

#include <float.h>

#define COUNT 200000u

// The distance of two doubles beside it.
static double last_place(double x)
{
    return nextafter(fabs(x), INFINITY) - fabs(x);
}

typedef double (*function)(double);
typedef long double (*judge)(long double);

// The worst error over low to high in last places of the result; *most: absolute.
static double worst(function f, judge truth, double low, double high, uint64_t seed, double *most)
{
    double places = 0.0;
    *most = 0.0;
    for (uint32_t i = 0; i < COUNT; i++) {
        double x = bt_random_range(seed, BT_STREAM_TEST, i, 0, low, high);
        long double want = truth((long double)x);
        double off = (double)fabsl((long double)f(x) - want);
        *most = fmax(*most, off);
        places = fmax(places, off / last_place((double)want));
    }
    return places;
}

static double arctangent(double x)
{
    return bt_atan2(x, 0.3 - x * x);
}
static long double true_arctangent(long double x)
{
    return atan2l(x, (long double)(0.3 - (double)x * (double)x));
}
static double root(double x)
{
    return bt_pow(x, 0.3);
}
static long double true_root(long double x)
{
    return powl(x, (long double)0.3);
}

static void test_errors(void)
{
    static const struct {
        const char *name;
        function f;
        judge truth;
        double low, high, places, most;
    } all[] = {
        {"sin", bt_sin, sinl, -0.78, 0.78, 1.0, 1.2e-16},
        {"sin, turns", bt_sin, sinl, -30.0, 30.0, 2.0, 1.3e-16},
        {"cos, turns", bt_cos, cosl, -30.0, 30.0, 2.0, 1.3e-16},
        {"cos, many turns", bt_cos, cosl, -1e6, 1e6, 1e9, 1.8e-16},
        {"tan", bt_tan, tanl, -1.5, 1.5, 3.5, 1e-14},
        {"atan", bt_atan, atanl, -5.0, 5.0, 2.0, 3e-16},
        {"atan2", arctangent, true_arctangent, -1.0, 1.0, 2.0, 6e-16},
        {"asin", bt_asin, asinl, -1.0, 1.0, 3.0, 4e-16},
        {"acos", bt_acos, acosl, -1.0, 0.999, 3.0, 6e-16},
        {"exp", bt_exp, expl, -700.0, 700.0, 1.0, DBL_MAX},
        {"ln", bt_ln, logl, 1e-3, 1e6, 1.0, 2e-15},
        {"pow", root, true_root, 1e-6, 50.0, 6.0, 2e-15},
        {"tanh", bt_tanh, tanhl, -5.0, 5.0, 1e9, 2.3e-16},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        double most;
        double places = worst(all[i].f, all[i].truth, all[i].low, all[i].high, i, &most);
        printf("%-16s %.2f last places, %.2g\n", all[i].name, places, most);
        CHECK(places <= all[i].places && most <= all[i].most);
    }
}

static void test_sines_of_one_angle(void)
{
    for (uint32_t i = 0; i < 10000; i++) {
        double x = bt_random_range(77, BT_STREAM_TEST, i, 0, -20.0, 20.0);
        double s = bt_sin(x), c = bt_cos(x);
        CHECK_NEAR(s * s + c * c, 1.0, 4e-16);
        CHECK(bt_sin(-x) == -s && bt_cos(-x) == c); // to the bit: left is as right
    }
    CHECK(bt_sin(0.0) == 0.0 && bt_cos(0.0) == 1.0 && bt_sin(0.5 * BT_PI) == 1.0);
    CHECK(bt_cos(BT_PI) == -1.0 && bt_sin(-0.5 * BT_PI) == -1.0);
    // what of pi / 2 a double leaves out
    CHECK_NEAR(bt_cos(0.5 * BT_PI), 6.123233995736766e-17, 1e-31);
    // hostile angles stay finite
    CHECK(fabs(bt_sin(1e300)) <= 1.0 && fabs(bt_cos(-INFINITY)) <= 1.0 && isnan(bt_sin(NAN)));
}

static void test_angles(void)
{
    CHECK(bt_atan2(0.0, 0.0) == 0.0 && bt_atan2(0.0, 1.0) == 0.0 && bt_atan2(0.0, -1.0) == BT_PI);
    CHECK(bt_atan2(-0.0, -1.0) == -BT_PI && bt_atan2(1.0, 0.0) == 0.5 * BT_PI);
    CHECK(bt_atan2(-1e300, 1e-300) == -0.5 * BT_PI && bt_atan2(1.0, 1.0) == 0.25 * BT_PI);
    CHECK(isnan(bt_atan2(NAN, 1.0)) && isnan(bt_atan2(1.0, NAN)) && isnan(bt_asin(1.0 + 1e-9)));
    CHECK(bt_asin(1.0) == 0.5 * BT_PI && bt_acos(1.0) == 0.0 && bt_acos(-1.0) == BT_PI);
    CHECK(bt_hypot(3.0, -4.0) == 5.0);
}

static void test_exponentials(void)
{
    CHECK(bt_exp(0.0) == 1.0 && bt_ln(1.0) == 0.0 && bt_tanh(0.0) == 0.0);
    CHECK(bt_exp(710.0) == HUGE_VAL && bt_exp(-746.0) == 0.0 && bt_exp(-INFINITY) == 0.0);
    CHECK_NEAR(bt_exp(-740.0) / 0x1p-1067, (double)(expl(-740.0L) / 0x1p-1067L), 1.0 / 64.0);
    CHECK(bt_ln(0.0) == -HUGE_VAL && isnan(bt_ln(-1.0)) && bt_ln(HUGE_VAL) == HUGE_VAL);
    CHECK_NEAR(bt_ln(5e-324), -744.4400719213812, 1e-12);
    CHECK(bt_pow(0.0, 0.3) == 0.0 && bt_pow(7.0, 0.0) == 1.0 && bt_pow(0.0, -1.0) == HUGE_VAL);
    CHECK(isnan(bt_exp(NAN)) && isnan(bt_ln(NAN)) && isnan(bt_pow(-1.0, 0.5)));
    CHECK(bt_tanh(1e6) == 1.0 && bt_tanh(-1e6) == -1.0);
}

int main(void)
{
    test_errors();
    test_sines_of_one_angle();
    test_angles();
    test_exponentials();
    return check_end();
}
