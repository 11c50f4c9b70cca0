// draws_test.c: the numbers of many uses at once are those of each alone, to the bit.
#include "engine/render/draws.h"
#include "tests/support/check.h"

#include <string.h>

// `count` uses of samplers and sets that differ in every bit.
static void test_same(uint32_t count, uint32_t seed)
{
    bt_draws draws = {0};
    bt_sampler of[BT_DRAWS_MAX];
    uint32_t sets[BT_DRAWS_MAX];
    memset(draws.u, 0xff, sizeof draws.u);
    for (uint32_t i = 0; i < count; i++) {
        of[i] = (bt_sampler){.index = bt_hash2(seed, 3 * i), .seed = bt_hash2(seed, 3 * i + 1)};
        sets[i] = bt_hash2(seed, 3 * i + 2) >> (i % 32);
        CHECK(bt_draws_ask(&draws, of[i], sets[i]) == i);
    }
    bt_draws_run(&draws);
    CHECK(draws.count == count);
    for (uint32_t i = 0; i < count; i++) {
        float4 alone = bt_sampler_4d(of[i], sets[i]);
        CHECK(memcmp(&alone, &draws.u[i], sizeof alone) == 0);
    }
}

int main(void)
{
    for (uint32_t count = 0; count <= BT_DRAWS_MAX; count++)
        for (uint32_t seed = 0; seed < 200; seed++)
            test_same(count, seed);
    return check_failed_count > 0;
}
