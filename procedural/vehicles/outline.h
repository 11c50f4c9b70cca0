// outline.h: closed curves in a plane with rounded corners, and the signed distance to them: how
// windows, doors and lamps are drawn on a body.
#ifndef BT_PROCEDURAL_OUTLINE_H
#define BT_PROCEDURAL_OUTLINE_H

#include "procedural/mesh_shapes.h"

#define BT_OUTLINE_MAX 192u

typedef struct bt_outline {
    bt_point2 points[BT_OUTLINE_MAX];
    size_t count;
} bt_outline;

typedef struct bt_corner {
    double x, y;
    double radius; // of its rounding; 0: sharp
} bt_corner;

// Rounds each corner by a quadratic curve that touches its sides `radius` tan-lengths away, at most
// 45 % of the side.
void bt_outline_round(bt_outline *outline, const bt_corner *corners, size_t count);

// Distance to the outline, negative inside (either winding).
double bt_outline_distance(const bt_outline *outline, bt_point2 p);

#endif
