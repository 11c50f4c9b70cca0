// steps.c: the whole range of a sensor in steps of light: signal to noise with its dips where one read
// hands over to the next, dynamic range, companding. camera.md 1.6; EMVA 1288 release 4.0, 8.
//
// The bare sensor sees even light of one wavelength, from a fifth of an electron up over 150 dB, and none:
// one render, evened out and
// dimmed by grey filters.
// Noise is of the difference of two frames, so fixed pattern is not in it.
//
// The closed form of a read: sigma^2 = g^2 (sigma_d^2 + mu) + 1/12, at most full. Of the fused signal
// f = sum c_k s_k d_k: reads of one exposure have the same shot noise; the slopes of the weights cancel,
// as both reads say the same there. A code's own width comes in through the probability of each code.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/core/memory.h"
#include "sensors/camera/imager/read_plan.h"

#define LEAST_E 0.2    // chosen: of the first read at the darkest step
#define RANGE_DB 150.0 // camera.md 4, row 9
#define SIGMAS 6.0     // of a code's probability that are summed
#define OFFSET_PARTS 10
#define WEAK_E 20 // where shot noise is not yet normal
#define CLEAR_SIGMAS 5.0
#define SIGNALS_MAX (BT_SHEET_READS_MAX + 1) // the reads, then what is fused from them

typedef struct model_read {
    uint32_t plane;
    double exposure_s, e_s;             // e_s: electrons per second for a photon per second
    double dark_e, noise_e2, gain_dn_e; // noise_e2: in the dark, without shot noise
    double full_e, scale, low_dn, high_dn;
} model_read;

typedef struct model {
    const bt_camera_sheet *sheet;
    uint32_t read_count;
    model_read
        reads[BT_SHEET_READS_MAX]; // in the sheet's order, which is that of falling sensitivity
    double black_dn, fused_black_dn, top_dn;
    double offset_sigma_dn; // of the first read in the dark, from pixel to pixel
    bool fused;
} model;

typedef struct step_signal {
    double mean_dn, variance_dn2; // linear counts: companded ones are expanded
} step_signal;

typedef struct steps {
    bench *b;
    bench_shot shot;
    model m;
    uint32_t plane, band, signal_count;
    uint16_t *codes[2][SIGNALS_MAX], *cut[2];
    double nm, least_photons_s;
    double *photons_s;       // (steps + 1), the first in the dark
    step_signal *signals;    // (steps + 1, SIGNALS_MAX)
    bt_film *light, *dimmed; // one render, and that times a grey filter's factor
    double light_variance;   // Monte-Carlo variance of a pixel of it over its mean squared
    bench_text table;
} steps;

// ---- the sheet's promise ----------------------------------------------------------------------
static double own_or(const bt_camera_sheet *sheet, uint32_t read, bt_read_key key, double otherwise)
{
    if (read >= sheet->read_count) return otherwise;
    double own = bt_read_get(&sheet->reads[read], key);
    bool said = key == BT_READ_CONVERSION_E_DN || key == BT_READ_RANGE_E ? own > 0.0 : own >= 0.0;
    return said ? own : otherwise;
}

static void model_charge(const bt_camera_sheet *sheet, bool small, uint32_t read, model_read *r)
{
    double well = bt_sheet_get(sheet, small ? BT_SHEET_SMALL_FULL_WELL_E : BT_SHEET_FULL_WELL_E);
    double counts = exp2(bt_sheet_get(sheet, BT_SHEET_BIT_DEPTH)) - 1.0 -
                    bt_sheet_get(sheet, BT_SHEET_BLACK_LEVEL_DN);
    double fallback = bt_sheet_get(sheet, BT_SHEET_CONVERSION_E_DN);
    if (small || fallback <= 0.0) fallback = well / counts;
    r->gain_dn_e = bt_sheet_get(sheet, BT_SHEET_ANALOG_GAIN) /
                   own_or(sheet, read, BT_READ_CONVERSION_E_DN, fallback);
    r->full_e = fmin(fmin(well, counts / r->gain_dn_e), own_or(sheet, read, BT_READ_RANGE_E, well));
    double noise =
        own_or(sheet, read, BT_READ_READ_NOISE_E, bt_sheet_get(sheet, BT_SHEET_READ_NOISE_E));
    double row =
        own_or(sheet, read, BT_READ_ROW_NOISE_E, bt_sheet_get(sheet, BT_SHEET_ROW_NOISE_E));
    r->noise_e2 = noise * noise + row * row;
}

