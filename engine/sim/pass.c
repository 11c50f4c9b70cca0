// pass.c: goes round what is parked in the lane, or slower than walking on (bicycles), and back.
//
// Beside the obstacle there is to be PARKED_ROOM_M, or CYCLIST_ROOM_M (StVO section 5 asks for 1.5 m in towns). If
// that fits into the lane nothing else counts. Otherwise the lane beside is used: it must be free of oncoming
// traffic (oncoming.c), taken to go on as fast as now (at least WAKES_M_S), until the car is back; or, where it
// goes the same way, of those behind who would have to brake. Out and back go as quintics (itinerary.h), long enough for
// SIDE_M_S2. Who has to wait stands so far behind that it can still steer out. What is parked right behind a junction is
// passed out of that, as late as can be; who finds that not free waits before the junction (right_of_way.c).
// A cyclist may get as fast as it likes while it is passed, and beyond it there must be room to come back to;
// it is not passed through a bend that has to be taken slower than that.
// Who has slowed down behind it gets faster once it is out of its way, as is planned before.
#include "engine/sim/pass_internal.h"

#include <math.h>

#define PARKED_ROOM_M 0.6
#define CYCLIST_ROOM_M 1.4
#define CYCLIST_WIDE_M 1.1 // narrower vehicles are bicycles and the like
#define SIDE_M_S2 1.5
#define RAMP_MIN_S 3.0 // metres per square root of metres: radius of 9 m
#define RAMP_MOST 0.7
#define TIGHT_M 5.4
#define QUINTIC 5.8  // most curvature of a quintic of length l and height d: 5.8 d / l^2
#define PASS_M_S 5.0 // at least so fast
#define FASTER_M_S 1.5
#define GAINS_M_S2 0.7    // less than drivers accelerate by: it is not to take longer than planned
#define ALLOWED_SHARE 0.9 // of the speed allowed, which is reached slowly
#define ROLLS_M_S 2.5     // slower ones do not steer out to pass who rides
#define BEND_M_S2 2.0     // in bends cars go slower than this
#define AFTER_M 1.5
#define WAIT_MORE_M 2.0
#define LATE_M 3.0
#define SHOWS_M 60.0
#define NEAR_SIDE_M                                                                                \
    0.4 // of the lane's middle, on the side away from traffic's: passed in the lane only

static bool is_cyclist(const bt_traffic *t, const bt_obstacle *o)
{
    return o->car != BT_SIM_NONE && t->actors[o->actor].vehicle.width_m < CYCLIST_WIDE_M;
}

// Does somebody change lane, or soon? Whoever turns left shows it.
static bool changes_soon(const bt_car *car)
{
    const bt_itinerary *way = &car->way;
    for (uint32_t slot = way->head; slot < way->tail; slot++) {
        uint32_t i = slot % BT_ITINERARY_RING;
        if (way->start_m[i] > car->q_m + SHOWS_M) break;
        if (way->from_lane[i] != BT_ROAD_NONE && car->q_m < way->shift_m[i] + way->shift_way_m[i])
            return true;
    }
    return false;
}

// What may be passed: what is parked, cyclists, and under siren who has made way.
static bool may_be_passed(const bt_traffic *t, uint32_t index, const bt_obstacle *o)
{
    if (o->walker || o->part == BT_PART_SWEEP) return false;
    bool siren = t->actors[t->car_actor[index]].emergency;
    if (siren && o->car != BT_SIM_NONE && t->cars[o->car].makes_way) return true;
    return (bt_pass_is_parked(t, o) && o->speed_m_s < 0.1) ||
           (is_cyclist(t, o) && !changes_soon(&t->cars[o->car]));
}

double bt_pass_ramp(double aside, double speed)
{
    double side = sqrt(fabs(aside));
    return fmax(RAMP_MIN_S * sqrt(QUINTIC) * side, speed * sqrt(QUINTIC / SIDE_M_S2) * side);
}

static bool left_hand(const bt_traffic *t, uint32_t lane)
{
    return bt_road_get(t->graph->net, bt_road_lane_get(t->graph->net, lane)->road)
        ->left_hand_traffic;
}

