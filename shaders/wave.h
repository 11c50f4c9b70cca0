// wave.h: paths of light on their way, between the kernels that take them further: one slot per
// sample, and queues of the slots that go on. GLSL only.
//
// Paths are taken further together, one kernel for what they all do next, so that neighbours run the
// same code: Laine, Karras and Aila 2013, "Megakernels considered harmful: wavefront path tracing on
// GPUs". As there, they are shaded in the order of what they met: paths on one pattern run alike (the
// first drive in 40 % of the time on an H200). A slot is written by its own path alone, so nothing
// depends on the order of a queue.
#ifndef BT_SHADERS_WAVE_H
#define BT_SHADERS_WAVE_H

#include "shaders/shared/path.h"
#include "shaders/shared/traverse.h"

#define BT_WAVE_RECORDS 4u
#define BT_WAVE_COUNTS 4u // of a record: paths, shadow rays towards sun, sky, lamp
// What paths meet, by what shading does about it: nothing, or a pattern (BT_PATTERN_*).
#define BT_WAVE_CLASSES 18u

// A path but for what its wavelengths tell (bt_path.light) and the guides, which no device is asked
// for. A new field of bt_path goes into the functions below.
struct bt_wave_path {
    float4 nm, pdf, part;
    uint4 bin;
    float4 beta, r_u, r_l, radiance;
    float3 origin;
    float u;
    float3 dir;
    float cone_m;
    float3 asker_pos;
    float cone_rad;
    float3 asker_normal;
    float alpha_floor;
    float asked_sun, asked_sky, asked_lamp;
    uint flags;
    uint index, seed; // of its random numbers
    uint depth, scatters;
    uint panes, pad0, pad1, pad2;
};
#define BT_WAVE_FOG_EXACT 1u
#define BT_WAVE_SUNLESS 2u
#define BT_WAVE_ASKER_BOTH 4u
#define BT_WAVE_GLOWS 8u

struct bt_wave_shadow {
    float3 origin;
    float distance;
    float3 dir;
    float pad;
};
struct bt_wave_met {
    float distance, bary_u, bary_v;
    uint placed, triangle, met;
};

layout(buffer_reference, std430, buffer_reference_align = 16) buffer bt_wave_path_buffer
{
    bt_wave_path at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) buffer bt_wave_shadow_buffer
{
    bt_wave_shadow at[]; // (slots x 3): towards sun, sky, lamp
};
layout(buffer_reference, std430, buffer_reference_align = 4) buffer bt_wave_met_buffer
{
    bt_wave_met at[];
};
layout(buffer_reference, std430, buffer_reference_align = 16) buffer bt_wave_light_buffer
{
    float4 at[];
};
layout(buffer_reference, std430, buffer_reference_align = 4) buffer bt_wave_word_buffer
{
    uint at[];
};

struct bt_wave {
    bt_wave_path_buffer paths;
    bt_wave_shadow_buffer shadows;
    bt_wave_met_buffer met;
    bt_wave_light_buffer lit;    // (slots x 3) what each shadow ray brings, or brought
    bt_wave_light_buffer open;   // (slots) what the lens lets through; 0: there is no path
    // (5 x slots) paths of this turn, of the next; shadow rays of each kind; (BT_WAVE_CLASSES x slots)
    // this turn's paths by what they met
    bt_wave_word_buffer queue;
    // (BT_WAVE_RECORDS x BT_WAVE_COUNTS) how many a turn has; (BT_WAVE_CLASSES) and of each class
    bt_wave_word_buffer records;
    uint slots;
};

