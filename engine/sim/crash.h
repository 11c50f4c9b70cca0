// crash.h: who has hit whom, and what came of it.
//
// Vehicles, the ego too, hit vehicles, persons and animals where their outlines (footprints: body and trailer) come to overlap
// while they close. From then on both are wrecks (wreck.h): off their rails, their lanes' order, their story's lead, their
// commands; others see them as what is parked there. In the step of the impact bodies are moved back to when they met, given
// the impulse (impact.h), and on; what is left of an overlap is taken out by moving them apart, in the order of
// their indices, so that nobody is more than BT_CRASH_DEPTH_M in anybody after a step (unless wedged between more than can
// give way). Bodies that lean on each other push and rub by the same law.
//
// Where a trailer is hit, or hits, its vehicle takes what the hitch hands on, and turns by that; one that is hit drags its
// trailer (bt_impact_tow). How the trailer itself swings from the blow is not followed: it goes on behind its vehicle. Somebody on foot
// who walks against a vehicle that hardly moves is not struck, nor is a vehicle by one that creeps up to it (BT_CRASH_LEAST_M_S).
//
// What stands beside the road: standing.h.
//
// Left out: things (a cone, a box on the road: a driver runs over them), persons who fall on persons or against what
// stands, rolling over: kerbs, ditches and embankments trip nobody.
#ifndef BT_SIM_CRASH_H
#define BT_SIM_CRASH_H

#include "engine/sim/grid.h"
#include "engine/sim/sim.h"
#include "engine/sim/wreck.h"

#define BT_CRASH_DEPTH_M 0.02
#define BT_CRASH_LEAST_M_S 0.05  // vehicles that close slower do not hurt each other
#define BT_CRASH_LED_M_S 0.5     // nor two that are led: one may tow the other
#define BT_CRASH_ON_FOOT_M_S 1.0 // nor a vehicle slower than this somebody on foot

#define BT_CRASH_PARTS 2 // body, trailer

typedef struct bt_hull {
    double x, y, c, s; // middle and direction
    double half_length, half_width;
} bt_hull;

// Scratch of the search; nothing in it decides the future.
typedef struct bt_crash_search {
    bt_grid grid;
    double *places;      // (actors, 2)
    uint32_t *actors;    // (actors) of a place
    uint64_t *pairs;     // (pairs_most) higher index << 32 | lower
    uint64_t *near;      // (pairs_most) of them, those who may touch in this step
    bt_hull *hulls;      // (actors, 2)
    uint8_t *hull_count; // (actors) 0: not known
    bt_footprint *boxes; // (actors, 2)
    uint8_t *known;      // (actors) bits: the box of a part is that of now
    uint32_t pair_count, near_count, pairs_most, place_count;
    bool searched;
} bt_crash_search;

BT_CHECKED bt_status bt_crash_search_create(uint32_t actor_count, bt_crash_search *search);
void bt_crash_search_clear(bt_crash_search *search); // zeroed is fine

// After all have moved by a step: hits, and motions of all wrecks.
void bt_crash_step(const bt_sim *sim, bt_state *state, double dt_s);

#endif
