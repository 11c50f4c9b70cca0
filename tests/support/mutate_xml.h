// mutate_xml.h: XML files that are well-formed and nearly right: values gone to extremes or taken from elsewhere in the
// file, elements lost, doubled, and put where others of their name are. Most of them get past the readers, so that
// what lies behind is met. The same variant is always the same file.
#ifndef BT_TESTS_MUTATE_XML_H
#define BT_TESTS_MUTATE_XML_H

#include "engine/core/random.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUTATE_XML_ROOM(count) (2 * (count) + 4096) // bytes that a mutant may take
#define MUTATE_XML_DEPTH 64

typedef struct xml_mutant {
    char *text; // MUTATE_XML_ROOM of the good file's size, zero-terminated
    size_t count, room;
    uint64_t variant;
    uint32_t drawn;
    // (elements) where each begins, its first tag ends, and it ends
    struct xml_span {
        uint32_t begin, tag_end, end, parent;
    } * elements;
    uint32_t element_count, element_capacity;
} xml_mutant;

static inline uint32_t xml_below(xml_mutant *m, uint32_t count)
{
    return bt_random_below(40, BT_STREAM_TEST, m->variant, m->drawn++, count > 0 ? count : 1);
}

// ---- where what is ----------------------------------------------------------------------------
static inline uint32_t xml_tag_end(const xml_mutant *m, uint32_t from)
{
    char quote = 0;
    for (uint32_t i = from; i < m->count; i++) {
        char c = m->text[i];
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? 0 : c;
        else if (!quote && c == '>')
            return i + 1;
    }
    return (uint32_t)m->count;
}

static inline uint32_t xml_skip(const xml_mutant *m, uint32_t from, const char *until)
{
    const char *end = strstr(m->text + from, until);
    return end ? (uint32_t)(end - m->text + (ptrdiff_t)strlen(until)) : (uint32_t)m->count;
}

static inline void xml_scan(xml_mutant *m)
{
    uint32_t stack[MUTATE_XML_DEPTH], depth = 0;
    m->element_count = 0;
    for (uint32_t at = 0; at < m->count && depth < MUTATE_XML_DEPTH;) {
        const char *t = m->text + at;
        if (*t != '<') {
            at++;
        } else if (t[1] == '?' || t[1] == '!') {
            at = xml_skip(m, at, t[1] == '?' ? "?>" : t[2] == '-' ? "-->" : ">");
        } else if (t[1] == '/') {
            at = xml_tag_end(m, at);
            if (depth > 0) m->elements[stack[--depth]].end = at;
        } else if (m->element_count < m->element_capacity) {
            struct xml_span *e = &m->elements[m->element_count];
            *e = (struct xml_span){at, xml_tag_end(m, at), 0,
                                   depth > 0 ? stack[depth - 1] : UINT32_MAX};
            at = e->end = e->tag_end;
            if (m->text[at - 2] != '/') stack[depth++] = m->element_count;
            m->element_count++;
        } else {
            return;
        }
    }
}

static inline uint32_t xml_name_length(const xml_mutant *m, uint32_t element)
{
    return (uint32_t)strcspn(m->text + m->elements[element].begin + 1, " \t\r\n/>");
}

static inline int xml_same_name(const xml_mutant *m, uint32_t a, uint32_t b)
{
    uint32_t count = xml_name_length(m, a);
    return count == xml_name_length(m, b) && memcmp(m->text + m->elements[a].begin + 1,
                                                    m->text + m->elements[b].begin + 1, count) == 0;
}

// Another of the same name; itself when there is none.
static inline uint32_t xml_namesake(xml_mutant *m, uint32_t element)
{
    uint32_t from = xml_below(m, m->element_count);
    for (uint32_t i = 0; i < m->element_count; i++) {
        uint32_t other = (from + i) % m->element_count;
        if (other != element && xml_same_name(m, element, other)) return other;
    }
    return element;
}

static inline void xml_splice(xml_mutant *m, uint32_t at, uint32_t remove, const char *with,
                              size_t count)
{
    if (m->count - remove + count + 1 > m->room) return;
    memmove(m->text + at + count, m->text + at + remove, m->count - at - remove + 1);
    memcpy(m->text + at, with, count);
    m->count = m->count - remove + count;
}

// ---- values -----------------------------------------------------------------------------------
static inline void xml_number(xml_mutant *m, double v, char text[64])
{
    static const double extremes[] = {0.0,  -1.0,  1e6,    -1e6,   1e9,          1e-9,
                                      1e38, 1e300, -1e300, 1e-300, 4294967296.0, -0.0};
    const double mild[] = {-v, 1.001 * v, 2.0 * v, 0.5 * v, v + 1.0, v - 1.0, 10.0 * v};
    uint32_t die = xml_below(m, 20);
    double number = die < 12 ? mild[xml_below(m, 7)] : extremes[xml_below(m, 12)];
    snprintf(text, 64, "%.9g", number);
    if (die == 19) snprintf(text, 64, "%s", xml_below(m, 2) ? "NaN" : "INF");
}

