// unlock.c: drivers who wait for each other in a circle: who goes back, and who goes first.
//
// Each driver who stands waits for one other at most (bt_wait), though it may be kept back by several: all that are
// noted are true. So the drivers form a graph in which each has one way out, and where nobody can ever go on, following
// it comes to a circle (Coffman, Elphick, Shoshani 1971, "System deadlocks", from memory). A circle whose
// members all have stood for some seconds is dissolved, the cheapest way first:
//
// - One who stands in the way of the one that waits for it goes back over its own trail (trail.h), out of all the ground
//   that the other needs for its next SEES_M; those behind it go back before it. They keep back until the other is past.
// - If nobody's body is in another's way, the one with the lowest index of those who wait for a junction or a bend goes
//   first. On a full ring, where all wait for room behind the next junction, those with a gap before them close up.
//
// The same state gives the same choice: costs are compared exactly, then indices.
#include "engine/sim/passage.h"

#include <math.h>

#define STANDS_S 8.0 // everybody in a circle has
#define LOOK_S 1.0   // between looks for circles
#define SEES_M 30.0
#define EVERY_M 1.0
#define STEP_M 0.5
#define PACE_M_S 2.0 // of who is let by
#define ROOM_M 0.4   // round who is let by
#define OWN_ROOM_M 0.1
#define BEHIND_M 0.3 // that is to stay free behind
#define SPARE_M 0.5
#define BACK_M_S 0.8
#define BACK_M_S2 0.4 // with which it comes to stand: less than it can (car.c)
#define QUEUE_MOST 16 // so many go back at once
#define QUEUE_COST_M 10.0
#define LONG_COST_M 200.0
#define GIVES_UP_S 25.0 // when the other does not go, or it does not get back
#define MOST_S 150.0
#define FIRST_S 20.0
#define CLOSES_UP_M 6.0
#define COMES_S 3.0 // who backs up stops for those who come so soon
#define COMES_M 40.0
#define NEAR_M 40.0

static const bt_vehicle *vehicle_of(const bt_traffic *t, uint32_t car)
{
    return &t->actors[t->car_actor[car]].vehicle;
}

uint32_t bt_traffic_car_of(const bt_traffic *t, uint32_t actor)
{
    uint32_t low = 0, high = t->car_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (t->car_actor[middle] < actor)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->car_count && t->car_actor[low] == actor ? low : BT_SIM_NONE;
}

bool bt_traffic_wait(const bt_traffic *t, uint32_t index, bt_wait_kind kind, uint32_t other)
{
    t->round->waits[index] = (bt_wait){kind, other};
    return false;
}

static bool has_stood(const bt_traffic *t, uint32_t index, double seconds)
{
    return t->cars[index].stands * t->decision_s > seconds;
}

// ---- ground -----------------------------------------------------------------------------------
#define GROUND_MOST 64

// What a vehicle needs on its way: its bodies, and how far its axle has gone then.
typedef struct ground {
    bt_footprint boxes[GROUND_MOST];
    double way_m[GROUND_MOST];
    uint32_t count;
} ground;

static void find_ground(const bt_traffic *t, uint32_t index, double ahead_m, ground *w)
{
    const bt_vehicle *v = vehicle_of(t, index);
    bt_car at = t->cars[index];
    w->count = 0;
    for (double way = 0.0; way < ahead_m && w->count + 2 <= GROUND_MOST; way += EVERY_M) {
        for (double step = 0.0; step < EVERY_M; step += STEP_M)
            bt_car_roll(t->graph, v, STEP_M, PACE_M_S, &at);
        uint32_t n = bt_sweep_boxes(t->graph, v, &at, ROOM_M, 0.0, &w->boxes[w->count]);
        for (uint32_t k = 0; k < n; k++)
            w->way_m[w->count++] = way + EVERY_M;
    }
}

