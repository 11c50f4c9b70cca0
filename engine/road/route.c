// route.c: ways through the lane graph, and frames along them.
//
// A route is a chain of stretches. A stretch runs through one lane section, from one lane to the
// same or, where lanes are changed, to another of equal travel; its centre line is blended between
// the two. Knots every metre hold the true length of that centre line, so that distances along a
// route are metres driven, not metres of s.
#include "engine/road/route_internal.h"

#include "engine/core/random.h"

#define CHANGE_COST_M 20.0   // chosen: a lane change should save a little way at least
#define CHANGE_LENGTH_M 40.0 // shorter stretches make it dearer
#define CHANGE_SHORT_COST 10.0
#define WANDER_MOST_LANES 100000u
#define LOOK_STEPS 2000u // lanes looked at for one branch, at most

// ---- stretches ------------------------------------------------------------------------------------
static double travel_s(const bt_lane *lane, bool at_end)
{
    return lane->forward == at_end ? lane->s1_m : lane->s0_m;
}

static bt_status add_lane(bt_route *route, uint32_t lane)
{
    return ROAD_PUSH(route->lanes, lane);
}

static bt_status add_stretch(bt_route *route, uint32_t from_lane, uint32_t to_lane, double s_in_m,
                             double s_out_m)
{
    route_stretch stretch = {
        .from_lane = from_lane, .to_lane = to_lane, .s_in_m = s_in_m, .s_out_m = s_out_m};
    stretch.branch = route->branch;
    return ROAD_PUSH(route->stretches, stretch);
}

// Distances add up along the knots, so that a route that is made longer is what a longer one would be.
bt_status route_measure(const bt_road_network *net, size_t first, bt_route *route)
{
    double distance = route->length_m;
    for (size_t i = first; i < route->stretches.count; i++) {
        route_stretch *stretch = &route->stretches.items[i];
        double span = fabs(stretch->s_out_m - stretch->s_in_m);
        uint32_t steps = 1 + (uint32_t)fmin(span / ROUTE_KNOT_M, 1e7);
        if (stretch->from_lane != stretch->to_lane && steps < 8) steps = 8;
        stretch->first_knot = (uint32_t)route->knots.count;
        stretch->knot_count = steps + 1;
        stretch->start_m = distance;
        bt_vec3 last = {0.0, 0.0, 0.0};
        for (uint32_t k = 0; k <= steps; k++) {
            double s = bt_lerp(stretch->s_in_m, stretch->s_out_m, (double)k / steps);
            bt_vec3 pos = route_stretch_pose(net, stretch, s, 0.0, NULL).pos;
            if (k > 0) distance += bt_vec3_distance(last, pos);
            last = pos;
            route_knot knot = {distance, s, pos.x, pos.y};
            bt_status status = ROAD_PUSH(route->knots, knot);
            if (status != BT_OK) return status;
        }
    }
    route->length_m = distance;
    return BT_OK;
}

static bt_status finish(const bt_road_network *net, bt_status status, bt_route *made,
                        bt_route **route)
{
    if (status == BT_OK) status = route_measure(net, 0, made);
    if (status != BT_OK) {
        bt_route_destroy(made);
        return status;
    }
    *route = made;
    return BT_OK;
}

void bt_route_destroy(bt_route *route)
{
    if (route == NULL) return;
    bt_free(route->lanes.items);
    bt_free(route->stretches.items);
    bt_free(route->knots.items);
    bt_free(route);
}

// May somebody who began on a lane of this type use that one?
static bool usable(bt_lane_type began_on, bt_lane_type type)
{
    return bt_lane_type_drivable(began_on) ? bt_lane_type_drivable(type) : began_on == type;
}

// ---- shortest way -----------------------------------------------------------------------------------
// States: each lane twice. Layer 0 is the first visit to the section where the route begins (part of
// it lies behind), layer 1 everything after.
typedef struct finder {
    const bt_road_network *net;
    uint32_t lane_count;
    double *cost;   // (2 x lanes)
    uint32_t *from; // (2 x lanes) state before; BT_ROAD_NONE at the beginning
    struct {
        double cost;
        uint32_t state;
    } * heap;
    size_t heap_count, heap_capacity;
    bt_lane_type type;
    bt_status status;
} finder;

