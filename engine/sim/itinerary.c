// itinerary.c: fills the window of lanes.
#include "engine/sim/itinerary_internal.h"

#include "engine/core/random.h"
#include "engine/sim/cycle_route.h"

#include <math.h>

#define SHIFT_S                                                                                    \
    4.5 // a change of lane takes this long at the limit, or the lane's length if shorter
#define SHIFT_MIN_M 45.0
#define LIMIT_UNKNOWN_M_S 13.9
#define MERGE_SPARE_M 3.0 // that is left of a lane when a cyclist is on it
#define CYCLE_TURNS 3     // one of so many times who rides a bicycle turns left where it can
#define STEP_MAX_M 5.0
#define LIKES 3         // best
#define ROUND_LANES 32u // a ring of two lanes and six arms has 24
#define ROUND_M 400.0   // of all its lanes: round a block one may drive
#define MAX_AHEAD (BT_ITINERARY_RING - BT_ITINERARY_BEHIND - 2)

double bt_itinerary_slot_end(const bt_lane_graph *graph, const bt_itinerary *it, uint32_t slot)
{
    return it->start_m[ring(slot)] + graph->lanes[it->lane[ring(slot)]].length_m;
}

// How far left of a lane's start another lane ends.
static double step_between(const bt_lane_graph *g, uint32_t from, uint32_t to)
{
    bt_lane_point a = bt_lane_graph_at(g, from, g->lanes[from].length_m);
    bt_lane_point b = bt_lane_graph_at(g, to, 0.0);
    double left =
        -(a.x_m - b.x_m) * bt_sin(b.heading_rad) + (a.y_m - b.y_m) * bt_cos(b.heading_rad);
    return bt_clamp(left, -STEP_MAX_M, STEP_MAX_M);
}

static void put(bt_itinerary *it, uint32_t lane, double start_m)
{
    it->lane[ring(it->tail)] = lane;
    it->from_lane[ring(it->tail)] = BT_ROAD_NONE;
    it->start_m[ring(it->tail)] = start_m;
    it->shift_m[ring(it->tail)] = 0.0;
    it->shift_way_m[ring(it->tail)] = 0.0;
    it->join_m[ring(it->tail)] = 0.0;
    it->tail++;
}

void bt_itinerary_init(bt_itinerary *it, uint32_t lane, double d_m, uint64_t choice,
                       const bt_plan *plan)
{
    *it = (bt_itinerary){.choice = choice};
    if (plan) it->plan_count = plan->count;
    if (plan) it->plan_next = 1; // the first is where it begins
    put(it, lane, -d_m);
}

// ---- what comes next --------------------------------------------------------------------------
// 3: goes on for ever and has no tight bend; 2: a tight bend; 1: a trailer has hardly room there; 0: a dead end,
// where one would stand for ever.
static int liking(const bt_lane_graph *g, const bt_itinerary *it, uint32_t lane)
{
    if (!g->lanes[lane].endless) return 0;
    if (it->radius_m > 0.0 && g->lanes[lane].no_trailer) return 1;
    return g->lanes[lane].radius_m < it->radius_m ? LIKES - 1 : LIKES;
}

// Adds what is liked best after a lane to a list, each lane once; false: it is full.
static bool add_liked(const bt_lane_graph *g, const bt_itinerary *it, uint32_t lane,
                      uint32_t lanes[ROUND_LANES], uint32_t *count)
{
    const bt_lane_path *path = &g->lanes[lane];
    const uint32_t *nexts = g->nexts + path->first_next;
    int best = 0;
    for (uint32_t i = 0; i < path->next_count; i++) {
        int like = liking(g, it, nexts[i]);
        best = like > best ? like : best;
    }
    for (uint32_t i = 0; i < path->next_count; i++) {
        uint32_t k = 0;
        while (k < *count && lanes[k] != nexts[i])
            k++;
        if (k < *count || liking(g, it, nexts[i]) < best) continue;
        if (*count == ROUND_LANES) return false;
        lanes[(*count)++] = nexts[i];
    }
    return true;
}

// Does nothing but the same few lanes come after a branch, if what is liked best is taken? So on a ring all of whose ways
// out are tight.
static bool leads_round(const bt_lane_graph *g, const bt_itinerary *it, uint32_t branch)
{
    uint32_t lanes[ROUND_LANES] = {branch}, count = 1;
    double length = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        length += g->lanes[lanes[i]].length_m;
        if (length > ROUND_M || !add_liked(g, it, lanes[i], lanes, &count)) return false;
    }
    return true;
}

