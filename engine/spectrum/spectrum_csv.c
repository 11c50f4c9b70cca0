// spectrum_csv.c: reads wavelength tables; every bound is checked, every failure has its line.
#include "engine/spectrum/spectrum_csv.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/core/number.h"
#include "engine/spectrum/spectrum.h"

#include <stdbool.h>
#include <string.h>

#define MAX_BYTES (4u << 20)
#define MAX_ROWS 20000u
#define MAX_COLUMNS 64u

typedef struct span {
    const char *begin, *end;
} span;

typedef struct table {
    const char *name; // of the file
    size_t line;
    size_t column; // that is wanted
    double *nm, *values;
    size_t nm_capacity, value_capacity, count;
} table;

static span trim(span s)
{
    while (s.begin < s.end && strchr(" \t\r\"", *s.begin))
        s.begin++;
    while (s.end > s.begin && strchr(" \t\r\"", s.end[-1]))
        s.end--;
    return s;
}

// Cuts the next piece up to `stop` off the front of `rest`; false at the end.
static bool cut(span *rest, char stop, span *piece)
{
    if (rest->begin == NULL) return false;
    const char *at = memchr(rest->begin, stop, (size_t)(rest->end - rest->begin));
    *piece = (span){rest->begin, at ? at : rest->end};
    rest->begin = at ? at + 1 : NULL;
    return true;
}

static bool same(span s, const char *text)
{
    size_t length = (size_t)(s.end - s.begin);
    return strlen(text) == length && memcmp(s.begin, text, length) == 0;
}

static bt_status find_column(table *t, span line, const char *column)
{
    span cell;
    for (size_t i = 0; cut(&line, ',', &cell); i++) {
        if (i >= MAX_COLUMNS)
            return bt_fail(BT_ERR_INPUT, "%s:%zu: more than %u columns", t->name, t->line,
                           MAX_COLUMNS);
        if (i == 0) continue;
        if (column == NULL || same(trim(cell), column)) {
            t->column = i;
            return BT_OK;
        }
    }
    return bt_fail(BT_ERR_INPUT, "%s:%zu: no column '%s' after the wavelength", t->name, t->line,
                   column ? column : "2");
}

static bt_status add_row(table *t, span line)
{
    span cell, first = {NULL, NULL}, wanted = {NULL, NULL}, rest = line;
    size_t i = 0;
    for (; cut(&rest, ',', &cell) && i <= t->column; i++) {
        if (i == 0) first = trim(cell);
        if (i == t->column) wanted = trim(cell);
    }
    if (i <= t->column)
        return bt_fail(BT_ERR_INPUT, "%s:%zu: %zu cells; expected at least %zu", t->name, t->line,
                       i, t->column + 1);
    if (wanted.begin == wanted.end) return BT_OK;
    if (t->count >= MAX_ROWS)
        return bt_fail(BT_ERR_INPUT, "%s:%zu: more than %u rows", t->name, t->line, MAX_ROWS);

    bt_status status = BT_ARRAY_RESERVE(t->nm, t->nm_capacity, t->count + 1);
    if (status == BT_OK) status = BT_ARRAY_RESERVE(t->values, t->value_capacity, t->count + 1);
    if (status != BT_OK) return status;
    if (!bt_number_parse(first.begin, first.end, '.', &t->nm[t->count]) ||
        !bt_number_parse(wanted.begin, wanted.end, '.', &t->values[t->count]))
        return bt_fail(BT_ERR_INPUT, "%s:%zu: expected a number in column 1 and column %zu",
                       t->name, t->line, t->column + 1);
    t->count++;
    return BT_OK;
}

static bt_status read_rows(table *t, span text, const char *column)
{
    span line;
    bool header = true;
    while (cut(&text, '\n', &line)) {
        t->line++;
        line = trim(line);
        if (line.begin == line.end || *line.begin == '#') continue;
        bt_status status = header ? find_column(t, line, column) : add_row(t, line);
        if (status != BT_OK) return status;
        header = false;
    }
    return BT_OK;
}

bt_status bt_spectrum_parse_csv(const char *name, const char *text, size_t count,
                                const char *column, float out[BT_SPECTRUM_BINS])
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        out[i] = 0.0f;
    table t = {.name = name};
    bt_status status = read_rows(&t, (span){text, text + count}, column);
    if (status == BT_OK) {
        status = bt_spectrum_resample(t.nm, t.values, t.count, out);
        if (status != BT_OK) status = bt_fail_prefix(status, "%s", name);
    }
    bt_free(t.nm);
    bt_free(t.values);
    return status;
}

bt_status bt_spectrum_read_csv(const char *path, const char *column, float out[BT_SPECTRUM_BINS])
{
    char *text = NULL;
    size_t count = 0;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        out[i] = 0.0f;
    bt_status status = bt_file_read(path, MAX_BYTES, &text, &count);
    if (status != BT_OK) return status;
    status = bt_spectrum_parse_csv(path, text, count, column, out);
    bt_free(text);
    return status;
}

static bt_status take_names(const char *path, span text, uint32_t most,
                            char names[][BT_SPECTRUM_NAME_MAX], uint32_t *count)
{
    span line = {NULL, NULL}, cell;
    while (cut(&text, '\n', &line)) {
        line = trim(line);
        if (line.begin < line.end && *line.begin != '#') break;
    }
    for (uint32_t i = 0; cut(&line, ',', &cell) && *count < most; i++) {
        cell = trim(cell);
        size_t length = (size_t)(cell.end - cell.begin);
        if (length >= BT_SPECTRUM_NAME_MAX)
            return bt_fail(BT_ERR_INPUT, "%s: the name of column %u is longer than %d", path, i + 1,
                           BT_SPECTRUM_NAME_MAX - 1);
        if (i == 0) continue;
        memcpy(names[*count], cell.begin, length);
        names[(*count)++][length] = '\0';
    }
    return BT_OK;
}

bt_status bt_spectrum_csv_names(const char *path, uint32_t most, char names[][BT_SPECTRUM_NAME_MAX],
                                uint32_t *count)
{
    char *text = NULL;
    size_t bytes = 0;
    *count = 0;
    bt_status status = bt_file_read(path, MAX_BYTES, &text, &bytes);
    if (status == BT_OK) status = take_names(path, (span){text, text + bytes}, most, names, count);
    bt_free(text);
    return status;
}