static bool heap_less(const finder *f, size_t a, size_t b)
{
    if (f->heap[a].cost != f->heap[b].cost) return f->heap[a].cost < f->heap[b].cost;
    return f->heap[a].state < f->heap[b].state; // equal costs: the same way on every machine
}

static void heap_swap(finder *f, size_t a, size_t b)
{
    double cost = f->heap[a].cost;
    uint32_t state = f->heap[a].state;
    f->heap[a] = f->heap[b];
    f->heap[b].cost = cost;
    f->heap[b].state = state;
}

static void heap_push(finder *f, double cost, uint32_t state)
{
    bt_status status = BT_ARRAY_RESERVE(f->heap, f->heap_capacity, f->heap_count + 1);
    if (status != BT_OK) {
        f->status = status;
        return;
    }
    size_t i = f->heap_count++;
    f->heap[i].cost = cost;
    f->heap[i].state = state;
    for (; i > 0 && heap_less(f, i, (i - 1) / 2); i = (i - 1) / 2)
        heap_swap(f, i, (i - 1) / 2);
}

static uint32_t heap_pop(finder *f, double *cost)
{
    uint32_t state = f->heap[0].state;
    *cost = f->heap[0].cost;
    f->heap[0] = f->heap[--f->heap_count];
    size_t i = 0;
    for (;;) {
        size_t least = i;
        if (2 * i + 1 < f->heap_count && heap_less(f, 2 * i + 1, least)) least = 2 * i + 1;
        if (2 * i + 2 < f->heap_count && heap_less(f, 2 * i + 2, least)) least = 2 * i + 2;
        if (least == i) return state;
        heap_swap(f, i, least);
        i = least;
    }
}

static void offer(finder *f, uint32_t state, uint32_t from, double cost)
{
    if (!(cost < f->cost[state])) return;
    f->cost[state] = cost;
    f->from[state] = from;
    heap_push(f, cost, state);
}

static double change_cost(const bt_lane *lane)
{
    double length = lane->s1_m - lane->s0_m;
    return CHANGE_COST_M + CHANGE_SHORT_COST * fmax(0.0, CHANGE_LENGTH_M - length);
}

static void expand(finder *f, uint32_t state, double cost, double first_length_m)
{
    uint32_t lane = state % f->lane_count;
    uint32_t layer = state - lane; // 0 or lane_count
    const bt_lane *l = &f->net->lanes.items[lane];
    double length = layer == 0 ? first_length_m : l->s1_m - l->s0_m;

    uint32_t next[64];
    uint32_t count = bt_lane_successors(f->net, lane, next, 64);
    for (uint32_t i = 0; i < count && i < 64; i++)
        if (usable(f->type, f->net->lanes.items[next[i]].type))
            offer(f, next[i] + f->lane_count, state, cost + length);
    for (int side = -1; side <= 1; side += 2) {
        uint32_t other = bt_lane_neighbour(f->net, lane, side);
        if (other == BT_ROAD_NONE) continue;
        const bt_lane *o = &f->net->lanes.items[other];
        if (o->forward == l->forward && usable(f->type, o->type))
            offer(f, other + layer, state, cost + change_cost(l));
    }
}

// Runs until `goal` is settled; false when it cannot be reached.
static bool run_finder(finder *f, uint32_t start, uint32_t goal, double first_length_m)
{
    for (uint32_t i = 0; i < 2 * f->lane_count; i++) {
        f->cost[i] = INFINITY;
        f->from[i] = BT_ROAD_NONE;
    }
    offer(f, start, BT_ROAD_NONE, 0.0);
    while (f->heap_count > 0 && f->status == BT_OK) {
        double cost;
        uint32_t state = heap_pop(f, &cost);
        if (cost > f->cost[state]) continue; // an older, dearer entry
        if (state == goal) return true;
        expand(f, state, cost, first_length_m);
    }
    return false;
}

