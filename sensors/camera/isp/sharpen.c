// sharpen.c: unsharp mask of the encoded luminance. Detail below a core, which is mostly noise, is left
// alone; overshoot has a limit. Then 8 bits.
#include <math.h>
#include <stddef.h>

#include "sensors/camera/isp/isp.h"
#include "sensors/camera/isp/isp_internal.h"

#define CORE 0.008f // chosen: two steps of 8 bits
#define LIMIT 0.10f // chosen: of the encoded range
#define SPAN BT_ISP_SPAN

// Rec. 709 luminance of three rows, from a pixel before the span on.
typedef struct lumas {
    float at[3][SPAN + 2];
} lumas;

static void set_lumas(const bt_isp *isp, const float *const rows[3], uint32_t x0, lumas *l)
{
    float rgb[3][SPAN + 2];
    for (int j = 0; j < 3; j++) {
        bt_isp_apart(rows[j], isp->width_px, x0, 1, SPAN + 2, rgb[0]);
        for (int x = 0; x < SPAN + 2; x++)
            l->at[j][x] = 0.2126f * rgb[0][x] + 0.7152f * rgb[1][x] + 0.0722f * rgb[2][x];
    }
}

// Luminance less its mean by the binomial (1 2 1) x (1 2 1) / 16, cored, times the strength, limited.
static void details(const lumas *l, float strength, float *restrict more)
{
    for (int x = 0; x < SPAN; x++) {
        float sum = 0.0f;
        for (int j = 0; j < 3; j++)
            sum +=
                (j == 1 ? 2.0f : 1.0f) * (l->at[j][x] + 2.0f * l->at[j][x + 1] + l->at[j][x + 2]);
        float detail = l->at[1][x + 1] - sum / 16.0f;
        float size = bt_isp_upper(fabsf(detail) - CORE, 0.0f) * strength;
        more[x] = copysignf(bt_isp_lower(size, LIMIT), detail);
    }
}

void bt_isp_sharpen(const bt_isp *isp, const float *encoded, uint32_t row, uint8_t *out)
{
    const float *rows[3];
    for (int j = 0; j < 3; j++)
        rows[j] = encoded +
                  3 * (size_t)bt_isp_clamped((int64_t)row + j - 1, isp->height_px) * isp->width_px;
    float more[SPAN] = {0};
    for (uint32_t x0 = 0; x0 < isp->width_px; x0 += SPAN) {
        if (isp->sharpen > 0.0) {
            lumas l;
            set_lumas(isp, rows, x0, &l);
            details(&l, (float)isp->sharpen, more);
        }
        uint32_t count = isp->width_px - x0 < SPAN ? isp->width_px - x0 : SPAN;
        for (uint32_t i = 0; i < 3 * count; i++) {
            float y = rows[1][3 * x0 + i] + more[i / 3];
            y = bt_isp_lower(bt_isp_upper(y, 0.0f), 1.0f);
            out[3 * x0 + i] = (uint8_t)(255.0f * y + 0.5f);
        }
    }
}
