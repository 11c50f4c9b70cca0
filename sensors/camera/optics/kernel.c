// kernel.c: see kernel.h.
//
// A node's point spread comes from two tables: a small, dense one per wavelength, with phase, for the
// middle; and a large one of the pupil's shape alone, which all wavelengths share when angles are
// counted in wavelengths. Phase matters only where light is: what edges and scratches throw far out
// does not know it. Beyond the large table hard edges fall with the third power of the angle
// (Keller 1962, "Geometrical theory of diffraction"), in each direction on its own.
#include "sensors/camera/optics/kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"
#include "sensors/camera/optics/kernel_fit.h"
#include "sensors/camera/optics/kernel_handover.h"
#include "sensors/camera/optics/kernel_streak.h"

#define DENSE_N 256u
#define DENSE_ACROSS 56.0 // cells over a radius; 4.5 points per structure
#define WIDE_N 1024u
#define WIDE_ACROSS 224.0
#define DENSE_USED 0.60 // of a table's half side
#define WIDE_USED 0.65
#define RING_FROM 0.40 // of the wide table's half side: where the far directions are measured
// Side of the squares there, in points: of single ones, which a table sharpens, some would be below nothing, and
// are read as nothing (2 % too much in all).
#define RING_CELLS 3.0
#define DIRECTIONS 720
#define RADII_PER_PX 2   // of the table of scattered light
#define FADE 0.6         // of the near radius: from there on far takes over
#define FADED 0.9        // and has done: what its blocks then still leave, near tells
#define NEAR_SHARE 13    // near radius: the film's larger side over this
#define LEAST_NEAR_PX 64 // blocks are too coarse for what is nearer
// Blocks are read linearly between their middles, so each takes in the light about it weighted by a
// tent of two blocks: one that took in its own square alone would turn a thin streak into beads.
#define FINE_PX 2 // side of the cells that a tent is summed over
#define TENT_CELLS (2 * BT_KERNEL_BLOCK / FINE_PX)

typedef struct maker {
    const bt_kernel_desc *desc;
    bt_kernel *kernel;
    bt_fourier *dense, *wide;
    bt_kernel_fit *fit;
    double *astray; // (bands x radii): share of light scattered to within that radius
    uint32_t radii;
    uint16_t *near_way,
        *fine_way;         // which of the ring's directions an offset is in: of a pixel of near,
                           // of a cell of FINE_PX of far
    double *passed, *halo; // (nodes x bands)
} maker;

// What one node is made of.
typedef struct node {
    const maker *m;
    bt_kernel_place place;
    bt_spread_table dense, wide;
    double ring[DIRECTIONS]; // energy per square unit at the ring's outer edge
    double unit;             // units of 2 lambda N per pixel
    uint32_t wave;
    double shift_x_px, shift_y_px;
    double straight;    // share of light not scattered
    bt_streak *streaks; // of its scratches
    uint32_t streak_count;
    double covered;                      // share of the pupil under them
    double left;                         // of the bare point spread at this wavelength
    double *target[BT_KERNEL_MAX_BANDS]; // (BT_FIT_SIDE^2)
    double *near[BT_KERNEL_MAX_BANDS], *far[BT_KERNEL_MAX_BANDS];
    double *spokes; // (far) the ring's mean over each block's tent
    double passed[BT_KERNEL_MAX_BANDS];
} node;

// ---- scattered light --------------------------------------------------------------------------
static double sine_at(const bt_kernel_desc *d, double r_px)
{
    double t = r_px / d->focal_px;
    if (!d->angle_is_radius) return t / sqrt(1.0 + t * t);
    return t < 0.5 * BT_PI ? sin(t) : 1.0;
}

