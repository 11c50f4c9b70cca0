// require.c: modules in Lua text, from the script's folders only, each run once.
#include <ctype.h>
#include <lauxlib.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/script/script_internal.h"

#define MODULES "blacktop.modules"

// "lib.gaps" -> "lib/gaps.lua". Only letters, digits, '_', '-' and '.' between them: no way out of
// the folder.
static void module_file(lua_State *lua, const char *name, char *file, size_t size)
{
    size_t count = strlen(name);
    if (count == 0 || count + sizeof ".lua" > size)
        luaL_error(lua, "require: a module name has 1 to %d letters", (int)(size - sizeof ".lua"));
    for (size_t i = 0; i < count; i++) {
        bool word = isalnum((unsigned char)name[i]) || name[i] == '_' || name[i] == '-';
        bool between = name[i] == '.' && i > 0 && i + 1 < count && name[i - 1] != '.';
        if (!word && !between)
            luaL_error(lua, "require: '%s': expected words joined by single dots", name);
        file[i] = name[i] == '.' ? '/' : name[i];
    }
    memcpy(file + count, ".lua", sizeof ".lua");
}

static void find_module(lua_State *lua, const char *name, char *path, size_t size)
{
    const bt_script *script = script_of(lua);
    char file[200];
    module_file(lua, name, file, sizeof file);
    for (size_t i = 0; i < script->root_count; i++) {
        if (bt_path_join(path, size, script->roots[i], file) != BT_OK)
            luaL_error(lua, "require: %s", bt_error_message());
        if (bt_file_exists(path)) return;
    }
    luaL_error(lua, "require: no module '%s': no file %s in the scenario's or the asset folder",
               name, file);
}

int script_require(lua_State *lua)
{
    const char *name = luaL_checkstring(lua, 1);
    lua_settop(lua, 1);
    luaL_getsubtable(lua, LUA_REGISTRYINDEX, MODULES);
    if (lua_getfield(lua, 2, name) != LUA_TNIL) {
        if (lua_islightuserdata(lua, -1))
            return luaL_error(lua, "require: module '%s' requires itself", name);
        return 1;
    }
    char path[4096];
    find_module(lua, name, path, sizeof path);
    lua_pushlightuserdata(lua, lua);
    lua_setfield(lua, 2, name); // being loaded
    if (script_load_file(lua, path) != LUA_OK) return lua_error(lua);
    lua_call(lua, 0, 1);
    if (lua_isnil(lua, -1)) {
        lua_pop(lua, 1);
        lua_pushboolean(lua, 1);
    }
    lua_pushvalue(lua, -1);
    lua_setfield(lua, 2, name);
    return 1;
}
