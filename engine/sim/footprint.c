// footprint.c: do two oriented boxes overlap? Separating axes in plan, intervals in height.
#include "engine/sim/sim.h"

#include <math.h>

// Are they apart along an axis of a? Gottschalk, Lin, Manocha 1996, "OBBTree", in the plane.
static bool apart_along(const bt_footprint *a, const bt_footprint *b, double axis_yaw)
{
    double c = cos(axis_yaw), s = sin(axis_yaw);
    double distance = fabs((b->x_m - a->x_m) * c + (b->y_m - a->y_m) * s);
    double reach = 0.0;
    const bt_footprint *box[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        double turn = box[i]->yaw_rad - axis_yaw;
        reach += box[i]->half_length_m * fabs(cos(turn)) + box[i]->half_width_m * fabs(sin(turn));
    }
    return distance > reach;
}

bool bt_footprint_overlap(const bt_footprint *a, const bt_footprint *b)
{
    if (a->z_low_m > b->z_high_m || b->z_low_m > a->z_high_m) return false;
    const double quarter = 0.5 * BT_PI;
    return !apart_along(a, b, a->yaw_rad) && !apart_along(a, b, a->yaw_rad + quarter) &&
           !apart_along(a, b, b->yaw_rad) && !apart_along(a, b, b->yaw_rad + quarter);
}
