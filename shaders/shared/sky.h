// sky.h: the light of a clear sky and sun, and the haze between things, from tables that
// engine/render/atmosphere.c computes.
//
// Sky radiance over the extraterrestrial irradiance is smooth in direction and wavelength once the
// aerosol's strongly forward single scattering is kept apart from its phase function, so the table
// is coarse: for each direction two spectra, `aerosol` (times phase) and `rest`. Henyey and
// Greenstein 1941 for the aerosol. Directions are in the world's axes, z up.
#ifndef BT_SHARED_SKY_H
#define BT_SHARED_SKY_H

#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/spectral.h"
#include "shaders/shared/tables.h"

#define BT_SKY_ROWS 64u    // lower half below the horizon, both denser towards it
#define BT_SKY_COLUMNS 24u // azimuth from the sun, half a turn
#define BT_SKY_BINS 21u    // every 20 nm
#define BT_SKY_STEP_NM 20.0f
#define BT_SKY_TEXEL (2u * BT_SKY_BINS)
#define BT_SKY_FLOATS (BT_SKY_ROWS * BT_SKY_COLUMNS * BT_SKY_TEXEL)

// Piecewise constant density for sampling the upper half: in z (marginal) and azimuth about the sun
// (conditional), as cumulative tables.
#define BT_SKY_PICK_ROWS 32u
#define BT_SKY_PICK_COLUMNS 64u
#define BT_SKY_PICK_FLOATS (BT_SKY_PICK_ROWS + 1u + BT_SKY_PICK_ROWS * (BT_SKY_PICK_COLUMNS + 1u))

// 5 nm tables one after the other (BT_SPECTRUM_BINS each).
#define BT_SKY_SUN_IRRADIANCE 0u    // extraterrestrial, gas bands taken out, W m^-2 nm^-1
#define BT_SKY_SUN_TRANSMITTANCE 1u // from space to the ground along the sun's direction
#define BT_SKY_RAYLEIGH 2u          // scattering coefficients at the ground, 1/m
#define BT_SKY_AEROSOL 3u
#define BT_SKY_EXTINCTION 4u // all of it, 1/m
#define BT_SKY_AMBIENT 5u    // mean multiply scattered radiance at the ground over irradiance
#define BT_SKY_SPECTRA 6u

STRUCT(bt_sky)
{
    float3 sun_dir;
    float3 sun_side; // unit, horizontal, where azimuth is zero
    float sun_cos;   // cosine of the disc's radius
    float sun_angle; // solid angle, sr
    float sun_up;    // 1: above the horizon, 0: set
    float aerosol_g; // mean cosine of the aerosol's phase function
};

// What one path needs of the sky at its wavelengths.
STRUCT(bt_sky_light)
{
    float4 sun;        // radiance of the disc at the ground
    float4 irradiance; // extraterrestrial
    float4 sun_transmittance, rayleigh, aerosol, extinction, ambient;
    uint4 bin;
    float4 part;
};

FN bt_sky_light bt_sky_light_at(bt_sky sky, BT_FLOATS spectra, bt_wavelengths w)
{
    bt_sky_light l;
    l.irradiance = bt_spectrum_at(floats_from(spectra, BT_SKY_SUN_IRRADIANCE * 81u), w);
    l.sun_transmittance = bt_spectrum_at(floats_from(spectra, BT_SKY_SUN_TRANSMITTANCE * 81u), w);
    l.rayleigh = bt_spectrum_at(floats_from(spectra, BT_SKY_RAYLEIGH * 81u), w);
    l.aerosol = bt_spectrum_at(floats_from(spectra, BT_SKY_AEROSOL * 81u), w);
    l.extinction = bt_spectrum_at(floats_from(spectra, BT_SKY_EXTINCTION * 81u), w);
    l.ambient = bt_spectrum_at(floats_from(spectra, BT_SKY_AMBIENT * 81u), w);
    l.sun = l.irradiance * l.sun_transmittance * (sky.sun_up / sky.sun_angle);
    for (int k = 0; k < 4; k++) {
        float x = (w.nm[k] - BT_SPECTRUM_MIN_NM) * (1.0f / BT_SKY_STEP_NM);
        uint bin = min(to_u(max(x, 0.0f)), BT_SKY_BINS - 2u);
        l.bin[k] = bin;
        l.part[k] = x - to_f(bin);
    }
    return l;
}

FN float bt_phase_rayleigh(float cosine)
{
    return 3.0f / (16.0f * BT_PI_F) * (1.0f + cosine * cosine);
}
FN float bt_phase_aerosol(float cosine, float g)
{
    float d = max(1.0f + g * g - 2.0f * g * cosine, 1e-4f);
    return (1.0f - g * g) / (4.0f * BT_PI_F * d * sqrt(d));
}

