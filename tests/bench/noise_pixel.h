// noise_pixel.h: estimates of one pixel: all its light, by what way it came, and with one cause's random numbers drawn
// anew. For noise_causes.c, whose walks these are.
#ifndef BT_TESTS_NOISE_PIXEL_H
#define BT_TESTS_NOISE_PIXEL_H

#include "engine/render/atmosphere.h"
#include "engine/render/embree_shim.h"
#include "engine/render/ray_log.h"
#include "engine/render/render.h"
#include "engine/render/web_beam.h"

#include <math.h>

#include "tests/bench/noise_sampler.h"

// ---- by what way light comes --------------------------------------------------------------------
// The sensor: chosen, as the shipped 1 MP sheet's by day and as in cycles_compare.py.
#define MEAN_E 1500.0
#define FULL_WELL_E 10000.0
#define READ_E 3.0

// What is met or asked for at the first surface, the second, and later ones.
#define STEPS 3u
typedef enum way {
    WAY_MET,
    WAY_SUN = STEPS,
    WAY_SKY = WAY_SUN + STEPS,
    WAY_LAMP = WAY_SKY + STEPS,
    WAYS = WAY_LAMP + STEPS
} way;
static const char *const way_names[] = {"met", "sun", "sky", "lamp"};

#define SEEN_SKY BT_MATERIAL_KIND_COUNT
#define SEEN_KINDS (SEEN_SKY + 1u)
static const char *const seen_names[SEEN_KINDS] = {"diffuse",    "conductor", "coated", "pane",
                                                   "dielectric", "leaf",      "retro",  "cloth",
                                                   "paint",      "sky"};

// What the eye's ray meets: its material's kind, and whether one sample differs from another.
typedef struct seen {
    uint32_t kind, slot, placed;
} seen;

// A pixel's estimates so far.
typedef struct pixel_ways {
    double mean[WAYS + 2], square[WAYS + 2]; // the last two: all together; as the sensor sees it
    uint32_t kind;
    bool edge;
} pixel_ways;

#define PATCHES_X 4
#define PATCHES_Y 3
#define PATCH_W 32u
#define PATCH_H 24u
#define PATCH_PX (PATCH_W * PATCH_H)
#define PIXELS ((size_t)PATCHES_X * PATCHES_Y * PATCH_PX)

// All patches' pixels, one patch after the other.
typedef struct bench {
    const bt_stage *stage;
    double exposure_s; // of the sensor
    bt_view views[PATCHES_X * PATCHES_Y];
    bt_time_ns label_ns;
    uint32_t samples, renders, pairs, estimates;
    bt_path_setup setup;
    double *mean, *scale;   // (pixels): of the band read; what its variance is relative to
    double *square[CAUSES]; // (pixels): half of squared differences
    double *seen[CAUSES];   // (pixels): the same as the sensor sees them
    pixel_ways *ways;       // (pixels)
} bench;

// ---- one pixel ----------------------------------------------------------------------------------
// Electrons that the sensor holds at such a rate, and the variance of its own noise there.
static double sensed(const bench *b, double rate_e_s)
{
    return fmin(rate_e_s * b->exposure_s, FULL_WELL_E);
}
static double sensor_e2(double mean_e)
{
    return mean_e + READ_E * READ_E;
}

static seen seen_at(const bench *b, bool met, bt_hit hit)
{
    if (!met) return (seen){.kind = SEEN_SKY};
    const bt_scene *scene = &b->stage->scene;
    uint32_t slot = scene->triangles[scene->placed[hit.placed].first_triangle + hit.triangle].slot;
    return (seen){scene->materials[scene->slots[slot].material].kind, slot, hit.placed};
}

// path.c's walk, with the sampler above; light by ways.
static seen walk(const bench *b, bt_path *path, float4 ways[WAYS])
{
    bt_tracer tracer = {.stage = b->stage};
    const bt_scene *scene = &b->stage->scene;
    seen first = {0};
    bool alive = true;
    for (uint32_t rays_sent = 0; alive; rays_sent++) {
        bt_hit hit = {0};
        bt_shadow_rays rays;
        float4 before = path->radiance;
        uint32_t step = min(bt_path_vertex(path), STEPS - 1u);
        bool met = bt_tracer_closest(&tracer, path->origin, path->dir, path->u, &hit);
        if (rays_sent == 0) first = seen_at(b, met, hit);
        alive = bt_path_meet(scene, b->setup, met, hit, path, &rays);
        ways[WAY_MET + step] += path->radiance - before;
        const bt_shadow_ray *all[3] = {&rays.sun, &rays.sky, &rays.lamp};
        for (uint32_t k = 0; k < 3; k++) {
            if (!bt_shadow_asks(*all[k])) continue;
            before = path->radiance;
            bt_path_light(path, *all[k], bt_tracer_open(&tracer, path, all[k]));
            ways[WAY_SUN + STEPS * k + step] += path->radiance - before;
        }
    }
    return first;
}

