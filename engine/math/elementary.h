// elementary.h: sines, angles, exponentials whose bits are the same on every machine.
//
// A libm picks its code by the processor and by its version: the C standard leaves the last bits of sin() open, and
// glibc's differ with and without FMA. What moves is fed back into itself a hundred times a second, so that after
// seconds a last bit is another world. These are sums and products in one order (the build forbids contraction): one
// seed gives the same bytes on every processor of a farm and under every libc. sqrt(), floor(), fabs(), remainder()
// and their like are exact by the standard and stay libm's. Rooms of what moves and of what is generated call no
// others: tests/engine/math/libm_calls_test.sh reads their sources.
//
// They are written in the header because a sine and a cosine of one angle, so written, share all their work: half of
// the 7,000 calls in one step of 200 cars and 200 people were such pairs, and as calls they were a sixth of it.
//
// Polynomials of fdlibm (Sun Microsystems 1993: k_sin.c, k_cos.c, s_atan.c, e_exp.c, e_log.c); angles are reduced by
// pi / 2 in three parts (Cody and Waite 1980). Radians in and out. No errno, no traps; what is not a number stays so.
#ifndef BT_MATH_ELEMENTARY_H
#define BT_MATH_ELEMENTARY_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BT_PI 3.14159265358979323846
#define BT_RAD_PER_DEG (BT_PI / 180.0)

static inline double bt_clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}
// Of two numbers, without the call that fmax and fmin are: the second where they are equal.
static inline double bt_max(double a, double b)
{
    return a > b ? a : b;
}
static inline double bt_min(double a, double b)
{
    return a < b ? a : b;
}

static inline uint64_t bt_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
static inline double bt_from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// ---- sine and cosine --------------------------------------------------------------------------
// Beyond this angle they stay as they are there: 17 million turns. From 2^20 on the angle's own last bit counts.
#define BT_ANGLE_MOST 1e8
// Added to a number and taken off again it rounds to a whole one, whose last bits are the sum's.
#define BT_ROUNDS 6755399441055744.0

// An angle's sine and cosine as bits, and the quarter turns that were taken off it.
typedef struct bt_quarter {
    uint64_t sine, cosine, turns;
} bt_quarter;

static inline bt_quarter bt_in_quarter(double angle_rad)
{
    double x = bt_min(BT_ANGLE_MOST, bt_max(-BT_ANGLE_MOST, angle_rad));
    double rounded = x * (2.0 / BT_PI) + BT_ROUNDS, n = rounded - BT_ROUNDS;
    double r = x - n * 1.57079632673412561417e+00; // 33 bits of it each: the products are exact
    r = r - n * 6.07710050630396597660e-11;
    r = r - n * 2.02226624879595063154e-21;
    double z = r * r, w = z * z;
    double s = 8.33333333332248946124e-03 + z * -1.98412698298579493134e-04 +
               w * (2.75573137070700676789e-06 + z * -2.50507602534068634195e-08 +
                    w * 1.58969099521155010221e-10);
    double c = 4.16666666666666019037e-02 + z * -1.38888888888741095749e-03 +
               w * (2.48015872894767294178e-05 + z * -2.75573143513906633035e-07 +
                    w * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11));
    double sine = r + r * z * (-1.66666666666666324348e-01 + z * s);
    double half = 0.5 * z, one = 1.0 - half;
    double cosine = one + ((1.0 - one - half) + w * c);
    return (bt_quarter){bt_bits(sine), bt_bits(cosine), bt_bits(rounded)};
}

// Error: 1 in the last place within an eighth of a turn, 1.2e-16 within some turns.
static inline double bt_sin(double angle_rad)
{
    bt_quarter q = bt_in_quarter(angle_rad);
    uint64_t swap = (q.sine ^ q.cosine) & (0 - (q.turns & 1));
    return bt_from_bits((q.sine ^ swap) ^ ((q.turns & 2) << 62));
}
static inline double bt_cos(double angle_rad)
{
    bt_quarter q = bt_in_quarter(angle_rad);
    uint64_t swap = (q.sine ^ q.cosine) & (0 - (q.turns & 1));
    return bt_from_bits((q.cosine ^ swap) ^ (((q.turns + 1) & 2) << 62));
}
static inline double bt_tan(double angle_rad)
{
    return bt_sin(angle_rad) / bt_cos(angle_rad);
}

// ---- angles -----------------------------------------------------------------------------------
// Of a ratio in [0, 1]: low over high.
static inline double bt_atan_share(double low, double high)
{
    // above tan(pi / 8) by what is missing to pi / 4
    bool late = low > 0.41421356237309503 * high;
    double above = late ? low - high : low, below = late ? low + high : high;
    double r = below > 0.0 ? above / below : 0.0;
    double z = r * r, w = z * z;
    double odd =
        z * (3.33333333333329318027e-01 +
             w * (1.42857142725034663711e-01 +
                  w * (9.09088713343650656196e-02 +
                       w * (6.66107313738753120669e-02 +
                            w * (4.97687799461593236017e-02 + w * 1.62858201153657823623e-02)))));
    double even =
        w * (-1.99999999998764832476e-01 +
             w * (-1.11111104054623557880e-01 +
                  w * (-7.69187620504482999495e-02 +
                       w * (-5.83357013379057348645e-02 + w * -3.65315727442169155270e-02))));
    double rest = late ? 3.06161699786838301793e-17 : 0.0; // of pi / 4
    return (late ? 0.25 * BT_PI : 0.0) - ((r * (odd + even) - rest) - r);
}

// In [-pi, pi]; 0 of two zeros, no number of two infinities. Error: 2 in the last place.
static inline double bt_atan2(double y, double x)
{
    double a = fabs(x), b = fabs(y);
    bool steep = b > a;
    double angle = bt_atan_share(steep ? a : b, steep ? b : a);
    if (steep) angle = 0.5 * BT_PI - (angle - 6.12323399573676603587e-17);
    if (x < 0.0) angle = BT_PI - (angle - 1.22464679914735317723e-16);
    return a == a && b == b ? copysign(angle, y) : x + y;
}
static inline double bt_atan(double slope)
{
    return bt_atan2(slope, 1.0);
}
// Of a sine or cosine in [-1, 1]; beyond it is no number.
static inline double bt_asin(double sine)
{
    return bt_atan2(sine, sqrt((1.0 - sine) * (1.0 + sine)));
}
static inline double bt_acos(double cosine)
{
    return bt_atan2(sqrt((1.0 - cosine) * (1.0 + cosine)), cosine);
}
// Of lengths in metres: nothing guards squares from above 1e150 or below 1e-150.
static inline double bt_hypot(double x, double y)
{
    return sqrt(x * x + y * y);
}

// ---- exponentials -----------------------------------------------------------------------------
double bt_exp(double x);
double bt_ln(double x);
// base^power of a base that is not negative; the relative error is that of power ln(base), in its last bit.
double bt_pow(double base, double power);
double bt_tanh(double x); // to 1e-16, absolute

#endif
