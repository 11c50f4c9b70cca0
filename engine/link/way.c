// way.c: the ego's way ahead, and what lies on it.
#include "engine/link/way.h"

#include <math.h>

#define SIDE_ROOM_M 0.25 // beside the swept path
#define PARTS 2
#define CROSSES_M_S 0.3 // across the way, from this on
#define SPARE_S 1.0     // before and after

// Body axes of the ego in plan: how far a point lies ahead and to the left.
static double left_of(bt_vec3 point, bt_vec3 origin, double heading_rad)
{
    return (point.y - origin.y) * bt_cos(heading_rad) - (point.x - origin.x) * bt_sin(heading_rad);
}

static double ahead_of(bt_vec3 point, bt_vec3 origin, double heading_rad)
{
    return (point.x - origin.x) * bt_cos(heading_rad) + (point.y - origin.y) * bt_sin(heading_rad);
}

void bt_way_look(const bt_road_network *net, const bt_route *route, double route_m, bt_pose ego,
                 bt_way *way)
{
    *way = (bt_way){0};
    if (!route) return;
    way->remaining_m = fmax(0.0, bt_route_length(route) - route_m);
    uint32_t lane = BT_ROAD_NONE;
    double s_m = 0.0;
    for (uint32_t i = 0; i < BT_WAY_POINTS; i++) {
        double along = BT_WAY_STEP_M * i;
        if (i > 0 && along > way->remaining_m) break;
        bt_pose pose = bt_route_pose(net, route, route_m + along, 0.0, i == 0 ? &lane : NULL,
                                     i == 0 ? &s_m : NULL);
        way->pos_world_m[i] = pose.pos;
        way->heading_rad[i] = bt_quat_yaw(pose.rot);
        way->curvature_1_m[i] = bt_route_curvature(net, route, route_m + along);
        way->count++;
    }
    way->offset_m = left_of(ego.pos, way->pos_world_m[0], way->heading_rad[0]);
    way->heading_error_rad = bt_wrap_angle(bt_quat_yaw(ego.rot) - way->heading_rad[0]);
    if (lane == BT_ROAD_NONE) return;
    way->lane_width_m = bt_lane_width(net, lane, s_m);
    way->speed_limit_m_s = bt_road_lane_get(net, lane)->speed_limit_m_s;
}

// ---- leader -----------------------------------------------------------------------------------
// Where a box lies along the way: its middle, its reach along and across there.
typedef struct way_sight {
    double along_m, aside_m, half_along_m, half_across_m;
    double heading_rad; // of the way there
} way_sight;

static way_sight see_box(const bt_way *way, const bt_footprint *box)
{
    bt_vec3 middle = {box->x_m, box->y_m, 0.0};
    uint32_t best = 0;
    double nearest = 1e300;
    for (uint32_t i = 0; i < way->count; i++) {
        double dx = way->pos_world_m[i].x - middle.x, dy = way->pos_world_m[i].y - middle.y;
        if (dx * dx + dy * dy >= nearest) continue;
        nearest = dx * dx + dy * dy;
        best = i;
    }
    double heading = way->heading_rad[best];
    double turn = box->yaw_rad - heading;
    double c = fabs(bt_cos(turn)), s = fabs(bt_sin(turn));
    return (way_sight){
        .along_m = BT_WAY_STEP_M * best + ahead_of(middle, way->pos_world_m[best], heading),
        .aside_m = left_of(middle, way->pos_world_m[best], heading),
        .half_along_m = box->half_length_m * c + box->half_width_m * s,
        .half_across_m = box->half_length_m * s + box->half_width_m * c,
        .heading_rad = heading,
    };
}

