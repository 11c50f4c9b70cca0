// state.c: bt_state: made, copied, digested, stepped.
#include "engine/sim/sim_internal.h"

#include "engine/core/hash.h"
#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

#define CYCLE_EDGE_M 0.7      // from the middle of a lane for cars
#define TRAILER_RADIUS_M 11.0 // drivers of semi-trailers avoid tighter turns where they can

// ---- life -------------------------------------------------------------------------------------
bt_status bt_state_allocate(const bt_sim *sim, bt_state **state)
{
    *state = NULL;
    bt_state *s = bt_alloc(1, sizeof *s);
    if (!s) return bt_fail(BT_ERR_MEMORY, "no memory for a state");
    s->sim = sim;
    s->motions = bt_alloc(sim->actor_count, sizeof *s->motions);
    s->stale = bt_alloc(sim->actor_count, sizeof *s->stale);
    s->car_traces = bt_alloc((size_t)sim->car_count * BT_INSTANTS, sizeof *s->car_traces);
    s->walk_traces = bt_alloc((size_t)sim->walk_count * BT_INSTANTS, sizeof *s->walk_traces);
    s->phases = bt_alloc(sim->signals.signal_count, sizeof *s->phases);
    s->shown = bt_alloc(sim->signals.signal_count, sizeof *s->shown);
    s->cars = bt_alloc(sim->car_count, sizeof *s->cars);
    s->walks = bt_alloc(sim->walk_count, sizeof *s->walks);
    s->blocked = bt_alloc(sim->walk_count, sizeof *s->blocked);
    s->leds = bt_alloc(sim->led_count, sizeof *s->leds);
    s->lead = bt_alloc(sim->led_count, sizeof *s->lead);
    s->wrecks = bt_alloc(sim->actor_count, sizeof *s->wrecks);
    s->is_wreck = bt_alloc(sim->actor_count, sizeof *s->is_wreck);
    s->obstacles = bt_alloc(bt_round_obstacles_most(sim), sizeof *s->obstacles);
    bool complete = s->motions && s->phases && s->cars && s->walks && s->blocked && s->obstacles &&
                    s->leds && s->lead && s->shown && s->stale && s->car_traces && s->walk_traces &&
                    s->wrecks && s->is_wreck;
    bt_status status =
        complete ? bt_round_create(sim, &s->round)
                 : bt_fail(BT_ERR_MEMORY, "no memory for a state of %u actors", sim->actor_count);
    if (status == BT_OK) status = bt_crash_search_create(sim->actor_count, &s->crashes);
    if (status == BT_OK) {
        memset(s->shown, -1, sim->signals.signal_count);
        *state = s;
    } else {
        bt_state_destroy(s);
    }
    return status;
}

void bt_state_destroy(bt_state *state)
{
    if (!state) return;
    bt_free(state->motions);
    bt_free(state->stale);
    bt_free(state->car_traces);
    bt_free(state->walk_traces);
    bt_free(state->phases);
    bt_free(state->shown);
    bt_free(state->cars);
    bt_free(state->walks);
    bt_free(state->blocked);
    bt_free(state->leds);
    bt_free(state->lead);
    bt_free(state->obstacles);
    bt_free(state->wrecks);
    bt_free(state->is_wreck);
    bt_round_clear(&state->round);
    bt_crash_search_clear(&state->crashes);
    bt_free(state);
}

// A parked car stands where the description says, on the plane of the surface there.
static void park(const bt_sim *sim, const bt_actor_desc *d, bt_car *car)
{
    bt_pose pose = bt_lane_pose(sim->net, d->lane, d->s_m, d->lateral_m);
    car->parked = 1;
    car->x_m = pose.pos.x;
    car->y_m = pose.pos.y;
    car->yaw_rad = bt_quat_yaw(pose.rot);
    car->leader = car->lets_by = car->wait.car = BT_SIM_NONE;
    for (int i = 0; i < BT_WHEEL_COUNT; i++) {
        double x, y;
        bt_wheel_place(&d->vehicle, (bt_wheel)i, &x, &y);
        car->ground.z_m[i] = bt_pose_point(pose, bt_vec3_make(x, y, 0.0)).z;
    }
    if (bt_vehicle_is_cycle(&d->vehicle))
        bt_cycle_init(&d->vehicle, &car->ground, &car->ride);
    else
        bt_ride_init(&d->vehicle, &car->ground, &car->ride);
}

