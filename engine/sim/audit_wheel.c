// audit_wheel.c: see audit_wheel.h.
#include "engine/sim/audit_wheel.h"

#include <math.h>

#define MAX_LEVELS 8
#define ROUND_SAMPLES 10 // of a wheel's round, on either side of its middle
#define ROUND_SHARE 0.9  // so much of its radius: it is more than half of that up there
#define EDGE_M 0.01
#define EDGE_HALVES 7
#define BESIDE_M 0.02
#define BESIDE_LEAST_M 5e-4 // where less of its flank is over a road
#define BESIDE_LESS 0.2
#define FLANK_AHEAD 0.2 // of its radius, where its flank is over no road below its hub
#define TREAD 0.4999    // of its width, to either side: all but what rounding may put outside
#define FLAT_LINES                                                                                 \
    2 // of a flat tread, on either side of its middle: one that leans by 0.1 is 7 mm off between
#define ROUND_LINES 3      // of a round tread, on either side of its middle,
#define ROUND_LINE_RAD 0.4 // so far apart: between them it is 0.4 mm lower at most
#define BEYOND_M 1e-4
#define BRIDGED_M 0.06 // roads are found 0.05 m beyond their ends
#define SIDE_SLOPE_MOST 0.15

// They mount kerbs, so that all of a wheel's round counts: where it is nearest to the surface, or deepest in it.
typedef struct disc {
    bt_wheel_disc wheel;
    double side_slope;
} disc;

// Roads are found a little beyond their ends too, where gaps between them are to be bridged: so far ahead of its end is a place.
static double beyond_end(const bt_road_network *net, const bt_road_location *at, bt_vec3 place,
                         bt_vec3 *end)
{
    if (at->s_m > 0.0 && at->s_m < bt_road_get(net, at->road)->length_m) return 0.0;
    *end = bt_road_point(net, at->road, at->s_m, at->t_m);
    double away = bt_hypot(place.x - end->x, place.y - end->y);
    return away > BEYOND_M ? away : 0.0;
}

// Does a surface hold a place: where its road has ended, does one begin across the gap?
static bool holds(const bt_road_network *net, const bt_road_location *at, bt_vec3 place,
                  bool bridged)
{
    bt_road_location across;
    bt_vec3 end;
    double away = beyond_end(net, at, place, &end);
    if (away == 0.0 || !bridged) return away == 0.0;
    place.x = end.x + (place.x - end.x) * BRIDGED_M / away;
    place.y = end.y + (place.y - end.y) * BRIDGED_M / away;
    return bt_road_locate_all(net, place, &across, 1) > 0;
}

// How far its underside is above its foot in its plane, u ahead and y to the left.
static double rounded(const bt_wheel_disc *w, double u, double y)
{
    double r = w->section_m, radius = w->shape.radius_m;
    double across = r > 0.0 ? radius - r + sqrt(r * r - y * y) : radius;
    return radius - sqrt(across * across - u * u);
}

// Clearance of its underside, u ahead and y to the left of its middle; false: no road there. Of surfaces that lie over each
// other it is on that which is nearest in height; of one road's if that is given, else it is told whose it is.
static bool clearance(const bt_road_network *net, const disc *d, double u, double y, uint32_t *road,
                      double *clear_m)
{
    const uint32_t of = *road;
    const bt_wheel_disc *w = &d->wheel;
    bt_road_location at[MAX_LEVELS];
    bt_vec3 round = bt_vec3_scale(w->up, rounded(w, u, y));
    bt_vec3 p = bt_vec3_mad(bt_vec3_mad(w->foot, w->ahead, u), w->left, y);
    p.x += round.x;
    p.y += round.y;
    uint32_t count = bt_road_locate_all(net, p, at, MAX_LEVELS);
    double nearest = 1e9;
    for (int bridged = 0; bridged < 2 && nearest >= 1e8; bridged++)
        for (uint32_t k = 0; k < count && k < MAX_LEVELS; k++)
            if ((of == BT_ROAD_NONE || of == at[k].road) && fabs(at[k].height_m) < fabs(nearest) &&
                holds(net, &at[k], p, bridged)) {
                nearest = at[k].height_m;
                *road = at[k].road;
            }
    *clear_m = nearest + round.z + d->side_slope * y;
    return nearest < 1e8;
}

// How much lower a surface is to the left than to the right, that far beside a place of its underside; false: it is not there.
static bool slope_of(const bt_road_network *net, const disc *d, double u, double y, double beside,
                     uint32_t roads[2], double *slope)
{
    double left, right;
    if (!clearance(net, d, u, y + beside, &roads[0], &left) ||
        !clearance(net, d, u, y - beside, &roads[1], &right))
        return false;
    *slope = 0.5 * (right - left) / beside;
    if (fabs(*slope) >= SIDE_SLOPE_MOST) *slope = 0.0; // an edge
    return true;
}

