// guard.c: a body's last guard: who stands or walks where a nose or a trailer comes next.
#include "engine/sim/decide_internal.h"

#include <math.h>

#define SWEEP_NEED_M_S2 1.2
#define SWEEP_SEES_M 4.0
#define SWEEP_STOP_M 1.0 // before it would touch
#define PRESSED_S 6.0
#define PRESSED_ROOM_M 0.15 // where it was rolled and where it crawls are 0.1 apart, by a soak
#define CRAWL_M_S 0.8
#define CRAWL_S 1.0
#define GUARD_M_S 6.0
#define GUARD_M_S2 4.0
#define GUARD_M 0.8
#define GUARD_STANDS_M_S 0.3
#define GUARD_STEP_M 0.1 // a corner that turns goes by a person's shoulders within this
#define GUARD_ROOM_M 0.1
#define GUARD_LEAST_M 0.02

// Is an actor one that swings out, or has a trailer?
static bool is_long(const bt_traffic *t, uint32_t actor)
{
    return bt_sweep_concerns(&t->actors[actor].vehicle);
}

// Somebody on foot within reach? Or who stands with its nose in the way, if one of both is long.
static bool is_guarded(const bt_traffic *t, uint32_t index, const bt_obstacle *o, double reach)
{
    const bt_car *car = &t->cars[index];
    uint32_t own = t->car_actor[index];
    double dx = o->box.x_m - car->x_m, dy = o->box.y_m - car->y_m;
    if (o->actor == own || o->part == BT_PART_SWEEP) return false;
    if (!o->walker &&
        (o->speed_m_s > GUARD_STANDS_M_S || !(is_long(t, own) || is_long(t, o->actor))))
        return false;
    reach += o->walker ? 0.0 : o->radius_m;
    return dx * dx + dy * dy < reach * reach;
}

// Who is in the boxes of a body; NULL: nobody.
static const bt_obstacle *guarded_in(const bt_traffic *t, uint32_t index, double reach,
                                     const bt_footprint *boxes, uint32_t count)
{
    const bt_grid *grid = &t->round->grid;
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (!is_guarded(t, index, o, reach)) continue;
        for (uint32_t k = 0; k < count; k++)
            if (bt_footprint_overlap(&boxes[k], &o->box)) return o;
    }
    return NULL;
}

// Last of all: nobody on foot, and nobody who stands, is where the body itself comes next, as it is steered now,
// within the way to stop. A nose swings out of the way in tight bends, and into that of others.
double bt_accel_guard(const bt_traffic *t, uint32_t index)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    double speed = car->speed_m_s;
    if (speed > GUARD_M_S) return BT_FAR_M;
    double room = GUARD_LEAST_M + GUARD_ROOM_M * fmin(speed, 1.0); // who stands goes by inches
    double ahead = speed * speed / (2.0 * GUARD_M_S2) + GUARD_M, reach = ahead + v->length_m + 1.0;
    double sees = reach + t->radius_max_m;
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, car->x_m - sees, car->y_m - sees, car->x_m + sees, car->y_m + sees);
    bool any = false;
    for (uint32_t i = 0; i < grid->found_count && !any; i++)
        any = is_guarded(t, index, &t->obstacles[grid->found[i]], reach);
    if (!any) return BT_FAR_M;
    bt_car at = *car;
    for (double way = GUARD_STEP_M; way < ahead; way += GUARD_STEP_M) {
        bt_footprint boxes[2];
        bt_car_roll(t->graph, v, GUARD_STEP_M, fmax(speed, 1.0), &at);
        uint32_t count = bt_sweep_boxes(t->graph, v, &at, room, 0.0, boxes);
        const bt_obstacle *o = guarded_in(t, index, reach, boxes, count);
        if (!o) continue;
        if (!o->walker) bt_traffic_wait(t, index, BT_WAIT_SWEEP, o->car);
        return -fmax(1.0, speed * speed / (2.0 * fmax(way - GUARD_STEP_M, 0.05)));
    }
    return BT_FAR_M;
}

// Somebody is where a long vehicle comes next: stops before; who has stood for a while and has just room
// crawls by.
double bt_accel_sweep(const bt_traffic *t, uint32_t index)
{
    bt_car *car = &t->cars[index];
    if (!is_long(t, t->car_actor[index])) return BT_FAR_M;
    double v = car->speed_m_s, see = v * v / (2.0 * SWEEP_NEED_M_S2) + SWEEP_SEES_M;
    double stop = bt_traffic_sweep_reach(t, index, see, BT_SWEEP_ROOM_M) - SWEEP_STOP_M;
    bool waits = stop < SWEEP_STOP_M && v < 2.0 * CRAWL_M_S;
    car->trailer_ticks = waits ? car->trailer_ticks + 1 : 0;
    if (stop + SWEEP_STOP_M >= see) return BT_FAR_M;
    double need = v * v / (2.0 * fmax(stop, 0.1));
    if (!waits) return need > SWEEP_NEED_M_S2 ? -need : BT_FAR_M;
    if (car->trailer_ticks * t->decision_s > PRESSED_S &&
        bt_traffic_sweep_reach(t, index, SWEEP_SEES_M, PRESSED_ROOM_M) >= SWEEP_SEES_M)
        return bt_clamp((CRAWL_M_S - v) / CRAWL_S, -2.0, 0.6);
    return -fmax(1.0, need);
}
