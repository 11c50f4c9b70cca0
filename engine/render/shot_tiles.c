// shot_tiles.c: rays from the lens, samples into pixels, tiles over threads.
//
// Each pixel is one worker's from its first sample to its last, and every random number is a
// function of (seed, frame, pixel, sample), so the film does not depend on the threads.
#include "engine/core/memory.h"
#include "engine/render/draws.h"
#include "engine/render/shot.h"
#include "engine/render/starts.h"

#define TILE_PX 16u
#define NO_PIXEL SIZE_MAX

// A sample whose path is walked with others.
typedef struct taken {
    uint32_t x, y, number;
    bool dark; // it sees nothing, and has no path
    float4 open;
} taken;

// What a worker needs for its tiles.
typedef struct bt_shot_tile {
    const bt_shot *shot;
    bt_tracer tracer;
    uint32_t x0, y0;
    taken samples[BT_WAVE_PATHS];
    uint32_t sample_count;
    bt_pixel_samples pixel; // the one at `at`, while it is open
    size_t at;
    bt_wave wave;
} tile;

// ---- one sample -------------------------------------------------------------------------------
const float *bt_shot_weights(const bt_shot *f, uint32_t x, uint32_t y, uint32_t number)
{
    if (f->exposures.stretch_count == 1) return f->exposures.stretches[0].weight;
    bt_sampler random = bt_sampler_begin_open(x, y, number, f->eye.first_log2, f->eye.seed);
    double after_ns;
    double u = (double)bt_sampler_4d(random, BT_SET_PIXEL)[2];
    return bt_exposures_pick(&f->exposures, u, &after_ns)->weight;
}

void bt_shot_spread(const bt_shot *f, float4 bands, const float *weight, float *rates)
{
    uint32_t count = f->view->band_count;
    for (uint32_t p = 0; p < f->planes; p++) {
        float4 seen = bands * weight[p];
        memcpy(rates + p * count, &seen, sizeof seen);
    }
}

// Adds a sample to its pixel. Those of a pixel come one after the other.
static bt_status keep_sample(tile *t, const taken *sample, const float *rates)
{
    const bt_shot *f = t->shot;
    size_t at = (size_t)sample->y * f->width_px + sample->x;
    if (t->at != at) bt_tally_load(&f->tally, at, &t->pixel);
    t->at = at;
    bt_pixel_add(&t->pixel, rates, f->channels);
    if (t->pixel.count < f->tally.goal[at]) return BT_OK;
    t->at = NO_PIXEL;
    return bt_tally_store(&f->tally, at, &t->pixel);
}

// Samples that are begun together, and what their beginnings need but of the lens: found for all of them at once.
typedef struct beginnings {
    uint32_t count;
    bt_start_samplers samplers;
    bt_draws draws; // (count) BT_SET_PIXEL
    bt_start_cameras cameras;
} beginnings;
_Static_assert(BT_STARTS == BT_BUNDLE && BT_DRAWS_MAX >= BT_BUNDLE, "room for a bundle");

static void prepare_beginnings(const bt_eye *eye, const taken *samples, beginnings *b)
{
    b->draws.count = 0;
    for (uint32_t i = 0; i < BT_STARTS; i++) {
        const taken *s = &samples[i < b->count ? i : 0];
        b->samplers.x[i] = s->x;
        b->samplers.y[i] = s->y;
        b->samplers.number[i] = s->number;
    }
    bt_start_samplers_find(&b->samplers, eye->first_log2, eye->seed);
    for (uint32_t i = 0; i < b->count; i++)
        bt_draws_ask(&b->draws, bt_start_sampler_at(&b->samplers, i), BT_SET_PIXEL);
    bt_draws_run(&b->draws);
    for (uint32_t i = 0; i < BT_STARTS; i++)
        b->cameras.u[i] = i < b->count ? bt_eye_time(eye, samples[i].y, b->draws.u[i][2]) : 0.0f;
    if (eye->key_count > 1u) bt_start_cameras_find(&b->cameras, eye->keys, eye->key_count);
}

// Begins the path of a sample, number i of those; as bt_eye_start would.
static void begin_one(const bt_eye *eye, const bt_scene *scene, const beginnings *b, uint32_t i,
                      taken *s, bt_wave *wave)
{
    float4 u = b->draws.u[i];
    bt_path_start start = {.random = bt_start_sampler_at(&b->samplers, i),
                           .wavelengths = bt_wavelengths_sample(eye->limits_nm, u[3]),
                           .u = b->cameras.u[i]};
    bt_eye_place place =
        bt_eye_place_sample(eye, (float)s->x, (float)s->y, start.wavelengths, u[0], u[1]);
    bt_placement camera =
        eye->key_count > 1u ? bt_start_camera_at(&b->cameras, i) : bt_eye_camera_at(eye, 0.0f);
    s->open = bt_eye_start_from(eye, s->x, s->y, place, camera, &start);
    s->dark = !any_above0(s->open);
    if (!s->dark) bt_path_begin(scene, &start, &wave->paths[wave->count++]);
}

