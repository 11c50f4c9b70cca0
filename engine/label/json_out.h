// json_out.h: building JSON values and turning them into text. For this folder only.
//
// A failed allocation marks the maker; values stay well-formed and are thrown away in the end.
// Members keep their order and reals have 17 digits, so the same values give the same bytes.
#ifndef BT_LABEL_JSON_OUT_H
#define BT_LABEL_JSON_OUT_H

#include "engine/core/status.h"
#include "engine/label/box_truth.h"
#include "engine/math/pose.h"

#include <jansson.h>
#include <stdbool.h>

typedef struct json_maker {
    bool failed;
} json_maker;

// Both take over `value`; NULL marks the maker.
void out_put(json_maker *maker, json_t *object, const char *key, json_t *value);
void out_add(json_maker *maker, json_t *array, json_t *value);

json_t *out_real(double value); // null when it is not finite
json_t *out_reals(json_maker *maker, const double *values, size_t count);
json_t *out_floats(json_maker *maker, const float *values, size_t count);
json_t *out_vec3(json_maker *maker, bt_vec3 v);
json_t *out_quat(json_maker *maker, bt_quat q);        // w, x, y, z
json_t *out_pose(json_maker *maker, bt_pose pose);     // {"pos_m": [3], "rot_wxyz": [4]}
json_t *out_box(json_maker *maker, const bt_box *box); // [x0, y0, x1, y1]

// Parses an object that the caller gives as text; `what` names it in messages. NULL text: {}.
BT_CHECKED bt_status out_parse(const char *text, const char *what, json_t **object);

// Text with a line feed at its end: on one line, or indented. The caller frees it with bt_free.
BT_CHECKED bt_status out_text(const json_maker *maker, const json_t *value, bool indented,
                              char **text, size_t *bytes);

#endif
