// opendrive_write.c: writes OpenDRIVE text.
#include "engine/road/opendrive_write.h"

#include "engine/core/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(bt_xodr_writer *w, const char *bytes, size_t count)
{
    if (w->status != BT_OK) return;
    w->status = BT_ARRAY_RESERVE(w->text, w->capacity, w->count + count + 1);
    if (w->status != BT_OK) return;
    memcpy(w->text + w->count, bytes, count);
    w->count += count;
    w->text[w->count] = '\0';
}

static void append_text(bt_xodr_writer *w, const char *text)
{
    append(w, text, strlen(text));
}

static void append_escaped(bt_xodr_writer *w, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            append_text(w, "&amp;");
            break;
        case '<':
            append_text(w, "&lt;");
            break;
        case '"':
            append_text(w, "&quot;");
            break;
        default:
            append(w, text, 1);
        }
    }
}

static void new_line(bt_xodr_writer *w)
{
    append_text(w, "\n");
    for (int i = 0; i < w->depth; i++)
        append_text(w, " ");
}

void bt_xodr_init(bt_xodr_writer *w)
{
    memset(w, 0, sizeof *w);
    append_text(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
}

void bt_xodr_clear(bt_xodr_writer *w)
{
    bt_free(w->text);
    memset(w, 0, sizeof *w);
}

void bt_xodr_begin(bt_xodr_writer *w, const char *name)
{
    if (w->tag_open) append_text(w, ">");
    if (w->depth == (int)(sizeof w->open / sizeof *w->open)) {
        if (w->status == BT_OK) w->status = bt_fail(BT_ERR_INTERNAL, "XML nested too deeply");
        return;
    }
    new_line(w);
    append_text(w, "<");
    append_text(w, name);
    w->open[w->depth++] = name;
    w->tag_open = 1;
}

void bt_xodr_end(bt_xodr_writer *w)
{
    if (w->depth == 0) {
        if (w->status == BT_OK) w->status = bt_fail(BT_ERR_INTERNAL, "no XML element is open");
        return;
    }
    w->depth--;
    if (w->tag_open) {
        append_text(w, "/>");
    } else {
        new_line(w);
        append_text(w, "</");
        append_text(w, w->open[w->depth]);
        append_text(w, ">");
    }
    w->tag_open = 0;
}

void bt_xodr_text(bt_xodr_writer *w, const char *name, const char *value)
{
    append_text(w, " ");
    append_text(w, name);
    append_text(w, "=\"");
    append_escaped(w, value);
    append_text(w, "\"");
}

// printf in any locale: its decimal mark becomes a point. Zero has no sign.
static void number_text(bt_xodr_writer *w, const char *name, char *text, double value)
{
    for (char *c = text; *c != '\0'; c++)
        if (*c == ',') *c = '.';
    if (text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1))
        memmove(text, text + 1, strlen(text));
    if (!isfinite(value) && w->status == BT_OK)
        w->status = bt_fail(BT_ERR_INTERNAL, "attribute '%s' is not finite", name);
    bt_xodr_text(w, name, text);
}

void bt_xodr_metres(bt_xodr_writer *w, const char *name, double value)
{
    char text[400];
    snprintf(text, sizeof text, "%.6f", value);
    number_text(w, name, text, value);
}

void bt_xodr_number(bt_xodr_writer *w, const char *name, double value)
{
    char text[64];
    snprintf(text, sizeof text, "%.12g", value);
    number_text(w, name, text, value);
}

void bt_xodr_exact(bt_xodr_writer *w, const char *name, double value)
{
    char text[64];
    snprintf(text, sizeof text, "%.15g", value);
    if (strtod(text, NULL) != value) snprintf(text, sizeof text, "%.17g", value);
    number_text(w, name, text, value);
}

void bt_xodr_integer(bt_xodr_writer *w, const char *name, int value)
{
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    bt_xodr_text(w, name, text);
}

void bt_xodr_content(bt_xodr_writer *w, const char *text)
{
    if (w->tag_open) append_text(w, ">");
    w->tag_open = 0;
    append_text(w, "<![CDATA[");
    append_text(w, text);
    append_text(w, "]]>");
}

void bt_xodr_cubic(bt_xodr_writer *w, const char *name, const char *key, double s_m,
                   const double abcd[4])
{
    static const char *const names[4] = {"a", "b", "c", "d"};
    bt_xodr_begin(w, name);
    bt_xodr_metres(w, key, s_m);
    for (int i = 0; i < 4; i++)
        bt_xodr_number(w, names[i], abcd[i]);
    bt_xodr_end(w);
}

bt_status bt_xodr_finish(bt_xodr_writer *w, const char **text, size_t *count)
{
    *text = NULL;
    *count = 0;
    if (w->status != BT_OK) return w->status;
    if (w->depth != 0)
        return bt_fail(BT_ERR_INTERNAL, "XML element <%s> is open", w->open[w->depth - 1]);
    append_text(w, "\n");
    if (w->status != BT_OK) return w->status;
    *text = w->text;
    *count = w->count;
    return BT_OK;
}
