// footprint.c: do two oriented boxes overlap? Separating axes in plan, intervals in height.
#include "engine/sim/sim.h"

#include <math.h>

// A box with the cosine and sine of its course: its axes.
typedef struct turned {
    const bt_footprint *box;
    double c, s;
} turned;

static turned turn(const bt_footprint *box)
{
    return (turned){box, bt_cos(box->yaw_rad), bt_sin(box->yaw_rad)};
}

// How far a box reaches from its centre along an axis.
static double reach_along(const turned *t, double c, double s)
{
    double along = fabs(t->c * c + t->s * s), across = fabs(-t->s * c + t->c * s);
    return t->box->half_length_m * along + t->box->half_width_m * across;
}

// Gap along an axis: Gottschalk, Lin, Manocha 1996, "OBBTree", in the plane.
static double gap_along(const turned *a, const turned *b, double c, double s)
{
    double distance = fabs((b->box->x_m - a->box->x_m) * c + (b->box->y_m - a->box->y_m) * s);
    return distance - (reach_along(a, c, s) + reach_along(b, c, s));
}

double bt_footprint_gap(const bt_footprint *a, const bt_footprint *b)
{
    turned one = turn(a), two = turn(b);
    double gap = bt_max(gap_along(&one, &two, one.c, one.s), gap_along(&one, &two, -one.s, one.c));
    gap = bt_max(gap, gap_along(&one, &two, two.c, two.s));
    return bt_max(gap, gap_along(&one, &two, -two.s, two.c));
}

// Does an axis part them?
static bool is_parted(const bt_footprint *a, const bt_footprint *b)
{
    turned one = turn(a), two = turn(b);
    return gap_along(&one, &two, one.c, one.s) > 0.0 ||
           gap_along(&one, &two, -one.s, one.c) > 0.0 ||
           gap_along(&one, &two, two.c, two.s) > 0.0 || gap_along(&one, &two, -two.s, two.c) > 0.0;
}

bool bt_footprint_overlap(const bt_footprint *a, const bt_footprint *b)
{
    if (a->z_low_m > b->z_high_m || b->z_low_m > a->z_high_m) return false;
    // too far apart for any axis
    double dx = b->x_m - a->x_m, dy = b->y_m - a->y_m;
    double reach = a->half_length_m + a->half_width_m + b->half_length_m + b->half_width_m;
    if (dx * dx + dy * dy > reach * reach) return false;
    return !is_parted(a, b);
}
