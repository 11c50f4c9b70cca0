// settings.c: see settings.h.
#include "engine/app/settings.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void declare(lua_State *lua, bt_settings *settings, const char *key)
{
    for (size_t i = 0; i < settings->declared_count; i++)
        if (strcmp(settings->declared[i], key) == 0) return;
    if (settings->declared_count == BT_SETTINGS_MAX || strlen(key) >= sizeof settings->declared[0])
        luaL_error(lua, "setting '%s': too many settings, or too long a name", key);
    snprintf(settings->declared[settings->declared_count++], sizeof settings->declared[0], "%s",
             key);
}

// Pushes the text as the same kind of value as the default at index 2.
static void push_like_default(lua_State *lua, const bt_setting *setting)
{
    const char *value = setting->value;
    char *end = NULL;
    switch (lua_type(lua, 2)) {
    case LUA_TNUMBER:
        lua_pushnumber(lua, strtod(value, &end));
        if (end == value || *end != '\0')
            luaL_error(lua, "--set %s=%s: expected a number", setting->key, value);
        if (lua_isinteger(lua, 2) && lua_tonumber(lua, -1) == (double)lua_tointeger(lua, -1))
            lua_pushinteger(lua, lua_tointeger(lua, -1));
        return;
    case LUA_TBOOLEAN:
        if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            luaL_error(lua, "--set %s=%s: expected true or false", setting->key, value);
        lua_pushboolean(lua, value[0] == 't');
        return;
    default:
        lua_pushstring(lua, value);
    }
}

// setting(key, default): what --set gave, as the kind of the default, or the default.
static int lua_setting(lua_State *lua)
{
    bt_settings *settings = lua_touserdata(lua, lua_upvalueindex(1));
    const char *key = luaL_checkstring(lua, 1);
    lua_settop(lua, 2);
    declare(lua, settings, key);
    for (size_t i = settings->given_count; i-- > 0;) { // the last one given wins
        bt_setting *setting = &settings->given[i];
        if (strcmp(setting->key, key) != 0) continue;
        push_like_default(lua, setting);
        setting->used = true;
        return 1;
    }
    return 1; // the default
}

void bt_settings_open(bt_settings *settings, bt_script *script)
{
    lua_State *lua = bt_script_lua(script);
    lua_pushlightuserdata(lua, settings);
    lua_pushcclosure(lua, lua_setting, 1);
    lua_setglobal(lua, "setting");
}

static bool is_declared(const bt_settings *settings, const char *key)
{
    for (size_t i = 0; i < settings->declared_count; i++)
        if (strcmp(settings->declared[i], key) == 0) return true;
    return false;
}

bt_status bt_settings_check(const bt_settings *settings)
{
    for (size_t i = 0; i < settings->given_count; i++) {
        if (is_declared(settings, settings->given[i].key)) continue;
        char all[1024] = "nothing";
        for (size_t k = 0, used = 0; k < settings->declared_count && used < sizeof all; k++)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", k ? ", " : "",
                                     settings->declared[k]);
        return bt_fail(BT_ERR_INPUT, "--set %s=%s: the scenario has no such setting; it takes %s",
                       settings->given[i].key, settings->given[i].value, all);
    }
    return BT_OK;
}
