// kernel_streak.c: see kernel_streak.h.
#include "sensors/camera/optics/kernel_streak.h"

#include <math.h>
#include <stdlib.h>

#include "engine/core/memory.h"

#define STREAK_PLACES 5 // along an axis

// Every pixel of a streak with near and far of its own: what is transformed takes the mean of places.
typedef struct streak_mean {
    const bt_kernel_desc *desc;
    bt_kernel *kernel;
    bt_streak *streaks; // (places x BT_STREAK_MAX)
    uint32_t counts[STREAK_PLACES * STREAK_PLACES];
} streak_mean;

static void add_pixel(const bt_kernel *k, uint32_t band, int x, int y, double light)
{
    double near = bt_kernel_near_part(k, sqrt((double)(x * x + y * y)));
    int reach = k->near_radius, side = 2 * reach + 1;
    if (near > 0.0 && abs(x) <= reach && abs(y) <= reach)
        k->streak_near[(size_t)band * bt_kernel_near_size(k) +
                       (size_t)((y + reach) * side + x + reach)] += (float)(near * light);
    // a block takes in what is about its middle by a tent of two blocks
    int bx0 = (int)floor((double)x / BT_KERNEL_BLOCK),
        by0 = (int)floor((double)y / BT_KERNEL_BLOCK);
    for (int by = by0; by <= by0 + 1; by++)
        for (int bx = bx0; bx <= bx0 + 1; bx++) {
            if (abs(bx) > k->far_rx || abs(by) > k->far_ry) continue;
            double far =
                1.0 - bt_kernel_near_part(k, BT_KERNEL_BLOCK * sqrt((double)(bx * bx + by * by)));
            double u = 1.0 - fabs((double)(x - BT_KERNEL_BLOCK * bx)) / BT_KERNEL_BLOCK;
            double v = 1.0 - fabs((double)(y - BT_KERNEL_BLOCK * by)) / BT_KERNEL_BLOCK;
            size_t at = (size_t)((by + k->far_ry) * (2 * k->far_rx + 1) + bx + k->far_rx);
            k->streak_far[(size_t)band * bt_kernel_far_size(k) + at] +=
                (float)(far * u * v * light / (BT_KERNEL_BLOCK * BT_KERNEL_BLOCK));
        }
}

// Along its longer axis, what lies across.
static void add_line(const bt_kernel *k, uint32_t band, const bt_streak *s, double scale)
{
    bool upright = fabs(s->y) > fabs(s->x);
    int reach = BT_KERNEL_BLOCK * (upright ? k->far_ry : k->far_rx);
    double slope = upright ? s->x / s->y : s->y / s->x;
    for (int along = -reach; along <= reach; along++)
        for (int i = -1; i <= 1; i++) {
            int across = (int)floor(along * slope + 0.5) + i;
            int x = upright ? across : along, y = upright ? along : across;
            double chord = bt_streak_chord(s->x, s->y, 1.0, x, y);
            if (!(chord > 0.0) || bt_kernel_in_core(x, y)) continue;
            double r = fabs(x * s->x + y * s->y);
            add_pixel(k, band, x, y,
                      scale * s->share * chord * bt_streak_along(&k->streaks, band, s->width, r));
        }
}

static bt_status add_mean(void *context, uint32_t band, uint32_t worker)
{
    (void)worker;
    const streak_mean *m = context;
    const uint32_t places = STREAK_PLACES * STREAK_PLACES;
    for (uint32_t i = 0; i < places; i++)
        for (uint32_t s = 0; s < m->counts[i]; s++)
            add_line(m->kernel, band, &m->streaks[(size_t)i * BT_STREAK_MAX + s],
                     m->kernel->straight / places);
    return BT_OK;
}

static bt_status find_streaks(void *context, uint32_t i, uint32_t worker)
{
    (void)worker;
    streak_mean *m = context;
    bt_kernel_place place;
    double covered;
    double x = (i % STREAK_PLACES + 0.5) / STREAK_PLACES * m->desc->film_width_px - 0.5;
    double y = (i / STREAK_PLACES + 0.5) / STREAK_PLACES * m->desc->film_height_px - 0.5;
    m->desc->place_at(m->desc->context, x, y, &place);
    m->counts[i] = bt_streaks_of(&place.pupil, m->streaks + (size_t)i * BT_STREAK_MAX, &covered);
    return BT_OK;
}

// The first scratch that any node or place has tells the loss and the bend of all.
static bool first_scratch(const bt_kernel_desc *d, bt_pupil_scratch *scratch)
{
    const uint32_t side = 2 * STREAK_PLACES + 1;
    for (uint32_t i = 0; i < side * side; i++) {
        bt_kernel_place place;
        d->place_at(d->context, i % side * (d->film_width_px - 1.0) / (side - 1),
                    i / side * (d->film_height_px - 1.0) / (side - 1), &place);
        if (place.pupil.scratch_count == 0) continue;
        *scratch = place.pupil.scratches[0];
        return true;
    }
    return false;
}

static void set_streak_light(const bt_kernel_desc *d, const bt_pupil_scratch *scratch, bt_kernel *k)
{
    bt_kernel_place place;
    d->place_at(d->context, 0.5 * d->film_width_px, 0.5 * d->film_height_px, &place);
    bt_streak_desc light = {.loss = scratch->loss,
                            .bend_rad = scratch->bend_rad,
                            .f_number = place.pupil.f_number,
                            .pixel_pitch_m = d->pixel_pitch_m,
                            .band_count = d->band_count,
                            .wave_count = d->wave_count,
                            .lambda_m = d->lambda_m};
    for (uint32_t b = 0; b < d->band_count; b++)
        light.weight[b] = d->weight[b];
    bt_streak_light_init(&light, &k->streaks);
}

bt_status bt_kernel_make_streaks(const bt_kernel_desc *d, double straight, bt_kernel *k,
                                 bt_jobs *jobs)
{
    bt_pupil_scratch scratch;
    k->straight = straight;
    if (!first_scratch(d, &scratch)) return BT_OK;
    set_streak_light(d, &scratch, k);
    k->place_at = d->place_at;
    k->context = d->context;
    k->streak_near = bt_alloc(d->band_count * bt_kernel_near_size(k), sizeof(float));
    k->streak_far = bt_alloc(d->band_count * bt_kernel_far_size(k), sizeof(float));
    streak_mean *m = bt_alloc(1, sizeof *m);
    bt_streak *streaks =
        bt_alloc((size_t)STREAK_PLACES * STREAK_PLACES * BT_STREAK_MAX, sizeof *streaks);
    bt_status status = BT_OK;
    if (!k->streak_near || !k->streak_far || !m || !streaks)
        status = bt_fail(BT_ERR_MEMORY, "no memory for the streaks of scratches");
    if (status == BT_OK) {
        *m = (streak_mean){.desc = d, .kernel = k, .streaks = streaks};
        status = bt_jobs_run(jobs, STREAK_PLACES * STREAK_PLACES, find_streaks, m);
    }
    if (status == BT_OK) status = bt_jobs_run(jobs, d->band_count, add_mean, m);
    bt_free(m);
    bt_free(streaks);
    return status;
}
