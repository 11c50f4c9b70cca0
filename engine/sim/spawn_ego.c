// spawn_ego.c: a good start and goal for the ego on any map.
#include "engine/sim/lane_graph.h"
#include "engine/sim/spawn.h"

#include "engine/core/random.h"

#include <math.h>

#define START_M 12.0 // from the lane's beginning
#define CLOSE 0.85   // starts nearly as good as the best are drawn from
#define GOAL_STEP_M 5.0

// Longer is better, up to 150 m; better still when the way never ends and people walk beside it.
static double score(const bt_lane_graph *g, uint32_t lane)
{
    const bt_lane_path *path = &g->lanes[lane];
    const bt_lane *l = bt_road_lane_get(g->net, lane);
    if (!bt_lane_graph_drivable(g, lane) || path->length_m < 1.0) return 0.0;
    if (bt_lane_width(g->net, lane, 0.5 * (l->s0_m + l->s1_m)) < 2.3) return 0.0;
    double points = fmin(path->length_m, 150.0);
    if (path->junction != BT_ROAD_NONE) return 0.01 * points;
    if (l->type != BT_LANE_DRIVING) points *= 0.3;
    if (path->next_count > 0) points += 50.0;
    if (path->endless) points += 100.0;
    const bt_lane_section *section = bt_road_section_get(g->net, l->section);
    for (uint32_t i = 0; i < section->lane_count; i++)
        if (bt_road_lane_get(g->net, section->first_lane + i)->type == BT_LANE_SIDEWALK)
            return points + 60.0;
    return points;
}

// Where a start is wanted.
typedef struct area {
    double x_m, y_m, radius_m;
} area;

static double score_within(const bt_lane_graph *g, uint32_t lane, const area *where)
{
    if (!bt_lane_graph_drivable(g, lane)) return 0.0;
    bt_lane_point p = bt_lane_graph_at(g, lane, 0.0);
    bool inside = bt_hypot(p.x_m - where->x_m, p.y_m - where->y_m) <= where->radius_m;
    return inside ? score(g, lane) : 0.0;
}

static bt_status pick_start(const bt_road_network *net, uint64_t seed, const area *where,
                            uint32_t *lane, double *s_m)
{
    *lane = BT_ROAD_NONE;
    *s_m = 0.0;
    bt_lane_graph g;
    bt_status status = bt_lane_graph_compile(net, &g);
    if (status != BT_OK) return status;
    double best = 0.0;
    uint32_t good = 0, pick = 0;
    for (uint32_t i = 0; i < g.lane_count; i++)
        best = fmax(best, score_within(&g, i, where));
    for (uint32_t i = 0; i < g.lane_count; i++)
        good += best > 0.0 && score_within(&g, i, where) >= CLOSE * best;
    if (good > 0) pick = bt_random_below(seed, BT_STREAM_PLACEMENT, 0, 1, good);
    for (uint32_t i = 0; good > 0 && i < g.lane_count; i++) {
        if (score_within(&g, i, where) < CLOSE * best || pick-- > 0) continue;
        double at = fmin(START_M, 0.3 * g.lanes[i].length_m);
        *lane = i;
        *s_m = bt_lane_graph_at(&g, i, at).s_m;
        break;
    }
    bt_lane_graph_clear(&g);
    return good > 0 ? BT_OK : bt_fail(BT_ERR_INPUT, "the road network has no lane to drive on");
}

bt_status bt_spawn_ego_start(const bt_road_network *net, uint64_t seed, uint32_t *lane, double *s_m)
{
    const area everywhere = {0.0, 0.0, INFINITY};
    return pick_start(net, seed, &everywhere, lane, s_m);
}

bt_status bt_spawn_ego_start_near(const bt_road_network *net, uint64_t seed, double x_m, double y_m,
                                  double radius_m, uint32_t *lane, double *s_m)
{
    const area near = {x_m, y_m, radius_m};
    return pick_start(net, seed, &near, lane, s_m);
}

bt_status bt_spawn_ego_goal(const bt_road_network *net, uint64_t seed, uint32_t lane, double s_m,
                            double distance_m, uint32_t *goal_lane, double *goal_s_m)
{
    *goal_lane = BT_ROAD_NONE;
    *goal_s_m = 0.0;
    bt_route *route = NULL;
    bt_status status = bt_route_wander(net, lane, s_m, distance_m + 20.0, seed, &route);
    if (status != BT_OK) return status;
    double at = fmin(distance_m, bt_route_length(route) - 8.0);
    if (at >= 20.0) bt_route_pose(net, route, at, 0.0, goal_lane, goal_s_m);
    // not inside a junction: a little before it
    while (at > 20.0 && *goal_lane != BT_ROAD_NONE &&
           bt_road_get(net, bt_road_lane_get(net, *goal_lane)->road)->junction != BT_ROAD_NONE) {
        at -= GOAL_STEP_M;
        bt_route_pose(net, route, at, 0.0, goal_lane, goal_s_m);
    }
    double length = bt_route_length(route);
    bt_route_destroy(route);
    if (*goal_lane != BT_ROAD_NONE) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "the way from the start ends after %.0f m: no room for a goal",
                   length);
}
