// itinerary_internal.h: what filling the window of lanes (itinerary.c) and reading it (itinerary_at.c) share.
#ifndef BT_SIM_ITINERARY_INTERNAL_H
#define BT_SIM_ITINERARY_INTERNAL_H

#include "engine/sim/itinerary.h"

static inline uint32_t ring(uint32_t slot)
{
    return slot % BT_ITINERARY_RING;
}

// Where in a lane it keeps.
static inline double place_in(const bt_lane_graph *g, const bt_itinerary *it, uint32_t lane)
{
    return g->lanes[lane].cycles ? 0.0 : it->lateral_m;
}

// Of a change of lane, a share of its way gone.
static inline double shift_share(double u)
{
    return u * u * u * (10.0 + u * (6.0 * u - 15.0));
}

#endif
