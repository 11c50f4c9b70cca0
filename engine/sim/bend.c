// bend.c: bends in which long vehicles need room on other lanes: who has them, who stops before them.
#include "engine/sim/passage.h"

#include <math.h>

#define SEES_M 120.0 // others
#define KEPT_M 100.0 // of the own way
#define EARLY_M 30.0 // so far before their lane bends may begin
#define OWN_M 30.0   // no vehicle is longer
#define COMFORT_M_S2 1.5
#define ASK_S 1.5 // and so much longer before it would have to brake
#define ASK_M 12.0
#define GIVES_S 0.6 // drivers take so long, and brake as gently as that, for one who waits
#define GIVES_M_S2 2.0
#define KEEPS_M_S2 4.0 // who has begun to brake for that goes on, if need be up to this
#define STOPS_M_S2 6.0 // and so hard for one who is in the bend
#define YIELDS_S                                                                                   \
    75.0 // who has stood so long at the line for bends goes before those who came later: a cycle of signals
#define YIELDS_MOST_S 140.0 // and before all who only want one
#define SPARE_M 1.0
#define STANDS_M_S 0.3
#define NEAR_M 3.0 // who stands so near before a bend waits for it
#define ROOM_M 2.0
#define FLOWS_M_S 6.0
#define STRANGER_S 4.0 // whoever is not of the traffic is let by that comes within this
#define STRANGER_M 6.0

static bt_body_kind body_of(const bt_traffic *t, uint32_t index)
{
    return bt_sweep_body(&t->actors[t->car_actor[index]].vehicle);
}

static double nose_of(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    return bt_car_front(&t->actors[t->car_actor[index]].vehicle, car) - car->q_m;
}

// ---- the bends of a way -----------------------------------------------------------------------
// A bend that a vehicle has not left yet, in q.
typedef struct bend_ahead {
    const bt_lane_bend *bend;
    double from_m, to_m;
    uint32_t slot;
} bend_ahead;

typedef struct bends {
    bend_ahead at[BT_CLAIMS];
    uint32_t count;
} bends;

// Is the other lane's stretch a part of the vehicle's own way, before or behind the bend? One that it comes along on
// another round is others' lane still.
static bool is_own(const bt_itinerary *way, uint32_t slot, const bt_lane_bend *b)
{
    double start = bt_itinerary_start(way, slot);
    double other_from = fmin(b->other_from_m[BT_BODY_CAR], b->other_from_m[BT_BODY_LONG]);
    double other_to = fmax(b->other_to_m[BT_BODY_CAR], b->other_to_m[BT_BODY_LONG]);
    for (uint32_t i = way->first; i < way->tail; i++) {
        double at = bt_itinerary_start(way, i);
        bool near =
            at + other_from < start + b->to_m + OWN_M && at + other_to > start + b->from_m - OWN_M;
        if (bt_itinerary_lane(way, i) == b->other && near) return true;
    }
    return false;
}

static void find_bends(const bt_traffic *t, const bt_car *car, bends *all)
{
    const bt_itinerary *way = &car->way;
    all->count = 0;
    for (uint32_t slot = way->first; slot < way->tail; slot++) {
        double start = bt_itinerary_start(way, slot);
        const bt_lane_path *path = &t->graph->lanes[bt_itinerary_lane(way, slot)];
        if (start > car->q_m + KEPT_M + EARLY_M) break;
        for (uint32_t i = 0; i < path->bend_count && all->count < BT_CLAIMS; i++) {
            const bt_lane_bend *b = &t->graph->bends[path->first_bend + i];
            bool near = start + b->to_m >= car->q_m && start + b->from_m < car->q_m + KEPT_M;
            if (near && !is_own(way, slot, b))
                all->at[all->count++] = (bend_ahead){b, start + b->from_m, start + b->to_m, slot};
        }
    }
}

// Whoever is in a bend has it.
static bool has(const bt_car *car, const bend_ahead *b)
{
    return b->from_m <= car->bend_m || b->from_m <= car->q_m;
}

