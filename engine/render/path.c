// path.c: walks a wave of paths with Embree, all of them from one surface to the next in turn.
// shaders/shared/path.h is the estimator.
//
// Rays go sixteen at once. First rays are alike as they come, and so are their shadow rays towards the sun;
// all others are sorted before.
#include "engine/render/draws.h"
#include "engine/render/haze_ways.h"
#include "engine/render/internal.h"
#include "engine/render/sky_ways.h"

// Embree looks for whatever stops a ray among boxes as they come, so that one which something near stops may
// search the trees of a whole town before. Rays towards the sky, many of them low, are asked for what is near first.
// Chosen by the first drive's time: 30 to 60 m are the same, 10 m and 100 m worse.
#define NEAR_M 30.0f

static bt_shadow_ray *shadow_of(bt_wave *wave, bt_shadow_kind kind, uint32_t path)
{
    bt_shadow_rays *rays = &wave->shadows[path];
    if (kind == BT_SHADOW_SUN) return &rays->sun;
    return kind == BT_SHADOW_SKY ? &rays->sky : &rays->lamp;
}

// Puts the paths that go on in an order in which their rays are alike.
static void sort_paths(bt_wave *wave, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const bt_path *path = &wave->paths[wave->alive[i]];
        bt_ray_sort_put(&wave->sort, i, &path->origin, &path->dir);
    }
    bt_ray_sort_run(&wave->sort, count, wave->alive);
}

// The same for shadow rays of one kind.
static void sort_shadows(bt_wave *wave, bt_shadow_kind kind)
{
    for (uint32_t i = 0; i < wave->asking_count[kind]; i++) {
        const bt_shadow_ray *ray = shadow_of(wave, kind, wave->asking[kind][i]);
        bt_ray_sort_put(&wave->sort, i, &ray->origin, &ray->dir);
    }
    bt_ray_sort_run(&wave->sort, wave->asking_count[kind], wave->asking[kind]);
}

// Notes which of the shadow rays that a path left are to be traced.
static void note_shadows(bt_wave *wave, uint32_t path)
{
    for (int kind = 0; kind < BT_SHADOW_KINDS; kind++)
        if (bt_shadow_asks(*shadow_of(wave, (bt_shadow_kind)kind, path)))
            wave->asking[kind][wave->asking_count[kind]++] = path;
}

// Asks for what the triangles that were met name before it is needed.
static void prefetch_vertices(const bt_scene *scene, const bt_met *mets, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (mets[i].met) bt_hit_prefetch_vertices(scene, &mets[i].hit);
}

static void prefetch_materials(const bt_scene *scene, const bt_met *mets, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (mets[i].met) bt_hit_prefetch_material(scene, &mets[i].hit);
}

// The state of paths that are about to be dealt with: the rays have pushed it out.
static void prefetch_paths(const bt_wave *wave, uint32_t from, uint32_t count)
{
    for (uint32_t i = from; i < from + count; i++) {
        const char *path = (const char *)&wave->paths[wave->alive[i]];
        for (size_t at = 0; at < sizeof(bt_path); at += 64)
            __builtin_prefetch(path + at, 1);
    }
}

// Paths whose rays are traced together, and what of their surfaces' shading needs no surface: it is
// found for all of them at once, step by step, where each alone would wait for itself.
typedef struct bundle {
    uint32_t count, first; // of the wave's paths that are alive
    bool asks;             // surfaces ask for light
    bt_met mets[BT_BUNDLE];
    uint32_t met_count, met[BT_BUNDLE]; // numbers of those that met something
    bt_haze_ways ways;                  // (met_count)
    bt_draws draws;                     // (met_count x draws_each)
    bt_sky_picks picks;                 // (met_count)
    bt_sky_spots met_sky;               // (count - met_count) of those that met nothing
} bundle;
_Static_assert(BT_HAZE_WAYS == BT_BUNDLE && BT_SKY_WAYS == BT_BUNDLE &&
                   BT_DRAWS_MAX >= 3 * BT_BUNDLE,
               "room for a bundle");

// Of bt_path_draws.
static uint32_t draws_each(const bundle *b)
{
    return b->asks ? 3u : 1u;
}

static void ask_draws(bundle *b, const bt_path *path)
{
    uint32_t set = BT_SETS_PER_VERTEX * bt_path_vertex(path);
    bt_draws_ask(&b->draws, path->random, BT_SET_SCATTER + bt_path_sets(path));
    if (!b->asks) return;
    bt_draws_ask(&b->draws, path->random, BT_SET_LIGHT + set);
    bt_draws_ask(&b->draws, path->random, BT_SET_LAMP + set);
}

