// right_of_way.c: signals and junctions: who may enter.
#include "engine/sim/sweep.h"
#include "engine/sim/traffic.h"

#include <math.h>

#define FAR_M 1e9
#define COMFORT_M_S2 1.5 // brakes this hard for a junction not cleared
#define AMBER_M_S2 3.0   // and at most this hard for amber
#define RED_M_S2 7.0     // harder than that, a red signal came too late
#define ASK_EXTRA_M 8.0
#define ASK_LONG_M 18.0 // who may have to wait farther before it, to swing out
#define ASK_TIME_S 1.0
#define PATIENCE_S 6.0        // after this long the first in the queue goes before others
#define EXIT_PATIENCE_S 300.0 // after this long it enters though the exit is full
#define REROUTE_S 15.0        // and every so often it thinks of another way
#define ROOM_M 2.0
#define TRAILER_PATIENCE_S 8.0
#define FLOWS_M_S 6.0 // faster than that it is no queue
#define AHEAD_M 340.0
#define SIREN_RANK (-10)
#define TURN_RAD (30.0 * BT_RAD_PER_DEG)

static uint32_t ring(uint32_t slot)
{
    return slot % BT_ITINERARY_RING;
}

static const bt_lane_path *lane_path(const bt_traffic *t, const bt_car *car, uint32_t slot)
{
    return &t->graph->lanes[car->way.lane[ring(slot)]];
}

static const bt_vehicle *vehicle_of(const bt_traffic *t, uint32_t car)
{
    return &t->actors[t->car_actor[car]].vehicle;
}

// ---- signals ----------------------------------------------------------------------------------
// Must a driver stop for this phase, with a line `distance` ahead of its bumper?
static bool obeys(bt_signal_phase phase, double speed, double distance)
{
    double needed = distance > 0.0 ? speed * speed / (2.0 * distance) : FAR_M;
    switch (phase) {
    case BT_PHASE_AMBER:
        return needed <= AMBER_M_S2;
    case BT_PHASE_RED:
    case BT_PHASE_RED_AMBER:
        return needed <= RED_M_S2;
    case BT_PHASE_OFF:
    case BT_PHASE_GREEN:
        break;
    }
    return false;
}

// Where the junction run that holds a slot begins.
static double passage_entry(const bt_traffic *t, const bt_car *car, uint32_t slot)
{
    uint32_t junction = lane_path(t, car, slot)->junction;
    while (slot > car->way.first && lane_path(t, car, slot - 1)->junction == junction)
        slot--;
    return bt_itinerary_start(&car->way, slot);
}

static double slot_stop(const bt_traffic *t, uint32_t index, uint32_t slot)
{
    const bt_car *car = &t->cars[index];
    const bt_lane_path *path = lane_path(t, car, slot);
    double front = bt_car_front(vehicle_of(t, index), car), best = FAR_M;
    for (uint32_t i = 0; i < path->stop_count; i++) {
        const bt_lane_stop *stop = &t->graph->stops[path->first_stop + i];
        // a signal inside a junction is obeyed before it
        double line = path->junction == BT_ROAD_NONE
                          ? bt_itinerary_start(&car->way, slot) + stop->d_m
                          : passage_entry(t, car, slot);
        bt_signal_phase phase = (bt_signal_phase)t->phases[stop->signal];
        // the place to stop is a little before the line
        double way = line - front - (phase == BT_PHASE_AMBER ? 1.0 : -0.5);
        if (line >= front - 0.5 && obeys(phase, car->speed_m_s, way)) best = fmin(best, line);
    }
    return best;
}

double bt_traffic_signal_stop(const bt_traffic *t, uint32_t index)
{
    return t->actors[t->car_actor[index]].emergency ? FAR_M : bt_traffic_red_line(t, index);
}

double bt_traffic_red_line(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    double see = car->q_m + 60.0 + car->speed_m_s * 5.0, best = FAR_M;
    if (t->actors[t->car_actor[index]].driver.ignores_signals) return best;
    for (uint32_t slot = car->way.head; slot < car->way.tail; slot++) {
        if (bt_itinerary_start(&car->way, slot) > see) break;
        best = fmin(best, slot_stop(t, index, slot));
    }
    return best;
}

// ---- passages ---------------------------------------------------------------------------------
static bool holds(const bt_car *car, uint32_t slot)
{
    for (uint32_t i = 0; i < car->hold_count; i++)
        if (slot >= car->hold[i].first && slot < car->hold[i].end) return true;
    return false;
}

