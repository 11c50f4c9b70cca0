// road_internal.h: what the files of engine/road share: the network's arrays and small helpers.
//
// Everything that repeats along a road (elevation, widths, marks, ...) is a run of records in one
// array of the network, sorted by s, s absolute along the road. Invariants after loading:
//  1. every run lies inside its array; every index is in range or BT_ROAD_NONE;
//  2. sections of a road are sorted and cover [0, length]; lanes of a section go from left to right
//     and contain id 0 exactly once;
//  3. all numbers are finite and the surface lies within ROAD_WORLD_LIMIT_M of the origin at the
//     samples of the reference lines.
#ifndef BT_ROAD_ROAD_INTERNAL_H
#define BT_ROAD_ROAD_INTERNAL_H

#include "engine/core/memory.h"
#include "engine/road/curve.h"
#include "engine/road/opendrive.h"
#include "engine/road/road.h"

// Limits against hostile files, chosen far above real maps.
#define ROAD_MAX_LANES 256 // in one section
#define ROAD_MAX_TOTAL_LENGTH_M 4e6
#define ROAD_MAX_OBJECTS 200000u // repeats expanded
#define ROAD_WORLD_LIMIT_M 1e7

// A growable array. Capacity beyond count is not part of the network's meaning.
#define ROAD_ARRAY(type)                                                                           \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, capacity;                                                                    \
    }
// Adds a copy of an lvalue; an expression of type bt_status.
#define ROAD_PUSH(array, item)                                                                     \
    road_push(&(array).items, &(array).count, &(array).capacity, &(item), sizeof(item))

BT_CHECKED bt_status road_push(void *items_address, size_t *count, size_t *capacity,
                               const void *item, size_t size);

typedef struct road_run {
    uint32_t first, count;
} road_run;

// value = a + b ds + c ds^2 + d ds^3, ds = s - s0
typedef struct road_cubic {
    double s0_m, a, b, c, d;
} road_cubic;

// Height across the road: at station s0, from t0 on.
typedef struct road_shape {
    double s0_m, t0_m, a, b, c, d;
} road_shape;

typedef struct road_height {
    double s0_m, inner_m, outer_m;
} road_height;

typedef struct road_speed {
    double s0_m, limit_m_s; // 0: none
} road_speed;

typedef enum road_end { ROAD_START, ROAD_END } road_end;

typedef enum road_link_kind { ROAD_LINK_NONE, ROAD_LINK_ROAD, ROAD_LINK_JUNCTION } road_link_kind;

typedef struct road_link {
    road_link_kind kind;
    uint32_t element; // road or junction index; BT_ROAD_NONE: it leads nowhere
    road_end contact; // which end of the other road we touch
    const char *element_id;
    uint32_t line, column;
} road_link;

typedef struct road_detail { // beside bt_road
    road_run curves;
    road_run elevation, superelevation, lane_offset, crossfall_left, crossfall_right;
    road_run shapes;
    road_run speeds;
    road_link predecessor, successor;
    uint32_t line, column;
    double geometry_end_m; // where the plan view ends; the road may say otherwise
} road_detail;

typedef struct lane_detail { // beside bt_lane
    road_run widths;         // cubics
    road_run heights;
    road_run marks;
    road_run predecessors, successors; // into net->link_ids, lane ids as the file says
    road_run at_start, at_end;         // into net->joints: neighbours there
    bool border;                       // widths are borders: t measured from the reference line
    bool level;                        // keeps level: no superelevation
    uint32_t line, column;
} lane_detail;

// A neighbour at a lane's end: lane * 2 + (0: we touch its start, 1: its end).
typedef uint32_t road_joint;

// One sample of a road's reference line; segment i runs from sample i to i + 1 of the same road.
typedef struct road_sample {
    double s_m, x_m, y_m;
    double left_m, right_m; // t of the outermost lane borders over the segment, with margin
} road_sample;

typedef struct road_node { // bounding volume hierarchy over segments, plan view
    double low[2], high[2];
    uint32_t first; // leaf: first of net->segments; inner: left child, right child at first + 1
    uint32_t count; // 0: inner
} road_node;

typedef struct road_segment {
    uint32_t road;
    uint32_t sample; // its first
} road_segment;

typedef struct road_name {
    const char *id;
    uint32_t index;
} road_name;

