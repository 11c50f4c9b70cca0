// sky_basis.c: sky spectra over the sun's are all nearly combinations of four: the principal
// components of the tables, each texel counted by its shape, not its brightness, and the infrared,
// where cameras see little, less than the visible.
#include "engine/render/atmosphere_internal.h"

#define BINS BT_COARSE_BINS
#define BASIS 4
#define VISIBLE_BINS 21    // to 780 nm
#define INFRARED_COUNT 0.3 // chosen: the visible comes out as well as if it were alone

typedef struct moments {
    double m[BINS][BINS];
} moments;

static double count_of(int bin)
{
    return bin < VISIBLE_BINS ? 1.0 : INFRARED_COUNT;
}

static void add_moments(const bt_coarse *s, moments *sum)
{
    double square = 0.0, v[BINS];
    for (int i = 0; i < BINS; i++) {
        v[i] = (double)bt_coarse_bin(s, i) * count_of(i);
        square += v[i] * v[i];
    }
    if (!(square > 1e-60)) return;
    for (int i = 0; i < BINS; i++)
        for (int k = 0; k < BINS; k++)
            sum->m[i][k] += v[i] * v[k] / square;
}

// Largest eigenvectors, one by one: power iteration and deflation.
static double largest(const moments *sum, int which, double *v)
{
    double value = 0.0;
    for (int i = 0; i < BINS; i++)
        v[i] = 1.0 + 0.1 * i * (which + 1) * (i % (which + 2) ? 1.0 : -1.0);
    for (int round = 0; round < 200; round++) {
        double next[BINS] = {0}, square = 0.0;
        for (int i = 0; i < BINS; i++) {
            for (int k = 0; k < BINS; k++)
                next[i] += sum->m[i][k] * v[k];
            square += next[i] * next[i];
        }
        value = sqrt(square);
        for (int i = 0; i < BINS; i++)
            v[i] = value > 0.0 ? next[i] / value : 0.0;
    }
    return value;
}
static void basis_compute(moments *sum, double basis[BASIS][BINS])
{
    for (int b = 0; b < BASIS; b++) {
        double value = largest(sum, b, basis[b]);
        for (int i = 0; i < BINS; i++)
            for (int k = 0; k < BINS; k++)
                sum->m[i][k] -= value * basis[b][i] * basis[b][k];
    }
}
static void project(double basis[BASIS][BINS], const bt_coarse *s, float *weights)
{
    for (int b = 0; b < BASIS; b++) {
        double part = 0.0;
        for (int i = 0; i < BINS; i++)
            part += basis[b][i] * (double)bt_coarse_bin(s, i) * count_of(i);
        weights[b] = (float)part;
    }
}

void bt_sky_basis_compute(const bt_sky_texel_full *full, uint32_t count, float *basis_5nm,
                          float *radiance)
{
    moments sum = {{{0}}};
    double basis[BASIS][BINS];
    for (uint32_t k = 0; k < count; k++) {
        add_moments(&full[k].aerosol, &sum);
        add_moments(&full[k].rest, &sum);
    }
    basis_compute(&sum, basis);
    for (uint32_t k = 0; k < count; k++) {
        project(basis, &full[k].aerosol, radiance + k * BT_SKY_TEXEL);
        project(basis, &full[k].rest, radiance + k * BT_SKY_TEXEL + BASIS);
    }
    for (int b = 0; b < BASIS; b++)
        for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
            int bin = i / 4 < BINS - 1 ? i / 4 : BINS - 2;
            double part = 0.25 * (i - 4 * bin);
            double low = basis[b][bin] / count_of(bin);
            double high = basis[b][bin + 1] / count_of(bin + 1);
            basis_5nm[b * BT_SPECTRUM_BINS + i] = (float)(low + (high - low) * part);
        }
}
