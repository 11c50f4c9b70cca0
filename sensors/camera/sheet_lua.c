// sheet_lua.c: see sheet_lua.h.
#include "sensors/camera/sheet_lua.h"

#include <math.h>
#include <stdio.h>

// ---- parameters -------------------------------------------------------------------------------
void bt_sheet_end(bt_table *child)
{
    bt_status status = bt_table_end(child);
    (void)status;
}

void bt_sheet_read_provenance(bt_table *table, bt_provenance *provenance)
{
    static const char *const words[] = {"guessed",  "fitted",    "derived",
                                        "measured", "datasheet", NULL};
    static const bt_origin origins[] = {BT_ORIGIN_GUESSED, BT_ORIGIN_FITTED, BT_ORIGIN_DERIVED,
                                        BT_ORIGIN_MEASURED, BT_ORIGIN_DATASHEET};
    provenance->origin = origins[bt_table_choice(table, "from", 0, words)];
    const char *source = bt_table_string(table, "source", "");
    snprintf(provenance->source, sizeof provenance->source, "%s", source);
}

int bt_sheet_type_under(const bt_table *table, const char *key)
{
    if (table->status != BT_OK) return LUA_TNIL;
    lua_pushstring(table->lua, key);
    int type = lua_rawget(table->lua, table->index);
    lua_pop(table->lua, 1);
    return type;
}

// A number, or true and false for 1 and 0.
static double read_value(bt_table *table, const char *key, const bt_sheet_key_info *info)
{
    if (info->whole && bt_sheet_type_under(table, key) == LUA_TBOOLEAN)
        return bt_table_bool(table, key, false) ? 1.0 : 0.0;
    double value = bt_table_number(table, key, info->fallback, info->min, info->max);
    if (info->whole && value != floor(value))
        bt_table_fail(table, key, "expected a whole number from %g to %g, got %g", info->min,
                      info->max, value);
    return value;
}

void bt_sheet_read_number(bt_table *table, const bt_sheet_key_info *info, bt_sheet_number *number)
{
    int type = bt_sheet_type_under(table, info->key);
    if (type != LUA_TTABLE) {
        number->value = read_value(table, info->key, info);
        number->provenance.origin = type == LUA_TNIL ? BT_ORIGIN_DEFAULT : BT_ORIGIN_GUESSED;
        return;
    }
    bt_table child;
    if (!bt_table_open(table, info->key, &child)) return;
    if (bt_sheet_type_under(&child, "value") == LUA_TNIL)
        bt_table_fail(&child, "value", "missing");
    else
        number->value = read_value(&child, "value", info);
    bt_sheet_read_provenance(&child, &number->provenance);
    bt_sheet_end(&child);
}

size_t bt_sheet_read_list(bt_table *table, const char *key, double *values, size_t max_count,
                          double limit, bt_provenance *provenance)
{
    bt_table parameter, list;
    size_t count = 0;
    if (!bt_table_open(table, key, &parameter)) return 0;
    if (bt_table_open(&parameter, "value", &list)) {
        count = bt_table_length(&list);
        if (count > max_count)
            bt_table_fail(&list, "", "expected at most %zu numbers, got %zu", max_count, count);
        for (size_t i = 0; i < count && list.status == BT_OK; i++)
            values[i] = bt_table_item_number(&list, i, -limit, limit);
        bt_sheet_end(&list);
    }
    bt_sheet_read_provenance(&parameter, provenance);
    bt_sheet_end(&parameter);
    return count;
}

// ---- curves -----------------------------------------------------------------------------------
const bt_sheet_curve_limits bt_sheet_spectral = {"wavelength_nm", "value", 200.0, 2000.0, 0.0, 1.0};
const bt_sheet_curve_limits bt_sheet_angular = {"theta_deg", "value", 0.0, 180.0, 0.0, 2.0};

static size_t read_axis(bt_table *curve, const char *key, double min, double max, double *values)
{
    bt_table list;
    if (!bt_table_open(curve, key, &list)) {
        bt_table_fail(curve, key, "missing: expected an array of numbers");
        return 0;
    }
    size_t count = bt_table_length(&list);
    if (count < 1 || count > BT_SHEET_CURVE_MAX)
        bt_table_fail(&list, "", "expected 1 to %d numbers, got %zu", BT_SHEET_CURVE_MAX, count);
    for (size_t i = 0; i < count && list.status == BT_OK; i++)
        values[i] = bt_table_item_number(&list, i, min, max);
    return bt_table_end(&list) == BT_OK ? count : 0;
}

void bt_sheet_read_curve(bt_table *table, const char *key, const bt_sheet_curve_limits *limits,
                         bt_sheet_curve *curve)
{
    bt_table child;
    if (!bt_table_open(table, key, &child)) return;
    size_t count = read_axis(&child, limits->at_name, limits->at_min, limits->at_max, curve->at);
    size_t values =
        read_axis(&child, limits->value_name, limits->value_min, limits->value_max, curve->value);
    if (count != values)
        bt_table_fail(&child, limits->value_name,
                      "expected as many numbers as %s has, %zu, got %zu", limits->at_name, count,
                      values);
    for (size_t i = 1; i < count; i++)
        if (!(curve->at[i] > curve->at[i - 1]))
            bt_table_fail(&child, limits->at_name, "expected ascending numbers, got %g after %g",
                          curve->at[i], curve->at[i - 1]);
    curve->count = (uint32_t)count;
    bt_sheet_read_provenance(&child, &curve->provenance);
    bt_sheet_end(&child);
}

// ---- files ------------------------------------------------------------------------------------
bt_status bt_sheet_script(const char *name, const char *const *roots, size_t root_count, char *path,
                          size_t path_size, bt_script **script)
{
    bt_script_desc desc = {.memory_limit_bytes = (size_t)64 << 20,
                           .instruction_limit = 10000000,
                           .roots = roots,
                           .root_count = root_count};
    bt_status status = bt_script_create(&desc, script);
    if (status == BT_OK) status = bt_script_find_file(*script, name, path, path_size);
    if (status == BT_OK) status = bt_script_run_file(*script, path, 1);
    return status;
}
