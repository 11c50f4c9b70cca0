// action.c: what led actors do: values that go over to others, ways that are followed.
//
// A speed that changes is limited by the actor's own: the transition takes longer where its steepest
// part would be above that (as the reference player esmini does it).
#include "engine/story/play_internal.h"

#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/core/number.h"

#include <stdio.h>
#include <string.h>

#define REACH_M 5000.0
#define CUBIC_STEEPEST 1.5          // of 3 p^2 - 2 p^3, at its middle
#define SINE_STEEPEST (0.5 * BT_PI) // of (1 - cos pi p) / 2
#define DISTANCE_GAIN_S 0.8         // KEEP_DISTANCE: error over this is speed
#define DISTANCE_DONE_M 0.1
#define DISTANCE_ACCEL_M_S2 3.0 // when nobody says
#define DISTANCE_DECEL_M_S2 5.0
#define SYNC_LEAST_S 1e-3
#define DONE 1e-9 // of the way: sums of steps are not exact
#define STANDS_M_S 0.01
#define WHEELBASE_M 2.8 // steering of a body without a sheet

// ---- transitions ------------------------------------------------------------------------------
static double shape_at(bt_shape shape, double p)
{
    p = bt_clamp(p, 0.0, 1.0);
    switch (shape) {
    case BT_SHAPE_LINEAR:
        return p;
    case BT_SHAPE_CUBIC:
        return p * p * (3.0 - 2.0 * p);
    case BT_SHAPE_SINUSOIDAL:
        return 0.5 * (1.0 - cos(BT_PI * p));
    case BT_SHAPE_STEP:
        return 1.0;
    }
    return 1.0;
}

static double steepest(bt_shape shape)
{
    return shape == BT_SHAPE_CUBIC        ? CUBIC_STEEPEST
           : shape == BT_SHAPE_SINUSOIDAL ? SINE_STEEPEST
                                          : 1.0;
}

// Seconds of a transition by `change` (by distance: metres, except for speeds).
static double duration_of(const bt_dynamics *d, double change)
{
    if (d->shape == BT_SHAPE_STEP) return 0.0;
    if (d->dimension != BT_BY_RATE) return fmax(d->value, 0.0);
    double rate = fabs(d->value);
    return rate > 0.0 ? steepest(d->shape) * fabs(change) / rate : 0.0;
}

static double progress(const bt_action *a, const bt_action_state *s)
{
    bool by_way = a->dynamics.dimension == BT_BY_DISTANCE && a->kind != BT_DO_SPEED;
    double gone = by_way ? s->gone_m : s->elapsed_s;
    double p = s->duration > 0.0 ? gone / s->duration : 1.0;
    return p >= 1.0 - DONE ? 1.0 : p;
}

// ---- who has an actor -------------------------------------------------------------------------
static bool is_across(bt_action_kind kind)
{
    return kind == BT_DO_CHANGE_LANE || kind == BT_DO_OFFSET || kind == BT_DO_FOLLOW_PATH;
}

static bool is_along(const bt_action *a)
{
    switch (a->kind) {
    case BT_DO_SPEED:
    case BT_DO_SPEED_PROFILE:
    case BT_DO_KEEP_DISTANCE:
    case BT_DO_SYNCHRONIZE:
        return true;
    case BT_DO_FOLLOW_PATH:
        return a->timed;
    default:
        return false;
    }
}

void bt_action_stop(bt_story_player *player, uint32_t index)
{
    const bt_action *a = &player->story->actions[index];
    bt_action_state *s = &player->actions[index];
    if (!s->running) return;
    s->running = 0;
    s->done = 1;
    if (a->actor == BT_STORY_NONE) return;
    bt_actor_state *actor = &player->actors[a->actor];
    if (actor->along == index) actor->along = BT_STORY_NONE;
    if (actor->across == index) actor->across = BT_STORY_NONE;
    if (a->kind == BT_DO_FOLLOW_PATH) actor->on_path = 0;
}

static void take(bt_story_player *player, uint32_t index)
{
    const bt_action *a = &player->story->actions[index];
    bt_actor_state *actor = &player->actors[a->actor];
    if (is_along(a)) {
        if (actor->along != BT_STORY_NONE) bt_action_stop(player, actor->along);
        actor->along = index;
    }
    if (is_across(a->kind)) {
        if (actor->across != BT_STORY_NONE) bt_action_stop(player, actor->across);
        actor->across = index;
    }
}