// The found chain of states, from start to goal, as lanes and stretches.
static bt_status build_chain(const finder *f, uint32_t goal, double from_s_m, double to_s_m,
                             bt_route *route)
{
    bt_status status = BT_OK;
    for (uint32_t s = goal; s != BT_ROAD_NONE && status == BT_OK; s = f->from[s])
        status = add_lane(route, s % f->lane_count);
    for (size_t i = 0, j = route->lanes.count; i + 1 < j; i++) {
        j--;
        uint32_t swap = route->lanes.items[i];
        route->lanes.items[i] = route->lanes.items[j];
        route->lanes.items[j] = swap;
    }
    size_t i = 0;
    while (i < route->lanes.count && status == BT_OK) {
        // neighbours of one section, as far as they follow each other, are one stretch
        size_t last = i;
        const bt_lane *lanes = f->net->lanes.items;
        uint32_t from = route->lanes.items[i];
        while (last + 1 < route->lanes.count) {
            uint32_t here = route->lanes.items[last];
            uint32_t next = route->lanes.items[last + 1];
            bool beside = bt_lane_neighbour(f->net, here, 1) == next ||
                          bt_lane_neighbour(f->net, here, -1) == next;
            if (!beside) break;
            last++;
        }
        double s_in = i == 0 ? from_s_m : travel_s(&lanes[from], false);
        double s_out = last + 1 == route->lanes.count ? to_s_m : travel_s(&lanes[from], true);
        status = add_stretch(route, from, route->lanes.items[last], s_in, s_out);
        i = last + 1;
    }
    return status;
}

static bt_status find_way(finder *f, uint32_t from_lane, double from_s_m, uint32_t to_lane,
                          double to_s_m, bt_route *route)
{
    const bt_lane *from = &f->net->lanes.items[from_lane];
    const bt_lane *to = &f->net->lanes.items[to_lane];
    double ahead = to->forward ? to_s_m - from_s_m : from_s_m - to_s_m;
    bool same_section = from->section == to->section && from->forward == to->forward;
    double left = fabs(travel_s(from, true) - from_s_m);

    // ahead in the same section: the first visit will do, when the lanes between allow it
    uint32_t goal = to_lane;
    bool found = same_section && ahead >= 0.0 && run_finder(f, from_lane, goal, left);
    if (!found && f->status == BT_OK) {
        f->heap_count = 0;
        goal = to_lane + f->lane_count;
        found = run_finder(f, from_lane, goal, left);
    }
    if (f->status != BT_OK) return f->status;
    if (!found)
        return bt_fail(BT_ERR_INPUT, "no way from lane %d of road '%s' to lane %d of road '%s'",
                       (int)from->id, f->net->roads.items[from->road].id, (int)to->id,
                       f->net->roads.items[to->road].id);
    return build_chain(f, goal, from_s_m, to_s_m, route);
}

bt_status bt_route_find(const bt_road_network *net, uint32_t from_lane, double from_s_m,
                        uint32_t to_lane, double to_s_m, bt_route **route)
{
    *route = NULL;
    if (from_lane >= net->lanes.count || to_lane >= net->lanes.count)
        return bt_fail(BT_ERR_INPUT, "route between lanes that do not exist");
    const bt_lane *from = &net->lanes.items[from_lane];
    const bt_lane *to = &net->lanes.items[to_lane];
    finder f = {.net = net, .lane_count = (uint32_t)net->lanes.count, .type = from->type};
    f.cost = bt_alloc(2 * net->lanes.count, sizeof *f.cost);
    f.from = bt_alloc(2 * net->lanes.count, sizeof *f.from);
    bt_route *made = bt_alloc(1, sizeof *made);
    bt_status status = BT_OK;
    if (f.cost == NULL || f.from == NULL || made == NULL)
        status = bt_fail(BT_ERR_MEMORY, "no memory for a route search");
    if (status == BT_OK)
        status = find_way(&f, from_lane, bt_clamp(from_s_m, from->s0_m, from->s1_m), to_lane,
                          bt_clamp(to_s_m, to->s0_m, to->s1_m), made);
    bt_free(f.cost);
    bt_free(f.from);
    bt_free(f.heap);
    return finish(net, status, made, route);
}

// ---- wandering --------------------------------------------------------------------------------------
static uint32_t usable_successors(const bt_road_network *net, uint32_t lane, uint32_t next[64])
{
    bt_lane_type type = net->lanes.items[lane].type;
    uint32_t all[64], good = 0;
    uint32_t count = bt_lane_successors(net, lane, all, 64);
    for (uint32_t i = 0; i < count && i < 64; i++)
        if (usable(type, net->lanes.items[all[i]].type)) next[good++] = all[i];
    return good;
}

