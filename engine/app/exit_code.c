// exit_code.c: see exit_code.h.
#include "engine/app/exit_code.h"

#include <stdarg.h>
#include <stdio.h>

#include "engine/core/jobs.h"

int bt_exit_failure(bt_status status)
{
    if (status == BT_ERR_CANCELLED && bt_cancel_signal())
        return BT_EXIT_SIGNAL + bt_cancel_signal();
    fprintf(stderr, "blacktop: %s\n", bt_error_message());
    switch (status) {
    case BT_ERR_INPUT:
    case BT_ERR_LIMIT:
        return BT_EXIT_INPUT;
    case BT_ERR_IO:
    case BT_ERR_MEMORY:
    case BT_ERR_DEVICE:
    case BT_ERR_CANCELLED:
        return BT_EXIT_AGAIN;
    default:
        return BT_EXIT_INTERNAL;
    }
}

int bt_exit_usage(const char *format, ...)
{
    va_list args;
    fputs("blacktop: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return BT_EXIT_INPUT;
}
