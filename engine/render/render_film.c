// render_film.c: a frame: rays from the lens, samples into pixels, tiles over threads.
//
// Each pixel is one worker's from its first sample to its last, and every random number is a
// function of (seed, frame, pixel, sample), so the film does not depend on the threads.
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/render/internal.h"

#include "shaders/shared/lens.h"

#define TILE_PX 16u
#define DEFAULT_SAMPLES 32u
#define MAX_SAMPLES 65536u
#define LEAST_SAMPLES 16u // that can tell how many more are needed
#define DEFAULT_DEPTH 6u
#define MAX_DEPTH 64u
#define DEFAULT_CAUSTIC_ROUGHNESS 0.6f
#define MAX_RESPONSE 1e25f // so that sums stay floats
#define LEAST_SHARE 0.05f  // of even sampling among the wavelengths: chosen

// The filter reaches 2 px at most.
#define MARGIN_PX 3
#define LATTICE_PX ((int)TILE_PX + 2 * MARGIN_PX)

#define SET_PIXEL 0u // sampler dimensions: filter x, y, time, wavelength

// A frame is black when nothing in it has this share of a white surface in the open: chosen. Air
// between close walls still scatters 1e-4 of the light outside, which no wall shades.
#define BLACK_SHARE 1e-3

typedef struct frame {
    const bt_stage *stage;
    bt_path_setup setup;
    const bt_view *view;
    bt_time_ns label_time_ns;
    bt_tally tally;
    bt_ray_log *log;
    uint32_t samples, seed;
    uint32_t first_log2; // samples of the first round, 2 to the power of
    uint32_t width_px, height_px;
    bool *unfinished; // (height): a pixel of this row wants more samples
    uint32_t tiles_x;
    uint32_t planes, channels; // channels: planes x bands
    bt_exposures exposures;
    float filter_radius_px; // 0: box
    float cone_rad;
    bool fog_exact;
    float limits_nm[BT_WAVELENGTH_CELLS + 1]; // cells of wavelengths, equally likely
} frame;

typedef struct tile {
    const frame *frame;
    bt_tracer tracer;
    uint32_t x0, y0;
    float4 lattice[LATTICE_PX * LATTICE_PX];
} tile;

// ---- wavelengths ------------------------------------------------------------------------------
// Importance: what all bands together answer to the sun's light, with a little everywhere they
// answer at all. Densities are constant between table wavelengths.
static void wavelengths_prepare(frame *f)
{
    const float *sun = f->stage->renderer->sky->spectra; // BT_SKY_SUN_IRRADIANCE comes first
    double mass[BT_SPECTRUM_BINS - 1], total = 0.0;
    int used = 0;
    for (int i = 0; i < BT_SPECTRUM_BINS - 1; i++) {
        mass[i] = 0.0;
        for (uint32_t b = 0; b < f->view->band_count; b++)
            mass[i] += 0.5 * (double)(f->view->response[b][i] * sun[i] +
                                      f->view->response[b][i + 1] * sun[i + 1]);
        used += mass[i] > 0.0;
        total += mass[i];
    }
    for (int i = 0; i < BT_SPECTRUM_BINS - 1; i++) {
        if (used == 0)
            mass[i] = 1.0; // a camera that sees nothing
        else if (mass[i] > 0.0)
            mass[i] += (double)LEAST_SHARE * total / used;
    }
    bt_quantiles(mass, BT_SPECTRUM_BINS - 1, BT_WAVELENGTH_CELLS, f->limits_nm);
    for (uint32_t i = 0; i <= BT_WAVELENGTH_CELLS; i++)
        f->limits_nm[i] = lerp(BT_SPECTRUM_MIN_NM, BT_SPECTRUM_MAX_NM, f->limits_nm[i]);
}

// ---- one sample -------------------------------------------------------------------------------
// Offset within the reconstruction filter, by importance: box, or Gaussian cut off at a radius.
static float2 filter_offset(const frame *f, float u0, float u1)
{
    if (f->filter_radius_px <= 0.0f) return float2(u0 - 0.5f, u1 - 0.5f);
    float sigma = f->view->filter_sigma_px;
    float inside = 1.0f - pm_exp(-0.5f * sqr(f->filter_radius_px / sigma));
    float r = sigma * bt_sqrt_f(max(0.0f, -2.0f * pm_log(1.0f - u0 * inside)));
    float2 sc = pm_sincos(2.0f * BT_PI_F * u1);
    return float2(r * sc[1], r * sc[0]);
}

