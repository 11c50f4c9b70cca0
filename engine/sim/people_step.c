// people_step.c: one step of somebody on foot: nobody's body is put where another's is. Of a step that would, what
// leads there is left out, so that who began apart stays apart, however dense the crowd.
#include "engine/sim/crowd.h"
#include "engine/sim/sim_internal.h"

#include <math.h>

#define TOUCH_M 1e-9
#define SOFT_S 0.25
#define SOFT_WHEELS_S 0.6
#define BRAKE_M_S2 6.0
#define SOFT_M 0.6     // farther off nobody brakes softly
#define STEP_M 0.1     // more than any step
#define ROUNDS_APART 4 // of looks at all near, how far a step may go
#define PARTS 4        // a half, a quarter, an eighth of a step that leads too far, and none

// Shoulders across the way it looks, or what it rides or pushes along that.
bt_crowd_body bt_people_outline(const bt_walk *w, const bt_walk_body *b)
{
    double x = w->look_x, y = w->look_y;
    if (b->aside_m > 0.0)
        return (bt_crowd_body){{w->x_m + b->aside_m * y, w->y_m - b->aside_m * x},
                               {w->x_m - b->aside_m * y, w->y_m + b->aside_m * x},
                               b->radius_m};
    return (bt_crowd_body){{w->x_m - b->back_m * x, w->y_m - b->back_m * y},
                           {w->x_m + b->ahead_m * x, w->y_m + b->ahead_m * y},
                           b->radius_m};
}

// From another that is near, how far off it is between the bodies' edges, and which way.
static double gap_to(const bt_sim *sim, const bt_state *state, const bt_crowd_body *own,
                     uint32_t slot, bt_plane *away)
{
    bt_crowd_body other = bt_people_outline(&state->walks[slot], &sim->walk_bodies[slot]);
    bt_plane way = bt_crowd_between(own, &other);
    double far = sqrt(way.x * way.x + way.y * way.y);
    *away = far > 1e-9 ? (bt_plane){-way.x / far, -way.y / far} : (bt_plane){1.0, 0.0};
    return far - own->radius_m - other.radius_m;
}

// May the edges of two be nearer than `room`? By their middles, for speed.
static bool is_within(const bt_sim *sim, const bt_state *state, uint32_t slot, uint32_t other,
                      double room)
{
    const bt_walk *a = &state->walks[slot], *b = &state->walks[other];
    double x = b->x_m - a->x_m, y = b->y_m - a->y_m;
    double reach = sim->walk_bodies[slot].reach_m + sim->walk_bodies[other].reach_m + room;
    return x * x + y * y < reach * reach;
}

// How far somebody may go towards another in a step: not so fast that it could not stop softly, within soft_s.
static double may_close(double gap, const bt_walk *other, bt_plane away, double soft_s, double dt)
{
    double theirs = other->vx_m_s * away.x + other->vy_m_s * away.y;
    // nobody has to go back
    return bt_clamp(gap * dt / soft_s - theirs * dt, 0.0, gap);
}

// Who goes where they look slows down behind others.
static void slow_down(const bt_sim *sim, const bt_state *state, uint32_t slot,
                      const bt_crowd_body *own, double dt, bt_walk_step *step)
{
    const bt_walk *w = &state->walks[slot];
    double part = 1.0;
    for (uint32_t i = 0; i < w->near_count; i++) {
        const bt_walk *other = &state->walks[w->near[i]];
        bt_plane away;
        double gap = bt_max(0.0, gap_to(sim, state, own, w->near[i], &away));
        double closes = -(step->x_m * away.x + step->y_m * away.y);
        double most = may_close(gap, other, away, SOFT_WHEELS_S, dt);
        if (closes > most) part = bt_min(part, most / closes);
    }
    // brakes hold no better
    double now = sqrt(w->vx_m_s * w->vx_m_s + w->vy_m_s * w->vy_m_s);
    double way = sqrt(step->x_m * step->x_m + step->y_m * step->y_m);
    if (way > 0.0) part = bt_max(part, bt_min(1.0, (now - BRAKE_M_S2 * dt) * dt / way));
    step->x_m *= part;
    step->y_m *= part;
    if (sim->walk_bodies[slot].gear.kind == BT_GEAR_STROLLER) step->turn_rad *= part;
}

// What of a step leads into somebody is left out: nobody comes nearer than touching, nor nearer than before.
static void keep_apart(const bt_sim *sim, const bt_state *state, uint32_t slot,
                       const bt_crowd_body *own, double dt, bt_walk_step *step)
{
    const bt_walk *w = &state->walks[slot];
    for (int round = 0; round < ROUNDS_APART; round++) {
        bool clear = true;
        for (uint32_t i = 0; i < w->near_count; i++) {
            if (!is_within(sim, state, slot, w->near[i], SOFT_M)) continue;
            const bt_walk *other = &state->walks[w->near[i]];
            bt_plane away;
            double gap = bt_max(0.0, gap_to(sim, state, own, w->near[i], &away));
            double most = may_close(gap, other, away, SOFT_S, dt);
            double out = most + step->x_m * away.x + step->y_m * away.y;
            if (out >= 0.0) continue;
            clear = false;
            step->x_m -= out * away.x;
            step->y_m -= out * away.y;
        }
        if (clear) return;
    }
}

// Does a step still bring somebody nearer than touching, and nearer than before?
static bool touches(const bt_sim *sim, const bt_state *state, uint32_t slot,
                    const bt_crowd_body *before, const bt_walk_step *step)
{
    bt_walk moved = state->walks[slot];
    moved.x_m += step->x_m;
    moved.y_m += step->y_m;
    double c = bt_cos(step->turn_rad), s = bt_sin(step->turn_rad);
    moved.look_x = state->walks[slot].look_x * c - state->walks[slot].look_y * s;
    moved.look_y = state->walks[slot].look_x * s + state->walks[slot].look_y * c;
    bt_crowd_body after = bt_people_outline(&moved, &sim->walk_bodies[slot]);
    bt_plane away;
    for (uint32_t i = 0; i < moved.near_count; i++) {
        if (!is_within(sim, state, slot, moved.near[i], STEP_M)) continue;
        double now = gap_to(sim, state, &after, moved.near[i], &away);
        if (now < 0.0 && now < gap_to(sim, state, before, moved.near[i], &away) - TOUCH_M)
            return true;
    }
    return false;
}

void bt_people_step(const bt_sim *sim, bt_state *state, uint32_t slot, double dt)
{
    bt_walk *w = &state->walks[slot];
    const bt_actor_desc *d = &sim->actors[sim->walk_actor[slot]];
    const bt_walk_path *path = &sim->walk_paths[slot];
    const bt_walk_body *body = &sim->walk_bodies[slot];
    bt_walk_step step =
        bt_walk_plan(d, body, path, state->time_ns, (bt_walk_way)state->blocked[slot], dt, w);
    if (w->near_count > 0) {
        bt_crowd_body own = bt_people_outline(w, body);
        if (body->where_it_looks)
            slow_down(sim, state, slot, &own, dt, &step);
        else
            keep_apart(sim, state, slot, &own, dt, &step);
        // else, and where that was not enough: straight on, a part of the way, or not at all
        if (touches(sim, state, slot, &own, &step)) step.turn_rad = 0.0;
        for (int part = 1; part <= PARTS && touches(sim, state, slot, &own, &step); part++) {
            step.x_m *= part < PARTS ? 0.5 : 0.0;
            step.y_m *= part < PARTS ? 0.5 : 0.0;
        }
    }
    bt_walk_go(d, body, path, &step, dt, w);
}
