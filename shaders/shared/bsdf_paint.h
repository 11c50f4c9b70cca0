// bsdf_paint.h: metallic paint: flakes that lie nearly flat in a coloured body under a clear coat.
//
// `flakes` of the body's light meets flakes: a GGX lobe of their slopes, alpha 0.16 as seen through
// the coat (chosen: flakes lean some 9 degrees), coloured like the body. What the coat takes from it
// is (1 - E(wo)) (1 - E(wi)) / (1 - F0): reciprocal, never a gain; light that the coat throws back
// down is lost, which at grazing angles is up to a fifth of the lobe. This is the mean of
// the flakes; single ones are the pattern's business (pattern_thing.h).
#ifndef BT_SHARED_BSDF_PAINT_H
#define BT_SHARED_BSDF_PAINT_H

#include "shaders/shared/bsdf_coat.h"

#define BT_FLAKE_ALPHA 0.16f

FN bt_bsdf bt_paint_prepare(bt_bsdf made, bt_material m)
{
    bt_bsdf s = made;
    s.second = clampf(m.flakes, 0.0f, 1.0f);
    s.second_o = bt_ggx_lambda(s.wo, BT_FLAKE_ALPHA);
    s.p_second = (1.0f - s.p_coat) * s.second;
    return s;
}
FN bt_bsdf_value bt_paint_eval(IN(bt_bsdf) s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v;
    float3 h = normalize3(D(s).wo + wi);
    float d = bt_bsdf_d(s, h);
    float left_i = 1.0f - bt_coat_albedo(bt_ggx_albedo(ggx, D(s).roughness, wi[2]), D(s).f0);
    float over = 0.25f / max(D(s).wo[2], 1e-6f);
    float flake = bt_ggx_d(h, BT_FLAKE_ALPHA) * over;
    float seen = flake / (1.0f + D(s).second_o + bt_ggx_lambda(wi, BT_FLAKE_ALPHA));
    float metal = (1.0f - D(s).coat_o) * left_i / (1.0f - D(s).f0) * seen;
    float under = lerp(D(s).body * left_i * wi[2], metal, D(s).second);
    float gloss = bt_coat_fresnel(s, h, wi) * bt_ggx_reflection(s, wi, d);
    v.f_cos = D(s).color * under + gloss;
    v.pdf = D(s).p_coat * bt_ggx_reflection_pdf(s, d) +
            D(s).p_second * (flake / (1.0f + D(s).second_o)) +
            (1.0f - D(s).p_coat - D(s).p_second) * (wi[2] * BT_INV_PI_F);
    return v;
}

#endif
