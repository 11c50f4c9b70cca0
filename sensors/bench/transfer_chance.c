// transfer_chance.c: see transfer_chance.h.
#include "sensors/bench/transfer_chance.h"

#include <math.h>

#include "engine/math/pose.h"

#define LINEAR_FROM 0.05 // EMVA 1288, 6.7: of saturation, where linearity begins to be judged

// Variance that a hard top at z sigmas above the mean leaves of a normal signal's, over it.
static double clipped_share(double z)
{
    double below = 0.5 * erfc(-z / sqrt(2.0)), density = exp(-0.5 * z * z) / sqrt(2.0 * BT_PI);
    double mean = z * (1.0 - below) - density, square = below - z * density + z * z * (1.0 - below);
    return square - mean * mean;
}

// Squared electrons, with a full well.
static double variance_e2(const read_model_read *r, double mean_e)
{
    double sigma2 = mean_e + r->noise_e2;
    return sigma2 * clipped_share((r->full_e - mean_e) / sqrt(sigma2));
}

// Where noise begins to be cut off, below the top by some sigmas.
static double peak_e(const read_model_read *r)
{
    double best = 0.0, at = r->full_e;
    for (int i = 0; i <= 400; i++) {
        double mean = r->full_e * (0.6 + 0.001 * i), variance = variance_e2(r, mean);
        if (variance > best) best = variance, at = mean;
    }
    return at;
}

static double charge_at(const transfer_series *s, uint32_t step)
{
    return s->read->full_e * s->past * (step + 1.0) / s->steps;
}

// Variance of a variance, of what a pair shows; noise of counting in full numbers is in both.
static double error2(const transfer_series *s, double variance)
{
    double pixels = (double)s->width_px * s->height_px;
    double row2 = s->read->row_noise_e2 * s->read->row_noise_e2;
    return 2.0 / pixels * (variance * variance - row2) + 2.0 / s->height_px * row2;
}

static double dark_variance(const transfer_series *s, uint32_t step)
{
    double share = s->one_dark ? 1.0 : (step + 1.0) / s->steps, gain = s->read->gain_dn_e;
    return s->read->noise_e2 + s->read->dark_e * share + 1.0 / (12.0 * gain * gain);
}

static double gain_error(const transfer_series *s, double saturation_e)
{
    double squares = 0.0, own = 0.0, charges = 0.0, darks = 0.0;
    for (uint32_t i = 0; i < s->steps; i++) {
        double x = charge_at(s, i), dark = dark_variance(s, i);
        if (x > TRANSFER_FIT * saturation_e) break;
        squares += x * x;
        charges += x;
        own += x * x * error2(s, x + dark);
        darks += x * x * error2(s, dark);
    }
    if (s->one_dark) darks = charges * charges * error2(s, dark_variance(s, 0));
    return sqrt(own + darks) / squares;
}

// Of the mean over pixels of two frames above that of two in the dark.
static double linearity_error(const transfer_series *s, double saturation_e)
{
    double pixels = (double)s->width_px * s->height_px, row_e2 = s->read->row_noise_e2;
    uint32_t i = 0;
    while (i + 1 < s->steps && charge_at(s, i) < LINEAR_FROM * saturation_e)
        i++;
    double dark = dark_variance(s, i), both = 2.0 * dark + charge_at(s, i);
    double mean2 = 0.5 * (both - 2.0 * row_e2) / pixels + row_e2 / s->height_px;
    return sqrt(mean2) / charge_at(s, i);
}

// The lowest step whose variance is not clearly less than the highest's.
static double least_peak(const transfer_series *s)
{
    double best = 0.0;
    for (uint32_t i = 0; i < s->steps; i++)
        best = fmax(best, variance_e2(s->read, charge_at(s, i)));
    double apart = TRANSFER_ERRORS * sqrt(2.0 * error2(s, best));
    for (uint32_t i = 0; i < s->steps; i++)
        if (variance_e2(s->read, charge_at(s, i)) >= best - apart) return charge_at(s, i);
    return s->read->full_e;
}

transfer_chance transfer_chance_of(const transfer_series *s)
{
    transfer_chance c = {.peak_e = peak_e(s->read)};
    double dark = dark_variance(s, 0), gain = s->read->gain_dn_e;
    c.gain = gain_error(s, c.peak_e);
    c.linearity = linearity_error(s, c.peak_e);
    double down = fmax(0.0, c.peak_e - least_peak(s)) / s->read->full_e / TRANSFER_ERRORS;
    c.saturation = hypot(down, c.gain);
    // a root has half its square's; what counting in full numbers adds is taken off
    c.sigma_d = hypot(0.5 * sqrt(error2(s, dark)) / (dark - 1.0 / (12.0 * gain * gain)), c.gain);
    return c;
}