// Of the light that the bare pupil passes: what goes straight, and where the rest goes. One scattering
// each: pane's dust and fog, pane's film, lens, in that order.
static double straight_share(const bt_kernel_desc *d)
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
               (straight_share(d) * fmin(thrown, 1.0) + astray_within(d, lambda_m, 1.0) -
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

static bt_status fill_astray(void *context, uint32_t item, uint32_t worker)
{
    (void)worker;
    const maker *m = context;
    const bt_kernel_desc *d = m->desc;
    for (uint32_t b = 0; b < d->band_count; b++) {
        double sine = sine_at(d, (double)item / RADII_PER_PX), sum = 0.0;
        for (uint32_t w = 0; w < d->wave_count; w++)
            if (d->weight[b][w] > 0.0)
                sum += d->weight[b][w] * astray_within(d, d->lambda_m[w], sine);
        m->astray[(size_t)b * m->radii + item] = sum;
    }
    return BT_OK;
}

// Scattered light of a band in a square pixel: of the ring of a pixel's width there.
static double astray_at(const maker *m, uint32_t band, double r_px)
{
    const double *within = m->astray + (size_t)band * m->radii;
    double low = fmax(r_px - 0.5, 0.0), high = r_px + 0.5, at[2] = {low, high}, value[2];
    for (int i = 0; i < 2; i++) {
        double x = fmin(at[i] * RADII_PER_PX, m->radii - 1.001);
        uint32_t k = (uint32_t)x;
        value[i] = within[k] + (within[k + 1] - within[k]) * (x - k);
    }
    return (value[1] - value[0]) / (BT_PI * (high * high - low * low));
}

// ---- the point spread of a node, at one wavelength -------------------------------------------
static uint32_t way_of(double x, double y)
{
    return (uint32_t)((atan2(y, x) / BT_PI + 1.0) * 0.5 * DIRECTIONS) % DIRECTIONS;
}

static void fill_ring(node *n)
{
    double reach = bt_spread_table_reach(&n->wide), step = n->wide.step;
    double outer = WIDE_USED * reach, inner = RING_FROM * reach, half = RING_CELLS * 0.5 * step;
    uint32_t counts[DIRECTIONS] = {0};
    memset(n->ring, 0, sizeof n->ring);
    int edge = (int)(outer / step);
    for (int j = -edge; j <= edge; j++)
        for (int i = -edge; i <= edge; i++) {
            double x = i * step, y = j * step, r = hypot(x, y);
            if (r < inner || r > outer) continue;
            uint32_t k = way_of(x, y);
            double energy = bt_spread_table_box(&n->wide, x - half, y - half, x + half, y + half);
            double grown = r / outer;
            n->ring[k] += energy / (4.0 * half * half) * grown * grown * grown;
            counts[k]++;
        }
    for (int k = 0; k < DIRECTIONS; k++)
        n->ring[k] /= counts[k] > 0 ? counts[k] : 1;
}

// Energy in a square of half side `half` about (x, y), pixels, of what goes straight; `way`: the
// direction of (x, y), to within what shifts of colour and double images change of it.
static double one_image(const node *n, double x, double y, double half, uint32_t way)
{
    double u = x * n->unit, v = y * n->unit, h = half * n->unit;
    double most = fmax(fabs(u), fabs(v)) + h;
    if (most < DENSE_USED * bt_spread_table_reach(&n->dense))
        return bt_spread_table_box(&n->dense, u - h, v - h, u + h, v + h);
    double outer = WIDE_USED * bt_spread_table_reach(&n->wide), r = sqrt(u * u + v * v);
    if (r + 1.5 * h < outer || r < h)
        return bt_spread_table_box(&n->wide, u - h, v - h, u + h, v + h);
    double fallen = outer / r;
    return n->ring[way] * fallen * fallen * fallen * 4.0 * h * h;
}

// The same of everything.
static double energy_at(const node *n, double x, double y, double half, uint32_t way)
{
    const bt_kernel_place *p = &n->place;
    double at_x = x - n->shift_x_px, at_y = y - n->shift_y_px;
    double sum = one_image(n, at_x, at_y, half, way);
    if (p->double_ratio > 0.0)
        sum +=
            p->double_ratio * one_image(n, at_x - p->double_x_px, at_y - p->double_y_px, half, way);
    return n->straight * n->left * sum;
}

// ---- adding a wavelength to a node's bands ---------------------------------------------------
static void add(const node *n, double *const *bands, size_t at, double value)
{
    const bt_kernel_desc *d = n->m->desc;
    for (uint32_t b = 0; b < d->band_count; b++)
        bands[b][at] += d->weight[b][n->wave] * value;
}

static void add_target(const node *n)
{
    const bt_kernel_desc *d = n->m->desc;
    double half = 0.5 * d->aperture_px, area = d->aperture_px * d->aperture_px;
    for (int j = 0; j < BT_FIT_SIDE; j++)
        for (int i = 0; i < BT_FIT_SIDE; i++) {
            double x = (double)i / BT_FIT_FINE - BT_FIT_REACH;
            double y = (double)j / BT_FIT_FINE - BT_FIT_REACH;
            add(n, n->target, (size_t)j * BT_FIT_SIDE + (size_t)i,
                energy_at(n, x, y, half, way_of(x, y)) / area);
        }
}

double bt_kernel_near_part(const bt_kernel *k, double r_px)
{
    double x = (r_px / k->near_radius - FADE) / (FADED - FADE);
    if (x <= 0.0) return 1.0;
    return x < 1.0 ? 0.5 + 0.5 * cos(BT_PI * x) : 0.0;
}

static void add_near(const node *n)
{
    const bt_kernel *k = n->m->kernel;
    int reach = k->near_radius;
    size_t at = 0;
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++, at++)
            if (!bt_kernel_in_core(x, y) && x * x + y * y < reach * reach)
                add(n, n->near, at, energy_at(n, x, y, 0.5, n->m->near_way[at]));
}

