// cast.c: see cast.h.
#include "engine/app/cast_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/log.h"
#include "engine/core/memory.h"
#include "procedural/gear/gear_body.h"

bt_status cast_add(casting *c, const bt_actor_desc *actor, const bt_cast_body *body, uint32_t model,
                   bt_class class_id)
{
    bt_cast *cast = c->cast;
    uint32_t index;
    bt_status status = BT_ARRAY_RESERVE(cast->actors, cast->capacity, cast->count + 1);
    if (status == BT_OK)
        status = BT_ARRAY_RESERVE(cast->bodies, cast->body_capacity, cast->count + 1);
    if (status == BT_OK)
        status = bt_spec_add_actor(c->desc->spec, model, actor->name, class_id, &index);
    if (status != BT_OK) return status;
    if (index != cast->count)
        return bt_fail(BT_ERR_INTERNAL, "actor '%s' is %u in the scene and %zu in the simulation",
                       actor->name, index, cast->count);
    cast->bodies[cast->count] = *body;
    cast->actors[cast->count++] = *actor;
    return BT_OK;
}

// ---- bodies -----------------------------------------------------------------------------------
static bt_status build_vehicle(casting *c, const bt_cast_body *body, bt_actor_desc *actor,
                               uint32_t *model, bt_class *class_id)
{
    const bt_scenario_actor *asked = body->own;
    *class_id = BT_CLASS_CAR;
    bt_status status =
        c->desc->scenario->only_scene
            ? bt_garage_stand(c->garage, asked->vehicle, &actor->vehicle, model)
            : bt_garage_sheet(c->garage, asked->vehicle, asked->has_color ? asked->color : NULL,
                              body->choice, &actor->vehicle, model, class_id);
    if (asked == &c->desc->scenario->ego) *class_id = BT_CLASS_EGO;
    return status;
}

static bt_status build_thing(casting *c, const bt_cast_body *body, uint32_t *model,
                             bt_class *class_id)
{
    static const bt_prop_kind props[] = {BT_PROP_KIND_COUNT, BT_PROP_CONE, BT_PROP_CONCRETE_BARRIER,
                                         BT_PROP_WHEELED_BIN};
    static const char *const lumps[] = {"snow_packed", "ice_clear"};
    const bt_scenario_actor *asked = body->own;
    *class_id = BT_CLASS_PROP;
    if (asked->thing >= BT_SCENARIO_SNOW)
        return bt_garage_lump(c->garage, lumps[asked->thing - BT_SCENARIO_SNOW], asked->size_m,
                              body->choice, model);
    return bt_garage_thing(c->garage, props[asked->thing], asked->size_m, model);
}

static bt_status build_walker(casting *c, const bt_cast_body *body, bt_actor_desc *actor,
                              uint32_t *model, bt_class *class_id)
{
    const bt_scenario_actor *asked = body->own;
    bool dog = asked->kind == BT_SCENARIO_DOG, moose = asked->kind == BT_SCENARIO_MOOSE;
    bool deer = moose || asked->kind == BT_SCENARIO_DEER;
    *class_id = dog || deer ? BT_CLASS_ANIMAL : bt_gear_class(asked->gear);
    actor->height_m = asked->height_m;
    if (asked->gear != BT_GEAR_NONE)
        return bt_garage_gear(c->garage, asked->gear, body->choice, model, &actor->height_m);
    if (deer) return bt_garage_deer(c->garage, moose, body->choice, &actor->height_m, model);
    if (asked->height_m > 0.0)
        return bt_garage_walker(c->garage, dog, body->choice, asked->height_m, model);
    return dog ? bt_garage_dog(c->garage, body->choice, model, &actor->height_m)
               : bt_garage_person(c->garage, body->choice, model, &actor->height_m);
}

