// lane.c: questions about one lane: borders, frames along it, neighbours and continuations.
#include "engine/road/road_internal.h"

uint32_t bt_lane_find(const bt_road_network *net, uint32_t road, double s_m, int32_t lane_id)
{
    uint32_t section = road_section_at(net, road, s_m);
    if (section == BT_ROAD_NONE) return BT_ROAD_NONE;
    const bt_lane_section *sec = &net->sections.items[section];
    for (uint32_t i = 0; i < sec->lane_count; i++)
        if (net->lanes.items[sec->first_lane + i].id == lane_id) return sec->first_lane + i;
    return BT_ROAD_NONE;
}

static double clamp_to_lane(const bt_lane *lane, double s_m)
{
    return bt_clamp(s_m, lane->s0_m, lane->s1_m);
}

void bt_lane_borders(const bt_road_network *net, uint32_t lane, double s_m, double *t_inner_m,
                     double *t_outer_m)
{
    double s = clamp_to_lane(&net->lanes.items[lane], s_m);
    *t_outer_m = road_outer_border_at(net, lane, s, t_inner_m);
}

bt_vec3 bt_lane_border_point(const bt_road_network *net, uint32_t lane, double s_m, bool outer)
{
    const bt_lane *l = &net->lanes.items[lane];
    double s = clamp_to_lane(l, s_m);
    road_frame frame = road_frame_at(net, l->road, s);
    road_cut cut;
    road_cut_at(net, l->section, s, &cut);
    uint32_t index = road_lane_index(net, lane);
    double t = outer ? cut.t_m[index] : road_cut_inner(&cut, index);
    return road_surface_point(net, &frame, &cut, index, t);
}

static bt_vec3 border_in(const bt_road_network *net, const road_frame *frame, const road_cut *cut,
                         uint32_t index, bool left)
{
    bool outer = (index < cut->centre) == left;
    return road_surface_point(net, frame, cut, index,
                              outer ? cut->t_m[index] : road_cut_inner(cut, index));
}

bool bt_lane_border_sides(const bt_road_network *net, uint32_t lane, double s_m, bt_vec3 sides[2])
{
    const bt_lane *l = &net->lanes.items[lane];
    uint32_t index = road_lane_index(net, lane);
    if (index == 0) return false;
    double s = clamp_to_lane(l, s_m);
    road_frame frame = road_frame_at(net, l->road, s);
    road_cut cut;
    road_cut_at(net, l->section, s, &cut);
    uint32_t beyond = index - 1;
    if (beyond == cut.centre) { // which has no width
        if (beyond == 0) return false;
        beyond--;
    }
    sides[0] = border_in(net, &frame, &cut, index, true);
    sides[1] = border_in(net, &frame, &cut, beyond, false);
    return true;
}

uint32_t bt_road_section_borders(const bt_road_network *net, uint32_t section, double s_m,
                                 uint32_t max, bt_vec3 *points)
{
    const bt_lane_section *sec = &net->sections.items[section];
    road_frame frame = road_frame_at(net, sec->road, s_m);
    road_cut cut;
    road_cut_at(net, section, s_m, &cut);
    for (uint32_t i = 0; i < cut.lane_count && i < max; i++) {
        points[2 * i] = border_in(net, &frame, &cut, i, true);
        points[2 * i + 1] = border_in(net, &frame, &cut, i, false);
    }
    return cut.lane_count < max ? cut.lane_count : max;
}

bool bt_lane_is_raised(const bt_road_network *net, uint32_t lane)
{
    return net->lane_details.items[lane].heights.count > 0;
}

double bt_lane_width(const bt_road_network *net, uint32_t lane, double s_m)
{
    double inner;
    double outer;
    bt_lane_borders(net, lane, s_m, &inner, &outer);
    return fabs(outer - inner);
}

static double centre_t(const bt_road_network *net, uint32_t lane, double s)
{
    double inner;
    double outer = road_outer_border_at(net, lane, s, &inner);
    return 0.5 * (inner + outer);
}

double road_lane_centre_slope(const bt_road_network *net, uint32_t lane, double s_m)
{
    const bt_lane *l = &net->lanes.items[lane];
    const double step = 0.01; // widths are smooth polynomials; inside one section only
    double low = bt_clamp(s_m - step, l->s0_m, l->s1_m);
    double high = bt_clamp(s_m + step, l->s0_m, l->s1_m);
    if (high - low < 1e-6) return 0.0;
    return (centre_t(net, lane, high) - centre_t(net, lane, low)) / (high - low);
}

bt_pose road_pose_in_lane(const bt_road_network *net, uint32_t lane, double s_m, double t_m,
                          double t_slope, bool forward)
{
    const bt_lane *l = &net->lanes.items[lane];
    road_frame frame = road_frame_at(net, l->road, s_m);
    road_cut cut;
    road_cut_at(net, l->section, s_m, &cut);
    bt_pose pose = road_surface_pose(net, &frame, &cut, road_lane_index(net, lane), t_m, t_slope);
    if (!forward) // half a turn about the normal
        pose.rot = bt_quat_mul(pose.rot, (bt_quat){0.0, 0.0, 0.0, 1.0});
    return pose;
}

bt_pose bt_lane_pose(const bt_road_network *net, uint32_t lane, double s_m, double lateral_m)
{
    const bt_lane *l = &net->lanes.items[lane];
    double s = clamp_to_lane(l, s_m);
    double t = centre_t(net, lane, s) + (l->forward ? lateral_m : -lateral_m);
    return road_pose_in_lane(net, lane, s, t, road_lane_centre_slope(net, lane, s), l->forward);
}

double bt_lane_length(const bt_road_network *net, uint32_t lane)
{
    const bt_lane *l = &net->lanes.items[lane];
    return l->s1_m - l->s0_m;
}

// Joints at one end of a lane whose travel agrees: leaving, the other lane must be entered where
// its travel begins; arriving, left where its travel ends.
static uint32_t collect(const bt_road_network *net, uint32_t lane, bool leaving, uint32_t *lanes,
                        uint32_t max)
{
    const lane_detail *detail = &net->lane_details.items[lane];
    bool at_end = net->lanes.items[lane].forward == leaving;
    road_run run = at_end ? detail->at_end : detail->at_start;
    uint32_t count = 0;
    for (uint32_t i = 0; i < run.count; i++) {
        road_joint joint = net->joints.items[run.first + i];
        uint32_t other = joint / 2;
        bool touches_start = joint % 2 == 0;
        bool other_begins_here = net->lanes.items[other].forward == touches_start;
        if (other_begins_here != leaving) continue;
        if (count < max) lanes[count] = other;
        count++;
    }
    return count;
}

uint32_t bt_lane_successors(const bt_road_network *net, uint32_t lane, uint32_t *lanes,
                            uint32_t max)
{
    return collect(net, lane, true, lanes, max);
}

uint32_t bt_lane_predecessors(const bt_road_network *net, uint32_t lane, uint32_t *lanes,
                              uint32_t max)
{
    return collect(net, lane, false, lanes, max);
}

uint32_t bt_lane_neighbour(const bt_road_network *net, uint32_t lane, int side)
{
    const bt_lane *l = &net->lanes.items[lane];
    const bt_lane_section *sec = &net->sections.items[l->section];
    // lanes are stored from left to right as seen along s
    bool towards_left = (side > 0) == l->forward;
    uint32_t i = lane;
    do {
        if (towards_left ? i == sec->first_lane : i + 1 == sec->first_lane + sec->lane_count)
            return BT_ROAD_NONE;
        i = towards_left ? i - 1 : i + 1;
    } while (net->lanes.items[i].id == 0);
    return i;
}
