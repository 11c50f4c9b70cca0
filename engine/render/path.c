// path.c: walks a wave of paths with Embree, all of them from one surface to the next in turn.
// shaders/shared/path.h is the estimator.
//
// Rays go sixteen at once. First rays are alike as they come, and so are their shadow rays towards the sun;
// all others are sorted before.
#include "engine/render/internal.h"

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
        const bt_shadow_ray *ray = &wave->shadows[kind][wave->asking[kind][i]];
        bt_ray_sort_put(&wave->sort, i, &ray->origin, &ray->dir);
    }
    bt_ray_sort_run(&wave->sort, wave->asking_count[kind], wave->asking[kind]);
}

static void keep_shadow(bt_wave *wave, bt_shadow_kind kind, uint32_t path, const bt_shadow_ray *ray)
{
    if (!bt_shadow_asks(*ray)) return;
    wave->shadows[kind][path] = *ray;
    wave->asking[kind][wave->asking_count[kind]++] = path;
}

// Asks for what the triangles that were met name before it is needed.
static void prefetch_vertices(const bt_scene *scene, const bt_met *mets, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (mets[i].met) bt_hit_prefetch_vertices(scene, &mets[i].hit);
}

// A path's state, a little before its turn: the rays before it have pushed it out.
static void prefetch_path(const bt_wave *wave, uint32_t turn, uint32_t count)
{
    if (turn >= count) return;
    const char *path = (const char *)&wave->paths[wave->alive[turn]];
    for (size_t at = 0; at < sizeof(bt_path); at += 64)
        __builtin_prefetch(path + at, 1);
}

// Traces the rays of so many paths and deals with what they meet; gives how many of them go on.
static uint32_t meet(const bt_path_setup *setup, const bt_tracer *tracer, bool first,
                     uint32_t count, bt_wave *wave)
{
    const bt_scene *scene = &tracer->stage->scene;
    uint32_t left = 0;
    for (uint32_t from = 0; from < count; from += BT_BUNDLE) {
        uint32_t some = min(count - from, (uint32_t)BT_BUNDLE);
        bt_met mets[BT_BUNDLE];
        bt_tracer_closest16(tracer, wave->paths, wave->alive + from, some, first, mets);
        prefetch_vertices(scene, mets, some);
        prefetch_path(wave, from, count);
        for (uint32_t i = 0; i < some; i++) {
            uint32_t path = wave->alive[from + i];
            prefetch_path(wave, from + i + 1, from + some);
            bt_shadow_rays rays;
            if (bt_path_meet(scene, *setup, mets[i].met, mets[i].hit, &wave->paths[path], &rays))
                wave->alive[left++] = path;
            keep_shadow(wave, BT_SHADOW_SUN, path, &rays.sun);
            keep_shadow(wave, BT_SHADOW_SKY, path, &rays.sky);
            keep_shadow(wave, BT_SHADOW_LAMP, path, &rays.lamp);
        }
    }
    return left;
}

static void add_light(const bt_tracer *tracer, bt_shadow_kind kind, bool first, bt_wave *wave)
{
    const bt_shadow_ray *rays = wave->shadows[kind];
    uint32_t count = wave->asking_count[kind];
    bool alike = first && kind == BT_SHADOW_SUN;
    if (!alike && count > BT_BUNDLE) sort_shadows(wave, kind);
    for (uint32_t from = 0; from < count; from += BT_BUNDLE) {
        const uint32_t *asking = wave->asking[kind] + from;
        uint32_t some = min(count - from, (uint32_t)BT_BUNDLE);
        float4 open[BT_BUNDLE];
        bt_tracer_open16(tracer, wave->paths, rays, asking, some, open);
        for (uint32_t i = 0; i < some; i++)
            bt_path_light(&wave->paths[asking[i]], rays[asking[i]], open[i]);
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
