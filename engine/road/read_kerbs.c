// read_kerbs.c: heights of sidewalks that the file gives none.
//
// Files often give sidewalks no height, though they have kerbs: they get it here, so that who drives, walks and looks
// finds one surface. Where a driving lane of another road lies over such a sidewalk (the mouth of a side road, a drive)
// the kerb is dropped to the road, and ramps lead down to it from both sides, over joints of lanes too.
//
// 1. While lanes are read, neighbours that are raised together become a chain (sidewalk, kerb, grass that falls away).
// 2. With the locator, stretches of chains that are driven over are found.
// 3. From their ends distances go along chains and through joints, as far as a ramp is long.
// 4. Each chain's height is its kerb's by the distance to the nearest such stretch.
#include "engine/road/reader.h"

#include <stdlib.h>

#define CURB_M 0.12 // usual in cities
#define RAMP                                                                                       \
    12.0 // chosen: metres along a kerb for one of height, the steepest that wheelchairs are given (ISO 21542: 1:12)
#define RAMP_M (RAMP * CURB_M)
#define LIKE_M 0.5         // a road that is farther up or down passes over or under
#define EDGE_M 0.1         // who lies over so little of a sidewalk runs beside it
#define SCAN_M 1.0         // driving lanes are wider
#define SCAN_MOST 200000.0 // places looked at, however long the roads are
#define FOUND_M 0.02
#define JOINT_M 0.06 // beyond what locate.c lets roads overlap where they meet
#define LEVELS_MOST 64
#define SPREAD_MOST 8 // joints that a ramp goes through

// ---- raising --------------------------------------------------------------------------------------
static bool is_raised(bt_lane_type type)
{
    return type == BT_LANE_SIDEWALK || type == BT_LANE_CURB;
}

static bool is_grass(bt_lane_type type)
{
    return type == BT_LANE_NONE || type == BT_LANE_BORDER || type == BT_LANE_MEDIAN;
}

static void raise_lane(reader *r, uint32_t lane, double outer_m, bool goes_on)
{
    bt_road_network *net = r->net;
    reader_chain chain = {.drop_m = {INFINITY, INFINITY}};
    if (!goes_on) reader_keep(r, ROAD_PUSH(r->chains, chain));
    reader_raised raised = {lane, (uint32_t)r->chains.count - 1, CURB_M, outer_m};
    reader_keep(r, ROAD_PUSH(r->raised, raised));
    road_height height = {net->lanes.items[lane].s0_m, CURB_M, outer_m};
    road_run run = {(uint32_t)net->heights.count, 1};
    reader_keep(r, ROAD_PUSH(net->heights, height));
    if (!reader_failed(r)) net->lane_details.items[lane].heights = run;
}

// Grass beyond a sidewalk that is raised here falls from it to the road's level.
static void raise_side(reader *r, uint32_t lane, uint32_t count, uint32_t outwards)
{
    for (bool raised = false; count > 0 && !reader_failed(r); count--, lane += outwards) {
        bt_lane_type type = r->net->lanes.items[lane].type;
        bool own = r->net->lane_details.items[lane].heights.count > 0;
        if (!own && is_raised(type)) raise_lane(r, lane, CURB_M, raised);
        if (!own && raised && is_grass(type)) raise_lane(r, lane, 0.0, true);
        raised = !own && is_raised(type);
    }
}

void raise_sidewalks(reader *r, const bt_lane_section *section)
{
    uint32_t left = 0;
    while (r->net->lanes.items[section->first_lane + left].id > 0)
        left++;
    uint32_t centre = section->first_lane + left;
    raise_side(r, centre - 1, left, UINT32_MAX); // -1, modulo 2^32
    raise_side(r, centre + 1, section->lane_count - left - 1, 1);
}

// ---- what is driven over ----------------------------------------------------------------------------
static bool is_driven_at(const bt_road_network *net, uint32_t road, double s_m, double t_m)
{
    bt_road_location at[LEVELS_MOST];
    bt_vec3 place = bt_road_point(net, road, s_m, t_m);
    uint32_t count = bt_road_locate_all(net, place, at, LEVELS_MOST);
    for (uint32_t i = 0; i < count; i++)
        if (at[i].road != road && fabs(at[i].height_m) < LIKE_M &&
            bt_lane_type_drivable(net->lanes.items[at[i].lane].type))
            return true;
    return false;
}