static bt_path *path_of(bt_wave *wave, const bundle *b, uint32_t i)
{
    return &wave->paths[wave->alive[b->first + i]];
}

// Puts the way to surface number k among the others.
static void put_way(const bt_scene *scene, const bt_path *path, float distance, uint32_t k,
                    bundle *b)
{
    b->ways.z_m[k] = path->origin[2];
    b->ways.rise[k] = path->dir[2];
    b->ways.distance_m[k] = distance;
    b->ways.cosine[k] = dot3(path->dir, scene->sky.sun_dir);
}

static void put_spot(float3 dir, uint32_t k, bt_sky_spots *spots)
{
    spots->x[k] = dir[0];
    spots->y[k] = dir[1];
    spots->z[k] = dir[2];
}

// Sees which paths met what, and gives what follows there its numbers.
static void part_bundle(const bt_scene *scene, bt_wave *wave, bundle *b)
{
    uint32_t sky_count = 0;
    b->met_count = b->draws.count = 0;
    for (uint32_t i = 0; i < b->count; i++) {
        const bt_path *path = path_of(wave, b, i);
        if (!b->mets[i].met) {
            put_spot(path->dir, sky_count++, &b->met_sky);
            continue;
        }
        put_way(scene, path, b->mets[i].hit.distance, b->met_count, b);
        b->met[b->met_count++] = i;
        ask_draws(b, path);
    }
    for (uint32_t k = b->met_count; k < BT_BUNDLE; k++)
        b->ways.z_m[k] = b->ways.rise[k] = b->ways.distance_m[k] = b->ways.cosine[k] = 0.0f;
    for (uint32_t k = sky_count; k < BT_BUNDLE; k++)
        put_spot(splat3(0.0f), k, &b->met_sky);
    bt_draws_run(&b->draws);
}

// Where surfaces will ask for sun and sky.
static void pick_directions(const bt_scene *scene, bt_wave *wave, bundle *b)
{
    bt_sky_picks *picks = &b->picks;
    for (uint32_t k = 0; k < BT_BUNDLE; k++) {
        float4 u = splat4(0.0f);
        if (k < b->met_count) u = b->draws.u[draws_each(b) * k + 1];
        bool alone =
            k >= b->met_count || bt_asks_alone(bt_path_vertex(path_of(wave, b, b->met[k])));
        float2 at_sky = bt_sky_numbers(u, alone);
        picks->sun_u0[k] = u[0];
        picks->sun_u1[k] = u[1];
        picks->sky_u0[k] = at_sky[0];
        picks->sky_u1[k] = at_sky[1];
    }
    bt_sky_picks_find(picks, &scene->sky, scene->tables.sky_pick);
}

// All that needs no surface.
static void prepare_bundle(const bt_scene *scene, bt_wave *wave, bundle *b)
{
    part_bundle(scene, wave, b);
    if (b->met_count < b->count) {
        bt_sky_spots_find(&b->met_sky, &scene->sky);
        bt_sky_turns_find(&b->met_sky, &scene->sky);
    }
    if (b->met_count == 0) return;
    if (b->asks) pick_directions(scene, wave, b);
    bt_haze_ways_find(&b->ways, scene->sky.aerosol_g);
    for (uint32_t k = 0; k < b->met_count; k++)
        bt_path_meet_haze(scene, bt_haze_ways_at(&b->ways, k), path_of(wave, b, b->met[k]));
}

static bt_path_draws draws_of(const bundle *b, uint32_t k)
{
    const float4 *u = b->draws.u + draws_each(b) * k;
    if (!b->asks) return (bt_path_draws){.scatter = u[0], .aimed = true};
    return (bt_path_draws){.scatter = u[0],
                           .light = u[1],
                           .lamp = u[2],
                           .aimed = true,
                           .sun = bt_sky_picks_sun(&b->picks, k),
                           .sky = bt_sky_picks_sky(&b->picks, k),
                           .sky_spot = bt_sky_spots_at(&b->picks.spots, k)};
}

// Fog is dealt with path by path; apart, so that what is met in clear air is taken into its loop.
static __attribute__((noinline)) bool meet_in_fog(const bt_path_setup *setup, const bt_scene *scene,
                                                  const bt_met *met, bt_path *path,
                                                  bt_shadow_rays *rays)
{
    return bt_path_meet(scene, *setup, met->met, met->hit, path, rays);
}

