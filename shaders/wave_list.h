// wave_list.h: how a kernel lists the paths that go on and the shadow rays that they ask for. Compute
// shaders only.
#ifndef BT_SHADERS_WAVE_LIST_H
#define BT_SHADERS_WAVE_LIST_H

#include "shaders/wave.h"

shared uint bt_wave_group_count[2];
shared uint bt_wave_group_first[2];

// Lists a slot among those of `turn` and its shadow rays among those of the turn before. All
// invocations of a group call it together: they ask for room at once.
void bt_wave_list(bt_wave w, uint turn, uint slot, bool goes_on, bvec3 shadows)
{
    uint k = gl_LocalInvocationIndex;
    if (k < 2u) bt_wave_group_count[k] = 0u;
    barrier();
    uint asks = uint(shadows[0]) + uint(shadows[1]) + uint(shadows[2]);
    uint path_at = goes_on ? atomicAdd(bt_wave_group_count[0], 1u) : 0u;
    uint shadow_at = asks > 0u ? atomicAdd(bt_wave_group_count[1], asks) : 0u;
    barrier();
    if (k < 2u && bt_wave_group_count[k] > 0u) {
        uint record = ((turn + BT_WAVE_RECORDS - k) % BT_WAVE_RECORDS) * 2u + k;
        bt_wave_group_first[k] = atomicAdd(w.records.at[record], bt_wave_group_count[k]);
    }
    barrier();
    if (goes_on) w.queue.at[(turn & 1u) * w.slots + bt_wave_group_first[0] + path_at] = slot;
    shadow_at += 2u * w.slots + bt_wave_group_first[1];
    for (uint i = 0u; i < 3u; i++)
        if (shadows[i]) w.queue.at[shadow_at++] = 3u * slot + i;
}

#endif
