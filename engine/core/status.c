// status.c: the message of the last failure, one per thread.
#include "engine/core/status.h"

#include <stdio.h>
#include <string.h>

#define MESSAGE_BYTES 2048 // chosen: two paths of ordinary length and a sentence

static _Thread_local char message[MESSAGE_BYTES];

// A message is one line, whatever a hostile file put into it.
static void keep_one_line(char *text)
{
    for (char *c = text; *c != '\0'; c++) {
        if (*c == '\n' || *c == '\r') *c = ' ';
    }
}

bt_status bt_fail_v(bt_status status, const char *format, va_list args)
{
    // formatted apart, because an argument may be the old message itself
    char text[MESSAGE_BYTES];
    vsnprintf(text, sizeof text, format, args);
    keep_one_line(text);
    memcpy(message, text, strlen(text) + 1);
    return status;
}

bt_status bt_fail(bt_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bt_fail_v(status, format, args);
    va_end(args);
    return status;
}

bt_status bt_fail_prefix(bt_status status, const char *format, ...)
{
    char prefix[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
    return bt_fail(status, "%s: %s", prefix, message);
}

const char *bt_error_message(void)
{
    return message;
}

const char *bt_status_name(bt_status status)
{
    switch (status) {
    case BT_OK:
        return "ok";
    case BT_ERR_INPUT:
        return "input";
    case BT_ERR_IO:
        return "io";
    case BT_ERR_MEMORY:
        return "memory";
    case BT_ERR_LIMIT:
        return "limit";
    case BT_ERR_DEVICE:
        return "device";
    case BT_ERR_CANCELLED:
        return "cancelled";
    case BT_ERR_INTERNAL:
        return "internal";
    }
    return "unknown";
}
