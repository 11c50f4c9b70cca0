// action_speed.c: how fast: changes of speed, profiles, distances that are kept, synchronisation.
//
// A speed that changes is limited by the actor's own: the transition takes longer where its steepest
// part would be above that (as the reference player esmini does it).
#include "engine/story/play_internal.h"

#define REACH_M 5000.0
#define CUBIC_STEEPEST 1.5          // of 3 p^2 - 2 p^3, at its middle
#define QUINTIC_STEEPEST 1.875      // of 10 p^3 - 15 p^4 + 6 p^5
#define SINE_STEEPEST (0.5 * BT_PI) // of (1 - cos pi p) / 2
#define DONE 1e-9                   // of the way: sums of steps are not exact
#define DISTANCE_GAIN_S 0.8         // KEEP_DISTANCE: error over this is speed
#define DISTANCE_DONE_M 0.1
#define DISTANCE_ACCEL_M_S2 3.0 // when nobody says
#define DISTANCE_DECEL_M_S2 5.0
#define SYNC_LEAST_S 1e-3
#define SYNC_ACCEL_M_S2 4.0
#define SYNC_DECEL_M_S2 7.0
#define SYNC_JERK_M_S3 25.0 // as a foot on the brake in need

// ---- transitions ------------------------------------------------------------------------------
double bt_story_shape(bt_shape shape, double p)
{
    p = bt_clamp(p, 0.0, 1.0);
    switch (shape) {
    case BT_SHAPE_LINEAR:
        return p;
    case BT_SHAPE_CUBIC:
        return p * p * (3.0 - 2.0 * p);
    case BT_SHAPE_SINUSOIDAL:
        return 0.5 * (1.0 - bt_cos(BT_PI * p));
    case BT_SHAPE_STEP:
        return 1.0;
    case BT_SHAPE_QUINTIC:
        return p * p * p * (10.0 - p * (15.0 - 6.0 * p));
    }
    return 1.0;
}

static double steepest(bt_shape shape)
{
    return shape == BT_SHAPE_CUBIC        ? CUBIC_STEEPEST
           : shape == BT_SHAPE_QUINTIC    ? QUINTIC_STEEPEST
           : shape == BT_SHAPE_SINUSOIDAL ? SINE_STEEPEST
                                          : 1.0;
}

// Seconds of a transition by `change` (by distance: metres, except for speeds).
double bt_story_duration(const bt_dynamics *d, double change)
{
    if (d->shape == BT_SHAPE_STEP) return 0.0;
    if (d->dimension != BT_BY_RATE) return fmax(d->value, 0.0);
    double rate = fabs(d->value);
    return rate > 0.0 ? steepest(d->shape) * fabs(change) / rate : 0.0;
}

double bt_story_progress(const bt_action *a, const bt_action_state *s)
{
    bool by_way = a->dynamics.dimension == BT_BY_DISTANCE && a->kind != BT_DO_SPEED;
    double gone = by_way ? s->gone_m : s->elapsed_s;
    double p = s->duration > 0.0 ? gone / s->duration : 1.0;
    return p >= 1.0 - DONE ? 1.0 : p;
}

static double limit(double own, double actors, double fallback)
{
    return own > 0.0 ? own : actors > 0.0 ? actors : fallback;
}

void bt_story_set_speed(bt_story_player *player, uint32_t actor, double speed_m_s)
{
    bt_role *role = &player->actors[actor].role;
    double most = player->story->actors[actor].max_speed_m_s;
    if (most > 0.0) speed_m_s = fmin(speed_m_s, most);
    bt_actor_state *state = &player->actors[actor];
    if (!state->controlled)
        role->speed_m_s = speed_m_s;
    else if (player->story->controllers[state->controller].follows_story)
        state->wish_m_s = speed_m_s;
}

// ---- speed ------------------------------------------------------------------------------------
static double wanted_speed(const bt_story_player *player, const bt_action *a)
{
    if (a->ref == BT_STORY_NONE) return a->value;
    return player->actors[a->ref].role.speed_m_s * a->factor + a->value;
}

void bt_story_start_speed(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    const bt_story_actor *actor = &player->story->actors[a->actor];
    s->from = player->actors[a->actor].role.speed_m_s;
    s->to = wanted_speed(player, a);
    double change = s->to - s->from;
    if (a->dynamics.shape == BT_SHAPE_STEP) return;
    s->duration = bt_story_duration(&a->dynamics, change);
    // all shapes are symmetric: the mean speed is that of the middle
    if (a->dynamics.dimension == BT_BY_DISTANCE)
        s->duration =
            fabs(s->from + s->to) > 1e-6 ? 2.0 * s->duration / fabs(s->from + s->to) : 0.0;
    double most = change > 0.0 ? actor->max_accel_m_s2 : actor->max_decel_m_s2;
    if (most > 0.0)
        s->duration = fmax(s->duration, steepest(a->dynamics.shape) * fabs(change) / most);
}

