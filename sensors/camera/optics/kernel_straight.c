// kernel_straight.c: a place's point spread at one wavelength: kernel.h.
//
// It comes from two tables: a small, dense one per wavelength, with phase, for the middle; and a large
// one of the pupil's shape alone, which all wavelengths share when angles are counted in wavelengths.
// Phase matters only where light is: what edges throw far out does not know it. Beyond the large table hard
// edges fall with the third power of the angle (Keller 1962, "Geometrical theory of diffraction"), in each
// direction on its own.
#include "sensors/camera/optics/kernel_internal.h"

#include <math.h>
#include <string.h>

#include "engine/math/pose.h"

#define WIDE_ACROSS 224.0 // cells over a radius
#define DENSE_USED 0.60   // of a table's half side
#define WIDE_USED 0.65
#define NYQUIST 0.5    // cycles per pixel
#define RING_FROM 0.40 // of the wide table's half side: where the far directions are measured
// Side of the squares there, in points: of single ones, which a table sharpens, some would be below nothing, and
// are read as nothing (2 % too much in all).
#define RING_CELLS 3.0

uint32_t bt_kernel_way(double x, double y)
{
    return (uint32_t)((atan2(y, x) / BT_PI + 1.0) * 0.5 * BT_KERNEL_DIRECTIONS) %
           BT_KERNEL_DIRECTIONS;
}

bool bt_kernel_wave_is_seen(const bt_kernel_desc *d, uint32_t wave)
{
    for (uint32_t b = 0; b < d->band_count; b++)
        if (d->weight[b][wave] > 0.0) return true;
    return false;
}

// ---- making -----------------------------------------------------------------------------------
static void fill_ring(const bt_spread_table *wide, bt_kernel_ring *ring)
{
    double reach = bt_spread_table_reach(wide), step = wide->step;
    double outer = WIDE_USED * reach, inner = RING_FROM * reach, half = RING_CELLS * 0.5 * step;
    uint32_t counts[BT_KERNEL_DIRECTIONS] = {0};
    memset(ring->at, 0, sizeof ring->at);
    ring->outer = outer;
    int edge = (int)(outer / step);
    for (int j = -edge; j <= edge; j++)
        for (int i = -edge; i <= edge; i++) {
            double x = i * step, y = j * step, r = hypot(x, y);
            if (r < inner || r > outer) continue;
            uint32_t k = bt_kernel_way(x, y);
            double energy = bt_spread_table_box(wide, x - half, y - half, x + half, y + half);
            double grown = r / outer;
            ring->at[k] += energy / (4.0 * half * half) * grown * grown * grown;
            counts[k]++;
        }
    for (int k = 0; k < BT_KERNEL_DIRECTIONS; k++)
        ring->at[k] /= counts[k] > 0 ? counts[k] : 1;
}

static bt_status make_wide(const bt_exit_pupil *bare, const bt_fourier *fourier, bt_straight *s,
                           bt_kernel_ring *ring)
{
    bt_pupil_grid grid;
    bt_status status = bt_pupil_grid_init(bare, WIDE_ACROSS, true, &grid);
    if (status != BT_OK) return status;
    status = bt_spread_table_init(&grid, 0.0, 0.0, fourier, BT_KERNEL_WIDE_N, false, &s->wide);
    bt_pupil_grid_clear(&grid);
    if (status == BT_OK) fill_ring(&s->wide, ring);
    return status;
}

// That all bands together see in the middle.
static double middle_wave_m(const bt_kernel_desc *d)
{
    double sum = 0.0, weights = 0.0;
    for (uint32_t b = 0; b < d->band_count; b++)
        for (uint32_t w = 0; w < d->wave_count; w++) {
            sum += d->weight[b][w] * d->lambda_m[w];
            weights += d->weight[b][w];
        }
    return sum / weights;
}

bt_status bt_straight_init(const bt_kernel_desc *desc, double x_px, double y_px,
                           const bt_fourier *wide, bt_kernel_ring *ring, bt_straight *s)
{
    *s = (bt_straight){.desc = desc, .ring = ring, .straight = bt_kernel_straight(desc)};
    desc->place_at(desc->context, x_px, y_px, &s->place);
    bt_streak streaks[BT_STREAK_MAX];
    bt_streaks_of(&s->place.pupil, streaks, &s->covered);
    bt_exit_pupil bare = s->place.pupil;
    bare.scratch_count = 0;
    bt_status status = wide ? make_wide(&bare, wide, s, ring) : BT_OK;
    if (status == BT_OK)
        status = bt_pupil_grid_init(&bare, BT_KERNEL_DENSE_ACROSS, false, &s->pupil);
    if (status != BT_OK) {
        bt_straight_clear(s);
        return status;
    }
    double lambda_m = middle_wave_m(desc);
    double units_per_px = desc->pixel_pitch_m / (2.0 * lambda_m * bare.f_number);
    bt_pupil_grid_center(&s->pupil, lambda_m, NYQUIST / units_per_px);
    return status;
}

