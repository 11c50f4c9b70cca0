// street.h: one road as an OpenDRIVE element: alignment, heights, cross-sections, links.
//
// A street is filled in by its designer (town.c), then written. Lane lists run from the centre
// outwards: right[0] is lane -1, left[0] is lane +1.
#ifndef BT_PROCEDURAL_ROADS_STREET_H
#define BT_PROCEDURAL_ROADS_STREET_H

#include "engine/road/opendrive_write.h"
#include "procedural/roads/alignment.h"

#include <stdbool.h>

#define BT_STREET_MAX_LANES 10
#define BT_STREET_MAX_SECTIONS 12
#define BT_STREET_MAX_RECORDS BT_ALIGNMENT_MAX_PIECES

typedef struct bt_street_record { // a + b ds + c ds^2 + d ds^3 from s on
    double s_m, a, b, c, d;
} bt_street_record;

typedef struct bt_street_height {
    double s_m, inner_m, outer_m; // s from the section's start
} bt_street_height;

typedef struct bt_street_mark {
    double s_m;       // from the section's start
    const char *type; // "none", "solid", "broken"
    double width_m;
    double line_m, space_m; // of broken ones
} bt_street_mark;

typedef struct bt_street_lane {
    const char *type;
    bt_street_record widths[3];
    bt_street_height heights[12];
    bt_street_mark marks[4];
    int width_count, height_count, mark_count;
    int predecessor, successor; // lane ids; 0: none
} bt_street_lane;

typedef struct bt_street_section {
    double s_m;
    bt_street_lane left[BT_STREET_MAX_LANES], right[BT_STREET_MAX_LANES];
    int left_count, right_count;
    bt_street_mark centre[6];
    int centre_count;
} bt_street_section;

typedef struct bt_street_link {
    const char *kind; // "road", "junction"; NULL: none
    int id;
    const char *contact; // "start", "end"; of roads
} bt_street_link;

typedef struct bt_street {
    int id;
    const char *name;
    int junction;     // -1: none
    const char *type; // "town", "rural"
    int speed_km_h;
    bt_alignment alignment;
    bt_street_record elevation[BT_STREET_MAX_RECORDS];
    bt_street_record superelevation[BT_STREET_MAX_RECORDS];
    int elevation_count, superelevation_count;
    bt_street_section sections[BT_STREET_MAX_SECTIONS];
    int section_count;
    bt_street_link predecessor, successor;
} bt_street;

// Heights at stations, joined by cubics that are level in slope where asked: Hermite.
typedef struct bt_street_node {
    double s_m, z_m, slope;
} bt_street_node;
void bt_street_set_elevation(bt_street *street, const bt_street_node *nodes, int count);

// From value0 to value1 over `length_m`, level at both ends.
bt_street_record bt_street_ease(double s_m, double length_m, double value0, double value1);

// <road> with all but objects and signals; left open for those.
void bt_street_begin(bt_xodr_writer *w, const bt_street *street);

#endif
