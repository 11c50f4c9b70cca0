// cast.c: see cast.h.
#include "engine/app/cast.h"

#include <stdio.h>
#include <string.h>

#include "engine/app/garage.h"
#include "engine/app/lead.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "engine/sim/spawn.h"

// Detail is spent round points of the ego's way so far apart.
#define FOCUS_STEP_M 40.0

typedef struct casting {
    const bt_cast_desc *desc;
    bt_cast *cast;
    bt_garage garage;
} casting;

static bt_class class_of_vehicle(const bt_vehicle *vehicle)
{
    return vehicle->trailer_length_m > 0.0 || vehicle->mass_kg > 4500.0 ? BT_CLASS_TRUCK
                                                                        : BT_CLASS_CAR;
}

// Adds an actor to the cast and its body to the spec; both count alike.
static bt_status add(casting *c, const bt_actor_desc *actor, uint32_t model, bt_class class_id)
{
    bt_cast *cast = c->cast;
    uint32_t index;
    bt_status status = BT_ARRAY_RESERVE(cast->actors, cast->capacity, cast->count + 1);
    if (status == BT_OK)
        status = bt_spec_add_actor(c->desc->spec, model, actor->name, class_id, &index);
    if (status != BT_OK) return status;
    if (index != cast->count)
        return bt_fail(BT_ERR_INTERNAL, "actor '%s' is %u in the scene and %zu in the simulation",
                       actor->name, index, cast->count);
    cast->actors[cast->count++] = *actor;
    return BT_OK;
}

// ---- the scenario's own -----------------------------------------------------------------------
static bt_status find_lane(const casting *c, const bt_scenario_actor *actor, const bt_place *place,
                           uint32_t *lane)
{
    const bt_road_network *net = c->desc->net;
    uint32_t road = bt_road_find(net, place->road);
    if (road == BT_ROAD_NONE)
        return bt_fail(BT_ERR_INPUT, "%s: the map %s has no road '%s'", actor->name,
                       c->desc->scenario->map, place->road);
    if (place->s_m > bt_road_get(net, road)->length_m)
        return bt_fail(BT_ERR_INPUT, "%s: s_m = %g, but road '%s' is %g m long", actor->name,
                       place->s_m, place->road, bt_road_get(net, road)->length_m);
    *lane = bt_lane_find(net, road, place->s_m, place->lane);
    if (*lane == BT_ROAD_NONE || !bt_lane_type_drivable(bt_road_lane_get(net, *lane)->type))
        return bt_fail(BT_ERR_INPUT, "%s: road '%s' has no lane %d to drive on at s = %g m",
                       actor->name, place->road, place->lane, place->s_m);
    return BT_OK;
}

static bt_status describe_vehicle(casting *c, const bt_scenario_actor *asked, bt_actor_desc *actor,
                                  uint32_t *model)
{
    *actor = (bt_actor_desc){.kind = BT_ACTOR_VEHICLE,
                             .lateral_m = asked->lateral_m,
                             .speed_m_s = asked->parked ? 0.0 : asked->speed_m_s,
                             .desired_speed_m_s = asked->desired_speed_m_s,
                             .driver = asked->driver,
                             .parked = asked->parked,
                             .lamps = asked->lamps,
                             .goal_lane = BT_ROAD_NONE,
                             .choice = c->desc->scenario->seed};
    snprintf(actor->name, sizeof actor->name, "%s", asked->name);
    bt_status status =
        c->desc->scenario->only_scene
            ? bt_garage_stand(&c->garage, asked->vehicle, &actor->vehicle, model)
            : bt_garage_sheet(&c->garage, asked->vehicle, asked->has_color ? asked->color : NULL,
                              &actor->vehicle, model);
    if (status == BT_OK && asked->start.given) {
        actor->s_m = asked->start.s_m;
        status = find_lane(c, asked, &asked->start, &actor->lane);
    }
    if (status == BT_OK && asked->goal.given) {
        actor->goal_s_m = asked->goal.s_m;
        status = find_lane(c, asked, &asked->goal, &actor->goal_lane);
    }
    return status;
}