// A value that the same attribute has elsewhere.
static inline void xml_word(xml_mutant *m, const char *name, size_t count, char text[64])
{
    char key[80];
    snprintf(key, sizeof key, " %.*s=\"", (int)(count < 60 ? count : 60), name);
    const char *from = m->text + xml_below(m, (uint32_t)m->count);
    const char *found = strstr(from, key);
    if (!found) found = strstr(m->text, key);
    text[0] = '\0';
    if (!found) return;
    found += strlen(key);
    size_t letters = strcspn(found, "\"");
    snprintf(text, 64, "%.*s", (int)(letters < 63 ? letters : 63), found);
}

static inline void xml_change_value(xml_mutant *m, uint32_t element)
{
    const struct xml_span *e = &m->elements[element];
    uint32_t places[64], count = 0; // of '="'
    for (uint32_t i = e->begin; i + 1 < e->tag_end && count < 64; i++)
        if (m->text[i] == '=' && m->text[i + 1] == '"') places[count++] = i;
    if (count == 0) return;
    uint32_t equals = places[xml_below(m, count)], value = equals + 2, name = equals;
    while (m->text[name - 1] > ' ')
        name--;
    uint32_t letters = (uint32_t)strcspn(m->text + value, "\"");
    char text[64], *end;
    double number = strtod(m->text + value, &end);
    if (letters > 0 && end == m->text + value + letters)
        xml_number(m, number, text);
    else if (xml_below(m, 12) == 0)
        snprintf(text, sizeof text, "%s", xml_below(m, 2) ? "" : "${1/0}");
    else
        xml_word(m, m->text + name, equals - name, text);
    xml_splice(m, value, letters, text, strlen(text));
}

// ---- elements ---------------------------------------------------------------------------------
static inline void xml_lose(xml_mutant *m, uint32_t element)
{
    const struct xml_span *e = &m->elements[element];
    xml_splice(m, e->begin, e->end - e->begin, "", 0);
}

// Its copy goes into `parent`, after the first tag.
static inline void xml_copy_into(xml_mutant *m, uint32_t element, uint32_t parent)
{
    const struct xml_span *e = &m->elements[element], *p = &m->elements[parent];
    size_t count = e->end - e->begin;
    if (m->text[p->tag_end - 2] == '/' || m->count + count + 1 > m->room) return;
    char *copy = malloc(count);
    if (!copy) return;
    memcpy(copy, m->text + e->begin, count);
    xml_splice(m, p->tag_end, 0, copy, count);
    free(copy);
}

// Two of one name change places; one within the other cannot.
static inline void xml_swap(xml_mutant *m, uint32_t a, uint32_t b)
{
    if (m->elements[a].begin > m->elements[b].begin) {
        uint32_t t = a;
        a = b;
        b = t;
    }
    struct xml_span x = m->elements[a], y = m->elements[b];
    if (a == b || x.end > y.begin) return;
    char *copy = malloc(x.end - x.begin);
    if (!copy) return;
    size_t count = x.end - x.begin;
    memcpy(copy, m->text + x.begin, count);
    char *other = malloc(y.end - y.begin);
    if (other) {
        memcpy(other, m->text + y.begin, y.end - y.begin);
        xml_splice(m, y.begin, y.end - y.begin, copy, count);
        xml_splice(m, x.begin, x.end - x.begin, other, y.end - y.begin);
    }
    free(other);
    free(copy);
}

static inline void xml_change(xml_mutant *m)
{
    xml_scan(m);
    if (m->element_count < 3) return;
    uint32_t element = 1 + xml_below(m, m->element_count - 1), parent = m->elements[element].parent;
    switch (xml_below(m, 12)) {
    case 0:
        xml_lose(m, element);
        break;
    case 1:
        xml_copy_into(m, element, parent);
        break;
    case 2:
        xml_swap(m, element, xml_namesake(m, element));
        break;
    case 3:
        xml_copy_into(m, element, xml_namesake(m, parent));
        break;
    default:
        xml_change_value(m, element);
    }
}

// The variant-th copy, with one to three changes; the caller frees its text.
static inline xml_mutant mutate_xml(const char *good, size_t count, uint64_t variant)
{
    xml_mutant m = {.count = count, .room = MUTATE_XML_ROOM(count), .variant = variant};
    m.element_capacity = (uint32_t)(m.room / 4);
    m.text = malloc(m.room);
    m.elements = malloc(m.element_capacity * sizeof *m.elements);
    if (!m.text || !m.elements) abort();
    memcpy(m.text, good, count);
    m.text[count] = '\0';
    uint32_t changes = 1 + xml_below(&m, 3);
    for (uint32_t i = 0; i < changes; i++)
        xml_change(&m);
    free(m.elements);
    m.elements = NULL;
    return m;
}

#endif
