// wave_list.h: how a kernel lists the paths that go on and the shadow rays that they ask for. Compute
// shaders only.
#ifndef BT_SHADERS_WAVE_LIST_H
#define BT_SHADERS_WAVE_LIST_H

#include "shaders/wave.h"

shared uint bt_wave_group_count[BT_WAVE_COUNTS];
shared uint bt_wave_group_first[BT_WAVE_COUNTS];

// Lists a slot among those of `turn` and its shadow rays among those of the turn before. All
// invocations of a group call it together: they ask for room at once.
void bt_wave_list(bt_wave w, uint turn, uint slot, bool goes_on, bvec3 shadows)
{
    uint k = gl_LocalInvocationIndex;
    if (k < BT_WAVE_COUNTS) bt_wave_group_count[k] = 0u;
    barrier();
    bvec4 asks = bvec4(goes_on, shadows);
    uvec4 at = uvec4(0u);
    for (uint i = 0u; i < BT_WAVE_COUNTS; i++)
        if (asks[i]) at[i] = atomicAdd(bt_wave_group_count[i], 1u);
    barrier();
    if (k < BT_WAVE_COUNTS && bt_wave_group_count[k] > 0u) {
        uint record = bt_wave_record(k == 0u ? turn : turn + BT_WAVE_RECORDS - 1u);
        bt_wave_group_first[k] = atomicAdd(w.records.at[record + k], bt_wave_group_count[k]);
    }
    barrier();
    if (goes_on) w.queue.at[(turn & 1u) * w.slots + bt_wave_group_first[0] + at[0]] = slot;
    for (uint i = 1u; i < BT_WAVE_COUNTS; i++)
        if (asks[i])
            w.queue.at[(1u + i) * w.slots + bt_wave_group_first[i] + at[i]] = 3u * slot + i - 1u;
}

shared uint bt_wave_class_count[BT_WAVE_CLASSES];
shared uint bt_wave_class_first[BT_WAVE_CLASSES];

// Lists a slot among those of its class; BT_NONE: it is none. By all invocations of a group together.
void bt_wave_list_class(bt_wave w, uint slot, uint kind)
{
    uint k = gl_LocalInvocationIndex;
    if (k < BT_WAVE_CLASSES) bt_wave_class_count[k] = 0u;
    barrier();
    uint at = kind != BT_NONE ? atomicAdd(bt_wave_class_count[kind], 1u) : 0u;
    barrier();
    if (k < BT_WAVE_CLASSES && bt_wave_class_count[k] > 0u)
        bt_wave_class_first[k] =
            atomicAdd(w.records.at[BT_WAVE_CLASS_COUNTS + k], bt_wave_class_count[k]);
    barrier();
    if (kind != BT_NONE)
        w.queue.at[bt_wave_class_place(w, kind, bt_wave_class_first[kind] + at)] =
            slot;
}

#endif
