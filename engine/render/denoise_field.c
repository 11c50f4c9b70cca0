// denoise_field.c: a film and its guides as planes with margins: demodulated, guarded against what
// is not a number, fireflies lowered.
#include "engine/render/denoise_internal.h"

#include "engine/core/memory.h"

#include <math.h>

#define LEAST_ALBEDO 0.04f // darker surfaces show their reflections, which albedo does not scale
#define FIREFLY_DOUBT 0.3f // relative standard error above which a pixel may be one: chosen
#define FIREFLY_RANK 3
#define FIREFLY_FACTOR 2.0f // times that neighbour: chosen so that plain noise is left alone
#define RING 2              // px
#define RING_COUNT 24
#define GLINT_RANK 9       // as many of the ring may belong to the glint
#define GLINT_FACTOR 20.0f // times the others: what is dimmer is noise; chosen

static float clean(float value, float otherwise)
{
    return isfinite(value) ? value : otherwise;
}

float bt_denoise_albedo(const bt_guides *guides, size_t pixel, uint32_t band)
{
    float a = clean(guides->mean[pixel * BT_GUIDE_CHANNELS + BT_GUIDE_ALBEDO + band], 1.0f);
    return fminf(fmaxf(a, LEAST_ALBEDO), 1.0f);
}

static bt_status field_allocate(bt_denoise_field *f)
{
    uint32_t planes = 4 * f->bands + 2 * BT_FEATURE_COUNT + 1;
    f->memory = bt_alloc(planes, f->plane * sizeof(float));
    if (!f->memory) return bt_fail(BT_ERR_MEMORY, "denoiser: no memory for %u planes", planes);
    float *next = f->memory;
    for (uint32_t b = 0; b < f->bands; b++, next += f->plane)
        f->light[b] = next;
    for (uint32_t b = 0; b < f->bands; b++, next += f->plane)
        f->variance[b] = next;
    for (uint32_t b = 0; b < f->bands; b++, next += f->plane)
        f->glint[b] = next;
    for (uint32_t b = 0; b < f->bands; b++, next += f->plane)
        f->glint_variance[b] = next;
    for (int i = 0; i < BT_FEATURE_COUNT; i++, next += f->plane)
        f->feature[i] = next;
    for (int i = 0; i < BT_FEATURE_COUNT; i++, next += f->plane)
        f->doubt[i] = next;
    f->usable = next;
    return BT_OK;
}

// ---- one pixel --------------------------------------------------------------------------------
static void fill_light(bt_denoise_field *f, const bt_film *film, const bt_guides *guides,
                       size_t pixel, size_t at)
{
    f->usable[at] = 1.0f;
    for (uint32_t b = 0; b < f->bands; b++) {
        float rate = film->rate_e_s[pixel * f->bands + b];
        float variance = film->variance_e2_s2[pixel * f->bands + b];
        float scale = 1.0f / bt_denoise_albedo(guides, pixel, b);
        float light = rate * scale, spread = variance * scale * scale;
        if (!isfinite(light) || !isfinite(spread) || spread < 0.0f) f->usable[at] = 0.0f;
        f->light[b][at] = light;
        f->variance[b][at] = spread;
    }
    for (uint32_t b = 0; b < f->bands && f->usable[at] == 0.0f; b++)
        f->light[b][at] = f->variance[b][at] = 0.0f;
}

static void fill_features(bt_denoise_field *f, const bt_guides *guides, size_t pixel, size_t at)
{
    const float *mean = guides->mean + pixel * BT_GUIDE_CHANNELS;
    const float *variance = guides->variance + pixel * BT_GUIDE_CHANNELS;
    for (int i = 0; i < 4; i++) { // normal and nearness
        f->feature[i][at] = clean(mean[BT_GUIDE_NORMAL + i], 0.0f);
        f->doubt[i][at] = fmaxf(0.0f, clean(variance[BT_GUIDE_NORMAL + i], 0.0f));
    }
    f->feature[BT_FEATURE_NEARNESS][at] = fmaxf(0.0f, f->feature[BT_FEATURE_NEARNESS][at]);
    float albedo = 0.0f, doubt = 0.0f;
    for (uint32_t b = 0; b < f->bands; b++) {
        albedo += bt_denoise_albedo(guides, pixel, b) / (float)f->bands;
        doubt += fmaxf(0.0f, clean(variance[BT_GUIDE_ALBEDO + b], 0.0f)) / (float)f->bands;
    }
    f->feature[BT_FEATURE_ALBEDO][at] = albedo;
    f->doubt[BT_FEATURE_ALBEDO][at] = doubt;
}

