// sim.c: compiles a description into a constant bt_sim.
#include "engine/sim/cycle_route.h"
#include "engine/sim/lane_conflict.h"
#include "engine/sim/sim_internal.h"
#include "engine/sim/sweep.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

#define STEP_DEFAULT_NS (10 * BT_NS_PER_MS)
#define STEP_MIN_NS (BT_NS_PER_MS / 10)
#define DECISION_NS (BT_DECISION_STEPS * 10 * BT_NS_PER_MS)
#define WANDER_M 20000.0 // of an ego without goal
#define STRETCH_STEP_M 1.0
#define MAX_ACTORS 65535u // object ids are 16 bits

// ---- checks -----------------------------------------------------------------------------------
static bt_status check_number(const bt_actor_desc *d, const char *what, double value, double low,
                              double high)
{
    if (value >= low && value <= high) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "actor '%.63s': %s is %g, expected %g to %g", d->name, what, value,
                   low, high);
}

static bt_status check_lane(const bt_road_network *net, const bt_actor_desc *d, const char *what,
                            uint32_t lane, double s_m)
{
    if (lane >= bt_road_lane_count(net))
        return bt_fail(BT_ERR_INPUT, "actor '%.63s': no such %s", d->name, what);
    const bt_lane *l = bt_road_lane_get(net, lane);
    if (s_m >= l->s0_m - 1e-6 && s_m <= l->s1_m + 1e-6) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "actor '%.63s': s of the %s is %g, expected %g to %g", d->name,
                   what, s_m, l->s0_m, l->s1_m);
}

static bt_status check_driver(const bt_actor_desc *d)
{
    const bt_driver *r = &d->driver;
    const struct {
        const char *name;
        double value, low, high;
    } ranges[] = {
        {"speed_factor", r->speed_factor, 0.0, 3.0},     {"headway_s", r->headway_s, 0.0, 10.0},
        {"min_gap_m", r->min_gap_m, 0.0, 50.0},          {"accel_m_s2", r->accel_m_s2, 0.0, 10.0},
        {"brake_m_s2", r->brake_m_s2, 0.0, 10.0},        {"politeness", r->politeness, -1.0, 2.0},
        {"keep_lane_m_s2", r->keep_lane_m_s2, 0.0, 1e9}, {"reaction_s", r->reaction_s, 0.0, 2.0}};
    bt_status status = BT_OK;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && status == BT_OK; i++)
        status = check_number(d, ranges[i].name, ranges[i].value, ranges[i].low, ranges[i].high);
    return status;
}

static bt_status check_vehicle(const bt_sim *sim, const bt_actor_desc *d)
{
    bt_status status = bt_vehicle_check(&d->vehicle);
    if (status != BT_OK) return bt_fail_prefix(status, "actor '%.63s'", d->name);
    if (d->external && d->vehicle.rider_height_m > 0.0)
        return bt_fail(BT_ERR_INPUT, "actor '%.63s': a bicycle cannot be driven from outside",
                       d->name);
    if (d->led) return BT_OK;
    status = check_lane(sim->net, d, "start lane", d->lane, d->s_m);
    if (status == BT_OK) status = check_number(d, "lateral_m", d->lateral_m, -50.0, 50.0);
    if (status == BT_OK) status = check_number(d, "speed_m_s", d->speed_m_s, 0.0, 120.0);
    if (status == BT_OK)
        status = check_number(d, "desired_speed_m_s", d->desired_speed_m_s, 0.0, 120.0);
    if (status == BT_OK) status = check_driver(d);
    if (status == BT_OK && d->goal_lane != BT_ROAD_NONE)
        status = check_lane(sim->net, d, "goal lane", d->goal_lane, d->goal_s_m);
    return status;
}

static bt_status check_walker(const bt_actor_desc *d)
{
    bt_status status = check_number(d, "height_m", d->height_m, 0.1, 3.0);
    if (status == BT_OK && ((unsigned)d->gear >= BT_GEAR_KIND_COUNT || (d->gear && d->four_legged)))
        return bt_fail(BT_ERR_INPUT, "actor '%.63s': has no use for gear %d", d->name,
                       (int)d->gear);
    double fastest = bt_gear_is_ridden(d->gear) ? 8.0 : 4.0;
    if (status == BT_OK)
        status = check_number(d, "walk_speed_m_s", d->walk_speed_m_s, 0.0, fastest);
    if (status == BT_OK && d->start_ns < 0)
        status = bt_fail(BT_ERR_INPUT, "actor '%.63s': starts before the scenario", d->name);
    return status;
}

