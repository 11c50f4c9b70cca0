// link_internal.h: what the files of an autopilot's host share.
#ifndef BT_LINK_LINK_INTERNAL_H
#define BT_LINK_LINK_INTERNAL_H

#include "engine/link/frame_lua.h"
#include "engine/link/link.h"
#include "engine/link/way.h"

// Bits, in the order of the words in autopilot.c.
#define LINK_SENSE_SPEED (1u << 0)
#define LINK_SENSE_ROUTE (1u << 1)
#define LINK_SENSE_LANE (1u << 2)
#define LINK_SENSE_LEADER (1u << 3)
#define LINK_SENSE_SIGNALS (1u << 4)
#define LINK_SENSE_CAMERAS (1u << 5)
#define LINK_SENSES_OF_WAY                                                                         \
    (LINK_SENSE_ROUTE | LINK_SENSE_LANE | LINK_SENSE_LEADER | LINK_SENSE_SIGNALS)

#define LINK_WANDER_M 20000.0 // of the way shown to an ego without goal
#define LINK_LEADER_REACH_M 120.0
#define LINK_SIGNAL_REACH_M 150.0
#define LINK_ROUTE_WINDOW_M 30.0 // the ego is looked for so far from its last place on its own way

struct bt_autopilot {
    char path[4096];
    const bt_sim *sim;
    bt_script *script;
    int start_ref, step_ref;
    unsigned senses;
    char privileges[64];
    bt_time_ns period_ns;
    uint64_t step; // calls so far

    bt_stop_line *lines;
    uint32_t line_count;
    bt_route *own_route; // where the simulation gives the ego none
    double own_route_m;
};

// Push one table: the argument of start, the argument of step. May raise Lua errors.
void link_push_info(lua_State *lua, const bt_autopilot *autopilot);
void link_push_observation(lua_State *lua, bt_autopilot *autopilot,
                           const bt_observation *observation);

#endif
