// exit_code.h: what the program tells its caller, and how a failure becomes one line on stderr.
#ifndef BT_APP_EXIT_CODE_H
#define BT_APP_EXIT_CODE_H

#include "engine/core/status.h"

enum {
    BT_EXIT_DONE = 0,
    BT_EXIT_VERDICT = 1,   // the run finished, its scenario's verdict is fail
    BT_EXIT_INPUT = 2,     // bad input, do not retry
    BT_EXIT_INTERNAL = 70, // our mistake (EX_SOFTWARE of sysexits.h)
    BT_EXIT_AGAIN = 75,    // try again: disk, memory, device (EX_TEMPFAIL)
    BT_EXIT_SIGNAL = 128,  // + signal number
};

// Prints "blacktop: " and this thread's message, and gives the exit code of the status.
int bt_exit_failure(bt_status status);

// Prints "blacktop: " and a message and gives BT_EXIT_INPUT: for wrong command lines.
int bt_exit_usage(const char *format, ...) BT_PRINTF(1, 2);

#endif
