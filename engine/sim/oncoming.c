// oncoming.c: who comes towards one who passes by the lane beside.
//
// Before: the lane must be free until the pass is over, of all whom their own ways lead into it until then, also out of
// junctions and round bends.
//
// After: a driver looks again in every decision. Who would meet somebody, as both go now, gives way: it goes back into
// its lane, behind whom it has not passed yet, for which it slows down to less than the other's speed; unless going on
// takes less time. Who comes stops with room before it (ahead.c).
#include "engine/sim/pass_internal.h"

#include <math.h>

#define UNKNOWN_M_S 13.9 // where no limit is given
#define SPARE_S 1.5
#define WAKES_M_S 3.0
#define STANDS_M_S 0.3
#define GAINS_M_S2 1.0
#define BEHIND_S 3.0
#define BEHIND_M 40.0
#define TRACE_M 4.0
#define BESIDE_M 0.3 // who keeps so far aside is passed by
#define LEVEL_M 2.5
#define AFTER_M 1.5
#define OUT_M 0.05
#define BACK_SHARE 0.7 // of the way back, from where on the lane beside is left
#define PASS_M_S 5.0   // a pass is at least so fast
#define FALLS_BACK_M_S 1.5
#define FALLS_BACK_S 0.7
#define FALLS_BACK_M_S2 4.0
#define RIDES_M_S 1.0 // slower ones are no longer followed
#define ROOM_M 1.0    // behind whom it goes back
#define SLOW_M_S 2.0

bool bt_pass_is_parked(const bt_traffic *t, const bt_obstacle *o)
{
    return o->car == BT_SIM_NONE && (t->actors[o->actor].parked || o->wreck);
}

void bt_pass_look_far(const bt_traffic *t, const bt_car *car, bt_view *w)
{
    bt_itinerary way = car->way;
    way.pass_m = 0.0;
    // from behind the car, so that those who follow are seen
    w->step_m = (BT_PASS_SEES_M + BEHIND_M) / (VIEW_MAX - 1);
    w->count = VIEW_MAX;
    w->from_m = -BEHIND_M;
    bt_view_fill(t->graph, &way, car, w);
}

void bt_pass_gather_far(const bt_traffic *t, const bt_car *car)
{
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, car->x_m - BT_PASS_SEES_M, car->y_m - BT_PASS_SEES_M,
                   car->x_m + BT_PASS_SEES_M, car->y_m + BT_PASS_SEES_M);
}

// ---- before a pass ----------------------------------------------------------------------------
// How far somebody comes in a time: as fast as now; who leaves a junction may get as fast as is allowed.
static double comes_m(const bt_traffic *t, const bt_obstacle *o, double speed, double time)
{
    speed = fmax(WAKES_M_S, speed);
    if (o->car == BT_SIM_NONE || t->cars[o->car].hold_count == 0) return speed * time;
    const bt_car *other = &t->cars[o->car];
    double most = bt_traffic_speed_allowed(t, o->car, other, other->q_m);
    double gains = bt_clamp((most - speed) / GAINS_M_S2, 0.0, time);
    return speed * time + GAINS_M_S2 * gains * (time - 0.5 * gains);
}

// Does the own way of somebody who drives lead it, within so far, onto our course and towards us, before a place of our
// way? Where it is now it may be beside that: round a bend, or where the lanes are farther apart.
static bool leads_towards(const bt_traffic *t, uint32_t index, const bt_view *w,
                          const bt_obstacle *o, double far_m, double aside_m, double end_m)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[o->car];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    bt_lane_point points[VIEW_MAX];
    bt_obstacle there = *o;
    bt_sight b;
    double apart = bt_hypot(o->box.x_m - car->x_m, o->box.y_m - car->y_m);
    if (apart > far_m + end_m - car->q_m) return false;
    double step = fmax(TRACE_M, far_m / (VIEW_MAX - 1));
    uint32_t count = (uint32_t)bt_clamp(ceil(far_m / step) + 1.0, 1.0, VIEW_MAX);
    bt_itinerary_sample(t->graph, &other->way, other->q_m, step, count, points);
    for (uint32_t i = 0; i < count; i++) {
        there.box.x_m = points[i].x_m;
        there.box.y_m = points[i].y_m;
        there.box.z_low_m = points[i].z_m;
        there.box.yaw_rad = there.heading_rad = points[i].heading_rad;
        if (!bt_see_body(w, car, &there, 6.0, &b) || b.facing > -0.5) continue;
        bool on_course = fabs(b.aside - aside_m) < 0.5 * v->width_m + b.half_across + BESIDE_M;
        if (on_course && fabs(b.above) < LEVEL_M && b.q > car->q_m && b.q < end_m) return true;
    }
    return false;
}

