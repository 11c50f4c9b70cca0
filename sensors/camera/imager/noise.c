// noise.c: random numbers of a read.
#include "sensors/camera/imager/noise.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define LEAST_REJECTED 10.0 // mean from which on PTRS is valid
#define MOST 1e9            // mean

double bt_noise_unit(bt_noise *noise)
{
    if (noise->used == 4) {
        noise->block = bt_random_block(noise->seed, noise->stream, noise->index, noise->dim++);
        noise->used = 0;
    }
    return ((double)noise->block.v[noise->used++] + 0.5) * 0x1p-32;
}

#define MIDDLE 0.425

// Beyond |q| = MIDDLE: r = sqrt(-ln(tail probability)).
static double normal_tail(double r)
{
    if (r <= 5.0) {
        r -= 1.6;
        return (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777) /
               ((0.12021132975 * r + 0.73700164250) * r + 1.0);
    }
    r -= 5.0;
    return (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150) /
           ((0.012258202635 * r + 0.24197894225) * r + 1.0);
}

static double normal_middle(double q)
{
    double r = 0.180625 - q * q;
    return q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179) /
           (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0);
}

// Where in (-1/2, 1/2) the bits lie.
static double from_middle(uint32_t bits)
{
    return ((double)bits + 0.5) * 0x1p-32 - 0.5;
}

float bt_noise_normal_of(uint32_t bits)
{
    double q = from_middle(bits);
    if (fabs(q) <= MIDDLE) return (float)normal_middle(q);
    double p = ((double)bits + 0.5) * 0x1p-32;
    double tail = normal_tail(sqrt(-log(q < 0.0 ? p : 1.0 - p)));
    return (float)(q < 0.0 ? -tail : tail);
}

double bt_noise_normal(bt_noise *noise)
{
    if (noise->used == 4) {
        noise->block = bt_random_block(noise->seed, noise->stream, noise->index, noise->dim++);
        noise->used = 0;
    }
    return (double)bt_noise_normal_of(noise->block.v[noise->used++]);
}

// Smallest k whose cumulative probability exceeds a uniform number; two 32-bit numbers make one
// fine enough for the tail.
static double poisson_by_inversion(bt_noise *noise, double mean)
{
    double u = bt_noise_unit(noise);
    u += (bt_noise_unit(noise) - 0.5) * 0x1p-32;
    double probability = exp(-mean);
    double cumulative = probability;
    double k = 0.0;
    while (u > cumulative && k < 200.0) {
        k += 1.0;
        probability *= mean / k;
        cumulative += probability;
    }
    return k;
}

// log(k!) for k >= 0: table, then Stirling's series with three terms (error below 1e-10 from 10).
static double log_factorial(double k)
{
    static const double small[10] = {
        0.0,
        0.0,
        0.69314718055994530942,
        1.79175946922805500081,
        3.17805383034794561965,
        4.78749174278204599425,
        6.57925121201010099506,
        8.52516136106541430017,
        10.60460290274525022842,
        12.80182748008146961121,
    };
    if (k < 10.0) return small[(int)k];
    double n = k + 1.0; // log Gamma(n)
    double inverse = 1.0 / n;
    double square = inverse * inverse;
    return (n - 0.5) * log(n) - n + 0.91893853320467274178 +
           inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square / 1260.0));
}

// Hoermann's constants for PTRS.
typedef struct ptrs {
    double a, b, v_quick;
} ptrs;

static inline ptrs ptrs_of(double mean)
{
    double b = 0.931 + 2.53 * sqrt(mean);
    return (ptrs){.a = -0.059 + 0.02483 * b, .b = b, .v_quick = 0.9277 - 3.6224 / (b - 2.0)};
}

// A number for u in (-1/2, 1/2); taken at once where |u| and v are small.
static inline double ptrs_number(ptrs p, double mean, double u)
{
    return floor((2.0 * p.a / (0.5 - fabs(u)) + p.b) * u + mean + 0.43);
}

static inline bool ptrs_taken(ptrs p, double u, double v)
{
    return (0.5 - fabs(u) >= 0.07) & (v <= p.v_quick);
}

static double poisson_by_rejection(bt_noise *noise, double mean)
{
    ptrs p = ptrs_of(mean);
    double inverse_alpha = 1.1239 + 1.1328 / (p.b - 3.4), log_mean = log(mean);
    for (;;) {
        double u = bt_noise_unit(noise) - 0.5;
        double v = bt_noise_unit(noise);
        double us = 0.5 - fabs(u), k = ptrs_number(p, mean, u);
        if (ptrs_taken(p, u, v)) return k;
        if (k < 0.0 || (us < 0.013 && v > us)) continue;
        double bound = k * log_mean - mean - log_factorial(k);
        if (log(v * inverse_alpha / (p.a / (us * us) + p.b)) <= bound) return k;
    }
}

double bt_noise_poisson(bt_noise *noise, double mean)
{
    if (!(mean > 0.0)) return 0.0;
    if (mean < LEAST_REJECTED) return poisson_by_inversion(noise, mean);
    return poisson_by_rejection(noise, mean < MOST ? mean : MOST);
}

// ---- many at once -----------------------------------------------------------------------------
void bt_noise_normals(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim, uint32_t word,
                      uint32_t count, float *out)
{
    uint32_t words[4 * BT_NOISE_SPAN];
    bt_random_blocks(seed, stream, index, dim, count, words);
    const uint32_t *bits = words + (size_t)word * count;
    for (uint32_t i = 0; i < count; i++)
        out[i] = (float)normal_middle(from_middle(bits[i]));
    for (uint32_t i = 0; i < count; i++)
        if (fabs(from_middle(bits[i])) > MIDDLE) out[i] = bt_noise_normal_of(bits[i]);
}

// Numbers of means that PTRS is made for, where the first try is taken at once: nine of ten.
static void try_once(const float *e, const uint32_t *words, uint32_t count, double *number,
                     bool *taken)
{
    for (uint32_t i = 0; i < count; i++) {
        double mean = (double)e[i];
        double u = from_middle(words[i]), v = ((double)words[count + i] + 0.5) * 0x1p-32;
        mean = mean > LEAST_REJECTED ? mean : LEAST_REJECTED;
        mean = mean < MOST ? mean : MOST;
        ptrs p = ptrs_of(mean);
        number[i] = ptrs_number(p, mean, u);
        taken[i] = ptrs_taken(p, u, v) & ((double)e[i] >= LEAST_REJECTED);
    }
}

void bt_noise_poissons(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim, uint32_t count,
                       float *e)
{
    uint32_t words[4 * BT_NOISE_SPAN];
    double number[BT_NOISE_SPAN];
    bool taken[BT_NOISE_SPAN];
    bt_random_blocks(seed, stream, index, dim, count, words);
    try_once(e, words, count, number, taken);
    for (uint32_t i = 0; i < count; i++) {
        if (!taken[i]) {
            bt_noise noise = bt_noise_begin(seed, stream, index + i);
            for (uint32_t word = 0; word < 4; word++)
                noise.block.v[word] = words[word * count + i];
            noise.used = 0;
            noise.dim = dim + 1;
            number[i] = bt_noise_poisson(&noise, (double)e[i]);
        }
        e[i] = (float)number[i];
    }
}
