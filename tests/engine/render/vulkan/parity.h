// parity.h: one group of shared functions after the other on hashed arguments: 16 numbers per item,
// which C and the kernel must give to the last bit. Written in the common subset itself. Who includes
// it has declared `parity_asked`, the group: a specialization constant, so that a kernel's module holds
// what one group does and drivers read it in a fraction of the time.
#ifndef BT_TESTS_PARITY_H
#define BT_TESTS_PARITY_H

#include "shaders/shared/eye.h"
#include "shaders/shared/path.h"
#include "shaders/shared/traverse.h"

#define PARITY_MATH 0u
#define PARITY_SAMPLER 1u
#define PARITY_GGX 2u
#define PARITY_FRESNEL 3u
#define PARITY_SKY 4u
#define PARITY_LENS 5u
#define PARITY_BSDF 6u
#define PARITY_NOISE 7u
#define PARITY_PATTERN 8u
#define PARITY_LIGHT_TREE 9u
#define PARITY_MOTION 10u
#define PARITY_FOG 11u
#define PARITY_TRAVERSE 12u
#define PARITY_EYE 13u
#define PARITY_SHIELD 14u
#define PARITY_GROUPS 15u

// 64 bytes.
STRUCT(bt_parity)
{
    float4 a, b, c, d;
};

FN float parity_unit(uint i, uint which)
{
    return to_f(bt_hash2(i, which) >> 8) * (1.0f / 16777216.0f);
}
FN float parity_between(uint i, uint which, float low, float high)
{
    return low + (high - low) * parity_unit(i, which);
}
FN float3 parity_direction(uint i, uint which)
{
    float z = parity_between(i, which, -1.0f, 1.0f);
    float2 turn = pm_sincos(2.0f * BT_PI_F * parity_unit(i, which + 1u));
    float r = sqrt(max(0.0f, 1.0f - z * z));
    return float3(r * turn[1], r * turn[0], z);
}
FN float4 parity_load(float3 v, float w)
{
    return float4(v[0], v[1], v[2], w);
}

FN bt_parity parity_math(uint i)
{
    float x = parity_between(i, 0u, -12.0f, 12.0f);
    float y = parity_between(i, 1u, -3.0f, 3.0f);
    float p = parity_between(i, 2u, 1e-4f, 4.0f);
    float2 sc = pm_sincos(x);
    bt_parity r;
    r.a = float4(sc[0], sc[1], pm_tan(x), pm_atan2(y, x));
    r.b = float4(pm_exp(5.0f * x), pm_log(p), pm_pow(p, y), pm_asin(y));
    r.c = pm_exp4(float4(x, y, p, -x * 7.0f));
    r.d = parity_load(normalize3(float3(x, y, p)), pm_acos(0.3f * y));
    return r;
}

FN bt_parity parity_sampler(uint i)
{
    bt_sampler s = bt_sampler_begin(i & 1023u, i >> 10, i * 7u & 31u, 5u, 77u);
    bt_parity r;
    r.a = bt_sampler_4d(s, 0u);
    r.b = bt_sampler_4d(s, 17u);
    r.c = bt_sampler_4d(s, 8192u + i);
    r.d = splat4(to_f(s.index >> 8));
    return r;
}

FN bt_parity parity_ggx(bt_scene_ref sc, uint i)
{
    float3 wo = parity_direction(i, 0u);
    wo[2] = max(abs(wo[2]), 1e-3f);
    wo = normalize3(wo);
    float roughness = parity_unit(i, 2u);
    float alpha = bt_ggx_alpha(roughness);
    float3 h = bt_ggx_sample(wo, alpha, parity_unit(i, 3u), parity_unit(i, 4u));
    float2 albedo = bt_ggx_albedo(scene_of(sc).tables.ggx, roughness, wo[2]);
    float2 mean = bt_ggx_albedo_mean(scene_of(sc).tables.ggx, roughness);
    bt_parity r;
    r.a = parity_load(h, bt_ggx_pdf(wo, h, alpha));
    r.b = float4(bt_ggx_d(h, alpha), bt_ggx_lambda(wo, alpha), albedo[0], albedo[1]);
    r.c = float4(mean[0], mean[1], bt_ggx_g2(wo, reflect3(wo, h), alpha), alpha);
    r.d = float4(bt_sheen_albedo(scene_of(sc).tables.ggx, roughness, wo[2]),
                 bt_glass_albedo(scene_of(sc).tables.ggx, 1.5f, roughness, wo[2]), 0.0f, 0.0f);
    return r;
}