// Pixels that are not numbers become the mean of those around them, with a variance so large that
// they have no say.
static void fill_in(bt_denoise_field *f, int x, int y)
{
    double sum[BT_VIEW_MAX_BANDS] = {0};
    int count = 0;
    for (int dy = -RING; dy <= RING; dy++)
        for (int dx = -RING; dx <= RING; dx++) {
            size_t at = bt_denoise_at(f, x + dx, y + dy);
            if (f->usable[at] != 1.0f) continue;
            count++;
            for (uint32_t b = 0; b < f->bands; b++)
                sum[b] += (double)f->light[b][at];
        }
    size_t at = bt_denoise_at(f, x, y);
    for (uint32_t b = 0; b < f->bands; b++) {
        float mean = count > 0 ? (float)(sum[b] / count) : 0.0f;
        f->light[b][at] = mean;
        f->variance[b][at] = mean * mean;
    }
}

static void fill_in_all(bt_denoise_field *f)
{
    for (int y = 0; y < (int)f->height; y++)
        for (int x = 0; x < (int)f->width; x++)
            if (f->usable[bt_denoise_at(f, x, y)] == 0.0f) fill_in(f, x, y);
    for (int y = 0; y < (int)f->height; y++)
        for (int x = 0; x < (int)f->width; x++)
            f->usable[bt_denoise_at(f, x, y)] = 1.0f;
}

// ---- fireflies --------------------------------------------------------------------------------
// The FIREFLY_RANK-th largest value of the ring of pixels about (x, y) that can be used.
static float ring_limit(const bt_denoise_field *f, const float *plane, int x, int y)
{
    float top[FIREFLY_RANK] = {0};
    for (int dy = -RING; dy <= RING; dy++)
        for (int dx = -RING; dx <= RING; dx++) {
            size_t at = bt_denoise_at(f, x + dx, y + dy);
            if ((dx == 0 && dy == 0) || f->usable[at] == 0.0f) continue;
            float value = plane[at];
            for (int i = 0; i < FIREFLY_RANK; i++)
                if (value > top[i]) {
                    float lower = top[i];
                    top[i] = value;
                    value = lower;
                }
        }
    return top[FIREFLY_RANK - 1];
}

// Only pixels not yet lowered are read: `plane` is the film as it came.
static void lower_fireflies(bt_denoise_field *f, uint32_t band, const float *plane)
{
    for (int y = 0; y < (int)f->height; y++)
        for (int x = 0; x < (int)f->width; x++) {
            size_t at = bt_denoise_at(f, x, y);
            float doubt = FIREFLY_DOUBT * plane[at];
            if (f->variance[band][at] <= doubt * doubt) continue;
            float limit = ring_limit(f, plane, x, y);
            if (!(plane[at] > FIREFLY_FACTOR * limit) || limit <= 0.0f) continue;
            float ratio = limit / plane[at];
            f->light[band][at] = limit;
            f->variance[band][at] *= ratio * ratio;
        }
}

// ---- glints -----------------------------------------------------------------------------------
// Mean of the ring of pixels about (x, y) that can be used, but for the GLINT_RANK brightest.
static float dim_level(const bt_denoise_field *f, const float *plane, int x, int y)
{
    float sorted[RING_COUNT], sum = 0.0f;
    int count = 0;
    for (int dy = -RING; dy <= RING; dy++)
        for (int dx = -RING; dx <= RING; dx++) {
            size_t at = bt_denoise_at(f, x + dx, y + dy);
            if ((dx == 0 && dy == 0) || f->usable[at] == 0.0f) continue;
            int i = count++;
            for (; i > 0 && sorted[i - 1] > plane[at]; i--)
                sorted[i] = sorted[i - 1];
            sorted[i] = plane[at];
        }
    for (int i = 0; i + GLINT_RANK < count; i++)
        sum += sorted[i];
    return count > GLINT_RANK ? sum / (float)(count - GLINT_RANK) : 0.0f;
}

