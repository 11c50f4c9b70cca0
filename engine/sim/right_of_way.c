// right_of_way.c: junctions: who may enter.
#include "engine/sim/due.h"
#include "engine/sim/passage.h"

#include <math.h>

#define COMFORT_M_S2 1.5 // brakes this hard for a junction not cleared
#define ASK_EXTRA_M 8.0
#define ASK_LONG_M 18.0 // who may have to wait farther before it, to swing out
#define ASK_TIME_S 1.0
#define PATIENCE_S 6.0       // after this long the first in the queue goes before others
#define SIGN_PATIENCE_S 25.0 // behind a sign
#define REROUTE_S 15.0       // and every so often it thinks of another way
#define ROOM_M 2.0
#define STEERS_OUT_M 10.0 // before what is parked (pass.c)
#define FLOWS_M_S 6.0     // faster than that it is no queue
#define FLOWS_SHARE 0.5   // nor in a bend, at so much of what that allows
#define STARTS_M_S 0.8    // nor who is as fast as this and speeds up
#define STARTS_M_S2 0.4
#define STAYS_M_S 0.5 // as slow as this before a line it does not go in
#define PLATOON_MOST 8
#define AHEAD_M 340.0
#define STARVES_S 8.0 // who has waited so long for a gap in slow traffic is let in
#define SLOW_M_S 8.5
#define LONG_S 30.0 // who has waited so long is let go whatever its right; by fast traffic later
#define LONG_FAST_S 60.0
#define KEEP_SHARE 0.3 // of gaps (gap.h), below which one that was accepted is given up

// Does a driver stand before a junction for somebody on foot, or for one before it? It would keep others back for nothing.
static bool stays_outside(const bt_car *car, double entry_m)
{
    bool behind = car->leader != BT_SIM_NONE && car->leader_q_m < entry_m;
    bool stays = behind || car->watched != BT_SIM_NONE || car->lets_by != BT_SIM_NONE;
    return stays && car->speed_m_s < STAYS_M_S;
}

// Keeps holds until the rear has left them; gives back what a late red or a blocked lane made stale.
static void update_holds(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    double rear = bt_car_rear(bt_vehicle_of(t, index), car);
    double front = bt_car_front(bt_vehicle_of(t, index), car);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < car->hold_count; i++) {
        bt_hold h = car->hold[i];
        if (h.end <= car->way.first) continue;
        if (rear > bt_itinerary_slot_end(t->graph, &car->way, h.end - 1)) continue;
        double entry =
            bt_passage_entry(t, index, h.first > car->way.first ? h.first : car->way.first, h.end);
        if (front > entry) car->missed = car->green_ticks = 0;
        bool outside = front < entry, lets_by = car->lets_by != BT_SIM_NONE;
        bool given_back = outside && stays_outside(car, entry);
        given_back = given_back || (outside && bt_traffic_signal_stop(t, index) <= entry + 0.5);
        if (!given_back) {
            car->hold[kept++] = h;
            continue;
        }
        // it has not been there: it has waited for as long as before
        car->waiting_ticks = kept == 0 ? car->waited_ticks : 0;
        if (!lets_by) car->bend_m = fmin(car->bend_m, car->q_m); // the bends with it
    }
    car->hold_count = kept;
}

static void take_hold(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    bt_passage *p = &t->round->passages[index];
    car->hold[car->hold_count++] = (bt_hold){p->first, p->end};
    car->waited_ticks = car->waiting_ticks;
    car->waiting_ticks = 0;
    bt_traffic_next_passage(t, index, p);
}

// ---- room behind ------------------------------------------------------------------------------
// Where the one ahead comes to rest if it stops now.
static double rest_ahead(const bt_car *car)
{
    double v = fmax(car->leader_m_s, 0.0);
    return car->leader_q_m + v * v / (2.0 * COMFORT_M_S2);
}

// On a way with the right to go one will be let on, as a rule; behind a sign or at a red light it may have to stop.
static bool may_have_to_stop(const bt_traffic *t, uint32_t index, double before_m)
{
    const bt_passage *next = &t->round->passages[index];
    bool waits = next->junction != BT_ROAD_NONE && bt_behind_sign(t, &t->cars[index], next->first);
    return (waits && next->line_m < before_m) || bt_traffic_signal_stop(t, index) < before_m;
}

