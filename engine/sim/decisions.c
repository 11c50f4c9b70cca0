// decisions.c: one round of decisions: what everybody sees, who is cleared, how all go on.
#include "engine/sim/sim_internal.h"
#include "engine/sim/sweep.h"

#include <math.h>

#define EGO_CLAIM_S 3.5 // junction lanes of the ego's route this far ahead are taken as used
#define EGO_CLAIM_M 5.0
#define EGO_STANDS_M_S 0.5 // slower and outside: it waits, others may go
#define NEAR_M 60.0        // cars nearer to the ego than this begin to move by forces
#define FAR_FROM_M 75.0    // and end it beyond this
#define SWEEP_AHEAD_M 35.0

// ---- what is there ----------------------------------------------------------------------------
static void add_obstacle(const bt_sim *sim, bt_state *state, uint32_t actor, uint32_t part,
                         uint32_t *count)
{
    bt_obstacle *o = &state->obstacles[*count];
    double vx, vy;
    if (sim->movers[actor] == BT_MOVER_WALK && !state->is_wreck[actor]) {
        if (part > 0) return;
        bt_state_glance(state, actor, &o->box, &vx, &vy);
    } else {
        if (!bt_state_footprint(sim, state, actor, part, &o->box)) return;
        bt_vec3 v = state->motions[actor].velocity_m_s;
        vx = v.x, vy = v.y;
    }
    o->actor = actor;
    o->part = part;
    o->walker = sim->actors[actor].kind == BT_ACTOR_WALKER;
    bool drives = sim->movers[actor] == BT_MOVER_CAR && !state->cars[sim->slots[actor]].parked;
    o->car = drives ? sim->slots[actor] : BT_SIM_NONE;
    o->wreck = state->is_wreck[actor];
    o->accel_m_s2 = o->walker ? 0.0 : state->motions[actor].accel_m_s2;
    o->speed_m_s = bt_hypot(vx, vy);
    o->heading_rad = o->speed_m_s > 0.1 ? bt_atan2(vy, vx) : o->box.yaw_rad;
    o->radius_m = bt_hypot(o->box.half_length_m, o->box.half_width_m);
    (*count)++;
}

// Where the first junction begins that a car may not pass yet.
static double not_cleared_from(const bt_sim *sim, const bt_car *car)
{
    for (uint32_t slot = car->way.head; slot < car->way.tail; slot++) {
        uint32_t lane = bt_itinerary_lane(&car->way, slot);
        bool held = sim->graph.lanes[lane].junction == BT_ROAD_NONE;
        for (uint32_t h = 0; h < car->hold_count; h++)
            held = held || (slot >= car->hold[h].first && slot < car->hold[h].end);
        if (!held) return bt_itinerary_start(&car->way, slot);
    }
    return 1e9;
}

// Where a long vehicle will leave its way soon, and at the junctions it is cleared for.
static void add_sweep(const bt_sim *sim, bt_state *state, uint32_t index, uint32_t *count)
{
    const bt_car *car = &state->cars[index];
    uint32_t actor = sim->car_actor[index];
    const bt_vehicle *v = &sim->actors[actor].vehicle;
    if (!bt_sweep_concerns(v) || car->parked) return;
    double nose = v->length_m - v->rear_overhang_m;
    double to = car->q_m + SWEEP_AHEAD_M;
    if (car->hold_count > 0) {
        uint32_t last = car->hold[car->hold_count - 1].end - 1;
        double end = bt_itinerary_slot_end(&sim->graph, &car->way, last) + v->trailer_length_m;
        to = fmax(to, end);
    }
    // who queues comes no further than the one ahead, or than the junction
    to = fmin(to, fmin(car->leader_q_m, not_cleared_from(sim, car)) - nose);
    bt_footprint boxes[BT_SWEEP_MAX];
    uint32_t found = bt_sweep_find(&sim->graph, v, car, to, BT_SWEEP_ROOM_M, boxes);
    for (uint32_t i = 0; i < found; i++) {
        bt_obstacle *o = &state->obstacles[(*count)++];
        *o = (bt_obstacle){.box = boxes[i],
                           .heading_rad = boxes[i].yaw_rad,
                           .radius_m = bt_hypot(boxes[i].half_length_m, boxes[i].half_width_m),
                           .actor = actor,
                           .car = BT_SIM_NONE,
                           .owner = index,
                           .part = BT_PART_SWEEP};
    }
}

