// flat_field.c: even light on the bare sensor: photon transfer (EMVA 1288 release 4.0, 6 to 8), and
// stacks of frames for what differs from pixel to pixel.
//
// A sensor of one read is exposed for ever longer. One of several has each graded by itself, as its
// converter gives it, at one exposure and ever more light (grey filters), for a read's own exposure may
// not follow the first one's.
#include "sensors/bench/lab.h"
#include "sensors/bench/read_model.h"
#include "sensors/bench/transfer_chance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/memory.h"

// The last exposure over the one that fills the well. Chosen: variance must fall from its peak to the
// end, or evaluators that look for the peak from there stop at a ripple of the read noise.
#define PAST_SATURATION 1.03
// camera.md 4, row 1: of the well, apart from where its variance peaks
#define SATURATION_BELOW 0.04
#define SATURATION_ABOVE 0.01
#define GAIN_LIMIT 0.005     // camera.md 4, row 1
#define COOLED_KELVIN 253.15 // chosen: stacks show offsets, not dark current

// Of one plane and exposure: what EMVA 1288 calls mu_y, sigma_y^2 and the same in the dark.
typedef struct step_stats {
    double photons, mean, variance, dark_mean, dark_variance;
} step_stats;

typedef struct flat {
    bench *b;
    bt_camera *camera;
    bt_camera_state state;
    lab_light light; // what the last exposure gets
    bt_film *dark, *dimmed;
    uint16_t *raw[2], *plane[2];
    uint32_t plane_width_px, plane_height_px;
    uint64_t frame; // of the next read
    uint32_t band, read;
    bool dims; // light is dimmed instead of time
    read_model m;
    double nm, photons_s, longest_s;
    step_stats *stats;       // (planes x steps)
    bench_text *descriptors; // (planes)
    bench_text descriptor_of[4];
} flat;

static const read_model_read *read_of(const flat *f)
{
    return &f->m.reads[f->read];
}

// ---- set-up -----------------------------------------------------------------------------------
static bt_status allocate(flat *f)
{
    const bench *b = f->b;
    size_t pixels = (size_t)b->width_px * b->height_px;
    bench_plane_size(b, &f->plane_width_px, &f->plane_height_px);
    for (int i = 0; i < 2; i++) {
        f->raw[i] = bt_alloc(pixels, sizeof(uint16_t));
        f->plane[i] = bt_alloc(pixels, sizeof(uint16_t));
    }
    f->stats = bt_alloc((size_t)4 * b->steps, sizeof *f->stats);
    if (f->raw[0] && f->raw[1] && f->plane[0] && f->plane[1] && f->stats) return BT_OK;
    return bt_fail(BT_ERR_MEMORY, "no memory for frames of %u x %u", b->width_px, b->height_px);
}

// The light, and none: the cap is on.
static bt_status make_films(flat *f)
{
    bench *b = f->b;
    bt_view view;
    bt_camera_view(f->camera, &f->state, BT_POSE_IDENTITY, &view);
    uint32_t planes = bt_view_planes(&view);
    bt_status status =
        bt_film_create_planes(b->width_px, b->height_px, b->sheet.band_count, planes, &f->dark);
    if (status == BT_OK)
        status = bt_film_create_planes(b->width_px, b->height_px, b->sheet.band_count, planes,
                                       &f->dimmed);
    if (status == BT_OK)
        status = lab_even_film(b, f->camera, &view, f->photons_s / bench_photons_s(b, 1.0, f->nm),
                               (uint64_t)f->band * BT_SHEET_READS_MAX + f->read, &f->light);
    // exposures of several planes share the samples: the same everywhere, the light gets the mean of all
    if (status == BT_OK && f->dims) lab_light_even(&f->light);
    return status == BT_OK ? lab_check_light(b, &f->light, f->longest_s) : status;
}

static bt_status flat_begin(flat *f, bench *b, uint32_t band, uint32_t read)
{
    *f = (flat){.b = b, .band = band, .read = read, .nm = bench_peak_nm(&b->truth, band)};
    f->descriptors = f->descriptor_of;
    f->dims = b->truth.read_count > 1;
    bench_filter(b, f->nm);
    double qe = bench_qe(&b->truth, band, f->nm);
    if (!(qe > 0.0))
        return bt_fail(BT_ERR_INPUT, "%s: qe.%s is zero at all wavelengths of the tables",
                       b->sheet.name, bench_band_name(&b->sheet, band));
    bt_status status = bench_camera(b, &f->camera);
    if (status != BT_OK) return status;
    bt_camera_state_init(f->camera, &f->state);
    f->longest_s = f->state.exposure.exposure_s = bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_MAX_S);
    read_model_make(&b->truth, f->longest_s, f->state.exposure.analog_gain, band, qe, &f->m);
    const read_model_read *own = read_of(f);
    f->photons_s = PAST_SATURATION * own->full_e / (own->e_s * own->exposure_s);
    status = allocate(f);
    return status == BT_OK ? make_films(f) : status;
}

