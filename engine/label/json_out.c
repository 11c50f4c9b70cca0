// json_out.c: JSON through Jansson.
#include "engine/label/json_out.h"

#include "engine/core/memory.h"
#include "engine/label/json_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void out_put(json_maker *maker, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) maker->failed = true;
}

void out_add(json_maker *maker, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) maker->failed = true;
}

json_t *out_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *out_reals(json_maker *maker, const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        out_add(maker, array, out_real(values[i]));
    return array;
}

json_t *out_floats(json_maker *maker, const float *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        out_add(maker, array, out_real((double)values[i]));
    return array;
}

json_t *out_vec3(json_maker *maker, bt_vec3 v)
{
    return out_reals(maker, (const double[]){v.x, v.y, v.z}, 3);
}

json_t *out_quat(json_maker *maker, bt_quat q)
{
    return out_reals(maker, (const double[]){q.w, q.x, q.y, q.z}, 4);
}

json_t *out_pose(json_maker *maker, bt_pose pose)
{
    json_t *object = json_object();
    out_put(maker, object, "pos_m", out_vec3(maker, pose.pos));
    out_put(maker, object, "rot_wxyz", out_quat(maker, pose.rot));
    return object;
}

json_t *out_box(json_maker *maker, const bt_box *box)
{
    return out_reals(maker, (const double[]){box->x0, box->y0, box->x1, box->y1}, 4);
}

bt_status out_parse(const char *text, const char *what, json_t **object)
{
    json_error_t error;
    *object = json_loads(text != NULL ? text : "{}", JSON_REJECT_DUPLICATES, &error);
    if (*object == NULL) {
        return bt_fail(BT_ERR_INPUT, "%s:%d:%d: %s", what, error.line, error.column, error.text);
    }
    if (json_is_object(*object)) return BT_OK;
    json_decref(*object);
    *object = NULL;
    return bt_fail(BT_ERR_INPUT, "%s: expected a JSON object", what);
}

bt_status out_text(const json_maker *maker, const json_t *value, bool indented, char **text,
                   size_t *bytes)
{
    *text = NULL;
    *bytes = 0;
    if (maker->failed) return bt_fail(BT_ERR_MEMORY, "no memory for a JSON text");
    if (!indented) return bt_json_text(value, text, bytes);
    char *dump = json_dumps(value, JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY | JSON_INDENT(1));
    if (dump == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a JSON text");
    size_t length = strlen(dump);
    *text = bt_alloc(length + 2, 1);
    if (*text != NULL) {
        memcpy(*text, dump, length);
        (*text)[length] = '\n';
        *bytes = length + 1;
    }
    free(dump);
    return *text != NULL ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for a JSON text");
}
