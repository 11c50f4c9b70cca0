// sky_types.h: what the light of the sky is made of (sky.h).
#ifndef BT_SHARED_SKY_TYPES_H
#define BT_SHARED_SKY_TYPES_H

#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/spectral.h"
#include "shaders/shared/tables.h"

#define BT_SKY_ROWS 64u    // lower half below the horizon, both denser towards it
#define BT_SKY_COLUMNS 24u // azimuth from the source, half a turn
#define BT_SKY_TEXEL 8u    // four weights for the aerosol, four for the rest
#define BT_SKY_FLOATS (BT_SKY_ROWS * BT_SKY_COLUMNS * BT_SKY_TEXEL)

// Clouds: rows from the horizon up, columns all around. Each texel: what is left of what is above,
// and the brightness of the cloud itself.
#define BT_CLOUD_ROWS 192u
#define BT_CLOUD_COLUMNS 1024u
#define BT_CLOUD_FLOATS (BT_CLOUD_ROWS * BT_CLOUD_COLUMNS * 2u)

// One table after the other: air lit by the sun, air lit by the moon, clouds.
#define BT_SKY_MOON_AT BT_SKY_FLOATS
#define BT_SKY_CLOUD_AT (2u * BT_SKY_FLOATS)
#define BT_SKY_TABLE_FLOATS (2u * BT_SKY_FLOATS + BT_CLOUD_FLOATS)

// 5 nm tables one after the other (BT_SPECTRUM_BINS each).
#define BT_SKY_SUN_IRRADIANCE 0u    // extraterrestrial, gas bands taken out, W m^-2 nm^-1
#define BT_SKY_SUN_TRANSMITTANCE 1u // of clear air, from space to the ground along the sun's ray
#define BT_SKY_RAYLEIGH 2u          // scattering coefficients at the ground, 1/m
#define BT_SKY_AEROSOL 3u           // extinction there
#define BT_SKY_AMBIENT 4u           // mean radiance at the ground from all around, without the disc
#define BT_SKY_MOONLIGHT 5u // irradiance by the moon across its ray at the ground, no clouds
#define BT_SKY_NIGHT 6u     // the night's own radiance at the zenith, no clouds
#define BT_SKY_GLOW 7u      // the glow of a town there
#define BT_SKY_CLOUD 8u     // radiance of white that all the light above the clouds falls on
#define BT_SKY_BASIS 9u     // and three more: the basis of the sky's table
#define BT_SKY_SPECTRA 13u

// A body whose light the air scatters; it may have set.
STRUCT(bt_sky_source)
{
    float on; // 0: it sends nothing that counts
    // vectors last, each at a multiple of 16 bytes: the same layout in C and GLSL
    float3 dir;
    float3 side; // unit, horizontal, where azimuth is zero
};

STRUCT(bt_sky)
{
    bt_sky_source day, moon; // what lights the air
    // The disc that light sampling asks for and that casts shadows: the sun, or once it has set the
    // moon.
    float sun_height;         // 1 - cosine of its radius
    float sun_angle;          // solid angle, sr
    float sun_up;             // 1: some of it is above the horizon, 0: none
    float sun_open;           // what clouds leave of its light
    float is_moon;            // 1: it is the moon
    float day_moon;           // 1: the moon is up beside the sun: it is met, not asked for
    float moon_sin, moon_cos; // of the phase angle
    float moon_scale;         // makes the mean over the disc one
    float aerosol_g;          // mean cosine of the aerosol's phase function
    float aerosol_albedo;
    float night_ground, glow_ground; // radiance of the ground below the horizon, over the zenith's
    float night_on, glow_on, cloud_on; // 0: none
    float cloud_ground;                // what clouds leave of the ground's light, beyond the world
    float night_depth;                 // optical depth of the air at 550 nm
    float star_on;                     // 1: single stars are seen
    float3 sun_dir;
    float3 sun_x, sun_y; // perpendicular to it and to each other
    // The moon's face: across it, x towards the lit limb; where its light comes from.
    float3 moon_x, moon_y;
};

// What one path needs of the sky at its wavelengths.
STRUCT(bt_sky_light)
{
    float4 sun;        // mean radiance of the disc at the ground, under no cloud
    float4 moon;       // of the moon beside the sun
    float4 irradiance; // of the sun, extraterrestrial
    float4 night, glow, cloud;
    float4 rayleigh, aerosol;      // extinction at the ground, 1/m
    float4 haze_sun, haze_ambient; // what haze scatters: irradiance of the disc, mean radiance
    float4 basis0, basis1, basis2, basis3; // times irradiance
};

#endif
