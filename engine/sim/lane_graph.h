// lane_graph.h: the lanes for cars and those for bicycles as traffic needs them: sampled centre lines, branches, stop
// lines, and where lanes of a junction cross.
//
// Compiled once per network, constant, shared by all states. Distances d run along a lane's centre
// in travel direction, metres in plan; points are evenly spaced, so that a lookup costs no search.
#ifndef BT_SIM_LANE_GRAPH_H
#define BT_SIM_LANE_GRAPH_H

#include "engine/road/road.h"

typedef struct bt_lane_point {
    double x_m, y_m, z_m;
    double heading_rad; // of travel, in plan
    double bank;        // rise per metre to the left of travel
    double s_m;         // of the road
    double speed_m_s;   // as the curve allows
    float slope;        // rise per metre of travel
    // So far aside the surface is as height and bank say: to the nearer border of its lane; 0 where it is bent, or
    // where the way changes lanes.
    float room_m;
    float cos_heading, sin_heading;
} bt_lane_point;

typedef struct bt_lane_path {
    uint32_t first_point, point_count; // 0 points: for neither cars nor bicycles
    double length_m, spacing_m, points_per_m;
    uint32_t first_next, next_count; // successors that its own traffic may take, into nexts
    uint32_t junction;               // BT_ROAD_NONE outside
    uint32_t origin; // junction lanes: the lane outside that traffic comes from; else the lane
    uint32_t first_conflict, conflict_count;
    uint32_t first_bend, bend_count;
    uint32_t first_stop, stop_count;
    double limit_m_s; // 0: none given
    double line_m;    // where cars wait for the junction behind its end: a stop line, else the end
    double long_back_m; // so much farther back long vehicles wait
    double edge_m;      // of a junction: so far a car's nose is in nobody's way; huge: on all of it
    double turn_rad;    // heading at the end less heading at the start, + left
    double radius_m;    // of its tightest bend
    bool merges;        // several drivable lanes lead onto it
    bool endless;       // some way on from here never ends
    bool no_trailer;    // a trailer would touch what is parked there, or on all ways on (sim.c)
    bool parked_beside; // within a few metres of its middle, when there are trailers (sim.c)
    bool yields;        // a give-way or stop sign stands on it
    bool has_way;       // of a junction: all whose lanes meet it there have such a sign before them
    bool cycles;        // a bicycle lane: cars neither begin nor go there
} bt_lane_path;

// Kinds of bodies: long ones leave their lane in bends (sweep.h).
typedef enum bt_body_kind {
    BT_BODY_CAR,
    BT_BODY_LONG,
    BT_BODY_COUNT,
} bt_body_kind;

// Lanes of a junction on which two would touch. until_m[own body][other body]: where the other's rear axle is,
// along its lane, when it is out of the way at last; -1e9: it never is in the way.
// The stretches are those of two cars, of their rear axles, from the first touch to the last.
typedef struct bt_lane_stretch {
    double from_m, to_m;
} bt_lane_stretch;
typedef struct bt_lane_conflict {
    uint32_t other;
    bool joins;   // both lead onto one lane
    bool shallow; // two cars meet there at an acute angle, as at the exits of a ring of two lanes
    double until_m[BT_BODY_COUNT][BT_BODY_COUNT];
    bt_lane_stretch own_stretch, other_stretch;
} bt_lane_conflict;

// A bend, in a junction or not, in which a long vehicle needs room on another lane, outside junctions. All
// are places of rear axles along their lanes; they may lie before the lane begins, or behind its end.
typedef struct bt_lane_bend {
    uint32_t other;
    uint32_t pad;
    double from_m, to_m;                                           // of the long vehicle
    double other_from_m[BT_BODY_COUNT], other_to_m[BT_BODY_COUNT]; // of who is on the other lane
} bt_lane_bend;

typedef struct bt_lane_stop {
    uint32_t signal;
    double d_m;
    double long_back_m; // so much farther back long vehicles stop
} bt_lane_stop;

typedef struct bt_lane_graph {
    const bt_road_network *net;
    bt_lane_path *lanes; // (lanes of the network)
    uint32_t lane_count;
    bt_lane_point *points;
    size_t point_count, point_capacity;
    uint32_t *nexts;
    size_t next_count, next_capacity;
    bt_lane_conflict *conflicts;
    size_t conflict_count, conflict_capacity;
    bt_lane_bend *bends;
    size_t bend_count, bend_capacity;
    bt_lane_stop *stops;
    size_t stop_count, stop_capacity;
} bt_lane_graph;

