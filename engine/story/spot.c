// spot.c: places of a story on the map: resolved when they are needed.
#include "engine/story/play_internal.h"

#include "engine/core/memory.h"

#include <string.h>

#define ROUTE_LANES_MAX 4096u
#define ALONG_RAD 0.1 // headings nearer to the road's lean with it
#define PATH_SPOTS_MAX 128u

static bt_status no_place(const bt_spot *spot, const char *what)
{
    return bt_fail(BT_ERR_INPUT, "%s: %s", spot->where, what);
}

// ---- on the road ------------------------------------------------------------------------------
static bt_status find_road(const bt_story_player *player, const bt_spot *spot, double s_m,
                           uint32_t *road)
{
    *road = bt_road_find(player->net, spot->road);
    if (*road == BT_ROAD_NONE)
        return bt_fail(BT_ERR_INPUT, "%s: the map has no road '%s'", spot->where, spot->road);
    double length = bt_road_get(player->net, *road)->length_m;
    if (s_m >= -1e-6 && s_m <= length + 1e-6) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "%s: s = %g m, but road '%s' is %g m long", spot->where, s_m,
                   spot->road, length);
}

// Heading by the road: x along travel of the lane, or along s when the place is given by t.
static void set_pose(const bt_story_player *player, const bt_spot *spot, bt_anchor *a)
{
    bt_pose pose = bt_lane_place_pose(player->net, &a->on);
    const bt_lane *lane = bt_road_lane_get(player->net, a->on.lane);
    double flip = spot->along_road && !lane->forward ? BT_PI : 0.0;
    double yaw = bt_quat_yaw(pose.rot);
    bt_vec3 x = bt_pose_dir(pose, (bt_vec3){1.0, 0.0, 0.0});
    bt_vec3 y = bt_pose_dir(pose, (bt_vec3){0.0, 1.0, 0.0});
    a->pos = pose.pos;
    a->yaw_rad = spot->yaw_absolute ? spot->yaw_rad : bt_wrap_angle(yaw + flip + spot->yaw_rad);
    if (fabs(bt_wrap_angle(a->yaw_rad - yaw)) < ALONG_RAD) {
        a->pitch_rad = -bt_asin(bt_clamp(x.z, -1.0, 1.0));
        a->roll_rad = bt_asin(bt_clamp(y.z, -1.0, 1.0));
    }
    if (bt_cos(a->yaw_rad - yaw) < -1e-9) a->on.against = !a->on.against;
}

static bt_status on_lane(const bt_story_player *player, const bt_spot *spot, uint32_t road,
                         double s_m, int32_t id, bt_anchor *a)
{
    s_m = bt_clamp(s_m, 0.0, bt_road_get(player->net, road)->length_m);
    uint32_t lane = bt_lane_find(player->net, road, s_m, id);
    if (id == 0 || lane == BT_ROAD_NONE)
        return bt_fail(BT_ERR_INPUT, "%s: road '%s' has no lane %d at s = %g m", spot->where,
                       bt_road_get(player->net, road)->id, id, s_m);
    double sign = bt_road_lane_get(player->net, lane)->forward ? 1.0 : -1.0;
    a->on = (bt_lane_place){.lane = lane, .s_m = s_m, .aside_m = sign * spot->lateral_m};
    set_pose(player, spot, a);
    return BT_OK;
}

// By t: in the lane that holds it, or beyond all.
static bt_status on_road(const bt_story_player *player, const bt_spot *spot, uint32_t road,
                         double s_m, double t_m, bt_anchor *a)
{
    bt_pose pose = bt_road_pose(player->net, road, s_m, t_m);
    double yaw = bt_quat_yaw(pose.rot);
    a->pos = pose.pos;
    a->yaw_rad = spot->yaw_absolute ? spot->yaw_rad : bt_wrap_angle(yaw + spot->yaw_rad);
    a->on = bt_lane_place_find(player->net, pose.pos, a->yaw_rad, road);
    return BT_OK;
}

static bt_status in_world(const bt_story_player *player, const bt_spot *spot, bt_vec3 pos,
                          double yaw, bt_anchor *a)
{
    bt_road_location at;
    if (spot->on_ground && bt_road_locate(player->net, pos, BT_ROAD_NONE, &at))
        pos.z -= at.height_m;
    a->pos = pos;
    a->yaw_rad = yaw;
    a->on = bt_lane_place_find(player->net, pos, yaw, BT_ROAD_NONE);
    return BT_OK;
}

