// sky_pick.c: where the sky is bright, for light sampling.
#include "engine/render/atmosphere_internal.h"

void bt_quantiles(const double *mass, uint32_t count, uint32_t cells, float *limits)
{
    double total = 0.0, sum = 0.0;
    for (uint i = 0; i < count; i++)
        total += mass[i];
    uint at = 0;
    while (at + 1u < count && mass[at] <= 0.0)
        at++;
    for (uint c = 0; c <= cells; c++) {
        double want = total * c / cells;
        while (at + 1u < count && sum + mass[at] < want)
            sum += mass[at++];
        double part = mass[at] > 0.0 ? (want - sum) / mass[at] : 1.0;
        limits[c] = (float)((at + bt_clamp(part, 0.0, 1.0)) / count);
    }
}
static void guide_fill(float *limits, uint cells)
{
    uint cell = 0;
    for (uint i = 0; i < BT_SKY_PICK_GUIDE; i++) {
        while (cell + 1u < cells && limits[cell + 1u] <= (float)i / (float)BT_SKY_PICK_GUIDE)
            cell++;
        limits[cells + 1u + i] = (float)cell;
    }
}

#define FINE_ROWS 128
#define FINE_COLUMNS 128

// Brightness around the sky at one height, and its sum.
static double pick_ring(const bt_sky_tables *t, bt_sky_light l, float z, double *mass)
{
    double total = 0.0;
    float r = bt_sqrt_f(1.0f - z * z);
    for (int col = 0; col < FINE_COLUMNS; col++) {
        float2 sc = pm_sincos(2.0f * BT_PI_F * ((float)col + 0.5f) / FINE_COLUMNS);
        float3 dir = float3(r * (sc[1] * t->sky.day.side[0] - sc[0] * t->sky.day.side[1]),
                            r * (sc[1] * t->sky.day.side[1] + sc[0] * t->sky.day.side[0]), z);
        mass[col] = (double)sum4(bt_sky_radiance(t->sky, t->radiance, l, dir)) + 1e-25;
        total += mass[col];
    }
    for (int col = 0; col < FINE_COLUMNS; col++) // nowhere improbable
        mass[col] += 0.1 * total / FINE_COLUMNS;
    return total;
}

void bt_sky_pick_compute(bt_sky_tables *t)
{
    // four wavelengths stand for what cameras see
    bt_wavelengths w;
    w.nm = float4(460.0f, 530.0f, 560.0f, 610.0f);
    w.pdf = splat4(1.0f);
    w.bin = uint4(16u, 30u, 36u, 46u);
    w.part = splat4(0.0f);
    bt_sky_light l = bt_sky_light_at(t->sky, t->spectra, w);

    double rows[FINE_ROWS], ring[FINE_COLUMNS], total = 0.0;
    for (int row = 0; row < FINE_ROWS; row++)
        total += rows[row] = pick_ring(t, l, ((float)row + 0.5f) / FINE_ROWS, ring);
    for (int row = 0; row < FINE_ROWS; row++)
        rows[row] += 0.1 * total / FINE_ROWS;
    bt_quantiles(rows, FINE_ROWS, BT_SKY_PICK_ROWS, t->pick);
    guide_fill(t->pick, BT_SKY_PICK_ROWS);
    for (uint row = 0; row < BT_SKY_PICK_ROWS; row++) {
        float *limits = t->pick + BT_SKY_PICK_FIRST + row * BT_SKY_PICK_ROW;
        pick_ring(t, l, 0.5f * (t->pick[row] + t->pick[row + 1u]), ring);
        bt_quantiles(ring, FINE_COLUMNS, BT_SKY_PICK_COLUMNS, limits);
        guide_fill(limits, BT_SKY_PICK_COLUMNS);
    }
}
