// random.h: counter-based random numbers: a number is a function of (seed, stream, index, dim).
//
// Philox4x32-10. Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
// No state, so the same number comes out for any thread, order or farm split.
#ifndef BT_CORE_RANDOM_H
#define BT_CORE_RANDOM_H

#include <stdint.h>

// Streams keep uses apart; a new use takes a new number here.
typedef enum bt_stream {
    BT_STREAM_SCENARIO = 1, // math.random in Lua
    BT_STREAM_TRAFFIC,
    BT_STREAM_PEDESTRIAN,
    BT_STREAM_PLACEMENT,
    BT_STREAM_VEHICLE,
    BT_STREAM_BUILDING,
    BT_STREAM_PLANT,
    BT_STREAM_TERRAIN,
    BT_STREAM_SENSOR_FIXED, // one draw per sensor: fixed pattern
    BT_STREAM_SENSOR_NOISE, // one draw per read
    BT_STREAM_TEST,
    BT_STREAM_WEATHER,
    BT_STREAM_ROAD, // layouts of generated networks: one draw row per tile
    BT_STREAM_PARAMETER, // named distributions of scenarios: index is a hash of the name
} bt_stream;

typedef struct bt_random4 {
    uint32_t v[4];
} bt_random4;

// The Philox block for this counter.
bt_random4 bt_random_block(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim);

// The blocks of `count` indices from `index` on, word by word: words (4 x count). Several at once.
void bt_random_blocks(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim, uint32_t count,
                      uint32_t *words);

uint32_t bt_random_u32(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim);
// [0, 1) with 53 bits.
double bt_random_unit(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim);
// [low, high).
double bt_random_range(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim, double low,
                       double high);
// Uniform over 0 .. count-1; count >= 1. No modulo bias beyond 2^-32.
uint32_t bt_random_below(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim,
                         uint32_t count);
// Standard normal (Box and Muller 1958).
double bt_random_normal(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim);

#endif