// ---- relative to somebody ---------------------------------------------------------------------
static bt_status beside(const bt_story_player *player, const bt_spot *spot, bt_anchor *a)
{
    const bt_role *other = &player->actors[spot->ref].role;
    if (other->on.lane == BT_ROAD_NONE) return no_place(spot, "relative to an actor off all lanes");
    a->on = other->on;
    if (!bt_lane_place_advance(player->net, bt_story_choice(player, spot->ref), spot->s_m, true,
                               &a->on))
        return no_place(spot, "beyond the end of the road");
    uint32_t lane =
        spot->lane == 0 ? a->on.lane : bt_lane_place_beside(player->net, &a->on, spot->lane);
    if (lane == BT_ROAD_NONE) return no_place(spot, "there are not so many lanes");
    bt_lane_place_shift(player->net, lane, &a->on);
    // to the left as the actor goes
    double side = (bool)a->on.against ? -1.0 : 1.0;
    const bt_lane *to = bt_road_lane_get(player->net, lane);
    if (spot->has_lateral) side = to->forward ? 1.0 : -1.0; // as t
    a->on.aside_m = side * spot->lateral_m;
    bt_spot turned = *spot;
    turned.along_road = false;
    set_pose(player, &turned, a);
    return BT_OK;
}

static bt_status beside_by_t(const bt_story_player *player, const bt_spot *spot, bt_anchor *a)
{
    const bt_role *other = &player->actors[spot->ref].role;
    if (other->on.lane == BT_ROAD_NONE) return no_place(spot, "relative to an actor off all lanes");
    const bt_lane *lane = bt_road_lane_get(player->net, other->on.lane);
    double t = bt_lane_place_t(player->net, &other->on) + spot->lateral_m;
    bt_spot turned = *spot;
    turned.yaw_rad += lane->forward != (bool)other->on.against ? 0.0 : BT_PI;
    double s = other->on.s_m + spot->s_m;
    if (s < 0.0 || s > bt_road_get(player->net, lane->road)->length_m)
        return no_place(spot, "beyond the end of the road");
    return on_road(player, spot->yaw_absolute ? spot : &turned, lane->road, s, t, a);
}

static bt_status by_object(const bt_story_player *player, const bt_spot *spot, bool own_axes,
                           bt_anchor *a)
{
    const bt_role *other = &player->actors[spot->ref].role;
    double c = own_axes ? bt_cos(other->yaw_rad) : 1.0, s = own_axes ? bt_sin(other->yaw_rad) : 0.0;
    bt_vec3 pos = {other->pos.x + spot->x_m * c - spot->y_m * s,
                   other->pos.y + spot->x_m * s + spot->y_m * c, other->pos.z + spot->z_m};
    double yaw = spot->yaw_absolute ? spot->yaw_rad : other->yaw_rad + spot->yaw_rad;
    return in_world(player, spot, pos, yaw, a);
}

// ---- along a route or a path ------------------------------------------------------------------
static bt_status on_route(const bt_story_player *player, const bt_spot *spot, bt_anchor *a)
{
    const bt_story_route *route = &player->story->routes[spot->ref];
    bt_status status = bt_spot_resolve(player, route->first_spot, a);
    if (status != BT_OK) return status;
    if (a->on.lane == BT_ROAD_NONE) return no_place(spot, "the route begins off all lanes");
    if (!bt_lane_place_advance(player->net, &player->routes[spot->ref], spot->s_m, true, &a->on))
        return no_place(spot, "beyond the end of the route");
    const bt_lane *lane = bt_road_lane_get(player->net, a->on.lane);
    if (spot->along_road) { // t of the route: left as it goes
        double side = lane->forward != (bool)a->on.against ? 1.0 : -1.0;
        bt_spot turned = *spot;
        turned.yaw_rad += side > 0.0 ? 0.0 : BT_PI;
        return on_road(player, spot->yaw_absolute ? spot : &turned, lane->road, a->on.s_m,
                       side * spot->lateral_m, a);
    }
    uint32_t wanted = a->on.lane;
    if (spot->lane != 0) wanted = bt_lane_find(player->net, lane->road, a->on.s_m, spot->lane);
    if (wanted == BT_ROAD_NONE) wanted = a->on.lane; // numbered along the route, not the road
    bt_lane_place_shift(player->net, wanted, &a->on);
    double sign = bt_road_lane_get(player->net, wanted)->forward ? 1.0 : -1.0;
    a->on.against = 0;
    a->on.aside_m = sign * spot->lateral_m;
    set_pose(player, spot, a);
    return BT_OK;
}

