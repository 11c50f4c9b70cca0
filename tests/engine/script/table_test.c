// table_test.c: strict reading: values, ranges, unknown keys, and messages with their path.
#include "engine/script/script.h"

#include <lauxlib.h>

#include "tests/support/check.h"

static bt_script *script;

// Runs `return {...}` and begins reading it.
static void read_text(bt_table *table, const char *text)
{
    lua_State *lua = bt_script_lua(script);
    lua_settop(lua, 0);
    if (luaL_dostring(lua, text)) fprintf(stderr, "%s\n", lua_tostring(lua, -1));
    bt_table_begin(table, lua, 1, "x.lua", "");
}

static void test_values(void)
{
    static const char *const words[] = {"red", "green", NULL};
    bt_table table, child, item;
    read_text(&table, "return {a = 1.5, n = 3, yes = true, s = 'hi', c = 'green', v = {1, 2, 3}, "
                      "cams = {b = {x = 1}, a = {x = 2}}, list = {{x = 5}, {x = 6}}}");
    CHECK(bt_table_number(&table, "a", BT_REQUIRED, 0, 2) == 1.5);
    CHECK(bt_table_number(&table, "absent", 7.0, 0, 2) == 7.0);
    CHECK(bt_table_integer(&table, "n", 0, 0, 5) == 3);
    CHECK(bt_table_bool(&table, "yes", false));
    CHECK(strcmp(bt_table_string(&table, "s", NULL), "hi") == 0);
    CHECK(bt_table_choice(&table, "c", 0, words) == 1);
    double v[3] = {0};
    CHECK(bt_table_numbers(&table, "v", v, 3, 0, 10) && v[2] == 3.0);
    CHECK(!bt_table_numbers(&table, "w", v, 3, 0, 10));

    CHECK(bt_table_open(&table, "cams", &child));
    CHECK(strcmp(bt_table_key(&child, 0), "a") == 0);
    CHECK(strcmp(bt_table_key(&child, 1), "b") == 0);
    CHECK(bt_table_key(&child, 2) == NULL);
    CHECK(bt_table_open(&child, "a", &item));
    CHECK(strcmp(item.path, "cams.a") == 0);
    CHECK(bt_table_number(&item, "x", BT_REQUIRED, 0, 9) == 2.0);
    CHECK_OK(bt_table_end(&item));
    CHECK_OK(bt_table_end(&child));

    CHECK(bt_table_open(&table, "list", &child));
    CHECK(bt_table_length(&child) == 2);
    CHECK(bt_table_open_item(&child, 1, &item));
    CHECK(bt_table_number(&item, "x", BT_REQUIRED, 0, 9) == 6.0);
    CHECK_OK(bt_table_end(&item));
    CHECK_OK(bt_table_end(&child));
    CHECK(!bt_table_open(&table, "absent_table", &child));
    CHECK_OK(bt_table_end(&table));
    CHECK(lua_gettop(bt_script_lua(script)) == 1);
}

static void expect(const char *text, void (*read)(bt_table *), const char *message)
{
    bt_table table;
    read_text(&table, text);
    read(&table);
    CHECK(bt_table_end(&table) == BT_ERR_INPUT);
    CHECK(strcmp(bt_error_message(), message) == 0);
    if (strcmp(bt_error_message(), message) != 0)
        fprintf(stderr, "    got:  %s\n    want: %s\n", bt_error_message(), message);
}

static void read_speed(bt_table *table)
{
    bt_table_number(table, "speed", BT_REQUIRED, 0, 80);
}

static void read_nested(bt_table *table)
{
    bt_table ego, start;
    if (!bt_table_open(table, "ego", &ego)) return;
    if (bt_table_open(&ego, "start", &start)) {
        bt_table_integer(&start, "lane", 0, -50, 50);
        CHECK(bt_table_end(&start) != BT_OK);
    }
    CHECK(bt_table_end(&ego) != BT_OK);
}

static void read_choice(bt_table *table)
{
    static const char *const words[] = {"a", "b", NULL};
    bt_table_choice(table, "k", 0, words);
}

static void read_vector(bt_table *table)
{
    double v[2];
    bt_table_numbers(table, "v", v, 2, -1, 1);
}

static void test_messages(void)
{
    expect("return {speed = 90}", read_speed,
           "x.lua: speed: expected a number from 0 to 80, got 90");
    expect("return {speed = 'fast'}", read_speed,
           "x.lua: speed: expected a number from 0 to 80, got 'fast'");
    expect("return {speed = 0/0}", read_speed,
           "x.lua: speed: expected a number from 0 to 80, got -nan");
    expect("return {}", read_speed, "x.lua: speed: missing: expected a number from 0 to 80");
    expect("return {speed = 1, sped = 2}", read_speed,
           "x.lua: sped: unknown key; accepted here: speed");
    expect("return {ego = {start = {lane = 1.5}}}", read_nested,
           "x.lua: ego.start.lane: expected a whole number from -50 to 50, got 1.5");
    expect("return {ego = {start = 3}}", read_nested, "x.lua: ego.start: expected a table, got 3");
    expect("return {k = 'c'}", read_choice, "x.lua: k: expected one of 'a', 'b', got 'c'");
    expect("return {v = {1}}", read_vector, "x.lua: v: expected 2 numbers, got 1");
    expect("return {v = {1, 2}}", read_vector,
           "x.lua: v[2]: expected a number from -1 to 1, got 2");
    expect("return 5", read_speed, "x.lua: : expected a table, got number");
}

int main(void)
{
    bt_script_desc desc = {0};
    CHECK_OK(bt_script_create(&desc, &script));
    test_values();
    test_messages();
    bt_script_destroy(script);
    return check_end();
}
