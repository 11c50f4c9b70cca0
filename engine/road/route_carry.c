// route_carry.c: a route goes over to another network.
#include "engine/road/match.h"
#include "engine/road/route_internal.h"

#define KEEP_BEHIND_M 100.0 // longer than any vehicle, and than what looks back along a route

static double stretch_end(const bt_route *route, size_t stretch)
{
    const route_stretch *s = &route->stretches.items[stretch];
    return route->knots.items[s->first_knot + s->knot_count - 1].distance_m;
}

static size_t stretch_holding(const bt_route *route, double distance_m)
{
    size_t i = 0;
    while (i + 1 < route->stretches.count && stretch_end(route, i) <= distance_m)
        i++;
    return i;
}

// Copies one stretch with its knots; its lanes as the other network has them.
static bt_status copy_stretch(const bt_route *from, size_t index, const bt_road_match *match,
                              bt_route *to)
{
    route_stretch stretch = from->stretches.items[index];
    const route_knot *knots = from->knots.items + stretch.first_knot;
    stretch.from_lane = bt_road_match_lane(match, stretch.from_lane);
    stretch.to_lane = stretch.from_lane; // who wanders changes no lanes
    stretch.first_knot = (uint32_t)to->knots.count;
    bt_status status = ROAD_PUSH(to->stretches, stretch);
    if (status == BT_OK) status = ROAD_PUSH(to->lanes, stretch.from_lane);
    for (uint32_t k = 0; k < stretch.knot_count && status == BT_OK; k++)
        status = ROAD_PUSH(to->knots, knots[k]);
    to->length_m = knots[stretch.knot_count - 1].distance_m;
    return status;
}

// What of the route both networks have, round from_m.
static bt_status copy_known(const bt_route *route, const bt_road_match *match, double from_m,
                            bt_route *to)
{
    size_t here = stretch_holding(route, from_m);
    size_t first = here, end = here;
    while (first > 0 && stretch_end(route, first - 1) > from_m - KEEP_BEHIND_M &&
           bt_road_match_lane(match, route->stretches.items[first - 1].from_lane) != BT_ROAD_NONE)
        first--;
    while (end < route->stretches.count &&
           bt_road_match_lane(match, route->stretches.items[end].from_lane) != BT_ROAD_NONE)
        end++;
    if (end == here)
        return bt_fail(BT_ERR_INPUT, "the way at %.0f m is not on the map that comes next", from_m);
    to->branch = route->stretches.items[end - 1].branch; // what is cut off is chosen anew
    bt_status status = BT_OK;
    for (size_t i = first; i < end && status == BT_OK; i++)
        status = copy_stretch(route, i, match, to);
    return status;
}

static bt_status go_on(const bt_road_network *net, double until_m, bt_route *route)
{
    size_t known = route->stretches.count;
    if (route->length_m >= until_m) return BT_OK;
    uint32_t lane = route->stretches.items[known - 1].from_lane;
    lane = route_pick_successor(net, lane, route);
    if (lane == BT_ROAD_NONE) return BT_OK;
    const bt_lane *l = &net->lanes.items[lane];
    bt_status status = route_wander_on(net, lane, l->forward ? l->s0_m : l->s1_m,
                                       until_m - route->length_m, route);
    return status == BT_OK ? route_measure(net, known, route) : status;
}

bt_status bt_route_carry(const bt_route *route, const bt_road_match *match,
                         const bt_road_network *to, const bt_route_part *part, double from_m,
                         double ahead_m, bt_route **carried)
{
    *carried = NULL;
    if (!route->wanders) return bt_fail(BT_ERR_INPUT, "a way to a goal ends on its own map");
    bt_route *made = bt_alloc(1, sizeof *made);
    if (made == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a route");
    made->wanders = true;
    made->choice = route->choice;
    made->partial = part != NULL;
    if (part) made->part = *part;
    bt_status status = copy_known(route, match, from_m, made);
    if (status == BT_OK) status = go_on(to, from_m + ahead_m, made);
    if (status != BT_OK)
        bt_route_destroy(made);
    else
        *carried = made;
    return status;
}
