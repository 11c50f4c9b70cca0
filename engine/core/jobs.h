// jobs.h: a pool of threads whose results do not depend on how many there are.
//
// Work is a count of items; item i always does the same, writes only what belongs to item i, and
// may be run by any worker. Sums over items are the caller's, in item order.
//
// Threads: a pool may be used by one thread at a time; items must not call bt_jobs_run on the pool
// that runs them.
#ifndef BT_CORE_JOBS_H
#define BT_CORE_JOBS_H

#include "engine/core/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct bt_jobs bt_jobs;

// `worker` is 0 .. bt_jobs_threads-1, for scratch memory only: results must not depend on it.
typedef bt_status (*bt_job_fn)(void *context, uint32_t item, uint32_t worker);

// threads 0: one per processor this process may use.
BT_CHECKED bt_status bt_jobs_create(uint32_t threads, bt_jobs **jobs);
void bt_jobs_destroy(bt_jobs *jobs); // NULL is fine
uint32_t bt_jobs_threads(const bt_jobs *jobs);

// Runs items 0 .. count-1 and waits. When items fail, gives the status and message of the failed
// item with the lowest index, whichever failed first; items not yet begun after a failure may be
// skipped only when their index is higher than one that failed. `jobs` NULL runs on this thread.
BT_CHECKED bt_status bt_jobs_run(bt_jobs *jobs, uint32_t count, bt_job_fn fn, void *context);

// A flag that a signal handler may set; long loops look at it. Async-signal-safe.
void bt_cancel_request(int signal_number);
int bt_cancel_signal(void); // 0 when nobody asked

#endif
