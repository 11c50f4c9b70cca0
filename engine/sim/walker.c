// walker.c: walking along a polyline.
#include "engine/sim/walker.h"

#include "engine/core/memory.h"
#include "engine/sim/gait.h"

#include <math.h>

#define SPACING_M 0.25
#define MAX_PATH_M 50000.0
#define MAX_POINTS 200000u
#define WALK_ACCEL_M_S2 1.0 // a walker is at its speed after a step or two
#define WALK_BRAKE_M_S2 3.0
#define TURN_RAD_S 3.0
#define SIDE_M_S 0.5 // at most aside, and back
#define BACK_M_S 0.3
#define FACES_M_S 0.4    // who goes slower looks where it wants to, rather than where it goes
#define TURNS_S 4.0      // as much of an angle is turned in a second
#define STEER_RAD_S2 4.0 // how fast wheels begin to turn
#define ROUND_RAD 1.2    // more to turn: it stops for it
#define ROUND_RAD_S 0.7  // and sets two wheels round so fast
#define ROUND_M_S 0.3
#define PATIENCE_S 4.0 // then somebody who walks to and fro turns back
#define JAMMED_M_S 0.1 // slower than this it gets nowhere
#define JAMMED_S 8.0   // and turns back after so long
#define WALK_ROOM_M 2.0
#define BODY_ROOM_M 0.35
#define SIDE_M 0.5    // where the slope beside the path is looked at
#define SLOPE_MAX 0.1 // steeper: a kerb
#define STRAIGHT_SINE 0.03
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
    double along = bt_cos(lane_yaw - yaw) * (forward ? 1.0 : -1.0); // as the road's s
    if (fabs(along) < 0.7) return side;
    double inner, outer;
    bt_lane_borders(net, at->lane, at->s_m, &inner, &outer);
    double left = bt_max(0.0, bt_max(inner, outer) - at->t_m - BODY_ROOM_M);
    double right = bt_max(0.0, at->t_m - bt_min(inner, outer) - BODY_ROOM_M);
    side.left_m = (float)bt_min(WALK_ROOM_M, along > 0.0 ? left : right);
    side.right_m = (float)bt_min(WALK_ROOM_M, along > 0.0 ? right : left);
    return side;
}

static bt_walk_side look_beside(const bt_road_network *net, bt_vec3 p, double yaw,
                                const bt_road_location *at)
{
    bt_walk_side side = room_on(net, at, yaw);
    if (at->lane == BT_ROAD_NONE) return side;
    uint32_t road = at->road;
    bt_road_location left;
    bt_vec3 beside = {p.x - SIDE_M * bt_sin(yaw), p.y + SIDE_M * bt_cos(yaw), p.z};
    double slope = (surface(net, beside, &road, &left) - p.z) / SIDE_M;
    if (left.lane != BT_ROAD_NONE && fabs(slope) < SLOPE_MAX) side.slope = (float)slope;
    return side;
}

static double polyline_length(const bt_vec3 *p, uint32_t count)
{
    double length = 0.0;
    for (uint32_t i = 1; i < count; i++)
        length += bt_hypot(p[i].x - p[i - 1].x, p[i].y - p[i - 1].y);
    return length;
}