// turn: how many before it met a surface.
static bool meet_one(const bt_path_setup *setup, const bt_scene *scene, const bundle *b, uint32_t i,
                     uint32_t *turn, bt_path *path, bt_shadow_rays *rays)
{
    if (scene->fog.extinction > 0.0f) return meet_in_fog(setup, scene, &b->mets[i], path, rays);
    bt_shadow_rays_clear(rays);
    if (!b->mets[i].met) {
        uint32_t k = i - *turn;
        path->radiance =
            path->radiance +
            bt_path_meet_sky(scene, path, bt_sky_spots_at(&b->met_sky, k), b->met_sky.turn[k]);
        return false;
    }
    bt_path_draws draws = draws_of(b, (*turn)++);
    return bt_path_meet_surface(scene, *setup, b->mets[i].hit, draws, path, rays);
}

// Traces the rays of so many paths and deals with what they meet; gives how many of them go on.
static uint32_t meet(const bt_path_setup *setup, const bt_tracer *tracer, bool first,
                     uint32_t count, bt_wave *wave)
{
    const bt_scene *scene = &tracer->stage->scene;
    uint32_t left = 0;
    bundle b;
    b.asks = setup->scatter_only == 0u;
    for (b.first = 0; b.first < count; b.first += BT_BUNDLE) {
        b.count = min(count - b.first, (uint32_t)BT_BUNDLE);
        bt_tracer_closest16(tracer, wave->paths, wave->alive + b.first, b.count, first, b.mets);
        prefetch_paths(wave, b.first, b.count);
        prefetch_vertices(scene, b.mets, b.count);
        if (!(scene->fog.extinction > 0.0f)) prepare_bundle(scene, wave, &b);
        prefetch_materials(scene, b.mets, b.count);
        for (uint32_t i = 0, turn = 0; i < b.count; i++) {
            uint32_t path = wave->alive[b.first + i];
            if (meet_one(setup, scene, &b, i, &turn, &wave->paths[path], &wave->shadows[path]))
                wave->alive[left++] = path;
            note_shadows(wave, path);
        }
    }
    return left;
}

// Takes from the shadow rays of a kind what is lost on a part of their way, and keeps those with something left.
static void shut(const bt_tracer *tracer, bt_shadow_kind kind, bt_ray_part part, bt_wave *wave)
{
    uint32_t *asking = wave->asking[kind], left = 0;
    for (uint32_t from = 0; from < wave->asking_count[kind]; from += BT_BUNDLE) {
        uint32_t some = min(wave->asking_count[kind] - from, (uint32_t)BT_BUNDLE);
        const bt_shadow_ray *rays[BT_BUNDLE];
        float4 open[BT_BUNDLE];
        for (uint32_t i = 0; i < some; i++)
            rays[i] = shadow_of(wave, kind, asking[from + i]);
        bt_tracer_open16(tracer, wave->paths, asking + from, rays, some, part, open);
        for (uint32_t i = 0; i < some; i++) {
            if (!any_above0(open[i])) continue;
            bt_shadow_ray *ray = shadow_of(wave, kind, asking[from + i]);
            ray->lit = ray->lit * open[i];
            asking[left++] = asking[from + i];
        }
    }
    wave->asking_count[kind] = left;
}

static void add_light(const bt_tracer *tracer, bt_shadow_kind kind, bool first, bt_wave *wave)
{
    bool alike = first && kind == BT_SHADOW_SUN;
    if (!alike && wave->asking_count[kind] > BT_BUNDLE) sort_shadows(wave, kind);
    if (kind == BT_SHADOW_SKY) {
        shut(tracer, kind, (bt_ray_part){0.0f, NEAR_M}, wave);
        shut(tracer, kind, (bt_ray_part){NEAR_M, INFINITY}, wave);
    } else {
        shut(tracer, kind, (bt_ray_part){0.0f, INFINITY}, wave);
    }
    for (uint32_t i = 0; i < wave->asking_count[kind]; i++) {
        uint32_t path = wave->asking[kind][i];
        bt_path_light(&wave->paths[path], *shadow_of(wave, kind, path), splat4(1.0f));
    }
    wave->asking_count[kind] = 0;
}

void bt_wave_trace(const bt_path_setup *setup, const bt_tracer *tracer, bt_wave *wave)
{
    uint32_t count = wave->count;
    for (uint32_t i = 0; i < count; i++)
        wave->alive[i] = i;
    for (bool first = true; count > 0; first = false) {
        if (!first && count > BT_BUNDLE) sort_paths(wave, count);
        count = meet(setup, tracer, first, count, wave);
        for (int kind = 0; kind < BT_SHADOW_KINDS; kind++)
            add_light(tracer, (bt_shadow_kind)kind, first, wave);
    }
}
