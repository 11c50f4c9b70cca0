// signal_stop.c: the lines at which signals make a driver stop.
#include "engine/sim/passage.h"

#include <math.h>

#define RED_M_S2 7.0 // harder than that, a red signal came too late

// Must a driver stop for this phase, with a line `distance` ahead of its bumper?
static bool obeys(bt_signal_phase phase, double speed, double distance)
{
    double needed = distance > 0.0 ? speed * speed / (2.0 * distance) : BT_FAR_M;
    switch (phase) {
    case BT_PHASE_AMBER:
        return needed <= BT_AMBER_M_S2;
    case BT_PHASE_RED:
    case BT_PHASE_RED_AMBER:
        return needed <= RED_M_S2;
    case BT_PHASE_OFF:
    case BT_PHASE_GREEN:
        break;
    }
    return false;
}

// Where the junction run that holds a slot begins.
static double passage_entry(const bt_traffic *t, const bt_car *car, uint32_t slot)
{
    uint32_t junction = bt_slot_path(t, car, slot)->junction;
    while (slot > car->way.first && bt_slot_path(t, car, slot - 1)->junction == junction)
        slot--;
    return bt_itinerary_start(&car->way, slot);
}

static double slot_stop(const bt_traffic *t, uint32_t index, uint32_t slot)
{
    const bt_car *car = &t->cars[index];
    const bt_lane_path *path = bt_slot_path(t, car, slot);
    double front = bt_car_front(bt_vehicle_of(t, index), car), best = BT_FAR_M;
    bool is_long = bt_sweep_body(bt_vehicle_of(t, index)) == BT_BODY_LONG;
    for (uint32_t i = 0; i < path->stop_count; i++) {
        const bt_lane_stop *stop = &t->graph->stops[path->first_stop + i];
        // a signal inside a junction is obeyed before it
        double line = path->junction == BT_ROAD_NONE
                          ? bt_itinerary_start(&car->way, slot) + stop->d_m -
                                (is_long ? stop->long_back_m : 0.0)
                          : passage_entry(t, car, slot);
        bt_signal_phase phase = (bt_signal_phase)t->phases[stop->signal];
        // the place to stop is a little before the line
        double way = line - front - (phase == BT_PHASE_AMBER ? 1.0 : -0.5);
        if (line >= front - 0.5 && obeys(phase, car->speed_m_s, way)) best = fmin(best, line);
    }
    return best;
}

double bt_traffic_signal_stop(const bt_traffic *t, uint32_t index)
{
    return t->actors[t->car_actor[index]].emergency ? BT_FAR_M : bt_traffic_red_line(t, index);
}

double bt_traffic_red_line(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    double see = car->q_m + 60.0 + car->speed_m_s * 5.0, best = BT_FAR_M;
    if (t->actors[t->car_actor[index]].driver.ignores_signals) return best;
    for (uint32_t slot = car->way.head; slot < car->way.tail; slot++) {
        if (bt_itinerary_start(&car->way, slot) > see) break;
        best = fmin(best, slot_stop(t, index, slot));
    }
    return best;
}
