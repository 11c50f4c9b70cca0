// steps.c: the whole range of a sensor in steps of light: signal to noise with its dips where one read
// hands over to the next, dynamic range, companding. camera.md 1.6; EMVA 1288 release 4.0, 8.
//
// The bare sensor sees even light of one wavelength, from a fifth of an electron up over 150 dB, and none:
// one render, evened out and dimmed by
// grey filters.
// Noise is of the difference of two frames, so fixed pattern is not in it. Closed forms: read_model.h.
#include "sensors/bench/lab.h"
#include "sensors/bench/read_model.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/memory.h"

#define LEAST_E 0.2    // chosen: of the first read at the darkest step
#define RANGE_DB 150.0 // camera.md 4, row 9
#define CLEAR_SIGMAS 5.0
#define SIGNALS_MAX (BT_SHEET_READS_MAX + 1) // the reads, then what is fused from them

typedef struct steps {
    bench *b;
    bench_shot shot;
    read_model m;
    uint32_t plane, band, signal_count;
    uint16_t *codes[2][SIGNALS_MAX], *cut[2];
    double nm, least_photons_s;
    double *photons_s;    // (steps + 1), the first in the dark
    read_signal *signals; // (steps + 1, SIGNALS_MAX)
    lab_light light;
    bt_film *dimmed;       // that light times a grey filter's factor
    double light_variance; // Monte-Carlo variance of a pixel of it over its mean squared
    bench_text table;
} steps;

// ---- the sheet's promise -----------------------------------------------------------------------
static double snr_of(read_signal bright, read_signal dark)
{
    return (bright.mean_dn - dark.mean_dn) / sqrt(fmax(bright.variance_dn2, 1e-12));
}

static double model_snr(const read_model *m, uint32_t signal, double photons_s)
{
    return snr_of(read_model_signal(m, signal, photons_s), read_model_signal(m, signal, 0.0));
}