// How far aside to go; 0: not there, or there is no lane to use.
static double find_aside(const bt_traffic *t, uint32_t index, const bt_obstacle *o,
                         const bt_sight *b, bool *in_lane)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    double room = is_cyclist(t, o) ? CYCLIST_ROOM_M : PARKED_ROOM_M;
    double need = 0.5 * v->width_m + room + b->half_across;
    uint32_t lane = bt_itinerary_lane(&car->way, bt_itinerary_slot(&car->way, b->q));
    double side = left_hand(t, lane) ? -1.0 : 1.0,
           s = bt_itinerary_at(t->graph, &car->way, b->q).s_m;
    double width = bt_lane_width(t->graph->net, lane, s), spare = 0.5 * (width - v->width_m);
    // its place in the lane as it drives counts from the middle
    double away = b->aside - need, towards = b->aside + need; // pass to its right, to its left
    double out = side > 0.0 ? towards : away, in = side > 0.0 ? away : towards;
    *in_lane = true;
    if (fabs(out) <= spare) return out;
    if (fabs(in) <= spare && side * b->aside > NEAR_SIDE_M) return in;
    *in_lane = false;
    if (side * out <= 0.0) return 0.0;
    uint32_t beside = bt_lane_neighbour(t->graph->net, lane, (int)side);
    if (beside == BT_ROAD_NONE || !bt_lane_graph_drivable(t->graph, beside)) return 0.0;
    double most = spare + bt_lane_width(t->graph->net, beside, s) - 0.2;
    return fabs(out) <= most ? out : 0.0;
}

static bool in_junction(const bt_traffic *t, const bt_car *car, uint32_t slot)
{
    return t->graph->lanes[bt_itinerary_lane(&car->way, slot)].junction != BT_ROAD_NONE;
}

// The slot from which on the way is to be clear: what is parked right behind a junction is passed out of it.
static uint32_t passes_from(const bt_traffic *t, const bt_car *car, const bt_obstacle *o)
{
    uint32_t slot = car->way.head;
    while (bt_pass_is_parked(t, o) && slot + 1 < car->way.tail && in_junction(t, car, slot))
        slot++;
    return slot;
}

// Where the next junction, change of lane or end is, from a slot on.
static double clear_until(const bt_traffic *t, const bt_car *car, uint32_t slot)
{
    for (; slot < car->way.tail; slot++) {
        uint32_t i = slot % BT_ITINERARY_RING;
        if (in_junction(t, car, slot) || car->way.from_lane[i] != BT_ROAD_NONE)
            return car->way.start_m[i];
    }
    return bt_itinerary_slot_end(t->graph, &car->way, car->way.tail - 1);
}

// Is there somebody on our way beyond the cyclist who is passed, so near that we would not get back between them?
static bool closes_gap(const bt_traffic *t, uint32_t index, const bt_view *w, const bt_obstacle *o,
                       const bt_idm *idm, const bt_pass_plan *p)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    bt_sight b;
    if (o->walker || o->part == BT_PART_SWEEP || o->actor == t->car_actor[index]) return false;
    if (!bt_see_body(w, car, o, 4.0, &b) || fabs(b.above) > 2.5 || b.facing < 0.0) return false;
    if (fabs(b.aside) > 0.5 * v->width_m + b.half_across || b.q < car->q_m) return false;
    double theirs = fmax(0.0, b.along_m_s), rear = b.q - b.half_along + theirs * p->time_s;
    double front = bt_pass_end(p) + bt_car_front(v, car) - car->q_m;
    return rear < front + idm->min_gap_m + idm->headway_s * theirs;
}

static bool has_room_beyond(const bt_traffic *t, uint32_t index, const bt_view *w,
                            const bt_obstacle *passed, const bt_idm *idm, const bt_pass_plan *p)
{
    const bt_car *car = &t->cars[index];
    bt_grid *grid = &t->round->grid;
    if (!is_cyclist(t, passed)) return true;
    bt_grid_begin(grid);
    bt_grid_gather(grid, car->x_m - BT_PASS_SEES_M, car->y_m - BT_PASS_SEES_M,
                   car->x_m + BT_PASS_SEES_M, car->y_m + BT_PASS_SEES_M);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (o->actor != passed->actor && closes_gap(t, index, w, o, idm, p)) return false;
    }
    return true;
}

