// meter.c: exposure from what a film holds.
#include "sensors/camera/control/meter.h"

#include <math.h>
#include <stdint.h>

// Histogram of log2(rate): 16 bins a stop over 2^-16 .. 2^48 e/s.
#define METER_BINS 1024
#define METER_PER_STOP 16.0
#define METER_FIRST_STOP (-16.0)
#define METER_HEADROOM 0.9 // chosen: highlights end a little below saturation
#define METER_BLACK_E_S 1e-3
#define METER_SKY_WEIGHT 0.33 // chosen: roads matter, not sky

typedef struct meter_sums {
    uint32_t bins[METER_BINS];
    uint64_t lit; // pixels that any light reached: a fisheye's corners are no scene
    double log_sum, weight;
} meter_sums;

static void add_pixel(meter_sums *sums, const float *rates, uint32_t bands, double weight)
{
    double most = 0.0;
    for (uint32_t band = 0; band < bands; band++)
        most = fmax(most, (double)rates[band]);
    if (!(most > 0.0)) return;
    sums->lit++;
    double bin = (log2(most) - METER_FIRST_STOP) * METER_PER_STOP;
    sums->bins[bin <= 0.0 ? 0 : bin >= METER_BINS - 1 ? METER_BINS - 1 : (int)bin]++;

    double reference = (double)rates[bands > 1 ? 1 : 0]; // green, clear, yellow
    sums->log_sum += weight * log(fmax(reference, METER_BLACK_E_S));
    sums->weight += weight;
}

// Upper end of the bin below which all but `fraction` of the pixels lie.
static double highlight_rate(const meter_sums *sums, double fraction)
{
    uint64_t allowed = (uint64_t)(fraction * (double)sums->lit);
    uint64_t above = 0;
    int bin = METER_BINS - 1;
    for (; bin > 0; bin--) {
        above += sums->bins[bin];
        if (above > allowed) break;
    }
    return exp2(METER_FIRST_STOP + (bin + 1) / METER_PER_STOP);
}

static double whole_rows(const bt_meter *meter, double exposure_s)
{
    if (meter->row_time_s <= 0.0) return exposure_s;
    return fmax(1.0, floor(exposure_s / meter->row_time_s)) * meter->row_time_s;
}

void bt_meter_film(const bt_meter *meter, const bt_film *film, bt_metered *metered)
{
    meter_sums sums = {0};
    const float *rates = film->rate_e_s;
    for (uint32_t y = 0; y < film->height_px; y++) {
        double weight = y < film->height_px / 3 ? METER_SKY_WEIGHT : 1.0;
        for (uint32_t x = 0; x < film->width_px; x++, rates += film->band_count)
            add_pixel(&sums, rates, film->band_count, weight);
    }
    metered->highlight_e_s = highlight_rate(&sums, meter->highlights);
    metered->middle_e_s = sums.lit > 0 ? exp(sums.log_sum / sums.weight) : METER_BLACK_E_S;

    // for key without gain; for highlights just kept; between them as the gains allow
    double plain_s = meter->key * meter->saturation_e / metered->middle_e_s;
    double top_e = meter->top_e > 0.0 ? meter->top_e : meter->saturation_e;
    double kept_s = METER_HEADROOM * top_e / metered->highlight_e_s;
    double wanted_s = fmin(plain_s, fmax(kept_s, plain_s / meter->gain_max));

    double longest_s = fmax(meter->exposure_min_s, fmin(wanted_s, meter->exposure_max_s));
    metered->exposure_s = whole_rows(meter, longest_s);
    // analog gain only for what the longest exposure lacks, not for rounding to rows
    double lacking = wanted_s / longest_s;
    metered->analog_gain = fmax(meter->analog_gain_min, fmin(lacking, meter->analog_gain_max));
    double left = plain_s / (metered->exposure_s * metered->analog_gain);
    metered->digital_gain = fmax(1.0, fmin(left, meter->gain_max));
}
