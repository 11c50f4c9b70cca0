// path_types.h: the state of one path of light and of the shadow rays that it leaves (path.h).
#ifndef BT_SHARED_PATH_TYPES_H
#define BT_SHARED_PATH_TYPES_H

#include "shaders/shared/light_tree.h"
#include "shaders/shared/sampler.h"
#include "shaders/shared/scene.h"
#include "shaders/shared/spectral.h"

#define BT_MAX_PANES_PASSED 24u // mirrored between panes for ever: chosen
// Chosen by error times time, by day and at night (bench.noise_causes).
#define BT_LAMPS_MATTER 0.1f // share of light from which on lamps are looked for with pains
#define BT_ROULETTE_DEPTH 1u
#define BT_ROULETTE_WORTH 2.0f // times what is left of the weight: how likely a path goes on
// Chosen: 0.5 is 3 % brighter than Mie all the way, 0.7 is 3 % darker (fog_test's street).
#define BT_FOG_SIMILAR_G 0.6f

// Sets of sampler dimensions: those of the pixel come first (shot_tiles.c), then some per vertex.
#define BT_SET_GLOW 2u        // a lamp, a place on it and one on the ray
#define BT_SET_GLOW_OR_NOT 3u // that or what else asks for a lamp
#define BT_SET_SCATTER 16u
#define BT_SET_LIGHT 17u
#define BT_SET_LAMP 18u
#define BT_SET_FOG 19u
#define BT_SETS_PER_VERTEX 4u
#define BT_SETS_PER_PANE 8192u

STRUCT(bt_path_setup)
{
    uint max_depth;      // true surfaces on a path
    float caustic_alpha; // least GGX alpha after a rough surface
    uint cone_samples;   // samples of a pixel share what a scattered cone covers
    uint scatter_only;   // 1: lights are not asked, only met: the brute-force reference
    // Instances of the carrier, whose thin panes the camera's own ray passes as if they were not there,
    // for the glass before the camera (shield.h) stands in for them; own_count 0: none.
    uint own_first, own_count;
};

