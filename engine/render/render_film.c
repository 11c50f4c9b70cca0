// render_film.c: a frame: rays from the lens, samples into pixels, tiles over threads, or everything
// on a device.
//
// Each pixel is one worker's from its first sample to its last, and every random number is a
// function of (seed, frame, pixel, sample), so the film does not depend on the threads.
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/render/vulkan/scene.h"
#include "engine/render/eye_make.h"

#define TILE_PX 16u
#define DEFAULT_SAMPLES 32u
#define MAX_SAMPLES 65536u
#define LEAST_SAMPLES 16u // that can tell how many more are needed
#define DEFAULT_DEPTH 6u
#define MAX_DEPTH 64u
#define DEFAULT_CAUSTIC_ROUGHNESS 0.6f
#define MAX_RESPONSE 1e25f // so that sums stay floats

#define GUARD_SAMPLES 4u // beyond the picture, of so many samples one is taken: chosen
#define MOST_GUARD_PX 4096u

#define LATTICE_PX ((int)TILE_PX + 2 * BT_EYE_MARGIN_PX)

// A frame is black when nothing in it has this share of a white surface in the open: chosen. Air
// between close walls still scatters 1e-4 of the light outside, which no wall shades.
#define BLACK_SHARE 1e-3

#define NO_PIXEL SIZE_MAX

typedef struct frame {
    const bt_stage *stage;
    bt_path_setup setup;
    const bt_view *view;
    bt_eye eye; // without its lattice; asks for limits_nm
    bt_tally tally;
    bt_ray_log *log;
    uint32_t samples;
    uint32_t width_px, height_px;
    bool *unfinished; // (height): a pixel of this row wants more samples
    uint32_t tiles_x;
    uint32_t planes, channels; // channels: planes x bands
    bt_exposures exposures;
    float limits_nm[BT_WAVELENGTH_CELLS + 1]; // cells of wavelengths, equally likely
    struct tile *tiles;                       // (workers)
} frame;

// A sample whose path is walked with others.
typedef struct taken {
    uint32_t x, y, number;
    bool dark; // it sees nothing, and has no path
    float4 open;
} taken;

// What a worker needs for its tiles.
typedef struct tile {
    const frame *frame;
    bt_tracer tracer;
    bt_eye eye;
    uint32_t x0, y0;
    bt_seen lattice[LATTICE_PX * LATTICE_PX];
    taken samples[BT_WAVE_PATHS];
    uint32_t sample_count;
    bt_pixel_samples pixel; // the one at `at`, while it is open
    size_t at;
    bt_wave wave;
} tile;

// ---- one sample -------------------------------------------------------------------------------
// What a sample is worth in each exposure plane: a matter of when its ray was sent.
static const float *weights_of(const frame *f, uint32_t x, uint32_t y, uint32_t number)
{
    if (f->exposures.stretch_count == 1) return f->exposures.stretches[0].weight;
    bt_sampler random = bt_sampler_begin_open(x, y, number, f->eye.first_log2, f->eye.seed);
    double after_ns;
    double u = (double)bt_sampler_4d(random, BT_SET_PIXEL)[2];
    return bt_exposures_pick(&f->exposures, u, &after_ns)->weight;
}
// Rates of all channels from those of the bands.
static void spread(const frame *f, float4 bands, const float *weight, float *rates)
{
    uint32_t count = f->view->band_count;
    for (uint32_t p = 0; p < f->planes; p++)
        for (uint32_t b = 0; b < count; b++)
            rates[p * count + b] = bands[b] * weight[p];
}

// Adds a sample to its pixel. Those of a pixel come one after the other.
static bt_status keep_sample(tile *t, const taken *sample, const float *rates)
{
    const frame *f = t->frame;
    size_t at = (size_t)sample->y * f->width_px + sample->x;
    if (t->at != at) bt_tally_load(&f->tally, at, &t->pixel);
    t->at = at;
    bt_pixel_add(&t->pixel, rates, f->channels);
    if (t->pixel.count < f->tally.goal[at]) return BT_OK;
    t->at = NO_PIXEL;
    return bt_tally_store(&f->tally, at, &t->pixel);
}