static void flat_clear(flat *f)
{
    for (int i = 0; i < 2; i++) {
        bt_free(f->raw[i]);
        bt_free(f->plane[i]);
    }
    for (int i = 0; i < 4; i++)
        bt_free(f->descriptor_of[i].text);
    bt_free(f->stats);
    lab_light_clear(&f->light);
    bt_film_destroy(f->dark);
    bt_film_destroy(f->dimmed);
    bt_camera_destroy(f->camera);
}

// ---- reads ------------------------------------------------------------------------------------
static bool plane_wanted(const flat *f, uint32_t plane)
{
    return plane < bench_plane_count(&f->b->sheet) &&
           bench_plane_band(&f->b->sheet, plane) == f->band;
}

// Of a series: the plane, of a sensor of several reads with its read before it.
static void series_name(const flat *f, uint32_t plane, char name[40])
{
    const char *own = bench_plane_name(&f->b->sheet, plane);
    if (f->dims)
        snprintf(name, 40, "%s_%s", bt_camera_read_name(f->camera, f->read), own);
    else
        snprintf(name, 40, "%s", own);
}

static bt_status write_plane(flat *f, uint32_t plane, const char *kind, uint32_t number,
                             uint32_t copy, const uint16_t *pixels)
{
    char name[96], folder[40];
    series_name(f, plane, folder);
    snprintf(name, sizeof name, "%s/%s_%03u_%u.tiff", folder, kind, number, copy);
    bench_print(&f->descriptors[plane], "i %s\n", name);
    return bench_write_tiff(f->b, name, f->plane_width_px, f->plane_height_px, pixels);
}

// EMVA 1288: sigma^2 = mean((A - B)^2) / 2 - (mean A - mean B)^2 / 2
static void pair_stats(const flat *f, double *mean, double *variance)
{
    size_t count = (size_t)f->plane_width_px * f->plane_height_px;
    double sums[2] = {0.0, 0.0}, squares = 0.0;
    for (size_t i = 0; i < count; i++) {
        double a = f->plane[0][i], b = f->plane[1][i];
        sums[0] += a;
        sums[1] += b;
        squares += (a - b) * (a - b);
    }
    double difference = (sums[0] - sums[1]) / (double)count;
    *mean = 0.5 * (sums[0] + sums[1]) / (double)count;
    *variance = 0.5 * squares / (double)count - 0.5 * difference * difference;
}

// Exposure and light of a share of the series' last step, 0 to 1; gives the film to read.
static const bt_film *expose(flat *f, double share)
{
    const bt_film *light = f->light.film;
    if (!f->dims) {
        f->state.exposure.exposure_s = f->longest_s * share;
        return light;
    }
    size_t count = bt_film_plane_stride(light) * light->plane_count;
    for (size_t i = 0; i < count; i++)
        f->dimmed->rate_e_s[i] = (float)((double)light->rate_e_s[i] * share);
    return f->dimmed;
}

// The read's own exposure: a fixed one, or as the first one's.
static double exposure_of(const flat *f)
{
    return f->dims ? read_of(f)->exposure_s : f->state.exposure.exposure_s;
}

static bt_status read_codes(flat *f, const bt_film *film, uint16_t *raw)
{
    uint16_t *reads[BT_SHEET_READS_MAX] = {NULL};
    reads[f->read] = raw;
    return bt_camera_read_all(f->camera, &f->state, film, f->frame++, f->b->desc->jobs, NULL,
                              reads);
}

static void describe(flat *f, uint32_t plane, bool bright, double photons)
{
    if (bright)
        bench_print(&f->descriptors[plane], "b %.0f %.9g\n", exposure_of(f) * 1e9, photons);
    else
        bench_print(&f->descriptors[plane], "d %.0f\n", exposure_of(f) * 1e9);
}

