// spectral.c: quantum efficiency against wavelength: the same number of photons at each.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "engine/spectrum/spectrum.h"

#define STEP_NM 10.0
#define FILL 0.4 // chosen: of saturation, at the best wavelength of all bands

typedef struct sweep {
    bench *b;
    double photons, exposure_s, best_qe;
    bench_text table;
    size_t plot;
} sweep;

static bt_status light_at(sweep *s, const bench_shot *shot, double nm, uint64_t number,
                          lab_light *light)
{
    lab l;
    double radiance = s->photons / s->exposure_s / bench_photons_s(s->b, 1.0, nm);
    lab_begin(&l, s->b);
    l.only_shines = true;
    lab_panel(&l, lab_lamp(&l, lab_flat(&l, 1.0), radiance), (bt_vec3){-2, -2, 1},
              (bt_vec3){4, 0, 0}, (bt_vec3){0, 4, 0});
    lab_finish(&l);
    bt_status status = lab_film(&l, shot->camera, &shot->view, NULL, number, light);
    // exposures of several reads share the samples: the same everywhere, the light gets the mean of all
    if (status == BT_OK) lab_light_even(light);
    lab_clear(&l);
    return status == BT_OK ? lab_check_light(s->b, light, s->exposure_s) : status;
}

// Standard error that the light brings to a plane's mean, over the mean: all pixels share it.
static double light_error(const lab_light *light, uint32_t band, double electrons)
{
    return electrons > 0.0 ? sqrt(light->share[band] / electrons) : 0.0;
}

static bt_status plot_band(sweep *s, uint32_t band, double nm, double qe)
{
    const bench *b = s->b;
    char truth[32];
    const char *name = bench_band_name(&b->sheet, band);
    snprintf(truth, sizeof truth, "%s, true", name);
    bt_status status = bench_plot_add(s->b, s->plot, name, BENCH_DOTS, nm, qe);
    return status == BT_OK
               ? bench_plot_add(s->b, s->plot, truth, BENCH_LINE, nm, bench_qe(&b->truth, band, nm))
               : status;
}

static bt_status add_wavelength(sweep *s, double nm, const lab_light *light, const double *bright,
                                const double *dark)
{
    bench *b = s->b;
    bt_status status = BT_OK;
    double gain = bench_gain_dn_e(&b->truth, bt_sheet_get(&b->truth, BT_SHEET_ANALOG_GAIN));
    for (uint32_t plane = 0; plane < bench_plane_count(&b->sheet) && status == BT_OK; plane++) {
        uint32_t band = bench_plane_band(&b->sheet, plane);
        char where[40];
        double allowed = 0.005 * s->best_qe;
        double qe = (bright[plane] - dark[plane]) / gain / s->photons;
        const char *name = bench_plane_name(&b->sheet, plane);
        snprintf(where, sizeof where, "%s/%.0f", name, nm);
        double truth = bench_qe(&b->truth, band, nm);
        status = bench_add(b, "QE", where, "", truth, allowed, allowed,
                           truth * light_error(light, band, truth * s->photons), qe);
        bench_print(&s->table, "%.0f,%s,%.9g,%.9g,%.9g\n", nm, name, s->photons, bright[plane],
                    dark[plane]);
        if (status == BT_OK && bench_band_plane(&b->sheet, band) == plane)
            status = plot_band(s, band, nm, qe);
    }
    return status;
}

static bt_status measure_wavelength(sweep *s, double nm, uint64_t number)
{
    bench *b = s->b;
    bench_shot shot;
    lab_light light = {0};
    bt_film *cap = NULL;
    double bright[4], dark[4];
    bench_rect all = {0, 0, b->width_px, b->height_px};
    bt_status status = bench_shot_begin(b, &shot);
    shot.state.exposure.exposure_s = s->exposure_s;
    if (status == BT_OK) status = light_at(s, &shot, nm, number, &light);
    if (status == BT_OK) status = bench_shot_read(b, &shot, light.film, b->reads);
    for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++)
        bright[plane] = bench_rect_mean(b, &shot, plane, all, NULL);
    if (status == BT_OK) status = bench_cap(b, &shot, &cap);
    if (status == BT_OK) status = bench_shot_read(b, &shot, cap, b->reads);
    for (uint32_t plane = 0; plane < 4 && status == BT_OK; plane++)
        dark[plane] = bench_rect_mean(b, &shot, plane, all, NULL);
    if (status == BT_OK) status = add_wavelength(s, nm, &light, bright, dark);
    lab_light_clear(&light);
    bt_film_destroy(cap);
    bench_shot_clear(&shot);
    return status;
}

bt_status bench_spectral(bench *b)
{
    sweep s = {.b = b, .exposure_s = bt_sheet_get(&b->truth, BT_SHEET_EXPOSURE_MAX_S)};
    bench_take_lens_off(b);
    bench_window(b, 0.0, 0.0, b->width_px, b->height_px);
    bench_set(b, BT_SHEET_CX_PX, -1.0);
    bench_set(b, BT_SHEET_CY_PX, -1.0);
    for (uint32_t band = 0; band < b->truth.band_count; band++)
        s.best_qe = fmax(s.best_qe, bench_qe(&b->truth, band, bench_peak_nm(&b->truth, band)));
    s.photons = FILL *
                bench_saturation_e(&b->truth, bt_sheet_get(&b->truth, BT_SHEET_ANALOG_GAIN)) /
                s.best_qe;
    bench_print(&s.table, "wavelength_nm,plane,photons,bright_dn,dark_dn\n");
    bt_status status = bench_plot_begin(b, "Quantum efficiency", "wavelength, nm",
                                        "electrons per photon", false, false, &s.plot);
    double last_nm = bt_spectrum_bin_nm(BT_SPECTRUM_BINS - 1);
    bt_sheet_curve own[2] = {b->sheet.ir_cut, b->truth.ir_cut};
    uint64_t number = 0;
    // not the tables' ends: a filter there would be cut in half
    for (double nm = bt_spectrum_bin_nm(0) + STEP_NM; nm < last_nm && status == BT_OK;
         nm += STEP_NM) {
        bool seen = false;
        for (uint32_t band = 0; band < b->truth.band_count; band++)
            seen = seen || bench_qe(&b->sheet, band, nm) > 0.0;
        bench_filter(b, nm);
        if (seen) status = measure_wavelength(&s, nm, number++);
        b->sheet.ir_cut = own[0];
        b->truth.ir_cut = own[1];
    }
    bt_status written = bench_text_write(b, &s.table, "spectral.csv");
    return status != BT_OK ? status : written;
}