// Will one who is under way go on for so far: has it, or the first of those ahead of it who move, nobody before?
static bool goes_on(const bt_traffic *t, uint32_t index, double need_m)
{
    for (uint32_t k = index, n = 0; k != BT_SIM_NONE && n < PLATOON_MOST; n++) {
        const bt_car *car = &t->cars[k];
        double to = bt_car_front(bt_vehicle_of(t, k), car) + need_m + ROOM_M;
        if (car->parked || car->speed_m_s < STARTS_M_S || may_have_to_stop(t, k, to)) return false;
        if (car->leader == BT_SIM_NONE || rest_ahead(car) > to) return true;
        need_m = to - rest_ahead(car);
        k = bt_traffic_car_of(t, car->leader);
    }
    return false;
}

// Is who is ahead no queue: fast, for what the way behind the junction allows, speeding up, or with nobody before it?
static bool flows_on(const bt_traffic *t, const bt_car *car, const bt_passage *p, double need_m)
{
    double bend_m_s = bt_itinerary_at(t->graph, &car->way, p->exit_m).speed_m_s;
    if (car->leader_m_s > fmin(FLOWS_M_S, FLOWS_SHARE * bend_m_s)) return true;
    uint32_t leader = bt_traffic_car_of(t, car->leader);
    if (leader == BT_SIM_NONE || t->cars[leader].parked || car->leader_m_s < STARTS_M_S)
        return false;
    return t->cars[leader].accel_m_s2 > STARTS_M_S2 || goes_on(t, leader, need_m);
}

static bool exit_has_room(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    if (car->leader == BT_SIM_NONE) return true;
    double need = bt_passage_out(t, index, p) + ROOM_M - rest_ahead(car);
    uint32_t leader = bt_traffic_car_of(t, car->leader);
    if (leader != BT_SIM_NONE && t->cars[leader].parked)
        return need + STEERS_OUT_M < 0.0 || bt_traffic_passes_behind(t, index, p);
    return need < 0.0 || flows_on(t, car, p, need);
}

// ---- asking -----------------------------------------------------------------------------------
// Is the one ahead cleared for the same junction, and on its way in? Behind a sign drivers follow into the same gap.
static bool goes_in_ahead(const bt_traffic *t, const bt_car *car, const bt_passage *p)
{
    uint32_t leader = bt_traffic_car_of(t, car->leader);
    if (leader == BT_SIM_NONE || !bt_behind_sign(t, car, p->first)) return false;
    const bt_car *ahead = &t->cars[leader];
    if (ahead->speed_m_s < STARTS_M_S) return false;
    for (uint32_t i = 0; i < ahead->hold_count; i++)
        if (bt_slot_path(t, ahead, ahead->hold[i].first)->junction == p->junction) return true;
    return false;
}

// Do all others wait for this passage, so that those who go through it need not ask one by one?
static bool has_way(const bt_traffic *t, const bt_car *car, const bt_passage *p)
{
    for (uint32_t slot = p->first; slot < p->end; slot++)
        if (!bt_slot_path(t, car, slot)->has_way) return false;
    return true;
}

// Is it near enough to ask, first in its queue, and is there no red before the junction?
static bool may_ask(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    if (car->lets_by != BT_SIM_NONE) return false;
    // who stands for somebody on foot keeps nobody else back
    if (car->watched != BT_SIM_NONE && car->speed_m_s < STAYS_M_S) return false;
    if (car->hold_count == BT_CAR_HOLDS) return false; // a row of small junctions: later
    double v = car->speed_m_s, distance = p->entry_m - bt_car_front(bt_vehicle_of(t, index), car);
    double extra =
        bt_sweep_body(bt_vehicle_of(t, index)) == BT_BODY_LONG ? ASK_LONG_M : ASK_EXTRA_M;
    double to_line = distance - (p->entry_m - p->line_m);
    if (to_line > v * v / (2.0 * COMFORT_M_S2) + v * ASK_TIME_S + extra) return false;
    if (bt_traffic_signal_stop(t, index) < p->exit_m) return false;
    return car->leader == BT_SIM_NONE || car->leader_q_m >= p->entry_m || distance <= 0.0 ||
           goes_in_ahead(t, car, p) || has_way(t, car, p);
}

static bool ego_crosses(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    bt_body_kind body = t->ego_is_long ? BT_BODY_LONG : BT_BODY_CAR;
    for (uint32_t i = 0; i < t->ego_lane_count; i++)
        if (bt_passage_crosses(t, index, p->first, p->end, t->ego_lanes[i], body) > -BT_FAR_M)
            return true;
    return false;
}

