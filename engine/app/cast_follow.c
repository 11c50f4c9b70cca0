// cast_follow.c: the cast of another window of the world: who goes on, who stays behind, who begins.
#include "engine/app/cast_internal.h"

#include "engine/app/lead.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/core/random.h"

#include <math.h>
#include <string.h>

#define CLEAR_M                                                                                    \
    600.0 // nearer to the ego nobody begins: chosen, a car is 2 pixels of a megapixel there
#define CLEAR_SHARE 0.75 // of the radius, where that is less
#define LEFT_BEHIND 1.25 // of the radius: who is farther from the ego stays behind

static bool is_inside(const bt_route_part *part, bt_vec3 at)
{
    return at.x >= part->low_x_m && at.x <= part->high_x_m && at.y >= part->low_y_m &&
           at.y <= part->high_y_m;
}

static bool goes_on(const bt_cast_desc *desc, const bt_cast_before *before, uint32_t actor)
{
    if (actor == 0) return true; // the ego
    if (before->cast->bodies[actor].fixture) return false;
    if (!bt_carry_possible(before->state, before->match, actor)) return false;
    bt_vec3 ego = bt_state_motion(before->state, 0)->pose.world_from_actor.pos;
    bt_vec3 at = bt_state_motion(before->state, actor)->pose.world_from_actor.pos;
    // as long as there are roads the story knows when it is done
    if (actor < before->cast->story_count) return !desc->part || is_inside(desc->part, at);
    return hypot(at.x - ego.x, at.y - ego.y) < LEFT_BEHIND * before->radius_m;
}

static bt_actor_desc describe(const casting *c, const bt_cast_before *before, uint32_t actor)
{
    bt_actor_desc d = bt_carry_describe(before->state, before->match, actor);
    if (d.led)
        d.led_from = bt_lead_place(before->player, before->cast->story_actors[actor],
                                   d.kind == BT_ACTOR_THING);
    if (actor > 0) return d;
    // the ego may be off the lanes; its way is not
    double along_m = bt_state_motion(before->state, 0)->route_m;
    bt_route_pose(c->desc->net, before->ego_route, along_m, 0.0, &d.lane, &d.s_m);
    return d;
}

static bt_status carry_actor(casting *c, const bt_cast_before *before, uint32_t actor)
{
    bt_cast *cast = c->cast;
    const bt_cast_body *body = &before->cast->bodies[actor];
    bt_actor_desc d = describe(c, before, actor);
    uint32_t model;
    bt_class class_id;
    bt_status status = BT_OK;
    if (body->own) {
        model = before->stock->own[actor].model;
        class_id = before->stock->own[actor].class_id;
    } else {
        status = cast_build_body(c, body, &d, &model, &class_id);
    }
    if (status == BT_OK) status = cast_add(c, &d, body, model, class_id);
    if (status == BT_OK)
        status = BT_ARRAY_RESERVE(cast->origins, cast->origin_capacity, cast->origin_count + 1);
    if (status == BT_OK) cast->origins[cast->origin_count++] = actor;
    return status;
}

// Who is in the story: the same as before, but for those who stayed behind.
static bt_status keep_story(bt_cast *cast, const bt_cast_before *before)
{
    const bt_cast *old = before->cast;
    if (!before->player) return BT_OK;
    cast->story_actors = bt_alloc(old->story_count, sizeof *cast->story_actors);
    if (!cast->story_actors) return bt_fail(BT_ERR_MEMORY, "no memory for the story");
    size_t next = 0;
    for (uint32_t i = 0; i < old->story_count; i++) {
        if (next < cast->origin_count && cast->origins[next] == i) {
            cast->story_actors[cast->story_count++] = old->story_actors[i];
            next++;
        } else {
            bt_log(BT_LOG_WARNING,
                   "%s: is where no roads are loaded any longer, at %.2f s: gone from the scene",
                   old->actors[i].name, bt_seconds(bt_state_time_ns(before->state)));
            bt_story_player_lose(before->player, old->story_actors[i]);
        }
    }
    return BT_OK;
}

// As many as are missing.
static bt_status fill_up(casting *c, const bt_cast_before *before)
{
    const bt_scenario_traffic *t = &c->desc->scenario->traffic;
    const bt_random4 drawn = bt_random_block(c->desc->scenario->seed, BT_STREAM_TRAFFIC,
                                             before->window, 90); // a row of its own
    bt_spawn_desc desc = {
        .seed = (uint64_t)drawn.v[0] << 32 | drawn.v[1],
        .counts = {t->cars, t->trucks, t->parked, t->pedestrians, t->cyclists, t->dogs},
        .radius_m = before->radius_m,
        .clear_m = fmin(CLEAR_M, CLEAR_SHARE * before->radius_m)};
    for (size_t i = 0; i < c->cast->count; i++) {
        const bt_cast_body *body = &c->cast->bodies[i];
        if (!body->own && desc.counts[body->kind] > 0) desc.counts[body->kind]--;
    }
    return cast_add_traffic(c, &desc);
}

bt_status bt_cast_follow(const bt_cast_desc *desc, const bt_cast_before *before, bt_cast *cast)
{
    casting c;
    bt_garage garage = before->stock->garage; // it has all bodies: none is built
    bt_status status = BT_OK;
    cast_begin(desc, &garage, &c, cast);
    cast->ego_route = before->ego_route;
    cast->next_number = before->cast->next_number;
    memcpy(cast->named, before->cast->named, sizeof cast->named);
    for (uint32_t i = 0; i < before->cast->count && status == BT_OK; i++)
        if (goes_on(desc, before, i)) status = carry_actor(&c, before, i);
    if (status == BT_OK) status = keep_story(cast, before);
    return status == BT_OK ? fill_up(&c, before) : status;
}
