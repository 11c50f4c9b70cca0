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

// The variant-th copy of an XML text with the value of one to three attributes made hostile; `out` has count + 4096
// bytes of room. Stays well-formed, so that the readers behind the parser are met.
static inline size_t mutate_attributes(const char *good, size_t count, uint64_t variant, char *out)
{
    static const char *const hostile[] = {"",
                                          "-1",
                                          "0",
                                          "1e300",
                                          "-1e300",
                                          "NaN",
                                          "INF",
                                          "1e-300",
                                          "true",
                                          "\xff",
                                          "99999999",
                                          "$",
                                          "$nobody",
                                          "${1/0}",
                                          "${((((((1}",
                                          "${$x}",
                                          "Ego",
                                          "Lead",
                                          "step",
                                          "-64",
                                          "4294967295",
                                          "${pow(10,308)*10}",
                                          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    size_t size = count;
    memcpy(out, good, count);
    uint32_t changes = 1 + bt_random_below(variant, BT_STREAM_TEST, 20, 0, 3);
    for (uint32_t i = 0; i < changes; i++) {
        uint32_t from = bt_random_below(variant, BT_STREAM_TEST, 21 + i, 0, (uint32_t)size);
        char *begin = memchr(out + from, '=', size - from);
        if (!begin || begin + 1 >= out + size || begin[1] != '"') continue;
        begin += 2;
        char *end = memchr(begin, '"', size - (size_t)(begin - out));
        uint32_t which =
            bt_random_below(variant, BT_STREAM_TEST, 21 + i, 1, sizeof hostile / sizeof *hostile);
        size_t letters = strlen(hostile[which]);
        if (!end) continue;
        memmove(begin + letters, end, size - (size_t)(end - out));
        memcpy(begin, hostile[which], letters);
        size = size + letters - (size_t)(end - begin);
    }
    return size;
}

#endif
