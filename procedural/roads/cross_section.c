// cross_section.c: lane sections from strips.
#include "procedural/roads/cross_section.h"

#include <math.h>
#include <string.h>

#define CURB_HEIGHT_M 0.12
#define WALK_HEIGHT_M 0.14
#define VERGE_HEIGHT_M 0.08 // outer edge, beside a sidewalk
#define DROPPED_M 0.02
#define RAMP_M 0.6
#define SOLID_M 25.0 // centre line before a junction
#define LINE_M 0.12
// Between lanes that go on and one that ends or begins: wide and dotted. MUTCD (2009), section 3B.04, as
// remembered: lines of 3 feet and gaps of 9, twice as wide as others.
#define DOT_M 0.9
#define DOT_GAP_M 2.7

double bt_side_width(const bt_side *side, int strip)
{
    if (strip >= BT_STRIP_DRIVE && strip < BT_STRIP_BIKE)
        return strip - BT_STRIP_DRIVE < side->drive ? side->drive_m : 0.0;
    switch (strip) {
    case BT_STRIP_MEDIAN:
        return side->median_m;
    case BT_STRIP_POCKET:
        return side->pocket_m;
    case BT_STRIP_BIKE:
        return side->bike_m;
    case BT_STRIP_EDGE:
        return side->edge_m;
    case BT_STRIP_CURB:
        return side->curb_m;
    case BT_STRIP_WALK:
        return side->walk_m;
    default:
        return side->verge_m;
    }
}

double bt_side_inner(const bt_side *side, int strip)
{
    double sum = 0.0;
    for (int i = 0; i < strip; i++)
        sum += bt_side_width(side, i);
    return sum;
}

double bt_side_total(const bt_side *side)
{
    return bt_side_inner(side, BT_STRIP_COUNT);
}

int bt_side_rank(const bt_side *side, int strip)
{
    if (bt_side_width(side, strip) <= 0.0) return 0;
    int rank = 0;
    for (int i = 0; i <= strip; i++)
        rank += bt_side_width(side, i) > 0.0;
    return rank;
}

// Where one end has no median, the other end's kind; else the lesser.
static bt_median_kind median_of(const bt_side *from, const bt_side *to)
{
    if (from->median_m <= 0.0) return to->median;
    if (to->median_m <= 0.0) return from->median;
    return from->median < to->median ? from->median : to->median;
}

// ---- one side of a section --------------------------------------------------------------------
static const char *const median_types[] = {"median", "restricted", "curb", "curb"};

static const char *strip_type(const bt_side *from, const bt_side *to, int strip)
{
    static const char *const types[] = {"biking", "shoulder", "curb", "sidewalk", "border"};
    static const char *const uses[] = {"driving", "entry", "exit", "driving", "roadWorks"};
    if (strip == BT_STRIP_MEDIAN) return median_types[median_of(from, to)];
    if (strip == BT_STRIP_POCKET) return "driving";
    bt_side_use use = from->use != BT_USE_PLAIN ? from->use : to->use;
    if (strip == BT_STRIP_EDGE && use == BT_USE_PARKING) return "parking";
    if (strip >= BT_STRIP_BIKE) return types[strip - BT_STRIP_BIKE];
    int last = (from->drive > to->drive ? from->drive : to->drive) - 1;
    return use < BT_USE_PARKING && strip - BT_STRIP_DRIVE == last ? uses[use] : "driving";
}

static void add_height(bt_street_lane *lane, double s, double inner, double outer)
{
    lane->heights[lane->height_count++] = (bt_street_height){s, inner, outer};
}

// Heights along kerb, sidewalk and islands: full, lowered where a crossing meets them.
static void set_raised(bt_street_lane *lane, const bt_stretch *stretch, double inner, double outer,
                       bool all)
{
    double length = stretch->s1_m - stretch->s0_m;
    double low = all ? DROPPED_M : outer;
    add_height(lane, 0.0, inner, outer);
    if (stretch->mouth_at_start) {
        add_height(lane, BT_CROSSING_NEAR_M - RAMP_M, inner, outer);
        add_height(lane, BT_CROSSING_NEAR_M, DROPPED_M, low);
        add_height(lane, BT_CROSSING_FAR_M, DROPPED_M, low);
        add_height(lane, BT_CROSSING_FAR_M + RAMP_M, inner, outer);
    }
    if (stretch->mouth_at_end) {
        add_height(lane, length - BT_CROSSING_FAR_M - RAMP_M, inner, outer);
        add_height(lane, length - BT_CROSSING_FAR_M, DROPPED_M, low);
        add_height(lane, length - BT_CROSSING_NEAR_M, DROPPED_M, low);
        add_height(lane, length - BT_CROSSING_NEAR_M + RAMP_M, inner, outer);
    }
}

