// sandbox.c: what a script may see: safe libraries, bounded loops, nothing that differs from run to
// run.
//
// A hook stops Lua code, but not a loop inside a C library function, a finalizer, or code that
// catches the error; each of those is closed here:
//   - pcall, xpcall and coroutine.resume do not come back once instructions are used up;
//   - library loops whose length an argument sets are bounded; patterns have bounded work;
//   - setmetatable refuses __gc (finalizers run without hooks).
// And what would differ from run to run: addresses in tostring and string.format, the order of
// pairs (ordered.c), the seed of math.random.
#include <lauxlib.h>
#include <lualib.h>
#include <math.h>
#include <string.h>

#include "engine/core/log.h"
#include "engine/core/random.h"
#include "engine/script/script_internal.h"

// ---- calls that catch errors ------------------------------------------------------------------
static int after_caught(lua_State *lua, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    if (script_of(lua)->exhausted) return script_raise_exhausted(lua);
    return lua_gettop(lua);
}

// Upvalue 1: the library's own pcall, resume or close.
static int call_catching(lua_State *lua)
{
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_callk(lua, lua_gettop(lua) - 1, LUA_MULTRET, 0, after_caught);
    return after_caught(lua, LUA_OK, 0);
}

// Stack: function, handler, true, results; or ..., error.
static int after_xpcall(lua_State *lua, int status, lua_KContext handler)
{
    if (script_of(lua)->exhausted) return script_raise_exhausted(lua);
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(lua) - (int)handler;
    lua_pushboolean(lua, 0);
    lua_pushvalue(lua, (int)handler);
    lua_pushvalue(lua, -3);
    lua_call(lua, 1, 1);
    return 2;
}

// The library's xpcall runs its handler where the error arose: inside the hook, where no hook can
// stop it. Here it runs after unwinding.
static int base_xpcall(lua_State *lua)
{
    luaL_checktype(lua, 2, LUA_TFUNCTION);
    int arguments = lua_gettop(lua) - 2;
    lua_pushboolean(lua, 1);
    lua_pushvalue(lua, 1);
    lua_rotate(lua, 3, 2);
    int status = lua_pcallk(lua, arguments, LUA_MULTRET, 0, 2, after_xpcall);
    return after_xpcall(lua, status, 2);
}

// ---- bounded library loops --------------------------------------------------------------------
static int call_original(lua_State *lua)
{
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    return lua_gettop(lua);
}

// table.insert, remove, concat, sort, unpack: no longer than SCRIPT_MAX_ITEMS.
static int call_with_bounded_table(lua_State *lua)
{
    if (lua_gettop(lua) >= 1 && luaL_len(lua, 1) > SCRIPT_MAX_ITEMS)
        return luaL_error(lua, "a table of more than %d items", SCRIPT_MAX_ITEMS);
    return call_original(lua);
}

static int table_move(lua_State *lua)
{
    lua_Integer first = luaL_checkinteger(lua, 2);
    lua_Integer last = luaL_checkinteger(lua, 3);
    if (last >= first && (lua_Unsigned)last - (lua_Unsigned)first > SCRIPT_MAX_ITEMS)
        return luaL_error(lua, "table.move: more than %d items", SCRIPT_MAX_ITEMS);
    return call_original(lua);
}

static int string_rep(lua_State *lua)
{
    luaL_checkstring(lua, 1);
    if (luaL_checkinteger(lua, 2) > SCRIPT_MAX_ITEMS)
        return luaL_error(lua, "string.rep: more than %d times", SCRIPT_MAX_ITEMS);
    return call_original(lua);
}

// find, match, gmatch, gsub: matching with q repetitions over n bytes takes up to n^q steps.
static int call_with_bounded_pattern(lua_State *lua)
{
    size_t subject_bytes, pattern_bytes;
    luaL_checklstring(lua, 1, &subject_bytes);
    const char *pattern = luaL_checklstring(lua, 2, &pattern_bytes);
    double repetitions = 1.0;
    for (size_t i = 0; i < pattern_bytes; i++)
        repetitions += strchr("*+-?", pattern[i]) != NULL;
    if (repetitions > 2.0 && pow((double)subject_bytes, repetitions - 1.0) > 1e9)
        return luaL_error(lua,
                          "pattern '%s' on %d bytes could take too long: fewer repetitions "
                          "or a shorter text",
                          pattern, (int)subject_bytes);
    return call_original(lua);
}