// Up to where another's way leads over a vehicle at a place; 0: it does not.
static double covers(const bt_traffic *t, const ground *w, uint32_t index, const bt_car *at)
{
    bt_footprint own[2];
    double last = 0.0;
    uint32_t n = bt_sweep_boxes(t->graph, vehicle_of(t, index), at, OWN_ROOM_M, 0.0, own);
    for (uint32_t i = 0; i < w->count; i++)
        for (uint32_t k = 0; k < n; k++)
            if (bt_footprint_overlap(&w->boxes[i], &own[k])) last = w->way_m[i];
    return last;
}

// Is somebody in a box, or there within COMES_S?
static bool comes_into(const bt_obstacle *o, const bt_footprint *box)
{
    bt_footprint there = o->box;
    double step = o->box.half_width_m, left = o->speed_m_s * COMES_S;
    if (o->speed_m_s < 0.2) return bt_footprint_overlap(box, &there);
    for (; left > 0.0; left -= step) {
        if (bt_footprint_overlap(box, &there)) return true;
        there.x_m += step * bt_cos(o->heading_rad);
        there.y_m += step * bt_sin(o->heading_rad);
    }
    return false;
}

// The first body in a box but one's own; NULL: none.
static const bt_obstacle *body_in(const bt_traffic *t, uint32_t index, const bt_footprint *box)
{
    double reach = t->radius_max_m + box->half_length_m + box->half_width_m + COMES_M;
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, box->x_m - reach, box->y_m - reach, box->x_m + reach, box->y_m + reach);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        bool other = o->part != BT_PART_SWEEP && o->actor != t->car_actor[index];
        if (other && comes_into(o, box)) return o;
    }
    return NULL;
}

// Does anybody drive within so far?
static bool somebody_drives(const bt_traffic *t, uint32_t index, double near_m)
{
    const bt_car *car = &t->cars[index];
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, car->x_m - near_m, car->y_m - near_m, car->x_m + near_m,
                   car->y_m + near_m);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (!o->walker && o->actor != t->car_actor[index] && o->speed_m_s > BT_MOVING_M_S)
            return true;
    }
    return false;
}

bool bt_traffic_way_is_free(const bt_traffic *t, uint32_t index)
{
    ground w;
    if (somebody_drives(t, index, NEAR_M)) return false;
    find_ground(t, index, SEES_M, &w);
    for (uint32_t i = 0; i < w.count; i++)
        if (body_in(t, index, &w.boxes[i])) return false;
    return true;
}

// ---- going back -------------------------------------------------------------------------------
// How far a driver has to go back to be out of another's way; negative: its trail does not lead out.
static double way_out(const bt_traffic *t, const ground *w, uint32_t index)
{
    bt_car at = t->cars[index];
    for (double way = 0.0;; way += STEP_M) {
        if (covers(t, w, index, &at) <= 0.0) return way;
        if (bt_car_roll_back(STEP_M, &at) < STEP_M) return -1.0;
    }
}

// Who is in the way of one who goes back so far; NULL: nobody. Short of way_m where the trail ends: *reaches false.
static const bt_obstacle *who_is_behind(const bt_traffic *t, uint32_t index, double way_m,
                                        bool *reaches)
{
    const bt_vehicle *v = vehicle_of(t, index);
    bt_car at = t->cars[index];
    *reaches = true;
    for (double way = 0.0; way < way_m; way += STEP_M) {
        bt_footprint own[2];
        *reaches = *reaches && bt_car_roll_back(STEP_M, &at) >= STEP_M;
        if (!*reaches) return NULL;
        uint32_t n = bt_sweep_boxes(t->graph, v, &at, OWN_ROOM_M, 0.0, own);
        for (uint32_t k = 0; k < n; k++) {
            const bt_obstacle *o = body_in(t, index, &own[k]);
            if (o) return o;
        }
    }
    return NULL;
}

// Drivers who go back together, the first one first.
typedef struct retreat {
    uint32_t cars[QUEUE_MOST];
    uint32_t count, lets_by;
    double way_m, past_m, cost_m;
} retreat;

