// people_pass.c: whom people let pass before they go on: vehicles that will be where they go, by the way that those turn.
//
// Each vehicle is looked at once in a round, with all the goers near: its way takes far longer to find than it takes to
// ask who walks into it.
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
#define LOOKS 2          // at every so many rolls
#define STEP_M 2.0       // of a way that is looked at from afar
#define LEAVE_LONG_M 1.5 // more with a trailer

// Would somebody come before a vehicle? Both are taken to go straight on; c, s: of the vehicle's course.
static bool comes_before(const bt_goer *w, const bt_obstacle *o, double c, double s)
{
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
        bt_way_spot p = bt_itinerary_spot(&sim->graph, &car->way, car->q_m + sees_m * i / PARTS);
        if (fabs(bt_wrap_angle(p.heading_rad - car->yaw_rad)) > BENDS_RAD) return true;
    }
    return false;
}

// A box of a body that rolls, which comes there in so many seconds.
typedef struct coming_box {
    bt_footprint box;
    double c, s, in_s; // c, s: of its course
} coming_box;

// Where somebody may be while a body is in that box: does it walk into its way?
static bool walks_into(const bt_goer *w, const coming_box *b)
{
    double aside = -(w->place.x - b->box.x_m) * b->s + (w->place.y - b->box.y_m) * b->c;
    double left = -w->course.x * b->s + w->course.y * b->c;
    if (w->speed_m_s * left * (aside > 0.0 ? -1.0 : 1.0) < INWARD_M_S) return false;
    double from = w->speed_m_s * bt_max(0.0, b->in_s - BEFORE_S),
           to = w->speed_m_s * (b->in_s + BEHIND_TURNING_S), middle = 0.5 * (from + to);
    bt_footprint there = {.x_m = w->place.x + middle * w->course.x,
                          .y_m = w->place.y + middle * w->course.y,
                          .yaw_rad = w->course_rad,
                          .half_length_m = 0.5 * (to - from),
                          .half_width_m = 0.0,
                          .z_low_m = w->place.z,
                          .z_high_m = w->place.z + 1.0};
    return bt_footprint_overlap(&b->box, &there);
}

// ---- drivers who turn -------------------------------------------------------------------------
// How near a way point comes to where somebody is or may walk until a driver's body has gone by there, in at most so
// many seconds; squared.
static double square_to(const bt_goer *w, const bt_way_spot *p, double until_s)
{
    double dx = p->x_m - w->place.x, dy = p->y_m - w->place.y;
    double walks = w->speed_m_s * (bt_max(0.0, until_s) + BEHIND_TURNING_S);
    double along = bt_clamp(dx * w->course.x + dy * w->course.y, 0.0, walks);
    dx -= along * w->course.x, dy -= along * w->course.y;
    return dx * dx + dy * dy;
}

// Keeps those whose course comes near a driver's way up to to_q_m, and notes from where to where: no body on that way
// elsewhere comes near them. Cheaper than to roll along all of it.
static void keep_near(const bt_sim *sim, bt_round *r, const bt_car *car, const bt_vehicle *v,
                      double to_q_m)
{
    // a body reaches from behind its rear axle to its nose
    double behind = v->length_m + v->trailer_length_m, speed = car->speed_m_s;
    double near = r->leave_way_m + fabs(car->aside_m) + 0.5 * STEP_M;
    if (v->trailer_length_m > 0.0) near += LEAVE_LONG_M;
    for (double q = car->q_m - behind; q < to_q_m + v->length_m + STEP_M; q += STEP_M) {
        bt_way_spot p = bt_itinerary_spot(&sim->graph, &car->way, q);
        double until_s = (q + STEP_M + behind - car->q_m) / speed;
        for (uint32_t i = 0; i < r->near_count; i++) {
            if (square_to(&r->goers[r->near[i].goer], &p, until_s) >= near * near) continue;
            r->near[i].from_q_m = bt_min(r->near[i].from_q_m, q);
            r->near[i].to_q_m = q;
        }
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->near_count; i++) {
        bt_goer_near n = r->near[i];
        if (n.from_q_m > n.to_q_m) continue;
        n.from_q_m -= STEP_M + v->length_m, n.to_q_m += STEP_M + behind;
        r->near[kept++] = n;
    }
    r->near_count = kept;
}

// Looks at all who are near where a driver's rear axle is at q; forgets those whom the driver has passed, or who are in
// its way already.
static void meet(bt_round *r, double q_m, const coming_box *boxes, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->near_count; i++) {
        bt_goer_near n = r->near[i];
        const bt_goer *w = &r->goers[n.goer];
        bt_footprint here = {w->place.x, w->place.y, 0.0, 0.0, 0.0, w->place.z, w->place.z + 1.0};
        bool in_way = false;
        for (uint32_t k = 0; q_m >= n.from_q_m && k < count && !in_way; k++) {
            bt_footprint body = boxes[k].box;
            body.half_width_m -= ROOM_M;
            n.lets = n.lets || walks_into(w, &boxes[k]);
            in_way = bt_footprint_overlap(&body, &here);
        }
        bool passed = q_m > n.to_q_m;
        if (passed && n.lets) r->lets_pass[w->slot] = true;
        if (!in_way && !passed) r->near[kept++] = n;
    }
    r->near_count = kept;
}

