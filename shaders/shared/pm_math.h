// pm_math.h: sin, cos, atan2, exp, log, ... from + - * /, floor and bit casts alone, so that the CPU
// and a GPU agree to the bit; libm and GLSL builtins do not (atan2 by 350 ulp, acos by 1.6e-4).
//
// Polynomials and range reductions after Moshier's Cephes (single precision). Errors are measured
// over their ranges by tests/shaders/shared/pm_math_test.c.
#ifndef BT_SHARED_PM_MATH_H
#define BT_SHARED_PM_MATH_H

#include "shaders/shared/portable.h"

// pi/4 in three parts, so that k * part is exact for the k of moderate arguments (Cody and Waite)
#define PM_PIO4_A 0.78515625f
#define PM_PIO4_B 2.4187564849853515625e-4f
#define PM_PIO4_C 3.77489497744594108e-8f

// sin and cos on [-pi/4, pi/4]
FN float pm_sin_core(float x)
{
    float z = x * x;
    float p = (-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f;
    return p * z * x + x;
}
FN float pm_cos_core(float x)
{
    float z = x * x;
    float p = (2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f;
    return p * z * z - 0.5f * z + 1.0f;
}

// (sin x, cos x), |x| below 8192; larger arguments lose accuracy, beyond 1e6 they give (0, 1).
FN float2 pm_sincos(float x)
{
    x = abs(x) < 1.0e6f ? x : 0.0f;
    float k = floor(x * 0.63661977236758134308f + 0.5f); // nearest multiple of pi/2
    float twice = 2.0f * k;
    float r = ((x - twice * PM_PIO4_A) - twice * PM_PIO4_B) - twice * PM_PIO4_C;
    float s = pm_sin_core(r);
    float c = pm_cos_core(r);
    // by bits: a branch on the quadrant of a random angle is foreseen half of the time
    uint quadrant = to_u(to_i(k));
    uint swapped = (f2u(s) ^ f2u(c)) & (0u - (quadrant & 1u));
    uint sin_x = f2u(s) ^ swapped ^ ((quadrant & 2u) << 30);
    uint cos_x = f2u(c) ^ swapped ^ (((quadrant + 1u) & 2u) << 30);
    return float2(u2f(sin_x), u2f(cos_x));
}
FN float pm_sin(float x)
{
    float2 sc = pm_sincos(x);
    return sc[0];
}
FN float pm_cos(float x)
{
    float2 sc = pm_sincos(x);
    return sc[1];
}
FN float pm_tan(float x)
{
    float2 sc = pm_sincos(x);
    return sc[0] / sc[1];
}

// atan of 0 <= x <= 1
FN float pm_atan_unit(float x)
{
    float base = 0.0f;
    if (x > 0.41421356237f) { // tan(pi/8): atan x = pi/4 + atan((x - 1) / (x + 1))
        x = (x - 1.0f) / (x + 1.0f);
        base = 0.78539816339744830962f;
    }
    float z = x * x;
    float p = 8.05374449538e-2f * z - 1.38776856032e-1f;
    p = (p * z + 1.99777106478e-1f) * z - 3.33329491539e-1f;
    return base + (p * z * x + x);
}
// Angle of the point (x, y), (-pi, pi]; (0, 0) gives 0.
FN float pm_atan2(float y, float x)
{
    float ax = abs(x);
    float ay = abs(y);
    float big = max(ax, ay);
    if (big == 0.0f) return 0.0f;
    float a = pm_atan_unit(min(ax, ay) / big);
    if (ay > ax) a = 1.57079632679489661923f - a;
    if (x < 0.0f) a = BT_PI_F - a;
    return y < 0.0f ? -a : a;
}
FN float pm_atan(float x)
{
    return pm_atan2(x, 1.0f);
}
// x is clamped to [-1, 1].
FN float pm_acos(float x)
{
    float c = clampf(x, -1.0f, 1.0f);
    return pm_atan2(sqrt((1.0f - c) * (1.0f + c)), c);
}
FN float pm_asin(float x)
{
    float c = clampf(x, -1.0f, 1.0f);
    return pm_atan2(c, sqrt((1.0f - c) * (1.0f + c)));
}

// e^x; x is clamped to [-87, 88].
FN_IN float pm_exp(float x)
{
    float c = clampf(x, -87.0f, 88.0f);
    float k = floor(c * 1.44269504088896341f + 0.5f);
    float r = (c - k * 0.693359375f) + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f * r + 1.3981999507e-3f;
    p = (p * r + 8.3334519073e-3f) * r + 4.1665795894e-2f;
    p = (p * r + 1.6666665459e-1f) * r + 5.0000001201e-1f;
    return (p * r * r + r + 1.0f) * u2f(to_u(to_i(k) + 127) << 23);
}
FN float4 pm_exp4(float4 x)
{
    float4 c = min(max(x, splat4(-87.0f)), splat4(88.0f));
    float4 k = floor(c * 1.44269504088896341f + 0.5f);
    float4 r = (c - k * 0.693359375f) + k * 2.12194440e-4f;
    float4 p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = (p * r + 8.3334519073e-3f) * r + 4.1665795894e-2f;
    p = (p * r + 1.6666665459e-1f) * r + 5.0000001201e-1f;
    return (p * r * r + r + 1.0f) * u4_bits_f4(u4_from_i4(i4_from_f4(k) + 127) << 23u);
}

// Natural logarithm; x below the smallest normal number counts as that.
FN_IN float pm_log(float x)
{
    uint bits = f2u(max(x, 1.17549435e-38f));
    float e = to_f(to_i(bits >> 23) - 126);
    float m = u2f((bits & 0x007fffffu) | 0x3f000000u); // [0.5, 1)
    if (m < 0.70710678118654752440f) {
        e = e - 1.0f;
        m = m + m;
    }
    float r = m - 1.0f;
    float z = r * r;
    float p = 7.0376836292e-2f * r - 1.1514610310e-1f;
    p = (p * r + 1.1676998740e-1f) * r - 1.2420140846e-1f;
    p = (p * r + 1.4249322787e-1f) * r - 1.6668057665e-1f;
    p = (p * r + 2.0000714765e-1f) * r - 2.4999993993e-1f;
    p = (p * r + 3.3333331174e-1f) * r * z;
    p = p - 2.12194440e-4f * e - 0.5f * z;
    return (r + p) + 0.693359375f * e;
}
// x^y for x >= 0; 0^y is 0 (y > 0). Relative error grows with |y log x|.
FN float pm_pow(float x, float y)
{
    if (!(x > 0.0f)) return y == 0.0f ? 1.0f : 0.0f;
    return pm_exp(y * pm_log(x));
}

#endif
