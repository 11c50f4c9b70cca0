// lane_change.c: MOBIL: changes lane when that gains more than it costs others, and is safe.
//
// Kesting, Treiber, Helbing 2007, "General lane-changing model MOBIL for car-following models", TRR
// 1999, 86: with accelerations after (~) and before the change, of oneself (c), the new follower (n) and
// the old one (o),
//
//   safety     a~n > -b_safe
//   incentive  a~c - a_c + p (a~n - a_n + a~o - a_o) > a_th + bias
//
// The bias of 0.2 m/s^2 favours the lane away from oncoming traffic (keep right; keep left in left-hand
// traffic). Cars look every second, each at its own time; a change takes 4.5 s after 1 s of indicating.
#include "engine/sim/decide_internal.h"

#include <math.h>

#define EVERY_S 1.0
#define INDICATES_S 1.0
#define TAKES_S 4.5
#define SLOWEST_M_S 4.0 // no change slower than this: those who queue stay
#define SAFE_M_S2 2.0
#define KEEP_LANE_M_S2 0.2
#define BIAS_M_S2 0.2
#define BEHIND_M 120.0
#define GAP_MIN_M 3.0

// Who would be behind, on a lane: how hard it has to brake for us there, and how hard it accelerates
// now. And the least gap to somebody ahead who is on its way onto the lane, but not yet on it.
typedef struct follower {
    double gap_m, accel_m_s2, after_m_s2;
    double ahead_m, ahead_m_s;
} follower;

static void look_at_driver(const bt_traffic *t, const bt_car *car, uint32_t other_index,
                           uint32_t lane, double rear_d, double front_own_d, follower *f)
{
    const bt_car *other = &t->cars[other_index];
    const bt_actor_desc *actor = &t->actors[t->car_actor[other_index]];
    double distance;
    if (other->parked || !bt_comes_onto(t, other, lane, BEHIND_M, true, &distance)) return;
    double front_d = bt_car_front(&actor->vehicle, other) - other->q_m - distance;
    double gap = rear_d - front_d;
    if (-distance > rear_d + 1.0) { // it is the one ahead
        double ahead = bt_car_rear(&actor->vehicle, other) - other->q_m - distance - front_own_d;
        if (ahead < f->ahead_m) f->ahead_m = ahead, f->ahead_m_s = other->speed_m_s;
        return;
    }
    if (gap >= f->gap_m) return;
    double desired = other->desired_m_s > 0.0 ? other->desired_m_s : fmax(other->speed_m_s, 8.0);
    bt_idm idm = bt_driver_idm(&actor->driver, desired);
    f->gap_m = gap;
    f->accel_m_s2 = other->accel_wanted_m_s2;
    f->after_m_s2 = fmin(other->accel_wanted_m_s2,
                         bt_idm_accel(&idm, other->speed_m_s, fmax(gap, 0.1), car->speed_m_s));
}

// Anything else that moves behind us, such as the car that is driven by commands: it goes straight on.
static void look_at_other(const bt_car *car, const bt_obstacle *o, bt_lane_point at, double rear_m,
                          follower *f)
{
    double c = bt_cos(at.heading_rad), s = bt_sin(at.heading_rad);
    double dx = o->box.x_m - at.x_m, dy = o->box.y_m - at.y_m;
    double along = dx * c + dy * s, aside = -dx * s + dy * c;
    if (fabs(aside) > o->box.half_width_m + 1.6 || along > 0.0) return;
    double gap = -along - o->box.half_length_m - rear_m;
    if (gap < -20.0 || gap >= f->gap_m || bt_cos(o->heading_rad - at.heading_rad) < 0.5) return;
    bt_idm idm = bt_idm_city(fmax(o->speed_m_s, 8.0));
    f->gap_m = gap;
    f->accel_m_s2 = o->accel_m_s2;
    f->after_m_s2 = bt_idm_accel(&idm, o->speed_m_s, fmax(gap, 0.1), car->speed_m_s);
}

// The nearest behind on the lane that `way` is on; none: nobody is hurt.
static follower find_follower(const bt_traffic *t, uint32_t index, const bt_itinerary *way)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    uint32_t lane = bt_itinerary_lane(way, way->head);
    double rear = car->q_m - bt_car_rear(v, car);
    double rear_d = car->q_m - rear - bt_itinerary_start(way, way->head);
    bt_lane_point at = bt_lane_graph_at(t->graph, lane, rear_d + rear);
    double front_d = rear_d + bt_car_front(v, car) - bt_car_rear(v, car);
    follower f = {.gap_m = BT_FAR_M, .ahead_m = BT_FAR_M};
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, car->x_m - BEHIND_M, car->y_m - BEHIND_M, car->x_m + BEHIND_M,
                   car->y_m + BEHIND_M);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (o->part > 0 || o->walker || o->actor == t->car_actor[index]) continue;
        if (o->car != BT_SIM_NONE)
            look_at_driver(t, car, o->car, lane, rear_d, front_d, &f);
        else if (o->speed_m_s > 0.5)
            look_at_other(car, o, at, rear, &f);
    }
    return f;
}