static bt_status on_path(const bt_story_player *player, const bt_spot *spot, bt_anchor *a)
{
    bt_trail path = {0};
    bt_status status = bt_story_path_resolve(player, spot->ref, &path);
    if (status == BT_OK) {
        bt_trail_point p = bt_trail_at(&path, spot->s_m);
        p.pos.x -= spot->lateral_m * bt_sin(p.yaw_rad);
        p.pos.y += spot->lateral_m * bt_cos(p.yaw_rad);
        status = in_world(player, spot, p.pos,
                          spot->yaw_absolute ? spot->yaw_rad : p.yaw_rad + spot->yaw_rad, a);
    }
    bt_trail_clear(&path);
    return status;
}

// ---- whole ------------------------------------------------------------------------------------
bt_status bt_spot_resolve(const bt_story_player *player, uint32_t index, bt_anchor *a)
{
    const bt_spot *spot = &player->story->spots[index];
    *a = (bt_anchor){.on = {.lane = BT_ROAD_NONE}};
    uint32_t road;
    bt_status status;
    switch (spot->kind) {
    case BT_SPOT_WORLD:
        return in_world(player, spot, (bt_vec3){spot->x_m, spot->y_m, spot->z_m}, spot->yaw_rad, a);
    case BT_SPOT_LANE:
        status = find_road(player, spot, spot->s_m, &road);
        return status == BT_OK ? on_lane(player, spot, road, spot->s_m, spot->lane, a) : status;
    case BT_SPOT_ROAD:
        status = find_road(player, spot, spot->s_m, &road);
        return status == BT_OK ? on_road(player, spot, road, spot->s_m, spot->lateral_m, a)
                               : status;
    case BT_SPOT_RELATIVE_LANE:
        return beside(player, spot, a);
    case BT_SPOT_RELATIVE_ROAD:
        return beside_by_t(player, spot, a);
    case BT_SPOT_RELATIVE_OBJECT:
        return by_object(player, spot, true, a);
    case BT_SPOT_RELATIVE_WORLD:
        return by_object(player, spot, false, a);
    case BT_SPOT_ROUTE:
        return on_route(player, spot, a);
    case BT_SPOT_PATH:
        return on_path(player, spot, a);
    }
    return no_place(spot, "a place of unknown kind");
}

void bt_role_note_turn(const bt_road_network *net, bt_role *role)
{
    role->turned_rad = 0.0;
    if (role->on.lane == BT_ROAD_NONE) return;
    double yaw = bt_quat_yaw(bt_lane_place_pose(net, &role->on).rot);
    role->turned_rad = bt_wrap_angle(role->yaw_rad - yaw);
}

void bt_role_put(const bt_road_network *net, const bt_anchor *a, bt_role *role)
{
    role->pos = a->pos;
    role->yaw_rad = a->yaw_rad;
    role->pitch_rad = a->pitch_rad;
    role->roll_rad = a->roll_rad;
    role->on = a->on;
    role->placed = 1;
    role->at_end = 0;
    role->end_s = role->off_s = 0.0;
    bt_role_note_turn(net, role);
}

// ---- routes -----------------------------------------------------------------------------------
static bt_status add_leg(const bt_story_player *player, const bt_anchor *from, const bt_anchor *to,
                         uint32_t lanes[ROUTE_LANES_MAX], uint32_t *count)
{
    bt_route *leg = NULL;
    bt_status status =
        bt_route_find(player->net, from->on.lane, from->on.s_m, to->on.lane, to->on.s_m, &leg);
    for (uint32_t i = 0; status == BT_OK && i < bt_route_lane_count(leg); i++) {
        if (*count == ROUTE_LANES_MAX)
            status = bt_fail(BT_ERR_LIMIT, "a route over more than %u lanes", ROUTE_LANES_MAX);
        else
            lanes[(*count)++] = bt_route_lane(leg, i);
    }
    bt_route_destroy(leg);
    return status;
}

