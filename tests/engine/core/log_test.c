// log_test.c: messages reach the callback whole and only up to the level asked for.
#include "engine/core/log.h"

#include "engine/core/jobs.h"
#include "tests/support/check.h"

typedef struct heard {
    int count, inside, overlapped;
    char last[256];
} heard;

static void hear(void *context, bt_log_level level, const char *message)
{
    heard *h = context;
    h->overlapped += h->inside++; // only ever one thread in here
    h->count++;
    snprintf(h->last, sizeof h->last, "%d %s", (int)level, message);
    h->inside--;
}

static void hear_progress(void *context, const char *what, uint64_t done, uint64_t total)
{
    heard *h = context;
    snprintf(h->last, sizeof h->last, "%s %d/%d", what, (int)done, (int)total);
}

static bt_status log_item(void *context, uint32_t item, uint32_t worker)
{
    (void)context;
    (void)worker;
    bt_log(BT_LOG_INFO, "item %u", item);
    return BT_OK;
}

int main(void)
{
    heard h = {0};
    bt_log(BT_LOG_ERROR, "nobody listens");
    bt_progress("nobody", 1, 2);
    bt_log_set(hear, &h, BT_LOG_INFO);
    bt_log(BT_LOG_DEBUG, "too fine");
    CHECK(h.count == 0);
    bt_log(BT_LOG_WARNING, "%s %d", "word", 5);
    CHECK(h.count == 1 && strcmp(h.last, "1 word 5") == 0);

    bt_jobs *jobs;
    CHECK_OK(bt_jobs_create(4, &jobs));
    CHECK_OK(bt_jobs_run(jobs, 1000, log_item, NULL));
    bt_jobs_destroy(jobs);
    CHECK(h.count == 1001 && h.overlapped == 0);

    bt_progress_set(hear_progress, &h);
    bt_progress("frames", 3, 10);
    CHECK(strcmp(h.last, "frames 3/10") == 0);
    bt_progress_set(NULL, NULL);
    bt_log_set(NULL, NULL, BT_LOG_ERROR);
    bt_log(BT_LOG_ERROR, "silence");
    CHECK(h.count == 1001);
    return check_end();
}
