// json_text.h: a JSON value as compact text, byte for byte as Jansson writes it with 17 digits, in a third of the time:
// a map of a few kilometres has a million numbers.
#ifndef BT_LABEL_JSON_TEXT_H
#define BT_LABEL_JSON_TEXT_H

#include "engine/core/status.h"

#include <jansson.h>
#include <stddef.h>

#define BT_REAL_TEXT_MAX 32

// Writes a finite number and a zero byte; gives how many letters.
size_t bt_real_text(double value, char text[BT_REAL_TEXT_MAX]);

// With a line's end. The caller frees *text with bt_free; behind it is a zero byte.
BT_CHECKED bt_status bt_json_text(const json_t *value, char **text, size_t *bytes);

#endif
