// path.comp: walks one path of light per invocation, from the lens to its end, and leaves what it
// brought to each band. The host says which samples of which pixels, and adds them up.
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require

#include "shaders/arguments.h"
#include "shaders/shared/path.h"

layout(local_size_x = 64) in;

// One loop for all rays of a path, so that the walk through the boxes stands in the code once: the
// path's own ray, then those towards sun, sky and lamp.
void walk(bt_scene_ref sc, bt_bvh_ref bvh, bt_path_setup setup, inout bt_path path)
{
    bt_shadow_rays rays;
    bool alive = true;
    uint turn = 0u;
    for (;;) {
        bt_shadow_ray s = rays.sun;
        if (turn == 2u) s = rays.sky;
        if (turn == 3u) s = rays.lamp;
        bt_bvh_query q;
        q.shadow = turn == 0u ? 0u : 1u;
        q.u = path.u;
        q.wavelengths = path.wavelengths;
        q.origin = turn == 0u ? path.origin : s.origin;
        q.dir = turn == 0u ? path.dir : s.dir;
        q.distance = turn == 0u ? BT_BVH_FAR : s.distance;
        if (turn == 0u || bt_shadow_asks(s)) {
            bt_bvh_answer answer = bt_bvh_trace(sc, bvh, q);
            if (turn == 0u)
                alive = bt_path_meet(sc, setup, answer.met, answer.hit, path, rays);
            else if (!answer.met)
                bt_path_light(path, s, answer.open);
        }
        turn = (turn + 1u) & 3u;
        if (turn == 0u && !alive) return;
    }
}

void main()
{
    bt_path_arguments a = bt_path_arguments(bt_push.arguments);
    uint i = gl_GlobalInvocationID.x;
    if (i >= a.count) return;
    bt_sample_place place = a.samples.at[i];
    bt_eye eye = a.eye;
    bt_path_start start;
    float4 open = bt_eye_start(eye, place.pixel & 0xffffu, place.pixel >> 16, place.number, start);
    float4 rates = splat4(0.0f);
    if (max_of4(open) > 0.0f) {
        bt_scene_ref sc = a.scene;
        bt_path path = bt_path_begin(sc, start);
        walk(sc, a.bvh, a.setup, path);
        rates = bt_eye_rates(eye, path.wavelengths, path.radiance * open);
    }
    a.rates.at[i] = rates;
}
