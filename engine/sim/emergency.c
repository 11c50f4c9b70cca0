// emergency.c: vehicles under siren, and how others make way for them (StVO sections 35 and 38).
//
// Others who are overtaken or met within HEARS_M steer to the edge, beyond it by EDGE_M, and slow down; who is in a
// junction leaves it first. Who drives under siren goes on at red, slowly enough to stop, but like
// everybody enters a junction only when nobody is in the way; the others give way whatever their right.
// It goes round those who have made way (pass.c).
#include "engine/sim/decide_internal.h"

#include <math.h>

#define HEARS_M 70.0
#define ASIDE_M 9.0
#define EDGE_M 0.3
#define BEHIND_M_S 2.5 // whom it comes up to goes so fast
#define MEETS_M_S 5.0  // and who meets it
#define BRAKE_M_S2 2.0
#define EASE_S 1.5
#define RED_M_S 4.0
#define RED_SEES_M 40.0
#define RED_BRAKE_M_S2 2.5

void bt_traffic_hear(const bt_traffic *t)
{
    bt_round *r = t->round;
    r->siren_count = 0;
    for (uint32_t i = 0; i < t->car_count; i++)
        if (t->actors[t->car_actor[i]].emergency && !t->cars[i].parked &&
            r->siren_count < BT_SIRENS)
            r->sirens[r->siren_count++] = i;
}

// 0: none near; 1: comes up from behind; 2: comes towards us.
static int hears(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    double c = bt_cos(car->yaw_rad), s = bt_sin(car->yaw_rad);
    for (uint32_t i = 0; i < t->round->siren_count; i++) {
        const bt_car *siren = &t->cars[t->round->sirens[i]];
        double dx = siren->x_m - car->x_m, dy = siren->y_m - car->y_m;
        double along = dx * c + dy * s, aside = -dx * s + dy * c;
        double course = bt_cos(siren->yaw_rad - car->yaw_rad);
        if (fabs(along) > HEARS_M || fabs(aside) > ASIDE_M || fabs(course) < 0.7) continue;
        // beside us still, or behind
        if (course > 0.0 && along < 6.0) return 1;
        if (course < 0.0 && along > -6.0) return 2;
    }
    return 0;
}

static void steer_aside(const bt_traffic *t, bt_car *car, const bt_vehicle *v)
{
    bt_itinerary *way = &car->way;
    if (way->pass_m != 0.0 || bt_itinerary_changing(way, car->q_m)) return;
    uint32_t lane = bt_itinerary_lane(way, way->head);
    const bt_road *road = bt_road_get(t->graph->net, bt_road_lane_get(t->graph->net, lane)->road);
    double s = bt_itinerary_at(t->graph, way, car->q_m).s_m;
    double spare = 0.5 * (bt_lane_width(t->graph->net, lane, s) - v->width_m);
    double by = fmax(0.0, spare + EDGE_M - fabs(way->lateral_m));
    way->pass_m = road->left_hand_traffic ? by : -by;
    way->pass_from_m = car->q_m + 0.5;
    way->pass_ramp_m = way->pass_back_m = bt_pass_ramp(by, car->speed_m_s);
    way->pass_to_m = 1e12;
    car->makes_way = 1;
}

double bt_traffic_make_way(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    const bt_actor_desc *d = &t->actors[t->car_actor[index]];
    int from = d->emergency ? 0 : hears(t, index);
    if (from == 0) {
        if (!car->makes_way) return BT_FAR_M;
        car->makes_way = 0; // back into the lane
        car->way.pass_to_m = car->q_m + 0.5;
        return BT_FAR_M;
    }
    bool inside =
        t->graph->lanes[bt_itinerary_lane(&car->way, car->way.head)].junction != BT_ROAD_NONE;
    if (inside) return BT_FAR_M;
    if (!bt_sweep_concerns(&d->vehicle)) steer_aside(t, car, &d->vehicle);
    double wanted = from == 1 ? BEHIND_M_S : MEETS_M_S;
    return fmax(-BRAKE_M_S2, (wanted - car->speed_m_s) / EASE_S);
}

double bt_traffic_siren_caution(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    const bt_actor_desc *d = &t->actors[t->car_actor[index]];
    if (!d->emergency) return BT_FAR_M;
    double line = bt_traffic_red_line(t, index), to = line - bt_car_front(&d->vehicle, car);
    if (to > RED_SEES_M || to < -1.0 || car->speed_m_s <= RED_M_S) return BT_FAR_M;
    double need = (car->speed_m_s * car->speed_m_s - RED_M_S * RED_M_S) / (2.0 * fmax(to, 0.5));
    return need > 1.0 ? -fmin(need, RED_BRAKE_M_S2) : 0.0;
}
