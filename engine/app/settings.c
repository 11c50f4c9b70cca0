// settings.c: see settings.h.
#include "engine/app/settings.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/number.h"
#include "engine/core/random.h"
#include "engine/math/pose.h"

#define DRAWS_MAX 64u // of a normal distribution that is cut; then at its nearer end

const char *const bt_parameter_kind_names[] = {"setting", "uniform", "normal", "choice"};

bt_status bt_settings_add(bt_settings *settings, char *argument)
{
    char *equals = strchr(argument, '=');
    if (!equals || equals == argument)
        return bt_fail(BT_ERR_INPUT, "--set %s: expected KEY=VALUE", argument);
    if (settings->given_count == BT_SETTINGS_MAX)
        return bt_fail(BT_ERR_INPUT, "--set: at most %d settings", BT_SETTINGS_MAX);
    *equals = '\0';
    bt_setting *setting = &settings->given[settings->given_count++];
    *setting = (bt_setting){.key = argument, .value = equals + 1};
    return BT_OK;
}

// ---- what is declared -------------------------------------------------------------------------
// The entry of this name, a new one at its first time. Asked for twice, it must be the same.
static bt_parameter *declare(lua_State *lua, bt_settings *settings, const char *name,
                             bt_parameter_kind kind)
{
    for (size_t i = 0; i < settings->declared_count; i++) {
        bt_parameter *p = &settings->declared[i];
        if (strcmp(p->name, name) != 0) continue;
        if (p->kind != kind || kind != BT_PARAMETER_SETTING)
            luaL_error(lua, "%s '%s': the name is taken already", bt_parameter_kind_names[kind],
                       name);
        return p;
    }
    if (settings->declared_count == BT_SETTINGS_MAX ||
        strlen(name) >= sizeof(((bt_parameter *)0)->name))
        luaL_error(lua, "%s '%s': more than %d of them, or too long a name",
                   bt_parameter_kind_names[kind], name, BT_SETTINGS_MAX);
    bt_parameter *p = &settings->declared[settings->declared_count++];
    *p = (bt_parameter){.kind = kind};
    snprintf(p->name, sizeof p->name, "%s", name);
    return p;
}

static const char *given_value(bt_settings *settings, const char *name)
{
    for (size_t i = settings->given_count; i-- > 0;) { // the last one given wins
        if (strcmp(settings->given[i].key, name) != 0) continue;
        settings->given[i].used = true;
        return settings->given[i].value;
    }
    return NULL;
}

static bool parse(const char *text, double *value)
{
    return bt_number_parse(text, text + strlen(text), '.', value);
}

static void note(lua_State *lua, int index, bt_parameter *p)
{
    p->is_number = lua_type(lua, index) == LUA_TNUMBER;
    snprintf(p->value, sizeof p->value, "%.100s", luaL_tolstring(lua, index, NULL));
    lua_pop(lua, 1);
}

// FNV-1a, 64 bits: Fowler, Noll, Vo 1991.
static uint64_t hash_of(const char *name)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return hash;
}

// ---- settings ---------------------------------------------------------------------------------
// Pushes the text as the same kind of value as the default at index 2.
static void push_like_default(lua_State *lua, const char *key, const char *value)
{
    char *end = NULL;
    switch (lua_type(lua, 2)) {
    case LUA_TNUMBER:
        lua_pushnumber(lua, strtod(value, &end));
        if (end == value || *end != '\0')
            luaL_error(lua, "--set %s=%s: expected a number", key, value);
        if (lua_isinteger(lua, 2) && lua_tonumber(lua, -1) == (double)lua_tointeger(lua, -1))
            lua_pushinteger(lua, lua_tointeger(lua, -1));
        return;
    case LUA_TBOOLEAN:
        if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            luaL_error(lua, "--set %s=%s: expected true or false", key, value);
        lua_pushboolean(lua, value[0] == 't');
        return;
    default:
        lua_pushstring(lua, value);
    }
}

static int lua_setting(lua_State *lua)
{
    bt_settings *settings = lua_touserdata(lua, lua_upvalueindex(1));
    const char *key = luaL_checkstring(lua, 1);
    lua_settop(lua, 2);
    bt_parameter *p = declare(lua, settings, key, BT_PARAMETER_SETTING);
    const char *value = given_value(settings, key);
    p->given = value != NULL;
    if (value) push_like_default(lua, key, value);
    note(lua, -1, p);
    return 1;
}

// ---- distributions ----------------------------------------------------------------------------
static int give_number(lua_State *lua, const char *given, double drawn, bt_parameter *p)
{
    double value = drawn;
    p->given = given != NULL;
    if (given && (!parse(given, &value) || !(value >= p->low && value <= p->high)))
        luaL_error(lua, "--set %s=%s: expected a number from %f to %f", p->name, given, p->low,
                   p->high);
    lua_pushnumber(lua, value);
    p->is_number = true;
    snprintf(p->value, sizeof p->value, "%.17g", value);
    return 1;
}

static int lua_uniform(lua_State *lua)
{
    bt_settings *settings = lua_touserdata(lua, lua_upvalueindex(1));
    const char *name = luaL_checkstring(lua, 1);
    double low = luaL_checknumber(lua, 2), high = luaL_checknumber(lua, 3);
    if (!(low <= high && isfinite(low) && isfinite(high)))
        luaL_error(lua, "uniform '%s': from %f to %f is no range", name, low, high);
    bt_parameter *p = declare(lua, settings, name, BT_PARAMETER_UNIFORM);
    p->low = low;
    p->high = high;
    double u = bt_random_unit(settings->seed, BT_STREAM_PARAMETER, hash_of(name), 0);
    return give_number(lua, given_value(settings, name), bt_lerp(low, high, u), p);
}

