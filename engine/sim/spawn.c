// spawn.c: places of moving and parked vehicles; the list.
#include "engine/sim/spawn_internal.h"

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/sim/chassis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define RADIUS_M 200.0
#define MAX_COUNT 10000u  // of one kind
#define CAR_SPACING_M 9.0 // of the places looked at
#define PARKED_SPACING_M 6.5
#define ROOM_TIME_S 1.3 // from car to car at the start
#define ROOM_M 4.0
#define LANE_WIDTH_M 2.3 // narrower lanes are not for cars
#define EGO_ROOM_M 12.0
#define WAY_M 1.0 // on each side of lanes' middles nobody parks
#define SWING_ROOM_M 0.4
#define SWING_M 0.3 // bodies nearer to their lanes do not count as swinging out
#define WAY_STEP_M 1.0
#define EDGE_M 0.9         // from the edge of the lane to a bicycle's middle
#define CYCLE_SLOW_M_S 3.5 // what cyclists like to go
#define CYCLE_FAST_M_S 7.0

double bt_spawn_draw(bt_spawner *s, double low, double high)
{
    return bt_random_range(s->desc->seed, BT_STREAM_PLACEMENT, s->draws++, 7, low, high);
}

uint32_t bt_spawn_draw_below(bt_spawner *s, uint32_t count)
{
    return bt_random_below(s->desc->seed, BT_STREAM_PLACEMENT, s->draws++, 7, count);
}

bool bt_spawn_near_ego(const bt_spawner *s, bt_vec3 pos)
{
    if (!s->has_ego) return true;
    double radius = s->desc->radius_m > 0.0 ? s->desc->radius_m : RADIUS_M;
    double distance = bt_hypot(pos.x - s->ego_pos.x, pos.y - s->ego_pos.y);
    return distance < radius && distance >= s->desc->clear_m;
}

bt_spawn_entry *bt_spawn_add(bt_spawner *s, bt_spawn_kind kind)
{
    static const char *const words[] = {"car",        "truck",   "parked car",
                                        "pedestrian", "cyclist", "dog"};
    uint32_t number = 1 + s->desc->named[kind];
    for (uint32_t i = 0; i < s->count; i++)
        number += s->entries[i].kind == kind;
    bt_spawn_entry *e = &s->entries[s->count++];
    *e = (bt_spawn_entry){.kind = kind};
    snprintf(e->desc.name, sizeof e->desc.name, "%s %u", words[kind], number);
    e->desc.goal_lane = BT_ROAD_NONE;
    return e;
}

// ---- places -----------------------------------------------------------------------------------
bt_status bt_spawn_find_places(bt_spawner *s, double spacing,
                               bool (*wanted)(const bt_spawner *, uint32_t),
                               bt_spawn_places *places)
{
    const bt_road_network *net = s->desc->net;
    *places = (bt_spawn_places){0};
    for (uint32_t lane = 0; lane < bt_road_lane_count(net); lane++) {
        if (!wanted(s, lane)) continue;
        const bt_lane *l = bt_road_lane_get(net, lane);
        for (double at = l->s0_m + 0.5 * spacing; at < l->s1_m - 0.3 * spacing; at += spacing) {
            if (!bt_spawn_near_ego(s, bt_lane_pose(net, lane, at, 0.0).pos)) continue;
            bt_status status = BT_ARRAY_RESERVE(places->items, places->capacity, places->count + 1);
            if (status != BT_OK) return status;
            places->items[places->count++] = (bt_spawn_place){lane, at};
        }
    }
    // Fisher and Yates
    for (size_t i = places->count; i > 1; i--) {
        size_t k = bt_spawn_draw_below(s, (uint32_t)i);
        bt_spawn_place other = places->items[k];
        places->items[k] = places->items[i - 1];
        places->items[i - 1] = other;
    }
    return BT_OK;
}

static bool for_driving(const bt_spawner *s, uint32_t lane)
{
    const bt_lane_path *path = &s->graph->lanes[lane];
    if (s->goes_on && !path->endless) return false; // they would end standing for ever
    return bt_lane_graph_drivable(s->graph, lane) && path->junction == BT_ROAD_NONE &&
           path->length_m > 15.0;
}

static bool for_parking(const bt_spawner *s, uint32_t lane)
{
    return bt_road_lane_get(s->desc->net, lane)->type == BT_LANE_PARKING;
}

