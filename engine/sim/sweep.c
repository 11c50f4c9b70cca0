// sweep.c: see sweep.h.
#include "engine/sim/sweep.h"

#include "engine/sim/traffic.h"

#include <math.h>

#define STEP_M 0.5
#define EVERY 4 // steps
#define STEPS_MAX 400
#define SLOW_M_S 2.0 // corners are taken between these
#define TURN_M_S 3.5
#define OUT_M 0.5
#define LONG_NOSE_M 4.6 // from the rear axle: cars have less
#define BRAKE_M_S2 4.0
#define STOP_PARTS 4

bool bt_sweep_concerns(const bt_vehicle *v)
{
    return bt_vehicle_has_trailer(v) || v->length_m - v->rear_overhang_m > LONG_NOSE_M;
}

// A box whose middle is `middle` ahead of a place, along a course.
static bt_footprint box_at(const bt_vehicle *v, double x, double y, double z, double yaw,
                           double middle, double length, double room)
{
    return (bt_footprint){.x_m = x + middle * bt_cos(yaw),
                          .y_m = y + middle * bt_sin(yaw),
                          .yaw_rad = yaw,
                          .half_length_m = 0.5 * length,
                          .half_width_m = 0.5 * v->width_m + room,
                          .z_low_m = z,
                          .z_high_m = z + v->height_m};
}

static bt_footprint trailer_at(const bt_vehicle *v, double hitch_x, double hitch_y, double z,
                               double yaw, double room)
{
    double nose = v->hitch_from_rear_m > 0.0 ? BT_TRAILER_NOSE_M : 0.0,
           length = v->trailer_length_m;
    return box_at(v, hitch_x, hitch_y, z, yaw, nose - 0.5 * length, length, room);
}

// How far a point is from the way abreast of it.
static double off_way(const bt_lane_graph *g, const bt_car *car, double q, double x, double y)
{
    bt_way_spot p = bt_itinerary_spot(g, &car->way, q);
    return fabs((y - p.y_m) * p.cos_heading - (x - p.x_m) * p.sin_heading);
}

uint32_t bt_sweep_boxes(const bt_lane_graph *g, const bt_vehicle *v, const bt_car *at, double room,
                        double beside_m, bt_footprint boxes[2])
{
    double length = v->trailer_wheelbase_m, nose = v->length_m - v->rear_overhang_m;
    double hitch = v->hitch_from_rear_m;
    double c = bt_cos(at->yaw_rad), s = bt_sin(at->yaw_rad), yaw = at->yaw_rad + at->hitch_rad;
    double x = at->x_m + hitch * c, y = at->y_m + hitch * s;
    double z = bt_itinerary_height(g, &at->way, at->q_m);
    uint32_t count = 0;
    bool all = beside_m <= 0.0;
    if (all || off_way(g, at, at->q_m + nose, at->x_m + nose * c, at->y_m + nose * s) > beside_m)
        boxes[count++] = box_at(v, at->x_m, at->y_m, z, at->yaw_rad,
                                0.5 * v->length_m - v->rear_overhang_m, v->length_m, room);
    if (length <= 0.0) return count;
    double axle_x = x - length * bt_cos(yaw), axle_y = y - length * bt_sin(yaw);
    if (all || off_way(g, at, at->q_m + hitch - length, axle_x, axle_y) > beside_m)
        boxes[count++] = trailer_at(v, x, y, z, yaw, room);
    return count;
}

// Rolls a car on by a step; the boxes of body and trailer where it is then, if they stick out.
static uint32_t roll(const bt_lane_graph *g, const bt_vehicle *v, double room, bt_car *at,
                     bt_footprint boxes[2])
{
    bt_car_roll(g, v, STEP_M, bt_clamp(at->speed_m_s, SLOW_M_S, TURN_M_S), at);
    return bt_sweep_boxes(g, v, at, room, OUT_M, boxes);
}

uint32_t bt_sweep_find(const bt_lane_graph *g, const bt_vehicle *v, const bt_car *car,
                       double to_q_m, double room, bt_footprint boxes[BT_SWEEP_MAX])
{
    bt_car at = *car;
    bt_footprint here[2];
    uint32_t count = 0;
    for (int i = 0; at.q_m < to_q_m && i < STEPS_MAX; i++) {
        uint32_t n = roll(g, v, room, &at, here);
        for (uint32_t k = 0; i % EVERY == 0 && k < n && count < BT_SWEEP_MAX; k++)
            boxes[count++] = here[k];
    }
    return count;
}

// ---- is it free? ------------------------------------------------------------------------------
// Stands somebody in a box, or would when braking from now on?
static bool comes_to_stand(const bt_obstacle *o, const bt_footprint *box)
{
    double stop = o->speed_m_s * o->speed_m_s / (2.0 * BRAKE_M_S2);
    for (int i = 0; i <= STOP_PARTS; i++) {
        bt_footprint there = o->box;
        there.x_m += stop * i / STOP_PARTS * bt_cos(o->heading_rad);
        there.y_m += stop * i / STOP_PARTS * bt_sin(o->heading_rad);
        if (bt_footprint_overlap(box, &there)) return true;
        if (stop <= 0.0) break;
    }
    return false;
}