FN bt_parity parity_fresnel(uint i)
{
    float cosine = parity_unit(i, 0u);
    float eta = parity_between(i, 1u, 0.5f, 2.5f);
    bt_interface f = bt_fresnel_interface(cosine, eta);
    bt_pane p = bt_pane_at(cosine, 1.0f + parity_unit(i, 2u), float4(0.9f, 0.5f, cosine, 1.0f));
    bt_parity r;
    r.a = float4(f.r_s, f.r_p, bt_fresnel_unpolarised(cosine, eta), bt_fresnel_f0(eta));
    r.b = p.transmitted;
    r.c = p.reflected;
    r.d = bt_fresnel_schlick4(float4(0.04f, 0.5f, eta * 0.3f, 1.0f), cosine);
    return r;
}

FN bt_wavelengths parity_wavelengths(IN(bt_eye) eye, uint i)
{
    return bt_wavelengths_sample(D(eye).limits_nm, parity_unit(i, 50u));
}

FN bt_parity parity_sky(bt_scene_ref sc, IN(bt_eye) eye, uint i)
{
    bt_sky sky = scene_of(sc).sky;
    bt_wavelengths w = parity_wavelengths(eye, i);
    bt_sky_light light = bt_sky_light_at(sky, scene_of(sc).tables.sky_spectra, w);
    float3 dir = parity_direction(i, 0u);
    bt_direction to =
        bt_sky_sample(sky, scene_of(sc).tables.sky_pick, parity_unit(i, 2u), parity_unit(i, 3u));
    bt_direction sun = bt_sun_sample(sky, parity_unit(i, 4u), parity_unit(i, 5u));
    bt_haze haze =
        bt_sky_haze(sky, light, 50.0f * parity_unit(i, 7u), dir, 3000.0f * parity_unit(i, 6u));
    bt_parity r;
    r.a = bt_sky_radiance(sky, scene_of(sc).tables.sky_radiance, light, dir);
    r.b = parity_load(to.dir, to.pdf + bt_sky_pdf(sky, scene_of(sc).tables.sky_pick, dir));
    r.c = parity_load(sun.dir, bt_sky_in_sun(sky, sun.dir) ? 1.0f : 0.0f);
    r.d = haze.added + haze.left;
    return r;
}

FN bt_parity parity_lens(IN(bt_eye) eye, uint i)
{
    bt_lens lens = D(eye).lens;
    lens.kind = i % 4u;
    lens.k[0] = lens.kind == BT_LENS_PINHOLE ? -0.3f : 0.02f;
    lens.k[1] = lens.kind == BT_LENS_PINHOLE ? 0.1f : -0.004f;
    lens.k[5] = lens.kind == BT_LENS_FTHETA_INVERSE ? 1.5f : 0.0f;
    lens.tilt[0] = (i & 4u) != 0u ? 0.05f : 0.0f;
    lens.tilt[1] = (i & 4u) != 0u ? -0.03f : 0.0f;
    lens.s[0] = bt_lens_is_ftheta(lens) != 0u ? 1.01f : 1e-3f;
    lens.s[1] = 2e-3f;
    lens.s[2] = -1e-3f;
    lens.s[3] = 5e-4f;
    float x = parity_between(i, 0u, -10.0f, 50.0f);
    float y = parity_between(i, 1u, -10.0f, 30.0f);
    bt_lens_ray ray = bt_lens_unproject(lens, x, y);
    bt_lens_pixel back = bt_lens_project(lens, ray.dir);
    bt_parity r;
    r.a = parity_load(ray.dir, to_f(ray.valid));
    r.b = float4(back.x, back.y, to_f(back.valid), bt_lens_angle(ray.dir));
    r.c = bt_eye_look(eye, x, y);
    r.d = bt_eye_lattice_look(eye, x, y);
    return r;
}

