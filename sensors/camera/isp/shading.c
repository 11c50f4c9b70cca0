// shading.c: gains against the lens's falling illumination, from a mesh, as image processors hold
// them: bilinear between nodes.
#include <math.h>

#include "sensors/camera/isp/isp.h"

#define GAIN_MAX 4.0 // chosen: beyond, a fisheye's rim is mostly noise

double bt_isp_shading_gain(const bt_isp *isp, uint32_t x, uint32_t y)
{
    if (!(isp->shading > 0.0)) return 1.0;
    double u = (double)x / (isp->width_px - 1) * (BT_ISP_MESH_COLUMNS - 1);
    double v = (double)y / (isp->height_px - 1) * (BT_ISP_MESH_ROWS - 1);
    int i = (int)fmin(u, BT_ISP_MESH_COLUMNS - 2), j = (int)fmin(v, BT_ISP_MESH_ROWS - 2);
    double a = u - i, b = v - j;
    const float *low = isp->illumination + j * BT_ISP_MESH_COLUMNS + i;
    const float *high = low + BT_ISP_MESH_COLUMNS;
    double left = (1.0 - b) * (double)low[0] + b * (double)high[0];
    double right = (1.0 - b) * (double)low[1] + b * (double)high[1];
    double left_over = fmax((1.0 - a) * left + a * right, 1.0 / GAIN_MAX);
    return 1.0 + isp->shading * (1.0 / left_over - 1.0);
}
