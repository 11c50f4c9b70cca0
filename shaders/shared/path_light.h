// path_light.h: light that a path meets, and light that it asks for at a vertex (path.h).
#ifndef BT_SHARED_PATH_LIGHT_H
#define BT_SHARED_PATH_LIGHT_H

#include "shaders/shared/bsdf.h"
#include "shaders/shared/glint.h"
#include "shaders/shared/hit.h"
#include "shaders/shared/path_lean.h"
#include "shaders/shared/path_types.h"

#define BT_GLOW_SIZE 0.05f // sr: of a lamp below that, see path_glow.h

// ---- light that is met --------------------------------------------------------------------------
FN bt_sky_spot bt_path_sky_spot(bt_scene_ref sc, float3 dir)
{
    return bt_sky_spot_of(scene_of(sc).sky.day, scene_of(sc).sky.aerosol_g, dir);
}
// Azimuth of the path's direction; it matters where the sky was asked.
FN float bt_path_sky_turn(bt_scene_ref sc, IN(bt_path) p)
{
    if (!(D(p).asked.sky > 0.0f)) return 0.0f;
    float3 side = scene_of(sc).sky.day.side;
    return bt_sky_turn(side[0], side[1], D(p).dir[0], D(p).dir[1]);
}
// spot, turn: of the path's direction.
FN float4 bt_path_meet_sky(bt_scene_ref sc, IN(bt_path) p, bt_sky_spot spot, float turn)
{
    float4 radiance = bt_sky_radiance_at(scene_of(sc).sky, scene_of(sc).tables.sky_radiance,
                                         D(p).light, D(p).dir, spot);
    float pdf = 0.0f;
    if (D(p).asked.sky > 0.0f)
        pdf = D(p).asked.sky * bt_sky_pdf_at(scene_of(sc).tables.sky_pick, D(p).dir[2], turn);
    float4 met = bt_path_weight_met(D(p).weight, radiance, pdf);
    if (D(p).sunless) return met;
    bool stars = bt_path_vertex(p) == 0u; // beyond, their light is in that of the night
    float4 sights = bt_sky_sights(scene_of(sc).sky, scene_of(sc).tables.sky_radiance, D(p).light,
                                  D(p).dir, stars);
    met = met + bt_path_weight_met(D(p).weight, sights, 0.0f);
    if (!bt_sky_in_sun(scene_of(sc).sky, D(p).dir)) return met;
    float4 disc = bt_sun_radiance(scene_of(sc).sky, scene_of(sc).tables.sky_radiance, D(p).light,
                                  D(p).dir);
    return met + bt_path_weight_met(D(p).weight, disc, D(p).asked.sun / scene_of(sc).sky.sun_angle);
}