FN bt_parity parity_bsdf(bt_scene_ref sc, uint i)
{
    bt_material m = scene_material(sc, 0u);
    m.kind = i % BT_MATERIAL_KIND_COUNT;
    m.metal = parity_unit(i, 20u);
    m.wet = (i & 32u) == 0u ? 0.0f : parity_unit(i, 21u);
    m.porosity = parity_unit(i, 22u);
    m.retro = 5.0f;
    m.retro_spread_rad = 0.02f;
    m.retro_tail = 2.5f;
    m.retro_tilt = 0.5f;
    m.sheen = parity_unit(i, 23u);
    m.flakes = parity_unit(i, 24u);
    float3 n = parity_direction(i, 0u);
    float3 wo = parity_direction(i, 2u);
    if (dot3(n, wo) < 0.0f) wo = wo * -1.0f;
    bt_bsdf bsdf = bt_bsdf_make(m, scene_of(sc).tables.ggx, n, n, wo, parity_unit(i, 4u),
                                float4(0.1f, 0.5f, 0.9f, 0.7f), splat4(0.3f), (i & 16u) == 0u,
                                (i & 64u) == 0u ? 0.0f : 0.3f);
    bt_bsdf_value v = bt_bsdf_eval(A(bsdf), scene_of(sc).tables.ggx, parity_direction(i, 5u));
    float4 u = float4(parity_unit(i, 7u), parity_unit(i, 8u), parity_unit(i, 9u), 0.5f);
    bt_bsdf_sample s = bt_bsdf_scatter(A(bsdf), scene_of(sc).tables.ggx, u);
    bt_parity r;
    r.a = v.f_cos;
    r.b = v.pdf;
    r.c = splat4(0.0f);
    r.d = splat4(0.0f);
    if (s.scatter == BT_SCATTER_NONE) return r;
    r.c = parity_load(s.wi, s.pdf[0]);
    r.d = s.f_cos;
    return r;
}

FN bt_parity parity_noise(uint i)
{
    float x = parity_between(i, 0u, -500.0f, 500.0f);
    float y = parity_between(i, 1u, -500.0f, 500.0f);
    float foot = 0.2f * parity_unit(i, 2u);
    float3 pos = float3(x, y, x - y);
    bt_parity r;
    r.a = parity_load(noise_gradient2(x, y, i & 3u), noise_value2(x, y, 1u));
    r.b = parity_load(noise_octave2(x, y, 0.3f, foot, 5u), noise_gradient3(x, y, x + y, 2u));
    r.c = noise_cells2(x, y, 9u);
    r.d = float4(noise_octave3(pos, 0.7f, foot, 3u), noise_edges2(x, y, 4u),
                 noise_streak2(x, y, 0.3f, 4.0f, foot, 6u), noise_plane2(x, y, 0.1f, foot, 7u));
    return r;
}

