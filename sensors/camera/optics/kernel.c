// kernel.c: see kernel.h.
#include "sensors/camera/optics/kernel.h"

#include <math.h>

#include "engine/core/memory.h"
#include "sensors/camera/optics/kernel_internal.h"
#include "sensors/camera/optics/kernel_streak.h"

#define NEAR_SHARE 13    // near radius: the film's larger side over this
#define LEAST_NEAR_PX 64 // blocks are too coarse for what is nearer

// ---- nodes ------------------------------------------------------------------------------------
// Along the longer side `nodes`, along the other in proportion, an odd number: one lies in the middle.
static bt_kernel_grid place_nodes(const bt_kernel_desc *d, uint32_t nodes)
{
    bt_kernel_grid g = {0};
    double width = d->film_width_px, height = d->film_height_px;
    uint32_t most = nodes < BT_KERNEL_MAX_NODES ? nodes : BT_KERNEL_MAX_NODES, least = most;
    if (most > 2) {
        double half = 0.5 * (most - 1.0) * fmin(width, height) / fmax(width, height);
        least = 1 + 2 * (uint32_t)fmax(half + 0.5, 1.0);
    }
    g.columns = width >= height ? most : least;
    g.rows = width >= height ? least : most;
    for (uint32_t i = 0; i < g.columns; i++)
        g.x_px[i] = (g.columns > 1 ? i / (g.columns - 1.0) : 0.5) * (width - 1.0);
    for (uint32_t i = 0; i < g.rows; i++)
        g.y_px[i] = (g.rows > 1 ? i / (g.rows - 1.0) : 0.5) * (height - 1.0);
    return g;
}

// ---- the whole --------------------------------------------------------------------------------
static void set_sizes(const bt_kernel_desc *d, bt_kernel *k)
{
    uint32_t larger = d->film_width_px > d->film_height_px ? d->film_width_px : d->film_height_px;
    k->film_width_px = d->film_width_px;
    k->film_height_px = d->film_height_px;
    k->band_count = d->band_count;
    k->near_radius = (int)(larger / NEAR_SHARE);
    if (k->near_radius < LEAST_NEAR_PX) k->near_radius = LEAST_NEAR_PX;
    k->far_width = (d->film_width_px + BT_KERNEL_BLOCK - 1) / BT_KERNEL_BLOCK;
    k->far_height = (d->film_height_px + BT_KERNEL_BLOCK - 1) / BT_KERNEL_BLOCK;
    k->far_rx = (int)k->far_width;
    k->far_ry = (int)k->far_height;
    k->core_grid = place_nodes(d, d->core_nodes);
    k->halo_grid = place_nodes(d, d->halo_nodes);
}

static bt_status make_room(bt_kernel_maker *m)
{
    bt_kernel *k = m->kernel;
    size_t halos = (size_t)bt_kernel_node_count(&k->halo_grid) * k->band_count;
    size_t cores = (size_t)bt_kernel_node_count(&k->core_grid) * k->band_count;
    size_t core = cores * bt_kernel_core_size(), near = halos * bt_kernel_near_size(k);
    size_t far = halos * bt_kernel_far_size(k);
    k->core = bt_alloc(core, sizeof(float));
    k->near = bt_alloc(near, sizeof(float));
    k->far = bt_alloc(far, sizeof(float));
    k->bytes = (core + near + far) * sizeof(float);
    m->rings = bt_alloc(bt_kernel_node_count(&k->halo_grid), sizeof *m->rings);
    m->passed = bt_alloc(halos, sizeof(double));
    m->core_sum = bt_alloc(cores, sizeof(double));
    m->fit = bt_alloc(1, sizeof *m->fit);
    if (k->core && k->near && k->far && m->rings && m->passed && m->core_sum && m->fit)
        return BT_OK;
    return bt_fail(BT_ERR_MEMORY, "no memory for a kernel of %zu bytes", k->bytes);
}