static bt_status check_led(const bt_actor_desc *d)
{
    const bt_led_place *p = &d->led_from;
    double sum = p->pos.x + p->pos.y + p->pos.z + p->yaw_rad + p->pitch_rad + p->roll_rad;
    if (isfinite(sum)) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "actor '%.63s': begins nowhere", d->name);
}

static bt_status check_thing(const bt_actor_desc *d)
{
    static const char *const names[] = {"length", "width", "height"};
    bt_status status = BT_OK;
    for (int i = 0; i < 3 && status == BT_OK; i++)
        status = check_number(d, names[i], d->size_m[i], 0.01, 100.0);
    return status;
}

static bt_status check_actor(const bt_sim *sim, const bt_actor_desc *d)
{
    if (d->led && check_led(d) != BT_OK) return BT_ERR_INPUT;
    switch (d->kind) {
    case BT_ACTOR_VEHICLE:
        return check_vehicle(sim, d);
    case BT_ACTOR_WALKER:
        return check_walker(d);
    case BT_ACTOR_FIXTURE:
        if (d->signal < bt_road_signal_count(sim->net) || d->signal == BT_SIM_NONE) return BT_OK;
        return bt_fail(BT_ERR_INPUT, "actor '%.63s': no signal %u", d->name, d->signal);
    case BT_ACTOR_THING:
        return check_thing(d);
    }
    return bt_fail(BT_ERR_INPUT, "actor '%.63s': unknown kind %d", d->name, (int)d->kind);
}

// ---- vehicles ---------------------------------------------------------------------------------
static bt_status find_route(bt_sim *sim, uint32_t actor, bt_route *known)
{
    const bt_actor_desc *d = &sim->actors[actor];
    bt_route **route = &sim->routes[actor];
    if (known) {
        *route = known;
        return BT_OK;
    }
    bt_status status =
        d->goal_lane != BT_ROAD_NONE
            ? bt_route_find(sim->net, d->lane, d->s_m, d->goal_lane, d->goal_s_m, route)
            : bt_route_wander(sim->net, d->lane, d->s_m, WANDER_M, d->choice, route);
    return status == BT_OK ? BT_OK : bt_fail_prefix(status, "actor '%.63s'", d->name);
}

// The lanes of a route, for a driver with a goal.
static bt_status make_plan(const bt_sim *sim, const bt_actor_desc *d, const bt_route *route,
                           bt_plan *plan)
{
    plan->count = bt_route_lane_count(route);
    plan->lanes = bt_alloc(plan->count, sizeof *plan->lanes);
    if (!plan->lanes) return bt_fail(BT_ERR_MEMORY, "no memory for the route of '%.63s'", d->name);
    for (uint32_t i = 0; i < plan->count; i++) {
        plan->lanes[i] = bt_route_lane(route, i);
        if (!bt_lane_graph_drivable(&sim->graph, plan->lanes[i]))
            return bt_fail(BT_ERR_INPUT, "actor '%.63s': its route leaves the drivable lanes",
                           d->name);
    }
    plan->goal_d_m = bt_lane_graph_distance(&sim->graph, d->goal_lane, d->goal_s_m);
    return BT_OK;
}

static bt_status plan_cycle(const bt_sim *sim, const bt_actor_desc *d, bt_plan *plan)
{
    const bt_lane_graph *g = &sim->graph;
    double from_m = bt_lane_graph_distance(g, d->lane, d->s_m);
    double to_m = bt_lane_graph_distance(g, d->goal_lane, d->goal_s_m);
    bt_status status = bt_cycle_route_find(g, d->lane, from_m, d->goal_lane, to_m, plan);
    return status == BT_OK ? BT_OK : bt_fail_prefix(status, "actor '%.63s'", d->name);
}