FN bt_parity parity_pattern(bt_scene_ref sc, uint i)
{
    bt_material m = scene_material(sc, 0u);
    m.pattern = 1u + i % 15u;
    m.bump = parity_unit(i, 20u);
    m.wear = parity_unit(i, 21u);
    m.strength = parity_unit(i, 22u);
    m.wet = (i & 64u) == 0u ? 0.0f : 1.0f;
    bt_surface s;
    float3 n = parity_direction(i, 0u);
    bt_frame f = bt_frame_about(n);
    s.pos_mesh = parity_direction(i, 2u) * 30.0f;
    s.pos_noise = s.pos_mesh + float3(7.0f, 11.0f, 3.0f);
    s.normal_geometric = n;
    s.tangent = f.x;
    s.bitangent = f.y;
    s.uv = float2(parity_between(i, 4u, -40.0f, 40.0f), parity_between(i, 5u, -4.0f, 4.0f));
    s.footprint_m = 0.05f * parity_unit(i, 6u);
    s.footprint_max_m = 3.0f * s.footprint_m;
    s.cos_view = 0.333f;
    s.hash = bt_hash(i & 255u);
    s.normal = n;
    s.weight = 0.0f;
    s.tint = 1.0f;
    s.roughness = 0.5f;
    bt_pattern_apply(m, A(s));
    if (m.wet > 0.0f) bt_wet_apply(A(m), A(s));
    bt_parity r;
    r.a = parity_load(s.normal, s.weight);
    r.b = float4(s.tint, s.roughness, m.wet, m.roughness);
    r.c = splat4(0.0f);
    r.d = splat4(0.0f);
    return r;
}

FN bt_parity parity_light_tree(bt_scene_ref sc, uint i)
{
    bt_light_asker who;
    who.pos = parity_direction(i, 0u) * (8.0f * parity_unit(i, 2u));
    who.normal = (i & 1u) == 0u ? parity_direction(i, 3u) : splat3(0.0f);
    who.both = (i & 2u) != 0u;
    who.along = (i & 5u) == 4u ? 20.0f * parity_unit(i, 10u) : 0.0f;
    who.fade = 0.02f;
    bt_light_cut cut;
    bt_light_cut_make(sc, who, A(cut));
    if ((i & 24u) == 0u) bt_light_cut_root(sc, A(cut));
    bt_light_choice choice = bt_light_choose(sc, who, A(cut), parity_unit(i, 5u));
    bt_parity r;
    r.a = float4(choice.probability, to_f(choice.light & 0xffffu), 0.0f, bt_light_cut_all(A(cut)));
    r.b = splat4(0.0f);
    r.c = splat4(0.0f);
    r.d = splat4(0.0f);
    if (choice.light == BT_NONE) return r;
    bt_lamp_point l = bt_lamp_point_at(sc, scene_light(sc, choice.light), who.pos,
                                       parity_unit(i, 6u), parity_unit(i, 7u), parity_unit(i, 8u));
    r.a[2] = bt_light_probability(sc, who, A(cut), choice.light);
    r.b = parity_load(l.dir, l.distance);
    r.c = float4(l.cos_lamp, l.area, l.emission, 0.0f);
    return r;
}

FN bt_parity parity_motion(bt_scene_ref sc, IN(bt_bvh_query) q, bt_bvh_answer hit)
{
    bt_placement at = scene_placement(sc, scene_placed(sc, hit.hit.placed), D(q).u);
    bt_parity r;
    r.a = parity_load(at.x, at.pos[0]);
    r.b = parity_load(at.y, at.pos[1]);
    r.c = parity_load(at.z, at.pos[2]);
    r.d = parity_load(bt_hit_normal(sc, hit.hit, D(q).u), hit.hit.distance);
    return r;
}

FN bt_parity parity_fog(bt_scene_ref sc, IN(bt_eye) eye, uint i)
{
    bt_wavelengths w = parity_wavelengths(eye, i);
    float3 dir = parity_direction(i, 0u);
    float q = bt_fog_sample_q(scene_of(sc).tables.fog, w.nm[0], parity_unit(i, 2u));
    float far = 900.0f * parity_unit(i, 3u);
    bt_fog fog = scene_of(sc).fog;
    float z = parity_between(i, 4u, -20.0f, 60.0f);
    bt_parity r;
    r.a = bt_fog_phase(scene_of(sc).tables.fog, w, bt_fog_q(dir, parity_direction(i, 5u)));
    r.b = parity_load(bt_fog_turn(dir, q, parity_unit(i, 7u)), q);
    r.c = float4(bt_fog_left(fog, z, dir[2], far), bt_fog_distance(fog, z, dir[2], 2.0f),
                 bt_fog_depth(fog, z, dir[2], far), 0.0f);
    r.d = w.nm;
    return r;
}

