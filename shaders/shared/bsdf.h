// bsdf.h: how surfaces scatter light, at four wavelengths: evaluate, sample, density.
//
// Directions wo (to the viewer) and wi (to the light) are unit, in the frame of the surface's
// vectors, both pointing away from the point. Values are f |cos(wi)|. Densities are per solid angle
// and one for each wavelength, for the choice between lobes follows the hero's reflectance.
//
// Energy: with every reflectance 1, and no loss to shading normals, DIFFUSE, CONDUCTOR, COATED, LEAF
// and CLOTH return all light within 0.5 % (tests/shaders/shared/bsdf_test.c), RETRO and DIELECTRIC
// within 1 %; PAINT of 0.6 flakes loses up to 11 % at grazing angles, 3 % along the normal;
// GLASS_THIN is exact. All but DIELECTRIC are reciprocal.
//
// One file per family: bsdf_diffuse.h, bsdf_coat.h, bsdf_metal.h, bsdf_glass.h, bsdf_retro.h,
// bsdf_cloth.h, bsdf_paint.h; bsdf_wet.h puts water on them when they are made.
#ifndef BT_SHARED_BSDF_H
#define BT_SHARED_BSDF_H

#include "shaders/shared/bsdf_cloth.h"
#include "shaders/shared/bsdf_coat.h"
#include "shaders/shared/bsdf_diffuse.h"
#include "shaders/shared/bsdf_glass.h"
#include "shaders/shared/bsdf_metal.h"
#include "shaders/shared/bsdf_paint.h"
#include "shaders/shared/bsdf_retro.h"
#include "shaders/shared/bsdf_types.h"
#include "shaders/shared/bsdf_wet.h"

// Value and densities for a direction in the surface's outer frame.
FN bt_bsdf_value bt_bsdf_eval(IN(bt_bsdf) s, BT_FLOATS ggx, float3 wi_outer)
{
    float3 wi = bt_frame_to(D(s).frame, wi_outer);
    bool above = dot3(wi_outer, D(s).ng) > 0.0f;
    // shading and geometric normal must agree on the side
    if (above != (wi[2] > 0.0f) || wi[2] == 0.0f) return bt_bsdf_nothing();
    if (!above) {
        if (D(s).kind == BT_MATERIAL_LEAF) return bt_leaf_through_eval(s, ggx, wi);
        if (D(s).kind == BT_MATERIAL_DIELECTRIC) return bt_dielectric_eval(s, wi);
        return bt_bsdf_nothing();
    }
    if (D(s).kind == BT_MATERIAL_COATED && D(s).metal > 0.0f) return bt_part_metal_eval(s, ggx, wi);
    if (D(s).kind == BT_MATERIAL_COATED || D(s).kind == BT_MATERIAL_LEAF)
        return bt_coated_eval(s, ggx, wi);
    if (D(s).kind == BT_MATERIAL_CONDUCTOR) return bt_conductor_eval(s, ggx, wi);
    if (D(s).kind == BT_MATERIAL_DIELECTRIC) return bt_dielectric_eval(s, wi);
    if (D(s).kind == BT_MATERIAL_GLASS_THIN) return bt_bsdf_nothing();
    if (D(s).kind == BT_MATERIAL_RETRO) return bt_retro_eval(s, ggx, wi);
    if (D(s).kind == BT_MATERIAL_CLOTH) return bt_cloth_eval(s, ggx, wi);
    if (D(s).kind == BT_MATERIAL_PAINT) return bt_paint_eval(s, ggx, wi);
    bt_bsdf_value v;
    v.f_cos = bt_eon(D(s).color, D(s).roughness, D(s).wo, wi) * wi[2];
    v.pdf = splat4(wi[2] * BT_INV_PI_F);
    return v;
}

