// false_color.c: takes coloured fringes off fine detail after demosaicing. Freeman 1988, US 4724395:
// where three colours were sampled at different places, an edge gives them different phases, and
// single pixels of wrong colour; the median of the colour differences around puts them right and
// leaves real edges of colour.
#include <stddef.h>
#include <string.h>

#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

#define SPAN BT_ISP_SPAN

static void order(float *restrict a, float *restrict b)
{
    for (int x = 0; x < SPAN; x++) {
        float low = bt_isp_lower(a[x], b[x]);
        b[x] = bt_isp_upper(a[x], b[x]);
        a[x] = low;
    }
}

// Medians of nine by nineteen exchanges, which end up in v[4]: Paeth 1990, "Median finding on a 3 x 3
// grid", as improved by Smith 1996, "Implementing median filters in XC4000E FPGAs".
static void medians_of_9(float v[9][SPAN])
{
    static const unsigned char pairs[19][2] = {
        {1, 2}, {4, 5}, {7, 8}, {0, 1}, {3, 4}, {6, 7}, {1, 2}, {4, 5}, {7, 8}, {0, 3},
        {5, 8}, {4, 7}, {3, 6}, {1, 4}, {2, 5}, {4, 7}, {4, 2}, {6, 4}, {4, 2}};
    for (int i = 0; i < 19; i++)
        order(v[pairs[i][0]], v[pairs[i][1]]);
}

// Medians of a band's differences from green: `around` (rows x colours) from a pixel before the span on.
static void calm_band(float around[3][3][SPAN + 2], int band, float *out)
{
    float v[9][SPAN];
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < 3; i++)
            for (int x = 0; x < SPAN; x++)
                v[3 * j + i][x] = around[j][band][x + i] - around[j][1][x + i];
    medians_of_9(v);
    memcpy(out, v[4], sizeof v[4]);
}

static void calm_span(const bt_isp *isp, const float *const rows[3], uint32_t x0, float *out)
{
    float around[3][3][SPAN + 2], red[SPAN], blue[SPAN];
    for (int j = 0; j < 3; j++)
        bt_isp_apart(rows[j], isp->width_px, x0, 1, SPAN + 2, around[j][0]);
    calm_band(around, 0, red);
    calm_band(around, 2, blue);
    uint32_t count = isp->width_px - x0 < SPAN ? isp->width_px - x0 : SPAN;
    for (uint32_t x = 0; x < count; x++) {
        float green = around[1][1][x + 1];
        out[3 * x] = green + red[x];
        out[3 * x + 1] = green;
        out[3 * x + 2] = green + blue[x];
    }
}

void bt_isp_calm(const bt_isp *isp, const float *rgb, uint32_t row, float *out)
{
    const float *rows[3]; // the border repeats
    for (int j = 0; j < 3; j++)
        rows[j] =
            rgb + 3 * (size_t)bt_isp_clamped((int64_t)row + j - 1, isp->height_px) * isp->width_px;
    if (isp->band_count == 1) {
        memcpy(out, rows[1], 3 * isp->width_px * sizeof *out);
        return;
    }
    for (uint32_t x0 = 0; x0 < isp->width_px; x0 += SPAN)
        calm_span(isp, rows, x0, out + 3 * x0);
}
