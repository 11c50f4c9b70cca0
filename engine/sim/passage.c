// passage.c: see passage.h.
#include "engine/sim/passage.h"

#include "engine/sim/cycle.h"

#include <math.h>

#define TRAILER_PATIENCE_S 8.0
#define SIREN_RANK (-10)
#define LINE_M 0.5     // so near before the junction there is no line but its border
#define SHORT_M 1.0    // so far before a line drivers stand (decide.c)
#define QUEUES_M_S 0.8 // who is ahead is slower
#define TURN_RAD (30.0 * BT_RAD_PER_DEG)

static bool holds(const bt_car *car, uint32_t slot)
{
    for (uint32_t i = 0; i < car->hold_count; i++)
        if (slot >= car->hold[i].first && slot < car->hold[i].end) return true;
    return false;
}

// The edge of others' ways in the junction run [first, end), q of the nose.
static double edge_of(const bt_traffic *t, const bt_car *car, uint32_t first, uint32_t end)
{
    double edge = BT_FAR_M;
    for (uint32_t slot = first; slot < end; slot++)
        edge = fmin(edge, bt_itinerary_start(&car->way, slot) + bt_slot_path(t, car, slot)->edge_m);
    return edge;
}

// q of the line before a junction run.
static double line_before(const bt_traffic *t, uint32_t index, uint32_t first)
{
    const bt_car *car = &t->cars[index];
    bool is_long = bt_sweep_body(bt_vehicle_of(t, index)) == BT_BODY_LONG;
    if (first <= car->way.first) return bt_itinerary_start(&car->way, first);
    const bt_lane_path *before = bt_slot_path(t, car, first - 1);
    double line = before->line_m - (is_long ? before->long_back_m : 0.0);
    return bt_itinerary_start(&car->way, first - 1) + line;
}

double bt_passage_entry(const bt_traffic *t, uint32_t index, uint32_t first, uint32_t end)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = bt_vehicle_of(t, index);
    double start = bt_itinerary_start(&car->way, first), edge = edge_of(t, car, first, end);
    bool waits = first > car->way.first && bt_slot_path(t, car, first - 1)->yields;
    if (!waits || edge >= BT_FAR_M || bt_sweep_body(v) == BT_BODY_LONG) return start;
    // not on a crossing, nor astride a line
    bool fits =
        line_before(t, index, first) > start - LINE_M || edge - start > v->length_m + SHORT_M;
    return fits ? fmax(start, edge) : start;
}

// Where it waits: before the junction's line; at the edge when nobody waits there.
static double waits_at(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    double line = line_before(t, index, p->first);
    bool beyond = p->entry_m > bt_itinerary_start(&car->way, p->first);
    bool queues =
        car->leader != BT_SIM_NONE && car->leader_q_m < p->entry_m && car->leader_m_s < QUEUES_M_S;
    if (beyond && !queues) return p->entry_m;
    // once over the line, the junction itself is the last place
    return bt_car_front(bt_vehicle_of(t, index), car) < line + 1.0 ? line : p->entry_m;
}

bool bt_traffic_next_passage(const bt_traffic *t, uint32_t index, bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    uint32_t slot = car->way.head;
    p->junction = BT_ROAD_NONE;
    while (slot < car->way.tail &&
           (bt_slot_path(t, car, slot)->junction == BT_ROAD_NONE || holds(car, slot)))
        slot++;
    if (slot >= car->way.tail) return false;
    uint32_t junction = bt_slot_path(t, car, slot)->junction;
    p->junction = junction;
    p->first = slot;
    while (slot < car->way.tail && bt_slot_path(t, car, slot)->junction == junction)
        slot++;
    p->end = slot;
    p->exit_m = bt_itinerary_slot_end(t->graph, &car->way, slot - 1);
    // who waits at the edge is in the first lanes of the run already
    while (p->first > car->way.first && bt_slot_path(t, car, p->first - 1)->junction == junction &&
           !holds(car, p->first - 1))
        p->first--;
    p->entry_m = bt_passage_entry(t, index, p->first, p->end);
    p->line_m = waits_at(t, index, p);
    return true;
}