// Would somebody in the lane beside meet us there before we are back?
static bool meets(const bt_traffic *t, uint32_t index, const bt_view *w, const bt_obstacle *o,
                  const bt_pass_plan *p)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    bt_sight b;
    if (o->walker || o->part == BT_PART_SWEEP || o->actor == t->car_actor[index]) return false;
    if (!bt_see_body(w, car, o, 9.0, &b) || fabs(b.above) > LEVEL_M) return false;
    bool parked = bt_pass_is_parked(t, o);
    double reach = 0.5 * v->width_m + b.half_across + BESIDE_M;
    bool on_course = fabs(b.aside - p->aside_m) < reach;
    double end = bt_pass_end(p);
    if (parked)
        return on_course && b.q > car->q_m &&
               b.q < p->to_m; // passed as the first is, or not at all
    if (b.facing < 0.0) {     // comes towards us
        // who stands beyond where we are back waits too, or sees us before it has got going
        bool stands = b.along_m_s > -STANDS_M_S;
        double comes = stands ? 0.0 : comes_m(t, o, -b.along_m_s, p->time_s + SPARE_S);
        bool ours = on_course || fabs(b.aside) < reach;
        return ours && b.q + b.half_along > car->q_m && b.q - b.half_along - comes < end;
    }
    // goes our way, beside or behind; who follows in our lane goes on following
    if (!on_course || b.aside * p->aside_m < 0.6 * p->aside_m * p->aside_m ||
        b.q - b.half_along > bt_car_front(v, car))
        return false;
    double gap = bt_car_rear(v, car) - b.q - b.half_along;
    return gap < fmax(3.0, (b.along_m_s - car->speed_m_s) * BEHIND_S + 0.5 * b.along_m_s);
}

// The same for a pass that has not begun; who stands and may not enter its junction does not come.
static bool comes_by_its_way(const bt_traffic *t, uint32_t index, const bt_view *w,
                             const bt_obstacle *o, const bt_pass_plan *p)
{
    if (o->speed_m_s < STANDS_M_S && t->cars[o->car].hold_count == 0) return false;
    double far = comes_m(t, o, o->speed_m_s, p->time_s + SPARE_S) + o->box.half_length_m;
    return leads_towards(t, index, w, o, far, p->aside_m, bt_pass_end(p));
}

// Who is beyond what is seen and as fast as allowed does not meet us either; a siren is heard that far.
static bool sees_enough(const bt_traffic *t, uint32_t index, const bt_pass_plan *p)
{
    const bt_car *car = &t->cars[index];
    if (t->actors[t->car_actor[index]].emergency) return true;
    uint32_t lane = bt_itinerary_lane(&car->way, bt_itinerary_slot(&car->way, car->q_m));
    double limit = t->graph->lanes[lane].limit_m_s;
    double speed = limit > 0.0 ? limit : UNKNOWN_M_S;
    return bt_pass_end(p) - car->q_m + speed * (p->time_s + SPARE_S) < BT_PASS_SEES_M;
}

bool bt_pass_is_free(const bt_traffic *t, uint32_t index, const bt_view *w, const bt_pass_plan *p)
{
    const bt_car *car = &t->cars[index];
    const bt_grid *grid = &t->round->grid;
    if (!sees_enough(t, index, p)) return false;
    bt_pass_gather_far(t, car);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (meets(t, index, w, o, p)) return false;
        if (o->car == BT_SIM_NONE || o->part > 0 || o->car == index) continue;
        if (comes_by_its_way(t, index, w, o, p)) return false;
        // who has begun to pass in this round
        const bt_car *other = &t->cars[o->car];
        bool passes = other->way.pass_m != 0.0 && bt_cos(other->yaw_rad - car->yaw_rad) < 0.0;
        if (passes &&
            bt_hypot(other->x_m - car->x_m, other->y_m - car->y_m) < p->to_m + 60.0 - car->q_m)
            return false;
    }
    return true;
}

// ---- during a pass ----------------------------------------------------------------------------
// Is it on its way out into the lane beside, or there?
static bool is_out(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    const bt_itinerary *way = &car->way;
    if (way->pass_m == 0.0 || car->makes_way || car->q_m > way->pass_to_m) return false;
    double s = bt_itinerary_at(t->graph, way, car->q_m).s_m;
    double width = bt_lane_width(t->graph->net, bt_itinerary_lane(way, way->head), s);
    double spare = 0.5 * (width - t->actors[t->car_actor[index]].vehicle.width_m);
    return fabs(way->pass_m) > spare + OUT_M;
}

// The nearest in its own lane that it has not passed yet; NULL: none.
static const bt_obstacle *find_passed(const bt_traffic *t, uint32_t index, const bt_view *w,
                                      bt_sight *nearest)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    const bt_grid *grid = &t->round->grid;
    const bt_obstacle *found = NULL;
    double rear = bt_car_rear(v, car) - AFTER_M, far = car->way.pass_to_m + car->way.pass_back_m;
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        bt_sight b;
        if (o->walker || o->part == BT_PART_SWEEP || o->actor == t->car_actor[index]) continue;
        if (!bt_see_body(w, car, o, 4.0, &b) || fabs(b.above) > LEVEL_M) continue;
        bool own_lane = fabs(b.aside) < 0.5 * v->width_m + b.half_across;
        bool same_way = b.facing > 0.0 || bt_pass_is_parked(t, o);
        if (!own_lane || !same_way || b.q + b.half_along < rear || b.q > far) continue;
        if (found && b.q >= nearest->q) continue;
        found = o;
        *nearest = b;
    }
    return found;
}