// Two frames; their planes written and described; stats: bright or dark.
static bt_status read_pair(flat *f, const bt_film *film, uint32_t step, double photons)
{
    bt_status status = BT_OK;
    bool bright = photons > 0.0;
    for (int copy = 0; copy < 2 && status == BT_OK; copy++)
        status = read_codes(f, film, f->raw[copy]);
    for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++) {
        if (!plane_wanted(f, plane)) continue;
        step_stats *s = &f->stats[(size_t)plane * f->b->steps + step];
        if (bright) s->photons = photons;
        describe(f, plane, bright, photons);
        for (uint32_t copy = 0; copy < 2 && status == BT_OK; copy++) {
            bench_plane_cut(f->b, plane, f->raw[copy], f->plane[copy]);
            status = write_plane(f, plane, bright ? "bright" : "dark", step, copy, f->plane[copy]);
        }
        pair_stats(f, bright ? &s->mean : &s->dark_mean, bright ? &s->variance : &s->dark_variance);
    }
    return status;
}

// One exposure has one pair in the dark.
static void share_dark(flat *f)
{
    for (uint32_t plane = 0; plane < 4; plane++) {
        step_stats *s = &f->stats[(size_t)plane * f->b->steps];
        for (uint32_t step = 1; step < f->b->steps; step++) {
            s[step].dark_mean = s[0].dark_mean;
            s[step].dark_variance = s[0].dark_variance;
        }
    }
}

static bt_status read_steps(flat *f)
{
    bt_status status = BT_OK;
    for (uint32_t step = 0; step < f->b->steps && status == BT_OK; step++) {
        double share = (step + 1.0) / f->b->steps;
        double photons = f->photons_s * read_of(f)->exposure_s * share;
        status = read_pair(f, expose(f, share), step, photons);
        if (status == BT_OK && (step == 0 || !f->dims)) status = read_pair(f, f->dark, step, 0.0);
    }
    if (f->dims) share_dark(f);
    return status;
}

// Frames of one exposure, at half of saturation, and as many in the dark.
static bt_status read_stack(flat *f, bool bright)
{
    double share = 0.5 / PAST_SATURATION;
    const bt_film *light = expose(f, share);
    for (uint32_t plane = 0; plane < 4; plane++)
        if (plane_wanted(f, plane))
            describe(f, plane, bright, f->photons_s * read_of(f)->exposure_s * share);
    bt_status status = BT_OK;
    for (uint32_t read = 0; read < f->b->reads && status == BT_OK; read++) {
        status = read_codes(f, bright ? light : f->dark, f->raw[0]);
        for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++) {
            if (!plane_wanted(f, plane)) continue;
            bench_plane_cut(f->b, plane, f->raw[0], f->plane[0]);
            status = write_plane(f, plane, bright ? "stack" : "darkstack", read, 0, f->plane[0]);
        }
    }
    return status;
}

// ---- what came out ----------------------------------------------------------------------------
// Slope of y against x through the origin (EMVA 1288, 6.4).
typedef struct fit {
    double xy, xx;
} fit;

static size_t saturated_step(const step_stats *s, uint32_t steps)
{
    size_t best = 0;
    for (size_t i = 1; i < steps; i++)
        if (s[i].variance > s[best].variance) best = i;
    return best;
}

// Standard error of the light in one pixel, over its mean.
static double light_error(const flat *f)
{
    double electrons = f->photons_s * read_of(f)->e_s * read_of(f)->exposure_s;
    return sqrt(f->light.share[f->band] / electrons);
}

static transfer_chance chance_of(const flat *f)
{
    transfer_series series = {.read = read_of(f),
                              .width_px = f->plane_width_px,
                              .height_px = f->plane_height_px,
                              .steps = f->b->steps,
                              .past = PAST_SATURATION,
                              .one_dark = f->dims};
    return transfer_chance_of(&series);
}

// What a plane's frames say: of a line each, up to 70 % of saturation.
typedef struct photon_transfer {
    double gain, responsivity, saturation_photons, dark_variance; // DN
} photon_transfer;

static photon_transfer measure_transfer(const flat *f, uint32_t plane)
{
    const step_stats *s = &f->stats[(size_t)plane * f->b->steps];
    size_t last = saturated_step(s, f->b->steps);
    double limit = TRANSFER_FIT * (s[last].mean - s[last].dark_mean);
    fit variance = {0}, response = {0};
    for (uint32_t i = 0; i < f->b->steps; i++) {
        double signal = s[i].mean - s[i].dark_mean;
        if (signal > limit) break;
        variance.xy += signal * (s[i].variance - s[i].dark_variance);
        variance.xx += signal * signal;
        response.xy += s[i].photons * signal;
        response.xx += s[i].photons * s[i].photons;
    }
    return (photon_transfer){variance.xy / variance.xx, response.xy / response.xx, s[last].photons,
                             s[0].dark_variance};
}

