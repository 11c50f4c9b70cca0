// path_fog.h: a path's vertices in fog (path.h): how far a ray gets, and what happens where it does
// not get on.
//
// Distances are drawn from the fog's own transmittance, which then cancels. Lamps beside the eye's own
// ray are asked for in another way too: path_glow.h.
//
// The first scattering is Mie's. What follows happens in a similar fog (van de Hulst 1980, "Multiple
// light scattering", chapter 14): a phase function with mean cosine BT_FOG_SIMILAR_G (Henyey and
// Greenstein 1941) and less extinction, such that extinction times one less mean cosine stays. Light
// of many scatterings is the same by it, of two or three a little wider; paths end three times as
// soon, and none runs by chance into the narrow peak about the sun. bt_render_settings.fog_exact
// does without; fog_test prints the difference.
//
// By day few walks would bring most of the sun's light: those that climb to where fog is thin, and those
// that come to go its way, for droplets scatter forwards. So walks lean that way, in the spirit of
// zero-variance walks (Krivanek and d'Eon 2014, "A zero-variance-based sampling scheme for Monte Carlo
// subsurface scattering"): directions are drawn from the phase function or from a lobe about the sun;
// after the first vertex, distances are stretched on the way up and shortened on the way down (the
// exponential transform), and fewer walks leave, since the sky is asked anyway. All of it the more, the
// more of the light asked for is the sun's or the moon's: hardly among lamps, not at all where lights are
// only met, nor with fog_exact.
#ifndef BT_SHARED_PATH_FOG_H
#define BT_SHARED_PATH_FOG_H

#include "shaders/shared/path_glow.h"

#define BT_FOG_ROULETTE_AFTER 16u // scatterings
#define BT_FOG_STAY 0.9f
#define BT_FOG_LOWEST_M -5000.0f // below the camera: past the ground's edge, where no scene has anything
// Chosen by error times time (bench.noise_causes).
#define BT_FOG_SUN_G 0.7f     // mean cosine of the lobe about the sun
#define BT_FOG_LEAN_MOST 0.5f // of all the shares below: weights at most double

// ---- leaning towards the sun --------------------------------------------------------------------
// The sun's share in what the last vertex asked for, of paths that lean; the same at all wavelengths.
FN float bt_fog_sunny(IN(bt_path) p)
{
    if (D(p).fog_exact) return 0.0f;
    bt_light_shares asked = D(p).asked;
    return asked.sun / max(asked.sun + asked.sky + asked.lamp, 1e-6f);
}
// Share of directions that are drawn from the lobe about the sun: the more, the more of what comes from
// there the phase function sends on. By a smooth one: that of Mie's theory differs between wavelengths.
FN float bt_fog_sunward(bt_scene_ref sc, IN(bt_path) p)
{
    float along = dot3(D(p).dir, scene_of(sc).sky.sun_dir);
    float g = BT_FOG_SIMILAR_G;
    if (!bt_path_fog_similar(p, D(p).scatters)) g = 1.0f - scene_of(sc).fog.similar;
    float brings = 2.0f * BT_PI_F * bt_phase_aerosol(along, g) * bt_fog_sunny(p);
    return min(brings / (1.0f + brings), BT_FOG_LEAN_MOST);
}
// Density of a direction where the phase function is `phase` and such a share goes by the lobe.
FN float4 bt_fog_density(bt_scene_ref sc, float sunward, float4 phase, float3 dir)
{
    float lobe = bt_phase_aerosol(dot3(dir, scene_of(sc).sky.sun_dir), BT_FOG_SUN_G);
    return phase * (1.0f - sunward) + splat4(sunward * lobe);
}
FN float3 bt_fog_draw(bt_scene_ref sc, IN(bt_path) p, float sunward, float u0, float u1)
{
    if (u0 < sunward)
        return bt_fog_turn(scene_of(sc).sky.sun_dir, bt_fog_lobe_q(BT_FOG_SUN_G, u0 / sunward), u1);
    float q = bt_path_phase_sample(sc, p, min((u0 - sunward) / (1.0f - sunward), 0.99999994f));
    return bt_fog_turn(D(p).dir, q, u1);
}

// An optical depth below `full`, drawn from an exponential of that rate.
FN float bt_fog_draw_depth(float full, float rate, float u)
{
    float kept = 1.0f - pm_exp(-rate * full);
    float depth = -pm_log(max(1.0f - u * kept, 1e-7f)) / rate;
    return min(depth, 0.99999f * full); // rounding may have left the fog
}
// Draws whether the path's ray is scattered before `distance`: how far away, or negative: it gets
// there. The weight is mended for drawing it more often than it happens, or elsewhere.
FN float bt_path_fog_reach(bt_scene_ref sc, float distance, INOUT(bt_path) path)
{
    bt_fog fog = bt_path_fog(sc, path, D(path).scatters);
    float z = D(path).origin[2];
    float rise = D(path).dir[2];
    float full = bt_fog_depth(fog, z, rise, distance);
    float stopped = 1.0f - pm_exp(-full);
    float share = bt_fog_share(sc, path, stopped);
    float rate = 1.0f; // of the exponential that depths are drawn from
    if (bt_path_vertex(path) > 0u) {
        float lean = min(bt_fog_sunny(path), BT_FOG_LEAN_MOST);
        share = share + lean * stopped * (1.0f - stopped);
        rate = 1.0f - lean * rise;
    }
    float u = bt_sampler_4d(D(path).random, BT_SET_FOG + bt_path_sets(path))[0];
    if (!(u < share)) {
        D(path).weight.beta = D(path).weight.beta * ((1.0f - stopped) / (1.0f - share));
        return -1.0f;
    }
    float depth = bt_fog_draw_depth(full, rate, u / share);
    float kept = 1.0f - pm_exp(-rate * full);
    float over = pm_exp(depth * (rate - 1.0f)) * kept / (rate * share);
    D(path).weight.beta = D(path).weight.beta * over;
    return min(bt_fog_distance(fog, z, rise, depth), distance);
}