FN bool bt_bsdf_has_coat(uint kind)
{
    return kind == BT_MATERIAL_COATED || kind == BT_MATERIAL_LEAF || kind == BT_MATERIAL_RETRO ||
           kind == BT_MATERIAL_PAINT;
}
FN float3 bt_bsdf_reflect(float3 wo, float alpha, float4 u)
{
    float3 glint = reflect3(wo, bt_ggx_sample(wo, alpha, u[0], u[1]));
    return glint[2] > 0.0f ? glint : splat3(0.0f); // into the surface: lost between facets
}
// The lobe of RETRO, CLOTH, PAINT that is neither coat nor body.
FN float3 bt_bsdf_second_direction(IN(bt_bsdf) s, float4 u)
{
    if (D(s).kind == BT_MATERIAL_CLOTH) return bt_hemisphere_sample(u[0], u[1]);
    if (D(s).kind == BT_MATERIAL_PAINT) return bt_bsdf_reflect(D(s).wo, BT_FLAKE_ALPHA, u);
    float3 back = bt_retro_direction(D(s).retro, D(s).wo, u[0], u[1]);
    return back[2] > 0.0f ? back : splat3(0.0f);
}
// A direction in the shading frame, or zero: none; u[0], u[1] the direction, u[2] the lobe.
FN float3 bt_bsdf_direction(IN(bt_bsdf) s, float4 u)
{
    if (D(s).kind == BT_MATERIAL_DIELECTRIC) return bt_dielectric_direction(s, u);
    float p_gloss = 0.0f;
    if (D(s).kind == BT_MATERIAL_CONDUCTOR) p_gloss = 1.0f - D(s).rest_o;
    if (bt_bsdf_has_coat(D(s).kind)) p_gloss = D(s).p_coat[0];
    if (u[2] < p_gloss) return bt_bsdf_reflect(D(s).wo, D(s).alpha, u);
    if (u[2] < p_gloss + D(s).p_second[0]) return bt_bsdf_second_direction(s, u);
    float3 wi = bt_cosine_sample(u[0], u[1]);
    if (D(s).kind == BT_MATERIAL_LEAF) {
        float4 p_reflect = bt_leaf_choice(s);
        if ((u[2] - p_gloss) >= (1.0f - p_gloss) * p_reflect[0]) wi[2] = -wi[2];
    }
    return wi;
}
// A direction that was drawn, of anything but a thin pane.
FN bt_bsdf_sample bt_bsdf_towards(IN(bt_bsdf) s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_sample r;
    r.wi = wi;
    bt_bsdf_value v = bt_bsdf_eval(s, ggx, r.wi);
    r.f_cos = v.f_cos;
    r.pdf = v.pdf;
    r.scatter = v.pdf[0] > 0.0f && any_above0(v.f_cos) ? BT_SCATTER_ROUGH : BT_SCATTER_NONE;
    return r;
}
FN bt_bsdf_sample bt_bsdf_scatter(IN(bt_bsdf) s, BT_FLOATS ggx, float4 u)
{
    if (D(s).kind == BT_MATERIAL_GLASS_THIN) return bt_glass_thin_sample(s, u);
    return bt_bsdf_towards(s, ggx, bt_frame_from(D(s).frame, bt_bsdf_direction(s, u)));
}

