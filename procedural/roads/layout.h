// layout.h: a road network while it is laid out: streets, junctions between them, furniture; then
// written as OpenDRIVE.
//
// Ownership: the layout owns its streets until bt_layout_clear. One thread. Ids are first_id + 1, ...
#ifndef BT_PROCEDURAL_ROADS_LAYOUT_H
#define BT_PROCEDURAL_ROADS_LAYOUT_H

#include "procedural/roads/cross_section.h"
#include "procedural/roads/furniture.h"
#include "procedural/roads/grade.h"

typedef struct bt_layout_road {
    bt_street *street;
    bool ring;                   // bends at its ends
    bt_cross_section start, end; // at its ends
    bt_stretch first, last;      // its outer lane sections
    bt_road_design design;
} bt_layout_road;

typedef struct bt_layout_signal {
    uint32_t road;
    int id;
    bt_furniture_signal signal;
} bt_layout_signal;

typedef enum bt_layout_item_kind {
    BT_ITEM_OBJECT,
    BT_ITEM_CROSSING,
    BT_ITEM_ARROW,
    BT_ITEM_ISLAND,
    BT_ITEM_HATCH
} bt_layout_item_kind;
typedef struct bt_layout_item {
    uint32_t road;
    int id;
    bt_layout_item_kind kind;
    bt_furniture_object object; // of a crossing t and t_end; of an arrow s and t
    bool forward;
    int ways;
    size_t shape; // of the layout's shapes
} bt_layout_item;

typedef struct bt_layout_connection {
    uint32_t junction, incoming, road; // road: the connecting one
    int from[BT_SIDE_MAX_DRIVE + 6], to[BT_SIDE_MAX_DRIVE + 6];
    int link_count;
} bt_layout_connection;

typedef struct bt_layout_junction {
    const char *name;
    int id;
    int controllers[2]; // ids; 0: none
    int group;          // of junctions that make a roundabout; 0: none
} bt_layout_junction;

typedef struct bt_layout_control {
    int controller, signal;
} bt_layout_control;

typedef struct bt_layout {
    int first_id, last_id, last_furniture_id;
    bt_land land;
    bt_layout_road *roads;
    bt_layout_signal *signals;
    bt_layout_item *items;
    bt_layout_connection *connections;
    bt_layout_junction *junctions;
    bt_layout_control *controls;
    bt_furniture_shape *shapes;
    size_t road_count, signal_count, item_count, connection_count, junction_count, control_count;
    size_t road_room, signal_room, item_room, connection_room, junction_room, control_room;
    size_t shape_count, shape_room;
    double length_m;  // of all roads but those inside junctions
    bt_status status; // the first failure
} bt_layout;

void bt_layout_init(bt_layout *layout, int first_id, const bt_land *land);
void bt_layout_clear(bt_layout *layout);

// What a road is to be; corners' radii and spirals are chosen here.
typedef struct bt_layout_road_desc {
    const char *name, *type; // "town", "rural", "motorway"
    bt_corner *corners;
    uint32_t corner_count;
    const bt_alignment *alignment;  // instead of corners; NULL: none
    double speed_km_h, e_max, wish; // wish: radii over the least one where there is room
    double z0_m, z1_m;
    bt_cross_section start, end;
} bt_layout_road_desc;
// Alignment, design, heights. Gives its index; its sections come with bt_layout_set_stretches.
uint32_t bt_layout_add_road(bt_layout *layout, const bt_layout_road_desc *desc);
// A level piece of a circle from a pose, + radius to the left, of one cross-section.
uint32_t bt_layout_add_ring(bt_layout *layout, const char *name, bt_plan_pose from, double radius_m,
                            double length_m, double z_m, double speed_km_h,
                            const bt_cross_section *cross);
// Sections with their s0 and s1, which cover it; at least one.
void bt_layout_set_stretches(bt_layout *layout, uint32_t road, const bt_stretch *stretches,
                             int count);

void bt_layout_add_signal(bt_layout *layout, uint32_t road, const bt_furniture_signal *signal);
void bt_layout_add_item(bt_layout *layout, const bt_layout_item *item);
// BT_ITEM_ISLAND or BT_ITEM_HATCH.
void bt_layout_add_shape(bt_layout *layout, uint32_t road, bt_layout_item_kind kind,
                         const bt_furniture_shape *shape);

