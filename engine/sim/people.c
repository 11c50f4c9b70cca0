// people.c: where everybody on foot wants to go: along the path, round what stands, past each other.
//
// Limits: where two dense crowds (about one person a square metre) meet head-on they jam, and some touch.
//
// All look at the state before the step, so that the order in which they decide does not count.
#include "engine/sim/crowd.h"
#include "engine/sim/sim_internal.h"

#include <math.h>

#define ROUNDS 2          // of decisions between two looks, each at its own time
#define LOOK_M 1.5        // walks towards the path this far ahead
#define BODIES_MAX 8      // that stand near
#define NEIGHBOURS_MAX 14 // the nearest ones
#define NEIGHBOUR_M 5.0
#define HORIZON_S 2.5     // nobody is touched for so long
#define PART_S 0.5        // who touches parts within this
#define SLACK_M 0.06      // for those who cannot turn at once
#define SIDE_S 1.0        // the edge of the way is not reached within this
#define BODY_S 0.8        // nor what stands
#define HURRY 1.3         // at most so much faster, to evade
#define ASIDE_RAD (-0.06) // people who meet pass on the right
#define SLOWED_RAD (-0.4) // and the more, the more they are slowed
#define STOP_S 0.45
#define CREEP_M_S 0.3
#define HOLD_S 0.12 // touches nobody by turning until the next look
#define HOLD_TURN_RAD 0.36
#define HOLD_ROOM_M 0.015
#define PROBES 6 // along the path, whether something stands there
#define PROBE_FROM_M (-0.6)
#define PROBE_STEP_M 0.6
#define BODY_ROOM_M 0.38 // between the middle of a person and what stands
#define ROUND_ROOM_M 0.5 // and when going round it
#define STANDS_M_S 1.5
#define SWEEP_ROOM_M 0.35
#define CROSS_SEES_S 4.0 // a careful walker lets cars pass that will be there within this
#define CROSS_ROOM_M 0.5

// One person who looks.
typedef struct look {
    const bt_sim *sim;
    bt_state *state;
    const bt_actor_desc *desc;
    const bt_walk_path *path;
    bt_walk *walk;
    uint32_t actor;
    bt_vec3 place;
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

// ---- cars that come ---------------------------------------------------------------------------
// Would a walker who goes on now come before a moving vehicle? Both are taken to go straight on.
static bool comes_before(bt_vec3 p, bt_vec3 course, double speed, const bt_obstacle *o)
{
    double c = cos(o->heading_rad), s = sin(o->heading_rad);
    double dx = p.x - o->box.x_m, dy = p.y - o->box.y_m;
    double along = dx * c + dy * s, aside = -dx * s + dy * c;
    double reach = o->box.half_width_m + CROSS_ROOM_M;
    double inward = speed * (-course.x * s + course.y * c) * (aside > 0.0 ? -1.0 : 1.0);
    // already before it, or not getting there
    if (fabs(aside) < reach || inward < 0.2) return false;
    double enter = (fabs(aside) - reach) / inward, leave = (fabs(aside) + reach) / inward;
    double arrive = (along - o->box.half_length_m) / o->speed_m_s;
    double gone = (along + o->box.half_length_m) / o->speed_m_s;
    return gone > 0.0 && arrive < CROSS_SEES_S && enter < gone + 0.5 && leave > arrive - 0.8;
}

static bool must_wait(const look *l, double speed_max_m_s)
{
    if (l->desc->careless) return false;
    bt_vec3 course = {l->forward.x, l->forward.y, 0.0}, p = l->place;
    bt_grid *grid = gather_around(l->state, p, speed_max_m_s * CROSS_SEES_S + 20.0);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &l->state->obstacles[grid->found[i]];
        if (o->walker || o->speed_m_s < 1.0 || fabs(p.z - o->box.z_low_m) > 3.0) continue;
        if (hypot(p.x - o->box.x_m, p.y - o->box.y_m) > o->speed_m_s * CROSS_SEES_S + 20.0)
            continue;
        if (comes_before(p, course, l->desc->walk_speed_m_s, o)) return true;
    }
    return false;
}