// Has somebody waited long for a gap where slow traffic joins, with room to go on? Who can stop before the line lets it in:
// where the way is full, priority is shared (Troutbeck and Kako 1999, "Limited priority merge at unsignalized
// intersections", from memory).
static bool lets_in(const bt_traffic *t, uint32_t index, const bt_passage *p, uint32_t other_index)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    const bt_passage *theirs = &t->round->passages[other_index];
    double v = car->speed_m_s, left = p->entry_m - bt_car_front(bt_vehicle_of(t, index), car);
    if (theirs->junction != p->junction || other->waiting_ticks * t->decision_s < STARVES_S)
        return false;
    if (v > SLOW_M_S || v * v / (2.0 * COMFORT_M_S2) > left ||
        !bt_behind_sign(t, other, theirs->first))
        return false;
    return other->speed_m_s < STARTS_M_S &&
           bt_meet_by_gap(t, index, p, other_index, theirs->first, theirs->end) &&
           bt_passages_cross(t, index, p, other_index, theirs) &&
           exit_has_room(t, other_index, theirs);
}

// Is a driver kept back by those alone who go on: cleared for the junction one after the other, or in its bends?
static bool waits_for_others(const bt_traffic *t, uint32_t index, uint32_t but)
{
    bt_wait w = t->round->waits[index];
    if (w.kind == BT_WAIT_JUNCTION) return w.car != but;
    bool in_way = w.kind == BT_WAIT_BEND || w.kind == BT_WAIT_SWEEP;
    return in_way && w.car != BT_SIM_NONE && w.car != but && t->cars[w.car].speed_m_s > STARTS_M_S;
}

// Has somebody waited for very long for this junction? Who can stop with ease lets it go first, unless it has waited
// longer, or is due itself.
static bool lets_go_first(const bt_traffic *t, uint32_t index, const bt_passage *p,
                          uint32_t other_index)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    const bt_passage *theirs = &t->round->passages[other_index];
    double v = car->speed_m_s, left = p->entry_m - bt_car_front(bt_vehicle_of(t, index), car);
    double waits_s = other->waiting_ticks * t->decision_s;
    if (theirs->junction != p->junction || v * v / (2.0 * COMFORT_M_S2) >= left) return false;
    bool waits = waits_s >= (v > SLOW_M_S ? LONG_FAST_S : LONG_S) &&
                 other->waiting_ticks > car->waiting_ticks &&
                 waits_for_others(t, other_index, index);
    if (!waits || bt_due_is(t, index)) return false;
    return bt_passages_cross(t, index, p, other_index, theirs);
}

static bool due_goes_first(const bt_traffic *t, uint32_t index, const bt_passage *p,
                           uint32_t other_index)
{
    if (!bt_due_is(t, other_index)) return false;
    bool room = exit_has_room(t, other_index, &t->round->passages[other_index]);
    return bt_due_goes_before(t, index, p, other_index, room);
}

// Of those who wait for each other, past who holds the junction but stands elsewhere; with all its bends.
static bool goes_first(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    bt_car *car = &t->cars[index];
    if (bt_sweep_body(bt_vehicle_of(t, index)) == BT_BODY_LONG)
        car->bend_m = fmax(car->bend_m, p->exit_m);
    return true;
}

static bool may_enter(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    if (bt_car_front(bt_vehicle_of(t, index), car) > p->entry_m + 0.5) return true; // began inside
    bool sign = bt_behind_sign(t, car, p->first);
    // a full ring goes on by those who close up into its junctions (unlock.c)
    bool closes_up = car->goes_first && has_way(t, car, p);
    if (!closes_up && !exit_has_room(t, index, p)) return bt_traffic_wait_for_leader(t, index);
    if (ego_crosses(t, index, p)) return false;
    int rank = bt_passage_rank(t, index, p);
    if (car->goes_first && bt_traffic_way_is_free(t, index)) return goes_first(t, index, p);
    bool patient = car->waiting_ticks * t->decision_s <= (sign ? SIGN_PATIENCE_S : PATIENCE_S);
    // who has the right to go trusts who has accepted a gap before it
    bt_gap_margins m = {1.0, sign ? 1.0 : KEEP_SHARE};
    const bt_round *r = t->round;
    for (uint32_t e = r->junction[p->junction]; e != BT_SIM_NONE; e = r->entry_next[e]) {
        uint32_t k = e / (BT_CAR_HOLDS + 1);
        if (k == index || bt_car_has_made_room(&t->cars[k], index)) continue;
        if (t->cars[k].hold_count > 0 && bt_held_against(t, index, p, k, m))
            return bt_traffic_wait(t, index, BT_WAIT_JUNCTION, k);
        if (!sign && lets_in(t, index, p, k)) return false;
        if (due_goes_first(t, index, p, k) || lets_go_first(t, index, p, k))
            return bt_traffic_wait(t, index, BT_WAIT_JUNCTION, k);
        bool siren = t->actors[t->car_actor[k]].emergency;
        if ((patient || siren) && bt_must_give_way(t, index, p, rank, k)) return false;
    }
    uint32_t by;
    if (bt_traffic_others_bend_stop(t, index, &by) < bt_passage_out(t, index, p))
        return bt_traffic_wait(t, index, BT_WAIT_BEND, by);
    double through = p->exit_m + bt_vehicle_of(t, index)->trailer_length_m - car->q_m;
    if (bt_traffic_sweep_reach(t, index, through, BT_SWEEP_ROOM_M) < through) return false;
    return bt_traffic_take_bends_of(t, index, p);
}