// Where the bends begin and end that have to be taken at once: the next one, those that overlap with it, and all
// that begin before to_m. False: there is none before slot `end`.
static bool next_bends(const bt_car *car, const bends *all, uint32_t end, double *from, double *to)
{
    bool any = false;
    double until = *to;
    *from = BT_FAR_M;
    for (uint32_t i = 0; i < all->count; i++)
        if (!has(car, &all->at[i]) && all->at[i].slot < end && all->at[i].from_m < *from)
            *from = all->at[i].from_m, *to = fmax(until, all->at[i].to_m), any = true;
    for (bool grown = any; grown;) {
        grown = false;
        for (uint32_t i = 0; i < all->count; i++) {
            const bend_ahead *b = &all->at[i];
            if (has(car, b) || b->slot >= end || b->from_m > *to || b->to_m <= *to) continue;
            *to = b->to_m;
            grown = true;
        }
    }
    return any;
}

// ---- claims -----------------------------------------------------------------------------------
static void claim(const bt_traffic *t, uint32_t index, const bend_ahead *b, bool granted)
{
    bt_round *r = t->round;
    bt_claim *c = &r->claims[r->claim_count++];
    *c = (bt_claim){.car = index, .lane = b->bend->other, .granted = granted};
    for (int body = 0; body < BT_BODY_COUNT; body++) {
        c->from_m[body] = b->bend->other_from_m[body];
        c->to_m[body] = b->bend->other_to_m[body];
    }
}

// Claims those that it has (granted), or those of [from, to] that it has not.
static void claim_all(const bt_traffic *t, uint32_t index, const bends *all, bool granted,
                      double from, double to)
{
    const bt_car *car = &t->cars[index];
    bt_round *r = t->round;
    for (uint32_t i = 0; i < all->count && r->claim_count < r->claims_most; i++) {
        const bend_ahead *b = &all->at[i];
        bool wanted = !has(car, b) && b->from_m >= from && b->from_m <= to;
        if (granted ? has(car, b) : wanted) claim(t, index, b, granted);
    }
}

void bt_traffic_note_bends(const bt_traffic *t)
{
    t->round->claim_count = 0;
    for (uint32_t i = 0; i < t->car_count; i++) {
        bends all;
        if (t->cars[i].parked || body_of(t, i) != BT_BODY_LONG) continue;
        find_bends(t, &t->cars[i], &all);
        claim_all(t, i, &all, true, 0.0, 0.0);
    }
}

// ---- is it free? ------------------------------------------------------------------------------
// Does it hold a junction that it has not left yet when its rear end is there? Whoever does goes on, as others
// wait for that; who has not been cleared waits before the junction.
static bool holds_beyond(const bt_traffic *t, const bt_car *car, double rear_m)
{
    for (uint32_t i = 0; i < car->hold_count; i++)
        if (rear_m < bt_itinerary_slot_end(t->graph, &car->way, car->hold[i].end - 1)) return true;
    return false;
}

// May a driver stop so far ahead for one who waits?
static bool may_give(const bt_traffic *t, uint32_t index, double gap)
{
    const bt_car *car = &t->cars[index];
    const bt_actor_desc *d = &t->actors[t->car_actor[index]];
    double rear = bt_car_rear(&d->vehicle, car) + gap - SPARE_M;
    return !d->emergency && !holds_beyond(t, car, rear);
}

// Has it stood for long for those who want bends or have them, and for longer than this one stands, or for very long?
static bool has_yielded(const bt_traffic *t, uint32_t index, uint32_t to)
{
    uint32_t ticks = t->cars[index].yield_ticks;
    double time_s = ticks * t->decision_s;
    return time_s > YIELDS_MOST_S || (time_s > YIELDS_S && ticks > t->cars[to].stands);
}

// Will it, with ease? Not if that has been enough.
static bool gives(const bt_traffic *t, uint32_t index, uint32_t to, double gap)
{
    double v = t->cars[index].speed_m_s;
    bool eases = v < 0.1 || v * GIVES_S + v * v / (2.0 * GIVES_M_S2) + SPARE_M < gap;
    return eases && !has_yielded(t, index, to) && may_give(t, index, gap);
}

// Does a long vehicle itself wait for a bend before it would be so far ahead?
static bool waits_before(const bt_traffic *t, uint32_t index, double gap)
{
    const bt_car *car = &t->cars[index];
    bends all;
    double from, to = 0.0;
    if (body_of(t, index) != BT_BODY_LONG) return false;
    find_bends(t, car, &all);
    return next_bends(car, &all, car->way.tail, &from, &to) && from - car->q_m < gap;
}

