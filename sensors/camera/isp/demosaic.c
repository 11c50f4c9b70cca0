// demosaic.c: a full colour at every pixel of a mosaic with luma (green, clear, yellow) on a diagonal.
// Malvar, He, Cutler 2004, figure 2; kept between the neighbours of the colour sought, since at the edge
// of something saturated the other colours' gradient says nothing and leaves a zipper.
#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

#include <math.h>
#include <stddef.h>

typedef struct range {
    float low, high;
} range;

static range range_of(float a, float b)
{
    return (range){bt_isp_lower(a, b), bt_isp_upper(a, b)};
}

static range joined(range a, range b)
{
    return (range){bt_isp_lower(a.low, b.low), bt_isp_upper(a.high, b.high)};
}

static float within(range r, float value)
{
    return bt_isp_lower(bt_isp_upper(value, r.low), r.high);
}

// Sums and ranges over the 5 x 5 neighbourhood that the filters are made of.
typedef struct neighbours {
    float centre;
    float beside, above;         // sum of the two at distance 1
    float beside_far, above_far; // sum of the two at distance 2
    float diagonal;              // sum of the four
    range pair_beside, pair_above, cross, corners;
} neighbours;

static neighbours gather(const float *const rows[5], uint32_t x, uint32_t width)
{
    uint32_t left = bt_isp_mirrored((int64_t)x - 1, width),
             right = bt_isp_mirrored((int64_t)x + 1, width);
    uint32_t left2 = bt_isp_mirrored((int64_t)x - 2, width),
             right2 = bt_isp_mirrored((int64_t)x + 2, width);
    range beside = range_of(rows[2][left], rows[2][right]);
    range above = range_of(rows[1][x], rows[3][x]);
    return (neighbours){
        .pair_beside = beside,
        .pair_above = above,
        .cross = joined(beside, above),
        .corners = joined(range_of(rows[1][left], rows[1][right]),
                          range_of(rows[3][left], rows[3][right])),
        .centre = rows[2][x],
        .beside = rows[2][left] + rows[2][right],
        .above = rows[1][x] + rows[3][x],
        .beside_far = rows[2][left2] + rows[2][right2],
        .above_far = rows[0][x] + rows[4][x],
        .diagonal = rows[1][left] + rows[1][right] + rows[3][left] + rows[3][right],
    };
}

// Green where red or blue was measured.
static float green_at_other(const neighbours *n)
{
    return (4.0f * n->centre + 2.0f * (n->beside + n->above) - n->beside_far - n->above_far) / 8.0f;
}

// Red or blue at a green pixel whose neighbours of that colour lie beside it ...
static float colour_beside(const neighbours *n)
{
    return (5.0f * n->centre + 4.0f * n->beside + 0.5f * n->above_far - n->beside_far -
            n->diagonal) /
           8.0f;
}
// ... or above and below.
static float colour_above(const neighbours *n)
{
    return (5.0f * n->centre + 4.0f * n->above + 0.5f * n->beside_far - n->above_far -
            n->diagonal) /
           8.0f;
}
// Red at blue, blue at red.
static float colour_diagonal(const neighbours *n)
{
    return (6.0f * n->centre + 2.0f * n->diagonal - 1.5f * (n->beside_far + n->above_far)) / 8.0f;
}

static void colour_at(const bt_isp *isp, uint32_t row, uint32_t x, const neighbours *n, float *rgb)
{
    uint8_t own = isp->mosaic[2 * (row & 1) + (x & 1)];
    rgb[own] = n->centre;
    if (own == 1) {
        uint8_t beside = isp->mosaic[2 * (row & 1) + (~x & 1)];
        rgb[beside] = within(n->pair_beside, colour_beside(n));
        rgb[2 - beside] = within(n->pair_above, colour_above(n));
    } else {
        rgb[1] = within(n->cross, green_at_other(n));
        rgb[2 - own] = within(n->corners, colour_diagonal(n));
    }
}

void bt_isp_demosaic(const bt_isp *isp, const float *mosaic, uint32_t row, float *rgb)
{
    if (isp->kind == BT_ISP_SPARSE) {
        bt_isp_demosaic_sparse(isp, mosaic, row, rgb);
        return;
    }
    if (isp->kind == BT_ISP_TILE) {
        bt_isp_demosaic_tile(isp, mosaic, row, rgb);
        return;
    }
    const float *rows[5];
    for (int i = 0; i < 5; i++)
        rows[i] =
            mosaic + (size_t)bt_isp_mirrored((int64_t)row + i - 2, isp->height_px) * isp->width_px;
    for (uint32_t x = 0; x < isp->width_px; x++, rgb += 3) {
        if (isp->band_count == 1) {
            rgb[0] = rgb[1] = rgb[2] = rows[2][x];
            continue;
        }
        neighbours n = gather(rows, x, isp->width_px);
        colour_at(isp, row, x, &n, rgb);
    }
}