static float vignette_at(const bt_view *view, float3 dir_cam)
{
    float theta = bt_lens_angle(dir_cam);
    if (!(theta <= view->theta_max_rad)) return 0.0f;
    float x = theta / view->theta_max_rad * (float)(BT_VIEW_VIGNETTE_BINS - 1);
    int i = to_i(min(x, (float)(BT_VIEW_VIGNETTE_BINS - 2)));
    return lerp(view->vignette[i], view->vignette[i + 1], x - to_f(i));
}

// Direction in the camera's frame, in the fourth lane how much light the lens lets through there.
static float4 look(const bt_view *view, float x, float y)
{
    bt_lens_ray ray = bt_lens_unproject(view->lens, x, y);
    float4 seen = ray.dir;
    seen[3] = ray.valid != 0u ? vignette_at(view, ray.dir) : 0.0f;
    return seen;
}

// A lens's inverse takes longer than a ray, so a tile asks for it at the pixels' centres and
// samples interpolate between them: exact at centres, off by less than 1 / (8 f) pixels between
// (f in pixels), half a thousandth of a pixel at f = 250.
static void lattice_fill(const frame *f, uint32_t x0, uint32_t y0, float4 *lattice)
{
    for (int y = 0; y < LATTICE_PX; y++)
        for (int x = 0; x < LATTICE_PX; x++)
            lattice[y * LATTICE_PX + x] =
                look(f->view, (float)((int)x0 + x - MARGIN_PX), (float)((int)y0 + y - MARGIN_PX));
}
static float4 lattice_look(const tile *t, float x, float y)
{
    float at_x = x - (float)((int)t->x0 - MARGIN_PX), at_y = y - (float)((int)t->y0 - MARGIN_PX);
    int i = to_i(clampf(at_x, 0.0f, LATTICE_PX - 2.0f));
    int k = to_i(clampf(at_y, 0.0f, LATTICE_PX - 2.0f));
    const float4 *p = t->lattice + k * LATTICE_PX + i;
    float4 a = p[0], b = p[1], c = p[LATTICE_PX], d = p[LATTICE_PX + 1];
    // at the edge of the field: ask the lens itself
    if (!(min(min(a[3], b[3]), min(c[3], d[3])) > 0.0f)) return look(t->frame->view, x, y);
    float u = at_x - to_f(i), v = at_y - to_f(k);
    return lerp4(lerp4(a, b, u), lerp4(c, d, u), v);
}

// When a ray is sent through row y, and its weight in each exposure plane.
static double ray_time_ns(const frame *f, uint32_t y, float u, const float **weight)
{
    double middle_ns = bt_view_row_middle_ns(f->view, f->label_time_ns, (double)y), after_ns;
    *weight = bt_exposures_pick(&f->exposures, (double)u, &after_ns)->weight;
    if (f->view->plane_count == 0) return middle_ns + ((double)u - 0.5) * f->view->exposure_ns;
    return middle_ns + (after_ns - 0.5 * f->view->exposure_ns);
}

// The ray of a sample and how much of its light the lens lets through; 0: nothing.
static float start_ray(const tile *t, uint32_t x, uint32_t y, float4 u, bt_path_start *start,
                       const float **weight)
{
    const frame *f = t->frame;
    float2 offset = filter_offset(f, u[0], u[1]);
    float4 seen = lattice_look(t, (float)x + offset[0], (float)y + offset[1]);
    if (!(seen[3] > 0.0f)) return 0.0f;

    // the row's own exposure
    double time_ns = ray_time_ns(f, y, u[2], weight);
    const bt_snapshot *snapshot = f->stage->snapshot;
    start->u = bt_snapshot_u(snapshot, time_ns);
    bt_snapshot_key cam = bt_snapshot_camera_at(snapshot, start->u);
    float dir_cam[3] = {seen[0], seen[1], seen[2]}, dir[3];
    bt_snapshot_key_dir(&cam, dir_cam, dir);
    start->origin = float3(cam.pos[0], cam.pos[1], cam.pos[2]);
    start->dir = normalize3(float3(dir[0], dir[1], dir[2]));
    start->cone_rad = f->cone_rad;
    return seen[3];
}

