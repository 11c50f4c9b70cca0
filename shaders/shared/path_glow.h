// path_glow.h: lamps that all of the eye's ray through fog asks for, not one place on it.
//
// Where a ray passes beside a lamp, most of what fog sends along it comes from near there, for light
// falls off with the square of the distance. Places drawn by how far fog lets a ray through seldom lie
// there, and are giants when they do. Kulla and Fajardo 2012, "Importance sampling techniques for path
// tracing in participating media": places drawn evenly by the angle that the ray takes up, seen from
// the lamp (equiangular). Here the light tree gives a lamp for the ray (light_tree.h), and a place on
// the ray is drawn for a place on that lamp.
//
// The same light is asked for where the path is scattered (path_fog.h). The two ways share it by the
// balance heuristic (Veach 1997), over places on the ray and on the lamp:
//
//   reached: density of being scattered there, times how often that place asks for the lamp
//   drawn:   the equiangular density, times how often the ray asks for the lamp
//
// As surfaces do, a ray asks the less often the less of its light is the lamps': by day hardly ever.
//
// What scattering meets of these lamps by chance is left out, for the path has forgotten its ray by
// then. Lamps that look large from the place (BT_GLOW_SIZE) are left as they were: scattering meets them
// often enough.
#ifndef BT_SHARED_PATH_GLOW_H
#define BT_SHARED_PATH_GLOW_H

#include "shaders/shared/path_phase.h"

#define BT_GLOW_LAMPS 4u          // that a ray draws where they matter, of which one is asked
#define BT_GLOW_DEPTH 7.0f        // optical depth up to which a ray asks
#define BT_GLOW_FAR_M 2000.0f     // and how far at most
#define BT_GLOW_NEAREST_M 0.01f   // that a ray passes by a lamp, for the sampling's angles
#define BT_FOG_EAGER 4.0f        // times as often as it happens the eye's own ray is scattered, up to
#define BT_FOG_EAGER_SHARE 0.25f // this share of the rays

// ---- equiangular sampling -----------------------------------------------------------------------
// A ray seen from a lamp: how far along it is nearest, how near, and the angles from there to its start and
// its end.
STRUCT(bt_glow_sight)
{
    float middle, aside, from, span;
};
FN bt_glow_sight bt_glow_see(bt_light_asker line, float3 lamp)
{
    float3 to = lamp - line.pos;
    bt_glow_sight s;
    s.middle = dot3(to, line.normal);
    s.aside = max(length3(to - line.normal * s.middle), BT_GLOW_NEAREST_M);
    s.from = pm_atan2(-s.middle, s.aside);
    s.span = pm_atan2(line.along - s.middle, s.aside) - s.from;
    return s;
}
// Per metre of the ray.
FN float bt_glow_density(bt_glow_sight s, float at)
{
    float off = at - s.middle;
    return s.aside / max(s.span * (s.aside * s.aside + off * off), 1e-12f);
}
// How far along the ray.
FN float bt_glow_draw(bt_glow_sight s, float along, float u)
{
    return clampf(s.middle + s.aside * pm_tan(s.from + s.span * u), 0.0f, along);
}

// ---- the eye's ray ------------------------------------------------------------------------------
STRUCT(bt_glow_line)
{
    bool on;
    bt_light_asker asks; // along it
    float often;         // how often it does; of lamps that hardly matter one then, as elsewhere
    float eager;         // how much more often than it happens the ray is scattered
};

// The share of rays that are scattered, of which so many would be. The eye's own are scattered more often
// where fog is thin and lamps are lit: their cones would else be found by few samples.
FN float bt_fog_share(bt_scene_ref sc, IN(bt_path) p, float stopped)
{
    if (bt_path_vertex(p) > 0u || scene_of(sc).light_count == 0u) return stopped;
    return max(stopped, min(BT_FOG_EAGER * stopped, BT_FOG_EAGER_SHARE));
}

