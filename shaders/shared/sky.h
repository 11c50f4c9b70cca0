// sky.h: the light of a clear sky and sun, and the haze between things, from tables that
// engine/render/atmosphere.c computes.
//
// Sky radiance over the extraterrestrial irradiance is smooth in direction and wavelength once the
// aerosol's strongly forward single scattering is kept apart from its phase function, so the table
// is coarse: for each direction two spectra, `aerosol` (times phase) and `rest`, and each of them
// the sum of four basis spectra (their principal components). Henyey and Greenstein 1941 for the
// aerosol. Directions are in the world's axes, z up.
#ifndef BT_SHARED_SKY_H
#define BT_SHARED_SKY_H

#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/spectral.h"
#include "shaders/shared/tables.h"

#define BT_SKY_ROWS 64u    // lower half below the horizon, both denser towards it
#define BT_SKY_COLUMNS 24u // azimuth from the sun, half a turn
#define BT_SKY_TEXEL 8u    // four weights for the aerosol, four for the rest
#define BT_SKY_FLOATS (BT_SKY_ROWS * BT_SKY_COLUMNS * BT_SKY_TEXEL)

// For sampling the upper half: rows of equal probability between limits in z, in each of them
// columns of equal probability between limits in azimuth (turns from the sun). For finding a
// direction's cell again there is a guide: for even steps of z, or turns, the cell that holds it.
#define BT_SKY_PICK_ROWS 32u
#define BT_SKY_PICK_COLUMNS 64u
#define BT_SKY_PICK_GUIDE 64u
#define BT_SKY_PICK_ROW (BT_SKY_PICK_COLUMNS + 1u + BT_SKY_PICK_GUIDE) // limits, guide
#define BT_SKY_PICK_FIRST (BT_SKY_PICK_ROWS + 1u + BT_SKY_PICK_GUIDE)  // where row 0 begins
#define BT_SKY_PICK_FLOATS (BT_SKY_PICK_FIRST + BT_SKY_PICK_ROWS * BT_SKY_PICK_ROW)

// 5 nm tables one after the other (BT_SPECTRUM_BINS each).
#define BT_SKY_SUN_IRRADIANCE 0u    // extraterrestrial, gas bands taken out, W m^-2 nm^-1
#define BT_SKY_SUN_TRANSMITTANCE 1u // from space to the ground along the sun's direction
#define BT_SKY_RAYLEIGH 2u          // scattering coefficients at the ground, 1/m
#define BT_SKY_AEROSOL 3u
#define BT_SKY_EXTINCTION 4u // all of it, 1/m
#define BT_SKY_AMBIENT 5u    // mean multiply scattered radiance at the ground over irradiance
#define BT_SKY_BASIS 6u      // and three more: the basis of the sky's table
#define BT_SKY_SPECTRA 10u

STRUCT(bt_sky)
{
    float sun_cos;   // cosine of the disc's radius
    float sun_angle; // solid angle, sr
    float sun_up;    // 1: above the horizon, 0: set
    float aerosol_g; // mean cosine of the aerosol's phase function
    // last, each at a multiple of 16 bytes: the same layout in C and GLSL
    float3 sun_dir;
    float3 sun_side;     // unit, horizontal, where azimuth is zero
    float3 sun_x, sun_y; // perpendicular to sun_dir and to each other
};

// What one path needs of the sky at its wavelengths.
STRUCT(bt_sky_light)
{
    float4 sun;        // radiance of the disc at the ground
    float4 irradiance; // extraterrestrial
    float4 extinction; // at the ground, 1/m
    // radiance of endless haze: by Rayleigh's phase, by the aerosol's, and multiply scattered
    float4 haze_rayleigh, haze_aerosol, haze_ambient;
    float4 basis0, basis1, basis2, basis3; // times irradiance
};

