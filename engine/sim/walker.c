// walker.c: walking along a polyline.
#include "engine/sim/walker.h"

#include "engine/core/memory.h"
#include "engine/sim/gait.h"

#include <math.h>

#define SPACING_M 0.25
#define MAX_PATH_M 50000.0
#define MAX_POINTS 200000u
#define WALK_ACCEL_M_S2 0.9 // a walker is at its speed after a step or two
#define TURN_RAD_S 3.0
#define PATIENCE_S 4.0     // then somebody who walks to and fro turns back, others squeeze by
#define LOOK_M 0.5         // corners are cut by this much
#define NEAR_SURFACE_M 1.5 // a road's surface farther above or below is not below the feet

// ---- path -------------------------------------------------------------------------------------
static double surface(const bt_road_network *net, bt_vec3 p, uint32_t *road, uint32_t *lane)
{
    bt_road_location at;
    *lane = BT_ROAD_NONE;
    if (!net || bt_road_count(net) == 0) return p.z;
    if (!bt_road_locate(net, p, *road, &at)) return p.z;
    if (at.distance_m > 0.0 || fabs(at.height_m) > NEAR_SURFACE_M) return p.z;
    *road = at.road;
    *lane = at.lane;
    return p.z - at.height_m;
}

static double polyline_length(const bt_vec3 *p, uint32_t count)
{
    double length = 0.0;
    for (uint32_t i = 1; i < count; i++)
        length += hypot(p[i].x - p[i - 1].x, p[i].y - p[i - 1].y);
    return length;
}

static void resample(const bt_road_network *net, const bt_vec3 *p, uint32_t count,
                     bt_walk_path *path)
{
    uint32_t at = 0, road = BT_ROAD_NONE;
    double before = 0.0, part = hypot(p[1].x - p[0].x, p[1].y - p[0].y);
    for (uint32_t i = 0; i < path->count; i++) {
        double wanted = path->spacing_m * i;
        while (before + part < wanted && at + 2 < count) {
            before += part;
            at++;
            part = hypot(p[at + 1].x - p[at].x, p[at + 1].y - p[at].y);
        }
        double u = part > 0.0 ? bt_clamp((wanted - before) / part, 0.0, 1.0) : 0.0;
        bt_vec3 point = bt_vec3_lerp(p[at], p[at + 1], u);
        point.z = surface(net, point, &road, &path->lanes[i]);
        path->points[i] = point;
    }
}

bt_status bt_walk_path_compile(const bt_road_network *net, const bt_vec3 *points, uint32_t count,
                               const char *name, bt_walk_path *path)
{
    *path = (bt_walk_path){0};
    if (!points || count < 2)
        return bt_fail(BT_ERR_INPUT, "walker '%.63s': a path has at least 2 points, got %u", name,
                       points ? count : 0);
    for (uint32_t i = 0; i < count; i++)
        if (!isfinite(points[i].x + points[i].y + points[i].z))
            return bt_fail(BT_ERR_INPUT, "walker '%.63s': path point %u is not finite", name,
                           i + 1);
    double length = polyline_length(points, count);
    if (!(length >= 0.01 && length <= MAX_PATH_M))
        return bt_fail(BT_ERR_INPUT, "walker '%.63s': the path is %g m long, expected 0.01 to %g",
                       name, length, MAX_PATH_M);
    path->count = 2 + (uint32_t)(length / SPACING_M);
    if (path->count > MAX_POINTS) path->count = MAX_POINTS;
    path->length_m = length;
    path->spacing_m = length / (path->count - 1);
    path->points = bt_alloc(path->count, sizeof *path->points);
    path->lanes = bt_alloc(path->count, sizeof *path->lanes);
    if (!path->points || !path->lanes) {
        bt_walk_path_clear(path);
        return bt_fail(BT_ERR_MEMORY, "no memory for the path of '%.63s'", name);
    }
    resample(net, points, count, path);
    return BT_OK;
}

void bt_walk_path_clear(bt_walk_path *path)
{
    bt_free(path->points);
    bt_free(path->lanes);
    *path = (bt_walk_path){0};
}

static bt_vec3 point_at(const bt_walk_path *path, double way_m)
{
    double at = bt_clamp(way_m / path->spacing_m, 0.0, (double)(path->count - 1));
    uint32_t i = (uint32_t)at;
    if (i + 1 >= path->count) i = path->count - 2;
    return bt_vec3_lerp(path->points[i], path->points[i + 1], at - i);
}

// ---- walking ----------------------------------------------------------------------------------
bt_vec3 bt_walk_ahead(const bt_walk_path *path, const bt_walk *walk, double ahead_m)
{
    return point_at(path, walk->way_m + walk->direction * ahead_m);
}

uint32_t bt_walk_point(const bt_walk_path *path, const bt_walk *walk, double ahead_m)
{
    double way = bt_clamp(walk->way_m + walk->direction * ahead_m, 0.0, path->length_m);
    uint32_t point = (uint32_t)(way / path->spacing_m + 0.5);
    return point < path->count ? point : path->count - 1;
}

