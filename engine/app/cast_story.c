// cast_story.c: the scenario's actors in its story, and those it leads from where it puts them.
#include "engine/app/cast_internal.h"

#include "engine/app/lead.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"

bt_status cast_place_by_story(casting *c, const bt_scenario_actor *asked, bt_actor_desc *actor)
{
    const bt_role *role = bt_story_player_role(c->cast->player, asked->story_actor);
    const bt_road_network *net = c->desc->net;
    bool drivable = role->on.lane != BT_ROAD_NONE &&
                    bt_lane_type_drivable(bt_road_lane_get(net, role->on.lane)->type);
    if (!drivable || role->on.against)
        return bt_fail(
            BT_ERR_INPUT,
            "%s: begins at x = %.1f, y = %.1f m, where no lane goes its way: an ego that is "
            "driven begins on one",
            asked->name, role->pos.x, role->pos.y);
    actor->lane = role->on.lane;
    actor->s_m = role->on.s_m;
    actor->lateral_m = role->on.aside_m;
    actor->speed_m_s = role->speed_m_s;
    bt_lane_place goal;
    if (!bt_story_player_goal(c->cast->player, asked->story_actor, &goal)) return BT_OK;
    bt_route *way = NULL;
    if (bt_route_find(net, actor->lane, actor->s_m, goal.lane, goal.s_m, &way) == BT_OK) {
        actor->goal_lane = goal.lane;
        actor->goal_s_m = goal.s_m;
    } else {
        bt_log(BT_LOG_WARNING, "%s: %s: it goes where the road leads", asked->name,
               bt_error_message());
    }
    bt_route_destroy(way);
    return BT_OK;
}

static bt_status init_at(bt_story *story, const bt_action *action)
{
    uint32_t index;
    bt_action item = *action;
    bt_status status = BT_STORY_ADD(story, actions, item, &index);
    return status == BT_OK ? BT_STORY_ADD(story, init, index, NULL) : status;
}

static bt_action to_do(bt_action_kind kind, uint32_t actor)
{
    return (bt_action){.kind = kind,
                       .actor = actor,
                       .ref = BT_STORY_NONE,
                       .spot = BT_STORY_NONE,
                       .spot2 = BT_STORY_NONE,
                       .dynamics = {.shape = BT_SHAPE_STEP}};
}

// Those who move by themselves are where the simulation will have them.
static bt_status put_in_story(const casting *c, const bt_actor_desc *desc,
                              const bt_scenario_actor *asked)
{
    bt_story *story = c->desc->scenario->story;
    bt_action put = to_do(BT_DO_TELEPORT, asked->story_actor);
    bt_action go = to_do(BT_DO_SPEED, asked->story_actor);
    go.value = asked->kind == BT_SCENARIO_VEHICLE || asked->led ? asked->speed_m_s : 0.0;
    if (asked->parked) go.value = 0.0;
    put.spot = asked->start_spot;
    bt_status status = BT_OK;
    if (!asked->led && desc->kind == BT_ACTOR_VEHICLE) {
        bt_pose pose = bt_lane_pose(c->desc->net, desc->lane, desc->s_m, desc->lateral_m);
        bt_spot spot = {.kind = BT_SPOT_WORLD,
                        .ref = BT_STORY_NONE,
                        .where = "start",
                        .x_m = pose.pos.x,
                        .y_m = pose.pos.y,
                        .z_m = pose.pos.z,
                        .yaw_rad = bt_quat_yaw(pose.rot),
                        .yaw_absolute = true};
        status = BT_STORY_ADD(story, spots, spot, &put.spot);
    } else if (!asked->led) {
        return BT_OK; // walkers come when the simulation has them
    }
    if (asked->carried) {
        bt_action lie = to_do(BT_DO_CARRY, asked->story_actor);
        lie.ref = asked->carrier;
        return init_at(story, &lie);
    }
    if (status == BT_OK) status = init_at(story, &put);
    return status == BT_OK ? init_at(story, &go) : status;
}

// The boxes of our bodies, where the story has none of its own.
static void measure(const bt_actor_desc *d, bt_story_actor *role)
{
    const bt_vehicle *v = &d->vehicle;
    if (role->length_m > 0.0) return;
    if (d->kind == BT_ACTOR_VEHICLE) {
        role->length_m = v->length_m;
        role->width_m = v->width_m;
        role->height_m = v->height_m;
        role->center_x_m = 0.5 * v->length_m - v->rear_overhang_m;
    } else if (d->kind == BT_ACTOR_WALKER) {
        role->length_m = d->height_m * (d->four_legged ? 1.3 : 0.2);
        role->width_m = d->height_m * (d->four_legged ? 0.4 : 0.28);
        role->height_m = d->height_m;
    } else {
        role->length_m = d->size_m[0];
        role->width_m = d->size_m[1];
        role->height_m = d->size_m[2];
    }
}

static const bt_scenario_actor *asked_for(const casting *c, size_t actor)
{
    return actor == 0 ? &c->desc->scenario->ego : &c->desc->scenario->actors[actor - 1];
}

bt_status cast_create_player(casting *c)
{
    const bt_scenario *scenario = c->desc->scenario;
    bt_status status =
        bt_story_player_create(scenario->story, c->desc->net, NULL, &c->cast->player);
    return status == BT_OK ? BT_OK : bt_fail_prefix(status, "the beginning of the story");
}

// Who is led gets its place from its role.
static bt_status settle_led(casting *c)
{
    bt_cast *cast = c->cast;
    for (uint32_t i = 0; i < cast->story_count; i++) {
        const bt_scenario_actor *asked = asked_for(c, i);
        const bt_role *role = bt_story_player_role(cast->player, asked->story_actor);
        cast->story_actors[i] = asked->story_actor;
        if (!asked->led) continue;
        if (!role->placed)
            return bt_fail(BT_ERR_INPUT, "%s: nothing says where it begins", asked->name);
        bt_road_location at;
        if (!bt_road_locate(c->desc->net, role->pos, BT_ROAD_NONE, &at))
            bt_log(BT_LOG_WARNING,
                   "%s: begins at x = %.1f, y = %.1f m, off the map: no road is within 50 m; it "
                   "stands "
                   "at z = %.1f m",
                   asked->name, role->pos.x, role->pos.y, role->pos.z);
        cast->actors[i].led = true;
        cast->actors[i].led_from =
            bt_lead_place(cast->player, asked->story_actor, cast->actors[i].kind == BT_ACTOR_THING);
    }
    return BT_OK;
}

bt_status cast_begin_story(casting *c)
{
    bt_cast *cast = c->cast;
    const bt_scenario *scenario = c->desc->scenario;
    if (!scenario->led) return BT_OK;
    bt_status status = BT_OK;
    cast->story_count = (uint32_t)cast->count;
    cast->story_actors = bt_alloc(cast->count, sizeof *cast->story_actors);
    if (!cast->story_actors) return bt_fail(BT_ERR_MEMORY, "no memory for the story");
    for (uint32_t i = 0; i < cast->count && status == BT_OK; i++) {
        measure(&cast->actors[i], &scenario->story->actors[asked_for(c, i)->story_actor]);
        if (!scenario->from_openscenario)
            status = put_in_story(c, &cast->actors[i], asked_for(c, i));
    }
    if (status == BT_OK && !cast->player) status = cast_create_player(c);
    return status == BT_OK ? settle_led(c) : status;
}
