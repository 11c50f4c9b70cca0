// sandbox_test.c: a script sees only what it needs, stops when told, and repeats itself.
#include "engine/script/script.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/core/file.h"
#include "engine/core/log.h"
#include "tests/support/check.h"

static char folder[] = "/tmp/bt_script_XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[4][256];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static bt_script *new_script(uint64_t seed)
{
    const char *roots[] = {folder};
    bt_script_desc desc = {.seed = seed,
                           .memory_limit_bytes = (size_t)16 << 20,
                           .instruction_limit = 5000000,
                           .roots = roots,
                           .root_count = 1};
    bt_script *script;
    CHECK_OK(bt_script_create(&desc, &script));
    return script;
}

static bt_status run(bt_script *script, const char *text, int results)
{
    const char *path = in_folder("main.lua");
    CHECK_OK(bt_file_write(path, text, strlen(text)));
    return bt_script_run_file(script, path, results);
}

// Runs a text in a fresh script and expects this failure with this in the message.
static void expect_failure(const char *text, bt_status want, const char *part)
{
    bt_script *script = new_script(1);
    bt_status status = run(script, text, 0);
    CHECK(status == want);
    CHECK_CONTAINS(bt_error_message(), part);
    if (status != want || !strstr(bt_error_message(), part))
        fprintf(stderr, "    for: %s\n    got: %s\n", text, bt_error_message());
    CHECK(lua_gettop(bt_script_lua(script)) == 0);
    bt_script_destroy(script);
}

static void expect_true(const char *expression)
{
    bt_script *script = new_script(1);
    char text[2000];
    snprintf(text, sizeof text, "return %s", expression);
    CHECK_OK(run(script, text, 1));
    bool good = lua_toboolean(bt_script_lua(script), -1);
    CHECK(good);
    if (!good) fprintf(stderr, "    for: %s\n", expression);
    bt_script_destroy(script);
}

static void test_what_is_absent(void)
{
    static const char *const absent[] = {
        "io", "os", "debug", "package", "dofile", "loadfile", "collectgarbage", "string.dump",
    };
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        char text[100];
        snprintf(text, sizeof text, "%s == nil", absent[i]);
        expect_true(text);
    }
    expect_true("load('\\27Lua') == nil");  // bytecode
    expect_true("load('return 2')() == 2"); // text
    expect_true("load('return x', 'n', 't', {x = 3})() == 3");
    expect_true("load('\\27Lua', 'n', 'b') == nil"); // asking for bytecode does not help
}

static void test_endless(void)
{
    expect_failure("while true do end", BT_ERR_LIMIT, "endless loop");
    expect_failure("while true do pcall(function() while true do end end) end", BT_ERR_LIMIT,
                   "endless loop");
    expect_failure("while true do xpcall(error, function() while true do end end) end",
                   BT_ERR_LIMIT, "endless loop");
    expect_failure("while true do coroutine.resume(coroutine.create(function() "
                   "while true do end end)) end",
                   BT_ERR_LIMIT, "endless loop");
    expect_failure("xpcall(function() while true do end end, function() while true do end end)",
                   BT_ERR_LIMIT, "endless loop");
    expect_failure("coroutine.wrap(function() while true do end end)()", BT_ERR_LIMIT,
                   "endless loop");
    expect_failure("setmetatable({}, {__gc = function() while true do end end})", BT_ERR_INPUT,
                   "__gc");
    expect_failure("(''):rep(1 << 60)", BT_ERR_INPUT, "");
    expect_failure("local s = ('').rep('', 1 << 60)", BT_ERR_INPUT, "string.rep");
    expect_failure("table.move({}, 1, 1 << 60, 2)", BT_ERR_INPUT, "table.move");
    expect_failure("table.insert(setmetatable({}, {__len = function() return 1 << 60 end}), 1, 0)",
                   BT_ERR_INPUT, "more than");
    expect_failure("return (('a'):rep(100000)):find(('.-'):rep(20) .. 'b')", BT_ERR_INPUT,
                   "too long");
    expect_failure("local function f() return f() + 1 end f()", BT_ERR_LIMIT, "memory");
}

static void test_memory(void)
{
    expect_failure("local t = {} for i = 1, 1e9 do t[i] = {i} end", BT_ERR_LIMIT, "memory");
    expect_failure("local s = 'x' while true do s = s .. s end", BT_ERR_LIMIT, "memory");
    // a script that catches the failure may go on with what it has
    expect_true("not pcall(function() local s = 'x' while true do s = s .. s end end)");
}

static void test_errors_have_places(void)
{
    expect_failure("local a = 1\nlocal b = a.b.c", BT_ERR_INPUT, "main.lua:2:");
    expect_failure("x = = 1", BT_ERR_INPUT, "main.lua:1:");
    expect_failure("error({})", BT_ERR_INPUT, "table");
    bt_script *script = new_script(1);
    CHECK(bt_script_run_file(script, in_folder("absent.lua"), 0) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "absent.lua");
    CHECK(bt_script_run_file(script, folder, 0) == BT_ERR_INPUT);
    bt_script_destroy(script);
}

