// path.comp: walks paths of light, one sample each, from the lens to its end, and leaves what it
// brought to each band. The host says which samples of which pixels, runs the stages in turn as long
// as a path goes on (engine/render/vulkan/wave.c), and adds up what comes.
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require

#include "shaders/arguments.h"

layout(local_size_x = 64) in;

#define BEGIN 0u
#define RAYS 1u
#define MEET 2u
#define SHADOWS 3u
#define END 4u
layout(constant_id = 0) const uint stage = BEGIN;

bt_bvh_query query_of(bt_wave w, uint slot)
{
    bt_bvh_query q;
    q.shadow = 0u;
    q.u = w.paths.at[slot].u;
    q.origin = w.paths.at[slot].origin;
    q.dir = w.paths.at[slot].dir;
    q.distance = BT_BVH_FAR;
    q.wavelengths.nm = w.paths.at[slot].nm;
    q.wavelengths.pdf = w.paths.at[slot].pdf;
    q.wavelengths.bin = w.paths.at[slot].bin;
    q.wavelengths.part = w.paths.at[slot].part;
    return q;
}

// ---- the stages ---------------------------------------------------------------------------------
void begin(bt_path_arguments a, uint i)
{
    float4 open = splat4(0.0f);
    bool goes_on = false;
    if (i < a.count) {
        bt_sample_place place = a.samples.at[i];
        bt_path_start start;
        open = bt_eye_start(a.eye, place.pixel & 0xffffu, place.pixel >> 16, place.number, start);
        goes_on = any_above0(open);
        a.wave.open.at[i] = goes_on ? open : splat4(0.0f);
        if (goes_on) {
            bt_path path;
            bt_path_begin(a.scene, start, path);
            bt_wave_create(a.wave, i, path);
        }
        for (uint k = 0u; k < 3u; k++)
            a.wave.lit.at[3u * i + k] = splat4(0.0f);
    }
    bt_wave_list(a.wave, 0u, i, goes_on, bvec3(false));
}

void rays(bt_path_arguments a, uint i)
{
    uint turn = bt_push.turn;
    if (i < 2u) a.wave.records.at[(turn + 1u) % BT_WAVE_RECORDS * 2u + i] = 0u;
    if (i >= bt_wave_paths(a.wave, turn)) return;
    uint slot = bt_wave_path_at(a.wave, turn, i);
    bt_bvh_answer answer = bt_bvh_trace(a.scene, a.bvh, query_of(a.wave, slot));
    bt_wave_met met;
    met.distance = answer.hit.distance;
    met.bary_u = answer.hit.bary_u;
    met.bary_v = answer.hit.bary_v;
    met.placed = answer.hit.placed;
    met.triangle = answer.hit.triangle;
    met.met = answer.met ? 1u : 0u;
    a.wave.met.at[slot] = met;
}

void meet(bt_path_arguments a, uint i)
{
    uint turn = bt_push.turn, slot = 0u;
    bool goes_on = false;
    bvec3 asks = bvec3(false);
    if (i < bt_wave_paths(a.wave, turn)) {
        slot = bt_wave_path_at(a.wave, turn, i);
        bt_wave_met met = a.wave.met.at[slot];
        bt_hit hit;
        hit.distance = met.distance;
        hit.bary_u = met.bary_u;
        hit.bary_v = met.bary_v;
        hit.placed = met.placed;
        hit.triangle = met.triangle;
        bt_path path = bt_wave_load(a.scene, a.wave.paths.at[slot]);
        path.radiance = bt_wave_gather(a.wave, slot, path.radiance);
        bt_shadow_rays left;
        goes_on = bt_path_meet(a.scene, a.setup, met.met != 0u, hit, path, left);
        bt_wave_store(a.wave, slot, path);
        bt_wave_store_shadow(a.wave, 3u * slot, left.sun);
        bt_wave_store_shadow(a.wave, 3u * slot + 1u, left.sky);
        bt_wave_store_shadow(a.wave, 3u * slot + 2u, left.lamp);
        asks = bvec3(bt_shadow_asks(left.sun), bt_shadow_asks(left.sky), bt_shadow_asks(left.lamp));
    }
    bt_wave_list(a.wave, turn + 1u, slot, goes_on, asks);
}

void shadows(bt_path_arguments a, uint i)
{
    if (i >= bt_wave_shadows(a.wave, bt_push.turn)) return;
    uint ray = bt_wave_shadow_at(a.wave, i);
    bt_bvh_query q = query_of(a.wave, ray / 3u);
    q.shadow = 1u;
    q.origin = a.wave.shadows.at[ray].origin;
    q.dir = a.wave.shadows.at[ray].dir;
    q.distance = a.wave.shadows.at[ray].distance;
    bt_bvh_answer answer = bt_bvh_trace(a.scene, a.bvh, q);
    a.wave.lit.at[ray] = answer.met ? splat4(0.0f) : a.wave.lit.at[ray] * answer.open;
}

void end(bt_path_arguments a, uint i)
{
    if (i >= a.count) return;
    float4 open = a.wave.open.at[i];
    float4 rates = splat4(0.0f);
    if (any_above0(open)) {
        float4 radiance = bt_wave_gather(a.wave, i, a.wave.paths.at[i].radiance);
        rates = bt_eye_rates(a.eye, query_of(a.wave, i).wavelengths, radiance * open);
    }
    a.rates.at[i] = rates;
}

void main()
{
    bt_path_arguments a = bt_path_arguments(bt_push.arguments);
    uint i = gl_GlobalInvocationID.x;
    if (stage == BEGIN) begin(a, i);
    if (stage == RAYS) rays(a, i);
    if (stage == MEET) meet(a, i);
    if (stage == SHADOWS) shadows(a, i);
    if (stage == END) end(a, i);
}
