// kernel_internal.h: what the files of kernel.h share while a kernel is made.
#ifndef BT_CAMERA_OPTICS_KERNEL_INTERNAL_H
#define BT_CAMERA_OPTICS_KERNEL_INTERNAL_H

#include "sensors/camera/optics/kernel.h"
#include "sensors/camera/optics/kernel_fit.h"

// ---- scattered light: kernel_scatter.c --------------------------------------------------------
// Of the light that the bare pupil passes: the share that goes straight.
double bt_kernel_straight(const bt_kernel_desc *desc);

// Share of each band's light scattered to within a radius, (bands x radii).
typedef struct bt_kernel_astray {
    uint32_t radii;
    double *within;
} bt_kernel_astray;

// To that radius and a little farther.
BT_CHECKED bt_status bt_kernel_astray_init(const bt_kernel_desc *desc, double radius_px,
                                           bt_jobs *jobs, bt_kernel_astray *astray);
void bt_kernel_astray_clear(bt_kernel_astray *astray);
// Scattered light of a band in a square pixel: of the ring of a pixel's width there.
double bt_kernel_astray_at(const bt_kernel_astray *astray, uint32_t band, double r_px);

// ---- what goes straight: kernel_straight.c ----------------------------------------------------
#define BT_KERNEL_DENSE_N 256u
#define BT_KERNEL_WIDE_N 1024u
#define BT_KERNEL_DENSE_ACROSS 56.0 // cells over a radius; 4.5 points per structure
#define BT_KERNEL_DIRECTIONS 720

// Energy per square unit at the outer edge of the wide table, by direction.
typedef struct bt_kernel_ring {
    double outer; // units of 2 lambda N
    double at[BT_KERNEL_DIRECTIONS];
} bt_kernel_ring;

// A place's point spread without what is scattered and without scratches' streaks, at one wavelength.
typedef struct bt_straight {
    const bt_kernel_desc *desc;
    bt_kernel_place place;
    const bt_kernel_ring *ring;
    bt_pupil_grid pupil;
    bt_spread_table dense, wide; // wide: may be empty, then the ring stands for it
    uint32_t wave;
    double unit;     // units of 2 lambda N per pixel
    double straight; // share of light that is not scattered
    double covered;  // of the pupil, by scratches
    double left;     // by these at this wavelength
} bt_straight;

// wide: the transform of the ring's table; NULL: the ring is known and another place's.
BT_CHECKED bt_status bt_straight_init(const bt_kernel_desc *desc, double x_px, double y_px,
                                      const bt_fourier *wide, bt_kernel_ring *ring, bt_straight *s);
void bt_straight_clear(bt_straight *s);
// transfer: bt_straight_transfer will be asked for.
BT_CHECKED bt_status bt_straight_set_wave(bt_straight *s, const bt_fourier *dense, uint32_t wave,
                                          bool transfer);
// Energy in a square of half side `half` about (x, y) pixels, `way` the direction of (x, y), to within what a
// double image changes of it.
double bt_straight_energy(const bt_straight *s, double x_px, double y_px, double half_px,
                          uint32_t way);
// Its Fourier transform at a frequency, cycles per pixel: real and imaginary part.
void bt_straight_transfer(const bt_straight *s, double fx, double fy, double out[2]);
// Pixels from the middle from which on the ring tells all, at any wavelength.
double bt_straight_ring_px(const bt_straight *s);
// What of a band's light arrives or leaves the picture at this wavelength.
double bt_straight_passed(const bt_straight *s);
// Which of the ring's directions an offset lies in.
uint32_t bt_kernel_way(double x, double y);
bool bt_kernel_wave_is_seen(const bt_kernel_desc *desc, uint32_t wave);
// Adds a value at the present wavelength to each band as it answers.
static inline void bt_straight_add(const bt_straight *s, double *const *bands, size_t at,
                                   double value)
{
    for (uint32_t b = 0; b < s->desc->band_count; b++)
        bands[b][at] += s->desc->weight[b][s->wave] * value;
}

// ---- nodes ------------------------------------------------------------------------------------
typedef struct bt_kernel_maker {
    const bt_kernel_desc *desc;
    bt_kernel *kernel;
    bt_fourier *dense, *wide;
    bt_kernel_fit *fit;
    bt_kernel_astray astray;
    bt_kernel_ring *rings;         // (nodes of the halo)
    uint16_t *near_way, *fine_way; // directions: of a pixel of near, of a cell of far's blocks
    double *passed, *core_sum;     // (nodes of halo, of core x bands)
} bt_kernel_maker;

// Near and far of all nodes, their rings: kernel_halo.c
BT_CHECKED bt_status bt_kernel_make_halos(bt_kernel_maker *maker, bt_jobs *jobs);
// The renderer's filter, where the desc leaves it open, and the cores: kernel_core.c
BT_CHECKED bt_status bt_kernel_make_cores(bt_kernel_maker *maker, bt_jobs *jobs);

#endif
