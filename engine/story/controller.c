// controller.c: controllers: who sets an actor's speed by what is ahead of it.
//
// The standard leaves to the player what a controller does. BT_CONTROLLER_ACC cruises and follows as the reference
// player esmini's adaptive cruise control is seen to do, with its constants: within a horizon of twice the way to a
// stop, the wish for distance and that for the leader's speed are weighed by how far the gap is from the wanted one.
// BT_CONTROLLER_IDM is Treiber's model, engine/sim/idm.h.
#include "engine/story/play_internal.h"

#include "engine/sim/idm.h"

#define CRUISE_GAIN_PER_S 0.7 // share of the greatest acceleration per m/s that is missing
#define GAP_ACCEL_M_S2 2.5    // for a gap that is far too wide
#define GAP_LEAST_M 1.0       // nearer than this it stands at once
#define HORIZON_LEAST_M 50.0
#define NEAR_M 1.0
#define NEAR_S 0.5
#define NEAR_ASIDE_M 0.2
#define HORIZON_IDM_S 20.0     // beyond, IDM brakes by less than a tenth of its acceleration
#define DEFAULT_ACCEL_M_S2 3.0 // of actors and controllers that say nothing
#define DEFAULT_DECEL_M_S2 8.0

typedef struct leader {
    double gap_m, speed_m_s;
} leader;

static double or_else(double first, double second, double last)
{
    return first > 0.0 ? first : second > 0.0 ? second : last;
}

// Is the middle of another within the lane that an actor goes along, and near enough to its own middle?
static bool is_in_way(const bt_story_player *player, uint32_t actor, uint32_t other, double most_m)
{
    const bt_lane_place *own = &player->actors[actor].role.on;
    const bt_lane_place *to = &player->actors[other].role.on;
    double aside = bt_story_distance(player, actor, other, BT_MEASURE_ROAD_ASIDE, false);
    if (to->lane == BT_ROAD_NONE || own->lane == BT_ROAD_NONE || !(fabs(aside) < most_m))
        return false;
    bool same_road = bt_road_lane_get(player->net, own->lane)->road ==
                     bt_road_lane_get(player->net, to->lane)->road;
    double half = 0.5 * bt_lane_width(player->net, to->lane, to->s_m);
    if (!same_road) return fabs(to->aside_m) < half;
    bt_lane_place middle = *own;
    middle.aside_m = 0.0;
    return fabs(aside + bt_lane_place_t(player->net, own) - bt_lane_place_t(player->net, &middle)) <
           half;
}

// Who is just ahead and no more than a hand's breadth aside of its box comes into its way at once.
static bool cuts_in(const bt_story_player *player, uint32_t actor, uint32_t other)
{
    const bt_role *own = &player->actors[actor].role, *to = &player->actors[other].role;
    double ahead = bt_story_distance(player, actor, other, BT_MEASURE_ENTITY, true);
    double aside = bt_story_distance(player, actor, other, BT_MEASURE_ASIDE, true);
    double near_m = NEAR_M + player->story->actors[other].length_m +
                    NEAR_S * fmax(0.0, own->speed_m_s - to->speed_m_s);
    return ahead > 0.0 && ahead < near_m && fabs(aside) < NEAR_ASIDE_M;
}

static bool find_leader(const bt_story_player *player, uint32_t actor, double reach_m,
                        double aside_m, leader *out)
{
    const bt_role *own = &player->actors[actor].role;
    *out = (leader){.gap_m = reach_m};
    bool found = false;
    for (uint32_t i = 0; i < player->story->actors_count; i++) {
        const bt_role *other = &player->actors[i].role;
        double crow = bt_hypot(other->pos.x - own->pos.x, other->pos.y - own->pos.y);
        if (i == actor || !other->placed || crow > reach_m + 50.0) continue;
        if (player->actors[actor].trailer == i) continue;
        if (!is_in_way(player, actor, i, aside_m) && !cuts_in(player, actor, i)) continue;
        double way = bt_story_distance(player, actor, i, BT_MEASURE_ROAD, false);
        double gap = bt_story_distance(player, actor, i, BT_MEASURE_ROAD, true);
        if (!(way > 0.0 && way < reach_m && gap >= 0.0 && gap < out->gap_m)) continue;
        double along = other->speed_m_s * bt_cos(bt_wrap_angle(other->yaw_rad - own->yaw_rad));
        *out = (leader){gap, fmax(along, 0.0)};
        found = true;
    }
    return found;
}