bool bt_traffic_next_passage(const bt_traffic *t, uint32_t index, bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    uint32_t slot = car->way.head;
    p->junction = BT_ROAD_NONE;
    while (slot < car->way.tail &&
           (lane_path(t, car, slot)->junction == BT_ROAD_NONE || holds(car, slot)))
        slot++;
    if (slot >= car->way.tail) return false;
    uint32_t junction = lane_path(t, car, slot)->junction;
    p->junction = junction;
    p->first = slot;
    p->entry_m = p->line_m = bt_itinerary_start(&car->way, slot);
    if (slot > car->way.first) {
        double line = bt_itinerary_start(&car->way, slot - 1) + lane_path(t, car, slot - 1)->line_m;
        // once over the line, the junction itself is the last place
        if (bt_car_front(vehicle_of(t, index), car) < line + 1.0) p->line_m = line;
    }
    while (slot < car->way.tail && lane_path(t, car, slot)->junction == junction)
        slot++;
    p->end = slot;
    p->exit_m = bt_itinerary_slot_end(t->graph, &car->way, slot - 1);
    return true;
}

static double passage_turn(const bt_traffic *t, const bt_car *car, uint32_t first, uint32_t end)
{
    double turn = 0.0;
    for (uint32_t slot = first; slot < end; slot++)
        turn += lane_path(t, car, slot)->turn_rad;
    return turn;
}

// Smaller goes first: under siren, 0 straight, 1 turn to the near side, 2 across oncoming traffic; 3 more
// behind a give-way or stop sign.
static int passage_rank(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    if (t->actors[t->car_actor[index]].emergency) return SIREN_RANK;
    double turn = passage_turn(t, car, p->first, p->end);
    uint32_t lane = car->way.lane[ring(p->first)];
    const bt_road *road = bt_road_get(t->graph->net, bt_road_lane_get(t->graph->net, lane)->road);
    if (road->left_hand_traffic) turn = -turn;
    int rank = fabs(turn) < TURN_RAD ? 0 : turn < 0.0 ? 1 : 2;
    bool sign = p->first > car->way.first && lane_path(t, car, p->first - 1)->yields;
    return rank + (sign || lane_path(t, car, p->first)->yields ? 3 : 0);
}

// ---- crossing ---------------------------------------------------------------------------------
static const bt_lane_conflict *find_conflict(const bt_lane_graph *g, uint32_t a, uint32_t b)
{
    const bt_lane_path *path = &g->lanes[a];
    for (uint32_t i = 0; i < path->conflict_count; i++)
        if (g->conflicts[path->first_conflict + i].other == b)
            return &g->conflicts[path->first_conflict + i];
    return NULL;
}

// Up to where on lane `other` a body is in the way of a car on its slots [first, end); -1e9: nowhere.
static double crosses(const bt_traffic *t, uint32_t index, uint32_t first, uint32_t end,
                      uint32_t other, bt_body body)
{
    const bt_car *car = &t->cars[index];
    bt_body own = bt_sweep_body(vehicle_of(t, index));
    double until = -FAR_M;
    for (uint32_t slot = first; slot < end; slot++) {
        const bt_lane_conflict *c = find_conflict(t->graph, car->way.lane[ring(slot)], other);
        if (c) until = fmax(until, c->until_m[own][body]);
    }
    return until;
}

// Is a car that holds its junction still in the way of a passage? Behind the crossing it is not.
static bool held_against(const bt_traffic *t, uint32_t index, const bt_passage *p,
                         uint32_t other_index)
{
    const bt_car *other = &t->cars[other_index];
    // it waits for us to get out of its trailer's way
    if (other->trailer_ticks * t->decision_s > TRAILER_PATIENCE_S) return false;
    bt_body body = bt_sweep_body(vehicle_of(t, other_index));
    for (uint32_t h = 0; h < other->hold_count; h++) {
        for (uint32_t slot = other->hold[h].first; slot < other->hold[h].end; slot++) {
            double until = crosses(t, index, p->first, p->end, other->way.lane[ring(slot)], body);
            if (other->q_m < bt_itinerary_start(&other->way, slot) + until) return true;
        }
    }
    return false;
}

