// kernel_scatter.c: where the light goes that lens, film, dust and fog scatter: kernel.h.
#include "sensors/camera/optics/kernel_internal.h"

#include <math.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"

#define RADII_PER_PX 2

static double sine_at(const bt_kernel_desc *d, double r_px)
{
    double t = r_px / d->focal_px;
    if (!d->angle_is_radius) return t / sqrt(1.0 + t * t);
    return t < 0.5 * BT_PI ? sin(t) : 1.0;
}

// Of the light that the bare pupil passes: what goes straight, and where the rest goes. One scattering
// each: pane's dust and fog, pane's film, lens, in that order.
double bt_kernel_straight(const bt_kernel_desc *d)
{
    double clear = (1.0 - d->dust.cover) * (1.0 - d->fog.cover);
    return clear * clear * (1.0 - d->film.share) * (1.0 - d->lens_haze.share);
}

static double astray_within(const bt_kernel_desc *d, double lambda_m, double sine)
{
    double c = d->dust.cover, g = d->fog.cover, f = d->film.share, l = d->lens_haze.share;
    double sum = 0.0, rest = (1.0 - f) * (1.0 - l);
    if (c > 0.0) sum += c * (1.0 - c) * (1.0 - g) * rest * bt_dust_within(&d->dust, lambda_m, sine);
    if (g > 0.0)
        sum +=
            (1.0 - c) * (1.0 - c) * g * (1.0 - g) * rest * bt_dust_within(&d->fog, lambda_m, sine);
    double passed = (1.0 - c) * (1.0 - g);
    if (f > 0.0) sum += passed * f * (1.0 - l) * bt_haze_within(&d->film, sine);
    if (l > 0.0) sum += passed * l * bt_haze_within(&d->lens_haze, sine);
    return sum;
}

// Share of a band's light that ends up farther than r.
static double beyond(const bt_kernel_desc *d, uint32_t band, double f_number, double r_px)
{
    double sum = 0.0, sine = sine_at(d, r_px);
    for (uint32_t w = 0; w < d->wave_count; w++) {
        double lambda_m = d->lambda_m[w];
        double thrown = 2.0 * lambda_m * f_number / (BT_PI * BT_PI * r_px * d->pixel_pitch_m);
        sum += d->weight[band][w] *
               (bt_kernel_straight(d) * fmin(thrown, 1.0) + astray_within(d, lambda_m, 1.0) -
                astray_within(d, lambda_m, sine));
    }
    return sum;
}

double bt_kernel_reach_px(const bt_kernel_desc *desc, double share)
{
    bt_kernel_place place;
    desc->place_at(desc->context, 0.5 * desc->film_width_px, 0.5 * desc->film_height_px, &place);
    double twice = place.double_ratio > 0.0 ? hypot(place.double_x_px, place.double_y_px) : 0.0;
    double low = 1.0, high = hypot(desc->film_width_px, desc->film_height_px);
    while (high - low > 0.1) {
        double middle = 0.5 * (low + high);
        bool more = false;
        for (uint32_t b = 0; b < desc->band_count; b++)
            more = more || beyond(desc, b, place.pupil.f_number, middle) > share;
        if (more)
            low = middle;
        else
            high = middle;
    }
    return fmax(high, twice + BT_KERNEL_CORE);
}

typedef struct filling {
    const bt_kernel_desc *desc;
    const bt_kernel_astray *astray;
} filling;

static bt_status fill_radius(void *context, uint32_t item, uint32_t worker)
{
    (void)worker;
    const filling *f = context;
    const bt_kernel_desc *d = f->desc;
    double sine = sine_at(d, (double)item / RADII_PER_PX);
    for (uint32_t b = 0; b < d->band_count; b++) {
        double sum = 0.0;
        for (uint32_t w = 0; w < d->wave_count; w++)
            if (d->weight[b][w] > 0.0)
                sum += d->weight[b][w] * astray_within(d, d->lambda_m[w], sine);
        f->astray->within[(size_t)b * f->astray->radii + item] = sum;
    }
    return BT_OK;
}

bt_status bt_kernel_astray_init(const bt_kernel_desc *desc, double radius_px, bt_jobs *jobs,
                                bt_kernel_astray *astray)
{
    astray->radii = (uint32_t)(radius_px * RADII_PER_PX) + 2;
    astray->within = bt_alloc((size_t)desc->band_count * astray->radii, sizeof *astray->within);
    if (!astray->within) return bt_fail(BT_ERR_MEMORY, "no memory for scattered light");
    filling f = {desc, astray};
    return bt_jobs_run(jobs, astray->radii, fill_radius, &f);
}

void bt_kernel_astray_clear(bt_kernel_astray *astray)
{
    bt_free(astray->within);
    *astray = (bt_kernel_astray){0};
}

double bt_kernel_astray_at(const bt_kernel_astray *astray, uint32_t band, double r_px)
{
    const double *within = astray->within + (size_t)band * astray->radii;
    double low = fmax(r_px - 0.5, 0.0), high = r_px + 0.5, at[2] = {low, high}, value[2];
    for (int i = 0; i < 2; i++) {
        double x = fmin(at[i] * RADII_PER_PX, astray->radii - 1.001);
        uint32_t k = (uint32_t)x;
        value[i] = within[k] + (within[k + 1] - within[k]) * (x - k);
    }
    return (value[1] - value[0]) / (BT_PI * (high * high - low * low));
}
