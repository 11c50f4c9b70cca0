// lane_graph.c: samples centre lines and links them; curve speeds, ways that never end.
#include "engine/sim/lane_stops.h"

#include "engine/core/memory.h"

#include <math.h>

#define SPACING_M 0.75      // chord error 1.4 cm on a radius of 5 m
#define MAX_POINTS 8000000u // 512 MB; a longer network is sampled more coarsely
#define LATERAL_M_S2 2.0    // comfortable in a curve: chosen, of usual size
#define CURVE_HALF_M 2.5    // curvature is the mean over twice this
#define SLOWEST_M_S 2.0     // in the tightest kink of a map
#define ORIGIN_STEPS 32
#define MAX_NEXT 16
#define FLAT_M 0.003     // off a lane's plane
#define FLAT_SHARE 0.7   // of the way to its border
#define CYCLE_LANE_M 0.9 // a narrower lane is not for riding on: handlebars and a little

// ---- sampling ---------------------------------------------------------------------------------
// Road station at a share of a lane's length, in travel direction.
static double station(const bt_lane *lane, double share)
{
    return lane->forward ? bt_lerp(lane->s0_m, lane->s1_m, share)
                         : bt_lerp(lane->s1_m, lane->s0_m, share);
}

static bt_lane_point sample(const bt_road_network *net, uint32_t index, const bt_lane *lane,
                            double share)
{
    double s = station(lane, share);
    bt_pose pose = bt_lane_pose(net, index, s, 0.0);
    bt_vec3 left = bt_quat_rotate(pose.rot, bt_vec3_make(0.0, 1.0, 0.0));
    double run = fmax(0.1, bt_hypot(left.x, left.y));
    return (bt_lane_point){.x_m = pose.pos.x,
                           .y_m = pose.pos.y,
                           .z_m = pose.pos.z,
                           .bank = left.z / run,
                           .s_m = s,
                           .room_m = (float)(0.5 * bt_lane_width(net, index, s))};
}

// Is the surface flat between two points, along and across? Kinks and crowns are not.
static bool is_flat(const bt_road_network *net, uint32_t lane, const bt_lane_point *a,
                    const bt_lane_point *b)
{
    bt_lane_point middle = bt_lane_point_mix(a, b, 0.5);
    double x = b->x_m - a->x_m, y = b->y_m - a->y_m, way = bt_hypot(x, y);
    if (!(way > 0.0)) return true;
    for (int side = -1; side <= 1; side += 2) {
        double aside = side * FLAT_SHARE * (double)middle.room_m;
        bt_vec3 p = {middle.x_m - aside * y / way, middle.y_m + aside * x / way,
                     middle.z_m + aside * middle.bank};
        bt_road_location at = {
            .road = bt_road_lane_get(net, lane)->road, .lane = lane, .s_m = middle.s_m};
        if (bt_road_follow(net, p, &at) && fabs(at.height_m) > FLAT_M) return false;
    }
    return true;
}

// Wheels look for the surface themselves where it is not.
static void leave_what_is_bent(const bt_road_network *net, uint32_t lane, bt_lane_point *raw,
                               uint32_t n)
{
    bool before = false;
    for (uint32_t i = 0; i < n; i++) {
        bool behind = i + 1 < n && !is_flat(net, lane, &raw[i], &raw[i + 1]);
        if (before || behind) raw[i].room_m = 0.0f;
        before = behind;
    }
}

// Moves points that are even in s to places that are even along the curve. `even` has room for n.
static double spread_evenly(const bt_lane_point *raw, uint32_t n, bt_lane_point *even)
{
    double length = 0.0;
    for (uint32_t i = 1; i < n; i++)
        length += bt_hypot(raw[i].x_m - raw[i - 1].x_m, raw[i].y_m - raw[i - 1].y_m);
    double before = 0.0, part = bt_hypot(raw[1].x_m - raw[0].x_m, raw[1].y_m - raw[0].y_m);
    uint32_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        double wanted = length * i / (n - 1);
        while (before + part < wanted && at + 2 < n) {
            before += part;
            at++;
            part = bt_hypot(raw[at + 1].x_m - raw[at].x_m, raw[at + 1].y_m - raw[at].y_m);
        }
        double u = part > 0.0 ? bt_clamp((wanted - before) / part, 0.0, 1.0) : 0.0;
        even[i] = bt_lane_point_mix(&raw[at], &raw[at + 1], u);
    }
    return length;
}