// The chain's lanes are `raised`, up to `end`.
static bool is_driven(const bt_road_network *net, const reader_raised *raised,
                      const reader_raised *end, double s_m)
{
    for (const reader_raised *lane = raised; lane < end; lane++) {
        const bt_lane *l = &net->lanes.items[lane->lane];
        double inner, outer;
        bt_lane_borders(net, lane->lane, s_m, &inner, &outer);
        double edge = copysign(EDGE_M, outer - inner);
        if (is_grass(l->type) || fabs(outer - inner) < 2.0 * EDGE_M) continue;
        if (is_driven_at(net, l->road, s_m, inner + edge) ||
            is_driven_at(net, l->road, s_m, 0.5 * (inner + outer)) ||
            is_driven_at(net, l->road, s_m, outer - edge))
            return true;
    }
    return false;
}

// Where it begins to be driven over (or ends) between a station where it is not and one where it is.
static double find_edge(const bt_road_network *net, const reader_raised *raised,
                        const reader_raised *end, double not_m, double driven_m)
{
    while (fabs(driven_m - not_m) > FOUND_M) {
        double middle = 0.5 * (not_m + driven_m);
        *(is_driven(net, raised, end, middle) ? &driven_m : &not_m) = middle;
    }
    return driven_m;
}

static void find_drops(reader *r, const reader_raised *raised, const reader_raised *end,
                       double step_m)
{
    const bt_road_network *net = r->net;
    const bt_lane *l = &net->lanes.items[raised->lane];
    reader_chain *chain = &r->chains.items[raised->chain];
    chain->first_drop = (uint32_t)r->drops.count;
    double first = l->s0_m + JOINT_M, last = l->s1_m - JOINT_M;
    if (first >= last) return;
    double steps = ceil((last - first) / step_m), before_m = first;
    bool was = is_driven(net, raised, end, first);
    reader_drop drop = {l->s0_m, l->s1_m};
    for (double k = 1.0; k <= steps && !reader_failed(r); k++) {
        double s = first + (last - first) * k / steps;
        bool is = is_driven(net, raised, end, s);
        if (is && !was) drop.from_m = find_edge(net, raised, end, before_m, s);
        if (was && !is) drop.to_m = find_edge(net, raised, end, s, before_m);
        if (k == steps && is) drop.to_m = l->s1_m;
        if ((was && !is) || (k == steps && is)) reader_keep(r, ROAD_PUSH(r->drops, drop));
        was = is;
        before_m = s;
    }
    chain->drop_count = (uint32_t)r->drops.count - chain->first_drop;
    if (chain->drop_count == 0) return;
    chain->drop_m[ROAD_START] = r->drops.items[chain->first_drop].from_m - l->s0_m;
    chain->drop_m[ROAD_END] = l->s1_m - r->drops.items[r->drops.count - 1].to_m;
}

// ---- how far it is to there -------------------------------------------------------------------------
static bool shorten(double *distance, double to)
{
    if (to >= *distance || to >= RAMP_M) return false;
    *distance = to;
    return true;
}

// Through a lane's joints and along it; chain_of: of each lane, BT_ROAD_NONE where it is not raised here.
static bool spread(reader *r, const uint32_t *chain_of, const reader_raised *raised)
{
    const bt_road_network *net = r->net;
    const lane_detail *detail = &net->lane_details.items[raised->lane];
    const bt_lane *l = &net->lanes.items[raised->lane];
    double *own = r->chains.items[raised->chain].drop_m;
    bool changed = shorten(&own[ROAD_START], own[ROAD_END] + l->s1_m - l->s0_m);
    changed |= shorten(&own[ROAD_END], own[ROAD_START] + l->s1_m - l->s0_m);
    for (int end = 0; end < 2; end++) {
        road_run run = end == ROAD_START ? detail->at_start : detail->at_end;
        for (uint32_t i = 0; i < run.count; i++) {
            road_joint joint = net->joints.items[run.first + i];
            uint32_t other = chain_of[joint / 2];
            if (other == BT_ROAD_NONE) continue;
            double *there = &r->chains.items[other].drop_m[joint % 2];
            changed |= shorten(there, own[end]) || shorten(&own[end], *there);
        }
    }
    return changed;
}

static void spread_drops(reader *r)
{
    uint32_t lanes = (uint32_t)r->net->lanes.count;
    uint32_t *chain_of = bt_alloc(lanes, sizeof *chain_of);
    if (chain_of == NULL) {
        reader_keep(r, bt_fail(BT_ERR_MEMORY, "no memory for kerbs"));
        return;
    }
    for (uint32_t i = 0; i < lanes; i++)
        chain_of[i] = BT_ROAD_NONE;
    for (size_t i = 0; i < r->raised.count; i++)
        chain_of[r->raised.items[i].lane] = r->raised.items[i].chain;
    bool changed = true;
    for (int pass = 0; pass < SPREAD_MOST && changed; pass++) {
        changed = false;
        for (size_t i = 0; i < r->raised.count; i++)
            changed |= spread(r, chain_of, &r->raised.items[i]);
    }
    bt_free(chain_of);
}

