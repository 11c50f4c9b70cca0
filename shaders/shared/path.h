// path.h: one path of light, walked from the camera: the estimator of radiance, for every backend.
//
// Unidirectional path tracing with next-event estimation towards sun, sky and lamps, multiple
// importance sampling by the balance heuristic (Veach 1997), hero wavelengths (spectral.h), Russian
// roulette on what is left of the weight.
//
// A backend owns the rays: it traces the path's ray, calls bt_path_meet with what was hit, then
// traces the shadow rays that this left and adds what gets through (bt_path_light), as long as
// bt_path_meet says that the path goes on. Haze is applied on every segment, fog is scattered in
// (medium.h).
//
// A thin pane met straight through is no vertex: the densities of the last true vertex go on, and
// shadow rays pass panes in the same way, so both ways of finding a light agree.
#ifndef BT_SHARED_PATH_H
#define BT_SHARED_PATH_H

#include "shaders/shared/bsdf.h"
#include "shaders/shared/hit.h"
#include "shaders/shared/light_tree.h"
#include "shaders/shared/sampler.h"
#include "shaders/shared/scene.h"
#include "shaders/shared/spectral.h"
#include "shaders/shared/wet.h"

#define BT_MAX_PANES_PASSED 24u // mirrored between panes for ever: chosen
#define BT_ROULETTE_DEPTH 2u
#define BT_FAR 3.0e38f // length of a ray that nothing ends

// Sets of sampler dimensions: those of the pixel come first (render_film.c), then some per depth.
#define BT_SET_SCATTER 16u
#define BT_SET_LIGHT 17u
#define BT_SET_LAMP 18u
#define BT_SETS_PER_DEPTH 4u
#define BT_SETS_PER_PANE 512u

STRUCT(bt_path_setup)
{
    uint max_depth;      // true surfaces on a path
    float caustic_alpha; // least GGX alpha after a rough surface
    uint cone_samples;   // samples of a pixel share what a scattered cone covers
    uint scatter_only;   // 1: lights are not asked, only met: the brute-force reference
};

STRUCT(bt_path_start)
{
    float3 origin, dir;
    float u;        // normalised time
    float cone_rad; // angle of the ray's cone
    bt_sampler random;
    bt_wavelengths wavelengths;
};

// How often light sampling asks for each; 0: never.
STRUCT(bt_light_shares)
{
    float sun, sky, lamp;
};

// What the path first saw: guides for a denoiser.
STRUCT(bt_path_guide)
{
    float4 albedo; // at the path's wavelengths
    float3 normal; // in the snapshot; zero: the sky
    float distance;
};

STRUCT(bt_path)
{
    bt_sampler random;
    bt_wavelengths wavelengths;
    bt_sky_light light;
    bt_path_weight weight;
    float4 radiance;
    float3 origin, dir; // the next ray
    float u;
    float cone_m, cone_rad; // width at the origin, angle
    float alpha_floor;
    bool sunless;          // a mirror after a rough surface: the disc there would only speckle
    bt_light_shares asked; // at the last vertex
    bt_light_asker asker;  // who asked there
    uint depth;            // true surfaces met
    uint panes;            // passed or mirrored by
    bt_path_guide guide;
};

// A ray that may see a light.
STRUCT(bt_shadow_ray)
{
    float3 origin, dir;
    float distance;
    float4 lit; // what it brings when nothing is in the way; all zero: do not trace
};
STRUCT(bt_shadow_rays)
{
    bt_shadow_ray sun, sky, lamp;
};

FN bt_path bt_path_begin(bt_scene_ref sc, bt_path_start start)
{
    bt_path p;
    p.random = start.random;
    p.wavelengths = start.wavelengths;
    p.light = bt_sky_light_at(scene_of(sc).sky, scene_of(sc).tables.sky_spectra, start.wavelengths);
    p.weight = bt_path_weight_begin();
    p.radiance = splat4(0.0f);
    p.origin = start.origin;
    p.dir = start.dir;
    p.u = start.u;
    p.cone_m = 0.0f;
    p.cone_rad = start.cone_rad;
    p.alpha_floor = 0.0f;
    p.sunless = false;
    p.asked.sun = 0.0f;
    p.asked.sky = 0.0f;
    p.asked.lamp = 0.0f;
    p.asker.pos = start.origin;
    p.asker.normal = splat3(0.0f);
    p.asker.both = true;
    p.depth = 0u;
    p.panes = 0u;
    p.guide.albedo = splat4(0.0f);
    p.guide.normal = splat3(0.0f);
    p.guide.distance = 0.0f;
    return p;
}
FN bt_shadow_ray bt_shadow_none(void)
{
    bt_shadow_ray s;
    s.origin = splat3(0.0f);
    s.dir = splat3(0.0f);
    s.distance = 0.0f;
    s.lit = splat4(0.0f);
    return s;
}
FN bool bt_shadow_asks(bt_shadow_ray s)
{
    return max_of4(s.lit) > 0.0f;
}
// Adds what got through; open: transmittance of all panes on the way, 0 behind anything opaque.
FN void bt_path_light(INOUT(bt_path) path, bt_shadow_ray s, float4 open)
{
    D(path).radiance = D(path).radiance + s.lit * open;
}

