// json_text.c: see json_text.h.
#include "engine/label/json_text.h"

#include "engine/core/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 17 // as many as tell all doubles apart
#define MOST_DEEP 64

__extension__ typedef unsigned __int128 wide;

static const uint64_t tens[20] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

// ---- numbers ----------------------------------------------------------------------------------
// mantissa 2^-shift 10^scale, to the nearest whole number, of two the even one: exact, for the factors have at most 53 and
// 70 bits.
static uint64_t scaled(uint64_t mantissa, int shift, int scale)
{
    wide product = (wide)mantissa * tens[scale > 19 ? 19 : scale];
    if (scale > 19) product *= tens[scale - 19];
    wide whole = product >> shift, rest = product - (whole << shift), half = (wide)1 << (shift - 1);
    bool up = rest > half || (rest == half && (whole & 1));
    return (uint64_t)whole + up;
}

// The digits of a number from 1e-4 to below 1e15, and the power of ten of the first.
static uint64_t digits_of(double value, int *power)
{
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(value, &exponent), 53);
    int shift = 53 - exponent; // at least 3, at most 66
    *power = (int)floor((exponent - 1) *
                        0.30102999566398120); // of the power of two: one too small at most
    uint64_t digits = scaled(mantissa, shift, DIGITS - 1 - *power);
    if (digits >= tens[DIGITS]) {
        ++*power;
        digits = scaled(mantissa, shift, DIGITS - 1 - *power);
    }
    return digits;
}

// As printf's %.17g writes numbers of this size: without zeros at the end; then Jansson's ".0".
static size_t write_fixed(double value, char *text)
{
    char digits[DIGITS + 1];
    int power, count = DIGITS;
    size_t at = 0;
    uint64_t number = digits_of(value, &power);
    for (int i = DIGITS - 1; i >= 0; i--, number /= 10)
        digits[i] = (char)('0' + number % 10);
    while (count > 1 && digits[count - 1] == '0')
        count--;
    if (power < 0) {
        memcpy(text, "0.000", 5);
        at = (size_t)(1 - power);
        text[1] = '.';
        for (int i = 0; i < count; i++)
            text[at++] = digits[i];
    } else {
        for (int i = 0; i <= power || i < count; i++) {
            if (i == power + 1) text[at++] = '.';
            text[at++] = i < count ? digits[i] : '0';
        }
        if (count <= power + 1) {
            text[at++] = '.';
            text[at++] = '0';
        }
    }
    text[at] = '\0';
    return at;
}

size_t bt_real_text(double value, char text[BT_REAL_TEXT_MAX])
{
    double size = fabs(value);
    if (size >= 1e-4 && size < 1e15) {
        size_t sign = value < 0.0;
        text[0] = '-';
        return sign + write_fixed(size, text + sign);
    }
    json_t *real = json_real(value);
    char *dump = real ? json_dumps(real, JSON_REAL_PRECISION(DIGITS) | JSON_ENCODE_ANY) : NULL;
    size_t count = dump ? strlen(dump) : 0;
    if (count < BT_REAL_TEXT_MAX && dump) memcpy(text, dump, count + 1);
    if (count >= BT_REAL_TEXT_MAX || !dump) text[count = 0] = '\0';
    free(dump);
    json_decref(real);
    return count;
}

// ---- values -----------------------------------------------------------------------------------
typedef struct writing {
    char *text;
    size_t count, capacity;
    bt_status status;
} writing;

static void put(writing *w, const char *bytes, size_t count)
{
    if (w->status == BT_OK)
        w->status = BT_ARRAY_RESERVE(w->text, w->capacity, w->count + count + 1);
    if (w->status != BT_OK) return;
    memcpy(w->text + w->count, bytes, count);
    w->count += count;
    w->text[w->count] = '\0';
}

// What has letters of its own, and all else that is rare.
static void put_by_jansson(writing *w, const json_t *value)
{
    char *dump = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS) | JSON_ENCODE_ANY);
    if (dump == NULL && w->status == BT_OK)
        w->status = bt_fail(BT_ERR_MEMORY, "no memory for a JSON text");
    if (dump != NULL) put(w, dump, strlen(dump));
    free(dump);
}

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\') return false;
    return true;
}

static void put_string(writing *w, const char *text)
{
    if (is_plain(text)) {
        put(w, "\"", 1);
        put(w, text, strlen(text));
        put(w, "\"", 1);
        return;
    }
    json_t *string = json_string(text);
    put_by_jansson(w, string);
    json_decref(string);
}

static void put_value(writing *w, const json_t *value, int depth);

static void put_object(writing *w, const json_t *object, int depth)
{
    bool first = true;
    const char *key;
    json_t *value;
    put(w, "{", 1);
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!first) put(w, ",", 1);
        put_string(w, key);
        put(w, ":", 1);
        put_value(w, value, depth + 1);
        first = false;
    }
    put(w, "}", 1);
}

static void put_array(writing *w, const json_t *array, int depth)
{
    put(w, "[", 1);
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0) put(w, ",", 1);
        put_value(w, json_array_get(array, i), depth + 1);
    }
    put(w, "]", 1);
}

static void put_value(writing *w, const json_t *value, int depth)
{
    if (depth < MOST_DEEP && json_is_array(value)) {
        put_array(w, value, depth);
    } else if (depth < MOST_DEEP && json_is_object(value)) {
        put_object(w, value, depth);
    } else if (json_is_real(value)) {
        char text[BT_REAL_TEXT_MAX];
        put(w, text, bt_real_text(json_real_value(value), text));
    } else if (json_is_integer(value)) {
        char text[32];
        int count = snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        put(w, text, (size_t)count);
    } else if (json_is_string(value) &&
               strlen(json_string_value(value)) == json_string_length(value)) {
        put_string(w, json_string_value(value));
    } else {
        put_by_jansson(w, value);
    }
}

bt_status bt_json_text(const json_t *value, char **text, size_t *bytes)
{
    writing w = {0};
    put_value(&w, value, 0);
    put(&w, "\n", 1);
    *text = w.status == BT_OK ? w.text : NULL;
    *bytes = w.status == BT_OK ? w.count : 0;
    if (w.status != BT_OK) bt_free(w.text);
    return w.status;
}