static bt_status score_plane(const flat *f, uint32_t plane, const char *where)
{
    bench *b = f->b;
    photon_transfer t = measure_transfer(f, plane);
    transfer_chance chance = chance_of(f);
    const read_model_read *own = read_of(f);
    double eta = own->e_s; // photons on the whole pixel, electrons of this photodiode
    double pixels = (double)f->plane_width_px * f->plane_height_px;
    double light = light_error(f) / (f->dims ? 1.0 : sqrt(pixels)); // even light's is that of all
    // at one exposure dark current's own noise is in it
    double sigma = sqrt(own->noise_e2 + (f->dims ? own->dark_e : 0.0));
    double dark = sqrt(fmax(0.0, t.dark_variance - 1.0 / 12.0)) / t.gain;
    double full = t.saturation_photons * t.responsivity / t.gain;
    // that the variance peaks below the full well is no fault
    double missed = 1.0 - chance.peak_e / own->full_e;
    const struct {
        const char *quantity, *unit;
        double value, unlike, below, above, light, chance, measured; // all between relative
    } rows[] = {
        {"K", "DN/e", own->gain_dn_e, 0.0, GAIN_LIMIT, GAIN_LIMIT, light, chance.gain, t.gain},
        {"eta", "", eta, 0.0, 0.005, 0.005, light, chance.gain, t.responsivity / t.gain},
        {"sigma_d", "e", sigma, 0.0, 0.01, 0.01, 0.0, chance.sigma_d, dark},
        {"mu_e_sat", "e", own->full_e, missed, SATURATION_BELOW,
         fmax(SATURATION_ABOVE, TRANSFER_ERRORS * chance.gain), light, chance.saturation, full},
    };
    bt_status status = BT_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && status == BT_OK; i++) {
        double value = rows[i].value, by_chance = TRANSFER_ERRORS * rows[i].chance;
        double above = rows[i].unlike > 0.0 ? rows[i].above : fmax(rows[i].above, by_chance);
        status = bench_add(b, rows[i].quantity, where, rows[i].unit, value,
                           (fmax(rows[i].below, by_chance) + rows[i].unlike) * value, above * value,
                           rows[i].light * value, rows[i].measured);
        if (status == BT_OK) bench_last_noise(b, rows[i].chance * value);
    }
    double linear = fmax(0.05, TRANSFER_ERRORS * 100.0 * chance.linearity);
    if (status == BT_OK)
        status = bench_add(b, "linearity_error", where, "%", 0.0, linear, linear, 0.0, NAN);
    if (status == BT_OK) bench_last_noise(b, 100.0 * chance.linearity);
    return status;
}

static bt_status plot_plane(const flat *f, uint32_t plane, const char *where)
{
    bench *b = f->b;
    size_t transfer, snr;
    char title[64];
    const step_stats *s = &f->stats[(size_t)plane * b->steps];
    double gain = read_of(f)->gain_dn_e, eta = read_of(f)->e_s, noise_e2 = read_of(f)->noise_e2;
    snprintf(title, sizeof title, "Photon transfer, %s, %.0f nm", where, f->nm);
    bt_status status = bench_plot_begin(b, title, "mean over dark, DN", "variance over dark, DN^2",
                                        false, false, &transfer);
    snprintf(title, sizeof title, "Signal to noise, %s, %.0f nm", where, f->nm);
    if (status == BT_OK)
        status = bench_plot_begin(b, title, "photons per pixel", "SNR", true, true, &snr);
    for (uint32_t i = 0; i < b->steps && status == BT_OK; i++) {
        double x = s[i].mean - s[i].dark_mean, p = s[i].photons;
        double ideal = eta * p / sqrt(noise_e2 + 1.0 / (12.0 * gain * gain) + eta * p);
        status = bench_plot_add(b, transfer, "measured", BENCH_DOTS, x,
                                s[i].variance - s[i].dark_variance);
        if (status == BT_OK) status = bench_plot_add(b, transfer, "truth", BENCH_LINE, x, gain * x);
        // beyond the peak of its variance it is full
        if (status == BT_OK && i <= saturated_step(s, b->steps))
            status = bench_plot_add(b, snr, "measured", BENCH_DOTS, p, x / sqrt(s[i].variance));
        if (status == BT_OK) status = bench_plot_add(b, snr, "truth", BENCH_LINE, p, ideal);
    }
    return status;
}

