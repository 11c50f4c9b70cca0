// noise.h: hashes, gradient noise and cells for procedural surfaces, four lattice corners at a time.
//
// Gradient noise after Perlin 1985 and 2002 ("An image synthesizer", "Improving noise": quintic
// fade), with random gradients from an integer hash instead of a table, scaled to unit variance.
// Band limits: an octave is left out (its mean is 0) once the footprint reaches its cell size, so
// that distance neither aliases nor flickers.
#ifndef BT_SHARED_NOISE_H
#define BT_SHARED_NOISE_H

#include "shaders/shared/portable.h"

// A bijective mix of 32 bits with low bias (constants of Wellons 2018, "hash-prospector").
FN uint noise_mix(uint x)
{
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    return x ^ (x >> 16);
}
// One round for four lattice corners whose coordinates are spread already: enough for the eye.
FN uint4 noise_mix4(uint4 x)
{
    x = (x ^ (x >> 15)) * 0x2c1b3c6du;
    return x ^ (x >> 13);
}

// Lattices end a billion cells out: coordinates are held there, so that cells fit an int.
FN float noise_hold(float x)
{
    return clampf(x, -1.0e9f, 1.0e9f);
}
FN int noise_cell(float x)
{
    return to_i(floor(noise_hold(x)));
}

#define NOISE_X 0x9e3779b1u // odd multipliers that keep axes apart (2^32 / golden ratio and primes)
#define NOISE_Y 0x85ebca77u
#define NOISE_Z 0xc2b2ae3du

FN uint noise_hash2(int x, int y, uint seed)
{
    return noise_mix(to_u(x) * NOISE_X + to_u(y) * NOISE_Y + seed * 0x27d4eb2fu);
}
// [0, 1), from the upper bits of a hash.
FN float noise_unit(uint hash)
{
    return to_f(to_i(hash >> 8)) * (1.0f / 16777216.0f);
}
// Another number from the same hash, [0, 1).
FN float noise_unit_again(uint hash, uint which)
{
    return noise_unit(noise_mix(hash + which * 0x9e3779b9u));
}

// How much of an octave with this cell size survives a footprint: 1 while the footprint is below
// half the cell, 0 from the cell size on.
FN float noise_band(float cell_m, float footprint_m)
{
    float x = clampf(2.0f - cell_m / max(footprint_m, 1.0e-7f), 0.0f, 1.0f);
    return 1.0f - x * x * (3.0f - 2.0f * x);
}

// 1 / standard deviation of the raw sums below, measured (tests/shaders/shared/noise_test.c).
#define NOISE_SCALE_1 14.31f
#define NOISE_SCALE_2 5.68f
#define NOISE_SCALE_3 5.24f

// (value, d/dx, d/dy) of gradient noise; unit variance, cells of size 1.
FN float3 noise_gradient2(float x, float y, uint seed)
{
    int ix = noise_cell(x);
    int iy = noise_cell(y);
    float fx = noise_hold(x) - to_f(ix);
    float fy = noise_hold(y) - to_f(iy);
    uint base = to_u(ix) * NOISE_X + to_u(iy) * NOISE_Y + seed * 0x27d4eb2fu;
    uint4 h = noise_mix4(splat_u4(base) + uint4(0u, NOISE_X, NOISE_Y, NOISE_X + NOISE_Y));
    float4 gx = f4_from_u4(h & 0xffffu) * (1.0f / 32767.5f) - splat4(1.0f);
    float4 gy = f4_from_u4(h >> 16) * (1.0f / 32767.5f) - splat4(1.0f);
    float4 ramp = gx * float4(fx, fx - 1.0f, fx, fx - 1.0f);
    ramp = ramp + gy * float4(fy, fy, fy - 1.0f, fy - 1.0f);

    float u = fx * fx * fx * (fx * (fx * 6.0f - 15.0f) + 10.0f);
    float v = fy * fy * fy * (fy * (fy * 6.0f - 15.0f) + 10.0f);
    float du = 30.0f * fx * fx * (fx * (fx - 2.0f) + 1.0f);
    float dv = 30.0f * fy * fy * (fy * (fy - 2.0f) + 1.0f);
    float4 w = float4((1.0f - u) * (1.0f - v), u * (1.0f - v), (1.0f - u) * v, u * v);
    float along_x = lerp(ramp[1] - ramp[0], ramp[3] - ramp[2], v);
    float along_y = lerp(ramp[2] - ramp[0], ramp[3] - ramp[1], u);
    float3 n = float3(dot4(w, ramp), dot4(w, gx) + du * along_x, dot4(w, gy) + dv * along_y);
    return n * NOISE_SCALE_2;
}