static bool passages_cross(const bt_traffic *t, uint32_t a, const bt_passage *pa, uint32_t b,
                           const bt_passage *pb)
{
    bt_body body = bt_sweep_body(vehicle_of(t, b));
    for (uint32_t slot = pb->first; slot < pb->end; slot++)
        if (crosses(t, a, pa->first, pa->end, t->cars[b].way.lane[ring(slot)], body) > -FAR_M)
            return true;
    return false;
}

// Would a car with more right to go, not yet cleared, arrive before we are through?
static bool must_give_way(const bt_traffic *t, uint32_t index, const bt_passage *p, int rank,
                          uint32_t other_index)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    bt_passage theirs = t->round->passages[other_index];
    if (other->parked || theirs.junction != p->junction) return false;
    double distance = theirs.entry_m - bt_car_front(vehicle_of(t, other_index), other);
    if (other->speed_m_s < 1.0 || distance > 150.0) return false; // it stands: it asks for itself
    double front = bt_car_front(vehicle_of(t, index), car);
    double length = front - bt_car_rear(vehicle_of(t, index), car);
    double way = p->exit_m + length - front;
    double ours = way / fmax(4.0, car->speed_m_s) + 1.5;
    if (distance / other->speed_m_s > ours) return false;
    if (passage_rank(t, other_index, &theirs) >= rank) return false;
    if (bt_traffic_signal_stop(t, other_index) < theirs.exit_m) return false;
    return passages_cross(t, index, p, other_index, &theirs);
}

// ---- clearing ---------------------------------------------------------------------------------
// Keeps holds until the rear has left them; gives back what a late red or a blocked lane made stale.
static void update_holds(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    double rear = bt_car_rear(vehicle_of(t, index), car);
    double front = bt_car_front(vehicle_of(t, index), car);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < car->hold_count; i++) {
        bt_hold h = car->hold[i];
        if (h.end <= car->way.first) continue;
        if (rear > bt_itinerary_slot_end(t->graph, &car->way, h.end - 1)) continue;
        double entry =
            bt_itinerary_start(&car->way, h.first > car->way.first ? h.first : car->way.first);
        bool outside = front < entry;
        bool behind = car->leader != BT_SIM_NONE && car->leader_q_m < entry;
        bool given_back = outside && behind && car->speed_m_s < 0.5;
        given_back = given_back || (outside && bt_traffic_signal_stop(t, index) <= entry + 0.5);
        if (!given_back)
            car->hold[kept++] = h;
        else
            car->bend_m = fmin(car->bend_m, car->q_m); // the bends with it
    }
    car->hold_count = kept;
}

static void take_hold(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    bt_passage *p = &t->round->passages[index];
    car->hold[car->hold_count++] = (bt_hold){p->first, p->end};
    car->waiting_ticks = 0;
    bt_traffic_next_passage(t, index, p);
}

// Is it near enough to ask, first in its queue, and is there no red before the junction?
static bool may_ask(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    if (car->hold_count == BT_CAR_HOLDS) return false; // a row of small junctions: later
    double v = car->speed_m_s, distance = p->entry_m - bt_car_front(vehicle_of(t, index), car);
    double extra = bt_sweep_body(vehicle_of(t, index)) == BT_BODY_LONG ? ASK_LONG_M : ASK_EXTRA_M;
    if (distance > v * v / (2.0 * COMFORT_M_S2) + v * ASK_TIME_S + extra) return false;
    if (bt_traffic_signal_stop(t, index) < p->exit_m) return false;
    return car->leader == BT_SIM_NONE || car->leader_q_m >= p->entry_m || distance <= 0.0;
}

static bool exit_has_room(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    if (car->leader == BT_SIM_NONE || car->leader_m_s > FLOWS_M_S) return true;
    if (car->waiting_ticks * t->decision_s > EXIT_PATIENCE_S) return true;
    double length =
        bt_car_front(vehicle_of(t, index), car) - bt_car_rear(vehicle_of(t, index), car);
    // where it comes to rest if it stops now
    double v = fmax(car->leader_m_s, 0.0), rest = car->leader_q_m + v * v / (2.0 * COMFORT_M_S2);
    return rest > p->exit_m + length + ROOM_M;
}

static bool ego_crosses(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    bt_body body = t->ego_is_long ? BT_BODY_LONG : BT_BODY_CAR;
    for (uint32_t i = 0; i < t->ego_lane_count; i++)
        if (crosses(t, index, p->first, p->end, t->ego_lanes[i], body) > -FAR_M) return true;
    return false;
}