// Walks the paths of the samples taken so far.
static bt_status walk_samples(tile *t)
{
    const frame *f = t->frame;
    const bt_path *path = t->wave.paths;
    bt_status status = BT_OK;
    bt_wave_trace(&f->setup, &t->tracer, &t->wave);
    for (uint32_t i = 0; i < t->sample_count && status == BT_OK; i++) {
        const taken *sample = &t->samples[i];
        float rates[BT_MAX_CHANNELS] = {0};
        if (!sample->dark) {
            spread(f, bt_eye_rates(&t->eye, path->wavelengths, path->radiance * sample->open),
                   weights_of(f, sample->x, sample->y, sample->number), rates);
            path++;
        }
        status = keep_sample(t, sample, rates);
    }
    t->sample_count = t->wave.count = 0;
    return status;
}

static bt_status take_sample(tile *t, uint32_t x, uint32_t y, uint32_t number)
{
    bt_path_start start = {0};
    float4 open = bt_eye_start(&t->eye, x, y, number, &start);
    bool dark = !(max_of4(open) > 0.0f);
    t->samples[t->sample_count++] = (taken){x, y, number, dark, open};
    if (!dark) bt_path_begin(&t->frame->stage->scene, &start, &t->wave.paths[t->wave.count++]);
    // rays are recorded about as each path sends them, not sorted by this tracer's pains
    uint32_t most = t->tracer.log ? BT_BUNDLE : BT_WAVE_PATHS;
    return t->sample_count < most ? BT_OK : walk_samples(t);
}

// ---- pixels and tiles -------------------------------------------------------------------------
static bt_status sample_pixel(tile *t, uint32_t x, uint32_t y)
{
    const bt_tally *tally = &t->frame->tally;
    size_t at = (size_t)y * t->frame->width_px + x;
    uint32_t first = tally->film->samples[at], goal = tally->goal[at];
    bt_status status = BT_OK;
    if (first < goal && t->eye.lattice == NULL)
        bt_eye_fill_lattice(&t->eye, (int)t->x0 - BT_EYE_MARGIN_PX, (int)t->y0 - BT_EYE_MARGIN_PX,
                            LATTICE_PX, LATTICE_PX, t->lattice);
    for (uint32_t number = first; number < goal && status == BT_OK; number++)
        status = take_sample(t, x, y, number);
    return status;
}

// Samples those of a tile's pixels that are short of their goal.
static bt_status sample_tile(tile *t)
{
    const frame *f = t->frame;
    uint32_t x1 = min(t->x0 + TILE_PX, f->width_px), y1 = min(t->y0 + TILE_PX, f->height_px);
    bt_status status = BT_OK;
    for (uint32_t y = t->y0; y < y1 && status == BT_OK; y++)
        for (uint32_t x = t->x0; x < x1 && status == BT_OK; x++)
            status = sample_pixel(t, x, y);
    return status == BT_OK ? walk_samples(t) : status;
}

static bt_status render_tile(void *context, uint32_t item, uint32_t worker)
{
    const frame *f = context;
    if (bt_cancel_signal() != 0) return bt_fail(BT_ERR_CANCELLED, "asked to stop");
    tile *t = &f->tiles[worker];
    t->frame = f;
    t->tracer = (bt_tracer){.stage = f->stage, .log = f->log};
    t->eye = f->eye;
    t->x0 = item % f->tiles_x * TILE_PX;
    t->y0 = item / f->tiles_x * TILE_PX;
    t->at = NO_PIXEL;
    t->sample_count = t->wave.count = 0;
    unsigned old = bt_embree_float_begin();
    bt_status status = sample_tile(t);
    bt_embree_float_end(old);
    return status;
}

// ---- on a device ------------------------------------------------------------------------------
#define PART_PX 2048u // pixels that one worker deals with at a time