static bt_status build_traffic(casting *c, const bt_cast_body *body, bt_actor_desc *actor,
                               uint32_t *model, bt_class *class_id)
{
    bt_garage *garage = c->garage;
    switch (body->kind) {
    case BT_SPAWN_TRUCK:
        *class_id = BT_CLASS_TRUCK;
        return bt_garage_truck(garage, body->choice, model);
    case BT_SPAWN_PEDESTRIAN:
        *class_id = bt_gear_class(actor->gear);
        if (actor->gear == BT_GEAR_NONE)
            return bt_garage_person(garage, body->choice, model, &actor->height_m);
        actor->height_m = 0.0; // that of the body
        return bt_garage_gear(garage, actor->gear, body->choice, model, &actor->height_m);
    case BT_SPAWN_CYCLIST:
        *class_id = BT_CLASS_BICYCLE;
        return bt_garage_bicycle(garage, body->choice, model);
    case BT_SPAWN_DOG:
        *class_id = BT_CLASS_ANIMAL;
        return bt_garage_dog(garage, body->choice, model, &actor->height_m);
    case BT_SPAWN_CAR:
    case BT_SPAWN_PARKED:
    case BT_SPAWN_KIND_COUNT:
        break;
    }
    *class_id = BT_CLASS_CAR;
    return bt_garage_car(garage, body->choice, model);
}

bt_status cast_build_body(casting *c, const bt_cast_body *body, bt_actor_desc *actor,
                          uint32_t *model, bt_class *class_id)
{
    if (!body->own) return build_traffic(c, body, actor, model, class_id);
    if (body->own->kind == BT_SCENARIO_THING) return build_thing(c, body, model, class_id);
    if (body->own->kind == BT_SCENARIO_VEHICLE)
        return build_vehicle(c, body, actor, model, class_id);
    return build_walker(c, body, actor, model, class_id);
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
    bt_lane_type type = *lane == BT_ROAD_NONE ? BT_LANE_NONE : bt_road_lane_get(net, *lane)->type;
    // which of both a vehicle may use the sim checks
    if (!bt_lane_type_drivable(type) && type != BT_LANE_BIKING)
        return bt_fail(BT_ERR_INPUT, "%s: road '%s' has no lane %d to drive on at s = %g m",
                       actor->name, place->road, place->lane, place->s_m);
    return BT_OK;
}

static bt_status describe_vehicle(casting *c, const bt_scenario_actor *asked, bt_actor_desc *actor)
{
    *actor = (bt_actor_desc){.kind = BT_ACTOR_VEHICLE,
                             .lateral_m = asked->lateral_m,
                             .speed_m_s = asked->parked ? 0.0 : asked->speed_m_s,
                             .desired_speed_m_s = asked->desired_speed_m_s,
                             .driver = asked->driver,
                             .emergency = asked->emergency,
                             .parked = asked->parked,
                             .lamps = asked->lamps,
                             .goal_lane = BT_ROAD_NONE,
                             .choice = c->desc->scenario->seed};
    snprintf(actor->name, sizeof actor->name, "%s", asked->name);
    bt_status status = BT_OK;
    if (asked->start.given) {
        actor->s_m = asked->start.s_m;
        status = find_lane(c, asked, &asked->start, &actor->lane);
    }
    if (status == BT_OK && asked->goal.given) {
        actor->goal_s_m = asked->goal.s_m;
        status = find_lane(c, asked, &asked->goal, &actor->goal_lane);
    }
    return status;
}

// With the body that the scenario gives it.
static bt_status add_own(casting *c, const bt_scenario_actor *asked, uint32_t choice,
                         bt_actor_desc *actor)
{
    const bt_cast_body body = {.own = asked, .choice = choice};
    uint32_t model;
    bt_class class_id;
    actor->number = (uint32_t)c->cast->count; // traffic is numbered from there on
    bt_status status = cast_build_body(c, &body, actor, &model, &class_id);
    return status == BT_OK ? cast_add(c, actor, &body, model, class_id) : status;
}

// On an endless road it begins in the first window's middle tile.
static bt_status find_start(const casting *c, bt_actor_desc *ego)
{
    const bt_scenario *scenario = c->desc->scenario;
    const bt_road_make *make = &scenario->make;
    if (!scenario->map_made || !make->endless)
        return bt_spawn_ego_start(c->desc->net, scenario->seed, &ego->lane, &ego->s_m);
    double side = bt_world_tile_side(make->world.kind);
    double x_m = side * (floor(make->x_m / side) + 0.5),
           y_m = side * (floor(make->y_m / side) + 0.5);
    return bt_spawn_ego_start_near(c->desc->net, scenario->seed, x_m, y_m, 0.6 * side, &ego->lane,
                                   &ego->s_m);
}