static double limit(double own, double actors, double fallback)
{
    return own > 0.0 ? own : actors > 0.0 ? actors : fallback;
}

static void set_speed(bt_story_player *player, uint32_t actor, double speed_m_s)
{
    bt_role *role = &player->actors[actor].role;
    double most = player->story->actors[actor].max_speed_m_s;
    if (most > 0.0) speed_m_s = fmin(speed_m_s, most);
    role->speed_m_s = speed_m_s;
}

// ---- speed ------------------------------------------------------------------------------------
static double wanted_speed(const bt_story_player *player, const bt_action *a)
{
    if (a->ref == BT_STORY_NONE) return a->value;
    return player->actors[a->ref].role.speed_m_s * a->factor + a->value;
}

static void start_speed(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    const bt_story_actor *actor = &player->story->actors[a->actor];
    s->from = player->actors[a->actor].role.speed_m_s;
    s->to = wanted_speed(player, a);
    double change = s->to - s->from;
    if (a->dynamics.shape == BT_SHAPE_STEP) return;
    s->duration = duration_of(&a->dynamics, change);
    // all shapes are symmetric: the mean speed is that of the middle
    if (a->dynamics.dimension == BT_BY_DISTANCE)
        s->duration =
            fabs(s->from + s->to) > 1e-6 ? 2.0 * s->duration / fabs(s->from + s->to) : 0.0;
    double most = change > 0.0 ? actor->max_accel_m_s2 : actor->max_decel_m_s2;
    if (most > 0.0)
        s->duration = fmax(s->duration, steepest(a->dynamics.shape) * fabs(change) / most);
}

static void step_speed(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    if (a->continuous) s->to = wanted_speed(player, a);
    double p = progress(a, s);
    set_speed(player, a->actor, bt_lerp(s->from, s->to, shape_at(a->dynamics.shape, p)));
    s->done = p >= 1.0 && !(a->continuous && a->ref != BT_STORY_NONE);
}

// ---- speed profile ----------------------------------------------------------------------------
// Straight lines from speed to speed, whose corners are rounded with constant jerk, tangent to both; the
// first one begins at rest of acceleration.
typedef struct profile_line {
    double t0, v0, slope, t1;
} profile_line;

static double jerk_of(const bt_action *a, double change)
{
    // value: of rising acceleration, factor: of falling; 0: none
    return change > 0.0 ? a->value : a->factor;
}

static uint32_t profile_lines(const bt_story_player *player, const bt_action *a, double from,
                              profile_line *lines, uint32_t most)
{
    const double *n = player->story->numbers + a->first_number;
    uint32_t count = 0;
    double t = 0.0, v = from;
    for (uint32_t i = 0; i + 1 < a->number_count && count + 1 < most; i += 2) {
        double time = n[i], speed = n[i + 1];
        if (time <= 0.0) {
            v = speed;
            continue;
        }
        lines[count++] = (profile_line){t, v, (speed - v) / time, t + time};
        t += time;
        v = speed;
    }
    double first = count > 0 ? lines[0].slope : 0.0, jerk = jerk_of(a, first);
    if (jerk > 0.0) lines[0].t0 += 0.5 * fabs(first) / jerk;
    lines[count++] = (profile_line){t, v, 0.0, 1e300};
    return count;
}

static double line_at(const profile_line *l, double t)
{
    return l->v0 + l->slope * (t - l->t0);
}

#define PROFILE_MAX 64

// Where a line's corner with the next one is, and half the time that rounding it takes.
static double corner(const bt_action *a, const profile_line *l, const profile_line *m, double *half)
{
    double change = m->slope - l->slope, jerk = jerk_of(a, change);
    *half = jerk > 0.0 ? 0.5 * fabs(change) / jerk : 0.0;
    if (fabs(change) < 1e-12) return m->t0;
    return (l->v0 - l->slope * l->t0 - m->v0 + m->slope * m->t0) / change;
}

