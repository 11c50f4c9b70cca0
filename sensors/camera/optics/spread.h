// spread.h: the point spread at work: a film with its guard band becomes the film of the picture.
//
// How: the core's taps pixel by pixel, kernels mixed between nodes; the near and the far part of all
// that is not very bright by Fourier transforms with the nodes' mean kernel; the brightest pixels'
// and blocks' own excess is splatted one by one with the kernel of its place, as are ghosts. All parts
// are sums of non-negative terms; what the transforms' rounding leaves below 0 is cut off there.
//
// Variances: sum of K^2 var of the core, and of the splats near by; the halo of pixels that are not
// very bright adds next to none and is left out. Between nodes K^2 is mixed, which is a little more.
// What is beyond the film, and what falls beyond the picture, is lost.
//
// Ownership: bt_spread_destroy; the kernel outlives it. Threads: constant once made; applying uses the
// pool given, the same bytes for any number of threads.
#ifndef BT_CAMERA_OPTICS_SPREAD_H
#define BT_CAMERA_OPTICS_SPREAD_H

#include "engine/render/film.h"
#include "sensors/camera/optics/kernel.h"

#define BT_SPREAD_MAX_GHOSTS 64

typedef struct bt_spread_ghost {
    double scale;     // of the place from the axis
    double radius_px; // of the disc, at least 0.5
    double share;     // of the energy
} bt_spread_ghost;

typedef struct bt_spread_desc {
    const bt_kernel *kernel;
    double axis_x_px, axis_y_px; // of the film
    bt_exit_pupil shape;         // of ghosts: outline and stop
    uint32_t ghost_count;
    bt_spread_ghost ghosts[BT_SPREAD_MAX_GHOSTS];
} bt_spread_desc;

typedef struct bt_spread bt_spread;

BT_CHECKED bt_status bt_spread_create(const bt_spread_desc *desc, bt_jobs *jobs,
                                      bt_spread **spread);
void bt_spread_destroy(bt_spread *spread); // NULL is fine
uint32_t bt_spread_ghosts(const bt_spread *spread);
size_t bt_spread_bytes(const bt_spread *spread); // held; without the kernel

// film: of the kernel's size and bands; out: smaller by an even border, as many bands and planes.
// Samples and sensor_share are those of the pixels themselves.
BT_CHECKED bt_status bt_spread_apply(const bt_spread *spread, const bt_film *film, bt_jobs *jobs,
                                     bt_film *out);

#endif