// Row and column (fractional) of a direction. Rows: 0 straight down .. 31 just below the horizon,
// 32 just above .. 63 straight up.
FN float2 bt_sky_place(bt_sky sky, float3 dir)
{
    float z = clampf(dir[2], -1.0f, 1.0f);
    float half_rows = to_f(BT_SKY_ROWS / 2u);
    float reach = sqrt(abs(z)) * (half_rows - 1.0f);
    float row = z >= 0.0f ? half_rows + reach : half_rows - 1.0f - reach;
    float across = sqrt(dir[0] * dir[0] + dir[1] * dir[1]);
    float cosine = (dir[0] * sky.sun_side[0] + dir[1] * sky.sun_side[1]) / max(across, 1e-6f);
    float column = sqrt(clampf(0.5f - 0.5f * cosine, 0.0f, 1.0f)) * to_f(BT_SKY_COLUMNS - 1u);
    return float2(row, column);
}
// z of a row, and cosine of the azimuth of a column.
FN float bt_sky_row_z(uint row)
{
    float half_rows = to_f(BT_SKY_ROWS / 2u);
    float reach = row >= BT_SKY_ROWS / 2u ? to_f(row) - half_rows : half_rows - 1.0f - to_f(row);
    float z = sqr(reach / (half_rows - 1.0f));
    return row >= BT_SKY_ROWS / 2u ? z : -z;
}
FN float bt_sky_column_cosine(uint column)
{
    return 1.0f - 2.0f * sqr(to_f(column) / to_f(BT_SKY_COLUMNS - 1u));
}

FN float4 bt_sky_texel(BT_FLOATS table, uint at, bt_sky_light l, float phase)
{
    float4 r;
    for (int k = 0; k < 4; k++) {
        uint i = at + l.bin[k];
        float aerosol = lerp(floats_at(table, i), floats_at(table, i + 1u), l.part[k]);
        uint j = i + BT_SKY_BINS;
        float rest = lerp(floats_at(table, j), floats_at(table, j + 1u), l.part[k]);
        r[k] = aerosol * phase + rest;
    }
    return r;
}
// Radiance from beyond the world in a unit direction, without the sun's disc: sky, or ground seen
// through haze below the horizon. W m^-2 sr^-1 nm^-1.
FN float4 bt_sky_radiance(bt_sky sky, BT_FLOATS table, bt_sky_light l, float3 dir)
{
    float2 place = bt_sky_place(sky, dir);
    uint edge = dir[2] >= 0.0f ? BT_SKY_ROWS - 2u : BT_SKY_ROWS / 2u - 2u; // not over the horizon
    uint row = min(to_u(place[0]), edge);
    uint column = min(to_u(place[1]), BT_SKY_COLUMNS - 2u);
    float fr = place[0] - to_f(row);
    float fc = place[1] - to_f(column);
    float phase = bt_phase_aerosol(dot3(dir, sky.sun_dir), sky.aerosol_g);
    uint at = (row * BT_SKY_COLUMNS + column) * BT_SKY_TEXEL;
    uint above = at + BT_SKY_COLUMNS * BT_SKY_TEXEL;
    float4 a = lerp4(bt_sky_texel(table, at, l, phase),
                     bt_sky_texel(table, at + BT_SKY_TEXEL, l, phase), fc);
    float4 b = lerp4(bt_sky_texel(table, above, l, phase),
                     bt_sky_texel(table, above + BT_SKY_TEXEL, l, phase), fc);
    return lerp4(a, b, fr) * l.irradiance;
}
FN bool bt_sky_in_sun(bt_sky sky, float3 dir)
{
    return sky.sun_up > 0.0f && dot3(dir, sky.sun_dir) >= sky.sun_cos;
}

// Haze along `distance_m` near the ground in direction dir: what is left of the light from behind,
// and what the haze adds. Tends to the radiance of the horizon of an endless flat atmosphere.
STRUCT(bt_haze)
{
    float4 left, added;
};
FN bt_haze bt_sky_haze(bt_sky sky, bt_sky_light l, float3 dir, float distance_m)
{
    float cosine = dot3(dir, sky.sun_dir);
    float4 scattered = l.sun_transmittance * sky.sun_up *
                           (l.rayleigh * bt_phase_rayleigh(cosine) +
                            l.aerosol * bt_phase_aerosol(cosine, sky.aerosol_g)) +
                       l.ambient * (l.rayleigh + l.aerosol);
    bt_haze h;
    h.left = pm_exp4(l.extinction * (-distance_m));
    h.added = l.irradiance * scattered / max(l.extinction, splat4(1e-12f)) * (1.0f - h.left);
    return h;
}

