// task_test.c: a task's result and message come to who waits; one that is asked to stop stops.
#include "engine/core/task.h"

#include "tests/support/check.h"

#include <stdatomic.h>

static bt_status add(void *context)
{
    int *number = context;
    *number += 1;
    return BT_OK;
}

static bt_status refuse(void *context)
{
    return bt_fail(BT_ERR_INPUT, "no %d", *(int *)context);
}

static bt_status go_on(void *context)
{
    atomic_int *turns = context;
    bt_status status = BT_OK;
    while (status == BT_OK) {
        atomic_fetch_add(turns, 1);
        status = bt_task_go_on();
    }
    return status;
}

int main(void)
{
    bt_task *task;
    int number = 41;
    CHECK_OK(bt_task_start(add, &number, &task));
    CHECK_OK(bt_task_finish(task));
    CHECK(number == 42);

    CHECK_OK(bt_task_start(refuse, &number, &task));
    while (!bt_task_done(task))
        ;
    bt_fail(BT_ERR_IO, "something else");
    CHECK(bt_task_finish(task) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "no 42");

    // it goes on until it is asked, and only it is
    atomic_int turns = 0;
    CHECK_OK(bt_task_start(go_on, &turns, &task));
    while (atomic_load(&turns) < 1000)
        ;
    CHECK(!bt_task_done(task));
    CHECK_OK(bt_task_go_on());
    bt_task_stop(task);
    CHECK_OK(bt_task_finish(NULL));
    bt_task_stop(NULL);
    return check_end();
}
