// cross_section.h: what a road is made of from its axis outwards, and the lane sections of it.
//
// A side is a row of strips in one order everywhere: median, pocket for turning left, driving lanes,
// bicycle lane, edge (gutter, parking bays or paved shoulder), kerb, sidewalk, verge. A strip of no
// width is absent.
// A stretch goes from one cross-section to another: strips widen, appear and end over its length.
#ifndef BT_PROCEDURAL_ROADS_CROSS_SECTION_H
#define BT_PROCEDURAL_ROADS_CROSS_SECTION_H

#include "procedural/roads/street.h"

#define BT_SIDE_MAX_DRIVE 6
typedef enum bt_strip {
    BT_STRIP_MEDIAN,
    BT_STRIP_POCKET,
    BT_STRIP_DRIVE,
    BT_STRIP_BIKE = BT_STRIP_DRIVE + BT_SIDE_MAX_DRIVE,
    BT_STRIP_EDGE,
    BT_STRIP_CURB,
    BT_STRIP_WALK,
    BT_STRIP_VERGE,
    BT_STRIP_COUNT
} bt_strip;

// What the last driving lane, or the edge, is used for.
typedef enum bt_side_use {
    BT_USE_PLAIN,
    BT_USE_ENTRY,  // last driving lane: acceleration
    BT_USE_EXIT,   // last driving lane: deceleration
    BT_USE_WEAVE,  // last driving lane: both
    BT_USE_WORKS,  // last driving lane: closed
    BT_USE_PARKING // the edge
} bt_side_use;

// What the median is.
typedef enum bt_median_kind {
    BT_MEDIAN_GRASS,
    BT_MEDIAN_PAINTED,       // flush asphalt
    BT_MEDIAN_ISLAND,        // paved and kerbed, up to the crossing at a mouth
    BT_MEDIAN_ISLAND_GOES_ON // beyond it, into a junction that has an island there
} bt_median_kind;

typedef struct bt_side {
    int drive; // lanes, 0 to BT_SIDE_MAX_DRIVE
    double drive_m, median_m, pocket_m, bike_m, edge_m, curb_m, walk_m, verge_m;
    bt_side_use use;
    bt_median_kind median;
    double curb_height_m; // 0: 0.12
} bt_side;

typedef struct bt_cross_section {
    bt_side left, right;
    bool marked;          // centre, lane and edge lines
    double line_m, gap_m; // of broken lines
    double paint_m;       // width of lines; 0: 0.12
    bool no_passing;      // solid centre line
} bt_cross_section;

double bt_side_width(const bt_side *side, int strip);
double bt_side_total(const bt_side *side);
// Distance from the axis to a strip's inner border.
double bt_side_inner(const bt_side *side, int strip);
// 1, 2, ... counted from the axis among the strips there are; 0: absent.
int bt_side_rank(const bt_side *side, int strip);

typedef struct bt_stretch {
    double s0_m, s1_m;
    bt_cross_section from, to;
    bool mouth_at_start, mouth_at_end; // a crossing lies there: dropped kerbs, no lines on it
} bt_stretch;

// A strip's lane id within a stretch, on the right (sign -1) or left (1); 0: not in it.
int bt_stretch_lane(const bt_stretch *stretch, int sign, int strip);

// All sections of a street, with the links among them; the street's ends link by rank once
// the layout (layout.h) says what is there.
BT_CHECKED bt_status bt_street_set_sections(bt_street *street, const bt_stretch *stretches,
                                            int count);
// A connecting road's single section; where it is marked its axis has a line too.
void bt_street_set_connection(bt_street *street, const bt_cross_section *from,
                              const bt_cross_section *to);

// Along the road from a mouth: where a crossing lies and traffic stops.
#define BT_CROSSING_NEAR_M 1.5
#define BT_CROSSING_FAR_M 4.5
#define BT_STOP_LINE_M 5.75

#endif
