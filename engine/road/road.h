// road.h: a road network: reference lines, lanes, junctions, signals, objects; and the questions
// everybody asks of it. Read from OpenDRIVE (ASAM OpenDRIVE 1.4 to 1.8; opendrive.h).
//
// A network is constant after loading and may be shared by threads. Pointers into it live as long
// as the network. Coordinates: s along the road's reference line, t to its left, metres; h up from
// the surface. World: x east, y north, z up, as the file says (header offset applied).
//
// A "lane" here is one lane of one lane section: (road, section, id), with a flat index over the
// whole network. id > 0 lies left of the reference line, id < 0 right; id 0 (the centre) has an
// index too, with zero width. Travel direction: right lanes with s, left lanes against it in
// right-hand traffic; the reverse in left-hand traffic.
#ifndef BT_ROAD_ROAD_H
#define BT_ROAD_ROAD_H

#include "engine/core/status.h"
#include "engine/math/pose.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BT_ROAD_NONE UINT32_MAX

typedef struct bt_road_network bt_road_network;

typedef enum bt_lane_type { // names as in the standard; bt_lane_type_name gives the file's word
    BT_LANE_NONE,
    BT_LANE_DRIVING,
    BT_LANE_STOP,
    BT_LANE_SHOULDER,
    BT_LANE_BIKING,
    BT_LANE_SIDEWALK, // and "walking"
    BT_LANE_BORDER,
    BT_LANE_RESTRICTED,
    BT_LANE_PARKING,
    BT_LANE_BIDIRECTIONAL,
    BT_LANE_MEDIAN,
    BT_LANE_CURB,
    BT_LANE_ENTRY,
    BT_LANE_EXIT,
    BT_LANE_ON_RAMP,
    BT_LANE_OFF_RAMP,
    BT_LANE_CONNECTING_RAMP,
    BT_LANE_SLIP_LANE,
    BT_LANE_TRAM,
    BT_LANE_RAIL,
    BT_LANE_ROAD_WORKS,
    BT_LANE_BUS,
    BT_LANE_TAXI,
    BT_LANE_HOV,
    BT_LANE_SPECIAL,
    BT_LANE_TYPE_COUNT
} bt_lane_type;

const char *bt_lane_type_name(bt_lane_type type);
// Cars may drive there (driving, bidirectional, entry, exit, ramps, bus, taxi, HOV, slip lane).
bool bt_lane_type_drivable(bt_lane_type type);

typedef struct bt_road {
    const char *id;
    const char *name;
    double length_m;
    uint32_t junction; // index, BT_ROAD_NONE outside junctions
    bool left_hand_traffic;
    uint32_t first_section, section_count;
} bt_road;

typedef struct bt_lane_section {
    uint32_t road;
    double s0_m, s1_m;
    uint32_t first_lane, lane_count; // from the leftmost (greatest id) to the rightmost
} bt_lane_section;

typedef struct bt_lane {
    uint32_t road, section;
    int32_t id;
    bt_lane_type type;
    double s0_m, s1_m;
    bool forward;           // travel goes with s
    double speed_limit_m_s; // from lane or road type at s0; 0: not given
} bt_lane;

typedef enum bt_junction_kind {
    BT_JUNCTION_DEFAULT,
    BT_JUNCTION_DIRECT,
    BT_JUNCTION_VIRTUAL,
    BT_JUNCTION_CROSSING
} bt_junction_kind;

typedef struct bt_junction {
    const char *id;
    const char *name;
    uint32_t first_connection, connection_count; // into bt_road_connection_get
    bt_junction_kind kind;
} bt_junction;

typedef struct bt_junction_connection {
    const char *id;
    uint32_t junction;
    uint32_t incoming_road;          // BT_ROAD_NONE: the file names none that exists
    uint32_t connecting_road;        // of a direct junction: the linked road
    bool at_end;                     // it touches the connecting road's end, not its start
    uint32_t first_link, link_count; // into bt_road_lane_link_get
} bt_junction_connection;

typedef struct bt_lane_link {
    int32_t from, to; // lane ids: of the incoming and of the connecting road
} bt_lane_link;

typedef struct bt_signal {
    const char *id, *name, *type, *subtype, *country, *text;
    uint32_t road;
    double s_m, t_m, z_offset_m;
    double value; // 0 when absent
    double width_m, height_m;
    bool dynamic;               // a light, not a plate
    int orientation;            // +1: valid for travel with s, -1: against s, 0: both
    bt_pose world_from_signal;  // x points out of its face, towards the traffic it faces; z up
    uint32_t controller;        // index, BT_ROAD_NONE
    int32_t from_lane, to_lane; // validity, ids; both 0: all lanes
} bt_signal;

