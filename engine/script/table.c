// table.c: strict reading of Lua tables: every key read is accepted, the first failure sticks, keys
// nobody read are refused.
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/script/script.h"

void bt_table_begin(bt_table *table, lua_State *lua, int index, const char *source,
                    const char *path)
{
    memset(table, 0, sizeof *table);
    table->lua = lua;
    table->index = lua_absindex(lua, index);
    table->source = source;
    snprintf(table->path, sizeof table->path, "%s", path);
    if (!lua_istable(lua, table->index))
        bt_table_fail(table, "", "expected a table, got %s", luaL_typename(lua, table->index));
}

void bt_table_fail(bt_table *table, const char *key, const char *format, ...)
{
    if (table->status != BT_OK) return;
    char reason[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    bool both = table->path[0] && key[0];
    bool item = key[0] == '[';
    bt_status status = bt_fail(BT_ERR_INPUT, "%s: %s%s%s: %s", table->source, table->path,
                               both && !item ? "." : "", key, reason);
    for (bt_table *up = table; up; up = up->parent)
        if (up->status == BT_OK) up->status = status;
}

static void accept_key(bt_table *table, const char *key)
{
    for (size_t i = 0; i < table->key_count; i++)
        if (strcmp(table->keys[i], key) == 0) return;
    if (table->key_count < BT_TABLE_MAX_KEYS)
        table->keys[table->key_count++] = key;
    else
        bt_table_fail(table, key, "more than %d keys", BT_TABLE_MAX_KEYS);
}

// Pushes the value under a key; false (nothing pushed) when absent or the table has failed.
static bool push_value(bt_table *table, const char *key)
{
    accept_key(table, key);
    if (table->status != BT_OK || !lua_checkstack(table->lua, 8)) return false;
    lua_pushstring(table->lua, key);
    if (lua_rawget(table->lua, table->index) != LUA_TNIL) return true;
    lua_pop(table->lua, 1);
    return false;
}

static void describe(lua_State *lua, int index, char *out, size_t size)
{
    if (lua_type(lua, index) == LUA_TSTRING)
        snprintf(out, size, "'%.40s'", lua_tostring(lua, index));
    else if (lua_type(lua, index) == LUA_TNUMBER)
        snprintf(out, size, "%.9g", lua_tonumber(lua, index));
    else
        snprintf(out, size, "a %s", luaL_typename(lua, index));
}

static double check_number(bt_table *table, const char *key, double min, double max)
{
    double value = lua_tonumber(table->lua, -1);
    bool good = lua_type(table->lua, -1) == LUA_TNUMBER && value >= min && value <= max;
    if (good) return value;
    char got[64];
    describe(table->lua, -1, got, sizeof got);
    bt_table_fail(table, key, "expected a number from %g to %g, got %s", min, max, got);
    return min;
}

double bt_table_number(bt_table *table, const char *key, double fallback, double min, double max)
{
    if (!push_value(table, key)) {
        if (!isnan(fallback)) return fallback;
        bt_table_fail(table, key, "missing: expected a number from %g to %g", min, max);
        return min;
    }
    double value = check_number(table, key, min, max);
    lua_pop(table->lua, 1);
    return value;
}

int64_t bt_table_integer(bt_table *table, const char *key, int64_t fallback, int64_t min,
                         int64_t max)
{
    if (!push_value(table, key)) return fallback;
    int whole = 0;
    int64_t value = lua_tointegerx(table->lua, -1, &whole);
    if (lua_type(table->lua, -1) != LUA_TNUMBER || !whole || value < min || value > max) {
        char got[64];
        describe(table->lua, -1, got, sizeof got);
        bt_table_fail(table, key, "expected a whole number from %lld to %lld, got %s",
                      (long long)min, (long long)max, got);
        value = fallback;
    }
    lua_pop(table->lua, 1);
    return value;
}

bool bt_table_bool(bt_table *table, const char *key, bool fallback)
{
    if (!push_value(table, key)) return fallback;
    bool value = lua_toboolean(table->lua, -1);
    if (!lua_isboolean(table->lua, -1)) {
        char got[64];
        describe(table->lua, -1, got, sizeof got);
        bt_table_fail(table, key, "expected true or false, got %s", got);
    }
    lua_pop(table->lua, 1);
    return value;
}

const char *bt_table_string(bt_table *table, const char *key, const char *fallback)
{
    if (!push_value(table, key)) {
        if (fallback) return fallback;
        bt_table_fail(table, key, "missing: expected a string");
        return "";
    }
    const char *value = "";
    if (lua_type(table->lua, -1) == LUA_TSTRING) {
        value = lua_tostring(table->lua, -1);
    } else {
        char got[64];
        describe(table->lua, -1, got, sizeof got);
        bt_table_fail(table, key, "expected a string, got %s", got);
    }
    lua_pop(table->lua, 1);
    return value;
}

int bt_table_choice(bt_table *table, const char *key, int fallback, const char *const *words)
{
    const char *word = bt_table_string(table, key, "");
    if (word[0] == '\0') return fallback;
    char all[400] = "";
    for (int i = 0; words[i]; i++) {
        if (strcmp(word, words[i]) == 0) return i;
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s'%s'", i ? ", " : "", words[i]);
    }
    bt_table_fail(table, key, "expected one of %s, got '%.40s'", all, word);
    return fallback;
}

bool bt_table_numbers(bt_table *table, const char *key, double *values, size_t count, double min,
                      double max)
{
    bt_table child;
    if (!bt_table_open(table, key, &child)) return false;
    if (bt_table_length(&child) != count)
        bt_table_fail(&child, "", "expected %zu numbers, got %zu", count, bt_table_length(&child));
    for (size_t i = 0; i < count && child.status == BT_OK; i++)
        values[i] = bt_table_item_number(&child, i, min, max);
    return bt_table_end(&child) == BT_OK;
}

// The table on top of the stack becomes `child`.
static bool open_top(bt_table *table, const char *key, bt_table *child)
{
    char path[sizeof child->path];
    bool dot = table->path[0] && key[0] != '[';
    snprintf(path, sizeof path, "%.100s%s%.50s", table->path, dot ? "." : "", key);
    if (!lua_istable(table->lua, -1)) {
        char got[64];
        describe(table->lua, -1, got, sizeof got);
        bt_table_fail(table, key, "expected a table, got %s", got);
        lua_pop(table->lua, 1);
        return false;
    }
    bt_table_begin(child, table->lua, -1, table->source, path);
    child->parent = table;
    return true;
}

bool bt_table_open(bt_table *table, const char *key, bt_table *child)
{
    return push_value(table, key) && open_top(table, key, child);
}

size_t bt_table_length(bt_table *table)
{
    return lua_istable(table->lua, table->index) ? lua_rawlen(table->lua, table->index) : 0;
}

static const char *item_name(size_t item, char *name, size_t size)
{
    snprintf(name, size, "[%zu]", item + 1);
    return name;
}

static bool push_item(bt_table *table, size_t item)
{
    if (table->status != BT_OK || !lua_checkstack(table->lua, 8)) return false;
    lua_rawgeti(table->lua, table->index, (lua_Integer)item + 1);
    return true;
}

bool bt_table_open_item(bt_table *table, size_t item, bt_table *child)
{
    char name[32];
    return push_item(table, item) && open_top(table, item_name(item, name, sizeof name), child);
}

double bt_table_item_number(bt_table *table, size_t item, double min, double max)
{
    char name[32];
    if (!push_item(table, item)) return min;
    double value = check_number(table, item_name(item, name, sizeof name), min, max);
    lua_pop(table->lua, 1);
    return value;
}

const char *bt_table_item_string(bt_table *table, size_t item)
{
    char name[32], got[64];
    const char *value = "";
    if (!push_item(table, item)) return value;
    if (lua_type(table->lua, -1) == LUA_TSTRING) {
        value = lua_tostring(table->lua, -1);
    } else {
        describe(table->lua, -1, got, sizeof got);
        bt_table_fail(table, item_name(item, name, sizeof name), "expected a string, got %s", got);
    }
    lua_pop(table->lua, 1);
    return value;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Collects the string keys, sorted; gives their number, at most BT_TABLE_MAX_KEYS.
static size_t sorted_keys(bt_table *table, const char **keys)
{
    size_t count = 0;
    lua_State *lua = table->lua;
    for (lua_pushnil(lua); lua_next(lua, table->index) != 0; lua_pop(lua, 1)) {
        if (lua_type(lua, -2) != LUA_TSTRING) continue;
        if (count == BT_TABLE_MAX_KEYS) {
            bt_table_fail(table, "", "more than %d keys", BT_TABLE_MAX_KEYS);
            lua_pop(lua, 2);
            break;
        }
        keys[count++] = lua_tostring(lua, -2);
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    return count;
}

const char *bt_table_key(bt_table *table, size_t key)
{
    const char *keys[BT_TABLE_MAX_KEYS];
    if (table->status != BT_OK) return NULL;
    size_t count = sorted_keys(table, keys);
    if (table->status != BT_OK || key >= count) return NULL;
    accept_key(table, keys[key]);
    return keys[key];
}

static bool is_accepted(const bt_table *table, const char *key)
{
    for (size_t i = 0; i < table->key_count; i++)
        if (strcmp(table->keys[i], key) == 0) return true;
    return false;
}

static void refuse_unknown(bt_table *table)
{
    const char *keys[BT_TABLE_MAX_KEYS];
    size_t count = sorted_keys(table, keys);
    for (size_t i = 0; i < count; i++) {
        if (is_accepted(table, keys[i])) continue;
        char all[700] = "";
        for (size_t k = 0; k < table->key_count; k++) {
            size_t used = strlen(all);
            snprintf(all + used, sizeof all - used, "%s%s", k ? ", " : "", table->keys[k]);
        }
        bt_table_fail(table, keys[i], "unknown key; accepted here: %s", all);
        return;
    }
}

bt_status bt_table_end(bt_table *table)
{
    if (table->status == BT_OK && lua_istable(table->lua, table->index)) refuse_unknown(table);
    if (table->parent) lua_settop(table->lua, table->index - 1);
    return table->status;
}