// A glint, as uncertain as it is bright, resembles everything about it by its own variance and would be spread over
// that. What is that much brighter than its surroundings is taken out, and put back where it was.
static void take_out_glints(bt_denoise_field *f, uint32_t band, const float *plane)
{
    for (int y = 0; y < (int)f->height; y++)
        for (int x = 0; x < (int)f->width; x++) {
            size_t at = bt_denoise_at(f, x, y);
            float light = f->light[band][at], doubt = FIREFLY_DOUBT * light;
            if (f->variance[band][at] <= doubt * doubt) continue;
            float keeps = GLINT_FACTOR * dim_level(f, plane, x, y);
            if (keeps <= 0.0f || light <= keeps) continue;
            float ratio = keeps / light, variance = f->variance[band][at];
            f->light[band][at] = keeps;
            f->variance[band][at] = ratio * ratio * variance;
            f->glint[band][at] = light - keeps;
            f->glint_variance[band][at] = (1.0f - ratio) * (1.0f - ratio) * variance;
        }
}

// ---- planes -----------------------------------------------------------------------------------
static void spread_edges(const bt_denoise_field *f, float *plane)
{
    int margin = (int)f->margin, width = (int)f->width, height = (int)f->height;
    for (int y = 0; y < height; y++)
        for (int x = 1; x <= margin; x++) {
            plane[bt_denoise_at(f, -x, y)] = plane[bt_denoise_at(f, 0, y)];
            plane[bt_denoise_at(f, width - 1 + x, y)] = plane[bt_denoise_at(f, width - 1, y)];
        }
    for (int y = 1; y <= margin; y++)
        for (int x = -margin; x < width + margin; x++) {
            plane[bt_denoise_at(f, x, -y)] = plane[bt_denoise_at(f, x, 0)];
            plane[bt_denoise_at(f, x, height - 1 + y)] = plane[bt_denoise_at(f, x, height - 1)];
        }
}

// A variance estimated from few samples is noisy itself: mean over 3 x 3. Needs edges spread.
static void smooth(const bt_denoise_field *f, const float *from, float *to)
{
    for (int y = 0; y < (int)f->height; y++)
        for (int x = 0; x < (int)f->width; x++) {
            float sum = 0.0f;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                    sum += from[bt_denoise_at(f, x + dx, y + dy)];
            to[bt_denoise_at(f, x, y)] = sum / 9.0f;
        }
}

static void finish_band(bt_denoise_field *f, uint32_t band, bool keep_fireflies, float *scratch)
{
    if (!keep_fireflies) {
        for (size_t i = 0; i < f->plane; i++)
            scratch[i] = f->light[band][i];
        lower_fireflies(f, band, scratch);
    }
    for (size_t i = 0; i < f->plane; i++)
        scratch[i] = f->light[band][i];
    take_out_glints(f, band, scratch);
    spread_edges(f, f->light[band]);
    spread_edges(f, f->variance[band]);
    for (size_t i = 0; i < f->plane; i++)
        scratch[i] = f->variance[band][i];
    smooth(f, scratch, f->variance[band]);
    spread_edges(f, f->variance[band]);
}

bt_status bt_denoise_field_create(const bt_film *noisy, const bt_guides *guides,
                                  const bt_denoise_settings *settings, bt_denoise_field *f)
{
    uint32_t radius = settings->radius_px;
    *f = (bt_denoise_field){.width = noisy->width_px,
                            .height = noisy->height_px,
                            .bands = noisy->band_count,
                            .radius = radius,
                            .margin = radius + BT_DENOISE_PATCH};
    f->stride = f->width + 2 * f->margin;
    f->plane = (size_t)f->stride * (f->height + 2 * f->margin);
    bt_status status = field_allocate(f);
    float *scratch = bt_alloc(f->plane, sizeof(float));
    if (status == BT_OK && !scratch) status = bt_fail(BT_ERR_MEMORY, "denoiser: no memory");
    if (status == BT_OK) {
        for (uint32_t y = 0; y < f->height; y++)
            for (uint32_t x = 0; x < f->width; x++) {
                size_t pixel = (size_t)y * f->width + x, at = bt_denoise_at(f, (int)x, (int)y);
                fill_light(f, noisy, guides, pixel, at);
                fill_features(f, guides, pixel, at);
            }
        fill_in_all(f);
        for (uint32_t b = 0; b < f->bands; b++)
            finish_band(f, b, settings->keep_fireflies, scratch);
        for (int i = 0; i < BT_FEATURE_COUNT; i++) {
            spread_edges(f, f->feature[i]);
            spread_edges(f, f->doubt[i]);
        }
    }
    bt_free(scratch);
    if (status != BT_OK) bt_denoise_field_clear(f);
    return status;
}

void bt_denoise_field_clear(bt_denoise_field *field)
{
    bt_free(field->memory);
    *field = (bt_denoise_field){0};
}