// Pixels from the middle from which on all that goes straight is told by the ring, at any wavelength.
static double ring_from_px(const node *n)
{
    double least = INFINITY, outer = WIDE_USED * bt_spread_table_reach(&n->wide);
    for (uint32_t w = 0; w < n->m->desc->wave_count; w++)
        least = fmin(least, n->m->desc->pixel_pitch_m /
                                (2.0 * n->m->desc->lambda_m[w] * n->place.pupil.f_number));
    return outer / least + 2.0 * BT_KERNEL_BLOCK;
}

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
static const uint16_t *ways_of(const maker *m, int x, int y, int j)
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
            row += cell_weight(i) *
                   energy_at(n, BT_KERNEL_BLOCK * x + cell_px(i), at_y, 0.5 * FINE_PX, ways[i]);
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
            if (r > FADE * k->near_radius && r < ring_px) add(n, n->far, at, block_energy(n, x, y));
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
                    row += weight[i] * n->ring[ways[i]];
                n->spokes[at] += weight[j] * row;
            }
}

// ---- all wavelengths together ----------------------------------------------------------------
// Scattered light per pixel that a block tells.
static double astray_in_block(const maker *m, uint32_t band, double r_px)
{
    const double block = BT_KERNEL_BLOCK;
    return bt_kernel_sharpen(astray_at(m, band, r_px), astray_at(m, band, r_px - block),
                             astray_at(m, band, r_px + block),
                             astray_at(m, band, hypot(r_px, block)));
}

// The ring's light in a pixel falls with the third power of the angle in wavelengths, and a pixel
// is larger in them the shorter they are: in all it grows with the wavelength.
static void finish_far(const node *n, uint32_t band, double ring_px)
{
    const bt_kernel *k = n->m->kernel;
    const bt_kernel_desc *d = n->m->desc;
    double outer = WIDE_USED * bt_spread_table_reach(&n->wide), mean = 0.0, *far = n->far[band];
    for (uint32_t w = 0; w < d->wave_count; w++)
        mean +=
            d->weight[band][w] * 2.0 * d->lambda_m[w] * n->place.pupil.f_number / d->pixel_pitch_m;
    double scale = n->straight * outer * outer * outer * mean;
    size_t at = 0;
    for (int y = -k->far_ry; y <= k->far_ry; y++)
        for (int x = -k->far_rx; x <= k->far_rx; x++, at++) {
            double r = BT_KERNEL_BLOCK * sqrt((double)(x * x + y * y)),
                   part = 1.0 - bt_kernel_near_part(k, r);
            if (!(part > 0.0)) continue;
            bool by_ring = r >= ring_px;
            if (by_ring) far[at] = scale * n->spokes[at] / (r * r * r);
            far[at] = part * (bt_kernel_sharpen_straight(far[at], r, !by_ring) +
                              astray_in_block(n->m, band, r));
        }
}

