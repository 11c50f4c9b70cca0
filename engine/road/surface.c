// surface.c: from (road, s, t) to the world: reference line, cross-section, lane borders, heights.
#include "engine/road/road_internal.h"

#include <string.h>

// ---- reference line -----------------------------------------------------------------------------
road_plan road_plan_at(const bt_road_network *net, uint32_t road, double s_m)
{
    road_run run = net->road_details.items[road].curves;
    if (run.count == 0) return (road_plan){.cos_heading = 1.0};
    const road_curve *curves = net->curves.items + run.first;
    const road_curve *curve = curves + road_record_at(curves, sizeof *curves, run.count, s_m);
    return road_curve_at(curve, net->knots.items, s_m - curve->s0_m);
}

// Left and up are the horizontal left and the plane's up, turned about `along` by the roll.
road_frame road_frame_at(const bt_road_network *net, uint32_t road, double s_m)
{
    const road_detail *detail = &net->road_details.items[road];
    road_frame f;
    f.plan = road_plan_at(net, road, s_m);
    double z =
        road_profile_at(net, detail->elevation, s_m, &f.elevation_slope, &f.elevation_second);
    f.origin = (bt_vec3){f.plan.x_m, f.plan.y_m, z + net->offset_z_m};
    f.roll_rad = road_profile_at(net, detail->superelevation, s_m, &f.roll_slope, NULL);

    double c = f.cos_heading = f.plan.cos_heading;
    double s = f.sin_heading = f.plan.sin_heading;
    double cos_grade = 1.0 / sqrt(1.0 + f.elevation_slope * f.elevation_slope);
    double sin_grade = f.elevation_slope * cos_grade;
    f.along = (bt_vec3){c * cos_grade, s * cos_grade, sin_grade};
    bt_vec3 flat_left = {-s, c, 0.0};
    bt_vec3 flat_up = {-c * sin_grade, -s * sin_grade, cos_grade};
    double cos_roll = f.roll_rad != 0.0 ? bt_cos(f.roll_rad) : 1.0;
    double sin_roll = f.roll_rad != 0.0 ? bt_sin(f.roll_rad) : 0.0;
    f.left = bt_vec3_mad(bt_vec3_scale(flat_left, cos_roll), flat_up, sin_roll);
    f.up = bt_vec3_mad(bt_vec3_scale(flat_up, cos_roll), flat_left, -sin_roll);
    return f;
}

// d/ds of origin + t left, left = cos(roll) n + sin(roll) b with n the flat left, b the plane's up:
// n' = -curvature (cos h, sin h, 0); b' = -grade' along - curvature sin(grade) n.
bt_vec3 road_frame_tangent(const road_frame *f, double t_m)
{
    double c = f->cos_heading;
    double s = f->sin_heading;
    double k = f->plan.curvature_1_m;
    double grade2 = 1.0 + f->elevation_slope * f->elevation_slope;
    double grade_rate = f->elevation_second / grade2;
    double sin_grade = f->elevation_slope / sqrt(grade2);
    double cos_roll = bt_cos(f->roll_rad);
    double sin_roll = bt_sin(f->roll_rad);

    bt_vec3 tangent = {c, s, f->elevation_slope};
    bt_vec3 n = {-s, c, 0.0};
    bt_vec3 rate = bt_vec3_scale((bt_vec3){c, s, 0.0}, -k * cos_roll);
    rate = bt_vec3_mad(rate, f->along, -grade_rate * sin_roll);
    rate = bt_vec3_mad(rate, n, -k * sin_grade * sin_roll);
    rate = bt_vec3_mad(rate, f->up, f->roll_slope); // d left / d roll = up
    return bt_vec3_mad(tangent, rate, t_m);
}

// ---- shape of the cross-section -----------------------------------------------------------------
// Index of the first record of the station that record `last` belongs to.
static uint32_t station_first(const road_shape *shapes, uint32_t last)
{
    uint32_t low = 0;
    uint32_t high = last;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (shapes[middle].s0_m < shapes[last].s0_m) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

// Height of one station's polynomials (records first..last) at t.
static double station_height(const road_shape *shapes, uint32_t first, uint32_t last, double t,
                             double *slope)
{
    uint32_t low = first;
    uint32_t high = last + 1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (shapes[middle].t0_m <= t) {
            low = middle;
        } else {
            high = middle;
        }
    }
    const road_shape *r = &shapes[low];
    double dt = t - r->t0_m;
    *slope = r->b + dt * (2.0 * r->c + dt * 3.0 * r->d);
    return r->a + dt * (r->b + dt * (r->c + dt * r->d));
}