// Who would go round for ever to spare itself tight bends takes them.
static int branch_liking(const bt_lane_graph *g, const bt_itinerary *it, uint32_t branch)
{
    int like = liking(g, it, branch);
    bool spares = like == LIKES && it->radius_m > 0.0;
    return spares && leads_round(g, it, branch) ? LIKES - 1 : like;
}

// The branch taken after a lane: a random one of those that the driver likes best.
static uint32_t choose_next(const bt_lane_graph *g, const bt_itinerary *it, uint32_t lane)
{
    const bt_lane_path *path = &g->lanes[lane];
    const uint32_t *nexts = g->nexts + path->first_next;
    int best = -1;
    uint32_t count = 0;
    for (uint32_t i = 0; i < path->next_count; i++) {
        int like = branch_liking(g, it, nexts[i]);
        if (like > best) best = like, count = 0;
        count += like == best;
    }
    if (count == 0) return BT_ROAD_NONE;
    uint32_t pick = bt_random_below(it->choice, BT_STREAM_TRAFFIC, it->tail, 0, count);
    for (uint32_t i = 0; i < path->next_count; i++)
        if (branch_liking(g, it, nexts[i]) == best && pick-- == 0) return nexts[i];
    return BT_ROAD_NONE;
}

// Makes the newest slot shift over to another lane of its section.
static void shift_over(const bt_lane_graph *g, bt_itinerary *it, uint32_t to)
{
    uint32_t last = ring(it->tail - 1);
    it->from_lane[last] = it->lane[last];
    it->lane[last] = to;
    double length = g->lanes[to].length_m, limit = g->lanes[to].limit_m_s;
    double way = bt_max(SHIFT_MIN_M, SHIFT_S * (limit > 0.0 ? limit : LIMIT_UNKNOWN_M_S));
    // late, so that it happens near the lane's end; before the head nothing changes
    double from = it->start_m[last] + bt_max(0.0, length - way - 20.0);
    it->shift_m[last] = bt_max(from, 0.0);
    double left = it->start_m[last] + length - it->shift_m[last];
    it->shift_way_m[last] = bt_min(way, bt_max(left, 1.0));
}

// On a bicycle: makes the newest slot shift over at once.
static void shift_early(bt_itinerary *it, uint32_t to, double from, double way_m)
{
    uint32_t last = ring(it->tail - 1);
    it->from_lane[last] = it->lane[last];
    it->lane[last] = to;
    it->shift_m[last] = from;
    it->shift_way_m[last] = way_m;
}

// The same to a lane for cars, or from one to another: as long as there is room.
static void shift_among_cars(const bt_lane_graph *g, bt_itinerary *it, uint32_t to)
{
    uint32_t last = ring(it->tail - 1);
    double from = bt_max(it->start_m[last], 0.0);
    double left = it->start_m[last] + g->lanes[to].length_m - from;
    shift_early(it, to, from, bt_clamp(left - MERGE_SPARE_M, 1.0, BT_CYCLE_MERGE_MOST_M));
}

// On a bicycle: makes the newest slot, of a lane for cars, shift over to the bicycle lane that begins there.
static void shift_to_cycle_lane(const bt_lane_graph *g, bt_itinerary *it)
{
    uint32_t last = ring(it->tail - 1), lane = it->lane[last];
    if (g->lanes[lane].cycles || it->from_lane[last] != BT_ROAD_NONE) return;
    if (g->lanes[lane].junction != BT_ROAD_NONE) return;
    uint32_t to = bt_lane_graph_cycle_lane(g, lane);
    double from = bt_max(it->start_m[last], 0.0);
    if (to == BT_ROAD_NONE || (g->lanes[lane].endless && !g->lanes[to].endless)) return;
    if (it->start_m[last] + g->lanes[to].length_m - from < BT_CYCLE_SHIFT_M) return;
    shift_early(it, to, from, BT_CYCLE_SHIFT_M);
}

// How far left of its place in a lane it comes from the one before.
static double join_between(const bt_lane_graph *g, const bt_itinerary *it, uint32_t from,
                           uint32_t to)
{
    return step_between(g, from, to) + place_in(g, it, from) - place_in(g, it, to);
}

static void append(const bt_lane_graph *g, bt_itinerary *it, uint32_t lane)
{
    uint32_t last = it->tail - 1, before = it->lane[ring(last)];
    put(it, lane, bt_itinerary_slot_end(g, it, last));
    it->join_m[ring(last + 1)] = join_between(g, it, before, lane);
}

