// people.c: where everybody on foot wants to go: along the path, round what stands, past each other.
//
// All look at the state before the step, so that the order in which they decide does not count.
#include "engine/sim/crowd.h"
#include "engine/sim/sim_internal.h"

#include <math.h>

#define ROUNDS 2          // of decisions between two looks, each at its own time
#define LOOK_M 1.5        // walks towards the path this far ahead
#define BODIES_MAX 8      // that stand near
#define NEIGHBOURS_MAX 14 // the nearest ones
#define NEIGHBOUR_M 4.0
#define SEES_M 7.0
#define NEAR_M 1.6 // who is farther off is not touched until the next look
#define STOP_S 0.3
#define RUNS_M 0.15
#define SOFT_WHEELS_S 0.6
#define HORIZON_S 1.0        // nobody is touched for so long; farther ahead headings see
#define PART_S 4.0           // who touches parts within this
#define HORIZON_WHEELS_S 2.0 // the same for those who cannot turn at once
#define PART_WHEELS_S 0.5
#define SLACK_M 0.06     // nobody turns at once
#define SIDE_S 1.0       // the edge of the way is not reached within this
#define BODY_S 0.8       // nor what stands
#define BODY_OFF_M 0.06  // who turns brings the shoulders nearer
#define HURRY 1.3        // at most so much faster, to evade
#define SIDEWAYS_RAD 1.5 // so far people turn their shoulders to pass
#define SIDEWAYS_M_S 0.6 // no faster than this
#define TURNS 15 // directions to each side looked at, and so many more by who gets nowhere for long
#define TURNS_STUCK 12.0
#define STUCK_S 3.0
#define TURNS_BACK 24
#define CROWD_NEAR 4 // so many near: it is a crowd
#define GIVES_WAY_S 3.0
#define GIVES_WAY_FOR_S 2.5
#define STEPS_BACK_S 0.5 // at a time, from a kerb that a lorry's trailer will cut
#define CLOSE_M 1.6      // nearer than this it counts how others are turned
#define CREEP_M_S 0.15
#define PROBES 6 // along the path, whether something stands there
#define PROBE_FROM_M (-0.6)
#define PROBE_AGAIN_M 0.2
#define PROBE_STEP_M 0.6
#define BODY_ROOM_M 0.38 // between the middle of a person and what stands
#define ROUND_ROOM_M 0.5 // and when going round it
#define STANDS_M_S 1.5
#define PASSES_M 1.2 // what goes by so near is kept off too
#define SWEEP_ROOM_M 0.35

// One person who looks.
typedef struct look {
    const bt_sim *sim;
    bt_state *state;
    const bt_actor_desc *desc;
    const bt_walk_path *path;
    const bt_walk_body *body;
    bt_walk *walk;
    uint32_t actor, slot;
    bt_vec3 place;
    bt_crowd_body plan;
    bt_plane velocity, forward; // own; forward: along the path
    double radius;
    bt_crowd_line lines[BT_CROWD_LINES];
    uint32_t count, hard;
    bool meets; // somebody comes the other way
} look;

static bt_grid *gather_around(bt_state *state, bt_vec3 p, double reach)
{
    bt_grid *grid = &state->round.grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, p.x - reach, p.y - reach, p.x + reach, p.y + reach);
    return grid;
}

// ---- what stands ------------------------------------------------------------------------------
// Does it stand where a long vehicle will come? That one waits for it, and it may wait for others.
static bool is_in_sweep(const look *l, double radius_max_m)
{
    double reach = radius_max_m + l->radius;
    const bt_grid *grid = gather_around(l->state, l->place, reach);
    bt_footprint own = {l->place.x, l->place.y,      0.0, l->radius, l->radius,
                        l->place.z, l->place.z + 1.0};
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &l->state->obstacles[grid->found[i]];
        if (o->part == BT_PART_SWEEP && bt_footprint_overlap(&own, &o->box)) return true;
    }
    return false;
}

