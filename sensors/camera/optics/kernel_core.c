// kernel_core.c: the core of a kernel's nodes, and the renderer's filter that suits them: kernel.h.
#include "sensors/camera/optics/kernel_internal.h"

#include <math.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"

typedef struct node {
    const bt_kernel_maker *m;
    bt_straight straight;
    bt_fit_target target[BT_KERNEL_MAX_BANDS]; // of what goes straight
} node;

// The node of the halo that lies nearest knows what edges throw far.
static bt_kernel_ring *ring_at(const bt_kernel_maker *m, double x_px, double y_px)
{
    const bt_kernel_grid *halo = &m->kernel->halo_grid;
    uint32_t nearest = 0;
    double least = INFINITY;
    for (uint32_t i = 0; i < bt_kernel_node_count(halo); i++) {
        double r = hypot(bt_kernel_node_x(halo, i) - x_px, bt_kernel_node_y(halo, i) - y_px);
        if (r < least) nearest = i;
        least = fmin(least, r);
    }
    return &m->rings[nearest];
}

static bt_status node_create(const bt_kernel_maker *m, uint32_t number, node **out)
{
    const bt_kernel *k = m->kernel;
    double x = bt_kernel_node_x(&k->core_grid, number), y = bt_kernel_node_y(&k->core_grid, number);
    node *n = *out = bt_alloc(1, sizeof *n);
    if (!n) return bt_fail(BT_ERR_MEMORY, "no memory for a kernel");
    n->m = m;
    return bt_straight_init(m->desc, x, y, NULL, ring_at(m, x, y), &n->straight);
}

static void node_destroy(node *n)
{
    if (n) bt_straight_clear(&n->straight);
    bt_free(n);
}

// ---- the picture of a point -------------------------------------------------------------------
static double sinc(double x)
{
    return x != 0.0 ? sin(BT_PI * x) / (BT_PI * x) : 1.0;
}

static void add_transfer(node *n)
{
    const bt_kernel_desc *d = n->m->desc;
    for (int i = 0; i < BT_FIT_ROWS * BT_FIT_COLUMNS; i++) {
        double fx = bt_fit_fx(i), fy = bt_fit_fy(i), value[2];
        double pixel = sinc(fx * d->aperture_px) * sinc(fy * d->aperture_px);
        bt_straight_transfer(&n->straight, fx, fy, value);
        for (uint32_t b = 0; b < d->band_count; b++)
            for (int k = 0; k < 2; k++)
                n->target[b].transfer[i][k] += d->weight[b][n->straight.wave] * pixel * value[k];
    }
}

static void add_pixels(node *n)
{
    const bt_kernel_desc *d = n->m->desc;
    double half = 0.5 * d->aperture_px, area = d->aperture_px * d->aperture_px;
    for (int i = 0; i < BT_FIT_SIDE * BT_FIT_SIDE; i++) {
        int x = i % BT_FIT_SIDE - BT_FIT_REACH, y = i / BT_FIT_SIDE - BT_FIT_REACH;
        double energy = bt_straight_energy(&n->straight, x, y, half, bt_kernel_way(x, y)) / area;
        for (uint32_t b = 0; b < d->band_count; b++)
            n->target[b].pixels[i] += d->weight[b][n->straight.wave] * energy;
    }
}

static bt_status add_waves(node *n)
{
    const bt_kernel_desc *d = n->m->desc;
    for (uint32_t w = 0; w < d->wave_count; w++) {
        if (!bt_kernel_wave_is_seen(d, w)) continue;
        bt_status status = bt_straight_set_wave(&n->straight, n->m->dense, w, true);
        if (status != BT_OK) return status;
        add_transfer(n);
        add_pixels(n);
    }
    return BT_OK;
}

// ---- taps -------------------------------------------------------------------------------------
// What scratches throw of a band into a pixel.
static double streak_light(const node *n, uint32_t band, const bt_streak *streaks, uint32_t count,
                           int x, int y)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        const bt_streak *s = &streaks[i];
        double chord = bt_streak_chord(s->x, s->y, 1.0, x, y);
        if (chord > 0.0)
            sum +=
                s->share * chord *
                bt_streak_along(&n->m->kernel->streaks, band, s->width, fabs(x * s->x + y * s->y));
    }
    return n->straight.straight * sum;
}

// Scattered light is even within the filter's width, and streaks are faint: neither is fitted.
static void keep_band(const node *n, uint32_t number, uint32_t band)
{
    const bt_kernel_maker *m = n->m;
    size_t place = (size_t)number * m->desc->band_count + band;
    double taps[BT_KERNEL_TAPS * BT_KERNEL_TAPS], covered;
    bt_streak streaks[BT_STREAK_MAX];
    uint32_t count = bt_streaks_of(&n->straight.place.pupil, streaks, &covered);
    float *core = m->kernel->core + place * bt_kernel_core_size();
    bt_kernel_fit_solve(m->fit, &n->target[band], taps);
    for (int i = 0; i < BT_KERNEL_TAPS * BT_KERNEL_TAPS; i++) {
        int x = i % BT_KERNEL_TAPS - BT_KERNEL_CORE, y = i / BT_KERNEL_TAPS - BT_KERNEL_CORE;
        taps[i] += bt_kernel_astray_at(&m->astray, band, hypot(x, y)) +
                   streak_light(n, band, streaks, count, x, y);
        core[i] = (float)taps[i];
        m->core_sum[place] += taps[i];
    }
}

static bt_status make_node(void *context, uint32_t number, uint32_t worker)
{
    (void)worker;
    const bt_kernel_maker *m = context;
    node *n;
    bt_status status = node_create(m, number, &n);
    if (status == BT_OK) status = add_waves(n);
    for (uint32_t b = 0; b < m->desc->band_count && status == BT_OK; b++)
        keep_band(n, number, b);
    node_destroy(n);
    return status;
}

// The Gaussian is chosen for the middle of the film.
static bt_status choose_filter(bt_kernel_maker *m)
{
    node *n;
    const bt_kernel_grid *grid = &m->kernel->core_grid;
    bt_status status = node_create(m, grid->rows / 2 * grid->columns + grid->columns / 2, &n);
    if (status == BT_OK) status = add_waves(n);
    if (status == BT_OK) bt_kernel_fit_choose(n->target, m->desc->band_count, m->fit);
    node_destroy(n);
    return status;
}

bt_status bt_kernel_make_cores(bt_kernel_maker *m, bt_jobs *jobs)
{
    bt_status status = BT_OK;
    if (m->desc->filter_sigma_px > 0.0)
        bt_kernel_fit_init(m->desc->filter_sigma_px, m->fit);
    else
        status = choose_filter(m);
    m->kernel->filter_sigma_px = m->fit->sigma_px;
    if (status != BT_OK) return status;
    return bt_jobs_run(jobs, bt_kernel_node_count(&m->kernel->core_grid), make_node, m);
}
