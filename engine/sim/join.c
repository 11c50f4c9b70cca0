// join.c: in a junction, who is there first where lanes join or cross at an acute angle: it may come later than was
// reckoned when the other accepted that (gap.h), as for somebody on foot, and its body is in nobody's path yet.
#include "engine/sim/decide_internal.h"
#include "engine/sim/passage.h"

#include <math.h>

#define BRAKES_M_S2 1.0 // from this need on
#define GOES_ON_M_S2 0.5
#define MOST_M_S2 6.0
#define ROOM_M 1.0 // behind one that is followed
#define SHORT_M 0.5
#define LEAST_M 0.3
#define SLOWEST_M_S 0.5

// A car on a lane of a junction that it holds.
typedef struct placed {
    const bt_car *car;
    const bt_vehicle *vehicle;
    double start_m; // q
} placed;

// What it takes to stay behind another, or before all of the stretch where that is in the way; 0: it is not first, or gone.
static double need_behind(const bt_lane_conflict *c, placed own, placed other, double own_length_m,
                          double other_length_m)
{
    double v = own.car->speed_m_s, theirs = fmax(other.car->speed_m_s, 0.0);
    double at = own.car->q_m - own.start_m, there = other.car->q_m - other.start_m;
    double before = c->own_stretch.from_m - at;
    double stop = v * v / (2.0 * fmax(before - SHORT_M, LEAST_M));
    if (there > c->other_stretch.to_m || at > c->own_stretch.to_m || v <= 0.0) return 0.0;
    if (!c->joins) { // is it in there until after one comes?
        bool first = there > c->other_stretch.from_m && before > 0.0;
        double leaves_s = (c->other_stretch.to_m - there) / fmax(theirs, SLOWEST_M_S);
        return first && leaves_s > before / fmax(v, SLOWEST_M_S) ? stop : 0.0;
    }
    double lead = (own_length_m - at) - (other_length_m - there);
    double gap = lead + bt_car_rear(other.vehicle, other.car) - other.car->q_m -
                 (bt_car_front(own.vehicle, own.car) - own.car->q_m);
    if (lead <= 0.0) return 0.0;
    // so much behind when it comes to where that is in the way, or as fast as that when it is there
    double time_s = fmax(before, 0.0) / fmax(v, SLOWEST_M_S);
    double then = gap - (v - theirs) * time_s;
    double part = 2.0 * fmax(ROOM_M - then, 0.0) / fmax(time_s * time_s, 0.1);
    double closes = fmax(v - theirs, 0.0);
    double follow = closes * closes / (2.0 * fmax(gap - ROOM_M, LEAST_M));
    return before > 0.0 ? fmin(part, stop) : follow;
}

// Of all lanes of two holds that meet by gaps.
static double need_for(const bt_traffic *t, uint32_t index, const bt_hold *own, uint32_t other,
                       const bt_hold *theirs)
{
    double most = 0.0;
    for (uint32_t slot = own->first; slot < own->end; slot++) {
        const bt_car *car = &t->cars[index], *they = &t->cars[other];
        const bt_lane_path *path = bt_slot_path(t, car, slot);
        for (uint32_t i = 0; i < path->conflict_count; i++) {
            const bt_lane_conflict *c = &t->graph->conflicts[path->first_conflict + i];
            bool meets =
                c->until_m[BT_BODY_CAR][BT_BODY_CAR] > -BT_FAR_M && (c->joins || c->shallow);
            for (uint32_t k = theirs->first; meets && k < theirs->end; k++) {
                if (bt_itinerary_lane(&they->way, k) != c->other) continue;
                placed a = {car, bt_vehicle_of(t, index), bt_itinerary_start(&car->way, slot)};
                placed b = {they, bt_vehicle_of(t, other), bt_itinerary_start(&they->way, k)};
                most = fmax(
                    most, need_behind(c, a, b, path->length_m, bt_slot_path(t, they, k)->length_m));
            }
        }
    }
    return most;
}

double bt_accel_joining(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    const bt_round *r = t->round;
    double most = 0.0;
    if (bt_sweep_body(bt_vehicle_of(t, index)) == BT_BODY_LONG) return BT_FAR_M;
    for (uint32_t h = 0; h < car->hold_count; h++) {
        if (car->hold[h].first < car->way.first) continue;
        uint32_t junction = bt_slot_path(t, car, car->hold[h].end - 1)->junction;
        for (uint32_t e = r->junction[junction]; e != BT_SIM_NONE; e = r->entry_next[e]) {
            uint32_t k = e / (BT_CAR_HOLDS + 1), i = e % (BT_CAR_HOLDS + 1);
            const bt_car *other = &t->cars[k];
            if (k == index || i >= other->hold_count || other->hold[i].first < other->way.first ||
                bt_sweep_body(bt_vehicle_of(t, k)) == BT_BODY_LONG)
                continue;
            const bt_hold *theirs = &other->hold[i];
            double front = bt_car_front(bt_vehicle_of(t, k), other);
            if (front < bt_passage_entry(t, k, theirs->first, theirs->end)) continue;
            most = fmax(most, need_for(t, index, &car->hold[h], k, theirs));
        }
    }
    bool brakes = most > (bt_is_braking(car) ? GOES_ON_M_S2 : BRAKES_M_S2);
    return brakes ? -fmin(most, MOST_M_S2) : BT_FAR_M;
}
