// role.c: see role.h.
#include "engine/story/role.h"

#include <math.h>

#define NEXT_MAX 16u
#define STEP_M 1.0    // curvature is looked at this often
#define SCALE_MIN 0.2 // of s over way, inside tight bends
#define SCALE_MAX 5.0
#define HOPS_MAX 4096 // lanes in one go: loops of lanes without length end here
#define SAME_ROAD_M 1e-6

static double sign_of(const bt_lane *lane)
{
    return lane->forward ? 1.0 : -1.0;
}

static double lane_middle(const bt_road_network *net, uint32_t lane, double s_m)
{
    double inner, outer;
    bt_lane_borders(net, lane, s_m, &inner, &outer);
    return 0.5 * (inner + outer);
}

double bt_lane_place_t(const bt_road_network *net, const bt_lane_place *p)
{
    const bt_lane *lane = bt_road_lane_get(net, p->lane);
    return lane_middle(net, p->lane, p->s_m) + sign_of(lane) * p->aside_m;
}

bt_pose bt_lane_place_pose(const bt_road_network *net, const bt_lane_place *p)
{
    bt_pose pose = bt_lane_pose(net, p->lane, p->s_m, p->aside_m);
    if (!p->against) return pose;
    pose.rot = bt_quat_mul(pose.rot, bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, BT_PI));
    return pose;
}

// ---- along ------------------------------------------------------------------------------------
// +1: its s grows as it goes.
static double direction(const bt_road_network *net, const bt_lane_place *p)
{
    return bt_road_lane_get(net, p->lane)->forward != (bool)p->against ? 1.0 : -1.0;
}

static double heading_at(const bt_road_network *net, uint32_t lane, double s_m, bool against)
{
    double yaw = bt_quat_yaw(bt_lane_pose(net, lane, s_m, 0.0).rot);
    return against ? yaw + BT_PI : yaw;
}

static bool is_chosen(const bt_lane_choice *choice, uint32_t lane)
{
    for (uint32_t i = 0; choice && i < choice->count; i++)
        if (choice->lanes[i] == lane) return true;
    return false;
}

static bool on_chosen_road(const bt_road_network *net, const bt_lane_choice *choice, uint32_t lane)
{
    uint32_t road = bt_road_lane_get(net, lane)->road;
    for (uint32_t i = 0; choice && i < choice->count; i++)
        if (bt_road_lane_get(net, choice->lanes[i])->road == road) return true;
    return false;
}

// The lane it goes on to at the end of its own (backwards: at the beginning).
static uint32_t next_lane(const bt_road_network *net, const bt_lane_choice *choice,
                          const bt_lane_place *p, bool backwards)
{
    uint32_t next[NEXT_MAX], best = BT_ROAD_NONE;
    bool with = (bool)p->against == backwards; // along the lane's travel
    uint32_t count = with ? bt_lane_successors(net, p->lane, next, NEXT_MAX)
                          : bt_lane_predecessors(net, p->lane, next, NEXT_MAX);
    double least = 1e9, yaw = heading_at(net, p->lane, p->s_m, !with);
    for (uint32_t i = 0; i < count && i < NEXT_MAX; i++) {
        const bt_lane *lane = bt_road_lane_get(net, next[i]);
        double end_s = lane->forward == with ? lane->s1_m : lane->s0_m;
        double turn = fabs(bt_wrap_angle(heading_at(net, next[i], end_s, !with) - yaw));
        if (is_chosen(choice, next[i]))
            turn -= 100.0;
        else if (on_chosen_road(net, choice, next[i]))
            turn -= 50.0;
        if (turn < least) least = turn, best = next[i];
    }
    return best;
}

// Metres of s per metre of way.
static double scale_at(const bt_road_network *net, const bt_lane_place *p)
{
    double heading, curvature;
    uint32_t road = bt_road_lane_get(net, p->lane)->road;
    bt_road_heading(net, road, p->s_m, &heading, &curvature);
    double stretch = 1.0 - curvature * bt_lane_place_t(net, p);
    return stretch <= 0.0 ? SCALE_MAX : bt_clamp(1.0 / stretch, SCALE_MIN, SCALE_MAX);
}

static void enter(const bt_road_network *net, uint32_t lane, bool backwards, bt_lane_place *p)
{
    const bt_lane *to = bt_road_lane_get(net, lane);
    p->lane = lane;
    p->s_m = (direction(net, p) > 0.0) != backwards ? to->s0_m : to->s1_m;
}

