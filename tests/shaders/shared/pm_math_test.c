// pm_math_test.c: errors of the polynomial functions against libm in double.
#include "tests/support/check.h"

#include <float.h>

#include "shaders/shared/pm_math.h"

#define COUNT 400000u

static float hashed(uint i, float low, float high)
{
    uint x = i * 0x9e3779b9u + 0x7f4a7c15u;
    x = (x ^ (x >> 16)) * 0x85ebca6bu;
    x = (x ^ (x >> 13)) * 0xc2b2ae35u;
    x ^= x >> 16;
    return low + (high - low) * (to_f(x >> 8) * (1.0f / 16777216.0f));
}

// distance in units in the last place of the true value, not finer than those of `floor_at`
static double ulps(float got, double want, double floor_at)
{
    double scale = fmax(fabs(want), floor_at);
    int exponent;
    frexp(scale, &exponent);
    return fabs((double)got - want) / ldexp(1.0, exponent - 24);
}

static void test_trigonometry(void)
{
    double worst_sin = 0.0, worst_cos = 0.0, worst_atan = 0.0, worst_acos = 0.0, worst_asin = 0.0;
    for (uint i = 0; i < COUNT; i++) {
        float x = hashed(i, -12.0f, 12.0f);
        worst_sin = fmax(worst_sin, ulps(pm_sin(x), sin((double)x), 1e-3));
        worst_cos = fmax(worst_cos, ulps(pm_cos(x), cos((double)x), 1e-3));
        float y = hashed(i + COUNT, -3.0f, 3.0f);
        worst_atan = fmax(worst_atan, ulps(pm_atan2(y, x), atan2((double)y, (double)x), 1e-6));
        float c = hashed(i, -1.0f, 1.0f);
        worst_acos = fmax(worst_acos, fabs((double)pm_acos(c) - acos((double)c)));
        worst_asin = fmax(worst_asin, fabs((double)pm_asin(c) - asin((double)c)));
    }
    printf("sin %.2f ulp, cos %.2f ulp, atan2 %.2f ulp, acos %.2g, asin %.2g\n", worst_sin,
           worst_cos, worst_atan, worst_acos, worst_asin);
    // 4 ulp: polynomial and reduction, each about one
    CHECK(worst_sin < 4.0 && worst_cos < 4.0 && worst_atan < 4.0);
    CHECK(worst_acos < 6e-7 && worst_asin < 4e-7);
    CHECK(pm_acos(2.0f) == 0.0f && fabsf(pm_acos(-2.0f) - BT_PI_F) < 1e-6f);
    CHECK(pm_atan2(0.0f, 0.0f) == 0.0f);
    CHECK_NEAR(pm_atan2(0.0f, -1.0f), M_PI, 1e-6);
    CHECK_NEAR(pm_tan(0.5f), tan(0.5), 1e-6);
    CHECK(pm_sin(3e38f) == 0.0f && pm_cos(3e38f) == 1.0f);
}

static void test_exponentials(void)
{
    double worst_exp = 0.0, worst_log = 0.0, worst_pow = 0.0;
    for (uint i = 0; i < COUNT; i++) {
        float x = hashed(i, -60.0f, 60.0f);
        worst_exp = fmax(worst_exp, ulps(pm_exp(x), exp((double)x), 0.0));
        float y = pm_exp(x);
        worst_log = fmax(worst_log, ulps(pm_log(y), log((double)y), 1e-3));
        float base = hashed(i, 1e-4f, 4.0f), power = hashed(i + 7u, -4.0f, 4.0f);
        double want = pow((double)base, (double)power);
        worst_pow = fmax(worst_pow, fabs((double)pm_pow(base, power) - want) / want);
    }
    printf("exp %.2f ulp, log %.2f ulp, pow %.2g relative\n", worst_exp, worst_log, worst_pow);
    CHECK(worst_exp < 3.0 && worst_log < 3.0);
    CHECK(worst_pow < 5e-6); // |y log x| up to 37, times half an ulp of it
    CHECK(pm_pow(0.0f, 2.0f) == 0.0f && pm_pow(0.0f, 0.0f) == 1.0f);
    CHECK(isfinite(pm_exp(1e30f)) && pm_exp(-1e30f) > 0.0f && isfinite(pm_log(0.0f)));
}

static void test_exp4_is_exp(void)
{
    int differ = 0;
    for (uint i = 0; i < 20000u; i++) {
        float4 x = float4(hashed(i, -90.0f, 90.0f), hashed(i + 1u, -1.0f, 1.0f),
                          hashed(i + 2u, -20.0f, 0.0f), hashed(i + 3u, 0.0f, 20.0f));
        float4 e = pm_exp4(x);
        for (int k = 0; k < 4; k++)
            differ += e[k] != pm_exp(x[k]);
    }
    CHECK(differ == 0);
}

static void test_portable(void)
{
    CHECK(bitrev32(1u) == 0x80000000u && bitrev32(0x12345678u) == 0x1e6a2c48u);
    uint4 r = bitrev4(uint4(1u, 0x12345678u, 0u, 0xffffffffu));
    CHECK(r[0] == 0x80000000u && r[1] == 0x1e6a2c48u && r[2] == 0u && r[3] == 0xffffffffu);
    CHECK(u2f(f2u(1.5f)) == 1.5f && popc(0xf0f0u) == 8u);
    float4 a = float4(1.0f, -2.0f, 3.0f, -4.0f), b = float4(0.5f, 0.5f, 4.0f, -5.0f);
    float4 low = min(a, b), high = max(a, b), size = abs(a);
    CHECK(low[0] == 0.5f && low[1] == -2.0f && low[2] == 3.0f && low[3] == -5.0f);
    CHECK(high[0] == 1.0f && high[1] == 0.5f && high[2] == 4.0f && high[3] == -4.0f);
    CHECK(size[1] == 2.0f && size[3] == 4.0f);
    CHECK(min(2u, 3u) == 2u && max(-2, 3) == 3 && abs(-3) == 3);
    CHECK(sqrt(9.0f) == 3.0f && floor(-1.5f) == -2.0f);
    float3 n = normalize3(float3(0.0f, 0.0f, 2.0f));
    float3 m = reflect3(float3(1.0f, 0.0f, 1.0f), n);
    CHECK(m[0] == -1.0f && m[2] == 1.0f && length3(float3(2.0f, 3.0f, 6.0f)) == 7.0f);
    float3 c = cross3(float3(1.0f, 0.0f, 0.0f), float3(0.0f, 1.0f, 0.0f));
    CHECK(c[2] == 1.0f && c[0] == 0.0f && sum4(a) == -2.0f && dot4(a, a) == 30.0f);
}

int main(void)
{
    test_portable();
    test_trigonometry();
    test_exponentials();
    test_exp4_is_exp();
    return check_end();
}
