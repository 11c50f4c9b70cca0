// shot_device.c: a frame on a Vulkan device: which samples, and what they brought, by as many at a time as it takes.
//
// Three batches are on their way at once: the device traces one while workers keep what the one before it
// brought and write down the one after it. Each holds pixels of its own, so their order does not matter.
#include "engine/core/memory.h"
#include "engine/render/shot.h"
#include "engine/render/vulkan/scene.h"

#define PART_PX 2048u // pixels that one worker deals with at a time

// Samples on their way: those that pixels from `first` to before `end` are short of.
typedef struct batch {
    size_t first, end; // the same: it is empty
    uint32_t count;
    uint32_t *begins; // (pixels and one more) where each one's samples begin, from `first` on
    bt_sample_place *places;
    const float4 *rates;
} batch;

typedef struct belt {
    const bt_shot *shot;
    batch batches[BT_VULKAN_SAMPLE_SETS];
    uint32_t step; // batch number n is in batches[n % BT_VULKAN_SAMPLE_SETS]
} belt;

// The batch to be written down in this step, 1: that to be traced, 2: that to be kept.
static batch *batch_before(belt *b, uint32_t steps)
{
    return &b->batches[(b->step + BT_VULKAN_SAMPLE_SETS - steps) % BT_VULKAN_SAMPLE_SETS];
}

static uint32_t samples_wanted(const bt_shot *f, size_t pixel)
{
    uint32_t has = f->tally.film->samples[pixel], goal = f->tally.goal[pixel];
    return goal > has ? goal - has : 0;
}

// Takes as many pixels from `first` on as one batch can.
static void batch_take(const bt_shot *f, size_t first, batch *b)
{
    size_t pixels = (size_t)f->width_px * f->height_px;
    b->count = 0;
    b->first = first;
    for (b->end = first; b->end < pixels && b->end - first < BT_VULKAN_MAX_SAMPLES; b->end++) {
        uint32_t wanted = samples_wanted(f, b->end);
        if (b->count + wanted > BT_VULKAN_MAX_SAMPLES) break;
        b->begins[b->end - first] = b->count;
        b->count += wanted;
    }
    b->begins[b->end - first] = b->count;
}

static uint32_t batch_parts(const batch *b)
{
    return (uint32_t)((b->end - b->first + PART_PX - 1u) / PART_PX);
}
static size_t part_end(const batch *b, size_t at)
{
    return b->end - at < PART_PX ? b->end : at + PART_PX;
}

static void write_places(const bt_shot *f, const batch *b, uint32_t part)
{
    size_t at = b->first + (size_t)part * PART_PX, end = part_end(b, at);
    for (; at < end; at++) {
        uint32_t has = f->tally.film->samples[at], wanted = samples_wanted(f, at);
        uint32_t pixel = (uint32_t)(at % f->width_px) | (uint32_t)(at / f->width_px) << 16;
        for (uint32_t k = 0; k < wanted; k++)
            b->places[b->begins[at - b->first] + k] = (bt_sample_place){pixel, has + k};
    }
}

// Adds what the device brought.
static bt_status keep_rates(const bt_shot *f, const batch *b, uint32_t part)
{
    size_t at = b->first + (size_t)part * PART_PX, end = part_end(b, at);
    bt_status status = BT_OK;
    for (; at < end && status == BT_OK; at++) {
        uint32_t count = samples_wanted(f, at);
        uint32_t x = (uint32_t)(at % f->width_px), y = (uint32_t)(at / f->width_px);
        if (count == 0) continue;
        bt_pixel_samples pixel;
        bt_tally_load(&f->tally, at, &pixel);
        for (uint32_t k = 0; k < count; k++) {
            float all[BT_MAX_CHANNELS] = {0};
            float4 rates = b->rates[b->begins[at - b->first] + k];
            bt_shot_spread(f, rates, bt_shot_weights(f, x, y, pixel.count), all);
            bt_pixel_add(&pixel, all, f->channels);
        }
        status = bt_tally_store(&f->tally, at, &pixel);
    }
    return status;
}

// Part 0 of a step: the device's. It comes first, so that it lasts while the others are done.
static bt_status trace(belt *b)
{
    batch *traced = batch_before(b, 1);
    uint32_t set = (uint32_t)(traced - b->batches);
    return bt_vulkan_trace(b->shot->stage->vulkan, set, traced->count, &traced->rates);
}

static bt_status take_part(void *context, uint32_t part, uint32_t worker)
{
    (void)worker;
    belt *b = context;
    const batch *written = batch_before(b, 0);
    if (part == 0) return trace(b);
    if (part > batch_parts(written))
        return keep_rates(b->shot, batch_before(b, 2), part - 1u - batch_parts(written));
    write_places(b->shot, written, part - 1u);
    return BT_OK;
}

// A round: all samples that pixels are short of.
static bt_status sample_on_device(belt *b, bt_jobs *jobs)
{
    size_t pixels = (size_t)b->shot->width_px * b->shot->height_px, next = 0;
    bt_status status = BT_OK;
    do {
        batch_take(b->shot, next, batch_before(b, 0));
        next = batch_before(b, 0)->end;
        uint32_t parts = 1u + batch_parts(batch_before(b, 0)) + batch_parts(batch_before(b, 2));
        status = bt_jobs_run(jobs, parts, take_part, b);
        batch *kept = batch_before(b, 2);
        kept->first = kept->end;
        b->step++;
    } while (status == BT_OK &&
             (next < pixels || batch_parts(batch_before(b, 1)) + batch_parts(batch_before(b, 2))));
    return status;
}

bt_status bt_shot_sample_on_device(bt_shot *f, bt_jobs *jobs)
{
    belt b = {.shot = f};
    bt_status status = BT_OK;
    size_t most = (size_t)f->width_px * f->height_px;
    if (most > BT_VULKAN_MAX_SAMPLES) most = BT_VULKAN_MAX_SAMPLES;
    for (uint32_t i = 0; i < BT_VULKAN_SAMPLE_SETS; i++) {
        b.batches[i].places = bt_vulkan_samples(f->stage->vulkan, i);
        b.batches[i].begins = bt_alloc(most + 1, sizeof *b.batches[i].begins);
        if (!b.batches[i].begins)
            status = bt_fail(BT_ERR_MEMORY, "a frame of %u x %u px", f->width_px, f->height_px);
    }
    if (status == BT_OK) status = bt_vulkan_aim(f->stage->vulkan, &f->eye, &f->setup);
    if (status == BT_OK) status = sample_on_device(&b, jobs);
    for (uint32_t i = 0; i < BT_VULKAN_SAMPLE_SETS; i++)
        bt_free(b.batches[i].begins);
    return status;
}
