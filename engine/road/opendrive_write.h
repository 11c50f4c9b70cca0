// opendrive_write.h: writes OpenDRIVE text, element by element.
//
// The writer owns its text and remembers the first failure; look at it once, at the end. Numbers are
// written with a decimal point whatever the locale: metres to 1e-6, others to 12 digits, exact ones to
// all 17, so that the same calls give the same bytes.
#ifndef BT_ROAD_OPENDRIVE_WRITE_H
#define BT_ROAD_OPENDRIVE_WRITE_H

#include "engine/core/status.h"

#include <stddef.h>

typedef struct bt_xodr_writer {
    char *text;
    size_t count, capacity;
    const char *open[32]; // names of the open elements
    int depth;
    int tag_open; // the last start tag still takes attributes
    bt_status status;
} bt_xodr_writer;

void bt_xodr_init(bt_xodr_writer *w);
void bt_xodr_clear(bt_xodr_writer *w);

// `name` and attribute names must outlive the writer and need no escaping; values are escaped.
void bt_xodr_begin(bt_xodr_writer *w, const char *name);
void bt_xodr_end(bt_xodr_writer *w);
void bt_xodr_text(bt_xodr_writer *w, const char *name, const char *value);
void bt_xodr_metres(bt_xodr_writer *w, const char *name, double value);
void bt_xodr_number(bt_xodr_writer *w, const char *name, double value);
void bt_xodr_exact(bt_xodr_writer *w, const char *name, double value); // read again it is the same
void bt_xodr_integer(bt_xodr_writer *w, const char *name, int value);

// Text between an element's tags; it may hold no "]]>".
void bt_xodr_content(bt_xodr_writer *w, const char *text);

// A whole element with polynomial attributes: <name key="s" a= b= c= d=/>.
void bt_xodr_cubic(bt_xodr_writer *w, const char *name, const char *key, double s_m,
                   const double abcd[4]);

// Closes nothing: fails when elements are still open. The text stays the writer's.
BT_CHECKED bt_status bt_xodr_finish(bt_xodr_writer *w, const char **text, size_t *count);

#endif