static double profile_at(const bt_story_player *player, const bt_action *a, double from, double t,
                         double *end)
{
    profile_line lines[PROFILE_MAX];
    uint32_t count = profile_lines(player, a, from, lines, PROFILE_MAX);
    double jerk = jerk_of(a, lines[0].slope),
           begun = jerk > 0.0 ? fabs(lines[0].slope) / jerk : 0.0;
    double half = 0.0;
    *end = count > 1 ? corner(a, &lines[count - 2], &lines[count - 1], &half) : 0.0;
    *end += half;
    if (t < begun) return from + copysign(0.5 * jerk * t * t, lines[0].slope);
    for (uint32_t i = 0; i + 1 < count; i++) {
        double meet = corner(a, &lines[i], &lines[i + 1], &half), into = t - (meet - half);
        double change = lines[i + 1].slope - lines[i].slope;
        if (into < 0.0) return line_at(&lines[i], t);
        if (t < meet + half)
            return line_at(&lines[i], t) + copysign(0.5 * jerk_of(a, change) * into * into, change);
    }
    return lines[count - 1].v0;
}

static void step_profile(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    double end, speed = profile_at(player, a, s->from, s->elapsed_s, &end);
    set_speed(player, a->actor, speed);
    s->done = s->elapsed_s >= end - 1e-9;
}

// ---- distance ---------------------------------------------------------------------------------
static double wanted_gap(const bt_story_player *player, const bt_action *a)
{
    double own = player->actors[a->actor].role.speed_m_s;
    double seconds_of = a->leads ? player->actors[a->ref].role.speed_m_s : own;
    return a->by_time ? a->value * seconds_of : a->value;
}

// How far the actor is short of its place: + has to gain.
static double gap_error(const bt_story_player *player, const bt_action *a)
{
    bt_measure measure = a->item ? BT_MEASURE_ROAD : BT_MEASURE_ENTITY;
    double ahead = bt_story_distance(player, a->actor, a->ref, measure, a->freespace);
    if (isnan(ahead)) return 0.0;
    return a->leads ? ahead + wanted_gap(player, a) : ahead - wanted_gap(player, a);
}

// Without limits it is put there at once (the standard leaves it to the player).
static void step_distance(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    bt_actor_state *actor = &player->actors[a->actor];
    const bt_story_actor *desc = &player->story->actors[a->actor];
    double error = gap_error(player, a), other = player->actors[a->ref].role.speed_m_s;
    bool bounded = a->max_accel_m_s2 > 0.0 || a->max_decel_m_s2 > 0.0 || a->max_speed_m_s > 0.0;
    if (!bounded && !a->continuous) {
        if (actor->role.on.lane != BT_ROAD_NONE) {
            bt_lane_place_advance(player->net, bt_story_choice(player, a->actor), error, true,
                                  &actor->role.on);
            actor->role.pos = bt_lane_place_pose(player->net, &actor->role.on).pos;
        }
        s->done = 1;
        return;
    }
    double accel = limit(a->max_accel_m_s2, desc->max_accel_m_s2, DISTANCE_ACCEL_M_S2);
    double decel = limit(a->max_decel_m_s2, desc->max_decel_m_s2, DISTANCE_DECEL_M_S2);
    // the speed from which braking at half of what is allowed ends in place
    double reach = sqrt(decel * fabs(error));
    double wanted = other + copysign(fmin(reach, fabs(error) / DISTANCE_GAIN_S), error);
    if (a->max_speed_m_s > 0.0) wanted = fmin(wanted, a->max_speed_m_s);
    double change = bt_clamp(fmax(wanted, 0.0) - actor->role.speed_m_s, -decel * player->dt_s,
                             accel * player->dt_s);
    set_speed(player, a->actor, actor->role.speed_m_s + change);
    s->done = !a->continuous && fabs(error) < DISTANCE_DONE_M;
}

// ---- synchronize ------------------------------------------------------------------------------
static bt_status way_to(const bt_story_player *player, uint32_t actor, uint32_t spot, double *way_m)
{
    bt_anchor a;
    const bt_actor_state *who = &player->actors[actor];
    bt_status status = bt_spot_resolve(player, spot, &a);
    if (status != BT_OK) return status;
    if (who->on_path) {
        *way_m = bt_trail_nearest(&who->path, a.pos) - who->path_m;
        return BT_OK;
    }
    if (!bt_lane_place_distance(player->net, bt_story_choice(player, actor), &who->role.on, &a.on,
                                REACH_M, way_m))
        *way_m = hypot(a.pos.x - who->role.pos.x, a.pos.y - who->role.pos.y);
    return BT_OK;
}

