// carry.h: a state goes over to another simulation of the same world: through another window of its roads,
// without those who were left behind, with others who begin there. How a world of any size is driven
// without ever being whole in memory.
//
// Who goes on does so without a jump: place, speed, springs, what a driver has decided and will choose are the
// same; indices of lanes and actors become those of the new simulation. A drive through windows is, to the
// bit, the drive through a map that holds them all, as long as nothing looks over a window's edge.
#ifndef BT_SIM_CARRY_H
#define BT_SIM_CARRY_H

#include "engine/road/match.h"
#include "engine/sim/sim.h"

// Is what it stands on, and the lane it drives on, on the new map? The ego always goes on, who is led and on no lane too;
// signal heads belong to their map and do not.
bool bt_carry_possible(const bt_state *from, const bt_road_match *match, uint32_t actor);

// The description under which it goes on: where it is now. Its path stays that of from's simulation, which is
// to live until the new one has been created.
bt_actor_desc bt_carry_describe(const bt_state *from, const bt_road_match *match, uint32_t actor);

typedef struct bt_carry {
    const bt_state *from;
    const bt_road_match *match; // from its network to the new one
    const uint32_t *origins; // (actors of the new simulation) who it was; BT_SIM_NONE: begins now
} bt_carry;

// The state at the same time in the new simulation. `to` copies all it needs.
BT_CHECKED bt_status bt_state_carry(const bt_sim *sim, const bt_carry *carry, bt_state **to);

#endif
