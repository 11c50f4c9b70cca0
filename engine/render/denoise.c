// denoise.c: see denoise.h: two strengths, the better one at each pixel, albedo put back.
#include "engine/render/denoise.h"

#include "engine/core/memory.h"
#include "engine/render/denoise_internal.h"

#include <math.h>
#include <string.h>

#define DEFAULT_RADIUS 7u
#define MAX_RADIUS 15u
#define CANDIDATES 2
// Bitterli et al. take 0.5 and 1; sample variances of stratified samples are too large, so less
// does here: chosen on street frames (tests/bench/denoise_view.c).
static const float strengths[CANDIDATES] = {0.12f, 0.5f};
#define RISK_RADIUS 4   // one pixel's risk says little: means over 9 x 9, chosen
#define CHOICE_RADIUS 2 // and choices fade over 5 x 5

typedef struct choice {
    bt_denoise_result results[CANDIDATES];
    float *memory, *scratch, *share; // share of the second: (height x width)
} choice;

static bt_status choice_create(const bt_denoise_field *f, choice *c)
{
    size_t pixels = (size_t)f->width * f->height, each = pixels * (2 * f->bands + 1);
    *c = (choice){.memory = bt_alloc(CANDIDATES * each + 2 * pixels, sizeof(float))};
    if (!c->memory) return bt_fail(BT_ERR_MEMORY, "denoiser: no memory for %zu pixels", pixels);
    for (int i = 0; i < CANDIDATES; i++) {
        float *at = c->memory + (size_t)i * each;
        c->results[i] = (bt_denoise_result){
            .light = at, .variance = at + pixels * f->bands, .risk = at + 2 * pixels * f->bands};
    }
    c->scratch = c->memory + CANDIDATES * each;
    c->share = c->scratch + pixels;
    return BT_OK;
}

// Mean over a square of 2 radius + 1; fewer at the edges.
static void blur(const float *from, float *to, int width, int height, int radius)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            int x0 = x > radius ? x - radius : 0, x1 = x + radius < width ? x + radius : width - 1;
            int y0 = y > radius ? y - radius : 0,
                y1 = y + radius < height ? y + radius : height - 1;
            float sum = 0.0f;
            for (int v = y0; v <= y1; v++)
                for (int u = x0; u <= x1; u++)
                    sum += from[(size_t)v * (size_t)width + (size_t)u];
            to[(size_t)y * (size_t)width + (size_t)x] =
                sum / (float)((x1 - x0 + 1) * (y1 - y0 + 1));
        }
}

static void choose(const bt_denoise_field *f, choice *c)
{
    int width = (int)f->width, height = (int)f->height;
    size_t pixels = (size_t)f->width * f->height;
    for (size_t i = 0; i < pixels; i++)
        c->scratch[i] = c->results[1].risk[i] - c->results[0].risk[i];
    blur(c->scratch, c->share, width, height, RISK_RADIUS);
    for (size_t i = 0; i < pixels; i++)
        c->scratch[i] = c->share[i] < 0.0f ? 1.0f : 0.0f;
    blur(c->scratch, c->share, width, height, CHOICE_RADIUS);
}

// No noise here, nor next to it: nothing to take out.
static bool is_clean(const bt_denoise_field *f, size_t at)
{
    for (uint32_t b = 0; b < f->bands; b++)
        if (f->variance[b][at] > 0.0f) return false;
    return true;
}

static void put_pixel(const bt_denoise_field *f, const choice *c, const bt_guides *guides,
                      size_t at, size_t pixel, bt_film *out)
{
    float share = c->share[pixel];
    for (uint32_t b = 0; b < f->bands; b++) {
        size_t i = pixel * f->bands + b;
        float albedo = bt_denoise_albedo(guides, pixel, b);
        const float *light[CANDIDATES] = {c->results[0].light, c->results[1].light};
        const float *left[CANDIDATES] = {c->results[0].variance, c->results[1].variance};
        // two estimates from the same samples: their variances mix no better than linearly
        float mixed = (1.0f - share) * light[0][i] + share * light[1][i];
        float uncertain = (1.0f - share) * left[0][i] + share * left[1][i];
        out->rate_e_s[i] = albedo * (mixed + f->glint[b][at]);
        out->variance_e2_s2[i] = albedo * albedo * (uncertain + f->glint_variance[b][at]);
    }
}