// Samples on their way: those that pixels from `first` to before `end` are short of.
typedef struct batch {
    const frame *frame;
    bt_seen *lattice; // that the frame's eye looks through
    size_t first, end;
    uint32_t *begins; // (pixels and one more) where each one's samples begin, from `first` on
    bt_sample_place *places;
    const float4 *rates;
} batch;

static size_t part_end(const batch *b, size_t at)
{
    return b->end - at < PART_PX ? b->end : at + PART_PX;
}

static uint32_t samples_wanted(const frame *f, size_t pixel)
{
    uint32_t has = f->tally.film->samples[pixel], goal = f->tally.goal[pixel];
    return goal > has ? goal - has : 0;
}

// Takes as many pixels as one call can do.
static uint32_t batch_take(batch *b)
{
    size_t pixels = (size_t)b->frame->width_px * b->frame->height_px;
    uint32_t count = 0;
    for (b->end = b->first; b->end < pixels; b->end++) {
        uint32_t wanted = samples_wanted(b->frame, b->end);
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
    const frame *f = b->frame;
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
    const frame *f = b->frame;
    size_t at = b->first + (size_t)part * PART_PX, end = part_end(b, at);
    bt_status status = BT_OK;
    for (; at < end && status == BT_OK; at++) {
        uint32_t count = samples_wanted(f, at);
        uint32_t x = (uint32_t)(at % f->width_px), y = (uint32_t)(at / f->width_px);
        if (count == 0) continue;
        bt_pixel_samples pixel;
        bt_tally_load(&f->tally, at, &pixel);
        for (uint32_t k = 0; k < count; k++) {
            float all[BT_MAX_CHANNELS];
            float4 rates = b->rates[b->begins[at - b->first] + k];
            spread(f, rates, weights_of(f, x, y, pixel.count), all);
            bt_pixel_add(&pixel, all, f->channels);
        }
        status = bt_tally_store(&f->tally, at, &pixel);
    }
    return status;
}

// A round: all samples that pixels are short of.
static bt_status sample_on_device(batch *b, bt_jobs *jobs)
{
    size_t pixels = (size_t)b->frame->width_px * b->frame->height_px;
    bt_status status = BT_OK;
    for (b->first = 0; b->first < pixels && status == BT_OK; b->first = b->end) {
        uint32_t count = batch_take(b);
        uint32_t parts = (uint32_t)((b->end - b->first + PART_PX - 1u) / PART_PX);
        status = bt_jobs_run(jobs, parts, write_places, b);
        if (status == BT_OK) status = bt_vulkan_trace(b->frame->stage->vulkan, count, &b->rates);
        if (status == BT_OK) status = bt_jobs_run(jobs, parts, keep_rates, b);
    }
    return status;
}

// A row of the lattice that spans film and margin.
static bt_status fill_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const batch *b = context;
    bt_eye eye = b->frame->eye;
    bt_eye_fill_lattice(&eye, eye.left, eye.top + (int)row, eye.columns, 1,
                        b->lattice + (size_t)row * (size_t)eye.columns);
    return BT_OK;
}

static bt_status render_on_device(frame *f, bt_jobs *jobs)
{
    uint32_t columns = f->width_px + 2u * BT_EYE_MARGIN_PX;
    uint32_t rows = f->height_px + 2u * BT_EYE_MARGIN_PX;
    batch b = {.frame = f,
               .lattice = bt_alloc((size_t)columns * rows, sizeof *b.lattice),
               .begins = bt_alloc((size_t)f->width_px * f->height_px + 1, sizeof *b.begins),
               .places = bt_vulkan_samples(f->stage->vulkan)};
    bt_status status = BT_OK;
    if (b.lattice && b.begins) {
        f->eye.left = f->eye.top = -BT_EYE_MARGIN_PX;
        f->eye.columns = (int)columns;
        f->eye.rows = (int)rows;
        f->eye.lattice = b.lattice;
        status = bt_jobs_run(jobs, rows, fill_row, &b);
    } else {
        status = bt_fail(BT_ERR_MEMORY, "a frame of %u x %u px", f->width_px, f->height_px);
    }
    if (status == BT_OK) status = bt_vulkan_aim(f->stage->vulkan, &f->eye, &f->setup);
    if (status == BT_OK) status = sample_on_device(&b, jobs);
    bt_free(b.begins);
    bt_free(b.lattice);
    return status;
}

