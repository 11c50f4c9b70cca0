// spread_ghost.c: ghosts of bright things. A ghost is the pupil's shape, lit evenly: a row of it is told by
// the few places where it changes, and the sum of many rows is taken once.
#include "sensors/camera/optics/spread_internal.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"

#define SMALL_GHOST_PX 12.0 // smaller ones come of pixels, larger ones of blocks

// ---- shapes -----------------------------------------------------------------------------------
static bt_status no_memory(double radius_px)
{
    return bt_fail(BT_ERR_MEMORY, "no memory for a ghost of %g px", radius_px);
}

// Energy of a pixel of the shape, and the sum of all.
static double fill_sprite(const bt_exit_pupil *pupil, double radius_px, int reach, double *sprite)
{
    double sum = 0.0;
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++) {
            *sprite = bt_pupil_open(pupil, x / radius_px, y / radius_px, 1.0 / radius_px);
            sum += *sprite++;
        }
    return sum;
}

static uint32_t count_steps(const double *sprite, size_t side)
{
    uint32_t count = 0;
    for (size_t y = 0; y < side; y++, sprite += side)
        for (size_t x = 0; x <= side; x++)
            count += (x < side ? sprite[x] : 0.0) != (x > 0 ? sprite[x - 1] : 0.0);
    return count;
}

static void fill_steps(const double *sprite, double scale, bt_ghost_shape *shape)
{
    int side = 2 * shape->reach + 1;
    uint32_t count = 0;
    for (int y = 0; y < side; y++, sprite += side) {
        shape->begin[y] = count;
        for (int x = 0; x <= side; x++) {
            double step = (x < side ? sprite[x] : 0.0) - (x > 0 ? sprite[x - 1] : 0.0);
            if (step != 0.0)
                shape->steps[count++] = (bt_ghost_step){x - shape->reach, scale * step};
        }
    }
    shape->begin[side] = count;
}

bt_status bt_ghost_shape_init(const bt_exit_pupil *pupil, const bt_spread_ghost *ghost,
                              bt_ghost_shape *shape)
{
    double radius_px = fmax(ghost->radius_px, 0.5);
    int reach = (int)ceil(BT_PUPIL_EXTENT * radius_px) + 1;
    size_t side = 2 * (size_t)reach + 1;
    *shape = (bt_ghost_shape){.reach = reach, .of_pixels = radius_px < SMALL_GHOST_PX};
    double *sprite = bt_alloc(side * side, sizeof *sprite);
    if (!sprite) return no_memory(radius_px);
    double sum = fill_sprite(pupil, radius_px, reach, sprite);
    shape->begin = bt_alloc(side + 1, sizeof *shape->begin);
    shape->steps = bt_alloc(count_steps(sprite, side) + 1, sizeof *shape->steps);
    bool whole = shape->begin && shape->steps;
    if (whole) fill_steps(sprite, sum > 0.0 ? ghost->share / sum : 0.0, shape);
    bt_free(sprite);
    return whole ? BT_OK : no_memory(radius_px);
}

void bt_ghost_shape_clear(bt_ghost_shape *shape)
{
    bt_free(shape->begin);
    bt_free(shape->steps);
    *shape = (bt_ghost_shape){0};
}

// ---- images -----------------------------------------------------------------------------------
// Where a ghost of a bright thing falls; false: beyond the film.
static bool place_image(const bt_spread_desc *desc, uint32_t ghost, int reach,
                        const bt_bright *from, double x_px, double y_px, bt_ghost_image *image)
{
    double width_px = desc->kernel->film_width_px, height_px = desc->kernel->film_height_px;
    double scale = desc->ghosts[ghost].scale;
    double cx = desc->axis_x_px + scale * (x_px - desc->axis_x_px);
    double cy = desc->axis_y_px + scale * (y_px - desc->axis_y_px);
    if (!(cx > -reach - 1.0 && cy > -reach - 1.0 && cx < width_px + reach + 1.0 &&
          cy < height_px + reach + 1.0))
        return false;
    *image = (bt_ghost_image){.ghost = ghost,
                              .left = (int)floor(cx),
                              .top = (int)floor(cy),
                              .u = cx - floor(cx),
                              .v = cy - floor(cy)};
    memcpy(image->energy, from->excess, sizeof image->energy);
    return true;
}

size_t bt_ghost_images(const bt_spread_desc *desc, const bt_ghost_shape *shapes,
                       const bt_bright *pixels, uint32_t pixel_count, const bt_bright *blocks,
                       uint32_t block_count, bt_ghost_image *images)
{
    const double middle = 0.5 * (BT_KERNEL_BLOCK - 1.0);
    size_t count = 0;
    for (uint32_t g = 0; g < desc->ghost_count; g++) {
        bool small = shapes[g].of_pixels;
        for (uint32_t i = 0; i < (small ? pixel_count : block_count); i++) {
            const bt_bright *p = small ? &pixels[i] : &blocks[i];
            double x = small ? p->x : p->x * BT_KERNEL_BLOCK + middle;
            double y = small ? p->y : p->y * BT_KERNEL_BLOCK + middle;
            count += place_image(desc, g, shapes[g].reach, p, x, y, &images[count]);
        }
    }
    return count;
}

// ---- rows -------------------------------------------------------------------------------------
static void add_step(int x, int width, double size, const double *energy, double *steps)
{
    if (x >= width) return;
    double *at = steps + (size_t)(x > 0 ? x : 0) * BT_KERNEL_MAX_BANDS;
    for (int b = 0; b < BT_KERNEL_MAX_BANDS; b++)
        at[b] += size * energy[b];
}

// A row of the shape at a broken column: linear between its points.
static void add_shape_row(const bt_ghost_shape *shape, const bt_ghost_image *image, int row,
                          double part, int width, double *steps)
{
    if (row < -shape->reach || row > shape->reach || !(part > 0.0)) return;
    uint32_t end = shape->begin[row + shape->reach + 1];
    for (uint32_t i = shape->begin[row + shape->reach]; i < end; i++) {
        int x = image->left + shape->steps[i].x;
        double size = part * shape->steps[i].size;
        add_step(x, width, (1.0 - image->u) * size, image->energy, steps);
        add_step(x + 1, width, image->u * size, image->energy, steps);
    }
}

void bt_ghost_row(const bt_spread_desc *desc, const bt_ghost_shape *shapes,
                  const bt_ghost_image *images, size_t count, uint32_t row, double *steps,
                  float *const *light)
{
    const bt_kernel *k = desc->kernel;
    int width = (int)k->film_width_px;
    memset(steps, 0, (size_t)width * BT_KERNEL_MAX_BANDS * sizeof *steps);
    for (size_t i = 0; i < count; i++) {
        const bt_ghost_shape *shape = &shapes[images[i].ghost];
        int down = (int)row - images[i].top;
        if (down < -shape->reach || down > shape->reach + 1) continue;
        add_shape_row(shape, &images[i], down, 1.0 - images[i].v, width, steps);
        add_shape_row(shape, &images[i], down - 1, images[i].v, width, steps);
    }
    for (uint32_t b = 0; b < k->band_count; b++) {
        double sum = 0.0;
        for (int x = 0; x < width; x++) {
            sum += steps[(size_t)x * BT_KERNEL_MAX_BANDS + b];
            light[b][x] += sum > 0.0 ? (float)sum : 0.0f;
        }
    }
}
