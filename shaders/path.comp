// path.comp: walks paths of light, one sample each, from the lens to its end, and leaves what it
// brought to each band. The host says which samples of which pixels, runs the stages in turn as long
// as a path goes on (engine/render/vulkan/wave.c), and adds up what comes.
#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require

#include "shaders/arguments.h"
#include "shaders/wave_list.h"

layout(local_size_x = 128) in; // BT_VULKAN_GROUP

#define BEGIN 0u
#define RAYS 1u
#define SORT 2u
#define MEET 3u
#define MEET_FOG 4u
#define SHADOWS 5u
#define END 6u
layout(constant_id = 0) const uint stage = BEGIN;

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
    bt_wave_clear_next(a.wave, turn, i);
    if (i >= bt_wave_paths(a.wave, turn)) return;
    uint slot = bt_wave_path_at(a.wave, turn, i);
    bt_bvh_answer answer = bt_bvh_trace(a.scene, a.bvh, bt_wave_query(a.wave, slot));
    bt_wave_store_met(a.wave, slot, answer);
}

void sort(bt_path_arguments a, uint i)
{
    uint slot = 0u, kind = BT_NONE;
    if (i < bt_wave_paths(a.wave, bt_push.turn)) {
        slot = bt_wave_path_at(a.wave, bt_push.turn, i);
        kind = bt_wave_class(a.scene, a.wave.met.at[slot]);
    }
    bt_wave_list_class(a.wave, slot, kind);
}

void meet(bt_path_arguments a, uint i)
{
    uint turn = bt_push.turn, slot = bt_wave_classed_at(a.wave, i);
    bool goes_on = false;
    bvec3 asks = bvec3(false);
    if (slot != BT_NONE) {
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
        // where there is no fog, its code costs registers for nothing
        if (stage == MEET_FOG) {
            goes_on = bt_path_meet(a.scene, a.setup, met.met != 0u, hit, path, left);
        } else {
            bt_shadow_rays_clear(left);
            goes_on = bt_path_meet_clear(a.scene, a.setup, met.met != 0u, hit, path, left);
        }
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
    bt_wave_clear_classes(a.wave, i);
    uint ray = bt_wave_shadow_at(a.wave, bt_push.turn, i);
    if (ray == BT_NONE) return;
    bt_bvh_answer answer = bt_bvh_trace(a.scene, a.bvh, bt_wave_shadow_query(a.wave, ray));
    bt_wave_store_open(a.wave, ray, answer);
}

void end(bt_path_arguments a, uint i)
{
    if (i >= a.count) return;
    float4 open = a.wave.open.at[i];
    float4 rates = splat4(0.0f);
    if (any_above0(open)) {
        float4 radiance = bt_wave_gather(a.wave, i, a.wave.paths.at[i].radiance);
        rates = bt_eye_rates(a.eye, bt_wave_query(a.wave, i).wavelengths, radiance * open);
    }
    a.rates.at[i] = rates;
}

void main()
{
    bt_path_arguments a = bt_path_arguments(bt_push.arguments);
    uint i = gl_GlobalInvocationID.x;
    if (stage == BEGIN) begin(a, i);
    if (stage == RAYS) rays(a, i);
    if (stage == SORT) sort(a, i);
    if (stage == MEET || stage == MEET_FOG) meet(a, i);
    if (stage == SHADOWS) shadows(a, i);
    if (stage == END) end(a, i);
}
