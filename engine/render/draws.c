// draws.c: see draws.h: bt_sampler_4d step by step, each for all uses, which the compiler takes many at once.
#include "engine/render/draws.h"

#define WIDE 16u // the steps' counts are multiples of it: no loop has a rest

// The number of each use and its place in the sequence, shuffled by it.
static void find_keys(const bt_draws *draws, uint32_t count, uint32_t *restrict keys,
                      uint32_t *restrict places)
{
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = bt_hash2(draws->seeds[i], draws->sets[i]);
        places[i] = bt_owen_low_to_high(draws->indices[i], keys[i]);
    }
}

// Scrambles coordinates, each by its own key, and takes them to [0, 1).
static void scramble(const uint32_t *restrict keys, const uint32_t *restrict points, uint32_t count,
                     float *restrict u)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t x = bitrev32(bt_owen_low_to_high(points[i], bt_sampler_key_mixed(keys[i])));
        u[i] = (float)(int32_t)(x >> 8) * (1.0f / 16777216.0f); // below 2^24: the same signed
    }
}

void bt_draws_run(bt_draws *draws)
{
    uint32_t count = (draws->count + WIDE - 1u) / WIDE * WIDE;
    uint32_t keys[BT_DRAWS_MAX], places[BT_DRAWS_MAX];
    uint4 own[BT_DRAWS_MAX], points[BT_DRAWS_MAX];
    for (uint32_t i = draws->count; i < count; i++)
        draws->indices[i] = draws->seeds[i] = draws->sets[i] = 0;
    find_keys(draws, count, keys, places);
    for (uint32_t i = 0; i < draws->count; i++) {
        own[i] = bt_sampler_keys(keys[i]);
        points[i] = bt_sobol4(places[i]);
    }
    for (uint32_t i = draws->count; i < count; i++)
        own[i] = points[i] = splat_u4(0);
    scramble((const uint32_t *)own, (const uint32_t *)points, 4 * count, (float *)draws->u);
}
