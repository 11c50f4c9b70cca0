// spread_internal.h: what the files of spread.h share.
#ifndef BT_CAMERA_OPTICS_SPREAD_INTERNAL_H
#define BT_CAMERA_OPTICS_SPREAD_INTERNAL_H

#include "sensors/camera/optics/spread.h"

// ---- bright things ----------------------------------------------------------------------------
#define BT_SPREAD_BRIGHT 512 // at most, on each level: chosen by cost

typedef struct bt_bright {
    uint32_t x, y;
    double share; // of the pixel's light that is splatted; the rest is transformed
    double excess[BT_KERNEL_MAX_BANDS], variance[BT_KERNEL_MAX_BANDS];
} bt_bright;

// The brightest of (height x width) sums over bands: those above 32 times the mean, BT_SPREAD_BRIGHT
// of them at most; what is above the least one's threshold is excess. In the order of pixels.
uint32_t bt_bright_find(const float *sums, uint32_t width, uint32_t height, bt_bright *bright);

// ---- blocks -----------------------------------------------------------------------------------
// The block whose middle lies before a coordinate, the next one, and the share of that.
typedef struct bt_spread_share {
    uint32_t first, second;
    float v;
} bt_spread_share;

static inline bt_spread_share bt_spread_share_of(uint32_t at_px, uint32_t count)
{
    double at = (at_px + 0.5) / BT_KERNEL_BLOCK - 0.5, last = count - 1.0;
    at = at < 0.0 ? 0.0 : at > last ? last : at;
    uint32_t first = (uint32_t)at;
    return (bt_spread_share){first, first + 1 < count ? first + 1 : first, (float)(at - first)};
}

// ---- a level: one grid and one part of the kernel ---------------------------------------------
typedef struct bt_level {
    const bt_kernel *kernel;
    const float *part;      // the kernel's near or far
    const float *streaks;   // what scratches add to its mean, (bands x part_size); NULL: none
    size_t part_size;       // numbers per node and band
    uint32_t width, height; // of the grid
    double scale;           // kernel's pixels per grid point
    int rx, ry;
    uint32_t columns, rows; // of the transform
    bt_fourier *fourier;
    double *spectrum[BT_KERNEL_MAX_BANDS]; // of the mean kernel, scaled
} bt_level;

BT_CHECKED bt_status bt_level_init(const bt_kernel *kernel, const float *part, const float *streaks,
                                   size_t part_size, uint32_t width, uint32_t height, double scale,
                                   int rx, int ry, bt_jobs *jobs, bt_level *level);
void bt_level_clear(bt_level *level);
size_t bt_level_bytes(const bt_level *level); // held

// Transforms the light of a band (height rows, a stride apart), without what is splatted, adds the result to out.
BT_CHECKED bt_status bt_level_transform(const bt_level *level, uint32_t band, const float *light,
                                        size_t light_stride, const bt_bright *bright,
                                        uint32_t bright_count, float *out);
// Adds the bright things' own light to a row of a band; variance NULL: none is kept.
void bt_level_splat(const bt_level *level, uint32_t band, const bt_bright *bright,
                    uint32_t bright_count, uint32_t row, float *out, float *variance);

// ---- ghosts -----------------------------------------------------------------------------------
// Energy per pixel of a ghost of one unit of light, by its steps along each row.
typedef struct bt_ghost_step {
    int x; // from the middle: what changes from x - 1 to x
    double size;
} bt_ghost_step;

typedef struct bt_ghost_shape {
    int reach;
    bool of_pixels;  // ghosts so small come of bright pixels, others of bright blocks
    uint32_t *begin; // (2 reach + 2) of each row's steps, and their end
    bt_ghost_step *steps;
} bt_ghost_shape;

BT_CHECKED bt_status bt_ghost_shape_init(const bt_exit_pupil *pupil, const bt_spread_ghost *ghost,
                                         bt_ghost_shape *shape);
void bt_ghost_shape_clear(bt_ghost_shape *shape);

// The ghost of one bright thing; its middle lies (u, v) right of and below pixel (left, top).
typedef struct bt_ghost_image {
    uint32_t ghost;
    int left, top;
    double u, v, energy[BT_KERNEL_MAX_BANDS];
} bt_ghost_image;

// All that fall on the film; room for ghosts x BT_SPREAD_BRIGHT.
size_t bt_ghost_images(const bt_spread_desc *desc, const bt_ghost_shape *shapes,
                       const bt_bright *pixels, uint32_t pixel_count, const bt_bright *blocks,
                       uint32_t block_count, bt_ghost_image *images);
// Adds them to a row of the bands; steps: scratch, (width x BT_KERNEL_MAX_BANDS).
void bt_ghost_row(const bt_spread_desc *desc, const bt_ghost_shape *shapes,
                  const bt_ghost_image *images, size_t count, uint32_t row, double *steps,
                  float *const *light);

// ---- streaks ----------------------------------------------------------------------------------
typedef struct bt_streak_lines bt_streak_lines;

// Of bright pixels and blocks through a kernel with scratches. mean_light: of a pixel and band.
BT_CHECKED bt_status bt_streak_lines_create(const bt_kernel *kernel, const bt_bright *pixels,
                                            uint32_t pixel_count, const bt_bright *blocks,
                                            uint32_t block_count, double mean_light, bt_jobs *jobs,
                                            bt_streak_lines **lines);
void bt_streak_lines_destroy(bt_streak_lines *lines); // NULL is fine
// Adds them to a row of the bands.
void bt_streak_row(const bt_streak_lines *lines, uint32_t row, float *const *light);

// Nodes about a coordinate and the weight of the second.
void bt_kernel_between(const double *nodes, uint32_t count, double at, uint32_t *first, double *v);

#endif
