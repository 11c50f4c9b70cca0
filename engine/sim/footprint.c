// footprint.c: do two oriented boxes overlap? Separating axes in plan, intervals in height.
#include "engine/sim/sim.h"

#include <math.h>

// Gap along an axis: Gottschalk, Lin, Manocha 1996, "OBBTree", in the plane.
static double gap_along(const bt_footprint *a, const bt_footprint *b, double c, double s)
{
    double distance = fabs((b->x_m - a->x_m) * c + (b->y_m - a->y_m) * s);
    double reach = 0.0;
    const bt_footprint *box[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        double along = fabs(cos(box[i]->yaw_rad) * c + sin(box[i]->yaw_rad) * s);
        double across = fabs(-sin(box[i]->yaw_rad) * c + cos(box[i]->yaw_rad) * s);
        reach += box[i]->half_length_m * along + box[i]->half_width_m * across;
    }
    return distance - reach;
}

double bt_footprint_gap(const bt_footprint *a, const bt_footprint *b)
{
    double gap = -1e300;
    const bt_footprint *box[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        double c = cos(box[i]->yaw_rad), s = sin(box[i]->yaw_rad);
        gap = fmax(gap, fmax(gap_along(a, b, c, s), gap_along(a, b, -s, c)));
    }
    return gap;
}

bool bt_footprint_overlap(const bt_footprint *a, const bt_footprint *b)
{
    if (a->z_low_m > b->z_high_m || b->z_low_m > a->z_high_m) return false;
    // too far apart for any axis
    double dx = b->x_m - a->x_m, dy = b->y_m - a->y_m;
    double reach = a->half_length_m + a->half_width_m + b->half_length_m + b->half_width_m;
    if (dx * dx + dy * dy > reach * reach) return false;
    return bt_footprint_gap(a, b) <= 0.0;
}
