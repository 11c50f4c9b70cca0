// bsdf_glass.h: solid rough dielectrics that refract, and thin panes that do not.
//
// Walter et al. 2007, eqs. 20, 21, 38..41, radiance scaled by 1 / eta^2. What one bounce loses
// between facets is given back as a factor 1 / E(wo) from a table (Turquin 2019, "Practical multiple
// scattering compensation for microfacet models"): energy is kept within 1 % for indices 1.1 to 2,
// at the price of reciprocity, which holds only up to E(wi) / E(wo).
#ifndef BT_SHARED_BSDF_GLASS_H
#define BT_SHARED_BSDF_GLASS_H

#include "shaders/shared/bsdf_types.h"
#include "shaders/shared/ggx_glass.h"

FN bt_bsdf_value bt_dielectric_eval(IN(bt_bsdf) s, float3 wi)
{
    bt_bsdf_value v = bt_bsdf_nothing();
    bool reflects = wi[2] > 0.0f;
    float3 h = reflects ? D(s).wo + wi : D(s).wo + wi * D(s).eta;
    h = normalize3(h);
    if (h[2] < 0.0f) h = h * -1.0f;
    float o_h = dot3(D(s).wo, h);
    float i_h = dot3(wi, h);
    if (o_h <= 0.0f || (i_h > 0.0f) != reflects) return v;
    float r = bt_fresnel_unpolarised(o_h, D(s).eta);
    float d = bt_ggx_d(h, D(s).alpha);
    float g1 = 1.0f / (1.0f + D(s).lambda_o);
    float g2 = 1.0f / (1.0f + D(s).lambda_o + bt_ggx_lambda(wi, D(s).alpha));
    float over = 1.0f / max(D(s).wo[2], 1e-6f);
    if (reflects) {
        v.f_cos = splat4(D(s).again * r * d * g2 * 0.25f * over);
        v.pdf = splat4(r * d * g1 * 0.25f * over);
        return v;
    }
    // dh/dwi = eta^2 |i.h| / (o.h + eta i.h)^2, and f carries another 1 / eta^2 for radiance
    float denominator = max(sqr(o_h + D(s).eta * i_h), 1e-9f);
    float jacobian = D(s).eta * D(s).eta * abs(i_h) / denominator;
    v.f_cos = D(s).color *
              (D(s).again * (1.0f - r) * d * g2 * o_h * over * jacobian / (D(s).eta * D(s).eta));
    v.pdf = splat4((1.0f - r) * d * g1 * o_h * over * jacobian);
    return v;
}
FN float3 bt_refract(float3 wo, float3 h, float eta, float cos_t)
{
    float o_h = dot3(wo, h);
    return h * (o_h / eta - cos_t) - wo * (1.0f / eta);
}
FN float3 bt_dielectric_direction(IN(bt_bsdf) s, float4 u)
{
    float3 h = bt_ggx_sample(D(s).wo, D(s).alpha, u[0], u[1]);
    bt_interface f = bt_fresnel_interface(dot3(D(s).wo, h), D(s).eta);
    // the wrong side: lost between facets, and no business of the other lobe's density
    if (u[2] < 0.5f * (f.r_s + f.r_p)) {
        float3 reflected = reflect3(D(s).wo, h);
        return reflected[2] > 0.0f ? reflected : splat3(0.0f);
    }
    float3 refracted = normalize3(bt_refract(D(s).wo, h, D(s).eta, f.cos_t));
    return refracted[2] < 0.0f ? refracted : splat3(0.0f);
}

FN bt_bsdf_sample bt_glass_thin_sample(IN(bt_bsdf) s, float4 u)
{
    bt_bsdf_sample r;
    bt_pane pane = bt_pane_at(D(s).wo[2], D(s).ior, D(s).color);
    // one choice for all four wavelengths: nothing spectral in the sampling
    float reflected = 0.25f * sum4(pane.reflected);
    float transmitted = 0.25f * sum4(pane.transmitted);
    float p = reflected / max(reflected + transmitted, 1e-6f);
    bool reflects = u[2] < p;
    r.scatter = reflects ? BT_SCATTER_MIRROR : BT_SCATTER_THROUGH;
    float3 wi = reflects ? float3(-D(s).wo[0], -D(s).wo[1], D(s).wo[2]) : D(s).wo * -1.0f;
    r.wi = bt_frame_from(D(s).frame, wi);
    r.f_cos = reflects ? pane.reflected : pane.transmitted;
    r.pdf = splat4(reflects ? p : 1.0f - p);
    return r;
}
// What a pane mirrors when its normals turn by so much about the shading one (Walter et al. 2007, eq. 20), times the
// cosine; wi in the shading frame.
FN float4 bt_pane_glint(IN(bt_bsdf) s, float alpha, float3 wi)
{
    if (!(wi[2] > 0.0f)) return splat4(0.0f);
    float3 h = normalize3(D(s).wo + wi);
    float gloss = 0.25f * bt_ggx_d(h, alpha) * bt_ggx_g2(D(s).wo, wi, alpha) / D(s).wo[2];
    return bt_pane_at(dot3(D(s).wo, h), D(s).ior, D(s).color).reflected * gloss;
}

#endif