STRUCT(bt_path_start)
{
    float3 origin, dir;
    float u;        // normalised time
    float cone_rad; // angle of the ray's cone
    bool fog_exact;
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
    float lean;            // share of a surface's directions that are drawn about the sun (path_lean.h)
    bool fog_exact;        // Mie's phase function all the way
    bool sunless;          // a mirror after a rough surface: the disc there would only speckle
    bool glows;            // scattered in fog where small lamps are asked for, and not met (path_glow.h)
    bt_light_shares asked; // at the last vertex
    bt_light_asker asker;  // who asked there
    uint depth;            // true surfaces met
    uint scatters;         // in fog
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

FN void bt_path_begin(bt_scene_ref sc, IN(bt_path_start) start, INOUT(bt_path) p)
{
    D(p).random = D(start).random;
    D(p).wavelengths = D(start).wavelengths;
    D(p).light =
        bt_sky_light_at(scene_of(sc).sky, scene_of(sc).tables.sky_spectra, D(start).wavelengths);
    D(p).weight = bt_path_weight_begin();
    D(p).radiance = splat4(0.0f);
    D(p).origin = D(start).origin;
    D(p).dir = D(start).dir;
    D(p).u = D(start).u;
    D(p).cone_m = 0.0f;
    D(p).cone_rad = D(start).cone_rad;
    D(p).alpha_floor = 0.0f;
    D(p).lean = 0.0f;
    D(p).fog_exact = D(start).fog_exact;
    D(p).sunless = false;
    D(p).glows = false;
    D(p).asked.sun = 0.0f;
    D(p).asked.sky = 0.0f;
    D(p).asked.lamp = 0.0f;
    D(p).asker = bt_asker_in_air(D(start).origin);
    D(p).depth = 0u;
    D(p).scatters = 0u;
    D(p).panes = 0u;
    D(p).guide.albedo = splat4(0.0f);
    D(p).guide.normal = splat3(0.0f);
    D(p).guide.distance = 0.0f;
}
// Vertices so far: surfaces, and places in fog.
FN uint bt_path_vertex(IN(bt_path) p)
{
    return D(p).depth + D(p).scatters;
}
// Added to the number of a set: each vertex, and each pane before it, has its own.
FN uint bt_path_sets(IN(bt_path) p)
{
    return BT_SETS_PER_VERTEX * bt_path_vertex(p) + BT_SETS_PER_PANE * D(p).panes;
}
// The numbers of a vertex: for its scattering, for the lights that are asked, and for the lamps. `aimed`: what
// sun and sky make of theirs is known too (path_light.h), as where that direction is in the sky's table.
STRUCT(bt_path_draws)
{
    float4 scatter, light, lamp;
    bool aimed;
    bt_disc_place sun;
    bt_sky_picked sky;
    bt_sky_spot sky_spot;
};
FN bt_path_draws bt_path_draw(IN(bt_path) p)
{
    uint set = bt_path_vertex(p) * BT_SETS_PER_VERTEX;
    bt_path_draws d;
    d.scatter = bt_sampler_4d(D(p).random, BT_SET_SCATTER + bt_path_sets(p));
    d.light = bt_sampler_4d(D(p).random, BT_SET_LIGHT + set);
    d.lamp = bt_sampler_4d(D(p).random, BT_SET_LAMP + set);
    d.aimed = false;
    d.sun.x = d.sun.y = d.sun.along = 0.0f;
    d.sky.x = d.sky.y = d.sky.z = d.sky.pdf = 0.0f;
    d.sky_spot.at = 0u;
    d.sky_spot.row_part = d.sky_spot.column_part = d.sky_spot.phase = 0.0f;
    return d;
}
// Is the fog, after so many scatterings, the similar one (path_fog.h)?
FN bool bt_path_fog_similar(IN(bt_path) p, uint scatters)
{
    return scatters > 0u && !D(p).fog_exact;
}
FN bt_fog bt_path_fog(bt_scene_ref sc, IN(bt_path) p, uint scatters)
{
    bt_fog fog = scene_of(sc).fog;
    if (bt_path_fog_similar(p, scatters))
        fog.extinction = fog.extinction * fog.similar / (1.0f - BT_FOG_SIMILAR_G);
    return fog;
}
// Widens the cone by what scattering spreads, which the density over solid angle tells: samples of a
// pixel share its directions.
FN void bt_path_widen_by(bt_path_setup setup, float density, INOUT(bt_path) path)
{
    float wide = 0.35f / sqrt(max(density, 0.01f) * to_f(setup.cone_samples));
    D(path).cone_rad = min(D(path).cone_rad + wide, 0.35f);
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
FN void bt_shadow_rays_clear(INOUT(bt_shadow_rays) rays)
{
    D(rays).sun.lit = splat4(0.0f);
    D(rays).sky.lit = splat4(0.0f);
    D(rays).lamp.lit = splat4(0.0f);
}
FN bool bt_shadow_asks(bt_shadow_ray s)
{
    return any_above0(s.lit);
}
// One of two rays that stands for both.
FN bt_shadow_ray bt_shadow_either(bt_shadow_ray a, bt_shadow_ray b, float u)
{
    float of_a = sum4(a.lit);
    float of_b = sum4(b.lit);
    if (!(of_b > 0.0f)) return a;
    if (!(of_a > 0.0f)) return b;
    float share = of_a / (of_a + of_b);
    bt_shadow_ray kept = b;
    if (u < share) kept = a;
    kept.lit = kept.lit * (1.0f / (u < share ? share : 1.0f - share));
    return kept;
}
// Adds what got through; open: transmittance of all panes on the way, 0 behind anything opaque.
FN void bt_path_light(INOUT(bt_path) path, bt_shadow_ray s, float4 open)
{
    D(path).radiance = D(path).radiance + s.lit * open;
}

#endif
