// script.c: the life of a script: memory and instruction limits, running files and functions,
// errors with their place.
#include "engine/script/script.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/script/script_internal.h"

#define MEMORY_LIMIT_DEFAULT ((size_t)256 << 20)
#define INSTRUCTION_LIMIT_DEFAULT UINT64_C(200000000)
#define FILE_LIMIT_BYTES ((size_t)8 << 20)

bt_script *script_of(lua_State *lua)
{
    return *(bt_script **)lua_getextraspace(lua);
}

// Lua's small objects go to the C library directly: they are many, short-lived, and counted here.
static void *allocate(void *user, void *memory, size_t old_bytes, size_t new_bytes)
{
    bt_script *script = user;
    if (!memory) old_bytes = 0; // Lua passes a type tag there
    if (new_bytes == 0) {
        free(memory);
        script->memory_bytes -= old_bytes;
        return NULL;
    }
    if (new_bytes > old_bytes &&
        new_bytes - old_bytes > script->memory_limit_bytes - script->memory_bytes)
        return NULL;
    void *moved = realloc(memory, new_bytes);
    if (moved) script->memory_bytes += new_bytes - old_bytes;
    return moved;
}

int script_raise_exhausted(lua_State *lua)
{
    const bt_script *script = script_of(lua);
    return luaL_error(lua, "still running after %f million instructions: an endless loop?",
                      (double)script->instruction_limit * 1e-6);
}

static void count_instructions(lua_State *lua, lua_Debug *event)
{
    (void)event;
    bt_script *script = script_of(lua);
    if (script->instructions_left >= SCRIPT_HOOK_INSTRUCTIONS) {
        script->instructions_left -= SCRIPT_HOOK_INSTRUCTIONS;
        return;
    }
    script->exhausted = true;
    script_raise_exhausted(lua);
}

static int open_protected(lua_State *lua)
{
    script_open_sandbox(lua);
    return 0;
}

static bt_status copy_roots(bt_script *script, const bt_script_desc *desc)
{
    if (desc->root_count > SCRIPT_MAX_ROOTS)
        return bt_fail(BT_ERR_INTERNAL, "%zu script folders, at most %d", desc->root_count,
                       SCRIPT_MAX_ROOTS);
    for (size_t i = 0; i < desc->root_count; i++) {
        size_t bytes = strlen(desc->roots[i]) + 1;
        script->roots[i] = bt_alloc(bytes, 1);
        if (!script->roots[i]) return bt_fail(BT_ERR_MEMORY, "no memory for a script");
        memcpy(script->roots[i], desc->roots[i], bytes);
        script->root_count++;
    }
    return BT_OK;
}

bt_status bt_script_create(const bt_script_desc *desc, bt_script **out)
{
    *out = NULL;
    bt_script *script = bt_alloc(1, sizeof *script);
    if (!script) return bt_fail(BT_ERR_MEMORY, "no memory for a script");
    script->memory_limit_bytes =
        desc->memory_limit_bytes ? desc->memory_limit_bytes : MEMORY_LIMIT_DEFAULT;
    script->instruction_limit =
        desc->instruction_limit ? desc->instruction_limit : INSTRUCTION_LIMIT_DEFAULT;
    script->seed = desc->seed;

    bt_status status = copy_roots(script, desc);
    if (status != BT_OK) goto failed;
    script->lua = lua_newstate(allocate, script);
    if (!script->lua) {
        status =
            bt_fail(BT_ERR_LIMIT, "%zu bytes are too few for a script", script->memory_limit_bytes);
        goto failed;
    }
    *(bt_script **)lua_getextraspace(script->lua) = script;
    lua_pushcfunction(script->lua, open_protected);
    if (lua_pcall(script->lua, 0, 0, 0) != LUA_OK) {
        status = bt_fail(BT_ERR_LIMIT, "cannot open a script: %s", lua_tostring(script->lua, -1));
        goto failed;
    }
    lua_sethook(script->lua, count_instructions, LUA_MASKCOUNT, SCRIPT_HOOK_INSTRUCTIONS);
    *out = script;
    return BT_OK;
failed:
    bt_script_destroy(script);
    return status;
}

