// defects.c: mends the pixels that calibration in the dark found: those whose dark current shows above
// read noise in this exposure. Not by what a single frame looks like: a far lamp is one pixel too.
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

// The eight nearest of the same colour: a tile away along and across.
static void neighbours(const bt_isp *isp, const float *mosaic, uint32_t x, uint32_t y, float v[8])
{
    int64_t step = isp->kind == BT_ISP_TILE ? 4 : isp->band_count == 1 ? 1 : 2;
    int count = 0;
    for (int64_t j = -1; j <= 1; j++) {
        const float *row =
            mosaic + (size_t)bt_isp_mirrored((int64_t)y + j * step, isp->height_px) * isp->width_px;
        for (int64_t i = -1; i <= 1; i++)
            if (i != 0 || j != 0)
                v[count++] = row[bt_isp_mirrored((int64_t)x + i * step, isp->width_px)];
    }
}

static void sort8(float v[8])
{
    for (int i = 1; i < 8; i++)
        for (int k = i; k > 0 && v[k] < v[k - 1]; k--) {
            float swap = v[k];
            v[k] = v[k - 1];
            v[k - 1] = swap;
        }
}

void bt_isp_mend(const bt_isp *isp, const float *mosaic, uint32_t row, float *out)
{
    const float *line = mosaic + (size_t)row * isp->width_px;
    memcpy(out, line, isp->width_px * sizeof *out);
    if (!(isp->defects > 0.0) || !isp->dark) return;
    const float *dark = isp->dark + (size_t)row * isp->width_px;
    float limit = (float)(isp->defects * isp->noise_dn / (isp->gain_dn_e * isp->dark_e));
    for (uint32_t x = 0; x < isp->width_px; x++) {
        if (!(dark[x] - 1.0f > limit)) continue; // nearly all
        float v[8];
        neighbours(isp, mosaic, x, row, v);
        sort8(v);
        out[x] = 0.5f * (v[3] + v[4]);
    }
}
