// decide.c: one driver's decision: the least of what the way, those ahead, stops and others ask for.
#include "engine/sim/decide_internal.h"
#include "engine/sim/gap.h"

#include <math.h>

#define LIMIT_UNKNOWN_M_S 13.9 // 50 km/h
#define CURVE_BRAKE_M_S2 1.2   // brakes ahead of curves from this need on
#define STOP_SHORT_M 1.0       // stands this far before a line
#define QUEUE_M 5.0            // who stands so near behind another waits for that

// ---- speed ------------------------------------------------------------------------------------
static double allowed_in(const bt_traffic *t, uint32_t index, const bt_car *car, uint32_t slot)
{
    const bt_driver *driver = &t->actors[t->car_actor[index]].driver;
    double factor = driver->speed_factor > 0.0 ? driver->speed_factor : 1.0;
    double limit = t->graph->lanes[bt_itinerary_lane(&car->way, slot)].limit_m_s;
    if (car->desired_m_s > 0.0) return car->desired_m_s;
    return (limit > 0.0 ? limit : LIMIT_UNKNOWN_M_S) * factor;
}

double bt_traffic_speed_allowed(const bt_traffic *t, uint32_t index, const bt_car *car, double q_m)
{
    return allowed_in(t, index, car, bt_itinerary_slot(&car->way, q_m));
}

// Accelerates to the speed allowed here, brakes early for slower stretches ahead.
static double accel_free(const bt_traffic *t, uint32_t index, const bt_car *car, const bt_view *w,
                         double hurry, double *allowed)
{
    double v = car->speed_m_s, brake = 0.0;
    uint32_t slot = bt_itinerary_slot(&car->way, car->q_m);
    *allowed = allowed_in(t, index, car, slot);
    for (uint32_t i = 1; i < w->count; i++) {
        double at = w->step_m * i;
        slot = bt_itinerary_slot_from(&car->way, slot, car->q_m + at);
        double slow = bt_min(allowed_in(t, index, car, slot), hurry * w->points[i].speed_m_s);
        if (slow < v) brake = bt_min(brake, (slow * slow - v * v) / (2.0 * at));
    }
    return brake < -(bt_is_braking(car) ? BT_GO_ON_BRAKING_M_S2 : CURVE_BRAKE_M_S2) ? brake
                                                                                    : BT_FAR_M;
}

bt_idm bt_driver_idm(const bt_driver *d, double desired_m_s)
{
    bt_idm idm = bt_idm_city(desired_m_s);
    if (d->headway_s > 0.0) idm.headway_s = d->headway_s;
    if (d->min_gap_m > 0.0) idm.min_gap_m = d->min_gap_m;
    if (d->accel_m_s2 > 0.0) idm.accel_m_s2 = d->accel_m_s2;
    if (d->brake_m_s2 > 0.0) idm.brake_m_s2 = d->brake_m_s2;
    return idm;
}

double bt_accel_along(const bt_traffic *t, uint32_t index, bt_car *car, const bt_view *w,
                      bt_idm *idm)
{
    const bt_actor_desc *actor = &t->actors[t->car_actor[index]];
    bool brisk = !bt_sweep_concerns(&actor->vehicle) && bt_gap_goes_in(t, car);
    double hurry = brisk ? BT_GAP_BEND : 1.0;
    double allowed, slow = accel_free(t, index, car, w, hurry, &allowed);
    *idm = bt_driver_idm(&actor->driver, allowed);
    if (brisk) idm->accel_m_s2 = bt_gap_accel(&actor->driver, true);
    // a bend bounds the speed, but who follows in it keeps no more distance for that
    bt_idm bend = *idm;
    bend.desired_speed_m_s = fmin(allowed, hurry * w->points[0].speed_m_s);
    double accel = bt_idm_accel(&bend, car->speed_m_s, BT_IDM_NO_GAP, 0.0);
    // over the limit a driver lifts the foot, the curve rule does the braking
    accel = fmax(accel, -idm->brake_m_s2);
    return fmin(fmin(accel, slow), bt_accel_followed(t, index, car, w, idm));
}

