// condition.c: when something begins: conditions with edges and delays, groups of them, triggers.
#include "engine/story/play_internal.h"

#include "engine/core/number.h"
#include "engine/sim/sim.h"

#include <string.h>

#define REACH_M 5000.0 // along roads
#define EQUAL 1e-6     // numbers nearer than this are the same
#define STANDS_M_S 0.01
#define TIGHT_S 1e-9

static bool compare(double a, bt_rule rule, double b)
{
    switch (rule) {
    case BT_RULE_GREATER:
        return a > b;
    case BT_RULE_LESS:
        return a < b;
    case BT_RULE_EQUAL:
        return fabs(a - b) < EQUAL;
    case BT_RULE_GREATER_EQUAL:
        return a >= b - TIGHT_S;
    case BT_RULE_LESS_EQUAL:
        return a <= b + TIGHT_S;
    case BT_RULE_NOT_EQUAL:
        return fabs(a - b) >= EQUAL;
    }
    return false;
}

// Numbers by value, all else by its letters.
static bool compare_text(const char *a, bt_rule rule, const char *b)
{
    double x, y;
    if (bt_number_parse(a, a + strlen(a), '.', &x) && bt_number_parse(b, b + strlen(b), '.', &y))
        return compare(x, rule, y);
    int order = strcmp(a, b);
    return compare(order, rule, 0.0);
}

// ---- distances --------------------------------------------------------------------------------
static void corners(const bt_story_player *player, uint32_t actor, double x[4], double y[4])
{
    const bt_story_actor *a = &player->story->actors[actor];
    const bt_role *b = &player->actors[actor].role;
    double c = bt_cos(b->yaw_rad), s = bt_sin(b->yaw_rad);
    for (int i = 0; i < 4; i++) {
        double ax = a->center_x_m + (i & 1 ? 0.5 : -0.5) * a->length_m;
        double ay = a->center_y_m + (i & 2 ? 0.5 : -0.5) * a->width_m;
        x[i] = b->pos.x + ax * c - ay * s;
        y[i] = b->pos.y + ax * s + ay * c;
    }
}

// What lies between two spans on a line; sign of the way from a to b; 0 when they overlap.
static double gap(double a_low, double a_high, double b_low, double b_high)
{
    if (b_low > a_high) return b_low - a_high;
    if (a_low > b_high) return b_high - a_low;
    return 0.0;
}

// Along an axis through `from`'s origin.
static double along_axis(const bt_story_player *player, uint32_t from, uint32_t to, double yaw,
                         bool free)
{
    const bt_role *a = &player->actors[from].role, *b = &player->actors[to].role;
    double c = bt_cos(yaw), s = bt_sin(yaw);
    if (!free) return (b->pos.x - a->pos.x) * c + (b->pos.y - a->pos.y) * s;
    double low[2] = {1e300, 1e300}, high[2] = {-1e300, -1e300}, x[4], y[4];
    for (int k = 0; k < 2; k++) {
        corners(player, k == 0 ? from : to, x, y);
        for (int i = 0; i < 4; i++) {
            double at = x[i] * c + y[i] * s;
            low[k] = fmin(low[k], at);
            high[k] = fmax(high[k], at);
        }
    }
    return gap(low[0], high[0], low[1], high[1]);
}

static double segment_distance(double px, double py, double ax, double ay, double bx, double by)
{
    double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
    double u = square > 0.0 ? bt_clamp(((px - ax) * dx + (py - ay) * dy) / square, 0.0, 1.0) : 0.0;
    return bt_hypot(px - ax - u * dx, py - ay - u * dy);
}

static bt_footprint box_of(const bt_story_player *player, uint32_t actor)
{
    const bt_story_actor *a = &player->story->actors[actor];
    const bt_role *b = &player->actors[actor].role;
    double c = bt_cos(b->yaw_rad), s = bt_sin(b->yaw_rad);
    return (bt_footprint){.x_m = b->pos.x + a->center_x_m * c - a->center_y_m * s,
                          .y_m = b->pos.y + a->center_x_m * s + a->center_y_m * c,
                          .yaw_rad = b->yaw_rad,
                          .half_length_m = 0.5 * a->length_m,
                          .half_width_m = 0.5 * a->width_m,
                          .z_low_m = b->pos.z,
                          .z_high_m = b->pos.z + fmax(a->height_m, 0.1)};
}

