// spectral.h: four wavelengths per path, and how to weigh paths whose sampling depends on them.
//
// Wilkie, Nawaz, Droske, Weidlich, Hanika 2014, "Hero wavelength spectral sampling": one uniform
// number, rotated by quarters through the cumulative distribution, gives four wavelengths, each with
// the same density. Paths are sampled for the first (the hero) and weighed for all by the balance
// heuristic over which of the four could have been the hero. The weights are carried as ratios of
// path densities to the hero's, after the rescaled path probabilities of Miller, Georgiev, Jarosz
// 2019: r_u for the path as sampled, r_l for the same path ended by sampling a light.
#ifndef BT_SHARED_SPECTRAL_H
#define BT_SHARED_SPECTRAL_H

#include "shaders/shared/portable.h"
#include "shaders/shared/tables.h"
#include "shaders/shared/types.h"

STRUCT(bt_wavelengths)
{
    float4 nm;
    float4 pdf;  // per nm
    uint4 bin;   // of 5 nm tables: value = lerp(t[bin], t[bin + 1], part)
    float4 part; // 0..1
};

// Wavelengths are drawn from cells of equal probability, so that no search is needed: a table of
// BT_WAVELENGTH_CELLS + 1 ascending limits in nm.
#define BT_WAVELENGTH_CELLS 128u

FN bt_wavelengths bt_wavelengths_sample(BT_FLOATS limits, float u)
{
    bt_wavelengths w;
    float4 turned = splat4(u) + float4(0.0f, 0.25f, 0.5f, 0.75f);
    turned = turned - floor(turned);
    float4 at = turned * to_f(BT_WAVELENGTH_CELLS);
    uint4 cell = u4_from_i4(i4_from_f4(min(at, splat4(to_f(BT_WAVELENGTH_CELLS) - 0.5f))));
    bt_float_pairs limit = floats_pairs_at(limits, cell);
    float4 width = limit.second - limit.first;
    w.nm = limit.first + width * (at - f4_from_u4(cell));
    w.pdf = (1.0f / to_f(BT_WAVELENGTH_CELLS)) / max(width, splat4(1e-9f));
    float4 place = (w.nm - BT_SPECTRUM_MIN_NM) * (1.0f / BT_SPECTRUM_STEP_NM);
    place = min(max(place, splat4(0.0f)), splat4(to_f(BT_SPECTRUM_BINS - 1)));
    int4 bin = i4_from_f4(min(place, splat4(to_f(BT_SPECTRUM_BINS - 2))));
    w.bin = u4_from_i4(bin);
    w.part = place - f4_from_i4(bin);
    return w;
}

// A 5 nm table at the four wavelengths.
FN float4 bt_spectrum_at(BT_FLOATS table, bt_wavelengths w)
{
    bt_float_pairs of = floats_pairs_at(table, w.bin);
    return of.first + (of.second - of.first) * w.part;
}

STRUCT(bt_path_weight)
{
    float4 beta; // product of scattering over the hero's densities
    float4 r_u;  // densities of this path for each wavelength as hero, over the hero's
    float4 r_l;  // the same, its last direction's density left to be multiplied in
};

FN bt_path_weight bt_path_weight_begin(void)
{
    bt_path_weight w;
    w.beta = splat4(1.0f);
    w.r_u = splat4(1.0f);
    w.r_l = splat4(0.0f);
    return w;
}
// Goes on in a direction sampled with density pdf[k] for each wavelength; pdf[0] > 0.
FN bt_path_weight bt_path_weight_scatter(bt_path_weight w, float4 f_cos, float4 pdf)
{
    float inverse = 1.0f / pdf[0];
    w.r_l = w.r_u * inverse;
    w.beta = w.beta * f_cos * inverse;
    w.r_u = w.r_u * pdf * inverse;
    return w;
}
// Contribution of light met by the path; light_pdf: density with which light sampling at the last
// vertex would have chosen this direction, 0 when it could not.
FN float4 bt_path_weight_met(bt_path_weight w, float4 radiance, float light_pdf)
{
    return w.beta * radiance * (4.0f / sum4(w.r_u + w.r_l * light_pdf));
}
// Contribution of light sampled at the last vertex with density light_pdf, where scattering would
// have chosen the direction with density pdf[k].
FN float4 bt_path_weight_lit(bt_path_weight w, float4 f_cos, float4 pdf, float4 radiance,
                             float light_pdf)
{
    return w.beta * f_cos * radiance * (4.0f / sum4(w.r_u * (pdf + light_pdf)));
}
FN float bt_mean4(float4 x)
{
    return 0.25f * sum4(x);
}

#endif