// ---- the frame --------------------------------------------------------------------------------
// A response that is not a number would give wavelengths that are none.
static bt_status check_response(const bt_view *view)
{
    for (uint32_t b = 0; b < view->band_count; b++)
        for (int i = 0; i < BT_SPECTRUM_BINS; i++)
            if (!(view->response[b][i] >= 0.0f && view->response[b][i] <= MAX_RESPONSE))
                return bt_fail(BT_ERR_INPUT,
                               "view: band %u answers with %g at %g nm; expected 0 to %g",
                               (unsigned)b, (double)view->response[b][i],
                               (double)(BT_SPECTRUM_MIN_NM + BT_SPECTRUM_STEP_NM * (float)i),
                               (double)MAX_RESPONSE);
    for (int i = 0; i < BT_VIEW_VIGNETTE_BINS; i++)
        if (!(view->vignette[i] >= 0.0f && view->vignette[i] <= 1e3f))
            return bt_fail(BT_ERR_INPUT, "view: relative illumination %g; expected 0 to 1000",
                           (double)view->vignette[i]);
    return BT_OK;
}

static bt_status check_share(const bt_view *view, const bt_render_settings *settings)
{
    if (!(settings->sensor_share >= 0.0f && settings->sensor_share <= 1.0f) ||
        settings->min_samples > MAX_SAMPLES)
        return bt_fail(BT_ERR_INPUT, "share %g of the sensor's noise, least samples %u: 0 to 1, %u",
                       (double)settings->sensor_share, (unsigned)settings->min_samples,
                       MAX_SAMPLES);
    bool known = view->exposure_ns > 0.0;
    for (uint32_t c = 0; c < view->band_count * bt_view_planes(view); c++) {
        float noise_e2 = view->noise_e2[c / view->band_count][c % view->band_count];
        known = known && noise_e2 >= 0.0f && isfinite(noise_e2);
    }
    if (settings->sensor_share == 0.0f || known) return BT_OK;
    return bt_fail(BT_ERR_INPUT,
                   "a share of the sensor's noise: its exposure is %g ns, its noise "
                   "not a number or below 0",
                   view->exposure_ns);
}

static bt_status check_frame(const bt_stage *stage, const bt_view *view, bt_time_ns label_time_ns,
                             const bt_render_settings *settings, const bt_film *film)
{
    if (view->guard_px % 4 != 0 || view->guard_px > MOST_GUARD_PX)
        return bt_fail(BT_ERR_INPUT,
                       "view: guard band of %u px; expected a multiple of 4, at most %u",
                       (unsigned)view->guard_px, MOST_GUARD_PX);
    if (film->width_px != bt_view_film_width(view) ||
        film->height_px != bt_view_film_height(view) || film->band_count != view->band_count ||
        film->plane_count != bt_view_planes(view))
        return bt_fail(BT_ERR_INTERNAL, "film and view differ in size, bands or exposure planes");
    if (view->band_count == 0 || view->band_count > BT_VIEW_MAX_BANDS)
        return bt_fail(BT_ERR_INPUT, "view of %u bands: 1 to %d", (unsigned)view->band_count,
                       BT_VIEW_MAX_BANDS);
    if (!(view->lens.fx > 0.0f) || !(view->lens.fy > 0.0f) || !(view->theta_max_rad > 0.0f))
        return bt_fail(BT_ERR_INPUT, "view without a focal length or a field");
    if (settings->samples > MAX_SAMPLES || settings->max_depth > MAX_DEPTH)
        return bt_fail(BT_ERR_INPUT, "%u samples, depth %u: at most %u and %u",
                       (unsigned)settings->samples, (unsigned)settings->max_depth, MAX_SAMPLES,
                       MAX_DEPTH);
    bt_status status = check_response(view);
    if (status == BT_OK) status = bt_exposures_check(view);
    if (status == BT_OK) status = check_share(view, settings);
    if (status != BT_OK) return status;
    bt_time_ns open_ns, close_ns;
    bt_view_interval_ns(view, label_time_ns, &open_ns, &close_ns);
    if (open_ns < stage->snapshot->open_ns || close_ns > stage->snapshot->close_ns)
        return bt_fail(BT_ERR_INTERNAL, "the snapshot does not span the view's exposure");
    return BT_OK;
}