// That of the road which is nearest in height, as far as it goes.
static bool slope_at(const bt_road_network *net, const disc *d, double u, double y, double beside,
                     double *slope)
{
    uint32_t road = BT_ROAD_NONE;
    double clear;
    clearance(net, d, u, y, &road, &clear);
    return slope_of(net, d, u, y, beside, (uint32_t[2]){road, road}, slope) ||
           slope_of(net, d, u, y, beside, (uint32_t[2]){BT_ROAD_NONE, BT_ROAD_NONE}, slope);
}

static bool slope_below_flanks(const bt_road_network *net, const disc *d, double beside,
                               double *slope)
{
    const double flank = TREAD * d->wheel.shape.width_m - beside;
    const double ahead = FLANK_AHEAD * d->wheel.shape.radius_m;
    for (int i = 0; i < 6; i++) {
        double u = i / 2 == 1 ? ahead : i / 2 == 2 ? -ahead : 0.0;
        if (slope_at(net, d, u, i % 2 ? -flank : flank, beside, slope)) return true;
    }
    return false;
}

// On a side slope the middle of a flat tread counts: tyres and axles give way. Of a wheel that hangs over the end of all
// surfaces it is that below one of its flanks, however little of it is over one.
static double side_slope(const bt_road_network *net, const disc *d)
{
    double slope;
    if (d->wheel.section_m > 0.0) return 0.0;
    if (slope_at(net, d, 0.0, 0.0, BESIDE_M, &slope)) return slope;
    for (double beside = BESIDE_M; beside > BESIDE_LEAST_M; beside *= BESIDE_LESS)
        if (slope_below_flanks(net, d, beside, &slope)) return slope;
    return 0.0;
}

// Its underside at one place.
typedef struct look {
    double u, clear_m;
    bool there; // a road is
} look;

static look look_at(const bt_road_network *net, const disc *d, double u, double y)
{
    look l = {.u = u};
    uint32_t road = BT_ROAD_NONE;
    l.there = clearance(net, d, u, y, &road, &l.clear_m);
    return l;
}

// Does the surface rise abruptly from one look to the next, or begin there?
static bool is_edge(const look *from, const look *to)
{
    return to->there && (!from->there || to->clear_m < from->clear_m - EDGE_M);
}

// The least of an edge between two looks, nearest to the first.
static double least_of_edge(const bt_road_network *net, const disc *d, double y, look from, look to)
{
    const look base = from;
    double least = to.clear_m;
    for (int k = 0; k < EDGE_HALVES; k++) {
        look middle = look_at(net, d, 0.5 * (from.u + to.u), y);
        bool high = is_edge(&base, &middle);
        *(high ? &to : &from) = middle;
        if (high) least = fmin(least, middle.clear_m);
    }
    return least;
}

// The least along one line under the tread; where the surface rises abruptly farther out the edge is sought. Where there is none
// below the hub the ground is no road's: what is beyond counts if the wheel stands on it, or in it.
static double least_on_line(const bt_road_network *net, const disc *d, double y)
{
    const look middle = look_at(net, d, 0.0, y);
    double least = middle.there ? middle.clear_m : 1e9;
    for (int side = -1; side <= 1; side += 2) {
        look last = middle;
        for (int i = 1; i <= ROUND_SAMPLES; i++) {
            double u = side * ROUND_SHARE * d->wheel.shape.radius_m * i / ROUND_SAMPLES;
            look next = look_at(net, d, u, y);
            double clear = is_edge(&last, &next) ? least_of_edge(net, d, y, last, next) : 1e9;
            if (next.there) clear = fmin(clear, next.clear_m);
            if (middle.there || clear < EDGE_M) least = fmin(least, clear);
            last = next;
        }
    }
    return least;
}

double bt_wheel_off_road(const bt_road_network *net, const bt_wheel_disc *wheel)
{
    disc d = {.wheel = *wheel};
    double least = 1e9, r = wheel->section_m;
    int lines = r > 0.0 ? ROUND_LINES : FLAT_LINES;
    d.side_slope = side_slope(net, &d);
    for (int line = -lines; line <= lines; line++) {
        double flat = TREAD * wheel->shape.width_m * line / FLAT_LINES;
        double y = r > 0.0 ? r * bt_sin(ROUND_LINE_RAD * line) : flat;
        least = fmin(least, least_on_line(net, &d, y));
    }
    return least < 1e8 ? fabs(least) : 0.0;
}