// On bicycle lanes, and on those for cars that have none beside them.
static bool for_cycling(const bt_spawner *s, uint32_t lane)
{
    const bt_lane_path *path = &s->graph->lanes[lane];
    if (path->cycles)
        return bt_lane_graph_rideable(s->graph, lane) && path->junction == BT_ROAD_NONE &&
               path->length_m > 15.0 && (path->endless || !s->goes_on);
    double limit = path->limit_m_s;
    return for_driving(s, lane) && bt_lane_graph_cycle_lane(s->graph, lane) == BT_ROAD_NONE &&
           (limit > 0.0 ? limit : 13.9) <= BT_SPAWN_CYCLE_M_S;
}

// ---- vehicles ---------------------------------------------------------------------------------
// Footprint of a vehicle on a lane with room before and behind it; false: overlaps another's.
static bool take(bt_spawner *s, const bt_vehicle *v, bt_pose pose, double room)
{
    bt_actor_pose at = {.world_from_actor = pose};
    bt_footprint f[2];
    uint32_t parts = 0;
    while (parts < 2 && bt_chassis_footprint(v, &at, parts, &f[parts])) {
        f[parts].half_length_m += 0.5 * room;
        f[parts].half_width_m += 0.15;
        f[parts].z_low_m -= 3.0; // on a slope they are not level
        f[parts].z_high_m += 3.0;
        for (uint32_t i = 0; i < s->taken_count; i++)
            if (bt_footprint_overlap(&f[parts], &s->taken[i])) return false;
        parts++;
    }
    for (uint32_t i = 0; i < parts; i++)
        s->taken[s->taken_count++] = f[i];
    return true;
}

// A speed from which the car can stop before its lane's end, and that suits the lane.
static double start_speed(bt_spawner *s, uint32_t lane, double d)
{
    const bt_lane_path *path = &s->graph->lanes[lane];
    double limit = path->limit_m_s > 0.0 ? path->limit_m_s : 13.9;
    double curve = 1e9;
    for (double at = d; at < d + 40.0 && at <= path->length_m; at += 4.0)
        curve = fmin(curve, bt_lane_graph_at(s->graph, lane, at).speed_m_s);
    double stop = sqrt(2.0 * 1.5 * fmax(0.0, path->length_m - d - 12.0));
    return 0.85 * fmin(fmin(limit, curve), stop);
}

static bt_spawn_entry *add_vehicle(bt_spawner *s, bt_spawn_kind kind, const bt_spawn_place *place,
                                   uint32_t model, const bt_vehicle *v)
{
    bt_spawn_entry *e = bt_spawn_add(s, kind);
    e->model = model;
    e->desc.kind = BT_ACTOR_VEHICLE;
    e->desc.vehicle = *v;
    e->desc.lane = place->lane;
    e->desc.s_m = place->s_m;
    return e;
}

static bool place_driver(bt_spawner *s, bt_spawn_kind kind, const bt_spawn_place *place)
{
    const bt_spawn_desc *desc = s->desc;
    bool truck = kind == BT_SPAWN_TRUCK;
    uint32_t models = truck ? desc->truck_models : desc->car_models;
    uint32_t model = bt_spawn_draw_below(s, models);
    const bt_vehicle *v = truck ? &desc->trucks[model] : &desc->cars[model];
    double d = bt_lane_graph_distance(s->graph, place->lane, place->s_m);
    // all of it on this lane, so that a trailer does not stick out of a bend
    double behind = bt_vehicle_has_trailer(v) ? v->trailer_length_m : v->rear_overhang_m;
    double ahead = v->length_m - v->rear_overhang_m;
    if (d < behind + 1.0 || d + ahead + 4.0 > s->graph->lanes[place->lane].length_m) return false;
    if (bt_lane_width(desc->net, place->lane, place->s_m) < fmax(LANE_WIDTH_M, v->width_m + 0.3))
        return false;
    double speed = start_speed(s, place->lane, d);
    bt_pose pose = bt_lane_pose(desc->net, place->lane, place->s_m, 0.0);
    if (!take(s, v, pose, ROOM_M + ROOM_TIME_S * speed)) return false;
    bt_spawn_entry *e = add_vehicle(s, kind, place, model, v);
    e->desc.lamps = BT_LAMP_LOW_BEAM | BT_LAMP_TAIL;
    e->desc.speed_m_s = speed;
    double limit = s->graph->lanes[place->lane].limit_m_s;
    // drivers differ; without a limit in the map everybody keeps to about 50 km/h
    if (limit <= 0.0) e->desc.desired_speed_m_s = 13.9 * bt_spawn_draw(s, 0.85, 1.05);
    e->desc.choice = (uint64_t)bt_spawn_draw_below(s, UINT32_MAX);
    e->desc.driver = bt_driver_draw(desc->seed, s->count);
    return true;
}