static bool is_any_abreast(const bt_round *r, double q_m)
{
    for (uint32_t i = 0; i < r->near_count; i++)
        if (q_m >= r->near[i].from_q_m) return true;
    return false;
}

static uint32_t boxes_of(const bt_sim *sim, const bt_vehicle *v, const bt_car *at, double in_s,
                         coming_box boxes[2])
{
    bt_footprint found[2];
    uint32_t count = bt_sweep_boxes(&sim->graph, v, at, ROOM_M, 0.0, found);
    for (uint32_t k = 0; k < count; k++)
        boxes[k] = (coming_box){found[k], bt_cos(found[k].yaw_rad), bt_sin(found[k].yaw_rad), in_s};
    return count;
}

// Who of those near comes before a driver along the way that it takes through its bends, with its trailer?
static void meet_one_that_turns(const bt_sim *sim, bt_state *state, uint32_t index)
{
    bt_round *r = &state->round;
    const bt_car *car = &state->cars[index];
    const bt_vehicle *v = &sim->actors[sim->car_actor[index]].vehicle;
    const bt_passage *next = &r->passages[index];
    double speed = car->speed_m_s, from = car->q_m, to = from + speed * SEES_S;
    // it stops where it has not been let on
    if (next->junction != BT_ROAD_NONE)
        to = bt_min(to, next->entry_m - (bt_car_front(v, car) - from));
    keep_near(sim, r, car, v, bt_max(from, to));
    if (r->near_count == 0) return;
    bt_car at = *car;
    for (uint32_t i = 0; (i == 0 || at.q_m < to) && r->near_count > 0; i++) {
        coming_box boxes[2];
        bool looks = i % LOOKS == 0;
        bool any = looks && is_any_abreast(r, at.q_m);
        uint32_t count = any ? boxes_of(sim, v, &at, (at.q_m - from) / speed, boxes) : 0;
        if (looks) meet(r, at.q_m, boxes, count);
        double q_m = at.q_m;
        bt_car_roll(&sim->graph, v, ROLL_M, bt_max(speed, 1.0), &at);
        if (at.q_m <= q_m) break; // the map's kink holds it
    }
    for (uint32_t i = 0; i < r->near_count; i++)
        if (r->near[i].lets) r->lets_pass[r->goers[r->near[i].goer].slot] = true;
}

// ---- whole ------------------------------------------------------------------------------------
// Notes who is near a vehicle, and lets none pass so far.
static void gather_near(bt_round *r, const bt_obstacle *o)
{
    double x = o->box.x_m, y = o->box.y_m, reach = o->speed_m_s * SEES_S + FAR_M;
    bt_grid *grid = &r->goer_grid;
    r->near_count = 0;
    bt_grid_begin(grid);
    bt_grid_gather(grid, x - reach, y - reach, x + reach, y + reach);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_goer *w = &r->goers[grid->found[i]];
        double dx = w->place.x - x, dy = w->place.y - y;
        if (dx * dx + dy * dy > reach * reach || fabs(w->place.z - o->box.z_low_m) > 3.0) continue;
        if (r->lets_pass[w->slot]) continue;
        r->near[r->near_count++] =
            (bt_goer_near){.goer = grid->found[i], .from_q_m = 1e300, .to_q_m = -1e300};
    }
}

static void meet_vehicle(const bt_sim *sim, bt_state *state, const bt_obstacle *o)
{
    bt_round *r = &state->round;
    gather_near(r, o);
    if (r->near_count == 0) return;
    if (o->car != BT_SIM_NONE && !o->wreck) {
        const bt_car *car = &state->cars[o->car];
        if (!bt_car_backs(car) && bends(sim, car, o->speed_m_s * SEES_S)) {
            if (o->part == 0) meet_one_that_turns(sim, state, o->car);
            return;
        }
    }
    double c = bt_cos(o->heading_rad), s = bt_sin(o->heading_rad);
    for (uint32_t i = 0; i < r->near_count; i++) {
        const bt_goer *w = &r->goers[r->near[i].goer];
        if (comes_before(w, o, c, s)) r->lets_pass[w->slot] = true;
    }
}

void bt_people_let_pass(const bt_sim *sim, bt_state *state)
{
    const bt_round *r = &state->round;
    for (uint32_t i = 0; i < r->moving_count; i++)
        meet_vehicle(sim, state, &state->obstacles[r->moving[i].obstacle]);
}
