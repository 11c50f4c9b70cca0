// shading.c: gains against the lens's falling illumination, from a mesh, as image processors hold
// them: bilinear between nodes.
#include <math.h>

#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

#define GAIN_MAX 4.0 // chosen: beyond, a fisheye's rim is mostly noise

// Two rows of the mesh and a place between them.
typedef struct mesh_row {
    const float *low, *high;
    double v;
} mesh_row;

static mesh_row mesh_row_of(const bt_isp *isp, uint32_t y)
{
    double v = (double)y / (isp->height_px - 1) * (BT_ISP_MESH_ROWS - 1);
    int j = (int)fmin(v, BT_ISP_MESH_ROWS - 2);
    const float *low = isp->illumination + j * BT_ISP_MESH_COLUMNS;
    return (mesh_row){low, low + BT_ISP_MESH_COLUMNS, v - j};
}

static double node(const mesh_row *row, int i)
{
    return (double)row->low[i] + row->v * ((double)row->high[i] - (double)row->low[i]);
}

void bt_isp_shading_gains(const bt_isp *isp, uint32_t x0, uint32_t y, uint32_t count, double *gains)
{
    if (!(isp->shading > 0.0)) {
        for (uint32_t k = 0; k < count; k++)
            gains[k] = 1.0;
        return;
    }
    mesh_row row = mesh_row_of(isp, y);
    double step = (BT_ISP_MESH_COLUMNS - 1.0) / (isp->width_px - 1), left = 0.0, right = 0.0;
    int last = (int)isp->width_px - 1, at = -1; // column that `left` is of
    for (uint32_t k = 0; k < count; k++) {
        int x = (int)(x0 + k) < last ? (int)(x0 + k) : last;
        double u = x * step;
        int i = (int)u < BT_ISP_MESH_COLUMNS - 2 ? (int)u : BT_ISP_MESH_COLUMNS - 2;
        if (i != at) {
            left = node(&row, i);
            right = node(&row, i + 1);
            at = i;
        }
        double left_over = left + (u - i) * (right - left);
        left_over = left_over > 1.0 / GAIN_MAX ? left_over : 1.0 / GAIN_MAX;
        gains[k] = 1.0 + isp->shading * (1.0 / left_over - 1.0);
    }
}

double bt_isp_shading_gain(const bt_isp *isp, uint32_t x, uint32_t y)
{
    double gain;
    bt_isp_shading_gains(isp, x, y, 1, &gain);
    return gain;
}
