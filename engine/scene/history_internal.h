// history_internal.h: reading a pose history at instants between nanoseconds.
#ifndef BT_SCENE_HISTORY_INTERNAL_H
#define BT_SCENE_HISTORY_INTERNAL_H

#include "engine/scene/snapshot.h"

struct bt_pose_history {
    const bt_world *world;
    uint32_t capacity; // ticks
    uint32_t first;    // place of the oldest tick in the ring
    uint32_t count;    // ticks held
    uint32_t actor_count;
    bt_time_ns *times_ns; // (capacity)
    bt_actor_pose *poses; // (capacity x actors)
};

// Tick `index` counted from the oldest.
static inline bt_time_ns bt_history_tick_ns(const bt_pose_history *h, uint32_t index)
{
    return h->times_ns[(h->first + index) % h->capacity];
}
static inline const bt_actor_pose *bt_history_tick(const bt_pose_history *h, uint32_t index,
                                                   uint32_t actor)
{
    return &h->poses[(size_t)((h->first + index) % h->capacity) * h->actor_count + actor];
}

// The tick at or before this instant (nanoseconds after the oldest tick), at most the last but one.
uint32_t bt_history_find(const bt_pose_history *h, double after_oldest_ns);
bt_actor_pose bt_history_sample(const bt_pose_history *h, double after_oldest_ns, uint32_t actor);

#endif