static uint32_t band_read(const bt_view *view, size_t x, size_t y)
{
    return (uint32_t)__builtin_ctz(view->read_bands[(y & 3) * 4 + (x & 3)]);
}

// Electrons per second in that band, by ways and all together.
static void estimate_ways(const bench *b, const bt_view *view, const bt_eye *eye, uint32_t x,
                          uint32_t y, pixel_ways *pixel, double sums[WAYS + 2])
{
    uint32_t band = band_read(view, x, y);
    seen at = {0};
    for (uint32_t i = 0; i < b->samples; i++) {
        bt_path_start start = {0};
        bt_path path;
        float4 open = bt_eye_start(eye, x, y, i, &start), ways[WAYS] = {0};
        if (!(max_of4(open) > 0.0f)) continue;
        bt_path_begin(&b->stage->scene, &start, &path);
        seen now = walk(b, &path, ways);
        if (i > 0 && memcmp(&now, &at, sizeof at) != 0) pixel->edge = true;
        at = now;
        pixel->kind = now.kind;
        for (uint32_t w = 0; w < WAYS; w++)
            sums[w] +=
                (double)bt_eye_rates(eye, path.wavelengths, ways[w] * open)[band] / b->samples;
        sums[WAYS] +=
            (double)bt_eye_rates(eye, path.wavelengths, path.radiance * open)[band] / b->samples;
    }
}

static void measure_ways(const bench *b, const bt_view *view, bt_eye *eye, uint32_t x, uint32_t y,
                         pixel_ways *pixel)
{
    uint seed = eye->seed;
    for (uint32_t i = 0; i < b->estimates; i++) {
        double sums[WAYS + 2] = {0};
        eye->seed = bt_hash2(seed, i);
        estimate_ways(b, view, eye, x, y, pixel, sums);
        sums[WAYS + 1] = sensed(b, sums[WAYS]);
        for (uint32_t w = 0; w < WAYS + 2; w++) {
            double delta = sums[w] - pixel->mean[w];
            pixel->mean[w] += delta / (i + 1);
            pixel->square[w] += delta * (sums[w] - pixel->mean[w]);
        }
    }
    eye->seed = seed;
}

// Electrons per second in that band.
static double estimate(const bench *b, const bt_view *view, const bt_eye *eye, uint32_t x,
                       uint32_t y)
{
    uint32_t band = band_read(view, x, y);
    double sum = 0.0;
    for (uint32_t i = 0; i < b->samples; i++) {
        bt_path_start start = {0};
        bt_path path;
        float4 open = bt_eye_start(eye, x, y, i, &start);
        if (!(max_of4(open) > 0.0f)) continue;
        bt_path_begin(&b->stage->scene, &start, &path);
        float4 ways[WAYS] = {0};
        walk(b, &path, ways);
        sum += (double)bt_eye_rates(eye, path.wavelengths, path.radiance * open)[band];
    }
    return sum / b->samples;
}

static void measure_pixel(const bench *b, const bt_view *view, bt_eye *eye, uint32_t x, uint32_t y,
                          size_t at)
{
    uint seed = eye->seed;
    for (uint32_t pair = 0; pair < b->pairs; pair++) {
        eye->seed = bt_hash2(seed, pair);
        drawn_anew = CAUSE_NONE;
        double first = estimate(b, view, eye, x, y);
        for (cause c = CAUSE_ALL; c < CAUSES; c++) {
            drawn_anew = c;
            salt = bt_hash2(pair, (uint)c);
            double second = estimate(b, view, eye, x, y), d = second - first;
            double d_e = sensed(b, second) - sensed(b, first);
            b->square[c][at] += 0.5 * d * d / b->pairs;
            b->seen[c][at] += 0.5 * d_e * d_e / b->pairs / sensor_e2(sensed(b, b->mean[at]));
        }
    }
    eye->seed = seed;
}

#endif
