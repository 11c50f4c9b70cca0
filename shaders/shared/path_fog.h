// path_fog.h: a path's vertices in fog (path.h): how far a ray gets, and what happens where it does
// not get on.
//
// Distances are drawn from the fog's own transmittance, which then cancels. The eye's own ray is
// scattered more often than that where fog is thin and lamps are lit: their cones would else be
// found by few samples.
//
// The first scattering is Mie's. What follows happens in a similar fog (van de Hulst 1980, "Multiple
// light scattering", chapter 14): a phase function with mean cosine BT_FOG_SIMILAR_G (Henyey and
// Greenstein 1941) and less extinction, such that extinction times one less mean cosine stays. Light
// of many scatterings is the same by it, of two or three a little wider; paths end three times as
// soon, and none runs by chance into the narrow peak about the sun. bt_render_settings.fog_exact
// does without; fog_test prints the difference.
#ifndef BT_SHARED_PATH_FOG_H
#define BT_SHARED_PATH_FOG_H

#include "shaders/shared/fog.h"
#include "shaders/shared/path_light.h"

#define BT_FOG_ROULETTE_AFTER 16u // scatterings
#define BT_FOG_STAY 0.9f
#define BT_FOG_LOWEST_M -5000.0f // below the camera: past the ground's edge, where no scene has anything
#define BT_FOG_EAGER 4.0f        // times as often, up to
#define BT_FOG_EAGER_SHARE 0.25f // this share of the rays

// The phase function at the path's next scattering, and a draw from it.
FN float4 bt_path_phase(bt_scene_ref sc, IN(bt_path) p, float q)
{
    if (bt_path_fog_similar(p, D(p).scatters))
        return splat4(bt_phase_aerosol(1.0f - 2.0f * q, BT_FOG_SIMILAR_G));
    return bt_fog_phase(scene_of(sc).tables.fog, D(p).wavelengths, q);
}
FN float bt_path_phase_sample(bt_scene_ref sc, IN(bt_path) p, float u)
{
    float g = BT_FOG_SIMILAR_G;
    if (!bt_path_fog_similar(p, D(p).scatters))
        return bt_fog_sample_q(scene_of(sc).tables.fog, D(p).wavelengths.nm[0], u);
    float root = (1.0f - g * g) / (1.0f - g + 2.0f * g * u);
    return clampf(0.5f - (1.0f + g * g - root * root) / (4.0f * g), 0.0f, 1.0f);
}

// Draws whether the path's ray is scattered before `distance`: how far away, or negative: it gets
// there. The weight is mended for drawing it more often than it happens.
FN float bt_path_fog_reach(bt_scene_ref sc, float distance, INOUT(bt_path) path)
{
    bt_fog fog = bt_path_fog(sc, path, D(path).scatters);
    float z = D(path).origin[2];
    float rise = D(path).dir[2];
    float stopped = 1.0f - bt_fog_left(fog, z, rise, distance);
    float share = stopped;
    if (bt_path_vertex(path) == 0u && scene_of(sc).light_count > 0u)
        share = max(share, min(BT_FOG_EAGER * stopped, BT_FOG_EAGER_SHARE));
    float u = bt_sampler_4d(D(path).random, BT_SET_FOG + bt_path_sets(path))[0];
    if (!(u < share)) {
        D(path).weight.beta = D(path).weight.beta * ((1.0f - stopped) / (1.0f - share));
        return -1.0f;
    }
    D(path).weight.beta = D(path).weight.beta * (stopped / share);
    float depth = -pm_log(max(1.0f - u / share * stopped, 1e-7f));
    return min(bt_fog_distance(fog, z, rise, depth), distance);
}

FN bt_shadow_ray bt_fog_ask(bt_scene_ref sc, IN(bt_path) p, bt_light_sample l)
{
    bt_shadow_ray s = bt_shadow_none();
    if (!(l.pdf > 0.0f)) return s;
    float4 phase = bt_path_phase(sc, p, bt_fog_q(D(p).dir, l.dir));
    bt_fog fog = bt_path_fog(sc, p, D(p).scatters + 1u);
    float left = bt_fog_left(fog, D(p).origin[2], l.dir[2], l.distance);
    s.lit = bt_path_weight_lit(D(p).weight, phase, phase, l.radiance * left, l.pdf);
    s.origin = D(p).origin;
    s.dir = l.dir;
    s.distance = l.distance;
    return s;
}

// As bt_lamps_keep, for lamps asked from a place in the fog.
FN bt_shadow_ray bt_fog_ask_lamps(bt_scene_ref sc, IN(bt_path) p, bt_lamp_draw draw)
{
    bt_shadow_ray kept = bt_shadow_none();
    bt_light_turns turns = bt_light_turns_begin();
    bt_lamps_kept among = bt_lamps_begin(draw);
    for (uint k = 0u; k < draw.count; k++) {
        bt_shadow_ray ray =
            bt_fog_ask(sc, p, bt_pick_lamp(sc, p, bt_lamp_drawn(draw, k), A(turns)));
        if (bt_lamps_keep(sum4(ray.lit), A(among))) kept = ray;
    }
    bt_lamps_end(sc, p, among, A(kept));
    return kept;
}

// Sends the path on by the phase function.
FN void bt_fog_scatter(bt_scene_ref sc, bt_path_setup setup, float4 u, INOUT(bt_path) path)
{
    float3 dir = D(path).dir;
    float q = bt_path_phase_sample(sc, path, u[1]);
    D(path).dir = bt_fog_turn(dir, q, u[2]);
    float4 phase = bt_path_phase(sc, path, q);
    D(path).weight = bt_path_weight_scatter(D(path).weight, phase, max(phase, splat4(1e-12f)));
    bt_path_widen_by(setup, phase[0], path);
    D(path).sunless = false;
}

// The path is scattered at a distance along its ray. As bt_path_meet.
FN bool bt_path_meet_fog(bt_scene_ref sc, bt_path_setup setup, float distance, INOUT(bt_path) path,
                         INOUT(bt_shadow_rays) rays)
{
    float4 u = bt_sampler_4d(D(path).random, BT_SET_FOG + bt_path_sets(path));
    bt_path_meet_haze(sc, bt_path_haze_way(sc, distance, path), path);
    D(path).cone_m = D(path).cone_m + D(path).cone_rad * distance;
    D(path).origin = D(path).origin + D(path).dir * distance;
    if (D(path).origin[2] < BT_FOG_LOWEST_M) return false;
    D(path).asker.pos = D(path).origin;
    D(path).asker.normal = splat3(0.0f);
    D(path).asker.both = true;
    if (setup.scatter_only == 0u) {
        bt_fog fog = bt_path_fog(sc, path, D(path).scatters + 1u);
        bt_light_samples l =
            bt_path_pick(sc, bt_path_vertex(path), fog, bt_path_draw(path), path);
        D(rays).sun = bt_fog_ask(sc, path, l.sun);
        D(rays).sky = bt_fog_ask(sc, path, l.sky);
        D(path).asked.lamp = D(path).asked.lamp * to_f(l.lamp.count);
        if (l.lamp.asks) D(rays).lamp = bt_fog_ask_lamps(sc, path, l.lamp);
    }
    if (D(path).scatters >= BT_FOG_ROULETTE_AFTER) {
        if (u[3] >= BT_FOG_STAY) return false;
        D(path).weight.beta = D(path).weight.beta * (1.0f / BT_FOG_STAY);
    }
    bt_fog_scatter(sc, setup, u, path);
    D(path).scatters = D(path).scatters + 1u;
    return true;
}

#endif
