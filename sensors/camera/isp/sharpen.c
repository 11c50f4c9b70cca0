// sharpen.c: unsharp mask of the encoded luminance. Detail below a core, which is mostly noise, is left
// alone; overshoot has a limit. Then 8 bits.
#include <math.h>
#include <stddef.h>

#include "sensors/camera/isp/isp.h"

#define CORE 0.008f // chosen: two steps of 8 bits
#define LIMIT 0.10f // chosen: of the encoded range

static uint32_t clamped(int64_t at, uint32_t count)
{
    return (uint32_t)(at < 0 ? 0 : at >= (int64_t)count ? (int64_t)count - 1 : at);
}

static float luma(const float *rgb)
{
    return 0.2126f * rgb[0] + 0.7152f * rgb[1] + 0.0722f * rgb[2]; // Rec. 709
}

// Luminance less its mean by the binomial (1 2 1) x (1 2 1) / 16.
static float detail_at(const float *const rows[3], uint32_t x, uint32_t width)
{
    uint32_t left = clamped((int64_t)x - 1, width), right = clamped((int64_t)x + 1, width);
    float sum = 0.0f;
    for (int j = 0; j < 3; j++)
        sum += (j == 1 ? 2.0f : 1.0f) * (luma(rows[j] + 3 * left) + 2.0f * luma(rows[j] + 3 * x) +
                                         luma(rows[j] + 3 * right));
    return luma(rows[1] + 3 * x) - sum / 16.0f;
}

static float cored(float detail)
{
    float size = fabsf(detail) - CORE;
    return size <= 0.0f ? 0.0f : copysignf(size, detail);
}

void bt_isp_sharpen(const bt_isp *isp, const float *encoded, uint32_t row, uint8_t *out)
{
    const float *rows[3];
    for (int j = 0; j < 3; j++)
        rows[j] =
            encoded + 3 * (size_t)clamped((int64_t)row + j - 1, isp->height_px) * isp->width_px;
    for (uint32_t x = 0; x < isp->width_px; x++) {
        float more = 0.0f;
        if (isp->sharpen > 0.0)
            more = (float)isp->sharpen * cored(detail_at(rows, x, isp->width_px));
        more = fminf(fmaxf(more, -LIMIT), LIMIT);
        for (int c = 0; c < 3; c++) {
            float y = fminf(fmaxf(rows[1][3 * x + (uint32_t)c] + more, 0.0f), 1.0f);
            out[3 * x + (uint32_t)c] = (uint8_t)(255.0f * y + 0.5f);
        }
    }
}