static bt_status add_car(bt_sim *sim, uint32_t actor, bt_route *way)
{
    const bt_actor_desc *d = &sim->actors[actor];
    uint32_t slot = sim->car_count++;
    sim->movers[actor] = BT_MOVER_CAR;
    sim->slots[actor] = slot;
    sim->car_actor[slot] = actor;
    sim->long_count += bt_sweep_concerns(&d->vehicle);
    bool may = bt_vehicle_is_cycle(&d->vehicle) ? bt_lane_graph_rideable(&sim->graph, d->lane)
                                                : bt_lane_graph_drivable(&sim->graph, d->lane);
    if (!d->parked && !may)
        return bt_fail(BT_ERR_INPUT, "actor '%.63s': its start lane is not for driving", d->name);
    bool planned = !d->parked && d->goal_lane != BT_ROAD_NONE;
    bool cycles = bt_vehicle_is_cycle(&d->vehicle);
    bool routed = (planned && !cycles) || actor == sim->ego;
    bt_status status = routed ? find_route(sim, actor, way) : BT_OK;
    if (status == BT_OK && planned && cycles)
        status = plan_cycle(sim, d, &sim->plans[slot]);
    else if (status == BT_OK && planned)
        status = make_plan(sim, d, sim->routes[actor], &sim->plans[slot]);
    sim->plan_pointers[slot] = planned ? &sim->plans[slot] : NULL;
    return status;
}

// Cuts the ego's route into stretches of one lane, so that others know where it is about to go.
static bt_status cut_route(bt_sim *sim, const bt_route *route)
{
    double length = bt_route_length(route);
    for (double at = 0.0; at < length; at += STRETCH_STEP_M) {
        uint32_t lane;
        double s;
        bt_route_pose(sim->net, route, at, 0.0, &lane, &s);
        bt_stretch *last = sim->stretch_count ? &sim->stretches[sim->stretch_count - 1] : NULL;
        if (last) last->to_m = at;
        if (last && last->lane == lane) continue;
        bt_status status =
            BT_ARRAY_RESERVE(sim->stretches, sim->stretch_capacity, sim->stretch_count + 1);
        if (status != BT_OK) return status;
        bool known = bt_lane_graph_drivable(&sim->graph, lane);
        double d = known ? bt_lane_graph_distance(&sim->graph, lane, s) : 0.0;
        sim->stretches[sim->stretch_count++] = (bt_stretch){at, length, d, lane};
    }
    return BT_OK;
}

static bt_status add_vehicle(bt_sim *sim, uint32_t actor, bt_route *ego_route)
{
    bt_route *way = actor == sim->ego ? ego_route : NULL;
    const bt_actor_desc *d = &sim->actors[actor];
    bool driven = d->external && actor == sim->ego;
    if (!driven) {
        bt_status status = add_car(sim, actor, way);
        bool cut = status == BT_OK && actor == sim->ego && sim->routes[actor];
        return cut ? cut_route(sim, sim->routes[actor]) : status;
    }
    sim->movers[actor] = BT_MOVER_EGO;
    bt_status status = find_route(sim, actor, way);
    return status == BT_OK ? cut_route(sim, sim->routes[actor]) : status;
}

// ---- walkers ----------------------------------------------------------------------------------
static bt_status add_walker(bt_sim *sim, uint32_t actor)
{
    bt_actor_desc *d = &sim->actors[actor];
    uint32_t slot = sim->walk_count;
    bt_status status =
        bt_walk_path_compile(sim->net, d->path, d->path_count, d->name, &sim->walk_paths[slot]);
    if (status != BT_OK) {
        d->path = NULL; // the caller's: not ours to free
        return status;
    }
    bt_vec3 *own = bt_alloc(d->path_count, sizeof *own);
    if (own) memcpy(own, d->path, d->path_count * sizeof *own);
    d->path = own;
    sim->walk_count++;
    sim->movers[actor] = BT_MOVER_WALK;
    sim->slots[actor] = slot;
    sim->walk_actor[slot] = actor;
    sim->walk_bodies[slot] = bt_walk_body_of(d);
    return own ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for the path of '%.63s'", d->name);
}

static bt_status add_actor(bt_sim *sim, const bt_sim_desc *desc, uint32_t actor)
{
    bt_actor_desc *d = &sim->actors[actor];
    *d = desc->actors[actor];
    if (d->number == 0) d->number = actor;
    d->name[sizeof d->name - 1] = '\0';
    d->vehicle.name[sizeof d->vehicle.name - 1] = '\0';
    if (d->kind != BT_ACTOR_WALKER) d->path = NULL;
    bt_status status = check_actor(sim, d);
    if (status != BT_OK) {
        d->path = NULL;
        return status;
    }
    if (d->led || d->kind == BT_ACTOR_THING) {
        d->path = NULL; // the caller's
        sim->movers[actor] = BT_MOVER_LED;
        sim->slots[actor] = sim->led_count++;
        return BT_OK;
    }
    if (d->kind == BT_ACTOR_VEHICLE) return add_vehicle(sim, actor, desc->ego_route);
    if (d->kind == BT_ACTOR_WALKER) return add_walker(sim, actor);
    return BT_OK;
}