// Where an island ends at a crossing, who turns cuts across what lies before it: flat.
static void set_island(bt_street_lane *lane, const bt_stretch *stretch, bt_median_kind kind)
{
    if (kind < BT_MEDIAN_ISLAND) return;
    set_raised(lane, stretch, CURB_HEIGHT_M, CURB_HEIGHT_M, true);
    if (kind == BT_MEDIAN_ISLAND_GOES_ON) return;
    double length = stretch->s1_m - stretch->s0_m;
    for (int i = 0; i < lane->height_count; i++) {
        bt_street_height *h = &lane->heights[i];
        bool near_start = stretch->mouth_at_start && h->s_m < BT_CROSSING_FAR_M;
        bool near_end = stretch->mouth_at_end && h->s_m > length - BT_CROSSING_FAR_M;
        if (near_start || near_end) h->inner_m = h->outer_m = DROPPED_M;
    }
}

static double curb_height(const bt_side *from, const bt_side *to)
{
    double height = fmax(from->curb_height_m, to->curb_height_m);
    return height > 0.0 ? height : CURB_HEIGHT_M;
}

// Beside a sidewalk the verge lies as high as it, beside a kerb alone as high as that; on open land
// it lies on the road's plane.
static void set_verge(bt_street_lane *lane, double length, const bt_side *from, const bt_side *to)
{
    if (from->curb_m > 0.0 && from->walk_m <= 0.0 && to->walk_m <= 0.0) {
        add_height(lane, 0.0, curb_height(from, to), curb_height(from, to));
        return;
    }
    double from_walk = from->walk_m > 0.0 ? 1.0 : 0.0;
    double to_walk = to->walk_m > 0.0 ? 1.0 : 0.0;
    if (from_walk + to_walk <= 0.0) return;
    add_height(lane, 0.0, WALK_HEIGHT_M * from_walk, VERGE_HEIGHT_M * from_walk);
    if (from_walk != to_walk)
        add_height(lane, length, WALK_HEIGHT_M * to_walk, VERGE_HEIGHT_M * to_walk);
}

static double line_width(const bt_cross_section *cross)
{
    return cross->paint_m > 0.0 ? cross->paint_m : LINE_M;
}

static bool is_aux(const bt_side *side, int strip)
{
    bool used = side->use == BT_USE_ENTRY || side->use == BT_USE_EXIT || side->use == BT_USE_WEAVE;
    return used && strip == BT_STRIP_DRIVE + side->drive - 1;
}

static void set_line(bt_street_lane *lane, const bt_stretch *stretch, bt_street_mark mark)
{
    bt_street_mark none = {0.0, "none", LINE_M, 0.0, 0.0};
    if (stretch->mouth_at_start) {
        lane->marks[lane->mark_count++] = none;
        mark.s_m = BT_STOP_LINE_M - 0.5;
    }
    lane->marks[lane->mark_count++] = mark;
    if (stretch->mouth_at_end) {
        none.s_m = stretch->s1_m - stretch->s0_m - BT_STOP_LINE_M + 0.5;
        lane->marks[lane->mark_count++] = none;
    }
}

// Lane lines between driving lanes, edge lines elsewhere; none along parked cars.
static void set_marks(bt_street_lane *lane, const bt_stretch *stretch, const bt_side *side,
                      int strip)
{
    const bt_cross_section *cross = &stretch->from;
    bool pocket = strip == BT_STRIP_POCKET;
    bool drive = strip >= BT_STRIP_DRIVE && strip < BT_STRIP_BIKE;
    if (!cross->marked || (!drive && !pocket && strip != BT_STRIP_MEDIAN && strip != BT_STRIP_BIKE))
        return;
    bool inner = drive && strip - BT_STRIP_DRIVE + 1 < side->drive;
    bool parked = side->use == BT_USE_PARKING && strip == BT_STRIP_DRIVE + side->drive - 1;
    if (parked && side->bike_m <= 0.0) return;
    double width = line_width(cross);
    bt_street_mark mark = {0.0, "solid", width, 0.0, 0.0};
    if (inner) mark = (bt_street_mark){0.0, "broken", width, cross->line_m, cross->gap_m};
    if (inner && is_aux(side, strip + 1))
        mark = (bt_street_mark){0.0, "broken", 2.0 * width, DOT_M, DOT_GAP_M};
    set_line(lane, stretch, mark);
}

