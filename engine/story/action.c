// action.c: what led actors do: who has whom, what begins, goes on, ends; what is done at once.
#include "engine/story/play_internal.h"

#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/core/number.h"

#include <stdio.h>
#include <string.h>

// ---- who has an actor -------------------------------------------------------------------------
static bool is_across(bt_action_kind kind)
{
    return kind == BT_DO_CHANGE_LANE || kind == BT_DO_OFFSET || kind == BT_DO_KEEP_ASIDE ||
           kind == BT_DO_FOLLOW_PATH;
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

// ---- at once ----------------------------------------------------------------------------------
static bt_status teleport(bt_story_player *player, const bt_action *a)
{
    bt_anchor at;
    bt_status status = bt_spot_resolve(player, a->spot, &at);
    if (status != BT_OK) return status;
    bt_role_put(player->net, &at, &player->actors[a->actor].role);
    bt_story_trailer_align(player, a->actor);
    return BT_OK;
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
        bt_story_start_speed(player, a, s);
        break;
    case BT_DO_SPEED_PROFILE:
        s->from = player->actors[a->actor].role.speed_m_s;
        break;
    case BT_DO_KEEP_DISTANCE:
    case BT_DO_SYNCHRONIZE:
        break;
    case BT_DO_CHANGE_LANE:
        status = bt_story_start_lane(player, a, s);
        break;
    case BT_DO_OFFSET:
        bt_story_start_offset(player, a, s);
        break;
    case BT_DO_KEEP_ASIDE:
        bt_story_start_aside(player, a, s);
        break;
    case BT_DO_FOLLOW_PATH:
        status = bt_story_start_path(player, a);
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
    case BT_DO_PROGRAMME:
        bt_story_programme_jump(player, a->item, a->item2);
        s->done = 1;
        break;
    case BT_DO_CONTROL:
        bt_story_control(player, a);
        s->done = 1;
        break;
    case BT_DO_COUPLE:
        bt_story_couple(player, a);
        s->done = 1;
        break;
    case BT_DO_CARRY:
        bt_story_carry(player, a);
        s->done = 1;
        break;
    case BT_DO_FALL:
        bt_story_start_fall(player, a);
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
        bt_story_step_speed(player, a, s);
        break;
    case BT_DO_SPEED_PROFILE:
        bt_story_step_profile(player, a, s);
        break;
    case BT_DO_KEEP_DISTANCE:
        bt_story_step_distance(player, a, s);
        break;
    case BT_DO_SYNCHRONIZE:
        status = bt_story_step_synchronize(player, a, s);
        break;
    case BT_DO_CHANGE_LANE:
    case BT_DO_OFFSET:
        bt_story_step_across(player, a, s);
        break;
    case BT_DO_KEEP_ASIDE:
        bt_story_step_aside(player, a, s);
        break;
    case BT_DO_FOLLOW_PATH:
        bt_story_step_path(player, a, s);
        break;
    case BT_DO_FALL:
        s->done = player->actors[a->actor].falls != BT_FLIES &&
                  player->actors[a->actor].falls != BT_BROKEN;
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