// Where who begins on a bicycle lane rides on lanes for cars.
static double cycle_edge(const bt_road_network *net, uint32_t lane)
{
    const bt_road *road = bt_road_get(net, bt_road_lane_get(net, lane)->road);
    return road->left_hand_traffic ? CYCLE_EDGE_M : -CYCLE_EDGE_M;
}

static void start_car(const bt_sim *sim, uint32_t slot, bt_car *car)
{
    const bt_actor_desc *d = &sim->actors[sim->car_actor[slot]];
    if (d->parked || d->external) { // an external vehicle without driver stands too
        park(sim, d, car);
        return;
    }
    double at = bt_lane_graph_distance(&sim->graph, d->lane, d->s_m);
    bt_itinerary_init(&car->way, d->lane, at, d->choice, sim->plan_pointers[slot]);
    car->way.lateral_m = d->lateral_m;
    car->way.cycles = bt_vehicle_is_cycle(&d->vehicle);
    if (sim->graph.lanes[d->lane].cycles) car->way.lateral_m = cycle_edge(sim->net, d->lane);
    car->way.radius_m = bt_vehicle_has_trailer(&d->vehicle) ? TRAILER_RADIUS_M : 0.0;
    car->desired_m_s = d->desired_speed_m_s;
    bt_itinerary_advance(&sim->graph, sim->plan_pointers[slot], &car->way, 0.0, 340.0);
    bt_car_init(&sim->graph, &d->vehicle, d->speed_m_s, car);
}

void bt_state_start(const bt_sim *sim, bt_state *state, uint32_t actor)
{
    const bt_actor_desc *d = &sim->actors[actor];
    uint32_t slot = sim->slots[actor];
    switch ((bt_mover)sim->movers[actor]) {
    case BT_MOVER_CAR:
        start_car(sim, slot, &state->cars[slot]);
        break;
    case BT_MOVER_WALK:
        bt_walk_init(&sim->walk_paths[slot], &state->walks[slot]);
        break;
    case BT_MOVER_EGO:
        bt_ego_init(sim->net, &d->vehicle, bt_lane_pose(sim->net, d->lane, d->s_m, d->lateral_m),
                    d->speed_m_s, &state->ego);
        break;
    case BT_MOVER_LED:
        state->lead[slot] = d->led_from;
        bt_led_init(sim->net, d, &state->leds[slot]);
        break;
    case BT_MOVER_STILL:
        break;
    }
}

// Who may not begin inside another: vehicles, things, and people whom a story has put there. People among
// themselves may.
static bool is_solid(const bt_actor_desc *d)
{
    return d->kind == BT_ACTOR_VEHICLE || d->kind == BT_ACTOR_THING ||
           (d->kind == BT_ACTOR_WALKER && d->led);
}

// Those who begin inside one another are refused by name.
static bt_status check_apart(const bt_sim *sim, const bt_state *state)
{
    for (uint32_t i = 0; i < sim->actor_count; i++) {
        bt_footprint a, b;
        if (!is_solid(&sim->actors[i])) continue;
        bt_state_footprint(sim, state, i, 0, &a);
        for (uint32_t k = 0; k < i; k++) {
            bool people =
                sim->actors[i].kind == BT_ACTOR_WALKER && sim->actors[k].kind == BT_ACTOR_WALKER;
            if (!is_solid(&sim->actors[k]) || people) continue;
            bt_state_footprint(sim, state, k, 0, &b);
            if (fabs(a.x_m - b.x_m) > 40.0 || !bt_footprint_overlap(&a, &b)) continue;
            return bt_fail(BT_ERR_INPUT,
                           "actor '%.63s' begins inside actor '%.63s' at x = %.1f, y = %.1f m: "
                           "give one of them another start",
                           sim->actors[i].name, sim->actors[k].name, a.x_m, a.y_m);
        }
    }
    return BT_OK;
}

bt_status bt_state_create(const bt_sim *sim, bt_state **state)
{
    bt_status status = bt_state_allocate(sim, state);
    if (status != BT_OK) return status;
    bt_state_update_phases(sim, *state);
    for (uint32_t i = 0; i < sim->actor_count; i++) {
        bt_state_start(sim, *state, i);
        bt_state_begin_motion(sim, *state, i);
    }
    status = check_apart(sim, *state);
    if (status == BT_OK) return BT_OK;
    bt_state_destroy(*state);
    *state = NULL;
    return status;
}

