// status_test.c: messages: one line, per thread, prefixed.
#include "engine/core/status.h"

#include "tests/support/check.h"

#include <pthread.h>

static void *other_thread(void *argument)
{
    (void)argument;
    CHECK(strcmp(bt_error_message(), "") == 0);
    CHECK(bt_fail(BT_ERR_IO, "of the other") == BT_ERR_IO);
    return NULL;
}

static void test_messages(void)
{
    CHECK(strcmp(bt_error_message(), "") == 0);
    CHECK(bt_fail(BT_ERR_INPUT, "line %d: '%s'", 7, "x") == BT_ERR_INPUT);
    CHECK(strcmp(bt_error_message(), "line 7: 'x'") == 0);
    CHECK(bt_fail_prefix(BT_ERR_INPUT, "file %s", "a.lua") == BT_ERR_INPUT);
    CHECK(strcmp(bt_error_message(), "file a.lua: line 7: 'x'") == 0);

    // an argument may be the old message
    bt_fail(BT_ERR_INPUT, "again: %s", bt_error_message());
    CHECK(strcmp(bt_error_message(), "again: file a.lua: line 7: 'x'") == 0);

    bt_fail(BT_ERR_INPUT, "two\nlines\r");
    CHECK(strcmp(bt_error_message(), "two lines ") == 0);

    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, other_thread, NULL) == 0);
    pthread_join(thread, NULL);
    CHECK(strcmp(bt_error_message(), "two lines ") == 0);
}

static void test_long_message_is_cut(void)
{
    char text[10000];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    bt_fail(BT_ERR_INPUT, "%s", text);
    CHECK(strlen(bt_error_message()) == 2047);
    bt_fail_prefix(BT_ERR_INPUT, "%s", text);
    CHECK(strlen(bt_error_message()) == 2047);
}

int main(void)
{
    test_messages();
    test_long_message_is_cut();
    for (int i = BT_OK; i <= BT_ERR_INTERNAL; i++) {
        CHECK(strcmp(bt_status_name((bt_status)i), "unknown") != 0);
    }
    return check_end();
}
