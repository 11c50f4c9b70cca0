// isp_internal.h: what the stages of isp.h share.
#ifndef BT_CAMERA_ISP_ISP_INTERNAL_H
#define BT_CAMERA_ISP_ISP_INTERNAL_H

#include "sensors/camera/isp/isp.h"

#include <stddef.h>

#define BT_ISP_SPAN 64 // pixels that a stage works on at a time

static inline uint32_t bt_isp_clamped(int64_t at, uint32_t count)
{
    return (uint32_t)(at < 0 ? 0 : at >= (int64_t)count ? (int64_t)count - 1 : at);
}

// Mirrored about the border pixel, which keeps the mosaic's phase.
static inline uint32_t bt_isp_mirrored(int64_t at, uint32_t count)
{
    if (at < 0) at = -at;
    if (at >= (int64_t)count) at = 2 * ((int64_t)count - 1) - at;
    return (uint32_t)(at < 0 ? 0 : at);
}

static inline float bt_isp_lower(float a, float b)
{
    return a < b ? a : b;
}

static inline float bt_isp_upper(float a, float b)
{
    return a > b ? a : b;
}

// `count` pixels of a row of colours from x0 - before on, each colour by itself: apart (3 x count).
// Beyond its ends the row's last pixel repeats.
static inline void bt_isp_apart(const float *row, uint32_t width, uint32_t x0, uint32_t before,
                                uint32_t count, float *restrict apart)
{
    if (x0 >= before && x0 - before + count <= width) {
        const float *from = row + 3 * ((size_t)x0 - before);
        for (uint32_t c = 0; c < 3; c++)
            for (uint32_t i = 0; i < count; i++)
                apart[c * count + i] = from[3 * i + c];
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        size_t at = bt_isp_clamped((int64_t)x0 + i - before, width);
        for (uint32_t c = 0; c < 3; c++)
            apart[c * count + i] = row[3 * at + c];
    }
}

// Variance of a levelled value of a band: floor + shot * level, for levels above 0.
typedef struct bt_isp_noise {
    double floor, shot;
} bt_isp_noise;

bt_isp_noise bt_isp_noise_of(const bt_isp *isp, uint32_t band);

// bt_isp_shading_gain of `count` pixels from (x0, y) on; beyond the row its last pixel's.
void bt_isp_shading_gains(const bt_isp *isp, uint32_t x0, uint32_t y, uint32_t count,
                          double *gains);

#endif
