// carry.c: see carry.h.
#include "engine/sim/carry.h"

#include "engine/core/memory.h"
#include "engine/sim/sim_internal.h"

#include <math.h>
#include <string.h>

#define SAME_M 0.01

// ---- who can ----------------------------------------------------------------------------------
static bool has_lane(const bt_road_match *match, uint32_t lane)
{
    return bt_road_match_lane(match, lane) != BT_ROAD_NONE;
}

static bool has_path(const bt_road_match *match, const bt_walk_path *path)
{
    for (uint32_t i = 0; i < path->count; i++)
        if (path->lanes[i] != BT_ROAD_NONE && !has_lane(match, path->lanes[i])) return false;
    return true;
}

// A car of the traffic that has become a wreck: no way of its own any more.
static bool is_lost_car(const bt_state *from, uint32_t actor)
{
    return from->sim->movers[actor] == BT_MOVER_CAR && from->is_wreck[actor];
}

bool bt_carry_possible(const bt_state *from, const bt_road_match *match, uint32_t actor)
{
    const bt_sim *sim = from->sim;
    uint32_t slot = sim->slots[actor];
    if (is_lost_car(from, actor)) return has_lane(match, bt_state_motion(from, actor)->lane);
    switch ((bt_mover)sim->movers[actor]) {
    case BT_MOVER_CAR: {
        const bt_car *car = &from->cars[slot];
        if (car->parked) return has_lane(match, sim->actors[actor].lane);
        // a driver with a goal has it on the old map
        return !sim->plan_pointers[slot] &&
               has_lane(match, bt_itinerary_lane(&car->way, car->way.head));
    }
    case BT_MOVER_WALK:
        return has_path(match, &sim->walk_paths[slot]);
    case BT_MOVER_LED: // off all lanes it does not matter which there are
        return from->leds[slot].lane == BT_ROAD_NONE || has_lane(match, from->leds[slot].lane);
    case BT_MOVER_EGO:
        return true;
    case BT_MOVER_STILL:
        break;
    }
    return false;
}

bt_actor_desc bt_carry_describe(const bt_state *from, const bt_road_match *match, uint32_t actor)
{
    bt_actor_desc d = from->sim->actors[actor];
    const bt_motion *m = bt_state_motion(from, actor);
    if (d.kind != BT_ACTOR_VEHICLE || d.led) return d;
    if (is_lost_car(from, actor)) {
        d.parked = true;
        d.pull_out_ns = 0;
        d.goal_lane = BT_ROAD_NONE;
        d.lane = bt_road_match_lane(match, m->lane);
        d.s_m = m->s_m;
        return d;
    }
    uint32_t lane = d.parked || m->lane == BT_ROAD_NONE ? d.lane : m->lane;
    if (!d.parked) {
        d.s_m = m->s_m;
        d.speed_m_s = bt_clamp(m->speed_m_s, 0.0, 120.0);
    }
    if (lane != BT_ROAD_NONE) {
        const bt_lane *l = bt_road_lane_get(from->sim->net, lane);
        d.s_m = bt_clamp(d.s_m, l->s0_m, l->s1_m);
    }
    d.lane = bt_road_match_lane(match, lane);
    return d;
}

// ---- indices ----------------------------------------------------------------------------------
typedef struct crossing {
    const bt_carry *carry;
    const bt_sim *from, *to;
    uint32_t *arrivals; // (actors of from) who it is now; BT_SIM_NONE: stays behind
} crossing;

static uint32_t lane_of(const crossing *c, uint32_t lane)
{
    return bt_road_match_lane(c->carry->match, lane);
}

static uint32_t actor_of(const crossing *c, uint32_t actor)
{
    return actor < c->from->actor_count ? c->arrivals[actor] : BT_SIM_NONE;
}

static void carry_contact(const crossing *c, bt_contact *contact)
{
    contact->road = bt_road_match_road(c->carry->match, contact->road);
    contact->lane = lane_of(c, contact->lane);
}

static void carry_touches(const crossing *c, bt_ego *body)
{
    for (int i = 0; i < BT_WHEEL_COUNT; i++)
        carry_contact(c, &body->contact[i]);
    for (int i = 0; i < BT_TRAILER_WHEELS; i++)
        carry_contact(c, &body->trailer.contact[i]);
}

