// sky.h: the light of sun, moon and sky, and the haze between things, from tables that
// engine/render/atmosphere.c computes.
//
// The light of a source that the air scatters, over the sun's extraterrestrial irradiance, is smooth
// in direction and wavelength once the aerosol's strongly forward single scattering is kept apart
// from its phase function, so the table is coarse: for each direction two spectra, `aerosol` (times
// phase) and `rest`, and each of them the sum of four basis spectra (their principal components).
// Henyey and Greenstein 1941 for the aerosol. Sun and moon have a table each. The night's own light
// and a town's glow are closed forms of height; clouds lie over all but the glow, which is given as
// it is seen. Directions are in the world's axes, z up.
#ifndef BT_SHARED_SKY_H
#define BT_SHARED_SKY_H

#include "shaders/shared/sky_cloud.h"
#include "shaders/shared/sky_night.h"
#include "shaders/shared/sky_sample.h"
#include "shaders/shared/sky_types.h"

FN float4 bt_sky_spectrum(BT_FLOATS spectra, uint which, bt_wavelengths w)
{
    return bt_spectrum_at(floats_from(spectra, which * to_u(BT_SPECTRUM_BINS)), w);
}
FN bt_sky_light bt_sky_light_at(bt_sky sky, BT_FLOATS spectra, bt_wavelengths w)
{
    bt_sky_light l;
    l.irradiance = bt_sky_spectrum(spectra, BT_SKY_SUN_IRRADIANCE, w);
    float4 disc = l.irradiance * bt_sky_spectrum(spectra, BT_SKY_SUN_TRANSMITTANCE, w);
    l.moon = splat4(0.0f);
    if (sky.moon.on > 0.0f) {
        float4 moonlight = bt_sky_spectrum(spectra, BT_SKY_MOONLIGHT, w);
        float angle = BT_PI_F * BT_MOON_RADIUS_RAD * BT_MOON_RADIUS_RAD;
        l.moon = moonlight * (1.0f / angle);
        if (sky.is_moon > 0.0f) disc = moonlight;
    }
    disc = disc * sky.sun_up;
    l.sun = disc / sky.sun_angle;
    l.rayleigh = bt_sky_spectrum(spectra, BT_SKY_RAYLEIGH, w);
    l.aerosol = bt_sky_spectrum(spectra, BT_SKY_AEROSOL, w);
    l.haze_sun = disc * sky.sun_open;
    l.haze_ambient = bt_sky_spectrum(spectra, BT_SKY_AMBIENT, w);
    l.night = splat4(0.0f);
    l.glow = splat4(0.0f);
    l.cloud = splat4(0.0f);
    if (sky.night_on > 0.0f) l.night = bt_sky_spectrum(spectra, BT_SKY_NIGHT, w);
    if (sky.glow_on > 0.0f) l.glow = bt_sky_spectrum(spectra, BT_SKY_GLOW, w);
    if (sky.cloud_on > 0.0f) l.cloud = bt_sky_spectrum(spectra, BT_SKY_CLOUD, w);
    l.basis0 = l.irradiance * bt_sky_spectrum(spectra, BT_SKY_BASIS, w);
    l.basis1 = l.irradiance * bt_sky_spectrum(spectra, BT_SKY_BASIS + 1u, w);
    l.basis2 = l.irradiance * bt_sky_spectrum(spectra, BT_SKY_BASIS + 2u, w);
    l.basis3 = l.irradiance * bt_sky_spectrum(spectra, BT_SKY_BASIS + 3u, w);
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

// Row and column (fractional) of a direction; side: of the source. Rows: 0 straight down .. 31 just below
// the horizon, 32 just above .. 63 straight up.
FN_IN float2 bt_sky_place(float side_x, float side_y, float x, float y, float dir_z)
{
    float z = clampf(dir_z, -1.0f, 1.0f);
    float half_rows = to_f(BT_SKY_ROWS / 2u);
    float reach = sqrt(abs(z)) * (half_rows - 1.0f);
    float row = z >= 0.0f ? half_rows + reach : half_rows - 1.0f - reach;
    float across = sqrt(x * x + y * y);
    float cosine = (x * side_x + y * side_y) / max(across, 1e-6f);
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

FN_IN float4 bt_sky_texel(BT_FLOATS table, uint at, float phase)
{
    return floats4_at(table, at) * phase + floats4_at(table, at + 4u); // aerosol, rest
}
// Where in a source's table a direction is found: the texel below it, how far on it is, and the aerosol's
// phase function.
STRUCT(bt_sky_spot)
{
    uint at;
    float row_part, column_part;
    float phase;
};
// Of the direction (x, y, z), at this cosine to the source's. Nothing here branches: many are found at once.
FN_IN bt_sky_spot bt_sky_spot_at(float side_x, float side_y, float x, float y, float z, float cosine,
                                 float aerosol_g)
{
    float2 place = bt_sky_place(side_x, side_y, x, y, z);
    uint edge = z >= 0.0f ? BT_SKY_ROWS - 2u : BT_SKY_ROWS / 2u - 2u; // not over the horizon
    uint row = min(to_u(place[0]), edge);
    uint column = min(to_u(place[1]), BT_SKY_COLUMNS - 2u);
    bt_sky_spot spot;
    spot.at = (row * BT_SKY_COLUMNS + column) * BT_SKY_TEXEL;
    spot.row_part = place[0] - to_f(row);
    spot.column_part = place[1] - to_f(column);
    spot.phase = bt_phase_aerosol(cosine, aerosol_g);
    return spot;
}
FN_IN bt_sky_spot bt_sky_spot_of(bt_sky_source source, float aerosol_g, float3 dir)
{
    return bt_sky_spot_at(source.side[0], source.side[1], dir[0], dir[1], dir[2],
                          dot3(dir, source.dir), aerosol_g);
}
// Weights of the basis spectra there: light of one source.
FN_IN float4 bt_sky_weights(BT_FLOATS table, bt_sky_spot spot)
{
    uint at = spot.at;
    uint above = at + BT_SKY_COLUMNS * BT_SKY_TEXEL;
    float4 a = lerp4(bt_sky_texel(table, at, spot.phase),
                     bt_sky_texel(table, at + BT_SKY_TEXEL, spot.phase), spot.column_part);
    float4 b = lerp4(bt_sky_texel(table, above, spot.phase),
                     bt_sky_texel(table, above + BT_SKY_TEXEL, spot.phase), spot.column_part);
    return lerp4(a, b, spot.row_part);
}
// Light of sun and moon that the air scatters towards here, and the night's own. day: the spot of sky.day's.
FN_IN float4 bt_sky_clear(bt_sky sky, BT_FLOATS table, bt_sky_light l, float3 dir, bt_sky_spot day)
{
    float4 w = splat4(0.0f);
    if (sky.day.on > 0.0f) w = bt_sky_weights(table, day);
    if (sky.moon.on > 0.0f)
        w = w + bt_sky_weights(floats_from(table, BT_SKY_MOON_AT),
                               bt_sky_spot_of(sky.moon, sky.aerosol_g, dir));
    float4 sum = (l.basis0 * w[0] + l.basis1 * w[1]) + (l.basis2 * w[2] + l.basis3 * w[3]);
    sum = max(sum, splat4(0.0f));
    if (sky.night_on > 0.0f) sum = sum + l.night * bt_night_shape(sky, dir[2]);
    return sum;
}
// Radiance from beyond the world in a unit direction, without discs and single stars: sky, or ground
// seen through haze below the horizon. W m^-2 sr^-1 nm^-1.
FN_IN float4 bt_sky_radiance_at(bt_sky sky, BT_FLOATS table, bt_sky_light l, float3 dir,
                                bt_sky_spot day)
{
    float4 sum = bt_sky_clear(sky, table, l, dir, day);
    if (sky.cloud_on > 0.0f && dir[2] >= 0.0f) {
        bt_cloud c = bt_cloud_at(table, dir);
        sum = sum * c.open + l.cloud * c.bright;
    } else {
        sum = sum * sky.cloud_ground;
    }
    if (sky.glow_on > 0.0f) sum = sum + l.glow * bt_glow_shape(sky, dir[2]);
    return sum;
}
FN_IN float4 bt_sky_radiance(bt_sky sky, BT_FLOATS table, bt_sky_light l, float3 dir)
{
    return bt_sky_radiance_at(sky, table, l, dir, bt_sky_spot_of(sky.day, sky.aerosol_g, dir));
}

// ---- discs and stars ----------------------------------------------------------------------------
// What clouds leave of something above them.
FN float bt_sky_open(bt_sky sky, BT_FLOATS table, float3 dir)
{
    if (!(sky.cloud_on > 0.0f)) return 1.0f;
    return bt_cloud_at(table, dir).open;
}
FN bool bt_sky_in_sun(bt_sky sky, float3 dir)
{
    float3 off = dir - sky.sun_dir;
    return sky.sun_up > 0.0f && dot3(off, off) <= 2.0f * sky.sun_height;
}
// Radiance of the disc that light sampling asks for, in a direction within it.
FN_IN float4 bt_sun_radiance(bt_sky sky, BT_FLOATS table, bt_sky_light l, float3 dir)
{
    if (dir[2] < 0.0f) return splat4(0.0f);
    float part = bt_sky_open(sky, table, dir);
    if (sky.is_moon > 0.0f) part = part * bt_moon_face(sky, dir);
    return l.sun * part;
}
// Radiance of what only the eye meets: the moon beside the sun and, `stars`, single stars.
FN_IN float4 bt_sky_sights(bt_sky sky, BT_FLOATS table, bt_sky_light l, float3 dir, bool stars)
{
    float4 sum = splat4(0.0f);
    if (dir[2] <= 0.0f) return sum;
    if (sky.day_moon > 0.0f) sum = l.moon * bt_moon_face(sky, dir);
    if (stars && sky.star_on > 0.0f)
        sum = sum + l.irradiance * (bt_stars(dir) * pm_exp(-sky.night_depth / max(dir[2], 0.02f)));
    if (!any_above0(sum)) return sum;
    return sum * bt_sky_open(sky, table, dir);
}

// ---- haze ---------------------------------------------------------------------------------------
// Along `distance_m` from height z_m in direction dir: what is left of the light from behind, and
// what the haze adds. Air and aerosol thin out exponentially from height 0 of the snapshot, which
// stands for the ground; light on the way is that at the ground: right within a few km.
#define BT_RAYLEIGH_SCALE_M 9800.0f // U.S. Standard Atmosphere 1976, its lowest 5 km
#define BT_AEROSOL_SCALE_M 1200.0f  // chosen: rural boundary layer

STRUCT(bt_haze)
{
    float4 left, added;
};
// What of it the wavelength does not matter to: metres at the ground with as much matter, and phase
// functions, of air and of aerosol.
STRUCT(bt_haze_way)
{
    float air_m, aerosol_m;
    float air_phase, aerosol_phase;
};
// Metres of one kind over a distance from z_m to rise_m above it.
FN_IN float bt_haze_metres(float z_m, float rise_m, float distance_m, float scale_m)
{
    // in scale heights: the beginning's height, and the end's above it
    float z = min(max(z_m / scale_m, -80.0f), 3.0f);
    float x = min(max(rise_m / scale_m, -3.0f), 1e6f);
    float from = pm_exp(-z) * distance_m;
    bool level = abs(x) < 0.02f;
    float series = 1.0f - x * (0.5f - x * (1.0f / 6.0f));
    float whole = from * (1.0f - pm_exp(-x)) / (level ? 1.0f : x);
    return level ? from * series : whole;
}
// Nothing here branches: many are found at once. cosine: of the angle to the sun; rise: of the way, a
// metre along it.
FN_IN bt_haze_way bt_haze_way_along(float z_m, float rise, float distance_m, float cosine, float g)
{
    bt_haze_way w;
    w.air_m = bt_haze_metres(z_m, rise * distance_m, distance_m, BT_RAYLEIGH_SCALE_M);
    w.aerosol_m = bt_haze_metres(z_m, rise * distance_m, distance_m, BT_AEROSOL_SCALE_M);
    w.air_phase = bt_phase_rayleigh(cosine);
    w.aerosol_phase = bt_phase_aerosol(cosine, g);
    return w;
}
FN bt_haze bt_haze_of(bt_haze_way way, IN(bt_sky_light) light, float aerosol_albedo)
{
    float4 air = D(light).rayleigh * way.air_m;
    float4 aerosol = D(light).aerosol * way.aerosol_m;
    float4 depth = air + aerosol;
    aerosol = aerosol * aerosol_albedo;
    float4 scattered = D(light).haze_sun * (air * way.air_phase + aerosol * way.aerosol_phase) +
                       D(light).haze_ambient * (air + aerosol);
    bt_haze h;
    h.left = pm_exp4(depth * -1.0f);
    h.added = scattered * ((1.0f - h.left) / max(depth, splat4(1e-9f)));
    return h;
}
FN bt_haze bt_sky_haze(bt_sky sky, bt_sky_light l, float z_m, float3 dir, float distance_m)
{
    float cosine = dot3(dir, sky.sun_dir);
    bt_haze_way way = bt_haze_way_along(z_m, dir[2], distance_m, cosine, sky.aerosol_g);
    return bt_haze_of(way, A(l), sky.aerosol_albedo);
}

#endif
