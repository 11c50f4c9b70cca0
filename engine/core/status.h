// status.h: how a call says that it failed, and why.
//
// A function that can fail returns bt_status and is marked BT_CHECKED. The reason is one line of
// text, kept per thread until the next failure on that thread: what, where (file:line), why, and
// what would be accepted. A job that fails on a worker hands its message to the thread that waits.
#ifndef BT_CORE_STATUS_H
#define BT_CORE_STATUS_H

#include <stdarg.h>

typedef enum bt_status {
    BT_OK = 0,
    BT_ERR_INPUT,     // what we were given is wrong; trying again will not help
    BT_ERR_IO,        // a file or a device of the operating system refused
    BT_ERR_MEMORY,    // allocation failed
    BT_ERR_LIMIT,     // a stated limit was reached
    BT_ERR_DEVICE,    // Embree or Vulkan failed
    BT_ERR_CANCELLED, // asked to stop
    BT_ERR_INTERNAL,  // our mistake
} bt_status;

#define BT_CHECKED __attribute__((warn_unused_result))
#define BT_PRINTF(format_index, first_arg) __attribute__((format(printf, format_index, first_arg)))

// Keeps the message for this thread and returns `status`, so that a failure is one line:
// `return bt_fail(BT_ERR_IO, "cannot open '%s'", path);`
bt_status bt_fail(bt_status status, const char *format, ...) BT_PRINTF(2, 3);
bt_status bt_fail_v(bt_status status, const char *format, va_list args) BT_PRINTF(2, 0);

// Puts "prefix: " before the message of the failure in hand and returns `status` unchanged.
bt_status bt_fail_prefix(bt_status status, const char *format, ...) BT_PRINTF(2, 3);

// The message of this thread's last failure; "" when there was none. Valid until the next failure
// on this thread.
const char *bt_error_message(void);

// "input", "io", ...: for logs.
const char *bt_status_name(bt_status status);

#endif
