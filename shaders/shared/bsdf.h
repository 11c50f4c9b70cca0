// bsdf.h: how surfaces scatter light, at four wavelengths: evaluate, sample, density.
//
// Directions wo (to the viewer) and wi (to the light) are unit, in the frame of the surface's
// vectors, both pointing away from the point. Values are f |cos(wi)|. Densities are per solid angle
// and one for each wavelength, for the choice between lobes follows the hero's reflectance.
//
// Energy: with every reflectance 1, and no loss to shading normals, DIFFUSE, CONDUCTOR, COATED and
// LEAF return all light within 0.5 % (tests/shaders/shared/bsdf_test.c); DIELECTRIC loses what
// bounces twice between facets; GLASS_THIN is exact.
#ifndef BT_SHARED_BSDF_H
#define BT_SHARED_BSDF_H

#include "shaders/shared/frame.h"
#include "shaders/shared/fresnel.h"
#include "shaders/shared/ggx.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/tables.h"
#include "shaders/shared/types.h"

#define BT_SCATTER_NONE 0u    // absorbed: the path ends
#define BT_SCATTER_ROUGH 1u   // a density over directions
#define BT_SCATTER_MIRROR 2u  // one direction: pdf holds the probability of having chosen it
#define BT_SCATTER_THROUGH 3u // as MIRROR, straight through: as if the surface were only a filter

STRUCT(bt_bsdf)
{
    uint kind;
    bt_frame frame; // about the shading normal
    float3 ng;      // geometric normal on the viewer's side
    float3 wo;      // to the viewer, in the shading frame
    float alpha;
    float roughness;
    float f0;        // of the coat at normal incidence
    float eta;       // DIELECTRIC: index of the far side over the near side's
    float ior;       // GLASS_THIN
    float4 color;    // reflectance, F0 or tint
    float4 through;  // LEAF: what passes
    float lambda_o;  // masking of wo
    float rest_o;    // CONDUCTOR: what leaves after more than one bounce, for wo
    float rest_mean; // and its mean
    float coat_o;    // COATED, LEAF: albedo of the coat at wo
    float body;      // (1 - coat_o) / (pi (1 - mean of the coat's albedo))
    float4 p_coat;   // probability of choosing the coat, for each wavelength as hero
};

STRUCT(bt_bsdf_value)
{
    float4 f_cos;
    float4 pdf;
};

STRUCT(bt_bsdf_sample)
{
    uint scatter; // BT_SCATTER_*
    float3 wi;    // in the surface's outer frame
    float4 f_cos; // MIRROR, THROUGH: the factor on radiance
    float4 pdf;   // MIRROR, THROUGH: probability of the choice
};

FN bt_bsdf_value bt_bsdf_nothing(void)
{
    bt_bsdf_value v;
    v.f_cos = splat4(0.0f);
    v.pdf = splat4(0.0f);
    return v;
}

// ---- diffuse: Portsmouth, Kutz, Hill 2024, "EON: a practical energy-preserving rough diffuse BRDF"
#define BT_EON_C1 0.28779341f // 1/2 - 2 / (3 pi)
#define BT_EON_C2 0.07248821f // 2/3 - 28 / (15 pi)

// Albedo of the single-scattering part, with the authors' polynomial for G / pi.
FN float bt_eon_albedo(float cosine, float r)
{
    float s = 1.0f - clampf(cosine, 0.0f, 1.0f);
    float g = 0.0571085289f + s * (0.491881867f + s * (-0.332181442f + s * 0.0714429953f));
    return (1.0f + r * s * g) / (1.0f + BT_EON_C1 * r);
}
// f of a rough diffuse surface; wo, wi in its frame, both above.
FN float4 bt_eon(float4 color, float r, float3 wo, float3 wi)
{
    if (r <= 0.0f) return color * BT_INV_PI_F;
    float s = wo[0] * wi[0] + wo[1] * wi[1];
    float t = s > 0.0f ? s / max(max(wo[2], wi[2]), 1e-6f) : s;
    float af = 1.0f / (1.0f + BT_EON_C1 * r);
    float mean = af * (1.0f + BT_EON_C2 * r);
    float lost_o = max(1.0f - bt_eon_albedo(wo[2], r), 0.0f);
    float lost_i = max(1.0f - bt_eon_albedo(wi[2], r), 0.0f);
    float4 multiple = color * color * mean / (1.0f - color * (1.0f - mean));
    float again = lost_o * lost_i / max(1.0f - mean, 1e-6f);
    return (color * (af * (1.0f + r * t)) + multiple * again) * BT_INV_PI_F;
}

