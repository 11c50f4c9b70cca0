// bsdf_retro.h: surfaces that send light back to its lamp: sign sheeting, road paint with glass beads.
//
// f = c P D(a) (cos_o cos_i)^q, D = (1 + (2 sin(a/2))^2 / w^2)^-k, a the angle between wo and wi
// (observation), c the colour, w `retro_spread_rad`, k `retro_tail`, q `retro_tilt`: reciprocal by
// form. The published measures (CIE 54.2) are R_A = f cos_i cos_o, cd lx^-1 m^-2, and
// R_L = f cos_i, cd m^-2 lx^-1 (lux on a plane across the beam). With q = 1/2 (sheeting) R_A falls
// as cos^3 of the entrance angle, as glass beads in foil and prisms do to 40 degrees; with q = -1/2
// (beads on paint) R_L does not depend on the distance, as markings are seen.
//
// The lobe lies with a coat over a diffuse body that takes up what both leave: E = coat + r cos^p,
// r = P times the integral of D, p = 2 q + 1. White, it keeps all energy within 1 %: the tail of
// a strong lobe reaches directions where the mean over the lobe is not that along its axis.
#ifndef BT_SHARED_BSDF_RETRO_H
#define BT_SHARED_BSDF_RETRO_H

#include "shaders/shared/bsdf_coat.h"

// At most this share of the light goes back in the lobe.
#define BT_RETRO_MOST 0.9f

FN float bt_retro_tail_end(float width2, float tail)
{
    return pm_pow(1.0f + 4.0f / width2, 1.0f - tail);
}
FN bt_retro bt_retro_make(float spread_rad, float tail, float tilt)
{
    bt_retro r;
    r.width2 = sqr(clampf(spread_rad, 1e-3f, 1.0f));
    r.tail = clampf(tail, 1.1f, 20.0f);
    r.tilt = clampf(tilt, -0.5f, 2.0f);
    r.norm = BT_PI_F * r.width2 / (r.tail - 1.0f) * (1.0f - bt_retro_tail_end(r.width2, r.tail));
    return r;
}
FN float bt_retro_shape(bt_retro r, float3 wo, float3 wi)
{
    float3 apart = wo - wi;
    return pm_pow(1.0f + dot3(apart, apart) / r.width2, -r.tail);
}
FN float bt_retro_pdf(bt_retro r, float3 wo, float3 wi)
{
    return bt_retro_shape(r, wo, wi) / r.norm;
}
// The inverse of the integral of D over the square of the chord, which is uniform in solid angle.
FN float3 bt_retro_direction(bt_retro r, float3 wo, float u0, float u1)
{
    float left = 1.0f - u1 * (1.0f - bt_retro_tail_end(r.width2, r.tail));
    float chord2 = r.width2 * (pm_pow(left, 1.0f / (1.0f - r.tail)) - 1.0f);
    chord2 = clampf(chord2, 0.0f, 4.0f);
    float across = sqrt(chord2 * max(1.0f - 0.25f * chord2, 0.0f));
    float2 sc = pm_sincos(2.0f * BT_PI_F * u0);
    bt_frame frame = bt_frame_about(wo);
    return bt_frame_from(frame, float3(across * sc[1], across * sc[0], 1.0f - 0.5f * chord2));
}
// The part of light at this cosine that the white lobe takes.
FN float bt_retro_albedo(bt_retro r, float peak, float cosine)
{
    return peak * r.norm * pm_pow(max(cosine, 1e-4f), 2.0f * r.tilt + 1.0f);
}
FN float bt_retro_albedo_mean(bt_retro r, float peak)
{
    return 2.0f * peak * r.norm / (2.0f * r.tilt + 3.0f);
}

// Sets what the lobe needs, over bt_coat_prepare.
FN bt_bsdf bt_retro_prepare(bt_bsdf made, bt_material m, float2 coat_mean_table)
{
    bt_bsdf s = made;
    s.retro = bt_retro_make(m.retro_spread_rad, m.retro_tail, m.retro_tilt);
    s.second = clampf(m.retro, 0.0f, BT_RETRO_MOST / s.retro.norm);
    float back_o = bt_retro_albedo(s.retro, s.second, s.wo[2]);
    float mean = bt_coat_albedo(coat_mean_table, s.f0) + bt_retro_albedo_mean(s.retro, s.second);
    float left_o = clampf(1.0f - s.coat_o - back_o, 0.0f, 1.0f);
    s.body = left_o / max(1.0f - mean, 1e-3f) * BT_INV_PI_F;
    float4 coat = splat4(s.coat_o + 0.02f);
    float4 back = s.color * back_o + 0.02f;
    float4 all = coat + back + s.color * left_o + 0.02f;
    s.p_coat = coat / all;
    s.p_second = back / all;
    return s;
}
FN bt_bsdf_value bt_retro_eval(IN(bt_bsdf) s, BT_FLOATS ggx, float3 wi)
{
    bt_bsdf_value v;
    float3 h = normalize3(D(s).wo + wi);
    float d = bt_bsdf_d(s, h);
    float coat_i = bt_coat_albedo(bt_ggx_albedo(ggx, D(s).roughness, wi[2]), D(s).f0);
    float left_i =
        clampf(1.0f - coat_i - bt_retro_albedo(D(s).retro, D(s).second, wi[2]), 0.0f, 1.0f);
    float shape = bt_retro_shape(D(s).retro, D(s).wo, wi);
    float tilt = pm_pow(max(D(s).wo[2] * wi[2], 1e-8f), D(s).retro.tilt);
    float under = D(s).body * left_i + D(s).second * shape * tilt;
    float gloss = bt_coat_fresnel(s, h, wi) * bt_ggx_reflection(s, wi, d);
    v.f_cos = D(s).color * (under * wi[2]) + gloss;
    v.pdf = D(s).p_coat * bt_ggx_reflection_pdf(s, d) + D(s).p_second * (shape / D(s).retro.norm) +
            (1.0f - D(s).p_coat - D(s).p_second) * (wi[2] * BT_INV_PI_F);
    return v;
}

#endif