// The image on a lamp: smoothed for the camera alone, for lamps that are asked are not.
FN float4 bt_path_lamp_image(bt_scene_ref sc, IN(bt_path) p, bt_hit hit, bt_material m)
{
    if (m.texture_emission == 0u) return splat4(1.0f);
    bt_placed placed = scene_placed(sc, hit.placed);
    bt_triangle t = bt_placed_triangle(sc, placed, hit.triangle, D(p).u);
    float footprint = 0.0f;
    if (bt_path_vertex(p) == 0u) {
        bt_placement at = scene_placement(sc, placed, D(p).u);
        footprint = bt_uv_per_m(sc, t, at) * D(p).cone_m;
    }
    float2 uv = bt_triangle_uv(sc, t, hit.bary_u, hit.bary_v);
    return bt_lamp_image(sc, m, D(p).wavelengths, uv, footprint);
}
// What an asker of whose light lamps are such a share draws them from, be it once or several times.
FN void bt_lamps_cut(bt_scene_ref sc, bt_light_asker who, float share, INOUT(bt_light_cut) cut)
{
    if (share < BT_LAMPS_MATTER)
        bt_light_cut_root(sc, cut);
    else
        bt_light_cut_make(sc, who, cut);
}
FN float4 bt_path_meet_lamp(bt_scene_ref sc, IN(bt_path) p, bt_hit hit, IN(bt_shade_point) point)
{
    float cos_view = D(point).surface.cos_view;
    float cos_lamp = bt_lamp_cos(D(point).material, D(point).front ? cos_view : -cos_view);
    float4 radiance =
        bt_lamp_radiance(sc, D(point).material, D(p).wavelengths, D(point).emission, cos_lamp);
    if (!any_above0(radiance)) return splat4(0.0f);
    radiance = radiance * bt_path_lamp_image(sc, p, hit, D(point).material);
    float pdf = 0.0f;
    uint light = bt_light_of_hit(sc, hit);
    // the back of a lamp with a beam
    if (light == BT_NONE && D(point).material.web != 0u) return splat4(0.0f);
    // where an image leaves a triangle dark but for a few texels, it is no light to be asked
    if ((D(p).asked.lamp > 0.0f || D(p).glows) && light != BT_NONE) {
        bt_lamp_point l =
            bt_lamp_point_at(sc, scene_light(sc, light), D(p).asker.pos, D(p).u, 0.5f, 0.5f);
        float3 to = D(point).pos - D(p).asker.pos;
        if (D(p).glows && l.area < BT_GLOW_SIZE * dot3(to, to)) return splat4(0.0f);
        bt_light_cut cut;
        bt_lamps_cut(sc, D(p).asker, D(p).asked.lamp, A(cut));
        pdf = D(p).asked.lamp * bt_light_probability(sc, D(p).asker, A(cut), light) *
              dot3(to, to) / max(l.area * cos_lamp, 1e-12f);
    }
    return bt_path_weight_met(D(p).weight, radiance, pdf);
}

FN bt_haze_way bt_path_haze_way(bt_scene_ref sc, float distance, IN(bt_path) p)
{
    return bt_haze_way_along(D(p).origin[2], D(p).dir[2], distance,
                             dot3(D(p).dir, scene_of(sc).sky.sun_dir), scene_of(sc).sky.aerosol_g);
}
FN_IN void bt_path_meet_haze(bt_scene_ref sc, bt_haze_way way, INOUT(bt_path) path)
{
    bt_haze haze = bt_haze_of(way, A(D(path).light), scene_of(sc).sky.aerosol_albedo);
    D(path).radiance = D(path).radiance + bt_path_weight_met(D(path).weight, haze.added, 0.0f);
    D(path).weight.beta = D(path).weight.beta * haze.left;
}

// ---- light that is asked for --------------------------------------------------------------------
#define BT_SKY_RISE 0.5f // of the direction from which the sky's light comes, in the mean

FN bool bt_through(uint kind)
{
    return kind == BT_MATERIAL_LEAF || kind == BT_MATERIAL_DIELECTRIC;
}

// Is it a place in fog, which has no normal, that asks?
FN bool bt_in_fog(bt_light_asker who)
{
    return !(dot3(who.normal, who.normal) > 0.0f);
}
// About how much sun and sky could send here through `fog`, W m^-2 nm^-1; no lamps.
FN bt_light_shares bt_light_estimates_above(bt_scene_ref sc, bt_fog fog, bt_light_asker who)
{
    bt_light_shares e;
    e.sun = 0.0f;
    if (scene_of(sc).sky.sun_up > 0.0f) {
        float facing = dot3(who.normal, scene_of(sc).sky.sun_dir);
        // droplets face all ways; smooth normals may see the sun where the true one just does not
        if (bt_in_fog(who)) facing = 1.0f;
        if (who.both || facing > -0.01f) e.sun = scene_of(sc).sun_irradiance * max(facing, 0.2f);
        float rise = scene_of(sc).sky.sun_dir[2];
        e.sun = e.sun * bt_fog_left(fog, who.pos[2], rise, BT_FAR);
    }
    e.sky = scene_of(sc).sky_irradiance * bt_fog_left(fog, who.pos[2], BT_SKY_RISE, BT_FAR);
    e.lamp = 0.0f;
    return e;
}
// The same of each source; from these follow the shares.
FN bt_light_shares bt_light_estimates(bt_scene_ref sc, bt_fog fog, bt_light_asker who)
{
    bt_light_shares e = bt_light_estimates_above(sc, fog, who);
    if (scene_of(sc).light_count > 0u) e.lamp = bt_light_importance(sc, who);
    return e;
}
// How often a source is asked for its part of the light, and at least: chosen by error times time, by day, at dusk
// and at night (bench.noise_causes). Lamps are asked for more often, for it varies which of them it is.
#define BT_SOURCE_OFTEN 8.0f
#define BT_LAMPS_OFTEN 64.0f
#define BT_SOURCE_LEAST 0.05f

