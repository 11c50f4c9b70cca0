// match.h: what is what in two networks that hold parts of one world, such as two windows of it: indices
// of one in the other. Roads are the same by id; their lanes by section and place, their signals by order.
//
// Ownership: the match owns its arrays until it is cleared. It knows the networks by their indices alone.
#ifndef BT_ROAD_MATCH_H
#define BT_ROAD_MATCH_H

#include "engine/road/road.h"

// By index in the first network: index in the second, BT_ROAD_NONE: it is not there.
typedef struct bt_road_match {
    uint32_t *roads, *lanes, *signals;
    uint32_t road_count, lane_count, signal_count;
} bt_road_match;

BT_CHECKED bt_status bt_road_match_init(const bt_road_network *from, const bt_road_network *to,
                                        bt_road_match *match);
void bt_road_match_clear(bt_road_match *match); // an empty one is fine

// BT_ROAD_NONE stays BT_ROAD_NONE.
static inline uint32_t bt_road_match_lane(const bt_road_match *match, uint32_t lane)
{
    return lane < match->lane_count ? match->lanes[lane] : BT_ROAD_NONE;
}
static inline uint32_t bt_road_match_road(const bt_road_match *match, uint32_t road)
{
    return road < match->road_count ? match->roads[road] : BT_ROAD_NONE;
}

#endif