static bt_street_lane make_lane(const bt_stretch *stretch, const bt_side *from, const bt_side *to,
                                int strip)
{
    double length = stretch->s1_m - stretch->s0_m;
    bt_street_lane lane = {.type = strip_type(from, to, strip), .width_count = 1};
    double a = bt_side_width(from, strip);
    double b = bt_side_width(to, strip);
    lane.widths[0] =
        a == b ? (bt_street_record){0.0, a, 0.0, 0.0, 0.0} : bt_street_ease(0.0, length, a, b);
    double curb = curb_height(from, to);
    if (strip == BT_STRIP_CURB) set_raised(&lane, stretch, curb, curb, true);
    if (strip == BT_STRIP_WALK) set_raised(&lane, stretch, CURB_HEIGHT_M, WALK_HEIGHT_M, false);
    if (strip == BT_STRIP_MEDIAN) set_island(&lane, stretch, median_of(from, to));
    if (strip == BT_STRIP_VERGE) set_verge(&lane, length, from, to);
    set_marks(&lane, stretch, from->drive >= to->drive ? from : to, strip);
    return lane;
}

static bool in_stretch(const bt_side *from, const bt_side *to, int strip)
{
    return bt_side_width(from, strip) > 0.0 || bt_side_width(to, strip) > 0.0;
}

static int make_side(bt_street_lane *lanes, const bt_stretch *stretch, const bt_side *from,
                     const bt_side *to)
{
    int count = 0;
    for (int strip = 0; strip < BT_STRIP_COUNT && count < BT_STREET_MAX_LANES; strip++)
        if (in_stretch(from, to, strip)) lanes[count++] = make_lane(stretch, from, to, strip);
    return count;
}

// Rank among the strips of a whole stretch.
static int rank_within(const bt_side *from, const bt_side *to, int strip)
{
    int rank = 0;
    for (int i = 0; i <= strip; i++)
        rank += in_stretch(from, to, i);
    return in_stretch(from, to, strip) ? rank : 0;
}

// ---- links between sections -------------------------------------------------------------------
typedef struct side_pair {
    const bt_side *from, *to;
} side_pair;

static side_pair pair_of(const bt_stretch *stretch, int sign)
{
    return sign < 0 ? (side_pair){&stretch->from.right, &stretch->to.right}
                    : (side_pair){&stretch->from.left, &stretch->to.left};
}

// A lane that closes for road works does not lead on: whoever drives there changes lanes before. A
// median of another kind has another height.
static bool closed(const side_pair *here, const side_pair *other, int strip)
{
    if (strip == BT_STRIP_MEDIAN)
        return median_of(here->from, here->to) != median_of(other->from, other->to);
    if (strip < BT_STRIP_DRIVE || strip >= BT_STRIP_BIKE) return false;
    bool closed_here = strcmp(strip_type(here->from, here->to, strip), "roadWorks") == 0;
    bool closed_there = strcmp(strip_type(other->from, other->to, strip), "roadWorks") == 0;
    return closed_here != closed_there;
}

// The lane out of which a driving lane opens where it has no width yet; -1: none.
static int opens_from(int strip)
{
    if (strip == BT_STRIP_POCKET) return BT_STRIP_DRIVE;
    return strip > BT_STRIP_DRIVE && strip < BT_STRIP_BIKE ? strip - 1 : -1;
}

