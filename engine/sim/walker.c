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
#define PATIENCE_S 4.0 // then somebody who walks to and fro turns back
#define JAMMED_M_S 0.1 // slower than this it gets nowhere
#define JAMMED_S 8.0   // and turns back after so long
#define WALK_ROOM_M 2.0
#define BODY_ROOM_M 0.35
#define SIDE_M 0.5         // where the slope beside the path is looked at
#define SLOPE_MAX 0.1      // steeper: a kerb
#define STILL_M_S 0.1      // wishes below this turn nobody
#define NEAR_SURFACE_M 1.5 // a road's surface farther above or below is not below the feet

// ---- path -------------------------------------------------------------------------------------
static double surface(const bt_road_network *net, bt_vec3 p, uint32_t *road, bt_road_location *at)
{
    at->lane = BT_ROAD_NONE;
    if (!net || bt_road_count(net) == 0) return p.z;
    bt_road_location found;
    if (!bt_road_locate(net, p, *road, &found)) return p.z;
    if (found.distance_m > 0.0 || fabs(found.height_m) > NEAR_SURFACE_M) return p.z;
    *road = found.road;
    *at = found;
    return p.z - found.height_m;
}

// Room to the edges of the sidewalk below, where the path runs along one.
static bt_walk_side room_on(const bt_road_network *net, const bt_road_location *at, double yaw)
{
    bt_walk_side side = {WALK_ROOM_M, WALK_ROOM_M, 0.0f};
    if (at->lane == BT_ROAD_NONE) return side;
    if (bt_road_lane_get(net, at->lane)->type != BT_LANE_SIDEWALK) return side;
    bool forward = bt_road_lane_get(net, at->lane)->forward;
    double lane_yaw = bt_quat_yaw(bt_lane_pose(net, at->lane, at->s_m, 0.0).rot);
    double along = cos(lane_yaw - yaw) * (forward ? 1.0 : -1.0); // as the road's s
    if (fabs(along) < 0.7) return side;
    double inner, outer;
    bt_lane_borders(net, at->lane, at->s_m, &inner, &outer);
    double left = fmax(0.0, fmax(inner, outer) - at->t_m - BODY_ROOM_M);
    double right = fmax(0.0, at->t_m - fmin(inner, outer) - BODY_ROOM_M);
    side.left_m = (float)fmin(WALK_ROOM_M, along > 0.0 ? left : right);
    side.right_m = (float)fmin(WALK_ROOM_M, along > 0.0 ? right : left);
    return side;
}