static bool may_go_back(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    return !car->parked && car->lets_by == BT_SIM_NONE && has_stood(t, index, STANDS_S * 0.5) &&
           !bt_vehicle_is_cycle(vehicle_of(t, index));
}

// Adds the first one, and who has to go back before it, and so on; false: one of them cannot, or not now.
static bool add_queue(const bt_traffic *t, uint32_t first, retreat *r)
{
    for (uint32_t car = first; r->count < QUEUE_MOST;) {
        bool reaches;
        if (car == r->lets_by || !may_go_back(t, car)) return false;
        r->cars[r->count++] = car;
        r->cost_m += QUEUE_COST_M;
        if (bt_sweep_concerns(vehicle_of(t, car))) r->cost_m += LONG_COST_M;
        const bt_obstacle *o = who_is_behind(t, car, r->way_m + BEHIND_M, &reaches);
        if (!o) return reaches || r->count > 1;
        if (o->car == BT_SIM_NONE) return false;
        car = o->car;
    }
    return false;
}

// What it takes that one who stands in another's way gets out of it; false: cannot be done now.
static bool plan_retreat(const bt_traffic *t, uint32_t waits, uint32_t stands, retreat *r)
{
    ground w;
    find_ground(t, waits, SEES_M, &w);
    double way = way_out(t, &w, stands);
    if (way <= 0.0 || stands == waits) return false;
    *r = (retreat){.lets_by = waits, .way_m = way + SPARE_M, .cost_m = way};
    r->past_m = t->cars[waits].q_m + covers(t, &w, stands, &t->cars[stands]) + EVERY_M;
    return add_queue(t, stands, r);
}

static void begin_retreat(const bt_traffic *t, const retreat *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        bt_car *car = &t->cars[r->cars[i]];
        car->lets_by = r->lets_by;
        car->lets_by_ticks = 0;
        car->let_by_q_m = r->past_m;
        car->back_left_m = r->way_m;
        car->wait = (bt_wait){BT_WAIT_LET_BY, r->lets_by};
    }
}

static bool is_let_by(const bt_traffic *t, const bt_car *car)
{
    const bt_car *other = &t->cars[car->lets_by];
    double since = car->lets_by_ticks * t->decision_s;
    bool waits = other->stands * t->decision_s > GIVES_UP_S && since > GIVES_UP_S;
    // somebody may have closed up behind it since, who will be asked too
    bool cannot = car->stands * t->decision_s > GIVES_UP_S;
    return other->q_m > car->let_by_q_m || since > MOST_S ||
           (waits && (car->back_left_m <= 0.0 || cannot));
}

void bt_traffic_let_by(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    double v = fabs(car->speed_m_s);
    bool reaches, done = car->back_left_m <= 0.0 || is_let_by(t, car);
    double see = v * v / (2.0 * BACK_M_S2) + BEHIND_M + STEP_M;
    bool free = !done && !who_is_behind(t, index, see, &reaches);
    car->back_m_s =
        free ? fmin(BACK_M_S, sqrt(2.0 * BACK_M_S2 * fmax(car->back_left_m, 0.0))) : 0.0;
    if (car->back_left_m < 0.02) car->back_left_m = car->back_m_s = 0.0;
    car->lets_by_ticks++;
    car->accel_wanted_m_s2 = -1.0;
    car->lamps = bt_car_backs(car) ? BT_LAMP_REVERSE : BT_LAMP_BRAKE;
    if (is_let_by(t, car) && !bt_car_backs(car)) car->lets_by = BT_SIM_NONE;
}

// ---- circles ----------------------------------------------------------------------------------
// Who comes after in a chain of those who wait; BT_SIM_NONE: it ends.
static uint32_t next_in_chain(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    // while somebody goes back there is hope
    bool waits = car->lets_by == BT_SIM_NONE && !car->parked && has_stood(t, index, STANDS_S);
    return waits && car->wait.kind != BT_WAIT_NONE ? car->wait.car : BT_SIM_NONE;
}

