// jobs_test.c: every item runs once; the failure reported does not depend on threads or speed.
#include "engine/core/jobs.h"

#include "tests/support/check.h"

#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#define ITEMS 1000

typedef struct fixture {
    atomic_int runs[ITEMS];
    atomic_int worst_worker;
    uint32_t fail_a, fail_b; // items that fail, b late in time though lower
} fixture;

static fixture shared;

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){0, ms * 1000000}, NULL);
}

static bt_status count_item(void *context, uint32_t item, uint32_t worker)
{
    fixture *f = context;
    atomic_fetch_add(&f->runs[item], 1);
    if ((int)worker > atomic_load(&f->worst_worker)) atomic_store(&f->worst_worker, (int)worker);
    if (item == f->fail_b) {
        pause_ms(20); // so that the higher item fails first
        return bt_fail(BT_ERR_IO, "item %u", item);
    }
    if (item == f->fail_a) return bt_fail(BT_ERR_INPUT, "item %u", item);
    return BT_OK;
}

static void clear_fixture(uint32_t fail_a, uint32_t fail_b)
{
    for (int i = 0; i < ITEMS; i++)
        atomic_store(&shared.runs[i], 0);
    atomic_store(&shared.worst_worker, 0);
    shared.fail_a = fail_a;
    shared.fail_b = fail_b;
}

static void test_each_once(bt_jobs *jobs)
{
    clear_fixture(ITEMS, ITEMS);
    CHECK_OK(bt_jobs_run(jobs, ITEMS, count_item, &shared));
    int wrong = 0;
    for (int i = 0; i < ITEMS; i++)
        wrong += atomic_load(&shared.runs[i]) != 1;
    CHECK(wrong == 0);
    CHECK((uint32_t)atomic_load(&shared.worst_worker) < bt_jobs_threads(jobs));
    CHECK_OK(bt_jobs_run(jobs, 0, count_item, &shared));
}

static void test_lowest_failure(bt_jobs *jobs)
{
    clear_fixture(3, 2);
    CHECK(bt_jobs_run(jobs, ITEMS, count_item, &shared) == BT_ERR_IO);
    CHECK(strcmp(bt_error_message(), "item 2") == 0);
    for (int i = 0; i < 3; i++)
        CHECK(atomic_load(&shared.runs[i]) == 1);
    // the rest is given up (with more threads, as soon as they hear of it), and the pool is fit
    // for the next batch
    if (bt_jobs_threads(jobs) == 1) CHECK(atomic_load(&shared.runs[3]) == 0);
    test_each_once(jobs);
}

static void test_many_rounds(bt_jobs *jobs)
{
    for (int round = 0; round < 500; round++) {
        clear_fixture(ITEMS, ITEMS);
        CHECK_OK(bt_jobs_run(jobs, 3, count_item, &shared));
        CHECK(atomic_load(&shared.runs[2]) == 1 && atomic_load(&shared.runs[3]) == 0);
    }
}

static void test_cancel(void)
{
    CHECK(bt_cancel_signal() == 0);
    signal(SIGUSR1, bt_cancel_request);
    raise(SIGUSR1);
    CHECK(bt_cancel_signal() == SIGUSR1);
    bt_cancel_request(0);
}

int main(void)
{
    const uint32_t threads[] = {1, 2, 7};
    for (int i = 0; i < 3; i++) {
        bt_jobs *jobs;
        CHECK_OK(bt_jobs_create(threads[i], &jobs));
        CHECK(bt_jobs_threads(jobs) == threads[i]);
        test_each_once(jobs);
        test_lowest_failure(jobs);
        test_many_rounds(jobs);
        bt_jobs_destroy(jobs);
    }
    test_each_once(NULL); // no pool: this thread
    test_lowest_failure(NULL);

    bt_jobs *jobs;
    CHECK_OK(bt_jobs_create(0, &jobs));
    CHECK(bt_jobs_threads(jobs) >= 1);
    bt_jobs_destroy(jobs);
    bt_jobs_destroy(NULL);
    CHECK(bt_jobs_create(100000, &jobs) == BT_ERR_INPUT && jobs == NULL);
    test_cancel();
    return check_end();
}