static bool box_free(const bt_traffic *t, const bt_footprint *box, uint32_t index)
{
    uint32_t own = t->car_actor[index];
    double reach = t->radius_max_m + box->half_length_m + box->half_width_m;
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, box->x_m - reach, box->y_m - reach, box->x_m + reach, box->y_m + reach);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (o->part == BT_PART_SWEEP || o->actor == own) continue;
        if (comes_to_stand(o, box))
            return bt_traffic_wait(t, index, o->walker ? BT_WAIT_ON_FOOT : BT_WAIT_SWEEP, o->car);
    }
    return true;
}

double bt_traffic_sweep_reach(const bt_traffic *t, uint32_t index, double ahead_m, double room_m)
{
    const bt_car *car = &t->cars[index];
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    if (!bt_sweep_concerns(v)) return ahead_m;
    bt_car at = *car;
    bt_footprint here[2];
    for (int i = 0; at.q_m < car->q_m + ahead_m && i < STEPS_MAX; i++) {
        uint32_t n = roll(t->graph, v, room_m, &at, here);
        for (uint32_t k = 0; k < n; k++)
            if (!box_free(t, &here[k], index)) return at.q_m - car->q_m;
    }
    return ahead_m;
}

// ---- lanes to avoid ---------------------------------------------------------------------------
#define MARK_ROOM_M 0.8 // drivers are not exactly in the middle
#define NEAR_LANE_M 25.0
#define BESIDE_M 6.0
#define LEAVES_M 20.0 // a bend's sweep goes on so far into the next lane

// A tractor and its trailer drawn along the middle of lanes.
typedef struct drawn {
    const bt_lane_graph *graph;
    const bt_vehicle *vehicle;
    const bt_footprint *boxes;
    uint32_t count;
    double yaw;
} drawn;

// Draws it along a lane; true: it touches.
static bool draw_along(drawn *d, uint32_t lane, double from_m, double to_m, bool looks)
{
    double length = d->vehicle->trailer_wheelbase_m;
    for (double at = from_m; at < to_m; at += 1.0) {
        bt_lane_point p = bt_lane_graph_at(d->graph, lane, at);
        d->yaw += bt_sin(p.heading_rad - d->yaw) / length;
        if (!looks) continue;
        const bt_vehicle *v = d->vehicle;
        bt_footprint box[2] = {trailer_at(v, p.x_m, p.y_m, p.z_m, d->yaw, MARK_ROOM_M),
                               box_at(v, p.x_m, p.y_m, p.z_m, p.heading_rad,
                                      0.5 * v->length_m - v->rear_overhang_m, v->length_m,
                                      MARK_ROOM_M)};
        for (uint32_t i = 0; i < 2 * d->count; i++)
            if (bt_footprint_overlap(&box[i % 2], &d->boxes[i / 2])) return true;
    }
    return false;
}

// From one lane onto another, and out of a junction.
static bool touches(const bt_lane_graph *g, drawn d, uint32_t before, uint32_t lane)
{
    double length = g->lanes[before].length_m;
    double from = fmax(0.0, length - LEAVES_M);
    d.yaw = bt_lane_graph_at(g, before, from).heading_rad;
    draw_along(&d, before, from, length, false);
    if (draw_along(&d, lane, 0.0, g->lanes[lane].length_m, true)) return true;
    if (g->lanes[lane].junction == BT_ROAD_NONE) return false;
    for (uint32_t k = 0; k < g->lanes[lane].next_count; k++) {
        uint32_t next = g->nexts[g->lanes[lane].first_next + k];
        drawn on = d;
        if (draw_along(&on, next, 0.0, fmin(LEAVES_M, g->lanes[next].length_m), true)) return true;
    }
    return false;
}

static bool near_any(const bt_lane_graph *g, uint32_t lane, double near_m, const drawn *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        for (double at = 0.0; at < g->lanes[lane].length_m + 5.0; at += 5.0) {
            bt_lane_point p = bt_lane_graph_at(g, lane, at);
            if (bt_hypot(p.x_m - d->boxes[i].x_m, p.y_m - d->boxes[i].y_m) < near_m) return true;
        }
    return false;
}

// Lanes from which every way on is marked are marked too.
static void mark_before(bt_lane_graph *g)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < g->lane_count; i++) {
            bt_lane_path *path = &g->lanes[i];
            bool all = path->next_count > 0 && !path->no_trailer;
            for (uint32_t k = 0; all && k < path->next_count; k++)
                all = g->lanes[g->nexts[path->first_next + k]].no_trailer;
            if (all) path->no_trailer = changed = true;
        }
    }
}

void bt_sweep_mark(bt_lane_graph *g, const bt_vehicle *v, const bt_footprint *boxes, uint32_t count)
{
    drawn d = {.graph = g, .vehicle = v, .boxes = boxes, .count = count};
    for (uint32_t i = 0; i < g->lane_count && count > 0; i++) {
        if (g->lanes[i].point_count == 0) continue;
        g->lanes[i].parked_beside = near_any(g, i, BESIDE_M, &d);
        for (uint32_t k = 0; k < g->lanes[i].next_count; k++) {
            uint32_t next = g->nexts[g->lanes[i].first_next + k];
            bt_lane_path *path = &g->lanes[next];
            if (path->no_trailer || !near_any(g, next, NEAR_LANE_M, &d)) continue;
            path->no_trailer = touches(g, d, i, next);
        }
    }
    mark_before(g);
}