bt_status bt_state_copy(const bt_state *from, bt_state **to)
{
    const bt_sim *sim = from->sim;
    bt_status status = bt_state_allocate(sim, to);
    if (status != BT_OK) return status;
    bt_state *s = *to;
    s->time_ns = from->time_ns;
    s->now = from->now;
    s->ego = from->ego;
    s->impact_count = from->impact_count;
    memcpy(s->impacts, from->impacts, sizeof s->impacts);
    memcpy(s->yields, from->yields, sizeof s->yields);
    s->yield_count = from->yield_count;
    memcpy(s->wrecks, from->wrecks, sim->actor_count * sizeof *s->wrecks);
    memcpy(s->is_wreck, from->is_wreck, sim->actor_count * sizeof *s->is_wreck);
    s->wreck_count = from->wreck_count;
    memcpy(s->motions, from->motions, sim->actor_count * sizeof *s->motions);
    memcpy(s->stale, from->stale, sim->actor_count * sizeof *s->stale);
    memcpy(s->car_traces, from->car_traces, sim->car_count * BT_INSTANTS * sizeof *s->car_traces);
    memcpy(s->walk_traces, from->walk_traces,
           sim->walk_count * BT_INSTANTS * sizeof *s->walk_traces);
    memcpy(s->phases, from->phases, sim->signals.signal_count * sizeof *s->phases);
    memcpy(s->shown, from->shown, sim->signals.signal_count * sizeof *s->shown);
    memcpy(s->cars, from->cars, sim->car_count * sizeof *s->cars);
    memcpy(s->walks, from->walks, sim->walk_count * sizeof *s->walks);
    memcpy(s->blocked, from->blocked, sim->walk_count * sizeof *s->blocked);
    memcpy(s->leds, from->leds, sim->led_count * sizeof *s->leds);
    memcpy(s->lead, from->lead, sim->led_count * sizeof *s->lead);
    return BT_OK;
}

// ---- step -------------------------------------------------------------------------------------
static bt_status check_command(const bt_command *c)
{
    if (isfinite(c->steer_rad) && isfinite(c->accel_m_s2)) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "command: steer %g rad, acceleration %g m/s^2: not finite",
                   c->steer_rad, c->accel_m_s2);
}

static void step_actor(const bt_sim *sim, bt_state *state, const bt_command *command,
                       uint32_t actor, double dt)
{
    const bt_actor_desc *d = &sim->actors[actor];
    uint32_t slot = sim->slots[actor];
    double *channel = state->motions[actor].pose.channel_rad;
    if (state->is_wreck[actor]) {
        bt_wreck_step(sim->net, d, state->time_ns, dt, &state->wrecks[actor], channel);
        return;
    }
    switch ((bt_mover)sim->movers[actor]) {
    case BT_MOVER_CAR:
        if (!state->cars[slot].parked)
            bt_car_step(&sim->graph, &d->vehicle, sim->plan_pointers[slot], dt, &state->cars[slot],
                        channel);
        break;
    case BT_MOVER_WALK:
        bt_people_step(sim, state, slot, dt);
        break;
    case BT_MOVER_EGO:
        bt_ego_step(sim->net, &d->vehicle, command, dt, &state->ego, channel);
        break;
    case BT_MOVER_LED:
        bt_led_step(sim->net, d, &state->lead[slot], dt, &state->leds[slot], channel);
        break;
    case BT_MOVER_STILL:
        break;
    }
}

// Not finite where something has left the numbers.
static double sum_of(const bt_state *state, uint32_t actor)
{
    uint32_t slot = state->sim->slots[actor];
    uint8_t mover = state->sim->movers[actor];
    if (mover == BT_MOVER_CAR) {
        const bt_car *c = &state->cars[slot];
        return c->x_m + c->y_m + c->yaw_rad + c->ride.z_m + c->ride.pitch_rad + c->ride.roll_rad;
    }
    if (mover == BT_MOVER_WALK) {
        const bt_walk *w = &state->walks[slot];
        return w->x_m + w->y_m + w->yaw_rad + w->aside_m + w->feet.phase;
    }
    const bt_pose *p = &state->motions[actor].pose.world_from_actor;
    return p->pos.x + p->pos.y + p->pos.z + p->rot.w + p->rot.z;
}