static bt_walk_side look_beside(const bt_road_network *net, bt_vec3 p, double yaw,
                                const bt_road_location *at)
{
    bt_walk_side side = room_on(net, at, yaw);
    if (at->lane == BT_ROAD_NONE) return side;
    uint32_t road = at->road;
    bt_road_location left;
    bt_vec3 beside = {p.x - SIDE_M * sin(yaw), p.y + SIDE_M * cos(yaw), p.z};
    double slope = (surface(net, beside, &road, &left) - p.z) / SIDE_M;
    if (left.lane != BT_ROAD_NONE && fabs(slope) < SLOPE_MAX) side.slope = (float)slope;
    return side;
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
        bt_road_location place;
        point.z = surface(net, point, &road, &place);
        path->points[i] = point;
        path->lanes[i] = place.lane;
        double yaw = atan2(p[at + 1].y - p[at].y, p[at + 1].x - p[at].x);
        path->sides[i] = look_beside(net, point, yaw, &place);
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
    path->sides = bt_alloc(path->count, sizeof *path->sides);
    if (!path->points || !path->lanes || !path->sides) {
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
    bt_free(path->sides);
    *path = (bt_walk_path){0};
}

static bt_vec3 point_at(const bt_walk_path *path, double way_m)
{
    double at = bt_clamp(way_m / path->spacing_m, 0.0, (double)(path->count - 1));
    uint32_t i = (uint32_t)at;
    if (i + 1 >= path->count) i = path->count - 2;
    return bt_vec3_lerp(path->points[i], path->points[i + 1], at - i);
}

// Course of the path as laid.
static bt_vec3 tangent_at(const bt_walk_path *path, double way_m)
{
    double at = bt_clamp(way_m / path->spacing_m, 0.0, (double)(path->count - 1));
    uint32_t i = (uint32_t)at;
    if (i + 1 >= path->count) i = path->count - 2;
    bt_vec3 along = bt_vec3_sub(path->points[i + 1], path->points[i]);
    along.z = 0.0;
    return bt_vec3_normalize(along);
}

// ---- walking ----------------------------------------------------------------------------------
static double left_to_go(const bt_walk_path *path, const bt_walk *walk)
{
    return walk->direction > 0.0 ? path->length_m - walk->way_m : walk->way_m;
}

bt_vec3 bt_walk_ahead(const bt_walk_path *path, const bt_walk *walk, double ahead_m)
{
    double way = walk->way_m + walk->direction * ahead_m;
    double inside = bt_clamp(way, 0.0, path->length_m);
    bt_vec3 p = point_at(path, inside);
    return way == inside ? p : bt_vec3_mad(p, tangent_at(path, inside), way - inside);
}

uint32_t bt_walk_point(const bt_walk_path *path, const bt_walk *walk, double ahead_m)
{
    double way = bt_clamp(walk->way_m + walk->direction * ahead_m, 0.0, path->length_m);
    uint32_t point = (uint32_t)(way / path->spacing_m + 0.5);
    return point < path->count ? point : path->count - 1;
}

bt_vec3 bt_walk_place(const bt_walk_path *path, const bt_walk *walk)
{
    const bt_walk_side *side = &path->sides[bt_walk_point(path, walk, 0.0)];
    double z = point_at(path, walk->way_m).z + (double)side->slope * walk->aside_m;
    return (bt_vec3){walk->x_m, walk->y_m, z};
}

void bt_walk_room(const bt_walk_path *path, const bt_walk *walk, double *left, double *right,
                  double *aside)
{
    const bt_walk_side *side = &path->sides[bt_walk_point(path, walk, 0.0)];
    *left = walk->direction > 0.0 ? side->left_m : side->right_m;
    *right = walk->direction > 0.0 ? side->right_m : side->left_m;
    *aside = walk->direction * walk->aside_m;
}

void bt_walk_init(const bt_walk_path *path, bt_walk *walk)
{
    bt_vec3 p = point_at(path, 0.0), along = tangent_at(path, 0.0);
    *walk = (bt_walk){
        .direction = 1.0, .x_m = p.x, .y_m = p.y, .most_m_s = 1e9, .turn_most_rad_s = 1e9};
    walk->yaw_rad = atan2(along.y, along.x);
}

// Who gets nowhere turns back, on a path that is walked to and fro.
static void mind_patience(const bt_actor_desc *desc, bt_walk_way ahead, bool at_end, double dt,
                          bt_walk *walk)
{
    bool blocked = ahead == BT_WALK_BLOCKED;
    bool jammed = ahead == BT_WALK_FREE && !at_end && walk->speed_m_s < JAMMED_M_S;
    if (walk->stuck_s < 0.0) { // gives way to others
        walk->stuck_s = fmin(0.0, walk->stuck_s + dt);
        return;
    }
    walk->stuck_s = blocked || jammed ? walk->stuck_s + dt : 0.0;
    bool enough = walk->stuck_s > (blocked ? PATIENCE_S : JAMMED_S);
    if (!desc->path_loop || !(at_end || enough)) return;
    walk->direction = -walk->direction;
    walk->stuck_s = 0.0;
    walk->wish_x_m_s = walk->wish_y_m_s = 0.0; // until it has looked there
}

// How much of its turning rate somebody may use: none while both feet stand.
static double may_turn(const bt_actor_desc *desc, const bt_walk *walk)
{
    if (desc->four_legged) return 1.0;
    double half = fmod(walk->feet.phase, 0.5);
    return bt_clamp(fmin(half - 0.1, 0.5 - half) / 0.05, 0.0, 1.0);
}

void bt_walk_turn(const bt_actor_desc *desc, double turn, bt_walk *walk)
{
    double x = 0.0, y = 0.0;
    if (!desc->four_legged && !bt_gait_pivot(desc->height_m, &walk->feet, &x, &y)) return;
    double c = cos(walk->yaw_rad), s = sin(walk->yaw_rad);
    walk->yaw_rad = bt_wrap_angle(walk->yaw_rad + turn);
    double c1 = cos(walk->yaw_rad), s1 = sin(walk->yaw_rad);
    walk->x_m += x * (c - c1) - y * (s - s1);
    walk->y_m += x * (s - s1) + y * (c - c1);
}

// Abreast of which point of the path is it now?
static void find_way(const bt_walk_path *path, double dt, bt_walk *walk)
{
    bt_vec3 p = point_at(path, walk->way_m), along = tangent_at(path, walk->way_m);
    double dx = walk->x_m - p.x, dy = walk->y_m - p.y, most = 0.01 + 2.0 * walk->speed_m_s * dt;
    double change = bt_clamp(dx * along.x + dy * along.y, -most, most);
    walk->way_m = bt_clamp(walk->way_m + change, 0.0, path->length_m);
    walk->aside_m = -dx * along.y + dy * along.x;
}

void bt_walk_step(const bt_actor_desc *desc, const bt_walk_path *path, bt_time_ns time_ns,
                  bt_walk_way ahead, double dt, bt_walk *walk)
{
    double left = left_to_go(path, walk);
    bool begun = time_ns >= desc->start_ns, at_end = left < 0.02 && walk->speed_m_s < 0.2;
    if (begun) mind_patience(desc, ahead, at_end, dt, walk);
    double wish = hypot(walk->wish_x_m_s, walk->wish_y_m_s), turn = 0.0;
    bool waits = ahead != BT_WALK_FREE || !begun || (at_end && !desc->path_loop);
    bool turns = !waits && wish > STILL_M_S;
    if (turns) turn = bt_wrap_angle(atan2(walk->wish_y_m_s, walk->wish_x_m_s) - walk->yaw_rad);
    // as fast as it may go and still stop at the end, and not while it has to turn round
    double wanted = fmin(wish * fmax(0.0, cos(turn)),
                         sqrt(2.0 * WALK_ACCEL_M_S2 * fmax(left_to_go(path, walk), 0.0)));
    wanted = waits || fabs(turn) > 1.2 ? 0.0 : fmin(wanted, walk->most_m_s);
    bool brakes = waits || walk->most_m_s < walk->speed_m_s;
    double change = (brakes ? 2.0 : 1.0) * WALK_ACCEL_M_S2 * dt;
    walk->speed_m_s += bt_clamp(wanted - walk->speed_m_s, -2.0 * change, change);
    double way = walk->speed_m_s * dt;
    walk->x_m += way * cos(walk->yaw_rad);
    walk->y_m += way * sin(walk->yaw_rad);
    bt_gait_walk(desc->height_m, desc->four_legged, walk->speed_m_s, way,
                 turns && fabs(turn) > 0.05, dt, &walk->feet);
    double most = fmin(TURN_RAD_S, walk->turn_most_rad_s) * dt * may_turn(desc, walk);
    if (turns) bt_walk_turn(desc, bt_clamp(turn, -most, most), walk);
    find_way(path, dt, walk);
}

void bt_walk_pose(const bt_actor_desc *desc, const bt_walk_path *path, const bt_walk *walk,
                  bt_actor_pose *pose)
{
    bt_gait gait = {
        .height_m = desc->height_m, .four_legged = desc->four_legged, .speed_m_s = walk->speed_m_s};
    double drop = bt_gait_pose_feet(&gait, &walk->feet, pose->channel_rad);
    bt_vec3 p = bt_walk_place(path, walk);
    p.z -= drop;
    pose->world_from_actor = (bt_pose){p, bt_quat_yaw_pitch_roll(walk->yaw_rad, 0.0, 0.0)};
}

// Half the plan of a body, of its height: chosen. People: a rectangle as large as an ellipse 0.27 wide
// across the shoulders (0.46 m at 1.7 m; British adults of 19 to 65: medians of 0.465 m, men, and
// 0.395 m, women, across the deltoids) and 0.19 deep with arms that swing. Dogs are longer than high.
static const double plan_person[2] = {0.085, 0.12}, plan_dog[2] = {0.65, 0.2};

double bt_walk_radius(const bt_actor_desc *d)
{
    const double *plan = d->four_legged ? plan_dog : plan_person;
    return d->height_m * hypot(plan[0], plan[1]) + BT_WALK_ROOM_M;
}

void bt_walk_footprint(const bt_actor_desc *desc, const bt_actor_pose *pose, bt_footprint *f)
{
    bt_vec3 p = pose->world_from_actor.pos;
    double h = desc->height_m;
    const double *plan = desc->four_legged ? plan_dog : plan_person;
    *f = (bt_footprint){.x_m = p.x,
                        .y_m = p.y,
                        .yaw_rad = bt_quat_yaw(pose->world_from_actor.rot),
                        .half_length_m = plan[0] * h,
                        .half_width_m = plan[1] * h,
                        .z_low_m = p.z,
                        .z_high_m = p.z + h};
}