// ---- no addresses -----------------------------------------------------------------------------
// Replaces a table, function, userdata or thread that has no __tostring by the name of its type.
static void hide_address(lua_State *lua, int index)
{
    int type = lua_type(lua, index);
    if (type != LUA_TTABLE && type != LUA_TFUNCTION && type != LUA_TUSERDATA &&
        type != LUA_TTHREAD && type != LUA_TLIGHTUSERDATA)
        return;
    if (luaL_getmetafield(lua, index, "__tostring") != LUA_TNIL) {
        lua_pop(lua, 1);
        return;
    }
    lua_pushstring(lua, lua_typename(lua, type));
    lua_replace(lua, index);
}

static int base_tostring(lua_State *lua)
{
    luaL_checkany(lua, 1);
    hide_address(lua, 1);
    luaL_tolstring(lua, 1, NULL);
    return 1;
}

static int string_format(lua_State *lua)
{
    for (const char *at = luaL_checkstring(lua, 1); (at = strchr(at, '%')) != NULL; at++) {
        at++;
        while (*at && strchr("-+ #0123456789.", *at))
            at++;
        if (*at == 'p') return luaL_error(lua, "string.format: no %%p: addresses do not repeat");
        if (*at == '\0') break;
    }
    for (int i = 2; i <= lua_gettop(lua); i++)
        hide_address(lua, i);
    return call_original(lua);
}

static int base_print(lua_State *lua)
{
    luaL_Buffer line;
    int count = lua_gettop(lua);
    for (int i = 1; i <= count; i++) {
        hide_address(lua, i);
        luaL_tolstring(lua, i, NULL);
        lua_replace(lua, i);
    }
    luaL_buffinit(lua, &line);
    for (int i = 1; i <= count; i++) {
        if (i > 1) luaL_addchar(&line, '\t');
        lua_pushvalue(lua, i);
        luaL_addvalue(&line);
    }
    luaL_pushresult(&line);
    bt_log(BT_LOG_INFO, "%s", lua_tostring(lua, -1));
    return 0;
}

// ---- the rest ---------------------------------------------------------------------------------
static int base_setmetatable(lua_State *lua)
{
    if (lua_istable(lua, 2)) {
        lua_pushliteral(lua, "__gc");
        if (lua_rawget(lua, 2) != LUA_TNIL)
            return luaL_error(lua, "setmetatable: __gc is not offered");
        lua_pop(lua, 1);
    }
    return call_original(lua);
}

// load(text [, name [, "t" [, env]]]): a string of text only.
static int base_load(lua_State *lua)
{
    size_t count;
    const char *text = luaL_checklstring(lua, 1, &count);
    const char *name = luaL_optstring(lua, 2, "=(load)");
    if (luaL_loadbufferx(lua, text, count, name, "t") != LUA_OK) {
        lua_pushnil(lua);
        lua_insert(lua, -2);
        return 2;
    }
    if (!lua_isnone(lua, 4)) {
        lua_pushvalue(lua, 4);
        if (!lua_setupvalue(lua, -2, 1)) lua_pop(lua, 1);
    }
    return 1;
}

static uint64_t random_bits(bt_script *script)
{
    uint64_t index = script->random_index++;
    bt_random4 block =
        bt_random_block(script->seed + script->random_stream * UINT64_C(0x9e3779b97f4a7c15),
                        BT_STREAM_SCENARIO, index, 0);
    return (uint64_t)block.v[0] << 32 | block.v[1];
}

