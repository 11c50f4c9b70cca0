// people_look.c: what everybody on foot looks at (gaze.h), found anew in each round.
#include "engine/sim/sim_internal.h"

#include <math.h>

#define AHEAD_M 2.5      // along the way: where it goes next
#define ROADWAY_M 3.0    // before a roadway people look for cars
#define KERB_RAD 1.05    // so far aside
#define CAR_M 40.0       // a car that comes is looked at from so far
#define PASSER_M 12.0    // and what only passes
#define SLOW_M_S 1.0     // slower is no car that comes
#define BESIDE_M 1.6     // a companion is no farther off,
#define BESIDE_ALONG 0.8 // goes the same way,
#define ABREAST_M 0.9    // and is neither ahead nor behind

bool bt_people_is_roadway(const bt_sim *sim, const bt_walk_path *path, const bt_walk *w,
                          double ahead)
{
    uint32_t lane = path->lanes[bt_walk_point(path, w, ahead)];
    return lane != BT_ROAD_NONE && bt_road_lane_get(sim->net, lane)->type == BT_LANE_DRIVING;
}

// The nearest vehicle that moves within reach; coming: only those that get nearer.
static bool find_vehicle(bt_state *state, bt_vec3 p, double reach, bool coming, double *x,
                         double *y)
{
    bt_grid *grid = &state->round.moving_grid;
    double nearest = reach * reach;
    bool found = false;
    bt_grid_begin(grid);
    bt_grid_gather(grid, p.x - reach, p.y - reach, p.x + reach, p.y + reach);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_moving *m = &state->round.moving[grid->found[i]];
        const bt_obstacle *o = &state->obstacles[m->obstacle];
        double dx = m->x_m - p.x, dy = m->y_m - p.y, square = dx * dx + dy * dy;
        if (square >= nearest || o->speed_m_s < SLOW_M_S || fabs(p.z - o->box.z_low_m) > 3.0)
            continue;
        if (coming && dx * bt_cos(o->heading_rad) + dy * bt_sin(o->heading_rad) > 0.0) continue;
        nearest = square;
        *x = dx;
        *y = dy;
        found = true;
    }
    return found;
}

// Who walks beside it the same way.
static bool find_companion(const bt_state *state, const bt_walk *w, double *x, double *y)
{
    double nearest = BESIDE_M * BESIDE_M;
    bool found = false;
    for (uint32_t i = 0; i < w->near_count; i++) {
        const bt_walk *other = &state->walks[w->near[i]];
        double dx = other->x_m - w->x_m, dy = other->y_m - w->y_m, square = dx * dx + dy * dy;
        double ahead = dx * w->look_x + dy * w->look_y;
        bool same = other->along_x * w->along_x + other->along_y * w->along_y > BESIDE_ALONG;
        if (!same || square >= nearest || fabs(ahead) > ABREAST_M) continue;
        nearest = square;
        *x = dx;
        *y = dy;
        found = true;
    }
    return found;
}

// Where it goes: a little ahead on its way, or where it evades to.
static double ahead_rad(const bt_walk_path *path, const bt_walk *w)
{
    bt_vec3 to = bt_walk_ahead(path, w, AHEAD_M);
    double dx = to.x - w->x_m, dy = to.y - w->y_m;
    double speed = sqrt(w->vx_m_s * w->vx_m_s + w->vy_m_s * w->vy_m_s);
    dx += speed * w->course_x;
    dy += speed * w->course_y;
    return dx * dx + dy * dy > 0.04 ? bt_atan2(dy, dx) : w->yaw_rad;
}

void bt_people_look(const bt_sim *sim, bt_state *state, uint32_t slot)
{
    const bt_actor_desc *d = &sim->actors[sim->walk_actor[slot]];
    const bt_walk_path *path = &sim->walk_paths[slot];
    bt_walk *w = &state->walks[slot];
    if (d->four_legged) return;
    double aside, x = 0.0, y = 0.0;
    int left;
    bt_gaze_mind mind = bt_gaze_mind_of(d->number, state->time_ns, &aside, &left);
    bt_vec3 p = bt_walk_place(path, w);
    bool on = bt_people_is_roadway(sim, path, w, 0.0),
         before = !on && bt_people_is_roadway(sim, path, w, ROADWAY_M);
    before |= state->blocked[slot] == BT_WALK_WAITS;
    w->gaze.watch_rad = ahead_rad(path, w);
    if ((before || (on && mind != BT_GAZE_AHEAD)) && !d->careless) {
        if (find_vehicle(state, p, CAR_M, true, &x, &y))
            w->gaze.watch_rad = bt_atan2(y, x);
        else if (before)
            w->gaze.watch_rad = w->yaw_rad + left * KERB_RAD;
        return;
    }
    if (mind == BT_GAZE_COMPANION && find_companion(state, w, &x, &y))
        w->gaze.watch_rad = bt_atan2(y, x);
    if (mind == BT_GAZE_PASSER && find_vehicle(state, p, PASSER_M, false, &x, &y))
        w->gaze.watch_rad = bt_atan2(y, x);
    if (mind == BT_GAZE_ASIDE) w->gaze.watch_rad += aside;
}
