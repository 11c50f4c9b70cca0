// shot_device.c: a frame on a Vulkan device: which samples, and what they brought, by as many at a time as it takes.
#include "engine/core/memory.h"
#include "engine/render/shot.h"
#include "engine/render/vulkan/scene.h"

#define PART_PX 2048u // pixels that one worker deals with at a time

// Samples on their way: those that pixels from `first` to before `end` are short of.
typedef struct batch {
    const bt_shot *shot;
    size_t first, end;
    uint32_t *begins; // (pixels and one more) where each one's samples begin, from `first` on
    bt_sample_place *places;
    const float4 *rates;
} batch;

static size_t part_end(const batch *b, size_t at)
{
    return b->end - at < PART_PX ? b->end : at + PART_PX;
}

static uint32_t samples_wanted(const bt_shot *f, size_t pixel)
{
    uint32_t has = f->tally.film->samples[pixel], goal = f->tally.goal[pixel];
    return goal > has ? goal - has : 0;
}

// Takes as many pixels as one call can do.
static uint32_t batch_take(batch *b)
{
    size_t pixels = (size_t)b->shot->width_px * b->shot->height_px;
    uint32_t count = 0;
    for (b->end = b->first; b->end < pixels; b->end++) {
        uint32_t wanted = samples_wanted(b->shot, b->end);
        if (count + wanted > BT_VULKAN_MAX_SAMPLES) break;
        b->begins[b->end - b->first] = count;
        count += wanted;
    }
    b->begins[b->end - b->first] = count;
    return count;
}

static bt_status write_places(void *context, uint32_t part, uint32_t worker)
{
    (void)worker;
    const batch *b = context;
    const bt_shot *f = b->shot;
    size_t at = b->first + (size_t)part * PART_PX, end = part_end(b, at);
    for (; at < end; at++) {
        uint32_t has = f->tally.film->samples[at], wanted = samples_wanted(f, at);
        uint32_t pixel = (uint32_t)(at % f->width_px) | (uint32_t)(at / f->width_px) << 16;
        for (uint32_t k = 0; k < wanted; k++)
            b->places[b->begins[at - b->first] + k] = (bt_sample_place){pixel, has + k};
    }
    return BT_OK;
}

// Adds what the device brought.
static bt_status keep_rates(void *context, uint32_t part, uint32_t worker)
{
    (void)worker;
    const batch *b = context;
    const bt_shot *f = b->shot;
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

// A round: all samples that pixels are short of.
static bt_status sample_on_device(batch *b, bt_jobs *jobs)
{
    size_t pixels = (size_t)b->shot->width_px * b->shot->height_px;
    bt_status status = BT_OK;
    for (b->first = 0; b->first < pixels && status == BT_OK; b->first = b->end) {
        uint32_t count = batch_take(b);
        uint32_t parts = (uint32_t)((b->end - b->first + PART_PX - 1u) / PART_PX);
        status = bt_jobs_run(jobs, parts, write_places, b);
        if (status == BT_OK) status = bt_vulkan_trace(b->shot->stage->vulkan, count, &b->rates);
        if (status == BT_OK) status = bt_jobs_run(jobs, parts, keep_rates, b);
    }
    return status;
}

bt_status bt_shot_sample_on_device(bt_shot *f, bt_jobs *jobs)
{
    batch b = {.shot = f,
               .begins = bt_alloc((size_t)f->width_px * f->height_px + 1, sizeof *b.begins),
               .places = bt_vulkan_samples(f->stage->vulkan)};
    bt_status status = BT_OK;
    if (!b.begins)
        status = bt_fail(BT_ERR_MEMORY, "a frame of %u x %u px", f->width_px, f->height_px);
    if (status == BT_OK) status = bt_vulkan_aim(f->stage->vulkan, &f->eye, &f->setup);
    if (status == BT_OK) status = sample_on_device(&b, jobs);
    bt_free(b.begins);
    return status;
}
