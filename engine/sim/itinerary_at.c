// itinerary_at.c: reads the window of lanes: where the way is at q.
#include "engine/sim/itinerary_internal.h"

#include <math.h>

#define JOIN_M 30.0 // of a lane that begins aside: so far it takes to be in its middle

uint32_t bt_itinerary_slot_from(const bt_itinerary *it, uint32_t slot, double q_m)
{
    while (slot > it->first && q_m < it->start_m[ring(slot)])
        slot--;
    while (slot + 1 < it->tail && q_m >= it->start_m[ring(slot + 1)])
        slot++;
    return slot;
}

uint32_t bt_itinerary_slot(const bt_itinerary *it, double q_m)
{
    return bt_itinerary_slot_from(it, it->head, q_m);
}

// Turns a direction by the angle of a slope.
static void turn_by(double slope, double *c, double *s)
{
    double part = 1.0 / sqrt(1.0 + slope * slope), ahead = *c;
    *c = part * (ahead - slope * *s);
    *s = part * (*s + slope * ahead);
}

// The same of a point of the way.
static void turn_point(double slope, bt_lane_point *p)
{
    double c = (double)p->cos_heading, s = (double)p->sin_heading;
    turn_by(slope, &c, &s);
    p->heading_rad += bt_atan(slope);
    p->cos_heading = (float)c;
    p->sin_heading = (float)s;
}

// Between two lanes of a section, eased: zero slope at both ends.
static bt_lane_point shifted(const bt_lane_graph *g, const bt_itinerary *it, uint32_t slot,
                             double q_m, bt_lane_point to, double *aside)
{
    uint32_t i = ring(slot), from_lane = it->from_lane[i];
    double way = it->shift_way_m[i];
    double u = bt_clamp((q_m - it->shift_m[i]) / way, 0.0, 1.0);
    if (u >= 1.0) return to;
    *aside = bt_lerp(place_in(g, it, from_lane), *aside, shift_share(u));
    bt_lane_point from =
        bt_lane_graph_at(g, from_lane, bt_lane_graph_distance(g, from_lane, to.s_m));
    double w = shift_share(u);
    double across = bt_hypot(to.x_m - from.x_m, to.y_m - from.y_m);
    double c = (double)to.cos_heading, s = (double)to.sin_heading;
    double side = (to.y_m - from.y_m) * c - (to.x_m - from.x_m) * s >= 0.0 ? 1.0 : -1.0;
    to.x_m = bt_lerp(from.x_m, to.x_m, w);
    to.y_m = bt_lerp(from.y_m, to.y_m, w);
    to.z_m = bt_lerp(from.z_m, to.z_m, w);
    double slope = across * 30.0 * u * u * (1.0 - u) * (1.0 - u) / way;
    turn_point(side * slope, &to);
    to.room_m = 0.0f;
    return to;
}

// Out and back: how far aside, and how steeply.
static double pass_offset(const bt_itinerary *it, double q_m, double *slope)
{
    bool back = q_m > it->pass_to_m;
    double ramp = back ? it->pass_back_m : it->pass_ramp_m, sign = back ? -1.0 : 1.0;
    double u = back ? 1.0 - (q_m - it->pass_to_m) / ramp : (q_m - it->pass_from_m) / ramp;
    if (u <= 0.0) return 0.0;
    if (u >= 1.0) return it->pass_m;
    *slope = sign * it->pass_m * 30.0 * u * u * (1.0 - u) * (1.0 - u) / ramp;
    return it->pass_m * shift_share(u);
}

// A place of a slot: d along its lane, so far beyond that, and so far aside; its course there.
typedef struct slot_place {
    double d_m, beyond_m, aside_m;
    double slope; // of a pass
} slot_place;

static inline slot_place place_of(const bt_lane_graph *g, const bt_itinerary *it, uint32_t slot,
                                  double q_m)
{
    uint32_t i = ring(slot);
    double d = q_m - it->start_m[i], length = g->lanes[it->lane[i]].length_m;
    return (slot_place){.d_m = d,
                        .beyond_m = d < 0.0      ? d
                                    : d > length ? d - length
                                                 : 0.0,
                        .aside_m = place_in(g, it, it->lane[i])};
}

// Further aside where it joins and where it passes somebody.
static inline void go_aside(const bt_lane_graph *g, const bt_itinerary *it, uint32_t slot,
                            double q_m, slot_place *at)
{
    uint32_t i = ring(slot);
    if (it->join_m[i] != 0.0) {
        double length = g->lanes[it->lane[i]].length_m;
        double u = bt_clamp(at->d_m / bt_min(JOIN_M, bt_max(length, 1.0)), 0.0, 1.0);
        at->aside_m += it->join_m[i] * (1.0 - u * u * (3.0 - 2.0 * u));
    }
    if (it->pass_m != 0.0) at->aside_m += pass_offset(it, q_m, &at->slope);
}