// Electrons per second in each band from radiance at four wavelengths, each drawn with density
// pdf: the mean of four estimates. Times the ray's weight in each exposure plane.
static void add_bands(const frame *f, const bt_wavelengths *w, float4 radiance, const float *weight,
                      float *rates)
{
    float4 share = radiance / w->pdf * 0.25f;
    uint32_t bands = f->view->band_count;
    for (uint32_t b = 0; b < bands; b++) {
        float rate = sum4(bt_spectrum_at(f->view->response[b], *w) * share);
        for (uint32_t p = 0; p < f->planes; p++)
            rates[p * bands + b] = rate * weight[p];
    }
}

// Samples `first` and on of a pixel, up to BT_BUNDLE: rates (samples x channels).
static void sample_bundle(const tile *t, uint32_t x, uint32_t y, uint32_t first, uint32_t count,
                          float rates[BT_BUNDLE][BT_MAX_CHANNELS])
{
    const frame *f = t->frame;
    bt_path paths[BT_BUNDLE];
    float vignette[BT_BUNDLE];
    const float *weight[BT_BUNDLE]; // of the ray in each exposure plane
    uint32_t number[BT_BUNDLE];     // of the sample, relative to the first
    uint32_t alive = 0;
    for (uint32_t i = 0; i < count; i++) {
        memset(rates[i], 0, sizeof rates[i]);
        bt_path_start start = {.random =
                                   bt_sampler_begin_open(x, y, first + i, f->first_log2, f->seed),
                               .fog_exact = f->fog_exact};
        float4 u = bt_sampler_4d(start.random, SET_PIXEL);
        vignette[alive] = start_ray(t, x, y, u, &start, &weight[alive]);
        if (!(vignette[alive] > 0.0f)) continue;
        start.wavelengths = bt_wavelengths_sample(f->limits_nm, u[3]);
        paths[alive] = bt_path_begin(&f->stage->scene, start);
        number[alive++] = i;
    }
    if (alive == 0) return;
    bt_trace_bundle(&f->setup, &t->tracer, paths, alive);
    for (uint32_t i = 0; i < alive; i++)
        add_bands(f, &paths[i].wavelengths, paths[i].radiance * vignette[i], weight[i],
                  rates[number[i]]);
}

// ---- pixels and tiles -------------------------------------------------------------------------
static bt_status sample_pixel(const tile *t, uint32_t x, uint32_t y)
{
    const frame *f = t->frame;
    size_t at = (size_t)y * f->width_px + x;
    uint32_t goal = f->tally.goal[at];
    bt_pixel_samples pixel;
    bt_tally_load(&f->tally, at, &pixel);
    while (pixel.count < goal) {
        float rates[BT_BUNDLE][BT_MAX_CHANNELS];
        uint32_t count = min(goal - pixel.count, (uint32_t)BT_BUNDLE);
        sample_bundle(t, x, y, pixel.count, count, rates);
        for (uint32_t i = 0; i < count; i++)
            bt_pixel_add(&pixel, rates[i], f->channels);
    }
    return bt_tally_store(&f->tally, at, &pixel);
}

// Samples those of a tile's pixels that are short of their goal.
static bt_status sample_tile(tile *t)
{
    const frame *f = t->frame;
    uint32_t x1 = min(t->x0 + TILE_PX, f->width_px), y1 = min(t->y0 + TILE_PX, f->height_px);
    bt_status status = BT_OK;
    bool ready = false;
    for (uint32_t y = t->y0; y < y1 && status == BT_OK; y++)
        for (uint32_t x = t->x0; x < x1 && status == BT_OK; x++) {
            size_t at = (size_t)y * f->width_px + x;
            if (f->tally.film->samples[at] >= f->tally.goal[at]) continue;
            if (!ready) lattice_fill(f, t->x0, t->y0, t->lattice);
            ready = true;
            status = sample_pixel(t, x, y);
        }
    return status;
}

