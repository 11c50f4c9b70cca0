// chi_square.h: does a sampler draw the directions its density says? Pearson's test over a sphere.
//
// The sphere is cut into rows about an axis and columns around it; the density is integrated over
// each cell and compared with what fell there. What the sampler refuses is a cell of its own: it
// holds what the density lacks to one. Numbers are fixed by the seed, so a test passes or fails for
// good; of correct samplers a share `CHI_SIGNIFICANCE` / (tests in the program) would be refused.
//
//   static bool draw(const void *s, const double u[4], double dir[3]);   false: no direction
//   static double density(const void *s, const double dir[3]);           per solid angle
//   chi_square_result r = chi_square_test(&(chi_square){.draw = draw, .density = density,
//                                         .subject = &s, .axis = {0, 0, 1}});
//   CHECK(r.p > CHI_SIGNIFICANCE / 12);
#ifndef BT_TESTS_CHI_SQUARE_H
#define BT_TESTS_CHI_SQUARE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define CHI_SIGNIFICANCE 0.01
#define CHI_ROWS 32 // even, so that with power 1 an edge lies on the plane across the axis
#define CHI_COLUMNS 48

typedef struct chi_square {
    bool (*draw)(const void *subject, const double u[4], double dir[3]);
    double (*density)(const void *subject, const double dir[3]);
    const void *subject;
    double axis[3]; // unit; rows gather about it
    double power;   // 0 or 1: rows of equal solid angle; more: narrow lobes about the axis
    uint64_t seed;
    uint32_t samples; // 0: 200000
    int split;        // 0: 4; each cell's side in the integral, times two Gauss points
} chi_square;

typedef struct chi_square_result {
    double p;        // probability of a worse fit by chance
    double integral; // of the density over the sphere
    double refused;  // share of draws without a direction
} chi_square_result;

// Steele, Lea, Flood 2014: splitmix64
static inline double chi_uniform(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

// Upper tail of the chi-square distribution: Q(k/2, x/2), by the series or Lentz's fraction.
static inline double chi_tail(double x2, int freedom)
{
    double a = 0.5 * freedom, x = 0.5 * x2;
    double front = exp(a * log(x > 0.0 ? x : 1e-300) - x - lgamma(a));
    if (x < a + 1.0) {
        double term = 1.0 / a, sum = term;
        for (int n = 1; n < 2000; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return 1.0 - front * sum;
    }
    double b = x + 1.0 - a, c = 1e300, d = 1.0 / b, h = d;
    for (int i = 1; i < 2000; i++) {
        double an = -i * (i - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        h *= d * c;
    }
    return front * h;
}

static inline void chi_frame(const double z[3], double x[3], double y[3])
{
    double s = copysign(1.0, z[2]), a = -1.0 / (s + z[2]), b = z[0] * z[1] * a; // Duff et al. 2017
    x[0] = 1.0 + s * z[0] * z[0] * a, x[1] = s * b, x[2] = -s * z[0];
    y[0] = b, y[1] = s + z[1] * z[1] * a, y[2] = -z[1];
}

// The direction at row coordinate v (0 the axis, 1 its opposite) and turn h, both 0..1.
static inline void chi_direction(const chi_square *t, double v, double h, double dir[3])
{
    double x[3], y[3], low = pow(v, t->power > 0.0 ? t->power : 1.0); // (1 - cos) / 2
    double sine = 2.0 * sqrt(fmax(low * (1.0 - low), 0.0)), cosine = 1.0 - 2.0 * low;
    chi_frame(t->axis, x, y);
    for (int k = 0; k < 3; k++)
        dir[k] =
            sine * (cos(2.0 * M_PI * h) * x[k] + sin(2.0 * M_PI * h) * y[k]) + cosine * t->axis[k];
}

static inline int chi_cell(const chi_square *t, const double dir[3])
{
    double x[3], y[3], a = 0.0, b = 0.0, chord2 = 0.0;
    chi_frame(t->axis, x, y);
    for (int k = 0; k < 3; k++) {
        a += dir[k] * x[k];
        b += dir[k] * y[k];
        chord2 += (dir[k] - t->axis[k]) * (dir[k] - t->axis[k]); // 2 - 2 cos, exact near the axis
    }
    double v = pow(fmin(0.25 * chord2, 1.0), 1.0 / (t->power > 0.0 ? t->power : 1.0));
    double h = atan2(b, a) / (2.0 * M_PI);
    int row = (int)(v * CHI_ROWS), column = (int)((h < 0.0 ? h + 1.0 : h) * CHI_COLUMNS);
    row = row < CHI_ROWS ? row : CHI_ROWS - 1;
    column = column < CHI_COLUMNS ? column : CHI_COLUMNS - 1;
    return row * CHI_COLUMNS + column;
}

static inline double chi_integral(const chi_square *t, int row, int column)
{
    static const double gauss[2] = {0.2113248654051871, 0.7886751345948129};
    double sum = 0.0, power = t->power > 0.0 ? t->power : 1.0;
    const int split = t->split > 0 ? t->split : 4;
    for (int i = 0; i < split * 2; i++)
        for (int j = 0; j < split * 2; j++) {
            double v = (row + (i / 2 + gauss[i % 2]) / split) / CHI_ROWS;
            double h = (column + (j / 2 + gauss[j % 2]) / split) / CHI_COLUMNS, dir[3];
            chi_direction(t, v, h, dir);
            sum += t->density(t->subject, dir) * power * pow(v, power - 1.0);
        }
    return sum * 4.0 * M_PI / ((double)CHI_ROWS * CHI_COLUMNS * 4 * split * split);
}

typedef struct chi_pool {
    double want, got; // cells too thin to count alone
    double sum;
    int cells;
} chi_pool;

static inline void chi_add(chi_pool *pool, double want, double got)
{
    pool->want += want;
    pool->got += got;
    if (pool->want < 8.0) return;
    pool->sum += (pool->got - pool->want) * (pool->got - pool->want) / pool->want;
    pool->cells++;
    pool->want = pool->got = 0.0;
}

static inline chi_square_result chi_square_test(const chi_square *t)
{
    static double got[CHI_ROWS * CHI_COLUMNS];
    uint32_t count = t->samples > 0 ? t->samples : 200000u;
    uint64_t state = t->seed;
    double refused = 0.0;
    for (int i = 0; i < CHI_ROWS * CHI_COLUMNS; i++)
        got[i] = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        double u[4], dir[3];
        for (int k = 0; k < 4; k++)
            u[k] = chi_uniform(&state);
        if (t->draw(t->subject, u, dir))
            got[chi_cell(t, dir)] += 1.0;
        else
            refused += 1.0;
    }
    chi_pool pool = {0};
    chi_square_result r = {.refused = refused / count};
    for (int i = 0; i < CHI_ROWS * CHI_COLUMNS; i++) {
        double share = chi_integral(t, i / CHI_COLUMNS, i % CHI_COLUMNS);
        r.integral += share;
        chi_add(&pool, share * count, got[i]);
    }
    chi_add(&pool, fmax(1.0 - r.integral, 0.0) * count, refused);
    r.p = pool.cells > 1 ? chi_tail(pool.sum, pool.cells - 1) : 0.0;
    return r;
}

#endif
