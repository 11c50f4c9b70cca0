// decisions.c: one round of decisions: what everybody sees, who is cleared, how all go on.
#include "engine/sim/sim_internal.h"
#include "engine/sim/sweep.h"

#include <math.h>

#define EGO_CLAIM_S 3.5 // junction lanes of the ego's route this far ahead are taken as used
#define EGO_CLAIM_M 5.0
#define EGO_STANDS_M_S 0.5 // slower and outside: it waits, others may go
#define NEAR_M 70.0        // cars nearer to the ego than this begin to move by forces
#define FAR_FROM_M 90.0    // and end it beyond this
#define SWEEP_AHEAD_M 35.0
#define WALKER_SEES_M 0.9
#define WALKER_ROOM_M 0.35
#define CROSS_SEES_S 4.0 // a careful walker lets cars pass that will be there within this
#define CROSS_ROOM_M 0.5

// ---- what is there ----------------------------------------------------------------------------
static void add_obstacle(const bt_sim *sim, bt_state *state, uint32_t actor, uint32_t part,
                         uint32_t *count)
{
    bt_obstacle *o = &state->obstacles[*count];
    if (!bt_state_footprint(sim, state, actor, part, &o->box)) return;
    const bt_motion *m = &state->motions[actor];
    o->actor = actor;
    o->part = part;
    o->walker = sim->actors[actor].kind == BT_ACTOR_WALKER;
    bool drives = sim->movers[actor] == BT_MOVER_CAR && !state->cars[sim->slots[actor]].parked;
    o->car = drives ? sim->slots[actor] : BT_SIM_NONE;
    o->accel_m_s2 = o->walker ? 0.0 : m->accel_m_s2;
    o->speed_m_s = hypot(m->velocity_m_s.x, m->velocity_m_s.y);
    o->heading_rad =
        o->speed_m_s > 0.1 ? atan2(m->velocity_m_s.y, m->velocity_m_s.x) : o->box.yaw_rad;
    o->radius_m = hypot(o->box.half_length_m, o->box.half_width_m);
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

// The corners that a trailer will cut soon, and at the junctions its tractor is cleared for.
static void add_sweep(const bt_sim *sim, bt_state *state, uint32_t index, uint32_t *count)
{
    const bt_car *car = &state->cars[index];
    uint32_t actor = sim->car_actor[index];
    const bt_vehicle *v = &sim->actors[actor].vehicle;
    if (v->trailer_length_m <= 0.0 || car->parked) return;
    double to = fmin(car->q_m + SWEEP_AHEAD_M, not_cleared_from(sim, car));
    if (car->hold_count > 0) {
        uint32_t last = car->hold[car->hold_count - 1].end - 1;
        double end = bt_itinerary_slot_end(&sim->graph, &car->way, last) + v->trailer_length_m;
        to = fmax(to, end);
    }
    bt_footprint boxes[BT_SWEEP_MAX];
    uint32_t found = bt_sweep_find(&sim->graph, v, car, to, boxes);
    for (uint32_t i = 0; i < found; i++) {
        bt_obstacle *o = &state->obstacles[(*count)++];
        *o = (bt_obstacle){.box = boxes[i],
                           .heading_rad = boxes[i].yaw_rad,
                           .radius_m = hypot(boxes[i].half_length_m, boxes[i].half_width_m),
                           .actor = actor,
                           .car = BT_SIM_NONE,
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
        bt_vec3 p = {f.x_m + along * cos(f.yaw_rad), f.y_m + along * sin(f.yaw_rad), z};
        uint32_t count = bt_road_locate_all(sim->net, p, at, 8);
        for (uint32_t k = 0; k < count && k < 8; k++) {
            if (at[k].lane == BT_ROAD_NONE || !bt_lane_graph_drivable(&sim->graph, at[k].lane))
                continue;
            double d = bt_lane_graph_distance(&sim->graph, at[k].lane, at[k].s_m);
            bt_lane_point way = bt_lane_graph_at(&sim->graph, at[k].lane, d);
            if (cos(way.heading_rad - f.yaw_rad) > 0.7) add_lane(sim, at[k].lane, list);
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

// ---- walkers ----------------------------------------------------------------------------------
static bt_grid *gather_around(bt_state *state, bt_vec3 p, double reach)
{
    bt_grid *grid = &state->round.grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, p.x - reach, p.y - reach, p.x + reach, p.y + reach);
    return grid;
}

static bool in_box(bt_vec3 p, const bt_footprint *box, double room)
{
    double c = cos(box->yaw_rad), s = sin(box->yaw_rad);
    double dx = p.x - box->x_m, dy = p.y - box->y_m;
    return fabs(dx * c + dy * s) < box->half_length_m + room &&
           fabs(-dx * s + dy * c) < box->half_width_m + room && p.z < box->z_high_m &&
           p.z + 2.0 > box->z_low_m;
}

// Does a standing vehicle fill the place where the walker steps next, or a trailer soon? Who stands in
// such a corner leaves it.
static bool is_blocked(const bt_sim *sim, bt_state *state, uint32_t slot, double radius_max_m)
{
    bt_vec3 p = bt_walk_ahead(&sim->walk_paths[slot], &state->walks[slot], WALKER_SEES_M);
    bt_vec3 here = bt_walk_ahead(&sim->walk_paths[slot], &state->walks[slot], 0.0);
    bt_grid *grid = gather_around(state, p, radius_max_m + 1.0);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &state->obstacles[grid->found[i]];
        if (o->walker || o->speed_m_s > 1.5) continue;
        if (o->part == BT_PART_SWEEP && in_box(here, &o->box, WALKER_ROOM_M)) continue;
        if (in_box(p, &o->box, WALKER_ROOM_M)) return true;
    }
    return false;
}

// Would a walker who goes on now come before a moving vehicle? Both are taken to go straight on.
static bool comes_before(bt_vec3 p, bt_vec3 course, double speed, const bt_obstacle *o)
{
    double c = cos(o->heading_rad), s = sin(o->heading_rad);
    double dx = p.x - o->box.x_m, dy = p.y - o->box.y_m;
    double along = dx * c + dy * s, aside = -dx * s + dy * c;
    double reach = o->box.half_width_m + CROSS_ROOM_M;
    double inward = speed * (-course.x * s + course.y * c) * (aside > 0.0 ? -1.0 : 1.0);
    // already before it, or not getting there
    if (fabs(aside) < reach || inward < 0.2) return false;
    double enter = (fabs(aside) - reach) / inward, leave = (fabs(aside) + reach) / inward;
    double arrive = (along - o->box.half_length_m) / o->speed_m_s;
    double gone = (along + o->box.half_length_m) / o->speed_m_s;
    return gone > 0.0 && arrive < CROSS_SEES_S && enter < gone + 0.5 && leave > arrive - 0.8;
}

static bool must_wait(const bt_sim *sim, bt_state *state, uint32_t slot, double speed_max_m_s)
{
    const bt_actor_desc *d = &sim->actors[sim->walk_actor[slot]];
    if (d->careless) return false;
    const bt_walk_path *path = &sim->walk_paths[slot];
    bt_vec3 p = bt_walk_ahead(path, &state->walks[slot], 0.0);
    bt_vec3 course =
        bt_vec3_normalize(bt_vec3_sub(bt_walk_ahead(path, &state->walks[slot], 1.0), p));
    bt_grid *grid = gather_around(state, p, speed_max_m_s * CROSS_SEES_S + 20.0);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &state->obstacles[grid->found[i]];
        if (o->walker || o->speed_m_s < 1.0 || fabs(p.z - o->box.z_low_m) > 3.0) continue;
        if (hypot(p.x - o->box.x_m, p.y - o->box.y_m) > o->speed_m_s * CROSS_SEES_S + 20.0)
            continue;
        if (comes_before(p, course, d->walk_speed_m_s, o)) return true;
    }
    return false;
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
        bt_car_set_near(v, !car->parked && square < reach * reach, car);
    }
}

// ---- whole ------------------------------------------------------------------------------------
void bt_state_decide(const bt_sim *sim, bt_state *state)
{
    find_near(sim, state);
    lane_list ego;
    find_ego_lanes(sim, state, &ego);
    uint32_t count = find_obstacles(sim, state);
    double radius_max = 0.0, speed_max = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        const bt_obstacle *o = &state->obstacles[i];
        radius_max = fmax(radius_max, o->radius_m);
        if (!o->walker) speed_max = fmax(speed_max, o->speed_m_s);
    }
    bt_grid_build(&state->round.grid, &state->obstacles->box.x_m,
                  sizeof *state->obstacles / sizeof(double), count);
    bt_traffic t = {.graph = &sim->graph,
                    .signals = &sim->signals,
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
                    .time_ns = state->time_ns,
                    .decision_s = bt_seconds(sim->step_ns) * sim->decision_steps,
                    .radius_max_m = radius_max,
                    .round = &state->round};
    bt_traffic_clear(&t);
    bt_traffic_look(&t);
    for (uint32_t i = 0; i < sim->car_count; i++)
        if (!state->cars[i].parked) bt_traffic_decide(&t, i);
    for (uint32_t i = 0; i < sim->walk_count; i++)
        state->blocked[i] = must_wait(sim, state, i, speed_max)     ? BT_WALK_WAITS
                            : is_blocked(sim, state, i, radius_max) ? BT_WALK_BLOCKED
                                                                    : BT_WALK_FREE;
}