// Without conflicts and bends: those depend on the bodies that drive (lane_conflict.h).
BT_CHECKED bt_status bt_lane_graph_compile(const bt_road_network *net, bt_lane_graph *graph);
void bt_lane_graph_clear(bt_lane_graph *graph);

static inline bool bt_lane_graph_drivable(const bt_lane_graph *graph, uint32_t lane)
{
    return lane < graph->lane_count && graph->lanes[lane].point_count > 0 &&
           !graph->lanes[lane].cycles;
}
// By car or, where there are bicycle lanes, by bicycle.
static inline bool bt_lane_graph_rideable(const bt_lane_graph *graph, uint32_t lane)
{
    return lane < graph->lane_count && graph->lanes[lane].point_count > 0;
}
// The bicycle lane beside a lane for cars, of the same way and wide enough to ride on; BT_ROAD_NONE: none.
uint32_t bt_lane_graph_cycle_lane(const bt_lane_graph *graph, uint32_t lane);
// A lane for cars beside one that ends, going the same way and on; BT_ROAD_NONE: none.
uint32_t bt_lane_graph_beside(const bt_lane_graph *graph, uint32_t lane);
static inline double bt_lane_heading_mix(const bt_lane_point *a, const bt_lane_point *b, double u)
{
    double turn = b->heading_rad - a->heading_rad;
    if (fabs(turn) > BT_PI) turn = bt_wrap_angle(turn);
    return a->heading_rad + turn * u;
}
// Cosine and sine of the heading; zeros where a way turns back on itself.
static inline void bt_lane_direction_mix(const bt_lane_point *a, const bt_lane_point *b, double u,
                                         double *cosine, double *sine)
{
    double c = bt_lerp((double)a->cos_heading, (double)b->cos_heading, u);
    double s = bt_lerp((double)a->sin_heading, (double)b->sin_heading, u);
    double to_unit = 1.0 / sqrt(bt_max(c * c + s * s, 1e-12));
    *cosine = c * to_unit;
    *sine = s * to_unit;
}
static inline bt_lane_point bt_lane_point_mix(const bt_lane_point *a, const bt_lane_point *b,
                                              double u)
{
    float part = (float)u;
    double c, s;
    bt_lane_direction_mix(a, b, u, &c, &s);
    return (bt_lane_point){.x_m = bt_lerp(a->x_m, b->x_m, u),
                           .y_m = bt_lerp(a->y_m, b->y_m, u),
                           .z_m = bt_lerp(a->z_m, b->z_m, u),
                           .heading_rad = bt_lane_heading_mix(a, b, u),
                           .bank = bt_lerp(a->bank, b->bank, u),
                           .s_m = bt_lerp(a->s_m, b->s_m, u),
                           .speed_m_s = bt_lerp(a->speed_m_s, b->speed_m_s, u),
                           .slope = a->slope + (b->slope - a->slope) * part,
                           .room_m = a->room_m + (b->room_m - a->room_m) * part,
                           .cos_heading = (float)c,
                           .sin_heading = (float)s};
}
// The points round a place: gives the first of the two, and how far towards the second it is, 0 to 1.
static inline const bt_lane_point *bt_lane_points_at(const bt_lane_graph *graph, uint32_t lane,
                                                     double d_m, double *u)
{
    const bt_lane_path *path = &graph->lanes[lane];
    double at = bt_clamp(d_m * path->points_per_m, 0.0, (double)(path->point_count - 1));
    uint32_t i = (uint32_t)at;
    if (i + 1 >= path->point_count) i = path->point_count - 2;
    *u = at - i;
    return &graph->points[path->first_point + i];
}
// Interpolated; d is clamped to the lane.
static inline bt_lane_point bt_lane_graph_at(const bt_lane_graph *graph, uint32_t lane, double d_m)
{
    double u;
    const bt_lane_point *p = bt_lane_points_at(graph, lane, d_m, &u);
    return bt_lane_point_mix(&p[0], &p[1], u);
}
// The road's station there.
double bt_lane_graph_station(const bt_lane_graph *graph, uint32_t lane, double d_m);
// Distance along the lane of a road station, clamped to the lane.
double bt_lane_graph_distance(const bt_lane_graph *graph, uint32_t lane, double s_m);

#endif
