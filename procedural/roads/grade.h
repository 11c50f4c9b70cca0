// grade.h: a road's heights: grades and parabolic vertical curves, as near the land as the design
// allows.
#ifndef BT_PROCEDURAL_ROADS_GRADE_H
#define BT_PROCEDURAL_ROADS_GRADE_H

#include "procedural/roads/street.h"

// Height of the open land at a plan point.
typedef struct bt_land {
    uint64_t seed;
    double hill_m;   // half the height between valleys and tops
    double length_m; // of a hill
} bt_land;
double bt_land_height(const bt_land *land, double x_m, double y_m);

// Sets the elevation from z0 to z1, level at both ends. Points of intersection follow the land; where
// grades or curves would break the design all move towards the straight grade. Fails (BT_ERR_INPUT)
// when even that is too steep.
BT_CHECKED bt_status bt_street_lay_grade(bt_street *street, const bt_land *land,
                                         const bt_road_design *design, double z0_m, double z1_m);

// Superelevation along the curves, turned in over the spirals.
void bt_street_lay_superelevation(bt_street *street, const bt_road_design *design);

#endif
