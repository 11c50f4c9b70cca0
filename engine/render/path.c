// path.c: walks a bundle of paths with Embree: first rays and first shadows of all at once, since
// these are coherent, the rest one by one. shaders/shared/path.h is the estimator.
#include "engine/render/internal.h"

static void add_light(const bt_tracer *tracer, bt_path *path, const bt_shadow_ray *ray)
{
    if (bt_shadow_asks(*ray)) bt_path_light(path, *ray, bt_tracer_open(tracer, path, ray));
}

static void walk_on(const bt_path_setup *setup, const bt_tracer *tracer, bt_path *path)
{
    const bt_scene *scene = &tracer->stage->scene;
    bool alive = true;
    while (alive) {
        bt_hit hit = {0};
        bt_shadow_rays rays;
        bool met = bt_tracer_closest(tracer, path->origin, path->dir, path->u, &hit);
        if (met) bt_hit_prefetch(scene, &hit);
        alive = bt_path_meet(scene, *setup, met, hit, path, &rays);
        add_light(tracer, path, &rays.sun);
        add_light(tracer, path, &rays.sky);
        add_light(tracer, path, &rays.lamp);
    }
}

// Shadow rays of one kind of light, from all paths of a bundle.
static void add_light16(const bt_tracer *tracer, bt_path *paths, const bt_shadow_ray *rays,
                        uint32_t count)
{
    float4 open[BT_BUNDLE];
    bt_tracer_open16(tracer, paths, rays, count, open);
    for (uint32_t i = 0; i < count; i++)
        if (bt_shadow_asks(rays[i])) bt_path_light(&paths[i], rays[i], open[i]);
}

void bt_trace_bundle(const bt_path_setup *setup, const bt_tracer *tracer, bt_path *paths,
                     uint32_t count)
{
    const bt_scene *scene = &tracer->stage->scene;
    bt_met mets[BT_BUNDLE];
    bt_shadow_ray sun[BT_BUNDLE], sky[BT_BUNDLE], lamp[BT_BUNDLE];
    bool alive[BT_BUNDLE];
    bt_tracer_closest16(tracer, paths, count, mets);
    for (uint32_t i = 0; i < count; i++) {
        bt_shadow_rays rays;
        alive[i] = bt_path_meet(scene, *setup, mets[i].met, mets[i].hit, &paths[i], &rays);
        sun[i] = rays.sun;
        sky[i] = rays.sky;
        lamp[i] = rays.lamp;
    }
    add_light16(tracer, paths, sun, count);
    add_light16(tracer, paths, sky, count);
    add_light16(tracer, paths, lamp, count);
    for (uint32_t i = 0; i < count; i++)
        if (alive[i]) walk_on(setup, tracer, &paths[i]);
}
