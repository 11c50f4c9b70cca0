// cycle_route.c: see cycle_route.h. Dijkstra 1959, "A note on two problems in connexion with graphs".
#include "engine/sim/cycle_route.h"

#include "engine/core/memory.h"

#include <math.h>

#define TURN_RAD (30.0 * BT_RAD_PER_DEG)
#define CHANGE_M 20.0 // of way that a change of lane should save: as route.c
#define CARS_COST 1.5 // of a metre among cars: chosen
#define UNSEEN_M 1e300

// A lane for cars beside another, the same way; from which a turn leads, if that is asked for.
static uint32_t beside(const bt_lane_graph *g, uint32_t lane, bool turns)
{
    bool forward = bt_road_lane_get(g->net, lane)->forward;
    for (int side = -1; side <= 1; side += 2) {
        uint32_t other = bt_lane_neighbour(g->net, lane, side);
        if (other != BT_ROAD_NONE && bt_lane_graph_drivable(g, other) &&
            bt_road_lane_get(g->net, other)->forward == forward &&
            (!turns || bt_cycle_far_turn(g, other) != BT_ROAD_NONE))
            return other;
    }
    return BT_ROAD_NONE;
}

uint32_t bt_cycle_lane_for_cars(const bt_lane_graph *g, uint32_t lane)
{
    return g->lanes[lane].cycles ? beside(g, lane, false) : BT_ROAD_NONE;
}

uint32_t bt_cycle_turn_lane(const bt_lane_graph *g, uint32_t lane)
{
    return g->lanes[lane].cycles ? BT_ROAD_NONE : beside(g, lane, true);
}

uint32_t bt_cycle_far_turn(const bt_lane_graph *g, uint32_t lane)
{
    const bt_lane_path *path = &g->lanes[lane];
    uint32_t road = bt_road_lane_get(g->net, lane)->road;
    double far_side = bt_road_get(g->net, road)->left_hand_traffic ? -1.0 : 1.0;
    for (uint32_t i = 0; i < path->next_count; i++) {
        uint32_t next = g->nexts[path->first_next + i];
        if (g->lanes[next].junction != BT_ROAD_NONE &&
            far_side * g->lanes[next].turn_rad > TURN_RAD)
            return next;
    }
    return BT_ROAD_NONE;
}

// ---- search -----------------------------------------------------------------------------------
typedef struct search {
    const bt_lane_graph *graph;
    double *cost_m;   // (lanes) up to where a lane is entered
    uint32_t *before; // (lanes)
    uint32_t *heap;   // (lanes) by cost, then by index
    uint32_t *place;  // (lanes) in the heap; BT_ROAD_NONE: not there
    uint32_t count;
} search;

static bool is_less(const search *s, uint32_t a, uint32_t b)
{
    return s->cost_m[a] < s->cost_m[b] || (!(s->cost_m[b] < s->cost_m[a]) && a < b);
}

static void put(search *s, uint32_t at, uint32_t lane)
{
    s->heap[at] = lane;
    s->place[lane] = at;
}

static void move_up(search *s, uint32_t lane)
{
    uint32_t at = s->place[lane];
    for (; at > 0 && is_less(s, lane, s->heap[(at - 1) / 2]); at = (at - 1) / 2)
        put(s, at, s->heap[(at - 1) / 2]);
    put(s, at, lane);
}

static uint32_t take_first(search *s)
{
    uint32_t first = s->heap[0], last = s->heap[--s->count], at = 0;
    s->place[first] = BT_ROAD_NONE;
    if (s->count == 0) return first;
    for (uint32_t next; (next = 2 * at + 1) < s->count; at = next) {
        if (next + 1 < s->count && is_less(s, s->heap[next + 1], s->heap[next])) next++;
        if (!is_less(s, s->heap[next], last)) break;
        put(s, at, s->heap[next]);
    }
    put(s, at, last);
    return first;
}

static void reach(search *s, uint32_t from, uint32_t lane, double cost_m)
{
    if (cost_m >= s->cost_m[lane]) return;
    if (s->cost_m[lane] >= UNSEEN_M) put(s, s->count++, lane);
    s->cost_m[lane] = cost_m;
    s->before[lane] = from;
    move_up(s, lane);
}