static void resample(const bt_road_network *net, const bt_vec3 *p, uint32_t count,
                     bt_walk_path *path)
{
    uint32_t at = 0, road = BT_ROAD_NONE;
    double before = 0.0, part = bt_hypot(p[1].x - p[0].x, p[1].y - p[0].y);
    for (uint32_t i = 0; i < path->count; i++) {
        double wanted = path->spacing_m * i;
        while (before + part < wanted && at + 2 < count) {
            before += part;
            at++;
            part = bt_hypot(p[at + 1].x - p[at].x, p[at + 1].y - p[at].y);
        }
        double u = part > 0.0 ? bt_clamp((wanted - before) / part, 0.0, 1.0) : 0.0;
        bt_vec3 point = bt_vec3_lerp(p[at], p[at + 1], u);
        bt_road_location place;
        point.z = surface(net, point, &road, &place);
        path->points[i] = point;
        path->lanes[i] = place.lane;
        double yaw = bt_atan2(p[at + 1].y - p[at].y, p[at + 1].x - p[at].x);
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

static double pace_of(const bt_walk *walk)
{
    return sqrt(walk->vx_m_s * walk->vx_m_s + walk->vy_m_s * walk->vy_m_s);
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
    *walk = (bt_walk){.direction = 1.0, .x_m = p.x, .y_m = p.y};
    walk->yaw_rad = walk->gaze.watch_rad = bt_atan2(along.y, along.x);
    walk->look_x = walk->along_x = along.x;
    walk->look_y = walk->along_y = along.y;
}

// Who gets nowhere turns back, on a path that is walked to and fro.
static void mind_patience(const bt_actor_desc *desc, bt_walk_way ahead, bool at_end, double dt,
                          bt_walk *walk)
{
    bool blocked = ahead == BT_WALK_BLOCKED;
    bool jammed = ahead == BT_WALK_FREE && !at_end && pace_of(walk) < JAMMED_M_S;
    if (walk->stuck_s < 0.0) { // gives way to others
        walk->stuck_s = bt_min(0.0, walk->stuck_s + dt);
        return;
    }
    walk->stuck_s = blocked || jammed ? walk->stuck_s + dt : 0.0;
    bool enough = walk->stuck_s > (blocked ? PATIENCE_S : JAMMED_S);
    if (!desc->path_loop || !(at_end || enough)) return;
    walk->direction = -walk->direction;
    walk->stuck_s = 0.0;
    walk->wish_x_m_s = walk->wish_y_m_s = 0.0; // until it has looked there
}

// Abreast of which point of the path is it now?
static void find_way(const bt_walk_path *path, double dt, bt_walk *walk)
{
    bt_vec3 p = point_at(path, walk->way_m), along = tangent_at(path, walk->way_m);
    double dx = walk->x_m - p.x, dy = walk->y_m - p.y;
    walk->along_x = walk->direction * along.x;
    walk->along_y = walk->direction * along.y;
    double most = 0.01 + 2.0 * pace_of(walk) * dt;
    double change = bt_clamp(dx * along.x + dy * along.y, -most, most);
    walk->way_m = bt_clamp(walk->way_m + change, 0.0, path->length_m);
    walk->aside_m = -dx * along.y + dy * along.x;
}

// ---- on feet ------------------------------------------------------------------------------------
// The velocity goes towards the wished one, as fast as legs can.
static void stride_out(double wish_x, double wish_y, double dt, bt_walk *walk)
{
    double c = walk->look_x, s = walk->look_y;
    double ahead = wish_x * c + wish_y * s, left = -wish_x * s + wish_y * c;
    ahead = bt_max(ahead, -BACK_M_S);
    left = bt_clamp(left, -SIDE_M_S, SIDE_M_S);
    double dx = ahead * c - left * s - walk->vx_m_s;
    double dy = ahead * s + left * c - walk->vy_m_s, change = sqrt(dx * dx + dy * dy);
    bool faster = dx * walk->vx_m_s + dy * walk->vy_m_s >= 0.0;
    double most = (faster ? WALK_ACCEL_M_S2 : WALK_BRAKE_M_S2) * dt;
    double part = change > most ? most / change : 1.0;
    walk->vx_m_s += part * dx;
    walk->vy_m_s += part * dy;
}

// Looks where it goes, or wants to.
static double turn_to_course(const bt_walk *walk, double most_rad_s, double dt)
{
    double x = walk->vx_m_s + FACES_M_S * walk->course_x;
    double y = walk->vy_m_s + FACES_M_S * walk->course_y;
    double pace = bt_hypot(x, y);
    if (pace < STILL_M_S) return 0.0;
    double ahead = x * walk->look_x + y * walk->look_y, left = y * walk->look_x - x * walk->look_y;
    if (ahead > 0.0 && fabs(left) < STRAIGHT_SINE * pace) return 0.0;
    double turn = bt_atan2(left, ahead);
    return bt_clamp(TURNS_S * turn, -most_rad_s, most_rad_s) * dt;
}

// ---- where it looks -----------------------------------------------------------------------------
static double speed_of(const bt_walk *walk)
{
    return walk->vx_m_s * walk->look_x + walk->vy_m_s * walk->look_y;
}

// How fast it may turn at a speed.
static double turn_limit(const bt_actor_desc *desc, const bt_gear_limits *limits, double speed)
{
    if (desc->four_legged || desc->gear == BT_GEAR_NONE) return TURN_RAD_S;
    double most = bt_min(limits->turn_rad_s, limits->side_m_s2 / bt_max(speed, 0.1));
    if (limits->least_radius_m <= 0.0) return most;
    if (speed < ROUND_M_S) return ROUND_RAD_S; // with a foot down
    return bt_min(most, speed / limits->least_radius_m);
}

// What is pushed turns about its rear axle, whose wheels do not slip aside: who pushes goes round behind it.
static void go_round_axle(const bt_walk_body *body, double yaw_rad, bt_walk_step *step)
{
    if (body->gear.kind != BT_GEAR_STROLLER) return;
    double middle = yaw_rad + 0.5 * step->turn_rad, c = bt_cos(middle), s = bt_sin(middle);
    double ahead = step->x_m * c + step->y_m * s, left = -body->gear.rear_x_m * step->turn_rad;
    step->x_m = ahead * c - left * s;
    step->y_m = ahead * s + left * c;
}

// Turns to the wished direction and goes as fast as fits what is left to turn.
static bt_walk_step go_where_it_looks(const bt_actor_desc *desc, const bt_walk_body *body,
                                      const bt_gear_limits *limits, double wish_x, double wish_y,
                                      double dt, bt_walk *walk)
{
    double wish = bt_hypot(wish_x, wish_y), speed = speed_of(walk), turn = 0.0;
    if (wish > STILL_M_S) turn = bt_wrap_angle(bt_atan2(wish_y, wish_x) - walk->yaw_rad);
    double wanted = fabs(turn) > ROUND_RAD ? 0.0 : wish * bt_max(0.0, bt_cos(turn));
    double accel = desc->four_legged ? WALK_ACCEL_M_S2 : limits->accel_m_s2;
    speed = bt_max(0.0, speed + bt_clamp(wanted - speed, -WALK_BRAKE_M_S2 * dt, accel * dt));
    double most = turn_limit(desc, limits, speed);
    if (desc->gear == BT_GEAR_STROLLER) most = bt_min(most, SIDE_M_S / body->gear.rear_x_m);
    double rate = bt_clamp(TURNS_S * turn, -most, most);
    if (bt_gear_is_ridden(desc->gear)) {
        double change = STEER_RAD_S2 * dt, before = walk->gear.turn_rad_s;
        rate = bt_clamp(before + bt_clamp(rate - before, -change, change), -most, most);
    }
    double middle = walk->yaw_rad + 0.5 * rate * dt;
    bt_walk_step step = {speed * dt * bt_cos(middle), speed * dt * bt_sin(middle), rate * dt};
    go_round_axle(body, walk->yaw_rad, &step);
    return step;
}

// ---- whole --------------------------------------------------------------------------------------
bt_walk_step bt_walk_plan(const bt_actor_desc *desc, const bt_walk_body *body,
                          const bt_walk_path *path, bt_time_ns time_ns, bt_walk_way ahead,
                          double dt, bt_walk *walk)
{
    const bt_gear_limits *limits = bt_gear_limits_of(desc->gear);
    double left = left_to_go(path, walk), speed = pace_of(walk);
    bool begun = time_ns >= desc->start_ns, at_end = left < 0.02 && speed < 0.2;
    if (begun) mind_patience(desc, ahead, at_end, dt, walk);
    double wish = bt_hypot(walk->wish_x_m_s, walk->wish_y_m_s);
    bool waits = ahead != BT_WALK_FREE || !begun || (at_end && !desc->path_loop);
    // as fast as it may go and still stop at the end
    double most = sqrt(2.0 * limits->accel_m_s2 * bt_max(left_to_go(path, walk), 0.0));
    double part = waits ? 0.0 : bt_min(1.0, most / bt_max(wish, 1e-6));
    double wish_x = part * walk->wish_x_m_s, wish_y = part * walk->wish_y_m_s;
    if (body->where_it_looks)
        return go_where_it_looks(desc, body, limits, wish_x, wish_y, dt, walk);
    stride_out(wish_x, wish_y, dt, walk);
    double turn = waits && speed < STILL_M_S ? 0.0 : turn_to_course(walk, limits->turn_rad_s, dt);
    return (bt_walk_step){walk->vx_m_s * dt, walk->vy_m_s * dt, turn};
}

void bt_walk_go(const bt_actor_desc *desc, const bt_walk_body *body, const bt_walk_path *path,
                const bt_walk_step *wanted, double dt, bt_walk *walk)
{
    bt_walk_step step = *wanted;
    go_round_axle(body, walk->yaw_rad, &step); // whatever was taken off it
    double middle = walk->yaw_rad + 0.5 * step.turn_rad, c = walk->look_x, s = walk->look_y;
    if (step.turn_rad != 0.0) c = bt_cos(middle), s = bt_sin(middle);
    bt_gait_step by = {step.x_m * c + step.y_m * s, -step.x_m * s + step.y_m * c, step.turn_rad};
    walk->x_m += step.x_m;
    walk->y_m += step.y_m;
    if (step.turn_rad != 0.0) {
        walk->yaw_rad = bt_wrap_angle(walk->yaw_rad + step.turn_rad);
        walk->look_x = bt_cos(walk->yaw_rad);
        walk->look_y = bt_sin(walk->yaw_rad);
    }
    walk->vx_m_s = step.x_m / dt;
    walk->vy_m_s = step.y_m / dt;
    if (!bt_gear_is_ridden(desc->gear))
        bt_gait_walk(desc->height_m, desc->four_legged, &by, dt, &walk->feet);
    if (desc->gear != BT_GEAR_NONE)
        bt_gear_roll(&body->gear, by.ahead_m, by.turn_rad, dt, &walk->gear);
    bt_gaze_step(walk->yaw_rad, dt, &walk->gaze);
    find_way(path, dt, walk);
}

// Nose down on the ground below the wheels.
static double slope_below(const bt_walk_path *path, const bt_walk *walk, const bt_gear *gear)
{
    double base = gear->front_x_m - gear->rear_x_m;
    double along = walk->direction * base, z = point_at(path, walk->way_m).z;
    return -bt_asin(bt_clamp((point_at(path, walk->way_m + along).z - z) / base, -0.5, 0.5));
}

static bt_gait gait_of(const bt_actor_desc *desc, const bt_walk *walk)
{
    return (bt_gait){
        .height_m = desc->height_m, .four_legged = desc->four_legged, .speed_m_s = pace_of(walk)};
}

static bt_pose riding(const bt_actor_desc *desc, const bt_walk_body *body, const bt_walk_path *path,
                      const bt_walk *walk)
{
    double roll = bt_gear_leans(desc->gear) ? bt_gear_roll_of(&walk->gear) : 0.0;
    double pitch = slope_below(path, walk, &body->gear);
    return (bt_pose){bt_walk_place(path, walk), bt_quat_yaw_pitch_roll(walk->yaw_rad, pitch, roll)};
}

static bt_pose on_foot(const bt_walk_path *path, const bt_walk *walk, double sink_m)
{
    bt_vec3 p = bt_walk_place(path, walk);
    p.z -= sink_m;
    return (bt_pose){p, bt_quat_yaw_pitch_roll(walk->yaw_rad, 0.0, 0.0)};
}

// Everybody swings their arms as they do: some wide, some hardly, one side more than the other.
static void swing_own(const bt_actor_desc *desc, double channel[BT_CHANNEL_COUNT])
{
    double own = 0.618 * desc->number, other = 0.414 * desc->number;
    double wide = 0.55 + 0.60 * (own - floor(own)), uneven = 0.15 * (other - floor(other)) - 0.075;
    channel[BT_CHANNEL_SHOULDER_LEFT] *= wide + uneven;
    channel[BT_CHANNEL_SHOULDER_RIGHT] *= wide - uneven;
}

bt_pose bt_walk_stand(const bt_actor_desc *desc, const bt_walk_body *body, const bt_walk_path *path,
                      const bt_walk *walk)
{
    if (bt_gear_is_ridden(desc->gear)) return riding(desc, body, path, walk);
    bt_gait gait = gait_of(desc, walk);
    return on_foot(path, walk, bt_gait_sink(&gait, &walk->feet));
}

void bt_walk_pose(const bt_actor_desc *desc, const bt_walk_body *body, const bt_walk_path *path,
                  const bt_walk *walk, bt_actor_pose *pose)
{
    if (!desc->four_legged) pose->channel_rad[BT_CHANNEL_HEAD] = walk->gaze.head_rad;
    if (bt_gear_is_ridden(desc->gear)) {
        bt_gear_pose_rider(&body->gear, &walk->gear, pose->channel_rad);
        pose->world_from_actor = riding(desc, body, path, walk);
        return;
    }
    bt_gait gait = gait_of(desc, walk);
    double sink = bt_gait_pose_feet(&gait, &walk->feet, pose->channel_rad);
    if (!desc->four_legged) swing_own(desc, pose->channel_rad);
    if (desc->gear != BT_GEAR_NONE)
        bt_gear_pose_walker(&body->gear, &walk->gear, &gait, &walk->feet, sink, pose->channel_rad);
    pose->world_from_actor = on_foot(path, walk, sink);
}