// The ego's beginning as the story has it.
static bt_status place_by_story(casting *c, const bt_scenario_actor *asked, bt_actor_desc *actor)
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
    actor->goal_lane = goal.lane;
    actor->goal_s_m = goal.s_m;
    return BT_OK;
}

static bt_status add_ego(casting *c)
{
    const bt_scenario *scenario = c->desc->scenario;
    bt_actor_desc actor;
    uint32_t model;
    bt_status status = describe_vehicle(c, &scenario->ego, &actor, &model);
    actor.external = true;
    if (status == BT_OK && scenario->from_openscenario)
        status = place_by_story(c, &scenario->ego, &actor);
    else if (status == BT_OK && !scenario->ego.start.given)
        status = bt_spawn_ego_start(c->desc->net, scenario->seed, &actor.lane, &actor.s_m);
    if (status == BT_OK) status = add(c, &actor, model, BT_CLASS_EGO);
    return status;
}

static bt_status find_path(casting *c, const bt_scenario_actor *asked, bt_actor_desc *actor)
{
    bt_cast *cast = c->cast;
    bt_vec3 *points = bt_alloc(asked->path_count, sizeof *points);
    bt_status status = BT_ARRAY_RESERVE(cast->paths, cast->path_capacity, cast->path_count + 1);
    if (!points || status != BT_OK) {
        bt_free(points);
        return bt_fail(BT_ERR_MEMORY, "no memory for the path of %s", asked->name);
    }
    cast->paths[cast->path_count++] = points;
    actor->path = points;
    actor->path_count = (uint32_t)asked->path_count;
    for (size_t i = 0; i < asked->path_count; i++) {
        const bt_place *place = &asked->path[i];
        uint32_t road = bt_road_find(c->desc->net, place->road);
        if (road == BT_ROAD_NONE)
            return bt_fail(BT_ERR_INPUT, "%s: the map %s has no road '%s'", asked->name,
                           c->desc->scenario->map, place->road);
        points[i] = bt_road_point(c->desc->net, road, place->s_m, place->t_m);
    }
    return BT_OK;
}

static bt_status add_walker(casting *c, const bt_scenario_actor *asked, uint32_t choice)
{
    bool dog = asked->kind == BT_SCENARIO_DOG;
    bt_actor_desc actor = {.kind = BT_ACTOR_WALKER,
                           .height_m = asked->height_m,
                           .four_legged = dog,
                           .walk_speed_m_s = asked->speed_m_s,
                           .path_loop = asked->path_loop,
                           .careless = asked->careless,
                           .start_ns = bt_from_seconds(asked->start_s),
                           .goal_lane = BT_ROAD_NONE};
    snprintf(actor.name, sizeof actor.name, "%s", asked->name);
    uint32_t model;
    bt_status status;
    if (asked->height_m > 0.0)
        status = bt_garage_walker(&c->garage, dog, choice, asked->height_m, &model);
    else if (dog)
        status = bt_garage_dog(&c->garage, choice, &model, &actor.height_m);
    else
        status = bt_garage_person(&c->garage, choice, &model, &actor.height_m);
    if (status == BT_OK && !asked->led) status = find_path(c, asked, &actor);
    if (status == BT_OK) status = add(c, &actor, model, dog ? BT_CLASS_ANIMAL : BT_CLASS_PERSON);
    return status;
}

static bt_status add_thing(casting *c, const bt_scenario_actor *asked)
{
    static const bt_prop_kind props[] = {BT_PROP_KIND_COUNT, BT_PROP_CONE, BT_PROP_CONCRETE_BARRIER,
                                         BT_PROP_WHEELED_BIN};
    bt_actor_desc actor = {.kind = BT_ACTOR_THING, .goal_lane = BT_ROAD_NONE};
    memcpy(actor.size_m, asked->size_m, sizeof actor.size_m);
    snprintf(actor.name, sizeof actor.name, "%s", asked->name);
    uint32_t model;
    bt_status status = bt_garage_thing(&c->garage, props[asked->thing], asked->size_m, &model);
    return status == BT_OK ? add(c, &actor, model, BT_CLASS_PROP) : status;
}