// Does the way bend so much before we are back that we would have to slow down?
static bool bends_before(const bt_view *w, const bt_car *car, const bt_pass_plan *p, double speed)
{
    for (uint32_t i = 1; i < w->count; i++) {
        double q = car->q_m + w->from_m + w->step_m * i;
        if (q < car->q_m || q > bt_pass_end(p)) continue;
        double turn = bt_wrap_angle(w->points[i].heading_rad - w->points[i - 1].heading_rad);
        if (speed * speed * fabs(turn) / w->step_m > BEND_M_S2) return true;
    }
    return false;
}

// Until so much is gained on one who goes at `theirs`: as fast as now for a time, then faster, up to `most`.
typedef struct gain {
    double way_m, time_s, speed_m_s;
} gain;
static gain gain_on(double left_m, double theirs, double speed, double most, double held_s)
{
    double at_first = (speed - theirs) * held_s;
    if (most <= speed || at_first >= left_m) {
        double time = left_m / (speed - theirs);
        return (gain){speed * time, time, speed};
    }
    double left = left_m - at_first, faster = speed - theirs;
    double rises_s = (most - speed) / GAINS_M_S2;
    double by_then = (faster + 0.5 * GAINS_M_S2 * rises_s) * rises_s;
    double time = (sqrt(faster * faster + 2.0 * GAINS_M_S2 * left) - faster) / GAINS_M_S2;
    if (by_then < left) time = rises_s + (left - by_then) / (most - theirs);
    double end = fmin(most, speed + GAINS_M_S2 * time);
    return (gain){left_m + theirs * (held_s + time), held_s + time, end};
}

// Who is fast enough passes as fast as it is; who has slowed down behind a cyclist gets faster beside it, up to this.
static double passes_at(const bt_traffic *t, uint32_t index, double speed, double theirs)
{
    const bt_car *car = &t->cars[index];
    if (speed >= theirs + FASTER_M_S || car->speed_m_s < ROLLS_M_S) return speed;
    return fmax(speed, ALLOWED_SHARE * bt_traffic_speed_allowed(t, index, car, car->q_m));
}

// How to pass what is ahead, on the way from a slot on; false: cannot be done here.
static bool make_plan(const bt_traffic *t, uint32_t index, const bt_view *w, const bt_obstacle *o,
                      uint32_t from_slot, bt_pass_plan *p)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    bt_sight b;
    if (!bt_see_body(w, car, o, 6.0, &b)) return false;
    double speed = fmax(car->speed_m_s, PASS_M_S), theirs = fmax(0.0, b.along_m_s);
    if (is_cyclist(t, o)) theirs = fmax(theirs, t->cars[o->car].desired_m_s);
    double most = is_cyclist(t, o) ? passes_at(t, index, speed, theirs) : speed;
    if (most < theirs + FASTER_M_S) return false;
    if (most > speed) speed = car->speed_m_s;
    p->aside_m = find_aside(t, index, o, &b, &p->in_lane);
    if (fabs(p->aside_m) < 0.05) return false;
    p->ramp_m = bt_pass_ramp(p->aside_m, car->speed_m_s);
    p->from_m = car->q_m + 0.5;
    double end = b.q + b.half_along + (car->q_m - bt_car_rear(v, car)) + AFTER_M;
    gain g = gain_on(end - car->q_m, theirs, speed, most, RAMP_MOST * p->ramp_m / speed);
    p->to_m = car->q_m + g.way_m;
    p->back_m = most > speed ? bt_pass_ramp(p->aside_m, g.speed_m_s) : p->ramp_m;
    p->time_s = g.time_s + p->back_m / g.speed_m_s;
    if (is_cyclist(t, o) && bends_before(w, car, p, g.speed_m_s)) return false;
    return bt_pass_end(p) + 5.0 < clear_until(t, car, from_slot) &&
           bt_pass_end(p) < car->q_m + BT_PASS_SEES_M;
}

static const bt_obstacle *obstacle_of(const bt_traffic *t, uint32_t actor)
{
    const bt_grid *grid = &t->round->grid;
    for (uint32_t i = 0; i < grid->found_count; i++)
        if (t->obstacles[grid->found[i]].actor == actor && t->obstacles[grid->found[i]].part == 0)
            return &t->obstacles[grid->found[i]];
    return NULL;
}

