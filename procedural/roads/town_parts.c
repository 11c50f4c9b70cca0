// town_parts.c: cross-sections, crossings, parking bays and signs of the town's streets.
#include "procedural/roads/town_internal.h"

#include <math.h>
#include <string.h>

#define BAY_TAPER_M 5.0
#define SLOT_M 6.0        // along the kerb, per car
#define SOLID_MAIN_M 25.0 // centre line before a junction
#define SOLID_SIDE_M 15.0

static void set_width(bt_street_lane *lane, double width)
{
    lane->widths[0] = (bt_street_record){0.0, width, 0.0, 0.0, 0.0};
    lane->width_count = 1;
}

static void add_height(bt_street_lane *lane, double s, double inner, double outer)
{
    lane->heights[lane->height_count++] = (bt_street_height){s, inner, outer};
}

// A kerb's height along a section: full, lowered where a crossing meets it.
static void set_kerb_heights(bt_street_lane *lane, const town_stretch *stretch, double outer_full,
                             bool outer_drops)
{
    const double ramp = 0.6;
    double length = stretch->s1_m - stretch->s0_m;
    double low = TOWN_DROPPED_M;
    double outer_low = outer_drops ? low : outer_full;
    add_height(lane, 0.0, TOWN_CURB_HEIGHT_M, outer_full);
    if (stretch->mouth_at_start) {
        add_height(lane, TOWN_CROSSING_NEAR_M - ramp, TOWN_CURB_HEIGHT_M, outer_full);
        add_height(lane, TOWN_CROSSING_NEAR_M, low, outer_low);
        add_height(lane, TOWN_CROSSING_FAR_M, low, outer_low);
        add_height(lane, TOWN_CROSSING_FAR_M + ramp, TOWN_CURB_HEIGHT_M, outer_full);
    }
    if (stretch->mouth_at_end) {
        add_height(lane, length - TOWN_CROSSING_FAR_M - ramp, TOWN_CURB_HEIGHT_M, outer_full);
        add_height(lane, length - TOWN_CROSSING_FAR_M, low, outer_low);
        add_height(lane, length - TOWN_CROSSING_NEAR_M, low, outer_low);
        add_height(lane, length - TOWN_CROSSING_NEAR_M + ramp, TOWN_CURB_HEIGHT_M, outer_full);
    }
}

// Along the driving lane, but not into the crossing and the junction beyond.
static void set_edge_line(bt_street_lane *lane, const town_stretch *stretch)
{
    double length = stretch->s1_m - stretch->s0_m;
    bt_street_mark none = {0.0, "none", 0.12, 0.0, 0.0};
    bt_street_mark solid = {0.0, "solid", 0.12, 0.0, 0.0};
    if (stretch->mouth_at_start) {
        lane->marks[lane->mark_count++] = none;
        solid.s_m = TOWN_CROSSING_FAR_M + 0.25;
    }
    lane->marks[lane->mark_count++] = solid;
    if (stretch->mouth_at_end) {
        none.s_m = length - TOWN_CROSSING_FAR_M - 0.25;
        lane->marks[lane->mark_count++] = none;
    }
}

static void set_side(bt_street_lane lanes[TOWN_SIDE_LANES], const town_style *style,
                     const town_stretch *stretch, bool bay)
{
    static const char *const types[TOWN_SIDE_LANES] = {"driving", "shoulder", "curb", "sidewalk",
                                                       "border"};
    double length = stretch->s1_m - stretch->s0_m;
    double widths[TOWN_SIDE_LANES] = {style->lane_m, TOWN_GUTTER_M, TOWN_CURB_M, style->walk_m,
                                      TOWN_VERGE_M};
    for (int i = 0; i < TOWN_SIDE_LANES; i++) {
        lanes[i].type = types[i];
        set_width(&lanes[i], widths[i]);
    }
    if (bay) {
        lanes[1].type = "parking";
        lanes[1].widths[0] = bt_street_ease(0.0, BAY_TAPER_M, TOWN_GUTTER_M, TOWN_PARKING_M);
        lanes[1].widths[1] = (bt_street_record){BAY_TAPER_M, TOWN_PARKING_M, 0.0, 0.0, 0.0};
        lanes[1].widths[2] =
            bt_street_ease(length - BAY_TAPER_M, BAY_TAPER_M, TOWN_PARKING_M, TOWN_GUTTER_M);
        lanes[1].width_count = 3;
    }
    set_kerb_heights(&lanes[2], stretch, TOWN_CURB_HEIGHT_M, true);
    set_kerb_heights(&lanes[3], stretch, TOWN_WALK_HEIGHT_M, false);
    add_height(&lanes[4], 0.0, TOWN_WALK_HEIGHT_M, TOWN_VERGE_HEIGHT_M);
    if (style->marked) set_edge_line(&lanes[0], stretch);
}

