// kernel_halo.c: the near and the far part of a kernel's nodes: kernel.h.
//
// Blocks are read linearly between their middles, so each takes in the light about it weighted by a
// tent of two blocks: one that took in its own square alone would turn a thin streak into beads.
#include "sensors/camera/optics/kernel_internal.h"

#include <math.h>
#include <stdlib.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"

#define FADE 0.7  // of the near radius: from there on far takes over
#define FINE_PX 2 // side of the cells that a tent is summed over
#define TENT_CELLS (2 * BT_KERNEL_BLOCK / FINE_PX)

typedef struct node {
    const bt_kernel_maker *m;
    bt_straight straight;
    double *near[BT_KERNEL_MAX_BANDS], *far[BT_KERNEL_MAX_BANDS];
    double *spokes; // (far) the ring's mean over each block's tent
    double passed[BT_KERNEL_MAX_BANDS];
} node;

double bt_kernel_near_part(const bt_kernel *k, double r_px)
{
    double x = (r_px / k->near_radius - FADE) / (1.0 - FADE);
    if (x <= 0.0) return 1.0;
    return x < 1.0 ? 0.5 + 0.5 * cos(BT_PI * x) : 0.0;
}

// ---- near -------------------------------------------------------------------------------------
static void add_near(const node *n)
{
    const bt_kernel *k = n->m->kernel;
    int reach = k->near_radius;
    size_t at = 0;
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++, at++)
            if (!bt_kernel_in_core(x, y) && x * x + y * y < reach * reach)
                bt_straight_add(&n->straight, n->near, at,
                                bt_straight_energy(&n->straight, x, y, 0.5, n->m->near_way[at]));
}

static void finish_near(const node *n, uint32_t band)
{
    const bt_kernel *k = n->m->kernel;
    int reach = k->near_radius;
    double *near = n->near[band];
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++, near++) {
            double r = sqrt((double)(x * x + y * y));
            if (!bt_kernel_in_core(x, y))
                *near = bt_kernel_near_part(k, r) *
                        (*near + bt_kernel_astray_at(&n->m->astray, band, r));
        }
}

// ---- far --------------------------------------------------------------------------------------
// Middle of a tent's cell from the block's, pixels; and its weight. All weights add up to 1.
static int cell_px(int i)
{
    return FINE_PX * i + FINE_PX / 2 - BT_KERNEL_BLOCK;
}

static double cell_weight(int i)
{
    return (double)(BT_KERNEL_BLOCK - abs(cell_px(i))) * FINE_PX /
           (BT_KERNEL_BLOCK * BT_KERNEL_BLOCK);
}

static size_t fine_columns(const bt_kernel *k)
{
    return (2 * (size_t)k->far_rx + 2) * BT_KERNEL_BLOCK / FINE_PX;
}

static size_t fine_rows(const bt_kernel *k)
{
    return (2 * (size_t)k->far_ry + 2) * BT_KERNEL_BLOCK / FINE_PX;
}

// Directions of the cells of a block's tent, row `j`.
static const uint16_t *ways_of(const bt_kernel_maker *m, int x, int y, int j)
{
    const bt_kernel *k = m->kernel;
    size_t row = (size_t)(y + k->far_ry) * BT_KERNEL_BLOCK / FINE_PX + (size_t)j;
    size_t column = (size_t)(x + k->far_rx) * BT_KERNEL_BLOCK / FINE_PX;
    return m->fine_way + row * fine_columns(k) + column;
}

// Light per pixel of a block that the tables reach.
static double block_energy(const node *n, int x, int y)
{
    double sum = 0.0;
    for (int j = 0; j < TENT_CELLS; j++) {
        const uint16_t *ways = ways_of(n->m, x, y, j);
        double row = 0.0, at_y = BT_KERNEL_BLOCK * y + cell_px(j);
        for (int i = 0; i < TENT_CELLS; i++)
            row +=
                cell_weight(i) * bt_straight_energy(&n->straight, BT_KERNEL_BLOCK * x + cell_px(i),
                                                    at_y, 0.5 * FINE_PX, ways[i]);
        sum += cell_weight(j) * row;
    }
    return sum / (FINE_PX * FINE_PX);
}

// Blocks not too far out for the wide table.
static void add_far(const node *n, double ring_px)
{
    const bt_kernel *k = n->m->kernel;
    size_t at = 0;
    for (int y = -k->far_ry; y <= k->far_ry; y++)
        for (int x = -k->far_rx; x <= k->far_rx; x++, at++) {
            double r = BT_KERNEL_BLOCK * sqrt((double)(x * x + y * y));
            if (r > FADE * k->near_radius && r < ring_px)
                bt_straight_add(&n->straight, n->far, at, block_energy(n, x, y));
        }
}

static void fill_spokes(node *n)
{
    const bt_kernel *k = n->m->kernel;
    size_t at = 0;
    double weight[TENT_CELLS];
    for (int i = 0; i < TENT_CELLS; i++)
        weight[i] = cell_weight(i);
    for (int y = -k->far_ry; y <= k->far_ry; y++)
        for (int x = -k->far_rx; x <= k->far_rx; x++, at++)
            for (int j = 0; j < TENT_CELLS; j++) {
                const uint16_t *ways = ways_of(n->m, x, y, j);
                double row = 0.0;
                for (int i = 0; i < TENT_CELLS; i++)
                    row += weight[i] * n->straight.ring->at[ways[i]];
                n->spokes[at] += weight[j] * row;
            }
}

