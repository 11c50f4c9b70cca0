// gap.c: see gap.h.
#include "engine/sim/gap.h"

#include "engine/sim/passage.h"

#include <math.h>

// Gaps where a sign says who waits, chosen by bench.roundabout_flow: as small as they may be without a touch.
#define GAP_S 0.7         // left where lanes join, from the first one's rear to the other's front
#define JOIN_S 1.4        // and between their fronts where their ways meet
#define CROSS_S 0.6       // where they cross, from when one has left to when the other comes
#define GAP_SPEED_M_S 7.0 // that who waited reaches at most on the way across or in
#define RISES_M_S 2.0     // and who is faster, above what it has now
#define GAP_STEP_M 2.0
#define GAP_BRAKE_M_S2 1.2      // before bends
#define GAP_BRAKE_BEST_M_S2 2.5 // at best
#define GAP_STEPS_MOST 128u
#define AFTER_S 3.0          // who waits goes in behind one that is there within so long
#define GAP_ACCEL_SHARE 0.85 // of a driver's acceleration, at worst
#define GAP_QUEUE_M 12.0     // who is nearer to the one ahead goes as that one does
#define GAP_SLOWEST_M_S 1.5
#define GAP_AHEAD_S 2.0 // or as that one will be so much later
// So much harder than usual, within bounds, drivers accelerate into a gap that they have accepted: of the order that
// studies of merging from a standstill give; chosen.
#define BRISK 1.6
#define BRISK_LEAST_M_S2 1.8
#define BRISK_MOST_M_S2 2.5

double bt_gap_accel(const bt_driver *driver, bool goes_in)
{
    double usual = driver->accel_m_s2 > 0.0 ? driver->accel_m_s2 : 1.0; // idm.h
    return goes_in ? fmax(usual, bt_clamp(BRISK * usual, BRISK_LEAST_M_S2, BRISK_MOST_M_S2))
                   : usual;
}

bool bt_gap_goes_in(const bt_traffic *t, const bt_car *car)
{
    for (uint32_t i = 0; i < car->hold_count; i++)
        if (car->hold[i].first >= car->way.first && bt_behind_sign(t, car, car->hold[i].first))
            return true;
    return false;
}

// How fast a car gets somewhere: at best, or at worst, for who is to be there before another.
typedef struct pace {
    double accel_m_s2, most_m_s;
} pace;

static pace pace_of(const bt_traffic *t, uint32_t index, bool waits, bool worst)
{
    const bt_car *car = &t->cars[index];
    const bt_actor_desc *actor = &t->actors[t->car_actor[index]];
    pace p = {bt_gap_accel(&actor->driver, waits), GAP_SPEED_M_S};
    // on an open road it may get faster still
    if (!worst && car->speed_m_s > GAP_SPEED_M_S) {
        double allowed = bt_traffic_speed_allowed(t, index, car, car->q_m);
        p.most_m_s = fmax(car->speed_m_s, fmin(allowed, car->speed_m_s + RISES_M_S));
    }
    if (!worst) return p;
    p.accel_m_s2 *= GAP_ACCEL_SHARE; // nobody has it all the way
    bool follows = car->leader != BT_SIM_NONE &&
                   car->leader_q_m - bt_car_front(&actor->vehicle, car) < GAP_QUEUE_M;
    uint32_t leader = follows ? bt_traffic_car_of(t, car->leader) : BT_SIM_NONE;
    double gains =
        leader == BT_SIM_NONE ? 0.0 : GAP_AHEAD_S * fmax(t->cars[leader].accel_m_s2, 0.0);
    if (follows) p.most_m_s = fmin(p.most_m_s, fmax(car->leader_m_s + gains, GAP_SLOWEST_M_S));
    return p;
}

// One car on a stretch where another one is in its way: when its front comes, when its front is at the end, when its
// rear has left.
typedef struct crossing_time {
    double comes_s, ends_s, leaves_s;
} crossing_time;

