// route_internal.h: a route's inside, shared by route.c (finding) and route_follow.c (following).
#ifndef BT_ROAD_ROUTE_INTERNAL_H
#define BT_ROAD_ROUTE_INTERNAL_H

#include "engine/road/road_internal.h"

#define ROUTE_KNOT_M 1.0

typedef struct route_stretch {
    uint32_t from_lane, to_lane; // of one section; the same unless lanes are changed
    double s_in_m, s_out_m;      // in travel order
    double start_m;              // distance along the route where it begins
    uint32_t first_knot, knot_count;
    uint32_t branch; // of a route that wanders: branches chosen up to it
} route_stretch;

typedef struct route_knot {
    double distance_m, s_m; // distance along the route, s on the stretch's road
    double x_m, y_m;
} route_knot;

struct bt_route {
    ROAD_ARRAY(uint32_t) lanes;
    ROAD_ARRAY(route_stretch) stretches;
    ROAD_ARRAY(route_knot) knots;
    double length_m;
    bool wanders;
    uint64_t choice; // of one that wanders, and how many branches it has chosen
    uint32_t branch;
    bool partial; // of a world that goes on
    bt_route_part part;
};

// Goes on wandering from a lane's s until `length_m` of road are behind or there is no road (route.c).
BT_CHECKED bt_status route_wander_on(const bt_road_network *net, uint32_t lane, double s_in_m,
                                     double length_m, bt_route *route);
// Knots of the stretches from `first` on; the route's length (route.c).
BT_CHECKED bt_status route_measure(const bt_road_network *net, size_t first, bt_route *route);
// One of the usable successors of a lane by the route's choice; BT_ROAD_NONE at the network's end, or where nothing
// is chosen yet.
uint32_t route_pick_successor(const bt_road_network *net, uint32_t lane, bt_route *route);

// Frame on the stretch's centre line at s, `lateral_m` to the left of travel. `lane` may be NULL.
bt_pose route_stretch_pose(const bt_road_network *net, const route_stretch *stretch, double s_m,
                           double lateral_m, uint32_t *lane);

#endif