// ---- making -----------------------------------------------------------------------------------
FN bt_bsdf bt_bsdf_plain(bt_material m, float3 n, float3 ng, float3 wo_outer)
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
    s.eta = s.ior;
    s.f0 = bt_fresnel_f0(s.ior);
    s.spread = splat3(0.0f);
    s.color = splat4(0.0f);
    s.through = splat4(0.0f);
    s.alpha = 1.0f;
    s.roughness = 1.0f;
    s.lambda_o = 0.0f;
    s.rest_o = 0.0f;
    s.rest_mean = 0.0f;
    s.coat_o = 0.0f;
    s.metal = 0.0f;
    s.body = 0.0f;
    s.p_coat = splat4(0.0f);
    s.p_second = splat4(0.0f);
    s.edge_dip = 0.0f;
    s.again = 1.0f;
    s.second = 0.0f;
    s.second_o = 0.0f;
    s.retro.width2 = 1.0f;
    s.retro.tail = 2.0f;
    s.retro.tilt = 0.0f;
    s.retro.norm = 1.0f;
    return s;
}
// Puts water over what has been made so far: the body's colour, the coat's index and roughness.
FN bt_bsdf bt_bsdf_wet(bt_bsdf dry, bt_material m, float up)
{
    bt_bsdf s = dry;
    float film = bt_wet_film(m.wet, up);
    float f0 = bt_fresnel_f0(BT_WATER_IOR);
    if (s.kind != BT_MATERIAL_GLASS_THIN && s.kind != BT_MATERIAL_DIELECTRIC &&
        s.kind != BT_MATERIAL_CLOTH)
        s.roughness = lerp(s.roughness, min(s.roughness, BT_WATER_ROUGHNESS), film);
    if (!bt_wet_has_body(s.kind)) return s;
    s.color = bt_wet_body(s.color, m.wet, m.porosity);
    if (s.kind == BT_MATERIAL_CLOTH) return s;
    if (s.kind == BT_MATERIAL_DIFFUSE) {
        s.kind = BT_MATERIAL_COATED;
        s.f0 = f0 * film;
    } else {
        s.f0 = lerp(s.f0, f0, film);
    }
    return s;
}
FN bt_bsdf bt_bsdf_make_metal(bt_bsdf made, bt_material m, float2 albedo_o, float2 albedo_mean)
{
    bt_bsdf s = made;
    s.edge_dip = m.edge_dip;
    s.rest_o = clampf(1.0f - albedo_o[0], 0.0f, 1.0f);
    s.rest_mean = clampf(1.0f - albedo_mean[0], 0.0f, 1.0f);
    return s;
}
FN bt_bsdf bt_bsdf_make_coat(bt_bsdf made, float2 albedo_o, float2 albedo_mean)
{
    bt_bsdf s = made;
    s.coat_o = bt_coat_albedo(albedo_o, s.f0);
    float coat_mean = bt_coat_albedo(albedo_mean, s.f0);
    s.body = (1.0f - s.coat_o) / max(1.0f - coat_mean, 1e-3f) * BT_INV_PI_F;
    float4 body = (s.color + s.through) * (1.0f - s.coat_o);
    s.p_coat = s.coat_o / max(body + s.coat_o, splat4(1e-6f));
    s.p_coat = min(max(s.p_coat, splat4(0.05f)), splat4(0.95f));
    return s;
}
// Builds one. n: shading normal made consistent, ng: geometric, both on the viewer's side, third
// component up; color, through: reflectances at the four wavelengths; front: the viewer is outside
// (DIELECTRIC); alpha_floor: least GGX alpha, for paths that have been blurred already.
FN_IN bt_bsdf bt_bsdf_make(bt_material m, BT_FLOATS ggx, float3 n, float3 ng, float3 wo_outer,
                        float roughness, float4 color, float4 through, bool front,
                        float alpha_floor)
{
    bt_bsdf s = bt_bsdf_plain(m, n, ng, wo_outer);
    if (!front) s.eta = 1.0f / s.ior;
    s.color = color;
    s.roughness = roughness;
    if (m.wet > 0.0f) s = bt_bsdf_wet(s, m, n[2]);
    if (s.kind == BT_MATERIAL_DIFFUSE || s.kind == BT_MATERIAL_GLASS_THIN) return s;
    if (s.kind == BT_MATERIAL_CLOTH) return bt_cloth_prepare(s, ggx, m);
    s.alpha = max(bt_ggx_alpha(s.roughness), alpha_floor);
    s.lambda_o = bt_ggx_lambda(s.wo, s.alpha);
    s.roughness = sqrt(s.alpha);
    if (s.kind == BT_MATERIAL_DIELECTRIC) {
        s.again = 1.0f / bt_glass_albedo(ggx, s.eta, s.roughness, s.wo[2]);
        return s;
    }
    float2 albedo_o = bt_ggx_albedo(ggx, s.roughness, s.wo[2]);
    float2 albedo_mean = bt_ggx_albedo_mean(ggx, s.roughness);
    if (s.kind == BT_MATERIAL_CONDUCTOR) return bt_bsdf_make_metal(s, m, albedo_o, albedo_mean);
    if (s.kind == BT_MATERIAL_LEAF) {
        // no more leaves than comes
        float4 most = max(color + through, splat4(1.0f));
        s.color = color / most;
        s.through = through / most;
    }
    s = bt_bsdf_make_coat(s, albedo_o, albedo_mean);
    if (m.kind == BT_MATERIAL_COATED && m.metal > 0.0f)
        return bt_part_metal_prepare(s, m, albedo_o, albedo_mean);
    if (s.kind == BT_MATERIAL_RETRO) return bt_retro_prepare(s, m, albedo_mean);
    if (s.kind == BT_MATERIAL_PAINT) return bt_paint_prepare(s, m);
    return s;
}

#endif