// Does somebody come so that both meet, as they go now, before we have left the lane beside?
static bool somebody_comes(const bt_traffic *t, uint32_t index, const bt_view *w,
                           const bt_pass_plan *p)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    const bt_grid *grid = &t->round->grid;
    double front = bt_car_front(v, car);
    double end = p->to_m + BACK_SHARE * p->back_m + front - car->q_m;
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        bt_sight b;
        if (o->walker || o->part == BT_PART_SWEEP || o->actor == t->car_actor[index]) continue;
        double far = o->speed_m_s * p->time_s + o->box.half_length_m;
        bool leads = o->car != BT_SIM_NONE && o->part == 0 && o->car != index;
        if (leads && leads_towards(t, index, w, o, far, p->aside_m, end)) return true;
        if (bt_pass_is_parked(t, o) || leads || !bt_see_body(w, car, o, 9.0, &b)) continue;
        if (fabs(b.above) > LEVEL_M || b.facing > 0.0) continue;
        bool on_course = fabs(b.aside - p->aside_m) < 0.5 * v->width_m + b.half_across + BESIDE_M;
        double theirs = b.q - b.half_along - fmax(0.0, -b.along_m_s) * p->time_s;
        if (on_course && b.q + b.half_along > front && theirs < end) return true;
    }
    return false;
}

// Turns back into its lane here. What was left of the way out is left out when slow, and gone first when fast.
static void turn_back(bt_car *car)
{
    bt_itinerary *way = &car->way;
    double out = bt_clamp((car->q_m - way->pass_from_m) / way->pass_ramp_m, 0.0, 1.0);
    double back = bt_pass_ramp(way->pass_m, car->speed_m_s);
    way->pass_back_m = back;
    if (out >= 1.0 || car->speed_m_s < SLOW_M_S)
        way->pass_to_m = fmin(way->pass_to_m, car->q_m - back * (1.0 - out));
    else
        way->pass_to_m = fmin(way->pass_to_m, way->pass_from_m + way->pass_ramp_m);
}

// How fast it is in the mean until it is so much farther on than one that it passes.
static double mean_speed(const bt_traffic *t, uint32_t index, double left_m, double theirs)
{
    const bt_car *car = &t->cars[index];
    double speed = fmax(car->speed_m_s, PASS_M_S);
    double most = fmax(speed, bt_traffic_speed_allowed(t, index, car, car->q_m));
    double time = left_m / fmax(speed - theirs, 1.0);
    return speed + 0.5 * fmin(most - speed, 0.5 * GAINS_M_S2 * time);
}

double bt_pass_give_way(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    if (!is_out(t, index)) return BT_FAR_M;
    bt_view w;
    bt_sight b = {0};
    bt_pass_look_far(t, car, &w);
    bt_pass_gather_far(t, car);
    const bt_obstacle *passed = find_passed(t, index, &w, &b);
    double theirs = fmax(0.0, b.along_m_s);
    if (passed && theirs < RIDES_M_S) return BT_FAR_M;
    double left = passed ? b.q + b.half_along + AFTER_M - bt_car_rear(v, car) : 0.0;
    double speed = mean_speed(t, index, left, theirs);
    bool gains = !passed || speed > theirs + 0.5;
    double needs = gains ? left * speed / (speed - theirs) : BT_FAR_M;
    bt_pass_plan p = {.aside_m = car->way.pass_m,
                      .back_m = car->way.pass_back_m,
                      .to_m = fmin(car->way.pass_to_m, car->q_m + needs)};
    p.time_s = (p.to_m + BACK_SHARE * p.back_m - car->q_m) / speed;
    if (!somebody_comes(t, index, &w, &p)) return BT_FAR_M;
    if (!passed) {
        turn_back(car);
        return BT_FAR_M;
    }
    double own = car->speed_m_s, closing = fmax(0.0, own - theirs);
    double gap = b.q - b.half_along - bt_car_front(v, car) - ROOM_M;
    if (gap > closing * bt_pass_ramp(car->way.pass_m, own) / fmax(own, 1.0)) {
        turn_back(car);
        return BT_FAR_M;
    }
    double back_s = (closing + FALLS_BACK_M_S) / FALLS_BACK_M_S2 + fmax(0.0, -gap) / FALLS_BACK_M_S;
    if (gains && p.time_s < back_s) return BT_FAR_M;
    double wanted = fmax(0.0, theirs - FALLS_BACK_M_S);
    return bt_clamp((wanted - own) / FALLS_BACK_S, -FALLS_BACK_M_S2, 0.0);
}
