// draws.h: the sampler's numbers for many uses at once: the same bits as bt_sampler_4d's, whose steps wait
// for each other where one use is asked at a time.
#ifndef BT_RENDER_DRAWS_H
#define BT_RENDER_DRAWS_H

#include <stdint.h>

#include "shaders/shared/sampler.h"

#define BT_DRAWS_MAX 48u

typedef struct bt_draws {
    uint32_t count;
    uint32_t indices[BT_DRAWS_MAX], seeds[BT_DRAWS_MAX], sets[BT_DRAWS_MAX];
    float4 u[BT_DRAWS_MAX]; // bt_draws_run: what each use gets
} bt_draws;

// Asks for one more; gives its number.
static inline uint32_t bt_draws_ask(bt_draws *draws, bt_sampler of, uint32_t set)
{
    uint32_t at = draws->count++;
    draws->indices[at] = of.index;
    draws->seeds[at] = of.seed;
    draws->sets[at] = set;
    return at;
}

void bt_draws_run(bt_draws *draws);

#endif