// ---- what stands ------------------------------------------------------------------------------
// From the nearest point of a box to a place, and how far that is; 0 inside.
static double off_box(const bt_footprint *box, bt_plane p, bt_plane *away)
{
    double c = cos(box->yaw_rad), s = sin(box->yaw_rad);
    double dx = p.x - box->x_m, dy = p.y - box->y_m;
    double along = dx * c + dy * s, aside = -dx * s + dy * c;
    double ox = along - bt_clamp(along, -box->half_length_m, box->half_length_m);
    double oy = aside - bt_clamp(aside, -box->half_width_m, box->half_width_m);
    double off = hypot(ox, oy);
    if (off > 0.0) *away = (bt_plane){(ox * c - oy * s) / off, (ox * s + oy * c) / off};
    return off;
}

static bool stands_level(const look *l, const bt_obstacle *o)
{
    return !o->walker && o->speed_m_s <= STANDS_M_S && l->place.z < o->box.z_high_m &&
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
        if (!stands_level(l, o)) continue;
        double off = off_box(&o->box, here, &away);
        if (off > 4.0 || (o->part == BT_PART_SWEEP && off < SWEEP_ROOM_M)) continue;
        bodies[count++] = o;
    }
    return count;
}

// How far left of the path a box reaches, and how far right.
static void reach_of(const look *l, const bt_footprint *box, bt_vec3 p, double *left, double *right)
{
    double c = cos(box->yaw_rad), s = sin(box->yaw_rad);
    bt_plane n = {-l->forward.y, l->forward.x};
    double middle = (box->x_m - p.x) * n.x + (box->y_m - p.y) * n.y;
    double half =
        box->half_length_m * fabs(c * n.x + s * n.y) + box->half_width_m * fabs(-s * n.x + c * n.y);
    *left = fmax(*left, middle + half);
    *right = fmin(*right, middle - half);
}

// Where beside the path to go, so as to come round all that stands on it. False: no room.
static bool find_aside(const look *l, const bt_obstacle *const *bodies, uint32_t count,
                       double *aside)
{
    double left = -1e9, right = 1e9, room_left, room_right, now;
    for (uint32_t i = 0; i < PROBES; i++) {
        bt_vec3 p = bt_walk_ahead(l->path, l->walk, PROBE_FROM_M + PROBE_STEP_M * i);
        bt_plane at = {p.x, p.y}, away;
        for (uint32_t k = 0; k < count; k++)
            if (off_box(&bodies[k]->box, at, &away) < BODY_ROOM_M)
                reach_of(l, &bodies[k]->box, p, &left, &right);
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
    bt_plane n = {-l->forward.y, l->forward.x}, here = {l->place.x, l->place.y};
    double in = CREEP_M_S;
    add_line(l, bt_crowd_side(n, fmin(in, -(right + aside) / SIDE_S)));
    add_line(l, bt_crowd_side((bt_plane){-n.x, -n.y}, fmin(in, -(left - aside) / SIDE_S)));
    for (uint32_t i = 0; i < count; i++) {
        bt_plane away;
        double off = off_box(&bodies[i]->box, here, &away);
        if (off <= 0.0) continue;
        add_line(l, bt_crowd_side(away, fmin(in, (l->radius + 0.02 - off) / BODY_S)));
    }
    l->hard = l->count;
}

// ---- the others -------------------------------------------------------------------------------
typedef struct neighbour {
    double square;
    uint32_t slot;
} neighbour;

// The nearest ones, nearest first; equally near ones in the order of the actors.
static uint32_t find_neighbours(const look *l, neighbour found[NEIGHBOURS_MAX])
{
    uint32_t count = 0;
    bt_grid *grid = gather_around(l->state, l->place, NEIGHBOUR_M);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &l->state->obstacles[grid->found[i]];
        if (!o->walker || o->actor == l->actor || fabs(o->box.z_low_m - l->place.z) > 2.0) continue;
        double dx = o->box.x_m - l->place.x, dy = o->box.y_m - l->place.y;
        neighbour n = {dx * dx + dy * dy, l->sim->slots[o->actor]};
        if (n.square > NEIGHBOUR_M * NEIGHBOUR_M) continue;
        uint32_t at = count < NEIGHBOURS_MAX ? count++ : NEIGHBOURS_MAX;
        for (; at > 0; at--) {
            const neighbour *b = &found[at - 1];
            if (b->square < n.square || (b->square == n.square && b->slot < n.slot)) break;
            if (at < NEIGHBOURS_MAX) found[at] = *b;
        }
        if (at < NEIGHBOURS_MAX) found[at] = n;
    }
    return count;
}

