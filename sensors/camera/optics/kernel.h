// kernel.h: a lens's point spread as what to do with the pixels of a film.
//
// The renderer gives each film pixel the light about its middle by a narrow Gaussian G. What the
// sensor would have recorded is light times the point spread P times the pixel's aperture. The kernel K
// makes one of the other: near the middle it is the best non-negative fit of K * G to P * aperture,
// so that their spectra agree up to the Nyquist frequency (beyond, G's own fall stands for the lens's);
// farther out, where P changes little within G's width, it is P's energy in each pixel. Never negative: a
// sun does not ring. Three parts:
//
//   core  (2 R + 1)^2 taps, R = BT_KERNEL_CORE
//   near  to `near_radius` pixels, at full resolution, fading into
//   far   as far as the film goes, per block of BT_KERNEL_BLOCK pixels
//
// Kernels are of nodes and belong to the place that light would have fallen on; between nodes they are
// mixed linearly. Cores change most over the field and are small: they have a dense grid of nodes,
// near and far together a coarse one. Per band: wavelengths are weighted by what the band answers to equal energy.
//
// In it: diffraction, aberrations, axial colour, the pane's scratches, dust, film and its double image, the lens's
// own scatter. Energy: what is blocked is lost (`passed`), all else arrives or leaves the picture.
//
// Not in it: where light lands. Taps at whole pixels cannot shift what they have not seen: half way between
// pixels the Nyquist frequency itself would be lost. Lateral colour is therefore the rays' (shaders/shared/eye.h),
// and a picture as fine as that frequency lies where the projection says: the slope by which a wavefront, coma's
// above all, would move it is left out.
//
// Scratches are not in near and far, which are those of the pupil without them, but on their own
// (streak.h): what is bright gets the streaks of its very place, thin lines however far; the rest, which
// is transformed, the mean of 25 places. In the core they are those of the nodes.
//
// Where it ends: from about 0.7 near_radius on, light other than streaks is known per block, and the spikes of a
// stop's blades are as wide as one; the f-number is that of the axis everywhere.
//
// Ownership: bt_kernel_destroy. Threads: constant once made; making uses the pool given, the same
// bytes for any number of threads.
#ifndef BT_CAMERA_OPTICS_KERNEL_H
#define BT_CAMERA_OPTICS_KERNEL_H

#include "engine/core/jobs.h"
#include "sensors/camera/optics/pupil.h"
#include "sensors/camera/optics/scatter.h"
#include "sensors/camera/optics/streak.h"

#define BT_KERNEL_CORE 5
#define BT_KERNEL_TAPS (2 * BT_KERNEL_CORE + 1)
#define BT_KERNEL_BLOCK 8
#define BT_KERNEL_MAX_NODES 17 // along an axis
#define BT_KERNEL_MAX_BANDS 4
#define BT_KERNEL_MAX_WAVES 40

// A place of the film as its light saw the glass.
typedef struct bt_kernel_place {
    bt_exit_pupil pupil;             // its focus shift is that of the reference wavelength
    double double_x_px, double_y_px; // from the image to the pane's double image
    double double_ratio;             // of energies, on top of what rays carry; 0: none
} bt_kernel_place;

typedef struct bt_kernel_desc {
    uint32_t film_width_px, film_height_px, band_count;
    double pixel_pitch_m;            // of a picture's pixel
    double aperture_px;              // side of the square that a pixel gathers from
    double focal_px;                 // for the angles of scatter
    bool angle_is_radius;            // fisheye: angle = radius / focal; else its tangent is
    uint32_t core_nodes, halo_nodes; // along the longer side: 1 where nothing varies over the field
    uint32_t wave_count;
    double lambda_m[BT_KERNEL_MAX_WAVES];
    double weight[BT_KERNEL_MAX_BANDS][BT_KERNEL_MAX_WAVES]; // each band's add up to 1
    double focus_shift_m[BT_KERNEL_MAX_WAVES];               // axial colour
    bt_haze lens_haze, film;
    bt_dust dust, fog;
    double filter_sigma_px; // of the renderer's Gaussian; 0: chosen
    // What the glass is like for light that would fall on a film pixel; pure. With scratches it is called
    // for as long as the kernel lives. All scratches have one loss and one bend.
    void (*place_at)(const void *context, double x_px, double y_px, bt_kernel_place *place);
    const void *context;
} bt_kernel_desc;

// Nodes, row by row.
typedef struct bt_kernel_grid {
    uint32_t columns, rows;
    double x_px[BT_KERNEL_MAX_NODES], y_px[BT_KERNEL_MAX_NODES];
} bt_kernel_grid;

static inline uint32_t bt_kernel_node_count(const bt_kernel_grid *grid)
{
    return grid->columns * grid->rows;
}
static inline double bt_kernel_node_x(const bt_kernel_grid *grid, uint32_t node)
{
    return grid->x_px[node % grid->columns];
}
static inline double bt_kernel_node_y(const bt_kernel_grid *grid, uint32_t node)
{
    return grid->y_px[node / grid->columns];
}

typedef struct bt_kernel {
    uint32_t film_width_px, film_height_px, band_count;
    double filter_sigma_px;              // that the renderer must use
    bt_kernel_grid core_grid, halo_grid; // halo: near and far
    int near_radius, far_rx, far_ry;     // pixels; blocks
    uint32_t far_width, far_height;      // blocks of the film
    // (nodes x bands x rows x columns), the middle's offset 0
    float *core, *near, *far;
    double passed[BT_KERNEL_MAX_BANDS];     // mean over the nodes
    double halo_share[BT_KERNEL_MAX_BANDS]; // beyond the core
    // scratches' streaks: mean (bands x near), (bands x far); NULL without scratches
    float *streak_near, *streak_far;
    bt_streak_light streaks;
    double straight; // share of light that is not scattered, streaks' too
    void (*place_at)(const void *context, double x_px, double y_px, bt_kernel_place *place);
    const void *context;
    size_t bytes;
} bt_kernel;

// Share of the light at a distance that near tells, far the rest: 1 in the middle, 0 from near_radius on.
double bt_kernel_near_part(const bt_kernel *kernel, double r_px);

BT_CHECKED bt_status bt_kernel_create(const bt_kernel_desc *desc, bt_jobs *jobs,
                                      bt_kernel **kernel);
void bt_kernel_destroy(bt_kernel *kernel); // NULL is fine

// Pixels from the middle beyond which lies less than a share of a point spread at the film's middle, any
// band's: what the lens, film, dust and fog scatter and a round pupil's edge throws, 2 lambda N / (pi^2 r); no
// nearer than the pane's double image. Of the desc of a film without guard band.
double bt_kernel_reach_px(const bt_kernel_desc *desc, double share);

static inline bool bt_kernel_in_core(int x, int y)
{
    return x >= -BT_KERNEL_CORE && x <= BT_KERNEL_CORE && y >= -BT_KERNEL_CORE &&
           y <= BT_KERNEL_CORE;
}
// Kernel of a node: rows x columns of its part.
static inline size_t bt_kernel_core_size(void)
{
    return (size_t)BT_KERNEL_TAPS * BT_KERNEL_TAPS;
}
static inline size_t bt_kernel_near_size(const bt_kernel *kernel)
{
    size_t side = 2 * (size_t)kernel->near_radius + 1;
    return side * side;
}
static inline size_t bt_kernel_far_size(const bt_kernel *kernel)
{
    return (2 * (size_t)kernel->far_rx + 1) * (2 * (size_t)kernel->far_ry + 1);
}

// The filter of the renderer: its transform along x at f cycles per pixel.
double bt_kernel_filter_mtf(double sigma_px, double f);

#endif