// Walks somebody into the path, `room_m` to either side, before the ego is past, and is not out of it again when it
// comes?
static bool walks_into(const way_sight *sight, const bt_motion *motion, const bt_vehicle *ego,
                       double ego_m_s, double gap_m, double room_m)
{
    double across = motion->velocity_m_s.y * bt_cos(sight->heading_rad) -
                    motion->velocity_m_s.x * bt_sin(sight->heading_rad);
    if (sight->aside_m * across >= 0.0 || fabs(across) < CROSSES_M_S) return false;
    double enters_s = (fabs(sight->aside_m) - room_m) / fabs(across);
    double leaves_s = (fabs(sight->aside_m) + room_m) / fabs(across);
    double comes_s = gap_m / fmax(ego_m_s, 1.0);
    double past_s = comes_s + (ego->length_m + 2.0 * sight->half_along_m) / fmax(ego_m_s, 1.0);
    return enters_s < past_s + SPARE_S && leaves_s > comes_s - SPARE_S;
}

static void consider(const bt_way *way, const bt_vehicle *ego, double ego_m_s, bool drives,
                     const bt_footprint *box, uint32_t actor, const bt_motion *motion,
                     bt_leader *leader)
{
    way_sight sight = see_box(way, box);
    double front_m = ego->length_m - ego->rear_overhang_m;
    double gap = sight.along_m - sight.half_along_m - front_m;
    // beside or behind: its middle is not ahead of ours
    if (sight.along_m < 0.5 * ego->wheelbase_m || gap >= leader->gap_m) return;
    if (sight.along_m > BT_WAY_STEP_M * way->count) return;
    double room = 0.5 * ego->width_m + SIDE_ROOM_M + sight.half_across_m;
    bool in_path = fabs(sight.aside_m) <= room;
    if (!in_path && (drives || !walks_into(&sight, motion, ego, ego_m_s, gap, room))) return;
    leader->actor = actor;
    leader->gap_m = gap;
    leader->speed_m_s = motion->velocity_m_s.x * bt_cos(sight.heading_rad) +
                        motion->velocity_m_s.y * bt_sin(sight.heading_rad);
}

bt_leader bt_way_leader(const bt_way *way, const bt_sim *sim, const bt_state *state, double reach_m)
{
    bt_leader leader = {.actor = BT_SIM_NONE, .gap_m = reach_m};
    uint32_t ego = bt_sim_ego(sim);
    if (way->count == 0 || ego == BT_SIM_NONE) return leader;
    const bt_vehicle *vehicle = &bt_sim_actor(sim, ego)->vehicle;
    double speed = bt_state_motion(state, ego)->speed_m_s;
    for (uint32_t actor = 0; actor < bt_sim_actor_count(sim); actor++) {
        if (actor == ego || bt_sim_actor(sim, actor)->kind == BT_ACTOR_FIXTURE) continue;
        for (uint32_t part = 0; part < PARTS; part++) {
            bt_footprint box;
            if (!bt_state_footprint(sim, state, actor, part, &box)) continue;
            // another storey
            double z = way->pos_world_m[0].z;
            if (box.z_low_m > z + 10.0 || box.z_high_m < z - 10.0) continue;
            bool drives = bt_sim_actor(sim, actor)->kind == BT_ACTOR_VEHICLE;
            consider(way, vehicle, speed, drives, &box, actor, bt_state_motion(state, actor),
                     &leader);
        }
    }
    return leader;
}

// ---- light ------------------------------------------------------------------------------------
// The first line that the way passes between the front bumper and reach_m ahead of it. A line within
// half a metre behind the bumper still counts: who stands on it must see its light.
bt_light_ahead bt_way_light(const bt_way *way, const bt_stop_line *lines, uint32_t line_count,
                            double front_m, double reach_m)
{
    for (uint32_t i = 0; i + 1 < way->count; i++) {
        bt_light_ahead first = {.signal = BT_SIM_NONE, .distance_m = reach_m};
        for (uint32_t k = 0; k < line_count; k++) {
            double u;
            if (!bt_stop_line_passed(&lines[k], way->pos_world_m[i], way->pos_world_m[i + 1], &u))
                continue;
            double distance = BT_WAY_STEP_M * (i + u) - front_m;
            if (distance < -0.5 || distance >= first.distance_m) continue;
            first = (bt_light_ahead){lines[k].signal, distance};
        }
        if (first.signal != BT_SIM_NONE) return first;
    }
    return (bt_light_ahead){.signal = BT_SIM_NONE};
}
