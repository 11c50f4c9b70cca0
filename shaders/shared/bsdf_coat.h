// bsdf_coat.h: a glossy dielectric coat over a diffuse body; leaves, which also let light through.
//
// The body under a coat is lit by what the coat lets through and seen through it again:
// f = c (1 - E(wo)) (1 - E(wi)) / (pi (1 - E_mean)), Kelemen and Szirmay-Kalos 2001. It takes up
// exactly what the coat (and light bouncing between its facets) leaves. `color` is the reflectance
// as measured without the gloss, so internal reflection below the coat is in it already.
#ifndef BT_SHARED_BSDF_COAT_H
#define BT_SHARED_BSDF_COAT_H

#include "shaders/shared/bsdf_types.h"

FN float bt_coat_albedo(float2 table, float f0)
{
    return clampf(f0 * table[0] + (1.0f - f0) * table[1], 0.0f, 1.0f);
}
FN float bt_coat_body(IN(bt_bsdf) s, BT_FLOATS ggx, float cos_i)
{
    return D(s).body * (1.0f - bt_coat_albedo(bt_ggx_albedo(ggx, D(s).roughness, cos_i), D(s).f0));
}
FN float bt_coat_fresnel(IN(bt_bsdf) s, float3 h, float3 wi)
{
    return D(s).f0 + (1.0f - D(s).f0) * bt_pow5(1.0f - clampf(dot3(h, wi), 0.0f, 1.0f));
}
// GGX reflection without its Fresnel term, D G2 / (4 cos_o), and its density, D G1 / (4 cos_o).
FN float bt_ggx_reflection(IN(bt_bsdf) s, float3 wi, float d)
{
    float g2 = 1.0f / (1.0f + D(s).lambda_o + bt_ggx_lambda(wi, D(s).alpha));
    return d * g2 / (4.0f * max(D(s).wo[2], 1e-6f));
}
FN float bt_ggx_reflection_pdf(IN(bt_bsdf) s, float d)
{
    return d / ((1.0f + D(s).lambda_o) * 4.0f * max(D(s).wo[2], 1e-6f));
}
FN float4 bt_leaf_choice(IN(bt_bsdf) s)
{
    return D(s).color / max(D(s).color + D(s).through, splat4(1e-6f));
}

FN bt_bsdf_value bt_coated_eval(IN(bt_bsdf) s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v;
    float3 h = normalize3(D(s).wo + wi);
    float d = bt_bsdf_d(s, h);
    float body = bt_coat_body(s, ggx, wi[2]);
    v.f_cos = D(s).color * (body * wi[2]) + bt_coat_fresnel(s, h, wi) * bt_ggx_reflection(s, wi, d);
    float4 p_body = (1.0f - D(s).p_coat) * (wi[2] * BT_INV_PI_F);
    if (D(s).kind == BT_MATERIAL_LEAF) p_body = p_body * bt_leaf_choice(s);
    v.pdf = D(s).p_coat * bt_ggx_reflection_pdf(s, d) + p_body;
    return v;
}
FN bt_bsdf_value bt_leaf_through_eval(IN(bt_bsdf) s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v;
    float cosine = -wi[2];
    v.f_cos = D(s).through * (bt_coat_body(s, ggx, cosine) * cosine);
    v.pdf = (1.0f - D(s).p_coat) * (1.0f - bt_leaf_choice(s)) * (cosine * BT_INV_PI_F);
    return v;
}

#endif