static double passage_turn(const bt_traffic *t, const bt_car *car, uint32_t first, uint32_t end)
{
    double turn = 0.0;
    for (uint32_t slot = first; slot < end; slot++)
        turn += bt_slot_path(t, car, slot)->turn_rad;
    return turn;
}

bool bt_behind_sign(const bt_traffic *t, const bt_car *car, uint32_t first)
{
    bool before = first > car->way.first && bt_slot_path(t, car, first - 1)->yields;
    return before || bt_slot_path(t, car, first)->yields;
}

int bt_passage_rank(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    if (t->actors[t->car_actor[index]].emergency) return SIREN_RANK;
    double turn = passage_turn(t, car, p->first, p->end);
    uint32_t lane = car->way.lane[bt_slot_ring(p->first)];
    const bt_road *road = bt_road_get(t->graph->net, bt_road_lane_get(t->graph->net, lane)->road);
    if (road->left_hand_traffic) turn = -turn;
    int rank = fabs(turn) < TURN_RAD ? 0 : turn < 0.0 ? 1 : 2;
    return rank + (bt_behind_sign(t, car, p->first) ? 3 : 0);
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

// Where two cars on these lanes touch; NULL: nowhere.
static const bt_lane_conflict *find_touch(const bt_lane_graph *g, uint32_t a, uint32_t b)
{
    const bt_lane_conflict *c = find_conflict(g, a, b);
    return c && c->until_m[BT_BODY_CAR][BT_BODY_CAR] > -BT_FAR_M ? c : NULL;
}

double bt_passage_crosses(const bt_traffic *t, uint32_t index, uint32_t first, uint32_t end,
                          uint32_t other, bt_body_kind body)
{
    const bt_car *car = &t->cars[index];
    bt_body_kind own = bt_sweep_body(bt_vehicle_of(t, index));
    double until = -BT_FAR_M;
    for (uint32_t slot = first; slot < end; slot++) {
        const bt_lane_conflict *c =
            find_conflict(t->graph, car->way.lane[bt_slot_ring(slot)], other);
        if (c) until = fmax(until, c->until_m[own][body]);
    }
    return until;
}

bool bt_meet_by_gap(const bt_traffic *t, uint32_t index, const bt_passage *p, uint32_t other_index,
                    uint32_t first, uint32_t end)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    if (bt_sweep_body(bt_vehicle_of(t, index)) == BT_BODY_LONG ||
        bt_sweep_body(bt_vehicle_of(t, other_index)) == BT_BODY_LONG)
        return false;
    bool alike = bt_behind_sign(t, car, p->first) == bt_behind_sign(t, other, first);
    if (alike && bt_behind_sign(t, car, p->first)) return false;
    // a bicycle is slow to start and to be out of the way: nobody goes closely before or behind one
    if (bt_vehicle_is_cycle(bt_vehicle_of(t, index)) ||
        bt_vehicle_is_cycle(bt_vehicle_of(t, other_index)))
        return false;
    for (uint32_t own = p->first; own < p->end; own++) {
        for (uint32_t slot = first; slot < end; slot++) {
            const bt_lane_conflict *c = find_touch(t->graph, car->way.lane[bt_slot_ring(own)],
                                                   other->way.lane[bt_slot_ring(slot)]);
            if (c && (c->joins ? alike : !c->shallow)) return false;
        }
    }
    return true;
}

// Is one of both through before the other comes?
static bool parted(const bt_traffic *t, uint32_t index, uint32_t slot, uint32_t other_index,
                   uint32_t other_slot, const bt_lane_conflict *c, bt_gap_margins m)
{
    const bt_gap_place own = {index, slot, c->own_stretch,
                              bt_behind_sign(t, &t->cars[index], slot)};
    const bt_gap_place other = {other_index, other_slot, c->other_stretch,
                                bt_behind_sign(t, &t->cars[other_index], other_slot)};
    return bt_gap_parts(t, own, other, c->joins, m);
}