static double between_boxes(const bt_story_player *player, uint32_t from, uint32_t to)
{
    bt_footprint a = box_of(player, from), b = box_of(player, to);
    if (bt_footprint_overlap(&a, &b)) return 0.0;
    double ax[4], ay[4], bx[4], by[4], least = 1e300;
    static const int round[5] = {0, 1, 3, 2, 0};
    corners(player, from, ax, ay);
    corners(player, to, bx, by);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 4; k++) {
            int p = round[k], q = round[k + 1];
            least = fmin(least, segment_distance(ax[i], ay[i], bx[p], by[p], bx[q], by[q]));
            least = fmin(least, segment_distance(bx[i], by[i], ax[p], ay[p], ax[q], ay[q]));
        }
    return least;
}

// Heading of the way it goes on its lane.
static double lane_yaw(const bt_story_player *player, uint32_t actor)
{
    const bt_role *b = &player->actors[actor].role;
    if (b->on.lane == BT_ROAD_NONE) return b->yaw_rad;
    return bt_quat_yaw(bt_lane_place_pose(player->net, &b->on).rot);
}

// How far a box, turned as it is, reaches along its lane from its origin.
static void extent_along_lane(const bt_story_player *player, uint32_t actor, double *low,
                              double *high)
{
    const bt_role *b = &player->actors[actor].role;
    double yaw = lane_yaw(player, actor), c = bt_cos(yaw), s = bt_sin(yaw), x[4], y[4];
    corners(player, actor, x, y);
    *low = 1e300;
    *high = -1e300;
    for (int i = 0; i < 4; i++) {
        double at = (x[i] - b->pos.x) * c + (y[i] - b->pos.y) * s;
        *low = fmin(*low, at);
        *high = fmax(*high, at);
    }
}

static double along_road(const bt_story_player *player, uint32_t from, uint32_t to, bool free)
{
    const bt_role *a = &player->actors[from].role, *b = &player->actors[to].role;
    double distance;
    if (!bt_lane_place_distance(player->net, bt_story_choice(player, from), &a->on, &b->on, REACH_M,
                                &distance))
        return along_axis(player, from, to, a->yaw_rad, free);
    if (!free) return distance;
    double low[2], high[2];
    extent_along_lane(player, from, &low[0], &high[0]);
    extent_along_lane(player, to, &low[1], &high[1]);
    bool meets = bt_cos(lane_yaw(player, to) - lane_yaw(player, from)) < 0.0;
    double near_end = meets ? -high[1] : low[1], far_end = meets ? -low[1] : high[1];
    return gap(low[0], high[0], distance + near_end, distance + far_end);
}

static double across_road(const bt_story_player *player, uint32_t from, uint32_t to, bool free)
{
    const bt_role *a = &player->actors[from].role, *b = &player->actors[to].role;
    if (a->on.lane == BT_ROAD_NONE || b->on.lane == BT_ROAD_NONE)
        return along_axis(player, from, to, a->yaw_rad + 0.5 * BT_PI, free);
    double aside = bt_lane_place_t(player->net, &b->on) - bt_lane_place_t(player->net, &a->on);
    double half = 0.5 * (player->story->actors[from].width_m + player->story->actors[to].width_m);
    return free ? copysign(fmax(0.0, fabs(aside) - half), aside) : aside;
}

double bt_story_distance(const bt_story_player *player, uint32_t from, uint32_t to,
                         bt_measure measure, bool free)
{
    const bt_role *a = &player->actors[from].role, *b = &player->actors[to].role;
    switch (measure) {
    case BT_MEASURE_ENTITY:
        return along_axis(player, from, to, a->yaw_rad, free);
    case BT_MEASURE_ROAD:
        return along_road(player, from, to, free);
    case BT_MEASURE_STRAIGHT:
        return free ? between_boxes(player, from, to)
                    : bt_hypot(b->pos.x - a->pos.x, b->pos.y - a->pos.y);
    case BT_MEASURE_ASIDE:
        return along_axis(player, from, to, a->yaw_rad + 0.5 * BT_PI, free);
    case BT_MEASURE_ROAD_ASIDE:
        return across_road(player, from, to, free);
    }
    return NAN;
}

