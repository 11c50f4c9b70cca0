// tow.c: trailers: the coupling goes where the hitch is, the axle follows it without slip.
//
// Its path is a tractrix: it moves along the straight line to the coupling. A step moves the hitch and then draws the axle
// straight towards it, which is exact for a straight way and of first order in the way of a step for others.
#include "engine/story/play_internal.h"

#include "engine/core/log.h"

#define BAR_LEAST_M 0.5 // between axle and coupling: chosen

static bt_vec3 hitch_of(const bt_story_player *player, uint32_t actor)
{
    const bt_role *role = &player->actors[actor].role;
    double x = player->story->actors[actor].hitch_x_m;
    return (bt_vec3){role->pos.x + x * bt_cos(role->yaw_rad),
                     role->pos.y + x * bt_sin(role->yaw_rad), role->pos.z};
}

static double bar_of(const bt_story_player *player, uint32_t trailer)
{
    return fmax(player->story->actors[trailer].coupler_x_m, BAR_LEAST_M);
}

// With its coupling at the hitch, looking along yaw, on the ground.
static void put(bt_story_player *player, uint32_t trailer, bt_vec3 hitch, double yaw_rad)
{
    bt_role *role = &player->actors[trailer].role;
    double bar = bar_of(player, trailer);
    uint32_t road = role->on.lane == BT_ROAD_NONE
                        ? BT_ROAD_NONE
                        : bt_road_lane_get(player->net, role->on.lane)->road;
    role->pos =
        (bt_vec3){hitch.x - bar * bt_cos(yaw_rad), hitch.y - bar * bt_sin(yaw_rad), hitch.z};
    role->yaw_rad = yaw_rad;
    role->placed = 1;
    role->on = bt_lane_place_find(player->net, role->pos, yaw_rad, road);
    bt_road_location at;
    if (bt_road_locate(player->net, role->pos, road, &at)) role->pos.z -= at.height_m;
}

void bt_story_couple(bt_story_player *player, const bt_action *a)
{
    bt_actor_state *actor = &player->actors[a->actor];
    if (actor->trailer != BT_STORY_NONE) { // what is left behind stands
        player->actors[actor->trailer].towed = 0;
        player->actors[actor->trailer].role.speed_m_s = 0.0;
    }
    actor->trailer = BT_STORY_NONE;
    if (a->item == BT_STORY_NONE) return;
    for (uint32_t i = a->item; i != BT_STORY_NONE; i = player->actors[i].trailer)
        if (i == a->actor || player->actors[a->item].towed) {
            bt_log(BT_LOG_WARNING, "%s cannot be the trailer of %s: it is drawn already",
                   player->story->actors[a->item].name, player->story->actors[a->actor].name);
            return;
        }
    actor->trailer = a->item;
    player->actors[a->item].towed = 1;
    bt_story_trailer_align(player, a->actor);
}

void bt_story_trailer_align(bt_story_player *player, uint32_t actor)
{
    if (!player->actors[actor].role.placed) return;
    double yaw = player->actors[actor].role.yaw_rad;
    for (uint32_t i = player->actors[actor].trailer; i != BT_STORY_NONE;
         actor = i, i = player->actors[i].trailer)
        put(player, i, hitch_of(player, actor), yaw);
}

void bt_story_trailer_pull(bt_story_player *player, uint32_t actor)
{
    const bt_role *first = &player->actors[actor].role;
    for (uint32_t i = player->actors[actor].trailer; i != BT_STORY_NONE && first->placed;
         actor = i, i = player->actors[i].trailer) {
        bt_role *role = &player->actors[i].role, before = *role;
        bt_vec3 hitch = hitch_of(player, actor);
        put(player, i, hitch, bt_atan2(hitch.y - before.pos.y, hitch.x - before.pos.x));
        bt_vec3 moved = bt_vec3_sub(role->pos, before.pos);
        role->velocity_m_s = bt_vec3_scale(moved, 1.0 / player->dt_s);
        role->speed_m_s =
            (moved.x * bt_cos(role->yaw_rad) + moved.y * bt_sin(role->yaw_rad)) / player->dt_s;
        role->accel_m_s2 = first->accel_m_s2;
        role->travelled_m += bt_hypot(moved.x, moved.y);
    }
}
