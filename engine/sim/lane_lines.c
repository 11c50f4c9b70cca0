// lane_lines.c: lines held back before junctions, so that nobody waits where a long vehicle sweeps in its bend.
#include "engine/sim/lane_conflict.h"

#include <math.h>

#define BEFORE_LINE_M 1.0     // so far before a line drivers stand (decide.c)
#define CLEAR_M 0.4           // and so far off the sweep
#define HOLD_BACK_MOST_M 12.0 // farther than that from where it is seen nobody waits

// How far back who waits before a line has to stay so as not to stand in a long vehicle's sweep there; 0: it does not, or
// that would be too far.
static double hold_back(const bt_lane_bend *bend, bt_body_kind body, double nose_m, double line_m)
{
    double waits_m = line_m - BEFORE_LINE_M - nose_m;
    double from = bend->other_from_m[body] - CLEAR_M, to = bend->other_to_m[body];
    if (waits_m < from || waits_m > to + CLEAR_M) return 0.0;
    double back = waits_m - from;
    return back > HOLD_BACK_MOST_M || from < 0.0 ? 0.0 : back;
}

static void hold_back_cars(bt_lane_graph *g, const bt_vehicle *car, const bt_lane_bend *bend)
{
    bt_lane_path *path = &g->lanes[bend->other];
    double back = hold_back(bend, BT_BODY_CAR, car->length_m - car->rear_overhang_m, path->line_m);
    if (back <= 0.0) return;
    for (uint32_t i = 0; i < path->stop_count; i++) {
        bt_lane_stop *stop = &g->stops[path->first_stop + i];
        if (stop->d_m > path->line_m - HOLD_BACK_MOST_M)
            stop->d_m = fmin(stop->d_m, path->line_m - back);
    }
    path->line_m -= back;
}

// Likewise long vehicles that would stand in the sweep of another.
static void hold_back_longs(bt_lane_graph *g, const bt_vehicle *v, const bt_lane_bend *bend)
{
    bt_lane_path *path = &g->lanes[bend->other];
    double line = path->line_m - path->long_back_m;
    double back = hold_back(bend, BT_BODY_LONG, v->length_m - v->rear_overhang_m, line);
    path->long_back_m += back;
    for (uint32_t i = 0; back > 0.0 && i < path->stop_count; i++) {
        bt_lane_stop *stop = &g->stops[path->first_stop + i];
        if (stop->d_m > path->line_m - HOLD_BACK_MOST_M) stop->long_back_m = path->long_back_m;
    }
}

// Nor do they wait at the edge of a junction's lane if they would stand in a sweep there, on the lane that leads to it.
static void hold_back_edges(bt_lane_graph *g, const bt_vehicle *car, const bt_lane_bend *bend)
{
    const bt_lane_path *before = &g->lanes[bend->other];
    double nose = car->length_m - car->rear_overhang_m;
    for (uint32_t i = 0; i < before->next_count; i++) {
        bt_lane_path *path = &g->lanes[g->nexts[before->first_next + i]];
        double waits_m = before->length_m + path->edge_m - BEFORE_LINE_M - nose;
        if (waits_m > bend->other_from_m[BT_BODY_CAR] - CLEAR_M &&
            waits_m < bend->other_to_m[BT_BODY_CAR] + CLEAR_M)
            path->edge_m = 0.0;
    }
}

void bt_lane_graph_hold_back(const bt_bodies *bodies, bt_lane_graph *g)
{
    const bt_vehicle *car = bodies->car;
    // a line that is held back for one bend may come into another; cars first: long ones wait behind their line
    for (int round = 0; round < 4; round++)
        for (uint32_t lane = 0; lane < g->lane_count; lane++)
            for (uint32_t i = 0;
                 g->lanes[lane].junction != BT_ROAD_NONE && i < g->lanes[lane].bend_count; i++) {
                const bt_lane_bend *bend = &g->bends[g->lanes[lane].first_bend + i];
                if (round < 2) hold_back_cars(g, car, bend);
                for (uint32_t k = 0; round >= 2 && k < bodies->long_count; k++)
                    hold_back_longs(g, bodies->longs[k], bend);
            }
    for (uint32_t lane = 0; lane < g->lane_count; lane++)
        for (uint32_t i = 0; i < g->lanes[lane].bend_count; i++)
            hold_back_edges(g, car, &g->bends[g->lanes[lane].first_bend + i]);
}
