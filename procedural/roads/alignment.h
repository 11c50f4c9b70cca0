// alignment.h: plan geometry the way road engineers draw it: straight tangents between points of
// intersection, each corner rounded by spiral, arc, spiral.
//
// Closes exactly: the last tangent ends in the last point, whatever the corners are.
#ifndef BT_PROCEDURAL_ROADS_ALIGNMENT_H
#define BT_PROCEDURAL_ROADS_ALIGNMENT_H

#include "engine/core/status.h"
#include "procedural/roads/design.h"

#include <stdint.h>

#define BT_ALIGNMENT_MAX_PIECES 64

typedef struct bt_corner {
    double x_m, y_m; // point of intersection; of the first and last: where the road begins, ends
    double radius_m; // of the arc
    double spiral_m; // length of each spiral; 0: none
} bt_corner;

typedef struct bt_alignment_piece {
    double s_m, x_m, y_m, heading_rad, length_m;
    double curvature0_1_m, curvature1_1_m; // both 0: line; equal: arc; else spiral
} bt_alignment_piece;

typedef struct bt_alignment {
    bt_alignment_piece pieces[BT_ALIGNMENT_MAX_PIECES];
    uint32_t count;
    double length_m;
} bt_alignment;

// Fails (BT_ERR_INPUT) when a tangent is too short for its corners.
BT_CHECKED bt_status bt_alignment_build(const bt_corner *corners, uint32_t count,
                                        bt_alignment *alignment);

// Radius for which a corner of this turn and spiral length takes `tangent_m` on each side.
double bt_alignment_radius(double turn_rad, double spiral_m, double tangent_m);

// Tangent that a corner takes on each side.
double bt_alignment_tangent(double turn_rad, double radius_m, double spiral_m);

typedef struct bt_plan_pose {
    double x_m, y_m, heading_rad;
} bt_plan_pose;

// From pose to pose, straight at both ends: one corner where the tangents meet ahead, else two that
// make an S. Curves are as wide as the room allows, `radius_max_m` at most.
BT_CHECKED bt_status bt_alignment_join(bt_plan_pose from, bt_plan_pose to, double radius_max_m,
                                       bt_alignment *alignment);

// A curve of any turn (loops too), spiral, arc, spiral, from a pose; its end is where it comes out.
BT_CHECKED bt_status bt_alignment_turn(bt_plan_pose from, double turn_rad, double radius_m,
                                       double spiral_m, bt_alignment *alignment);

// From pose to pose by one curve of `turn_rad` (loops: more than half a turn; not a whole number of
// halves) between two straights, no tighter than radius_min_m; spirals after the design, whose speed is
// lowered where the curve asks for it. Fails (BT_ERR_INPUT) when no curve of at most radius_max_m fits.
BT_CHECKED bt_status bt_alignment_loop(bt_plan_pose from, bt_plan_pose to, double turn_rad,
                                       double radius_min_m, double radius_max_m,
                                       const bt_road_design *design, bt_alignment *alignment);

// Chooses radius and spirals of the inner corners after a design: `wish` times the least radius where
// there is room, less where not. Gives the least radius; corners that hardly turn do not count.
double bt_alignment_fit(bt_corner *corners, uint32_t count, const bt_road_design *design,
                        double wish);

// Part of a circle, + to the left.
BT_CHECKED bt_status bt_alignment_arc(bt_plan_pose from, double curvature_1_m, double length_m,
                                      bt_alignment *alignment);

// As bt_alignment_join between roads that bend where they are met: spirals of `spiral_m` lead from
// and to the curvatures of those ends (0: straight there, no spiral).
BT_CHECKED bt_status bt_alignment_join_bent(bt_plan_pose from, double from_1_m, bt_plan_pose to,
                                            double to_1_m, double spiral_m,
                                            bt_alignment *alignment);

bt_plan_pose bt_alignment_at(const bt_alignment *alignment, double s_m);

#endif
