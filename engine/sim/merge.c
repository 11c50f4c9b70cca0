// merge.c: ways that become one: who will be there earlier is followed before it is ahead.
#include "engine/sim/decide_internal.h"

#include <math.h>

#define MERGE_S 5.0 // looks this far ahead for lanes that become one
#define MERGE_BRAKE_M_S2 (-3.0)
#define QUEUE_M 3.0 // who stands so near behind another waits for that

static double merge_view(const bt_car *car)
{
    return 10.0 + MERGE_S * car->speed_m_s;
}

static bool holds(const bt_car *car, uint32_t slot)
{
    for (uint32_t i = 0; i < car->hold_count; i++)
        if (slot >= car->hold[i].first && slot < car->hold[i].end) return true;
    return false;
}

bool bt_comes_onto(const bt_traffic *t, const bt_car *car, uint32_t lane, double see,
                   bool through_junctions, double *distance)
{
    const bt_itinerary *way = &car->way;
    for (uint32_t slot = way->head; slot < way->tail; slot++) {
        uint32_t here = way->lane[slot % BT_ITINERARY_RING];
        *distance = way->start_m[slot % BT_ITINERARY_RING] - car->q_m;
        bool junction = t->graph->lanes[here].junction != BT_ROAD_NONE;
        if (*distance > see || (junction && !(through_junctions && holds(car, slot)))) return false;
        if (here == lane) return true;
    }
    return false;
}

// The next lane that this car will share with others who are beside it now: after a shift, or
// where two lanes become one. Also in a junction that it is cleared for, where bicycle lanes may end; but lanes of a
// junction that lead onto one are for right_of_way.c.
static uint32_t merges_onto(const bt_traffic *t, const bt_car *car)
{
    const bt_itinerary *way = &car->way;
    double see = merge_view(car);
    bool inside = false;
    for (uint32_t slot = way->head; slot < way->tail; slot++) {
        uint32_t i = slot % BT_ITINERARY_RING;
        bool shifts =
            way->from_lane[i] != BT_ROAD_NONE && car->q_m < way->shift_m[i] + way->shift_way_m[i];
        double from = (shifts ? way->shift_m[i] : way->start_m[i]) - car->q_m;
        const bt_lane_path *path = &t->graph->lanes[way->lane[i]];
        bool junction = path->junction != BT_ROAD_NONE;
        if (from > see || (junction ? !holds(car, slot) : inside)) break;
        if (shifts || (slot > way->head && path->merges && !inside)) return way->lane[i];
        inside = junction;
    }
    return BT_ROAD_NONE;
}

void bt_traffic_look(const bt_traffic *t)
{
    bt_round *r = t->round;
    r->merger_count = 0;
    for (uint32_t i = 0; i < t->car_count; i++) {
        bool drives = !t->cars[i].parked;
        t->cars[i].merge_lane = drives ? merges_onto(t, &t->cars[i]) : BT_ROAD_NONE;
        if (t->cars[i].merge_lane != BT_ROAD_NONE) r->mergers[r->merger_count++] = i;
    }
}

// Gap to another car as if both were on the lane they will share; false: it is not ahead there.
static bool merge_gap(const bt_traffic *t, uint32_t index, uint32_t other_index, uint32_t lane,
                      double *gap)
{
    const bt_car *car = &t->cars[index], *other = &t->cars[other_index];
    double own, theirs, see = merge_view(car);
    bool inside = t->graph->lanes[lane].junction != BT_ROAD_NONE;
    if (!bt_comes_onto(t, car, lane, see, inside, &own) ||
        !bt_comes_onto(t, other, lane, see, inside, &theirs))
        return false;
    double lead = own - theirs; // of its rear axle over ours
    if (lead < 0.0 || (lead == 0.0 && other_index > index)) return false;
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    const bt_vehicle *w = &t->actors[t->car_actor[other_index]].vehicle;
    *gap = lead + bt_car_rear(w, other) - other->q_m - (bt_car_front(v, car) - car->q_m);
    return true;
}

// Where ways become one, keeps behind who will be there earlier, as if it were ahead already.
double bt_accel_merging(const bt_traffic *t, uint32_t index, const bt_idm *idm)
{
    const bt_car *car = &t->cars[index];
    double best = BT_FAR_M;
    bt_grid *grid = &t->round->grid;
    bool merges = car->merge_lane != BT_ROAD_NONE;
    double reach = merge_view(car) + 20.0;
    // who merges looks at all round it, the others at those who merge
    bt_grid_begin(grid);
    if (merges)
        bt_grid_gather(grid, car->x_m - reach, car->y_m - reach, car->x_m + reach,
                       car->y_m + reach);
    uint32_t count = merges ? grid->found_count : t->round->merger_count;
    for (uint32_t i = 0; i < count; i++) {
        const bt_obstacle *o = merges ? &t->obstacles[grid->found[i]] : NULL;
        if (o && (o->car == BT_SIM_NONE || o->part > 0)) continue;
        uint32_t k = o ? o->car : t->round->mergers[i];
        const bt_car *other = &t->cars[k];
        double gap, dx = other->x_m - car->x_m, dy = other->y_m - car->y_m;
        if (k == index || dx * dx + dy * dy > reach * reach) continue;
        if (!merge_gap(t, index, k, merges ? car->merge_lane : other->merge_lane, &gap)) continue;
        // side by side there is no gap yet to keep: fall back gently
        double accel = bt_idm_accel_cool(idm, car->speed_m_s, fmax(gap, 1.0), other->speed_m_s,
                                         other->accel_m_s2);
        if (accel < best && gap < QUEUE_M) bt_traffic_wait(t, index, BT_WAIT_AHEAD, k);
        best = fmin(best, accel);
    }
    return fmax(best, MERGE_BRAKE_M_S2);
}
