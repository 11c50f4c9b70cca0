// task.c: see task.h.
#include "engine/core/task.h"

#include "engine/core/memory.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

struct bt_task {
    bt_task_fn fn;
    void *context;
    pthread_t thread;
    atomic_bool stop, done;
    bt_status status; // from here on the thread's until it is joined
    char message[2048];
};

static _Thread_local bt_task *own; // that this thread does

static void *task_main(void *argument)
{
    bt_task *task = argument;
    own = task;
    task->status = task->fn(task->context);
    if (task->status != BT_OK)
        snprintf(task->message, sizeof task->message, "%s", bt_error_message());
    atomic_store(&task->done, true);
    return NULL;
}

bt_status bt_task_start(bt_task_fn fn, void *context, bt_task **task)
{
    *task = NULL;
    bt_task *made = bt_alloc(1, sizeof *made);
    if (!made) return bt_fail(BT_ERR_MEMORY, "no memory for a thread");
    made->fn = fn;
    made->context = context;
    atomic_init(&made->stop, false);
    atomic_init(&made->done, false);
    // signals stay with the threads that were there before
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&made->thread, NULL, task_main, made);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error != 0) {
        bt_free(made);
        return bt_fail(BT_ERR_LIMIT, "cannot start a thread: %s", strerror(error));
    }
    *task = made;
    return BT_OK;
}

bool bt_task_done(bt_task *task)
{
    return atomic_load(&task->done);
}

bt_status bt_task_finish(bt_task *task)
{
    if (!task) return BT_OK;
    pthread_join(task->thread, NULL);
    bt_status status = task->status;
    if (status != BT_OK) bt_fail(status, "%s", task->message);
    bt_free(task);
    return status;
}

void bt_task_stop(bt_task *task)
{
    if (!task) return;
    atomic_store(&task->stop, true);
    pthread_join(task->thread, NULL);
    bt_free(task);
}

bt_status bt_task_go_on(void)
{
    if (!own || !atomic_load_explicit(&own->stop, memory_order_relaxed)) return BT_OK;
    return bt_fail(BT_ERR_CANCELLED, "asked to stop");
}
