// portable.h: one language out of two: names under which shading code compiles as C17 and as GLSL.
//
// Everything in shaders/shared/*.h that computes is written in the subset of C and GLSL 4.50 that
// means the same in both, down to the bit when the C side is built with -ffp-contract=off and the
// SPIR-V is decorated NoContraction. The rules in short:
//
//   - `f` and `u` on every literal; components by [i], never .x; constructors float3(a, b, c).
//   - In C float3 and float4 are one type with a junk fourth lane: what reduces says its width
//     (dot3, dot4).
//   - Functions that change an argument: FN void next(INOUT(bt_rng) r) { D(r).i = ...; } and the
//     call is next(A(r)). At most one such call in an expression: C does not order arguments.
//     IN(T) likewise hands over something large that is only read.
//   - No pointers, casts, enum, ?: on vectors, swizzles, recursion, 64-bit ints, libm, builtins
//     other than those below: driver and libm differ. pm_math.h has sin, exp, ...
//   - No GLSL word as a name: sample, input, output, filter, common, active, patch, half, buffer,
//     shared, partition, this, template, flat, smooth, precise, resource, texture.
//   - No arithmetic between literals alone (1.0f - 0.3f): GLSL's compiler folds it in double.
//   - Shift counts below 32, no signed overflow, no negative %, guard divisions, sqrt and to_u.
//
// Include last, after every system and library header, and only in units that shade: min, max,
// abs, sqrt, floor and the type names are macros here.
#ifndef BT_SHARED_PORTABLE_H
#define BT_SHARED_PORTABLE_H

#if defined(VULKAN)
// ---- GLSL -------------------------------------------------------------------------------------
#define FN
#define FN_IN
#define STRUCT(T) struct T
#define TABLE const
#define float2 vec2
#define float3 vec3
#define float4 vec4
#define uint2 uvec2
#define uint4 uvec4
#define int4 ivec4
#define splat3(x) vec3(x)
#define first3(x) vec3(x) // of a float4
#define splat4(x) vec4(x)
#define splat_u4(x) uvec4(x)
#define to_f(x) float(x)
#define to_i(x) int(x)
#define to_u(x) uint(x)
#define f2u(x) floatBitsToUint(x)
#define u2f(x) uintBitsToFloat(x)
#define f4_bits_u4(x) floatBitsToUint(x)
#define u4_bits_f4(x) uintBitsToFloat(x)
#define i4_from_f4(x) ivec4(x)
#define u4_from_i4(x) uvec4(x)
#define f4_from_i4(x) vec4(x)
#define f4_from_u4(x) vec4(x)
#define bitrev32(x) bitfieldReverse(x)
#define bitrev4(x) bitfieldReverse(x)
#define popc(x) uint(bitCount(x))
#define above4(x, y, a, b) mix(b, a, greaterThan(x, y)) // lane by lane: x > y ? a : b
#define INOUT(T) inout T
#define IN(T) T
#define D(x) x
#define A(x) x

#else
// ---- C ----------------------------------------------------------------------------------------
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif
#if defined(__SSSE3__)
#include <tmmintrin.h>
#endif

#define FN static inline __attribute__((unused))
// For what is called in several places and would else hand large structs over through memory.
#define FN_IN static inline __attribute__((always_inline, unused))
#define STRUCT(T)                                                                                  \
    typedef struct T T;                                                                            \
    struct T
#define TABLE static const __attribute__((unused))

typedef uint32_t uint;
typedef float float2 __attribute__((vector_size(8)));
typedef float float4 __attribute__((vector_size(16)));
typedef float4 float3; // the fourth lane is junk
typedef uint32_t uint2 __attribute__((vector_size(8)));
typedef uint32_t uint4 __attribute__((vector_size(16)));
typedef int32_t int4 __attribute__((vector_size(16)));

#define float2(a, b) ((float2){(a), (b)})
#define float3(a, b, c) ((float3){(a), (b), (c), 0.0f})
#define float4(a, b, c, d) ((float4){(a), (b), (c), (d)})
#define uint2(a, b) ((uint2){(a), (b)})
#define uint4(a, b, c, d) ((uint4){(a), (b), (c), (d)})
#define int4(a, b, c, d) ((int4){(a), (b), (c), (d)})

#define first3(x) (x)
FN float3 splat3(float x)
{
    return (float3){x, x, x, 0.0f};
}
FN float4 splat4(float x)
{
    return (float4){x, x, x, x};
}
FN uint4 splat_u4(uint x)
{
    return (uint4){x, x, x, x};
}
#define to_f(x) ((float)(x))
#define to_i(x) ((int)(x))
#define to_u(x) ((uint)(x))