// ---- coat over diffuse ------------------------------------------------------------------------
// The body under a coat is lit by what the coat lets through and seen through it again:
// f = c (1 - E(wo)) (1 - E(wi)) / (pi (1 - E_mean)), Kelemen and Szirmay-Kalos 2001. It takes up
// exactly what the coat (and light bouncing between its facets) leaves. `color` is the reflectance
// as measured without the gloss, so internal reflection below the coat is in it already.
FN float bt_coat_albedo(float2 table, float f0)
{
    return clampf(f0 * table[0] + (1.0f - f0) * table[1], 0.0f, 1.0f);
}
FN float bt_coat_body(bt_bsdf s, BT_FLOATS ggx, float cos_i)
{
    return s.body * (1.0f - bt_coat_albedo(bt_ggx_albedo(ggx, s.roughness, cos_i), s.f0));
}
// GGX reflection without its Fresnel term, D G2 / (4 cos_o), and its density, D G1 / (4 cos_o).
FN float bt_ggx_reflection(bt_bsdf s, float3 wi, float d)
{
    float g2 = 1.0f / (1.0f + s.lambda_o + bt_ggx_lambda(wi, s.alpha));
    return d * g2 / (4.0f * max(s.wo[2], 1e-6f));
}
FN float bt_ggx_reflection_pdf(bt_bsdf s, float d)
{
    return d / ((1.0f + s.lambda_o) * 4.0f * max(s.wo[2], 1e-6f));
}
FN float4 bt_leaf_choice(bt_bsdf s)
{
    return s.color / max(s.color + s.through, splat4(1e-6f));
}

FN bt_bsdf_value bt_coated_eval(bt_bsdf s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v;
    float3 h = normalize3(s.wo + wi);
    float d = bt_ggx_d(h, s.alpha);
    float fresnel = s.f0 + (1.0f - s.f0) * bt_pow5(1.0f - clampf(dot3(h, wi), 0.0f, 1.0f));
    float body = bt_coat_body(s, ggx, wi[2]);
    v.f_cos = s.color * (body * wi[2]) + fresnel * bt_ggx_reflection(s, wi, d);
    float4 p_body = (1.0f - s.p_coat) * (wi[2] * BT_INV_PI_F);
    if (s.kind == BT_MATERIAL_LEAF) p_body = p_body * bt_leaf_choice(s);
    v.pdf = s.p_coat * bt_ggx_reflection_pdf(s, d) + p_body;
    return v;
}
FN bt_bsdf_value bt_leaf_through_eval(bt_bsdf s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v;
    float cosine = -wi[2];
    v.f_cos = s.through * (bt_coat_body(s, ggx, cosine) * cosine);
    v.pdf = (1.0f - s.p_coat) * (1.0f - bt_leaf_choice(s)) * (cosine * BT_INV_PI_F);
    return v;
}

// ---- rough metal ------------------------------------------------------------------------------
FN bt_bsdf_value bt_conductor_eval(bt_bsdf s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v;
    float3 h = normalize3(s.wo + wi);
    float d = bt_ggx_d(h, s.alpha);
    float4 fresnel = bt_fresnel_schlick4(s.color, dot3(h, wi));
    float2 albedo_i = bt_ggx_albedo(ggx, s.roughness, wi[2]);
    float rest_i = max(1.0f - albedo_i[0], 0.0f);
    float mean = 1.0f - s.rest_mean;
    float4 f_mean = s.color + (1.0f - s.color) * (1.0f / 21.0f);
    float4 f_more = f_mean * f_mean * mean / (1.0f - f_mean * s.rest_mean);
    float more = s.rest_o * rest_i / max(s.rest_mean, 1e-4f) * (wi[2] * BT_INV_PI_F);
    v.f_cos = fresnel * bt_ggx_reflection(s, wi, d) + f_more * more;
    v.pdf =
        splat4((1.0f - s.rest_o) * bt_ggx_reflection_pdf(s, d) + s.rest_o * (wi[2] * BT_INV_PI_F));
    return v;
}