static model_read model_of(const steps *s, const bt_read_plan *plan, uint32_t read)
{
    const bt_camera_sheet *sheet = &s->b->truth;
    model_read r = {.plane = plan->plane_of[read]};
    bool small = plan->planes[r.plane].small;
    r.exposure_s = plan->planes[r.plane].exposure_s;
    r.e_s = bench_qe(sheet, s->band, s->nm);
    if (small)
        r.e_s *= bt_sheet_get(sheet, BT_SHEET_SMALL_SENSITIVITY) *
                 bt_sheet_get(sheet, (bt_sheet_key)(BT_SHEET_SMALL_RED + sheet->filters[s->band]));
    model_charge(sheet, small, read, &r);
    double kelvin = bt_sheet_get(sheet, BT_SHEET_TEMPERATURE_KELVIN);
    double dark = bench_dark_e_s(sheet, kelvin);
    if (small)
        dark *= bt_sheet_get(sheet, BT_SHEET_SMALL_DARK_CURRENT_E_S) /
                bt_sheet_get(sheet, BT_SHEET_DARK_CURRENT_E_S);
    r.dark_e = dark * r.exposure_s;
    double range = r.full_e * r.gain_dn_e;
    r.low_dn = range * bt_sheet_get(sheet, BT_SHEET_BLEND_LOW);
    r.high_dn = range * bt_sheet_get(sheet, BT_SHEET_BLEND_HIGH);
    return r;
}

static double sensitivity(const model_read *r, double all_e_s)
{
    return r->gain_dn_e * r->exposure_s * r->e_s / all_e_s;
}

static bt_status model_make(steps *s)
{
    model *m = &s->m;
    bt_read_plan plan;
    const bt_camera_sheet *sheet = &s->b->truth;
    bt_read_plan_make(sheet, s->shot.state.exposure.exposure_s, &plan);
    *m = (model){.sheet = sheet,
                 .read_count = plan.read_count,
                 .fused = sheet->read_count > 1 || sheet->companding.count > 0,
                 .black_dn = bt_sheet_get(sheet, BT_SHEET_BLACK_LEVEL_DN)};
    for (uint32_t k = 0; k < m->read_count; k++) {
        m->reads[k] = model_of(s, &plan, k);
        m->reads[k].scale = sensitivity(&m->reads[0], 1.0) / sensitivity(&m->reads[k], 1.0);
    }
    const model_read *first = &m->reads[0];
    double spread = bt_sheet_get(sheet, BT_SHEET_DARK_SPREAD); // log-normal, of mean 1
    m->offset_sigma_dn = first->gain_dn_e * hypot(own_or(sheet, 0, BT_READ_DSNU_E,
                                                         bt_sheet_get(sheet, BT_SHEET_DSNU_E)),
                                                  first->dark_e * sqrt(exp(spread * spread) - 1.0));
    bool several = sheet->read_count > 1;
    m->fused_black_dn = several ? bt_sheet_get(sheet, BT_SHEET_HDR_BLACK_DN) : m->black_dn;
    m->top_dn = exp2(bt_sheet_get(sheet, several ? BT_SHEET_HDR_BITS : BT_SHEET_BIT_DEPTH)) - 1.0;
    if (sheet->companding.count > 0)
        m->top_dn = fmin(m->top_dn, sheet->companding.at[sheet->companding.count - 1]);
    s->signal_count = m->read_count + m->fused;
    for (uint32_t k = 1; k < m->read_count; k++)
        if (m->reads[k].scale < m->reads[k - 1].scale)
            return bt_fail(BT_ERR_INPUT,
                           "steps: %s: reads '%s' is more sensitive than '%s' before it: expected "
                           "the order of falling sensitivity",
                           sheet->name, sheet->reads[k].name, sheet->reads[k - 1].name);
    return BT_OK;
}