static void finish_near(const node *n, uint32_t band)
{
    const bt_kernel *k = n->m->kernel;
    int reach = k->near_radius;
    double *near = n->near[band];
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++, near++) {
            double r = sqrt((double)(x * x + y * y));
            if (!bt_kernel_in_core(x, y) && r < reach) *near += astray_at(n->m, band, r);
        }
    bt_kernel_hand_over(k, n->far[band], n->near[band]);
    for (int j = 0; j < BT_FIT_SIDE; j++)
        for (int i = 0; i < BT_FIT_SIDE; i++) {
            double x = (double)i / BT_FIT_FINE - BT_FIT_REACH;
            double y = (double)j / BT_FIT_FINE - BT_FIT_REACH;
            n->target[band][j * BT_FIT_SIDE + i] += astray_at(n->m, band, sqrt(x * x + y * y));
        }
}

// Streaks of the node's scratches in squares of the aperture.
static void add_streaks(const node *n, uint32_t band)
{
    const bt_kernel_desc *d = n->m->desc;
    const bt_streak_light *light = &n->m->kernel->streaks;
    double scale = n->straight / (d->aperture_px * d->aperture_px);
    for (uint32_t k = 0; k < n->streak_count; k++) {
        const bt_streak *s = &n->streaks[k];
        double *to = n->target[band];
        for (int j = 0; j < BT_FIT_SIDE; j++)
            for (int i = 0; i < BT_FIT_SIDE; i++, to++) {
                double x = (double)i / BT_FIT_FINE - BT_FIT_REACH;
                double y = (double)j / BT_FIT_FINE - BT_FIT_REACH;
                double chord = bt_streak_chord(s->x, s->y, d->aperture_px, x, y);
                if (chord > 0.0)
                    *to += scale * s->share * chord *
                           bt_streak_along(light, band, s->width, fabs(x * s->x + y * s->y));
            }
    }
}

static bool is_seen(const bt_kernel_desc *d, uint32_t wave)
{
    for (uint32_t b = 0; b < d->band_count; b++)
        if (d->weight[b][wave] > 0.0) return true;
    return false;
}

static bt_status add_wave(node *n, const bt_pupil_grid *grid, double ring_px)
{
    const bt_kernel_desc *d = n->m->desc;
    double lambda_m = d->lambda_m[n->wave];
    bt_status status = bt_spread_table_init(grid, lambda_m, d->focus_shift_m[n->wave], n->m->dense,
                                            DENSE_N, &n->dense);
    if (status != BT_OK) return status;
    n->unit = d->pixel_pitch_m / (2.0 * lambda_m * n->place.pupil.f_number);
    double lost, thrown, loss = 0.0, bend_rad = 0.0;
    if (n->place.pupil.scratch_count > 0) {
        loss = n->place.pupil.scratches[0].loss;
        bend_rad = n->place.pupil.scratches[0].bend_rad;
    }
    bt_streak_energies(loss, bend_rad, lambda_m, &lost, &thrown);
    n->left = fmax(1.0 - n->covered * lost, 0.0);
    n->shift_x_px = d->magnification[n->wave] * n->place.out_x_px;
    n->shift_y_px = d->magnification[n->wave] * n->place.out_y_px;
    for (uint32_t b = 0; b < d->band_count; b++)
        n->passed[b] += d->weight[b][n->wave] * (1.0 - n->covered * loss) * (1.0 - d->dust.cover) *
                        (1.0 - d->fog.cover) * (1.0 + n->place.double_ratio);
    add_target(n);
    add_near(n);
    add_far(n, ring_px);
    bt_spread_table_clear(&n->dense);
    return BT_OK;
}