// ---- whole ------------------------------------------------------------------------------------
static bt_status allocate(bt_sim *sim, uint32_t count)
{
    sim->actors = bt_alloc(count, sizeof *sim->actors);
    sim->movers = bt_alloc(count, sizeof *sim->movers);
    sim->slots = bt_alloc(count, sizeof *sim->slots);
    sim->routes = bt_alloc(count, sizeof *sim->routes);
    sim->car_actor = bt_alloc(count, sizeof *sim->car_actor);
    sim->plans = bt_alloc(count, sizeof *sim->plans);
    sim->plan_pointers = bt_alloc(count, sizeof *sim->plan_pointers);
    sim->walk_actor = bt_alloc(count, sizeof *sim->walk_actor);
    sim->walk_paths = bt_alloc(count, sizeof *sim->walk_paths);
    sim->walk_bodies = bt_alloc(count, sizeof *sim->walk_bodies);
    bool complete = sim->actors && sim->movers && sim->slots && sim->routes && sim->car_actor &&
                    sim->plans && sim->plan_pointers && sim->walk_actor && sim->walk_paths &&
                    sim->walk_bodies;
    return complete ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for %u actors", count);
}

static bt_status read_times(const bt_sim_desc *desc, bt_sim *sim, bt_programme *programme)
{
    sim->step_ns = desc->step_ns ? desc->step_ns : STEP_DEFAULT_NS;
    if (sim->step_ns < STEP_MIN_NS || sim->step_ns > STEP_DEFAULT_NS)
        return bt_fail(BT_ERR_INPUT, "a step is %g ms, expected 0.1 to 10",
                       bt_seconds(sim->step_ns) * 1e3);
    bt_time_ns steps = DECISION_NS / sim->step_ns;
    sim->decision_steps = steps < 1 ? 1 : (uint32_t)steps;
    double green = desc->signal_green_s, amber = desc->signal_amber_s;
    double red = desc->signal_all_red_s;
    if (!(green >= 0.0 && green <= 3600.0 && amber >= 0.0 && amber <= 60.0 && red >= 0.0 &&
          red <= 60.0))
        return bt_fail(BT_ERR_INPUT, "signal times %g, %g, %g s: expected at most 3600, 60, 60",
                       green, amber, red);
    programme->green_ns = bt_from_seconds(green > 0.0 ? green : 15.0);
    programme->amber_ns = bt_from_seconds(amber > 0.0 ? amber : 3.0);
    programme->all_red_ns = bt_from_seconds(red > 0.0 ? red : 2.0);
    return BT_OK;
}

static bt_footprint parked_box(const bt_sim *sim, const bt_actor_desc *d)
{
    bt_actor_pose pose = {.world_from_actor =
                              bt_lane_pose(sim->net, d->lane, d->s_m, d->lateral_m)};
    bt_footprint box = {0};
    bt_chassis_footprint(&d->vehicle, &pose, 0, &box);
    return box;
}

// The lanes that the longest trailer cannot take, for all that is parked beside them.
static bt_status mark_narrow(bt_sim *sim)
{
    const bt_vehicle *longest = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < sim->actor_count; i++) {
        const bt_vehicle *v = &sim->actors[i].vehicle;
        if (sim->actors[i].kind != BT_ACTOR_VEHICLE || !bt_vehicle_has_trailer(v)) continue;
        if (!longest || v->trailer_wheelbase_m > longest->trailer_wheelbase_m) longest = v;
    }
    if (!longest) return BT_OK;
    bt_footprint *boxes = bt_alloc(sim->actor_count, sizeof *boxes);
    if (!boxes) return bt_fail(BT_ERR_MEMORY, "no memory for %u actors", sim->actor_count);
    for (uint32_t i = 0; i < sim->actor_count; i++)
        if (sim->actors[i].kind == BT_ACTOR_VEHICLE && sim->actors[i].parked)
            boxes[count++] = parked_box(sim, &sim->actors[i]);
    bt_sweep_mark(&sim->graph, longest, boxes, count);
    bt_free(boxes);
    return BT_OK;
}