static uint32_t find_obstacles(const bt_sim *sim, bt_state *state)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < sim->actor_count; i++)
        for (uint32_t part = 0; part < 2; part++)
            add_obstacle(sim, state, i, part, &count);
    for (uint32_t i = 0; i < sim->car_count; i++)
        add_sweep(sim, state, i, &count);
    return count;
}

// Sorts in the vehicles that move.
static void sort_moving(bt_state *state, uint32_t count)
{
    bt_round *r = &state->round;
    uint32_t moving = 0;
    for (uint32_t i = 0; i < count; i++) {
        const bt_obstacle *o = &state->obstacles[i];
        if (o->walker || o->speed_m_s < BT_MOVING_M_S) continue;
        r->moving[moving++] = (bt_moving){.x_m = o->box.x_m, .y_m = o->box.y_m, .obstacle = i};
    }
    bt_grid_build(&r->moving_grid, &r->moving->x_m, sizeof *r->moving / sizeof(double), moving);
    r->moving_count = moving;
}

// ---- the ego at junctions ---------------------------------------------------------------------
typedef struct lane_list {
    uint32_t lanes[BT_EGO_LANES_MAX];
    uint32_t count;
} lane_list;

static void add_lane(const bt_sim *sim, uint32_t lane, lane_list *list)
{
    if (lane == BT_ROAD_NONE || !bt_lane_graph_drivable(&sim->graph, lane)) return;
    if (sim->graph.lanes[lane].junction == BT_ROAD_NONE) return;
    for (uint32_t i = 0; i < list->count; i++)
        if (list->lanes[i] == lane) return;
    if (list->count < BT_EGO_LANES_MAX) list->lanes[list->count++] = lane;
}

// Lanes below the ego's nose, middle and tail that run about its way.
static void add_lanes_below(const bt_sim *sim, const bt_state *state, lane_list *list)
{
    bt_footprint f;
    bt_road_location at[8];
    if (!bt_state_footprint(sim, state, sim->ego, 0, &f)) return;
    double z = state->motions[sim->ego].pose.world_from_actor.pos.z;
    for (int i = -1; i <= 1; i++) {
        double along = 0.9 * i * f.half_length_m;
        bt_vec3 p = {f.x_m + along * bt_cos(f.yaw_rad), f.y_m + along * bt_sin(f.yaw_rad), z};
        uint32_t count = bt_road_locate_all(sim->net, p, at, 8);
        for (uint32_t k = 0; k < count && k < 8; k++) {
            if (at[k].lane == BT_ROAD_NONE || !bt_lane_graph_drivable(&sim->graph, at[k].lane))
                continue;
            double d = bt_lane_graph_distance(&sim->graph, at[k].lane, at[k].s_m);
            bt_lane_point way = bt_lane_graph_at(&sim->graph, at[k].lane, d);
            if (bt_cos(way.heading_rad - f.yaw_rad) > 0.7) add_lane(sim, at[k].lane, list);
        }
    }
}

// Route distance of the first red ahead of the ego.
static double red_ahead(const bt_sim *sim, const bt_state *state, double from_m, double to_m)
{
    for (size_t i = 0; i < sim->stretch_count; i++) {
        const bt_stretch *r = &sim->stretches[i];
        if (r->to_m < from_m || r->from_m > to_m) continue;
        if (!bt_lane_graph_drivable(&sim->graph, r->lane)) continue;
        const bt_lane_path *path = &sim->graph.lanes[r->lane];
        for (uint32_t k = 0; k < path->stop_count; k++) {
            const bt_lane_stop *stop = &sim->graph.stops[path->first_stop + k];
            double at = r->from_m + stop->d_m - r->d_m;
            uint8_t phase = state->phases[stop->signal];
            bool red = phase == BT_PHASE_RED || phase == BT_PHASE_RED_AMBER;
            if (red && at >= from_m) return at;
        }
    }
    return to_m;
}

