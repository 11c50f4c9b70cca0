// false_color.c: takes coloured fringes off fine detail after demosaicing. Freeman 1988, US 4724395:
// where three colours were sampled at different places, an edge gives them different phases, and
// single pixels of wrong colour; the median of the colour differences around puts them right and
// leaves real edges of colour.
#include <stddef.h>

#include "sensors/camera/isp/isp.h"

static void order(float *a, float *b)
{
    float low = *a < *b ? *a : *b;
    *b = *a < *b ? *b : *a;
    *a = low;
}

// Median of nine by nineteen exchanges: Paeth 1990, "Median finding on a 3 x 3 grid", as improved by
// Smith 1996, "Implementing median filters in XC4000E FPGAs".
static float median_of_9(float v[9])
{
    static const unsigned char pairs[19][2] = {
        {1, 2}, {4, 5}, {7, 8}, {0, 1}, {3, 4}, {6, 7}, {1, 2}, {4, 5}, {7, 8}, {0, 3},
        {5, 8}, {4, 7}, {3, 6}, {1, 4}, {2, 5}, {4, 7}, {4, 2}, {6, 4}, {4, 2}};
    for (int i = 0; i < 19; i++)
        order(&v[pairs[i][0]], &v[pairs[i][1]]);
    return v[4];
}

static float median_difference(const bt_isp *isp, const float *rgb, uint32_t row, uint32_t x,
                               size_t band)
{
    float v[9];
    int count = 0;
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            // the border repeats
            int64_t py = (int64_t)row + dy, px = (int64_t)x + dx;
            py = py < 0 ? 0 : py >= isp->height_px ? isp->height_px - 1 : py;
            px = px < 0 ? 0 : px >= isp->width_px ? isp->width_px - 1 : px;
            const float *at = rgb + 3 * ((size_t)py * isp->width_px + (size_t)px);
            v[count++] = at[band] - at[1];
        }
    }
    return median_of_9(v);
}

void bt_isp_calm(const bt_isp *isp, const float *rgb, uint32_t row, float *out)
{
    const float *line = rgb + 3 * (size_t)row * isp->width_px;
    for (uint32_t x = 0; x < isp->width_px; x++) {
        float green = line[3 * x + 1];
        bool grey = isp->band_count == 1;
        out[3 * x] = grey ? green : green + median_difference(isp, rgb, row, x, 0);
        out[3 * x + 1] = green;
        out[3 * x + 2] = grey ? green : green + median_difference(isp, rgb, row, x, 2);
    }
}