// From the nearest point of a box to a place, and how far that is; 0 inside.
static double off_box(const bt_footprint *box, bt_plane p, bt_plane *away)
{
    double c = bt_cos(box->yaw_rad), s = bt_sin(box->yaw_rad);
    double dx = p.x - box->x_m, dy = p.y - box->y_m;
    double along = dx * c + dy * s, aside = -dx * s + dy * c;
    double ox = along - bt_clamp(along, -box->half_length_m, box->half_length_m);
    double oy = aside - bt_clamp(aside, -box->half_width_m, box->half_width_m);
    double off = bt_hypot(ox, oy);
    if (off > 0.0) *away = (bt_plane){(ox * c - oy * s) / off, (ox * s + oy * c) / off};
    return off;
}

// The same from the nearest of a body's line: its ends and its middle are looked at.
static double off_body(const bt_footprint *box, const bt_crowd_body *b, bt_plane *away)
{
    double least = off_box(box, b->from, away);
    if (b->from.x == b->to.x && b->from.y == b->to.y) return least;
    const bt_plane more[2] = {b->to, {0.5 * (b->from.x + b->to.x), 0.5 * (b->from.y + b->to.y)}};
    for (int i = 0; i < 2; i++) {
        bt_plane other = {0.0, 0.0};
        double off = off_box(box, more[i], &other);
        if (off >= least) continue;
        least = off;
        *away = other;
    }
    return least;
}

// Walks by itself, as those who look do; else a body to keep off.
static bool is_walking(const bt_sim *sim, const bt_obstacle *o)
{
    return sim->movers[o->actor] == BT_MOVER_WALK;
}

static bool is_level(const look *l, const bt_obstacle *o)
{
    return !is_walking(l->sim, o) && l->place.z < o->box.z_high_m &&
           l->place.z + 2.0 > o->box.z_low_m;
}

// What stands near; a corner that a trailer will cut only for those who are not in it: who is leaves.
static uint32_t find_bodies(const look *l, double radius_max_m,
                            const bt_obstacle *bodies[BODIES_MAX])
{
    bt_plane here = {l->place.x, l->place.y}, away;
    uint32_t count = 0;
    bt_grid *grid = gather_around(l->state, l->place, radius_max_m + 4.0);
    for (uint32_t i = 0; i < grid->found_count && count < BODIES_MAX; i++) {
        const bt_obstacle *o = &l->state->obstacles[grid->found[i]];
        if (!is_level(l, o)) continue;
        double off = off_box(&o->box, here, &away);
        if (o->speed_m_s > STANDS_M_S && off > PASSES_M) continue;
        if (off > 4.0 || (o->part == BT_PART_SWEEP && off < SWEEP_ROOM_M)) continue;
        bodies[count++] = o;
    }
    return count;
}

// How far left of the path a box reaches, and how far right.
static void reach_of(const look *l, const bt_footprint *box, bt_vec3 p, double *left, double *right)
{
    double c = bt_cos(box->yaw_rad), s = bt_sin(box->yaw_rad);
    bt_plane n = {-l->forward.y, l->forward.x};
    double middle = (box->x_m - p.x) * n.x + (box->y_m - p.y) * n.y;
    double half =
        box->half_length_m * fabs(c * n.x + s * n.y) + box->half_width_m * fabs(-s * n.x + c * n.y);
    *left = bt_max(*left, middle + half);
    *right = bt_min(*right, middle - half);
}