// A signal that stands beside one road and holds for another too.
typedef struct bt_signal_reference {
    uint32_t signal;
    uint32_t road;
    double s_m, t_m;
    int orientation;            // as in bt_signal
    int32_t from_lane, to_lane; // validity, ids; both 0: all lanes
} bt_signal_reference;

typedef struct bt_road_object {
    const char *id, *name, *type, *subtype;
    uint32_t road;
    double s_m, t_m, z_offset_m;
    double length_m, width_m, height_m, radius_m; // 0 when absent
    bt_pose world_from_object;                    // centre of its base; x along its length
    // Outline in world coordinates, closed polygon, each point with its own height; count 0: a box
    // or cylinder of the sizes above. Repeats come expanded, one object each.
    uint32_t first_corner, corner_count;
    uint32_t first_marking, marking_count; // paint the file gives for it
} bt_road_object;

typedef struct bt_object_corner {
    bt_vec3 pos_world_m;
    double height_m;
} bt_object_corner;

// A stretch of road inside a tunnel, all lanes.
typedef struct bt_tunnel {
    const char *id, *name;
    uint32_t road;
    double s_m, length_m; // within the road
    bool underpass;       // type "underpass": sides open to daylight
    double lighting;      // 0..1: artificial light
    double daylight;      // 0..1: daylight that comes in
} bt_tunnel;

typedef enum bt_mark_color { // "standard" is white
    BT_MARK_WHITE,
    BT_MARK_YELLOW,
    BT_MARK_BLUE,
    BT_MARK_RED,
    BT_MARK_ORANGE,
    BT_MARK_GREEN,
    BT_MARK_VIOLET,
    BT_MARK_COLOR_COUNT
} bt_mark_color;

// Paint of an object: a polyline, dashed where space_m > 0.
typedef struct bt_object_marking {
    uint32_t first_point, point_count; // into bt_road_marking_point; closed ones repeat the first
    double width_m;
    double line_m, space_m; // space 0: solid
    double start_m, stop_m; // left bare at each straight stretch's ends
    double z_offset_m;
    bt_mark_color color;
} bt_object_marking;

typedef enum bt_mark_type {
    BT_MARK_NONE,
    BT_MARK_SOLID,
    BT_MARK_BROKEN,
    BT_MARK_SOLID_SOLID,
    BT_MARK_SOLID_BROKEN, // inner (nearer the reference line) first, as the standard names them
    BT_MARK_BROKEN_SOLID,
    BT_MARK_BROKEN_BROKEN,
    BT_MARK_BOTTS_DOTS,
    BT_MARK_GRASS,
    BT_MARK_CURB,
    BT_MARK_CUSTOM,
    BT_MARK_EDGE
} bt_mark_type;

// What is painted on a lane's outer border (the centre lane's: on the lane offset), from s0 to the
// next mark of the lane.
typedef struct bt_road_mark {
    double s0_m;
    bt_mark_type type;
    bt_mark_color color;
    double width_m;                  // of one line; 0: not given
    bool heavy;                      // weight "bold"
    bool change_left;                // lane change across it allowed towards greater lane ids
    bool change_right;               // towards smaller ones
    uint32_t first_line, line_count; // patterns the file gives itself
} bt_road_mark;

typedef struct bt_road_mark_line {
    double length_m, space_m; // length 0 or space 0: without gaps
    double t_offset_m, s_offset_m, width_m;
    bool once; // given explicitly: painted once, not repeated
    int color; // bt_mark_color, -1: the mark's
} bt_road_mark_line;

typedef struct bt_controller {
    const char *id, *name;
    uint32_t first_signal, signal_count; // into bt_road_controller_signal
} bt_controller;

// ---- what there is ----------------------------------------------------------------------------
uint32_t bt_road_count(const bt_road_network *net);
const bt_road *bt_road_get(const bt_road_network *net, uint32_t road);
uint32_t bt_road_find(const bt_road_network *net, const char *id); // BT_ROAD_NONE: no such road
uint32_t bt_road_section_count(const bt_road_network *net);
const bt_lane_section *bt_road_section_get(const bt_road_network *net, uint32_t section);
uint32_t bt_road_lane_count(const bt_road_network *net);
const bt_lane *bt_road_lane_get(const bt_road_network *net, uint32_t lane);
uint32_t bt_road_junction_count(const bt_road_network *net);
const bt_junction *bt_road_junction_get(const bt_road_network *net, uint32_t junction);
uint32_t bt_road_connection_count(const bt_road_network *net);
const bt_junction_connection *bt_road_connection_get(const bt_road_network *net,
                                                     uint32_t connection);
