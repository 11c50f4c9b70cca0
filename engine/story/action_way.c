// action_way.c: which way: changes of lane, offsets, trajectories.
#include "engine/story/play_internal.h"

#include "engine/core/log.h"

#define END_M 1e-4           // of a path
#define ASIDE_ACCEL_M_S2 1.5 // KEEP_ASIDE, when nobody says: a quiet change of lane
#define ASIDE_DONE_M 0.02

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

bt_status bt_story_start_lane(bt_story_player *player, const bt_action *a, bt_action_state *s)
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
    s->duration = bt_story_duration(&a->dynamics, s->to - s->from);
    return BT_OK;
}

void bt_story_start_offset(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    const bt_role *role = &player->actors[a->actor].role;
    s->from = role->on.aside_m;
    if (role->on.lane == BT_ROAD_NONE) {
        s->done = 1;
        return;
    }
    s->to = (bt_road_lane_get(player->net, role->on.lane)->forward ? 1.0 : -1.0) * a->lateral_m;
    s->duration = bt_story_duration(&a->dynamics, s->to - s->from);
    // a greatest lateral acceleration: steepest change of the sine's slope, pi^2 d / (2 T^2)
    if (a->max_accel_m_s2 > 0.0 && a->dynamics.shape != BT_SHAPE_STEP)
        s->duration = BT_PI * sqrt(0.5 * fabs(s->to - s->from) / a->max_accel_m_s2);
}

void bt_story_step_across(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    bt_role *role = &player->actors[a->actor].role;
    double p = bt_story_progress(a, s), before = role->on.aside_m;
    if (role->on.lane != BT_ROAD_NONE)
        role->on.aside_m = bt_lerp(s->from, s->to, bt_story_shape(a->dynamics.shape, p));
    player->actors[a->actor].sideways_m = role->on.aside_m - before;
    s->done = p >= 1.0 || role->on.lane == BT_ROAD_NONE;
}

// ---- beside somebody --------------------------------------------------------------------------
// How far an actor is to the left of the other, as that one goes: across the road, or across its own axis.
static double left_of(const bt_story_player *player, const bt_action *a)
{
    const bt_lane_place *other = &player->actors[a->ref].role.on;
    bt_measure measure = a->item ? BT_MEASURE_ROAD_ASIDE : BT_MEASURE_ASIDE;
    double left = bt_story_distance(player, a->ref, a->actor, measure, false);
    if (!a->item || other->lane == BT_ROAD_NONE) return left;
    bool along_s = bt_road_lane_get(player->net, other->lane)->forward != (bool)other->against;
    return along_s ? left : -left;
}

// Is left of the other left in an actor's lane, too? Lanes count along their travel.
static double facing(const bt_story_player *player, const bt_action *a)
{
    bt_lane_place own = player->actors[a->actor].role.on;
    own.against = 0;
    double yaw = bt_quat_yaw(bt_lane_place_pose(player->net, &own).rot);
    return bt_cos(yaw - player->actors[a->ref].role.yaw_rad) < 0.0 ? -1.0 : 1.0;
}

void bt_story_start_aside(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    s->to = a->side != 0 ? a->side : left_of(player, a) < 0.0 ? -1.0 : 1.0;
    s->done = player->actors[a->actor].role.on.lane == BT_ROAD_NONE;
}

// Without limits it is there at once, as with distances along the road.
void bt_story_step_aside(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    bt_actor_state *actor = &player->actors[a->actor];
    bt_role *role = &actor->role;
    if (role->on.lane == BT_ROAD_NONE || !player->actors[a->ref].role.placed) {
        s->done = 1;
        return;
    }
    const bt_story_actor *own = &player->story->actors[a->actor];
    const bt_story_actor *other = &player->story->actors[a->ref];
    double wanted = a->value + (a->freespace ? 0.5 * (own->width_m + other->width_m) : 0.0);
    double error = s->to * wanted - left_of(player, a);
    double dt = player->dt_s, accel = a->max_accel_m_s2, step = error;
    if (accel > 0.0 || a->max_speed_m_s > 0.0) {
        if (accel <= 0.0) accel = ASIDE_ACCEL_M_S2;
        // the speed from which braking at half of what is allowed ends in place
        double speed = fmin(sqrt(accel * fabs(error)), fabs(error) / dt);
        if (a->max_speed_m_s > 0.0) speed = fmin(speed, a->max_speed_m_s);
        s->from += bt_clamp(copysign(speed, error) - s->from, -accel * dt, accel * dt);
        step = s->from * dt;
    }
    role->on.aside_m += facing(player, a) * step;
    actor->sideways_m = step;
    s->done = !a->continuous && fabs(error - step) < ASIDE_DONE_M;
}

// ---- paths ------------------------------------------------------------------------------------
static double path_clock(const bt_story_player *player, const bt_action *a,
                         const bt_action_state *s)
{
    double now = a->time_absolute ? bt_seconds(player->time_ns) + player->dt_s : s->elapsed_s;
    return (now - a->time_offset_s) / (a->time_scale > 0.0 ? a->time_scale : 1.0);
}

bt_status bt_story_start_path(bt_story_player *player, const bt_action *a)
{
    bt_actor_state *actor = &player->actors[a->actor];
    bt_status status = bt_story_path_resolve(player, a->item, &actor->path);
    if (status != BT_OK) return status;
    actor->on_path = 1;
    actor->path_m = a->from_m;
    if (a->value > 0.0 && a->max_accel_m_s2 <= 0.0) actor->role.speed_m_s = a->value;
    if (actor->role.placed) return BT_OK;
    bt_trail_point p = bt_trail_at(&actor->path, a->from_m);
    bt_anchor at = {.pos = p.pos,
                    .yaw_rad = p.yaw_rad,
                    .on = bt_lane_place_find(player->net, p.pos, p.yaw_rad, BT_ROAD_NONE)};
    bt_role_put(player->net, &at, &actor->role);
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

// As fast as asked for, reached and left again at the acceleration given.
static void pace(bt_story_player *player, const bt_action *a)
{
    bt_actor_state *actor = &player->actors[a->actor];
    double left = fmax(0.0, bt_trail_length(&actor->path) - actor->path_m), wanted = a->value;
    if (a->item2) wanted = fmin(wanted, sqrt(2.0 * a->max_accel_m_s2 * left));
    double most = a->max_accel_m_s2 * player->dt_s;
    actor->role.speed_m_s += bt_clamp(wanted - actor->role.speed_m_s, -1.5 * most, most);
}

void bt_story_step_path(bt_story_player *player, const bt_action *a, bt_action_state *s)
{
    bt_actor_state *actor = &player->actors[a->actor];
    if (a->timed && actor->path.timed)
        step_timed_path(player, a, s);
    else
        s->done = actor->path_m >= bt_trail_length(&actor->path) - END_M;
    if (!s->done && a->value > 0.0 && a->max_accel_m_s2 > 0.0) pace(player, a);
    actor->halts = s->done && a->item2; // when it has moved
}