// Where beside the path to go, so as to come round all that stands on it. False: no room.
static bool find_aside(const look *l, const bt_obstacle *const *bodies, uint32_t count,
                       double *aside)
{
    double left = -1e9, right = 1e9, room_left, room_right, now;
    // who has been stopped leaves what is behind, and what it gets farther from
    bool leaves = l->walk->stuck_s > 0.5;
    double from = leaves ? PROBE_AGAIN_M : PROBE_FROM_M;
    bt_plane here = {l->place.x, l->place.y}, away;
    for (uint32_t i = 0; i < PROBES; i++) {
        bt_vec3 p = bt_walk_ahead(l->path, l->walk, from + PROBE_STEP_M * i);
        bt_plane at = {p.x, p.y};
        for (uint32_t k = 0; k < count; k++) {
            double room = leaves ? off_box(&bodies[k]->box, here, &away) : BODY_ROOM_M;
            if (off_box(&bodies[k]->box, at, &away) < bt_min(room, BODY_ROOM_M))
                reach_of(l, &bodies[k]->box, p, &left, &right);
        }
    }
    *aside = 0.0;
    if (left < right) return true; // nothing there
    bt_walk_room(l->path, l->walk, &room_left, &room_right, &now);
    left += ROUND_ROOM_M, right -= ROUND_ROOM_M;
    bool may_left = left <= room_left, may_right = -right <= room_right;
    if (!may_left && !may_right) return false;
    *aside = may_left && (!may_right || fabs(left - now) < fabs(right - now)) ? left : right;
    return true;
}

static void add_line(look *l, bt_crowd_line line)
{
    if (l->count < BT_CROWD_LINES) l->lines[l->count++] = line;
}

// The edges of the way, and what stands beside.
static void add_hard(look *l, const bt_obstacle *const *bodies, uint32_t count)
{
    double left, right, aside;
    bt_walk_room(l->path, l->walk, &left, &right, &aside);
    bt_plane n = {-l->forward.y, l->forward.x};
    double in = CREEP_M_S;
    add_line(l, bt_crowd_side(n, bt_min(in, -(right + aside) / SIDE_S)));
    add_line(l, bt_crowd_side((bt_plane){-n.x, -n.y}, bt_min(in, -(left - aside) / SIDE_S)));
    for (uint32_t i = 0; i < count; i++) {
        bt_plane away;
        double off = off_body(&bodies[i]->box, &l->plan, &away);
        if (off <= 0.0) continue;
        add_line(l, bt_crowd_side(away, bt_min(in, (l->radius + BODY_OFF_M - off) / BODY_S)));
    }
    l->hard = l->count;
}

// ---- the others -------------------------------------------------------------------------------
typedef struct neighbour {
    double square;
    uint32_t slot;
} neighbour;

typedef struct neighbours {
    neighbour
        nearest[NEIGHBOURS_MAX]; // nearest first; equally near ones in the order of the actors
    bt_crowd_other seen[BT_CROWD_SEEN]; // ahead
    uint32_t count, seen_count;
    bt_crowd_stream stream;
} neighbours;

static void keep_nearest(neighbours *all, neighbour n)
{
    uint32_t at = all->count < NEIGHBOURS_MAX ? all->count++ : NEIGHBOURS_MAX;
    for (; at > 0; at--) {
        const neighbour *b = &all->nearest[at - 1];
        if (b->square < n.square || (b->square == n.square && b->slot < n.slot)) break;
        if (at < NEIGHBOURS_MAX) all->nearest[at] = *b;
    }
    if (at < NEIGHBOURS_MAX) all->nearest[at] = n;
}

// Another as a disc, where it is nearest.
static bt_crowd_other disc_of(const look *l, uint32_t slot)
{
    const bt_walk *w = &l->state->walks[slot];
    bt_crowd_body plan = bt_people_outline(w, &l->sim->walk_bodies[slot]);
    return (bt_crowd_other){.place = bt_crowd_between(&l->plan, &plan),
                            .velocity = {w->vx_m_s, w->vy_m_s},
                            .radius_m = l->radius + plan.radius_m};
}

// The same of who is far off.
static bt_crowd_other far_disc_of(const look *l, uint32_t slot, double dx, double dy)
{
    const bt_walk *w = &l->state->walks[slot];
    const bt_walk_body *b = &l->sim->walk_bodies[slot];
    return (bt_crowd_other){.place = {dx, dy},
                            .velocity = {w->vx_m_s, w->vy_m_s},
                            .radius_m = l->radius + b->radius_m + b->aside_m + b->ahead_m};
}