// Between two stations heights go linearly with s.
static double shape_height(const bt_road_network *net, road_run run, double s_m, double t_m,
                           double *slope)
{
    *slope = 0.0;
    if (run.count == 0) return 0.0;
    const road_shape *shapes = net->shapes.items + run.first;
    uint32_t last = road_record_at(shapes, sizeof *shapes, run.count, s_m);
    if (s_m < shapes[0].s0_m) { // before the first station: as there
        s_m = shapes[0].s0_m;
        last = road_record_at(shapes, sizeof *shapes, run.count, s_m);
    }
    double height = station_height(shapes, station_first(shapes, last), last, t_m, slope);
    if (last + 1 >= run.count) return height;

    double next_s0 = shapes[last + 1].s0_m;
    uint32_t next_last = road_record_at(shapes, sizeof *shapes, run.count, next_s0);
    double next_slope;
    double next = station_height(shapes, last + 1, next_last, t_m, &next_slope);
    double u = (s_m - shapes[last].s0_m) / (next_s0 - shapes[last].s0_m);
    *slope += (next_slope - *slope) * u;
    return height + (next - height) * u;
}

double road_cross_height(const bt_road_network *net, uint32_t road, double s_m, double t_m,
                         double *slope_t)
{
    const road_detail *detail = &net->road_details.items[road];
    double height = shape_height(net, detail->shapes, s_m, t_m, slope_t);
    // crossfall (1.4): falls to the outside, on its own side only
    bool is_left = t_m > 0.0;
    road_run run = is_left ? detail->crossfall_left : detail->crossfall_right;
    if (run.count == 0) return height;
    double fall = bt_tan(road_profile_at(net, run, s_m, NULL, NULL));
    *slope_t += is_left ? -fall : fall;
    return height - fall * fabs(t_m);
}

// ---- lanes across the road ----------------------------------------------------------------------
uint32_t road_section_at(const bt_road_network *net, uint32_t road, double s_m)
{
    const bt_road *r = &net->roads.items[road];
    if (r->section_count == 0) return BT_ROAD_NONE;
    uint32_t low = r->first_section;
    uint32_t high = low + r->section_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (net->sections.items[middle].s0_m <= s_m) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

// Outer border of a lane whose inner border is known. A width below zero counts as zero.
static double outer_border(const bt_road_network *net, uint32_t lane, double s_m, double offset,
                           double inner)
{
    const lane_detail *detail = &net->lane_details.items[lane];
    double sign = net->lanes.items[lane].id > 0 ? 1.0 : -1.0;
    double value = road_profile_at(net, detail->widths, s_m, NULL, NULL);
    if (detail->border) value = fabs(value) - sign * (inner - offset);
    return value > 0.0 ? inner + sign * value : inner;
}

// Files often let the lane offset jump where a section ends: there the section's own side holds.
static double lane_offset(const bt_road_network *net, const bt_lane_section *section, double s_m)
{
    road_run run = net->road_details.items[section->road].lane_offset;
    if (run.count == 0) return 0.0;
    const road_cubic *records = net->cubics.items + run.first;
    double inside = bt_max(section->s0_m, bt_min(s_m, section->s1_m - 1e-6));
    uint32_t i = road_record_at(records, sizeof *records, run.count, inside);
    return road_profile_at(net, (road_run){run.first + i, 1}, s_m, NULL, NULL);
}

static void find_borders(const bt_road_network *net, const bt_lane_section *sec, double s_m,
                         road_cut *cut)
{
    double offset = lane_offset(net, sec, s_m);
    cut->t_m[cut->centre] = offset;
    for (uint32_t i = cut->centre; i-- > 0;)
        cut->t_m[i] = outer_border(net, sec->first_lane + i, s_m, offset, cut->t_m[i + 1]);
    for (uint32_t i = cut->centre + 1; i < sec->lane_count; i++)
        cut->t_m[i] = outer_border(net, sec->first_lane + i, s_m, offset, cut->t_m[i - 1]);
}

void road_cut_at(const bt_road_network *net, uint32_t section, double s_m, road_cut *cut)
{
    const bt_lane_section *sec = &net->sections.items[section];
    cut->section = section;
    cut->first_lane = sec->first_lane;
    cut->lane_count = sec->lane_count;
    cut->s_m = s_m;
    cut->centre = 0;
    while (net->lanes.items[sec->first_lane + cut->centre].id != 0)
        cut->centre++;
    uint32_t even = section < net->even_first.count ? net->even_first.items[section] : BT_ROAD_NONE;
    if (even == BT_ROAD_NONE)
        find_borders(net, sec, s_m, cut);
    else
        memcpy(cut->t_m, net->even_borders.items + even, sec->lane_count * sizeof *cut->t_m);
}

static bool is_level(const road_cubic *r)
{
    return r->b == 0.0 && r->c == 0.0 && r->d == 0.0;
}

static bool is_even(const bt_road_network *net, const bt_lane_section *sec)
{
    road_run offsets = net->road_details.items[sec->road].lane_offset;
    for (uint32_t i = 0; i < offsets.count; i++) { // any of the road's may hold in it
        const road_cubic *r = &net->cubics.items[offsets.first + i];
        if (!is_level(r) || r->a != net->cubics.items[offsets.first].a) return false;
    }
    for (uint32_t i = 0; i < sec->lane_count; i++) {
        road_run widths = net->lane_details.items[sec->first_lane + i].widths;
        if (widths.count > 1) return false;
        if (widths.count == 1 && !is_level(&net->cubics.items[widths.first])) return false;
    }
    return true;
}

bt_status road_find_even(bt_road_network *net)
{
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < net->sections.count && status == BT_OK; i++) {
        const bt_lane_section *sec = &net->sections.items[i];
        uint32_t first = is_even(net, sec) ? (uint32_t)net->even_borders.count : BT_ROAD_NONE;
        road_cut cut;
        if (first != BT_ROAD_NONE) road_cut_at(net, i, sec->s0_m, &cut);
        for (uint32_t k = 0; first != BT_ROAD_NONE && k < sec->lane_count && status == BT_OK; k++)
            status = ROAD_PUSH(net->even_borders, cut.t_m[k]);
        if (status == BT_OK) status = ROAD_PUSH(net->even_first, first);
    }
    return status;
}