static bool may_enter(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    if (bt_car_front(vehicle_of(t, index), car) > p->entry_m + 0.5) return true; // began inside
    if (!exit_has_room(t, index, p) || ego_crosses(t, index, p)) return false;
    int rank = passage_rank(t, index, p);
    bool patient = car->waiting_ticks * t->decision_s <= PATIENCE_S;
    const bt_round *r = t->round;
    for (uint32_t e = r->junction[p->junction]; e != BT_SIM_NONE; e = r->entry_next[e]) {
        uint32_t k = e / (BT_CAR_HOLDS + 1);
        if (k == index) continue;
        if (t->cars[k].hold_count > 0 && held_against(t, index, p, k)) return false;
        bool siren = t->actors[t->car_actor[k]].emergency;
        if ((patient || siren) && must_give_way(t, index, p, rank, k)) return false;
    }
    double length =
        bt_car_front(vehicle_of(t, index), car) - bt_car_rear(vehicle_of(t, index), car);
    if (bt_traffic_others_bend_stop(t, index) < p->exit_m + length) return false;
    double through = p->exit_m + vehicle_of(t, index)->trailer_length_m - car->q_m;
    return bt_traffic_sweep_reach(t, index, through, BT_SWEEP_ROOM_M) >= through &&
           bt_traffic_take_bends_of(t, index, p);
}

// Who has waited long for room behind the junction takes another way, if there is one: queues that
// wait for each other in a circle dissolve.
static void think_again(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    bt_passage *p = &t->round->passages[index];
    uint32_t every = (uint32_t)(REROUTE_S / t->decision_s + 0.5);
    bool fits = bt_sweep_body(vehicle_of(t, index)) == BT_BODY_CAR && exit_has_room(t, index, p);
    if (every == 0 || car->waiting_ticks % every != 0 || fits) return;
    if (bt_car_front(vehicle_of(t, index), car) > p->entry_m) return;
    bt_itinerary_reroute(t->graph, &car->way, p->first, car->q_m, AHEAD_M);
    bt_traffic_next_passage(t, index, p);
}

// Longest waiting first once out of patience, then by rank, then by index.
static int64_t order_key(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    double waited = car->waiting_ticks * t->decision_s;
    int64_t key = waited > PATIENCE_S ? -(int64_t)car->waiting_ticks : passage_rank(t, index, p);
    return key * (INT64_C(1) << 32) + index;
}

// Puts every car on the lists of the junctions that it holds or comes to next.
static void list_by_junction(const bt_traffic *t)
{
    bt_round *r = t->round;
    for (uint32_t i = 0; i < r->junction_count; i++)
        r->junction[i] = BT_SIM_NONE;
    for (uint32_t i = 0; i < t->car_count; i++) {
        const bt_car *car = &t->cars[i];
        if (car->parked) continue;
        for (uint32_t h = 0; h <= car->hold_count; h++) {
            uint32_t junction = h < car->hold_count
                                    ? lane_path(t, car, car->hold[h].end - 1)->junction
                                    : r->passages[i].junction;
            if (junction == BT_ROAD_NONE) continue;
            uint32_t e = i * (BT_CAR_HOLDS + 1) + h;
            r->entry_next[e] = r->junction[junction];
            r->junction[junction] = e;
        }
    }
}

void bt_traffic_clear(const bt_traffic *t)
{
    bt_round *r = t->round;
    for (uint32_t i = 0; i < t->car_count; i++) {
        r->passages[i].junction = BT_ROAD_NONE;
        if (t->cars[i].parked) continue;
        update_holds(t, i);
        bt_traffic_next_passage(t, i, &r->passages[i]);
    }
    list_by_junction(t);
    // cars that ask, kept sorted by their key while the list grows
    uint32_t count = 0;
    for (uint32_t i = 0; i < t->car_count; i++) {
        const bt_passage *p = &r->passages[i];
        if (p->junction == BT_ROAD_NONE || !may_ask(t, i, p)) continue;
        t->cars[i].waiting_ticks++;
        int64_t key = order_key(t, i, p);
        uint32_t at = count++;
        for (; at > 0; at--) {
            uint32_t before = r->order[at - 1];
            if (order_key(t, before, &r->passages[before]) <= key) break;
            r->order[at] = before;
        }
        r->order[at] = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (may_enter(t, r->order[i], &r->passages[r->order[i]]))
            take_hold(t, r->order[i]);
        else
            think_again(t, r->order[i]);
    }
}