static void find_neighbours(const look *l, neighbours *all)
{
    all->count = all->seen_count = 0;
    all->stream = (bt_crowd_stream){0};
    bt_grid *grid = gather_around(l->state, l->place, SEES_M);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &l->state->obstacles[grid->found[i]];
        if (o->actor == l->actor || !is_walking(l->sim, o)) continue;
        if (fabs(o->box.z_low_m - l->place.z) > 2.0) continue;
        double dx = o->box.x_m - l->place.x, dy = o->box.y_m - l->place.y;
        neighbour n = {dx * dx + dy * dy, l->sim->slots[o->actor]};
        if (n.square > SEES_M * SEES_M) continue;
        if (n.square < NEIGHBOUR_M * NEIGHBOUR_M) keep_nearest(all, n);
        double ahead = dx * l->forward.x + dy * l->forward.y;
        bool behind = l->walk->stuck_s >= 0.0 && n.square > 2.0 && ahead < 0.0;
        if (behind || all->seen_count == BT_CROWD_SEEN) continue;
        const bt_walk *other = &l->state->walks[n.slot];
        bt_crowd_stream_add(ahead, dy * l->forward.x - dx * l->forward.y,
                            other->along_x * l->forward.x + other->along_y * l->forward.y,
                            &all->stream);
        all->seen[all->seen_count++] =
            n.square < CLOSE_M * CLOSE_M ? disc_of(l, n.slot) : far_disc_of(l, n.slot, dx, dy);
    }
    bt_walk *w = l->walk;
    w->near_count = 0;
    double near = NEAR_M + 2.0 * (l->body->reach_m - l->radius);
    if (l->body->where_it_looks) near += SOFT_WHEELS_S * l->desc->walk_speed_m_s;
    for (uint32_t i = 0; i < all->count && w->near_count < BT_WALK_NEAR; i++)
        if (all->nearest[i].square < near * near) w->near[w->near_count++] = all->nearest[i].slot;
}

static void add_neighbours(look *l, const neighbour *found, uint32_t count)
{
    bool wheels = l->body->where_it_looks;
    double horizon = wheels ? HORIZON_WHEELS_S : HORIZON_S;
    double part = wheels ? PART_WHEELS_S : PART_S;
    for (uint32_t i = 0; i < count; i++) {
        bt_crowd_other o = disc_of(l, found[i].slot);
        bool stands = o.velocity.x * o.velocity.x + o.velocity.y * o.velocity.y < 0.0025;
        add_line(l, bt_crowd_disc(o.place, l->velocity, o.velocity, o.radius_m + SLACK_M, horizon,
                                  part, stands ? 1.0 : 0.5));
        bool ahead = o.place.x * l->forward.x + o.place.y * l->forward.y > 0.0;
        l->meets |= ahead && o.velocity.x * l->forward.x + o.velocity.y * l->forward.y < 0.1;
    }
}

// ---- whole ------------------------------------------------------------------------------------
bt_plane bt_people_forward(const bt_walk_path *path, const bt_walk *walk)
{
    bt_vec3 from = bt_walk_ahead(path, walk, 0.0), to = bt_walk_ahead(path, walk, 0.5);
    double dx = to.x - from.x, dy = to.y - from.y, length = bt_max(bt_hypot(dx, dy), 1e-9);
    return (bt_plane){dx / length, dy / length};
}

static look begin(const bt_sim *sim, bt_state *state, uint32_t slot)
{
    look l = {.sim = sim, .state = state, .path = &sim->walk_paths[slot], .slot = slot};
    l.body = &sim->walk_bodies[slot];
    l.actor = sim->walk_actor[slot];
    l.desc = &sim->actors[l.actor];
    l.walk = &state->walks[slot];
    l.place = bt_walk_place(l.path, l.walk);
    l.velocity = (bt_plane){l.walk->vx_m_s, l.walk->vy_m_s};
    l.plan = bt_people_outline(l.walk, l.body);
    l.forward = bt_people_forward(l.path, l.walk);
    l.radius = l.body->radius_m;
    return l;
}

