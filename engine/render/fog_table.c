// fog_table.c: mixes spheres of many sizes into one phase function for each wavelength.
#include "engine/render/fog_table.h"

#include "engine/core/memory.h"
#include "engine/math/pose.h"
#include "engine/render/mie.h"

#include "shaders/shared/fog.h"

#include <math.h>

#define NODES BT_FOG_NODES
#define SIZES 128         // enough that the ripples of single sizes drown
#define LARGEST_MODES 3.5 // beyond this many modes: 1e-4 of the light
#define WATER_INDEX 1.333 // of the visible; 1.327 at 1000 nm, where droplets absorb nothing either

typedef struct angles {
    double q[BT_FOG_NODES], cosine[BT_FOG_NODES];
} angles;

static void angles_fill(angles *a)
{
    for (uint32_t i = 0; i < NODES; i++) {
        double s = (double)i / BT_FOG_CELLS;
        double half = 0.5 * BT_PI * s * s;
        a->q[i] = sin(half) * sin(half);
        a->cosine[i] = cos(2.0 * half);
    }
}

// Scattered intensity of all sizes, unscaled.
static bt_status mix_sizes(double mode_um, double wavelength_um, const angles *a, double *phase)
{
    double one[BT_FOG_NODES];
    for (uint32_t i = 0; i < NODES; i++)
        phase[i] = 0.0;
    for (int k = 0; k < SIZES; k++) {
        double modes = LARGEST_MODES * (k + 0.5) / SIZES; // radius in modes
        double x = 2.0 * BT_PI * modes * mode_um / wavelength_um;
        bt_status status = bt_mie_intensity(x, WATER_INDEX, a->cosine, NODES, one, NULL);
        if (status != BT_OK) return status;
        double number = pow(modes, 6.0) * exp(-6.0 * (modes - 1.0));
        for (uint32_t i = 0; i < NODES; i++)
            phase[i] += number * one[i];
    }
    return BT_OK;
}

// Scales to an integral of one over the sphere, linear between nodes.
static void keep_row(const angles *a, const double *phase, float *row)
{
    double sums[BT_FOG_NODES] = {0.0};
    for (uint32_t i = 1; i < NODES; i++)
        sums[i] =
            sums[i - 1] + 4.0 * BT_PI * (a->q[i] - a->q[i - 1]) * 0.5 * (phase[i] + phase[i - 1]);
    double all = sums[NODES - 1];
    for (uint32_t i = 0; i < NODES; i++) {
        row[i] = (float)(phase[i] / all);
        row[NODES + i] = (float)(sums[i] / all);
    }
}

bt_status bt_fog_table_compute(double mode_um, float *table)
{
    if (!(mode_um >= 0.5 && mode_um <= 20.0))
        return bt_fail(BT_ERR_INPUT, "fog droplets of %g um: 0.5 to 20", mode_um);
    angles *a = bt_alloc(1, sizeof *a);
    if (!a) return bt_fail(BT_ERR_MEMORY, "fog table");
    angles_fill(a);
    for (uint32_t i = 0; i < NODES; i++)
        table[i] = (float)a->q[i];
    bt_status status = BT_OK;
    for (uint32_t row = 0; row < BT_FOG_ROWS && status == BT_OK; row++) {
        double span = (double)(BT_SPECTRUM_MAX_NM - BT_SPECTRUM_MIN_NM);
        double nm = (double)BT_SPECTRUM_MIN_NM + span * row / (BT_FOG_ROWS - 1u);
        double phase[BT_FOG_NODES];
        status = mix_sizes(mode_um, nm * 1e-3, a, phase);
        if (status == BT_OK) keep_row(a, phase, table + NODES * (1u + 2u * row));
    }
    bt_free(a);
    return status;
}

// Where the phase function is linear in q, so is the cosine: an exact sum.
double bt_fog_table_mean_cosine(const float *table)
{
    double sum = 0.0;
    for (uint32_t i = 1; i < NODES; i++) {
        double q0 = (double)table[i - 1], q1 = (double)table[i];
        double p0 = (double)bt_fog_phase_at(table, BT_FOG_MIDDLE_NM, table[i - 1]);
        double p1 = (double)bt_fog_phase_at(table, BT_FOG_MIDDLE_NM, table[i]);
        double c0 = 1.0 - 2.0 * q0, c1 = 1.0 - 2.0 * q1;
        sum += (q1 - q0) * (p0 * (2.0 * c0 + c1) + p1 * (c0 + 2.0 * c1)) / 6.0;
    }
    return 4.0 * BT_PI * sum;
}