static bt_status add_waves(node *n)
{
    bt_pupil_grid grid;
    bt_exit_pupil bare = n->place.pupil;
    bare.scratch_count = 0;
    bt_status status = bt_pupil_grid_init(&bare, WIDE_ACROSS, true, &grid);
    if (status == BT_OK)
        status = bt_spread_table_init(&grid, 0.0, 0.0, n->m->wide, WIDE_N, &n->wide);
    bt_pupil_grid_clear(&grid);
    if (status != BT_OK) return status;
    fill_ring(n);
    fill_spokes(n);
    double ring_px = ring_from_px(n);
    status = bt_pupil_grid_init(&bare, DENSE_ACROSS, false, &grid);
    for (n->wave = 0; n->wave < n->m->desc->wave_count && status == BT_OK; n->wave++)
        if (is_seen(n->m->desc, n->wave)) status = add_wave(n, &grid, ring_px);
    bt_pupil_grid_clear(&grid);
    for (uint32_t b = 0; b < n->m->desc->band_count && status == BT_OK; b++) {
        finish_far(n, b, ring_px);
        finish_near(n, b);
        add_streaks(n, b);
    }
    return status;
}

// ---- nodes ------------------------------------------------------------------------------------
static bt_status node_create(const maker *m, uint32_t number, node **out)
{
    const bt_kernel *k = m->kernel;
    node *n = *out = bt_alloc(1, sizeof *n);
    if (!n) return bt_fail(BT_ERR_MEMORY, "no memory for a kernel");
    n->m = m;
    n->straight = straight_share(m->desc);
    m->desc->place_at(m->desc->context, k->node_x_px[number % k->nodes_x],
                      k->node_y_px[number / k->nodes_x], &n->place);
    n->spokes = bt_alloc(bt_kernel_far_size(k), sizeof(double));
    n->streaks = bt_alloc(BT_STREAK_MAX, sizeof *n->streaks);
    bool whole = n->spokes != NULL && n->streaks != NULL;
    if (whole) n->streak_count = bt_streaks_of(&n->place.pupil, n->streaks, &n->covered);
    for (uint32_t b = 0; b < k->band_count; b++) {
        n->target[b] = bt_alloc((size_t)BT_FIT_SIDE * BT_FIT_SIDE, sizeof(double));
        n->near[b] = bt_alloc(bt_kernel_near_size(k), sizeof(double));
        n->far[b] = bt_alloc(bt_kernel_far_size(k), sizeof(double));
        whole = whole && n->target[b] && n->near[b] && n->far[b];
    }
    return whole ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for a kernel");
}

static void node_destroy(node *n)
{
    if (!n) return;
    bt_spread_table_clear(&n->dense);
    bt_spread_table_clear(&n->wide);
    bt_free(n->spokes);
    bt_free(n->streaks);
    for (uint32_t b = 0; b < BT_KERNEL_MAX_BANDS; b++) {
        bt_free(n->target[b]);
        bt_free(n->near[b]);
        bt_free(n->far[b]);
    }
    bt_free(n);
}

static double keep_floats(const double *from, size_t count, float *to)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        to[i] = (float)from[i];
        sum += from[i];
    }
    return sum;
}

static bt_status keep_band(const node *n, uint32_t number, uint32_t b)
{
    const bt_kernel *k = n->m->kernel;
    size_t place = (size_t)number * k->band_count + b;
    double taps[BT_KERNEL_TAPS * BT_KERNEL_TAPS];
    bt_status status = bt_kernel_fit_solve(n->m->fit, n->target[b], taps);
    if (status != BT_OK) return status;
    double core = keep_floats(taps, bt_kernel_core_size(), k->core + place * bt_kernel_core_size());
    keep_floats(n->near[b], bt_kernel_near_size(k), k->near + place * bt_kernel_near_size(k));
    keep_floats(n->far[b], bt_kernel_far_size(k), k->far + place * bt_kernel_far_size(k));
    n->m->passed[place] = n->passed[b];
    n->m->halo[place] = n->passed[b] - core;
    return BT_OK;
}