// Where it wants to look: along the path; at the ends, along its last stretch.
static double wanted_yaw(const bt_walk_path *path, const bt_walk *walk)
{
    double behind = bt_clamp(walk->way_m - 0.2 * LOOK_M * walk->direction, 0.0, path->length_m);
    double ahead = bt_clamp(walk->way_m + LOOK_M * walk->direction, 0.0, path->length_m);
    if (fabs(ahead - behind) < 0.2 * LOOK_M) behind = ahead - walk->direction * LOOK_M;
    bt_vec3 a = point_at(path, behind), b = point_at(path, ahead);
    if (hypot(b.x - a.x, b.y - a.y) < 1e-6) return walk->yaw_rad;
    return atan2(b.y - a.y, b.x - a.x);
}

void bt_walk_init(const bt_walk_path *path, bt_walk *walk)
{
    *walk = (bt_walk){.direction = 1.0};
    walk->yaw_rad = wanted_yaw(path, walk);
}

// As fast as it may go and still stop at the end, and not while it has to turn round.
static double wanted_speed(const bt_actor_desc *desc, const bt_walk_path *path, const bt_walk *walk,
                           double turn)
{
    double left = walk->direction > 0.0 ? path->length_m - walk->way_m : walk->way_m;
    double speed = fmin(desc->walk_speed_m_s, sqrt(2.0 * WALK_ACCEL_M_S2 * fmax(left, 0.0)));
    return fabs(turn) > 1.2 ? 0.0 : speed;
}

void bt_walk_step(const bt_actor_desc *desc, const bt_walk_path *path, bt_time_ns time_ns,
                  bt_walk_way ahead, double dt, bt_walk *walk)
{
    bool blocked = ahead == BT_WALK_BLOCKED;
    walk->stuck_s = blocked ? walk->stuck_s + dt : 0.0;
    if (blocked && walk->stuck_s > PATIENCE_S) {
        if (desc->path_loop) {
            walk->direction = -walk->direction;
            walk->stuck_s = 0.0;
        }
        blocked = false;
    }
    double left = walk->direction > 0.0 ? path->length_m - walk->way_m : walk->way_m;
    bool at_end = left < 0.02 && walk->speed_m_s < 0.2;
    if (at_end && desc->path_loop) walk->direction = -walk->direction;
    double turn = bt_wrap_angle(wanted_yaw(path, walk) - walk->yaw_rad);
    double wanted = wanted_speed(desc, path, walk, turn);
    bool waits = blocked || ahead == BT_WALK_WAITS || time_ns < desc->start_ns ||
                 (at_end && !desc->path_loop);
    if (waits) wanted = 0.0;
    double change = (waits ? 2.0 : 1.0) * WALK_ACCEL_M_S2 * dt;
    walk->speed_m_s += bt_clamp(wanted - walk->speed_m_s, -2.0 * change, change);
    if (!waits)
        walk->yaw_rad =
            bt_wrap_angle(walk->yaw_rad + bt_clamp(turn, -TURN_RAD_S * dt, TURN_RAD_S * dt));
    double way = walk->speed_m_s * dt;
    walk->way_m = bt_clamp(walk->way_m + walk->direction * way, 0.0, path->length_m);
    double stride = bt_gait_stride_m(desc->height_m, desc->four_legged, walk->speed_m_s);
    if (stride > 0.0) walk->phase += way / fmax(stride, 0.05 * desc->height_m);
}

void bt_walk_pose(const bt_actor_desc *desc, const bt_walk_path *path, const bt_walk *walk,
                  bt_actor_pose *pose)
{
    bt_gait gait = {.height_m = desc->height_m,
                    .four_legged = desc->four_legged,
                    .speed_m_s = walk->speed_m_s,
                    .phase = walk->phase};
    double drop = bt_gait_pose(&gait, pose->channel_rad);
    bt_vec3 p = point_at(path, walk->way_m);
    p.z -= drop;
    pose->world_from_actor = (bt_pose){p, bt_quat_yaw_pitch_roll(walk->yaw_rad, 0.0, 0.0)};
}

void bt_walk_footprint(const bt_actor_desc *desc, const bt_actor_pose *pose, bt_footprint *f)
{
    bt_vec3 p = pose->world_from_actor.pos;
    double h = desc->height_m;
    // people about 0.5 m wide and 0.35 m deep; dogs longer than high
    *f = (bt_footprint){.x_m = p.x,
                        .y_m = p.y,
                        .yaw_rad = bt_quat_yaw(pose->world_from_actor.rot),
                        .half_length_m = desc->four_legged ? 0.65 * h : 0.1 * h,
                        .half_width_m = desc->four_legged ? 0.2 * h : 0.14 * h,
                        .z_low_m = p.z,
                        .z_high_m = p.z + h};
}