static step_signal read_signal(const model_read *r, double photons_s)
{
    double mu = photons_s * r->e_s * r->exposure_s + r->dark_e;
    double shot = mu < r->full_e ? mu : 0.0; // a full well, or the top count, is always the same
    return (step_signal){fmin(mu, r->full_e) * r->gain_dn_e,
                         r->gain_dn_e * r->gain_dn_e * (r->noise_e2 + shot) + 1.0 / 12.0};
}

// Linear, before rounding to counts and codes.
static step_signal linear_signal(const model *m, double photons_s)
{
    double left = 1.0, plane_gain[BT_SHEET_READS_MAX] = {0}, charge[BT_SHEET_READS_MAX] = {0};
    step_signal f = {0};
    for (uint32_t k = 0; k < m->read_count; k++) {
        const model_read *r = &m->reads[k];
        step_signal own = read_signal(r, photons_s);
        double weight = (r->high_dn - own.mean_dn) / (r->high_dn - r->low_dn);
        weight = k + 1 == m->read_count ? left : left * bt_clamp(weight, 0.0, 1.0);
        left -= weight;
        double mu = photons_s * r->e_s * r->exposure_s + r->dark_e;
        f.mean_dn += weight * r->scale * own.mean_dn;
        plane_gain[r->plane] += weight * r->scale * r->gain_dn_e;
        charge[r->plane] = mu < r->full_e ? mu : 0.0;
        f.variance_dn2 += weight * weight * r->scale * r->scale *
                          (r->gain_dn_e * r->gain_dn_e * r->noise_e2 + 1.0 / 12.0);
    }
    for (uint32_t p = 0; p < BT_SHEET_READS_MAX; p++)
        f.variance_dn2 += plane_gain[p] * plane_gain[p] * charge[p];
    return f;
}

