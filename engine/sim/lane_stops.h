// lane_stops.h: where lanes' traffic waits: stop lines, the signals that it obeys there, signs that say who gives way.
//
// Found once, while a lane graph is compiled.
#ifndef BT_SIM_LANE_STOPS_H
#define BT_SIM_LANE_STOPS_H

#include "engine/sim/lane_graph.h"

// Of lanes that are sampled: their stops, line_m and yields.
BT_CHECKED bt_status bt_lane_graph_find_stops(bt_lane_graph *graph);

#endif