// ---- rough dielectric: Walter et al. 2007, eqs. 20, 21, 38..41, radiance scaled by 1 / eta^2 ----
FN bt_bsdf_value bt_dielectric_eval(bt_bsdf s, float3 wi)
{
    bt_bsdf_value v = bt_bsdf_nothing();
    bool reflects = wi[2] > 0.0f;
    float3 h = reflects ? s.wo + wi : s.wo + wi * s.eta;
    h = normalize3(h);
    if (h[2] < 0.0f) h = h * -1.0f;
    float o_h = dot3(s.wo, h);
    float i_h = dot3(wi, h);
    if (o_h <= 0.0f || (i_h > 0.0f) != reflects) return v;
    float r = bt_fresnel_unpolarised(o_h, s.eta);
    float d = bt_ggx_d(h, s.alpha);
    float g1 = 1.0f / (1.0f + s.lambda_o);
    float g2 = 1.0f / (1.0f + s.lambda_o + bt_ggx_lambda(wi, s.alpha));
    float over = 1.0f / max(s.wo[2], 1e-6f);
    if (reflects) {
        v.f_cos = splat4(r * d * g2 * 0.25f * over);
        v.pdf = splat4(r * d * g1 * 0.25f * over);
        return v;
    }
    // dh/dwi = eta^2 |i.h| / (o.h + eta i.h)^2, and f carries another 1 / eta^2 for radiance
    float denominator = max(sqr(o_h + s.eta * i_h), 1e-9f);
    float jacobian = s.eta * s.eta * abs(i_h) / denominator;
    v.f_cos = s.color * ((1.0f - r) * d * g2 * o_h * over * jacobian / (s.eta * s.eta));
    v.pdf = splat4((1.0f - r) * d * g1 * o_h * over * jacobian);
    return v;
}
FN float3 bt_refract(float3 wo, float3 h, float eta, float cos_t)
{
    float o_h = dot3(wo, h);
    return h * (o_h / eta - cos_t) - wo * (1.0f / eta);
}
FN float3 bt_dielectric_direction(bt_bsdf s, float4 u)
{
    float3 h = bt_ggx_sample(s.wo, s.alpha, u[0], u[1]);
    bt_interface f = bt_fresnel_interface(dot3(s.wo, h), s.eta);
    if (u[2] < 0.5f * (f.r_s + f.r_p)) return reflect3(s.wo, h);
    return normalize3(bt_refract(s.wo, h, s.eta, f.cos_t));
}

// ---- all --------------------------------------------------------------------------------------
// Value and densities for a direction in the surface's outer frame.
FN bt_bsdf_value bt_bsdf_eval(bt_bsdf s, BT_FLOATS ggx, float3 wi_outer)
{
    float3 wi = bt_frame_to(s.frame, wi_outer);
    bool above = dot3(wi_outer, s.ng) > 0.0f;
    // shading and geometric normal must agree on the side
    if (above != (wi[2] > 0.0f) || wi[2] == 0.0f) return bt_bsdf_nothing();
    if (!above) {
        if (s.kind == BT_MATERIAL_LEAF) return bt_leaf_through_eval(s, ggx, wi);
        if (s.kind == BT_MATERIAL_DIELECTRIC) return bt_dielectric_eval(s, wi);
        return bt_bsdf_nothing();
    }
    if (s.kind == BT_MATERIAL_COATED || s.kind == BT_MATERIAL_LEAF)
        return bt_coated_eval(s, ggx, wi);
    if (s.kind == BT_MATERIAL_CONDUCTOR) return bt_conductor_eval(s, ggx, wi);
    if (s.kind == BT_MATERIAL_DIELECTRIC) return bt_dielectric_eval(s, wi);
    if (s.kind == BT_MATERIAL_GLASS_THIN) return bt_bsdf_nothing();
    bt_bsdf_value v;
    v.f_cos = bt_eon(s.color, s.roughness, s.wo, wi) * wi[2];
    v.pdf = splat4(wi[2] * BT_INV_PI_F);
    return v;
}

