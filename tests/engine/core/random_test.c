// random_test.c: known answers, and moments of what is made from the blocks.
#include "engine/core/random.h"

#include "tests/support/check.h"

static void check_block(uint64_t seed, uint32_t stream, uint64_t index, uint32_t dim,
                        const uint32_t want[4])
{
    bt_random4 got = bt_random_block(seed, stream, index, dim);
    for (int i = 0; i < 4; i++)
        CHECK(got.v[i] == want[i]);
}

// The vectors that Salmon et al. publish with their code (Random123, kat_vectors, philox4x32 10);
// counter words are (index low, index high, dim, stream), key words the seed's.
static void test_known_answers(void)
{
    check_block(0, 0, 0, 0, (uint32_t[]){0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    check_block(UINT64_MAX, UINT32_MAX, UINT64_MAX, UINT32_MAX,
                (uint32_t[]){0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    // digits of pi
    check_block(UINT64_C(0x299f31d0a4093822), 0x03707344, UINT64_C(0x85a308d3243f6a88), 0x13198a2e,
                (uint32_t[]){0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

// Many blocks are those of one after another, whatever their count and where the index carries over.
static void test_blocks(void)
{
    static const uint32_t counts[] = {1, 15, 16, 17, 70};
    uint64_t index = UINT64_C(0x12ffffffff) - 20;
    uint32_t words[4 * 70];
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        bt_random_blocks(9, BT_STREAM_TEST, index, 3, counts[k], words);
        for (uint32_t i = 0; i < counts[k]; i++) {
            bt_random4 want = bt_random_block(9, BT_STREAM_TEST, index + i, 3);
            for (uint32_t word = 0; word < 4; word++)
                CHECK(words[word * counts[k] + i] == want.v[word]);
        }
    }
}

#define COUNT 200000

// Tolerances are 5 standard errors of the closed form.
static void test_moments(void)
{
    double unit = 0, unit2 = 0, normal = 0, normal2 = 0, normal4 = 0, lag = 0, previous = 0;
    double low = 1, high = 0;
    for (uint64_t i = 0; i < COUNT; i++) {
        double u = bt_random_unit(1, BT_STREAM_TEST, i, 0);
        double n = bt_random_normal(1, BT_STREAM_TEST, i, 1);
        unit += u;
        unit2 += u * u;
        normal += n;
        normal2 += n * n;
        normal4 += n * n * n * n;
        lag += n * previous;
        previous = n;
        low = fmin(low, u);
        high = fmax(high, u);
    }
    double root = sqrt((double)COUNT);
    CHECK_NEAR(unit / COUNT, 0.5, 5 * sqrt(1.0 / 12.0) / root);
    CHECK_NEAR(unit2 / COUNT, 1.0 / 3.0, 5 * sqrt(4.0 / 45.0) / root);
    CHECK_NEAR(normal / COUNT, 0.0, 5 / root);
    CHECK_NEAR(normal2 / COUNT, 1.0, 5 * sqrt(2.0) / root);
    CHECK_NEAR(normal4 / COUNT, 3.0, 5 * sqrt(96.0) / root);
    CHECK_NEAR(lag / COUNT, 0.0, 5 / root);
    CHECK(low >= 0.0 && high < 1.0);
}

// Pearson's chi-squared with 6 degrees of freedom stays below 22.5 with probability 0.999.
static void test_below(void)
{
    uint32_t counts[7] = {0};
    for (uint64_t i = 0; i < COUNT; i++) {
        uint32_t k = bt_random_below(2, BT_STREAM_TEST, i, 0, 7);
        CHECK(k < 7);
        if (k < 7) counts[k]++;
    }
    double chi2 = 0;
    for (int k = 0; k < 7; k++) {
        double d = counts[k] - COUNT / 7.0;
        chi2 += d * d / (COUNT / 7.0);
    }
    CHECK(chi2 < 22.5);
    CHECK(bt_random_below(2, BT_STREAM_TEST, 0, 0, 1) == 0);
}

static void test_range(void)
{
    for (uint64_t i = 0; i < 1000; i++) {
        double x = bt_random_range(3, BT_STREAM_TEST, i, 0, 1.0, 1.0 + 0x1p-52);
        CHECK(x == 1.0); // the only value of [low, high)
        x = bt_random_range(3, BT_STREAM_TEST, i, 0, -2.0, 5.0);
        CHECK(x >= -2.0 && x < 5.0);
    }
}

// Any change of one argument gives another number.
static void test_arguments_matter(void)
{
    uint32_t base = bt_random_u32(1, 2, 3, 4);
    CHECK(bt_random_u32(1, 2, 3, 4) == base);
    CHECK(bt_random_u32(2, 2, 3, 4) != base);
    CHECK(bt_random_u32(1 + (UINT64_C(1) << 32), 2, 3, 4) != base);
    CHECK(bt_random_u32(1, 3, 3, 4) != base);
    CHECK(bt_random_u32(1, 2, 4, 4) != base);
    CHECK(bt_random_u32(1, 2, 3 + (UINT64_C(1) << 32), 4) != base);
    CHECK(bt_random_u32(1, 2, 3, 5) != base);
}

int main(void)
{
    test_known_answers();
    test_blocks();
    test_moments();
    test_below();
    test_range();
    test_arguments_matter();
    return check_end();
}
