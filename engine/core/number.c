// number.c: see number.h.
#include "engine/core/number.h"

#include <math.h>

// Exact up to 22.
static double power_of_ten(int n)
{
    double power = 1.0;
    for (double base = 10.0; n > 0; n /= 2, base *= base)
        if (n % 2) power *= base;
    return power;
}

static bool parse_digits(const char **at, const char *end, char point, double *value, int *exponent)
{
    const char *p = *at;
    int digits = 0, scale = 0;
    bool fraction = false;
    *value = 0.0;
    for (; p < end && ((*p >= '0' && *p <= '9') || (*p == point && !fraction)); p++) {
        if (*p == point) {
            fraction = true;
            continue;
        }
        *value = *value * 10.0 + (*p - '0');
        scale -= fraction ? 1 : 0;
        if (++digits > 40) return false;
    }
    *at = p;
    *exponent = scale;
    return digits > 0;
}

static bool parse_exponent(const char **at, const char *end, int *exponent)
{
    const char *p = *at + 1;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    int value = 0, digits = 0;
    for (; p < end && *p >= '0' && *p <= '9' && digits < 4; p++, digits++)
        value = value * 10 + (*p - '0');
    *exponent += negative ? -value : value;
    *at = p;
    return digits > 0;
}

bool bt_number_parse(const char *begin, const char *end, char point, double *value)
{
    const char *at = begin;
    int exponent;
    bool negative = at < end && *at == '-';
    *value = 0.0;
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (!parse_digits(&at, end, point, value, &exponent)) return false;
    if (at < end && (*at == 'e' || *at == 'E') && !parse_exponent(&at, end, &exponent))
        return false;
    if (at != end || exponent > 300 || exponent < -400) return false;
    // divide by an exact power of ten where there is one: 0.1 reads as 0.1
    *value = exponent < 0 ? *value / power_of_ten(-exponent) : *value * power_of_ten(exponent);
    if (negative) *value = -*value;
    return isfinite(*value);
}