// Lanes of the route that the ego is about to enter.
static void add_lanes_ahead(const bt_sim *sim, const bt_state *state, lane_list *list)
{
    const bt_motion *m = &state->motions[sim->ego];
    const bt_vehicle *v = &sim->actors[sim->ego].vehicle;
    if (m->speed_m_s < EGO_STANDS_M_S) return;
    double nose = m->route_m + v->length_m - v->rear_overhang_m;
    double to = red_ahead(sim, state, nose - 1.0, nose + m->speed_m_s * EGO_CLAIM_S + EGO_CLAIM_M);
    for (size_t i = 0; i < sim->stretch_count; i++) {
        const bt_stretch *r = &sim->stretches[i];
        if (r->to_m >= m->route_m && r->from_m <= to) add_lane(sim, r->lane, list);
    }
}

static void find_ego_lanes(const bt_sim *sim, const bt_state *state, lane_list *list)
{
    list->count = 0;
    if (sim->ego == BT_SIM_NONE || sim->movers[sim->ego] != BT_MOVER_EGO) return;
    add_lanes_below(sim, state, list);
    add_lanes_ahead(sim, state, list);
}

// ---- near and far -----------------------------------------------------------------------------
// Those round the ego move by forces; with some play, so that nobody changes all the time.
static void find_near(const bt_sim *sim, bt_state *state)
{
    if (sim->ego == BT_SIM_NONE) return;
    bt_vec3 ego = state->motions[sim->ego].pose.world_from_actor.pos;
    for (uint32_t i = 0; i < sim->car_count; i++) {
        bt_car *car = &state->cars[i];
        double square =
            (car->x_m - ego.x) * (car->x_m - ego.x) + (car->y_m - ego.y) * (car->y_m - ego.y);
        double reach = car->near_ego ? FAR_FROM_M : NEAR_M;
        const bt_vehicle *v = &sim->actors[sim->car_actor[i]].vehicle;
        bool near = !car->parked && car->lets_by == BT_SIM_NONE && !bt_vehicle_is_cycle(v) &&
                    square < reach * reach;
        bt_car_set_near(v, near, car);
    }
}

// ---- whole ------------------------------------------------------------------------------------
void bt_state_decide(const bt_sim *sim, bt_state *state)
{
    for (uint32_t i = 0; i < sim->car_count; i++) // before their ways change
        bt_state_settle(state, sim->car_actor[i]);
    find_near(sim, state);
    lane_list ego;
    find_ego_lanes(sim, state, &ego);
    uint32_t count = find_obstacles(sim, state);
    double radius_max = 0.0;
    sort_moving(state, count);
    for (uint32_t i = 0; i < count; i++)
        radius_max = fmax(radius_max, state->obstacles[i].radius_m);
    bt_grid_build(&state->round.grid, &state->obstacles->box.x_m,
                  sizeof *state->obstacles / sizeof(double), count);
    bt_traffic t = {.graph = &sim->graph,
                    .phases = state->phases,
                    .actors = sim->actors,
                    .plans = sim->plan_pointers,
                    .actor_count = sim->actor_count,
                    .cars = state->cars,
                    .car_actor = sim->car_actor,
                    .car_count = sim->car_count,
                    .obstacles = state->obstacles,
                    .obstacle_count = count,
                    .ego_lanes = ego.lanes,
                    .ego_lane_count = ego.count,
                    .ego_is_long = sim->ego != BT_SIM_NONE &&
                                   bt_sweep_concerns(&sim->actors[sim->ego].vehicle),
                    .time_ns = state->time_ns,
                    .decision_s = bt_seconds(sim->step_ns) * sim->decision_steps,
                    .radius_max_m = radius_max,
                    .round = &state->round};
    bt_traffic_look_first(&t);
    bt_traffic_hear(&t);
    bt_traffic_unlock(&t);
    bt_traffic_note_bends(&t);
    bt_traffic_clear(&t);
    bt_traffic_take_bends(&t);
    bt_traffic_look(&t);
    for (uint32_t i = 0; i < sim->car_count; i++) {
        if (state->is_wreck[sim->car_actor[i]]) continue;
        if (state->cars[i].parked)
            bt_traffic_pull_out(&t, i);
        else
            bt_traffic_decide(&t, i);
    }
    bt_people_decide(sim, state, radius_max);
}