// What opens on the side that traffic comes from is reached from the lane beside it.
static void link_side(bt_street_lane *lanes, const side_pair *here, const side_pair *other,
                      bool next, int sign)
{
    bool upstream = next == (sign > 0);
    for (int strip = 0; strip < BT_STRIP_COUNT; strip++) {
        int rank = rank_within(here->from, here->to, strip);
        if (rank == 0) continue;
        const bt_side *joint = next ? here->to : here->from;
        int beyond = bt_side_width(joint, strip) > 0.0 ? strip : upstream ? opens_from(strip) : -1;
        int id = beyond < 0 ? 0 : sign * rank_within(other->from, other->to, beyond);
        if (beyond >= 0 && closed(here, other, beyond)) id = 0;
        *(next ? &lanes[rank - 1].successor : &lanes[rank - 1].predecessor) = id;
    }
}

int bt_stretch_lane(const bt_stretch *stretch, int sign, int strip)
{
    side_pair pair = pair_of(stretch, sign);
    return sign * rank_within(pair.from, pair.to, strip);
}

// A median's lines are its edges', also where it only begins to open.
static void set_centre(bt_street_section *section, const bt_stretch *stretch)
{
    const bt_cross_section *cross = &stretch->from, *to = &stretch->to;
    bool opens = to->left.median_m > 0.0 && to->right.median_m > 0.0;
    if (!cross->marked || cross->right.drive == 0 || cross->left.median_m > 0.0 || opens) return;
    double length = stretch->s1_m - stretch->s0_m;
    double width = line_width(cross);
    bool one_way = cross->left.drive == 0; // the line is its left edge's
    bool all_solid = one_way || cross->no_passing || length < 3.0 * SOLID_M;
    bt_street_mark solid = {0.0, "solid", width, 0.0, 0.0};
    bt_street_mark none = {0.0, "none", width, 0.0, 0.0};
    bt_street_mark broken = {0.0, "broken", width, cross->line_m, cross->gap_m};
    bt_street_mark *marks = section->centre;
    int n = 0;
    if (stretch->mouth_at_start) {
        marks[n++] = none;
        solid.s_m = BT_STOP_LINE_M - 0.5;
        broken.s_m = SOLID_M;
    }
    if (all_solid || stretch->mouth_at_start) marks[n++] = solid;
    if (!all_solid) marks[n++] = broken;
    if (stretch->mouth_at_end && !all_solid) {
        solid.s_m = length - SOLID_M;
        marks[n++] = solid;
    }
    if (stretch->mouth_at_end) {
        none.s_m = length - BT_STOP_LINE_M + 0.5;
        marks[n++] = none;
    }
    section->centre_count = n;
}

bt_status bt_street_set_sections(bt_street *street, const bt_stretch *stretches, int count)
{
    if (count > BT_STREET_MAX_SECTIONS)
        return bt_fail(BT_ERR_LIMIT, "street '%s': more than %d lane sections", street->name,
                       BT_STREET_MAX_SECTIONS);
    memset(street->sections, 0, sizeof *street->sections * (size_t)count);
    street->section_count = count;
    for (int i = 0; i < count; i++) {
        bt_street_section *section = &street->sections[i];
        section->s_m = stretches[i].s0_m;
        for (int sign = -1; sign <= 1; sign += 2) {
            side_pair here = pair_of(&stretches[i], sign);
            bt_street_lane *lanes = sign < 0 ? section->right : section->left;
            int n = make_side(lanes, &stretches[i], here.from, here.to);
            *(sign < 0 ? &section->right_count : &section->left_count) = n;
            side_pair other = i > 0 ? pair_of(&stretches[i - 1], sign) : (side_pair){0};
            if (i > 0) link_side(lanes, &here, &other, false, sign);
            if (i + 1 < count) other = pair_of(&stretches[i + 1], sign);
            if (i + 1 < count) link_side(lanes, &here, &other, true, sign);
        }
        set_centre(section, &stretches[i]);
    }
    return BT_OK;
}

void bt_street_set_connection(bt_street *street, const bt_cross_section *from,
                              const bt_cross_section *to)
{
    bt_stretch stretch = {.s1_m = street->alignment.length_m, .from = *from, .to = *to};
    bt_street_section *section = &street->sections[0];
    memset(section, 0, sizeof *section);
    street->section_count = 1;
    section->right_count = make_side(section->right, &stretch, &from->right, &to->right);
    section->left_count = make_side(section->left, &stretch, &from->left, &to->left);
    if (from->marked)
        section->centre[section->centre_count++] =
            (bt_street_mark){0.0, "solid", line_width(from), 0.0, 0.0};
}
