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
    BT_ITEM_ARROW
} bt_layout_item_kind;
typedef struct bt_layout_item {
    uint32_t road;
    int id;
    bt_layout_item_kind kind;
    bt_furniture_object object; // of a crossing t and t_end; of an arrow s and t
    bool forward;
    int ways;
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
    size_t road_count, signal_count, item_count, connection_count, junction_count, control_count;
    size_t road_room, signal_room, item_room, connection_room, junction_room, control_room;
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
    double speed_km_h, e_max, wish; // wish: radii over the least one where there is room
    double z0_m, z1_m;
    bt_cross_section start, end;
} bt_layout_road_desc;
// Alignment, design, heights. Gives its index; its sections come with bt_layout_set_stretches.
uint32_t bt_layout_add_road(bt_layout *layout, const bt_layout_road_desc *desc);
// Sections with their s0 and s1, which cover it; at least one.
void bt_layout_set_stretches(bt_layout *layout, uint32_t road, const bt_stretch *stretches,
                             int count);

void bt_layout_add_signal(bt_layout *layout, uint32_t road, const bt_furniture_signal *signal);
void bt_layout_add_item(bt_layout *layout, const bt_layout_item *item);

// ---- junctions (junction.c) -------------------------------------------------------------------
#define BT_JUNCTION_MAX_ARMS 6
typedef struct bt_arm {
    uint32_t road;
    bool at_end;        // the junction is at the road's end
    double outward_rad; // from the junction
    bool major;         // has right of way; signals: first phase
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

BT_CHECKED bt_status bt_layout_write(const bt_layout *layout, const char *name, bt_xodr_writer *w);

#endif
