// people_pass.c: whom people let pass before they go on: vehicles that will be where they go, by the way that those turn.
#include "engine/sim/sim_internal.h"
#include "engine/sim/sweep.h"

#include <math.h>

#define SEES_S 4.0 // a careful walker lets cars pass that will be there within this
#define FAR_M 20.0
#define ROOM_M 0.5
#define INWARD_M_S 0.2       // who walks along a way does not come into it
#define BEFORE_S 0.8         // who leaves the way so long before a vehicle comes does not wait
#define BEHIND_S 0.5         // nor who comes so long behind it
#define BEHIND_TURNING_S 1.5 // drivers in bends keep more room than that to who walks on
#define BENDS_RAD 0.05
#define PARTS 4 // of the way in sight, looked at for bends
#define ROLL_M 0.5
#define LOOKS 2     // at every so many rolls
#define STEP_M 4.0  // of a way that is looked at from afar
#define ASIDE_M 4.0 // bodies and trailers leave it by less

// Somebody who would go on.
typedef struct goer {
    bt_vec3 place, course;
    double speed_m_s;
} goer;

// Would it come before a vehicle? Both are taken to go straight on.
static bool comes_before(const goer *w, const bt_obstacle *o)
{
    double c = cos(o->heading_rad), s = sin(o->heading_rad);
    double dx = w->place.x - o->box.x_m, dy = w->place.y - o->box.y_m;
    double along = dx * c + dy * s, aside = -dx * s + dy * c;
    double reach = o->box.half_width_m + ROOM_M;
    double inward =
        w->speed_m_s * (-w->course.x * s + w->course.y * c) * (aside > 0.0 ? -1.0 : 1.0);
    // already before it, or not getting there; who stands close beside its way lets it pass
    if (fabs(aside) < o->box.half_width_m || inward < INWARD_M_S) return false;
    double enter = bt_max(fabs(aside) - reach, 0.0) / inward;
    double leave = (fabs(aside) + reach) / inward;
    double arrive = (along - o->box.half_length_m) / o->speed_m_s;
    double gone = (along + o->box.half_length_m) / o->speed_m_s;
    return gone > 0.0 && arrive < SEES_S && enter < gone + BEHIND_S && leave > arrive - BEFORE_S;
}

// Does a driver's way bend where it comes in sight, or does its trailer still follow a bend?
static bool bends(const bt_sim *sim, const bt_car *car, double sees_m)
{
    if (fabs(car->hitch_rad) > BENDS_RAD) return true;
    for (int i = 0; i <= PARTS; i++) {
        bt_lane_point p = bt_itinerary_at(&sim->graph, &car->way, car->q_m + sees_m * i / PARTS);
        if (fabs(bt_wrap_angle(p.heading_rad - car->yaw_rad)) > BENDS_RAD) return true;
    }
    return false;
}

// Where it may be while a body is in a box that comes there in so many seconds, and walks into its way?
static bool walks_into(const goer *w, const bt_footprint *box, double in_s)
{
    double aside =
        -(w->place.x - box->x_m) * sin(box->yaw_rad) + (w->place.y - box->y_m) * cos(box->yaw_rad);
    double left = -w->course.x * sin(box->yaw_rad) + w->course.y * cos(box->yaw_rad);
    if (w->speed_m_s * left * (aside > 0.0 ? -1.0 : 1.0) < INWARD_M_S) return false;
    double from = w->speed_m_s * bt_max(0.0, in_s - BEFORE_S),
           to = w->speed_m_s * (in_s + BEHIND_TURNING_S), middle = 0.5 * (from + to);
    bt_footprint there = {.x_m = w->place.x + middle * w->course.x,
                          .y_m = w->place.y + middle * w->course.y,
                          .yaw_rad = atan2(w->course.y, w->course.x),
                          .half_length_m = 0.5 * (to - from),
                          .half_width_m = 0.0,
                          .z_low_m = w->place.z,
                          .z_high_m = w->place.z + 1.0};
    return bt_footprint_overlap(box, &there);
}