// Towards the path a little ahead, beside it where something stands; through the others where they leave
// most room.
static bt_plane preferred(const look *l, double aside, const neighbours *all, bt_plane *course)
{
    bt_vec3 to = bt_walk_ahead(l->path, l->walk, LOOK_M);
    double dx = to.x - l->forward.y * aside - l->place.x;
    double dy = to.y + l->forward.x * aside - l->place.y;
    double left, right, now, turn = 0.0;
    bt_walk_room(l->path, l->walk, &left, &right, &now);
    if (l->meets) turn = bt_crowd_stream_turn_rad(&all->stream, left - now, right + now);
    double c = bt_cos(turn), s = bt_sin(turn);
    double pace = l->desc->walk_speed_m_s / bt_max(bt_hypot(dx, dy), 1e-9);
    bt_plane goal = {pace * (dx * c - dy * s), pace * (dx * s + dy * c)};
    *course = (bt_plane){goal.x / bt_max(l->desc->walk_speed_m_s, 1e-9),
                         goal.y / bt_max(l->desc->walk_speed_m_s, 1e-9)};
    if (l->walk->stuck_s < 0.0) { // back, and aside
        goal = (bt_plane){-0.7 * goal.x, -0.7 * goal.y};
        return bt_crowd_heading(all->seen, all->seen_count, goal, SEES_M, SEES_M, SEES_M,
                                TURNS_BACK, course);
    }
    if (all->seen_count == 0) return goal;
    uint32_t turns = TURNS + (uint32_t)(TURNS_STUCK * bt_min(1.0, l->walk->stuck_s / STUCK_S));
    return bt_crowd_heading(all->seen, all->seen_count, goal, SEES_M, bt_max(0.1, left - now),
                            bt_max(0.1, right + now), turns, course);
}

// Who meets somebody in a crowd turns the shoulders, which are wider than the body is deep: both to the left,
// so that they stand alongside.
static bt_plane facing(const look *l, const bt_crowd_stream *stream, bt_plane course)
{
    bool slow = bt_hypot(l->velocity.x, l->velocity.y) < SIDEWAYS_M_S && l->walk->stuck_s >= 0.0;
    if (!stream->faces || !slow || l->body->aside_m <= 0.0) return course;
    double c = bt_cos(SIDEWAYS_RAD), s = bt_sin(SIDEWAYS_RAD);
    return (bt_plane){c * l->forward.x - s * l->forward.y, s * l->forward.x + c * l->forward.y};
}

// Leaves out where long vehicles are about to come.
static uint32_t without_sweeps(const bt_obstacle **bodies, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (bodies[i]->part != BT_PART_SWEEP) bodies[kept++] = bodies[i];
    return kept;
}

// Would who goes where they look run into a body before they could stop, or scrape along it?
static bool runs_into(const look *l, const bt_obstacle *const *bodies, uint32_t count)
{
    const bt_walk *w = l->walk;
    double step = RUNS_M + STOP_S * sqrt(w->vx_m_s * w->vx_m_s + w->vy_m_s * w->vy_m_s);
    bt_crowd_body next = l->plan;
    next.from.x += step * w->look_x, next.from.y += step * w->look_y;
    next.to.x += step * w->look_x, next.to.y += step * w->look_y;
    for (uint32_t i = 0; i < count; i++) {
        bt_plane away;
        double then = off_body(&bodies[i]->box, &next, &away);
        if (then < l->radius && then < off_body(&bodies[i]->box, &l->plan, &away)) return true;
    }
    return false;
}