// ---- stops ------------------------------------------------------------------------------------
// IDM up to a line: the bumper comes to rest STOP_SHORT_M before it.
static double accel_to_line(const bt_idm *idm, double speed, double distance)
{
    return bt_idm_accel(idm, speed, fmax(distance - STOP_SHORT_M + idm->min_gap_m, 0.05), 0.0);
}

static double accel_stops(const bt_traffic *t, uint32_t index, const bt_idm *idm)
{
    const bt_car *car = &t->cars[index];
    double front = bt_car_front(&t->actors[t->car_actor[index]].vehicle, car);
    double line = bt_traffic_signal_stop(t, index);
    bt_passage p;
    if (bt_traffic_next_passage(t, index, &p) && p.entry_m > front - 1.0)
        line = fmin(line, p.line_m);
    if (car->way.ended) line = fmin(line, car->way.end_m);
    line = fmin(line, bt_traffic_bend_stop(t, index));
    double distance = line - front;
    // farther than any driver looks
    if (distance > 60.0 + car->speed_m_s * 6.0) return BT_FAR_M;
    return accel_to_line(idm, car->speed_m_s, distance);
}

// ---- whole ------------------------------------------------------------------------------------
// Does this driver look anew in this round? All in the first.
static bool decides_now(const bt_traffic *t, uint32_t index)
{
    double reaction = t->actors[t->car_actor[index]].driver.reaction_s;
    int64_t every = (int64_t)(reaction / t->decision_s + 0.5);
    int64_t round = (int64_t)(bt_seconds(t->time_ns) / t->decision_s + 0.5);
    return every <= 1 || round == 0 || (round + t->actors[t->car_actor[index]].number) % every == 0;
}

void bt_traffic_look_first(const bt_traffic *t)
{
    for (uint32_t i = 0; i < t->car_count; i++) {
        bt_car *car = &t->cars[i];
        if (car->parked || car->looked) continue;
        bt_view w;
        bt_idm idm;
        t->round->passages[i].junction = BT_ROAD_NONE;
        bt_traffic_next_passage(t, i, &t->round->passages[i]);
        bt_look_ahead(t, i, car, &w);
        bt_accel_along(t, i, car, &w, &idm);
        car->looked = 1;
    }
}

// For whom it waits, while it stands: who is near ahead, or what it was refused for in this round.
static bt_wait waits_for(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    double gap = car->leader_q_m - bt_car_front(&t->actors[t->car_actor[index]].vehicle, car);
    if (car->leader == BT_SIM_NONE || gap > QUEUE_M) return t->round->waits[index];
    return (bt_wait){BT_WAIT_AHEAD, bt_traffic_car_of(t, car->leader)};
}

void bt_traffic_decide(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    if (car->lets_by != BT_SIM_NONE) {
        bt_traffic_let_by(t, index);
        return;
    }
    if (!decides_now(t, index)) return;
    bt_view w;
    bt_idm idm;
    bt_look_ahead(t, index, car, &w);
    double accel = bt_accel_along(t, index, car, &w, &idm);
    accel = fmin(accel, bt_traffic_pass(t, index, &idm));
    accel = fmin(accel, bt_traffic_make_way(t, index));
    accel = fmin(accel, bt_traffic_siren_caution(t, index));
    accel = fmin(accel, accel_stops(t, index, &idm));
    accel = fmin(accel, bt_accel_merging(t, index, &idm));
    accel = fmin(accel, bt_accel_joining(t, index));
    accel = fmin(accel, bt_accel_sweep(t, index));
    accel = fmin(accel, bt_accel_guard(t, index));
    // nobody creeps the last centimetres
    if (car->speed_m_s < 0.05 && accel < 0.1) accel = fmin(accel, 0.0);
    car->accel_wanted_m_s2 = accel;
    car->wait = waits_for(t, index);
    car->lamps = bt_driver_lamps(t, car);
    bt_traffic_change_lane(t, index, accel, &w);
}
