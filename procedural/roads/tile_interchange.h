// tile_interchange.h: kinds of interchanges between a motorway and a road over it.
//
// After AASHTO's Green Book (2018), chapter 10, as remembered and not compared with the printed book:
//  - diamond: exits before the crossing, entries behind it; ramps end at signed junctions or, as a
//    dumbbell, at roundabouts;
//  - partial cloverleaf (parclo B: loops behind the crossing, as seen by who leaves): both ramps of a
//    direction in one quarter, met by the road above in one junction;
//  - cloverleaf: two divided roads, four loops, four outer ramps; who joins from one loop and who
//    leaves by the next weave on one lane under and over the crossing;
//  - trumpet, where a road ends at the motorway: it goes over, then a loop leads onto the far side and
//    a wide left curve round the loop leads off it.
// Loops are for 40 to 50 km/h (radius 43 m and more at 6 %), other ramps for 50 to 70.
#ifndef BT_PROCEDURAL_ROADS_TILE_INTERCHANGE_H
#define BT_PROCEDURAL_ROADS_TILE_INTERCHANGE_H

#include "procedural/roads/tile_through.h"

typedef enum interchange_kind {
    INTERCHANGE_NONE, // the road above crosses only
    INTERCHANGE_DIAMOND,
    INTERCHANGE_DUMBBELL,
    INTERCHANGE_PARCLO,
    INTERCHANGE_CLOVERLEAF,
    INTERCHANGE_TRUMPET
} interchange_kind;

#define INTERCHANGE_RISE_M 7.2 // clearance of 4.9 m and a deck

// The motorway lies along its frame, level at gores' height; its gores are added here. `side` of a
// trumpet: 0, the road comes from the south, else from the north.
void interchange_make(tile *t, through *motorway, double z_m, interchange_kind kind, int side);

bt_cross_section interchange_highway_section(int lanes);

#endif
