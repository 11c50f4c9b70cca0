// spawn_walk.c: people along sidewalks and over crossings, dogs beside their owners.
#include "engine/sim/spawn_internal.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

#define PLACE_SPACING_M 3.0
#define STROLL_M 40.0 // to each side of where the path is laid
#define POINT_STEP_M 2.0
#define CROSSING_SHARE 0.25 // of the people, where there are crossings
#define BODY_M 0.4          // from its middle
#define START_APART_M 1.5   // with room for a dog
#define DOG_ASIDE_M 0.75

static bool for_walking(const bt_spawner *s, uint32_t lane)
{
    return bt_road_lane_get(s->desc->net, lane)->type == BT_LANE_SIDEWALK;
}

static bt_vec3 *own_points(bt_spawner *s)
{
    return s->points + (size_t)s->count * BT_SPAWN_PATH_POINTS;
}

static void reverse(bt_vec3 *p, uint32_t count)
{
    for (uint32_t i = 0; i < count / 2; i++) {
        bt_vec3 other = p[i];
        p[i] = p[count - 1 - i];
        p[count - 1 - i] = other;
    }
}

// Somebody on a path whose points have just been written behind the last entry.
static bt_spawn_entry *add_walker(bt_spawner *s, bt_spawn_kind kind, uint32_t count)
{
    bt_vec3 *points = own_points(s);
    bt_spawn_entry *e = bt_spawn_add(s, kind);
    e->desc.kind = BT_ACTOR_WALKER;
    e->desc.path = points;
    e->desc.path_count = count;
    e->desc.path_loop = true;
    // statures of adults; walking speeds around 1.35 m/s
    e->desc.height_m = bt_spawn_draw(s, 1.55, 1.9);
    e->desc.walk_speed_m_s = bt_spawn_draw(s, 1.1, 1.6);
    e->model = bt_spawn_draw_below(s, UINT32_MAX);
    return e;
}

// Some have something with them, and go at its pace.
static void hand_out_gear(bt_spawner *s, bt_spawn_entry *e)
{
    double u = bt_spawn_draw(s, 0.0, 1.0);
    for (int k = 1; k < BT_GEAR_KIND_COUNT; k++) {
        u -= s->desc->gear_share[k];
        if (u >= 0.0) continue;
        e->desc.gear = (bt_gear_kind)k;
        const double *speed = bt_gear_limits_of(e->desc.gear)->speed_m_s;
        e->desc.walk_speed_m_s = bt_spawn_draw(s, speed[0], speed[1]);
        return;
    }
}

// Along a sidewalk, in either direction.
static uint32_t stroll(bt_spawner *s, const bt_spawn_place *place, bt_vec3 *points)
{
    const bt_road_network *net = s->desc->net;
    const bt_lane *lane = bt_road_lane_get(net, place->lane);
    double from = fmax(lane->s0_m, place->s_m - bt_spawn_draw(s, 0.3, 1.0) * STROLL_M);
    double to = fmin(lane->s1_m, place->s_m + bt_spawn_draw(s, 0.3, 1.0) * STROLL_M);
    double narrow =
        fmin(bt_lane_width(net, place->lane, from), bt_lane_width(net, place->lane, to));
    double room = fmax(0.0, 0.5 * narrow - 0.45), lateral = bt_spawn_draw(s, -room, room);
    uint32_t count = 2 + (uint32_t)((to - from) / POINT_STEP_M);
    if (to - from < 4.0 || narrow < 0.8) return 0;
    if (count > BT_SPAWN_PATH_POINTS) count = BT_SPAWN_PATH_POINTS;
    for (uint32_t i = 0; i < count; i++) {
        double at = bt_lerp(from, to, (double)i / (count - 1));
        points[i] = bt_lane_pose(net, place->lane, at, lateral).pos;
    }
    if (bt_spawn_draw_below(s, 2)) reverse(points, count);
    return count;
}

// A dog walks beside its owner, at the same speed.
static void add_dog(bt_spawner *s)
{
    const bt_spawn_entry *owner = &s->entries[s->count - 1];
    bt_vec3 *points = own_points(s);
    uint32_t count = owner->desc.path_count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t a = i > 0 ? i - 1 : 0, b = i + 1 < count ? i + 1 : i;
        bt_vec3 along = bt_vec3_sub(owner->desc.path[b], owner->desc.path[a]);
        double length = fmax(bt_hypot(along.x, along.y), 1e-9);
        bt_vec3 left = {-along.y / length, along.x / length, 0.0};
        points[i] = bt_vec3_mad(owner->desc.path[i], left, DOG_ASIDE_M);
    }
    double speed = owner->desc.walk_speed_m_s;
    bt_time_ns start = owner->desc.start_ns;
    bt_spawn_entry *e = add_walker(s, BT_SPAWN_DOG, count);
    e->desc.four_legged = true;
    e->desc.height_m = bt_spawn_draw(s, 0.42, 0.65);
    e->desc.walk_speed_m_s = speed;
    e->desc.start_ns = start;
}

