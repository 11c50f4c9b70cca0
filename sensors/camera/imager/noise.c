// noise.c: random numbers of a read.
#include "sensors/camera/imager/noise.h"

#include <math.h>

double bt_noise_unit(bt_noise *noise)
{
    if (noise->used == 4) {
        noise->block = bt_random_block(noise->seed, noise->stream, noise->index, noise->dim++);
        noise->used = 0;
    }
    return ((double)noise->block.v[noise->used++] + 0.5) * 0x1p-32;
}

// Beyond |q| = 0.425: r = sqrt(-ln(tail probability)).
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

float bt_noise_normal_of(uint32_t bits)
{
    double p = ((double)bits + 0.5) * 0x1p-32;
    double q = p - 0.5;
    if (fabs(q) > 0.425) {
        double tail = normal_tail(sqrt(-log(q < 0.0 ? p : 1.0 - p)));
        return (float)(q < 0.0 ? -tail : tail);
    }
    double r = 0.180625 - q * q;
    return (float)(q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179) /
                   (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0));
}

double bt_noise_normal(bt_noise *noise)
{
    if (noise->used == 4) {
        noise->block = bt_random_block(noise->seed, noise->stream, noise->index, noise->dim++);
        noise->used = 0;
    }
    return (double)bt_noise_normal_of(noise->block.v[noise->used++]);
}

void bt_noise_blocks(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim, uint32_t count,
                     uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        bt_random4 block = bt_random_block(seed, stream, index + i, dim);
        for (uint32_t lane = 0; lane < 4; lane++)
            out[4 * i + lane] = block.v[lane];
    }
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

static double poisson_by_rejection(bt_noise *noise, double mean)
{
    // Hoermann's constants for PTRS
    double b = 0.931 + 2.53 * sqrt(mean);
    double a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    double v_quick = 0.9277 - 3.6224 / (b - 2.0);
    double log_mean = log(mean);
    for (;;) {
        double u = bt_noise_unit(noise) - 0.5;
        double v = bt_noise_unit(noise);
        double us = 0.5 - fabs(u);
        double k = floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_quick) return k;
        if (k < 0.0 || (us < 0.013 && v > us)) continue;
        double bound = k * log_mean - mean - log_factorial(k);
        if (log(v * inverse_alpha / (a / (us * us) + b)) <= bound) return k;
    }
}

double bt_noise_poisson(bt_noise *noise, double mean)
{
    if (!(mean > 0.0)) return 0.0;
    if (mean < 10.0) return poisson_by_inversion(noise, mean);
    return poisson_by_rejection(noise, mean < 1e9 ? mean : 1e9);
}