// ---- of one actor -----------------------------------------------------------------------------
static bt_status to_spot(const bt_story_player *player, const bt_condition *c, uint32_t actor,
                         double *distance)
{
    bt_anchor a;
    const bt_role *b = &player->actors[actor].role;
    bt_status status = bt_spot_resolve(player, c->spot, &a);
    *distance = (double)NAN;
    if (status == BT_ERR_INPUT && player->part) return BT_OK;
    if (status != BT_OK) return status;
    double dx = a.pos.x - b->pos.x, dy = a.pos.y - b->pos.y, yaw = b->yaw_rad;
    bool road = c->measure == BT_MEASURE_ROAD;
    if (road && bt_lane_place_distance(player->net, bt_story_choice(player, actor), &b->on, &a.on,
                                       REACH_M, distance))
        return BT_OK;
    bool aside = c->measure == BT_MEASURE_ASIDE || c->measure == BT_MEASURE_ROAD_ASIDE;
    *distance = aside ? -dx * bt_sin(yaw) + dy * bt_cos(yaw) : dx * bt_cos(yaw) + dy * bt_sin(yaw);
    if (c->measure == BT_MEASURE_STRAIGHT) *distance = bt_hypot(dx, dy);
    return BT_OK;
}

static bt_status distance_of(const bt_story_player *player, const bt_condition *c, uint32_t actor,
                             double *distance)
{
    if (c->ref == BT_STORY_NONE) return to_spot(player, c, actor, distance);
    *distance = bt_story_distance(player, actor, c->ref, c->measure, c->freespace);
    return BT_OK;
}

// Speed at which the distance shrinks, along the actor's own way.
static double closing(const bt_story_player *player, const bt_condition *c, uint32_t actor)
{
    const bt_role *a = &player->actors[actor].role;
    if (c->ref == BT_STORY_NONE) return a->speed_m_s;
    const bt_role *b = &player->actors[c->ref].role;
    double cos_yaw = bt_cos(a->yaw_rad), sin_yaw = bt_sin(a->yaw_rad);
    if (c->measure == BT_MEASURE_ASIDE || c->measure == BT_MEASURE_ROAD_ASIDE) {
        double t = cos_yaw;
        cos_yaw = -sin_yaw;
        sin_yaw = t;
    }
    double along = (a->velocity_m_s.x - b->velocity_m_s.x) * cos_yaw +
                   (a->velocity_m_s.y - b->velocity_m_s.y) * sin_yaw;
    if (c->measure != BT_MEASURE_STRAIGHT) return along;
    double dx = b->pos.x - a->pos.x, dy = b->pos.y - a->pos.y, d = fmax(bt_hypot(dx, dy), 1e-9);
    return ((a->velocity_m_s.x - b->velocity_m_s.x) * dx +
            (a->velocity_m_s.y - b->velocity_m_s.y) * dy) /
           d;
}

static bool collides(const bt_story_player *player, uint32_t actor, uint32_t other)
{
    if (actor == other || !player->actors[other].role.placed) return false;
    // after an impact they may lie apart
    if (player->actors[actor].role.struck == other + 1 ||
        player->actors[other].role.struck == actor + 1)
        return true;
    bt_footprint a = box_of(player, actor), b = box_of(player, other);
    return bt_footprint_overlap(&a, &b);
}

static bool collides_with_any(const bt_story_player *player, const bt_condition *c, uint32_t actor)
{
    if (c->ref != BT_STORY_NONE) return collides(player, actor, c->ref);
    for (size_t i = 0; i < player->story->actors_count; i++) {
        if (c->kinds != 0 && !(c->kinds & 1u << player->story->actors[i].kind)) continue;
        if (collides(player, actor, (uint32_t)i)) return true;
    }
    return false;
}

// + where the other is ahead; as the crow flies, by the actor's own axis.
static double way_sign(const bt_story_player *player, const bt_condition *c, uint32_t actor,
                       double distance)
{
    if (c->measure != BT_MEASURE_STRAIGHT || c->ref == BT_STORY_NONE) return distance;
    return along_axis(player, actor, c->ref, player->actors[actor].role.yaw_rad, false);
}