static bt_plane velocity_of(const bt_walk *walk)
{
    return (bt_plane){walk->speed_m_s * cos(walk->yaw_rad), walk->speed_m_s * sin(walk->yaw_rad)};
}

// Would somebody who goes on as they look run into another before they could stop?
static bool runs_into(const look *l, bt_plane place, bt_plane velocity, double radius)
{
    double c = cos(l->walk->yaw_rad), s = sin(l->walk->yaw_rad);
    double speed = fmax(l->walk->speed_m_s, CREEP_M_S), d = hypot(place.x, place.y);
    if (place.x * c + place.y * s < 0.35 * d) return false; // not ahead
    bt_plane v = {speed * c - velocity.x, speed * s - velocity.y};
    double nears = v.x * place.x + v.y * place.y, square = v.x * v.x + v.y * v.y;
    if (nears <= 0.0) return false;
    double t = fmin(STOP_S, nears / square);
    return hypot(place.x - v.x * t, place.y - v.y * t) < radius;
}

// Plan of somebody a little later, with some room.
static bt_footprint later(const bt_actor_desc *d, const bt_walk *walk, double z, double time_s)
{
    double way = walk->speed_m_s * time_s;
    bt_actor_pose pose = {.world_from_actor = {{walk->x_m + way * cos(walk->yaw_rad),
                                                walk->y_m + way * sin(walk->yaw_rad), z},
                                               bt_quat_yaw_pitch_roll(walk->yaw_rad, 0.0, 0.0)}};
    bt_footprint f;
    bt_walk_footprint(d, &pose, &f);
    f.half_length_m += HOLD_ROOM_M;
    f.half_width_m += HOLD_ROOM_M;
    return f;
}

// Who is about to touch somebody by the turn wished for does not turn.
static void hold_turns(look *l, const neighbour *found, uint32_t count)
{
    double wish = atan2(l->walk->wish_y_m_s, l->walk->wish_x_m_s);
    double turn = bt_clamp(bt_wrap_angle(wish - l->walk->yaw_rad), -HOLD_TURN_RAD, HOLD_TURN_RAD);
    bt_walk turned = *l->walk;
    bt_walk_turn(l->desc, turn, &turned);
    bt_footprint before = later(l->desc, l->walk, l->place.z, 0.0);
    bt_footprint after = later(l->desc, &turned, l->place.z, HOLD_S);
    for (uint32_t i = 0; i < count && found[i].square < 2.0; i++) {
        const bt_walk *other = &l->state->walks[found[i].slot];
        const bt_actor_desc *d = &l->sim->actors[l->sim->walk_actor[found[i].slot]];
        bt_footprint box = later(d, other, l->place.z, HOLD_S);
        if (!bt_footprint_overlap(&after, &box)) continue;
        double was = hypot(before.x_m - box.x_m, before.y_m - box.y_m);
        double is = hypot(after.x_m - box.x_m, after.y_m - box.y_m);
        if (is > was + 1e-3) continue; // it gets away
        l->walk->most_m_s = 0.0;
        l->walk->turn_most_rad_s = 0.0;
    }
}

static void add_neighbours(look *l, const neighbour *found, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const bt_walk *other = &l->state->walks[found[i].slot];
        const bt_actor_desc *d = &l->sim->actors[l->sim->walk_actor[found[i].slot]];
        bt_plane place = {other->x_m - l->walk->x_m, other->y_m - l->walk->y_m};
        bt_plane velocity = velocity_of(other);
        double radius = l->radius + bt_walk_radius(d);
        bool stands = other->speed_m_s < 0.05;
        add_line(l, bt_crowd_disc(place, l->velocity, velocity, radius + SLACK_M, HORIZON_S, PART_S,
                                  stands ? 1.0 : 0.5));
        bool ahead = place.x * l->forward.x + place.y * l->forward.y > 0.0;
        l->meets |= ahead && velocity.x * l->forward.x + velocity.y * l->forward.y < 0.1;
        if (runs_into(l, place, velocity, radius)) l->walk->most_m_s = 0.0;
    }
}