static bt_status add_own_actors(casting *c)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < c->desc->scenario->actor_count && status == BT_OK; i++) {
        const bt_scenario_actor *asked = &c->desc->scenario->actors[i];
        if (asked->kind == BT_SCENARIO_THING) {
            status = add_thing(c, asked);
            continue;
        }
        if (asked->kind != BT_SCENARIO_VEHICLE) {
            status = add_walker(c, asked, (uint32_t)i);
            continue;
        }
        bt_actor_desc actor;
        uint32_t model;
        status = describe_vehicle(c, asked, &actor, &model);
        if (status == BT_OK) status = add(c, &actor, model, class_of_vehicle(&actor.vehicle));
    }
    return status;
}

// ---- the story --------------------------------------------------------------------------------
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

static bt_status create_player(casting *c)
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
        cast->actors[i].led_from = bt_lead_place(role);
    }
    return BT_OK;
}

static bt_status begin_story(casting *c)
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
    if (status == BT_OK && !cast->player) status = create_player(c);
    return status == BT_OK ? settle_led(c) : status;
}

// ---- traffic ----------------------------------------------------------------------------------
static bt_status add_spawned(casting *c, const bt_spawn_entry *entry)
{
    bt_garage *garage = &c->garage;
    bt_actor_desc actor = entry->desc;
    if (actor.lamps != 0 && !c->desc->scenario->lamps_lit) actor.lamps = BT_LAMP_DAY;
    bt_class class_id = BT_CLASS_CAR;
    uint32_t model;
    bt_status status;
    switch (entry->kind) {
    case BT_SPAWN_TRUCK:
        class_id = BT_CLASS_TRUCK;
        status = bt_garage_truck(garage, entry->model, &model);
        break;
    case BT_SPAWN_PEDESTRIAN:
        class_id = BT_CLASS_PERSON;
        status = bt_garage_person(garage, entry->model, &model, &actor.height_m);
        break;
    case BT_SPAWN_DOG:
        class_id = BT_CLASS_ANIMAL;
        status = bt_garage_dog(garage, entry->model, &model, &actor.height_m);
        break;
    default:
        status = bt_garage_car(garage, entry->model, &model);
    }
    return status == BT_OK ? add(c, &actor, model, class_id) : status;
}

// The spawner owns paths in one block; the cast keeps a copy.
static bt_status keep_path(bt_cast *cast, bt_actor_desc *actor)
{
    if (actor->path_count == 0) return BT_OK;
    bt_vec3 *points = bt_alloc(actor->path_count, sizeof *points);
    bt_status status = BT_ARRAY_RESERVE(cast->paths, cast->path_capacity, cast->path_count + 1);
    if (!points || status != BT_OK) {
        bt_free(points);
        return bt_fail(BT_ERR_MEMORY, "no memory for the path of %s", actor->name);
    }
    memcpy(points, actor->path, actor->path_count * sizeof *points);
    cast->paths[cast->path_count++] = points;
    actor->path = points;
    return BT_OK;
}

static bt_status add_traffic(casting *c)
{
    const bt_scenario *scenario = c->desc->scenario;
    const bt_scenario_traffic *traffic = &scenario->traffic;
    const bt_actor_desc *ego = &c->cast->actors[0];
    bt_spawn_desc desc = {.net = c->desc->net,
                          .seed = scenario->seed,
                          .counts = {traffic->cars, traffic->trucks, traffic->parked,
                                     traffic->pedestrians, traffic->dogs},
                          .cars = c->garage.cars,
                          .trucks = c->garage.trucks,
                          .car_models = BT_GARAGE_CARS,
                          .truck_models = BT_GARAGE_TRUCKS,
                          .ego_lane = ego->lane,
                          .ego_s_m = ego->s_m,
                          .ego_length_m = ego->vehicle.length_m,
                          .radius_m = traffic->radius_m,
                          .present = c->cast->actors,
                          .present_count = (uint32_t)c->cast->count};
    bt_spawn_list list = {0};
    bt_status status = bt_spawn(&desc, &list);
    for (uint32_t i = 0; i < list.count && status == BT_OK; i++) {
        status = keep_path(c->cast, &list.entries[i].desc);
        if (status == BT_OK) status = add_spawned(c, &list.entries[i]);
    }
    if (status == BT_OK && list.count > 0)
        bt_log(BT_LOG_INFO, "traffic: %u actors placed", list.count);
    bt_spawn_clear(&list);
    return status;
}

