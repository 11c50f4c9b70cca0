// sky_light.h: what tests of the sky measure of it.
#ifndef BT_TESTS_SKY_LIGHT_H
#define BT_TESTS_SKY_LIGHT_H

#include "engine/render/atmosphere.h"
#include "engine/render/luminance.h"
#include "tests/support/check.h"

#define DEG (M_PI / 180.0)

static inline bt_wavelengths wavelengths_from(uint first) // four bins of 5 nm
{
    bt_wavelengths w;
    w.pdf = splat4(1.0f);
    for (uint k = 0; k < 4u; k++) {
        const uint last = BT_SPECTRUM_BINS - 1u;
        uint bin = first + k < last ? first + k : last;
        w.bin[k] = bin < last ? bin : last - 1u;
        w.part[k] = (float)(bin - w.bin[k]);
        w.nm[k] = 380.0f + 5.0f * (float)bin;
    }
    return w;
}
static inline bt_sky_light light_from(const bt_sky_tables *t, uint first)
{
    return bt_sky_light_at(t->sky, t->spectra, wavelengths_from(first));
}

static inline bt_sky_tables *sky_of(bt_weather w)
{
    bt_sky_tables *t;
    CHECK_OK(bt_sky_tables_create(&w, &t));
    return t;
}
static inline bt_sky_tables *sky_at(double sun_deg)
{
    return sky_of((bt_weather){.sun_azimuth_rad = 1.1, .sun_elevation_rad = sun_deg * DEG});
}

// turn_deg: from the sun
static inline float3 direction(double elevation_deg, double turn_deg, const bt_sky *sky)
{
    double e = elevation_deg * DEG, a = turn_deg * DEG;
    float3 side = sky->day.side;
    double x = cos(e) * cos(a), y = cos(e) * sin(a);
    return float3((float)(x * (double)side[0] - y * (double)side[1]),
                  (float)(x * (double)side[1] + y * (double)side[0]), (float)sin(e));
}

static inline double luminance(const bt_sky_tables *t, float3 dir)
{
    float s[BT_SPECTRUM_BINS + 3u] = {0};
    for (uint first = 0; first < BT_SPECTRUM_VISIBLE_BINS; first += 4u) {
        float4 r = bt_sky_radiance(t->sky, t->radiance, light_from(t, first), dir);
        for (uint k = 0; k < 4u; k++)
            s[first + k] = r[k];
    }
    return bt_luminance_of(s);
}
// Radiance at 450 nm over that at 650.
static inline double blueness(const bt_sky_tables *t, float3 dir)
{
    float4 blue = bt_sky_radiance(t->sky, t->radiance, light_from(t, 14u), dir);
    float4 red = bt_sky_radiance(t->sky, t->radiance, light_from(t, 54u), dir);
    return (double)(blue[0] / red[0]);
}
// Of level ground, lux: by the disc, by the sky.
static inline double lux_by_disc(const bt_sky_tables *t)
{
    float s[BT_SPECTRUM_BINS + 3u] = {0};
    for (uint first = 0; first < BT_SPECTRUM_VISIBLE_BINS; first += 4u) {
        float4 r = light_from(t, first).haze_sun * fmaxf(t->sky.sun_dir[2], 0.0f);
        for (uint k = 0; k < 4u; k++)
            s[first + k] = r[k];
    }
    return bt_luminance_of(s);
}
static inline double lux_by_sky(const bt_sky_tables *t)
{
    enum { ROWS = 24, COLUMNS = 24 };
    double sum = 0.0;
    for (int k = 0; k < ROWS * COLUMNS; k++) {
        double z = (k / COLUMNS + 0.5) / ROWS, turn = 360.0 * (k % COLUMNS + 0.5) / COLUMNS;
        sum += z * luminance(t, direction(asin(z) / DEG, turn, &t->sky));
    }
    return sum * 2.0 * M_PI / (ROWS * COLUMNS);
}

// Is any number of the tables not one?
static inline int bad_numbers(const bt_sky_tables *t)
{
    int bad = 0;
    for (uint i = 0; i < BT_SKY_TABLE_FLOATS; i++)
        bad += !isfinite(t->radiance[i]);
    for (uint i = 0; i < BT_SKY_PICK_FLOATS; i++)
        bad += !isfinite(t->pick[i]);
    for (uint i = 0; i < BT_SKY_SPECTRA * BT_SPECTRUM_BINS; i++)
        bad += !isfinite(t->spectra[i]);
    return bad;
}

#endif