// The value alone.
FN float noise_value2(float x, float y, uint seed)
{
    int ix = noise_cell(x);
    int iy = noise_cell(y);
    float fx = noise_hold(x) - to_f(ix);
    float fy = noise_hold(y) - to_f(iy);
    uint base = to_u(ix) * NOISE_X + to_u(iy) * NOISE_Y + seed * 0x27d4eb2fu;
    uint4 h = noise_mix4(splat_u4(base) + uint4(0u, NOISE_X, NOISE_Y, NOISE_X + NOISE_Y));
    float4 gx = f4_from_u4(h & 0xffffu) * (1.0f / 32767.5f) - splat4(1.0f);
    float4 gy = f4_from_u4(h >> 16) * (1.0f / 32767.5f) - splat4(1.0f);
    float4 ramp = gx * float4(fx, fx - 1.0f, fx, fx - 1.0f);
    ramp = ramp + gy * float4(fy, fy, fy - 1.0f, fy - 1.0f);
    float u = fx * fx * fx * (fx * (fx * 6.0f - 15.0f) + 10.0f);
    float v = fy * fy * fy * (fy * (fy * 6.0f - 15.0f) + 10.0f);
    return lerp(lerp(ramp[0], ramp[1], u), lerp(ramp[2], ramp[3], u), v) * NOISE_SCALE_2;
}

// (value, d/dx) along a line; about unit variance, cells of size 1.
FN float2 noise_gradient1(float x, uint seed)
{
    int ix = noise_cell(x);
    float fx = noise_hold(x) - to_f(ix);
    float g0 = noise_unit(noise_mix(to_u(ix) * NOISE_X + seed * 0x27d4eb2fu)) - 0.5f;
    float g1 = noise_unit(noise_mix(to_u(ix + 1) * NOISE_X + seed * 0x27d4eb2fu)) - 0.5f;
    float u = fx * fx * fx * (fx * (fx * 6.0f - 15.0f) + 10.0f);
    float du = 30.0f * fx * fx * (fx * (fx - 2.0f) + 1.0f);
    float low = g0 * fx;
    float high = g1 * (fx - 1.0f);
    return float2(lerp(low, high, u), lerp(g0, g1, u) + du * (high - low)) * NOISE_SCALE_1;
}

