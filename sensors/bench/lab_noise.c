// lab_noise.c: the light's own noise beside the sensor's, and what is done when it is too much.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "sensors/camera/imager/read_plan.h"

#define MOST_SAMPLES 1e6 // that are advised

typedef struct charge_plane {
    uint32_t plane;
    double exposure_s, full_e; // of it
    double first_s, least_e;   // the first plane's exposure, and its charge from which this is read
} charge_plane;

static double plane_share(const bench *b, const lab_light *light, uint32_t band, charge_plane p)
{
    const bt_film *film = light->film;
    size_t pixels = (size_t)film->width_px * film->height_px;
    size_t first = p.plane * bt_film_plane_stride(film) + band;
    double electrons = 0.0, squares = 0.0;
    for (size_t i = 0; i < pixels; i++) {
        size_t at = i * film->band_count;
        double own = (double)film->rate_e_s[first + at] * p.exposure_s;
        double off = (double)light->half->rate_e_s[first + at] * p.exposure_s;
        uint32_t x = (uint32_t)(i % film->width_px), y = (uint32_t)(i / film->width_px);
        if (own >= p.full_e || bt_sheet_band(&b->sheet, x, y) != band) continue;
        if ((double)film->rate_e_s[at + band] * p.first_s < p.least_e) continue;
        electrons += own;
        squares += off * off;
    }
    return electrons == 0.0 ? 0.0 : squares / electrons;
}

void lab_judge_light(bench *b)
{
    b->sheet.read_count = b->truth.read_count = 0;
    snprintf(b->taken, sizeof b->taken, "the light on the sensor in one exposure");
}

void lab_take_first_read(bench *b)
{
    bt_camera_sheet *sheets[2] = {&b->sheet, &b->truth};
    if (b->truth.read_count < 2) return;
    for (int i = 0; i < 2; i++) {
        sheets[i]->read_count = 1;
        sheets[i]->companding.count = 0;
    }
    snprintf(b->taken, sizeof b->taken, "the first read alone: %s", b->sheet.reads[0].name);
}

double lab_binned(const bench *b)
{
    double width = bt_sheet_get(&b->sheet, BT_SHEET_WIDTH_PX) / b->width_px;
    double height = bt_sheet_get(&b->sheet, BT_SHEET_HEIGHT_PX) / b->height_px;
    return pow(fmin(width, height), 2.0);
}

double lab_light_share(const bench *b, const lab_light *light, uint32_t band, double exposure_s)
{
    double worst = 0.0, binned = lab_binned(b);
    double first_e = bench_saturation_e(&b->sheet, bt_sheet_get(&b->sheet, BT_SHEET_ANALOG_GAIN));
    bt_read_plan plan;
    bt_read_plan_make(&b->sheet, exposure_s, &plan);
    for (uint32_t plane = 0; plane < plan.plane_count; plane++) {
        bt_sheet_key well =
            plan.planes[plane].small ? BT_SHEET_SMALL_FULL_WELL_E : BT_SHEET_FULL_WELL_E;
        charge_plane p = {.plane = plane,
                          .exposure_s = plan.planes[plane].exposure_s,
                          .full_e = bt_sheet_get(&b->sheet, well) * binned,
                          .first_s = plan.planes[0].exposure_s};
        // others are read where the first one's charge nears its end
        if (plane > 0) p.least_e = first_e * bt_sheet_get(&b->sheet, BT_SHEET_BLEND_LOW) * binned;
        double share = plane_share(b, light, band, p);
        if (!(share <= worst)) worst = share; // NAN stays
        if (isnan(worst)) break;
    }
    return worst;
}

bt_status lab_check_share(bench *b, double share)
{
    if (isnan(share))
        return bt_fail(BT_ERR_INTERNAL, "%s: the light is not a number", b->desc->chart);
    b->light_share = fmax(b->light_share, share); // fmax takes no notice of NAN
    if (share <= BT_BENCH_NOISE_SHARE) return BT_OK;
    // variance falls with the samples at least as their number grows; doublings are what the sampler likes
    double enough = 2.0 * b->samples;
    while (enough < MOST_SAMPLES && enough * BT_BENCH_NOISE_SHARE < share * b->samples)
        enough *= 2.0;
    b->enough_samples = (uint32_t)enough;
    return bt_fail(BT_ERR_INPUT,
                   "%s: the light's own noise is %.3g of shot noise's variance with %u samples; at "
                   "most %g can be scored: give --samples %.0f",
                   b->desc->chart, share, b->samples, BT_BENCH_NOISE_SHARE, enough);
}

bt_status lab_check_light(bench *b, lab_light *light, double exposure_s)
{
    double worst = 0.0;
    for (uint32_t band = 0; band < light->film->band_count; band++) {
        light->share[band] = lab_light_share(b, light, band, exposure_s);
        if (!(light->share[band] <= worst)) worst = light->share[band];
    }
    return lab_check_share(b, worst);
}
