// due.h: whose turn it is at signals: a driver who has stood first at its line through a green and did not get
// through is due in the next one.
//
// Others who can stop with ease keep the junction free for one that is due, also while it waits for those who are still in
// there, or for people on foot: each of those is soon gone, and nobody follows. Of several that are due who has missed
// more greens goes first, then who has asked for longer, then the lower index: nobody who comes later goes before, and the
// wait is bounded by the greens that those need who were there. Not kept back are those whom the one that is due waits
// for, and, while it has no room behind the junction, those who go elsewhere. Who has been due for BT_DUE_GREENS in a row
// and still stands is kept back by something else: it begins anew.
//
// People on the kerb let it go, too, where they would step into its way; so they do for one that has stood in a
// junction for a while for people, or for long before one that it could enter. Those on the roadway already go on.
#ifndef BT_SIM_DUE_H
#define BT_SIM_DUE_H

#include "engine/sim/traffic.h"

#define BT_DUE_GREENS 3

// Counts the greens that a driver has missed; once in each round.
void bt_due_count(const bt_traffic *t, uint32_t index, const bt_passage *passage);
// Notes who is due, and whom else people on the kerb let go; after counting.
void bt_due_note(const bt_traffic *t);
bool bt_due_is(const bt_traffic *t, uint32_t index);
// Does one that is due go before a driver that asks for the same junction and can stop? has_room: behind it.
bool bt_due_goes_before(const bt_traffic *t, uint32_t index, const bt_passage *passage,
                        uint32_t due, bool has_room);

#endif
