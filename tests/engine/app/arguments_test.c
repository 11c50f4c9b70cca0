// arguments_test.c: values of options: what is read, what is refused and with which words.
#include "engine/app/arguments.h"
#include "tests/support/check.h"

static void test_whole(void)
{
    uint64_t value = 7;
    CHECK_OK(bt_argument_u64("--seed", "18446744073709551615", 0, UINT64_MAX, &value));
    CHECK(value == UINT64_MAX);
    static const char *const bad[] = {
        "", "-1", "+1", " 1", "1 ", "1.5", "1e3", "0x10", "18446744073709551616"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(bt_argument_u64("--seed", bad[i], 0, UINT64_MAX, &value) == BT_ERR_INPUT);
    CHECK(value == UINT64_MAX);
    uint32_t small = 3;
    CHECK(bt_argument_u32("--steps", "0", 1, 10, &small) == BT_ERR_INPUT && small == 3);
    CHECK_CONTAINS(bt_error_message(), "--steps 0: expected a whole number from 1 to 10");
    CHECK_OK(bt_argument_u32("--steps", "10", 1, 10, &small));
    CHECK(small == 10);
}

static void test_number(void)
{
    double value = 2.0;
    static const char *const bad[] = {"", "x", "1x", "nan", "inf", "-0.1", "1.1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(bt_argument_number("--share", bad[i], 0.0, 1.0, &value) == BT_ERR_INPUT);
    CHECK(value == 2.0);
    CHECK_CONTAINS(bt_error_message(), "--share 1.1: expected a number from 0 to 1");
    CHECK_OK(bt_argument_number("--share", "2.5e-1", 0.0, 1.0, &value));
    CHECK(value == 0.25);
}

static void test_size(void)
{
    uint32_t width = 1, height = 1;
    static const char *const bad[] = {"",      "16",       "16x",       "x16",    "0x16",
                                      "15x16", "16x101",   "axb",       "16x16x", "-16x16",
                                      "16 x",  "99999x16", "1000016x16"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(bt_argument_size("--size", bad[i], 100, &width, &height) == BT_ERR_INPUT);
    CHECK(width == 1 && height == 1);
    CHECK_OK(bt_argument_size("--size", "16x100", 100, &width, &height));
    CHECK(width == 16 && height == 100);
}

int main(void)
{
    test_whole();
    test_number();
    test_size();
    return check_end();
}
