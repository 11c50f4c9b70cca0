// route_follow.c: frames, curvature and projection along a route.
#include "engine/road/route_internal.h"

#include <assert.h>

// Perlin 2002, "Improving noise": 6u^5 - 15u^4 + 10u^3, level and straight at both ends.
static double blend(double u, double *slope)
{
    *slope = 30.0 * u * u * (u * (u - 2.0) + 1.0);
    return u * u * u * (u * (u * 6.0 - 15.0) + 10.0);
}

static double lane_centre(const bt_road_network *net, uint32_t lane, double s)
{
    double inner;
    double outer = road_outer_border_at(net, lane, s, &inner);
    return 0.5 * (inner + outer);
}

bt_pose route_stretch_pose(const bt_road_network *net, const route_stretch *stretch, double s_m,
                           double lateral_m, uint32_t *lane)
{
    uint32_t on = stretch->from_lane;
    double t = lane_centre(net, on, s_m);
    double t_slope = road_lane_centre_slope(net, on, s_m);
    if (stretch->from_lane != stretch->to_lane) {
        double span = stretch->s_out_m - stretch->s_in_m;
        double u = fabs(span) > 1e-9 ? bt_clamp((s_m - stretch->s_in_m) / span, 0.0, 1.0) : 1.0;
        double u_slope;
        double b = blend(u, &u_slope);
        double other = lane_centre(net, stretch->to_lane, s_m);
        double other_slope = road_lane_centre_slope(net, stretch->to_lane, s_m);
        if (fabs(span) > 1e-9) t_slope += (other - t) * u_slope / span;
        t_slope += b * (other_slope - t_slope);
        t += b * (other - t);
        if (b >= 0.5) on = stretch->to_lane;
    }
    bool forward = net->lanes.items[on].forward;
    if (lane != NULL) *lane = on;
    return road_pose_in_lane(net, on, s_m, t + (forward ? lateral_m : -lateral_m), t_slope,
                             forward);
}

double bt_route_length(const bt_route *route)
{
    return route->length_m;
}

uint32_t bt_route_lane_count(const bt_route *route)
{
    return (uint32_t)route->lanes.count;
}

uint32_t bt_route_lane(const bt_route *route, uint32_t index)
{
    assert(index < route->lanes.count);
    return route->lanes.items[index];
}

static const route_stretch *stretch_at(const bt_route *route, double distance_m)
{
    size_t low = 0;
    size_t high = route->stretches.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (route->stretches.items[middle].start_m <= distance_m) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &route->stretches.items[low];
}

static double stretch_s(const bt_route *route, const route_stretch *stretch, double distance_m)
{
    const route_knot *knots = route->knots.items + stretch->first_knot;
    uint32_t low = 0;
    uint32_t high = stretch->knot_count - 1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (knots[middle].distance_m <= distance_m) {
            low = middle;
        } else {
            high = middle;
        }
    }
    double span = knots[high].distance_m - knots[low].distance_m;
    double u = span > 0.0 ? bt_clamp((distance_m - knots[low].distance_m) / span, 0.0, 1.0) : 0.0;
    return bt_lerp(knots[low].s_m, knots[high].s_m, u);
}

bt_pose bt_route_pose(const bt_road_network *net, const bt_route *route, double distance_m,
                      double lateral_m, uint32_t *lane, double *s_m)
{
    double d = bt_clamp(distance_m, 0.0, route->length_m);
    const route_stretch *stretch = stretch_at(route, d);
    double s = stretch_s(route, stretch, d);
    if (s_m != NULL) *s_m = s;
    return route_stretch_pose(net, stretch, s, lateral_m, lane);
}

// Turn of the heading over a metre: joints of roads, where curvature itself is undefined, count in.
double bt_route_curvature(const bt_road_network *net, const bt_route *route, double distance_m)
{
    double low = bt_clamp(distance_m - 0.5, 0.0, route->length_m);
    double high = bt_clamp(distance_m + 0.5, 0.0, route->length_m);
    if (high - low < 1e-3) return 0.0;
    double before = bt_quat_yaw(bt_route_pose(net, route, low, 0.0, NULL, NULL).rot);
    double after = bt_quat_yaw(bt_route_pose(net, route, high, 0.0, NULL, NULL).rot);
    return bt_wrap_angle(after - before) / (high - low);
}

// First knot at or after a distance, never the last.
static size_t knot_from(const bt_route *route, double distance_m)
{
    size_t low = 0;
    size_t high = route->knots.count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (route->knots.items[middle].distance_m < distance_m) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? low - 1 : 0;
}

// Nearest place on the polyline of knots between two distances.
static double project_on_knots(const bt_route *route, double x, double y, double low_m,
                               double high_m)
{
    double best = INFINITY;
    double best_distance = low_m;
    for (size_t i = knot_from(route, low_m); i + 1 < route->knots.count; i++) {
        const route_knot *a = &route->knots.items[i];
        const route_knot *b = a + 1;
        if (a->distance_m > high_m) break;
        double dx = b->x_m - a->x_m;
        double dy = b->y_m - a->y_m;
        double length2 = dx * dx + dy * dy;
        double u = length2 > 0.0
                       ? bt_clamp(((x - a->x_m) * dx + (y - a->y_m) * dy) / length2, 0.0, 1.0)
                       : 0.0;
        double off = bt_hypot(x - a->x_m - u * dx, y - a->y_m - u * dy);
        if (off >= best) continue;
        best = off;
        best_distance = bt_lerp(a->distance_m, b->distance_m, u);
    }
    return bt_clamp(best_distance, low_m, high_m);
}

double bt_route_project(const bt_road_network *net, const bt_route *route, bt_vec3 point_world_m,
                        double near_m, double window_m, double *lateral_m)
{
    double low = bt_clamp(near_m - window_m, 0.0, route->length_m);
    double high = bt_clamp(near_m + window_m, 0.0, route->length_m);
    double d = project_on_knots(route, point_world_m.x, point_world_m.y, low, high);
    // from the chords to the curve
    bt_vec3 left = {0.0, 0.0, 0.0};
    bt_vec3 offset = left;
    for (int i = 0; i < 3; i++) {
        bt_pose pose = bt_route_pose(net, route, d, 0.0, NULL, NULL);
        bt_vec3 ahead = bt_pose_dir(pose, (bt_vec3){1.0, 0.0, 0.0});
        left = bt_pose_dir(pose, (bt_vec3){0.0, 1.0, 0.0});
        offset = bt_vec3_sub(point_world_m, pose.pos);
        double along = bt_clamp(bt_vec3_dot(offset, ahead), -0.5, 0.5);
        double next = bt_clamp(d + along, low, high);
        bool settled = fabs(next - d) < 1e-6;
        d = next;
        if (settled) break;
    }
    if (lateral_m != NULL) *lateral_m = bt_vec3_dot(offset, left);
    return d;
}