static bt_status add_ego(casting *c)
{
    const bt_scenario *scenario = c->desc->scenario;
    bt_actor_desc actor;
    bt_status status = describe_vehicle(c, &scenario->ego, &actor);
    actor.external = true;
    if (status == BT_OK && scenario->from_openscenario)
        status = cast_place_by_story(c, &scenario->ego, &actor);
    else if (status == BT_OK && !scenario->ego.start.given)
        status = find_start(c, &actor);
    return status == BT_OK ? add_own(c, &scenario->ego, 0, &actor) : status;
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
    bt_actor_desc actor = {.kind = BT_ACTOR_WALKER,
                           .four_legged = asked->kind != BT_SCENARIO_PEDESTRIAN,
                           .walk_speed_m_s = asked->speed_m_s,
                           .path_loop = asked->path_loop,
                           .careless = asked->careless,
                           .gear = asked->gear,
                           .start_ns = bt_from_seconds(asked->start_s),
                           .goal_lane = BT_ROAD_NONE};
    snprintf(actor.name, sizeof actor.name, "%s", asked->name);
    bt_status status = asked->led ? BT_OK : find_path(c, asked, &actor);
    return status == BT_OK ? add_own(c, asked, choice, &actor) : status;
}

static bt_status add_thing(casting *c, const bt_scenario_actor *asked)
{
    bt_actor_desc actor = {.kind = BT_ACTOR_THING, .goal_lane = BT_ROAD_NONE};
    memcpy(actor.size_m, asked->size_m, sizeof actor.size_m);
    snprintf(actor.name, sizeof actor.name, "%s", asked->name);
    return add_own(c, asked, (uint32_t)c->cast->count, &actor);
}

static bt_status add_vehicle(casting *c, const bt_scenario_actor *asked)
{
    bt_actor_desc actor;
    bt_status status = describe_vehicle(c, asked, &actor);
    return status == BT_OK ? add_own(c, asked, (uint32_t)c->cast->count, &actor) : status;
}

static bt_status add_own_actors(casting *c)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < c->desc->scenario->actor_count && status == BT_OK; i++) {
        const bt_scenario_actor *asked = &c->desc->scenario->actors[i];
        if (asked->kind == BT_SCENARIO_THING)
            status = add_thing(c, asked);
        else if (asked->kind == BT_SCENARIO_VEHICLE)
            status = add_vehicle(c, asked);
        else
            status = add_walker(c, asked, (uint32_t)i);
    }
    return status;
}