// Somebody in the circle that a chain ends in; BT_SIM_NONE: it ends in none. Brent's way: a mark that is set anew after
// 1, 2, 4... steps is met again.
static uint32_t find_circle(const bt_traffic *t, uint32_t index)
{
    uint32_t mark = index, power = 1, steps = 0;
    for (uint32_t at = next_in_chain(t, index); at != BT_SIM_NONE; at = next_in_chain(t, at)) {
        if (at == mark) return at;
        if (++steps == power) mark = at, power *= 2, steps = 0;
    }
    return BT_SIM_NONE;
}

static bool best_retreat(const bt_traffic *t, uint32_t first, retreat *best)
{
    bool any = false;
    uint32_t waits = first;
    do {
        uint32_t stands = t->cars[waits].wait.car;
        retreat r = {0};
        if (plan_retreat(t, waits, stands, &r) && (!any || r.cost_m < best->cost_m)) {
            *best = r;
            any = true;
        }
        waits = stands;
    } while (waits != first);
    return any;
}

// On a full ring everybody waits for room behind the next junction: those who have a gap before them close up.
static bool may_close_up(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    bt_passage p;
    if (car->wait.kind != BT_WAIT_EXIT || !bt_traffic_next_passage(t, index, &p)) return false;
    return bt_slot_path(t, car, p.first)->has_way &&
           car->leader_q_m - bt_car_front(vehicle_of(t, index), car) > CLOSES_UP_M;
}

// Somebody who is kept back by a rule alone, with nobody on its way.
static void let_one_go_first(const bt_traffic *t, uint32_t first)
{
    uint32_t at = first, best = BT_SIM_NONE;
    do {
        uint32_t kind = t->cars[at].wait.kind;
        bool by_rule = kind == BT_WAIT_JUNCTION || kind == BT_WAIT_BEND || kind == BT_WAIT_EXIT;
        if (may_close_up(t, at)) t->cars[at].goes_first = (uint32_t)(FIRST_S / t->decision_s);
        if (by_rule && at < best && bt_traffic_way_is_free(t, at)) best = at;
        at = t->cars[at].wait.car;
    } while (at != first);
    if (best != BT_SIM_NONE) t->cars[best].goes_first = (uint32_t)(FIRST_S / t->decision_s);
}

// The lowest index of a circle.
static uint32_t first_of(const bt_traffic *t, uint32_t member)
{
    uint32_t first = member;
    for (uint32_t at = t->cars[member].wait.car; at != member; at = t->cars[at].wait.car)
        first = at < first ? at : first;
    return first;
}

static void dissolve(const bt_traffic *t, uint32_t member)
{
    retreat r = {0};
    uint32_t first = first_of(t, member);
    if (best_retreat(t, first, &r))
        begin_retreat(t, &r);
    else
        let_one_go_first(t, first);
}

static void count_standing(const bt_traffic *t)
{
    for (uint32_t i = 0; i < t->car_count; i++) {
        bt_car *car = &t->cars[i];
        car->stands = fabs(car->speed_m_s) < 0.05 && !car->parked ? car->stands + 1 : 0;
        if (car->goes_first > 0) car->goes_first--;
    }
}

void bt_traffic_unlock(const bt_traffic *t)
{
    count_standing(t);
    int64_t every = (int64_t)(LOOK_S / t->decision_s + 0.5);
    int64_t round = (int64_t)(bt_seconds(t->time_ns) / t->decision_s + 0.5);
    if (round % every != 0) return;
    for (uint32_t i = 0; i < t->car_count; i++) {
        // each circle once: by its lowest index
        uint32_t member = find_circle(t, i);
        if (member != BT_SIM_NONE && first_of(t, member) == i) dissolve(t, member);
    }
}
