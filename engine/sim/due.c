// due.c: see due.h.
#include "engine/sim/due.h"

#include "engine/sim/passage.h"

#define MISSED_S 8.0  // who has stood first at its line for so much of a green has missed it
#define AT_LINE_M 6.0 // so near
#define STARTS_M_S 0.8
#define COMFORT_M_S2 1.5 // brakes so hard to let one go first
#define STUCK_S 4.0      // who has stood in a junction for so long for people is let go by others
#define KEPT_S 20.0      // and who has stood for so long of a green before one

// Is it first at its line, standing, with nothing red before it?
static bool stands_at_green(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    const bt_car *car = &t->cars[index];
    double left = p->line_m - bt_car_front(bt_vehicle_of(t, index), car);
    if (p->junction == BT_ROAD_NONE || left > AT_LINE_M || car->speed_m_s > STARTS_M_S)
        return false;
    bool first = car->leader == BT_SIM_NONE || car->leader_q_m >= p->entry_m;
    return first && bt_traffic_signal_stop(t, index) >= p->exit_m;
}

// Is it cleared for a junction that it has not entered yet?
static bool is_about_to_enter(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    if (car->hold_count == 0) return false;
    const bt_hold *h = &car->hold[car->hold_count - 1];
    return h->first > car->way.head && bt_car_front(bt_vehicle_of(t, index), car) <
                                           bt_passage_entry(t, index, h->first, h->end);
}

void bt_due_count(const bt_traffic *t, uint32_t index, const bt_passage *p)
{
    bt_car *car = &t->cars[index];
    // one that is cleared may have to give that back, for people
    bool green = car->green_ticks > 0 && is_about_to_enter(t, index);
    if (green || stands_at_green(t, index, p)) {
        car->green_ticks++;
        return;
    }
    if (car->green_ticks * t->decision_s >= MISSED_S)
        car->missed = car->missed < BT_DUE_GREENS ? car->missed + 1 : 0;
    car->green_ticks = 0;
}

// ---- who is -----------------------------------------------------------------------------------
static bool holds_in(const bt_traffic *t, uint32_t index, uint32_t junction)
{
    const bt_car *car = &t->cars[index];
    for (uint32_t i = 0; i < car->hold_count; i++)
        if (car->hold[i].end > car->way.first &&
            bt_slot_path(t, car, car->hold[i].end - 1)->junction == junction)
            return true;
    return false;
}

// Does it stand for somebody on foot for long: in a junction that it is cleared for, or before one that it could enter?
static bool is_kept_by_people(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    if (car->watched == BT_SIM_NONE && car->wait.kind != BT_WAIT_ON_FOOT) return false;
    if (car->green_ticks * t->decision_s > KEPT_S) return true;
    if (car->hold_count == 0 || car->stands * t->decision_s < STUCK_S) return false;
    const bt_hold *h = &car->hold[0];
    if (h->first < car->way.first) return true;
    return bt_car_front(bt_vehicle_of(t, index), car) >
           bt_passage_entry(t, index, h->first, h->end);
}

void bt_due_note(const bt_traffic *t)
{
    bt_round *r = t->round;
    r->due_count = r->let_go_count = 0;
    for (uint32_t i = 0; i < t->car_count && r->due_count < BT_DUE; i++)
        if (!t->cars[i].parked && t->cars[i].missed > 0 && t->cars[i].green_ticks > 0 &&
            t->cars[i].lets_by == BT_SIM_NONE && t->cars[i].hold_count < BT_CAR_HOLDS)
            r->due[r->due_count++] = i;
    r->let_go_count = r->due_count;
    for (uint32_t i = 0; i < t->car_count && r->let_go_count < BT_DUE; i++)
        if (!t->cars[i].parked && is_kept_by_people(t, i)) r->due[r->let_go_count++] = i;
}

bool bt_due_is(const bt_traffic *t, uint32_t index)
{
    for (uint32_t i = 0; i < t->round->due_count; i++)
        if (t->round->due[i] == index) return true;
    return false;
}

// ---- before whom ------------------------------------------------------------------------------
static bool comes_before(const bt_traffic *t, uint32_t a, uint32_t b)
{
    const bt_car *first = &t->cars[a], *second = &t->cars[b];
    if (!bt_due_is(t, b)) return true;
    if (first->missed != second->missed) return first->missed > second->missed;
    if (first->waiting_ticks != second->waiting_ticks)
        return first->waiting_ticks > second->waiting_ticks;
    return a < b;
}

// Does one that is due wait for a driver to go, or for another who stands in its way before the junction?
static bool waits_in_vain(const bt_traffic *t, uint32_t due, uint32_t junction, uint32_t index)
{
    bt_wait w = t->round->waits[due];
    if (w.car == BT_SIM_NONE) return false;
    if (w.kind == BT_WAIT_JUNCTION) return w.car == index;
    if (w.kind != BT_WAIT_BEND && w.kind != BT_WAIT_SWEEP) return false;
    return w.car == index ||
           (t->cars[w.car].speed_m_s < STARTS_M_S && !holds_in(t, w.car, junction));
}

// Does somebody stand behind the junction where one that is due wants to go?
static bool is_full_behind(const bt_traffic *t, uint32_t due, uint32_t junction)
{
    const bt_car *car = &t->cars[due];
    uint32_t leader = bt_traffic_car_of(t, car->leader);
    if (car->leader == BT_SIM_NONE || car->leader_m_s > STARTS_M_S) return false;
    return leader == BT_SIM_NONE || (bt_traffic_leads(t, due) && !holds_in(t, leader, junction));
}

static bool lead_to_one_lane(const bt_car *a, const bt_passage *pa, const bt_car *b,
                             const bt_passage *pb)
{
    return pa->end < a->way.tail && pb->end < b->way.tail &&
           bt_itinerary_lane(&a->way, pa->end) == bt_itinerary_lane(&b->way, pb->end);
}

bool bt_due_goes_before(const bt_traffic *t, uint32_t index, const bt_passage *p, uint32_t due,
                        bool has_room)
{
    const bt_car *car = &t->cars[index];
    const bt_passage *theirs = &t->round->passages[due];
    double v = car->speed_m_s, left = p->entry_m - bt_car_front(bt_vehicle_of(t, index), car);
    if (theirs->junction != p->junction || v * v / (2.0 * COMFORT_M_S2) >= left) return false;
    if (!comes_before(t, due, index) || waits_in_vain(t, due, p->junction, index)) return false;
    if (!has_room && is_full_behind(t, due, p->junction) &&
        !lead_to_one_lane(car, p, &t->cars[due], theirs))
        return false;
    return bt_passages_cross(t, index, p, due, theirs);
}