FN uint f2u(float x)
{
    uint u;
    memcpy(&u, &x, 4);
    return u;
}
FN float u2f(uint x)
{
    float f;
    memcpy(&f, &x, 4);
    return f;
}
#define f4_bits_u4(x) ((uint4)(x))
#define u4_bits_f4(x) ((float4)(x))
#define i4_from_f4(x) __builtin_convertvector((x), int4)
#define u4_from_i4(x) ((uint4)(x))
#define f4_from_i4(x) __builtin_convertvector((x), float4)
#define f4_from_u4(x) __builtin_convertvector((x), float4)

FN uint bitrev32(uint x)
{
    x = ((x & 0x55555555u) << 1) | ((x >> 1) & 0x55555555u);
    x = ((x & 0x33333333u) << 2) | ((x >> 2) & 0x33333333u);
    x = ((x & 0x0f0f0f0fu) << 4) | ((x >> 4) & 0x0f0f0f0fu);
    return __builtin_bswap32(x);
}
#if defined(__SSSE3__)
// The bytes turned round, and each half of a byte looked up.
FN uint4 bitrev4(uint4 x)
{
    const __m128i bytes = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    const __m128i turned = _mm_set_epi8(15, 7, 11, 3, 13, 5, 9, 1, 14, 6, 10, 2, 12, 4, 8, 0);
    uint4 of = (uint4)_mm_shuffle_epi8((__m128i)x, bytes);
    uint4 low = (uint4)_mm_shuffle_epi8(turned, (__m128i)(of & 0x0f0f0f0fu));
    uint4 high = (uint4)_mm_shuffle_epi8(turned, (__m128i)((of >> 4) & 0x0f0f0f0fu));
    return (low << 4) | high;
}
#else
FN uint4 bitrev4(uint4 x)
{
    x = ((x & 0x55555555u) << 1) | ((x >> 1) & 0x55555555u);
    x = ((x & 0x33333333u) << 2) | ((x >> 2) & 0x33333333u);
    x = ((x & 0x0f0f0f0fu) << 4) | ((x >> 4) & 0x0f0f0f0fu);
    x = ((x & 0x00ff00ffu) << 8) | ((x >> 8) & 0x00ff00ffu);
    return (x << 16) | (x >> 16);
}
#endif
#define popc(x) ((uint)__builtin_popcount(x))

#define INOUT(T) T *
#define IN(T) const T *
#define D(x) (*(x))
#define A(x) (&(x))

// Exactly GLSL's: min(a, b) is b < a ? b : a, max(a, b) is a < b ? b : a.
FN float bt_min_f(float a, float b)
{
    return b < a ? b : a;
}
FN float bt_max_f(float a, float b)
{
    return a < b ? b : a;
}
FN int bt_min_i(int a, int b)
{
    return b < a ? b : a;
}
FN int bt_max_i(int a, int b)
{
    return a < b ? b : a;
}
FN uint bt_min_u(uint a, uint b)
{
    return b < a ? b : a;
}
FN uint bt_max_u(uint a, uint b)
{
    return a < b ? b : a;
}
#if defined(__SSE__)
// The same bits as the loops below.
FN float4 bt_min_4(float4 a, float4 b)
{
    return (float4)_mm_min_ps((__m128)b, (__m128)a);
}
FN float4 bt_max_4(float4 a, float4 b)
{
    return (float4)_mm_max_ps((__m128)b, (__m128)a);
}
#else
FN float4 bt_min_4(float4 a, float4 b)
{
    float4 r;
    for (int i = 0; i < 4; i++)
        r[i] = b[i] < a[i] ? b[i] : a[i];
    return r;
}
FN float4 bt_max_4(float4 a, float4 b)
{
    float4 r;
    for (int i = 0; i < 4; i++)
        r[i] = a[i] < b[i] ? b[i] : a[i];
    return r;
}
#endif
FN float bt_abs_f(float a)
{
    return __builtin_fabsf(a);
}
FN int bt_abs_i(int a)
{
    return a < 0 ? -a : a;
}
FN float4 above4(float4 x, float4 y, float4 a, float4 b)
{
    uint4 yes = (uint4)(x > y);
    return (float4)((yes & (uint4)a) | (~yes & (uint4)b));
}
FN float4 bt_abs_4(float4 a)
{
    return (float4)((uint4)a & 0x7fffffffu);
}
FN float bt_sqrt_f(float a)
{
    return __builtin_sqrtf(a);
}
FN float4 bt_sqrt_4(float4 a)
{
    float4 r;
    for (int i = 0; i < 4; i++)
        r[i] = __builtin_sqrtf(a[i]);
    return r;
}
FN float bt_floor_f(float a)
{
    return __builtin_floorf(a);
}
FN float4 bt_floor_4(float4 a)
{
    float4 r = a;
    for (int i = 0; i < 4; i++)
        r[i] = __builtin_floorf(a[i]);
    return r;
}