static void put(const bt_denoise_field *f, const choice *c, const bt_film *noisy,
                const bt_guides *guides, bt_film *out)
{
    size_t bytes = f->bands * sizeof(float);
    for (uint32_t y = 0; y < f->height; y++)
        for (uint32_t x = 0; x < f->width; x++) {
            size_t pixel = (size_t)y * f->width + x, i = pixel * f->bands;
            size_t at = bt_denoise_at(f, (int)x, (int)y);
            if (!is_clean(f, at)) {
                put_pixel(f, c, guides, at, pixel, out);
                continue;
            }
            memmove(out->rate_e_s + i, noisy->rate_e_s + i, bytes);
            memmove(out->variance_e2_s2 + i, noisy->variance_e2_s2 + i, bytes);
        }
}

static bt_status check(const bt_film *noisy, const bt_guides *guides, uint32_t radius,
                       const bt_film *out)
{
    if (noisy->width_px != guides->width_px || noisy->height_px != guides->height_px ||
        noisy->width_px != out->width_px || noisy->height_px != out->height_px ||
        noisy->band_count != out->band_count || noisy->plane_count != out->plane_count)
        return bt_fail(BT_ERR_INTERNAL,
                       "denoiser: films and guides differ in size, bands or planes");
    if (noisy->band_count > BT_VIEW_MAX_BANDS)
        return bt_fail(BT_ERR_INPUT, "denoiser: film of %u bands: at most %d",
                       (unsigned)noisy->band_count, BT_VIEW_MAX_BANDS);
    if (radius > MAX_RADIUS)
        return bt_fail(BT_ERR_INPUT, "denoiser: radius %u px: at most %u", (unsigned)radius,
                       MAX_RADIUS);
    return BT_OK;
}

// A plane of a film as a film of its own; borrowed.
static bt_film plane_of(const bt_film *film, uint32_t plane)
{
    bt_film one = *film;
    one.plane_count = 1;
    one.rate_e_s += plane * bt_film_plane_stride(film);
    one.variance_e2_s2 += plane * bt_film_plane_stride(film);
    return one;
}

static bt_status denoise_plane(const bt_film *noisy, const bt_guides *guides,
                               const bt_denoise_settings *settings, bt_jobs *jobs, bt_film *out)
{
    bt_denoise_field field = {0};
    choice chosen = {0};
    bt_status status = bt_denoise_field_create(noisy, guides, settings, &field);
    if (status == BT_OK) status = choice_create(&field, &chosen);
    for (int i = 0; i < CANDIDATES && status == BT_OK; i++)
        status = bt_denoise_regress(&field, strengths[i], jobs, &chosen.results[i]);
    if (status == BT_OK) {
        choose(&field, &chosen);
        put(&field, &chosen, noisy, guides, out);
    }
    bt_free(chosen.memory);
    bt_denoise_field_clear(&field);
    return status;
}

bt_status bt_denoise(const bt_film *noisy, const bt_guides *guides,
                     const bt_denoise_settings *settings, bt_jobs *jobs, bt_film *out)
{
    bt_denoise_settings used = settings ? *settings : (bt_denoise_settings){0};
    if (used.radius_px == 0) used.radius_px = DEFAULT_RADIUS;
    bt_status status = check(noisy, guides, used.radius_px, out);
    for (uint32_t plane = 0; plane < noisy->plane_count && status == BT_OK; plane++) {
        bt_film from = plane_of(noisy, plane), to = plane_of(out, plane);
        status = denoise_plane(&from, guides, &used, jobs, &to);
    }
    return status;
}