FN bt_bvh_query parity_query(IN(bt_eye) eye, uint i)
{
    bt_bvh_query q;
    q.dir = parity_direction(i, 0u);
    q.origin = float3(parity_between(i, 2u, 0.0f, 9.0f), parity_between(i, 3u, -3.0f, 3.0f),
                      parity_between(i, 4u, -1.0f, 2.0f));
    q.u = parity_unit(i, 5u);
    q.distance = BT_BVH_FAR;
    q.shadow = 0u;
    q.wavelengths = parity_wavelengths(eye, i);
    return q;
}
FN bt_parity parity_traverse(bt_scene_ref sc, bt_bvh_ref bvh, IN(bt_eye) eye, uint i,
                             bool placement)
{
    bt_bvh_query q = parity_query(eye, i);
    bt_bvh_answer near = bt_bvh_trace(sc, bvh, A(q));
    if (placement) return parity_motion(sc, A(q), near);
    q.shadow = 1u;
    bt_bvh_answer shadow = bt_bvh_trace(sc, bvh, A(q));
    bt_parity r;
    r.a = float4(near.hit.distance, near.hit.bary_u, near.hit.bary_v, near.met ? 1.0f : 0.0f);
    r.b = float4(to_f(near.hit.placed), to_f(near.hit.triangle), shadow.met ? 1.0f : 0.0f, 0.0f);
    r.c = shadow.met ? splat4(0.0f) : shadow.open;
    r.d = splat4(0.0f);
    return r;
}

// A curved, wedged pane in rain, wiped, before pupils of all shapes.
FN bt_shield parity_glass(uint i)
{
    bt_shield s;
    s.on = 1u;
    float lean = parity_between(i, 40u, -1.2f, 1.2f);
    float2 sc = pm_sincos(lean);
    for (int k = 0; k < 9; k++)
        s.turn[k] = 0.0f;
    s.turn[0] = 1.0f;
    s.turn[4] = sc[1];
    s.turn[5] = sc[0];
    s.turn[7] = -sc[0];
    s.turn[8] = sc[1];
    s.offset[0] = 0.1f;
    s.offset[1] = -0.05f;
    s.offset[2] = -0.06f;
    s.index = 1.52f;
    s.half_x = 0.6f;
    s.half_y = 0.4f;
    s.inner.height = 0.0f;
    s.inner.slope_x = 0.0f;
    s.inner.slope_y = 0.0f;
    s.inner.bend_x = 0.25f;
    s.inner.bend_y = (i & 1u) == 0u ? 0.0f : -0.1f;
    s.outer = s.inner;
    s.outer.height = 5e-3f;
    s.outer.slope_x = 1e-4f;
    s.outer.slope_y = -2e-4f;
    s.drop_mean = (i & 2u) == 0u ? 0.0f : 2.0f;
    s.drop_cell_m = 6e-3f;
    s.drop_radius_m = 1e-3f;
    s.drop_sigma = 0.5f;
    s.drop_fill_s = 2.0f;
    s.drop_sin = 0.6f;
    s.drop_cos = 0.8f;
    s.drop_index = 1.333f;
    s.drop_fall = (i & 16u) == 0u ? 0.0f : 0.12f;
    s.drop_shape = (i & 32u) == 0u ? 0.0f : 0.2f;
    s.seed = 5u;
    s.period_s = 1.4f;
    s.stroke_s = 0.6f;
    s.phase_s = parity_between(i, 41u, 0.0f, 1.4f);
    s.span_s = 0.05f;
    s.sweep = i & 7u;
    s.blade_half_m = 0.01f;
    s.wiper_count = 2u;
    for (uint k = 0u; k < BT_SHIELD_WIPERS; k++) {
        s.wipers[k].pivot_u = -0.3f + 0.6f * to_f(k);
        s.wipers[k].pivot_v = -0.6f;
        s.wipers[k].radius_min = 0.1f;
        s.wipers[k].radius_max = 0.8f;
        s.wipers[k].from_rad = 0.1f;
        s.wipers[k].span_rad = k == 0u ? 1.8f : -1.2f;
    }
    return s;
}

