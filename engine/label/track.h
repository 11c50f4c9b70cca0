// track.h: the motion of all actors and the signals at the last ticks, and between them.
//
// Label times fall between ticks. Positions, speeds and channels are linear between ticks,
// rotations slerped, as in engine/scene/snapshot.h; lamps, signals and lanes are the earlier tick's.
//
// Threads: one at a time.
#ifndef BT_LABEL_TRACK_H
#define BT_LABEL_TRACK_H

#include "engine/sim/sim.h"

typedef struct bt_track bt_track;

// Keeps the last `ticks` ticks. The sim outlives the track.
BT_CHECKED bt_status bt_track_create(const bt_sim *sim, uint32_t ticks, bt_track **track);
void bt_track_destroy(bt_track *track); // NULL is fine
// Adds a tick (times ascend); forgets the oldest when full.
BT_CHECKED bt_status bt_track_push(bt_track *track, const bt_state *state);
// Fails outside the ticks kept.
BT_CHECKED bt_status bt_track_motion(const bt_track *track, bt_time_ns time_ns, uint32_t actor,
                                     bt_motion *motion);
BT_CHECKED bt_status bt_track_signal(const bt_track *track, bt_time_ns time_ns, uint32_t signal,
                                     bt_signal_phase *phase);
const bt_sim *bt_track_sim(const bt_track *track);

#endif