// math.random(), (n), (m, n) as in Lua 5.4, but counter-based and seeded by the scenario.
static int math_random(lua_State *lua)
{
    uint64_t bits = random_bits(script_of(lua));
    if (lua_gettop(lua) == 0) {
        lua_pushnumber(lua, (double)(bits >> 11) * 0x1p-53);
        return 1;
    }
    lua_Integer low = lua_gettop(lua) > 1 ? luaL_checkinteger(lua, 1) : 1;
    lua_Integer high = luaL_checkinteger(lua, lua_gettop(lua) > 1 ? 2 : 1);
    luaL_argcheck(lua, low <= high, 1, "interval is empty");
    uint64_t span = (uint64_t)high - (uint64_t)low + 1; // 0: all 2^64
    uint64_t offset = span == 0 ? bits : bits % span;   // bias below span / 2^64
    lua_pushinteger(lua, (lua_Integer)((uint64_t)low + offset));
    return 1;
}

// Another sequence under the same scenario seed.
static int math_randomseed(lua_State *lua)
{
    bt_script *script = script_of(lua);
    script->random_stream = (uint64_t)luaL_checkinteger(lua, 1);
    script->random_index = 0;
    return 0;
}

// Replaces field `name` of the table on top by `wrapper` around the original.
static void wrap_field(lua_State *lua, const char *name, lua_CFunction wrapper)
{
    lua_getfield(lua, -1, name);
    lua_pushcclosure(lua, wrapper, 1);
    lua_setfield(lua, -2, name);
}

static void set_field(lua_State *lua, const char *name, lua_CFunction function)
{
    if (function)
        lua_pushcfunction(lua, function);
    else
        lua_pushnil(lua);
    lua_setfield(lua, -2, name);
}

static void open_base(lua_State *lua)
{
    luaL_requiref(lua, "_G", luaopen_base, 1);
    set_field(lua, "dofile", NULL);
    set_field(lua, "loadfile", NULL);
    set_field(lua, "collectgarbage", NULL);
    set_field(lua, "warn", NULL);
    set_field(lua, "load", base_load);
    set_field(lua, "xpcall", base_xpcall);
    set_field(lua, "print", base_print);
    set_field(lua, "tostring", base_tostring);
    set_field(lua, "pairs", script_pairs);
    set_field(lua, "next", script_next);
    set_field(lua, "require", script_require);
    wrap_field(lua, "setmetatable", base_setmetatable);
    wrap_field(lua, "pcall", call_catching);
    lua_pop(lua, 1);
}

static void open_string(lua_State *lua)
{
    static const char *const patterned[] = {"find", "match", "gmatch", "gsub"};
    luaL_requiref(lua, "string", luaopen_string, 1);
    set_field(lua, "dump", NULL);
    wrap_field(lua, "rep", string_rep);
    wrap_field(lua, "format", string_format);
    for (size_t i = 0; i < sizeof patterned / sizeof *patterned; i++)
        wrap_field(lua, patterned[i], call_with_bounded_pattern);
    lua_pop(lua, 1);
}

static void open_table(lua_State *lua)
{
    static const char *const bounded[] = {"insert", "remove", "concat", "sort", "unpack"};
    luaL_requiref(lua, "table", luaopen_table, 1);
    wrap_field(lua, "move", table_move);
    for (size_t i = 0; i < sizeof bounded / sizeof *bounded; i++)
        wrap_field(lua, bounded[i], call_with_bounded_table);
    lua_pop(lua, 1);
}

void script_open_sandbox(lua_State *lua)
{
    open_base(lua);
    open_string(lua);
    open_table(lua);
    luaL_requiref(lua, "math", luaopen_math, 1);
    set_field(lua, "random", math_random);
    set_field(lua, "randomseed", math_randomseed);
    lua_pop(lua, 1);
    luaL_requiref(lua, "utf8", luaopen_utf8, 1);
    lua_pop(lua, 1);
    luaL_requiref(lua, "coroutine", luaopen_coroutine, 1);
    wrap_field(lua, "resume", call_catching);
    wrap_field(lua, "close", call_catching);
    lua_pop(lua, 1);
    // luaL_requiref leaves what it loaded where `require` of stock Lua would look
    lua_pushnil(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
}