const bt_lane_link *bt_road_lane_link_get(const bt_road_network *net, uint32_t link);
uint32_t bt_road_signal_count(const bt_road_network *net);
const bt_signal *bt_road_signal_get(const bt_road_network *net, uint32_t signal);
uint32_t bt_road_signal_reference_count(const bt_road_network *net);
const bt_signal_reference *bt_road_signal_reference_get(const bt_road_network *net,
                                                        uint32_t reference);
// Does a signal with this orientation and validity (bt_signal) hold for the lane?
bool bt_lane_obeys(const bt_lane *lane, int orientation, int32_t from_lane, int32_t to_lane);
uint32_t bt_road_object_count(const bt_road_network *net);
const bt_road_object *bt_road_object_get(const bt_road_network *net, uint32_t object);
// Is it a mark that makes its road's traffic wait: a stop line, or a crossing? Lights and signs say when. They wait so
// far before it.
bool bt_road_object_stops(const bt_road_network *net, const bt_road_object *object,
                          double *before_m);
const bt_object_corner *bt_road_object_corner(const bt_road_network *net, uint32_t corner);
const bt_object_marking *bt_road_object_marking_get(const bt_road_network *net, uint32_t marking);
const bt_vec3 *bt_road_marking_point(const bt_road_network *net, uint32_t point);
uint32_t bt_road_tunnel_count(const bt_road_network *net);
const bt_tunnel *bt_road_tunnel_get(const bt_road_network *net, uint32_t tunnel);
uint32_t bt_road_controller_count(const bt_road_network *net);
const bt_controller *bt_road_controller_get(const bt_road_network *net, uint32_t controller);
uint32_t bt_road_controller_signal(const bt_road_network *net, uint32_t index); // signal index
const char *bt_road_geo_reference(const bt_road_network *net);                  // "" when absent
void bt_road_bounds(const bt_road_network *net, bt_vec3 *low, bt_vec3 *high);

// ---- where things are -------------------------------------------------------------------------
// The surface frame at (s, t): x along increasing s, y left along the surface, z its normal;
// elevation, superelevation, shape and lane height applied, and bt_road_moved. s is clamped to the road.
bt_pose bt_road_pose(const bt_road_network *net, uint32_t road, double s_m, double t_m);
bt_vec3 bt_road_point(const bt_road_network *net, uint32_t road, double s_m, double t_m);
// Roads of a junction are one surface where they are driven, whatever the file says (blend.c): how far that at (s, t) is above
// the file's own, along its plane's normal. 0 where nothing lies over it that differs.
double bt_road_moved(const bt_road_network *net, uint32_t road, double s_m, double t_m);
// Heading and curvature (1/m, + left) of the reference line in the ground plan.
void bt_road_heading(const bt_road_network *net, uint32_t road, double s_m, double *heading_rad,
                     double *curvature_1_m);

typedef struct bt_road_location {
    uint32_t road;
    uint32_t lane; // the lane that holds t, BT_ROAD_NONE beyond the outermost
    double s_m, t_m;
    double height_m;   // of the point above the surface
    double distance_m; // in plan, from the point to the nearest point of the road's lanes; 0 on it
} bt_road_location;

// Nearest place to a world point; among roads that overlap (junctions) the one whose surface is
// nearest in height and whose lane centre is nearest. `prefer` (or BT_ROAD_NONE) wins ties within
// 10 cm. False: the network is empty or nothing within 50 m.
bool bt_road_locate(const bt_road_network *net, bt_vec3 point_world_m, uint32_t prefer_road,
                    bt_road_location *location);
// The same for a point that has moved a little since *location was found: true, and *location of now, while
// it is over the same lane of the same road; false, and *location as it was: search anew. Does not look at other roads.
bool bt_road_follow(const bt_road_network *net, bt_vec3 point_world_m, bt_road_location *location);
// All roads whose lanes hold the point in plan (height within 2 m); at most `max`, nearest lane
// centre first. Gives how many.
uint32_t bt_road_locate_all(const bt_road_network *net, bt_vec3 point_world_m,
                            bt_road_location *locations, uint32_t max);

// ---- lanes ------------------------------------------------------------------------------------
uint32_t bt_lane_find(const bt_road_network *net, uint32_t road, double s_m, int32_t lane_id);
// t of the border towards the centre and of the outer border at s.
void bt_lane_borders(const bt_road_network *net, uint32_t lane, double s_m, double *t_inner_m,
                     double *t_outer_m);
// Surface point on the lane's inner (false) or outer border, at the lane's own height: on a kerb the
// two lanes that meet there give two heights.
bt_vec3 bt_lane_border_point(const bt_road_network *net, uint32_t lane, double s_m, bool outer);
// The surface on both sides of the border towards the next greater t: the lane's own, and that beyond it. False: none is there.
bool bt_lane_border_sides(const bt_road_network *net, uint32_t lane, double s_m, bt_vec3 sides[2]);
// Of a section's lanes from the leftmost, at most max: each one's surface on its left border and on its right (lanes x 2).
// Gives how many.
uint32_t bt_road_section_borders(const bt_road_network *net, uint32_t section, double s_m,
                                 uint32_t max, bt_vec3 *points);