// From which lane for cars one that leads there turns left before long: itself, or one beside the lane behind it.
// *behind: that lane; BT_ROAD_NONE: itself.
static uint32_t turn_ahead(const bt_lane_graph *g, uint32_t cars, uint32_t *behind)
{
    const bt_lane_path *path = &g->lanes[cars];
    *behind = BT_ROAD_NONE;
    if (bt_cycle_far_turn(g, cars) != BT_ROAD_NONE) return cars;
    for (uint32_t i = 0; i < path->next_count; i++) {
        uint32_t next = g->nexts[path->first_next + i];
        uint32_t turns =
            g->lanes[next].junction != BT_ROAD_NONE ? BT_ROAD_NONE : bt_cycle_turn_lane(g, next);
        if (turns == BT_ROAD_NONE || g->lanes[next].length_m <= BT_CYCLE_MERGE_M) continue;
        *behind = next;
        return turns;
    }
    return BT_ROAD_NONE;
}

// On a bicycle: at times shifts from a bicycle lane to the lane for cars beside it, from there, if need be, to the one
// for the turn, and turns left. False: not here.
static bool turn_left(const bt_lane_graph *g, bt_itinerary *it)
{
    uint32_t last = ring(it->tail - 1), lane = it->lane[last], behind;
    uint32_t cars = bt_cycle_lane_for_cars(g, lane);
    if (cars == BT_ROAD_NONE || it->from_lane[last] != BT_ROAD_NONE) return false;
    double from = bt_max(it->start_m[last], 0.0);
    if (it->start_m[last] + g->lanes[lane].length_m - from <= BT_CYCLE_MERGE_M) return false;
    uint32_t turns = turn_ahead(g, cars, &behind);
    if (turns == BT_ROAD_NONE) return false;
    uint32_t turn = bt_cycle_far_turn(g, turns);
    bool may = g->lanes[turn].endless || !g->lanes[lane].endless;
    if (!may || bt_random_below(it->choice, BT_STREAM_TRAFFIC, it->tail, 5, CYCLE_TURNS) != 0)
        return false;
    shift_among_cars(g, it, cars);
    if (behind != BT_ROAD_NONE) {
        append(g, it, behind);
        shift_among_cars(g, it, turns);
    }
    append(g, it, turn);
    return true;
}

static bool is_beside(const bt_lane_graph *g, uint32_t a, uint32_t b)
{
    return bt_road_lane_get(g->net, a)->section == bt_road_lane_get(g->net, b)->section;
}

static void shift_to_planned(const bt_lane_graph *g, bt_itinerary *it, uint32_t to)
{
    if (it->cycles && g->lanes[to].cycles)
        shift_early(it, to, bt_max(it->start_m[ring(it->tail - 1)], 0.0), BT_CYCLE_SHIFT_M);
    else if (it->cycles)
        shift_among_cars(g, it, to);
    else
        shift_over(g, it, to);
}

// Follows the plan; false when it is at its end.
static bool extend_planned(const bt_lane_graph *g, const bt_plan *plan, bt_itinerary *it)
{
    uint32_t last = it->tail - 1;
    if (it->plan_next >= it->plan_count) {
        it->end_m = it->start_m[ring(last)] + plan->goal_d_m;
        return false;
    }
    uint32_t next = plan->lanes[it->plan_next++];
    if (is_beside(g, it->lane[ring(last)], next) && next != it->lane[ring(last)])
        shift_to_planned(g, it, next);
    else
        append(g, it, next);
    return true;
}

static bool extend_wandering(const bt_lane_graph *g, bt_itinerary *it)
{
    if (it->cycles) shift_to_cycle_lane(g, it);
    if (it->cycles && turn_left(g, it)) return true;
    uint32_t last = ring(it->tail - 1), lane = it->lane[last];
    if (g->lanes[lane].next_count == 0 && it->from_lane[last] == BT_ROAD_NONE) {
        uint32_t beside = bt_lane_graph_beside(g, lane);
        if (beside != BT_ROAD_NONE) shift_over(g, it, beside);
        lane = it->lane[last];
    }
    uint32_t next = choose_next(g, it, lane);
    if (next == BT_ROAD_NONE) {
        it->end_m = bt_itinerary_slot_end(g, it, it->tail - 1);
        return false;
    }
    append(g, it, next);
    return true;
}