static double steady_way(const bt_action *a, double last)
{
    return a->steady_m > 0.0 ? a->steady_m : a->steady_s * last;
}

// v(t) = v0 + b t + c t^2 with v(T) = last and the way covered in T; asked anew in each step, so that it
// follows a master who changes speed. Without a last speed: the constant acceleration that fits.
static bt_status step_synchronize(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    double own, others;
    bt_status status = way_to(player, a->actor, a->spot, &own);
    if (status == BT_OK) status = way_to(player, a->ref, a->spot2, &others);
    if (status != BT_OK) return status;
    const bt_role *master = &player->actors[a->ref].role;
    bool has_last = a->item != 0;
    double last = has_last ? a->value + a->factor * master->speed_m_s : 0.0;
    double v = player->actors[a->actor].role.speed_m_s;
    if (others <= 0.0 || own <= 0.0) {
        if (has_last) set_speed(player, a->actor, last);
        s->done = 1;
        return BT_OK;
    }
    if (master->speed_m_s < 1e-3) { // does it come at all? waits
        const bt_story_actor *actor = &player->story->actors[a->actor];
        double decel = limit(0.0, actor->max_decel_m_s2, DISTANCE_DECEL_M_S2);
        set_speed(player, a->actor, fmax(0.0, v - decel * player->dt_s));
        return BT_OK;
    }
    double time = others / master->speed_m_s, steady = has_last ? steady_way(a, last) : 0.0;
    if (steady > 0.0 && last > 0.0) {
        double early = time - own / last; // if it went at its last speed from now on
        if (own <= steady || time <= steady / last) {
            if (early <= 0.5 * player->dt_s || v > 0.0) set_speed(player, a->actor, last);
            return BT_OK;
        }
        own -= steady;
        time -= steady / last;
    }
    time = fmax(time, SYNC_LEAST_S);
    double dt = fmin(player->dt_s, time), next;
    if (has_last) {
        double c = 3.0 * ((v + last) * time - 2.0 * own) / (time * time * time);
        double b = (last - v - c * time * time) / time;
        next = v + b * dt + c * dt * dt;
    } else {
        next = v + 2.0 * (own - v * time) / (time * time) * dt;
    }
    set_speed(player, a->actor, fmax(next, 0.0));
    return BT_OK;
}

// ---- across -----------------------------------------------------------------------------------
static bt_status find_target_lane(const bt_story_player *player, const bt_action *a, uint32_t *lane)
{
    const bt_lane_place *own = &player->actors[a->actor].role.on;
    *lane = BT_ROAD_NONE;
    if (own->lane == BT_ROAD_NONE) return BT_OK;
    uint32_t road = bt_road_lane_get(player->net, own->lane)->road;
    if (a->ref == BT_STORY_NONE) {
        *lane = bt_lane_find(player->net, road, own->s_m, a->lane);
        return BT_OK;
    }
    bt_lane_place of = player->actors[a->ref].role.on;
    if (of.lane == BT_ROAD_NONE) return BT_OK;
    // lanes are counted where the actor itself is
    const bt_lane *others = bt_road_lane_get(player->net, of.lane);
    if (others->road == road) {
        of.lane = bt_lane_find(player->net, road, own->s_m, others->id);
        of.s_m = own->s_m;
        if (of.lane == BT_ROAD_NONE) return BT_OK;
    } else {
        of = *own;
    }
    *lane = bt_lane_place_beside(player->net, &of, a->lane);
    return BT_OK;
}

static bt_status start_lane_change(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    bt_role *role = &player->actors[a->actor].role;
    uint32_t lane;
    bt_status status = find_target_lane(player, a, &lane);
    if (status != BT_OK) return status;
    if (lane == BT_ROAD_NONE || bt_road_lane_get(player->net, lane)->id == 0) {
        bt_log(BT_LOG_WARNING,
               "%s, at %.2f s: there is no such lane to change to: it stays in its own",
               player->story->actors[a->actor].name, bt_seconds(player->time_ns));
        s->done = 1;
        return BT_OK;
    }
    bt_lane_place_shift(player->net, lane, &role->on);
    s->from = role->on.aside_m;
    s->to = (bt_road_lane_get(player->net, lane)->forward ? 1.0 : -1.0) * a->lateral_m;
    s->duration = duration_of(&a->dynamics, s->to - s->from);
    return BT_OK;
}

