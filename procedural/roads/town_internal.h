// town_internal.h: the town's plan: made by town.c, dressed by town_parts.c, written by town_write.c.
#ifndef BT_PROCEDURAL_ROADS_TOWN_INTERNAL_H
#define BT_PROCEDURAL_ROADS_TOWN_INTERNAL_H

#include "procedural/roads/cross_section.h"
#include "procedural/roads/furniture.h"
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
#define TOWN_CROSSING_NEAR_M BT_CROSSING_NEAR_M
#define TOWN_CROSSING_FAR_M BT_CROSSING_FAR_M
#define TOWN_STOP_LINE_M BT_STOP_LINE_M
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

// ---- the plan -------------------------------------------------------------------------------------
typedef struct town_ids {
    int object, signal;
} town_ids;

enum {
    STREET_WEST, // main street, town limit to J1
    STREET_MIDDLE,
    STREET_SHORT,
    STREET_EAST, // J3 to the town limit
    STREET_RING,
    STREET_NORTH,
    STREET_SOUTH,
    STREET_COUNT
};

typedef struct town_arm {
    int street;
    bool at_end;        // the junction is at the street's end
    double outward_rad; // from the junction's centre
} town_arm;

typedef struct town_junction {
    const char *name;
    double x_m, y_m, z_m;
    bool signalised;
    town_arm arms[4];
    int arm_count;
} town_junction;

#define TOWN_MAX_CONNECTIONS 32
typedef struct town_connection {
    bt_street street;
    int junction, incoming, lanes;
    int from_sign; // of the incoming lanes' ids
} town_connection;

typedef struct town {
    bt_street streets[STREET_COUNT];
    town_style styles[STREET_COUNT];
    town_stretch stretches[STREET_COUNT][BT_STREET_MAX_SECTIONS];
    int stretch_counts[STREET_COUNT];
    town_junction junctions[3];
    town_connection connections[TOWN_MAX_CONNECTIONS];
    int connection_count;
    town_ids ids;
    int light_ids[2][4]; // by phase
    int light_counts[2];
    bt_status status;
} town;

// The whole file from a finished plan (town_write.c).
void town_write(town *t, bt_xodr_writer *w);

// ---- furniture: call between bt_street_begin and bt_xodr_end --------------------------------------
void town_write_crossing(bt_xodr_writer *w, town_ids *ids, const town_style *style, double s_m);
void town_write_bays(bt_xodr_writer *w, town_ids *ids, const town_style *style,
                     const town_stretch *stretch);

// Gives the signal's id.
int town_write_signal(bt_xodr_writer *w, town_ids *ids, const bt_furniture_signal *signal);

#endif
