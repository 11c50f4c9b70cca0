// cloud.c: one layer of cloud, as seen from the ground.
//
// A slab of droplets that absorb nothing. How much gets through it: delta-Eddington (Joseph, Wiscombe
// and Weinman 1976; in the form of Meador and Weaver 1980 for conservative scattering), ground and
// cloud reflecting to each other; how it is spread over the sky: the CIE's overcast sky, (1 + 2 sin) /
// 3 (CIE S 011). Where the layer is broken each column is taken as a slab of its own optical depth
// (the independent pixel approximation of Cahalan et al. 1994): clouds have no sides, nor shadows on
// the ground but that over the whole scene.
#include "engine/render/atmosphere_internal.h"

#include "shaders/shared/noise.h"

#define ASYMMETRY 0.85 // water droplets
#define DEFAULT_DEPTH 30.0
#define EARTH_KM 6371.0f
#define BASE_KM ((float)BT_CLOUD_BASE_KM)
#define LIMIT_MASS 40.0f // slabs crossed at the horizon
#define LOOK_STEPS 64

// the shapes of a broken layer, all chosen by eye
#define CELL_KM 2.2f // of the coarsest of the noise
#define SEED 19u     // overhead this one has about the cover that is asked for
#define OCTAVES 6
#define GAIN 0.52f
#define EDGE 1.3f         // width of the edges, standard deviations of the noise
#define THICKNESS_KM 0.4f // light comes slanting through this much

typedef struct layer {
    double depth; // optical, of its thick parts
    double cover; // 0..1
    double albedo;
    bt_cloud_light light;
    double haze;                // optical depth of the air below it
    double bounce;              // what light reflected between ground and clouds adds, as a factor
    float look[LOOK_STEPS + 1]; // scattered light below over what is covered; steps of sqrt(depth)
} layer;

// ---- a slab -----------------------------------------------------------------------------------
// What gets through, straight or scattered, of a beam with zenith cosine mu.
static double slab_all(double depth, double mu)
{
    double g = ASYMMETRY / (1.0 + ASYMMETRY), scaled = depth * (1.0 - ASYMMETRY * ASYMMETRY);
    double gamma1 = 0.75 * (1.0 - g), gamma3 = 0.5 - 0.75 * g * mu;
    double straight = exp(-scaled / mu);
    return (1.0 - (gamma3 - gamma1 * mu) * (1.0 - straight)) / (1.0 + gamma1 * scaled);
}
// The same of light from everywhere alike; `straight` alone: unscattered.
static double slab_even(double depth, bool straight)
{
    enum { STEPS = 16 };
    double sum = 0.0;
    for (int i = 0; i < STEPS; i++) {
        double mu = (i + 0.5) / STEPS;
        sum += 2.0 * mu / STEPS * (straight ? exp(-depth / mu) : slab_all(depth, mu));
    }
    return sum;
}
// Scattered light below over all the light above.
static double slab_scattered(const layer *l, double depth)
{
    double mu = fmax((double)l->light.dir[2], 0.05), all = l->light.direct + l->light.diffuse;
    if (!(all > 0.0)) return 0.0;
    double by_disc = slab_all(depth, mu) - exp(-depth / mu);
    double by_sky = slab_even(depth, false) - slab_even(depth, true);
    return fmax(l->light.direct * by_disc + l->light.diffuse * by_sky, 0.0) / all * l->bounce;
}

static void layer_fill(layer *l)
{
    l->bounce = 1.0 / (1.0 - l->albedo * l->cover * (1.0 - slab_even(l->depth, false)));
    for (int i = 0; i <= LOOK_STEPS; i++) {
        double part = fmax((double)i / LOOK_STEPS, 0.02);
        double depth = l->depth * part * part;
        l->look[i] = (float)(slab_scattered(l, depth) / (1.0 - slab_even(depth, true)));
    }
}
static float look_at(const layer *l, float depth)
{
    float at = sqrt(clampf(depth / (float)l->depth, 0.0f, 1.0f)) * LOOK_STEPS;
    int i = min(to_i(at), LOOK_STEPS - 1);
    return lerp(l->look[i], l->look[i + 1], at - (float)i);
}