// alone: each source is asked on its own, unless it hardly matters; else one of them is.
FN bt_light_shares bt_light_shares_at(bt_light_shares e, bool alone)
{
    float4 part = float4(e.sun, e.sky, e.lamp, 0.0f);
    float all = max(e.sun + e.sky + e.lamp, 1e-30f);
    float4 share = part * 0.8f / all + 0.1f;
    float4 often = float4(BT_SOURCE_OFTEN, BT_SOURCE_OFTEN, BT_LAMPS_OFTEN, 0.0f);
    if (alone) share = min(max(part * often / all, splat4(BT_SOURCE_LEAST)), splat4(1.0f));
    bt_light_shares s;
    s.sun = e.sun > 0.0f ? share[0] : 0.0f;
    s.sky = e.sky > 0.0f ? share[1] : 0.0f;
    s.lamp = e.lamp > 0.0f ? share[2] : 0.0f;
    if (alone) return s;
    float sum = max(s.sun + s.sky + s.lamp, 1e-30f);
    s.sun = s.sun / sum;
    s.sky = s.sky / sum;
    s.lamp = s.lamp / sum;
    return s;
}

// ---- one light of each kind ---------------------------------------------------------------------
// Light that may come to a vertex from one direction, a lamp's without the haze before it; pdf 0: none.
STRUCT(bt_light_sample)
{
    float3 dir;
    float distance;
    float4 radiance;
    float pdf; // density over solid angle of having asked for it
    // of a lamp: which, how often it is asked for, its area over the square of the distance, and where a
    // shadow ray ends before it
    uint light;
    float often, size;
    float3 before;
};
// Lamps of which one may be asked: how many are drawn, numbers for which one, a place on it, and the
// choice among such.
STRUCT(bt_lamp_draw)
{
    bool asks;
    uint count;
    float light, u0, u1, among;
};
// One of each kind at most.
STRUCT(bt_light_samples)
{
    bt_light_sample sun, sky;
    bt_lamp_draw lamp;
};

