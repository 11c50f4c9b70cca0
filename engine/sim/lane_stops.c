// lane_stops.c: see lane_stops.h.
#include "engine/sim/lane_stops.h"

#include "engine/core/memory.h"
#include "engine/sim/programme.h"

#include <math.h>
#include <string.h>

#define LINE_REACH_M 15.0     // from a lane's end
#define STOP_LINE_NEAR_M 20.0 // a stop line belongs to a signal at most this far

static bool lane_obeys(const bt_lane *lane, const bt_signal *s)
{
    return bt_lane_obeys(lane, s->orientation, s->from_lane, s->to_lane);
}

// A mark across a road that makes its traffic wait: a stop line, or the near edge of a crossing.
typedef struct line_mark {
    double s_m, before_m; // so far before it
} line_mark;

// Those of each road, and its signals, in the order of the network.
typedef struct road_marks {
    uint32_t *first_mark, *first_signal; // (roads + 1)
    line_mark *marks;
    uint32_t *signals;
} road_marks;

static bool is_line(const bt_road_network *net, const bt_road_object *o, line_mark *mark)
{
    mark->s_m = o->s_m;
    return bt_road_object_stops(net, o, &mark->before_m);
}

// From counts, each one place behind its own, to where the things of each road begin.
static void add_up(uint32_t *first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        first[i + 1] += first[i];
}

// Back from ends to beginnings, after each has been moved on by its things.
static void step_back(uint32_t *first, uint32_t count)
{
    memmove(first + 1, first, count * sizeof *first);
    first[0] = 0;
}

static void sort_marks(const bt_road_network *net, road_marks *m)
{
    uint32_t roads = bt_road_count(net);
    line_mark mark;
    for (uint32_t i = 0; i < bt_road_object_count(net); i++) {
        const bt_road_object *o = bt_road_object_get(net, i);
        if (o->road < roads && is_line(net, o, &mark)) m->first_mark[o->road + 1]++;
    }
    for (uint32_t i = 0; i < bt_road_signal_count(net); i++) {
        const bt_signal *s = bt_road_signal_get(net, i);
        if (s->road < roads) m->first_signal[s->road + 1]++;
    }
    add_up(m->first_mark, roads);
    add_up(m->first_signal, roads);
    for (uint32_t i = 0; i < bt_road_object_count(net); i++) {
        const bt_road_object *o = bt_road_object_get(net, i);
        if (o->road < roads && is_line(net, o, &mark)) m->marks[m->first_mark[o->road]++] = mark;
    }
    for (uint32_t i = 0; i < bt_road_signal_count(net); i++) {
        const bt_signal *s = bt_road_signal_get(net, i);
        if (s->road < roads) m->signals[m->first_signal[s->road]++] = i;
    }
    step_back(m->first_mark, roads);
    step_back(m->first_signal, roads);
}

static void clear_marks(road_marks *m)
{
    bt_free(m->first_mark);
    bt_free(m->first_signal);
    bt_free(m->marks);
    bt_free(m->signals);
}

static bt_status find_marks(const bt_road_network *net, road_marks *m)
{
    m->first_mark = bt_alloc((size_t)bt_road_count(net) + 1, sizeof *m->first_mark);
    m->first_signal = bt_alloc((size_t)bt_road_count(net) + 1, sizeof *m->first_signal);
    m->marks = bt_alloc(bt_road_object_count(net), sizeof *m->marks);
    m->signals = bt_alloc(bt_road_signal_count(net), sizeof *m->signals);
    if (!m->first_mark || !m->first_signal || !m->marks || !m->signals) {
        clear_marks(m);
        return bt_fail(BT_ERR_MEMORY, "no memory for the marks of %u roads", bt_road_count(net));
    }
    sort_marks(net, m);
    return BT_OK;
}

static bool waits_at_signal(const bt_lane *lane, const bt_signal *s)
{
    // 294 stop line: German catalogue
    return s->type && strcmp(s->type, "294") == 0 && lane_obeys(lane, s);
}