// Moves up a road's surface, on a grid: rows along s, columns across.
typedef struct road_blend {
    uint32_t first;         // into net->blend_m
    uint32_t rows, columns; // 0: it is not moved
    double row_m, column_m; // between them
    double low_t_m;         // of column 0
} road_blend;

struct bt_road_network {
    bt_arena *arena; // strings
    const char *geo_reference;
    bt_vec3 low, high;
    uint32_t version_minor;
    double offset_x_m, offset_y_m, offset_z_m, offset_heading_rad;

    ROAD_ARRAY(bt_road) roads;
    ROAD_ARRAY(road_detail) road_details;
    ROAD_ARRAY(bt_lane_section) sections;
    ROAD_ARRAY(bt_lane) lanes;
    ROAD_ARRAY(lane_detail) lane_details;
    ROAD_ARRAY(bt_junction) junctions;
    ROAD_ARRAY(bt_junction_connection) connections;
    ROAD_ARRAY(bt_lane_link) lane_links;
    ROAD_ARRAY(bt_signal) signals;
    ROAD_ARRAY(bt_signal_reference) signal_references;
    ROAD_ARRAY(bt_road_object) objects;
    ROAD_ARRAY(bt_object_corner) corners;
    ROAD_ARRAY(bt_object_marking) object_markings;
    ROAD_ARRAY(bt_vec3) marking_points;
    ROAD_ARRAY(bt_tunnel) tunnels;
    ROAD_ARRAY(bt_controller) controllers;
    ROAD_ARRAY(uint32_t) controller_signals;
    ROAD_ARRAY(const char *) warnings;

    ROAD_ARRAY(road_curve) curves;
    ROAD_ARRAY(double) knots;
    ROAD_ARRAY(road_cubic) cubics;
    ROAD_ARRAY(road_shape) shapes;
    ROAD_ARRAY(road_height) heights;
    ROAD_ARRAY(road_speed) speeds;
    ROAD_ARRAY(bt_road_mark) marks;
    ROAD_ARRAY(bt_road_mark_line) mark_lines;
    ROAD_ARRAY(int32_t) link_ids;
    ROAD_ARRAY(road_joint) joints;

    ROAD_ARRAY(road_sample) samples;
    ROAD_ARRAY(road_run) road_samples; // per road
    ROAD_ARRAY(road_node) nodes;
    ROAD_ARRAY(road_segment) segments; // in leaf order
    ROAD_ARRAY(road_name) roads_by_id;
    // how far surfaces are moved up to meet those that lie over them (blend.c): none, or one per road
    ROAD_ARRAY(road_blend) blends;
    ROAD_ARRAY(float) blend_m;
    // outer t of the lanes of even sections, and where those of each section begin; BT_ROAD_NONE: its widths change
    ROAD_ARRAY(double) even_borders;
    ROAD_ARRAY(uint32_t) even_first;
};

// Ids to indices: sort once, then find. The first of equal ids wins.
void road_names_sort(road_name *names, size_t count);
uint32_t road_names_find(const road_name *names, size_t count, const char *id);

// ---- profiles (profile.c) -----------------------------------------------------------------------
static inline uint32_t road_lane_index(const bt_road_network *net, uint32_t lane)
{
    return lane - net->sections.items[net->lanes.items[lane].section].first_lane;
}
// Index within the run of the record valid at s: the last with s0 <= s, the first before that.
// `stride` is the record's size; s0_m must be its first member.
uint32_t road_record_at(const void *records, size_t stride, uint32_t count, double s_m);
// 0 when the run is empty, constant before its first record. Outputs may be NULL.
double road_profile_at(const bt_road_network *net, road_run run, double s_m, double *slope,
                       double *second);

// ---- plan and surface (surface.c) ---------------------------------------------------------------
road_plan road_plan_at(const bt_road_network *net, uint32_t road, double s_m);
// The section that holds s (the later one at a border); BT_ROAD_NONE when the road has none.
uint32_t road_section_at(const bt_road_network *net, uint32_t road, double s_m);
// A cut through a section: outer t of every lane, in lane order; the centre's is the lane offset.
typedef struct road_cut {
    uint32_t section;
    uint32_t first_lane, lane_count, centre; // centre: index of lane 0 within the section
    double s_m;
    double t_m[ROAD_MAX_LANES];
} road_cut;