// At the edge of the lane, on the side away from oncoming traffic.
static bool place_cyclist(bt_spawner *s, bt_spawn_kind kind, const bt_spawn_place *place)
{
    const bt_spawn_desc *desc = s->desc;
    uint32_t model = bt_spawn_draw_below(s, desc->bicycle_models);
    const bt_vehicle *v = &desc->bicycles[model];
    double d = bt_lane_graph_distance(s->graph, place->lane, place->s_m);
    if (d < 2.0 || d + 6.0 > s->graph->lanes[place->lane].length_m) return false;
    const bt_road *road = bt_road_get(desc->net, bt_road_lane_get(desc->net, place->lane)->road);
    double width = bt_lane_width(desc->net, place->lane, place->s_m);
    double aside = fmax(0.0, 0.5 * width - EDGE_M) * (road->left_hand_traffic ? 1.0 : -1.0);
    if (s->graph->lanes[place->lane].cycles) aside = 0.0;
    bt_pose pose = bt_lane_pose(desc->net, place->lane, place->s_m, aside);
    double wanted = bt_spawn_draw(s, CYCLE_SLOW_M_S, CYCLE_FAST_M_S);
    double speed = fmin(wanted, start_speed(s, place->lane, d));
    if (!take(s, v, pose, ROOM_M + ROOM_TIME_S * speed)) return false;
    bt_spawn_entry *e = add_vehicle(s, kind, place, model, v);
    e->desc.lamps = BT_LAMP_LOW_BEAM | BT_LAMP_TAIL;
    e->desc.lateral_m = aside;
    e->desc.speed_m_s = speed;
    e->desc.desired_speed_m_s = wanted;
    e->desc.choice = (uint64_t)bt_spawn_draw_below(s, UINT32_MAX);
    e->desc.driver = (bt_driver){.accel_m_s2 = 0.6, .brake_m_s2 = 1.5, .keep_lane_m_s2 = 1000.0};
    return true;
}

// Is a place on somebody's way? In some maps parking lanes lead across other roads, or on through junctions.
static bool is_on_way(const bt_spawner *s, const bt_vehicle *v, bt_pose pose)
{
    bt_actor_pose at = {.world_from_actor = pose};
    bt_footprint body;
    if (!bt_chassis_footprint(v, &at, 0, &body)) return false;
    double reach = body.half_length_m + body.half_width_m + WAY_M + WAY_STEP_M;
    for (uint32_t lane = 0; lane < s->graph->lane_count; lane++) {
        if (!bt_lane_graph_drivable(s->graph, lane)) continue;
        for (double d = 0.0, step; d <= s->graph->lanes[lane].length_m; d += step) {
            bt_lane_point p = bt_lane_graph_at(s->graph, lane, d);
            bt_footprint way = {p.x_m, p.y_m, p.heading_rad,      0.5 * WAY_STEP_M,
                                WAY_M, p.z_m, p.z_m + v->height_m};
            if (bt_footprint_overlap(&way, &body)) return true;
            step = fmax(WAY_STEP_M, bt_hypot(p.x_m - body.x_m, p.y_m - body.y_m) - reach);
        }
    }
    return false;
}

// What bodies of each lorry sweep beside their lanes: where one parks, it could not get by.
static bt_status find_swings(bt_spawner *s)
{
    const bt_spawn_desc *desc = s->desc;
    bt_status status = BT_OK;
    if (desc->counts[BT_SPAWN_TRUCK] == 0 || desc->counts[BT_SPAWN_PARKED] == 0) return BT_OK;
    for (uint32_t i = 0; i < desc->truck_models; i++)
        for (uint32_t lane = 0; status == BT_OK && lane < s->graph->lane_count; lane++)
            if (bt_lane_graph_drivable(s->graph, lane))
                status = bt_swept_add(s->graph, &desc->trucks[i], lane, SWING_ROOM_M, SWING_M,
                                      &s->swings);
    return status;
}

