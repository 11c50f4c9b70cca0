// ordered.c: pairs and next in one order for every run: numbers ascending, then strings in byte
// order, then false and true. Lua's own order follows hashes, which are seeded by addresses.
#include <lauxlib.h>
#include <string.h>

#include "engine/script/script_internal.h"

static int key_rank(lua_State *lua, int index)
{
    switch (lua_type(lua, index)) {
    case LUA_TNUMBER:
        return 0;
    case LUA_TSTRING:
        return 1;
    case LUA_TBOOLEAN:
        return 2;
    default:
        return luaL_error(lua,
                          "pairs: a key is a %s: only numbers, strings and booleans have an "
                          "order that repeats",
                          luaL_typename(lua, index));
    }
}

static bool string_before(lua_State *lua, int a, int b)
{
    size_t count_a, count_b;
    const char *text_a = lua_tolstring(lua, a, &count_a);
    const char *text_b = lua_tolstring(lua, b, &count_b);
    int order = memcmp(text_a, text_b, count_a < count_b ? count_a : count_b);
    return order != 0 ? order < 0 : count_a < count_b;
}

static bool key_before(lua_State *lua, int a, int b)
{
    int rank_a = key_rank(lua, a);
    int rank_b = key_rank(lua, b);
    if (rank_a != rank_b) return rank_a < rank_b;
    if (rank_a == 0) return lua_compare(lua, a, b, LUA_OPLT) != 0;
    if (rank_a == 1) return string_before(lua, a, b);
    return !lua_toboolean(lua, a) && lua_toboolean(lua, b);
}

// Moves item `root` of the heap in the array at `keys` down to its place among the first `count`.
static void sift_down(lua_State *lua, int keys, lua_Integer root, lua_Integer count)
{
    for (lua_Integer child; (child = 2 * root) <= count; root = child) {
        lua_rawgeti(lua, keys, child);
        if (child < count) {
            lua_rawgeti(lua, keys, child + 1);
            if (key_before(lua, -2, -1)) {
                child++;
                lua_remove(lua, -2);
            } else {
                lua_pop(lua, 1);
            }
        }
        lua_rawgeti(lua, keys, root);
        if (!key_before(lua, -1, -2)) {
            lua_pop(lua, 2);
            return;
        }
        lua_rawseti(lua, keys, child);
        lua_rawseti(lua, keys, root);
    }
}

// Heapsort: no recursion, bounded work for any input.
static void sort_keys(lua_State *lua, int keys, lua_Integer count)
{
    for (lua_Integer root = count / 2; root >= 1; root--)
        sift_down(lua, keys, root, count);
    for (lua_Integer last = count; last > 1; last--) {
        lua_rawgeti(lua, keys, 1);
        lua_rawgeti(lua, keys, last);
        lua_rawseti(lua, keys, 1);
        lua_rawseti(lua, keys, last);
        sift_down(lua, keys, 1, last - 1);
    }
}

// Pushes an array of the table's keys, in order.
static void push_sorted_keys(lua_State *lua, int table)
{
    lua_newtable(lua);
    int keys = lua_gettop(lua);
    lua_Integer count = 0;
    bool sorted = true;
    for (lua_pushnil(lua); lua_next(lua, table) != 0;) {
        lua_pop(lua, 1); // the value
        key_rank(lua, -1);
        if (count > 0) {
            lua_rawgeti(lua, keys, count);
            sorted = sorted && key_before(lua, -1, -2);
            lua_pop(lua, 1);
        }
        lua_pushvalue(lua, -1);
        lua_rawseti(lua, keys, ++count);
    }
    if (!sorted) sort_keys(lua, keys, count); // plain arrays come sorted
}

// Upvalues: keys, position. Arguments: table, last key.
static int iterate(lua_State *lua)
{
    for (;;) {
        lua_Integer position = lua_tointeger(lua, lua_upvalueindex(2)) + 1;
        lua_pushinteger(lua, position);
        lua_replace(lua, lua_upvalueindex(2));
        if (lua_rawgeti(lua, lua_upvalueindex(1), position) == LUA_TNIL) return 1;
        lua_pushvalue(lua, -1);
        if (lua_rawget(lua, 1) != LUA_TNIL) return 2;
        lua_settop(lua, 2); // removed during the traversal
    }
}

int script_pairs(lua_State *lua)
{
    luaL_checkany(lua, 1);
    if (luaL_getmetafield(lua, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(lua, 1);
        lua_call(lua, 1, 3);
        return 3;
    }
    luaL_checktype(lua, 1, LUA_TTABLE);
    push_sorted_keys(lua, 1);
    lua_pushinteger(lua, 0);
    lua_pushcclosure(lua, iterate, 2);
    lua_pushvalue(lua, 1);
    return 2;
}

int script_next(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    if (!lua_isnoneornil(lua, 2))
        return luaL_error(lua, "next: only next(t) is offered: use pairs to go through a table");
    push_sorted_keys(lua, 1);
    if (lua_rawgeti(lua, -1, 1) == LUA_TNIL) return 1;
    lua_pushvalue(lua, -1);
    lua_rawget(lua, 1);
    return 2;
}