// ---- light that is met --------------------------------------------------------------------------
FN float4 bt_path_meet_sky(bt_scene_ref sc, IN(bt_path) p)
{
    bt_sky sky = scene_of(sc).sky;
    float4 radiance = bt_sky_radiance(sky, scene_of(sc).tables.sky_radiance, D(p).light, D(p).dir);
    float pdf = 0.0f;
    if (D(p).asked.sky > 0.0f)
        pdf = D(p).asked.sky * bt_sky_pdf(sky, scene_of(sc).tables.sky_pick, D(p).dir);
    float4 met = bt_path_weight_met(D(p).weight, radiance, pdf);
    if (D(p).sunless || !bt_sky_in_sun(sky, D(p).dir)) return met;
    return met + bt_path_weight_met(D(p).weight, D(p).light.sun, D(p).asked.sun / sky.sun_angle);
}

FN float4 bt_path_meet_lamp(bt_scene_ref sc, IN(bt_path) p, bt_hit hit, IN(bt_shade_point) point)
{
    float cos_lamp = D(point).front ? D(point).surface.cos_view : 0.0f;
    float4 radiance =
        bt_lamp_radiance(sc, D(point).material, D(p).wavelengths, D(point).emission, cos_lamp);
    if (!(max_of4(radiance) > 0.0f)) return splat4(0.0f);
    float pdf = 0.0f;
    if (D(p).asked.lamp > 0.0f) {
        uint light = bt_light_of_hit(sc, hit);
        bt_lamp_point l =
            bt_lamp_point_at(sc, scene_light(sc, light), D(p).asker.pos, D(p).u, 0.5f, 0.5f);
        float3 to = D(point).pos - D(p).asker.pos;
        pdf = D(p).asked.lamp * bt_light_probability(sc, D(p).asker, light) * dot3(to, to) /
              max(l.area * cos_lamp, 1e-12f);
    }
    return bt_path_weight_met(D(p).weight, radiance, pdf);
}

FN void bt_path_meet_haze(bt_scene_ref sc, float distance, INOUT(bt_path) path)
{
    bt_haze haze = bt_sky_haze(scene_of(sc).sky, D(path).light, D(path).dir, distance);
    D(path).radiance = D(path).radiance + bt_path_weight_met(D(path).weight, haze.added, 0.0f);
    D(path).weight.beta = D(path).weight.beta * haze.left;
}

// ---- light that is asked for --------------------------------------------------------------------
FN bool bt_through(uint kind)
{
    return kind == BT_MATERIAL_LEAF || kind == BT_MATERIAL_DIELECTRIC;
}