// Is a driver on the stretch of the other lane, or about to be? `wants`: who wants the bend.
static bool is_in_bend(const bt_traffic *t, uint32_t index, uint32_t wants, const bt_lane_bend *b)
{
    const bt_car *car = &t->cars[index];
    const bt_itinerary *way = &car->way;
    bt_body_kind body = body_of(t, index);
    for (uint32_t slot = way->first; slot < way->tail; slot++) {
        double at = car->q_m - bt_itinerary_start(way, slot);
        if (at < -SEES_M) break;
        if (bt_itinerary_lane(way, slot) != b->other || at > b->other_to_m[body]) continue;
        double gap = b->other_from_m[body] - at;
        if (gap > BT_FAR_M / 2) continue;
        if (gap <= 0.0 || !(gives(t, index, wants, gap) || waits_before(t, index, gap)))
            return true;
    }
    return false;
}

// The car that is driven by commands, and whoever is led.
static bool stranger_comes(const bt_traffic *t, const bt_obstacle *o, const bt_lane_bend *b)
{
    double from = b->other_from_m[BT_BODY_CAR], to = b->other_to_m[BT_BODY_CAR];
    if (o->walker || o->part != 0 || o->speed_m_s < 0.5 || from > to) return false;
    bt_lane_point p = bt_lane_graph_at(t->graph, b->other, 0.5 * (from + to));
    double reach = 0.5 * (to - from) + STRANGER_M + STRANGER_S * o->speed_m_s;
    double dx = o->box.x_m - p.x_m, dy = o->box.y_m - p.y_m;
    return dx * dx + dy * dy < reach * reach && fabs(o->box.z_low_m - p.z_m) < 3.0;
}

static bool bend_free(const bt_traffic *t, uint32_t index, const bt_lane_bend *b)
{
    const bt_grid *grid = &t->round->grid;
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (o->actor == t->car_actor[index] || o->part != 0) continue;
        if (o->car != BT_SIM_NONE && bt_car_has_made_room(&t->cars[o->car], index)) continue;
        bool there =
            o->car != BT_SIM_NONE ? is_in_bend(t, o->car, index, b) : stranger_comes(t, o, b);
        if (there) return bt_traffic_wait(t, index, BT_WAIT_BEND, o->car);
    }
    return true;
}

// Has another long vehicle a stretch of this one's way before to_m?
static bool taken_by_another(const bt_traffic *t, uint32_t index, double to_m)
{
    const bt_car *car = &t->cars[index];
    const bt_itinerary *way = &car->way;
    for (uint32_t i = 0; i < t->round->claim_count; i++) {
        const bt_claim *c = &t->round->claims[i];
        if (c->car == index || !c->granted) continue;
        if (bt_car_has_made_room(&t->cars[c->car], index)) continue;
        for (uint32_t slot = way->first; slot < way->tail; slot++) {
            double start = bt_itinerary_start(way, slot);
            if (bt_itinerary_lane(way, slot) != c->lane) continue;
            if (car->q_m < start + c->to_m[BT_BODY_LONG] && start + c->from_m[BT_BODY_LONG] < to_m)
                return !bt_traffic_wait(t, index, BT_WAIT_BEND, c->car);
        }
    }
    return false;
}

// Somebody slow ahead, so that it would come to stand in the bend?
static bool no_room_behind(const bt_traffic *t, uint32_t index, double to_m)
{
    const bt_car *car = &t->cars[index];
    if (car->leader == BT_SIM_NONE || car->leader_m_s > FLOWS_M_S) return false;
    double v = fmax(car->leader_m_s, 0.0), rest = car->leader_q_m + v * v / (2.0 * COMFORT_M_S2);
    return rest < to_m + nose_of(t, index) + ROOM_M;
}

static bool all_free(const bt_traffic *t, uint32_t index, const bends *all, double from, double to)
{
    const bt_car *car = &t->cars[index];
    bt_grid *grid = &t->round->grid;
    if (taken_by_another(t, index, to)) return false;
    bt_grid_begin(grid);
    bt_grid_gather(grid, car->x_m - SEES_M, car->y_m - SEES_M, car->x_m + SEES_M,
                   car->y_m + SEES_M);
    for (uint32_t i = 0; i < all->count; i++) {
        const bend_ahead *b = &all->at[i];
        if (has(car, b) || b->from_m < from || b->from_m > to) continue;
        if (!bend_free(t, index, b->bend)) return false;
    }
    return true;
}