static bt_status find_conflicts(bt_sim *sim)
{
    bt_body_choice bodies = {0};
    for (uint32_t i = 0; i < sim->actor_count; i++)
        if (sim->actors[i].kind == BT_ACTOR_VEHICLE && !sim->actors[i].led)
            bt_body_choice_add(&bodies, &sim->actors[i].vehicle);
    return bt_body_choice_find_conflicts(&bodies, &sim->graph);
}

static bt_status fill(const bt_sim_desc *desc, bt_sim *sim)
{
    bt_programme programme;
    bt_status status = read_times(desc, sim, &programme);
    if (status == BT_OK) status = allocate(sim, desc->actor_count);
    if (status != BT_OK) return status;
    if (desc->graph)
        sim->graph = *desc->graph;
    else
        status = bt_lane_graph_compile(desc->net, &sim->graph);
    if (status == BT_OK)
        status = bt_signal_plan_compile(desc->net, &programme, desc->seed, &sim->signals);
    for (uint32_t i = 0; status == BT_OK && i < desc->actor_count; i++) {
        sim->actor_count = i + 1; // what is there to destroy
        status = add_actor(sim, desc, i);
    }
    if (status == BT_OK && !desc->graph) status = find_conflicts(sim);
    return status == BT_OK ? mark_narrow(sim) : status;
}

bt_status bt_sim_create(const bt_sim_desc *desc, bt_sim **sim)
{
    *sim = NULL;
    if (desc->actor_count > MAX_ACTORS)
        return bt_fail(BT_ERR_LIMIT, "%u actors, at most %u", desc->actor_count, MAX_ACTORS);
    if (desc->ego != BT_SIM_NONE &&
        (desc->ego >= desc->actor_count || desc->actors[desc->ego].kind != BT_ACTOR_VEHICLE))
        return bt_fail(BT_ERR_INPUT, "the ego (actor %u) is not a vehicle", desc->ego);
    bt_sim *s = bt_alloc(1, sizeof *s);
    if (!s) return bt_fail(BT_ERR_MEMORY, "no memory for a simulation");
    s->net = desc->net;
    s->ego = desc->ego;
    bt_status status = fill(desc, s);
    if (status == BT_OK) {
        if (desc->graph) *desc->graph = (bt_lane_graph){0};
        *sim = s;
        return BT_OK;
    }
    // what was the caller's stays it
    for (uint32_t i = 0; i < s->actor_count; i++)
        if (s->routes[i] == desc->ego_route) s->routes[i] = NULL;
    if (desc->graph) s->graph = (bt_lane_graph){0};
    bt_sim_destroy(s);
    return status;
}

void bt_sim_destroy(bt_sim *sim)
{
    if (!sim) return;
    for (uint32_t i = 0; i < sim->actor_count; i++) {
        bt_route_destroy(sim->routes[i]);
        bt_free((void *)(uintptr_t)sim->actors[i].path);
    }
    for (uint32_t i = 0; i < sim->car_count; i++)
        bt_free(sim->plans[i].lanes);
    for (uint32_t i = 0; i < sim->walk_count; i++)
        bt_walk_path_clear(&sim->walk_paths[i]);
    bt_standing_field_clear(&sim->standing);
    bt_lane_graph_clear(&sim->graph);
    bt_signal_plan_clear(&sim->signals);
    bt_free(sim->actors);
    bt_free(sim->movers);
    bt_free(sim->slots);
    bt_free(sim->routes);
    bt_free(sim->car_actor);
    bt_free(sim->plans);
    bt_free(sim->plan_pointers);
    bt_free(sim->walk_actor);
    bt_free(sim->walk_paths);
    bt_free(sim->walk_bodies);
    bt_free(sim->stretches);
    bt_free(sim);
}

const bt_actor_desc *bt_sim_actor(const bt_sim *sim, uint32_t actor)
{
    return &sim->actors[actor];
}

uint32_t bt_sim_actor_count(const bt_sim *sim)
{
    return sim->actor_count;
}

uint32_t bt_sim_ego(const bt_sim *sim)
{
    return sim->ego;
}

const bt_road_network *bt_sim_network(const bt_sim *sim)
{
    return sim->net;
}

bt_time_ns bt_sim_step_ns(const bt_sim *sim)
{
    return sim->step_ns;
}

const bt_route *bt_sim_route(const bt_sim *sim, uint32_t actor)
{
    return sim->routes[actor];
}
