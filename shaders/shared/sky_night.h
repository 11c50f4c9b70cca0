// sky_night.h: the moon's face and the night's own light.
#ifndef BT_SHARED_SKY_NIGHT_H
#define BT_SHARED_SKY_NIGHT_H

#include "shaders/shared/noise.h"
#include "shaders/shared/sky_types.h"

// ---- the moon -----------------------------------------------------------------------------------
#define BT_MOON_RADIUS_RAD 0.00453786f // half of 0.52 degrees

// Radiance in a direction over the disc's mean; 0 beside it. Seeliger's law for a dark, rough
// surface: the full moon is as bright at its limb as in the middle. No maria.
FN float bt_moon_face(bt_sky sky, float3 dir)
{
    float x = dot3(dir, sky.moon_x) * (1.0f / BT_MOON_RADIUS_RAD);
    float y = dot3(dir, sky.moon_y) * (1.0f / BT_MOON_RADIUS_RAD);
    float z2 = 1.0f - x * x - y * y;
    if (z2 <= 0.0f || dot3(dir, sky.moon.dir) <= 0.0f) return 0.0f;
    float z = sqrt(z2);
    float facing = x * sky.moon_sin + z * sky.moon_cos;
    return facing > 0.0f ? sky.moon_scale * facing / (facing + z) : 0.0f;
}

// ---- airglow, zodiacal light and faint stars together -------------------------------------------
// Over that at the zenith. Krisciunas and Schaefer 1991, eqs. 2 and 3: a layer high up, dimmed by
// the air.
FN float bt_night_shape(bt_sky sky, float z)
{
    if (z < 0.0f) return sky.night_ground;
    float path = 1.0f / sqrt(1.0f - 0.96f * (1.0f - z * z));
    return path * pm_exp(-sky.night_depth * (path - 1.0f));
}

// ---- the glow of a town -------------------------------------------------------------------------
// Over that at the zenith: single scattering in a flat air of this optical depth of what comes up
// evenly from below. Steeper towards the horizon than Garstang's (1986) town seen from its middle.
FN float bt_glow_shape(bt_sky sky, float z)
{
    if (z < 0.0f) return sky.glow_ground;
    float depth = sky.night_depth;
    return (1.0f - pm_exp(-depth / max(z, 0.025f))) / (1.0f - pm_exp(-depth));
}

// ---- single stars -------------------------------------------------------------------------------
// As many of each magnitude as there are, in other places: N(m) = 4968 * 10^(0.5104 (m - 6)) is
// within 20 % of the counts of Hipparcos from magnitude 0 to 6 (OEIS A053406). One cell of a grid of
// equal areas holds one star or none, in a spot as wide as a camera's pixel, so that it does not
// flicker. All have the sun's colour.
#define BT_STAR_ROWS 64
#define BT_STAR_COLUMNS 160
#define BT_STAR_SHARE 0.485f       // 4968 stars brighter than magnitude 6 over the whole sphere
#define BT_STAR_RADIUS_RAD 0.0006f // chosen: 2 minutes of arc
#define BT_STAR_SUN_6 8.02e-14f    // irradiance at magnitude 6 over the sun's (-26.74)

STRUCT(bt_star)
{
    float3 dir;
    float light; // over that of magnitude 6; 0: the cell is empty
};
FN bt_star bt_star_of(int row, int column)
{
    uint hash = noise_hash2(row, column, 0x57a25u);
    float u = noise_unit(hash) * (1.0f / BT_STAR_SHARE); // N(m) / N(6)
    float z =
        (to_f(row) + 0.05f + 0.9f * noise_unit_again(hash, 1u)) * (2.0f / to_f(BT_STAR_ROWS)) -
        1.0f;
    float turn = (to_f(column) + 0.05f + 0.9f * noise_unit_again(hash, 2u)) *
                 (2.0f * BT_PI_F / to_f(BT_STAR_COLUMNS));
    float2 sc = pm_sincos(turn);
    float r = sqrt(max(1.0f - z * z, 0.0f));
    bt_star star;
    star.dir = float3(r * sc[1], r * sc[0], z);
    star.light = u < 1.0f ? pm_pow(max(u, 1.0e-4f), -0.7837f) : 0.0f; // 0.4 / 0.5104
    return star;
}
// Radiance of stars over the sun's irradiance, 1/sr, above the air.
FN float bt_stars(float3 dir)
{
    float turn = pm_atan2(dir[1], dir[0]) * (0.5f * BT_INV_PI_F);
    turn = turn < 0.0f ? turn + 1.0f : turn;
    int row = min(to_i((dir[2] + 1.0f) * (0.5f * to_f(BT_STAR_ROWS))), BT_STAR_ROWS - 1);
    int column = min(to_i(turn * to_f(BT_STAR_COLUMNS)), BT_STAR_COLUMNS - 1);
    // the mean of the spot's profile is a half
    float spot = BT_PI_F * BT_STAR_RADIUS_RAD * BT_STAR_RADIUS_RAD * 0.5f;
    bt_star star = bt_star_of(max(row, 0), column);
    float3 off = star.dir - dir;
    float inside = 1.0f - dot3(off, off) * (1.0f / (BT_STAR_RADIUS_RAD * BT_STAR_RADIUS_RAD));
    return max(inside, 0.0f) * star.light * (BT_STAR_SUN_6 / spot);
}

#endif
