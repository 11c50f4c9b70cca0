// bsdf_cloth.h: fibres that stand off a diffuse body: Estevez and Kulla 2017, "Production friendly
// microfacet sheen BRDF": the distribution of eq. 2 with the visibility of Neubelt and Pettineo 2013.
//
// The sheen is white times `sheen`; the body takes up what it leaves, as under a coat. Albedos come
// from a table beside GGX's.
#ifndef BT_SHARED_BSDF_CLOTH_H
#define BT_SHARED_BSDF_CLOTH_H

#include "shaders/shared/bsdf_types.h"
#include "shaders/shared/ggx_sheen.h"

FN bt_bsdf bt_cloth_prepare(bt_bsdf made, BT_FLOATS ggx, bt_material m)
{
    bt_bsdf s = made;
    s.second = clampf(m.sheen, 0.0f, 1.0f);
    s.second_o = min(s.second * bt_sheen_albedo(ggx, s.roughness, s.wo[2]), 1.0f);
    float mean = min(s.second * bt_sheen_albedo_mean(ggx, s.roughness), 0.99f);
    s.body = (1.0f - s.second_o) / (1.0f - mean) * BT_INV_PI_F;
    float4 body = s.color * (1.0f - s.second_o) + 0.02f;
    s.p_second = s.second_o / (body + s.second_o);
    return s;
}
// The sheen is no lobe: its directions are even over the hemisphere.
FN bt_bsdf_value bt_cloth_eval(IN(bt_bsdf) s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v;
    float sheen = D(s).second * bt_sheen(D(s).roughness, D(s).wo, wi);
    float left = 1.0f - min(D(s).second * bt_sheen_albedo(ggx, D(s).roughness, wi[2]), 1.0f);
    v.f_cos = D(s).color * (D(s).body * left * wi[2]) + sheen * wi[2];
    v.pdf = D(s).p_second * (0.5f * BT_INV_PI_F) + (1.0f - D(s).p_second) * (wi[2] * BT_INV_PI_F);
    return v;
}
FN float3 bt_hemisphere_sample(float u0, float u1)
{
    float z = 1.0f - u1;
    float r = sqrt(max(1.0f - z * z, 0.0f));
    float2 sc = pm_sincos(2.0f * BT_PI_F * u0);
    return float3(r * sc[1], r * sc[0], z);
}

#endif