// ---- whole ------------------------------------------------------------------------------------
static look begin(const bt_sim *sim, bt_state *state, uint32_t slot)
{
    look l = {.sim = sim, .state = state, .path = &sim->walk_paths[slot]};
    l.actor = sim->walk_actor[slot];
    l.desc = &sim->actors[l.actor];
    l.walk = &state->walks[slot];
    l.place = bt_walk_place(l.path, l.walk);
    l.velocity = velocity_of(l.walk);
    bt_vec3 from = bt_walk_ahead(l.path, l.walk, 0.0), to = bt_walk_ahead(l.path, l.walk, 0.5);
    double dx = to.x - from.x, dy = to.y - from.y, length = fmax(hypot(dx, dy), 1e-9);
    l.forward = (bt_plane){dx / length, dy / length};
    l.radius = bt_walk_radius(l.desc);
    return l;
}

// Towards the path a little ahead, beside it where something stands.
static bt_plane preferred(const look *l, double aside)
{
    bt_vec3 to = bt_walk_ahead(l->path, l->walk, LOOK_M);
    double dx = to.x - l->forward.y * aside - l->place.x;
    double dy = to.y + l->forward.x * aside - l->place.y;
    double slowed = 1.0 - fmin(1.0, l->walk->speed_m_s / fmax(l->desc->walk_speed_m_s, 0.1));
    double turn = l->meets ? ASIDE_RAD + SLOWED_RAD * slowed : 0.0, c = cos(turn), s = sin(turn);
    double pace = l->desc->walk_speed_m_s / fmax(hypot(dx, dy), 1e-9);
    return (bt_plane){pace * (dx * c - dy * s), pace * (dx * s + dy * c)};
}

static bt_walk_way decide(look *l, double radius_max_m, double speed_max_m_s)
{
    const bt_obstacle *bodies[BODIES_MAX];
    double aside;
    l->walk->most_m_s = l->walk->turn_most_rad_s = 1e9;
    l->walk->wish_x_m_s = l->walk->wish_y_m_s = 0.0;
    if (must_wait(l, speed_max_m_s)) return BT_WALK_WAITS;
    uint32_t count = find_bodies(l, radius_max_m, bodies);
    if (!find_aside(l, bodies, count, &aside)) return BT_WALK_BLOCKED;
    add_hard(l, bodies, count);
    for (uint32_t i = 0; i < count; i++) {
        double c = cos(l->walk->yaw_rad), s = sin(l->walk->yaw_rad), step = 0.15;
        step += STOP_S * l->walk->speed_m_s;
        bt_plane here = {l->place.x, l->place.y}, away;
        bt_plane next = {here.x + step * c, here.y + step * s};
        double off = off_box(&bodies[i]->box, next, &away);
        if (off < l->radius && off < off_box(&bodies[i]->box, here, &away)) l->walk->most_m_s = 0.0;
    }
    neighbour found[NEIGHBOURS_MAX];
    uint32_t others = find_neighbours(l, found);
    add_neighbours(l, found, others);
    bt_plane wish = bt_crowd_solve(l->lines, l->count, l->hard, HURRY * l->desc->walk_speed_m_s,
                                   preferred(l, aside));
    l->walk->wish_x_m_s = wish.x;
    l->walk->wish_y_m_s = wish.y;
    hold_turns(l, found, others);
    return BT_WALK_FREE;
}

void bt_people_decide(const bt_sim *sim, bt_state *state, double radius_max_m, double speed_max_m_s)
{
    int64_t round = state->time_ns / sim->step_ns / sim->decision_steps;
    for (uint32_t i = 0; i < sim->walk_count; i++) {
        if (round > 0 && (round + i) % ROUNDS != 0) continue;
        look l = begin(sim, state, i);
        state->blocked[i] = (uint8_t)decide(&l, radius_max_m, speed_max_m_s);
    }
}
