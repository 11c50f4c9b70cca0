// path.h: one path of light, walked from the camera: the estimator of radiance, for every backend.
//
// Unidirectional path tracing with next-event estimation towards sun, sky and lamps, multiple
// importance sampling by the balance heuristic (Veach 1997), hero wavelengths (spectral.h), Russian
// roulette on what is left of the weight.
//
// A backend owns the rays: it traces the path's ray, calls bt_path_meet with what was hit, then
// traces the shadow rays that this left and adds what gets through (bt_path_light), as long as
// bt_path_meet says that the path goes on. Haze is applied on every segment (sky.h), fog is
// scattered in (path_fog.h).
//
// A thin pane met straight through is no vertex: the densities of the last true vertex go on, and
// shadow rays pass panes in the same way, so both ways of finding a light agree.
#ifndef BT_SHARED_PATH_H
#define BT_SHARED_PATH_H

#include "shaders/shared/path_fog.h"
#include "shaders/shared/path_light.h"
#include "shaders/shared/wet.h"

// ---- going on -----------------------------------------------------------------------------------
FN_IN bt_bsdf bt_path_bsdf(bt_scene_ref sc, IN(bt_path) p, INOUT(bt_shade_point) point)
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
    if (m.texture_color != 0u)
        color = color * bt_texel_spectrum(sc, m.texture_color, D(point).texel, D(p).wavelengths);
    if (m.tint_depth_m > 0.0f) color = splat4(1.0f);
    color = min(max(color * s.tint, splat4(0.0f)), splat4(1.0f));
    second = min(max(second * s.tint, splat4(0.0f)), splat4(1.0f));
    float3 wo = D(p).dir * -1.0f;
    float3 n = bt_normal_consistent(s.normal, s.normal_geometric, wo);
    return bt_bsdf_make(m, scene_of(sc).tables.ggx, n, s.normal_geometric, wo,
                        clampf(s.roughness, 0.0f, 1.0f), color, second, D(point).front,
                        D(p).alpha_floor);
}

// What solid glass leaves of light on the way through it that ended at its inside. Things within it
// are seen as through clear glass.
FN void bt_path_meet_glass(bt_scene_ref sc, IN(bt_shade_point) point, float distance,
                           INOUT(bt_path) path)
{
    bt_material m = D(point).material;
    if (D(point).front || !(m.tint_depth_m > 0.0f) || m.kind != BT_MATERIAL_DIELECTRIC) return;
    float4 left = bt_spectrum_at(scene_spectrum(sc, m.reflectance), D(path).wavelengths);
    float4 depth = float4(pm_log(max(left[0], 1e-6f)), pm_log(max(left[1], 1e-6f)),
                          pm_log(max(left[2], 1e-6f)), pm_log(max(left[3], 1e-6f)));
    float4 passed = pm_exp4(depth * (distance / m.tint_depth_m));
    D(path).weight.beta = D(path).weight.beta * passed;
}

// After the direction is known and before its ray is traced: a ray that is not worth it costs nothing.
FN bool bt_path_roulette(float u, INOUT(bt_path) path)
{
    if (D(path).depth < BT_ROULETTE_DEPTH) return true;
    float left = max_of4(D(path).weight.beta) / bt_mean4(D(path).weight.r_u);
    float stay = max(BT_ROULETTE_WORTH * left, 0.05f);
    if (stay >= 0.95f) return true;
    if (u >= stay) return false;
    D(path).weight.beta = D(path).weight.beta * (1.0f / stay);
    return true;
}

// Widens the cone by what the surface scatters. Akenine-Moller et al. 2021, "Improved shader and
// texture level of detail using ray cones": the rougher, the wider; curvature is left out.
FN void bt_path_widen(bt_path_setup setup, IN(bt_bsdf) bsdf, IN(bt_bsdf_sample) next,
                      INOUT(bt_path) path)
{
    if (D(next).scatter != BT_SCATTER_ROUGH) return;
    bt_path_widen_by(setup, D(next).pdf[0], path);
    if (D(bsdf).alpha > 0.2f || D(bsdf).kind == BT_MATERIAL_DIFFUSE || D(next).pdf[0] < 2.0f)
        D(path).alpha_floor = max(D(path).alpha_floor, setup.caustic_alpha);
}