// ---- junctions (junction.c) -------------------------------------------------------------------
#define BT_JUNCTION_MAX_ARMS 6
typedef struct bt_arm {
    uint32_t road;
    bool at_end;        // the junction is at the road's end
    double outward_rad; // from the junction
    bool major;         // has right of way; signals: first phase
    double ring_m;      // radius of a ring's reference line, to its left; 0: straight there
} bt_arm;

typedef enum bt_junction_control {
    BT_CONTROL_SIGNALS,
    BT_CONTROL_SIGNS,
    BT_CONTROL_NONE
} bt_junction_control;

// From the middle to where arms end, for half widths of the carriageways and angles of the arms.
double bt_junction_reach(const double *half_m, const double *outward_rad, int count);
// Connects every arm with every other, puts up signals or signs, stop lines and crossings. The arms'
// roads end straight, level, flat, `reach` from the junction's middle.
void bt_layout_add_junction(bt_layout *layout, const char *name, const bt_arm *arms, int count,
                            bt_junction_control control);

// By hand: a junction's arms, then its movements: lanes in_first.. of one arm lead to lanes
// out_first.. of another, with the strips beyond the lanes (bicycle lane to verge) or without. -1: the
// pocket. Between ends of a ring the strips on its left go on too; asphalt of gore_m to the left fills
// what lies between a ring's entry and exit.
typedef struct bt_movement {
    const bt_arm *in, *out;
    int in_first, out_first, lanes;
    bool outer;
    bool cycles; // without them, but with the bicycle lane that both arms have
    double gore_m;
    bool marked; // lines go on as on the arm it comes from
    // where a ramp parts from a highway or meets it:
    bool outer_opens, outer_closes; // without strips beyond the lanes at its start, or its end
    bool left_opens, left_closes;   // with those of the ramp on its left, from or to nothing
} bt_movement;
uint32_t bt_layout_begin_junction(bt_layout *layout, const char *name, const bt_arm *const *arms,
                                  int count);
void bt_layout_add_movement(bt_layout *layout, uint32_t junction, const bt_movement *movement);

// ---- what stands at an arm (junction_furniture.c) -----------------------------------------------
// The side whose traffic comes in (or goes out), right of its travel; the sign of its lanes' ids.
const bt_side *bt_arm_side(const bt_layout *layout, const bt_arm *arm, bool incoming);
int bt_arm_sign(const bt_arm *arm, bool incoming);
const bt_cross_section *bt_arm_mouth(const bt_layout *layout, const bt_arm *arm);
// Station a distance up the arm.
double bt_arm_station(const bt_layout *layout, const bt_arm *arm, double distance_m);
// Post (light or sign), stop line, crossing, arrows, by what controls the junction; controllers: ids of
// the two phases. Then, where the arm is long enough, what announces the junction.
void bt_layout_furnish_arm(bt_layout *layout, const int controllers[2], const bt_arm *arm,
                           bt_junction_control control);
void bt_layout_furnish_entry(bt_layout *layout, const bt_arm *arm); // of a roundabout

// ---- roundabouts (roundabout.c) -----------------------------------------------------------------
// After NCHRP Report 672, "Roundabouts: An Informational Guide" (2010), as remembered: inscribed
// circles of 27 to 55 m with one lane, 46 to 67 m with two, lanes of 4.6 to 5.5 m, entries of 10 to 30 m
// radius, kerbed splitter islands, a mountable apron round the middle. The numbers were not compared
// with the printed report.
typedef struct bt_roundabout {
    const char *name;
    double x_m, y_m, z_m;
    int lanes;       // 1 or 2
    double radius_m; // of the inscribed circle
} bt_roundabout;
// Half the width of the island that parts the lanes of an arm at its mouth.
#define BT_SPLITTER_M 1.6
// The circle for arms at these angles, counter-clockwise in any order.
double bt_roundabout_radius(const double *outward_rad, int count, int lanes);
// From the middle to where arms end.
double bt_roundabout_reach(const bt_roundabout *roundabout);
// Arms' roads end straight, level, with islands (BT_MEDIAN_ISLAND_GOES_ON) of BT_SPLITTER_M on either side, `reach`
// from the middle, at 3 to 6 different angles. Traffic on the ring has right of way.
void bt_layout_add_roundabout(bt_layout *layout, const bt_roundabout *roundabout,
                              const bt_arm *arms, int count);

BT_CHECKED bt_status bt_layout_write(const bt_layout *layout, const char *name, bt_xodr_writer *w);

#endif
