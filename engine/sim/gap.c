// gap.c: see gap.h.
#include "engine/sim/gap.h"

#include <math.h>

// Gaps where a sign says who waits, chosen by bench.roundabout_flow: as small as they may be without a touch.
#define GAP_S 0.7         // left where lanes join, from the first one's rear to the other's front
#define JOIN_S 1.4        // and between their fronts where their ways meet
#define GAP_SPEED_M_S 7.0 // that a driver reaches at most on the way across or in
#define BEND_STEP_M 2.0
#define AFTER_S 0.8          // who waits goes in behind one that is there within so long
#define GAP_ACCEL_SHARE 0.85 // of a driver's acceleration, at worst
#define GAP_QUEUE_M 12.0     // who is nearer to the one ahead goes as that one does
#define GAP_SLOWEST_M_S 1.5

// How fast a car gets somewhere: at best, or at worst, for who is to be there before another.
typedef struct pace {
    double accel_m_s2, most_m_s;
} pace;

static pace pace_of(const bt_traffic *t, uint32_t index, double most_m_s, bool worst)
{
    const bt_car *car = &t->cars[index];
    const bt_actor_desc *actor = &t->actors[t->car_actor[index]];
    double accel = actor->driver.accel_m_s2;
    pace p = {accel > 0.0 ? accel : 1.0, fmin(most_m_s, GAP_SPEED_M_S)}; // idm.h
    if (!worst) return p;
    p.accel_m_s2 *= GAP_ACCEL_SHARE; // nobody has it all the way
    bool follows = car->leader != BT_SIM_NONE &&
                   car->leader_q_m - bt_car_front(&actor->vehicle, car) < GAP_QUEUE_M;
    if (follows) p.most_m_s = fmin(p.most_m_s, fmax(car->leader_m_s, GAP_SLOWEST_M_S));
    return p;
}

// Seconds for a way that begins at the car's speed.
static double time_for(const bt_car *car, double way_m, pace p)
{
    double v = fmax(car->speed_m_s, 0.0), most = p.most_m_s, accel = p.accel_m_s2;
    if (way_m <= 0.0) return 0.0;
    if (v >= most) return way_m / (0.5 * (v + most));
    double speeding_m = (most * most - v * v) / (2.0 * accel);
    if (way_m <= speeding_m) return (sqrt(v * v + 2.0 * accel * way_m) - v) / accel;
    return (most - v) / accel + (way_m - speeding_m) / most;
}

// One car on a stretch where another one is in its way: when its front comes, when its front is at the end, when its
// rear has left.
typedef struct crossing_time {
    double comes_s, ends_s, leaves_s;
} crossing_time;

// What the bends of a lane allow from here to to_m: at its end, or, at worst, where it is tightest.
static double bend_speed(const bt_traffic *t, uint32_t lane, double from_m, double to_m, bool worst)
{
    double speed = bt_lane_graph_at(t->graph, lane, to_m).speed_m_s;
    for (double d = fmax(0.0, from_m); worst && d < to_m; d += BEND_STEP_M)
        speed = fmin(speed, bt_lane_graph_at(t->graph, lane, d).speed_m_s);
    return speed;
}

static crossing_time time_at(const bt_traffic *t, bt_gap_place at, bool worst)
{
    const bt_car *car = &t->cars[at.car];
    const bt_vehicle *vehicle = &t->actors[t->car_actor[at.car]].vehicle;
    double way = bt_itinerary_start(&car->way, at.slot) - car->q_m; // from the rear axle
    double front = bt_car_front(vehicle, car), length = front - bt_car_rear(vehicle, car);
    double bend = bend_speed(t, bt_itinerary_lane(&car->way, at.slot), front - car->q_m - way,
                             at.stretch.to_m, worst);
    pace p = pace_of(t, at.car, bend, worst);
    return (crossing_time){time_for(car, way + at.stretch.from_m, p),
                           time_for(car, way + at.stretch.to_m - length, p),
                           time_for(car, way + at.stretch.to_m, p)};
}

bool bt_gap_parts(const bt_traffic *t, bt_gap_place own, bool waits, bt_gap_place other,
                  bt_gap_margins m)
{
    for (int own_first = 0; own_first <= 1; own_first++) {
        crossing_time ours = time_at(t, own, own_first), theirs = time_at(t, other, !own_first);
        const crossing_time *x = own_first ? &ours : &theirs, *y = own_first ? &theirs : &ours;
        double share = own_first ? m.own_first : m.other_first;
        // so far ahead that the other can follow
        bool parted =
            x->comes_s + share * JOIN_S < y->comes_s && x->leaves_s + share * GAP_S < y->ends_s;
        // who waits goes in after another when that one is as good as there, so as not to stand inside
        bool early = !own_first && waits && x->comes_s > AFTER_S;
        if (parted && !early) return true;
    }
    return false;
}
