// fog.h: water droplets in the air: how far light gets, and where droplets send it.
//
// Extinction is constant up to a base height and falls off exponentially above it, so optical depth
// along a ray and its inverse are closed forms. Droplets are far larger than the wavelength: grey
// extinction (1 to 3 % off over the visible), no absorption. The phase function is that of Mie's
// theory for a distribution of sizes, a table that engine/render/fog_table.c computes: the narrow
// forward peak makes the glow round lamps, the fog bow and the glory are in it too.
//
// Angles go by q = (1 - cos) / 2 = sin^2(angle / 2), which floats hold well at the narrowest angles;
// solid angle is 4 pi dq. Between the table's nodes the phase function is linear in q.
#ifndef BT_SHARED_FOG_H
#define BT_SHARED_FOG_H

#include "shaders/shared/frame.h"
#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/spectral.h"
#include "shaders/shared/tables.h"

#define BT_FAR 3.0e38f // length of a ray that nothing ends

#define BT_FOG_CELLS 256u // node i lies at the angle pi (i / cells)^2
#define BT_FOG_NODES (BT_FOG_CELLS + 1u)
#define BT_FOG_MIDDLE_NM 555.0f // where the mean cosine is taken
#define BT_FOG_ROWS 9u          // wavelengths, evenly from 380 to 1000 nm
// q of each node, then for each row: phase function (1/sr) of each node, its integral up to there
#define BT_FOG_FLOATS (BT_FOG_NODES * (1u + 2u * BT_FOG_ROWS))

STRUCT(bt_fog)
{
    float extinction;     // up to the base, 1/m; 0: there is no fog
    float base;           // height in the snapshot, m
    float inverse_height; // of the scale height above the base, 1/m; 0: the same at all heights
    float similar;        // one less the phase function's mean cosine
};

// ---- optical depth ------------------------------------------------------------------------------
FN float bt_fog_extinction(bt_fog fog, float above_base)
{
    return fog.extinction * pm_exp(-max(above_base, 0.0f) * fog.inverse_height);
}
// Of a segment wholly above the base that starts where extinction is `from`.
FN float bt_fog_depth_above(float from, float decay, float distance)
{
    float x = decay * distance; // scale heights climbed
    if (abs(x) < 0.02f) return from * distance * (1.0f - x * (0.5f - x * (1.0f / 6.0f)));
    return from * (1.0f - pm_exp(-x)) / decay;
}
// How far along a ray the base is; BT_FAR: never.
FN float bt_fog_base_at(float above_base, float rise)
{
    if (above_base * rise >= 0.0f) return BT_FAR;
    return min(-above_base / rise, BT_FAR);
}
FN bool bt_fog_starts_above(float above_base, float rise)
{
    return above_base > 0.0f || (above_base == 0.0f && rise > 0.0f);
}
// Optical depth from height z (in the snapshot) along a unit direction that rises by `rise` per m.
FN float bt_fog_depth(bt_fog fog, float z, float rise, float distance)
{
    float above = z - fog.base;
    float decay = rise * fog.inverse_height;
    float turn = min(bt_fog_base_at(above, rise), distance);
    float rest = distance - turn;
    if (bt_fog_starts_above(above, rise))
        return bt_fog_depth_above(bt_fog_extinction(fog, above), decay, turn) +
               fog.extinction * rest;
    return fog.extinction * turn + bt_fog_depth_above(fog.extinction, decay, rest);
}
FN float bt_fog_left(bt_fog fog, float z, float rise, float distance)
{
    if (!(fog.extinction > 0.0f)) return 1.0f;
    return pm_exp(-bt_fog_depth(fog, z, rise, distance));
}

// Where bt_fog_depth_above reaches `depth`; BT_FAR: nowhere.
FN float bt_fog_inverse_above(float from, float decay, float depth)
{
    if (!(from > 0.0f)) return BT_FAR;
    float straight = depth / from; // distance, were extinction constant
    float x = straight * decay;
    if (abs(x) < 0.02f) return straight * (1.0f + x * (0.5f + x * (1.0f / 3.0f)));
    if (x >= 1.0f) return BT_FAR;
    return -pm_log(1.0f - x) / decay;
}
// Where along a ray the optical depth is reached; BT_FAR: nowhere.
FN float bt_fog_distance(bt_fog fog, float z, float rise, float depth)
{
    float above = z - fog.base;
    float decay = rise * fog.inverse_height;
    float turn = bt_fog_base_at(above, rise);
    bool starts_above = bt_fog_starts_above(above, rise);
    float from = bt_fog_extinction(fog, above);
    float first = starts_above ? bt_fog_depth_above(from, decay, turn) : fog.extinction * turn;
    if (depth <= first || turn >= BT_FAR)
        return starts_above ? bt_fog_inverse_above(from, decay, depth) : depth / fog.extinction;
    float rest = depth - first;
    return turn + (starts_above ? rest / fog.extinction
                                : bt_fog_inverse_above(fog.extinction, decay, rest));
}