// Of times and distances that change sign where somebody is passed, the way to who is ahead counts.
static bt_status holds_of_pair(const bt_story_player *player, const bt_condition *c, uint32_t actor,
                               bool *holds)
{
    double distance, speed = player->actors[actor].role.speed_m_s;
    bt_status status = distance_of(player, c, actor, &distance);
    *holds = false;
    if (status != BT_OK || isnan(distance)) return status;
    if (c->side != 0 && c->side * way_sign(player, c, actor, distance) <= 0.0) return BT_OK;
    distance = fabs(distance);
    if (c->kind == BT_WHEN_DISTANCE) {
        *holds = compare(distance, c->rule, c->value);
    } else if (c->kind == BT_WHEN_HEADWAY) {
        *holds = compare(speed > 1e-6 ? distance / speed : 1e9, c->rule, c->value);
    } else {
        double toward = closing(player, c, actor), signed_distance = 0.0;
        status = distance_of(player, c, actor, &signed_distance);
        if (signed_distance < 0.0 && c->measure != BT_MEASURE_STRAIGHT) toward = -toward;
        *holds = compare(toward > 1e-6 ? distance / toward : 1e9, c->rule, c->value);
    }
    return status;
}

static bt_status holds_of(const bt_story_player *player, const bt_condition *c, uint32_t actor,
                          bool *holds)
{
    const bt_role *b = &player->actors[actor].role;
    double distance;
    bt_status status = BT_OK;
    *holds = false;
    if (!b->placed) return BT_OK;
    if (c->ref != BT_STORY_NONE && !player->actors[c->ref].role.placed) return BT_OK;
    switch (c->kind) {
    case BT_WHEN_SPEED:
        *holds = compare(b->speed_m_s, c->rule, c->value);
        break;
    case BT_WHEN_RELATIVE_SPEED:
        *holds = compare(b->speed_m_s - player->actors[c->ref].role.speed_m_s, c->rule, c->value);
        break;
    case BT_WHEN_ACCELERATION:
        *holds = compare(b->accel_m_s2, c->rule, c->value);
        break;
    case BT_WHEN_STANDS:
        *holds = fabs(b->speed_m_s) < STANDS_M_S && b->stands_s >= c->value - TIGHT_S;
        break;
    case BT_WHEN_TRAVELLED:
        *holds = b->travelled_m >= c->value;
        break;
    case BT_WHEN_END_OF_ROAD:
        *holds = b->at_end && b->end_s >= c->value - TIGHT_S;
        break;
    case BT_WHEN_OFF_ROAD:
        *holds = b->on.lane == BT_ROAD_NONE && b->off_s >= c->value - TIGHT_S;
        break;
    case BT_WHEN_REACHED:
        status = to_spot(player, c, actor, &distance);
        *holds = status == BT_OK && distance <= c->value;
        break;
    case BT_WHEN_COLLISION:
        *holds = collides_with_any(player, c, actor);
        break;
    default:
        status = holds_of_pair(player, c, actor, holds);
    }
    return status;
}

static bt_status holds_of_subjects(const bt_story_player *player, const bt_condition *c,
                                   bool *holds)
{
    bool any = false, all = c->subject_count > 0;
    for (uint32_t i = 0; i < c->subject_count; i++) {
        bool one;
        uint32_t actor = player->story->subjects[c->first_subject + i];
        bt_status status = holds_of(player, c, actor, &one);
        if (status != BT_OK) return bt_fail_prefix(status, "condition '%s'", c->name);
        any = any || one;
        all = all && one;
    }
    *holds = c->all ? all : any;
    return BT_OK;
}

// ---- of the world -----------------------------------------------------------------------------
static bool node_is(const bt_story_player *player, const bt_condition *c)
{
    if (c->node == BT_STORY_NONE) return false;
    const bt_node_record *n = &player->nodes[c->node];
    if (c->node_state < BT_NODE_CHANGE) return n->state == c->node_state;
    int bit = 1 << (c->node_state - BT_NODE_CHANGE);
    return ((n->changes | n->before) & bit) != 0;
}