void road_cut_at(const bt_road_network *net, uint32_t section, double s_m, road_cut *cut);
// Finds the sections whose lanes keep their widths: their cuts are the same everywhere.
BT_CHECKED bt_status road_find_even(bt_road_network *net);
// Outer t of one lane only, the same numbers as the cut gives; its inner neighbour's too.
double road_outer_border_at(const bt_road_network *net, uint32_t lane, double s_m,
                            double *inner_t_m);
static inline double road_cut_inner(const road_cut *cut, uint32_t index)
{
    return index < cut->centre   ? cut->t_m[index + 1]
           : index > cut->centre ? cut->t_m[index - 1]
                                 : cut->t_m[index];
}
// Index within the section of the lane that holds t, never the centre unless it is alone; clamped
// to the outermost when beyond.
uint32_t road_cut_lane(const road_cut *cut, double t_m);
// Surface height over the road's plane at t, for the lane at `index`: shape, level, lane height, blend.
double road_cut_height(const bt_road_network *net, const road_cut *cut, uint32_t index, double t_m,
                       double *slope_t);

typedef struct road_frame { // cross-section at s: everything that does not depend on t
    road_plan plan;
    double cos_heading, sin_heading;
    bt_vec3 origin;          // on the reference line, elevation applied
    bt_vec3 along, left, up; // unit; left and up turned by the superelevation
    double roll_rad, roll_slope;
    double elevation_slope, elevation_second;
} road_frame;

road_frame road_frame_at(const bt_road_network *net, uint32_t road, double s_m);
// Point at t with height h over the plane.
static inline bt_vec3 road_frame_point(const road_frame *frame, double t_m, double h_m)
{
    return bt_vec3_mad(bt_vec3_mad(frame->origin, frame->left, t_m), frame->up, h_m);
}
// Surface tangent along s at constant t (not unit).
bt_vec3 road_frame_tangent(const road_frame *frame, double t_m);
// Shape and crossfall: height over the plane at (s, t), and its slope across.
double road_cross_height(const bt_road_network *net, uint32_t road, double s_m, double t_m,
                         double *slope_t);
// The surface at t in the lane at `index` of the cut; heights are that lane's even outside it.
bt_vec3 road_surface_point(const bt_road_network *net, const road_frame *frame, const road_cut *cut,
                           uint32_t index, double t_m);
// x along increasing s where t changes by t_slope per metre of s, z the surface normal.
bt_pose road_surface_pose(const bt_road_network *net, const road_frame *frame, const road_cut *cut,
                          uint32_t index, double t_m, double t_slope);

// ---- lanes (lane.c, network.c) ------------------------------------------------------------------
// Pose at t with the lane's own height, turned to its travel or against.
bt_pose road_pose_in_lane(const bt_road_network *net, uint32_t lane, double s_m, double t_m,
                          double t_slope, bool forward);
double road_lane_centre_slope(const bt_road_network *net, uint32_t lane, double s_m);
bool road_lane_type_find(const char *name, bt_lane_type *type);

// ---- surfaces that lie over each other (blend.c) --------------------------------------------------
// Makes them one in every junction, once the locator is built and before anybody asks for more. `coarse`: the file has so much
// of them that the grids are wider than they should be.
BT_CHECKED bt_status road_blend_all(bt_road_network *net, bool *coarse);
// How far a road's surface is moved up at (s, t), and how that changes along s and t.
double road_blend_at(const bt_road_network *net, uint32_t road, double s_m, double t_m,
                     double *slope_s, double *slope_t);
static inline bool road_is_blended(const bt_road_network *net, uint32_t road)
{
    return road < net->blends.count && net->blends.items[road].rows > 0;
}

// ---- projection (locate.c) ----------------------------------------------------------------------
// (s, t) of a world point on one road, by Newton from s_hint; the residual along the road that is
// left (0 but beyond the road's ends).
double road_project(const bt_road_network *net, uint32_t road, bt_vec3 point, double s_hint_m,
                    double *s_m, double *t_m);

// ---- building (locator.c) -----------------------------------------------------------------------
// Samples all roads, finds the bounds, builds the hierarchy. Fails (BT_ERR_INPUT, no file position)
// when a road's surface is not finite or too far away; *bad_road says which.
BT_CHECKED bt_status road_build_locator(bt_road_network *net, uint32_t *bad_road);

#endif