// Waypoints name roads; which of their lanes leads on is for us to find: all of the same direction.
static bt_status add_leg_on_any_lane(const bt_story_player *player, const bt_anchor *from,
                                     const bt_anchor *to, uint32_t lanes[ROUTE_LANES_MAX],
                                     uint32_t *count)
{
    bt_status status = add_leg(player, from, to, lanes, count);
    if (status != BT_ERR_INPUT) return status;
    // a waypoint on the lanes of the other direction: as if on the lane across
    const bt_lane *lane = bt_road_lane_get(player->net, to->on.lane);
    const bt_lane_section *section = bt_road_section_get(player->net, lane->section);
    for (uint32_t i = 0; i < section->lane_count && status == BT_ERR_INPUT; i++) {
        uint32_t other = section->first_lane + i;
        const bt_lane *o = bt_road_lane_get(player->net, other);
        if (other == to->on.lane || !bt_lane_type_drivable(o->type) || o->id == 0) continue;
        bt_anchor there = *to;
        there.on.lane = other;
        status = add_leg(player, from, &there, lanes, count);
    }
    return status;
}

static bt_status resolve_route(bt_story_player *player, const bt_story_route *route,
                               bt_lane_choice *choice)
{
    uint32_t *lanes = bt_alloc(ROUTE_LANES_MAX, sizeof *lanes), count = 0;
    if (!lanes) return bt_fail(BT_ERR_MEMORY, "no memory for a route");
    bt_anchor from, to;
    bt_status status = bt_spot_resolve(player, route->first_spot, &from);
    for (uint32_t i = 1; i < route->spot_count && status == BT_OK; i++) {
        status = bt_spot_resolve(player, route->first_spot + i, &to);
        if (status != BT_OK) break;
        if (from.on.lane == BT_ROAD_NONE || to.on.lane == BT_ROAD_NONE)
            status = bt_fail(BT_ERR_INPUT, "waypoint %u lies off all lanes", i + 1);
        else
            status = add_leg_on_any_lane(player, &from, &to, lanes, &count);
        // from where the leg really ended
        from = to;
        if (status == BT_OK && count > 0) from.on.lane = lanes[count - 1];
    }
    uint32_t *fitting = count > 0 ? bt_realloc(lanes, count, sizeof *lanes) : NULL;
    choice->lanes = fitting ? fitting : lanes;
    choice->count = count;
    return status == BT_OK ? BT_OK : bt_fail_prefix(status, "route '%s'", route->name);
}

bt_status bt_story_routes_resolve(bt_story_player *player)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < player->story->routes_count && status == BT_OK; i++)
        status = resolve_route(player, &player->story->routes[i], &player->routes[i]);
    return status;
}

// The last waypoint, on the lane by which the way came there.
bool bt_story_player_goal(const bt_story_player *player, uint32_t actor, bt_lane_place *goal)
{
    const bt_actor_state *who = &player->actors[actor];
    uint32_t route = who->role.route;
    bt_anchor last;
    if (who->on_path) {
        bt_trail_point end = bt_trail_at(&who->path, bt_trail_length(&who->path));
        *goal = bt_lane_place_find(player->net, end.pos, end.yaw_rad, BT_ROAD_NONE);
        return goal->lane != BT_ROAD_NONE && !goal->against;
    }
    if (route == BT_ROAD_NONE || player->routes[route].count == 0) return false;
    const bt_story_route *r = &player->story->routes[route];
    if (bt_spot_resolve(player, r->first_spot + r->spot_count - 1, &last) != BT_OK) return false;
    *goal = last.on;
    goal->lane = player->routes[route].lanes[player->routes[route].count - 1];
    return true;
}

const bt_lane_choice *bt_story_choice(const bt_story_player *player, uint32_t actor)
{
    uint32_t route = player->actors[actor].role.route;
    if (player->acquired[actor].count > 0) return &player->acquired[actor];
    return route == BT_ROAD_NONE ? NULL : &player->routes[route];
}

// ---- trajectories -----------------------------------------------------------------------------
static bt_status add_vertices(const bt_story_player *player, const bt_story_path *path,
                              bt_trail *out)
{
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < path->spot_count && status == BT_OK; i++) {
        bt_anchor a;
        status = bt_spot_resolve(player, path->first_spot + i, &a);
        double time = player->story->numbers[path->first_number + i];
        if (status == BT_OK) status = bt_trail_add(out, a.pos, time);
    }
    return status;
}