void bt_straight_clear(bt_straight *s)
{
    bt_pupil_grid_clear(&s->pupil);
    bt_spread_table_clear(&s->dense);
    bt_spread_table_clear(&s->wide);
}

bt_status bt_straight_set_wave(bt_straight *s, const bt_fourier *dense, uint32_t wave,
                               bool transfer)
{
    const bt_kernel_desc *d = s->desc;
    const bt_exit_pupil *pupil = &s->place.pupil;
    double lambda_m = d->lambda_m[wave], lost = 0.0, thrown;
    s->wave = wave;
    s->unit = d->pixel_pitch_m / (2.0 * lambda_m * pupil->f_number);
    if (pupil->scratch_count > 0)
        bt_streak_energies(pupil->scratches[0].loss, pupil->scratches[0].bend_rad, lambda_m, &lost,
                           &thrown);
    s->left = fmax(1.0 - s->covered * lost, 0.0);
    bt_spread_table_clear(&s->dense);
    return bt_spread_table_init(&s->pupil, lambda_m, d->focus_shift_m[wave], dense,
                                BT_KERNEL_DENSE_N, transfer, &s->dense);
}

// ---- reading ----------------------------------------------------------------------------------
static double one_image(const bt_straight *s, double x, double y, double half, uint32_t way)
{
    double u = x * s->unit, v = y * s->unit, h = half * s->unit;
    double most = fmax(fabs(u), fabs(v)) + h;
    if (most < DENSE_USED * bt_spread_table_reach(&s->dense))
        return bt_spread_table_box(&s->dense, u - h, v - h, u + h, v + h);
    double outer = s->ring->outer, r = sqrt(u * u + v * v);
    if (s->wide.sums && (r + 1.5 * h < outer || r < h))
        return bt_spread_table_box(&s->wide, u - h, v - h, u + h, v + h);
    if (r < 1.5 * h) return bt_spread_table_box(&s->dense, u - h, v - h, u + h, v + h);
    double fallen = outer / r;
    return s->ring->at[way] * fallen * fallen * fallen * 4.0 * h * h;
}

double bt_straight_energy(const bt_straight *s, double x_px, double y_px, double half_px,
                          uint32_t way)
{
    const bt_kernel_place *p = &s->place;
    double sum = one_image(s, x_px, y_px, half_px, way);
    if (p->double_ratio > 0.0)
        sum += p->double_ratio *
               one_image(s, x_px - p->double_x_px, y_px - p->double_y_px, half_px, way);
    return s->straight * s->left * sum;
}

void bt_straight_transfer(const bt_straight *s, double fx, double fy, double out[2])
{
    const bt_kernel_place *p = &s->place;
    double light = s->straight * s->left, re = 1.0, im = 0.0;
    bt_spread_table_transfer(&s->dense, fx / s->unit, fy / s->unit, out);
    if (p->double_ratio > 0.0) {
        double turn = -2.0 * BT_PI * (fx * p->double_x_px + fy * p->double_y_px);
        re += p->double_ratio * cos(turn);
        im += p->double_ratio * sin(turn);
    }
    double own_re = out[0], own_im = out[1];
    out[0] = light * (own_re * re - own_im * im);
    out[1] = light * (own_re * im + own_im * re);
}

double bt_straight_ring_px(const bt_straight *s)
{
    double least = INFINITY;
    for (uint32_t w = 0; w < s->desc->wave_count; w++)
        least = fmin(least, s->desc->pixel_pitch_m /
                                (2.0 * s->desc->lambda_m[w] * s->place.pupil.f_number));
    return s->ring->outer / least + 2.0 * BT_KERNEL_BLOCK;
}

double bt_straight_passed(const bt_straight *s)
{
    const bt_kernel_desc *d = s->desc;
    double loss = s->place.pupil.scratch_count > 0 ? s->place.pupil.scratches[0].loss : 0.0;
    return (1.0 - s->covered * loss) * (1.0 - d->dust.cover) * (1.0 - d->fog.cover) *
           (1.0 + s->place.double_ratio);
}
