// metal.c: two tables, one model, and Fresnel's equations for a conductor.
#include "engine/scene/metal.h"

#include "engine/math/elementary.h"
#include "engine/spectrum/spectrum.h"

#include <complex.h>
#include <math.h>

// the header's I is of single precision
static const double complex i1 = (double complex)I;

typedef struct point {
    double nm, n, k;
} point;

static const point aluminium[] = {{310.0, 0.298, 3.70}, {413.3, 0.548, 5.00}, {495.9, 0.771, 5.91},
                                  {619.9, 1.292, 7.28}, {688.8, 1.731, 7.96}, {729.3, 2.082, 8.34},
                                  {774.9, 2.588, 8.55}, {826.6, 2.829, 7.75}, {885.6, 1.916, 7.75},
                                  {953.7, 1.250, 8.68}, {1033.0, 0.994, 9.73}};
static const point copper[] = {{364.7, 1.270, 1.95}, {387.5, 1.232, 2.07}, {413.3, 1.184, 2.21},
                               {442.8, 1.169, 2.36}, {476.9, 1.152, 2.50}, {516.6, 1.121, 2.60},
                               {539.1, 1.037, 2.59}, {563.6, 0.826, 2.60}, {590.4, 0.468, 2.81},
                               {619.9, 0.272, 3.24}, {652.5, 0.214, 3.67}, {670.2, 0.215, 3.86},
                               {688.8, 0.213, 4.05}, {708.5, 0.214, 4.24}, {729.3, 0.223, 4.43},
                               {826.6, 0.260, 5.26}, {1240.0, 0.433, 8.46}};

static void look_up(const point *table, size_t count, double nm, double *n, double *k)
{
    size_t i = 0;
    while (i + 2 < count && table[i + 1].nm < nm)
        i++;
    double t = (nm - table[i].nm) / (table[i + 1].nm - table[i].nm);
    t = fmin(fmax(t, 0.0), 1.0);
    *n = table[i].n + t * (table[i + 1].n - table[i].n);
    *k = table[i].k + t * (table[i + 1].k - table[i].k);
}

static void chromium(double nm, double *n, double *k)
{
    // strengths, widths and places of the oscillators in eV; the first is free electrons
    static const double f[5] = {0.168, 0.151, 0.150, 1.149, 0.825};
    static const double width[5] = {0.047, 3.175, 1.305, 2.676, 1.335};
    static const double place[5] = {0.0, 0.121, 0.543, 1.970, 8.775};
    static const double plasma = 10.75;
    double e = 1239.84193 / nm;
    double complex epsilon = 1.0;
    for (int j = 0; j < 5; j++)
        epsilon += f[j] * plasma * plasma / (place[j] * place[j] - e * e - i1 * e * width[j]);
    double complex index = csqrt(epsilon);
    *n = creal(index);
    *k = cimag(index);
}

void bt_metal_index(bt_metal metal, double nm, double *n, double *k)
{
    if (metal == BT_METAL_ALUMINIUM)
        look_up(aluminium, sizeof aluminium / sizeof *aluminium, nm, n, k);
    else if (metal == BT_METAL_COPPER)
        look_up(copper, sizeof copper / sizeof *copper, nm, n, k);
    else
        chromium(nm, n, k);
}

double bt_metal_reflectance(double n, double k, double cosine)
{
    double complex index = n + i1 * k;
    double complex inside = csqrt(index * index - (1.0 - cosine * cosine));
    double complex s = (cosine - inside) / (cosine + inside);
    double complex p = (index * index * cosine - inside) / (index * index * cosine + inside);
    return 0.5 * (creal(s * conj(s)) + creal(p * conj(p)));
}

void bt_metal_fill(bt_metal metal, float f0[BT_SPECTRUM_BINS], float *edge_dip)
{
    double dip = 0.0;
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++) {
        double n, k;
        bt_metal_index(metal, bt_spectrum_bin_nm(i), &n, &k);
        double r = bt_metal_reflectance(n, k, 1.0);
        double schlick = r + (1.0 - r) * bt_pow(6.0 / 7.0, 5.0);
        if (i < BT_SPECTRUM_VISIBLE_BINS)
            dip +=
                (1.0 - bt_metal_reflectance(n, k, 1.0 / 7.0) / schlick) / BT_SPECTRUM_VISIBLE_BINS;
        f0[i] = (float)r;
    }
    *edge_dip = (float)fmax(dip, 0.0);
}