static void frame_init(frame *f, const bt_stage *stage, const bt_view *view,
                       bt_time_ns label_time_ns, const bt_render_settings *settings)
{
    f->view = view;
    f->planes = bt_view_planes(view);
    f->channels = f->planes * view->band_count;
    f->exposures = bt_exposures_make(view);
    f->width_px = bt_view_film_width(view);
    f->height_px = bt_view_film_height(view);
    f->samples = settings->samples ? settings->samples : DEFAULT_SAMPLES;
    f->stage = stage;
    f->setup.max_depth = settings->max_depth ? settings->max_depth : DEFAULT_DEPTH;
    f->setup.scatter_only = settings->scatter_only;
    if (view->shield.on != 0u) {
        const bt_world_actor *carrier =
            &stage->snapshot->world->actors[stage->snapshot->camera_actor];
        f->setup.own_first = carrier->first_instance;
        f->setup.own_count = carrier->instance_count;
    }
    float rough = settings->caustic_roughness;
    rough = rough == 0.0f ? DEFAULT_CAUSTIC_ROUGHNESS : rough;
    f->setup.caustic_alpha = rough > 0.0f ? bt_ggx_alpha(min(rough, 1.0f)) : 0.0f;
    f->tiles_x = (f->width_px + TILE_PX - 1u) / TILE_PX;
    bt_wavelength_limits(stage->renderer, view, f->limits_nm);
    uint32_t first = f->samples;
    if (settings->sensor_share > 0.0f)
        first = min(first, max(settings->min_samples, LEAST_SAMPLES));
    bt_aim aim = {.stage = stage,
                  .view = view,
                  .label_time_ns = label_time_ns,
                  .seed = settings->seed,
                  .frame = settings->frame,
                  .first_samples = first,
                  .fog_exact = settings->fog_exact,
                  .limits_nm = f->limits_nm};
    f->eye = bt_eye_make(&aim);
    f->setup.cone_samples = min(1u << f->eye.first_log2, f->samples);
}

// ---- rounds -----------------------------------------------------------------------------------
static bt_status set_goals(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    frame *f = context;
    f->unfinished[row] = bt_tally_set_goals(&f->tally, row, f->samples);
    return BT_OK;
}

static void set_first_goals(const frame *f)
{
    size_t pixels = (size_t)f->width_px * f->height_px;
    memset(f->tally.film->samples, 0, pixels * sizeof *f->tally.film->samples);
    uint32_t first = min(1u << f->eye.first_log2, f->samples);
    for (size_t i = 0; i < pixels; i++)
        f->tally.goal[i] =
            bt_tally_in_guard(&f->tally, (uint32_t)(i % f->width_px), (uint32_t)(i / f->width_px))
                ? max(first / GUARD_SAMPLES, 1u)
                : first;
}

static bool is_unfinished(const frame *f)
{
    bool any = false;
    for (uint32_t row = 0; row < f->height_px; row++)
        any = any || f->unfinished[row];
    return any;
}

static bt_status render_round(frame *f, bt_jobs *jobs)
{
    if (f->stage->vulkan && !f->log) return render_on_device(f, jobs);
    uint32_t tiles_y = (f->height_px + TILE_PX - 1u) / TILE_PX;
    return bt_jobs_run(jobs, f->tiles_x * tiles_y, render_tile, f);
}

