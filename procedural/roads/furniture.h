// furniture.h: what stands at a road, as OpenDRIVE objects and signals: written between
// bt_street_begin and the end of its <road>.
#ifndef BT_PROCEDURAL_ROADS_FURNITURE_H
#define BT_PROCEDURAL_ROADS_FURNITURE_H

#include "engine/road/opendrive_write.h"

#include <stdbool.h>

typedef struct bt_furniture_signal {
    const char *name, *type; // type: number of the German catalogue, or 1000001 for lights
    const char *subtype;     // NULL: none
    const char *text;        // of guide signs; NULL: none
    double s_m, t_m, z_m;
    bool dynamic, forward; // forward: holds for travel with s
    double value;          // km/h where the type has one
    double heading_rad;    // of its face against the road, + to the left
    double width_m, height_m;
    int from_lane, to_lane; // validity; 0: all
} bt_furniture_signal;
void bt_furniture_write_signal(bt_xodr_writer *w, int id, const bt_furniture_signal *signal);

// A row of things along the road: the first at s, others every `distance_m` over `length_m` of road,
// from t to t_end. distance 0: one.
typedef struct bt_furniture_object {
    const char *type, *name;
    double s_m, t_m, t_end_m, heading_rad;
    double length_m, width_m, height_m;
    double repeat_m, distance_m;
    bool bay_lines; // paint: a line at the front of each
} bt_furniture_object;
void bt_furniture_write_object(bt_xodr_writer *w, int id, const bt_furniture_object *object);

// A zebra across the road from t0 to t1, 3 m along it.
void bt_furniture_write_crossing(bt_xodr_writer *w, int id, double s_m, double t0_m, double t1_m);

// Corners in the road's frame at s: x along it, y to its left.
#define BT_SHAPE_MAX_CORNERS 24
typedef struct bt_furniture_shape {
    double s_m;
    double corners_m[BT_SHAPE_MAX_CORNERS][2];
    int count;
} bt_furniture_shape;
// A kerbed island.
#define BT_ISLAND_HEIGHT_M 0.12
void bt_furniture_write_island(bt_xodr_writer *w, int id, const bt_furniture_shape *island);
// Painted lines, of two corners each.
void bt_furniture_write_hatch(bt_xodr_writer *w, int id, const bt_furniture_shape *hatch);

// Painted arrows: straight, left, right as bits.
enum { BT_ARROW_STRAIGHT = 1, BT_ARROW_LEFT = 2, BT_ARROW_RIGHT = 4 };
void bt_furniture_write_arrow(bt_xodr_writer *w, int id, double s_m, double t_m, bool forward,
                              int ways);

#endif