static bt_status check_finite(const bt_state *state)
{
    for (uint32_t i = 0; i < state->sim->actor_count; i++) {
        if (!isfinite(sum_of(state, i)))
            return bt_fail(BT_ERR_INTERNAL, "actor %u '%.63s' left the numbers at %.3f s", i,
                           state->sim->actors[i].name, bt_seconds(state->time_ns));
    }
    return BT_OK;
}

bt_status bt_sim_step(const bt_sim *sim, bt_state *state, const bt_command *command)
{
    static const bt_command coast;
    if (!command) command = &coast;
    bt_status status = check_command(command);
    if (status != BT_OK) return status;
    int64_t step = state->time_ns / sim->step_ns;
    if (step % sim->decision_steps == 0) bt_state_decide(sim, state);
    double dt = bt_seconds(sim->step_ns);
    for (uint32_t i = 0; i < sim->actor_count; i++)
        step_actor(sim, state, command, i, dt);
    state->time_ns += sim->step_ns;
    bt_state_update_phases(sim, state);
    state->now = (state->now + 1) % BT_INSTANTS;
    for (uint32_t i = 0; i < sim->actor_count; i++)
        bt_state_go_on(sim, state, i, dt);
    bt_crash_step(sim, state, dt);
    return check_finite(state);
}

void bt_state_show_signal(bt_state *state, uint32_t signal, int phase)
{
    if (signal >= state->sim->signals.signal_count) return;
    state->shown[signal] = (int8_t)(phase < 0 ? -1 : phase);
    bt_state_update_phases(state->sim, state);
}

void bt_state_lead(bt_state *state, uint32_t actor, const bt_led_place *place)
{
    if (state->sim->movers[actor] == BT_MOVER_LED) state->lead[state->sim->slots[actor]] = *place;
}

// ---- reading ----------------------------------------------------------------------------------
bt_time_ns bt_state_time_ns(const bt_state *state)
{
    return state->time_ns;
}

const bt_motion *bt_state_motion(const bt_state *state, uint32_t actor)
{
    bt_state_settle(state, actor);
    return &state->motions[actor];
}

bt_signal_phase bt_state_signal(const bt_state *state, uint32_t signal)
{
    if (signal >= state->sim->signals.signal_count) return BT_PHASE_OFF;
    return (bt_signal_phase)state->phases[signal];
}

const bt_road_network *bt_state_network(const bt_state *state)
{
    return state->sim->net;
}

void bt_state_poses(const bt_state *state, bt_actor_pose *poses)
{
    for (uint32_t i = 0; i < state->sim->actor_count; i++)
        poses[i] = bt_state_motion(state, i)->pose;
}

bool bt_state_footprint(const bt_sim *sim, const bt_state *state, uint32_t actor, uint32_t part,
                        bt_footprint *footprint)
{
    const bt_actor_desc *d = &sim->actors[actor];
    const bt_actor_pose *pose = &bt_state_motion(state, actor)->pose;
    if (d->kind == BT_ACTOR_VEHICLE)
        return bt_chassis_footprint(&d->vehicle, pose, part, footprint);
    if (d->kind == BT_ACTOR_THING && part == 0) {
        bt_vec3 p = pose->world_from_actor.pos;
        *footprint = (bt_footprint){.x_m = p.x,
                                    .y_m = p.y,
                                    .yaw_rad = bt_quat_yaw(pose->world_from_actor.rot),
                                    .half_length_m = 0.5 * d->size_m[0],
                                    .half_width_m = 0.5 * d->size_m[1],
                                    .z_low_m = p.z,
                                    .z_high_m = p.z + d->size_m[2]};
        return true;
    }
    if (d->kind != BT_ACTOR_WALKER || part > 0) return false;
    bt_walk_footprint(d, pose, footprint);
    return true;
}

// ---- digest -----------------------------------------------------------------------------------
// The structs of the state have no padding (asserted here), so that their bytes are their values;
// motions are written field by field.
_Static_assert(sizeof(bt_itinerary) == BT_ITINERARY_RING * 40 + 10 * 8 + 8 * 4, "no padding");
_Static_assert(sizeof(bt_trail) == BT_TRAIL_POINTS * 7 * 8 + 2 * 4, "no padding");
_Static_assert(sizeof(bt_car) == sizeof(bt_itinerary) + 18 * 8 + sizeof(bt_trail) +
                                     sizeof(bt_ride) + sizeof(bt_ego) + sizeof(bt_gear_state) +
                                     sizeof(bt_ground) + BT_CAR_HOLDS * 8 + 24 * 4,
               "no padding");
