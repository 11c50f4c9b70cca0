// lamps.c: a driver's brake lamps and indicators.
#include "engine/sim/decide_internal.h"

#include <math.h>

#define INDICATE_M 40.0
#define INDICATE_RAD (25.0 * BT_RAD_PER_DEG)
#define BRAKE_ON_M_S2 (-0.8)
#define BRAKE_OFF_M_S2 (-0.4)

static uint32_t side_lamp(double turn)
{
    return turn > 0.0 ? BT_LAMP_INDICATOR_LEFT : BT_LAMP_INDICATOR_RIGHT;
}

// Indicates a turn at the junction ahead or under way, and a shift to another lane.
static uint32_t indicators(const bt_traffic *t, const bt_car *car)
{
    const bt_itinerary *way = &car->way;
    // out round an obstacle, and back
    if (fabs(way->pass_m) > 0.8) {
        if (car->q_m < way->pass_from_m + way->pass_ramp_m) return side_lamp(way->pass_m);
        if (car->q_m > way->pass_to_m - 8.0) return side_lamp(-way->pass_m);
    }
    double turn = 0.0, see = car->q_m + fmax(INDICATE_M, 3.0 * car->speed_m_s);
    uint32_t junction = BT_ROAD_NONE;
    for (uint32_t slot = way->head; slot < way->tail; slot++) {
        uint32_t i = slot % BT_ITINERARY_RING;
        const bt_lane_path *path = &t->graph->lanes[way->lane[i]];
        bool first = junction == BT_ROAD_NONE;
        if (first && way->start_m[i] > see) break;
        if (way->from_lane[i] != BT_ROAD_NONE && see > way->shift_m[i] &&
            car->q_m < way->shift_m[i] + way->shift_way_m[i]) {
            bt_lane_point to = bt_lane_graph_at(t->graph, way->lane[i], 0.0);
            bt_lane_point from = bt_lane_graph_at(t->graph, way->from_lane[i], 0.0);
            double side = (to.y_m - from.y_m) * bt_cos(to.heading_rad) -
                          (to.x_m - from.x_m) * bt_sin(to.heading_rad);
            return side_lamp(side);
        }
        if (!first && path->junction != junction) break;
        if (path->junction == BT_ROAD_NONE) continue;
        junction = path->junction;
        turn += path->turn_rad;
    }
    return fabs(turn) > INDICATE_RAD ? side_lamp(turn) : 0;
}

static uint32_t brake_lamp(const bt_car *car)
{
    bool was = car->lamps & BT_LAMP_BRAKE;
    bool stands = car->speed_m_s < 0.1 && car->accel_wanted_m_s2 <= 0.0;
    double on = was ? BRAKE_OFF_M_S2 : BRAKE_ON_M_S2;
    double accel = fmin(car->accel_wanted_m_s2, car->accel_m_s2);
    return stands || accel < on ? BT_LAMP_BRAKE : 0;
}

uint32_t bt_driver_lamps(const bt_traffic *t, const bt_car *car)
{
    return indicators(t, car) | brake_lamp(car);
}
