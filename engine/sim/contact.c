// contact.c: see contact.h.
#include "engine/sim/contact.h"

#include <math.h>

#define EDGE_MOST_M 0.3 // no kerb is higher
#define LANES_MOST 3    // looked at on either side

// How far a rigid wheel's underside is above its lowest point, u ahead of it.
static double roundness(double radius, double u)
{
    return u < radius ? radius - sqrt(radius * radius - u * u) : radius;
}

double bt_wheel_over_edge(const bt_wheel_shape *w, double away_m, double angle_rad, double rise_m)
{
    double along = fabs(sin(angle_rad)), across = fabs(cos(angle_rad));
    double beyond = away_m - 0.5 * w->width_m * across; // of the tread's nearest flank
    if (beyond <= 0.0) return fmax(0.0, rise_m);
    if (beyond >= along * w->radius_m) return 0.0;
    return fmax(0.0, rise_m - roundness(w->radius_m, beyond / along));
}

// Towards greater t, or smaller.
static uint32_t lane_beside(const bt_road_network *net, uint32_t lane, bool left)
{
    return bt_lane_neighbour(net, lane, bt_road_lane_get(net, lane)->forward == left ? 1 : -1);
}

static double border_height(const bt_road_network *net, uint32_t lane, double s_m, bool left)
{
    bool outer = (bt_road_lane_get(net, lane)->id > 0) == left;
    return bt_lane_border_point(net, lane, s_m, outer).z;
}

static double rise_beside(const bt_road_network *net, const bt_road_location *at, bool left,
                          double away_m, double reach_m, double angle_rad, const bt_wheel_shape *w)
{
    double rise = 0.0, level = 0.0;
    uint32_t lane = at->lane;
    for (int i = 0; i < LANES_MOST && away_m < reach_m; i++) {
        uint32_t next = lane_beside(net, lane, left);
        if (next == BT_ROAD_NONE) break;
        double near = border_height(net, next, at->s_m, !left);
        level += near - border_height(net, lane, at->s_m, left);
        rise = fmax(rise, bt_wheel_over_edge(w, away_m, angle_rad, level));
        level += border_height(net, next, at->s_m, left) - near;
        away_m += bt_lane_width(net, next, at->s_m);
        lane = next;
    }
    return rise;
}

double bt_contact_rise(const bt_road_network *net, const bt_road_location *at, double heading_rad,
                       const bt_wheel_shape *w)
{
    if (at->lane == BT_ROAD_NONE) return 0.0;
    double inner, outer, edge = fmin(EDGE_MOST_M, w->radius_m);
    double reach = sqrt(edge * (2.0 * w->radius_m - edge)) + 0.5 * w->width_m;
    bt_lane_borders(net, at->lane, at->s_m, &inner, &outer);
    double left = fmax(inner, outer) - at->t_m, right = at->t_m - fmin(inner, outer);
    if (fmin(left, right) > reach) return 0.0;
    double heading, curvature;
    bt_road_heading(net, at->road, at->s_m, &heading, &curvature);
    double angle = heading_rad - heading;
    return fmax(rise_beside(net, at, true, left, reach, angle, w),
                rise_beside(net, at, false, right, reach, angle, w));
}

bool bt_contact_follow(const bt_road_network *net, bt_vec3 place, double ahead_m, bt_contact *c,
                       bt_road_location *at)
{
    *at = (bt_road_location){.road = c->road, .lane = c->lane, .s_m = c->s_m};
    if (at->lane != BT_ROAD_NONE)
        at->s_m += bt_road_lane_get(net, at->lane)->forward ? ahead_m : -ahead_m;
    if (!bt_road_follow(net, place, at) && !bt_road_locate(net, place, c->road, at)) {
        c->lane = BT_ROAD_NONE;
        return false;
    }
    *c = (bt_contact){at->s_m, at->road, at->lane};
    return true;
}
