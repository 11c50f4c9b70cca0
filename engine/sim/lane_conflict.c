// lane_conflict.c: which lanes of a junction cross or merge, and on which stretches.
#include "engine/sim/lane_graph.h"

#include "engine/core/memory.h"

#include <math.h>

#define APART_WIDE_M 4.2   // the same for a trailer that cuts a corner by 1.5 m
#define APART_M 2.6        // centre lines nearer than this: two cars of 2 m and some room touch
#define APART_HEIGHT_M 3.0 // one passes above the other
#define STRIDE 2           // every second point is looked at

typedef struct box {
    double x0, y0, x1, y1;
} box;

static box lane_box(const bt_lane_graph *g, uint32_t lane)
{
    const bt_lane_path *path = &g->lanes[lane];
    box b = {1e300, 1e300, -1e300, -1e300};
    for (uint32_t i = 0; i < path->point_count; i++) {
        const bt_lane_point *p = &g->points[path->first_point + i];
        b.x0 = fmin(b.x0, p->x_m);
        b.y0 = fmin(b.y0, p->y_m);
        b.x1 = fmax(b.x1, p->x_m);
        b.y1 = fmax(b.y1, p->y_m);
    }
    return b;
}

static bool boxes_near(const box *a, const box *b)
{
    return a->x0 < b->x1 + APART_WIDE_M && b->x0 < a->x1 + APART_WIDE_M &&
           a->y0 < b->y1 + APART_WIDE_M && b->y0 < a->y1 + APART_WIDE_M;
}

static bool points_near(const bt_lane_point *a, const bt_lane_point *b, double apart_m)
{
    double dx = a->x_m - b->x_m, dy = a->y_m - b->y_m;
    return dx * dx + dy * dy < apart_m * apart_m && fabs(a->z_m - b->z_m) < APART_HEIGHT_M;
}

// The stretches from the first to the last point near the other lane, widened by a stride.
static bool find_conflict(const bt_lane_graph *g, uint32_t a, uint32_t b, double apart_m,
                          bt_lane_conflict *c)
{
    const bt_lane_path *pa = &g->lanes[a], *pb = &g->lanes[b];
    uint32_t a0 = UINT32_MAX, a1 = 0, b0 = UINT32_MAX, b1 = 0;
    for (uint32_t i = 0; i < pa->point_count; i += STRIDE) {
        const bt_lane_point *p = &g->points[pa->first_point + i];
        for (uint32_t k = 0; k < pb->point_count; k += STRIDE) {
            if (!points_near(p, &g->points[pb->first_point + k], apart_m)) continue;
            a0 = i < a0 ? i : a0;
            a1 = i > a1 ? i : a1;
            b0 = k < b0 ? k : b0;
            b1 = k > b1 ? k : b1;
        }
    }
    if (a0 == UINT32_MAX) return false;
    double wide_a = STRIDE * pa->spacing_m, wide_b = STRIDE * pb->spacing_m;
    *c = (bt_lane_conflict){.other = b,
                            .own_from_m = fmax(0.0, a0 * pa->spacing_m - wide_a),
                            .own_to_m = fmin(pa->length_m, a1 * pa->spacing_m + wide_a),
                            .other_from_m = fmax(0.0, b0 * pb->spacing_m - wide_b),
                            .other_to_m = fmin(pb->length_m, b1 * pb->spacing_m + wide_b)};
    return true;
}

// Lanes of one road lie side by side; lanes of one origin part from a queue that keeps its order.
static bool may_conflict(const bt_lane_graph *g, uint32_t a, uint32_t b)
{
    if (a == b || g->lanes[a].junction != g->lanes[b].junction) return false;
    if (bt_road_lane_get(g->net, a)->road == bt_road_lane_get(g->net, b)->road) return false;
    return g->lanes[a].origin != g->lanes[b].origin;
}

static bt_status conflicts_of(bt_lane_graph *g, const uint32_t *lanes, const box *boxes,
                              uint32_t count, uint32_t at)
{
    uint32_t lane = lanes[at];
    g->lanes[lane].first_conflict = (uint32_t)g->conflict_count;
    for (uint32_t k = 0; k < count; k++) {
        bt_lane_conflict c;
        if (!may_conflict(g, lane, lanes[k]) || !boxes_near(&boxes[at], &boxes[k])) continue;
        bool narrow = find_conflict(g, lane, lanes[k], APART_M, &c);
        if (!narrow && !find_conflict(g, lane, lanes[k], APART_WIDE_M, &c)) continue;
        c.wide = !narrow;
        bt_status status =
            BT_ARRAY_RESERVE(g->conflicts, g->conflict_capacity, g->conflict_count + 1);
        if (status != BT_OK) return status;
        g->conflicts[g->conflict_count++] = c;
        g->lanes[lane].conflict_count++;
    }
    return BT_OK;
}

bt_status bt_lane_graph_find_conflicts(bt_lane_graph *g)
{
    bt_status status = BT_OK;
    uint32_t *lanes = bt_alloc(g->lane_count, sizeof *lanes), count = 0;
    box *boxes = bt_alloc(g->lane_count, sizeof *boxes);
    if (!lanes || !boxes) status = bt_fail(BT_ERR_MEMORY, "no memory for lane conflicts");
    for (uint32_t i = 0; status == BT_OK && i < g->lane_count; i++) {
        if (g->lanes[i].point_count == 0 || g->lanes[i].junction == BT_ROAD_NONE) continue;
        boxes[count] = lane_box(g, i);
        lanes[count++] = i;
    }
    for (uint32_t i = 0; status == BT_OK && i < count; i++)
        status = conflicts_of(g, lanes, boxes, count, i);
    bt_free(lanes);
    bt_free(boxes);
    return status;
}