static bt_status add_clothoids(const bt_story_player *player, const bt_story_path *path,
                               bt_trail *out)
{
    bt_anchor a;
    bt_status status = bt_spot_resolve(player, path->first_spot, &a);
    if (status == BT_OK) status = bt_trail_add(out, a.pos, NAN);
    bt_trail_point at = {a.pos, a.yaw_rad};
    uint32_t segments = path->number_count / 3;
    const double *n = player->story->numbers + path->first_number;
    for (uint32_t i = 0; i < segments && status == BT_OK; i++)
        status = bt_trail_add_clothoid(out, at, n[3 * i + 2], n[3 * i], n[3 * i + 1], &at);
    if (status != BT_OK || isnan(n[3 * segments]) || isnan(n[3 * segments + 1])) return status;
    // evenly from the first time to the last
    bt_trail_finish(out);
    for (uint32_t i = 0; i < out->count; i++)
        out->time_s[i] = bt_lerp(n[3 * segments], n[3 * segments + 1],
                                 out->along_m[i] / fmax(bt_trail_length(out), 1e-9));
    return BT_OK;
}

static bt_status add_nurbs(const bt_story_player *player, const bt_story_path *path, bt_trail *out)
{
    uint32_t count = path->spot_count;
    const double *n = player->story->numbers + path->first_number; // weights, times, knots
    bt_vec3 *control = bt_alloc(count, sizeof *control);
    if (!control) return bt_fail(BT_ERR_MEMORY, "no memory for a trajectory");
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < count && status == BT_OK; i++) {
        bt_anchor a;
        status = bt_spot_resolve(player, path->first_spot + i, &a);
        control[i] = a.pos;
    }
    if (status == BT_OK)
        status = bt_trail_add_nurbs(out, control, n, n + count, count, n + (size_t)2 * count,
                                    path->order);
    bt_free(control);
    return status;
}

static bt_status add_spline(const bt_story_player *player, const bt_story_path *path, bt_trail *out)
{
    bt_vec3 points[PATH_SPOTS_MAX];
    bt_anchor a, first = {0};
    if (path->spot_count > PATH_SPOTS_MAX)
        return bt_fail(BT_ERR_LIMIT, "more than %u places", PATH_SPOTS_MAX);
    for (uint32_t i = 0; i < path->spot_count; i++) {
        bt_status status = bt_spot_resolve(player, path->first_spot + i, &a);
        if (status != BT_OK) return status;
        if (i == 0) first = a;
        points[i] = a.pos;
    }
    out->curved = true;
    return bt_trail_add_spline(out, points, path->spot_count, first.yaw_rad);
}

// On roads the ground decides how high a path lies.
static void lay_on_ground(const bt_story_player *player, bt_trail *path)
{
    uint32_t road = BT_ROAD_NONE;
    for (uint32_t i = 0; i < path->count; i++) {
        bt_road_location at;
        if (!bt_road_locate(player->net, path->points[i], road, &at)) continue;
        if (at.distance_m > 0.0) continue;
        path->points[i].z -= at.height_m;
        road = at.road;
    }
}

bt_status bt_story_path_resolve(const bt_story_player *player, uint32_t index, bt_trail *out)
{
    const bt_story_path *path = &player->story->paths[index];
    bt_trail_clear(out);
    bt_status status = path->shape == BT_PATH_POLYLINE    ? add_vertices(player, path, out)
                       : path->shape == BT_PATH_CLOTHOIDS ? add_clothoids(player, path, out)
                       : path->shape == BT_PATH_SPLINE    ? add_spline(player, path, out)
                                                          : add_nurbs(player, path, out);
    if (status != BT_OK) return bt_fail_prefix(status, "trajectory '%s'", path->name);
    if (out->count == 0) return bt_fail(BT_ERR_INPUT, "trajectory '%s' has no points", path->name);
    lay_on_ground(player, out);
    bt_trail_finish(out);
    if (!(bt_trail_length(out) < 1e6))
        return bt_fail(BT_ERR_INPUT, "trajectory '%s' is %g m long, at most 1000 km", path->name,
                       bt_trail_length(out));
    return BT_OK;
}