// A bent pane is asked for the sun's glint, as gloss is.
FN void bt_path_ask_pane(bt_scene_ref sc, IN(bt_shade_point) point, IN(bt_bsdf) bsdf,
                         bt_glint glint, IN(bt_path) path, INOUT(bt_shadow_rays) rays)
{
    bt_sky sky = scene_of(sc).sky;
    float4 u = bt_sampler_4d(D(path).random, BT_SET_LIGHT + bt_path_sets(path));
    bt_direction to = bt_sun_sample(sky, u[0], u[1]);
    float4 f_cos = bt_glint_pane(bsdf, glint, bt_frame_to(D(bsdf).frame, to.dir));
    if (!any_above0(f_cos)) return;
    float4 disc = bt_sun_radiance(sky, scene_of(sc).tables.sky_radiance, D(path).light, to.dir);
    bt_shadow_ray ray;
    ray.lit = bt_path_weight_lit(D(path).weight, f_cos, splat4(0.0f), disc, to.pdf);
    ray.origin =
        bt_offset_origin(D(point).pos, D(point).surface.normal_geometric, to.dir, D(point).reach);
    ray.dir = to.dir;
    ray.distance = BT_FAR;
    bt_surface_fog(bt_path_fog(sc, path, D(path).scatters), point, A(ray));
    D(rays).sun = ray;
}

// Samples the next direction; false: the path ends.
FN bool bt_path_scatter(bt_scene_ref sc, bt_path_setup setup, IN(bt_shade_point) point,
                        IN(bt_bsdf) bsdf, bool glints, float4 u, INOUT(bt_path) path)
{
    bt_bsdf_sample next = bt_lean_scatter(sc, path, bsdf, u);
    if (next.scatter == BT_SCATTER_NONE) return false;
    if (next.scatter != BT_SCATTER_THROUGH) D(path).glows = false;
    if (next.scatter == BT_SCATTER_ROUGH) {
        D(path).sunless = glints;
        float4 drawn = bt_lean_density(sc, path, next.pdf, next.wi);
        D(path).weight = bt_path_weight_scatter(D(path).weight, next.f_cos, drawn);
    } else {
        D(path).weight.beta = D(path).weight.beta * next.f_cos * (1.0f / next.pdf[0]);
    }
    if (next.scatter == BT_SCATTER_MIRROR) {
        D(path).weight.r_l = splat4(0.0f); // light sampling cannot make this
        D(path).asked.sun = 0.0f;
        D(path).asked.sky = 0.0f;
        D(path).asked.lamp = 0.0f;
        D(path).sunless = glints || D(path).alpha_floor > 0.0f;
    }
    bt_path_widen(setup, bsdf, A(next), path);
    D(path).dir = next.wi;
    D(path).origin =
        bt_offset_origin(D(point).pos, D(point).surface.normal_geometric, next.wi, D(point).reach);
    return true;
}

FN void bt_path_guide_keep(IN(bt_bsdf) bsdf, IN(bt_shade_point) point, float distance,
                           INOUT(bt_path) path)
{
    if (bt_path_vertex(path) > 0u) return;
    D(path).guide.albedo = D(bsdf).color;
    D(path).guide.normal = D(point).surface.normal;
    D(path).guide.distance = distance;
}

// Is it a pane of the camera's own car, met by the camera's own ray?
FN bool bt_path_own_pane(bt_scene_ref sc, bt_path_setup setup, bt_hit hit, IN(bt_path) path)
{
    if (setup.own_count == 0u || bt_path_vertex(path) > 0u) return false;
    uint instance = scene_placed(sc, hit.placed).instance;
    return instance >= setup.own_first && instance - setup.own_first < setup.own_count;
}