// Whole pictures in turn: all pixels are asked about the same state of all their neighbours.
static bt_status render_rounds(frame *f, bt_jobs *jobs)
{
    set_first_goals(f);
    bt_status status = render_round(f, jobs);
    while (status == BT_OK && f->tally.share > 0.0) {
        status = bt_jobs_run(jobs, f->height_px, set_goals, f);
        if (status != BT_OK || !is_unfinished(f)) break;
        status = render_round(f, jobs);
    }
    if (status == BT_OK) bt_tally_set_errors(&f->tally);
    return status;
}

static bt_status render(const bt_stage *stage, const bt_view *view, bt_time_ns label_time_ns,
                        const bt_render_settings *settings, bt_jobs *jobs, bt_film *film,
                        bt_ray_log *log)
{
    bt_status status = check_frame(stage, view, label_time_ns, settings, film);
    if (status != BT_OK) return status;
    frame f = {.log = log};
    frame_init(&f, stage, view, label_time_ns, settings);
    status = bt_tally_init(view, (double)settings->sensor_share, film, &f.tally);
    f.unfinished = bt_alloc(f.height_px, sizeof *f.unfinished);
    f.tiles = bt_alloc(jobs ? bt_jobs_threads(jobs) : 1, sizeof *f.tiles);
    if (status == BT_OK && !(f.unfinished && f.tiles))
        status = bt_fail(BT_ERR_MEMORY, "no memory for a frame");
    if (status == BT_OK) status = render_rounds(&f, jobs);
    bt_free(f.tiles);
    bt_free(f.unfinished);
    bt_tally_clear(&f.tally);
    return status;
}

// What a white surface in the open brings, about, in the band that answers most.
static double open_rate(const bt_stage *stage, const bt_view *view)
{
    const bt_scene *sc = &stage->scene;
    double most = 0.0;
    for (uint32_t b = 0; b < view->band_count; b++) {
        double sum = 0.0;
        for (int i = 0; i < BT_SPECTRUM_BINS; i++)
            sum += (double)(BT_SPECTRUM_STEP_NM * view->response[b][i]);
        most = fmax(most, sum);
    }
    return most * (double)(sc->sun_irradiance + sc->sky_irradiance) / BT_PI;
}

static double brightest(const bt_film *film)
{
    double most = 0.0;
    size_t count = bt_film_plane_stride(film) * film->plane_count;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, (double)film->rate_e_s[i]);
    return most;
}

// A camera inside something, a world turned inside out or lamps that shine the other way look like a
// good picture of the night.
static void warn_of_black(const bt_stage *stage, const bt_view *view, bt_time_ns label_time_ns,
                          const bt_film *film)
{
    uint32_t lamps = stage->scene.light_count;
    double open = open_rate(stage, view), most = brightest(film);
    if (!(open > 0.0 || lamps > 0) || most > BLACK_SHARE * open) return;
    bt_log(BT_LOG_WARNING,
           "the frame at %.6f s is black: no pixel has %g of what lies in the open, though %s "
           "shines: is the camera inside something?",
           bt_seconds(label_time_ns), BLACK_SHARE, open > 0.0 ? "the sky" : "a lamp");
}

bt_status bt_render_film(const bt_stage *stage, const bt_view *view, bt_time_ns label_time_ns,
                         const bt_render_settings *settings, bt_jobs *jobs, bt_film *film)
{
    bt_status status = render(stage, view, label_time_ns, settings, jobs, film, NULL);
    if (status == BT_OK) warn_of_black(stage, view, label_time_ns, film);
    return status;
}

bt_status bt_render_film_logged(const bt_stage *stage, const bt_view *view,
                                bt_time_ns label_time_ns, const bt_render_settings *settings,
                                bt_film *film, bt_ray_log *log)
{
    return render(stage, view, label_time_ns, settings, NULL, film, log);
}