// Straight between knees; beyond them nothing.
static double along(const double *x, const double *y, uint32_t count, double at)
{
    uint32_t i = 1;
    while (i + 1 < count && at > x[i])
        i++;
    return y[i - 1] + (at - x[i - 1]) * (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
}

static double expand(const model *m, double code)
{
    const bt_sheet_curve *c = &m->sheet->companding;
    return c->count ? along(c->value, c->at, c->count, code) : code;
}

static double compress(const model *m, double linear)
{
    const bt_sheet_curve *c = &m->sheet->companding;
    return c->count ? along(c->at, c->value, c->count, linear) : linear;
}

// Mean and variance of what codes stand for, of a normal signal.
static step_signal normal_codes(const model *m, step_signal f)
{
    double mean = f.mean_dn + m->fused_black_dn, sigma = sqrt(f.variance_dn2);
    double top = floor(compress(m, m->top_dn));
    double first = bt_clamp(floor(compress(m, mean - SIGMAS * sigma)), 0.0, top);
    double last = bt_clamp(ceil(compress(m, mean + SIGMAS * sigma)), 0.0, top);
    double sum = 0.0, squares = 0.0, below = 0.0;
    for (double code = first; code <= last; code += 1.0) {
        double edge = (expand(m, code + 0.5) - mean) / sigma;
        double under = code < last ? 0.5 * erfc(-edge / sqrt(2.0)) : 1.0;
        double away = expand(m, code) - mean;
        sum += (under - below) * away;
        squares += (under - below) * away * away;
        below = under;
    }
    return (step_signal){mean + sum, squares - sum * sum};
}

// Of one pixel in weak light, which its first read alone sees: each number of electrons by itself.
static step_signal counted_codes(const model *m, double electrons, double offset_dn)
{
    const model_read *r = &m->reads[0];
    double weight = exp(-electrons), sum = 0.0, squares = 0.0;
    double noise = r->gain_dn_e * r->gain_dn_e * r->noise_e2 + 1.0 / 12.0;
    for (int k = 0; k < 3 * WEAK_E; k++) {
        step_signal own = normal_codes(m, (step_signal){k * r->gain_dn_e + offset_dn, noise});
        sum += weight * own.mean_dn;
        squares += weight * (own.variance_dn2 + own.mean_dn * own.mean_dn);
        weight *= electrons / (k + 1);
    }
    return (step_signal){sum, squares - sum * sum};
}

// Pixels differ by their offsets, and where the fused signal ends at 0 so does how much of their noise
// is left: means over pixels. The first read's alone: it is what is seen where offsets matter.
static step_signal coded_signal(const model *m, double photons_s)
{
    const model_read *r = &m->reads[0];
    double weights = 0.0, electrons = photons_s * r->e_s * r->exposure_s + r->dark_e;
    if (electrons > WEAK_E) return normal_codes(m, linear_signal(m, photons_s));
    step_signal sum = {0};
    for (int i = -OFFSET_PARTS; i <= OFFSET_PARTS; i++) {
        double z = 3.0 * i / OFFSET_PARTS, weight = exp(-0.5 * z * z);
        step_signal own = counted_codes(m, electrons, z * m->offset_sigma_dn);
        sum.mean_dn += weight * own.mean_dn;
        sum.variance_dn2 += weight * own.variance_dn2;
        weights += weight;
    }
    return (step_signal){sum.mean_dn / weights, sum.variance_dn2 / weights};
}

static step_signal model_signal(const model *m, uint32_t signal, double photons_s)
{
    if (signal < m->read_count) {
        step_signal own = read_signal(&m->reads[signal], photons_s);
        own.mean_dn += m->black_dn;
        return own;
    }
    return coded_signal(m, photons_s);
}

static double snr_of(step_signal bright, step_signal dark)
{
    return (bright.mean_dn - dark.mean_dn) / sqrt(fmax(bright.variance_dn2, 1e-12));
}

static double model_snr(const model *m, uint32_t signal, double photons_s)
{
    return snr_of(model_signal(m, signal, photons_s), model_signal(m, signal, 0.0));
}

// Light at which signal and noise are equal: bisection of the logarithm.
static double model_least(const model *m, uint32_t signal)
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

static double model_most(const model *m, uint32_t signal)
{
    bool fused = signal == m->read_count;
    const model_read *r = &m->reads[fused ? m->read_count - 1 : signal];
    double most = (r->full_e - r->dark_e) / (r->e_s * r->exposure_s);
    if (!fused) return most;
    double top = expand(m, floor(compress(m, m->top_dn))) - model_signal(m, signal, 0.0).mean_dn;
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

static step_signal pair_signal(const steps *s, uint32_t signal, size_t count)
{
    double sums[2] = {0.0, 0.0}, squares = 0.0;
    for (size_t i = 0; i < count; i++) {
        double a = linear_of(s, signal, s->cut[0][i]), b = linear_of(s, signal, s->cut[1][i]);
        sums[0] += a;
        sums[1] += b;
        squares += (a - b) * (a - b);
    }
    double apart = (sums[0] - sums[1]) / (double)count;
    return (step_signal){0.5 * (sums[0] + sums[1]) / (double)count,
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

// Even light is the same everywhere: each pixel gets the mean of all.
static void even_out(bt_film *film)
{
    size_t pixels = (size_t)film->width_px * film->height_px;
    for (uint32_t plane = 0; plane < film->plane_count; plane++)
        for (uint32_t band = 0; band < film->band_count; band++) {
            float *rate = film->rate_e_s + plane * bt_film_plane_stride(film) + band;
            double sum = 0.0;
            for (size_t i = 0; i < pixels; i++)
                sum += (double)rate[i * film->band_count];
            for (size_t i = 0; i < pixels; i++)
                rate[i * film->band_count] = (float)(sum / (double)pixels);
        }
}

// One render at the darkest step's light; grey filters make the others of it.
static bt_status make_light(steps *s)
{
    bench *b = s->b;
    const bt_view *view = &s->shot.view;
    double spread[BT_VIEW_MAX_BANDS];
    const model_read *first = &s->m.reads[0];
    s->least_photons_s = LEAST_E / (first->e_s * first->exposure_s);
    bt_status status =
        lab_even_film(b, s->shot.camera, view, s->least_photons_s / bench_photons_s(b, 1.0, s->nm),
                      0, &s->light, spread);
    if (status == BT_OK)
        status = bt_film_create_planes(b->width_px, b->height_px, view->band_count,
                                       bt_view_planes(view), &s->dimmed);
    if (status == BT_OK) even_out(s->light);
    double pixels = (double)b->width_px * b->height_px;
    s->light_variance =
        status == BT_OK ? spread[s->band] * first->exposure_s / (LEAST_E * pixels) : 0.0;
    // where a read is full, no light's noise is seen
    for (uint32_t k = 0; k < s->m.read_count && status == BT_OK; k++)
        status = lab_check_light(b, s->light_variance, s->m.reads[k].full_e);
    return status;
}

static bt_status take_step(steps *s, uint32_t step)
{
    double db = RANGE_DB * (step - 1.0) / (s->b->steps - 1.0);
    double factor = step == 0 ? 0.0 : pow(10.0, db / 20.0);
    size_t count = bt_film_plane_stride(s->light) * s->light->plane_count;
    for (size_t i = 0; i < count; i++)
        s->dimmed->rate_e_s[i] = (float)((double)s->light->rate_e_s[i] * factor);
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
    step_signal own = s->signals[step * SIGNALS_MAX + signal];
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

// From the last step before a read hands over to the lowest one until the next read does.
static bt_status score_dip(steps *s, uint32_t read)
{
    const model *m = &s->m;
    uint32_t fused = m->read_count, before = 0, lowest = 0;
    char where[40];
    for (uint32_t step = 1; step <= s->b->steps; step++) {
        double p = s->photons_s[step];
        const model_read *next = &m->reads[read + 1];
        bool last = read + 2 == m->read_count;
        if (read_signal(&m->reads[read], p).mean_dn <= m->reads[read].low_dn) before = step;
        if (before == step || before == 0 || !is_clear(s, fused, step)) continue;
        if (!last && read_signal(next, p).mean_dn > next->low_dn) break;
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
    bt_status status =
        bench_plot_begin(s->b, "Signal to noise", "photons per second", "SNR", true, true, &plot);
    for (uint32_t signal = 0; signal < s->signal_count; signal++)
        for (uint32_t step = 1; step <= s->b->steps && status == BT_OK; step++) {
            if (!is_clear(s, signal, step)) continue;
            status = bench_plot_add(s->b, plot, signal_name(s, signal), false, s->photons_s[step],
                                    measured_snr(s, signal, step));
            if (status == BT_OK && signal + 1 == s->signal_count)
                status = bench_plot_add(s->b, plot, "truth", true, s->photons_s[step],
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
    bench_take_lens_off(b);
    bench_window(b, 0.0, 0.0, b->width_px, b->height_px);
    bench_set(b, BT_SHEET_CX_PX, -1.0);
    bench_set(b, BT_SHEET_CY_PX, -1.0);
    bench_set(b, BT_SHEET_SMALL_CORNER, 1.0);
    // the longest exposure: every read is then as its ratio says
    bench_set(b, BT_SHEET_AUTO, 0.0);
    bench_set(b, BT_SHEET_EXPOSURE_S, bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_MAX_S));
    s->band = b->truth.band_count > 1 ? 1 : 0; // that metering goes by
    while (bench_plane_band(&b->truth, s->plane) != s->band)
        s->plane++;
    s->nm = bench_peak_nm(&b->truth, s->band);
    bench_filter(b, s->nm);
    snprintf(b->note, sizeof b->note, "plane %s at %.0f nm, %g s\n",
             bench_plane_name(&b->truth, s->plane), s->nm,
             bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_S));
}

bt_status bench_steps(bench *b)
{
    steps s = {.b = b};
    set_up(&s);
    bt_status status = bench_shot_begin(b, &s.shot);
    if (status == BT_OK) status = allocate(&s);
    if (status == BT_OK) status = bench_folder(b, "steps");
    if (status == BT_OK) status = model_make(&s);
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
    bt_film_destroy(s.light);
    bt_film_destroy(s.dimmed);
    bt_free(s.photons_s);
    bt_free(s.signals);
    bench_shot_clear(&s.shot);
    return status != BT_OK ? status : written;
}