// ---- phase function -----------------------------------------------------------------------------
// sin^2 of half the angle between two unit vectors.
FN float bt_fog_q(float3 from, float3 to)
{
    float3 d = to - from;
    return min(0.25f * dot3(d, d), 1.0f);
}
// Fractional row of a wavelength.
FN float bt_fog_row(float nm)
{
    float last = to_f(BT_FOG_ROWS - 1u);
    float row = (nm - BT_SPECTRUM_MIN_NM) * (last / (BT_SPECTRUM_MAX_NM - BT_SPECTRUM_MIN_NM));
    return clampf(row, 0.0f, last - 0.0001f);
}
FN BT_FLOATS bt_fog_phases(BT_FLOATS table, uint row)
{
    return floats_from(table, BT_FOG_NODES * (1u + 2u * row));
}
STRUCT(bt_fog_place)
{
    uint cell;
    float part;
};
FN bt_fog_place bt_fog_find(BT_FLOATS table, float q)
{
    float angle = 2.0f * pm_asin(sqrt(clampf(q, 0.0f, 1.0f)));
    float place = sqrt(angle * BT_INV_PI_F) * to_f(BT_FOG_CELLS);
    uint cell = min(to_u(place), BT_FOG_CELLS - 1u);
    // rounding may have named the neighbour of the cell that holds q
    if (cell > 0u && q < floats_at(table, cell)) cell = cell - 1u;
    if (cell + 1u < BT_FOG_CELLS && q > floats_at(table, cell + 1u)) cell = cell + 1u;
    float from = floats_at(table, cell);
    bt_fog_place p;
    p.cell = cell;
    p.part = clampf((q - from) / (floats_at(table, cell + 1u) - from), 0.0f, 1.0f);
    return p;
}
FN float bt_fog_phase_one(BT_FLOATS table, float nm, bt_fog_place place)
{
    float at = bt_fog_row(nm);
    uint row = to_u(at);
    BT_FLOATS a = bt_fog_phases(table, row);
    BT_FLOATS b = bt_fog_phases(table, row + 1u);
    float low = lerp(floats_at(a, place.cell), floats_at(a, place.cell + 1u), place.part);
    float high = lerp(floats_at(b, place.cell), floats_at(b, place.cell + 1u), place.part);
    return lerp(low, high, at - to_f(row));
}
// 1/sr; integrates to 1 over the sphere.
FN float bt_fog_phase_at(BT_FLOATS table, float nm, float q)
{
    return bt_fog_phase_one(table, nm, bt_fog_find(table, q));
}
FN float4 bt_fog_phase(BT_FLOATS table, bt_wavelengths w, float q)
{
    bt_fog_place at = bt_fog_find(table, q);
    return float4(bt_fog_phase_one(table, w.nm[0], at), bt_fog_phase_one(table, w.nm[1], at),
                  bt_fog_phase_one(table, w.nm[2], at), bt_fog_phase_one(table, w.nm[3], at));
}

// Where between 0 and 1 a density that goes linearly from a to b holds a share u of its mass.
FN float bt_linear_sample(float a, float b, float u)
{
    if (!(abs(b - a) > 1e-4f * (a + b))) return u;
    return clampf(u * (a + b) / (a + sqrt(lerp(a * a, b * b, u))), 0.0f, 1.0f);
}
// q of a scattered direction: density bt_fog_phase over solid angle at the hero's wavelength.
FN float bt_fog_sample_q(BT_FLOATS table, float hero_nm, float u)
{
    float at = bt_fog_row(hero_nm);
    uint row = to_u(at);
    float high = at - to_f(row);
    // a row, by its part in the mix
    if (u < high) {
        u = u / high;
        row = row + 1u;
    } else {
        u = (u - high) / (1.0f - high);
    }
    BT_FLOATS phase = bt_fog_phases(table, row);
    BT_FLOATS sums = floats_from(phase, BT_FOG_NODES);
    uint cell = 0u;
    for (uint step = BT_FOG_CELLS / 2u; step > 0u; step = step / 2u)
        if (floats_at(sums, cell + step) <= u) cell = cell + step;
    float before = floats_at(sums, cell);
    float mass = max(floats_at(sums, cell + 1u) - before, 1e-12f);
    float part = bt_linear_sample(floats_at(phase, cell), floats_at(phase, cell + 1u),
                                  clampf((u - before) / mass, 0.0f, 1.0f));
    return lerp(floats_at(table, cell), floats_at(table, cell + 1u), part);
}
// The direction at q from `dir`, u1 of a turn about it.
FN float3 bt_fog_turn(float3 dir, float q, float u1)
{
    bt_frame frame = bt_frame_about(dir);
    float2 sc = pm_sincos(2.0f * BT_PI_F * u1);
    float across = 2.0f * sqrt(max(q * (1.0f - q), 0.0f));
    return normalize3(frame.x * (across * sc[1]) + frame.y * (across * sc[0]) +
                      dir * (1.0f - 2.0f * q));
}

#endif
