// people_kerb.c: whom people on the kerb let go before they step on the roadway: drivers who are due at signals, or who
// have stood in a junction for a while for people (due.h).
#include "engine/sim/sim_internal.h"
#include "engine/sim/sweep.h"

#include <math.h>

#define STEPS_ON_M 1.5 // about to step on the roadway: that is so near
#define EVERY_M 0.5    // of the way over it
#define ACROSS_M 24.0  // no way over is longer
#define WAYS_MOST 48
#define NEAR_M 45.0 // farther drivers do not come to this crossing
#define ROOM_M 0.4  // between bodies
#define PACE_M_S 3.0
#define ROLL_M 0.5
#define LOOKS 2 // at every so many rolls

// Where somebody will walk on the roadway that it steps on next. Gives how many places; 0: it does not, or is on it.
static uint32_t way_over(const bt_sim *sim, const bt_walk_path *path, const bt_walk *w,
                         bt_vec3 way[WAYS_MOST])
{
    uint32_t count = 0;
    double left = w->direction > 0.0 ? path->length_m - w->way_m : w->way_m;
    if (bt_people_is_roadway(sim, path, w, 0.0)) return 0;
    for (double at = EVERY_M; at < fmin(left, ACROSS_M) && count < WAYS_MOST; at += EVERY_M) {
        bool on = bt_people_is_roadway(sim, path, w, at);
        if (count == 0 ? at > STEPS_ON_M : !on) break;
        if (on) way[count++] = bt_walk_ahead(path, w, at);
    }
    return count;
}

// Does a body come over one of these places?
static bool covers(const bt_footprint *box, const bt_vec3 *way, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bt_footprint there = {way[i].x, way[i].y, 0.0, ROOM_M, ROOM_M, way[i].z, way[i].z + 1.0};
        if (bt_footprint_overlap(box, &there)) return true;
    }
    return false;
}

// How far a driver still has to go to be out of the junction that it is in, or asks for.
static double way_through(const bt_sim *sim, const bt_state *state, uint32_t index)
{
    const bt_car *car = &state->cars[index];
    const bt_vehicle *v = &sim->actors[sim->car_actor[index]].vehicle;
    const bt_passage *p = &state->round.passages[index];
    double length = bt_car_front(v, car) - bt_car_rear(v, car);
    bool inside = car->hold_count > 0;
    if (!inside && p->junction == BT_ROAD_NONE) return 0.0;
    double exit =
        inside ? bt_itinerary_slot_end(&sim->graph, &car->way, car->hold[0].end - 1) : p->exit_m;
    return fmin(exit + length - car->q_m, NEAR_M);
}

// Does it come over somebody's way, but not over where that one would wait for it?
static bool comes_over(const bt_sim *sim, const bt_state *state, uint32_t index, bt_vec3 here,
                       const bt_vec3 *way, uint32_t count)
{
    bool any = false;
    const bt_vehicle *v = &sim->actors[sim->car_actor[index]].vehicle;
    bt_car at = state->cars[index];
    double dx = at.x_m - way[0].x, dy = at.y_m - way[0].y;
    double through = way_through(sim, state, index), from = at.q_m;
    if (dx * dx + dy * dy > NEAR_M * NEAR_M || fabs(at.ride.z_m - way[0].z) > 4.0) return false;
    for (uint32_t i = 0; at.q_m - from < through; i++) {
        bt_footprint boxes[2];
        bt_car_roll(&sim->graph, v, ROLL_M, PACE_M_S, &at);
        if (i % LOOKS != 0) continue;
        uint32_t n = bt_sweep_boxes(&sim->graph, v, &at, ROOM_M, 0.0, boxes);
        for (uint32_t k = 0; k < n; k++) {
            if (covers(&boxes[k], &here, 1)) return false;
            any = any || covers(&boxes[k], way, count);
        }
    }
    return any;
}

bool bt_people_let_go(const bt_sim *sim, const bt_state *state, uint32_t slot)
{
    const bt_round *r = &state->round;
    bt_vec3 way[WAYS_MOST];
    if (r->let_go_count == 0 || sim->actors[sim->walk_actor[slot]].careless) return false;
    uint32_t count = way_over(sim, &sim->walk_paths[slot], &state->walks[slot], way);
    bt_vec3 here = bt_walk_place(&sim->walk_paths[slot], &state->walks[slot]);
    for (uint32_t i = 0; i < r->let_go_count && count > 0; i++)
        if (comes_over(sim, state, r->due[i], here, way, count)) return true;
    return false;
}