// Who has waited long for room behind the junction takes another way, if there is one: queues that
// wait for each other in a circle dissolve.
static void think_again(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    bt_passage *p = &t->round->passages[index];
    uint32_t every = (uint32_t)(REROUTE_S / t->decision_s + 0.5);
    bool fits = bt_sweep_body(bt_vehicle_of(t, index)) == BT_BODY_CAR && exit_has_room(t, index, p);
    if (every == 0 || car->waiting_ticks % every != 0 || fits) return;
    if (bt_car_front(bt_vehicle_of(t, index), car) > p->entry_m) return;
    bt_itinerary_reroute(t->graph, &car->way, p->first, car->q_m, AHEAD_M);
    bt_traffic_next_passage(t, index, p);
}

// Longest waiting first once out of patience, then by rank, then by index.
static int64_t order_key(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    double waited = car->waiting_ticks * t->decision_s;
    int64_t key = waited > PATIENCE_S ? -(int64_t)car->waiting_ticks : bt_passage_rank(t, index, p);
    return key * (INT64_C(1) << 32) + index;
}

// ---- whole ------------------------------------------------------------------------------------
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
                                    ? bt_slot_path(t, car, car->hold[h].end - 1)->junction
                                    : r->passages[i].junction;
            if (junction == BT_ROAD_NONE) continue;
            uint32_t e = i * (BT_CAR_HOLDS + 1) + h;
            r->entry_next[e] = r->junction[junction];
            r->junction[junction] = e;
        }
    }
}

// Who has accepted a gap looks at it until the line is passed: gives the junction back when it has closed.
static void look_again(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    const bt_round *r = t->round;
    if (car->hold_count == 0) return;
    bt_hold last = car->hold[car->hold_count - 1];
    if (last.first < car->way.first || !bt_behind_sign(t, car, last.first)) return;
    double entry = bt_passage_entry(t, index, last.first, last.end), v = car->speed_m_s;
    double left = entry - bt_car_front(bt_vehicle_of(t, index), car);
    if (left < v * v / (2.0 * BT_AMBER_M_S2) + 0.5) return;
    bt_passage p = {.first = last.first, .end = last.end};
    const bt_gap_margins keep = {KEEP_SHARE, KEEP_SHARE};
    uint32_t junction = bt_slot_path(t, car, last.first)->junction;
    for (uint32_t e = r->junction[junction]; e != BT_SIM_NONE; e = r->entry_next[e]) {
        uint32_t k = e / (BT_CAR_HOLDS + 1);
        if (k == index || t->cars[k].hold_count == 0) continue;
        if (!bt_held_against(t, index, &p, k, keep)) continue;
        car->hold_count--;
        bt_traffic_next_passage(t, index, &t->round->passages[index]);
        return;
    }
}

void bt_traffic_clear(const bt_traffic *t)
{
    bt_round *r = t->round;
    for (uint32_t i = 0; i < t->car_count; i++) {
        r->passages[i].junction = BT_ROAD_NONE;
        r->waits[i] = (bt_wait){BT_WAIT_NONE, BT_SIM_NONE};
        if (t->cars[i].parked) continue;
        update_holds(t, i);
        bt_traffic_next_passage(t, i, &r->passages[i]);
        bt_due_count(t, i, &r->passages[i]);
    }
    bt_due_note(t);
    list_by_junction(t);
    for (uint32_t i = 0; i < t->car_count; i++)
        if (!t->cars[i].parked) look_again(t, i);
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
