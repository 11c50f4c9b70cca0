// flat_field.c: even light on the bare sensor: photon transfer (EMVA 1288 release 4.0, 6 to 8), and
// stacks of frames for what differs from pixel to pixel.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/memory.h"

// The last exposure over the one that fills the well. Chosen: variance must fall from its peak to the
// end, or evaluators that look for the peak from there stop at a ripple of the read noise.
#define PAST_SATURATION 1.03
#define COOLED_KELVIN 253.15 // chosen: stacks show offsets, not dark current

// Of one plane and exposure: what EMVA 1288 calls mu_y, sigma_y^2 and the same in the dark.
typedef struct step_stats {
    double photons, mean, variance, dark_mean, dark_variance;
} step_stats;

typedef struct flat {
    bench *b;
    bt_camera *camera;
    bt_camera_state state;
    bt_film *film, *dark;
    uint16_t *raw[2], *plane[2];
    uint32_t plane_width_px, plane_height_px;
    uint64_t frame; // of the next read
    uint32_t band;
    double nm, photons_s, longest_s;
    double spread[BT_VIEW_MAX_BANDS];
    step_stats *stats;       // (planes x steps)
    bench_text *descriptors; // (planes)
    bench_text descriptor_of[4];
} flat;

// ---- set-up -----------------------------------------------------------------------------------
static bt_status flat_begin(flat *f, bench *b, uint32_t band)
{
    *f = (flat){.b = b, .band = band, .nm = bench_peak_nm(&b->truth, band)};
    f->descriptors = f->descriptor_of;
    bench_filter(b, f->nm);
    double qe = bench_qe(&b->truth, band, f->nm);
    if (!(qe > 0.0))
        return bt_fail(BT_ERR_INPUT, "%s: qe.%s is zero at all wavelengths of the tables",
                       b->sheet.name, bench_band_name(&b->sheet, band));
    bt_status status = bench_camera(b, &f->camera);
    if (status != BT_OK) return status;
    bt_camera_state_init(f->camera, &f->state);
    f->longest_s = bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_MAX_S);
    double full = bench_saturation_e(&b->truth, f->state.exposure.analog_gain);
    f->photons_s = PAST_SATURATION * full / (qe * f->longest_s);

    size_t pixels = (size_t)b->width_px * b->height_px;
    bench_plane_size(b, &f->plane_width_px, &f->plane_height_px);
    for (int i = 0; i < 2; i++) {
        f->raw[i] = bt_alloc(pixels, sizeof(uint16_t));
        f->plane[i] = bt_alloc(pixels, sizeof(uint16_t));
    }
    f->stats = bt_alloc((size_t)4 * b->steps, sizeof *f->stats);
    if (!f->raw[0] || !f->raw[1] || !f->plane[0] || !f->plane[1] || !f->stats)
        return bt_fail(BT_ERR_MEMORY, "no memory for frames of %u x %u", b->width_px, b->height_px);
    // the cap is on: no light at all
    status = bt_film_create(b->width_px, b->height_px, b->sheet.band_count, &f->dark);
    bt_view view;
    bt_camera_view(f->camera, &f->state, BT_POSE_IDENTITY, &view);
    if (status == BT_OK)
        status = lab_even_film(b, f->camera, &view, f->photons_s / bench_photons_s(b, 1.0, f->nm),
                               band, &f->film, f->spread);
    if (status == BT_OK) status = lab_check_light(b, f->spread[band], f->longest_s);
    return status;
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
    bt_film_destroy(f->film);
    bt_film_destroy(f->dark);
    bt_camera_destroy(f->camera);
}

// ---- reads ------------------------------------------------------------------------------------
static bool plane_wanted(const flat *f, uint32_t plane)
{
    return plane < bench_plane_count(&f->b->sheet) &&
           bench_plane_band(&f->b->sheet, plane) == f->band;
}

static bt_status write_plane(flat *f, uint32_t plane, const char *kind, uint32_t number,
                             uint32_t copy, const uint16_t *pixels)
{
    char name[96];
    const char *folder = bench_plane_name(&f->b->sheet, plane);
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

// Two frames; their planes written and described; stats: bright or dark.
static bt_status read_pair(flat *f, const bt_film *film, uint32_t step, bool bright)
{
    bt_status status = BT_OK;
    for (int copy = 0; copy < 2 && status == BT_OK; copy++)
        status =
            bt_camera_read(f->camera, &f->state, film, f->frame++, f->b->desc->jobs, f->raw[copy]);
    double exposure_s = f->state.exposure.exposure_s;
    for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++) {
        if (!plane_wanted(f, plane)) continue;
        step_stats *s = &f->stats[(size_t)plane * f->b->steps + step];
        s->photons = f->photons_s * exposure_s;
        if (bright)
            bench_print(&f->descriptors[plane], "b %.0f %.9g\n", exposure_s * 1e9, s->photons);
        else
            bench_print(&f->descriptors[plane], "d %.0f\n", exposure_s * 1e9);
        for (uint32_t copy = 0; copy < 2 && status == BT_OK; copy++) {
            bench_plane_cut(f->b, plane, f->raw[copy], f->plane[copy]);
            status = write_plane(f, plane, bright ? "bright" : "dark", step, copy, f->plane[copy]);
        }
        pair_stats(f, bright ? &s->mean : &s->dark_mean, bright ? &s->variance : &s->dark_variance);
    }
    return status;
}

