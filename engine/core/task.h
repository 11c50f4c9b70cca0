// task.h: one thing that is done on a thread of its own while others go on.
//
// Threads: who starts a task waits for it; the task says what it may touch meanwhile. What it does must not depend on
// when it is done, so that results are the same however long it takes.
#ifndef BT_CORE_TASK_H
#define BT_CORE_TASK_H

#include "engine/core/status.h"

#include <stdbool.h>

typedef struct bt_task bt_task;
typedef bt_status (*bt_task_fn)(void *context);

// Begins fn(context). On failure *task is NULL, and nothing has begun.
BT_CHECKED bt_status bt_task_start(bt_task_fn fn, void *context, bt_task **task);
bool bt_task_done(bt_task *task);
// Waits for its end and frees it; gives its status, and the message with which it failed. NULL: BT_OK.
BT_CHECKED bt_status bt_task_finish(bt_task *task);
// The same for one whose result nobody wants: asks it to stop. NULL is fine.
void bt_task_stop(bt_task *task);

// For what takes long: BT_ERR_CANCELLED when the task that this thread does was asked to stop. Always BT_OK on a thread
// that does none.
BT_CHECKED bt_status bt_task_go_on(void);

#endif