static bt_status make_node(void *context, uint32_t number, uint32_t worker)
{
    (void)worker;
    const maker *m = context;
    node *n;
    bt_status status = node_create(m, number, &n);
    if (status == BT_OK) status = add_waves(n);
    for (uint32_t b = 0; b < m->kernel->band_count && status == BT_OK; b++)
        status = keep_band(n, number, b);
    node_destroy(n);
    return status;
}

// ---- the filter -------------------------------------------------------------------------------
// The renderer's Gaussian is as wide as the sharpest band's point spread in the middle of the film.
static bt_status choose_filter(maker *m)
{
    bt_kernel *k = m->kernel;
    k->filter_sigma_px = m->desc->filter_sigma_px;
    if (!(k->filter_sigma_px > 0.0)) {
        node *n;
        uint32_t middle = k->nodes_y / 2 * k->nodes_x + k->nodes_x / 2;
        bt_status status = node_create(m, middle, &n);
        if (status == BT_OK) status = add_waves(n);
        double least = 1.0;
        for (uint32_t b = 0; b < k->band_count && status == BT_OK; b++)
            least = fmin(least, bt_kernel_fit_sigma(n->target[b]));
        k->filter_sigma_px = least;
        node_destroy(n);
        if (status != BT_OK) return status;
    }
    bt_kernel_fit_init(k->filter_sigma_px, m->fit);
    return BT_OK;
}

// ---- the whole --------------------------------------------------------------------------------
static void place_nodes(const bt_kernel_desc *d, bt_kernel *k)
{
    k->nodes_x = k->nodes_y = d->nodes < BT_KERNEL_MAX_NODES ? d->nodes : BT_KERNEL_MAX_NODES;
    for (uint32_t i = 0; i < k->nodes_x; i++) {
        double u = k->nodes_x > 1 ? (double)i / (k->nodes_x - 1) : 0.5;
        k->node_x_px[i] = u * (d->film_width_px - 1.0);
        k->node_y_px[i] = u * (d->film_height_px - 1.0);
    }
}

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
    place_nodes(d, k);
}

static bt_status make_room(const bt_kernel_desc *d, maker *m)
{
    bt_kernel *k = m->kernel;
    size_t places = (size_t)k->nodes_x * k->nodes_y * k->band_count;
    size_t sizes[3] = {bt_kernel_core_size(), bt_kernel_near_size(k), bt_kernel_far_size(k)};
    k->core = bt_alloc(places * sizes[0], sizeof(float));
    k->near = bt_alloc(places * sizes[1], sizeof(float));
    k->far = bt_alloc(places * sizes[2], sizeof(float));
    k->bytes = places * (sizes[0] + sizes[1] + sizes[2]) * sizeof(float);
    // to the film's farthest corner and a block
    double far_px = BT_KERNEL_BLOCK * (hypot(k->far_rx, k->far_ry) + 2.0);
    m->radii = (uint32_t)(far_px * RADII_PER_PX) + 2;
    m->astray = bt_alloc((size_t)d->band_count * m->radii, sizeof(double));
    m->near_way = bt_alloc(sizes[1], sizeof *m->near_way);
    m->fine_way = bt_alloc(fine_columns(k) * fine_rows(k), sizeof *m->fine_way);
    m->passed = bt_alloc(places, sizeof(double));
    m->halo = bt_alloc(places, sizeof(double));
    m->fit = bt_alloc(1, sizeof *m->fit);
    if (k->core && k->near && k->far && m->astray && m->passed && m->halo && m->fit &&
        m->near_way && m->fine_way)
        return BT_OK;
    return bt_fail(BT_ERR_MEMORY, "no memory for a kernel of %zu bytes", k->bytes);
}