// A linear change whose acceleration comes and goes with constant jerk; one too short for that has its peak lowered.
static void step_rounded(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    double change = s->to - s->from, jerk = a->jerk_m_s3, size = fabs(change);
    double slope = s->duration > 0.0 ? size / s->duration : sqrt(size * jerk);
    slope = fmin(slope, sqrt(size * jerk));
    double ramp = slope / jerk, end = slope > 0.0 ? size / slope + ramp : 0.0;
    double t = fmin(s->elapsed_s, end), back = end - t, done;
    if (t < ramp)
        done = 0.5 * jerk * t * t;
    else if (back < ramp)
        done = size - 0.5 * jerk * back * back;
    else
        done = slope * (t - 0.5 * ramp);
    bt_story_set_speed(player, a->actor, s->from + copysign(done, change));
    s->done = s->elapsed_s >= end - DONE;
}

void bt_story_step_speed(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    if (a->jerk_m_s3 > 0.0 && a->dynamics.shape == BT_SHAPE_LINEAR && !a->continuous) {
        step_rounded(player, a, s);
        return;
    }
    if (a->continuous) s->to = wanted_speed(player, a);
    double p = bt_story_progress(a, s);
    bt_story_set_speed(player, a->actor,
                       bt_lerp(s->from, s->to, bt_story_shape(a->dynamics.shape, p)));
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

void bt_story_step_profile(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    double end, speed = profile_at(player, a, s->from, s->elapsed_s, &end);
    bt_story_set_speed(player, a->actor, speed);
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
void bt_story_step_distance(bt_story_player *player, const bt_action *a, bt_action_state *s)
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
    bt_story_set_speed(player, a->actor, actor->role.speed_m_s + change);
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
        *way_m = bt_hypot(a.pos.x - who->role.pos.x, a.pos.y - who->role.pos.y);
    return BT_OK;
}

static double steady_way(const bt_action *a, double last)
{
    return a->steady_m > 0.0 ? a->steady_m : a->steady_s * last;
}

// As much as somebody can, and as fast as a foot moves: who has no limits of its own has those of a lively car, people
// none.
static void approach(bt_story_player *player, uint32_t actor, double wanted)
{
    const bt_story_actor *desc = &player->story->actors[actor];
    const bt_role *role = &player->actors[actor].role;
    double dt = player->dt_s, accel = (fmax(wanted, 0.0) - role->speed_m_s) / dt;
    if (desc->kind == BT_STORY_CAR) {
        double most = limit(0.0, desc->max_accel_m_s2, SYNC_ACCEL_M_S2);
        double least = limit(0.0, desc->max_decel_m_s2, SYNC_DECEL_M_S2);
        double now = role->accel_m_s2, step = SYNC_JERK_M_S3 * dt;
        accel = bt_clamp(bt_clamp(accel, now - step, now + step), -least, most);
    }
    bt_story_set_speed(player, actor, fmax(role->speed_m_s + accel * dt, 0.0));
}

// v(t) = v0 + b t + c t^2 with v(T) = last and the way covered in T; asked anew in each step, so that it
// follows a master who changes speed. Without a last speed: the constant acceleration that fits.
bt_status bt_story_step_synchronize(bt_story_player *player, const bt_action *a, bt_action_state *s)
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
        if (has_last) approach(player, a->actor, last);
        s->done = 1;
        return BT_OK;
    }
    if (master->speed_m_s < 1e-3) { // does it come at all? waits
        const bt_story_actor *actor = &player->story->actors[a->actor];
        double decel = limit(0.0, actor->max_decel_m_s2, DISTANCE_DECEL_M_S2);
        bt_story_set_speed(player, a->actor, fmax(0.0, v - decel * player->dt_s));
        return BT_OK;
    }
    double time = others / master->speed_m_s, steady = has_last ? steady_way(a, last) : 0.0;
    if (steady > 0.0 && last > 0.0) {
        double early = time - own / last; // if it went at its last speed from now on
        if (own <= steady || time <= steady / last) {
            if (early <= 0.5 * player->dt_s || v > 0.0) approach(player, a->actor, last);
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
    approach(player, a->actor, next);
    return BT_OK;
}