static bool is_swept(const bt_spawner *s, const bt_vehicle *v, bt_pose pose)
{
    bt_actor_pose at = {.world_from_actor = pose};
    bt_footprint body;
    if (!bt_chassis_footprint(v, &at, 0, &body)) return false;
    for (uint32_t i = 0; i < s->swings.count; i++)
        if (bt_footprint_overlap(&s->swings.boxes[i].box, &body)) return true;
    return false;
}

static bool place_parked(bt_spawner *s, bt_spawn_kind kind, const bt_spawn_place *place)
{
    const bt_spawn_desc *desc = s->desc;
    uint32_t model = bt_spawn_draw_below(s, desc->car_models);
    const bt_vehicle *v = &desc->cars[model];
    if (bt_lane_width(desc->net, place->lane, place->s_m) < v->width_m) return false;
    double lateral = bt_spawn_draw(s, -0.12, 0.12), s_m = place->s_m + bt_spawn_draw(s, -0.4, 0.4);
    bt_pose pose = bt_lane_pose(desc->net, place->lane, s_m, lateral);
    if (is_on_way(s, v, pose) || is_swept(s, v, pose) || !take(s, v, pose, 0.8)) return false;
    bt_spawn_entry *e = add_vehicle(s, kind, place, model, v);
    e->desc.parked = true;
    e->desc.s_m = s_m;
    e->desc.lateral_m = lateral;
    return true;
}

static bt_status spawn_vehicles(bt_spawner *s, bt_spawn_kind kind)
{
    const bt_spawn_desc *desc = s->desc;
    uint32_t models = kind == BT_SPAWN_TRUCK     ? desc->truck_models
                      : kind == BT_SPAWN_CYCLIST ? desc->bicycle_models
                                                 : desc->car_models;
    if (desc->counts[kind] == 0 || models == 0) return BT_OK;
    bool parked = kind == BT_SPAWN_PARKED, cycles = kind == BT_SPAWN_CYCLIST;
    bt_spawn_places places;
    bt_status status = bt_spawn_find_places(s, parked ? PARKED_SPACING_M : CAR_SPACING_M,
                                            parked   ? for_parking
                                            : cycles ? for_cycling
                                                     : for_driving,
                                            &places);
    uint32_t placed = 0;
    for (size_t i = 0; status == BT_OK && i < places.count && placed < desc->counts[kind]; i++)
        placed += parked   ? place_parked(s, kind, &places.items[i])
                  : cycles ? place_cyclist(s, kind, &places.items[i])
                           : place_driver(s, kind, &places.items[i]);
    bt_free(places.items);
    return status;
}

// ---- whole ------------------------------------------------------------------------------------
// The ego's own room, longer ahead than behind.
static void take_ego(bt_spawner *s)
{
    const bt_spawn_desc *d = s->desc;
    bt_pose pose = bt_lane_pose(d->net, d->ego_lane, d->ego_s_m, 0.0);
    double length = d->ego_length_m > 0.0 ? d->ego_length_m : 5.0;
    bt_vec3 centre = bt_pose_point(pose, bt_vec3_make(0.4 * length + 0.5 * EGO_ROOM_M, 0.0, 0.0));
    s->has_ego = true;
    s->ego_pos = pose.pos;
    s->taken[s->taken_count++] = (bt_footprint){.x_m = centre.x,
                                                .y_m = centre.y,
                                                .yaw_rad = bt_quat_yaw(pose.rot),
                                                .half_length_m = 0.5 * length + EGO_ROOM_M,
                                                .half_width_m = 1.3,
                                                .z_low_m = centre.z - 2.0,
                                                .z_high_m = centre.z + 2.0};
}

static bt_pose place_of(const bt_spawner *s, const bt_actor_desc *d)
{
    const bt_led_place *p = &d->led_from;
    if (d->led) return (bt_pose){p->pos, bt_quat_yaw_pitch_roll(p->yaw_rad, 0.0, 0.0)};
    return bt_lane_pose(s->desc->net, d->lane, d->s_m, d->lateral_m);
}