// About how much each source could send here, W m^-2 nm^-1; from these follow the shares.
FN bt_light_shares bt_light_estimates(bt_scene_ref sc, bt_light_asker who)
{
    bt_light_shares e;
    e.sun = 0.0f;
    if (scene_of(sc).sky.sun_up > 0.0f) {
        float facing = dot3(who.normal, scene_of(sc).sky.sun_dir);
        // smooth normals may see the sun where the true one just does not
        if (who.both || facing > -0.01f) e.sun = scene_of(sc).sun_irradiance * max(facing, 0.2f);
    }
    e.sky = scene_of(sc).sky_irradiance;
    e.lamp = 0.0f;
    if (scene_of(sc).light_count > 0u) e.lamp = bt_light_importance(scene_light_node(sc, 0u), who);
    return e;
}
// At the first surface each source is asked on its own, unless it hardly matters.
FN float bt_share_alone(float part, float all)
{
    return part > 0.0f ? clampf(8.0f * part / all, 0.05f, 1.0f) : 0.0f;
}
// Later one of them is.
FN float bt_share_among(float part, float all)
{
    return part > 0.0f ? 0.8f * part / all + 0.1f : 0.0f;
}
FN bt_light_shares bt_light_shares_at(bt_light_shares e, bool alone)
{
    float all = max(e.sun + e.sky + e.lamp, 1e-30f);
    bt_light_shares s;
    if (alone) {
        s.sun = bt_share_alone(e.sun, all);
        s.sky = bt_share_alone(e.sky, all);
        s.lamp = bt_share_alone(e.lamp, all);
        return s;
    }
    s.sun = bt_share_among(e.sun, all);
    s.sky = bt_share_among(e.sky, all);
    s.lamp = bt_share_among(e.lamp, all);
    float sum = max(s.sun + s.sky + s.lamp, 1e-30f);
    s.sun = s.sun / sum;
    s.sky = s.sky / sum;
    s.lamp = s.lamp / sum;
    return s;
}

// A shadow ray towards `to.dir` where light_pdf is the density of having asked for it.
FN bt_shadow_ray bt_ask(bt_scene_ref sc, IN(bt_path) p, IN(bt_shade_point) point, bt_bsdf bsdf,
                        float3 dir, float4 radiance, float light_pdf, float distance)
{
    bt_shadow_ray s = bt_shadow_none();
    bt_bsdf_value f = bt_bsdf_eval(bsdf, scene_of(sc).tables.ggx, dir);
    if (!(max_of4(f.f_cos) > 0.0f)) return s;
    s.lit = bt_path_weight_lit(D(p).weight, f.f_cos, f.pdf, radiance, light_pdf);
    s.origin =
        bt_offset_origin(D(point).pos, D(point).surface.normal_geometric, dir, D(point).reach);
    s.dir = dir;
    s.distance = distance;
    return s;
}
FN bt_shadow_ray bt_ask_sun(bt_scene_ref sc, IN(bt_path) p, IN(bt_shade_point) point, bt_bsdf bsdf,
                            float u0, float u1)
{
    bt_direction to = bt_sun_sample(scene_of(sc).sky, u0, u1);
    return bt_ask(sc, p, point, bsdf, to.dir, D(p).light.sun, D(p).asked.sun * to.pdf, BT_FAR);
}
FN bt_shadow_ray bt_ask_sky(bt_scene_ref sc, IN(bt_path) p, IN(bt_shade_point) point, bt_bsdf bsdf,
                            float u0, float u1)
{
    bt_direction to = bt_sky_sample(scene_of(sc).sky, scene_of(sc).tables.sky_pick, u0, u1);
    float4 radiance =
        bt_sky_radiance(scene_of(sc).sky, scene_of(sc).tables.sky_radiance, D(p).light, to.dir);
    return bt_ask(sc, p, point, bsdf, to.dir, radiance, D(p).asked.sky * to.pdf, BT_FAR);
}
FN bt_shadow_ray bt_ask_lamp(bt_scene_ref sc, IN(bt_path) p, IN(bt_shade_point) point, bt_bsdf bsdf,
                             float u_light, float u0, float u1)
{
    bt_light_choice choice = bt_light_choose(sc, D(p).asker, u_light);
    if (choice.light == BT_NONE) return bt_shadow_none();
    bt_lamp_point l =
        bt_lamp_point_at(sc, scene_light(sc, choice.light), D(point).pos, D(p).u, u0, u1);
    float4 radiance = bt_lamp_radiance(sc, l.material, D(p).wavelengths, l.emission, l.cos_lamp);
    if (!(max_of4(radiance) > 0.0f)) return bt_shadow_none();
    float pdf = D(p).asked.lamp * choice.probability * l.distance * l.distance /
                max(l.area * l.cos_lamp, 1e-12f);
    bt_haze haze = bt_sky_haze(scene_of(sc).sky, D(p).light, l.dir, l.distance);
    // ends just before the lamp
    float end = l.distance * 0.9999f - 1e-4f;
    return bt_ask(sc, p, point, bsdf, l.dir, radiance * haze.left, pdf, max(end, 0.0f));
}