// Does some way from the lane's beginning go on for so far? `steps` bounds the search.
static bool goes_on(const bt_road_network *net, uint32_t lane, double way_m, uint32_t *steps)
{
    uint32_t next[64];
    way_m -= bt_lane_length(net, lane);
    if (way_m <= 0.0 || (*steps)-- == 0) return true;
    uint32_t count = usable_successors(net, lane, next);
    for (uint32_t i = 0; i<count && * steps> 0; i++)
        if (goes_on(net, next[i], way_m, steps)) return true;
    return *steps == 0;
}

// Leaves the branches that do not end dead, if there are such.
static uint32_t drop_dead_ends(const bt_road_network *net, double look_m, uint32_t *next,
                               uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t steps = LOOK_STEPS, one = next[i];
        if (goes_on(net, one, look_m, &steps)) next[kept++] = one;
    }
    return kept > 0 ? kept : count;
}

// Is so little known of what lies beyond the lane's end that nothing can be chosen there?
static bool near_rim(const bt_road_network *net, uint32_t lane, const bt_route_part *part)
{
    bt_vec3 end = bt_lane_pose(net, lane, travel_s(&net->lanes.items[lane], true), 0.0).pos;
    return end.x < part->low_x_m + part->look_m || end.x > part->high_x_m - part->look_m ||
           end.y < part->low_y_m + part->look_m || end.y > part->high_y_m - part->look_m;
}

uint32_t route_pick_successor(const bt_road_network *net, uint32_t lane, bt_route *route)
{
    uint32_t next[64];
    uint32_t count = usable_successors(net, lane, next);
    if (count == 0) return BT_ROAD_NONE;
    if (count == 1) return next[0];
    if (route->partial) {
        if (near_rim(net, lane, &route->part)) return BT_ROAD_NONE;
        count = drop_dead_ends(net, route->part.look_m, next, count);
    }
    return next[bt_random_below(route->choice, BT_STREAM_TRAFFIC, route->branch++, 0, count)];
}

bt_status route_wander_on(const bt_road_network *net, uint32_t lane, double s_in_m, double length_m,
                          bt_route *route)
{
    double travelled = 0.0;
    while (lane != BT_ROAD_NONE && route->lanes.count < WANDER_MOST_LANES) {
        double s_out = travel_s(&net->lanes.items[lane], true);
        bt_status status = add_lane(route, lane);
        if (status == BT_OK) status = add_stretch(route, lane, lane, s_in_m, s_out);
        if (status != BT_OK) return status;
        travelled += fabs(s_out - s_in_m);
        if (travelled >= length_m) break;
        lane = route_pick_successor(net, lane, route);
        if (lane != BT_ROAD_NONE) s_in_m = travel_s(&net->lanes.items[lane], false);
    }
    return BT_OK;
}

static bt_status wander(const bt_road_network *net, const bt_route_part *part, uint32_t from_lane,
                        double from_s_m, double length_m, uint64_t choice, bt_route **route)
{
    *route = NULL;
    if (from_lane >= net->lanes.count)
        return bt_fail(BT_ERR_INPUT, "route from a lane that does not exist");
    bt_route *made = bt_alloc(1, sizeof *made);
    if (made == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a route");
    made->wanders = true;
    made->choice = choice;
    made->partial = part != NULL;
    if (part) made->part = *part;
    const bt_lane *lane = &net->lanes.items[from_lane];
    bt_status status =
        route_wander_on(net, from_lane, bt_clamp(from_s_m, lane->s0_m, lane->s1_m), length_m, made);
    return finish(net, status, made, route);
}

bt_status bt_route_wander(const bt_road_network *net, uint32_t from_lane, double from_s_m,
                          double length_m, uint64_t choice, bt_route **route)
{
    return wander(net, NULL, from_lane, from_s_m, length_m, choice, route);
}

bt_status bt_route_wander_part(const bt_road_network *net, const bt_route_part *part,
                               uint32_t from_lane, double from_s_m, double length_m,
                               uint64_t choice, bt_route **route)
{
    return wander(net, part, from_lane, from_s_m, length_m, choice, route);
}