// Does the file raise it by heights of its own, as it does sidewalks on kerbs?
bool bt_lane_is_raised(const bt_road_network *net, uint32_t lane);
double bt_lane_width(const bt_road_network *net, uint32_t lane, double s_m);
// Frame on the lane's centre (+ lateral to the left of travel), x along travel.
bt_pose bt_lane_pose(const bt_road_network *net, uint32_t lane, double s_m, double lateral_m);
double bt_lane_length(const bt_road_network *net, uint32_t lane); // along s
// Lanes that continue this one in travel direction; gives how many there are, writes at most max.
uint32_t bt_lane_successors(const bt_road_network *net, uint32_t lane, uint32_t *lanes,
                            uint32_t max);
uint32_t bt_lane_predecessors(const bt_road_network *net, uint32_t lane, uint32_t *lanes,
                              uint32_t max);
// Next lane to the left (+1) or right (-1) of travel, any type; BT_ROAD_NONE at the edge. The
// centre lane is skipped; across it travel may be opposite (compare `forward`).
uint32_t bt_lane_neighbour(const bt_road_network *net, uint32_t lane, int side);

// Marks of a lane's outer border, in order of s; NULL and 0 when it has none.
const bt_road_mark *bt_lane_marks(const bt_road_network *net, uint32_t lane, uint32_t *count);
const bt_road_mark_line *bt_road_mark_line_get(const bt_road_network *net, uint32_t line);

// ---- routes -----------------------------------------------------------------------------------
typedef struct bt_route bt_route;

// Shortest way from (from_lane, s) to (to_lane, s) along travel, lane changes between neighbouring
// drivable lanes of equal direction allowed at a cost. Fails (BT_ERR_INPUT) when there is none.
BT_CHECKED bt_status bt_route_find(const bt_road_network *net, uint32_t from_lane, double from_s_m,
                                   uint32_t to_lane, double to_s_m, bt_route **route);
// Follows successors for at least `length_m` (or to the network's end), choosing the branch by
// `choice`: bt_random_below(choice, BT_STREAM_TRAFFIC, branch number, 0, count).
BT_CHECKED bt_status bt_route_wander(const bt_road_network *net, uint32_t from_lane,
                                     double from_s_m, double length_m, uint64_t choice,
                                     bt_route **route);
// The same in a part of a world that goes on beyond what is loaded: a branch all of whose ways end within look_m is
// taken only where there is no other, and nearer than that to the rim of what is loaded nothing is chosen: the
// route ends there until it is carried on.
typedef struct bt_route_part {
    double look_m;
    double low_x_m, low_y_m, high_x_m, high_y_m; // the rim
} bt_route_part;
BT_CHECKED bt_status bt_route_wander_part(const bt_road_network *net, const bt_route_part *part,
                                          uint32_t from_lane, double from_s_m, double length_m,
                                          uint64_t choice, bt_route **route);
void bt_route_destroy(bt_route *route); // NULL is fine

struct bt_road_match; // match.h
// A route that wanders, in another network that holds part of the same world: what lies more than a little
// behind from_m is forgotten, and it goes on for `ahead_m` or as far as that network's part lets it (NULL: to its
// end). Distances stay what they were: the same, to the bit, as those of a route made in a network that holds both.
// Fails (BT_ERR_INPUT) where the network does not hold the route at from_m, or when it leads to a goal.
BT_CHECKED bt_status bt_route_carry(const bt_route *route, const struct bt_road_match *match,
                                    const bt_road_network *to, const bt_route_part *part,
                                    double from_m, double ahead_m, bt_route **carried);
double bt_route_length(const bt_route *route);
uint32_t bt_route_lane_count(const bt_route *route);
uint32_t bt_route_lane(const bt_route *route, uint32_t index);
// Frame at a distance along the route (clamped), lane centre + lateral to the left, x along travel.
// Lane changes are blended over their length. Any output may be NULL.
bt_pose bt_route_pose(const bt_road_network *net, const bt_route *route, double distance_m,
                      double lateral_m, uint32_t *lane, double *s_m);
// Curvature of the route's centre in plan, + left.
double bt_route_curvature(const bt_road_network *net, const bt_route *route, double distance_m);
// Distance along the route nearest to a point, searched within +-window_m of `near_m`.
double bt_route_project(const bt_road_network *net, const bt_route *route, bt_vec3 point_world_m,
                        double near_m, double window_m, double *lateral_m);

#endif
