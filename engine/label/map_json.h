// map_json.h: a road network as 3-D polylines in JSON, for map.json.
//
// Points are world coordinates on the surface, every BT_MAP_STEP_M along the road and at both ends
// (a straight is not thinned: equal steps are easier to use). Everything derives from the network
// alone, so that map.xodr proves map.json.
#ifndef BT_LABEL_MAP_JSON_H
#define BT_LABEL_MAP_JSON_H

#include "engine/road/road.h"

#define BT_MAP_STEP_M 2.0 // chosen: chord error 2.5 cm at a radius of 20 m

// The caller frees *text with bt_free.
BT_CHECKED bt_status bt_map_json(const bt_road_network *net, char **text, size_t *bytes);

#endif