// ---- crossings --------------------------------------------------------------------------------
static bool is_crossing(const bt_road_object *o)
{
    return o->road != BT_ROAD_NONE && o->type && strcmp(o->type, "crosswalk") == 0;
}

// From the outer border of one side of the road to the other, over a crosswalk.
static uint32_t cross(bt_spawner *s, const bt_road_object *o, bt_vec3 *points)
{
    const bt_road_network *net = s->desc->net;
    const bt_road *road = bt_road_get(net, o->road);
    double low = 0.0, high = 0.0;
    for (uint32_t i = 0; i < road->section_count; i++) {
        const bt_lane_section *part = bt_road_section_get(net, road->first_section + i);
        if (o->s_m < part->s0_m || o->s_m > part->s1_m) continue;
        for (uint32_t k = 0; k < part->lane_count; k++) {
            uint32_t lane = part->first_lane + k;
            bt_lane_type type = bt_road_lane_get(net, lane)->type;
            if (!bt_lane_type_drivable(type) && type != BT_LANE_SIDEWALK) continue;
            double inner, outer;
            bt_lane_borders(net, lane, o->s_m, &inner, &outer);
            low = fmin(low, outer);
            high = fmax(high, outer);
        }
    }
    if (high - low < 3.0) return 0;
    double at = bt_clamp(o->s_m + bt_spawn_draw(s, -1.0, 1.0), 0.0, road->length_m);
    uint32_t count = 2 + (uint32_t)((high - low) / POINT_STEP_M);
    if (count > BT_SPAWN_PATH_POINTS) count = BT_SPAWN_PATH_POINTS;
    for (uint32_t i = 0; i < count; i++)
        points[i] = bt_road_point(net, o->road, at,
                                  bt_lerp(low + 0.4, high - 0.4, (double)i / (count - 1)));
    if (bt_spawn_draw_below(s, 2)) reverse(points, count);
    return count;
}

// Begins somebody else there, or stands a vehicle?
static bool is_taken(const bt_spawner *s, bt_vec3 p)
{
    bt_footprint own = {p.x, p.y, 0.0, BODY_M, BODY_M, p.z, p.z + 2.0};
    for (uint32_t i = 0; i < s->taken_count; i++)
        if (bt_footprint_overlap(&own, &s->taken[i])) return true;
    for (uint32_t i = 0; i < s->count; i++) {
        const bt_actor_desc *d = &s->entries[i].desc;
        if (d->kind == BT_ACTOR_WALKER && bt_vec3_distance(d->path[0], p) < START_APART_M)
            return true;
    }
    return false;
}

static uint32_t spawn_crossers(bt_spawner *s, uint32_t wanted)
{
    uint32_t placed = 0, total = bt_road_object_count(s->desc->net);
    // one for each crossing near the ego, in the map's order
    for (uint32_t i = 0; i < total && placed < wanted; i++) {
        const bt_road_object *o = bt_road_object_get(s->desc->net, i);
        if (!is_crossing(o) || !bt_spawn_near_ego(s, o->world_from_object.pos)) continue;
        uint32_t count = cross(s, o, own_points(s));
        if (count == 0 || is_taken(s, own_points(s)[0])) continue;
        bt_spawn_entry *e = add_walker(s, BT_SPAWN_PEDESTRIAN, count);
        e->desc.start_ns = bt_from_seconds(floor(bt_spawn_draw(s, 0.0, 12.0)));
        hand_out_gear(s, e);
        placed++;
    }
    return placed;
}

bt_status bt_spawn_walkers(bt_spawner *s)
{
    uint32_t people = s->desc->counts[BT_SPAWN_PEDESTRIAN];
    uint32_t dogs = s->desc->counts[BT_SPAWN_DOG];
    if (people == 0) return BT_OK; // no dog without an owner
    uint32_t placed = spawn_crossers(s, (uint32_t)(CROSSING_SHARE * people));
    bt_spawn_places places;
    bt_status status = bt_spawn_find_places(s, PLACE_SPACING_M, for_walking, &places);
    for (size_t i = 0; status == BT_OK && i < places.count && placed < people; i++) {
        uint32_t count = stroll(s, &places.items[i], own_points(s));
        if (count == 0 || is_taken(s, own_points(s)[0])) continue;
        bt_spawn_entry *e = add_walker(s, BT_SPAWN_PEDESTRIAN, count);
        hand_out_gear(s, e);
        placed++;
        if (dogs == 0 || e->desc.gear != BT_GEAR_NONE) continue;
        add_dog(s);
        dogs--;
    }
    bt_free(places.items);
    return status;
}
