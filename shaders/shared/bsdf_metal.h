// bsdf_metal.h: rough metal: GGX with Fresnel by Schlick and a dip near 82 degrees, and what bounces
// more than once between facets (Kulla and Conty 2017).
//
// The dip: Lazanyi and Szirmay-Kalos 2005 with the exponent of Kutz, Hasan, Edmondson 2021 ("Novel
// aspects of the Adobe Standard Material"): F = Schlick - a c (1 - c)^6. `edge_dip` is the share of
// Schlick's value that is missing at c = 1/7; metals by name carry it (engine/scene/metal.h).
#ifndef BT_SHARED_BSDF_METAL_H
#define BT_SHARED_BSDF_METAL_H

#include "shaders/shared/bsdf_coat.h"

// (1 - 1/7)^6 / 7, where the dip is deepest
#define BT_EDGE_DIP_PEAK 0.05665278f

FN float4 bt_metal_dip(float4 f0, float edge_dip)
{
    float s = bt_pow5(6.0f / 7.0f);
    return (f0 + (1.0f - f0) * s) * (edge_dip / BT_EDGE_DIP_PEAK);
}
FN float4 bt_metal_fresnel(float4 f0, float edge_dip, float cosine)
{
    float c = clampf(cosine, 0.0f, 1.0f);
    float s = bt_pow5(1.0f - c);
    float4 schlick = f0 + (1.0f - f0) * s;
    if (edge_dip <= 0.0f) return schlick;
    return max(schlick - bt_metal_dip(f0, edge_dip) * (c * (1.0f - c) * s), splat4(0.0f));
}
// Mean of 2 c F(c): Schlick's s^5 gives 1 / 21, c (1 - c)^6 gives 1 / 126.
FN float4 bt_metal_fresnel_mean(float4 f0, float edge_dip)
{
    float4 mean = f0 + (1.0f - f0) * (1.0f / 21.0f);
    if (edge_dip <= 0.0f) return mean;
    return max(mean - bt_metal_dip(f0, edge_dip) * (1.0f / 126.0f), splat4(0.0f));
}

FN bt_bsdf_value bt_conductor_eval(IN(bt_bsdf) s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v;
    float3 h = normalize3(D(s).wo + wi);
    float d = bt_bsdf_d(s, h);
    float4 fresnel = bt_metal_fresnel(D(s).color, D(s).edge_dip, dot3(h, wi));
    float2 albedo_i = bt_ggx_albedo(ggx, D(s).roughness, wi[2]);
    float rest_i = max(1.0f - albedo_i[0], 0.0f);
    float mean = 1.0f - D(s).rest_mean;
    float4 f_mean = bt_metal_fresnel_mean(D(s).color, D(s).edge_dip);
    float4 f_more = f_mean * f_mean * mean / (1.0f - f_mean * D(s).rest_mean);
    float more = D(s).rest_o * rest_i / max(D(s).rest_mean, 1e-4f) * (wi[2] * BT_INV_PI_F);
    v.f_cos = fresnel * bt_ggx_reflection(s, wi, d) + f_more * more;
    v.pdf = splat4((1.0f - D(s).rest_o) * bt_ggx_reflection_pdf(s, d) +
                   D(s).rest_o * (wi[2] * BT_INV_PI_F));
    return v;
}

// ---- between coat and metal ---------------------------------------------------------------------
// glTF 2.0, appendix B.2: a surface that is partly metal is the linear mix of the two. Their glossy
// lobes are one (the same facets) and so are their cosine lobes: one choice serves both.
FN bt_bsdf bt_part_metal_prepare(bt_bsdf made, bt_material m, float2 albedo_o, float2 albedo_mean)
{
    bt_bsdf s = made;
    s.metal = clampf(m.metal, 0.0f, 1.0f);
    s.edge_dip = m.edge_dip;
    s.rest_o = clampf(1.0f - albedo_o[0], 0.0f, 1.0f);
    s.rest_mean = clampf(1.0f - albedo_mean[0], 0.0f, 1.0f);
    float4 gloss = s.color * (s.metal * (1.0f - s.rest_o)) + s.coat_o * (1.0f - s.metal);
    float4 body = s.color * (s.metal * s.rest_o + (1.0f - s.metal) * (1.0f - s.coat_o));
    s.p_coat = gloss / max(gloss + body, splat4(1e-6f));
    s.p_coat = min(max(s.p_coat, splat4(0.05f)), splat4(0.95f));
    return s;
}
FN bt_bsdf_value bt_part_metal_eval(IN(bt_bsdf) s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v = bt_coated_eval(s, ggx, wi);
    v.f_cos = lerp4(v.f_cos, bt_conductor_eval(s, ggx, wi).f_cos, D(s).metal);
    return v;
}

#endif