static void find_headings(bt_lane_point *p, uint32_t n, double spacing)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t a = i > 0 ? i - 1 : 0, b = i + 1 < n ? i + 1 : n - 1;
        p[i].heading_rad = bt_atan2(p[b].y_m - p[a].y_m, p[b].x_m - p[a].x_m);
        p[i].cos_heading = (float)bt_cos(p[i].heading_rad);
        p[i].sin_heading = (float)bt_sin(p[i].heading_rad);
        p[i].slope = (float)((p[b].z_m - p[a].z_m) / fmax(spacing * (b - a), 1e-6));
    }
}

static void find_curve_speeds(bt_lane_point *p, uint32_t n, double spacing)
{
    uint32_t half = (uint32_t)ceil(CURVE_HALF_M / fmax(spacing, 0.05));
    for (uint32_t i = 0; i < n; i++) {
        uint32_t a = i > half ? i - half : 0, b = i + half < n ? i + half : n - 1;
        double way = spacing * (b - a);
        double turn = fabs(bt_wrap_angle(p[b].heading_rad - p[a].heading_rad));
        double curvature = way > 0.0 ? turn / way : 0.0;
        p[i].speed_m_s = fmax(SLOWEST_M_S, sqrt(LATERAL_M_S2 / fmax(curvature, 1e-5)));
    }
}

static bt_status sample_lane(bt_lane_graph *g, uint32_t index, double spacing)
{
    const bt_lane *lane = bt_road_lane_get(g->net, index);
    bt_lane_path *path = &g->lanes[index];
    uint32_t n = 2 + (uint32_t)((lane->s1_m - lane->s0_m) / spacing);
    bt_status status =
        BT_ARRAY_RESERVE(g->points, g->point_capacity, g->point_count + 2 * (size_t)n);
    if (status != BT_OK) return status;
    // raw points lie behind the even ones for a moment
    bt_lane_point *even = g->points + g->point_count, *raw = even + n;
    for (uint32_t i = 0; i < n; i++)
        raw[i] = sample(g->net, index, lane, (double)i / (n - 1));
    leave_what_is_bent(g->net, index, raw, n);
    path->first_point = (uint32_t)g->point_count;
    path->point_count = n;
    path->length_m = spread_evenly(raw, n, even);
    path->spacing_m = path->length_m / (n - 1);
    path->points_per_m = (n - 1) / fmax(path->length_m, 1e-9);
    find_headings(even, n, path->spacing_m);
    find_curve_speeds(even, n, path->spacing_m);
    path->turn_rad = 0.0;
    path->radius_m = 1e9;
    for (uint32_t i = 0; i < n; i++)
        path->radius_m = fmin(path->radius_m, even[i].speed_m_s * even[i].speed_m_s / LATERAL_M_S2);
    for (uint32_t i = 1; i < n; i++)
        path->turn_rad += bt_wrap_angle(even[i].heading_rad - even[i - 1].heading_rad);
    g->point_count += n;
    return BT_OK;
}

static bool is_finite(const bt_lane_graph *g, const bt_lane_path *path)
{
    for (uint32_t i = 0; i < path->point_count; i++) {
        const bt_lane_point *p = &g->points[path->first_point + i];
        if (!isfinite(p->x_m + p->y_m + p->z_m + p->bank)) return false;
    }
    return true;
}

static bool has_traffic(const bt_lane *lane)
{
    return lane->id != 0 && (bt_lane_type_drivable(lane->type) || lane->type == BT_LANE_BIKING);
}