double road_outer_border_at(const bt_road_network *net, uint32_t lane, double s_m,
                            double *inner_t_m)
{
    const bt_lane *l = &net->lanes.items[lane];
    const bt_lane_section *sec = &net->sections.items[l->section];
    double offset = lane_offset(net, sec, s_m);
    double inner = offset;
    double outer = offset;
    // from the centre outwards
    uint32_t centre = sec->first_lane;
    while (net->lanes.items[centre].id != 0)
        centre++;
    uint32_t step = l->id > 0 ? UINT32_MAX : 1u; // -1 or +1, modulo 2^32
    for (uint32_t i = centre; i != lane;) {
        i += step;
        inner = outer;
        outer = outer_border(net, i, s_m, offset, inner);
    }
    *inner_t_m = inner;
    return outer;
}

uint32_t road_cut_lane(const road_cut *cut, double t_m)
{
    if (cut->lane_count == 1) return 0;
    bool left = t_m > cut->t_m[cut->centre];
    if (left && cut->centre == 0) left = false;
    if (!left && cut->centre + 1 == cut->lane_count) left = true;
    if (left) {
        uint32_t i = cut->centre - 1;
        while (i > 0 && t_m > cut->t_m[i])
            i--;
        return i;
    }
    uint32_t i = cut->centre + 1;
    while (i + 1 < cut->lane_count && t_m < cut->t_m[i])
        i++;
    return i;
}

// Lane heights between records go linearly with s (lane edges of kerbs are ramps, not steps).
static void lane_heights(const bt_road_network *net, road_run run, double s_m, double *inner,
                         double *outer)
{
    *inner = *outer = 0.0;
    if (run.count == 0) return;
    const road_height *records = net->heights.items + run.first;
    uint32_t i = road_record_at(records, sizeof *records, run.count, s_m);
    *inner = records[i].inner_m;
    *outer = records[i].outer_m;
    if (i + 1 >= run.count || s_m <= records[i].s0_m) return;
    double u = (s_m - records[i].s0_m) / (records[i + 1].s0_m - records[i].s0_m);
    *inner += (records[i + 1].inner_m - *inner) * u;
    *outer += (records[i + 1].outer_m - *outer) * u;
}

// A level lane carries on horizontally from where the levelled lanes begin.
static double level_height(const bt_road_network *net, const road_cut *cut, uint32_t index,
                           double t_m, double *slope_t)
{
    uint32_t road = net->sections.items[cut->section].road;
    uint32_t from = index;
    uint32_t step = index < cut->centre ? 1u : UINT32_MAX; // towards the centre
    while (from + step != cut->centre &&
           net->lane_details.items[cut->first_lane + from + step].level)
        from += step;
    double start = road_cut_inner(cut, from);
    double roll =
        road_profile_at(net, net->road_details.items[road].superelevation, cut->s_m, NULL, NULL);
    double unused;
    *slope_t = -bt_tan(roll);
    return road_cross_height(net, road, cut->s_m, start, &unused) + *slope_t * (t_m - start);
}