static bt_status spatial_rows(const flat *f, const char *where)
{
    bench *b = f->b;
    double prnu = 100.0 * read_of(f)->prnu, dsnu = read_of(f)->dsnu_e;
    double error = 100.0 * light_error(f); // the same in all frames: adds to what differs
    bt_status status = bench_add(b, "PRNU", where, "%", prnu, 0.02 * prnu, 0.02 * prnu,
                                 prnu > 0.0 ? 0.5 * error * error / prnu : error, NAN);
    if (status == BT_OK)
        status = bench_add(b, "DSNU", where, "e", dsnu, 0.02 * dsnu, 0.02 * dsnu, 0.0, NAN);
    return status;
}

static bt_status finish_planes(flat *f)
{
    bt_status status = BT_OK;
    for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++) {
        if (!plane_wanted(f, plane)) continue;
        char name[64], where[40];
        series_name(f, plane, where);
        snprintf(name, sizeof name, "emva1288_%s.txt", where);
        status = bench_text_write(f->b, &f->descriptors[plane], name);
        if (status == BT_OK)
            status = f->b->reads > 0 ? spatial_rows(f, where) : score_plane(f, plane, where);
        if (status == BT_OK) status = plot_plane(f, plane, where);
    }
    return status;
}

static bt_status begin_series(flat *f)
{
    bt_status status = BT_OK;
    for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++) {
        char name[40];
        if (!plane_wanted(f, plane)) continue;
        series_name(f, plane, name);
        status = bench_folder(f->b, name);
        bench_print(&f->descriptors[plane],
                    "# EMVA 1288 descriptor: %s, %.0f nm; files lie beside it\nv 4.0\n"
                    "n %.0f %u %u\n",
                    name, f->nm, bt_sheet_get(&f->b->sheet, BT_SHEET_BIT_DEPTH), f->plane_width_px,
                    f->plane_height_px);
    }
    return status;
}

static bt_status measure_read(bench *b, uint32_t band, uint32_t read)
{
    flat f;
    bt_status status = flat_begin(&f, b, band, read);
    if (status == BT_OK) status = begin_series(&f);
    if (status == BT_OK) status = read_steps(&f);
    if (status == BT_OK && b->reads > 0) status = read_stack(&f, true);
    if (status == BT_OK && b->reads > 0) status = read_stack(&f, false);
    if (status == BT_OK) status = finish_planes(&f);
    flat_clear(&f);
    return status;
}

// Relative standard error of the gain by chance alone: a variance of n pixels is known to sqrt(2 / n), and a line
// through the origin of m points, evenly apart up to TRANSFER_FIT of saturation, takes 9 / (5 m) of that squared.
static bt_status check_size(const bench *b)
{
    uint32_t width, height;
    bench_plane_size(b, &width, &height);
    double points = b->steps * TRANSFER_FIT / PAST_SATURATION;
    double error = sqrt(2.0 * 9.0 / 5.0 / (points * width * height));
    if (error <= GAIN_LIMIT) return BT_OK;
    return bt_fail(BT_ERR_INPUT,
                   "%s at %u x %u with %u steps tells a gain to %.2g %%, its limit is %g %%: "
                   "expected a larger picture or more steps",
                   b->desc->chart, b->width_px, b->height_px, b->steps, 100.0 * error,
                   100.0 * GAIN_LIMIT);
}

static bt_status every_band(bench *b)
{
    bt_status status = BT_OK;
    uint32_t reads = b->truth.read_count > 1 ? b->truth.read_count : 1;
    bench_bare_sensor(b);
    for (uint32_t i = 0; i < b->sheet.band_count * reads && status == BT_OK; i++) {
        bt_sheet_curve own[2] = {b->sheet.ir_cut, b->truth.ir_cut};
        status = measure_read(b, i / reads, i % reads);
        b->sheet.ir_cut = own[0];
        b->truth.ir_cut = own[1];
    }
    return status;
}

bt_status bench_flat_field(bench *b)
{
    bt_status status = check_size(b);
    return status == BT_OK ? every_band(b) : status;
}

bt_status bench_spatial(bench *b)
{
    bench_set(b, BT_SHEET_TEMPERATURE_KELVIN, COOLED_KELVIN);
    snprintf(b->note, sizeof b->note, "the sensor is cooled to %g K\n", COOLED_KELVIN);
    return every_band(b);
}
