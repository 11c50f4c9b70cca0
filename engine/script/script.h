// script.h: the Lua 5.4 host: a sandbox with limits, and strict reading of tables.
//
// A script sees: base functions without load of bytecode, dofile, loadfile, collectgarbage's
// tuning; string (without dump), table, math, utf8, coroutine; `require` limited to the folders
// given; print goes to the log. No io, os, debug, no C modules. math.random is deterministic, from
// the seed. Memory and instructions are limited. Two scripts in one process share nothing.
//
// Threads: a script belongs to one thread at a time.
#ifndef BT_SCRIPT_SCRIPT_H
#define BT_SCRIPT_SCRIPT_H

#include "engine/core/status.h"

#include <lua.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bt_script bt_script;

typedef struct bt_script_desc {
    size_t memory_limit_bytes;  // 0: 256 MiB
    uint64_t instruction_limit; // of one bt_script_run_file or bt_script_call; 0: 200 million
    uint64_t seed;              // of math.random
    const char *const *roots;   // folders that require may read from, in order
    size_t root_count;
} bt_script_desc;

BT_CHECKED bt_status bt_script_create(const bt_script_desc *desc, bt_script **script);
void bt_script_destroy(bt_script *script); // NULL is fine
lua_State *bt_script_lua(bt_script *script);

// Runs a file (text only) and leaves its `results` return values on the stack. A runtime error is
// one line "file:line: what", with the traceback on the log at info level. BT_ERR_INPUT for errors
// of the script, BT_ERR_LIMIT for its limits.
BT_CHECKED bt_status bt_script_run_file(bt_script *script, const char *path, int results);
// Calls the function below `arguments` on the stack, as lua_pcall does, under the same limits.
BT_CHECKED bt_status bt_script_call(bt_script *script, int arguments, int results);

// Resolves a file name as scripts give it: absolute or as it stands if it exists, else below each
// root in order. Fails naming what was tried.
BT_CHECKED bt_status bt_script_find_file(const bt_script *script, const char *name, char *out,
                                         size_t out_size);

// ---- strict reading of tables -----------------------------------------------------------------
// A bt_table reads one Lua table: every key that is read becomes accepted; bt_table_end rejects keys
// nobody read, naming those accepted. The first failure sticks (later reads give fallbacks), and its
// message has the path: "first_drive.lua: cameras.front.rate_hz: expected a number from 0.1 to 1000,
// got 'fast'". So a reader is a flat list of reads with one check at the end.
#define BT_TABLE_MAX_KEYS 96

typedef struct bt_table {
    lua_State *lua;
    int index;               // absolute stack index of the table
    const char *source;      // file, for messages
    char path[160];          // "cameras.front"
    struct bt_table *parent; // failures go up to it too
    bt_status status;
    const char *keys[BT_TABLE_MAX_KEYS];
    size_t key_count;
} bt_table;

#define BT_REQUIRED ((double)NAN) // as fallback: the key must be there

// `source` and `path` are copied or outlive the table; the value at `index` must be a table.
void bt_table_begin(bt_table *table, lua_State *lua, int index, const char *source,
                    const char *path);
double bt_table_number(bt_table *table, const char *key, double fallback, double min, double max);
int64_t bt_table_integer(bt_table *table, const char *key, int64_t fallback, int64_t min,
                         int64_t max);
bool bt_table_bool(bt_table *table, const char *key, bool fallback);
// Valid while the Lua table holds it. fallback NULL: required (gives "" after a failure).
const char *bt_table_string(bt_table *table, const char *key, const char *fallback);
// One of a zero-terminated list of words; gives its number.
int bt_table_choice(bt_table *table, const char *key, int fallback, const char *const *words);
// Reads exactly `count` numbers from an array; false when the key is absent (values untouched).
bool bt_table_numbers(bt_table *table, const char *key, double *values, size_t count, double min,
                      double max);
// Opens a table under a key (false when absent; failure when it is something else). It is pushed on
// the Lua stack and popped by bt_table_end. Children end before their parents.
bool bt_table_open(bt_table *table, const char *key, bt_table *child);
// Length of the array part, and its items, from 0.
size_t bt_table_length(bt_table *table);
bool bt_table_open_item(bt_table *table, size_t item, bt_table *child);
double bt_table_item_number(bt_table *table, size_t item, double min, double max);
const char *bt_table_item_string(bt_table *table, size_t item);
// Visits string keys in sorted order (a table of named things): gives the key-th key, or NULL.
// Marks it as accepted.
const char *bt_table_key(bt_table *table, size_t key);
// Fails the table by hand, with its path in front.
void bt_table_fail(bt_table *table, const char *key, const char *format, ...) BT_PRINTF(3, 4);
// Pops the table if it was opened as a child; rejects unknown keys.
BT_CHECKED bt_status bt_table_end(bt_table *table);

#endif