// Value alone of gradient noise in space; unit variance, cells of size 1.
FN float4 noise_plane3(uint base, float fx, float fy, float fz)
{
    uint4 h = noise_mix4(splat_u4(base) + uint4(0u, NOISE_X, NOISE_Y, NOISE_X + NOISE_Y));
    float4 gx = f4_from_u4(h & 0x7ffu) * (1.0f / 1023.5f) - splat4(1.0f);
    float4 gy = f4_from_u4((h >> 11) & 0x7ffu) * (1.0f / 1023.5f) - splat4(1.0f);
    float4 gz = f4_from_u4(h >> 22) * (1.0f / 511.5f) - splat4(1.0f);
    float4 ramp = gx * float4(fx, fx - 1.0f, fx, fx - 1.0f);
    ramp = ramp + gy * float4(fy, fy, fy - 1.0f, fy - 1.0f);
    return ramp + gz * fz;
}
FN float noise_gradient3(float x, float y, float z, uint seed)
{
    int ix = noise_cell(x);
    int iy = noise_cell(y);
    int iz = noise_cell(z);
    float fx = noise_hold(x) - to_f(ix);
    float fy = noise_hold(y) - to_f(iy);
    float fz = noise_hold(z) - to_f(iz);
    uint base = to_u(ix) * NOISE_X + to_u(iy) * NOISE_Y + to_u(iz) * NOISE_Z + seed * 0x27d4eb2fu;
    float4 low = noise_plane3(base, fx, fy, fz);
    float4 high = noise_plane3(base + NOISE_Z, fx, fy, fz - 1.0f);

    float u = fx * fx * fx * (fx * (fx * 6.0f - 15.0f) + 10.0f);
    float v = fy * fy * fy * (fy * (fy * 6.0f - 15.0f) + 10.0f);
    float w = fz * fz * fz * (fz * (fz * 6.0f - 15.0f) + 10.0f);
    float4 n = low + (high - low) * w;
    return lerp(lerp(n[0], n[1], u), lerp(n[2], n[3], u), v) * NOISE_SCALE_3;
}

// One octave over the plane, in metres: (value, d/du, d/dv per metre), faded by the footprint. The
// lattice is turned against u and v: gradient noise is 0 on its lattice points, and a road's middle
// line at v = 0 must not run along them.
FN float3 noise_octave2(float u_m, float v_m, float cell_m, float footprint_m, uint seed)
{
    float band = noise_band(cell_m, footprint_m);
    if (band <= 0.0f) return float3(0.0f, 0.0f, 0.0f);
    float inverse = 1.0f / cell_m;
    float x = (0.8f * u_m - 0.6f * v_m) * inverse;
    float y = (0.6f * u_m + 0.8f * v_m) * inverse;
    float3 n = noise_gradient2(x, y, seed);
    float slope = band * inverse;
    return float3(n[0] * band, (0.8f * n[1] + 0.6f * n[2]) * slope,
                  (0.8f * n[2] - 0.6f * n[1]) * slope);
}
// The value alone.
FN float noise_plane2(float u_m, float v_m, float cell_m, float footprint_m, uint seed)
{
    float band = noise_band(cell_m, footprint_m);
    if (band <= 0.0f) return 0.0f;
    float inverse = 1.0f / cell_m;
    float x = (0.8f * u_m - 0.6f * v_m) * inverse;
    float y = (0.6f * u_m + 0.8f * v_m) * inverse;
    return band * noise_value2(x, y, seed);
}
// Cells of another length along u: streaks. The narrower side decides the fading.
FN float noise_streak2(float u_m, float v_m, float cell_u_m, float cell_v_m, float footprint_m,
                       uint seed)
{
    float band = noise_band(min(cell_u_m, cell_v_m), footprint_m);
    if (band <= 0.0f) return 0.0f;
    return band * noise_value2(u_m / cell_u_m + 0.37f, v_m / cell_v_m + 0.41f, seed);
}
// One octave in space.
FN float noise_octave3(float3 pos_m, float cell_m, float footprint_m, uint seed)
{
    float band = noise_band(cell_m, footprint_m);
    if (band <= 0.0f) return 0.0f;
    float inverse = 1.0f / cell_m;
    return band * noise_gradient3(pos_m[0] * inverse, pos_m[1] * inverse, pos_m[2] * inverse, seed);
}