static bt_walk_way decide(look *l, double radius_max_m)
{
    const bt_obstacle *bodies[BODIES_MAX];
    double aside;
    l->walk->wish_x_m_s = l->walk->wish_y_m_s = 0.0;
    neighbours all;
    // who has got nowhere for long, some sooner, some later, goes back a little: fronts that lock loosen
    if (l->walk->near_count >= CROWD_NEAR &&
        l->walk->stuck_s >
            GIVES_WAY_S * (1.0 + 0.618 * l->desc->number - floor(0.618 * l->desc->number)))
        l->walk->stuck_s = -GIVES_WAY_FOR_S;
    find_neighbours(l, &all);
    bool waits = l->state->round.lets_pass[l->slot] || bt_people_let_go(l->sim, l->state, l->slot);
    if (waits && !is_in_sweep(l, radius_max_m)) return BT_WALK_WAITS;
    uint32_t count = find_bodies(l, radius_max_m, bodies);
    bool finds = find_aside(l, bodies, count, &aside);
    if (!finds && !is_in_sweep(l, radius_max_m)) return BT_WALK_BLOCKED;
    if (!finds) { // who is in it already goes on through it
        count = without_sweeps(bodies, count);
        finds = find_aside(l, bodies, count, &aside);
    }
    double stuck_s = l->walk->stuck_s;
    bool steps_back = waits || !finds; // out of a lorry's way, at least
    if (steps_back) l->walk->stuck_s = fmin(stuck_s, -STEPS_BACK_S), aside = 0.0;
    add_hard(l, bodies, count);
    add_neighbours(l, all.nearest, all.count);
    bt_plane course, best = preferred(l, aside, &all, &course);
    bt_plane wish =
        bt_crowd_solve(l->lines, l->count, l->hard, HURRY * l->desc->walk_speed_m_s, best);
    if (steps_back && bt_hypot(wish.x, wish.y) < CREEP_M_S) { // it cannot: turns, after a while
        l->walk->stuck_s = stuck_s;
        return waits ? BT_WALK_WAITS : BT_WALK_BLOCKED;
    }
    course = facing(l, &all.stream, course);
    l->walk->course_x = course.x;
    l->walk->course_y = course.y;
    if (l->body->where_it_looks && runs_into(l, bodies, count)) { // turns, no further
        double pace = bt_max(sqrt(wish.x * wish.x + wish.y * wish.y), 1e-6);
        wish = (bt_plane){CREEP_M_S * wish.x / pace, CREEP_M_S * wish.y / pace};
    }
    l->walk->wish_x_m_s = wish.x;
    l->walk->wish_y_m_s = wish.y;
    return BT_WALK_FREE;
}

// Does somebody look anew in this round? All in the first.
static bool looks_now(const bt_sim *sim, const bt_state *state, uint32_t slot)
{
    int64_t round = state->time_ns / sim->step_ns / sim->decision_steps;
    return round == 0 || (round + slot) % ROUNDS == 0;
}

// Notes who would go on, if no vehicle comes: those who mind that.
static void note_goers(const bt_sim *sim, bt_state *state)
{
    bt_round *r = &state->round;
    r->goer_count = 0;
    for (uint32_t i = 0; i < sim->walk_count; i++) {
        const bt_actor_desc *d = &sim->actors[sim->walk_actor[i]];
        r->lets_pass[i] = false;
        if (d->careless || !looks_now(sim, state, i)) continue;
        bt_plane forward = bt_people_forward(&sim->walk_paths[i], &state->walks[i]);
        r->goers[r->goer_count++] =
            (bt_goer){.place = bt_walk_place(&sim->walk_paths[i], &state->walks[i]),
                      .course = {forward.x, forward.y, 0.0},
                      .course_rad = bt_atan2(forward.y, forward.x),
                      .speed_m_s = d->walk_speed_m_s,
                      .slot = i};
    }
    bt_grid_build(&r->goer_grid, &r->goers->place.x, sizeof *r->goers / sizeof(double),
                  r->goer_count);
}

void bt_people_decide(const bt_sim *sim, bt_state *state, double radius_max_m)
{
    note_goers(sim, state);
    bt_people_let_pass(sim, state);
    for (uint32_t i = 0; i < sim->walk_count; i++) {
        if (!looks_now(sim, state, i)) continue;
        look l = begin(sim, state, i);
        state->blocked[i] = (uint8_t)decide(&l, radius_max_m);
        bt_people_look(sim, state, i);
    }
}