// The shadow ray towards a light that was asked; `alone`: it is not met by chance.
FN bt_shadow_ray bt_fog_ask(bt_scene_ref sc, IN(bt_path) p, bt_light_sample l, bool alone)
{
    if (!(l.pdf > 0.0f)) return bt_shadow_none();
    float4 phase = bt_path_phase(sc, p, bt_fog_q(D(p).dir, l.dir));
    float4 met = bt_fog_density(sc, bt_fog_sunward(sc, p), phase, l.dir);
    if (alone) met = splat4(0.0f);
    return bt_fog_shadow(sc, p, A(l), D(p).origin, 1.0f, phase, met);
}

// As bt_lamps_keep, for lamps asked from a place in the fog, so far along the line.
FN bt_shadow_ray bt_fog_ask_lamps(bt_scene_ref sc, IN(bt_path) p, bt_lamp_draw draw,
                                  bt_glow_line line, IN(bt_light_cut) seen, float at)
{
    bt_shadow_ray kept = bt_shadow_none();
    bt_light_sample of_kept = bt_light_none();
    bt_light_cut cut;
    bt_lamps_cut(sc, D(p).asker, D(p).asked.lamp, A(cut));
    bt_lamps_kept among = bt_lamps_begin(draw);
    for (uint k = 0u; k < draw.count; k++) {
        bt_light_sample of = bt_pick_lamp(sc, p, A(cut), bt_lamp_drawn(draw, k));
        bt_shadow_ray ray = bt_fog_ask(sc, p, of, bt_glow_takes(line, A(of)));
        if (!bt_lamps_keep(sum4(ray.lit), A(among))) continue;
        kept = ray;
        of_kept = of;
    }
    bt_lamps_end(sc, p, among, A(kept));
    if (bt_shadow_asks(kept)) kept.lit = kept.lit * bt_glow_leaves(sc, line, seen, at, A(of_kept));
    return kept;
}

// Sends the path on by the phase function, or towards the sun.
FN void bt_fog_scatter(bt_scene_ref sc, bt_path_setup setup, float4 u, INOUT(bt_path) path)
{
    float sunward = bt_fog_sunward(sc, path);
    float3 dir = bt_fog_draw(sc, path, sunward, u[1], u[2]);
    float4 phase = bt_path_phase(sc, path, bt_fog_q(D(path).dir, dir));
    float4 pdf = bt_fog_density(sc, sunward, phase, dir);
    D(path).dir = dir;
    D(path).weight = bt_path_weight_scatter(D(path).weight, phase, max(pdf, splat4(1e-12f)));
    bt_path_widen_by(setup, pdf[0], path);
    D(path).sunless = false;
}

// The path is scattered at a distance along its ray, which `line` is. As bt_path_meet.
FN bool bt_path_meet_fog(bt_scene_ref sc, bt_path_setup setup, bt_glow_line line,
                         IN(bt_light_cut) seen, float distance, INOUT(bt_path) path,
                         INOUT(bt_shadow_rays) rays)
{
    float4 u = bt_sampler_4d(D(path).random, BT_SET_FOG + bt_path_sets(path));
    bt_path_meet_haze(sc, bt_path_haze_way(sc, distance, path), path);
    D(path).cone_m = D(path).cone_m + D(path).cone_rad * distance;
    D(path).origin = D(path).origin + D(path).dir * distance;
    if (D(path).origin[2] < BT_FOG_LOWEST_M) return false;
    D(path).asker = bt_asker_in_air(D(path).origin);
    if (setup.scatter_only == 0u) {
        bt_fog fog = bt_path_fog(sc, path, D(path).scatters + 1u);
        bt_light_samples l =
            bt_path_pick(sc, bt_path_vertex(path), fog, bt_path_draw(path), path);
        // before all asks: they and the scattering are to find the same shares
        D(path).asked.lamp = D(path).asked.lamp * to_f(l.lamp.count);
        D(rays).sun = bt_fog_ask(sc, path, l.sun, false);
        D(rays).sky = bt_fog_ask(sc, path, l.sky, false);
        if (l.lamp.asks) D(rays).lamp = bt_fog_ask_lamps(sc, path, l.lamp, line, seen, distance);
    }
    if (D(path).scatters >= BT_FOG_ROULETTE_AFTER) {
        if (u[3] >= BT_FOG_STAY) return false;
        D(path).weight.beta = D(path).weight.beta * (1.0f / BT_FOG_STAY);
    }
    bt_fog_scatter(sc, setup, u, path);
    D(path).glows = line.on;
    D(path).scatters = D(path).scatters + 1u;
    return true;
}

#endif