// On from a lane that is entered so far along it.
static void go_on(search *s, uint32_t lane, double from_d_m)
{
    const bt_lane_graph *g = s->graph;
    const bt_lane_path *path = &g->lanes[lane];
    double left = path->length_m - from_d_m, here = s->cost_m[lane];
    double through = here + fmax(left, 0.0) * (path->cycles ? 1.0 : CARS_COST);
    for (uint32_t i = 0; i < path->next_count; i++)
        if (bt_lane_graph_rideable(g, g->nexts[path->first_next + i]))
            reach(s, lane, g->nexts[path->first_next + i], through);
    if (path->junction != BT_ROAD_NONE) return;
    uint32_t cars = bt_cycle_lane_for_cars(g, lane), turns = bt_cycle_turn_lane(g, lane);
    if (cars != BT_ROAD_NONE && left > BT_CYCLE_MERGE_M) reach(s, lane, cars, here + CHANGE_M);
    if (turns != BT_ROAD_NONE && left > BT_CYCLE_MERGE_M) reach(s, lane, turns, here + CHANGE_M);
    uint32_t cycles = path->cycles ? BT_ROAD_NONE : bt_lane_graph_cycle_lane(g, lane);
    if (cycles != BT_ROAD_NONE && left > BT_CYCLE_SHIFT_M) reach(s, lane, cycles, here + CHANGE_M);
}

static bool run(search *s, uint32_t from, double from_d_m, uint32_t to, bool round)
{
    uint32_t count = s->graph->lane_count;
    for (uint32_t i = 0; i < count; i++) {
        s->cost_m[i] = UNSEEN_M;
        s->before[i] = s->place[i] = BT_ROAD_NONE;
    }
    s->cost_m[from] = 0.0;
    go_on(s, from, from_d_m);
    if (round) s->cost_m[from] = UNSEEN_M; // it is come to once more
    while (s->count > 0) {
        uint32_t lane = take_first(s);
        if (lane == to) return true;
        go_on(s, lane, 0.0);
    }
    return false;
}

// The lanes from the first to the last, found backwards.
static bt_status take_lanes(const search *s, uint32_t from, uint32_t to, bt_plan *plan)
{
    uint32_t count = 2, lane = s->before[to];
    for (; lane != from; lane = s->before[lane])
        count++;
    plan->lanes = bt_alloc(count, sizeof *plan->lanes);
    if (!plan->lanes) return bt_fail(BT_ERR_MEMORY, "no memory for a way of %u lanes", count);
    plan->count = count;
    lane = to;
    for (uint32_t i = count; i-- > 0; lane = i > 0 ? s->before[lane] : lane)
        plan->lanes[i] = lane;
    return BT_OK;
}

static bt_status find(search *s, uint32_t from, double from_d_m, uint32_t to, bool round,
                      bt_plan *plan)
{
    size_t count = s->graph->lane_count;
    s->cost_m = bt_alloc(count, sizeof *s->cost_m);
    s->before = bt_alloc(count, sizeof *s->before);
    s->heap = bt_alloc(count, sizeof *s->heap);
    s->place = bt_alloc(count, sizeof *s->place);
    if (!s->cost_m || !s->before || !s->heap || !s->place)
        return bt_fail(BT_ERR_MEMORY, "no memory for a cyclist's way");
    if (!run(s, from, from_d_m, to, round))
        return bt_fail(BT_ERR_INPUT, "there is no way by bicycle to its goal");
    return take_lanes(s, from, to, plan);
}

bt_status bt_cycle_route_find(const bt_lane_graph *g, uint32_t from, double from_d_m, uint32_t to,
                              double to_d_m, bt_plan *plan)
{
    *plan = (bt_plan){.goal_d_m = to_d_m};
    if (!bt_lane_graph_rideable(g, from) || !bt_lane_graph_rideable(g, to))
        return bt_fail(BT_ERR_INPUT, "its way begins or ends on a lane that is not for bicycles");
    if (from == to && to_d_m >= from_d_m) {
        plan->lanes = bt_alloc(1, sizeof *plan->lanes);
        if (!plan->lanes) return bt_fail(BT_ERR_MEMORY, "no memory for a cyclist's way");
        plan->lanes[plan->count++] = from;
        return BT_OK;
    }
    search s = {.graph = g};
    bt_status status = find(&s, from, from_d_m, to, from == to, plan);
    bt_free(s.cost_m);
    bt_free(s.before);
    bt_free(s.heap);
    bt_free(s.place);
    return status;
}
