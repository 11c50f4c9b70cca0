// cycle_route.h: the way of a cyclist with a goal: along bicycle lanes where there are such, on lanes for cars elsewhere,
// over to the lane beside to turn left.
#ifndef BT_SIM_CYCLE_ROUTE_H
#define BT_SIM_CYCLE_ROUTE_H

#include "engine/sim/itinerary.h"

#define BT_CYCLE_SHIFT_M 15.0 // over which who rides a bicycle moves to its lane
#define BT_CYCLE_MERGE_M                                                                           \
    20.0 // and, at least, to one for cars, or from that to the one for the turn
#define BT_CYCLE_MERGE_MOST_M 30.0

// The lane for cars beside a bicycle lane, the same way; BT_ROAD_NONE: none, or it is no bicycle lane.
uint32_t bt_cycle_lane_for_cars(const bt_lane_graph *graph, uint32_t lane);
// A turn across oncoming traffic that leads from a lane into a junction; BT_ROAD_NONE: none.
uint32_t bt_cycle_far_turn(const bt_lane_graph *graph, uint32_t lane);

// The lane beside one for cars from which such a turn leads; BT_ROAD_NONE: none.
uint32_t bt_cycle_turn_lane(const bt_lane_graph *graph, uint32_t lane);

// The cheapest way in metres, those on lanes for cars counted more, and changes of lane; plan->lanes is the caller's to
// free. Fails in one line: there is none.
BT_CHECKED bt_status bt_cycle_route_find(const bt_lane_graph *graph, uint32_t from_lane,
                                         double from_d_m, uint32_t to_lane, double to_d_m,
                                         bt_plan *plan);

#endif