static void fill_ways(const maker *m)
{
    const bt_kernel *k = m->kernel;
    size_t at = 0;
    for (int y = -k->near_radius; y <= k->near_radius; y++)
        for (int x = -k->near_radius; x <= k->near_radius; x++)
            m->near_way[at++] = (uint16_t)way_of(x, y);
    at = 0;
    for (size_t j = 0; j < fine_rows(k); j++)
        for (size_t i = 0; i < fine_columns(k); i++)
            m->fine_way[at++] =
                (uint16_t)way_of(FINE_PX * (double)i + cell_px(0) - BT_KERNEL_BLOCK * k->far_rx,
                                 FINE_PX * (double)j + cell_px(0) - BT_KERNEL_BLOCK * k->far_ry);
}

static void average(const maker *m)
{
    bt_kernel *k = m->kernel;
    uint32_t nodes = k->nodes_x * k->nodes_y;
    for (uint32_t b = 0; b < k->band_count; b++)
        for (uint32_t i = 0; i < nodes; i++) {
            k->passed[b] += m->passed[i * k->band_count + b] / nodes;
            k->halo_share[b] += m->halo[i * k->band_count + b] / nodes;
        }
}

// The dense table wraps round where the wavefront turns by more than a wave in two cells.
static bt_status check_phase(const maker *m)
{
    const bt_kernel_desc *d = m->desc;
    const bt_kernel *k = m->kernel;
    for (uint32_t i = 0; i < k->nodes_x * k->nodes_y; i++) {
        bt_kernel_place place;
        d->place_at(d->context, k->node_x_px[i % k->nodes_x], k->node_y_px[i / k->nodes_x], &place);
        for (uint32_t w = 0; w < d->wave_count; w++) {
            bt_exit_pupil pupil = place.pupil;
            pupil.focus_shift_m += d->focus_shift_m[w];
            double waves = bt_pupil_steepest(&pupil, 1.0 / DENSE_ACROSS) / d->lambda_m[w];
            if (!(waves < 0.4))
                return bt_fail(
                    BT_ERR_INPUT,
                    "lens: its wavefront turns by %.2f waves at %.0f nm over %.3f of its "
                    "radius; a point spread is worked out up to 0.4 (about %.0f waves of "
                    "defocus)",
                    waves, d->lambda_m[w] * 1e9, 1.0 / DENSE_ACROSS, 0.2 * DENSE_ACROSS);
        }
    }
    return BT_OK;
}

bt_status bt_kernel_create(const bt_kernel_desc *desc, bt_jobs *jobs, bt_kernel **kernel)
{
    *kernel = NULL;
    maker m = {.desc = desc, .kernel = bt_alloc(1, sizeof **kernel)};
    if (!m.kernel) return bt_fail(BT_ERR_MEMORY, "no memory for a kernel");
    set_sizes(desc, m.kernel);
    bt_status status = check_phase(&m);
    if (status == BT_OK) status = make_room(desc, &m);
    if (status == BT_OK) status = bt_fourier_create_square(DENSE_N, &m.dense);
    if (status == BT_OK) status = bt_fourier_create_square(WIDE_N, &m.wide);
    if (status == BT_OK) fill_ways(&m);
    if (status == BT_OK) status = bt_jobs_run(jobs, m.radii, fill_astray, &m);
    if (status == BT_OK)
        status = bt_kernel_make_streaks(desc, straight_share(desc), m.kernel, jobs);
    if (status == BT_OK) status = choose_filter(&m);
    if (status == BT_OK)
        status = bt_jobs_run(jobs, m.kernel->nodes_x * m.kernel->nodes_y, make_node, &m);
    if (status == BT_OK) average(&m);
    bt_fourier_destroy(m.dense);
    bt_fourier_destroy(m.wide);
    bt_free(m.astray);
    bt_free(m.near_way);
    bt_free(m.fine_way);
    bt_free(m.passed);
    bt_free(m.halo);
    bt_free(m.fit);
    if (status != BT_OK)
        bt_kernel_destroy(m.kernel);
    else
        *kernel = m.kernel;
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
