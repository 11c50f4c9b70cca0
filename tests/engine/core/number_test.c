// number_test.c: what is a number, to the last bit, and what is none.
#include "engine/core/number.h"
#include "tests/support/check.h"

static int reads(const char *text, char point, double want)
{
    double value;
    return bt_number_parse(text, text + strlen(text), point, &value) && value == want;
}

static int refused(const char *text, char point)
{
    double value;
    return !bt_number_parse(text, text + strlen(text), point, &value);
}

int main(void)
{
    CHECK(reads("0.1", '.', 0.1) && reads("-2.5e3", '.', -2500.0) && reads("+7", '.', 7.0));
    CHECK(reads("0,25", ',', 0.25) && reads("1E-2", ',', 0.01) && reads("5.", '.', 5.0));
    static const char *const none[] = {"",    "-",   ".",   "e5",    "1e",  "1.2.3", "0x10",
                                       "nan", "inf", "1 2", "1e999", "1,5", "--1",   "1e5x"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK(refused(none[i], '.'));
    CHECK(refused("1.5", ','));
    return check_end();
}
