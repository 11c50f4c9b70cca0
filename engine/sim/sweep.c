// sweep.c: see sweep.h.
#include "engine/sim/sweep.h"

#include "engine/sim/traffic.h"

#include <math.h>

#define BACK_M 15.0
#define EVERY 2 // metres
#define OUT_M 0.5
#define LONG_NOSE_M 4.6       // from the rear axle: cars have less
#define PRESSED_S 6.0         // who has stood so long in a corner goes by inches
#define PRESSED_ROOM_M 0.06
#define BRAKE_M_S2 4.0
#define STOP_PARTS 4

bool bt_sweep_concerns(const bt_vehicle *v)
{
    return v->trailer_length_m > 0.0 || v->length_m - v->rear_overhang_m > LONG_NOSE_M;
}

// A box whose middle is `middle` ahead of a place, along a course.
static bt_footprint box_at(const bt_vehicle *v, double x, double y, double z, double yaw,
                           double middle, double length, double room)
{
    return (bt_footprint){.x_m = x + middle * cos(yaw),
                          .y_m = y + middle * sin(yaw),
                          .yaw_rad = yaw,
                          .half_length_m = 0.5 * length,
                          .half_width_m = 0.5 * v->width_m + room,
                          .z_low_m = z,
                          .z_high_m = z + v->height_m};
}

static bt_footprint trailer_at(const bt_vehicle *v, double hitch_x, double hitch_y, double z,
                               double yaw, double room)
{
    double nose = v->hitch_from_rear_m > 0.0 ? BT_TRAILER_NOSE_M : 0.0, length = v->trailer_length_m;
    return box_at(v, hitch_x, hitch_y, z, yaw, nose - 0.5 * length, length, room);
}

// How far a point is from the way abreast of it.
static double off_way(const bt_lane_graph *g, const bt_car *car, double q, double x, double y)
{
    bt_lane_point p = bt_itinerary_at(g, &car->way, q);
    return fabs(-(x - p.x_m) * sin(p.heading_rad) + (y - p.y_m) * cos(p.heading_rad));
}

uint32_t bt_sweep_find(const bt_lane_graph *g, const bt_vehicle *v, const bt_car *car,
                       double to_q_m, double room, bt_footprint boxes[BT_SWEEP_MAX])
{
    double length = v->trailer_wheelbase_m, q = car->q_m - BACK_M;
    double nose = v->length_m - v->rear_overhang_m, hitch = v->hitch_from_rear_m;
    double yaw = bt_itinerary_at(g, &car->way, q - length).heading_rad;
    uint32_t count = 0;
    for (int i = 0; q < to_q_m && count + 2 <= BT_SWEEP_MAX; i++, q += 1.0) {
        bt_lane_point p = bt_car_aim(g, v, car, q);
        double c = cos(p.heading_rad), s = sin(p.heading_rad);
        double x = p.x_m + hitch * c, y = p.y_m + hitch * s;
        if (length > 0.0) yaw += sin(p.heading_rad - yaw) / length;
        if (q < car->q_m || i % EVERY != 0) continue;
        if (off_way(g, car, q + nose, p.x_m + nose * c, p.y_m + nose * s) > OUT_M)
            boxes[count++] = box_at(v, p.x_m, p.y_m, p.z_m, p.heading_rad,
                                    0.5 * v->length_m - v->rear_overhang_m, v->length_m, room);
        if (length > 0.0 && off_way(g, car, q + hitch - length, x - length * cos(yaw),
                                    y - length * sin(yaw)) > OUT_M)
            boxes[count++] = trailer_at(v, x, y, p.z_m, yaw, room);
    }
    return count;
}

// Stands somebody in a box, or would when braking from now on?
static bool comes_to_stand(const bt_obstacle *o, const bt_footprint *box)
{
    double stop = o->speed_m_s * o->speed_m_s / (2.0 * BRAKE_M_S2);
    for (int i = 0; i <= STOP_PARTS; i++) {
        bt_footprint there = o->box;
        there.x_m += stop * i / STOP_PARTS * cos(o->heading_rad);
        there.y_m += stop * i / STOP_PARTS * sin(o->heading_rad);
        if (bt_footprint_overlap(box, &there)) return true;
        if (stop <= 0.0) break;
    }
    return false;
}

static bool box_free(const bt_traffic *t, const bt_footprint *box, uint32_t own)
{
    double reach = t->radius_max_m + box->half_length_m;
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, box->x_m - reach, box->y_m - reach, box->x_m + reach, box->y_m + reach);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (o->part == BT_PART_SWEEP || o->actor == own) continue;
        if (comes_to_stand(o, box)) return false;
    }
    return true;
}

bool bt_traffic_sweep_free(const bt_traffic *t, uint32_t index, double to_q_m)
{
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    if (!bt_sweep_concerns(v)) return true;
    const bt_car *car = &t->cars[index];
    bool pressed = car->trailer_ticks * t->decision_s > PRESSED_S;
    bt_footprint boxes[BT_SWEEP_MAX];
    uint32_t count = bt_sweep_find(t->graph, v, car, to_q_m,
                                   pressed ? PRESSED_ROOM_M : BT_SWEEP_ROOM_M, boxes);
    for (uint32_t b = 0; b < count; b++)
        if (!box_free(t, &boxes[b], t->car_actor[index])) return false;
    return true;
}

// ---- lanes to avoid ---------------------------------------------------------------------------
#define NEAR_LANE_M 25.0
#define BESIDE_M 6.0
#define LEAVES_M 20.0 // a bend's sweep goes on so far into the next lane

// A trailer drawn along the middle of lanes.
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
        d->yaw += sin(p.heading_rad - d->yaw) / length;
        if (!looks) continue;
        bt_footprint box = trailer_at(d->vehicle, p.x_m, p.y_m, p.z_m, d->yaw, BT_SWEEP_ROOM_M);
        for (uint32_t i = 0; i < d->count; i++)
            if (bt_footprint_overlap(&box, &d->boxes[i])) return true;
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
            if (hypot(p.x_m - d->boxes[i].x_m, p.y_m - d->boxes[i].y_m) < near_m) return true;
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
