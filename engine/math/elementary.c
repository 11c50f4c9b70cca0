// elementary.c: the exponentials of elementary.h.
#include "engine/math/elementary.h"

#define LN2_HIGH 6.93147180369123816490e-01
#define LN2_LOW 1.90821492927058770002e-10
#define EXP_MOST 709.782712893383973096
#define EXP_LEAST (-745.13321910194110842)
#define MANTISSA 52
#define BIAS 1023

// x 2^k, k within twice the range of exponents.
static double scaled(double x, int k)
{
    int half = k / 2;
    double a = bt_from_bits((uint64_t)(half + BIAS) << MANTISSA);
    double b = bt_from_bits((uint64_t)(k - half + BIAS) << MANTISSA);
    return x * a * b;
}

double bt_exp(double x)
{
    if (x != x) return x;
    if (x > EXP_MOST) return HUGE_VAL;
    if (x < EXP_LEAST) return 0.0;
    double k = x * 1.44269504088896338700 + BT_ROUNDS - BT_ROUNDS;
    double high = x - k * LN2_HIGH, low = k * LN2_LOW, r = high - low, z = r * r;
    double c =
        r - z * (1.66666666666666019037e-01 +
                 z * (-2.77777777770155933842e-03 +
                      z * (6.61375632143793436117e-05 +
                           z * (-1.65339022054652515390e-06 + z * 4.13813679705723846039e-08))));
    return scaled(1.0 - ((low - r * c / (2.0 - c)) - high), (int)k);
}

double bt_ln(double x)
{
    if (!(x > 0.0)) return x == 0.0 ? -HUGE_VAL : sqrt(-1.0);
    if (x == HUGE_VAL) return x;
    int k = 0;
    if (x < 0x1p-1022) x *= 0x1p54, k = -54;
    uint64_t bits = bt_bits(x), mantissa = bits & ((UINT64_C(1) << MANTISSA) - 1);
    k += (int)(bits >> MANTISSA) - BIAS;
    double m = bt_from_bits(mantissa | (uint64_t)BIAS << MANTISSA);
    if (m > 1.41421356237309505) m *= 0.5, k++;
    double f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z;
    double odd = w * (3.999999999940941908e-01 +
                      w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    double even = z * (6.666666666666735130e-01 +
                       w * (2.857142874366239149e-01 +
                            w * (1.818357216161805012e-01 + w * 1.479819860510790625e-01)));
    double half = 0.5 * f * f;
    return k * LN2_HIGH - ((half - (s * (half + odd + even) + k * LN2_LOW)) - f);
}

double bt_pow(double base, double power)
{
    if (power == 0.0) return 1.0;
    return base == 0.0 ? (power > 0.0 ? 0.0 : HUGE_VAL) : bt_exp(power * bt_ln(base));
}

double bt_tanh(double x)
{
    double e = bt_exp(-2.0 * fabs(x));
    return copysign((1.0 - e) / (1.0 + e), x);
}