// The speed at the end of a step that begins at another, where so much is allowed.
static double speed_after(double speed_m_s, double step_m, double allowed_m_s, double accel_m_s2)
{
    double square = speed_m_s * speed_m_s;
    if (speed_m_s > allowed_m_s)
        return fmax(allowed_m_s, sqrt(fmax(0.0, square - 2.0 * GAP_BRAKE_BEST_M_S2 * step_m)));
    return fmin(allowed_m_s, sqrt(square + 2.0 * accel_m_s2 * step_m));
}

// The speeds that bends allow every GAP_STEP_M of a way, and at worst the limits that the driver keeps; slowing down in
// time for those ahead.
static void speeds_ahead(const bt_traffic *t, uint32_t index, uint32_t count, bool worst,
                         double hurry, double speeds[GAP_STEPS_MOST])
{
    const bt_car *car = &t->cars[index];
    double brake_m_s2 = worst ? GAP_BRAKE_M_S2 : GAP_BRAKE_BEST_M_S2;
    for (uint32_t i = count; i-- > 0;) {
        double at = car->q_m + GAP_STEP_M * i;
        speeds[i] = hurry * bt_itinerary_at(t->graph, &car->way, at).speed_m_s;
        if (worst) speeds[i] = fmin(speeds[i], bt_traffic_speed_allowed(t, index, car, at));
        double after = i + 1 < count ? speeds[i + 1] : speeds[i];
        speeds[i] = fmin(speeds[i], sqrt(after * after + 2.0 * brake_m_s2 * GAP_STEP_M));
    }
}

// Along its way, as fast as bends and limits let it.
static crossing_time time_at(const bt_traffic *t, bt_gap_place at, bool worst)
{
    bool waits = at.waits;
    const bt_car *car = &t->cars[at.car];
    const bt_vehicle *vehicle = &t->actors[t->car_actor[at.car]].vehicle;
    double start = bt_itinerary_start(&car->way, at.slot) - car->q_m; // from the rear axle
    double length = bt_car_front(vehicle, car) - bt_car_rear(vehicle, car);
    double comes = start + at.stretch.from_m, leaves = start + at.stretch.to_m;
    double ends = leaves - length, v = fmax(car->speed_m_s, 0.0), time = 0.0;
    double bends[GAP_STEPS_MOST];
    pace p = pace_of(t, at.car, waits, worst);
    // negative: it has been there for so long
    crossing_time c = {.comes_s = fmin(comes, 0.0) / fmax(v, GAP_SLOWEST_M_S)};
    double steps = bt_clamp(ceil(leaves / GAP_STEP_M), 1.0, GAP_STEPS_MOST);
    uint32_t count = (uint32_t)steps;
    speeds_ahead(t, at.car, count, worst, waits ? BT_GAP_BEND : 1.0, bends);
    for (uint32_t i = 0; GAP_STEP_M * i < leaves; i++) {
        double way = GAP_STEP_M * i, step = fmin(GAP_STEP_M, leaves - way);
        double bend = bends[i < count ? i : count - 1];
        double after = speed_after(v, step, fmin(p.most_m_s, bend), p.accel_m_s2);
        double pass = step / fmax(0.5 * (v + after), 0.05);
        if (way < comes) c.comes_s = time + pass * fmin(1.0, (comes - way) / step);
        if (way < ends) c.ends_s = time + pass * fmin(1.0, (ends - way) / step);
        time += pass;
        v = after;
    }
    c.leaves_s = time;
    return c;
}

bool bt_gap_parts(const bt_traffic *t, bt_gap_place own, bt_gap_place other, bool joins,
                  bt_gap_margins m)
{
    for (int own_first = 0; own_first <= 1; own_first++) {
        crossing_time ours = time_at(t, own, own_first), theirs = time_at(t, other, !own_first);
        const crossing_time *x = own_first ? &ours : &theirs, *y = own_first ? &theirs : &ours;
        double share = own_first ? m.own_first : m.other_first;
        // so far ahead that the other can follow
        bool parted = joins ? x->comes_s + share * JOIN_S < y->comes_s &&
                                  x->leaves_s + share * GAP_S < y->ends_s
                            : x->leaves_s + share * CROSS_S < y->comes_s;
        // who waits goes in after another when that one is as good as there, so as not to stand inside
        bool early = !own_first && own.waits && x->comes_s > AFTER_S;
        if (parted && !early) return true;
    }
    return false;
}
