// random.c: Philox4x32-10 and what is made of its blocks.
//
// Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3 and
// table 2: two multipliers, two Weyl constants, ten rounds.
#include "engine/core/random.h"

#include "engine/math/elementary.h"

#include <math.h>
#include <stddef.h>

#define PHILOX_M0 0xD2511F53u
#define PHILOX_M1 0xCD9E8D57u
#define PHILOX_W0 0x9E3779B9u // golden ratio
#define PHILOX_W1 0xBB67AE85u // sqrt(3) - 1
#define PHILOX_ROUNDS 10
#define LANES 64 // counters at once: so many that loops over them become vectors

static bt_random4 philox(bt_random4 counter, uint32_t key0, uint32_t key1)
{
    uint32_t *c = counter.v;
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t product0 = (uint64_t)PHILOX_M0 * c[0];
        uint64_t product1 = (uint64_t)PHILOX_M1 * c[2];
        bt_random4 next = {{(uint32_t)(product1 >> 32) ^ c[1] ^ key0, (uint32_t)product1,
                            (uint32_t)(product0 >> 32) ^ c[3] ^ key1, (uint32_t)product0}};
        counter = next;
        key0 += PHILOX_W0;
        key1 += PHILOX_W1;
    }
    return counter;
}

bt_random4 bt_random_block(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim)
{
    bt_random4 counter = {{(uint32_t)index, (uint32_t)(index >> 32), dim, stream}};
    return philox(counter, (uint32_t)seed, (uint32_t)(seed >> 32));
}

// The same of LANES counters side by side.
static void philox_lanes(uint32_t c[4][LANES], uint32_t key0, uint32_t key1)
{
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        for (int i = 0; i < LANES; i++) {
            uint64_t product0 = (uint64_t)PHILOX_M0 * c[0][i];
            uint64_t product1 = (uint64_t)PHILOX_M1 * c[2][i];
            c[0][i] = (uint32_t)(product1 >> 32) ^ c[1][i] ^ key0;
            c[1][i] = (uint32_t)product1;
            c[2][i] = (uint32_t)(product0 >> 32) ^ c[3][i] ^ key1;
            c[3][i] = (uint32_t)product0;
        }
        key0 += PHILOX_W0;
        key1 += PHILOX_W1;
    }
}

void bt_random_blocks(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim, uint32_t count,
                      uint32_t *words)
{
    uint32_t c[4][LANES];
    for (uint32_t first = 0; first < count; first += LANES) {
        for (uint32_t i = 0; i < LANES; i++) {
            c[0][i] = (uint32_t)(index + first + i);
            c[1][i] = (uint32_t)((index + first + i) >> 32);
            c[2][i] = dim;
            c[3][i] = stream;
        }
        philox_lanes(c, (uint32_t)seed, (uint32_t)(seed >> 32));
        uint32_t kept = count - first < LANES ? count - first : LANES;
        for (uint32_t word = 0; word < 4; word++)
            for (uint32_t i = 0; i < kept; i++)
                words[(size_t)word * count + first + i] = c[word][i];
    }
}

uint32_t bt_random_u32(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim)
{
    return bt_random_block(seed, stream, index, dim).v[0];
}

// The top 53 of 64 bits as an integer: every such double is exact.
static double top_53(uint32_t high, uint32_t low)
{
    return (double)((((uint64_t)high << 32) | low) >> 11);
}

double bt_random_unit(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim)
{
    bt_random4 r = bt_random_block(seed, stream, index, dim);
    return top_53(r.v[0], r.v[1]) * 0x1p-53;
}

double bt_random_range(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim, double low,
                       double high)
{
    double x = low + (high - low) * bt_random_unit(seed, stream, index, dim);
    // rounding may reach the open end
    return x < high || high <= low ? x : nextafter(high, low);
}

uint32_t bt_random_below(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim,
                         uint32_t count)
{
    // the high word of a 64-bit fraction times count: each result's share is off by < 2^-32 of it
    bt_random4 r = bt_random_block(seed, stream, index, dim);
    uint64_t low = ((uint64_t)r.v[1] * count) >> 32;
    return (uint32_t)(((uint64_t)r.v[0] * count + low) >> 32);
}

// Box and Muller 1958, "A note on the generation of random normal deviates".
double bt_random_normal(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim)
{
    bt_random4 r = bt_random_block(seed, stream, index, dim);
    double u1 = (top_53(r.v[0], r.v[1]) + 1.0) * 0x1p-53; // (0, 1]: its logarithm is finite
    double u2 = top_53(r.v[2], r.v[3]) * 0x1p-53;
    return sqrt(-2.0 * bt_ln(u1)) * bt_cos(6.28318530717958647693 * u2);
}