// Off a place where the lane's direction is (c, s).
static inline void move_off(const slot_place *at, double c, double s, double *x_m, double *y_m)
{
    *x_m += at->beyond_m * c - at->aside_m * s;
    *y_m += at->beyond_m * s + at->aside_m * c;
}

static bt_lane_point in_slot(const bt_lane_graph *graph, const bt_itinerary *it, uint32_t slot,
                             double q_m)
{
    uint32_t i = ring(slot);
    slot_place at = place_of(graph, it, slot, q_m);
    double u, c, s;
    const bt_lane_point *on = bt_lane_points_at(graph, it->lane[i], at.d_m, &u);
    bt_lane_point p = bt_lane_point_mix(&on[0], &on[1], u);
    bt_lane_direction_mix(&on[0], &on[1], u, &c, &s);
    if (it->from_lane[i] != BT_ROAD_NONE) p = shifted(graph, it, slot, q_m, p, &at.aside_m);
    go_aside(graph, it, slot, q_m, &at);
    move_off(&at, c, s, &p.x_m, &p.y_m);
    if (at.slope != 0.0) turn_point(at.slope, &p);
    p.z_m += at.aside_m * p.bank;
    p.room_m = fmaxf(0.0f, p.room_m - (float)fabs(at.aside_m));
    return p;
}

bt_lane_point bt_itinerary_at(const bt_lane_graph *graph, const bt_itinerary *it, double q_m)
{
    return in_slot(graph, it, bt_itinerary_slot(it, q_m), q_m);
}

bt_way_spot bt_itinerary_spot(const bt_lane_graph *graph, const bt_itinerary *it, double q_m)
{
    uint32_t slot = bt_itinerary_slot(it, q_m), i = ring(slot);
    if (it->from_lane[i] != BT_ROAD_NONE) {
        bt_lane_point p = in_slot(graph, it, slot, q_m);
        return (bt_way_spot){p.x_m, p.y_m, p.heading_rad, (double)p.cos_heading,
                             (double)p.sin_heading};
    }
    slot_place at = place_of(graph, it, slot, q_m);
    double u;
    const bt_lane_point *p = bt_lane_points_at(graph, it->lane[i], at.d_m, &u);
    bt_way_spot spot = {.x_m = bt_lerp(p[0].x_m, p[1].x_m, u),
                        .y_m = bt_lerp(p[0].y_m, p[1].y_m, u),
                        .heading_rad = bt_lane_heading_mix(&p[0], &p[1], u)};
    bt_lane_direction_mix(&p[0], &p[1], u, &spot.cos_heading, &spot.sin_heading);
    go_aside(graph, it, slot, q_m, &at);
    move_off(&at, spot.cos_heading, spot.sin_heading, &spot.x_m, &spot.y_m);
    if (at.slope != 0.0) {
        spot.heading_rad += bt_atan(at.slope);
        turn_by(at.slope, &spot.cos_heading, &spot.sin_heading);
    }
    return spot;
}

double bt_itinerary_height(const bt_lane_graph *graph, const bt_itinerary *it, double q_m)
{
    uint32_t slot = bt_itinerary_slot(it, q_m), i = ring(slot);
    if (it->from_lane[i] != BT_ROAD_NONE) return in_slot(graph, it, slot, q_m).z_m;
    slot_place at = place_of(graph, it, slot, q_m);
    double u;
    const bt_lane_point *p = bt_lane_points_at(graph, it->lane[i], at.d_m, &u);
    go_aside(graph, it, slot, q_m, &at);
    double z = bt_lerp(p[0].z_m, p[1].z_m, u);
    if (at.aside_m == 0.0) return z;
    return z + at.aside_m * bt_lerp(p[0].bank, p[1].bank, u);
}

void bt_itinerary_sample(const bt_lane_graph *graph, const bt_itinerary *it, double q_m,
                         double step_m, uint32_t count, bt_lane_point *points)
{
    uint32_t slot = it->head;
    for (uint32_t i = 0; i < count; i++) {
        double at = q_m + step_m * i;
        slot = bt_itinerary_slot_from(it, slot, at);
        points[i] = in_slot(graph, it, slot, at);
    }
}

double bt_itinerary_station(const bt_lane_graph *graph, const bt_itinerary *it, double q_m)
{
    uint32_t i = ring(bt_itinerary_slot(it, q_m));
    return bt_lane_graph_station(graph, it->lane[i], q_m - it->start_m[i]);
}
