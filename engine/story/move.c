// move.c: led actors go on by a step: along their lane, their path, or straight on.
#include "engine/story/play_internal.h"

#define STANDS_M_S 0.01
#define WHEELBASE_M 2.8 // of a body that says nothing

static void move_on_path(bt_story_player *player, bt_actor_state *actor, bt_story_actor_kind kind,
                         double way)
{
    actor->path_m = fmin(actor->path_m + way, bt_trail_length(&actor->path));
    bt_trail_point p = bt_trail_at(&actor->path, actor->path_m);
    uint32_t road = actor->role.on.lane == BT_ROAD_NONE
                        ? BT_ROAD_NONE
                        : bt_road_lane_get(player->net, actor->role.on.lane)->road;
    actor->role.pos = p.pos;
    if (actor->role.speed_m_s > 0.0 || actor->path_m == 0.0) actor->role.yaw_rad = p.yaw_rad;
    actor->role.on = bt_lane_place_find(player->net, p.pos, p.yaw_rad, road);
    // people look on as they did when they have come to the end; vehicles turn into their lane
    if (kind != BT_STORY_CAR) bt_role_note_turn(player->net, &actor->role);
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
    role->pitch_rad = -bt_asin(bt_clamp(x.z, -1.0, 1.0));
    role->roll_rad = bt_asin(bt_clamp(y.z, -1.0, 1.0));
    role->yaw_rad = bt_wrap_angle(bt_quat_yaw(pose.rot) + role->turned_rad);
}

static void move_free(bt_role *role, double way)
{
    role->pos.x += way * bt_cos(role->yaw_rad);
    role->pos.y += way * bt_sin(role->yaw_rad);
}

// A vehicle looks the way its rear axle goes.
static void turn_along(const bt_role *before, double wheelbase_m, double dt, bt_role *role)
{
    double dx = role->pos.x - before->pos.x, dy = role->pos.y - before->pos.y;
    double way = bt_hypot(dx, dy);
    if (way < 0.02 * dt || role->speed_m_s < 0.1) {
        if (way < 1e-6) role->yaw_rad = before->yaw_rad;
        return;
    }
    double course = bt_atan2(dy, dx), turn = bt_wrap_angle(course - role->yaw_rad);
    if (fabs(turn) < 0.5 * BT_PI) role->yaw_rad = course;
    role->steer_rad = bt_atan(wheelbase_m * bt_wrap_angle(role->yaw_rad - before->yaw_rad) / way);
}

void bt_actor_move(bt_story_player *player, uint32_t index)
{
    bt_actor_state *actor = &player->actors[index];
    bt_role *role = &actor->role, before = *role;
    double dt = player->dt_s, way = role->speed_m_s * dt;
    if (!role->placed) return;
    if (actor->on_path)
        move_on_path(player, actor, player->story->actors[index].kind, way);
    else if (role->on.lane != BT_ROAD_NONE) // part of the way went aside
        move_on_lane(
            player, index,
            copysign(sqrt(fmax(0.0, way * way - actor->sideways_m * actor->sideways_m)), way));
    else
        move_free(role, way);
    if (actor->halts) role->speed_m_s = 0.0;
    actor->halts = 0;
    const bt_story_actor *desc = &player->story->actors[index];
    double base = desc->wheelbase_m > 0.0 ? desc->wheelbase_m : WHEELBASE_M;
    if (desc->kind == BT_STORY_CAR) turn_along(&before, base, dt, role);
    role->accel_m_s2 = (role->speed_m_s - actor->speed_before_m_s) / dt;
    role->velocity_m_s = bt_vec3_scale(bt_vec3_sub(role->pos, before.pos), 1.0 / dt);
    role->travelled_m += bt_hypot(role->pos.x - before.pos.x, role->pos.y - before.pos.y);
    // since when: at the instant at which it begins, for no time yet
    bool stood = fabs(before.speed_m_s) < STANDS_M_S, was_off = before.on.lane == BT_ROAD_NONE;
    role->stands_s = stood && fabs(role->speed_m_s) < STANDS_M_S ? role->stands_s + dt : 0.0;
    role->end_s = before.at_end && role->at_end ? role->end_s + dt : 0.0;
    role->off_s = was_off && role->on.lane == BT_ROAD_NONE ? role->off_s + dt : 0.0;
}