static void start_offset(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    const bt_role *role = &player->actors[a->actor].role;
    s->from = role->on.aside_m;
    if (role->on.lane == BT_ROAD_NONE) {
        s->done = 1;
        return;
    }
    s->to = (bt_road_lane_get(player->net, role->on.lane)->forward ? 1.0 : -1.0) * a->lateral_m;
    s->duration = duration_of(&a->dynamics, s->to - s->from);
    // a greatest lateral acceleration: steepest change of the sine's slope, pi^2 d / (2 T^2)
    if (a->max_accel_m_s2 > 0.0 && a->dynamics.shape != BT_SHAPE_STEP)
        s->duration = BT_PI * sqrt(0.5 * fabs(s->to - s->from) / a->max_accel_m_s2);
}

static void step_across(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    bt_role *role = &player->actors[a->actor].role;
    double p = progress(a, s), before = role->on.aside_m;
    if (role->on.lane != BT_ROAD_NONE)
        role->on.aside_m = bt_lerp(s->from, s->to, shape_at(a->dynamics.shape, p));
    player->actors[a->actor].sideways_m = role->on.aside_m - before;
    s->done = p >= 1.0 || role->on.lane == BT_ROAD_NONE;
}

// ---- paths ------------------------------------------------------------------------------------
static double path_clock(const bt_story_player *player, const bt_action *a,
                         const bt_action_state *s)
{
    double now = a->time_absolute ? bt_seconds(player->time_ns) + player->dt_s : s->elapsed_s;
    return (now - a->time_offset_s) / (a->time_scale > 0.0 ? a->time_scale : 1.0);
}

static bt_status start_path(bt_story_player *player, const bt_action *a)
{
    bt_actor_state *actor = &player->actors[a->actor];
    bt_status status = bt_story_path_resolve(player, a->item, &actor->path);
    if (status != BT_OK) return status;
    actor->on_path = 1;
    actor->path_m = a->from_m;
    if (a->value > 0.0) actor->role.speed_m_s = a->value;
    if (actor->role.placed) return BT_OK;
    bt_trail_point p = bt_trail_at(&actor->path, a->from_m);
    bt_anchor at = {.pos = p.pos,
                    .yaw_rad = p.yaw_rad,
                    .on = bt_lane_place_find(player->net, p.pos, p.yaw_rad, BT_ROAD_NONE)};
    bt_role_put(&at, &actor->role);
    return BT_OK;
}

// Where time leads: the speed is what that takes.
static void step_timed_path(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    bt_actor_state *actor = &player->actors[a->actor];
    double clock = path_clock(player, a, s);
    double to = bt_trail_along_at_time(&actor->path, clock);
    actor->role.speed_m_s = fmax(0.0, to - actor->path_m) / player->dt_s;
    s->done = clock >= actor->path.time_s[actor->path.count - 1] - 1e-9;
}

static void step_path(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    bt_actor_state *actor = &player->actors[a->actor];
    if (a->timed && actor->path.timed)
        step_timed_path(player, a, s);
    else
        s->done = actor->path_m >= bt_trail_length(&actor->path) - 1e-9;
    actor->halts = s->done && a->item2; // when it has moved
}

// ---- at once ----------------------------------------------------------------------------------
static bt_status teleport(bt_story_player *player, const bt_action *a)
{
    bt_anchor at;
    bt_status status = bt_spot_resolve(player, a->spot, &at);
    if (status == BT_OK) bt_role_put(&at, &player->actors[a->actor].role);
    return status;
}

static bt_status acquire(bt_story_player *player, const bt_action *a)
{
    bt_anchor to;
    const bt_lane_place *from = &player->actors[a->actor].role.on;
    bt_lane_choice *choice = &player->acquired[a->actor];
    bt_status status = bt_spot_resolve(player, a->spot, &to);
    if (status != BT_OK) return status;
    if (from->lane == BT_ROAD_NONE || to.on.lane == BT_ROAD_NONE) return BT_OK;
    bt_route *route = NULL;
    status = bt_route_find(player->net, from->lane, from->s_m, to.on.lane, to.on.s_m, &route);
    if (status != BT_OK) return status;
    uint32_t count = bt_route_lane_count(route), *lanes = bt_alloc(count, sizeof *lanes);
    for (uint32_t i = 0; lanes && i < count; i++)
        lanes[i] = bt_route_lane(route, i);
    bt_route_destroy(route);
    if (!lanes) return bt_fail(BT_ERR_MEMORY, "no memory for a route");
    bt_free((void *)(uintptr_t)choice->lanes);
    *choice = (bt_lane_choice){lanes, count};
    return BT_OK;
}