// ---- taking -----------------------------------------------------------------------------------
// Up to where bends may be given without those of slots from `first` on, or any that are not in view yet.
static double most_without(const bt_car *car, const bends *all, uint32_t first)
{
    double from = car->q_m + KEPT_M;
    for (uint32_t i = 0; i < all->count; i++)
        if (!has(car, &all->at[i]) && all->at[i].slot >= first)
            from = fmin(from, all->at[i].from_m);
    return from - 0.01;
}

// The first slot from one on that is in a junction.
static uint32_t next_junction(const bt_traffic *t, const bt_itinerary *way, uint32_t slot)
{
    while (slot < way->tail &&
           t->graph->lanes[bt_itinerary_lane(way, slot)].junction == BT_ROAD_NONE)
        slot++;
    return slot;
}

bool bt_traffic_take_bends_of(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    bt_car *car = &t->cars[index];
    bends all;
    double from, out = bt_passage_out(t, index, p), to = out;
    if (body_of(t, index) != BT_BODY_LONG) return true;
    find_bends(t, car, &all);
    // those of the next junction are not given with this one, nor those that begin where it is out
    uint32_t end = next_junction(t, &car->way, p->end);
    if (!next_bends(car, &all, end, &from, &to) || from > out) return true;
    if (!all_free(t, index, &all, from, to)) return false;
    claim_all(t, index, &all, false, from, to);
    for (uint32_t i = 0; i < t->round->claim_count; i++)
        if (t->round->claims[i].car == index) t->round->claims[i].granted = true;
    car->bend_m = fmax(car->bend_m, fmin(to, most_without(car, &all, end)));
    return true;
}

// Is it near enough to ask, and first in its queue?
static bool may_ask(const bt_car *car, double from)
{
    double v = car->speed_m_s, distance = from - car->q_m;
    if (distance > v * v / (2.0 * COMFORT_M_S2) + v * ASK_S + ASK_M) return false;
    return car->leader == BT_SIM_NONE || car->leader_q_m > from;
}

// The next bends, if they are not those of a junction that it is not cleared for: those are taken with it.
static void take_next(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    const bt_passage *p = &t->round->passages[index];
    bool passage = p->junction != BT_ROAD_NONE;
    bends all;
    double from, to = 0.0, out = 0.0;
    find_bends(t, car, &all);
    bool before = next_bends(car, &all, passage ? p->first : car->way.tail, &from, &to);
    if (!before && passage) to = out = bt_passage_out(t, index, p); // those are taken at once
    bool in_passage = !before && passage &&
                      next_bends(car, &all, next_junction(t, &car->way, p->end), &from, &to) &&
                      from <= out;
    if (!(before || in_passage) || !may_ask(car, from)) return;
    // one that cannot go yet keeps nobody back
    if (in_passage && bt_traffic_signal_stop(t, index) < p->exit_m) return;
    if (no_room_behind(t, index, to)) {
        bt_traffic_wait_for_leader(t, index);
        return;
    }
    double most = most_without(car, &all, passage ? p->first : car->way.tail);
    bool first = car->goes_first && bt_traffic_way_is_free(t, index);
    bool granted = !in_passage && from <= most && (first || all_free(t, index, &all, from, to));
    if (granted) car->bend_m = fmax(car->bend_m, fmin(to, most));
    for (uint32_t i = 0; i < all.count && t->round->claim_count < t->round->claims_most; i++)
        if (all.at[i].from_m >= from && all.at[i].from_m <= to)
            claim(t, index, &all.at[i], granted);
}

// ---- stopping ---------------------------------------------------------------------------------
// Is a vehicle on one of the stretches that another claims? Then it goes on until it has left them all.
static bool is_within(const bt_traffic *t, uint32_t index, uint32_t claimer)
{
    const bt_car *car = &t->cars[index];
    bt_body_kind body = body_of(t, index);
    for (uint32_t i = 0; i < t->round->claim_count; i++) {
        const bt_claim *c = &t->round->claims[i];
        for (uint32_t slot = car->way.first; c->car == claimer && slot < car->way.tail; slot++) {
            double at = car->q_m - bt_itinerary_start(&car->way, slot);
            if (at < c->from_m[body] - SEES_M) break;
            if (bt_itinerary_lane(&car->way, slot) == c->lane && at >= c->from_m[body] &&
                at <= c->to_m[body])
                return true;
        }
    }
    return false;
}