// ---- a broken layer ---------------------------------------------------------------------------
// Optical depth above a place on the layer (km); what is finer than the footprint is its mean.
static float depth_at(const layer *l, float x, float y, float footprint_km)
{
    float field = 0.0f, kept = 0.0f, all = 0.0f, cell = CELL_KM, gain = 1.0f;
    for (uint i = 0; i < OCTAVES; i++) {
        float seen = noise_band(cell, footprint_km);
        all += gain * gain;
        kept += gain * gain * seen * seen;
        if (seen > 0.0f) field += gain * seen * noise_value2(x / cell, y / cell, SEED + i);
        cell *= 0.5f;
        gain *= GAIN;
    }
    float cover = clampf((float)l->cover, 1e-4f, 0.9999f);
    // where a normal distribution has this share above it, about; a depth of one there
    float limit = pm_log((1.0f - cover) / cover) * (1.0f / 1.702f);
    float width = bt_sqrt_f(EDGE * EDGE + 2.0f * (all - kept) / all);
    float part = clampf(0.3f + 0.5f * (field / bt_sqrt_f(all) - limit) / width, 0.0f, 1.0f);
    return (float)l->depth * part * part * part;
}

static bt_cloud texel(const layer *l, float z, float2 side)
{
    // where the ray meets the layer over the round earth, km
    float distance = -EARTH_KM * z +
                     bt_sqrt_f(EARTH_KM * EARTH_KM * z * z + BASE_KM * (2.0f * EARTH_KM + BASE_KM));
    float mass = min((EARTH_KM + BASE_KM) / (EARTH_KM * z + distance), LIMIT_MASS);
    float x = side[0] * distance, y = side[1] * distance;
    float along = mass * 2.0f * bt_sqrt_f(z) / (float)BT_CLOUD_ROWS; // a row's spacing there
    float footprint = distance * max(along, 2.0f * BT_PI_F / (float)BT_CLOUD_COLUMNS);
    float depth = depth_at(l, x, y, footprint);
    // what light comes slanting through
    float3 sun = l->light.dir;
    float slant = THICKNESS_KM / max(sun[2], 0.2f);
    float before = depth_at(l, x + sun[0] * slant, y + sun[1] * slant, footprint);
    float covered = 1.0f - pm_exp(-depth * mass);
    // haze hides distant clouds of a broken layer; that under a closed one is in the CIE's shape
    float haze = pm_exp(-(float)l->haze * distance / BASE_KM);
    covered *= 1.0f - (1.0f - haze) * (1.0f - (float)l->cover);
    bt_cloud c;
    c.open = 1.0f - covered;
    c.bright = covered * look_at(l, 0.5f * (depth + before)) * (3.0f / 7.0f) * (1.0f + 2.0f * z);
    return c;
}

static float ground_left(const layer *l)
{
    double mu = fmax((double)l->light.dir[2], 0.05), all = l->light.direct + l->light.diffuse;
    if (!(all > 0.0)) return 1.0f;
    double through =
        l->light.direct * slab_all(l->depth, mu) + l->light.diffuse * slab_even(l->depth, false);
    return (float)(l->cover * through / all * l->bounce + 1.0 - l->cover);
}

void bt_cloud_compute(const bt_weather *weather, double albedo, double haze, bt_cloud_light light,
                      float *table, float *ground)
{
    double depth = weather->cloud_optical_depth;
    layer l = {.depth =
                   isfinite(depth) && depth > 0.0 ? bt_clamp(depth, 0.1, 300.0) : DEFAULT_DEPTH,
               .cover = bt_clamp(weather->cloud, 0.0, 1.0),
               .albedo = albedo,
               .haze = haze,
               .light = light};
    layer_fill(&l);
    *ground = ground_left(&l);
    for (uint row = 0; row < BT_CLOUD_ROWS; row++) {
        float z = bt_cloud_row_z(row), across = bt_sqrt_f(max(1.0f - z * z, 0.0f));
        for (uint column = 0; column < BT_CLOUD_COLUMNS; column++) {
            float2 sc = pm_sincos(2.0f * BT_PI_F * (float)column / (float)BT_CLOUD_COLUMNS);
            bt_cloud c = texel(&l, z, float2(across * sc[1], across * sc[0]));
            float *at = table + (row * BT_CLOUD_COLUMNS + column) * 2u;
            at[0] = c.open;
            at[1] = c.bright;
        }
    }
}