bt_path bt_wave_load(bt_scene_ref sc, bt_wave_path from)
{
    bt_path p;
    p.random.index = from.index;
    p.random.seed = from.seed;
    p.wavelengths.nm = from.nm;
    p.wavelengths.pdf = from.pdf;
    p.wavelengths.bin = from.bin;
    p.wavelengths.part = from.part;
    p.light = bt_sky_light_at(scene_of(sc).sky, scene_of(sc).tables.sky_spectra, p.wavelengths);
    p.weight.beta = from.beta;
    p.weight.r_u = from.r_u;
    p.weight.r_l = from.r_l;
    p.radiance = from.radiance;
    p.origin = from.origin;
    p.dir = from.dir;
    p.u = from.u;
    p.cone_m = from.cone_m;
    p.cone_rad = from.cone_rad;
    p.alpha_floor = from.alpha_floor;
    p.lean = 0.0f; // of the surface that is dealt with
    p.fog_exact = (from.flags & BT_WAVE_FOG_EXACT) != 0u;
    p.sunless = (from.flags & BT_WAVE_SUNLESS) != 0u;
    p.glows = (from.flags & BT_WAVE_GLOWS) != 0u;
    p.asked.sun = from.asked_sun;
    p.asked.sky = from.asked_sky;
    p.asked.lamp = from.asked_lamp;
    p.asker.pos = from.asker_pos;
    p.asker.normal = from.asker_normal;
    p.asker.both = (from.flags & BT_WAVE_ASKER_BOTH) != 0u;
    p.asker.along = 0.0f;
    p.asker.fade = 0.0f;
    p.depth = from.depth;
    p.scatters = from.scatters;
    p.panes = from.panes;
    p.guide.albedo = splat4(0.0f);
    p.guide.normal = splat3(0.0f);
    p.guide.distance = 0.0f;
    return p;
}

// What changes on a path's way.
void bt_wave_store(bt_wave w, uint slot, bt_path p)
{
    w.paths.at[slot].beta = p.weight.beta;
    w.paths.at[slot].r_u = p.weight.r_u;
    w.paths.at[slot].r_l = p.weight.r_l;
    w.paths.at[slot].radiance = p.radiance;
    w.paths.at[slot].origin = p.origin;
    w.paths.at[slot].dir = p.dir;
    w.paths.at[slot].cone_m = p.cone_m;
    w.paths.at[slot].cone_rad = p.cone_rad;
    w.paths.at[slot].alpha_floor = p.alpha_floor;
    w.paths.at[slot].flags = (p.fog_exact ? BT_WAVE_FOG_EXACT : 0u) |
                             (p.sunless ? BT_WAVE_SUNLESS : 0u) |
                             (p.glows ? BT_WAVE_GLOWS : 0u) |
                             (p.asker.both ? BT_WAVE_ASKER_BOTH : 0u);
    w.paths.at[slot].asked_sun = p.asked.sun;
    w.paths.at[slot].asked_sky = p.asked.sky;
    w.paths.at[slot].asked_lamp = p.asked.lamp;
    w.paths.at[slot].asker_pos = p.asker.pos;
    w.paths.at[slot].asker_normal = p.asker.normal;
    w.paths.at[slot].depth = p.depth;
    w.paths.at[slot].scatters = p.scatters;
    w.paths.at[slot].panes = p.panes;
}

void bt_wave_create(bt_wave w, uint slot, bt_path p)
{
    w.paths.at[slot].index = p.random.index;
    w.paths.at[slot].seed = p.random.seed;
    w.paths.at[slot].nm = p.wavelengths.nm;
    w.paths.at[slot].pdf = p.wavelengths.pdf;
    w.paths.at[slot].bin = p.wavelengths.bin;
    w.paths.at[slot].part = p.wavelengths.part;
    w.paths.at[slot].u = p.u;
    bt_wave_store(w, slot, p);
}

void bt_wave_store_shadow(bt_wave w, uint i, bt_shadow_ray s)
{
    w.lit.at[i] = s.lit;
    w.shadows.at[i].origin = s.origin;
    w.shadows.at[i].distance = s.distance;
    w.shadows.at[i].dir = s.dir;
}

// What the shadow rays brought, in their order.
float4 bt_wave_gather(bt_wave w, uint slot, float4 radiance)
{
    for (uint k = 0u; k < 3u; k++)
        radiance = radiance + w.lit.at[3u * slot + k];
    return radiance;
}

