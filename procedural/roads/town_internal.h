// town_internal.h: the town's plan, shared by town.c (layout) and town_parts.c (what streets wear).
#ifndef BT_PROCEDURAL_ROADS_TOWN_INTERNAL_H
#define BT_PROCEDURAL_ROADS_TOWN_INTERNAL_H

#include "procedural/roads/street.h"

// Metres across, chosen after common European practice.
#define TOWN_MAIN_LANE_M 3.25
#define TOWN_SIDE_LANE_M 3.0
#define TOWN_GUTTER_M 0.5
#define TOWN_PARKING_M 2.2
#define TOWN_CURB_M 0.15
#define TOWN_MAIN_WALK_M 2.2
#define TOWN_SIDE_WALK_M 1.8
#define TOWN_VERGE_M 1.2
#define TOWN_CURB_HEIGHT_M 0.12
#define TOWN_WALK_HEIGHT_M 0.14 // outer edge: 1 % towards the road
#define TOWN_DROPPED_M 0.02     // kerb at crossings
#define TOWN_VERGE_HEIGHT_M 0.08
// along the road, from a junction's mouth
#define TOWN_CROSSING_NEAR_M 1.5
#define TOWN_CROSSING_FAR_M 4.5
#define TOWN_STOP_LINE_M 5.75
#define TOWN_MOUTH_M 11.0 // from a junction's centre to where its arms end
#define TOWN_TURN_SPIRAL_M 3.0

#define TOWN_SIDE_LANES 5 // driving, gutter or parking, kerb, sidewalk, verge

typedef struct town_style {
    double lane_m, walk_m;
    bool marked; // centre and edge lines all along
} town_style;

// What one section of a town street looks like.
typedef struct town_stretch {
    double s0_m, s1_m;
    bool bay_left, bay_right;          // parking
    bool mouth_at_start, mouth_at_end; // a junction with a crossing begins there
} town_stretch;

void town_add_section(bt_street *street, const town_style *style, const town_stretch *stretch);

// ---- furniture: call between bt_street_begin and bt_xodr_end --------------------------------------
typedef struct town_ids {
    int object, signal;
} town_ids;

void town_write_crossing(bt_xodr_writer *w, town_ids *ids, const town_style *style, double s_m);
void town_write_bays(bt_xodr_writer *w, town_ids *ids, const town_style *style,
                     const town_stretch *stretch);

typedef struct town_signal {
    const char *name, *type;
    double s_m, t_m, z_m;
    bool dynamic, forward; // forward: holds for travel with s
    double value;
    const char *unit;
    double width_m, height_m;
    int lane; // validity; 0: all
} town_signal;
// Gives the signal's id.
int town_write_signal(bt_xodr_writer *w, town_ids *ids, const town_signal *signal);

#endif