// ---- sampling ---------------------------------------------------------------------------------
STRUCT(bt_direction)
{
    float3 dir;
    float pdf; // per solid angle
};

// A direction in the sun's disc.
FN bt_direction bt_sun_sample(bt_sky sky, float u0, float u1)
{
    float cosine = 1.0f - u0 * (1.0f - sky.sun_cos);
    float r = sqrt(max(0.0f, 1.0f - cosine * cosine));
    float2 sc = pm_sincos(2.0f * BT_PI_F * u1);
    float3 x = sky.sun_side;
    float3 y = cross3(sky.sun_dir, x);
    y = normalize3(y);
    x = cross3(y, sky.sun_dir);
    bt_direction d;
    d.dir = normalize3(x * (r * sc[1]) + y * (r * sc[0]) + sky.sun_dir * cosine);
    d.pdf = 1.0f / sky.sun_angle;
    return d;
}

// The cell of a cumulative table with `count` cells that holds u.
FN uint bt_pick(BT_FLOATS cdf, uint count, float u)
{
    uint low = 0u;
    uint high = count;
    for (int step = 0; step < 7; step++) {
        uint middle = (low + high) / 2u;
        if (middle > low && floats_at(cdf, middle) <= u) {
            low = middle;
        } else {
            high = max(middle, low + 1u);
        }
    }
    return low;
}
FN float bt_sky_pick_pdf(BT_FLOATS pick, uint row, uint column)
{
    uint base = BT_SKY_PICK_ROWS + 1u + row * (BT_SKY_PICK_COLUMNS + 1u);
    float mass = (floats_at(pick, row + 1u) - floats_at(pick, row)) *
                 (floats_at(pick, base + column + 1u) - floats_at(pick, base + column));
    return mass * to_f(BT_SKY_PICK_ROWS * BT_SKY_PICK_COLUMNS) / (2.0f * BT_PI_F);
}
// A direction of the upper half, about as often as it is bright.
FN bt_direction bt_sky_sample(bt_sky sky, BT_FLOATS pick, float u0, float u1)
{
    uint row = bt_pick(pick, BT_SKY_PICK_ROWS, u0);
    float low = floats_at(pick, row);
    float z = (to_f(row) +
               clampf((u0 - low) / max(floats_at(pick, row + 1u) - low, 1e-12f), 0.0f, 0.999999f)) /
              to_f(BT_SKY_PICK_ROWS);
    uint base = BT_SKY_PICK_ROWS + 1u + row * (BT_SKY_PICK_COLUMNS + 1u);
    uint column = bt_pick(floats_from(pick, base), BT_SKY_PICK_COLUMNS, u1);
    low = floats_at(pick, base + column);
    float turn =
        (to_f(column) + clampf((u1 - low) / max(floats_at(pick, base + column + 1u) - low, 1e-12f),
                               0.0f, 0.999999f)) /
        to_f(BT_SKY_PICK_COLUMNS);
    float2 sc = pm_sincos(2.0f * BT_PI_F * turn);
    float r = sqrt(max(0.0f, 1.0f - z * z));
    bt_direction d;
    d.dir = float3(r * (sc[1] * sky.sun_side[0] - sc[0] * sky.sun_side[1]),
                   r * (sc[1] * sky.sun_side[1] + sc[0] * sky.sun_side[0]), z);
    d.pdf = bt_sky_pick_pdf(pick, row, column);
    return d;
}
// Density of bt_sky_sample at a direction; 0 below the horizon.
FN float bt_sky_pdf(bt_sky sky, BT_FLOATS pick, float3 dir)
{
    if (dir[2] < 0.0f) return 0.0f;
    uint row = min(to_u(dir[2] * to_f(BT_SKY_PICK_ROWS)), BT_SKY_PICK_ROWS - 1u);
    float turn = pm_atan2(sky.sun_side[0] * dir[1] - sky.sun_side[1] * dir[0],
                          sky.sun_side[0] * dir[0] + sky.sun_side[1] * dir[1]) *
                 (0.5f * BT_INV_PI_F);
    turn = turn < 0.0f ? turn + 1.0f : turn;
    uint column = min(to_u(turn * to_f(BT_SKY_PICK_COLUMNS)), BT_SKY_PICK_COLUMNS - 1u);
    return bt_sky_pick_pdf(pick, row, column);
}

#endif