// ---- traffic ----------------------------------------------------------------------------------
static bt_status add_spawned(casting *c, const bt_spawn_entry *entry)
{
    bt_actor_desc actor = entry->desc;
    actor.number = c->cast->next_number++;
    if (actor.lamps != 0 && !c->desc->scenario->lamps_lit) actor.lamps = BT_LAMP_DAY;
    const bt_cast_body body = {.kind = entry->kind, .choice = entry->model};
    bt_class class_id;
    uint32_t model;
    bt_status status = cast_build_body(c, &body, &actor, &model, &class_id);
    if (status == BT_OK) c->cast->named[entry->kind]++;
    return status == BT_OK ? cast_add(c, &actor, &body, model, class_id) : status;
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

bt_status cast_add_traffic(casting *c, bt_spawn_desc *desc)
{
    const bt_actor_desc *ego = &c->cast->actors[0];
    desc->net = c->desc->net;
    desc->graph = c->desc->graph;
    desc->cars = c->garage->cars;
    desc->trucks = c->garage->trucks;
    desc->car_models = BT_GARAGE_CARS;
    desc->truck_models = BT_GARAGE_TRUCKS;
    desc->bicycles = c->garage->bicycles;
    desc->bicycle_models = BT_GARAGE_BICYCLES;
    desc->ego_lane = ego->lane;
    desc->ego_s_m = ego->s_m;
    desc->ego_length_m = ego->vehicle.length_m;
    desc->present = c->cast->actors;
    desc->present_count = (uint32_t)c->cast->count;
    memcpy(desc->named, c->cast->named, sizeof desc->named);
    memcpy(desc->gear_share, c->desc->scenario->traffic.gear_share, sizeof desc->gear_share);
    bt_spawn_list list = {0};
    bt_status status = bt_spawn(desc, &list);
    for (uint32_t i = 0; i < list.count && status == BT_OK; i++) {
        status = keep_path(c->cast, &list.entries[i].desc);
        if (status == BT_OK) status = add_spawned(c, &list.entries[i]);
    }
    if (status == BT_OK && list.count > 0)
        bt_log(BT_LOG_INFO, "traffic: %u actors placed", list.count);
    bt_spawn_clear(&list);
    return status;
}

static bt_status begin_traffic(casting *c)
{
    const bt_scenario_traffic *traffic = &c->desc->scenario->traffic;
    bt_spawn_desc desc = {.seed = c->desc->scenario->seed,
                          .counts = {traffic->cars, traffic->trucks, traffic->parked,
                                     traffic->pedestrians, traffic->cyclists, traffic->dogs},
                          .radius_m = traffic->radius_m};
    c->cast->next_number = (uint32_t)c->cast->count;
    return cast_add_traffic(c, &desc);
}

// ---- whole ------------------------------------------------------------------------------------
void cast_begin(const bt_cast_desc *desc, bt_garage *garage, casting *c, bt_cast *cast)
{
    memset(cast, 0, sizeof *cast);
    *c = (casting){.desc = desc, .cast = cast, .garage = garage};
}

// Its way, as far as that is known.
static bt_status find_way(casting *c, double reach_m, bt_route **route)
{
    const bt_cast_desc *desc = c->desc;
    const bt_actor_desc *ego = &c->cast->actors[0];
    if (ego->goal_lane != BT_ROAD_NONE)
        return bt_route_find(desc->net, ego->lane, ego->s_m, ego->goal_lane, ego->goal_s_m, route);
    if (desc->part)
        return bt_route_wander_part(desc->net, desc->part, ego->lane, ego->s_m, BT_CAST_ROUTE_M,
                                    ego->choice, route);
    return bt_route_wander(desc->net, ego->lane, ego->s_m, reach_m, ego->choice, route);
}

static bt_status begin_way(casting *c, bt_cast_focus *focus)
{
    bt_route *route = NULL;
    double reach_m = cast_focus_reach(c->desc->scenario, c->cast->actors[0].speed_m_s);
    bt_status status = find_way(c, reach_m, &route);
    if (status == BT_OK) status = cast_add_focus(c->desc, route, 0.0, reach_m, focus);
    if (c->desc->part)
        c->cast->ego_route = route;
    else
        bt_route_destroy(route);
    return status;
}

bt_status bt_cast_init(const bt_cast_desc *desc, bt_cast_stock *stock, bt_cast_focus *focus,
                       bt_cast *cast)
{
    casting c;
    cast_begin(desc, &stock->garage, &c, cast);
    bt_status status = cast_open_garage(desc, &stock->garage);
    // the file has everybody's beginning: it says where the ego is
    if (status == BT_OK && desc->scenario->from_openscenario) status = cast_create_player(&c);
    if (status == BT_OK) status = add_ego(&c);
    if (status == BT_OK) status = add_own_actors(&c);
    if (status == BT_OK) status = cast_begin_story(&c);
    if (status == BT_OK) status = begin_traffic(&c);
    if (status == BT_OK) status = begin_way(&c, focus);
    return status;
}

bt_status bt_cast_add_fixture(bt_cast *cast, uint32_t signal, uint32_t actor,
                              bt_pose world_from_fixture)
{
    if (actor != cast->count)
        return bt_fail(BT_ERR_INTERNAL, "signal head %u is actor %u, expected %zu", signal, actor,
                       cast->count);
    bt_status status = BT_ARRAY_RESERVE(cast->actors, cast->capacity, cast->count + 1);
    if (status == BT_OK)
        status = BT_ARRAY_RESERVE(cast->bodies, cast->body_capacity, cast->count + 1);
    if (status != BT_OK) return status;
    cast->bodies[cast->count] = (bt_cast_body){.fixture = true};
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
    bt_route_destroy(cast->ego_route);
    bt_free(cast->origins);
    bt_free(cast->bodies);
    bt_free(cast->actors);
    memset(cast, 0, sizeof *cast);
}