static bt_status holds_now(const bt_story_player *player, const bt_condition *c, bool *holds)
{
    const bt_story_senses *senses = &player->senses;
    *holds = false;
    switch (c->kind) {
    case BT_WHEN_ALWAYS:
        *holds = true;
        return BT_OK;
    case BT_WHEN_TIME:
        *holds = compare(bt_seconds(player->time_ns), c->rule, c->value);
        return BT_OK;
    case BT_WHEN_TIME_OF_DAY:
        return BT_OK;
    case BT_WHEN_NODE:
        *holds = node_is(player, c);
        return BT_OK;
    case BT_WHEN_VARIABLE:
        *holds = compare_text(player->variables[c->variable], c->rule, c->text);
        return BT_OK;
    case BT_WHEN_PROGRAMME:
        *holds = bt_story_programme_phase(player, c->variable) == (uint32_t)c->value;
        return BT_OK;
    case BT_WHEN_SIGNAL:
        *holds = senses->signal && senses->signal(senses->context, c->text) == (int)c->value;
        return BT_OK;
    default:
        return holds_of_subjects(player, c, holds);
    }
}

// ---- edges and delays -------------------------------------------------------------------------
static bool edge_of(bt_edge edge, const bt_condition_state *s, bool now)
{
    bool rises = s->seen && !s->before && now, falls = s->seen && s->before && !now;
    switch (edge) {
    case BT_EDGE_NONE:
        return now;
    case BT_EDGE_RISING:
        return rises;
    case BT_EDGE_FALLING:
        return falls;
    case BT_EDGE_BOTH:
        return rises || falls;
    }
    return false;
}

// A condition with a delay is what it was so long ago: changes wait in a queue (the oldest is
// forgotten when it is full).
static bool delayed(const bt_condition *c, bt_condition_state *s, double time_s, bool value)
{
    if (c->delay_s <= 0.0) return value;
    bool last = s->queued > 0 ? s->value[s->queued - 1] : s->now;
    if (value != last) {
        if (s->queued == BT_STORY_QUEUE) {
            memmove(s->time_s, s->time_s + 1, (BT_STORY_QUEUE - 1) * sizeof *s->time_s);
            memmove(s->value, s->value + 1, BT_STORY_QUEUE - 1);
            s->queued--;
        }
        s->time_s[s->queued] = time_s + c->delay_s;
        s->value[s->queued++] = value;
    }
    uint32_t due = 0;
    while (due < s->queued && s->time_s[due] <= time_s + TIGHT_S)
        due++;
    // a pulse shorter than a step is not missed
    bool pulse = false;
    for (uint32_t i = 0; i < due; i++)
        pulse = pulse || s->value[i];
    if (due > 0) {
        s->now = s->value[due - 1];
        memmove(s->time_s, s->time_s + due, (s->queued - due) * sizeof *s->time_s);
        memmove(s->value, s->value + due, s->queued - due);
        s->queued -= due;
    }
    return s->now || pulse;
}

static bt_status look(bt_story_player *player, uint32_t index, bool *met)
{
    const bt_condition *c = &player->story->conditions[index];
    bt_condition_state *s = &player->conditions[index];
    bool now;
    bt_status status = holds_now(player, c, &now);
    if (status != BT_OK) return status;
    bool value = edge_of(c->edge, s, now);
    s->seen = 1;
    s->before = now;
    *met = delayed(c, s, bt_seconds(player->time_ns), value);
    return BT_OK;
}

// All conditions are looked at, so that each knows its past.
bt_status bt_trigger_met(bt_story_player *player, uint32_t trigger, bool *met)
{
    *met = false;
    if (trigger == BT_STORY_NONE) return BT_OK;
    const bt_trigger *t = &player->story->triggers[trigger];
    for (uint32_t g = 0; g < t->group_count; g++) {
        const bt_condition_group *group = &player->story->groups[t->first_group + g];
        bool all = group->condition_count > 0;
        for (uint32_t i = 0; i < group->condition_count; i++) {
            bool one;
            bt_status status = look(player, group->first_condition + i, &one);
            if (status != BT_OK) return status;
            all = all && one;
        }
        *met = *met || all;
    }
    return BT_OK;
}