_Static_assert(sizeof(bt_walk) == 17 * 8 + sizeof(bt_gait_feet) + sizeof(bt_gear_state) +
                                      sizeof(bt_gaze) + (BT_WALK_NEAR + 2) * 4,
               "no padding");
_Static_assert(sizeof(bt_led) == 10 * 8 + sizeof(bt_gaze) + sizeof(bt_ground) + sizeof(bt_ride) +
                                     sizeof(bt_trailer) + sizeof(bt_gait_feet) +
                                     sizeof(bt_gear_state) + 2 * 4,
               "no padding");
_Static_assert(sizeof(bt_led_place) == 9 * 8 + 2 * 4, "no padding");
_Static_assert(sizeof(bt_ego) == sizeof(bt_drive) + sizeof(bt_ground) + 8 +
                                     BT_WHEEL_COUNT * sizeof(bt_contact) + sizeof(bt_trailer) +
                                     2 * 4,
               "no padding");
_Static_assert(sizeof(bt_trailer) == (BT_TRAILER_WHEELS + 7) * 8 + BT_TRAILER_WHEELS * 16,
               "no padding");

_Static_assert(sizeof(bt_wreck) == sizeof(bt_ego) + 8 * 8 + 4 * 4, "no padding");
_Static_assert(sizeof(bt_impact) == 2 * 8 + 4 * 4 + 9 * 8, "no padding");
_Static_assert(sizeof(bt_yield) == 2 * 4 + 8, "no padding");

typedef struct writer {
    uint8_t *bytes;
    size_t count;
} writer;

static void put(writer *w, const void *from, size_t size)
{
    if (w->bytes) memcpy(w->bytes + w->count, from, size);
    w->count += size;
}

static void put_motion(writer *w, const bt_motion *m)
{
    put(w, &m->pose.world_from_actor, sizeof m->pose.world_from_actor);
    put(w, m->pose.channel_rad, sizeof m->pose.channel_rad);
    put(w, &m->pose.lamps, sizeof m->pose.lamps);
    put(w, &m->velocity_m_s, sizeof m->velocity_m_s);
    put(w, &m->acceleration_m_s2, sizeof m->acceleration_m_s2);
    put(w, &m->angular_velocity_rad_s, sizeof m->angular_velocity_rad_s);
    const double more[] = {m->speed_m_s, m->accel_m_s2, m->steer_rad, m->s_m, m->route_m};
    put(w, more, sizeof more);
    put(w, &m->lane, sizeof m->lane);
}

static void put_state(writer *w, const bt_state *s)
{
    const bt_sim *sim = s->sim;
    put(w, &s->time_ns, sizeof s->time_ns);
    for (uint32_t i = 0; i < sim->actor_count; i++)
        put_motion(w, bt_state_motion(s, i));
    put(w, s->phases, sim->signals.signal_count * sizeof *s->phases);
    put(w, s->shown, sim->signals.signal_count * sizeof *s->shown);
    put(w, s->cars, sim->car_count * sizeof *s->cars);
    put(w, s->walks, sim->walk_count * sizeof *s->walks);
    put(w, s->blocked, sim->walk_count * sizeof *s->blocked);
    put(w, s->leds, sim->led_count * sizeof *s->leds);
    put(w, s->lead, sim->led_count * sizeof *s->lead);
    put(w, &s->ego, sizeof s->ego);
    for (uint32_t i = 0; i < sim->actor_count; i++)
        if (s->is_wreck[i]) put(w, &s->wrecks[i], sizeof s->wrecks[i]);
    put(w, s->impacts, sizeof s->impacts);
    put(w, s->yields, sizeof s->yields);
    put(w, &s->impact_count, sizeof s->impact_count);
}

bt_status bt_state_digest(const bt_state *state, uint8_t digest[32])
{
    writer w = {NULL, 0};
    put_state(&w, state);
    w.bytes = bt_alloc(w.count, 1);
    if (!w.bytes) return bt_fail(BT_ERR_MEMORY, "no memory for a digest");
    w.count = 0;
    put_state(&w, state);
    bt_sha256 sum;
    bt_status status = bt_sha256_of(w.bytes, w.count, &sum);
    if (status == BT_OK) memcpy(digest, sum.bytes, sizeof sum.bytes);
    bt_free(w.bytes);
    return status;
}