FN bt_bsdf_sample bt_glass_thin_sample(bt_bsdf s, float4 u)
{
    bt_bsdf_sample r;
    bt_pane pane = bt_pane_at(s.wo[2], s.ior, s.color);
    // one choice for all four wavelengths: nothing spectral in the sampling
    float reflected = 0.25f * sum4(pane.reflected);
    float transmitted = 0.25f * sum4(pane.transmitted);
    float p = reflected / max(reflected + transmitted, 1e-6f);
    bool reflects = u[2] < p;
    r.scatter = reflects ? BT_SCATTER_MIRROR : BT_SCATTER_THROUGH;
    float3 wi = reflects ? float3(-s.wo[0], -s.wo[1], s.wo[2]) : s.wo * -1.0f;
    r.wi = bt_frame_from(s.frame, wi);
    r.f_cos = reflects ? pane.reflected : pane.transmitted;
    r.pdf = splat4(reflects ? p : 1.0f - p);
    return r;
}
// A direction in the shading frame, or zero: none; u[0], u[1] the direction, u[2] the lobe.
FN float3 bt_bsdf_direction(bt_bsdf s, float4 u)
{
    if (s.kind == BT_MATERIAL_DIELECTRIC) return bt_dielectric_direction(s, u);
    float p_gloss = 0.0f;
    if (s.kind == BT_MATERIAL_CONDUCTOR) p_gloss = 1.0f - s.rest_o;
    if (s.kind == BT_MATERIAL_COATED || s.kind == BT_MATERIAL_LEAF) {
        p_gloss = s.p_coat[0];
    }
    if (u[2] < p_gloss) {
        float3 glint = reflect3(s.wo, bt_ggx_sample(s.wo, s.alpha, u[0], u[1]));
        return glint[2] > 0.0f ? glint : splat3(0.0f); // into the surface: lost between facets
    }
    float3 wi = bt_cosine_sample(u[0], u[1]);
    if (s.kind == BT_MATERIAL_LEAF) {
        float4 p_reflect = bt_leaf_choice(s);
        if ((u[2] - p_gloss) >= (1.0f - p_gloss) * p_reflect[0]) wi[2] = -wi[2];
    }
    return wi;
}
FN bt_bsdf_sample bt_bsdf_scatter(bt_bsdf s, BT_FLOATS ggx, float4 u)
{
    if (s.kind == BT_MATERIAL_GLASS_THIN) return bt_glass_thin_sample(s, u);
    bt_bsdf_sample r;
    r.wi = bt_frame_from(s.frame, bt_bsdf_direction(s, u));
    bt_bsdf_value v = bt_bsdf_eval(s, ggx, r.wi);
    r.f_cos = v.f_cos;
    r.pdf = v.pdf;
    r.scatter = v.pdf[0] > 0.0f && max_of4(v.f_cos) > 0.0f ? BT_SCATTER_ROUGH : BT_SCATTER_NONE;
    return r;
}

// Builds one. n: shading normal made consistent, ng: geometric, both on the viewer's side; color,
// through: reflectances at the four wavelengths; front: the viewer is outside (DIELECTRIC);
// alpha_floor: least GGX alpha, for paths that have been blurred already.
FN bt_bsdf bt_bsdf_make(bt_material m, BT_FLOATS ggx, float3 n, float3 ng, float3 wo_outer,
                        float roughness, float4 color, float4 through, bool front,
                        float alpha_floor)
{
    bt_bsdf s;
    s.kind = m.kind;
    s.frame = bt_frame_about(n);
    s.ng = ng;
    s.wo = bt_frame_to(s.frame, wo_outer);
    if (s.wo[2] < 1e-4f) {
        s.wo[2] = 1e-4f;
        s.wo = normalize3(s.wo);
    }
    s.ior = m.ior > 0.0f ? m.ior : 1.5f;
    s.eta = front ? s.ior : 1.0f / s.ior;
    s.f0 = bt_fresnel_f0(s.ior);
    s.color = color;
    s.through = splat4(0.0f);
    s.alpha = 1.0f;
    s.roughness = roughness;
    s.lambda_o = 0.0f;
    s.rest_o = 0.0f;
    s.rest_mean = 0.0f;
    s.coat_o = 0.0f;
    s.body = 0.0f;
    s.p_coat = splat4(0.0f);
    if (m.kind == BT_MATERIAL_DIFFUSE || m.kind == BT_MATERIAL_GLASS_THIN) return s;
    s.alpha = max(bt_ggx_alpha(roughness), alpha_floor);
    s.lambda_o = bt_ggx_lambda(s.wo, s.alpha);
    if (m.kind == BT_MATERIAL_DIELECTRIC) return s;
    s.roughness = sqrt(s.alpha);
    float2 albedo_o = bt_ggx_albedo(ggx, s.roughness, s.wo[2]);
    float2 albedo_mean = bt_ggx_albedo_mean(ggx, s.roughness);
    if (m.kind == BT_MATERIAL_CONDUCTOR) {
        s.rest_o = clampf(1.0f - albedo_o[0], 0.0f, 1.0f);
        s.rest_mean = clampf(1.0f - albedo_mean[0], 0.0f, 1.0f);
        return s;
    }
    if (m.kind == BT_MATERIAL_LEAF) {
        // no more leaves than comes
        float4 most = max(color + through, splat4(1.0f));
        s.color = color / most;
        s.through = through / most;
    }
    s.coat_o = bt_coat_albedo(albedo_o, s.f0);
    float coat_mean = bt_coat_albedo(albedo_mean, s.f0);
    s.body = (1.0f - s.coat_o) / max(1.0f - coat_mean, 1e-3f) * BT_INV_PI_F;
    float4 body = (s.color + s.through) * (1.0f - s.coat_o);
    s.p_coat = s.coat_o / max(body + s.coat_o, splat4(1e-6f));
    s.p_coat = min(max(s.p_coat, splat4(0.05f)), splat4(0.95f));
    return s;
}

#endif