static bt_status sample_lanes(bt_lane_graph *g)
{
    double total = 0.0;
    for (uint32_t i = 0; i < g->lane_count; i++) {
        const bt_lane *lane = bt_road_lane_get(g->net, i);
        if (has_traffic(lane)) total += lane->s1_m - lane->s0_m;
    }
    double spacing = fmax(SPACING_M, total / MAX_POINTS);
    for (uint32_t i = 0; i < g->lane_count; i++) {
        const bt_lane *lane = bt_road_lane_get(g->net, i);
        bt_lane_path *path = &g->lanes[i];
        path->junction = bt_road_get(g->net, lane->road)->junction;
        path->origin = i;
        path->limit_m_s = lane->speed_limit_m_s;
        path->cycles = lane->type == BT_LANE_BIKING;
        if (!has_traffic(lane)) continue;
        if (!(lane->s1_m - lane->s0_m > 1e-3)) continue;
        bt_status status = sample_lane(g, i, spacing);
        if (status != BT_OK) return status;
        if (!is_finite(g, path))
            return bt_fail(BT_ERR_INPUT, "lane %d of road %s has no finite centre line", lane->id,
                           bt_road_get(g->net, lane->road)->id);
        if (path->length_m < 1e-3) path->point_count = 0;
    }
    return BT_OK;
}

// ---- links ------------------------------------------------------------------------------------
static bt_status link_lanes(bt_lane_graph *g)
{
    for (uint32_t i = 0; i < g->lane_count; i++) {
        bt_lane_path *path = &g->lanes[i];
        path->first_next = (uint32_t)g->next_count;
        if (path->point_count == 0) continue;
        uint32_t next[MAX_NEXT];
        uint32_t count = bt_lane_successors(g->net, i, next, MAX_NEXT);
        if (count > MAX_NEXT) count = MAX_NEXT;
        bt_status status = BT_ARRAY_RESERVE(g->nexts, g->next_capacity, g->next_count + count);
        if (status != BT_OK) return status;
        for (uint32_t k = 0; k < count; k++)
            if (next[k] != i && (path->cycles ? bt_lane_graph_rideable(g, next[k])
                                              : bt_lane_graph_drivable(g, next[k])))
                g->nexts[g->next_count++] = next[k];
        path->next_count = (uint32_t)g->next_count - path->first_next;
    }
    return BT_OK;
}

static bt_status find_merges(bt_lane_graph *g)
{
    uint8_t *led_onto = bt_alloc(g->lane_count, 1);
    if (!led_onto) return bt_fail(BT_ERR_MEMORY, "no memory for the lane graph");
    for (size_t i = 0; i < g->next_count; i++) {
        if (led_onto[g->nexts[i]]) g->lanes[g->nexts[i]].merges = true;
        led_onto[g->nexts[i]] = 1;
    }
    bt_free(led_onto);
    return BT_OK;
}

// ---- beside each other ------------------------------------------------------------------------
uint32_t bt_lane_graph_beside(const bt_lane_graph *g, uint32_t lane)
{
    bool forward = bt_road_lane_get(g->net, lane)->forward;
    for (int side = 1; side >= -1; side -= 2) {
        uint32_t beside = bt_lane_neighbour(g->net, lane, side);
        if (beside == BT_ROAD_NONE || !bt_lane_graph_drivable(g, beside)) continue;
        if (bt_road_lane_get(g->net, beside)->forward != forward) continue;
        if (g->lanes[beside].next_count > 0) return beside;
    }
    return BT_ROAD_NONE;
}

uint32_t bt_lane_graph_cycle_lane(const bt_lane_graph *g, uint32_t lane)
{
    bool forward = bt_road_lane_get(g->net, lane)->forward;
    for (int side = 1; side >= -1; side -= 2) {
        uint32_t beside = bt_lane_neighbour(g->net, lane, side);
        if (beside == BT_ROAD_NONE || !bt_lane_graph_rideable(g, beside)) continue;
        const bt_lane *l = bt_road_lane_get(g->net, beside);
        if (!g->lanes[beside].cycles || l->forward != forward) continue;
        double narrowest = fmin(bt_lane_width(g->net, beside, l->s0_m + 0.01),
                                bt_lane_width(g->net, beside, l->s1_m - 0.01));
        if (narrowest >= CYCLE_LANE_M) return beside;
    }
    return BT_ROAD_NONE;
}

