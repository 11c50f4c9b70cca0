// photometry_text.h: what the readers of photometric files share: lines, numbers, errors with places.
#ifndef BT_SCENE_PHOTOMETRY_TEXT_H
#define BT_SCENE_PHOTOMETRY_TEXT_H

#include "engine/scene/photometry.h"

#include <stdbool.h>
#include <stddef.h>

#define BT_PHOTOMETRY_MAX_BYTES (8u << 20)

typedef struct bt_photometry_text {
    const char *path;     // for messages
    const char *at, *end; // what is left
    uint32_t line;        // of what was read last, from 1
    bt_status status;     // the first failure sticks
} bt_photometry_text;

// "path:line: ..." once; later failures are kept out.
void bt_text_fail(bt_photometry_text *text, const char *format, ...) BT_PRINTF(2, 3);
// The next line, trimmed; false at the end. Points into the text.
bool bt_text_line(bt_photometry_text *text, const char **begin, const char **end);
// The next number, over blanks, commas and lines (IES). 0 after a failure.
double bt_text_number(bt_photometry_text *text, const char *what, double low, double high);
uint32_t bt_text_count(bt_photometry_text *text, const char *what, uint32_t low, uint32_t high);
void bt_text_numbers(bt_photometry_text *text, const char *what, double low, double high,
                     double *values, size_t count);
// The number on the next line, with a point or comma as decimal mark (EULUMDAT).
double bt_text_line_number(bt_photometry_text *text, const char *what, double low, double high);
uint32_t bt_text_line_count(bt_photometry_text *text, const char *what, uint32_t low,
                            uint32_t high);

#endif
