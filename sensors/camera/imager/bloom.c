// bloom.c: charge beyond the well, along columns, then along rows.
#include "sensors/camera/imager/bloom.h"

#include <stddef.h>

#include "engine/core/memory.h"

#define BLOCK_PX 64 // columns of one job: whole cache lines

typedef struct bloom_job {
    const bt_bloom *bloom;
    float *electrons;
    float *excess;  // (height x width): what goes on to each side along the row
    uint32_t *full; // (height): wells of a row that ran over
} bloom_job;

// A pixel takes what it has room for; the rest goes on.
static inline float pass(const bt_bloom *bloom, float carried, float own, float *electrons)
{
    float room = bloom->full_well_e - *electrons;
    float taken = carried < room ? carried : room;
    *electrons += taken;
    return (carried - taken) * bloom->beta + own;
}

// Takes what is beyond the well; a half of what goes on.
static bt_status cut_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const bloom_job *job = context;
    size_t first = (size_t)row * job->bloom->width_px;
    float most = job->bloom->full_well_e, half = 0.5f * job->bloom->beta;
    uint32_t full = 0;
    for (size_t i = first; i < first + job->bloom->width_px; i++) {
        float over = job->electrons[i] - most;
        full += over > 0.0f;
        job->excess[i] = over > 0.0f ? half * over : 0.0f;
        if (over > 0.0f) job->electrons[i] = most;
    }
    job->full[row] = full;
    return BT_OK;
}

static void spread_line(const bt_bloom *bloom, float share, size_t step, uint32_t count,
                        float *electrons, const float *excess)
{
    float carried = 0.0f;
    for (uint32_t i = 0; i < count; i++)
        carried = pass(bloom, carried, share * excess[i * step], &electrons[i * step]);
    carried = 0.0f;
    for (uint32_t i = count; i-- > 0;)
        carried = pass(bloom, carried, share * excess[i * step], &electrons[i * step]);
}

static bt_status spread_columns(void *context, uint32_t block, uint32_t worker)
{
    (void)worker;
    const bloom_job *job = context;
    const bt_bloom *b = job->bloom;
    uint32_t end = (block + 1) * BLOCK_PX < b->width_px ? (block + 1) * BLOCK_PX : b->width_px;
    float carried[BLOCK_PX] = {0};
    for (uint32_t y = 0; y < b->height_px; y++)
        for (uint32_t x = block * BLOCK_PX; x < end; x++) {
            size_t i = (size_t)y * b->width_px + x;
            float *c = &carried[x - block * BLOCK_PX];
            *c = pass(b, *c, b->column * job->excess[i], &job->electrons[i]);
        }
    for (int i = 0; i < BLOCK_PX; i++)
        carried[i] = 0.0f;
    for (uint32_t y = b->height_px; y-- > 0;)
        for (uint32_t x = block * BLOCK_PX; x < end; x++) {
            size_t i = (size_t)y * b->width_px + x;
            float *c = &carried[x - block * BLOCK_PX];
            *c = pass(b, *c, b->column * job->excess[i], &job->electrons[i]);
        }
    return BT_OK;
}

static bt_status spread_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const bloom_job *job = context;
    size_t first = (size_t)row * job->bloom->width_px;
    if (job->full[row] > 0)
        spread_line(job->bloom, 1.0f - job->bloom->column, 1, job->bloom->width_px,
                    job->electrons + first, job->excess + first);
    return BT_OK;
}

bt_status bt_bloom_spread(const bt_bloom *bloom, bt_jobs *jobs, float *electrons)
{
    bloom_job job = {bloom, electrons, NULL, NULL};
    job.excess = bt_alloc((size_t)bloom->width_px * bloom->height_px, sizeof *job.excess);
    job.full = bt_alloc(bloom->height_px, sizeof *job.full);
    bt_status status = BT_OK;
    if (!job.excess || !job.full) status = bt_fail(BT_ERR_MEMORY, "no memory for blooming");
    if (status == BT_OK) status = bt_jobs_run(jobs, bloom->height_px, cut_row, &job);
    uint64_t full = 0;
    for (uint32_t y = 0; status == BT_OK && y < bloom->height_px; y++)
        full += job.full[y];
    if (status == BT_OK && full > 0) {
        uint32_t blocks = (bloom->width_px + BLOCK_PX - 1) / BLOCK_PX;
        status = bt_jobs_run(jobs, blocks, spread_columns, &job);
        if (status == BT_OK) status = bt_jobs_run(jobs, bloom->height_px, spread_row, &job);
    }
    bt_free(job.excess);
    bt_free(job.full);
    return status;
}