// ---- dropping ---------------------------------------------------------------------------------------
// Stretches of a chain where it is dropped, those beyond its ends too: drop -1 lies before it, drop_count behind.
static reader_drop drop_of(const reader *r, const reader_chain *chain, const bt_lane *l, int64_t i)
{
    if (i < 0) return (reader_drop){-INFINITY, l->s0_m - chain->drop_m[ROAD_START]};
    if (i >= chain->drop_count) return (reader_drop){l->s1_m + chain->drop_m[ROAD_END], INFINITY};
    return r->drops.items[chain->first_drop + i];
}

// Keeps the records in order of s, and in the lane.
static void push_height(reader *r, const reader_raised *raised, double s_m, double share)
{
    bt_road_network *net = r->net;
    const bt_lane *l = &net->lanes.items[raised->lane];
    road_run *run = &net->lane_details.items[raised->lane].heights;
    double last =
        run->count > 0 ? net->heights.items[run->first + run->count - 1].s0_m : (double)-INFINITY;
    if (s_m < l->s0_m || s_m > l->s1_m || s_m <= last) return;
    road_height height = {s_m, share * raised->inner_m, share * raised->outer_m};
    reader_keep(r, ROAD_PUSH(net->heights, height));
    if (!reader_failed(r)) run->count++;
}

// Heights between two stretches: up, along, down.
static void push_between(reader *r, const reader_raised *raised, double from_m, double to_m)
{
    const bt_lane *l = &r->net->lanes.items[raised->lane];
    double half = 0.5 * (to_m - from_m), ramp = fmin(RAMP_M, half), share = ramp / RAMP_M;
    const double ends[2] = {l->s0_m, l->s1_m};
    double shares[2];
    for (int e = 0; e < 2; e++)
        shares[e] = bt_clamp(fmin(ends[e] - from_m, to_m - ends[e]) / RAMP_M, 0.0, share);
    if (from_m < l->s0_m) push_height(r, raised, l->s0_m, shares[0]);
    push_height(r, raised, from_m, 0.0);
    push_height(r, raised, from_m + ramp, share);
    push_height(r, raised, to_m - ramp, share);
    push_height(r, raised, to_m, 0.0);
    if (to_m > l->s1_m) push_height(r, raised, l->s1_m, shares[1]);
}

static void drop_lane(reader *r, const reader_raised *raised)
{
    bt_road_network *net = r->net;
    const reader_chain *chain = &r->chains.items[raised->chain];
    const bt_lane *l = &net->lanes.items[raised->lane];
    if (!isfinite(chain->drop_m[ROAD_START]) && !isfinite(chain->drop_m[ROAD_END])) return;
    road_run *run = &net->lane_details.items[raised->lane].heights;
    *run = (road_run){(uint32_t)net->heights.count, 0};
    for (int64_t i = 0; i <= chain->drop_count && !reader_failed(r); i++)
        push_between(r, raised, drop_of(r, chain, l, i - 1).to_m, drop_of(r, chain, l, i).from_m);
    for (uint32_t i = 0; i < run->count; i++) {
        double s = net->heights.items[run->first + i].s0_m;
        net->low.z = fmin(net->low.z, bt_lane_border_point(net, raised->lane, s, true).z);
    }
}

void drop_sidewalks(reader *r)
{
    const reader_raised *items = r->raised.items;
    double length = 0.0;
    for (size_t i = 0; i < r->raised.count; i++)
        length += r->net->lanes.items[items[i].lane].s1_m - r->net->lanes.items[items[i].lane].s0_m;
    double step = fmax(SCAN_M, length / SCAN_MOST);
    for (size_t i = 0, end; i < r->raised.count && !reader_failed(r); i = end) {
        for (end = i + 1; end < r->raised.count && items[end].chain == items[i].chain;)
            end++;
        find_drops(r, &items[i], &items[end], step);
    }
    if (r->drops.count == 0 || reader_failed(r)) return;
    spread_drops(r);
    for (size_t i = 0; i < r->raised.count && !reader_failed(r); i++)
        drop_lane(r, &items[i]);
}
