// commands_test.c: what is logged comes back bit for bit; hostile lines are refused by file:line.
#include "engine/link/commands.h"
#include "engine/scene/classes.h"

#include <stdlib.h>

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "tests/support/check.h"

static void test_round_trip(void)
{
    enum { COUNT = 500 };
    static bt_command commands[COUNT];
    bt_command_log *log;
    CHECK_OK(bt_command_log_create(&log));
    for (uint32_t i = 0; i < COUNT; i++) {
        commands[i] = (bt_command){
            .steer_rad =
                bt_random_range(1, BT_STREAM_TEST, i, 0, -1.0, 1.0) * exp2(-(double)(i % 60)),
            .accel_m_s2 = bt_random_range(1, BT_STREAM_TEST, i, 1, -9.0, 3.0),
            .indicators = i % 3 == 0 ? BT_LAMP_INDICATOR_LEFT : 0,
        };
        CHECK_OK(bt_command_log_command(log, (bt_time_ns)i * 50 * BT_NS_PER_MS, &commands[i]));
    }
    bt_verdict_event event = {
        .time_ns = 25 * BT_NS_PER_S, .kind = BT_VERDICT_COLLISION, .other = 3, .value = 1.0 / 3.0};
    CHECK_OK(bt_command_log_event(log, &event));
    bt_verdict_event hit = event;
    hit.other = BT_SIM_NONE;
    hit.thing = (bt_verdict_thing){"street lamp", 812, BT_CLASS_POLE, 9.0 / 7.0, 1.0 / 3.0};
    CHECK_OK(bt_command_log_event(log, &hit));
    event.kind = BT_VERDICT_TIME_OUT;
    event.other = BT_SIM_NONE;
    CHECK_OK(bt_command_log_event(log, &event));
    event.value = NAN;
    CHECK(bt_command_log_event(log, &event) != BT_OK);

    size_t bytes;
    const char *text = bt_command_log_text(log, &bytes);
    CHECK(strlen(text) == bytes);
    bt_command_list list;
    CHECK_OK(bt_command_list_parse("commands.jsonl", text, bytes, &list));
    CHECK(list.command_count == COUNT && list.event_count == 3);
    int exact = 0;
    for (uint32_t i = 0; i < list.command_count; i++) {
        bt_command held;
        CHECK(bt_command_list_at(&list, (bt_time_ns)i * 50 * BT_NS_PER_MS + 49, &held));
        exact += memcmp(&held.steer_rad, &commands[i].steer_rad, sizeof(double)) == 0 &&
                 memcmp(&held.accel_m_s2, &commands[i].accel_m_s2, sizeof(double)) == 0 &&
                 held.indicators == commands[i].indicators;
    }
    CHECK(exact == COUNT);
    CHECK(list.events[0].kind == BT_VERDICT_COLLISION && list.events[0].other == 3);
    CHECK(list.events[0].value == 1.0 / 3.0);
    CHECK(list.events[0].thing.name[0] == '\0' && list.events[1].other == BT_SIM_NONE);
    CHECK(strcmp(list.events[1].thing.name, hit.thing.name) == 0);
    CHECK(list.events[1].thing.id == 812 && list.events[1].thing.class_id == BT_CLASS_POLE);
    CHECK(list.events[1].thing.closing_m_s == 9.0 / 7.0);
    CHECK(list.events[1].thing.delta_v_m_s == 1.0 / 3.0);
    CHECK(list.events[2].kind == BT_VERDICT_TIME_OUT && list.events[2].other == BT_SIM_NONE);
    bt_command_list_clear(&list);
    bt_command_log_destroy(log);
}

static void test_held(void)
{
    bt_command_list list;
    const char *text = "{\"time_ns\": 100, \"command\": {\"steer_rad\": 0.5, \"accel_m_s2\": 1, "
                       "\"indicators\": 0}}\n";
    CHECK_OK(bt_command_list_parse("x", text, strlen(text), &list));
    bt_command command = {9, 9, 9};
    CHECK(!bt_command_list_at(&list, 99, &command) && command.steer_rad == 0.0);
    CHECK(bt_command_list_at(&list, 100, &command) && command.steer_rad == 0.5);
    CHECK(bt_command_list_at(&list, INT64_MAX, &command) && command.accel_m_s2 == 1.0);
    bt_command_list_clear(&list);
    CHECK_OK(bt_command_list_parse("x", "", 0, &list));
    CHECK(!bt_command_list_at(&list, 0, &command));
}