// The nearest of jittered points, one per cell: (distance, random of its cell, towards it in x, in
// y), cells of size 1. Worley 1996, "A cellular texture basis function", looking only at the four
// nearest cells: points stay within 0.15 .. 0.85 of their cell, so that a nearer one is rarely
// missed.
FN float4 noise_cells2(float x, float y, uint seed)
{
    int ix = noise_cell(x - 0.5f);
    int iy = noise_cell(y - 0.5f);
    float fx = noise_hold(x) - to_f(ix);
    float fy = noise_hold(y) - to_f(iy);
    uint base = to_u(ix) * NOISE_X + to_u(iy) * NOISE_Y + seed * 0x27d4eb2fu;
    uint4 h = noise_mix4(splat_u4(base) + uint4(0u, NOISE_X, NOISE_Y, NOISE_X + NOISE_Y));
    float4 px = f4_from_u4(h & 0x7ffu) * (0.7f / 2048.0f) + float4(0.15f, 1.15f, 0.15f, 1.15f);
    float4 py =
        f4_from_u4((h >> 11) & 0x7ffu) * (0.7f / 2048.0f) + float4(0.15f, 0.15f, 1.15f, 1.15f);
    float4 dx = px - splat4(fx);
    float4 dy = py - splat4(fy);
    float4 d2 = dx * dx + dy * dy;
    int best = 0;
    if (d2[1] < d2[best]) best = 1;
    if (d2[2] < d2[best]) best = 2;
    if (d2[3] < d2[best]) best = 3;
    float random = to_f(to_i(h[best] >> 22)) * (1.0f / 1024.0f);
    return float4(sqrt(d2[best]), random, dx[best], dy[best]);
}

// How far the nearest edge between such cells is (Worley's F2 - F1, halved), cells of size 1; looks
// at nine cells whose points may lie anywhere in them.
FN float noise_edges2(float x, float y, uint seed)
{
    int ix = noise_cell(x);
    int iy = noise_cell(y);
    float fx = noise_hold(x) - to_f(ix);
    float fy = noise_hold(y) - to_f(iy);
    float first = 9.0f;
    float second = 9.0f;
    for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++) {
            uint h = noise_hash2(ix + i, iy + j, seed);
            float dx = to_f(i) + to_f(to_i(h & 0xffffu)) * (1.0f / 65536.0f) - fx;
            float dy = to_f(j) + to_f(to_i(h >> 16)) * (1.0f / 65536.0f) - fy;
            float d = dx * dx + dy * dy;
            second = min(second, max(first, d));
            first = min(first, d);
        }
    return 0.5f * (sqrt(second) - sqrt(first));
}

// ---- shapes under a footprint -------------------------------------------------------------------
// Share of a footprint (a box of width f about a point at distance d from a line's middle) that a
// line of half width w covers.
FN float cover_line(float d, float half_width_m, float footprint_m)
{
    float f = max(footprint_m, 1.0e-6f);
    float low = max(d - 0.5f * f, -half_width_m);
    float high = min(d + 0.5f * f, half_width_m);
    return clampf((high - low) / f, 0.0f, 1.0f);
}
// The same for one of many parallel lines, `spacing` apart, d being to the nearest: far away their
// mean.
FN float cover_joint(float d, float half_width_m, float spacing_m, float footprint_m)
{
    float band = noise_band(spacing_m, footprint_m);
    float mean = 2.0f * half_width_m / spacing_m;
    if (band <= 0.0f) return mean;
    return lerp(mean, cover_line(d, half_width_m, footprint_m), band);
}

// Variance that the footprint takes from an octave of this amplitude.
FN float noise_lost(float amplitude, float cell_m, float footprint_m)
{
    float band = noise_band(cell_m, footprint_m);
    return amplitude * amplitude * (1.0f - band * band);
}
// 1 where x is above 0, softened over `soft` and by what is lost: a sum of octaves is about normal,
// so the share above 0 is a normal distribution's; a smooth step of half width 1.9 sigma is near it.
FN float cover_above(float x, float soft, float lost_variance)
{
    float k = sqrt(soft * soft + 3.6f * lost_variance);
    return step_smooth(-k, k, x);
}
// A hump: 1 at 0, 0 from 1 on, smooth.
FN float hump(float x)
{
    float y = max(1.0f - x * x, 0.0f);
    return y * y;
}

#endif
