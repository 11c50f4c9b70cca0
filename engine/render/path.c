// path.c: walks a wave of paths with Embree, all of them from one surface to the next in turn.
// shaders/shared/path.h is the estimator.
//
// Rays go sixteen at once. First rays are alike as they come, and so are their shadow rays towards the sun;
// all others are sorted before.
#include "engine/render/draws.h"
#include "engine/render/haze_ways.h"
#include "engine/render/internal.h"

static const bt_shadow_ray *shadow_of(const bt_wave *wave, bt_shadow_kind kind, uint32_t path)
{
    const bt_shadow_rays *rays = &wave->shadows[path];
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
    bt_met mets[BT_BUNDLE];
    uint32_t met_count, met[BT_BUNDLE]; // numbers of those that met something
    bt_haze_ways ways;                  // (met_count)
    bt_draws draws;                     // (met_count x DRAWS)
} bundle;
_Static_assert(BT_HAZE_WAYS == BT_BUNDLE && BT_DRAWS_MAX >= 3 * BT_BUNDLE, "room for a bundle");

#define DRAWS 3u // bt_path_draws

static void ask_draws(bundle *b, const bt_path *path)
{
    uint32_t set = BT_SETS_PER_VERTEX * bt_path_vertex(path);
    bt_draws_ask(&b->draws, path->random, BT_SET_SCATTER + bt_path_sets(path));
    bt_draws_ask(&b->draws, path->random, BT_SET_LIGHT + set);
    bt_draws_ask(&b->draws, path->random, BT_SET_LAMP + set);
}

// Haze before surfaces, and the numbers of what follows there.
static void prepare_surfaces(const bt_scene *scene, bt_wave *wave, bundle *b)
{
    b->met_count = b->draws.count = 0;
    for (uint32_t i = 0; i < b->count; i++) {
        if (!b->mets[i].met) continue;
        const bt_path *path = &wave->paths[wave->alive[b->first + i]];
        uint32_t k = b->met_count++;
        b->met[k] = i;
        b->ways.z_m[k] = path->origin[2];
        b->ways.rise[k] = path->dir[2];
        b->ways.distance_m[k] = b->mets[i].hit.distance;
        b->ways.cosine[k] = dot3(path->dir, scene->sky.sun_dir);
        ask_draws(b, path);
    }
    bt_draws_run(&b->draws);
    for (uint32_t k = b->met_count; k < BT_BUNDLE; k++)
        b->ways.z_m[k] = b->ways.rise[k] = b->ways.distance_m[k] = b->ways.cosine[k] = 0.0f;
    bt_haze_ways_find(&b->ways, scene->sky.aerosol_g);
    for (uint32_t k = 0; k < b->met_count; k++)
        bt_path_meet_haze(scene, bt_haze_ways_at(&b->ways, k),
                          &wave->paths[wave->alive[b->first + b->met[k]]]);
}

static bool meet_one(const bt_path_setup *setup, const bt_scene *scene, const bundle *b, uint32_t i,
                     uint32_t *turn, bt_path *path, bt_shadow_rays *rays)
{
    if (scene->fog.extinction > 0.0f)
        return bt_path_meet(scene, *setup, b->mets[i].met, b->mets[i].hit, path, rays);
    bt_shadow_rays_clear(rays);
    if (!b->mets[i].met) {
        path->radiance = path->radiance + bt_path_meet_sky(scene, path);
        return false;
    }
    const float4 *u = b->draws.u + DRAWS * (*turn)++;
    bt_path_draws draws = {.scatter = u[0], .light = u[1], .lamp = u[2]};
    return bt_path_meet_surface(scene, *setup, b->mets[i].hit, draws, path, rays);
}

// Traces the rays of so many paths and deals with what they meet; gives how many of them go on.
static uint32_t meet(const bt_path_setup *setup, const bt_tracer *tracer, bool first,
                     uint32_t count, bt_wave *wave)
{
    const bt_scene *scene = &tracer->stage->scene;
    uint32_t left = 0;
    bundle b;
    for (b.first = 0; b.first < count; b.first += BT_BUNDLE) {
        b.count = min(count - b.first, (uint32_t)BT_BUNDLE);
        bt_tracer_closest16(tracer, wave->paths, wave->alive + b.first, b.count, first, b.mets);
        prefetch_paths(wave, b.first, b.count);
        prefetch_vertices(scene, b.mets, b.count);
        if (!(scene->fog.extinction > 0.0f)) prepare_surfaces(scene, wave, &b);
        for (uint32_t i = 0, turn = 0; i < b.count; i++) {
            uint32_t path = wave->alive[b.first + i];
            if (meet_one(setup, scene, &b, i, &turn, &wave->paths[path], &wave->shadows[path]))
                wave->alive[left++] = path;
            note_shadows(wave, path);
        }
    }
    return left;
}

static void add_light(const bt_tracer *tracer, bt_shadow_kind kind, bool first, bt_wave *wave)
{
    uint32_t count = wave->asking_count[kind];
    bool alike = first && kind == BT_SHADOW_SUN;
    if (!alike && count > BT_BUNDLE) sort_shadows(wave, kind);
    for (uint32_t from = 0; from < count; from += BT_BUNDLE) {
        const uint32_t *asking = wave->asking[kind] + from;
        uint32_t some = min(count - from, (uint32_t)BT_BUNDLE);
        const bt_shadow_ray *rays[BT_BUNDLE];
        float4 open[BT_BUNDLE];
        for (uint32_t i = 0; i < some; i++)
            rays[i] = shadow_of(wave, kind, asking[i]);
        bt_tracer_open16(tracer, wave->paths, asking, rays, some, open);
        for (uint32_t i = 0; i < some; i++)
            bt_path_light(&wave->paths[asking[i]], *rays[i], open[i]);
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