FN bt_light_sample bt_light_none(void)
{
    bt_light_sample l;
    l.dir = splat3(0.0f);
    l.distance = 0.0f;
    l.radiance = splat4(0.0f);
    l.pdf = 0.0f;
    l.light = BT_NONE;
    l.often = 0.0f;
    l.size = 0.0f;
    l.before = splat3(0.0f);
    return l;
}
// Sends a shadow ray, whose origin is known, to where it would see a light. To a lamp it goes from where it starts and
// not from where was asked, which is a step off: a lamp nearby would stand before itself.
FN void bt_shadow_aim(IN(bt_light_sample) l, INOUT(bt_shadow_ray) ray)
{
    D(ray).dir = D(l).dir;
    D(ray).distance = D(l).distance;
    if (D(l).light == BT_NONE) return;
    float3 way = D(l).before - D(ray).origin;
    float far = length3(way);
    bool ahead = dot3(way, D(l).dir) > 0.0f; // else the two steps have passed each other
    D(ray).distance = ahead ? far : 0.0f;
    if (ahead) D(ray).dir = way * (1.0f / far);
}
// At the first two vertices and in fog each source is asked on its own, later one of them is.
FN bool bt_asks_alone(uint vertex)
{
    return vertex < 2u;
}
// Those of a vertex's numbers for light that pick a direction of the sky.
FN float2 bt_sky_numbers(float4 light, bool alone)
{
    if (alone) return float2(light[2], light[3]);
    return float2(light[0], light[1]);
}
FN_IN bt_light_sample bt_pick_sun(bt_scene_ref sc, IN(bt_path) p, bt_path_draws draws)
{
    bt_disc_place at = draws.sun;
    if (!draws.aimed)
        at = bt_disc_sample(scene_of(sc).sky.sun_height, draws.light[0], draws.light[1]);
    bt_direction to = bt_sun_at(scene_of(sc).sky, at);
    bt_light_sample l = bt_light_none();
    l.dir = to.dir;
    l.distance = BT_FAR;
    l.radiance =
        bt_sun_radiance(scene_of(sc).sky, scene_of(sc).tables.sky_radiance, D(p).light, to.dir);
    l.pdf = D(p).asked.sun * to.pdf;
    return l;
}
FN_IN bt_light_sample bt_pick_sky(bt_scene_ref sc, IN(bt_path) p, bt_path_draws draws, bool alone)
{
    bt_sky_picked at = draws.sky;
    bt_sky_spot spot = draws.sky_spot;
    if (!draws.aimed) {
        float2 u = bt_sky_numbers(draws.light, alone);
        at = bt_sky_pick_at(scene_of(sc).tables.sky_pick, scene_of(sc).sky.day.side[0],
                            scene_of(sc).sky.day.side[1], u[0], u[1]);
        spot = bt_path_sky_spot(sc, float3(at.x, at.y, at.z));
    }
    bt_light_sample l = bt_light_none();
    l.dir = float3(at.x, at.y, at.z);
    l.distance = BT_FAR;
    l.radiance = bt_sky_radiance_at(scene_of(sc).sky, scene_of(sc).tables.sky_radiance, D(p).light,
                                    l.dir, spot);
    l.pdf = D(p).asked.sky * at.pdf;
    return l;
}
// A place on a lamp that is asked for so `often`, seen from another.
FN bt_light_sample bt_lamp_from(bt_scene_ref sc, IN(bt_path) p, uint light, float often, float3 from,
                                float u0, float u1)
{
    bt_lamp_point at = bt_lamp_point_at(sc, scene_light(sc, light), from, D(p).u, u0, u1);
    float4 radiance = bt_lamp_radiance(sc, at.material, D(p).wavelengths, at.emission, at.cos_lamp);
    radiance = radiance * bt_lamp_image(sc, at.material, D(p).wavelengths, at.uv, 0.0f);
    bt_light_sample l = bt_light_none();
    if (!any_above0(radiance)) return l;
    l.dir = at.dir;
    l.distance = at.distance;
    l.before = at.before;
    l.radiance = radiance;
    l.pdf = often * at.distance * at.distance / max(at.area * at.cos_lamp, 1e-12f);
    l.light = light;
    l.often = often;
    l.size = at.area / max(at.distance * at.distance, 1e-12f);
    return l;
}
FN bt_light_sample bt_pick_lamp(bt_scene_ref sc, IN(bt_path) p, IN(bt_light_cut) cut,
                                bt_lamp_draw draw)
{
    bt_light_choice choice = bt_light_choose(sc, D(p).asker, cut, draw.light);
    if (choice.light == BT_NONE) return bt_light_none();
    return bt_lamp_from(sc, p, choice.light, D(p).asked.lamp * choice.probability, D(p).asker.pos,
                        draw.u0, draw.u1);
}

FN float bt_turned(float u, float by)
{
    float t = u + by;
    return t >= 1.0f ? t - 1.0f : t;
}