static void set_variable(bt_story_player *player, const bt_action *a)
{
    char *value = player->variables[a->item];
    double x;
    if (a->text)
        snprintf(value, BT_STORY_VALUE_MAX, "%s", a->text);
    else if (bt_number_parse(value, value + strlen(value), '.', &x))
        snprintf(value, BT_STORY_VALUE_MAX, "%.17g", x * a->factor + a->value);
}

static void show_signal(bt_story_player *player, const bt_action *a)
{
    const bt_story_senses *senses = &player->senses;
    if (!senses->show_signal || !senses->show_signal(senses->context, a->text, (int)a->value))
        bt_log(BT_LOG_WARNING, "at %.2f s: no traffic signal '%s' to switch",
               bt_seconds(player->time_ns), a->text);
}

static void set_lamps(bt_story_player *player, const bt_action *a)
{
    bt_role *role = &player->actors[a->actor].role;
    role->lamps = (role->lamps & ~a->item2) | a->item;
}

// ---- whole ------------------------------------------------------------------------------------
bt_status bt_action_start(bt_story_player *player, uint32_t index)
{
    const bt_action *a = &player->story->actions[index];
    bt_action_state *s = &player->actions[index];
    *s = (bt_action_state){.running = 1};
    if (a->actor != BT_STORY_NONE) take(player, index);
    bt_status status = BT_OK;
    switch (a->kind) {
    case BT_DO_SPEED:
        start_speed(player, a, s);
        break;
    case BT_DO_SPEED_PROFILE:
        s->from = player->actors[a->actor].role.speed_m_s;
        break;
    case BT_DO_KEEP_DISTANCE:
    case BT_DO_SYNCHRONIZE:
        break;
    case BT_DO_CHANGE_LANE:
        status = start_lane_change(player, a, s);
        break;
    case BT_DO_OFFSET:
        start_offset(player, a, s);
        break;
    case BT_DO_FOLLOW_PATH:
        status = start_path(player, a);
        break;
    case BT_DO_TELEPORT: // in the step: conditions of this pass see all where they were
        break;
    case BT_DO_ROUTE:
        player->actors[a->actor].role.route = a->item;
        s->done = 1;
        break;
    case BT_DO_ACQUIRE:
        status = acquire(player, a);
        s->done = 1;
        break;
    case BT_DO_LAMPS:
        set_lamps(player, a);
        s->done = 1;
        break;
    case BT_DO_SIGNAL:
        show_signal(player, a);
        s->done = 1;
        break;
    case BT_DO_SET_VARIABLE:
        set_variable(player, a);
        s->done = 1;
        break;
    case BT_DO_NOTHING:
        s->done = 1;
        break;
    }
    return status;
}

bt_status bt_action_step(bt_story_player *player, uint32_t index)
{
    const bt_action *a = &player->story->actions[index];
    bt_action_state *s = &player->actions[index];
    if (!s->running || s->done) return BT_OK;
    s->elapsed_s += player->dt_s;
    if (a->actor != BT_STORY_NONE)
        s->gone_m += player->actors[a->actor].role.speed_m_s * player->dt_s;
    bt_status status = BT_OK;
    switch (a->kind) {
    case BT_DO_SPEED:
        step_speed(player, a, s);
        break;
    case BT_DO_SPEED_PROFILE:
        step_profile(player, a, s);
        break;
    case BT_DO_KEEP_DISTANCE:
        step_distance(player, a, s);
        break;
    case BT_DO_SYNCHRONIZE:
        status = step_synchronize(player, a, s);
        break;
    case BT_DO_CHANGE_LANE:
    case BT_DO_OFFSET:
        step_across(player, a, s);
        break;
    case BT_DO_FOLLOW_PATH:
        step_path(player, a, s);
        break;
    case BT_DO_TELEPORT:
        status = teleport(player, a);
        s->done = 1;
        break;
    default:
        break;
    }
    return status;
}