// ---- queues -------------------------------------------------------------------------------------
uint bt_wave_record(uint turn)
{
    return turn % BT_WAVE_RECORDS * BT_WAVE_COUNTS;
}
uint bt_wave_paths(bt_wave w, uint turn)
{
    return w.records.at[bt_wave_record(turn)];
}
uint bt_wave_path_at(bt_wave w, uint turn, uint i)
{
    return w.queue.at[(turn & 1u) * w.slots + i];
}
// Shadow rays of a kind follow each other: towards the sun neighbours run alike. BT_NONE: there are not so
// many.
uint bt_wave_shadow_at(bt_wave w, uint turn, uint i)
{
    for (uint kind = 0u; kind < 3u; kind++) {
        uint count = w.records.at[bt_wave_record(turn) + 1u + kind];
        if (i < count) return w.queue.at[(2u + kind) * w.slots + i];
        i -= count;
    }
    return BT_NONE;
}
// The turn after this one has none yet: by the first invocations of what traces this turn's rays.
void bt_wave_clear_next(bt_wave w, uint turn, uint i)
{
    if (i < BT_WAVE_COUNTS) w.records.at[bt_wave_record(turn + 1u) + i] = 0u;
}

// ---- classes ------------------------------------------------------------------------------------
#define BT_WAVE_CLASS_COUNTS (BT_WAVE_RECORDS * BT_WAVE_COUNTS)

uint bt_wave_class(bt_scene_ref sc, bt_wave_met met)
{
    if (met.met == 0u) return 0u;
    uint triangle = sc.placed.at[met.placed].first_triangle + met.triangle;
    uint material = sc.slots.at[sc.triangles.at[triangle].slot].material;
    return min(1u + sc.materials.at[material].pattern, BT_WAVE_CLASSES - 1u);
}
uint bt_wave_class_place(bt_wave w, uint kind, uint i)
{
    return (5u + kind) * w.slots + i;
}
// The paths of a class follow each other. BT_NONE: there are not so many.
uint bt_wave_classed_at(bt_wave w, uint i)
{
    for (uint k = 0u; k < BT_WAVE_CLASSES; k++) {
        uint count = w.records.at[BT_WAVE_CLASS_COUNTS + k];
        if (i < count) return w.queue.at[bt_wave_class_place(w, k, i)];
        i -= count;
    }
    return BT_NONE;
}
// There are none of any class until the next rays are traced: by the first invocations of what comes after
// shading.
void bt_wave_clear_classes(bt_wave w, uint i)
{
    if (i < BT_WAVE_CLASSES) w.records.at[BT_WAVE_CLASS_COUNTS + i] = 0u;
}

// ---- rays ---------------------------------------------------------------------------------------
bt_bvh_query bt_wave_query(bt_wave w, uint slot)
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
bt_bvh_query bt_wave_shadow_query(bt_wave w, uint ray)
{
    bt_bvh_query q = bt_wave_query(w, ray / 3u);
    q.shadow = 1u;
    q.origin = w.shadows.at[ray].origin;
    q.dir = w.shadows.at[ray].dir;
    q.distance = w.shadows.at[ray].distance;
    return q;
}

void bt_wave_store_met(bt_wave w, uint slot, bt_bvh_answer answer)
{
    bt_wave_met met;
    met.distance = answer.hit.distance;
    met.bary_u = answer.hit.bary_u;
    met.bary_v = answer.hit.bary_v;
    met.placed = answer.hit.placed;
    met.triangle = answer.hit.triangle;
    met.met = answer.met ? 1u : 0u;
    w.met.at[slot] = met;
}
void bt_wave_store_open(bt_wave w, uint ray, bt_bvh_answer answer)
{
    w.lit.at[ray] = answer.met ? splat4(0.0f) : w.lit.at[ray] * answer.open;
}

#endif