// ---- two kinds --------------------------------------------------------------------------------
static double cruise(double speed, double wanted, double accel, double dt)
{
    double a = bt_clamp((wanted - speed) * CRUISE_GAIN_PER_S * accel, -DEFAULT_DECEL_M_S2,
                        CRUISE_GAIN_PER_S * accel);
    double next = speed + a * dt;
    return fabs(next - wanted) > fabs(speed - wanted) ? wanted : next;
}

static double step_acc(const bt_story_player *player, uint32_t actor, const bt_story_controller *c,
                       double wanted)
{
    const bt_story_actor *desc = &player->story->actors[actor];
    double v = player->actors[actor].speed_before_m_s, dt = player->dt_s;
    double accel = or_else(c->accel_m_s2, desc->max_accel_m_s2, DEFAULT_ACCEL_M_S2);
    double decel = or_else(c->decel_m_s2, desc->max_decel_m_s2, DEFAULT_DECEL_M_S2);
    leader ahead;
    if (!find_leader(player, actor, fmax(HORIZON_LEAST_M, 2.0 * c->gap_m + v * v / decel),
                     c->aside_m, &ahead))
        return cruise(v, wanted, accel, dt);
    if (ahead.gap_m < GAP_LEAST_M) return 0.0;
    double follow = c->gap_m + c->gap_s * fmax(v, ahead.speed_m_s);
    double far = fmin(1.0, (ahead.gap_m - follow) / follow); // 1: by far too far
    double over_leader = v - fmin(wanted, ahead.speed_m_s);
    double a = far * (GAP_ACCEL_M_S2 - (v - wanted)) - (1.0 - far) * over_leader;
    double next = v + bt_clamp(a, -decel, accel) * dt;
    return bt_clamp(next, 0.0, fmax(wanted, v));
}

static double step_idm(const bt_story_player *player, uint32_t actor, const bt_story_controller *c,
                       double wanted)
{
    double v = player->actors[actor].speed_before_m_s;
    bt_idm idm = {.desired_speed_m_s = fmax(wanted, 0.1),
                  .headway_s = c->gap_s,
                  .min_gap_m = c->gap_m,
                  .accel_m_s2 = c->accel_m_s2,
                  .brake_m_s2 = c->decel_m_s2};
    leader ahead = {BT_IDM_NO_GAP, 0.0};
    if (!find_leader(player, actor, HORIZON_LEAST_M + HORIZON_IDM_S * v, c->aside_m, &ahead))
        ahead.gap_m = BT_IDM_NO_GAP;
    double most = or_else(player->story->actors[actor].max_decel_m_s2, 0.0, DEFAULT_DECEL_M_S2);
    double a = fmax(bt_idm_accel(&idm, v, ahead.gap_m, ahead.speed_m_s), -most);
    return fmax(0.0, v + a * player->dt_s);
}

// ---- whole ------------------------------------------------------------------------------------
void bt_story_control(bt_story_player *player, const bt_action *a)
{
    bt_actor_state *actor = &player->actors[a->actor];
    if (a->item != BT_STORY_NONE) actor->controller = a->item;
    if (a->item2 == BT_CONTROL_OFF) actor->controlled = 0;
    if (a->item2 != BT_CONTROL_ON || actor->controller == BT_STORY_NONE) return;
    double set = player->story->controllers[actor->controller].set_speed_m_s;
    actor->controlled = 1;
    actor->wish_m_s = isnan(set) ? actor->role.speed_m_s : set;
}

void bt_story_controller_step(bt_story_player *player, uint32_t index)
{
    bt_actor_state *actor = &player->actors[index];
    if (!actor->role.placed) return;
    const bt_story_controller *c = &player->story->controllers[actor->controller];
    bt_role *role = &actor->role;
    // one that only adds to the story lets it go first, and is heard in the next step
    if (c->follows_story) bt_actor_move(player, index);
    double next = c->kind == BT_CONTROLLER_ACC ? step_acc(player, index, c, actor->wish_m_s)
                                               : step_idm(player, index, c, actor->wish_m_s);
    double most = player->story->actors[index].max_speed_m_s;
    role->speed_m_s = most > 0.0 ? fmin(next, most) : next;
    if (!c->follows_story) bt_actor_move(player, index);
    role->accel_m_s2 = (role->speed_m_s - actor->speed_before_m_s) / player->dt_s;
}