// ---- moving -----------------------------------------------------------------------------------
static void move_on_path(bt_story_player *player, bt_actor_state *actor, double way)
{
    actor->path_m = fmin(actor->path_m + way, bt_trail_length(&actor->path));
    bt_trail_point p = bt_trail_at(&actor->path, actor->path_m);
    uint32_t road = actor->role.on.lane == BT_ROAD_NONE
                        ? BT_ROAD_NONE
                        : bt_road_lane_get(player->net, actor->role.on.lane)->road;
    actor->role.pos = p.pos;
    if (actor->role.speed_m_s > 0.0 || actor->path_m == 0.0) actor->role.yaw_rad = p.yaw_rad;
    actor->role.on = bt_lane_place_find(player->net, p.pos, p.yaw_rad, road);
}

static void move_on_lane(bt_story_player *player, uint32_t index, double way)
{
    bt_role *role = &player->actors[index].role;
    bool stays = role->at_end && way == 0.0;
    role->at_end = stays || !bt_lane_place_advance(player->net, bt_story_choice(player, index), way,
                                                   false, &role->on);
    if (role->at_end) role->speed_m_s = 0.0; // it goes no further
    bt_pose pose = bt_lane_place_pose(player->net, &role->on);
    role->pos = pose.pos;
    bt_vec3 x = bt_pose_dir(pose, (bt_vec3){1.0, 0.0, 0.0});
    bt_vec3 y = bt_pose_dir(pose, (bt_vec3){0.0, 1.0, 0.0});
    role->pitch_rad = -asin(bt_clamp(x.z, -1.0, 1.0));
    role->roll_rad = asin(bt_clamp(y.z, -1.0, 1.0));
    role->yaw_rad = bt_quat_yaw(pose.rot);
}

static void move_free(bt_role *role, double way)
{
    role->pos.x += way * cos(role->yaw_rad);
    role->pos.y += way * sin(role->yaw_rad);
}

// A vehicle looks the way its rear axle goes.
static void turn_along(const bt_role *before, double dt, bt_role *role)
{
    double dx = role->pos.x - before->pos.x, dy = role->pos.y - before->pos.y;
    double way = hypot(dx, dy);
    if (way < 0.02 * dt || role->speed_m_s < 0.1) {
        if (way < 1e-6) role->yaw_rad = before->yaw_rad;
        return;
    }
    double course = atan2(dy, dx), turn = bt_wrap_angle(course - role->yaw_rad);
    if (fabs(turn) < 0.5 * BT_PI) role->yaw_rad = course;
    role->steer_rad = atan(WHEELBASE_M * bt_wrap_angle(role->yaw_rad - before->yaw_rad) / way);
}

void bt_actor_move(bt_story_player *player, uint32_t index)
{
    bt_actor_state *actor = &player->actors[index];
    bt_role *role = &actor->role, before = *role;
    double dt = player->dt_s, way = role->speed_m_s * dt;
    if (!role->placed) return;
    if (actor->on_path)
        move_on_path(player, actor, way);
    else if (role->on.lane != BT_ROAD_NONE) // part of the way went aside
        move_on_lane(
            player, index,
            copysign(sqrt(fmax(0.0, way * way - actor->sideways_m * actor->sideways_m)), way));
    else
        move_free(role, way);
    if (actor->halts) role->speed_m_s = 0.0;
    actor->halts = 0;
    if (player->story->actors[index].kind == BT_STORY_CAR) turn_along(&before, dt, role);
    role->accel_m_s2 = (role->speed_m_s - actor->speed_before_m_s) / dt;
    role->velocity_m_s = bt_vec3_scale(bt_vec3_sub(role->pos, before.pos), 1.0 / dt);
    role->travelled_m += hypot(role->pos.x - before.pos.x, role->pos.y - before.pos.y);
    // since when: at the instant at which it begins, for no time yet
    bool stood = fabs(before.speed_m_s) < STANDS_M_S, was_off = before.on.lane == BT_ROAD_NONE;
    role->stands_s = stood && fabs(role->speed_m_s) < STANDS_M_S ? role->stands_s + dt : 0.0;
    role->end_s = before.at_end && role->at_end ? role->end_s + dt : 0.0;
    role->off_s = was_off && role->on.lane == BT_ROAD_NONE ? role->off_s + dt : 0.0;
}
