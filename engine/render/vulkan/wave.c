// wave.c: has a device walk paths: kernel after kernel, as long as one of them goes on.
#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/render/vulkan/scene_internal.h"

// A piece of work should last about this long, so that a display's watchdog (seconds) never fires
// and a request to stop is soon heard.
#define SHORT_S 0.05
#define LONG_S 0.2
#define FIRST_PIECE 1024u
// Turns between two looks at how many paths go on: chosen. A path through few surfaces takes them.
#define TURNS_AT_ONCE 4u
// Of the device's memory, paths on their way take at most so much: chosen.
#define MEMORY_SHARE 8u

// ---- room -------------------------------------------------------------------------------------
#define SAMPLES_OF_SETS ((size_t)BT_VULKAN_SAMPLE_SETS * BT_VULKAN_MAX_SAMPLES)
#define LIT_BYTES (3u * sizeof(float4))
#define QUEUE_BYTES ((5u + BT_WAVE_CLASSES) * sizeof(uint32_t))
#define COUNTS (BT_WAVE_RECORDS * BT_WAVE_COUNTS + BT_WAVE_CLASSES)
#define SLOT_BYTES                                                                                 \
    (BT_WAVE_PATH_BYTES + 3u * BT_WAVE_SHADOW_BYTES + BT_WAVE_MET_BYTES + LIT_BYTES +              \
     sizeof(float4) + QUEUE_BYTES)

// As many as all can go on at once, where the device has the memory for it.
static uint32_t slots_of(const bt_vulkan *v)
{
    uint32_t slots = BT_VULKAN_MAX_SAMPLES;
    while (slots > FIRST_PIECE && slots * SLOT_BYTES > bt_vulkan_memory_bytes(v) / MEMORY_SHARE)
        slots /= 2;
    return slots;
}

bt_status bt_vulkan_wave_create(bt_vulkan_renderer *r)
{
    bt_vulkan_buffer *b = r->buffers;
    uint32_t slots = slots_of(r->vulkan);
    void *samples = NULL, *rates = NULL;
    const struct {
        int buffer;
        const char *what;
        size_t bytes; // of a slot
    } parts[] = {{PATHS, "paths", BT_WAVE_PATH_BYTES},
                 {SHADOWS, "shadow rays", 3u * BT_WAVE_SHADOW_BYTES},
                 {MET, "what rays met", BT_WAVE_MET_BYTES},
                 {LIT, "light of shadow rays", LIT_BYTES},
                 {OPEN, "what the lens lets through", sizeof(float4)},
                 {QUEUE, "queues of paths", QUEUE_BYTES}};
    bt_status status = bt_vulkan_buffer_create_mapped(
        r->vulkan, "samples", SAMPLES_OF_SETS * sizeof(bt_sample_place), &b[SAMPLES], &samples);
    if (status == BT_OK)
        status = bt_vulkan_buffer_create_mapped(
            r->vulkan, "rates", SAMPLES_OF_SETS * sizeof(float4), &b[RATES], &rates);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == BT_OK; i++)
        status = bt_vulkan_buffer_create(r->vulkan, parts[i].what, slots * parts[i].bytes,
                                         &b[parts[i].buffer]);
    if (status == BT_OK)
        status = bt_vulkan_buffer_create(r->vulkan, "counts of paths", COUNTS * sizeof(uint32_t),
                                         &b[RECORDS]);
    r->samples = samples;
    r->rates = rates;
    r->piece = FIRST_PIECE;
    r->wave = (bt_vulkan_wave){.paths = b[PATHS].address,
                               .shadows = b[SHADOWS].address,
                               .met = b[MET].address,
                               .lit = b[LIT].address,
                               .open = b[OPEN].address,
                               .queue = b[QUEUE].address,
                               .records = b[RECORDS].address,
                               .slots = slots};
    return status;
}

// ---- the walk ---------------------------------------------------------------------------------
typedef struct wave {
    bt_vulkan_stage *stage;
    const bt_vulkan_kernel *kernels;
    uint32_t count, alive, turn;
    bt_vulkan_step steps[2 + 4 * TURNS_AT_ONCE];
    uint32_t step_count;
} wave;

static void step(wave *w, int stage, uint32_t items)
{
    w->steps[w->step_count++] =
        (bt_vulkan_step){.kernel = &w->kernels[stage],
                         .groups = (items + BT_VULKAN_GROUP - 1u) / BT_VULKAN_GROUP,
                         .turn = w->turn};
}

