// trail.h: a way in the world as a polyline, with times where it has them.
#ifndef BT_STORY_TRAIL_H
#define BT_STORY_TRAIL_H

#include "engine/core/status.h"
#include "engine/math/pose.h"

#include <stdbool.h>
#include <stdint.h>

#define BT_TRAIL_MAX_POINTS 20000u

typedef struct bt_trail {
    bt_vec3 *points; // (count)
    double *along_m; // (count) from the beginning, in plan
    double *time_s;  // (count) NAN: none
    double *yaw_rad; // (count) heading there
    uint32_t count, capacity;
    bool timed, curved; // curved: pieces of a curve, not a polyline
} bt_trail;

void bt_trail_clear(bt_trail *path);
BT_CHECKED bt_status bt_trail_add(bt_trail *path, bt_vec3 point, double time_s);
// After the last point: distances, and headings from the differences.
void bt_trail_finish(bt_trail *path);
BT_CHECKED bt_status bt_trail_copy(const bt_trail *from, bt_trail *to);

typedef struct bt_trail_point {
    bt_vec3 pos;
    double yaw_rad;
} bt_trail_point;
// Straight between points; clamped to the ends.
bt_trail_point bt_trail_at(const bt_trail *path, double along_m);
double bt_trail_along_at_time(const bt_trail *path, double time_s);
// Along it, of the point nearest to `pos` in plan.
double bt_trail_nearest(const bt_trail *path, bt_vec3 pos);
double bt_trail_length(const bt_trail *path);

// Adds a clothoid from `start` whose curvature goes evenly from k0 to k1; gives where it ends.
// Points every 0.2 m or 1 degree, by Simpson's rule on the exact heading.
BT_CHECKED bt_status bt_trail_add_clothoid(bt_trail *path, bt_trail_point start, double length_m,
                                           double k0, double k1, bt_trail_point *end);
// Adds the cubic spline through the points, by chord length (de Boor 1978, "A Practical Guide to Splines", ch. IV), with
// the heading `yaw_rad` at the first and no curvature at the last.
BT_CHECKED bt_status bt_trail_add_spline(bt_trail *path, const bt_vec3 *points, uint32_t count,
                                         double yaw_rad);
// Adds a NURBS curve (Piegl and Tiller 1997, "The NURBS Book", eq. 4.1): `knots` are count + order.
// A control point's time is met where its basis function is greatest.
BT_CHECKED bt_status bt_trail_add_nurbs(bt_trail *path, const bt_vec3 *control,
                                        const double *weight, const double *time_s, uint32_t count,
                                        const double *knots, uint32_t order);

#endif