static void average(const bt_kernel_maker *m)
{
    bt_kernel *k = m->kernel;
    uint32_t halos = bt_kernel_node_count(&k->halo_grid);
    uint32_t cores = bt_kernel_node_count(&k->core_grid);
    for (uint32_t b = 0; b < k->band_count; b++) {
        for (uint32_t i = 0; i < halos; i++)
            k->passed[b] += m->passed[i * k->band_count + b] / halos;
        k->halo_share[b] = k->passed[b];
        for (uint32_t i = 0; i < cores; i++)
            k->halo_share[b] -= m->core_sum[i * k->band_count + b] / cores;
    }
}

// The dense table wraps round where the wavefront turns by more than a wave in two cells.
static bt_status check_phase(const bt_kernel_maker *m)
{
    const bt_kernel_desc *d = m->desc;
    const bt_kernel_grid *grid = &m->kernel->core_grid;
    for (uint32_t i = 0; i < bt_kernel_node_count(grid); i++) {
        bt_kernel_place place;
        d->place_at(d->context, bt_kernel_node_x(grid, i), bt_kernel_node_y(grid, i), &place);
        for (uint32_t w = 0; w < d->wave_count; w++) {
            bt_exit_pupil pupil = place.pupil;
            pupil.focus_shift_m += d->focus_shift_m[w];
            double waves = bt_pupil_steepest(&pupil, 1.0 / BT_KERNEL_DENSE_ACROSS) / d->lambda_m[w];
            if (!(waves < 0.4))
                return bt_fail(
                    BT_ERR_INPUT,
                    "lens: its wavefront turns by %.2f waves at %.0f nm over %.3f of its "
                    "radius; a point spread is worked out up to 0.4 (about %.0f waves of "
                    "defocus)",
                    waves, d->lambda_m[w] * 1e9, 1.0 / BT_KERNEL_DENSE_ACROSS,
                    0.2 * BT_KERNEL_DENSE_ACROSS);
        }
    }
    return BT_OK;
}

static void maker_clear(bt_kernel_maker *m)
{
    bt_fourier_destroy(m->dense);
    bt_fourier_destroy(m->wide);
    bt_kernel_astray_clear(&m->astray);
    bt_free(m->rings);
    bt_free(m->near_way);
    bt_free(m->fine_way);
    bt_free(m->passed);
    bt_free(m->core_sum);
    bt_free(m->fit);
}

bt_status bt_kernel_create(const bt_kernel_desc *desc, bt_jobs *jobs, bt_kernel **kernel)
{
    *kernel = NULL;
    bt_kernel_maker m = {.desc = desc, .kernel = bt_alloc(1, sizeof **kernel)};
    bt_kernel *k = m.kernel;
    if (!k) return bt_fail(BT_ERR_MEMORY, "no memory for a kernel");
    set_sizes(desc, k);
    // to the film's farthest corner and a block
    double far_px = BT_KERNEL_BLOCK * (hypot(k->far_rx, k->far_ry) + 2.0);
    bt_status status = check_phase(&m);
    if (status == BT_OK) status = make_room(&m);
    if (status == BT_OK) status = bt_fourier_create_square(BT_KERNEL_DENSE_N, &m.dense);
    if (status == BT_OK) status = bt_fourier_create_square(BT_KERNEL_WIDE_N, &m.wide);
    if (status == BT_OK) status = bt_kernel_astray_init(desc, far_px, jobs, &m.astray);
    if (status == BT_OK) status = bt_kernel_make_streaks(desc, bt_kernel_straight(desc), k, jobs);
    if (status == BT_OK) status = bt_kernel_make_halos(&m, jobs);
    if (status == BT_OK) status = bt_kernel_make_cores(&m, jobs);
    if (status == BT_OK) average(&m);
    maker_clear(&m);
    if (status != BT_OK)
        bt_kernel_destroy(k);
    else
        *kernel = k;
    return status;
}

void bt_kernel_destroy(bt_kernel *kernel)
{
    if (!kernel) return;
    bt_free(kernel->core);
    bt_free(kernel->near);
    bt_free(kernel->far);
    bt_free(kernel->streak_near);
    bt_free(kernel->streak_far);
    bt_free(kernel);
}