FN bt_parity parity_shield(IN(bt_eye) eye, uint i)
{
    bt_shield shield = parity_glass(i);
    bt_pupil pupil;
    pupil.radius_m = 2e-3f;
    pupil.focus_m = parity_between(i, 0u, 0.5f, 50.0f);
    pupil.obscuration = (i & 4u) == 0u ? 0.0f : 0.4f;
    pupil.blades = i % 9u;
    pupil.turn_rad = 0.3f;
    float3 chief = parity_direction(i, 1u);
    if ((i & 8u) == 0u) chief[2] = abs(chief[2]) + 0.2f;
    bt_pupil_ray from =
        bt_pupil_sample(pupil, i & 1u, normalize3(chief), parity_unit(i, 3u), parity_unit(i, 4u));
    bt_shield_ray ray = bt_shield_through(A(shield), from.origin, from.dir, parity_unit(i, 5u));
    float4 open = bt_shield_open(D(eye).response, ray, parity_wavelengths(eye, i));
    bt_parity r;
    r.a = parity_load(from.origin, from.weight);
    r.b = parity_load(ray.origin, ray.drop);
    r.c = parity_load(ray.dir, ray.path_m);
    r.d = open;
    return r;
}

FN bt_parity parity_eye(IN(bt_eye) eye, uint i)
{
    bt_path_start s;
    bt_parity r;
    float4 open = bt_eye_start(eye, i & 31u, (i >> 5) % 20u, (i >> 10) & 3u, A(s));
    r.a = open;
    r.b = splat4(0.0f);
    r.c = splat4(0.0f);
    r.d = splat4(0.0f);
    if (!(max_of4(open) > 0.0f)) return r;
    r.a = parity_load(s.origin, s.u);
    r.b = parity_load(s.dir, sum4(open));
    r.c = s.wavelengths.nm;
    r.d = bt_eye_rates(eye, s.wavelengths, splat4(1.0f)) + s.wavelengths.pdf;
    return r;
}

FN bt_parity parity_group(bt_scene_ref sc, bt_bvh_ref bvh, IN(bt_eye) eye, uint i)
{
    if (parity_asked == PARITY_MATH) return parity_math(i);
    if (parity_asked == PARITY_SAMPLER) return parity_sampler(i);
    if (parity_asked == PARITY_GGX) return parity_ggx(sc, i);
    if (parity_asked == PARITY_FRESNEL) return parity_fresnel(i);
    if (parity_asked == PARITY_SKY) return parity_sky(sc, eye, i);
    if (parity_asked == PARITY_LENS) return parity_lens(eye, i);
    if (parity_asked == PARITY_BSDF) return parity_bsdf(sc, i);
    if (parity_asked == PARITY_NOISE) return parity_noise(i);
    if (parity_asked == PARITY_PATTERN) return parity_pattern(sc, i);
    if (parity_asked == PARITY_LIGHT_TREE) return parity_light_tree(sc, i);
    if (parity_asked == PARITY_FOG) return parity_fog(sc, eye, i);
    if (parity_asked == PARITY_EYE) return parity_eye(eye, i);
    if (parity_asked == PARITY_SHIELD) return parity_shield(eye, i);
    return parity_traverse(sc, bvh, eye, i, parity_asked == PARITY_MOTION);
}

#endif
