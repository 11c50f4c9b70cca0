// terminal.h: log and progress for people: on a terminal's stderr a line that renews itself, plain
// lines otherwise.
#ifndef BT_APP_TERMINAL_H
#define BT_APP_TERMINAL_H

#include <stdbool.h>

// quiet: warnings and errors only.
void bt_terminal_open(bool quiet);
// Ends a progress line that is still open.
void bt_terminal_close(void);

#endif
