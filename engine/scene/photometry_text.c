// photometry_text.c: see photometry_text.h.
#include "engine/scene/photometry_text.h"

#include "engine/core/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void bt_text_fail(bt_photometry_text *text, const char *format, ...)
{
    if (text->status != BT_OK) return;
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    text->status = bt_fail(BT_ERR_INPUT, "%s:%u: %s", text->path, text->line, message);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

bool bt_text_line(bt_photometry_text *text, const char **begin, const char **end)
{
    *begin = *end = text->end;
    if (text->at >= text->end) return false;
    const char *stop = memchr(text->at, '\n', (size_t)(text->end - text->at));
    *begin = text->at;
    *end = stop ? stop : text->end;
    text->at = stop ? stop + 1 : text->end;
    text->line++;
    while (*begin < *end && is_blank(**begin))
        ++*begin;
    while (*end > *begin && is_blank((*end)[-1]))
        --*end;
    return true;
}

static double accept(bt_photometry_text *text, const char *what, const char *begin, const char *end,
                     char point, double low, double high)
{
    double value;
    int shown = (int)(end - begin < 24 ? end - begin : 24);
    if (!bt_number_parse(begin, end, point, &value))
        bt_text_fail(text, "%s: expected a number, got '%.*s'", what, shown, begin);
    else if (!(value >= low && value <= high))
        bt_text_fail(text, "%s is %g; expected %g to %g", what, value, low, high);
    return text->status == BT_OK ? value : 0.0;
}

double bt_text_number(bt_photometry_text *text, const char *what, double low, double high)
{
    const char *p = text->at;
    for (; p < text->end && (is_blank(*p) || *p == ',' || *p == '\n'); p++)
        text->line += *p == '\n';
    const char *begin = p;
    while (p < text->end && !is_blank(*p) && *p != ',' && *p != '\n')
        p++;
    text->at = p;
    if (begin == p) bt_text_fail(text, "%s: the file ends too early", what);
    if (text->status != BT_OK) return 0.0;
    return accept(text, what, begin, p, '.', low, high);
}

static uint32_t whole(bt_photometry_text *text, const char *what, double value)
{
    if (value != floor(value)) bt_text_fail(text, "%s is %g; expected a whole number", what, value);
    return text->status == BT_OK ? (uint32_t)value : 0;
}

uint32_t bt_text_count(bt_photometry_text *text, const char *what, uint32_t low, uint32_t high)
{
    return whole(text, what, bt_text_number(text, what, low, high));
}

void bt_text_numbers(bt_photometry_text *text, const char *what, double low, double high,
                     double *values, size_t count)
{
    for (size_t i = 0; i < count && text->status == BT_OK; i++)
        values[i] = bt_text_number(text, what, low, high);
}

double bt_text_line_number(bt_photometry_text *text, const char *what, double low, double high)
{
    const char *begin, *end;
    if (text->status != BT_OK) return 0.0;
    if (!bt_text_line(text, &begin, &end)) {
        bt_text_fail(text, "%s: the file ends too early", what);
        return 0.0;
    }
    bool comma = memchr(begin, ',', (size_t)(end - begin)) != NULL;
    return accept(text, what, begin, end, comma ? ',' : '.', low, high);
}

uint32_t bt_text_line_count(bt_photometry_text *text, const char *what, uint32_t low, uint32_t high)
{
    return whole(text, what, bt_text_line_number(text, what, low, high));
}