// The ring's light in a pixel falls with the third power of the angle in wavelengths, and a pixel
// is larger in them the shorter they are: in all it grows with the wavelength.
static void finish_far(const node *n, uint32_t band, double ring_px)
{
    const bt_kernel *k = n->m->kernel;
    const bt_kernel_desc *d = n->m->desc;
    double outer = n->straight.ring->outer, mean = 0.0, *far = n->far[band];
    for (uint32_t w = 0; w < d->wave_count; w++)
        mean += d->weight[band][w] * 2.0 * d->lambda_m[w] * n->straight.place.pupil.f_number /
                d->pixel_pitch_m;
    double scale = n->straight.straight * outer * outer * outer * mean;
    size_t at = 0;
    for (int y = -k->far_ry; y <= k->far_ry; y++)
        for (int x = -k->far_rx; x <= k->far_rx; x++, at++) {
            double r = BT_KERNEL_BLOCK * sqrt((double)(x * x + y * y)),
                   part = 1.0 - bt_kernel_near_part(k, r);
            if (!(part > 0.0)) continue;
            if (r >= ring_px) far[at] = scale * n->spokes[at] / (r * r * r);
            far[at] = part * (far[at] + bt_kernel_astray_at(&n->m->astray, band, r));
        }
}

// ---- nodes ------------------------------------------------------------------------------------
static bt_status node_create(const bt_kernel_maker *m, uint32_t number, node **out)
{
    const bt_kernel *k = m->kernel;
    node *n = *out = bt_alloc(1, sizeof *n);
    if (!n) return bt_fail(BT_ERR_MEMORY, "no memory for a kernel");
    n->m = m;
    n->spokes = bt_alloc(bt_kernel_far_size(k), sizeof(double));
    bool whole = n->spokes != NULL;
    for (uint32_t b = 0; b < k->band_count; b++) {
        n->near[b] = bt_alloc(bt_kernel_near_size(k), sizeof(double));
        n->far[b] = bt_alloc(bt_kernel_far_size(k), sizeof(double));
        whole = whole && n->near[b] && n->far[b];
    }
    if (!whole) return bt_fail(BT_ERR_MEMORY, "no memory for a kernel");
    return bt_straight_init(m->desc, bt_kernel_node_x(&k->halo_grid, number),
                            bt_kernel_node_y(&k->halo_grid, number), m->wide, &m->rings[number],
                            &n->straight);
}

static void node_destroy(node *n)
{
    if (!n) return;
    bt_straight_clear(&n->straight);
    bt_free(n->spokes);
    for (uint32_t b = 0; b < BT_KERNEL_MAX_BANDS; b++) {
        bt_free(n->near[b]);
        bt_free(n->far[b]);
    }
    bt_free(n);
}

static bt_status add_waves(node *n)
{
    const bt_kernel_desc *d = n->m->desc;
    bt_status status = BT_OK;
    fill_spokes(n);
    double ring_px = bt_straight_ring_px(&n->straight);
    for (uint32_t w = 0; w < d->wave_count && status == BT_OK; w++) {
        if (!bt_kernel_wave_is_seen(d, w)) continue;
        status = bt_straight_set_wave(&n->straight, n->m->dense, w, false);
        if (status != BT_OK) break;
        for (uint32_t b = 0; b < d->band_count; b++)
            n->passed[b] += d->weight[b][w] * bt_straight_passed(&n->straight);
        add_near(n);
        add_far(n, ring_px);
    }
    for (uint32_t b = 0; b < d->band_count && status == BT_OK; b++) {
        finish_near(n, b);
        finish_far(n, b, ring_px);
    }
    return status;
}

static void keep_floats(const double *from, size_t count, float *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (float)from[i];
}

static bt_status make_node(void *context, uint32_t number, uint32_t worker)
{
    (void)worker;
    const bt_kernel_maker *m = context;
    const bt_kernel *k = m->kernel;
    size_t near = bt_kernel_near_size(k), far = bt_kernel_far_size(k);
    node *n;
    bt_status status = node_create(m, number, &n);
    if (status == BT_OK) status = add_waves(n);
    for (uint32_t b = 0; b < k->band_count && status == BT_OK; b++) {
        size_t place = (size_t)number * k->band_count + b;
        keep_floats(n->near[b], near, k->near + place * near);
        keep_floats(n->far[b], far, k->far + place * far);
        m->passed[place] = n->passed[b];
    }
    node_destroy(n);
    return status;
}

static bt_status find_ways(bt_kernel_maker *m)
{
    const bt_kernel *k = m->kernel;
    m->near_way = bt_alloc(bt_kernel_near_size(k), sizeof *m->near_way);
    m->fine_way = bt_alloc(fine_columns(k) * fine_rows(k), sizeof *m->fine_way);
    if (!m->near_way || !m->fine_way) return bt_fail(BT_ERR_MEMORY, "no memory for a kernel");
    size_t at = 0;
    for (int y = -k->near_radius; y <= k->near_radius; y++)
        for (int x = -k->near_radius; x <= k->near_radius; x++)
            m->near_way[at++] = (uint16_t)bt_kernel_way(x, y);
    at = 0;
    for (size_t j = 0; j < fine_rows(k); j++)
        for (size_t i = 0; i < fine_columns(k); i++)
            m->fine_way[at++] = (uint16_t)bt_kernel_way(
                FINE_PX * (double)i + cell_px(0) - BT_KERNEL_BLOCK * k->far_rx,
                FINE_PX * (double)j + cell_px(0) - BT_KERNEL_BLOCK * k->far_ry);
    return BT_OK;
}

bt_status bt_kernel_make_halos(bt_kernel_maker *m, bt_jobs *jobs)
{
    bt_status status = find_ways(m);
    if (status != BT_OK) return status;
    return bt_jobs_run(jobs, bt_kernel_node_count(&m->kernel->halo_grid), make_node, m);
}
