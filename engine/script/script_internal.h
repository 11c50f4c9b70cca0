// script_internal.h: what the host's files share.
#ifndef BT_SCRIPT_SCRIPT_INTERNAL_H
#define BT_SCRIPT_SCRIPT_INTERNAL_H

#include "engine/script/script.h"

// A hook runs every so many virtual-machine instructions.
#define SCRIPT_HOOK_INSTRUCTIONS 10000
// Loops inside library functions run without hooks, so their lengths are bounded.
#define SCRIPT_MAX_ITEMS 10000000
#define SCRIPT_MAX_ROOTS 8

struct bt_script {
    lua_State *lua;
    size_t memory_bytes, memory_limit_bytes;
    uint64_t instructions_left, instruction_limit;
    bool exhausted; // the instruction limit was reached: no pcall may go on
    uint64_t seed;
    uint64_t random_index, random_stream; // state of math.random
    char *roots[SCRIPT_MAX_ROOTS];
    size_t root_count;
};

// The script that a state (or one of its coroutines) belongs to.
bt_script *script_of(lua_State *lua);
// Raises the error of a script that has used up its instructions.
int script_raise_exhausted(lua_State *lua);

// sandbox.c: opens the libraries and takes away or replaces what a scenario must not have.
void script_open_sandbox(lua_State *lua);
// require.c: `require`, limited to the script's roots.
int script_require(lua_State *lua);
// Loads a text chunk; on failure leaves a message on the stack. Gives Lua's status.
int script_load_file(lua_State *lua, const char *path);
// ordered.c: pairs and next in an order that does not depend on hashes.
int script_pairs(lua_State *lua);
int script_next(lua_State *lua);

#endif