// Doubles are no part of the subset: they are here only for headers of the host that come later.
FN double bt_min_d(double a, double b)
{
    return b < a ? b : a;
}
FN double bt_max_d(double a, double b)
{
    return a < b ? b : a;
}
FN double bt_abs_d(double a)
{
    return __builtin_fabs(a);
}
FN double bt_sqrt_d(double a)
{
    return __builtin_sqrt(a);
}
FN double bt_floor_d(double a)
{
    return __builtin_floor(a);
}

#undef min
#undef max
#undef abs
#undef sqrt
#undef floor
#define min(a, b)                                                                                  \
    _Generic((a), float                                                                            \
             : bt_min_f, int                                                                       \
             : bt_min_i, uint                                                                      \
             : bt_min_u, float4                                                                    \
             : bt_min_4, double                                                                    \
             : bt_min_d)((a), (b))
#define max(a, b)                                                                                  \
    _Generic((a), float                                                                            \
             : bt_max_f, int                                                                       \
             : bt_max_i, uint                                                                      \
             : bt_max_u, float4                                                                    \
             : bt_max_4, double                                                                    \
             : bt_max_d)((a), (b))
#define abs(a)                                                                                     \
    _Generic((a), float : bt_abs_f, int : bt_abs_i, float4 : bt_abs_4, double : bt_abs_d)(a)
#define sqrt(a) _Generic((a), float : bt_sqrt_f, float4 : bt_sqrt_4, double : bt_sqrt_d)(a)
#define floor(a) _Generic((a), float : bt_floor_f, float4 : bt_floor_4, double : bt_floor_d)(a)
#endif

// ---- both -------------------------------------------------------------------------------------
#define BT_PI_F 3.14159265358979323846f
#define BT_INV_PI_F 0.31830988618379067154f

FN float clampf(float x, float low, float high)
{
    return min(max(x, low), high);
}
FN float lerp(float a, float b, float u)
{
    return a + (b - a) * u;
}
FN float sqr(float x)
{
    return x * x;
}
// Hermite step from 0 at `low` to 1 at `high` (low < high).
FN float step_smooth(float low, float high, float x)
{
    float u = clampf((x - low) / (high - low), 0.0f, 1.0f);
    return u * u * (3.0f - 2.0f * u);
}
FN float dot2(float2 a, float2 b)
{
    return a[0] * b[0] + a[1] * b[1];
}
FN float dot3(float3 a, float3 b)
{
    float3 p = a * b;
    return (p[0] + p[1]) + p[2];
}
FN float dot4(float4 a, float4 b)
{
    float4 p = a * b;
    return (p[0] + p[1]) + (p[2] + p[3]);
}
FN float sum4(float4 a)
{
    return (a[0] + a[1]) + (a[2] + a[3]);
}
FN float max_of4(float4 a)
{
    return max(max(a[0], a[1]), max(a[2], a[3]));
}
// Is any of them above zero?
FN bool any_above0(float4 a)
{
#if !defined(VULKAN) && defined(__SSE__)
    return _mm_movemask_ps(_mm_cmplt_ps(_mm_setzero_ps(), (__m128)a)) != 0;
#else
    return a[0] > 0.0f || a[1] > 0.0f || a[2] > 0.0f || a[3] > 0.0f;
#endif
}
FN float3 cross3(float3 a, float3 b)
{
    return float3(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
}
FN float length3(float3 a)
{
    return sqrt(dot3(a, a));
}
// The zero vector stays zero.
FN float3 normalize3(float3 a)
{
    float d = dot3(a, a);
    return d > 0.0f ? a * (1.0f / sqrt(d)) : a;
}
// Mirror image of `w` (pointing away from the surface) about the unit normal.
FN float3 reflect3(float3 w, float3 n)
{
    return n * (2.0f * dot3(w, n)) - w;
}
FN float3 lerp3(float3 a, float3 b, float u)
{
    return a + (b - a) * u;
}
FN float4 lerp4(float4 a, float4 b, float u)
{
    return a + (b - a) * u;
}

#endif
