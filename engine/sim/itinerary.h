// itinerary.h: the lanes a driver is on and will take next: a window that moves along with the car.
//
// Lanes are numbered slots, counted up for ever; a ring keeps the last ones behind the car and a few
// hundred metres ahead. Places are given by one coordinate q, metres along the way since the
// start, so that speeds and gaps need not know lanes. At a branch the choice is
// bt_random_below(choice, BT_STREAM_TRAFFIC, slot, 0, count) among the branches that do not end
// dead, if there are such; drivers of trailers spare themselves tight bends, but go round no ring for
// that. Where a lane ends and the one beside it goes on, the way shifts over. Who rides a bicycle shifts to the bicycle lane where one begins,
// and before some junctions back to the lane for cars beside it, to turn left.
//
// Plain data inside the state: copied with it.
#ifndef BT_SIM_ITINERARY_H
#define BT_SIM_ITINERARY_H

#include "engine/sim/lane_graph.h"

#include <stdint.h>

#define BT_ITINERARY_RING 64
#define BT_ITINERARY_BEHIND 16 // slots kept behind the car

typedef struct bt_itinerary {
    double start_m[BT_ITINERARY_RING];     // q where the slot's lane begins
    double shift_m[BT_ITINERARY_RING];     // q where it starts to shift over from from_lane
    double shift_way_m[BT_ITINERARY_RING]; // how long that takes
    double join_m[BT_ITINERARY_RING];      // how far left of its lane it begins: maps have steps
    uint32_t lane[BT_ITINERARY_RING];
    uint32_t from_lane[BT_ITINERARY_RING]; // BT_ROAD_NONE: no shift
    uint64_t choice;
    double end_m;     // q at which it ends, when `ended`
    double goal_m;    // distance along the goal lane, when planned
    double lateral_m; // the driver's place in a lane for cars, + left; in others: the middle
    double pass_m;    // further aside, + left, from pass_from to pass_to; eased over pass_ramp
                      // before and pass_back after
    double pass_from_m, pass_to_m, pass_ramp_m, pass_back_m;
    double radius_m; // branches with tighter bends are taken only when there is no other
    uint32_t head;   // slot that holds the car
    uint32_t first;  // oldest slot kept
    uint32_t tail;   // one past the newest
    uint32_t plan_next, plan_count; // lanes of a planned route still to take, into the plan
    uint32_t ended;                 // no more slots come
    uint32_t cycles;                // on a bicycle
    uint32_t pad;
} bt_itinerary;

// A planned route, for drivers with a goal; constant, outlives the itinerary. NULL: wander.
typedef struct bt_plan {
    uint32_t *lanes;
    uint32_t count;
    double goal_d_m; // along the last lane
} bt_plan;

// Begins on a lane at distance d; q = 0 there.
void bt_itinerary_init(bt_itinerary *it, uint32_t lane, double d_m, uint64_t choice,
                       const bt_plan *plan);
// Moves the window so that it covers q and at least `ahead_m` more (as far as the ring allows).
void bt_itinerary_advance(const bt_lane_graph *graph, const bt_plan *plan, bt_itinerary *it,
                          double q_m, double ahead_m);

// Changes to a lane beside the head's, from q_m on over way_m: quintic, so that at a steady speed v the
// lateral acceleration is at most 5.8 d v^2 / way^2 and the lateral jerk 60 d v^3 / way^3 for lanes d
// apart. Up to q_m the way stays as it is; what was planned behind is chosen anew. False, and *it as it was: the
// lane beside does not go along for so far, the driver has a goal, or is changing already.
bool bt_itinerary_change(const bt_lane_graph *graph, bt_itinerary *it, uint32_t to, double q_m,
                         double way_m, double ahead_m);
// Chooses anew from a slot on, which is not yet reached; a driver with a goal keeps to it.
void bt_itinerary_reroute(const bt_lane_graph *graph, bt_itinerary *it, uint32_t slot, double q_m,
                          double ahead_m);
// Is it between lanes at q?
bool bt_itinerary_changing(const bt_itinerary *it, double q_m);

// The slot that holds q, searched from the head; clamped to those kept.
uint32_t bt_itinerary_slot(const bt_itinerary *it, double q_m);
// The same, searched from another one: for places one after the other.
uint32_t bt_itinerary_slot_from(const bt_itinerary *it, uint32_t slot, double q_m);
// The way at q: clamped to the window; beyond its end straight on.
bt_lane_point bt_itinerary_at(const bt_lane_graph *graph, const bt_itinerary *it, double q_m);
// The same of some of it, to the bit, for those who ask often.
typedef struct bt_way_spot {
    double x_m, y_m, heading_rad;
    double cos_heading, sin_heading;
} bt_way_spot;
bt_way_spot bt_itinerary_spot(const bt_lane_graph *graph, const bt_itinerary *it, double q_m);
double bt_itinerary_height(const bt_lane_graph *graph, const bt_itinerary *it, double q_m);
// The way at q, q + step, and so on.
void bt_itinerary_sample(const bt_lane_graph *graph, const bt_itinerary *it, double q_m,
                         double step_m, uint32_t count, bt_lane_point *points);
// The road's station there, of the lane that holds q.
double bt_itinerary_station(const bt_lane_graph *graph, const bt_itinerary *it, double q_m);

static inline uint32_t bt_itinerary_lane(const bt_itinerary *it, uint32_t slot)
{
    return it->lane[slot % BT_ITINERARY_RING];
}
static inline double bt_itinerary_start(const bt_itinerary *it, uint32_t slot)
{
    return it->start_m[slot % BT_ITINERARY_RING];
}
// q one past the slot's lane.
double bt_itinerary_slot_end(const bt_lane_graph *graph, const bt_itinerary *it, uint32_t slot);

#endif
