// tiles.c: colour from other mosaics than the quincunx.
//
// One of red among three of luma: luma at red's place along the direction in which it changes less,
// corrected by red's own curvature (Hamilton and Adams 1997, US 5629734, with luma in green's place);
// red's difference from luma between its places, linear. A 4 x 4 tile: each colour's mean over the
// nearest of its places, weighed by distance: no more than bilinear.
#include <math.h>
#include <stddef.h>

#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

static float at(const bt_isp *isp, const float *mosaic, int64_t x, int64_t y)
{
    size_t row = bt_isp_mirrored(y, isp->height_px);
    return mosaic[row * isp->width_px + bt_isp_mirrored(x, isp->width_px)];
}

// ---- three of luma and one of red ---------------------------------------------------------------
// Luma at a place of red.
static float luma_at_red(const bt_isp *isp, const float *m, int64_t x, int64_t y)
{
    float here = at(isp, m, x, y);
    float left = at(isp, m, x - 1, y), right = at(isp, m, x + 1, y);
    float up = at(isp, m, x, y - 1), down = at(isp, m, x, y + 1);
    float bend_x = 2.0f * here - at(isp, m, x - 2, y) - at(isp, m, x + 2, y);
    float bend_y = 2.0f * here - at(isp, m, x, y - 2) - at(isp, m, x, y + 2);
    float change_x = fabsf(left - right) + fabsf(bend_x);
    float change_y = fabsf(up - down) + fabsf(bend_y);
    float along_x = 0.5f * (left + right) + 0.25f * bend_x;
    float along_y = 0.5f * (up + down) + 0.25f * bend_y;
    if (change_x == change_y) return 0.5f * (along_x + along_y);
    return change_x < change_y ? along_x : along_y;
}

void bt_isp_demosaic_sparse(const bt_isp *isp, const float *mosaic, uint32_t row, float *rgb)
{
    int64_t red_x = 0, red_y = 0;
    for (int i = 0; i < 4; i++)
        if (isp->mosaic[i] == 0) red_x = i & 1, red_y = i >> 1;
    int64_t top = (int64_t)row - (((int64_t)row - red_y) & 1); // the red row at or above
    float v = (float)((int64_t)row - top) * 0.5f;
    for (uint32_t x = 0; x < isp->width_px; x++, rgb += 3) {
        int64_t left = (int64_t)x - (((int64_t)x - red_x) & 1);
        float u = (float)((int64_t)x - left) * 0.5f, difference = 0.0f;
        for (int k = 0; k < 4; k++) {
            int64_t px = left + 2 * (k & 1), py = top + 2 * (k >> 1);
            float weight = ((k & 1) ? u : 1.0f - u) * ((k >> 1) ? v : 1.0f - v);
            if (weight > 0.0f)
                difference += weight * (at(isp, mosaic, px, py) - luma_at_red(isp, mosaic, px, py));
        }
        bool is_red = bt_isp_band(isp, x, row) == 0;
        float luma = is_red ? luma_at_red(isp, mosaic, x, row) : at(isp, mosaic, x, row);
        rgb[0] = luma + difference;
        rgb[1] = rgb[2] = luma;
    }
}

// ---- a tile of four by four -----------------------------------------------------------------------
void bt_isp_demosaic_tile(const bt_isp *isp, const float *mosaic, uint32_t row, float *rgb)
{
    enum { REACH = 3 };
    for (uint32_t x = 0; x < isp->width_px; x++, rgb += 3) {
        float sum[4] = {0}, all[4] = {0};
        for (int j = -REACH; j <= REACH; j++)
            for (int i = -REACH; i <= REACH; i++) {
                uint32_t px = bt_isp_mirrored((int64_t)x + i, isp->width_px);
                uint32_t py = bt_isp_mirrored((int64_t)row + j, isp->height_px);
                uint32_t band = bt_isp_band(isp, px, py) & 3u;
                float d2 = (float)(i * i + j * j), weight = 1.0f / (0.02f + d2 * d2);
                sum[band] += weight * mosaic[(size_t)py * isp->width_px + px];
                all[band] += weight;
            }
        for (int c = 0; c < 3; c++)
            rgb[c] = all[c] > 0.0f ? sum[c] / all[c] : 0.0f;
    }
}