// Is there time and room: no junction, no stop, no end within the change?
static bool may_change(const bt_traffic *t, uint32_t index, double way_m)
{
    const bt_car *car = &t->cars[index];
    if (car->parked || car->speed_m_s < SLOWEST_M_S || car->way.plan_count > 0) return false;
    if (car->way.pass_m != 0.0 && car->q_m < car->way.pass_to_m + car->way.pass_back_m)
        return false;
    if (bt_itinerary_changing(&car->way, car->q_m)) return false;
    // a change ahead that its lane's end asks for comes first
    for (uint32_t slot = car->way.head; slot < car->way.tail; slot++) {
        uint32_t i = slot % BT_ITINERARY_RING;
        if (car->way.start_m[i] > car->q_m + way_m + 20.0) break;
        bool shifts = car->way.from_lane[i] != BT_ROAD_NONE && car->way.shift_m[i] > car->q_m;
        bool junction = t->graph->lanes[car->way.lane[i]].junction != BT_ROAD_NONE;
        if (shifts || junction) return false;
    }
    return car->hold_count == 0;
}

// Does a way end, or lead nowhere but to where ways end, while another one goes on, or goes on for longer?
static bool ends_before(const bt_traffic *t, const bt_itinerary *way, const bt_itinerary *other)
{
    const bt_lane_path *last = &t->graph->lanes[bt_itinerary_lane(way, way->tail - 1)];
    const bt_lane_path *others = &t->graph->lanes[bt_itinerary_lane(other, other->tail - 1)];
    if (last->next_count > 0) return others->endless && !last->endless;
    return others->next_count > 0 || bt_itinerary_slot_end(t->graph, way, way->tail - 1) + 1.0 <
                                         bt_itinerary_slot_end(t->graph, other, other->tail - 1);
}

// What a change to a lane gains, all things weighed; -FAR when it cannot be done.
static double gain_of(const bt_traffic *t, uint32_t index, uint32_t to, double accel, double from_m,
                      double way_m, bt_itinerary *out)
{
    const bt_car *car = &t->cars[index];
    const bt_driver *driver = &t->actors[t->car_actor[index]].driver;
    *out = car->way;
    double ahead = bt_itinerary_slot_end(t->graph, out, out->tail - 1) - car->q_m;
    if (!bt_itinerary_change(t->graph, out, to, from_m, way_m, fmax(ahead, 200.0)))
        return -BT_FAR_M;
    if (ends_before(t, out, &car->way)) return -BT_FAR_M;
    if (out->ended && out->end_m < car->q_m + 10.0 * car->speed_m_s + 150.0) return -BT_FAR_M;
    // as if it were there already
    bt_car trial = *car;
    trial.way = *out;
    for (uint32_t i = 0; i < BT_ITINERARY_RING; i++)
        if (trial.way.shift_m[i] == from_m) trial.way.from_lane[i] = BT_ROAD_NONE;
    bt_view view;
    bt_idm idm;
    bt_look_ahead(t, index, &trial, &view);
    double own = bt_accel_along(t, index, &trial, &view, &idm);
    follower next = find_follower(t, index, &trial.way), old = find_follower(t, index, &car->way);
    if (next.ahead_m < BT_FAR_M)
        own = fmin(own, bt_idm_accel(&idm, car->speed_m_s, next.ahead_m, next.ahead_m_s));
    if (own < -SAFE_M_S2 || next.ahead_m < GAP_MIN_M) return -BT_FAR_M;
    if (next.gap_m < GAP_MIN_M || (next.gap_m < BT_FAR_M && next.after_m_s2 < -SAFE_M_S2))
        return -BT_FAR_M;
    double others = next.gap_m < BT_FAR_M ? next.after_m_s2 - next.accel_m_s2 : 0.0;
    // who was behind us follows whom we followed: at most as fast as we would
    if (old.gap_m < BT_FAR_M) others += fmax(0.0, fmin(accel, 0.5) - old.accel_m_s2);
    return own - accel + driver->politeness * others;
}

void bt_traffic_change_lane(const bt_traffic *t, uint32_t index, double accel, const bt_view *view)
{
    (void)view;
    bt_car *car = &t->cars[index];
    const bt_driver *driver = &t->actors[t->car_actor[index]].driver;
    double keep = driver->keep_lane_m_s2 > 0.0 ? driver->keep_lane_m_s2 : KEEP_LANE_M_S2;
    int64_t rounds = (int64_t)(EVERY_S / t->decision_s + 0.5);
    int64_t round = (int64_t)(bt_seconds(t->time_ns) / t->decision_s + 0.5);
    double wait = driver->reaction_s / t->decision_s + 0.5;
    // the first decision of every second
    if (rounds > 1 &&
        (round + t->actors[t->car_actor[index]].number) % rounds >= (int64_t)fmax(1.0, wait))
        return;
    double from = car->q_m + INDICATES_S * car->speed_m_s, way = TAKES_S * car->speed_m_s;
    if (keep > 100.0 || !may_change(t, index, from - car->q_m + way)) return;
    uint32_t lane = bt_itinerary_lane(&car->way, car->way.head);
    const bt_lane *here = bt_road_lane_get(t->graph->net, lane);
    bool left_hand = bt_road_get(t->graph->net, here->road)->left_hand_traffic;
    double best = 0.0;
    bt_itinerary chosen, trial;
    for (int side = -1; side <= 1; side += 2) {
        uint32_t to = bt_lane_neighbour(t->graph->net, lane, side);
        if (to == BT_ROAD_NONE || !bt_lane_graph_drivable(t->graph, to)) continue;
        if (bt_road_lane_get(t->graph->net, to)->forward != here->forward) continue;
        double bias = (side < 0) == left_hand ? -BIAS_M_S2 : BIAS_M_S2;
        double gain = gain_of(t, index, to, accel, from, way, &trial) - keep + bias;
        if (gain <= best) continue;
        best = gain;
        chosen = trial;
    }
    if (best > 0.0) car->way = chosen;
}