FN bt_sky_light bt_sky_light_at(bt_sky sky, BT_FLOATS spectra, bt_wavelengths w)
{
    bt_sky_light l;
    l.irradiance = bt_spectrum_at(floats_from(spectra, BT_SKY_SUN_IRRADIANCE * 81u), w);
    float4 sun = bt_spectrum_at(floats_from(spectra, BT_SKY_SUN_TRANSMITTANCE * 81u), w) *
                 l.irradiance * sky.sun_up;
    float4 rayleigh = bt_spectrum_at(floats_from(spectra, BT_SKY_RAYLEIGH * 81u), w);
    float4 aerosol = bt_spectrum_at(floats_from(spectra, BT_SKY_AEROSOL * 81u), w);
    float4 ambient = bt_spectrum_at(floats_from(spectra, BT_SKY_AMBIENT * 81u), w);
    l.sun = sun / sky.sun_angle;
    l.extinction = bt_spectrum_at(floats_from(spectra, BT_SKY_EXTINCTION * 81u), w);
    float4 inverse = 1.0f / max(l.extinction, splat4(1e-12f));
    l.haze_rayleigh = sun * rayleigh * inverse;
    l.haze_aerosol = sun * aerosol * inverse;
    l.haze_ambient = l.irradiance * ambient * (rayleigh + aerosol) * inverse;
    l.basis0 = l.irradiance * bt_spectrum_at(floats_from(spectra, BT_SKY_BASIS * 81u), w);
    l.basis1 = l.irradiance * bt_spectrum_at(floats_from(spectra, (BT_SKY_BASIS + 1u) * 81u), w);
    l.basis2 = l.irradiance * bt_spectrum_at(floats_from(spectra, (BT_SKY_BASIS + 2u) * 81u), w);
    l.basis3 = l.irradiance * bt_spectrum_at(floats_from(spectra, (BT_SKY_BASIS + 3u) * 81u), w);
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

FN float4 bt_sky_texel(BT_FLOATS table, uint at, float phase)
{
    float4 aerosol = float4(floats_at(table, at), floats_at(table, at + 1u),
                            floats_at(table, at + 2u), floats_at(table, at + 3u));
    float4 rest = float4(floats_at(table, at + 4u), floats_at(table, at + 5u),
                         floats_at(table, at + 6u), floats_at(table, at + 7u));
    return aerosol * phase + rest;
}
// Weights of the basis spectra in a unit direction.
FN float4 bt_sky_weights(bt_sky sky, BT_FLOATS table, float3 dir)
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
    float4 a =
        lerp4(bt_sky_texel(table, at, phase), bt_sky_texel(table, at + BT_SKY_TEXEL, phase), fc);
    float4 b = lerp4(bt_sky_texel(table, above, phase),
                     bt_sky_texel(table, above + BT_SKY_TEXEL, phase), fc);
    return lerp4(a, b, fr);
}
// Radiance from beyond the world in a unit direction, without the sun's disc: sky, or ground seen
// through haze below the horizon. W m^-2 sr^-1 nm^-1.
FN float4 bt_sky_radiance(bt_sky sky, BT_FLOATS table, bt_sky_light l, float3 dir)
{
    float4 w = bt_sky_weights(sky, table, dir);
    float4 sum = (l.basis0 * w[0] + l.basis1 * w[1]) + (l.basis2 * w[2] + l.basis3 * w[3]);
    return max(sum, splat4(0.0f));
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
    float4 endless = l.haze_rayleigh * bt_phase_rayleigh(cosine) +
                     l.haze_aerosol * bt_phase_aerosol(cosine, sky.aerosol_g) + l.haze_ambient;
    bt_haze h;
    h.left = pm_exp4(l.extinction * (-distance_m));
    h.added = endless * (1.0f - h.left);
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
    bt_direction d;
    d.dir = sky.sun_x * (r * sc[1]) + sky.sun_y * (r * sc[0]) + sky.sun_dir * cosine;
    d.pdf = 1.0f / sky.sun_angle;
    return d;
}

// Where in a table of limits (ascending from 0 to 1) and guide x lies.
FN uint bt_sky_cell(BT_FLOATS limits, uint cells, float x)
{
    uint step = min(to_u(max(x, 0.0f) * to_f(BT_SKY_PICK_GUIDE)), BT_SKY_PICK_GUIDE - 1u);
    uint cell = to_u(floats_at(limits, cells + 1u + step));
    while (cell + 1u < cells && floats_at(limits, cell + 1u) <= x)
        cell = cell + 1u;
    return cell;
}
// Density in a cell of this height in z and this many turns.
FN float bt_sky_cell_pdf(float height, float turns)
{
    float cells = to_f(BT_SKY_PICK_ROWS * BT_SKY_PICK_COLUMNS);
    return 1.0f / (cells * 2.0f * BT_PI_F * max(height * turns, 1e-12f));
}
// A direction of the upper half, about as often as it is bright.
FN bt_direction bt_sky_sample(bt_sky sky, BT_FLOATS pick, float u0, float u1)
{
    float at = u0 * to_f(BT_SKY_PICK_ROWS);
    uint row = min(to_u(at), BT_SKY_PICK_ROWS - 1u);
    float low = floats_at(pick, row);
    float height = floats_at(pick, row + 1u) - low;
    float z = min(low + height * (at - to_f(row)), 1.0f);
    float along = u1 * to_f(BT_SKY_PICK_COLUMNS);
    uint column = min(to_u(along), BT_SKY_PICK_COLUMNS - 1u);
    uint cell = BT_SKY_PICK_FIRST + row * BT_SKY_PICK_ROW + column;
    low = floats_at(pick, cell);
    float turns = floats_at(pick, cell + 1u) - low;
    float2 sc = pm_sincos(2.0f * BT_PI_F * (low + turns * (along - to_f(column))));
    float r = sqrt(max(0.0f, 1.0f - z * z));
    bt_direction d;
    d.dir = float3(r * (sc[1] * sky.sun_side[0] - sc[0] * sky.sun_side[1]),
                   r * (sc[1] * sky.sun_side[1] + sc[0] * sky.sun_side[0]), z);
    d.pdf = bt_sky_cell_pdf(height, turns);
    return d;
}
// Density of bt_sky_sample at a direction; 0 below the horizon.
FN float bt_sky_pdf(bt_sky sky, BT_FLOATS pick, float3 dir)
{
    if (dir[2] < 0.0f) return 0.0f;
    uint row = bt_sky_cell(pick, BT_SKY_PICK_ROWS, dir[2]);
    float height = floats_at(pick, row + 1u) - floats_at(pick, row);
    float turn = pm_atan2(sky.sun_side[0] * dir[1] - sky.sun_side[1] * dir[0],
                          sky.sun_side[0] * dir[0] + sky.sun_side[1] * dir[1]) *
                 (0.5f * BT_INV_PI_F);
    turn = turn < 0.0f ? turn + 1.0f : turn;
    BT_FLOATS limits = floats_from(pick, BT_SKY_PICK_FIRST + row * BT_SKY_PICK_ROW);
    uint column = bt_sky_cell(limits, BT_SKY_PICK_COLUMNS, turn);
    return bt_sky_cell_pdf(height, floats_at(limits, column + 1u) - floats_at(limits, column));
}

#endif