static void set_centre(bt_street_section *section, const town_style *style,
                       const town_stretch *stretch)
{
    double length = stretch->s1_m - stretch->s0_m;
    double solid = style->marked ? SOLID_MAIN_M : SOLID_SIDE_M;
    bt_street_mark between = style->marked ? (bt_street_mark){0.0, "broken", 0.12, 3.0, 6.0}
                                           : (bt_street_mark){0.0, "none", 0.12, 0.0, 0.0};
    int n = 0;
    if (stretch->mouth_at_start) {
        section->centre[n++] = (bt_street_mark){0.0, "none", 0.12, 0.0, 0.0};
        section->centre[n++] =
            (bt_street_mark){TOWN_CROSSING_FAR_M + 0.25, "solid", 0.12, 0.0, 0.0};
        between.s_m = fmin(solid, 0.5 * length);
    }
    section->centre[n++] = between;
    if (stretch->mouth_at_end) {
        section->centre[n++] =
            (bt_street_mark){fmax(length - solid, 0.5 * length), "solid", 0.12, 0.0, 0.0};
        if (n < 4)
            section->centre[n++] =
                (bt_street_mark){length - TOWN_CROSSING_FAR_M - 0.25, "none", 0.12, 0.0, 0.0};
    }
    section->centre_count = n;
}

void town_add_section(bt_street *street, const town_style *style, const town_stretch *stretch)
{
    bt_street_section *section = &street->sections[street->section_count++];
    memset(section, 0, sizeof *section);
    section->s_m = stretch->s0_m;
    section->left_count = section->right_count = TOWN_SIDE_LANES;
    set_side(section->left, style, stretch, stretch->bay_left);
    set_side(section->right, style, stretch, stretch->bay_right);
    for (int i = 0; i < TOWN_SIDE_LANES; i++) {
        section->left[i].predecessor = section->left[i].successor = i + 1;
        section->right[i].predecessor = section->right[i].successor = -1 - i;
    }
    set_centre(section, style, stretch);
}

// ---- furniture --------------------------------------------------------------------------------------
void town_write_crossing(bt_xodr_writer *w, town_ids *ids, const town_style *style, double s_m)
{
    double half_t = style->lane_m + TOWN_GUTTER_M;
    bt_furniture_write_crossing(w, ++ids->object, s_m, -half_t, half_t);
}

void town_write_bays(bt_xodr_writer *w, town_ids *ids, const town_style *style,
                     const town_stretch *stretch)
{
    double length = stretch->s1_m - stretch->s0_m;
    int slots = (int)floor((length - 2.0 * BAY_TAPER_M) / SLOT_M);
    for (int side = -1; side <= 1; side += 2) {
        if (slots < 2 || (side < 0 ? !stretch->bay_right : !stretch->bay_left)) continue;
        double t = side * (style->lane_m + 0.5 * TOWN_PARKING_M);
        bt_furniture_object bays = {.type = "parkingSpace",
                                    .name = "bay",
                                    .s_m = stretch->s0_m + BAY_TAPER_M + 0.5 * SLOT_M,
                                    .t_m = t,
                                    .t_end_m = t,
                                    .length_m = SLOT_M,
                                    .width_m = TOWN_PARKING_M - 0.1,
                                    .repeat_m = SLOT_M * (slots - 1),
                                    .distance_m = SLOT_M,
                                    .bay_lines = true};
        bt_furniture_write_object(w, ++ids->object, &bays);
    }
}

int town_write_signal(bt_xodr_writer *w, town_ids *ids, const bt_furniture_signal *signal)
{
    bt_furniture_write_signal(w, ++ids->signal, signal);
    return ids->signal;
}