// Deals with the surface that the path's ray meets, the haze before it dealt with. As bt_path_meet.
FN_IN bool bt_path_meet_surface(bt_scene_ref sc, bt_path_setup setup, bt_hit hit,
                                bt_path_draws draws, INOUT(bt_path) path,
                                INOUT(bt_shadow_rays) rays)
{
    float4 u = draws.scatter;
    D(path).lean = 0.0f;
    D(path).cone_m = D(path).cone_m + D(path).cone_rad * hit.distance;
    bt_shade_point point;
    bt_shade_point_find(sc, hit, D(path).origin, D(path).dir, D(path).u, D(path).cone_m, A(point));
    D(path).radiance = D(path).radiance + bt_path_meet_lamp(sc, path, hit, A(point));
    if (D(path).depth >= setup.max_depth) return false;

    bt_path_meet_glass(sc, A(point), hit.distance, path);
    bt_bsdf bsdf = bt_path_bsdf(sc, path, A(point));
    bt_glint glint = bt_glint_find(sc, setup, hit, path, bsdf.kind);
    bool pane = bsdf.kind == BT_MATERIAL_GLASS_THIN;
    if (pane) {
        D(path).panes = D(path).panes + 1u;
        if (D(path).panes > BT_MAX_PANES_PASSED) return false;
        if (bt_path_own_pane(sc, setup, hit, path)) {
            D(path).origin = bt_offset_origin(point.pos, point.surface.normal_geometric,
                                              D(path).dir, point.reach);
            return true;
        }
        if (glint.on) bt_path_ask_pane(sc, A(point), A(bsdf), glint, path, rays);
    } else {
        bt_path_guide_keep(A(bsdf), A(point), hit.distance, path);
        if (setup.scatter_only == 0u) bt_path_ask(sc, A(point), A(bsdf), glint, draws, path, rays);
    }
    if (!bt_path_scatter(sc, setup, A(point), A(bsdf), glint.on, u, path)) return false;
    if (pane) return true;
    if (!bt_path_roulette(u[3], path)) return false;
    D(path).depth = D(path).depth + 1u;
    return true;
}

// The same where no fog ends the ray before.
FN bool bt_path_meet_clear(bt_scene_ref sc, bt_path_setup setup, bool met, bt_hit hit,
                           INOUT(bt_path) path, INOUT(bt_shadow_rays) rays)
{
    if (!met) {
        D(path).radiance =
            D(path).radiance + bt_path_meet_sky(sc, path, bt_path_sky_spot(sc, D(path).dir),
                                                bt_path_sky_turn(sc, path));
        return false;
    }
    bt_path_meet_haze(sc, bt_path_haze_way(sc, hit.distance, path), path);
    return bt_path_meet_surface(sc, setup, hit, bt_path_draw(path), path, rays);
}

// Deals with what the path's ray meets. Shadow rays are to be traced whether it goes on or not;
// false: the path ends here.
FN bool bt_path_meet(bt_scene_ref sc, bt_path_setup setup, bool met, bt_hit hit,
                     INOUT(bt_path) path, INOUT(bt_shadow_rays) rays)
{
    bt_shadow_rays_clear(rays);
    bt_shadow_ray glow = bt_shadow_none();
    float glow_or_not = 0.0f;
    float far = met ? hit.distance : BT_FAR;
    float at = -1.0f;
    bool goes_on = false;
    bt_glow_line line = bt_glow_line_along(sc, setup, far, path);
    bt_light_cut seen;
    bt_light_cut_root(sc, A(seen));
    if (line.on) {
        float4 u = bt_sampler_4d(D(path).random, BT_SET_GLOW_OR_NOT + bt_path_sets(path));
        glow_or_not = u[0];
        bt_lamps_cut(sc, line.asks, line.often, A(seen));
        if (u[2] < line.often) glow = bt_glow_ask_lamps(sc, line, A(seen), path);
    }
    if (scene_of(sc).fog.extinction > 0.0f) at = bt_path_fog_reach(sc, far, path);
    if (at >= 0.0f)
        goes_on = bt_path_meet_fog(sc, setup, line, A(seen), at, path, rays);
    else
        goes_on = bt_path_meet_clear(sc, setup, met, hit, path, rays);
    if (line.on) D(rays).lamp = bt_shadow_either(D(rays).lamp, glow, glow_or_not);
    return goes_on;
}

#endif
