// render_film.c: a frame from what is asked for to its film: checks, rounds of samples, a warning when it is black.
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/render/shot.h"

#define DEFAULT_SAMPLES 32u
#define MAX_SAMPLES 65536u
#define LEAST_SAMPLES 16u // that can tell how many more are needed
#define NEEDS_STEP 1.5    // chosen: of the mean, between two looks at what pixels need
#define NEEDS_NET 16u     // chosen: times the first samples; beyond, nets follow each other
#define DEFAULT_DEPTH 6u
#define MAX_DEPTH 64u
#define DEFAULT_CAUSTIC_ROUGHNESS 0.6f
#define MAX_RESPONSE 1e25f // so that sums stay floats

#define GUARD_SAMPLES 4u // beyond the picture, of so many samples one is taken: chosen
#define MOST_GUARD_PX 4096u

// A frame is black when nothing in it has this share of a white surface in the open: chosen. Air
// between close walls still scatters 1e-4 of the light outside, which no wall shades.
#define BLACK_SHARE 1e-3

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
    if (settings->by_need && settings->sensor_share > 0.0f)
        return bt_fail(BT_ERR_INPUT,
                       "samples by need and down to a share of the sensor's noise: one of both");
    if (!bt_render_by_sensor(settings) || known) return BT_OK;
    return bt_fail(BT_ERR_INPUT,
                   "samples by the sensor's noise: its exposure is %g ns, its noise "
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

// Everywhere, before the others go where they are needed: a power of two, a quarter to a half of all.
static uint32_t first_of_needs(uint32_t samples)
{
    uint32_t first = LEAST_SAMPLES;
    while (4u * first <= samples)
        first *= 2u;
    return first;
}

static void frame_init(bt_shot *f, const bt_stage *stage, const bt_view *view,
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
    bt_wavelength_limits(stage->renderer, view, f->limits_nm);
    uint32_t first = f->samples;
    if (settings->sensor_share > 0.0f)
        first = min(first, max(settings->min_samples, LEAST_SAMPLES));
    // by need a pixel goes on by any number: all are to be the beginning of one net, as large as it may become
    uint32_t net = first;
    if (settings->by_need) {
        first = min(first, first_of_needs(first));
        net = NEEDS_NET * first;
    }
    bt_aim aim = {.stage = stage,
                  .view = view,
                  .label_time_ns = label_time_ns,
                  .seed = settings->seed,
                  .frame = settings->frame,
                  .first_samples = net,
                  .fog_exact = settings->fog_exact,
                  .limits_nm = f->limits_nm};
    f->eye = bt_eye_make(&aim);
    f->first = min(settings->by_need ? first : 1u << f->eye.first_log2, f->samples);
    f->setup.cone_samples = f->first;
}

// ---- rounds -----------------------------------------------------------------------------------
static bt_status set_goals(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    bt_shot *f = context;
    f->unfinished[row] = bt_tally_set_goals(&f->tally, row, f->samples);
    return BT_OK;
}

static void set_first_goals(const bt_shot *f)
{
    size_t pixels = (size_t)f->width_px * f->height_px;
    memset(f->tally.film->samples, 0, pixels * sizeof *f->tally.film->samples);
    uint32_t first = f->first;
    for (size_t i = 0; i < pixels; i++)
        f->tally.goal[i] =
            bt_tally_in_guard(&f->tally, (uint32_t)(i % f->width_px), (uint32_t)(i / f->width_px))
                ? max(first / GUARD_SAMPLES, 1u)
                : first;
}

static bool is_unfinished(const bt_shot *f)
{
    bool any = false;
    for (uint32_t row = 0; row < f->height_px; row++)
        any = any || f->unfinished[row];
    return any;
}

// A row of the lattice, which spans film and margin.
static bt_status fill_lattice_row(void *context, uint32_t row, uint32_t worker)
{
    (void)worker;
    const bt_shot *f = context;
    bt_eye eye = f->eye;
    bt_eye_fill_lattice(&eye, -BT_EYE_MARGIN_PX, (int)row - BT_EYE_MARGIN_PX, f->eye.columns, 1,
                        f->lattice + (size_t)row * (size_t)f->eye.columns);
    return BT_OK;
}

// Once for all rounds: a lens's inverse takes longer than a ray.
static bt_status make_lattice(bt_shot *f, bt_jobs *jobs)
{
    uint32_t columns = f->width_px + 2u * BT_EYE_MARGIN_PX;
    uint32_t rows = f->height_px + 2u * BT_EYE_MARGIN_PX;
    f->lattice = bt_alloc((size_t)columns * rows, sizeof *f->lattice);
    if (!f->lattice)
        return bt_fail(BT_ERR_MEMORY, "a frame of %u x %u px", f->width_px, f->height_px);
    f->eye.left = f->eye.top = -BT_EYE_MARGIN_PX;
    f->eye.columns = (int)columns;
    f->eye.rows = (int)rows;
    f->eye.lattice = f->lattice;
    return bt_jobs_run(jobs, rows, fill_lattice_row, f);
}

static bt_status render_round(bt_shot *f, bt_jobs *jobs)
{
    if (f->stage->vulkan && !f->log) return bt_shot_sample_on_device(f, jobs);
    return bt_shot_sample_tiles(f, jobs);
}

// What pixels need is known better with each round.
static bt_status render_by_need(bt_shot *f, bt_jobs *jobs)
{
    bt_status status = BT_OK;
    double mean = f->first;
    while (status == BT_OK && mean < f->samples) {
        mean = min(mean * NEEDS_STEP, (double)f->samples);
        status = bt_tally_allot(&f->tally, mean, jobs);
        if (status == BT_OK) status = render_round(f, jobs);
    }
    return status;
}

// Whole pictures in turn: all pixels are asked about the same state of all their neighbours.
static bt_status render_rounds(bt_shot *f, bt_jobs *jobs)
{
    set_first_goals(f);
    bt_status status = render_round(f, jobs);
    if (status == BT_OK && f->by_need) status = render_by_need(f, jobs);
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
    bt_shot f = {.log = log, .by_need = settings->by_need};
    frame_init(&f, stage, view, label_time_ns, settings);
    status = bt_tally_init(view, (double)settings->sensor_share, film, &f.tally);
    f.unfinished = bt_alloc(f.height_px, sizeof *f.unfinished);
    if (status == BT_OK && !f.unfinished) status = bt_fail(BT_ERR_MEMORY, "no memory for a frame");
    if (status == BT_OK) status = bt_shot_make_tiles(jobs ? bt_jobs_threads(jobs) : 1, &f.tiles);
    if (status == BT_OK) status = make_lattice(&f, jobs);
    if (status == BT_OK) status = render_rounds(&f, jobs);
    bt_free(f.lattice);
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