static void begin_some(tile *t, taken *samples, uint32_t count)
{
    const bt_eye *eye = &t->shot->eye;
    beginnings b;
    b.count = count;
    prepare_beginnings(eye, samples, &b);
    for (uint32_t i = 0; i < count; i++)
        begin_one(eye, &t->shot->stage->scene, &b, i, &samples[i], &t->wave);
}

// Walks the paths of the samples taken so far.
static bt_status walk_samples(tile *t)
{
    const bt_shot *f = t->shot;
    const bt_path *path = t->wave.paths;
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < t->sample_count; i += BT_BUNDLE)
        begin_some(t, t->samples + i, min(t->sample_count - i, (uint32_t)BT_BUNDLE));
    bt_wave_trace(&f->setup, &t->tracer, &t->wave);
    for (uint32_t i = 0; i < t->sample_count && status == BT_OK; i++) {
        const taken *sample = &t->samples[i];
        float rates[BT_MAX_CHANNELS] = {0};
        if (!sample->dark) {
            bt_shot_spread(f,
                           bt_eye_rates(&f->eye, path->wavelengths, path->radiance * sample->open),
                           bt_shot_weights(f, sample->x, sample->y, sample->number), rates);
            path++;
        }
        status = keep_sample(t, sample, rates);
    }
    t->sample_count = t->wave.count = 0;
    return status;
}

static bt_status take_sample(tile *t, uint32_t x, uint32_t y, uint32_t number)
{
    taken *sample = &t->samples[t->sample_count++];
    sample->x = x;
    sample->y = y;
    sample->number = number;
    // rays are recorded about as each path sends them, not sorted by this tracer's pains
    uint32_t most = t->tracer.log ? BT_BUNDLE : BT_WAVE_PATHS;
    return t->sample_count < most ? BT_OK : walk_samples(t);
}

// ---- pixels and tiles -------------------------------------------------------------------------
static bt_status sample_pixel(tile *t, uint32_t x, uint32_t y)
{
    const bt_tally *tally = &t->shot->tally;
    size_t at = (size_t)y * t->shot->width_px + x;
    uint32_t first = tally->film->samples[at], goal = tally->goal[at];
    bt_status status = BT_OK;
    for (uint32_t number = first; number < goal && status == BT_OK; number++)
        status = take_sample(t, x, y, number);
    return status;
}

// Samples those of a tile's pixels that are short of their goal.
static bt_status sample_tile(tile *t)
{
    const bt_shot *f = t->shot;
    uint32_t x1 = min(t->x0 + TILE_PX, f->width_px), y1 = min(t->y0 + TILE_PX, f->height_px);
    bt_status status = BT_OK;
    for (uint32_t y = t->y0; y < y1 && status == BT_OK; y++)
        for (uint32_t x = t->x0; x < x1 && status == BT_OK; x++)
            status = sample_pixel(t, x, y);
    return status == BT_OK ? walk_samples(t) : status;
}

static uint32_t tiles_in(uint32_t size_px)
{
    return (size_px + TILE_PX - 1u) / TILE_PX;
}

static bt_status render_tile(void *context, uint32_t item, uint32_t worker)
{
    const bt_shot *f = context;
    if (bt_cancel_signal() != 0) return bt_fail(BT_ERR_CANCELLED, "asked to stop");
    tile *t = &f->tiles[worker];
    t->shot = f;
    t->tracer = (bt_tracer){.stage = f->stage, .log = f->log};
    uint32_t columns = tiles_in(f->width_px);
    t->x0 = item % columns * TILE_PX;
    t->y0 = item / columns * TILE_PX;
    t->at = NO_PIXEL;
    t->sample_count = t->wave.count = 0;
    unsigned old = bt_embree_float_begin();
    bt_status status = sample_tile(t);
    bt_embree_float_end(old);
    return status;
}

// ---- whole ------------------------------------------------------------------------------------
bt_status bt_shot_make_tiles(uint32_t workers, struct bt_shot_tile **tiles)
{
    *tiles = bt_alloc(workers, sizeof **tiles);
    return *tiles ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for a frame");
}

bt_status bt_shot_sample_tiles(bt_shot *f, bt_jobs *jobs)
{
    return bt_jobs_run(jobs, tiles_in(f->width_px) * tiles_in(f->height_px), render_tile, f);
}