// Forgets what lies behind the map's edge, on either side of the car; beyond it the way is chosen anew.
static void carry_way(const crossing *c, bt_itinerary *way)
{
    for (uint32_t i = 0; i < BT_ITINERARY_RING; i++) {
        way->lane[i] = lane_of(c, way->lane[i]);
        way->from_lane[i] = lane_of(c, way->from_lane[i]);
    }
    for (uint32_t slot = way->first; slot < way->head; slot++)
        if (bt_itinerary_lane(way, slot) == BT_ROAD_NONE) way->first = slot + 1;
    for (uint32_t slot = way->head + 1; slot < way->tail; slot++)
        if (bt_itinerary_lane(way, slot) == BT_ROAD_NONE) way->tail = slot, way->ended = 0;
    // where the old map ended the new one may go on
    uint32_t last = bt_itinerary_lane(way, way->tail - 1);
    if (c->to->graph.lanes[last].next_count > 0) way->ended = 0;
}

static void carry_holds(bt_car *car)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < car->hold_count; i++) {
        bt_hold h = car->hold[i];
        if (h.end > car->way.tail) h.end = car->way.tail;
        if (h.first < h.end && h.end > car->way.first) car->hold[kept++] = h;
    }
    car->hold_count = kept;
}

static void carry_car(const crossing *c, uint32_t from, uint32_t to, bt_state *state)
{
    bt_car *car = &state->cars[to];
    *car = c->carry->from->cars[from];
    memcpy(&state->car_traces[to * BT_INSTANTS], &c->carry->from->car_traces[from * BT_INSTANTS],
           BT_INSTANTS * sizeof *state->car_traces);
    carry_touches(c, &car->body);
    car->leader = actor_of(c, car->leader);
    car->followed = actor_of(c, car->followed);
    car->watched = actor_of(c, car->watched);
    if (car->parked) return;
    carry_way(c, &car->way);
    carry_holds(car);
    car->merge_lane = lane_of(c, car->merge_lane);
}

static void carry_walk(const crossing *c, uint32_t from, uint32_t to, bt_state *state)
{
    bt_walk *walk = &state->walks[to];
    *walk = c->carry->from->walks[from];
    memcpy(&state->walk_traces[to * BT_INSTANTS], &c->carry->from->walk_traces[from * BT_INSTANTS],
           BT_INSTANTS * sizeof *state->walk_traces);
    state->blocked[to] = c->carry->from->blocked[from];
    uint32_t kept = 0;
    for (uint32_t i = 0; i < walk->near_count; i++) {
        uint32_t actor = actor_of(c, c->from->walk_actor[walk->near[i]]);
        if (actor != BT_SIM_NONE) walk->near[kept++] = c->to->slots[actor];
    }
    walk->near_count = kept;
}

static void carry_led(const crossing *c, uint32_t from, uint32_t to, bt_state *state)
{
    state->leds[to] = c->carry->from->leds[from];
    state->lead[to] = c->carry->from->lead[from];
    state->leds[to].lane = lane_of(c, state->leds[to].lane);
    for (int i = 0; i < BT_TRAILER_WHEELS; i++)
        carry_contact(c, &state->leds[to].trailer.contact[i]);
    state->lead[to].lane = lane_of(c, state->lead[to].lane);
}

static void carry_wreck(const crossing *c, uint32_t from, uint32_t to, bt_state *state)
{
    state->is_wreck[to] = c->carry->from->is_wreck[from];
    state->wreck_count += state->is_wreck[to];
    state->wrecks[to] = c->carry->from->wrecks[from];
    if (state->is_wreck[to]) carry_touches(c, &state->wrecks[to].body);
}

// The same thing in the other window: at the same place.
static uint32_t thing_of(const crossing *c, uint32_t thing)
{
    const bt_standing *was = bt_sim_standing(c->from, thing);
    uint32_t near[16];
    if (!was) return BT_SIM_NONE;
    double x = was->box.x_m, y = was->box.y_m;
    uint32_t count = bt_standing_near(&c->to->standing, x - SAME_M, y - SAME_M, x + SAME_M,
                                      y + SAME_M, near, 16);
    for (uint32_t i = 0; i < count; i++) {
        const bt_standing *is = &c->to->standing.things[near[i]];
        if (is->kind == was->kind && bt_hypot(is->box.x_m - x, is->box.y_m - y) < SAME_M)
            return near[i];
    }
    return BT_SIM_NONE;
}