// How often a ray asks for lamps: by their part of the light that fog sends along it.
FN float bt_glow_often(bt_scene_ref sc, bt_fog fog, bt_light_asker line)
{
    bt_light_shares e = bt_light_estimates_above(sc, fog, bt_asker_in_air(line.pos));
    float seen_m = (1.0f - pm_exp(-line.fade * line.along)) / line.fade;
    e.lamp = bt_light_importance(sc, line) / max(seen_m, 1e-6f);
    return bt_light_shares_at(e, true).lamp;
}
// The path's ray, so far as something is met or there is fog to speak of.
FN bt_glow_line bt_glow_line_along(bt_scene_ref sc, bt_path_setup setup, float far, IN(bt_path) p)
{
    bt_glow_line line;
    line.on = scene_of(sc).fog.extinction > 0.0f && scene_of(sc).light_count > 0u &&
              bt_path_vertex(p) == 0u && setup.scatter_only == 0u;
    line.asks = bt_asker_in_air(D(p).origin);
    line.often = 0.0f;
    line.eager = 1.0f;
    if (!line.on) return line;
    bt_fog fog = bt_path_fog(sc, p, 0u);
    float z = D(p).origin[2];
    float rise = D(p).dir[2];
    float stopped = 1.0f - bt_fog_left(fog, z, rise, far);
    line.eager = bt_fog_share(sc, p, stopped) / max(stopped, 1e-30f);
    line.asks.normal = D(p).dir;
    line.asks.along = min(min(far, BT_GLOW_FAR_M), bt_fog_distance(fog, z, rise, BT_GLOW_DEPTH));
    line.asks.fade = fog.extinction;
    line.on = stopped > 0.0f && line.asks.along > 0.0f;
    if (line.on) line.often = bt_glow_often(sc, fog, line.asks);
    return line;
}
FN uint bt_glow_lamps(bt_glow_line line)
{
    return line.often < BT_LAMPS_MATTER ? 1u : BT_GLOW_LAMPS;
}
// Density per metre of asking one of its lamps there, were there no other.
FN float bt_glow_drawn(bt_glow_line line, bt_glow_sight sight, float at)
{
    return line.often * to_f(bt_glow_lamps(line)) * bt_glow_density(sight, at);
}
// Density per metre of being scattered there.
FN float bt_glow_reaches(bt_scene_ref sc, bt_glow_line line, float at)
{
    bt_fog fog = scene_of(sc).fog;
    float z = line.asks.pos[2];
    float rise = line.asks.normal[2];
    return line.eager * bt_fog_extinction(fog, z + rise * at - fog.base) *
           bt_fog_left(fog, z, rise, at);
}
// How often a place in fog that is the path's first scattering asks for a lamp.
FN float bt_glow_asks(bt_scene_ref sc, bt_fog fog, float3 pos, uint light)
{
    bt_light_asker who = bt_asker_in_air(pos);
    float share = bt_light_shares_at(bt_light_estimates(sc, fog, who), true).lamp;
    bt_light_cut cut;
    bt_lamps_cut(sc, who, share, A(cut));
    return share * to_f(bt_lamps_weighed(0u, share)) *
           bt_light_probability(sc, who, A(cut), light);
}
FN bool bt_glow_takes(bt_glow_line line, IN(bt_light_sample) l)
{
    return line.on && D(l).size < BT_GLOW_SIZE;
}
// The part of a lamp's light that is asked for where the path is scattered, so far along. Here and below, `seen` is what
// the line draws its lamps from.
FN float bt_glow_leaves(bt_scene_ref sc, bt_glow_line line, IN(bt_light_cut) seen, float at,
                        IN(bt_light_sample) l)
{
    if (!bt_glow_takes(line, l) || at > line.asks.along) return 1.0f;
    float3 pos = line.asks.pos + line.asks.normal * at;
    bt_glow_sight s = bt_glow_see(line.asks, pos + D(l).dir * D(l).distance);
    float drawn =
        bt_glow_drawn(line, s, at) * bt_light_probability(sc, line.asks, seen, D(l).light);
    float reached = bt_glow_reaches(sc, line, at) * D(l).often;
    return reached / max(reached + drawn, 1e-30f);
}