static bt_status render_tile(void *context, uint32_t item, uint32_t worker)
{
    (void)worker;
    const frame *f = context;
    if (bt_cancel_signal() != 0) return bt_fail(BT_ERR_CANCELLED, "asked to stop");
    tile t = {.frame = f,
              .tracer = {.stage = f->stage, .log = f->log},
              .x0 = item % f->tiles_x * TILE_PX,
              .y0 = item / f->tiles_x * TILE_PX};
    unsigned old = bt_embree_float_begin();
    bt_status status = sample_tile(&t);
    bt_embree_float_end(old);
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
    for (uint32_t b = 0; b < view->band_count; b++)
        known = known && view->noise_e2[b] >= 0.0f && isfinite(view->noise_e2[b]);
    if (settings->sensor_share == 0.0f || known) return BT_OK;
    return bt_fail(BT_ERR_INPUT,
                   "a share of the sensor's noise: its exposure is %g ns, its noise "
                   "not a number or below 0",
                   view->exposure_ns);
}

static bt_status check_frame(const bt_stage *stage, const bt_view *view, bt_time_ns label_time_ns,
                             const bt_render_settings *settings, const bt_film *film)
{
    if (film->width_px != view->width_px || film->height_px != view->height_px ||
        film->band_count != view->band_count || film->plane_count != bt_view_planes(view))
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
                       const bt_render_settings *settings)
{
    f->view = view;
    f->planes = bt_view_planes(view);
    f->channels = f->planes * view->band_count;
    f->exposures = bt_exposures_make(view);
    f->width_px = view->width_px;
    f->height_px = view->height_px;
    f->samples = settings->samples ? settings->samples : DEFAULT_SAMPLES;
    uint32_t first = f->samples;
    if (settings->sensor_share > 0.0f)
        first = min(first, max(settings->min_samples, LEAST_SAMPLES));
    while ((1u << f->first_log2) < first)
        f->first_log2++;
    uint64_t seed = settings->seed, number = settings->frame;
    f->seed = bt_hash2(bt_hash2((uint)seed, (uint)(seed >> 32)),
                       bt_hash2((uint)number, (uint)(number >> 32)));
    f->stage = stage;
    f->setup.max_depth = settings->max_depth ? settings->max_depth : DEFAULT_DEPTH;
    f->setup.cone_samples = min(1u << f->first_log2, f->samples);
    f->setup.scatter_only = settings->scatter_only;
    f->fog_exact = settings->fog_exact;
    float rough = settings->caustic_roughness;
    rough = rough == 0.0f ? DEFAULT_CAUSTIC_ROUGHNESS : rough;
    f->setup.caustic_alpha = rough > 0.0f ? bt_ggx_alpha(min(rough, 1.0f)) : 0.0f;
    float sigma = view->filter_sigma_px;
    f->filter_radius_px = sigma > 0.0f ? min(3.0f * sigma, 2.0f) : 0.0f;
    f->cone_rad = 1.0f / max(view->lens.fx, view->lens.fy);
    f->tiles_x = (view->width_px + TILE_PX - 1u) / TILE_PX;
    wavelengths_prepare(f);
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
    for (size_t i = 0; i < pixels; i++)
        f->tally.goal[i] = min(1u << f->first_log2, f->samples);
}

static bool is_unfinished(const frame *f)
{
    bool any = false;
    for (uint32_t row = 0; row < f->height_px; row++)
        any = any || f->unfinished[row];
    return any;
}

// Whole pictures in turn: all pixels are asked about the same state of all their neighbours.
static bt_status render_rounds(frame *f, bt_jobs *jobs)
{
    uint32_t tiles_y = (f->height_px + TILE_PX - 1u) / TILE_PX;
    set_first_goals(f);
    bt_status status = bt_jobs_run(jobs, f->tiles_x * tiles_y, render_tile, f);
    while (status == BT_OK && f->tally.share > 0.0) {
        status = bt_jobs_run(jobs, f->height_px, set_goals, f);
        if (status != BT_OK || !is_unfinished(f)) break;
        status = bt_jobs_run(jobs, f->tiles_x * tiles_y, render_tile, f);
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
    frame f = {.label_time_ns = label_time_ns, .log = log};
    frame_init(&f, stage, view, settings);
    status = bt_tally_init(view, (double)settings->sensor_share, film, &f.tally);
    f.unfinished = bt_alloc(view->height_px, sizeof *f.unfinished);
    if (status == BT_OK && !f.unfinished) status = bt_fail(BT_ERR_MEMORY, "no memory for a frame");
    if (status == BT_OK) status = render_rounds(&f, jobs);
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