// Runs the steps so far.
static bt_status run(wave *w)
{
    const bt_vulkan_stage *s = w->stage;
    uint32_t count = w->step_count;
    w->step_count = 0;
    return bt_vulkan_run_steps(s->renderer->vulkan, w->steps, count,
                               s->renderer->buffers[POOL].address, s->buffers[ARGUMENTS].address);
}

static bool in_fog(const bt_vulkan_stage *s)
{
    return s->stage->scene.fog.extinction > 0.0f;
}

// Some turns of all paths that go on, and how many still do.
static bt_status take_turns(wave *w)
{
    uint32_t records[COUNTS];
    int meet = in_fog(w->stage) ? BT_VULKAN_PATH_MEET_FOG : BT_VULKAN_PATH_MEET;
    for (uint32_t i = 0; i < TURNS_AT_ONCE; i++, w->turn++) {
        step(w, BT_VULKAN_PATH_RAYS, w->alive);
        step(w, BT_VULKAN_PATH_SORT, w->alive);
        step(w, meet, w->alive);
        step(w, BT_VULKAN_PATH_SHADOWS, 3u * w->alive);
    }
    bt_status status = run(w);
    const bt_vulkan_renderer *r = w->stage->renderer;
    if (status == BT_OK)
        status = bt_vulkan_read(r->vulkan, &r->buffers[RECORDS], 0, records, sizeof records);
    if (status == BT_OK) w->alive = records[w->turn % BT_WAVE_RECORDS * BT_WAVE_COUNTS];
    return status;
}

// Traces `count` samples from number `first` of all sets, at most as many as there are slots.
static bt_status trace_piece(bt_vulkan_stage *s, const bt_vulkan_kernel *kernels, uint32_t first,
                             uint32_t count)
{
    static const uint32_t none[COUNTS];
    const bt_vulkan_renderer *r = s->renderer;
    bt_vulkan_arguments a = s->arguments;
    a.samples += first * sizeof(bt_sample_place);
    a.rates += first * sizeof(float4);
    a.count = count;
    wave w = {.stage = s, .kernels = kernels, .count = count, .alive = count};
    bt_status status = bt_vulkan_write(r->vulkan, &s->buffers[ARGUMENTS], 0, &a, sizeof a);
    if (status == BT_OK)
        status = bt_vulkan_write(r->vulkan, &r->buffers[RECORDS], 0, none, sizeof none);
    step(&w, BT_VULKAN_PATH_BEGIN, count);
    while (status == BT_OK && w.alive > 0)
        status = take_turns(&w);
    step(&w, BT_VULKAN_PATH_END, count);
    return status == BT_OK ? run(&w) : status;
}

// The next piece, from how long this one took.
static uint32_t next_piece(const bt_vulkan_renderer *r, double took_s)
{
    if (took_s < SHORT_S && r->piece < r->wave.slots) return 2 * r->piece;
    if (took_s > LONG_S && r->piece > BT_VULKAN_GROUP) return r->piece / 2;
    return r->piece;
}

bt_sample_place *bt_vulkan_samples(const bt_vulkan_stage *s, uint32_t set)
{
    return s->renderer->samples + (size_t)set * BT_VULKAN_MAX_SAMPLES;
}

bt_status bt_vulkan_trace(bt_vulkan_stage *s, uint32_t set, uint32_t count, const float4 **rates)
{
    bt_vulkan_renderer *r = s->renderer;
    const bt_vulkan_kernel *kernels;
    uint32_t first = set * BT_VULKAN_MAX_SAMPLES;
    *rates = r->rates + first;
    if (count > BT_VULKAN_MAX_SAMPLES) return bt_fail(BT_ERR_INTERNAL, "Vulkan: %u samples", count);
    bt_status status = bt_vulkan_path_kernels(r->vulkan, in_fog(s), &kernels);
    for (uint32_t at = 0; status == BT_OK && at < count;) {
        if (bt_cancel_signal() != 0) return bt_fail(BT_ERR_CANCELLED, "asked to stop");
        uint32_t piece = min(r->piece, count - at);
        double begun_s = bt_clock_s();
        status = trace_piece(s, kernels, first + at, piece);
        if (piece == r->piece) r->piece = next_piece(r, bt_clock_s() - begun_s);
        at += piece;
    }
    return status;
}