bool bt_held_against(const bt_traffic *t, uint32_t index, const bt_passage *p, uint32_t other_index,
                     bt_gap_margins m)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    // it waits for us to get out of its trailer's way
    if (other->trailer_ticks * t->decision_s > TRAILER_PATIENCE_S) return false;
    bt_body_kind own_body = bt_sweep_body(bt_vehicle_of(t, index));
    bt_body_kind body = bt_sweep_body(bt_vehicle_of(t, other_index));
    for (uint32_t h = 0; h < other->hold_count; h++) {
        bt_hold hold = other->hold[h];
        bool by_gap = bt_meet_by_gap(t, index, p, other_index, hold.first, hold.end);
        for (uint32_t slot = other->hold[h].first; slot < other->hold[h].end; slot++) {
            for (uint32_t own = p->first; own < p->end; own++) {
                const bt_lane_conflict *c =
                    find_conflict(t->graph, car->way.lane[bt_slot_ring(own)],
                                  other->way.lane[bt_slot_ring(slot)]);
                if (!c || other->q_m >=
                              bt_itinerary_start(&other->way, slot) + c->until_m[own_body][body])
                    continue;
                if (!by_gap || !parted(t, index, own, other_index, slot, c, m)) return true;
            }
        }
    }
    return false;
}

bool bt_passages_cross(const bt_traffic *t, uint32_t a, const bt_passage *pa, uint32_t b,
                       const bt_passage *pb)
{
    bt_body_kind body = bt_sweep_body(bt_vehicle_of(t, b));
    for (uint32_t slot = pb->first; slot < pb->end; slot++)
        if (bt_passage_crosses(t, a, pa->first, pa->end, t->cars[b].way.lane[bt_slot_ring(slot)],
                               body) > -BT_FAR_M)
            return true;
    return false;
}

// Would one of two whose ways cross come before the other is through?
static bool comes_too_soon(const bt_traffic *t, uint32_t index, const bt_passage *p,
                           uint32_t other_index, const bt_passage *theirs)
{
    const bt_gap_margins all = {1.0, 1.0};
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    for (uint32_t slot = theirs->first; slot < theirs->end; slot++) {
        for (uint32_t own = p->first; own < p->end; own++) {
            const bt_lane_conflict *c = find_touch(t->graph, car->way.lane[bt_slot_ring(own)],
                                                   other->way.lane[bt_slot_ring(slot)]);
            if (c && !parted(t, index, own, other_index, slot, c, all)) return true;
        }
    }
    return false;
}

// Who stands asks for itself. But a lorry with the right to go needs the junction for itself: it would wait for ever for
// those who follow each other in from behind a sign.
static bool is_kept_waiting(const bt_traffic *t, uint32_t index, const bt_passage *p, int rank,
                            uint32_t other_index, const bt_passage *theirs)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    bool is_long = bt_sweep_body(bt_vehicle_of(t, other_index)) == BT_BODY_LONG;
    return is_long && other->waiting_ticks > 0 && bt_behind_sign(t, car, p->first) &&
           bt_passage_rank(t, other_index, theirs) < rank &&
           bt_passages_cross(t, index, p, other_index, theirs);
}

bool bt_must_give_way(const bt_traffic *t, uint32_t index, const bt_passage *p, int rank,
                      uint32_t other_index)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    bt_passage theirs = t->round->passages[other_index];
    if (other->parked || theirs.junction != p->junction) return false;
    double distance = theirs.entry_m - bt_car_front(bt_vehicle_of(t, other_index), other);
    if (distance > 150.0) return false;
    if (other->speed_m_s < 1.0) return is_kept_waiting(t, index, p, rank, other_index, &theirs);
    bool waits = bt_behind_sign(t, car, p->first) ||
                 (bt_passage_rank(t, other_index, &theirs) < rank && rank > 0);
    if (waits && bt_meet_by_gap(t, index, p, other_index, theirs.first, theirs.end))
        return bt_traffic_signal_stop(t, other_index) >= theirs.exit_m &&
               comes_too_soon(t, index, p, other_index, &theirs);
    double front = bt_car_front(bt_vehicle_of(t, index), car);
    double length = front - bt_car_rear(bt_vehicle_of(t, index), car);
    double way = p->exit_m + length - front;
    double ours = way / fmax(4.0, car->speed_m_s) + 1.5;
    if (distance / other->speed_m_s > ours) return false;
    if (bt_passage_rank(t, other_index, &theirs) >= rank) return false;
    if (bt_traffic_signal_stop(t, other_index) < theirs.exit_m) return false;
    return bt_passages_cross(t, index, p, other_index, &theirs);
}