// ---- one of several lamps -----------------------------------------------------------------------
// One shadow ray for several lamps that the tree gave, chosen by what each would bring if nothing were
// in the way: Talbot, Cline, Egbert 2005, "Importance resampling for global illumination". The tree knows
// neither the lamps' webs nor how the place scatters, this does. Each was drawn from its own part of the
// tree's numbers. With n of them a direction is asked for n times as often, and that is what multiple
// importance sampling goes by, here and where a lamp is met by chance (path.asked).
//
// How many: chosen by error times time at night (bench.noise_causes); of lamps that hardly matter, as by
// day, one.
FN uint bt_lamps_weighed(uint vertex, float share)
{
    if (share < BT_LAMPS_MATTER) return 1u;
    return vertex == 0u ? 8u : 2u;
}
// The k-th of a draw's lamps.
FN bt_lamp_draw bt_lamp_drawn(bt_lamp_draw draw, uint k)
{
    bt_lamp_draw one = draw;
    float number = to_f(k);
    one.light = min((draw.light + number) / to_f(draw.count), 0.99999994f);
    // Roberts 2018, "The unreasonable effectiveness of quasirandom sequences": R2
    one.u0 = bt_turned(draw.u0, 0.7548777f * number - floor(0.7548777f * number));
    one.u1 = bt_turned(draw.u1, 0.5698403f * number - floor(0.5698403f * number));
    return one;
}
STRUCT(bt_lamps_kept)
{
    float among;    // what is left of the number that chooses
    float all, own; // what all would bring; the one that is kept
};
FN bt_lamps_kept bt_lamps_begin(bt_lamp_draw draw)
{
    bt_lamps_kept k;
    k.among = clampf(draw.among, 0.0f, 0.9999999f);
    k.all = 0.0f;
    k.own = 0.0f;
    return k;
}
// Is this one, which would bring so much, kept instead of the last?
FN bool bt_lamps_keep(float brings, INOUT(bt_lamps_kept) kept)
{
    if (!(brings > 0.0f)) return false;
    D(kept).all = D(kept).all + brings;
    float turn = brings / D(kept).all;
    float among = D(kept).among;
    bool takes = among < turn;
    among = takes ? among / turn : (among - turn) / max(1.0f - turn, 1e-7f);
    D(kept).among = min(among, 0.9999999f);
    if (takes) D(kept).own = brings;
    return takes;
}
// The ray that was kept stands for all; haze on its way is left to the end.
FN void bt_lamps_end(bt_scene_ref sc, IN(bt_path) p, bt_lamps_kept kept, INOUT(bt_shadow_ray) ray)
{
    if (!(kept.own > 0.0f)) return;
    bt_haze haze = bt_sky_haze(scene_of(sc).sky, D(p).light, D(p).asker.pos[2], D(ray).dir,
                               D(ray).distance);
    D(ray).lit = D(ray).lit * haze.left * (kept.all / kept.own);
}
// Asks the lights from where the path's asker is; remembers how often for the ray that scattering
// sends next. `vertex`: number of vertices before; `fog`: what the light comes through.
FN_IN bt_light_samples bt_path_pick(bt_scene_ref sc, uint vertex, bt_fog fog,
                                    bt_path_draws draws, INOUT(bt_path) path)
{
    bt_light_samples l;
    l.sun = bt_light_none();
    l.sky = bt_light_none();
    float4 u = draws.light;
    bool alone = bt_asks_alone(vertex) || bt_in_fog(D(path).asker);
    bt_light_shares s = bt_light_shares_at(bt_light_estimates(sc, fog, D(path).asker), alone);
    D(path).asked = s;
    // each light is asked in one place, which keeps what a GPU must compile small
    bool ask_sun = u[2] < s.sun;
    bool ask_sky = !ask_sun && (u[2] < s.sun + s.sky || !(s.lamp > 0.0f));
    l.lamp.asks = !ask_sun && !ask_sky;
    l.lamp.light = u[3];
    l.lamp.u0 = u[0];
    l.lamp.u1 = u[1];
    l.lamp.among = (u[2] - s.sun - s.sky) / max(s.lamp, 1e-6f);
    if (alone) {
        float4 v = draws.lamp;
        ask_sun = bt_turned(v[3], 0.333f) < s.sun;
        ask_sky = bt_turned(v[3], 0.667f) < s.sky;
        l.lamp.asks = v[3] < s.lamp;
        l.lamp.light = v[0];
        l.lamp.u0 = v[1];
        l.lamp.u1 = v[2];
        l.lamp.among = v[3] / max(s.lamp, 1e-6f);
    }
    l.lamp.count = bt_lamps_weighed(vertex, s.lamp);
    if (ask_sun) l.sun = bt_pick_sun(sc, path, draws);
    if (ask_sky) l.sky = bt_pick_sky(sc, path, draws, alone);
    return l;
}