static double draw_normal(const bt_settings *settings, const bt_parameter *p)
{
    uint64_t hash = hash_of(p->name);
    double value = p->mean;
    for (uint32_t k = 0; k < DRAWS_MAX; k++) {
        value =
            p->mean + p->sigma * bt_random_normal(settings->seed, BT_STREAM_PARAMETER, hash, 2 * k);
        if (value >= p->low && value <= p->high) return value;
    }
    return bt_clamp(value, p->low, p->high);
}

static int lua_normal(lua_State *lua)
{
    bt_settings *settings = lua_touserdata(lua, lua_upvalueindex(1));
    const char *name = luaL_checkstring(lua, 1);
    double mean = luaL_checknumber(lua, 2), sigma = luaL_checknumber(lua, 3);
    double low = luaL_optnumber(lua, 4, -BT_PARAMETER_NO_CUT),
           high = luaL_optnumber(lua, 5, BT_PARAMETER_NO_CUT);
    if (!(isfinite(mean) && sigma >= 0.0 && isfinite(sigma) && low <= high))
        luaL_error(lua, "normal '%s': mean %f, sigma %f, from %f to %f is no distribution", name,
                   mean, sigma, low, high);
    bt_parameter *p = declare(lua, settings, name, BT_PARAMETER_NORMAL);
    p->mean = mean;
    p->sigma = sigma;
    p->low = low;
    p->high = high;
    return give_number(lua, given_value(settings, name), draw_normal(settings, p), p);
}

static void list_choices(lua_State *lua, lua_Integer count, bt_parameter *p)
{
    size_t used = 0;
    for (lua_Integer i = 1; i <= count && used < sizeof p->choices; i++) {
        lua_geti(lua, 2, i);
        used += (size_t)snprintf(p->choices + used, sizeof p->choices - used, "%s%.60s",
                                 i > 1 ? "," : "", luaL_tolstring(lua, -1, NULL));
        lua_pop(lua, 2);
    }
}

// Which of the list has these letters; 0: none.
static lua_Integer find_choice(lua_State *lua, lua_Integer count, const char *text)
{
    lua_Integer found = 0;
    for (lua_Integer i = 1; i <= count && found == 0; i++) {
        lua_geti(lua, 2, i);
        double a, b;
        const char *item = luaL_tolstring(lua, -1, NULL);
        bool same = strcmp(item, text) == 0 || (parse(item, &a) && parse(text, &b) && a == b);
        if (same) found = i;
        lua_pop(lua, 2);
    }
    return found;
}

static int lua_choice(lua_State *lua)
{
    bt_settings *settings = lua_touserdata(lua, lua_upvalueindex(1));
    const char *name = luaL_checkstring(lua, 1);
    luaL_checktype(lua, 2, LUA_TTABLE);
    lua_Integer count = luaL_len(lua, 2);
    if (count < 1 || count > 1000)
        luaL_error(lua, "choice '%s': expected 1 to 1000 values, got %d", name, (int)count);
    bt_parameter *p = declare(lua, settings, name, BT_PARAMETER_CHOICE);
    list_choices(lua, count, p);
    lua_Integer pick = 1 + (lua_Integer)bt_random_below(settings->seed, BT_STREAM_PARAMETER,
                                                        hash_of(name), 0, (uint32_t)count);
    const char *given = given_value(settings, name);
    p->given = given != NULL;
    if (given) pick = find_choice(lua, count, given);
    if (pick == 0) luaL_error(lua, "--set %s=%s: expected one of %s", name, given, p->choices);
    lua_geti(lua, 2, pick);
    note(lua, -1, p);
    return 1;
}

void bt_settings_open(bt_settings *settings, bt_script *script, uint64_t seed)
{
    static const struct {
        const char *name;
        lua_CFunction function;
    } functions[] = {{"setting", lua_setting},
                     {"uniform", lua_uniform},
                     {"normal", lua_normal},
                     {"choice", lua_choice}};
    lua_State *lua = bt_script_lua(script);
    settings->seed = seed;
    settings->declared_count = 0;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        lua_pushlightuserdata(lua, settings);
        lua_pushcclosure(lua, functions[i].function, 1);
        lua_setglobal(lua, functions[i].name);
    }
}

static bool is_declared(const bt_settings *settings, const char *key)
{
    for (size_t i = 0; i < settings->declared_count; i++)
        if (strcmp(settings->declared[i].name, key) == 0) return true;
    return false;
}

bt_status bt_settings_check(const bt_settings *settings)
{
    for (size_t i = 0; i < settings->given_count; i++) {
        if (is_declared(settings, settings->given[i].key)) continue;
        char all[1024] = "nothing";
        for (size_t k = 0, used = 0; k < settings->declared_count && used < sizeof all; k++)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", k ? ", " : "",
                                     settings->declared[k].name);
        return bt_fail(BT_ERR_INPUT, "--set %s=%s: the scenario has no such setting; it takes %s",
                       settings->given[i].key, settings->given[i].value, all);
    }
    return BT_OK;
}