FN float bt_turned(float u, float by)
{
    float t = u + by;
    return t >= 1.0f ? t - 1.0f : t;
}
// Asks the lights at a surface; remembers how often for the ray that scattering sends next.
FN bt_shadow_rays bt_path_ask(bt_scene_ref sc, IN(bt_shade_point) point, bt_bsdf bsdf,
                              INOUT(bt_path) path)
{
    bt_shadow_rays rays;
    rays.sun = bt_shadow_none();
    rays.sky = bt_shadow_none();
    rays.lamp = bt_shadow_none();
    D(path).asker.pos = D(point).pos;
    D(path).asker.normal = D(point).surface.normal_geometric;
    D(path).asker.both = bt_through(bsdf.kind);
    uint set = D(path).depth * BT_SETS_PER_DEPTH;
    float4 u = bt_sampler_4d(D(path).random, BT_SET_LIGHT + set);
    bool alone = D(path).depth == 0u;
    bt_light_shares s = bt_light_shares_at(bt_light_estimates(sc, D(path).asker), alone);
    D(path).asked = s;
    if (alone) {
        float4 v = splat4(0.0f);
        if (s.lamp > 0.0f || s.sky < 1.0f) v = bt_sampler_4d(D(path).random, BT_SET_LAMP + set);
        if (bt_turned(v[3], 0.333f) < s.sun)
            rays.sun = bt_ask_sun(sc, path, point, bsdf, u[0], u[1]);
        if (bt_turned(v[3], 0.667f) < s.sky)
            rays.sky = bt_ask_sky(sc, path, point, bsdf, u[2], u[3]);
        if (v[3] < s.lamp) rays.lamp = bt_ask_lamp(sc, path, point, bsdf, v[0], v[1], v[2]);
        return rays;
    }
    if (u[2] < s.sun)
        rays.sun = bt_ask_sun(sc, path, point, bsdf, u[0], u[1]);
    else if (u[2] < s.sun + s.sky || !(s.lamp > 0.0f))
        rays.sky = bt_ask_sky(sc, path, point, bsdf, u[0], u[1]);
    else
        rays.lamp = bt_ask_lamp(sc, path, point, bsdf, u[3], u[0], u[1]);
    return rays;
}

// ---- going on -----------------------------------------------------------------------------------
FN bt_bsdf bt_path_bsdf(bt_scene_ref sc, IN(bt_path) p, INOUT(bt_shade_point) point)
{
    if (D(point).material.wet > 0.0f) bt_wet_apply(A(D(point).material), A(D(point).surface));
    bt_material m = D(point).material;
    bt_surface s = D(point).surface;
    float4 color = bt_spectrum_at(scene_spectrum(sc, m.reflectance), D(p).wavelengths);
    float4 second = color;
    if (s.weight > 0.0f || m.kind == BT_MATERIAL_LEAF)
        second = bt_spectrum_at(scene_spectrum(sc, m.reflectance2), D(p).wavelengths);
    if (m.kind != BT_MATERIAL_LEAF && s.weight > 0.0f)
        color = lerp4(color, second, clampf(s.weight, 0.0f, 1.0f));
    color = min(max(color * s.tint, splat4(0.0f)), splat4(1.0f));
    second = min(max(second * s.tint, splat4(0.0f)), splat4(1.0f));
    float3 wo = D(p).dir * -1.0f;
    float3 n = bt_normal_consistent(s.normal, s.normal_geometric, wo);
    return bt_bsdf_make(m, scene_of(sc).tables.ggx, n, s.normal_geometric, wo,
                        clampf(s.roughness, 0.0f, 1.0f), color, second, D(point).front,
                        D(p).alpha_floor);
}

FN bool bt_path_roulette(float u, INOUT(bt_path) path)
{
    if (D(path).depth < BT_ROULETTE_DEPTH) return true;
    float left = max_of4(D(path).weight.beta) / bt_mean4(D(path).weight.r_u);
    if (left >= 0.95f) return true;
    float stay = max(left, 0.05f);
    if (u >= stay) return false;
    D(path).weight.beta = D(path).weight.beta * (1.0f / stay);
    return true;
}

