// mutate.h: hostile files: a good one with some bytes changed, cut short, or lengthened.
#ifndef BT_TESTS_MUTATE_H
#define BT_TESTS_MUTATE_H

#include "engine/core/random.h"

#include <stddef.h>
#include <string.h>

// Writes the variant-th damaged copy into `out` (count + 16 bytes of room) and gives its size.
static inline size_t mutate(const char *good, size_t count, uint64_t variant, char *out)
{
    memcpy(out, good, count);
    uint32_t changes = 1 + bt_random_below(variant, BT_STREAM_TEST, 0, 0, 4);
    for (uint32_t i = 1; i <= changes; i++) {
        uint32_t at = bt_random_below(variant, BT_STREAM_TEST, i, 0, (uint32_t)count);
        // half of the changes hit the head, where the sizes are
        if (bt_random_unit(variant, BT_STREAM_TEST, i, 1) < 0.5 && count > 400) at %= 400;
        uint32_t value = bt_random_below(variant, BT_STREAM_TEST, i, 2, 256 + 64);
        out[at] = (char)(value < 256 ? value : value & 1 ? 255 : 0);
    }
    if (variant % 8 == 0) return bt_random_below(variant, BT_STREAM_TEST, 9, 0, (uint32_t)count);
    if (variant % 8 == 1) memset(out + count, (int)(variant & 255), 16);
    return variant % 8 == 1 ? count + 16 : count;
}

#endif
