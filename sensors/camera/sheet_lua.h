// sheet_lua.h: reading numbers, lists and curves with their origin; for the sheets of this folder.
//
// Failures stick to the table, as everywhere in script.h; what was not read keeps its value.
#ifndef BT_CAMERA_SHEET_LUA_H
#define BT_CAMERA_SHEET_LUA_H

#include "engine/script/script.h"
#include "sensors/camera/sheet.h"

// Ends a child table: a child's failure is its parent's too, and is looked at there.
void bt_sheet_end(bt_table *child);
// from and source of { value, from, source }.
void bt_sheet_read_provenance(bt_table *table, bt_provenance *provenance);
// Lua's type of what the table holds under a key; LUA_TNIL after a failure.
int bt_sheet_type_under(const bt_table *table, const char *key);
// A plain number, a guess; or { value, from, source }. Booleans count as 0 and 1 for whole numbers.
void bt_sheet_read_number(bt_table *table, const bt_sheet_key_info *info, bt_sheet_number *number);
// { value = { ... }, from, source }: at most `max_count` numbers within +-limit; gives how many.
size_t bt_sheet_read_list(bt_table *table, const char *key, double *values, size_t max_count,
                          double limit, bt_provenance *provenance);

typedef struct bt_sheet_curve_limits {
    const char *at_name, *value_name;
    double at_min, at_max, value_min, value_max;
} bt_sheet_curve_limits;

extern const bt_sheet_curve_limits bt_sheet_spectral; // nanometres, 0 to 1
extern const bt_sheet_curve_limits bt_sheet_angular;  // degrees, 0 to 2

// { AT = { ascending }, VALUE = { ... }, from, source }.
void bt_sheet_read_curve(bt_table *table, const char *key, const bt_sheet_curve_limits *limits,
                         bt_sheet_curve *curve);

// Runs a sheet's file in a script of its own and leaves what it returns on the stack; the script is
// the caller's, also after a failure.
BT_CHECKED bt_status bt_sheet_script(const char *name, const char *const *roots, size_t root_count,
                                     char *path, size_t path_size, bt_script **script);

#endif