void bt_script_destroy(bt_script *script)
{
    if (!script) return;
    if (script->lua) lua_close(script->lua);
    for (size_t i = 0; i < script->root_count; i++)
        bt_free(script->roots[i]);
    bt_free(script);
}

lua_State *bt_script_lua(bt_script *script)
{
    return script->lua;
}

int script_load_file(lua_State *lua, const char *path)
{
    char *text = NULL;
    size_t count = 0;
    if (bt_file_read(path, FILE_LIMIT_BYTES, &text, &count) != BT_OK) {
        lua_pushstring(lua, bt_error_message());
        return LUA_ERRFILE;
    }
    const char *name = lua_pushfstring(lua, "@%s", path);
    // text only: bytecode can break the virtual machine
    int result = luaL_loadbufferx(lua, text, count, name, "t");
    lua_remove(lua, -2);
    bt_free(text);
    return result;
}

// The message handler of every call: one line to show, the traceback to the log.
static int explain(lua_State *lua)
{
    const char *message = luaL_tolstring(lua, 1, NULL);
    luaL_traceback(lua, lua, message, 1);
    bt_log(BT_LOG_INFO, "%s", lua_tostring(lua, -1));
    lua_pop(lua, 1);
    return 1;
}

static bt_status status_of(bt_script *script, int result)
{
    lua_State *lua = script->lua;
    if (result == LUA_OK) return BT_OK;
    const char *message = lua_tostring(lua, -1);
    bt_status status;
    if (result == LUA_ERRMEM)
        status = bt_fail(BT_ERR_LIMIT, "the script needs more than its %zu MiB of memory",
                         script->memory_limit_bytes >> 20);
    else
        status = bt_fail(script->exhausted ? BT_ERR_LIMIT : BT_ERR_INPUT, "%s",
                         message ? message : "the script failed without a message");
    lua_pop(lua, 1);
    return status;
}

bt_status bt_script_call(bt_script *script, int arguments, int results)
{
    lua_State *lua = script->lua;
    script->instructions_left = script->instruction_limit;
    script->exhausted = false;
    int handler = lua_gettop(lua) - arguments;
    lua_pushcfunction(lua, explain);
    lua_insert(lua, handler);
    int result = lua_pcall(lua, arguments, results, handler);
    lua_remove(lua, handler);
    return status_of(script, result);
}

bt_status bt_script_run_file(bt_script *script, const char *path, int results)
{
    if (script_load_file(script->lua, path) != LUA_OK) {
        const char *message = lua_tostring(script->lua, -1);
        bool placed = strstr(message, path) != NULL; // Lua does not place bytecode
        bt_status status = placed ? bt_fail(BT_ERR_INPUT, "%s", message)
                                  : bt_fail(BT_ERR_INPUT, "%s: %s", path, message);
        lua_pop(script->lua, 1);
        return status;
    }
    bt_status status = bt_script_call(script, 0, results);
    if (status == BT_ERR_LIMIT) return bt_fail_prefix(status, "%s", path);
    return status;
}

bt_status bt_script_find_file(const bt_script *script, const char *name, char *out, size_t out_size)
{
    if (strlen(name) < out_size && bt_file_exists(name)) {
        memcpy(out, name, strlen(name) + 1);
        return BT_OK;
    }
    for (size_t i = 0; i < script->root_count && name[0] != '/'; i++) {
        bt_status status = bt_path_join(out, out_size, script->roots[i], name);
        if (status != BT_OK) return status;
        if (bt_file_exists(out)) return BT_OK;
    }
    out[0] = '\0';
    return bt_fail(BT_ERR_INPUT, "no file '%s', nor below '%s'%s", name,
                   script->root_count ? script->roots[0] : ".",
                   script->root_count > 1 ? " or the other script folders" : "");
}