static bt_status read_steps(flat *f)
{
    bt_status status = BT_OK;
    for (uint32_t step = 0; step < f->b->steps && status == BT_OK; step++) {
        f->state.exposure.exposure_s = f->longest_s * (step + 1) / f->b->steps;
        status = read_pair(f, f->film, step, true);
        if (status == BT_OK) status = read_pair(f, f->dark, step, false);
    }
    return status;
}

// Frames of one exposure, at half of saturation, and as many in the dark.
static bt_status read_stack(flat *f, const bt_film *film, bool bright)
{
    f->state.exposure.exposure_s = 0.5 * f->longest_s / PAST_SATURATION;
    double photons = f->photons_s * f->state.exposure.exposure_s;
    for (uint32_t plane = 0; plane < 4; plane++) {
        if (!plane_wanted(f, plane)) continue;
        if (bright)
            bench_print(&f->descriptors[plane], "b %.0f %.9g\n", f->state.exposure.exposure_s * 1e9,
                        photons);
        else
            bench_print(&f->descriptors[plane], "d %.0f\n", f->state.exposure.exposure_s * 1e9);
    }
    bt_status status = BT_OK;
    for (uint32_t read = 0; read < f->b->reads && status == BT_OK; read++) {
        status =
            bt_camera_read(f->camera, &f->state, film, f->frame++, f->b->desc->jobs, f->raw[0]);
        for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++) {
            if (!plane_wanted(f, plane)) continue;
            bench_plane_cut(f->b, plane, f->raw[0], f->plane[0]);
            status = write_plane(f, plane, bright ? "stack" : "darkstack", read, 0, f->plane[0]);
        }
    }
    return status;
}

// ---- what came out ----------------------------------------------------------------------------
// Slope of y against x through the origin, over steps up to 70 % of saturation (EMVA 1288, 6.4).
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

static bt_status score_plane(const flat *f, uint32_t plane)
{
    bench *b = f->b;
    const step_stats *s = &f->stats[(size_t)plane * b->steps];
    const char *where = bench_plane_name(&b->sheet, plane);
    size_t last = saturated_step(s, b->steps);
    double limit = 0.7 * (s[last].mean - s[last].dark_mean);
    fit transfer = {0}, response = {0};
    for (uint32_t i = 0; i < b->steps; i++) {
        double signal = s[i].mean - s[i].dark_mean;
        if (signal > limit) break;
        transfer.xy += signal * (s[i].variance - s[i].dark_variance);
        transfer.xx += signal * signal;
        response.xy += s[i].photons * signal;
        response.xx += s[i].photons * s[i].photons;
    }
    double gain = transfer.xy / transfer.xx, slope = response.xy / response.xx;
    double analog = f->state.exposure.analog_gain;
    double true_gain = bench_gain_dn_e(&b->truth, analog);
    double eta = bench_qe(&b->truth, f->band, f->nm);
    double full_e = bench_saturation_e(&b->truth, analog);
    double error = sqrt(f->spread[f->band] / (f->photons_s * eta) /
                        ((double)f->plane_width_px * f->plane_height_px));
    bt_status status = bench_add(b, "K", where, "DN/e", true_gain, 0.005 * true_gain,
                                 0.005 * true_gain, error * true_gain, gain);
    if (status == BT_OK)
        status = bench_add(b, "eta", where, "", eta, 0.005 * eta, 0.005 * eta, error * eta,
                           slope / gain);
    double sigma = bench_dark_sigma_e(&b->truth);
    double dark = sqrt(fmax(0.0, s[0].dark_variance - 1.0 / 12.0)) / gain;
    if (status == BT_OK)
        status = bench_add(b, "sigma_d", where, "e", sigma, 0.01 * sigma, 0.01 * sigma, 0.0, dark);
    if (status == BT_OK)
        status = bench_add(b, "mu_e_sat", where, "e", full_e, 0.04 * full_e, 0.01 * full_e,
                           error * full_e, s[last].photons * slope / gain);
    if (status == BT_OK)
        status = bench_add(b, "linearity_error", where, "%", 0.0, 0.05, 0.05, 0.0, NAN);
    return status;
}