// Is back in its lane, or stays out for the next one that is parked.
static void go_on(const bt_traffic *t, uint32_t index, const bt_idm *idm, const bt_obstacle *next)
{
    bt_car *car = &t->cars[index];
    bt_itinerary *way = &car->way;
    if (car->q_m > way->pass_to_m + way->pass_back_m) way->pass_m = 0.0;
    if (!next || way->pass_m == 0.0 || car->q_m > way->pass_to_m) return;
    bt_view w;
    bt_pass_plan p;
    bt_pass_look_far(t, car, &w);
    if (!make_plan(t, index, &w, next, car->way.head, &p) || p.to_m <= way->pass_to_m) return;
    if (p.aside_m * way->pass_m < 0.0 || fabs(p.aside_m) > fabs(way->pass_m) + 0.05) return;
    p.aside_m = way->pass_m;
    if (!has_room_beyond(t, index, &w, next, idm, &p)) return;
    if (p.in_lane || bt_pass_is_free(t, index, &w, &p)) way->pass_to_m = p.to_m;
}

// By how much it comes closer to one that it passes before it is out of its way: a cyclist rides on.
static double closes_m(const bt_traffic *t, const bt_obstacle *o, const bt_car *car, double ramp_m)
{
    bool rides = is_cyclist(t, o) && car->speed_m_s > 0.0;
    double theirs = rides ? o->speed_m_s / car->speed_m_s : 0.0;
    return RAMP_MOST * ramp_m * bt_clamp(1.0 - theirs, 0.0, 1.0);
}

double bt_traffic_pass(const bt_traffic *t, uint32_t index, const bt_idm *idm)
{
    bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    const bt_obstacle *o = car->leader != BT_SIM_NONE ? obstacle_of(t, car->leader) : NULL;
    if (o && !may_be_passed(t, index, o)) o = NULL;
    if (car->makes_way) return BT_FAR_M;
    if (car->way.pass_m != 0.0) {
        go_on(t, index, idm, o);
        return bt_pass_give_way(t, index);
    }
    if (!o || bt_sweep_concerns(v) || bt_itinerary_changing(&car->way, car->q_m)) return BT_FAR_M;
    double front = bt_car_front(v, car), gap = car->leader_q_m - front;
    if (gap > 25.0 + 4.0 * car->speed_m_s) return BT_FAR_M;
    bt_view w;
    bt_pass_plan p;
    bt_pass_look_far(t, car, &w);
    if (!make_plan(t, index, &w, o, passes_from(t, car, o), &p)) return BT_FAR_M;
    // out of a junction no earlier than needed
    if (in_junction(t, car, car->way.head) && gap > RAMP_MOST * p.ramp_m + LATE_M) return BT_FAR_M;
    // most of the way out is gone before the end of the ramp; who stands near steers harder
    double tight = (gap - 0.5) / RAMP_MOST;
    if (car->speed_m_s < 1.0 && tight > TIGHT_M * sqrt(fabs(p.aside_m)))
        p.ramp_m = p.back_m = fmin(p.ramp_m, tight);
    bool reaches = gap > closes_m(t, o, car, p.ramp_m) + 0.4;
    if (reaches && has_room_beyond(t, index, &w, o, idm, &p) &&
        (p.in_lane || bt_pass_is_free(t, index, &w, &p))) {
        car->way.pass_m = p.aside_m;
        car->way.pass_from_m = p.from_m;
        car->way.pass_to_m = p.to_m;
        car->way.pass_ramp_m = p.ramp_m;
        car->way.pass_back_m = p.back_m;
        return BT_FAR_M;
    }
    // waits or follows where it can still steer out
    double ramp = bt_pass_ramp(p.aside_m, car->speed_m_s);
    double stand = gap - closes_m(t, o, car, ramp) - WAIT_MORE_M;
    return bt_idm_accel(idm, car->speed_m_s, fmax(stand + idm->min_gap_m, 0.5), o->speed_m_s);
}

bool bt_traffic_passes_behind(const bt_traffic *t, uint32_t index, const bt_passage *passage)
{
    const bt_car *car = &t->cars[index];
    bt_pass_gather_far(t, car);
    const bt_obstacle *o = obstacle_of(t, car->leader);
    bt_view w;
    bt_pass_plan p;
    if (!o || !bt_pass_is_parked(t, o) ||
        bt_sweep_concerns(&t->actors[t->car_actor[index]].vehicle))
        return false;
    bt_pass_look_far(t, car, &w);
    return make_plan(t, index, &w, o, passage->end, &p) &&
           (p.in_lane || bt_pass_is_free(t, index, &w, &p));
}