// Is somebody's course so far from a driver's way, from q behind to q ahead, that no body on that way comes near it?
// Cheaper than to roll along it.
static bool is_far_off(const bt_sim *sim, const bt_car *car, const goer *w, double behind_m,
                       double ahead_m, double near_m)
{
    double walks = w->speed_m_s * (SEES_S + BEHIND_TURNING_S), near = near_m + 0.5 * STEP_M;
    for (double q = behind_m; q < ahead_m + STEP_M; q += STEP_M) {
        bt_lane_point p = bt_itinerary_at(&sim->graph, &car->way, q);
        double dx = p.x_m - w->place.x, dy = p.y_m - w->place.y;
        double along = bt_clamp(dx * w->course.x + dy * w->course.y, 0.0, walks);
        if (hypot(dx - along * w->course.x, dy - along * w->course.y) < near) return false;
    }
    return true;
}

// The same along the way that a driver takes through its bends, with its trailer.
static bool comes_before_one_that_turns(const bt_sim *sim, const bt_state *state, const goer *w,
                                        uint32_t index)
{
    const bt_vehicle *v = &sim->actors[sim->car_actor[index]].vehicle;
    const bt_passage *next = &state->round.passages[index];
    bt_car at = state->cars[index];
    double speed = at.speed_m_s, from = at.q_m, to = from + speed * SEES_S;
    // it stops where it has not been let on
    if (next->junction != BT_ROAD_NONE)
        to = bt_min(to, next->entry_m - (bt_car_front(v, &at) - from));
    double length = v->length_m + v->trailer_length_m;
    if (is_far_off(sim, &at, w, from - length, bt_max(from, to) + v->length_m,
                   v->length_m + ASIDE_M))
        return false;
    bt_footprint here = {w->place.x, w->place.y, 0.0, 0.0, 0.0, w->place.z, w->place.z + 1.0};
    bool before = false;
    for (uint32_t i = 0; i == 0 || at.q_m < to; i++) {
        bt_footprint boxes[2];
        double in_s = (at.q_m - from) / speed;
        uint32_t count =
            i % LOOKS == 0 ? bt_sweep_boxes(&sim->graph, v, &at, ROOM_M, 0.0, boxes) : 0;
        for (uint32_t k = 0; k < count; k++) {
            before = before || walks_into(w, &boxes[k], in_s);
            boxes[k].half_width_m -= ROOM_M;
            if (bt_footprint_overlap(&boxes[k], &here)) return false; // it is in its way already
        }
        double q_m = at.q_m;
        bt_car_roll(&sim->graph, v, ROLL_M, bt_max(speed, 1.0), &at);
        if (at.q_m <= q_m) break; // the map's kink holds it
    }
    return before;
}

static bool lets_pass(const bt_sim *sim, const bt_state *state, const goer *w, const bt_obstacle *o)
{
    if (o->car != BT_SIM_NONE && !o->wreck) {
        const bt_car *car = &state->cars[o->car];
        if (!bt_car_backs(car) && bends(sim, car, o->speed_m_s * SEES_S))
            return o->part == 0 && comes_before_one_that_turns(sim, state, w, o->car);
    }
    return comes_before(w, o);
}

bool bt_people_let_pass(const bt_sim *sim, bt_state *state, uint32_t slot, bt_plane forward,
                        double speed_max_m_s)
{
    const bt_actor_desc *d = &sim->actors[sim->walk_actor[slot]];
    if (d->careless) return false;
    bt_vec3 p = bt_walk_place(&sim->walk_paths[slot], &state->walks[slot]);
    goer w = {p, {forward.x, forward.y, 0.0}, d->walk_speed_m_s};
    bt_grid *grid = &state->round.moving_grid;
    double far = speed_max_m_s * SEES_S + FAR_M;
    bt_grid_begin(grid);
    bt_grid_gather(grid, p.x - far, p.y - far, p.x + far, p.y + far);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_moving *m = &state->round.moving[grid->found[i]];
        double dx = p.x - m->x_m, dy = p.y - m->y_m;
        if (dx * dx + dy * dy > far * far) continue;
        const bt_obstacle *o = &state->obstacles[m->obstacle];
        double reach = o->speed_m_s * SEES_S + FAR_M;
        if (dx * dx + dy * dy > reach * reach || fabs(p.z - o->box.z_low_m) > 3.0) continue;
        if (lets_pass(sim, state, &w, o)) return true;
    }
    return false;
}