// ---- asking --------------------------------------------------------------------------------------
// A lamp that the whole of the path's ray asks for, and the place on the ray that does.
STRUCT(bt_glow_ask)
{
    bt_light_sample light; // pdf 0: none
    float at;
    float3 pos;
};
FN bt_glow_ask bt_glow_ask_none(bt_glow_line line)
{
    bt_glow_ask a;
    a.light = bt_light_none();
    a.at = 0.0f;
    a.pos = line.asks.pos;
    return a;
}
// u: for the lamp, for the place on it, for the place on the ray.
FN bt_glow_ask bt_glow_pick(bt_scene_ref sc, IN(bt_path) p, bt_glow_line line,
                            IN(bt_light_cut) seen, float4 u)
{
    bt_glow_ask a = bt_glow_ask_none(line);
    bt_light_choice choice = bt_light_choose(sc, line.asks, seen, u[0]);
    if (choice.light == BT_NONE) return a;
    bt_lamp_point lamp =
        bt_lamp_point_at(sc, scene_light(sc, choice.light), line.asks.pos, D(p).u, u[1], u[2]);
    bt_glow_sight sight = bt_glow_see(line.asks, line.asks.pos + lamp.dir * lamp.distance);
    a.at = bt_glow_draw(sight, line.asks.along, u[3]);
    a.pos = line.asks.pos + line.asks.normal * a.at;
    float often = bt_glow_drawn(line, sight, a.at) * choice.probability;
    a.light = bt_lamp_from(sc, p, choice.light, often, a.pos, u[1], u[2]);
    if (!bt_glow_takes(line, A(a.light))) a.light.pdf = 0.0f;
    return a;
}
// The shadow ray from there, haze left out.
FN bt_shadow_ray bt_glow_ray(bt_scene_ref sc, IN(bt_path) p, bt_glow_line line, IN(bt_glow_ask) a)
{
    bt_light_sample l = D(a).light;
    if (!(l.pdf > 0.0f)) return bt_shadow_none();
    float4 phase = bt_path_phase(sc, p, bt_fog_q(D(p).dir, l.dir));
    float often = bt_glow_reaches(sc, line, D(a).at) / line.eager;
    return bt_fog_shadow(sc, p, A(l), D(a).pos, often, phase, splat4(0.0f));
}
// The shadow ray towards one of several such lamps, weighed as bt_lamps_keep does.
FN bt_shadow_ray bt_glow_ask_lamps(bt_scene_ref sc, bt_glow_line line, IN(bt_light_cut) seen,
                                   IN(bt_path) p)
{
    float4 u = bt_sampler_4d(D(p).random, BT_SET_GLOW + bt_path_sets(p));
    bt_lamp_draw draw;
    draw.asks = true;
    draw.count = bt_glow_lamps(line);
    draw.light = u[0];
    draw.u0 = u[1];
    draw.u1 = u[2];
    draw.among = bt_sampler_4d(D(p).random, BT_SET_GLOW_OR_NOT + bt_path_sets(p))[1];
    bt_shadow_ray kept = bt_shadow_none();
    bt_glow_ask of_kept = bt_glow_ask_none(line);
    bt_lamps_kept among = bt_lamps_begin(draw);
    for (uint k = 0u; k < draw.count; k++) {
        bt_lamp_draw one = bt_lamp_drawn(draw, k);
        float place = bt_turned(u[3], to_f(k) / to_f(draw.count));
        float4 numbers = float4(one.light, one.u0, one.u1, place);
        bt_glow_ask of = bt_glow_pick(sc, p, line, seen, numbers);
        bt_shadow_ray ray = bt_glow_ray(sc, p, line, A(of));
        if (!bt_lamps_keep(sum4(ray.lit), A(among))) continue;
        kept = ray;
        of_kept = of;
    }
    if (!bt_shadow_asks(kept)) return kept;
    kept.lit = kept.lit * (among.all / among.own);
    bt_fog fog = bt_path_fog(sc, p, D(p).scatters + 1u);
    float drawn = of_kept.light.often;
    float reached = bt_glow_reaches(sc, line, of_kept.at) *
                    bt_glow_asks(sc, fog, of_kept.pos, of_kept.light.light);
    bt_haze before = bt_haze_of(bt_path_haze_way(sc, of_kept.at, p), A(D(p).light),
                                scene_of(sc).sky.aerosol_albedo);
    bt_haze after =
        bt_sky_haze(scene_of(sc).sky, D(p).light, of_kept.pos[2], kept.dir, kept.distance);
    kept.lit = kept.lit * before.left * after.left * (drawn / (drawn + reached));
    return kept;
}

#endif
