// reader.c: attributes, warnings and sorted records of an OpenDRIVE file.
#include "engine/road/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void reader_keep(reader *r, bt_status status)
{
    if (r->status == BT_OK) r->status = status;
}

void reader_fail(reader *r, const xml_node *node, const char *format, ...)
{
    if (r->status != BT_OK) return;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->status = bt_fail(BT_ERR_INPUT, "%s:%u:%u: %s", r->name, node->line, node->column, text);
}

void reader_warn(reader *r, uint32_t line, uint32_t column, const char *format, ...)
{
    if (r->warnings.count >= READER_MAX_WARNINGS) {
        r->warnings_lost++;
        return;
    }
    char what[512];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    char text[1024];
    snprintf(text, sizeof text, "%s:%u:%u: %s", r->name, line, column, what);

    reader_warning warning = {line, (uint32_t)r->warnings.count,
                              bt_arena_strdup(r->net->arena, text)};
    if (warning.text == NULL) {
        reader_keep(r, BT_ERR_MEMORY);
        return;
    }
    reader_keep(r, ROAD_PUSH(r->warnings, warning));
}

// ---- attributes -----------------------------------------------------------------------------------
typedef enum number_kind {
    NUMBER_FINE,
    NUMBER_EMPTY,
    NUMBER_WRONG,
    NUMBER_NOT_FINITE,
} number_kind;

static number_kind parse_number(const char *text, double *value)
{
    *value = 0.0;
    if (text == NULL || text[strspn(text, " \t\r\n")] == '\0') return NUMBER_EMPTY;
    char *end;
    double number = strtod(text, &end);
    if (end == text || end[strspn(end, " \t\r\n")] != '\0') return NUMBER_WRONG;
    if (!(fabs(number) <= READER_MAX_NUMBER)) return NUMBER_NOT_FINITE;
    *value = number;
    return NUMBER_FINE;
}

static void refuse(reader *r, const xml_node *node, const char *name, const char *value)
{
    reader_fail(r, node, "%s of <%s> is '%.40s': a finite number up to 1e12 is expected", name,
                node->name, value);
}

double read_number(reader *r, const xml_node *node, const char *name)
{
    const char *text = xml_attribute_of(node, name);
    double value;
    number_kind kind = parse_number(text, &value);
    if (text == NULL) {
        reader_fail(r, node, "<%s> has no attribute '%s': a number is expected", node->name, name);
    } else if (kind != NUMBER_FINE) {
        refuse(r, node, name, text);
    }
    return value;
}

double read_number_or(reader *r, const xml_node *node, const char *name, double fallback)
{
    const char *text = xml_attribute_of(node, name);
    double value;
    switch (parse_number(text, &value)) {
    case NUMBER_FINE:
        return value;
    case NUMBER_NOT_FINITE:
        refuse(r, node, name, text);
        return fallback;
    case NUMBER_WRONG:
        READER_WARN(r, node, "%s of <%s> is '%.40s', no number: %g taken", name, node->name, text,
                    fallback);
        return fallback;
    case NUMBER_EMPTY:
        break;
    }
    return fallback;
}

int32_t read_integer_or(reader *r, const xml_node *node, const char *name, int32_t fallback)
{
    double value = read_number_or(r, node, name, fallback);
    if (fabs(value) > 1e6 || value != floor(value)) {
        reader_fail(r, node, "%s of <%s> is %g: a whole number up to 1000000 is expected", name,
                    node->name, value);
        return fallback;
    }
    return (int32_t)value;
}

bool read_is(const xml_node *node, const char *name, const char *word)
{
    const char *text = xml_attribute_of(node, name);
    return text != NULL && strcmp(text, word) == 0;
}

bool read_flag_or(const xml_node *node, const char *name, bool fallback)
{
    const char *text = xml_attribute_of(node, name);
    if (text == NULL) return fallback;
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0 || strcmp(text, "yes") == 0)
        return true;
    if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0 || strcmp(text, "no") == 0)
        return false;
    return fallback;
}

const char *read_text_or(reader *r, const xml_node *node, const char *name, const char *fallback)
{
    const char *text = xml_attribute_of(node, name);
    if (text == NULL) text = fallback;
    if (text[0] == '\0') return "";
    const char *copy = bt_arena_strdup(r->net->arena, text);
    if (copy == NULL) {
        reader_keep(r, BT_ERR_MEMORY);
        return "";
    }
    return copy;
}

double read_speed_m_s(reader *r, const xml_node *speed)
{
    const char *max = xml_attribute_of(speed, "max");
    if (max == NULL || strcmp(max, "no limit") == 0 || strcmp(max, "undefined") == 0) return 0.0;
    double value = read_number_or(r, speed, "max", 0.0);
    if (value <= 0.0) return 0.0;
    if (read_is(speed, "unit", "km/h")) return value / 3.6;
    if (read_is(speed, "unit", "mph")) return value * 0.44704; // international mile, exact
    return value;
}

// ---- records in order -------------------------------------------------------------------------------
typedef struct keyed_node {
    double key;
    uint32_t order;
    xml_node *node;
} keyed_node;

static int key_order(const void *left, const void *right)
{
    const keyed_node *a = left;
    const keyed_node *b = right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

node_list read_sorted(reader *r, xml_node *parent, const char *name, const char *key)
{
    node_list list = {NULL, 0};
    uint32_t count = 0;
    for (xml_node *node = xml_child(parent, name); node != NULL; node = xml_next(node))
        count++;
    if (count == 0) return list;

    keyed_node *keyed = bt_arena_alloc(r->tree, count, sizeof *keyed);
    list.items = bt_arena_alloc(r->tree, count, sizeof *list.items);
    if (keyed == NULL || list.items == NULL) {
        reader_keep(r, BT_ERR_MEMORY);
        return list;
    }
    bool sorted = true;
    for (xml_node *node = xml_child(parent, name); node != NULL; node = xml_next(node)) {
        double value = read_number_or(r, node, key, 0.0);
        if (list.count > 0 && value < keyed[list.count - 1].key) sorted = false;
        keyed[list.count] = (keyed_node){value, list.count, node};
        list.count++;
    }
    if (!sorted) {
        READER_WARN(r, keyed[0].node, "<%s> records are not in order of %s: sorted", name, key);
        qsort(keyed, count, sizeof *keyed, key_order);
    }
    for (uint32_t i = 0; i < count; i++)
        list.items[i] = keyed[i].node;
    return list;
}

road_run read_cubics(reader *r, xml_node *parent, const char *name, const char *key,
                     double base_s_m)
{
    node_list list = read_sorted(r, parent, name, key);
    road_run run = {(uint32_t)r->net->cubics.count, list.count};
    double last = -INFINITY;
    for (uint32_t i = 0; i < list.count && !reader_failed(r); i++) {
        const xml_node *node = list.items[i];
        road_cubic cubic = {base_s_m + read_number_or(r, node, key, 0.0),
                            read_number_or(r, node, "a", 0.0), read_number_or(r, node, "b", 0.0),
                            read_number_or(r, node, "c", 0.0), read_number_or(r, node, "d", 0.0)};
        if (cubic.s0_m == last)
            READER_WARN(r, node, "two <%s> records at %s %g: the later holds", name, key,
                        cubic.s0_m - base_s_m);
        last = cubic.s0_m;
        reader_keep(r, ROAD_PUSH(r->net->cubics, cubic));
    }
    if (reader_failed(r)) run.count = 0;
    return run;
}