void bt_itinerary_advance(const bt_lane_graph *graph, const bt_plan *plan, bt_itinerary *it,
                          double q_m, double ahead_m)
{
    it->head = bt_itinerary_slot(it, q_m);
    while (it->head - it->first > BT_ITINERARY_BEHIND)
        it->first++;
    while (!it->ended && it->tail - it->head < MAX_AHEAD &&
           bt_itinerary_slot_end(graph, it, it->tail - 1) < q_m + ahead_m) {
        bool more =
            it->plan_count > 0 ? extend_planned(graph, plan, it) : extend_wandering(graph, it);
        if (!more) it->ended = 1;
    }
}

// ---- changes of lane --------------------------------------------------------------------------
bool bt_itinerary_changing(const bt_itinerary *it, double q_m)
{
    for (uint32_t slot = it->head; slot < it->tail; slot++) {
        uint32_t i = ring(slot);
        if (it->start_m[i] > q_m + 1.0) return false;
        if (it->from_lane[i] != BT_ROAD_NONE && q_m < it->shift_m[i] + it->shift_way_m[i])
            return true;
    }
    return false;
}

void bt_itinerary_reroute(const bt_lane_graph *g, bt_itinerary *it, uint32_t slot, double q_m,
                          double ahead_m)
{
    if (it->plan_count > 0 || slot <= it->head || slot >= it->tail) return;
    it->tail = slot;
    it->ended = 0;
    it->choice++; // another stream of draws
    bt_itinerary_advance(g, NULL, it, q_m, ahead_m);
}

// The lane after `from` that lies beside `next`, `planned` if that does; BT_ROAD_NONE: none does.
static uint32_t goes_along(const bt_lane_graph *g, uint32_t from, uint32_t next, uint32_t planned)
{
    const bt_lane_path *path = &g->lanes[from];
    uint32_t along = BT_ROAD_NONE;
    for (uint32_t i = 0; i < path->next_count; i++) {
        uint32_t lane = g->nexts[path->first_next + i];
        if (lane == next || !is_beside(g, lane, next)) continue;
        if (along == BT_ROAD_NONE || lane == planned) along = lane;
    }
    return along;
}

bool bt_itinerary_change(const bt_lane_graph *g, bt_itinerary *it, uint32_t to, double q_m,
                         double way_m, double ahead_m)
{
    uint32_t first = it->head, head = ring(first), from = it->lane[head];
    if (it->plan_count > 0 || it->ended || bt_itinerary_changing(it, q_m)) return false;
    bt_itinerary was = *it;
    // both lanes are abreast where it begins to change, or where the head ends before that
    double abreast_m = bt_min(q_m, bt_itinerary_slot_end(g, it, it->head));
    double s = bt_lane_graph_at(g, from, abreast_m - it->start_m[head]).s_m;
    it->tail = it->head; // the head once more, on the other lane
    put(it, to, abreast_m - bt_lane_graph_distance(g, to, s));
    it->join_m[head] = was.join_m[head];
    it->ended = 0;
    for (;;) {
        uint32_t last = ring(it->tail - 1);
        it->from_lane[last] = from;
        it->shift_m[last] = q_m;
        it->shift_way_m[last] = way_m;
        if (bt_itinerary_slot_end(g, it, it->tail - 1) >= q_m + way_m) break;
        uint32_t next = choose_next(g, it, it->lane[last]), before = from;
        uint32_t planned = it->tail < was.tail ? was.lane[ring(it->tail)] : BT_ROAD_NONE;
        from = next != BT_ROAD_NONE ? goes_along(g, from, next, planned) : BT_ROAD_NONE;
        // up to where it begins to change it stays on its way
        bool leaves = bt_itinerary_slot_end(g, it, it->tail - 1) < q_m && from != planned;
        bool junction = next != BT_ROAD_NONE && g->lanes[next].junction != BT_ROAD_NONE;
        if (from == BT_ROAD_NONE || leaves || junction || it->tail - it->head >= MAX_AHEAD) {
            *it = was;
            return false;
        }
        append(g, it, next);
        // between both lanes' steps, as it is between the lanes there
        uint32_t added = ring(last + 1);
        double u = bt_clamp((it->start_m[added] - q_m) / way_m, 0.0, 1.0);
        it->join_m[added] =
            bt_lerp(join_between(g, it, before, from), it->join_m[added], shift_share(u));
    }
    bt_itinerary_advance(g, NULL, it, q_m, ahead_m);
    it->head = first; // q_m may lie beyond it
    return true;
}