static bt_status plot_plane(const flat *f, uint32_t plane)
{
    bench *b = f->b;
    size_t transfer, snr;
    char title[64];
    const step_stats *s = &f->stats[(size_t)plane * b->steps];
    const char *where = bench_plane_name(&b->sheet, plane);
    double gain = bench_gain_dn_e(&b->truth, f->state.exposure.analog_gain);
    double eta = bench_qe(&b->truth, f->band, f->nm), sigma = bench_dark_sigma_e(&b->truth);
    snprintf(title, sizeof title, "Photon transfer, %s, %.0f nm", where, f->nm);
    bt_status status = bench_plot_begin(b, title, "mean over dark, DN", "variance over dark, DN^2",
                                        false, false, &transfer);
    snprintf(title, sizeof title, "Signal to noise, %s, %.0f nm", where, f->nm);
    if (status == BT_OK)
        status = bench_plot_begin(b, title, "photons per pixel", "SNR", true, true, &snr);
    for (uint32_t i = 0; i < b->steps && status == BT_OK; i++) {
        double x = s[i].mean - s[i].dark_mean, p = s[i].photons;
        double ideal = eta * p / sqrt(sigma * sigma + 1.0 / (12.0 * gain * gain) + eta * p);
        status =
            bench_plot_add(b, transfer, "measured", false, x, s[i].variance - s[i].dark_variance);
        if (status == BT_OK) status = bench_plot_add(b, transfer, "truth", true, x, gain * x);
        if (status == BT_OK && s[i].variance > 1.0 / 12.0)
            status = bench_plot_add(b, snr, "measured", false, p, x / sqrt(s[i].variance));
        if (status == BT_OK) status = bench_plot_add(b, snr, "truth", true, p, ideal);
    }
    return status;
}

static bt_status spatial_rows(const flat *f, uint32_t plane)
{
    bench *b = f->b;
    const char *where = bench_plane_name(&b->sheet, plane);
    double prnu = 100.0 * bt_sheet_get(&b->truth, BT_SHEET_PRNU);
    double dsnu = bt_sheet_get(&b->truth, BT_SHEET_DSNU_E);
    double error =
        100.0 * sqrt(f->spread[f->band] / (f->photons_s * bench_qe(&b->truth, f->band, f->nm)));
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
        char name[64];
        snprintf(name, sizeof name, "emva1288_%s.txt", bench_plane_name(&f->b->sheet, plane));
        status = bench_text_write(f->b, &f->descriptors[plane], name);
        if (status == BT_OK)
            status = f->b->reads > 0 ? spatial_rows(f, plane) : score_plane(f, plane);
        if (status == BT_OK) status = plot_plane(f, plane);
    }
    return status;
}

static void begin_descriptors(flat *f)
{
    for (uint32_t plane = 0; plane < 4; plane++)
        if (plane_wanted(f, plane))
            bench_print(&f->descriptors[plane],
                        "# EMVA 1288 descriptor: plane %s, %.0f nm; files lie beside it\nv 4.0\n"
                        "n %.0f %u %u\n",
                        bench_plane_name(&f->b->sheet, plane), f->nm,
                        bt_sheet_get(&f->b->sheet, BT_SHEET_BIT_DEPTH), f->plane_width_px,
                        f->plane_height_px);
}

static bt_status measure_band(bench *b, uint32_t band)
{
    flat f;
    bt_status status = flat_begin(&f, b, band);
    for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++)
        if (plane_wanted(&f, plane)) status = bench_folder(b, bench_plane_name(&b->sheet, plane));
    begin_descriptors(&f);
    if (status == BT_OK) status = read_steps(&f);
    if (status == BT_OK && b->reads > 0) status = read_stack(&f, f.film, true);
    if (status == BT_OK && b->reads > 0) status = read_stack(&f, f.dark, false);
    if (status == BT_OK) status = finish_planes(&f);
    flat_clear(&f);
    return status;
}

static bt_status every_band(bench *b)
{
    bt_status status = BT_OK;
    bench_take_lens_off(b);
    bench_window(b, 0.0, 0.0, b->width_px, b->height_px);
    bench_set(b, BT_SHEET_CX_PX, -1.0);
    bench_set(b, BT_SHEET_CY_PX, -1.0);
    for (uint32_t band = 0; band < b->sheet.band_count && status == BT_OK; band++) {
        bt_sheet_curve own[2] = {b->sheet.ir_cut, b->truth.ir_cut};
        status = measure_band(b, band);
        b->sheet.ir_cut = own[0];
        b->truth.ir_cut = own[1];
    }
    return status;
}

bt_status bench_flat_field(bench *b)
{
    return every_band(b);
}

bt_status bench_spatial(bench *b)
{
    bench_set(b, BT_SHEET_TEMPERATURE_KELVIN, COOLED_KELVIN);
    snprintf(b->note, sizeof b->note, "the sensor is cooled to %g K\n", COOLED_KELVIN);
    return every_band(b);
}