// ---- shadow rays from a surface -----------------------------------------------------------------
// The shadow ray towards a light that was asked, `alone`: it is not met by chance; one that would bring nothing is left
// as it is.
FN void bt_surface_ask(bt_scene_ref sc, IN(bt_path) p, IN(bt_shade_point) point, IN(bt_bsdf) bsdf,
                       IN(bt_light_sample) l, bool alone, INOUT(bt_shadow_ray) s)
{
    bt_bsdf_value f = bt_bsdf_eval(bsdf, scene_of(sc).tables.ggx, D(l).dir);
    if (!any_above0(f.f_cos)) return;
    float4 met = bt_lean_density(sc, p, f.pdf, D(l).dir);
    if (alone) met = splat4(0.0f);
    D(s).lit = bt_path_weight_lit(D(p).weight, f.f_cos, met, D(l).radiance, D(l).pdf);
    D(s).origin =
        bt_offset_origin(D(point).pos, D(point).surface.normal_geometric, D(l).dir, D(point).reach);
    bt_shadow_aim(l, s);
}
// Takes out what fog does on the way.
FN void bt_surface_fog(bt_fog fog, IN(bt_shade_point) point, INOUT(bt_shadow_ray) s)
{
    D(s).lit = D(s).lit * bt_fog_left(fog, D(point).pos[2], D(s).dir[2], D(s).distance);
}
// As bt_lamps_keep, for lamps asked from a surface.
FN void bt_surface_ask_lamps(bt_scene_ref sc, IN(bt_path) p, IN(bt_shade_point) point,
                             IN(bt_bsdf) bsdf, bt_lamp_draw draw, INOUT(bt_shadow_ray) kept)
{
    bt_light_cut cut;
    bt_lamps_cut(sc, D(p).asker, D(p).asked.lamp, A(cut));
    bt_lamps_kept among = bt_lamps_begin(draw);
    for (uint k = 0u; k < draw.count; k++) {
        bt_light_sample of = bt_pick_lamp(sc, p, A(cut), bt_lamp_drawn(draw, k));
        if (!(of.pdf > 0.0f)) continue;
        bt_shadow_ray ray = bt_shadow_none();
        bt_surface_ask(sc, p, point, bsdf, A(of), false, A(ray));
        if (bt_lamps_keep(sum4(ray.lit), A(among))) D(kept) = ray;
    }
    bt_lamps_end(sc, p, among, kept);
}
// `glint`: the sun is seen in lobes as wide as that, and by no other way.
FN void bt_path_ask(bt_scene_ref sc, IN(bt_shade_point) point, INOUT(bt_bsdf) bsdf,
                    bt_glint glint, bt_path_draws draws, INOUT(bt_path) path,
                    INOUT(bt_shadow_rays) rays)
{
    D(path).asker.pos = D(point).pos;
    D(path).asker.normal = D(point).surface.normal_geometric;
    D(path).asker.both = bt_through(D(bsdf).kind);
    D(path).asker.along = 0.0f;
    D(path).asker.fade = 0.0f;
    D(path).lean = bt_lean_share(sc, path, D(point).pos, D(point).surface.normal, D(bsdf).kind);
    bt_fog fog = bt_path_fog(sc, path, D(path).scatters);
    bt_light_samples l = bt_path_pick(sc, bt_path_vertex(path), fog, draws, path);
    D(path).asked.lamp = D(path).asked.lamp * to_f(l.lamp.count);
    // one call, as in bt_path_pick
    for (int k = 0; k < 2; k++) {
        bt_light_sample of = l.sun;
        if (k == 1) of = l.sky;
        if (!(of.pdf > 0.0f)) continue;
        bt_shadow_ray ray = bt_shadow_none();
        bool alone = k == 0 && glint.on;
        D(bsdf).spread = splat3(0.0f);
        if (alone) D(bsdf).spread = bt_glint_spread(bsdf, glint);
        bt_surface_ask(sc, path, point, bsdf, A(of), alone, A(ray));
        bt_surface_fog(fog, point, A(ray));
        if (k == 0) D(rays).sun = ray;
        if (k == 1) D(rays).sky = ray;
    }
    D(bsdf).spread = splat3(0.0f);
    if (l.lamp.asks) {
        bt_shadow_ray ray = bt_shadow_none();
        bt_surface_ask_lamps(sc, path, point, bsdf, l.lamp, A(ray));
        bt_surface_fog(fog, point, A(ray));
        D(rays).lamp = ray;
    }
}

#endif