// Where a bicycle lane ends one goes on beside it.
static bool goes_on_beside(const bt_lane_graph *g, uint32_t lane)
{
    if (!g->lanes[lane].cycles || g->lanes[lane].point_count == 0) return false;
    if (g->lanes[lane].next_count > 0) return false;
    uint32_t beside = bt_lane_graph_beside(g, lane);
    return beside != BT_ROAD_NONE && g->lanes[beside].endless;
}

// Lanes that only lead to dead ends lose their mark, round by round; what is left reaches a loop.
static void find_endless(bt_lane_graph *g)
{
    for (uint32_t i = 0; i < g->lane_count; i++)
        g->lanes[i].endless = g->lanes[i].next_count > 0;
    for (uint32_t i = 0; i < g->lane_count; i++)
        g->lanes[i].endless = g->lanes[i].endless || goes_on_beside(g, i);
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < g->lane_count; i++) {
            bt_lane_path *path = &g->lanes[i];
            if (!path->endless) continue;
            bool some = goes_on_beside(g, i);
            for (uint32_t k = 0; k < path->next_count; k++)
                some = some || g->lanes[g->nexts[path->first_next + k]].endless;
            if (!some) path->endless = false, changed = true;
        }
    }
}

// Where the traffic of a junction's lanes comes from: back to the first lane outside.
static void find_origins(bt_lane_graph *g)
{
    for (uint32_t i = 0; i < g->lane_count; i++) {
        uint32_t at = i, junction = g->lanes[i].junction;
        for (int step = 0; step < ORIGIN_STEPS && junction != BT_ROAD_NONE; step++) {
            uint32_t before;
            if (g->lanes[at].junction != junction) break;
            if (bt_lane_predecessors(g->net, at, &before, 1) == 0) break;
            at = before;
        }
        g->lanes[i].origin = at;
    }
}

// ---- whole ------------------------------------------------------------------------------------
bt_status bt_lane_graph_compile(const bt_road_network *net, bt_lane_graph *graph)
{
    *graph = (bt_lane_graph){.net = net, .lane_count = bt_road_lane_count(net)};
    graph->lanes = bt_alloc(graph->lane_count, sizeof *graph->lanes);
    bt_status status =
        graph->lanes ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for the lane graph");
    if (status == BT_OK) status = sample_lanes(graph);
    if (status == BT_OK) status = link_lanes(graph);
    if (status == BT_OK) status = find_merges(graph);
    if (status == BT_OK) find_endless(graph);
    if (status == BT_OK) find_origins(graph);
    if (status == BT_OK) status = bt_lane_graph_find_stops(graph);
    if (status != BT_OK) bt_lane_graph_clear(graph);
    return status;
}

void bt_lane_graph_clear(bt_lane_graph *graph)
{
    bt_free(graph->lanes);
    bt_free(graph->points);
    bt_free(graph->nexts);
    bt_free(graph->conflicts);
    bt_free(graph->bends);
    bt_free(graph->stops);
    *graph = (bt_lane_graph){0};
}

double bt_lane_graph_station(const bt_lane_graph *graph, uint32_t lane, double d_m)
{
    double u;
    const bt_lane_point *p = bt_lane_points_at(graph, lane, d_m, &u);
    return bt_lerp(p[0].s_m, p[1].s_m, u);
}

double bt_lane_graph_distance(const bt_lane_graph *graph, uint32_t lane, double s_m)
{
    const bt_lane_path *path = &graph->lanes[lane];
    const bt_lane_point *p = graph->points + path->first_point;
    bool forward = p[path->point_count - 1].s_m >= p[0].s_m;
    uint32_t low = 0, high = path->point_count - 1;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        bool before = forward ? p[middle].s_m <= s_m : p[middle].s_m >= s_m;
        if (before)
            low = middle;
        else
            high = middle;
    }
    double span = p[high].s_m - p[low].s_m;
    double u = span != 0.0 ? bt_clamp((s_m - p[low].s_m) / span, 0.0, 1.0) : 0.0;
    return path->spacing_m * (low + u);
}