static void carry_impacts(const crossing *c, bt_state *state)
{
    state->impact_count = c->carry->from->impact_count;
    memcpy(state->impacts, c->carry->from->impacts, sizeof state->impacts);
    for (uint32_t i = 0; i < BT_IMPACTS && i < state->impact_count; i++)
        for (int k = 0; k < 2; k++)
            state->impacts[i].actor[k] = actor_of(c, state->impacts[i].actor[k]);
    for (uint32_t i = 0; i < BT_IMPACTS && i < state->impact_count; i++)
        state->impacts[i].standing = thing_of(c, state->impacts[i].standing);
}

// What has been hit of what both know.
static void carry_yields(const crossing *c, bt_state *state)
{
    const bt_state *from = c->carry->from;
    uint64_t kept = from->yield_count < BT_YIELDS ? from->yield_count : BT_YIELDS;
    for (uint64_t i = from->yield_count - kept; i < from->yield_count; i++) {
        bt_yield y = from->yields[i % BT_YIELDS];
        y.thing = thing_of(c, y.thing);
        if (y.thing != BT_SIM_NONE) state->yields[state->yield_count++ % BT_YIELDS] = y;
    }
}

static void carry_actor(const crossing *c, uint32_t actor, bt_state *state)
{
    uint32_t origin = c->carry->origins[actor];
    uint32_t from = c->from->slots[origin], to = c->to->slots[actor];
    switch ((bt_mover)c->to->movers[actor]) {
    case BT_MOVER_CAR:
        carry_car(c, from, to, state);
        break;
    case BT_MOVER_WALK:
        carry_walk(c, from, to, state);
        break;
    case BT_MOVER_EGO:
        state->ego = c->carry->from->ego;
        carry_touches(c, &state->ego);
        break;
    case BT_MOVER_LED:
        carry_led(c, from, to, state);
        break;
    case BT_MOVER_STILL:
        break;
    }
    carry_wreck(c, origin, actor, state);
    state->motions[actor] = *bt_state_motion(c->carry->from, origin);
    state->motions[actor].lane = lane_of(c, state->motions[actor].lane);
    // both are told anew in the next step of a wreck
    state->motions[actor].impact_actor = state->motions[actor].impact_standing = BT_SIM_NONE;
}

// ---- whole ------------------------------------------------------------------------------------
static void carry_signals(const crossing *c, bt_state *state)
{
    const bt_road_match *match = c->carry->match;
    for (uint32_t i = 0; i < match->signal_count; i++)
        if (match->signals[i] != BT_ROAD_NONE)
            state->shown[match->signals[i]] = c->carry->from->shown[i];
    bt_state_update_phases(c->to, state);
}

static void find_arrivals(crossing *c)
{
    memset(c->arrivals, 0xff, c->from->actor_count * sizeof *c->arrivals);
    for (uint32_t i = 0; i < c->to->actor_count; i++)
        if (c->carry->origins[i] != BT_SIM_NONE) c->arrivals[c->carry->origins[i]] = i;
}

bt_status bt_state_carry(const bt_sim *sim, const bt_carry *carry, bt_state **to)
{
    *to = NULL;
    crossing c = {.carry = carry, .from = carry->from->sim, .to = sim};
    c.arrivals = bt_alloc(c.from->actor_count, sizeof *c.arrivals);
    if (!c.arrivals) return bt_fail(BT_ERR_MEMORY, "no memory to carry a state over");
    bt_status status = bt_state_allocate(sim, to);
    if (status == BT_OK) {
        (*to)->time_ns = carry->from->time_ns;
        (*to)->now = carry->from->now;
        find_arrivals(&c);
        carry_signals(&c, *to);
        carry_impacts(&c, *to);
        carry_yields(&c, *to);
    }
    for (uint32_t i = 0; i < sim->actor_count && status == BT_OK; i++) {
        if (carry->origins[i] != BT_SIM_NONE) {
            carry_actor(&c, i, *to);
            continue;
        }
        bt_state_start(sim, *to, i);
        bt_state_begin_motion(sim, *to, i);
    }
    bt_free(c.arrivals);
    return status;
}