#define GOOD                                                                                       \
    "{\"time_ns\": 5, \"command\": {\"steer_rad\": 0, \"accel_m_s2\": 0, \"indicators\": 0}}\n"

static void check_refused(const char *line, const char *why)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s", GOOD, line);
    bt_command_list list;
    CHECK(bt_command_list_parse("c.jsonl", text, strlen(text), &list) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "c.jsonl:2: ");
    if (!strstr(bt_error_message(), why)) printf("    %s\n", bt_error_message());
    CHECK_CONTAINS(bt_error_message(), why);
    CHECK(list.commands == NULL && list.events == NULL);
}

static void test_refused(void)
{
    check_refused("\n", "empty line");
    check_refused("{\"time_ns\": 6", "cut off");
    check_refused("nonsense\n", "not JSON");
    check_refused("[1]\n", "time_ns");
    check_refused("{\"time_ns\": 4, \"event\": {}}\n", "ascend");
    check_refused("{\"time_ns\": -1, \"event\": {}}\n", "not negative");
    check_refused("{\"time_ns\": 6.5, \"event\": {}}\n", "whole number");
    check_refused("{\"time_ns\": 6}\n", "one of command, event");
    check_refused("{\"time_ns\": 6, \"time_ns\": 7, \"event\": {}}\n", "not JSON");
    check_refused("{\"time_ns\": 6, \"command\": {\"steer_rad\": 0, \"accel_m_s2\": 0}}\n",
                  "expected command");
    check_refused("{\"time_ns\": 6, \"command\": {\"steer_rad\": 1e9, \"accel_m_s2\": 0, "
                  "\"indicators\": 0}}\n",
                  "steer_rad");
    check_refused("{\"time_ns\": 6, \"command\": {\"steer_rad\": 0, \"accel_m_s2\": \"1\", "
                  "\"indicators\": 0}}\n",
                  "accel_m_s2");
    check_refused("{\"time_ns\": 6, \"command\": {\"steer_rad\": 0, \"accel_m_s2\": 0, "
                  "\"indicators\": 1}}\n",
                  "indicators");
    check_refused(
        "{\"time_ns\": 6, \"event\": {\"kind\": \"joy\", \"other\": null, \"value\": 0}}\n",
        "kind");
    check_refused("{\"time_ns\": 6, \"event\": {\"kind\": \"collision\", \"other\": -3, \"value\": "
                  "0}}\n",
                  "other");
    char longest[3000];
    memset(longest, ' ', sizeof longest);
    longest[sizeof longest - 2] = '\n';
    longest[sizeof longest - 1] = '\0';
    check_refused(longest, "longer than");
    bt_command_list list;
    CHECK(bt_command_list_load("build/no_such_file.jsonl", &list) != BT_OK);
}

// Any byte of a good file flipped: refused or read, never worse.
static void test_flipped(void)
{
    char text[] = GOOD "{\"time_ns\": 6, \"event\": {\"kind\": \"collision\", \"other\": 1, "
                       "\"value\": 2.5}}\n";
    size_t bytes = sizeof text - 1;
    int refused = 0;
    for (size_t at = 0; at < bytes; at++) {
        for (int bit = 0; bit < 8; bit++) {
            text[at] = (char)(text[at] ^ (1 << bit));
            bt_command_list list;
            if (bt_command_list_parse("c", text, bytes, &list) != BT_OK) refused++;
            bt_command_list_clear(&list);
            text[at] = (char)(text[at] ^ (1 << bit));
        }
    }
    CHECK(refused > (int)(4 * bytes));
}

int main(void)
{
    test_round_trip();
    test_held();
    test_refused();
    test_flipped();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