// Nearest station to wait at within reach of a station, else that one itself.
static double line_near(const bt_road_network *net, const road_marks *m, const bt_lane *lane,
                        double s_m, double reach)
{
    double best = s_m, nearest = reach;
    for (uint32_t i = m->first_mark[lane->road]; i < m->first_mark[lane->road + 1]; i++) {
        const line_mark *mark = &m->marks[i];
        double at = mark->s_m + (lane->forward ? -mark->before_m : mark->before_m);
        if (fabs(at - s_m) < nearest) nearest = fabs(at - s_m), best = at;
    }
    for (uint32_t i = m->first_signal[lane->road]; i < m->first_signal[lane->road + 1]; i++) {
        const bt_signal *s = bt_road_signal_get(net, m->signals[i]);
        if (!waits_at_signal(lane, s)) continue;
        // a line drawn by hand beats the edge of a crossing
        if (fabs(s->s_m - s_m) < reach) return s->s_m;
    }
    return best;
}

static bool gives_way(const bt_signal *s)
{
    // 205 give way, 206 stop: German catalogue, which OpenDRIVE files use most
    return !s->dynamic && s->type && (!strcmp(s->type, "205") || !strcmp(s->type, "206"));
}

static bt_status add_signal_stop(bt_lane_graph *g, uint32_t lane, uint32_t signal, double s_m)
{
    bt_lane_path *path = &g->lanes[lane];
    bt_status status = BT_ARRAY_RESERVE(g->stops, g->stop_capacity, g->stop_count + 1);
    if (status != BT_OK) return status;
    double d = bt_lane_graph_distance(g, lane, s_m);
    g->stops[g->stop_count++] = (bt_lane_stop){.signal = signal, .d_m = d};
    path->stop_count++;
    return BT_OK;
}

static bt_status stops_of_lane(bt_lane_graph *g, const road_marks *marks, uint32_t index)
{
    const bt_lane *lane = bt_road_lane_get(g->net, index);
    g->lanes[index].first_stop = (uint32_t)g->stop_count;
    for (uint32_t k = marks->first_signal[lane->road]; k < marks->first_signal[lane->road + 1];
         k++) {
        uint32_t i = marks->signals[k];
        const bt_signal *s = bt_road_signal_get(g->net, i);
        if (!lane_obeys(lane, s)) continue;
        if (gives_way(s)) g->lanes[index].yields = true;
        if (!s->dynamic || bt_signal_pedestrian(s)) continue;
        double at = line_near(g->net, marks, lane, s->s_m, STOP_LINE_NEAR_M);
        bool last = bt_road_get(g->net, lane->road)->length_m <= lane->s1_m + 1e-6;
        bool holds = at >= lane->s0_m && (at < lane->s1_m || last);
        bt_status status = holds ? add_signal_stop(g, index, i, at) : BT_OK;
        if (status != BT_OK) return status;
    }
    return BT_OK;
}

static bt_status stops_of_lanes(bt_lane_graph *g, const road_marks *marks)
{
    for (uint32_t i = 0; i < g->lane_count; i++) {
        if (g->lanes[i].point_count == 0) continue;
        bt_status status = stops_of_lane(g, marks, i);
        if (status != BT_OK) return status;
        const bt_lane *lane = bt_road_lane_get(g->net, i);
        double end = lane->forward ? lane->s1_m : lane->s0_m;
        g->lanes[i].line_m =
            bt_lane_graph_distance(g, i, line_near(g->net, marks, lane, end, LINE_REACH_M));
    }
    return BT_OK;
}

bt_status bt_lane_graph_find_stops(bt_lane_graph *g)
{
    road_marks marks;
    bt_status status = find_marks(g->net, &marks);
    if (status != BT_OK) return status;
    status = stops_of_lanes(g, &marks);
    clear_marks(&marks);
    return status;
}