// ---- where the ego will pass ------------------------------------------------------------------
static bt_status find_focus(casting *c)
{
    bt_cast *cast = c->cast;
    const bt_road_network *net = c->desc->net;
    const bt_scenario *scenario = c->desc->scenario;
    const bt_actor_desc *ego = &cast->actors[0];
    bt_route *route = NULL;
    double reach_m = FOCUS_STEP_M + scenario->duration_s * (ego->speed_m_s + 3.0);
    bt_status status =
        ego->goal_lane != BT_ROAD_NONE
            ? bt_route_find(net, ego->lane, ego->s_m, ego->goal_lane, ego->goal_s_m, &route)
            : bt_route_wander(net, ego->lane, ego->s_m, reach_m, ego->choice, &route);
    for (double at_m = 0.0; status == BT_OK && at_m <= reach_m + FOCUS_STEP_M;
         at_m += FOCUS_STEP_M) {
        if (at_m > bt_route_length(route) + FOCUS_STEP_M) break;
        status = BT_ARRAY_RESERVE(cast->focus, cast->focus_capacity, cast->focus_count + 1);
        if (status != BT_OK) break;
        bt_pose pose = bt_route_pose(net, route, at_m, 0.0, NULL, NULL);
        cast->focus[cast->focus_count++] = pose.pos;
    }
    bt_route_destroy(route);
    return status;
}

bt_status bt_cast_init(const bt_cast_desc *desc, bt_cast *cast)
{
    memset(cast, 0, sizeof *cast);
    casting c = {.desc = desc, .cast = cast};
    bt_garage_desc garage = {.spec = desc->spec,
                             .inputs = desc->inputs,
                             .assets = desc->assets,
                             .seed = desc->scenario->seed,
                             .without_bodies = desc->without_bodies};
    bt_status status = bt_garage_init(&garage, &c.garage);
    // the file has everybody's beginning: it says where the ego is
    if (status == BT_OK && desc->scenario->from_openscenario) status = create_player(&c);
    if (status == BT_OK) status = add_ego(&c);
    if (status == BT_OK) status = add_own_actors(&c);
    if (status == BT_OK) status = begin_story(&c);
    if (status == BT_OK) status = add_traffic(&c);
    if (status == BT_OK) status = find_focus(&c);
    return status;
}

bt_status bt_cast_add_fixture(bt_cast *cast, uint32_t signal, uint32_t actor,
                              bt_pose world_from_fixture)
{
    if (actor != cast->count)
        return bt_fail(BT_ERR_INTERNAL, "signal head %u is actor %u, expected %zu", signal, actor,
                       cast->count);
    bt_status status = BT_ARRAY_RESERVE(cast->actors, cast->capacity, cast->count + 1);
    if (status != BT_OK) return status;
    bt_actor_desc *desc = &cast->actors[cast->count++];
    *desc = (bt_actor_desc){.kind = BT_ACTOR_FIXTURE,
                            .world_from_fixture = world_from_fixture,
                            .signal = signal,
                            .goal_lane = BT_ROAD_NONE};
    snprintf(desc->name, sizeof desc->name, "signal %u", signal);
    return BT_OK;
}

void bt_cast_clear(bt_cast *cast)
{
    for (size_t i = 0; i < cast->path_count; i++)
        bt_free(cast->paths[i]);
    bt_free(cast->paths);
    bt_free(cast->story_actors);
    bt_story_player_destroy(cast->player);
    bt_free(cast->focus);
    bt_free(cast->actors);
    memset(cast, 0, sizeof *cast);
}
