// noise.h: random numbers of a read, and exact Poisson numbers.
//
// Every number is a function of (seed, stream, index, how many were drawn before), so pixels may be
// read in any order by any thread. A source lives on the stack for one pixel.
#ifndef BT_CAMERA_IMAGER_NOISE_H
#define BT_CAMERA_IMAGER_NOISE_H

#include "engine/core/random.h"

typedef struct bt_noise {
    uint64_t seed, index;
    uint32_t stream, dim;
    uint32_t used; // of block
    bt_random4 block;
} bt_noise;

static inline bt_noise bt_noise_begin(uint64_t seed, uint32_t stream, uint64_t index)
{
    return (bt_noise){.seed = seed, .index = index, .stream = stream, .used = 4};
}

// (0, 1), 32 bits, never the ends.
double bt_noise_unit(bt_noise *noise);
// Standard normal; from 32 bits, so within +-6.4.
double bt_noise_normal(bt_noise *noise);
// Standard normal of 32 random bits: the inverse of its distribution, Wichura 1988, algorithm AS 241,
// PPND7: good to 1e-7.
float bt_noise_normal_of(uint32_t bits);
// Poisson number of this mean, exact for every mean: inversion below 10, above it the transformed
// rejection of Hoermann 1993, "The transformed rejection method for generating Poisson random
// variables", algorithm PTRS. Means up to 1e9; not above 0 gives 0.
double bt_noise_poisson(bt_noise *noise, double mean);

// ---- many at once -----------------------------------------------------------------------------
// The first numbers of `count` sources whose indices follow one another, dim being where they begin:
// the very numbers that they would give one by one.
#define BT_NOISE_SPAN 64 // at most so many

// Standard normal numbers of one word, 0 to 3, of each source's first block.
void bt_noise_normals(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim, uint32_t word,
                      uint32_t count, float *out);
// Means become Poisson numbers.
void bt_noise_poissons(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim, uint32_t count,
                       float *e);

#endif