static void take_present(bt_spawner *s)
{
    for (uint32_t i = 0; i < s->desc->present_count; i++) {
        const bt_actor_desc *d = &s->desc->present[i];
        if (d->kind != BT_ACTOR_VEHICLE) continue;
        if (!d->led && d->lane >= bt_road_lane_count(s->desc->net)) continue;
        bt_actor_pose at = {.world_from_actor = place_of(s, d)};
        for (uint32_t part = 0; part < 2; part++) {
            bt_footprint f;
            if (!bt_chassis_footprint(&d->vehicle, &at, part, &f)) break;
            f.half_length_m += 0.5 * (ROOM_M + ROOM_TIME_S * d->speed_m_s);
            s->taken[s->taken_count++] = f;
        }
    }
}

static bt_status check(const bt_spawn_desc *desc)
{
    for (int k = 0; k < BT_SPAWN_KIND_COUNT; k++)
        if (desc->counts[k] > MAX_COUNT)
            return bt_fail(BT_ERR_LIMIT, "%u actors of one kind, at most %u", desc->counts[k],
                           MAX_COUNT);
    double shares = 0.0;
    for (int k = 1; k < BT_GEAR_KIND_COUNT; k++) {
        shares += desc->gear_share[k];
        if (!(desc->gear_share[k] >= 0.0 && shares <= 1.0))
            return bt_fail(BT_ERR_INPUT,
                           "shares of people with something: %g of %s, %g in all, expected 0 to 1",
                           desc->gear_share[k], bt_gear_name((bt_gear_kind)k), shares);
    }
    if (desc->ego_lane != BT_ROAD_NONE && desc->ego_lane >= bt_road_lane_count(desc->net))
        return bt_fail(BT_ERR_INPUT, "the ego's lane is not in the network");
    return BT_OK;
}

static bt_status fill(bt_spawner *s)
{
    const bt_spawn_desc *desc = s->desc;
    for (int k = 0; k < BT_SPAWN_KIND_COUNT; k++)
        s->capacity += desc->counts[k];
    s->entries = bt_alloc(s->capacity, sizeof *s->entries);
    s->points = bt_alloc((size_t)s->capacity * BT_SPAWN_PATH_POINTS, sizeof *s->points);
    s->taken = bt_alloc(2 * ((size_t)s->capacity + desc->present_count) + 1, sizeof *s->taken);
    if (!s->entries || !s->points || !s->taken)
        return bt_fail(BT_ERR_MEMORY, "no memory for %u actors", s->capacity);
    if (desc->ego_lane != BT_ROAD_NONE) take_ego(s);
    take_present(s);
    // the longest first, while there is room
    bt_status status = spawn_vehicles(s, BT_SPAWN_TRUCK);
    if (status == BT_OK) status = spawn_vehicles(s, BT_SPAWN_CAR);
    if (status == BT_OK) status = spawn_vehicles(s, BT_SPAWN_CYCLIST);
    if (status == BT_OK) status = find_swings(s);
    if (status == BT_OK) status = spawn_vehicles(s, BT_SPAWN_PARKED);
    if (status == BT_OK) status = bt_spawn_walkers(s);
    return status;
}

bt_status bt_spawn(const bt_spawn_desc *desc, bt_spawn_list *list)
{
    *list = (bt_spawn_list){0};
    bt_spawner s = {.desc = desc};
    bt_status status = check(desc);
    bt_lane_graph own = {0};
    s.graph = desc->graph ? desc->graph : &own;
    if (status == BT_OK && !desc->graph) status = bt_lane_graph_compile(desc->net, &own);
    for (uint32_t i = 0; status == BT_OK && i < s.graph->lane_count; i++)
        s.goes_on = s.goes_on || s.graph->lanes[i].endless;
    if (status == BT_OK) status = fill(&s);
    bt_lane_graph_clear(&own);
    bt_swept_clear(&s.swings);
    bt_free(s.taken);
    if (status == BT_OK) {
        *list = (bt_spawn_list){s.entries, s.count, s.points};
        return BT_OK;
    }
    bt_free(s.entries);
    bt_free(s.points);
    return status;
}

void bt_spawn_clear(bt_spawn_list *list)
{
    bt_free(list->entries);
    bt_free(list->points);
    *list = (bt_spawn_list){0};
}