// As the file has it.
static double own_height(const bt_road_network *net, const road_cut *cut, uint32_t index,
                         double t_m, double *slope_t)
{
    uint32_t lane = cut->first_lane + index;
    const lane_detail *detail = &net->lane_details.items[lane];
    double height;
    if (detail->level && index != cut->centre) {
        height = level_height(net, cut, index, t_m, slope_t);
    } else {
        height = road_cross_height(net, net->lanes.items[lane].road, cut->s_m, t_m, slope_t);
    }
    if (detail->heights.count == 0) return height;

    double inner;
    double outer;
    lane_heights(net, detail->heights, cut->s_m, &inner, &outer);
    double inner_t = road_cut_inner(cut, index);
    double width = cut->t_m[index] - inner_t; // signed
    if (fabs(width) < 1e-9) return height + inner;
    double u = bt_clamp((t_m - inner_t) / width, 0.0, 1.0);
    *slope_t += (outer - inner) / width;
    return height + inner + (outer - inner) * u;
}

double road_cut_height(const bt_road_network *net, const road_cut *cut, uint32_t index, double t_m,
                       double *slope_t)
{
    double height = own_height(net, cut, index, t_m, slope_t);
    uint32_t road = net->sections.items[cut->section].road;
    if (!road_is_blended(net, road)) return height;
    double along, across;
    height += road_blend_at(net, road, cut->s_m, t_m, &along, &across);
    *slope_t += across;
    return height;
}

bt_vec3 road_surface_point(const bt_road_network *net, const road_frame *frame, const road_cut *cut,
                           uint32_t index, double t_m)
{
    double slope;
    return road_frame_point(frame, t_m, road_cut_height(net, cut, index, t_m, &slope));
}

static bt_pose pose_from(const road_frame *frame, bt_vec3 pos, double t_m, double t_slope,
                         double height_slope, double height_along)
{
    bt_vec3 across = bt_vec3_mad(frame->left, frame->up, height_slope);
    bt_vec3 tangent = bt_vec3_mad(road_frame_tangent(frame, t_m), across, t_slope);
    tangent = bt_vec3_mad(tangent, frame->up, height_along);
    // beyond the centre of curvature the tangent turns back: keep the road's direction
    if (bt_vec3_dot(tangent, frame->along) < 1e-6) tangent = frame->along;
    bt_vec3 x = bt_vec3_normalize(tangent);
    bt_vec3 z = bt_vec3_normalize(bt_vec3_cross(x, across));
    return (bt_pose){pos, bt_quat_from_axes(x, bt_vec3_cross(z, x), z)};
}

bt_pose road_surface_pose(const bt_road_network *net, const road_frame *frame, const road_cut *cut,
                          uint32_t index, double t_m, double t_slope)
{
    double slope, along = 0.0, across;
    double height = road_cut_height(net, cut, index, t_m, &slope);
    uint32_t road = net->sections.items[cut->section].road;
    if (road_is_blended(net, road)) road_blend_at(net, road, cut->s_m, t_m, &along, &across);
    return pose_from(frame, road_frame_point(frame, t_m, height), t_m, t_slope, slope, along);
}

// ---- the public questions -----------------------------------------------------------------------
static double clamp_s(const bt_road_network *net, uint32_t road, double s_m)
{
    return bt_clamp(s_m, 0.0, net->roads.items[road].length_m);
}

bt_pose bt_road_pose(const bt_road_network *net, uint32_t road, double s_m, double t_m)
{
    double s = clamp_s(net, road, s_m);
    road_frame frame = road_frame_at(net, road, s);
    uint32_t section = road_section_at(net, road, s);
    if (section == BT_ROAD_NONE) {
        double slope;
        double height = road_cross_height(net, road, s, t_m, &slope);
        return pose_from(&frame, road_frame_point(&frame, t_m, height), t_m, 0.0, slope, 0.0);
    }
    road_cut cut;
    road_cut_at(net, section, s, &cut);
    return road_surface_pose(net, &frame, &cut, road_cut_lane(&cut, t_m), t_m, 0.0);
}

bt_vec3 bt_road_point(const bt_road_network *net, uint32_t road, double s_m, double t_m)
{
    double s = clamp_s(net, road, s_m);
    road_frame frame = road_frame_at(net, road, s);
    uint32_t section = road_section_at(net, road, s);
    if (section == BT_ROAD_NONE) {
        double slope;
        return road_frame_point(&frame, t_m, road_cross_height(net, road, s, t_m, &slope));
    }
    road_cut cut;
    road_cut_at(net, section, s, &cut);
    return road_surface_point(net, &frame, &cut, road_cut_lane(&cut, t_m), t_m);
}

void bt_road_heading(const bt_road_network *net, uint32_t road, double s_m, double *heading_rad,
                     double *curvature_1_m)
{
    road_plan plan = road_plan_at(net, road, clamp_s(net, road, s_m));
    if (heading_rad != NULL) *heading_rad = plan.heading_rad;
    if (curvature_1_m != NULL) *curvature_1_m = plan.curvature_1_m;
}
