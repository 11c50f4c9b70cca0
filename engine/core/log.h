// log.h: messages for people, through a callback the app sets; and progress of long work.
//
// The library never prints. Threads: any thread may log; the callback is called by one thread at a
// time. Set the callback before the first worker starts.
#ifndef BT_CORE_LOG_H
#define BT_CORE_LOG_H

#include "engine/core/status.h"

#include <stdint.h>

typedef enum bt_log_level {
    BT_LOG_ERROR,
    BT_LOG_WARNING,
    BT_LOG_INFO,
    BT_LOG_DEBUG,
} bt_log_level;

typedef void (*bt_log_fn)(void *context, bt_log_level level, const char *message);

void bt_log_set(bt_log_fn fn, void *context, bt_log_level most); // fn NULL: silence (the default)
void bt_log(bt_log_level level, const char *format, ...) BT_PRINTF(2, 3);

// Progress of long work: what is being done, and how far. `total` 0: unknown.
typedef void (*bt_progress_fn)(void *context, const char *what, uint64_t done, uint64_t total);

void bt_progress_set(bt_progress_fn fn, void *context);
void bt_progress(const char *what, uint64_t done, uint64_t total);

#endif
