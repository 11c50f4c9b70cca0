// json_text_test.c: what is written fast is, byte for byte, what Jansson writes.
#include "engine/label/json_text.h"

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "tests/support/check.h"

#include <stdbool.h>
#include <stdlib.h>

static void check_value(json_t *value)
{
    char *want = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY);
    char *got = NULL;
    size_t count = 0;
    CHECK_OK(bt_json_text(value, &got, &count));
    bool same = got && want && count == strlen(want) + 1 && got[count - 1] == '\n' &&
                memcmp(got, want, count - 1) == 0;
    CHECK(same);
    if (!same) fprintf(stderr, "    got %.60s, want %.60s\n", got ? got : "", want ? want : "");
    free(want);
    bt_free(got);
    json_decref(value);
}

// All sizes, those whose digits end early, halves between two texts, and what is hard to round.
static void test_numbers(void)
{
    static const double hard[] = {0.0,
                                  -0.0,
                                  1.0,
                                  -1.0,
                                  0.1,
                                  1.0 / 3.0,
                                  1e-4,
                                  9.9999e-5,
                                  1e15,
                                  1e16,
                                  1e17,
                                  1e22,
                                  123456.0,
                                  0.5,
                                  5e-324,
                                  1e308,
                                  0.30000000000000004,
                                  999999999999999.9,
                                  9.9999999999999999e14,
                                  0.00010000000000000001,
                                  9007199254740993.0,
                                  1024.0000000000002};
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++)
        check_value(json_real(hard[i]));
    json_t *list = json_array();
    for (uint32_t i = 0; i < 100000; i++) {
        double u = bt_random_unit(3, BT_STREAM_PLACEMENT, i, 0),
               v = bt_random_unit(3, BT_STREAM_PLACEMENT, i, 1);
        double value = (u - 0.5) * pow(10.0, 24.0 * v - 7.0);
        if (i % 3 == 1) value = floor(value * 256.0) / 256.0; // exact ties
        if (i % 3 == 2) value = (double)(float)value;
        if (json_array_append_new(list, json_real(value)) != 0) CHECK(false);
    }
    check_value(list);
}

static void test_values(void)
{
    check_value(json_pack("{s:[i,f,b,n],s:{},s:[],s:s,s:s,s:I}", "a", 3, 2.5, 1, "empty", "none",
                          "plain", "a text", "strange", "\"\\/\n\x01 \xc3\xa4", "large",
                          (json_int_t)INT64_MIN));
    check_value(json_stringn("nul\0byte", 8));
    check_value(json_pack("{s:i}", "a \"key\"", 1));
    json_t *deep = json_array();
    for (int i = 0; i < 100; i++) {
        json_t *outer = json_array();
        if (json_array_append_new(outer, deep) != 0) CHECK(false);
        deep = outer;
    }
    check_value(deep);
}

int main(void)
{
    size_t in_use = bt_memory_in_use();
    test_numbers();
    test_values();
    CHECK(bt_memory_in_use() == in_use);
    return check_end();
}