// Light at which signal and noise are equal: bisection of the logarithm.
static double model_least(const read_model *m, uint32_t signal)
{
    double low = 1e-3 / (m->reads[0].exposure_s * m->reads[0].e_s), high = 1e8 * low;
    for (int i = 0; i < 80; i++) {
        double middle = sqrt(low * high);
        if (model_snr(m, signal, middle) < 1.0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static double model_most(const read_model *m, uint32_t signal)
{
    bool fused = signal == m->read_count;
    const read_model_read *r = &m->reads[fused ? m->read_count - 1 : signal];
    double most = (r->full_e - r->dark_e) / (r->e_s * r->exposure_s);
    if (!fused) return most;
    double top = read_model_expand(m, floor(read_model_compress(m, m->top_dn))) -
                 read_model_signal(m, signal, 0.0).mean_dn;
    return fmin(most, top / (m->reads[0].gain_dn_e * m->reads[0].e_s * m->reads[0].exposure_s));
}

// ---- frames -----------------------------------------------------------------------------------
static const char *signal_name(const steps *s, uint32_t signal)
{
    return signal == s->m.read_count ? "fused" : bt_camera_read_name(s->shot.camera, signal);
}

static double linear_of(const steps *s, uint32_t signal, double code)
{
    return signal == s->m.read_count ? bt_camera_linear(s->shot.camera, code) : code;
}

static read_signal pair_signal(const steps *s, uint32_t signal, size_t count)
{
    double sums[2] = {0.0, 0.0}, squares = 0.0;
    for (size_t i = 0; i < count; i++) {
        double a = linear_of(s, signal, s->cut[0][i]), b = linear_of(s, signal, s->cut[1][i]);
        sums[0] += a;
        sums[1] += b;
        squares += (a - b) * (a - b);
    }
    double apart = (sums[0] - sums[1]) / (double)count;
    return (read_signal){0.5 * (sums[0] + sums[1]) / (double)count,
                         0.5 * squares / (double)count - 0.5 * apart * apart};
}

static bt_status read_pair(steps *s, const bt_film *film, uint32_t step)
{
    bt_status status = BT_OK;
    uint32_t width, height;
    bench_plane_size(s->b, &width, &height);
    for (int copy = 0; copy < 2 && status == BT_OK; copy++)
        status =
            bt_camera_read_all(s->shot.camera, &s->shot.state, film, s->shot.frame++,
                               s->b->desc->jobs, s->codes[copy][s->m.read_count], s->codes[copy]);
    for (uint32_t signal = 0; signal < s->signal_count && status == BT_OK; signal++) {
        for (int copy = 0; copy < 2 && status == BT_OK; copy++) {
            char name[64];
            bench_plane_cut(s->b, s->plane, s->codes[copy][signal], s->cut[copy]);
            snprintf(name, sizeof name, "steps/%03u_%s_%d.tiff", step, signal_name(s, signal),
                     copy);
            status = bench_write_tiff(s->b, name, width, height, s->cut[copy]);
        }
        s->signals[step * SIGNALS_MAX + signal] = pair_signal(s, signal, (size_t)width * height);
    }
    return status;
}

// One render at the darkest step's light; grey filters make the others of it.
static bt_status make_light(steps *s)
{
    bench *b = s->b;
    const bt_view *view = &s->shot.view;
    const read_model_read *first = &s->m.reads[0];
    s->least_photons_s = LEAST_E / (first->e_s * first->exposure_s);
    bt_status status = lab_even_film(
        b, s->shot.camera, view, s->least_photons_s / bench_photons_s(b, 1.0, s->nm), 0, &s->light);
    if (status == BT_OK)
        status = bt_film_create_planes(b->width_px, b->height_px, view->band_count,
                                       bt_view_planes(view), &s->dimmed);
    if (status != BT_OK) return status;
    double share = lab_light_share(b, &s->light, s->band, first->exposure_s);
    s->light_variance = share / (LEAST_E * b->width_px * b->height_px);
    lab_light_even(&s->light);
    // where a read is full, no light's noise is seen
    for (uint32_t k = 0; k < s->m.read_count && status == BT_OK; k++)
        status = lab_check_share(b, s->light_variance * s->m.reads[k].full_e);
    return status;
}

static bt_status take_step(steps *s, uint32_t step)
{
    double db = RANGE_DB * (step - 1.0) / (s->b->steps - 1.0);
    double factor = step == 0 ? 0.0 : pow(10.0, db / 20.0);
    const bt_film *light = s->light.film;
    size_t count = bt_film_plane_stride(light) * light->plane_count;
    for (size_t i = 0; i < count; i++)
        s->dimmed->rate_e_s[i] = (float)((double)light->rate_e_s[i] * factor);
    s->photons_s[step] = s->least_photons_s * factor;
    bench_print(&s->table, "%u,%.9g,%.9g,%s,%g\n", step, s->photons_s[step],
                s->shot.state.exposure.exposure_s, bench_band_name(&s->b->truth, s->band), s->nm);
    return read_pair(s, s->dimmed, step);
}

// Decibels by which the light's noise may move a mean.
static double light_error_db(const steps *s)
{
    return 20.0 / log(10.0) * sqrt(s->light_variance);
}

// ---- scores -----------------------------------------------------------------------------------
static double measured_snr(const steps *s, uint32_t signal, uint32_t step)
{
    return snr_of(s->signals[step * SIGNALS_MAX + signal], s->signals[signal]);
}

static double db_of(double ratio)
{
    return 20.0 * log10(fmax(ratio, 1e-9));
}

// Where SNR last crosses 1 on its way up to its first good step, between steps in the logarithm.
static double measured_least(const steps *s, uint32_t signal)
{
    uint32_t good = 1;
    while (good < s->b->steps && measured_snr(s, signal, good) < 2.0)
        good++;
    while (good > 1 && measured_snr(s, signal, good - 1) > 1.0)
        good--;
    if (good == 1) return NAN;
    double low = db_of(measured_snr(s, signal, good - 1)),
           high = db_of(measured_snr(s, signal, good));
    double share = -low / (high - low);
    return s->photons_s[good - 1] * pow(s->photons_s[good] / s->photons_s[good - 1], share);
}

// The top over the response at the last step below 0.7 of it.
static double measured_most(const steps *s, uint32_t signal)
{
    double dark = s->signals[signal].mean_dn;
    double top = s->signals[s->b->steps * SIGNALS_MAX + signal].mean_dn - dark, response = NAN;
    for (uint32_t step = 1; step <= s->b->steps; step++) {
        double own = s->signals[step * SIGNALS_MAX + signal].mean_dn - dark;
        if (own < 0.7 * top) response = own / s->photons_s[step];
    }
    return top / response;
}

static bt_status score_range(steps *s, uint32_t signal)
{
    double truth = db_of(model_most(&s->m, signal) / model_least(&s->m, signal));
    double measured = db_of(measured_most(s, signal) / measured_least(s, signal));
    return bench_add(s->b, "dynamic_range", signal_name(s, signal), "dB", truth, 0.5, 0.5,
                     light_error_db(s), measured);
}

static bool is_clear(const steps *s, uint32_t signal, uint32_t step)
{
    read_signal own = s->signals[step * SIGNALS_MAX + signal];
    double most = s->signals[s->b->steps * SIGNALS_MAX + signal].mean_dn;
    return measured_snr(s, signal, step) > 1.0 &&
           own.mean_dn + CLEAR_SIGMAS * sqrt(own.variance_dn2) < most;
}

static bt_status score_snr(steps *s, uint32_t signal)
{
    double worst = 0.0;
    for (uint32_t step = 1; step <= s->b->steps; step++) {
        if (!is_clear(s, signal, step)) continue;
        double off = db_of(measured_snr(s, signal, step)) -
                     db_of(model_snr(&s->m, signal, s->photons_s[step]));
        if (fabs(off) > fabs(worst)) worst = off;
    }
    return bench_add(s->b, "snr_off", signal_name(s, signal), "dB", 0.0, 1.0, 1.0,
                     light_error_db(s), worst);
}

static double above_black(const read_model *m, uint32_t read, double photons_s)
{
    return read_model_signal(m, read, photons_s).mean_dn - m->black_dn;
}

// From the last step before a read hands over to the lowest one until the next read does.
static bt_status score_dip(steps *s, uint32_t read)
{
    const read_model *m = &s->m;
    uint32_t fused = m->read_count, before = 0, lowest = 0;
    char where[40];
    for (uint32_t step = 1; step <= s->b->steps; step++) {
        double p = s->photons_s[step];
        const read_model_read *next = &m->reads[read + 1];
        bool last = read + 2 == m->read_count;
        if (above_black(m, read, p) <= m->reads[read].low_dn) before = step;
        if (before == step || before == 0 || !is_clear(s, fused, step)) continue;
        if (!last && above_black(m, read + 1, p) > next->low_dn) break;
        if (!lowest || model_snr(m, fused, p) < model_snr(m, fused, s->photons_s[lowest]))
            lowest = step;
    }
    if (!before || !lowest) return BT_OK;
    snprintf(where, sizeof where, "%s>%s", signal_name(s, read), signal_name(s, read + 1));
    double truth = db_of(model_snr(m, fused, s->photons_s[before]) /
                         model_snr(m, fused, s->photons_s[lowest]));
    double measured = db_of(measured_snr(s, fused, before) / measured_snr(s, fused, lowest));
    return bench_add(s->b, "dip", where, "dB", truth, 1.0, 1.0, light_error_db(s), measured);
}

static bt_status plot_snr(steps *s)
{
    size_t plot;
    bt_status status = bench_plot_begin(
        s->b, "Signal to noise", "light, photons per pixel and second", "SNR", true, true, &plot);
    for (uint32_t signal = 0; signal < s->signal_count; signal++)
        for (uint32_t step = 1; step <= s->b->steps && status == BT_OK; step++) {
            if (!is_clear(s, signal, step)) continue;
            status = bench_plot_add(s->b, plot, signal_name(s, signal), BENCH_DOTS,
                                    s->photons_s[step], measured_snr(s, signal, step));
            if (status == BT_OK && signal + 1 == s->signal_count)
                status = bench_plot_add(s->b, plot, "truth", BENCH_LINE, s->photons_s[step],
                                        model_snr(&s->m, signal, s->photons_s[step]));
        }
    return status;
}

static bt_status score(steps *s)
{
    bt_status status = BT_OK;
    for (uint32_t signal = 0; signal < s->signal_count && status == BT_OK; signal++) {
        status = score_range(s, signal);
        if (status == BT_OK) status = score_snr(s, signal);
    }
    for (uint32_t read = 0; read + 1 < s->m.read_count && status == BT_OK; read++)
        status = score_dip(s, read);
    if (status == BT_OK && s->m.fused)
        status = bench_add(s->b, "companding_error", "fused", "code", 0.0, 0.0, 0.5, 0.0, NAN);
    return status == BT_OK ? plot_snr(s) : status;
}

// ---- the chart --------------------------------------------------------------------------------
static bt_status allocate(steps *s)
{
    bench *b = s->b;
    size_t pixels = (size_t)b->width_px * b->height_px;
    bool complete = true;
    for (int copy = 0; copy < 2; copy++) {
        for (uint32_t signal = 0; signal < SIGNALS_MAX; signal++)
            complete &= (s->codes[copy][signal] = bt_alloc(pixels, sizeof(uint16_t))) != NULL;
        complete &= (s->cut[copy] = bt_alloc(pixels, sizeof(uint16_t))) != NULL;
    }
    s->photons_s = bt_alloc(b->steps + 1, sizeof *s->photons_s);
    s->signals = bt_alloc((size_t)(b->steps + 1) * SIGNALS_MAX, sizeof *s->signals);
    if (complete && s->photons_s && s->signals) return BT_OK;
    return bt_fail(BT_ERR_MEMORY, "no memory for steps of %u x %u", b->width_px, b->height_px);
}

static void set_up(steps *s)
{
    bench *b = s->b;
    bench_bare_sensor(b);
    // the longest exposure: every read is then as its ratio says
    bench_set(b, BT_SHEET_AUTO, 0.0);
    bench_set(b, BT_SHEET_EXPOSURE_S, bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_MAX_S));
    s->band = b->truth.band_count > 1 ? 1 : 0; // that metering goes by
    s->plane = bench_band_plane(&b->truth, s->band);
    s->nm = bench_peak_nm(&b->truth, s->band);
    bench_filter(b, s->nm);
    snprintf(b->note, sizeof b->note, "plane %s at %.0f nm, %g s\n",
             bench_plane_name(&b->truth, s->plane), s->nm,
             bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_S));
}

// Dips are looked for from each read to the next in the sheet.
static bt_status check_order(const steps *s)
{
    for (uint32_t k = 0; k < s->m.read_count; k++)
        if (s->m.order[k] != k)
            return bt_fail(BT_ERR_INPUT,
                           "steps: %s: read '%s' is more sensitive than one before it: expected "
                           "the order of falling sensitivity",
                           s->b->truth.name, s->b->truth.reads[s->m.order[k]].name);
    return BT_OK;
}

bt_status bench_steps(bench *b)
{
    steps s = {.b = b};
    set_up(&s);
    bt_status status = bench_shot_begin(b, &s.shot);
    if (status == BT_OK) status = allocate(&s);
    if (status == BT_OK) status = bench_folder(b, "steps");
    if (status == BT_OK) {
        read_model_make(&b->truth, s.shot.state.exposure.exposure_s,
                        s.shot.state.exposure.analog_gain, s.band,
                        bench_qe(&b->truth, s.band, s.nm), &s.m);
        s.signal_count = s.m.read_count + s.m.fused;
        status = check_order(&s);
    }
    if (status == BT_OK) status = make_light(&s);
    bench_print(&s.table, "step,photons_s,exposure_s,band,wavelength_nm\n");
    for (uint32_t step = 0; step <= b->steps && status == BT_OK; step++)
        status = take_step(&s, step);
    if (status == BT_OK) status = score(&s);
    bt_status written = bench_text_write(b, &s.table, "steps.csv");
    for (int copy = 0; copy < 2; copy++) {
        for (uint32_t signal = 0; signal < SIGNALS_MAX; signal++)
            bt_free(s.codes[copy][signal]);
        bt_free(s.cut[copy]);
    }
    lab_light_clear(&s.light);
    bt_film_destroy(s.dimmed);
    bt_free(s.photons_s);
    bt_free(s.signals);
    bench_shot_clear(&s.shot);
    return status != BT_OK ? status : written;
}