// Widens the cone by what the surface scatters. Akenine-Moller et al. 2021, "Improved shader and
// texture level of detail using ray cones": the rougher, the wider; curvature is left out.
FN void bt_path_widen(bt_path_setup setup, bt_bsdf bsdf, bt_bsdf_sample next, INOUT(bt_path) path)
{
    if (next.scatter != BT_SCATTER_ROUGH) return;
    // the hero's density over solid angle tells how wide the lobe is; samples share its directions
    float wide = 0.35f / sqrt(max(next.pdf[0], 0.01f) * to_f(setup.cone_samples));
    D(path).cone_rad = min(D(path).cone_rad + wide, 0.35f);
    if (bsdf.alpha > 0.2f || bsdf.kind == BT_MATERIAL_DIFFUSE || next.pdf[0] < 2.0f)
        D(path).alpha_floor = max(D(path).alpha_floor, setup.caustic_alpha);
}

// Samples the next direction; false: the path ends.
FN bool bt_path_scatter(bt_scene_ref sc, bt_path_setup setup, IN(bt_shade_point) point,
                        bt_bsdf bsdf, float4 u, INOUT(bt_path) path)
{
    bt_bsdf_sample next = bt_bsdf_scatter(bsdf, scene_of(sc).tables.ggx, u);
    if (next.scatter == BT_SCATTER_NONE) return false;
    if (next.scatter == BT_SCATTER_ROUGH) {
        D(path).sunless = false;
        D(path).weight = bt_path_weight_scatter(D(path).weight, next.f_cos, next.pdf);
    } else {
        D(path).weight.beta = D(path).weight.beta * next.f_cos * (1.0f / next.pdf[0]);
    }
    if (next.scatter == BT_SCATTER_MIRROR) {
        D(path).weight.r_l = splat4(0.0f); // light sampling cannot make this
        D(path).asked.sun = 0.0f;
        D(path).asked.sky = 0.0f;
        D(path).asked.lamp = 0.0f;
        D(path).sunless = D(path).alpha_floor > 0.0f;
    }
    bt_path_widen(setup, bsdf, next, path);
    D(path).dir = next.wi;
    D(path).origin =
        bt_offset_origin(D(point).pos, D(point).surface.normal_geometric, next.wi, D(point).reach);
    return true;
}

FN void bt_path_guide_keep(bt_bsdf bsdf, IN(bt_shade_point) point, float distance,
                           INOUT(bt_path) path)
{
    if (D(path).depth > 0u) return;
    D(path).guide.albedo = bsdf.color;
    D(path).guide.normal = D(point).surface.normal;
    D(path).guide.distance = distance;
}

// Deals with what the path's ray meets. Shadow rays are to be traced whether it goes on or not;
// false: the path ends here.
FN bool bt_path_meet(bt_scene_ref sc, bt_path_setup setup, bool met, bt_hit hit,
                     INOUT(bt_path) path, INOUT(bt_shadow_rays) rays)
{
    D(rays).sun.lit = splat4(0.0f);
    D(rays).sky.lit = splat4(0.0f);
    D(rays).lamp.lit = splat4(0.0f);
    if (!met) {
        D(path).radiance = D(path).radiance + bt_path_meet_sky(sc, path);
        return false;
    }
    // what does not need the surface comes first: its data are on their way meanwhile
    bt_path_meet_haze(sc, hit.distance, path);
    float4 u = bt_sampler_4d(D(path).random, BT_SET_SCATTER + BT_SETS_PER_DEPTH * D(path).depth +
                                                 BT_SETS_PER_PANE * D(path).panes);
    D(path).cone_m = D(path).cone_m + D(path).cone_rad * hit.distance;
    bt_shade_point point =
        bt_shade_point_at(sc, hit, D(path).origin, D(path).dir, D(path).u, D(path).cone_m);
    D(path).radiance = D(path).radiance + bt_path_meet_lamp(sc, path, hit, A(point));
    if (D(path).depth >= setup.max_depth) return false;

    bt_bsdf bsdf = bt_path_bsdf(sc, path, A(point));
    if (bsdf.kind == BT_MATERIAL_GLASS_THIN) {
        D(path).panes = D(path).panes + 1u;
        if (D(path).panes > BT_MAX_PANES_PASSED) return false;
        return bt_path_scatter(sc, setup, A(point), bsdf, u, path);
    }
    bt_path_guide_keep(bsdf, A(point), hit.distance, path);
    if (setup.scatter_only == 0u) D(rays) = bt_path_ask(sc, A(point), bsdf, path);
    if (!bt_path_roulette(u[3], path)) return false;
    if (!bt_path_scatter(sc, setup, A(point), bsdf, u, path)) return false;
    D(path).depth = D(path).depth + 1u;
    return true;
}

#endif
