// pull_out.c: a parked car joins the traffic: indicates, waits for a gap and for room to steer out, goes.
//
// Gap: who comes from behind on the lane is at least GAP_S and GAP_M away, nobody is beside. Room: the car is
// driven out as it would be (bt_car_roll), and its body must clear all that is there; else it stays.
#include "engine/sim/decide_internal.h"

#include <math.h>

#define INDICATES_NS (3 * BT_NS_PER_S)
#define GAP_S 4.0
#define GAP_M 6.0
#define BESIDE_M 9.0
#define LANE_M 2.6 // from its middle
#define SEES_M 90.0
#define OUT_M 9.0
#define ROLL_M 14.0
#define STEP_M 0.5
#define OUT_M_S 2.0
#define ROOM_M 0.12

// The next lane towards traffic that is for driving and goes the same way; BT_ROAD_NONE: none.
static uint32_t lane_to_join(const bt_lane_graph *g, uint32_t lane)
{
    bool forward = bt_road_lane_get(g->net, lane)->forward;
    const bt_road *road = bt_road_get(g->net, bt_road_lane_get(g->net, lane)->road);
    int side = road->left_hand_traffic ? -1 : 1;
    while (lane != BT_ROAD_NONE && !bt_lane_graph_drivable(g, lane))
        lane = bt_lane_neighbour(g->net, lane, side);
    if (lane == BT_ROAD_NONE || bt_road_lane_get(g->net, lane)->forward != forward)
        return BT_ROAD_NONE;
    return lane;
}

// The car on the way out, still where it stands.
static bool begin(const bt_traffic *t, uint32_t index, bt_car *out)
{
    const bt_actor_desc *d = &t->actors[t->car_actor[index]];
    uint32_t lane = lane_to_join(t->graph, d->lane);
    if (lane == BT_ROAD_NONE) return false;
    bt_itinerary_init(&out->way, lane, bt_lane_graph_distance(t->graph, lane, d->s_m), d->choice,
                      NULL);
    bt_itinerary_advance(t->graph, NULL, &out->way, 0.0, 340.0);
    bt_lane_point p = bt_itinerary_at(t->graph, &out->way, 0.0);
    double dx = out->x_m - p.x_m, dy = out->y_m - p.y_m, turn = out->yaw_rad - p.heading_rad;
    if (bt_cos(turn) < 0.7) return false; // parked the other way round
    out->q_m = 0.0;
    out->way.pass_m = -dx * bt_sin(p.heading_rad) + dy * bt_cos(p.heading_rad);
    out->way.pass_from_m = -1e3;
    out->way.pass_to_m = 0.5;
    out->way.pass_ramp_m = out->way.pass_back_m = OUT_M;
    out->desired_m_s = d->desired_speed_m_s;
    out->leader = out->followed = out->watched = BT_SIM_NONE;
    out->leader_q_m = BT_FAR_M;
    out->merge_lane = BT_ROAD_NONE;
    out->parked = out->looked = 0;
    return true;
}

static bool gap_behind(const bt_traffic *t, uint32_t index, const bt_car *out)
{
    bt_lane_point p = bt_itinerary_at(t->graph, &out->way, 0.0);
    double c = bt_cos(p.heading_rad), s = bt_sin(p.heading_rad);
    const bt_grid *grid = &t->round->grid;
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (o->actor == t->car_actor[index] || (o->car == BT_SIM_NONE && o->speed_m_s < 0.1))
            continue;
        double dx = o->box.x_m - p.x_m, dy = o->box.y_m - p.y_m;
        double along = dx * c + dy * s, aside = -dx * s + dy * c;
        double reach = LANE_M + o->box.half_width_m, half = o->box.half_length_m;
        if (fabs(aside) > reach || fabs(o->box.z_low_m - p.z_m) > 2.5) continue;
        if (bt_cos(o->box.yaw_rad - p.heading_rad) < 0.0 && fabs(aside) > LANE_M) continue;
        if (fabs(along) < half + BESIDE_M) return false;
        if (along < 0.0 && -along - half < GAP_M + GAP_S * o->speed_m_s) return false;
    }
    return true;
}

static bool room_ahead(const bt_traffic *t, uint32_t index, const bt_car *out)
{
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    const bt_grid *grid = &t->round->grid;
    bt_car at = *out;
    for (double way = 0.0; way < ROLL_M; way += STEP_M) {
        bt_car_roll(t->graph, v, STEP_M, OUT_M_S, &at);
        bt_footprint box = bt_car_box(v, &at, ROOM_M);
        for (uint32_t i = 0; i < grid->found_count; i++) {
            const bt_obstacle *o = &t->obstacles[grid->found[i]];
            if (o->actor != t->car_actor[index] && bt_footprint_overlap(&box, &o->box))
                return false;
        }
    }
    return true;
}

void bt_traffic_pull_out(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    const bt_actor_desc *d = &t->actors[t->car_actor[index]];
    if (d->pull_out_ns <= 0 || t->time_ns < d->pull_out_ns - INDICATES_NS) return;
    if (bt_vehicle_has_trailer(&d->vehicle)) return;
    bt_car out = *car;
    if (!begin(t, index, &out)) return;
    car->lamps = out.way.pass_m < 0.0 ? BT_LAMP_INDICATOR_LEFT : BT_LAMP_INDICATOR_RIGHT;
    if (t->time_ns < d->pull_out_ns) return;
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, car->x_m - SEES_M, car->y_m - SEES_M, car->x_m + SEES_M,
                   car->y_m + SEES_M);
    if (!gap_behind(t, index, &out) || !room_ahead(t, index, &out)) return;
    out.lamps = car->lamps;
    *car = out;
}
