// jobs.c: a pool of POSIX threads; items are handed out in ascending order.
//
// Why the reported failure does not depend on the threads: an item is skipped only when a lower one
// has failed, and every item below a failed one has been handed out before it. So the lowest failing
// item always runs, and its message is the one kept.
#define _GNU_SOURCE // sched_getaffinity
#include "engine/core/jobs.h"

#include "engine/core/memory.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_THREADS 1024 // chosen: far beyond any machine, so a typing error is caught

typedef struct batch {
    bt_job_fn fn;
    void *context;
    uint32_t count;
    atomic_uint_fast64_t next;   // next item to hand out
    atomic_uint_fast64_t failed; // lowest failed item so far; count: none
    pthread_mutex_t failure_lock;
    bt_status status;
    char message[2048];
} batch;

typedef struct worker {
    bt_jobs *jobs;
    uint32_t number;
    pthread_t thread;
} worker;

struct bt_jobs {
    uint32_t threads; // with the one that calls bt_jobs_run, which is worker 0
    worker *workers;  // (threads), the first is never started
    uint32_t started;
    pthread_mutex_t lock; // guards all below
    pthread_cond_t begin, end;
    uint64_t round; // grows by one for each batch
    uint32_t busy;  // threads still in this round
    bool quit;
    batch *batch;
};

static void keep_failure(batch *b, uint32_t item, bt_status status)
{
    pthread_mutex_lock(&b->failure_lock);
    if (item < atomic_load(&b->failed)) {
        atomic_store(&b->failed, item);
        b->status = status;
        snprintf(b->message, sizeof b->message, "%s", bt_error_message());
    }
    pthread_mutex_unlock(&b->failure_lock);
}

static void work(batch *b, uint32_t number)
{
    for (;;) {
        uint64_t item = atomic_fetch_add(&b->next, 1);
        if (item >= b->count || item > atomic_load(&b->failed)) return;
        bt_status status = b->fn(b->context, (uint32_t)item, number);
        if (status != BT_OK) keep_failure(b, (uint32_t)item, status);
    }
}

static void *worker_main(void *argument)
{
    worker *self = argument;
    bt_jobs *jobs = self->jobs;
    uint64_t seen = 0;
    pthread_mutex_lock(&jobs->lock);
    for (;;) {
        while (!jobs->quit && jobs->round == seen)
            pthread_cond_wait(&jobs->begin, &jobs->lock);
        if (jobs->quit) break;
        seen = jobs->round;
        batch *b = jobs->batch;
        pthread_mutex_unlock(&jobs->lock);

        work(b, self->number);

        pthread_mutex_lock(&jobs->lock);
        if (--jobs->busy == 0) pthread_cond_signal(&jobs->end);
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

// Processors this process may run on, which may be fewer than there are.
static uint32_t processor_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) {
        return (uint32_t)CPU_COUNT(&set);
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (uint32_t)online : 1;
}

// Starts all workers but the first. Signals stay with the threads that were there before.
static bt_status start_workers(bt_jobs *jobs)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = 0;
    for (uint32_t i = 1; i < jobs->threads && error == 0; i++) {
        jobs->workers[i] = (worker){.jobs = jobs, .number = i};
        error = pthread_create(&jobs->workers[i].thread, NULL, worker_main, &jobs->workers[i]);
        if (error == 0) jobs->started = i;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0) return BT_OK;
    return bt_fail(BT_ERR_LIMIT, "cannot start thread %u of %u: %s", jobs->started + 2,
                   jobs->threads, strerror(error));
}

bt_status bt_jobs_create(uint32_t threads, bt_jobs **out)
{
    *out = NULL;
    if (threads == 0) threads = processor_count();
    if (threads > MAX_THREADS) {
        return bt_fail(BT_ERR_INPUT, "%u threads: expected at most %d", threads, MAX_THREADS);
    }
    bt_jobs *jobs = bt_alloc(1, sizeof *jobs);
    if (jobs == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a thread pool");
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->begin, NULL);
    pthread_cond_init(&jobs->end, NULL);
    jobs->threads = threads;
    jobs->workers = bt_alloc(threads, sizeof *jobs->workers);
    bt_status status = jobs->workers == NULL ? bt_fail(BT_ERR_MEMORY, "no memory for a thread pool")
                                             : start_workers(jobs);
    if (status != BT_OK) {
        bt_jobs_destroy(jobs);
        return status;
    }
    *out = jobs;
    return BT_OK;
}

void bt_jobs_destroy(bt_jobs *jobs)
{
    if (jobs == NULL) return;
    pthread_mutex_lock(&jobs->lock);
    jobs->quit = true;
    pthread_cond_broadcast(&jobs->begin);
    pthread_mutex_unlock(&jobs->lock);
    for (uint32_t i = 1; i <= jobs->started; i++)
        pthread_join(jobs->workers[i].thread, NULL);
    pthread_cond_destroy(&jobs->end);
    pthread_cond_destroy(&jobs->begin);
    pthread_mutex_destroy(&jobs->lock);
    bt_free(jobs->workers);
    bt_free(jobs);
}

uint32_t bt_jobs_threads(const bt_jobs *jobs)
{
    return jobs != NULL ? jobs->threads : 1;
}

// Wakes the workers, works along, waits for them.
static void run_together(bt_jobs *jobs, batch *b)
{
    pthread_mutex_lock(&jobs->lock);
    assert(jobs->busy == 0 && "a pool serves one thread at a time");
    jobs->batch = b;
    jobs->busy = jobs->threads - 1;
    jobs->round++;
    pthread_cond_broadcast(&jobs->begin);
    pthread_mutex_unlock(&jobs->lock);

    work(b, 0);

    pthread_mutex_lock(&jobs->lock);
    while (jobs->busy > 0)
        pthread_cond_wait(&jobs->end, &jobs->lock);
    jobs->batch = NULL;
    pthread_mutex_unlock(&jobs->lock);
}

bt_status bt_jobs_run(bt_jobs *jobs, uint32_t count, bt_job_fn fn, void *context)
{
    batch b = {.fn = fn, .context = context, .count = count};
    atomic_init(&b.next, 0);
    atomic_init(&b.failed, count);
    pthread_mutex_init(&b.failure_lock, NULL);
    if (bt_jobs_threads(jobs) == 1 || count < 2) {
        work(&b, 0);
    } else {
        run_together(jobs, &b);
    }
    pthread_mutex_destroy(&b.failure_lock);
    return b.status == BT_OK ? BT_OK : bt_fail(b.status, "%s", b.message);
}

// ---- being asked to stop ----------------------------------------------------------------------
static atomic_int cancel_signal;

void bt_cancel_request(int signal_number)
{
    atomic_store(&cancel_signal, signal_number); // lock-free, so a handler may
}

int bt_cancel_signal(void)
{
    return atomic_load_explicit(&cancel_signal, memory_order_relaxed);
}