static char traceback[4000];

static void keep_log(void *context, bt_log_level level, const char *message)
{
    (void)context;
    (void)level;
    snprintf(traceback, sizeof traceback, "%s", message);
}

static void test_traceback(void)
{
    bt_log_set(keep_log, NULL, BT_LOG_INFO);
    expect_failure("local function inner() error('deep') end\nlocal function outer() inner() "
                   "end\nouter()",
                   BT_ERR_INPUT, "main.lua:1: deep");
    CHECK_CONTAINS(traceback, "traceback");
    CHECK_CONTAINS(traceback, "main.lua:2:");
    bt_log_set(NULL, NULL, BT_LOG_INFO);
}

static void test_require(void)
{
    const char *module = "local n = 0 return { count = function() n = n + 1 return n end }";
    CHECK_OK(bt_folder_make(in_folder("lib")));
    CHECK_OK(bt_file_write(in_folder("lib/counter.lua"), module, strlen(module)));
    const char *loop = "return require 'loop'";
    CHECK_OK(bt_file_write(in_folder("loop.lua"), loop, strlen(loop)));
    expect_true("require('lib.counter').count() == 1");
    expect_true("require('lib.counter') == require('lib.counter')");
    expect_failure("require 'loop'", BT_ERR_INPUT, "requires itself");
    expect_failure("require '../secret'", BT_ERR_INPUT, "single dots");
    expect_failure("require 'a..b'", BT_ERR_INPUT, "single dots");
    expect_failure("require '/etc/passwd'", BT_ERR_INPUT, "single dots");
    expect_failure("require 'absent'", BT_ERR_INPUT, "no module 'absent'");
}

// A text whose result depends on everything that could differ from run to run.
static const char *const sensitive =
    "local t = {} "
    "for i = 1, 50 do t['key' .. math.random(1000000)] = math.random() end "
    "local out = {} "
    "for k, v in pairs(t) do out[#out + 1] = string.format('%s=%.17g', k, v) end "
    "out[#out + 1] = tostring({}) .. string.format('%s', print) "
    "return table.concat(out, ';')";

static void result_of(uint64_t seed, char *out, size_t size)
{
    bt_script *script = new_script(seed);
    CHECK_OK(run(script, sensitive, 1));
    snprintf(out, size, "%s", lua_tostring(bt_script_lua(script), -1));
    bt_script_destroy(script);
}

static void test_repeats(void)
{
    static char a[8000], b[8000], c[8000];
    result_of(7, a, sizeof a);
    result_of(7, b, sizeof b);
    result_of(8, c, sizeof c);
    CHECK(strlen(a) > 1000);
    CHECK(strcmp(a, b) == 0);
    CHECK(strcmp(a, c) != 0);
    CHECK(strstr(a, "0x") == NULL);
}

static void test_independent(void)
{
    bt_script *one = new_script(1);
    bt_script *two = new_script(1);
    CHECK_OK(run(one, "shared = 5 string.marker = 1 math.random()", 0));
    CHECK_OK(run(two, "return shared == nil and string.marker == nil", 1));
    CHECK(lua_toboolean(bt_script_lua(two), -1));
    bt_script_destroy(one);
    bt_script_destroy(two);
}

static void test_library(void)
{
    expect_true("(function() local s = '' for k in pairs{3, 2, 1, x = 1, a = 1, [true] = 1} do "
                "s = s .. tostring(k) end return s end)() == '123axtrue'");
    expect_true("next({}) == nil and next({b = 1, a = 2}) == 'a'");
    expect_true("(function() local t = {a = 1, b = 2} for k in pairs(t) do t[k] = nil end "
                "return next(t) == nil end)()");
    expect_true("(function() math.randomseed(3) local a = math.random() math.randomseed(3) "
                "return a == math.random() end)()");
    expect_true("(function() for i = 1, 1000 do local r = math.random(3, 5) "
                "if r < 3 or r > 5 then return false end end return true end)()");
    expect_true("math.random(0, -1 >> 1) >= 0");
    expect_true("select('#', pcall(function() return 1, nil, 3 end)) == 4");
    expect_true("({pcall(error, 'x')})[2] == 'x'");
    expect_true("select(2, xpcall(error, function(e) return e .. '!' end, 'x')) == 'x!'");
    expect_true("select(3, xpcall(function(a, b) return a, b end, print, 1, 2)) == 2");
    expect_true("string.format('%d %s %5.1f', 3, 'a', 2.5) == '3 a   2.5'");
    expect_failure("for k in pairs{[{}] = 1} do end", BT_ERR_INPUT, "order that repeats");
    expect_failure("string.format('%p', {})", BT_ERR_INPUT, "%p");
}

int main(void)
{
    if (!mkdtemp(folder)) return 1;
    test_what_is_absent();
    test_endless();
    test_memory();
    test_errors_have_places();
    test_traceback();
    test_require();
    test_repeats();
    test_independent();
    test_library();
    return check_end();
}