bool bt_lane_place_advance(const bt_road_network *net, const bt_lane_choice *choice,
                           double distance_m, bool by_s, bt_lane_place *p)
{
    bool backwards = distance_m < 0.0;
    double left = fabs(distance_m);
    for (int hops = 0; left > 0.0 && hops < HOPS_MAX;) {
        const bt_lane *lane = bt_road_lane_get(net, p->lane);
        double way = direction(net, p) * (backwards ? -1.0 : 1.0);
        double scale = by_s ? 1.0 : scale_at(net, p);
        double room = fmax(0.0, way > 0.0 ? lane->s1_m - p->s_m : p->s_m - lane->s0_m);
        double step = fmin(left, STEP_M);
        if (step * scale <= room) {
            p->s_m += way * step * scale;
            left -= step;
            continue;
        }
        p->s_m = way > 0.0 ? lane->s1_m : lane->s0_m;
        left -= room / scale;
        uint32_t next = next_lane(net, choice, p, backwards);
        if (next == BT_ROAD_NONE) return left < 1e-9;
        enter(net, next, backwards, p);
        hops++;
    }
    return true;
}

// ---- across -----------------------------------------------------------------------------------
void bt_lane_place_shift(const bt_road_network *net, uint32_t lane, bt_lane_place *p)
{
    const bt_lane *from = bt_road_lane_get(net, p->lane), *to = bt_road_lane_get(net, lane);
    double t = bt_lane_place_t(net, p);
    if (from->forward != to->forward) p->against = !p->against;
    p->lane = lane;
    p->aside_m = sign_of(to) * (t - lane_middle(net, lane, p->s_m));
}

uint32_t bt_lane_place_beside(const bt_road_network *net, const bt_lane_place *p, int32_t count)
{
    const bt_lane *lane = bt_road_lane_get(net, p->lane);
    int32_t step = (count > 0) == (direction(net, p) > 0.0) ? 1 : -1, id = lane->id;
    if (count > 64 || count < -64) return BT_ROAD_NONE;
    for (int32_t i = 0; i < (count < 0 ? -count : count); i++) {
        id += step;
        if (id == 0) id += step; // the centre has no width
    }
    return bt_lane_find(net, lane->road, p->s_m, id);
}

// ---- finding ----------------------------------------------------------------------------------
bt_lane_place bt_lane_place_find(const bt_road_network *net, bt_vec3 pos, double yaw_rad,
                                 uint32_t prefer_road)
{
    bt_lane_place p = {.lane = BT_ROAD_NONE};
    bt_road_location at;
    if (!bt_road_locate(net, pos, prefer_road, &at) || at.lane == BT_ROAD_NONE) return p;
    const bt_lane *lane = bt_road_lane_get(net, at.lane);
    if (lane->id == 0) return p;
    p.lane = at.lane;
    p.s_m = at.s_m;
    p.aside_m = sign_of(lane) * (at.t_m - lane_middle(net, at.lane, at.s_m));
    p.against = bt_cos(yaw_rad - heading_at(net, at.lane, at.s_m, false)) < 0.0;
    return p;
}

static bool search(const bt_road_network *net, const bt_lane_choice *choice,
                   const bt_lane_place *from, const bt_lane_place *to, double reach_m,
                   bool backwards, double *distance_m)
{
    bt_lane_place p = *from;
    uint32_t road = bt_road_lane_get(net, to->lane)->road;
    double gone = 0.0;
    for (int hops = 0; gone < reach_m && hops < HOPS_MAX; hops++) {
        const bt_lane *lane = bt_road_lane_get(net, p.lane);
        double way = direction(net, &p) * (backwards ? -1.0 : 1.0);
        if (lane->road == road && way * (to->s_m - p.s_m) >= -SAME_ROAD_M) {
            *distance_m = gone + fabs(to->s_m - p.s_m);
            return *distance_m <= reach_m;
        }
        gone += fabs((way > 0.0 ? lane->s1_m : lane->s0_m) - p.s_m);
        p.s_m = way > 0.0 ? lane->s1_m : lane->s0_m;
        uint32_t next = next_lane(net, choice, &p, backwards);
        if (next == BT_ROAD_NONE) return false;
        enter(net, next, backwards, &p);
    }
    return false;
}

bool bt_lane_place_distance(const bt_road_network *net, const bt_lane_choice *choice,
                            const bt_lane_place *from, const bt_lane_place *to, double reach_m,
                            double *distance_m)
{
    *distance_m = 0.0;
    if (from->lane == BT_ROAD_NONE || to->lane == BT_ROAD_NONE) return false;
    uint32_t road = bt_road_lane_get(net, to->lane)->road;
    if (bt_road_lane_get(net, from->lane)->road == road) {
        *distance_m = direction(net, from) * (to->s_m - from->s_m);
        return true;
    }
    if (search(net, choice, from, to, reach_m, false, distance_m)) return true;
    bool behind = search(net, choice, from, to, reach_m, true, distance_m);
    *distance_m = -*distance_m;
    return behind;
}