// For a claim of another's on one's way.
static double stop_for(const bt_traffic *t, uint32_t index, const bt_claim *c)
{
    const bt_car *car = &t->cars[index];
    const bt_itinerary *way = &car->way;
    bt_body_kind body = body_of(t, index);
    for (uint32_t slot = way->first; slot < way->tail; slot++) {
        double start = bt_itinerary_start(way, slot), gap = start + c->from_m[body] - car->q_m;
        if (start > car->q_m + SEES_M) break;
        if (bt_itinerary_lane(way, slot) != c->lane || gap <= 0.0 || gap > SEES_M) continue;
        if (!c->granted && car->q_m + gap <= car->bend_m) continue; // it has that bend
        if (is_within(t, index, c->car)) return BT_FAR_M;
        double need = car->speed_m_s * car->speed_m_s / (2.0 * fmax(gap - 0.5 * SPARE_M, 0.1));
        bool stops = c->granted ? need < STOPS_M_S2 : need < KEEPS_M_S2 && may_give(t, index, gap);
        if (stops) return car->q_m + gap + nose_of(t, index);
    }
    return BT_FAR_M;
}

// Does a claimer come behind a driver on its way? Before its bend that one is gone, but if it stops.
static bool comes_behind(const bt_traffic *t, uint32_t claimer, uint32_t index)
{
    return t->cars[claimer].leader == t->car_actor[index] && bt_traffic_leads(t, claimer);
}

double bt_traffic_others_bend_stop(const bt_traffic *t, uint32_t index, uint32_t *by)
{
    double line = BT_FAR_M;
    if (t->cars[index].goes_first && bt_traffic_way_is_free(t, index)) return line;
    for (uint32_t i = 0; i < t->round->claim_count; i++) {
        const bt_claim *c = &t->round->claims[i];
        bool counts = c->car != index && !bt_car_has_made_room(&t->cars[c->car], index) &&
                      !comes_behind(t, c->car, index);
        counts = counts && (c->granted || !has_yielded(t, index, c->car));
        double stop = counts ? stop_for(t, index, c) : BT_FAR_M;
        if (stop >= line) continue;
        line = stop;
        *by = c->car;
    }
    return line;
}

double bt_traffic_bend_stop(const bt_traffic *t, uint32_t index)
{
    uint32_t by;
    double line = bt_traffic_others_bend_stop(t, index, &by), from, to = 0.0;
    bends all;
    if (line < t->cars[index].q_m + nose_of(t, index) + NEAR_M)
        bt_traffic_wait(t, index, BT_WAIT_BEND, by);
    if (body_of(t, index) != BT_BODY_LONG) return line;
    find_bends(t, &t->cars[index], &all);
    if (!next_bends(&t->cars[index], &all, t->cars[index].way.tail, &from, &to)) return line;
    return fmin(line, from + nose_of(t, index));
}

// ---- each round -------------------------------------------------------------------------------
// Counts for how long it stands for those who want bends or have them; from when that has been enough until there are none.
static void count_yielding(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    double line = BT_FAR_M;
    for (uint32_t i = 0; i < t->round->claim_count; i++) {
        const bt_claim *c = &t->round->claims[i];
        if (c->car != index) line = fmin(line, stop_for(t, index, c));
    }
    // those behind the first in a queue have a time of their own: else all of them would go at once
    bool first = line < car->q_m + nose_of(t, index) + NEAR_M;
    bool counts =
        (first && car->speed_m_s < STANDS_M_S) || car->yield_ticks * t->decision_s > YIELDS_S;
    car->yield_ticks = line >= BT_FAR_M ? 0 : counts ? car->yield_ticks + 1 : car->yield_ticks;
}

void bt_traffic_take_bends(const bt_traffic *t)
{
    for (uint32_t i = 0; i < t->car_count; i++)
        if (!t->cars[i].parked && t->cars[i].lets_by == BT_SIM_NONE &&
            body_of(t, i) == BT_BODY_LONG)
            take_next(t, i);
    for (uint32_t i = 0; i < t->car_count; i++) {
        const bt_car *car = &t->cars[i];
        bool stands = car->speed_m_s < STANDS_M_S && t->round->claim_count > 0;
        if (!car->parked && (stands || car->yield_ticks > 0)) count_yielding(t, i);
    }
}
