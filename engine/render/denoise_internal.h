// denoise_internal.h: what the denoiser's files share.
#ifndef BT_RENDER_DENOISE_INTERNAL_H
#define BT_RENDER_DENOISE_INTERNAL_H

#include "engine/render/denoise.h"

#define BT_DENOISE_PATCH 2 // half width of the patches compared: 5 x 5, chosen

// What is regressed on, besides a constant.
enum {
    BT_FEATURE_NORMAL, // three
    BT_FEATURE_NEARNESS = 3,
    BT_FEATURE_ALBEDO,
    BT_FEATURE_COUNT
};

// Planes of the picture with a margin on every side, so that windows and patches need no tests.
// Pixel (x, y) is at (y + margin) * stride + x + margin; the margin repeats the edge, unusable.
typedef struct bt_denoise_field {
    uint32_t width, height, bands;
    uint32_t margin, stride, radius;
    size_t plane; // floats of one
    float *memory;
    float *light[BT_VIEW_MAX_BANDS];    // radiance over albedo
    float *variance[BT_VIEW_MAX_BANDS]; // of it, smoothed over 3 x 3
    float *glint[BT_VIEW_MAX_BANDS];    // light taken out of it, which stays where it is
    float *glint_variance[BT_VIEW_MAX_BANDS];
    float *feature[BT_FEATURE_COUNT];
    float *doubt[BT_FEATURE_COUNT]; // variance of the feature
    float *usable;                  // 1; 0: margin, or not a number
} bt_denoise_field;

// The result of one strength, without margins: (height x width x bands), risk (height x width).
typedef struct bt_denoise_result {
    float *light, *variance, *risk;
} bt_denoise_result;

BT_CHECKED bt_status bt_denoise_field_create(const bt_film *noisy, const bt_guides *guides,
                                             const bt_denoise_settings *settings,
                                             bt_denoise_field *field);
void bt_denoise_field_clear(bt_denoise_field *field);

// What albedo divides by and multiplies with.
float bt_denoise_albedo(const bt_guides *guides, size_t pixel, uint32_t band);

// Regresses the whole picture; strength: the k of non-local means.
BT_CHECKED bt_status bt_denoise_regress(const bt_denoise_field *field, float strength,
                                        bt_jobs *jobs, bt_denoise_result *result);

static inline size_t bt_denoise_at(const bt_denoise_field *f, int x, int y)
{
    return (size_t)(y + (int)f->margin) * f->stride + (size_t)(x + (int)f->margin);
}

#endif
