// sweep.c: see sweep.h.
#include "engine/sim/sweep.h"

#include "engine/sim/traffic.h"

#include <math.h>

#define BACK_M 15.0
#define EVERY 2 // metres
#define OUT_M 0.5
#define ROOM_M 0.3
#define MOVES_OFF_M_S 4.0

static bt_footprint box_of(const bt_vehicle *v, double hitch_x, double hitch_y, double yaw,
                           double z)
{
    double nose = v->hitch_from_rear_m > 0.0 ? BT_TRAILER_NOSE_M : 0.0;
    double middle = nose - 0.5 * v->trailer_length_m;
    return (bt_footprint){.x_m = hitch_x + middle * cos(yaw),
                          .y_m = hitch_y + middle * sin(yaw),
                          .yaw_rad = yaw,
                          .half_length_m = 0.5 * v->trailer_length_m,
                          .half_width_m = 0.5 * v->width_m + ROOM_M,
                          .z_low_m = z,
                          .z_high_m = z + v->height_m};
}

uint32_t bt_sweep_find(const bt_lane_graph *g, const bt_vehicle *v, const bt_car *car,
                       double to_q_m, bt_footprint boxes[BT_SWEEP_MAX])
{
    double length = v->trailer_wheelbase_m, q = car->q_m - BACK_M;
    double yaw = bt_itinerary_at(g, &car->way, q - length).heading_rad;
    uint32_t count = 0;
    for (int i = 0; q < to_q_m && count < BT_SWEEP_MAX; i++, q += 1.0) {
        bt_lane_point p = bt_car_aim(g, v, car, q);
        double x = p.x_m + v->hitch_from_rear_m * cos(p.heading_rad);
        double y = p.y_m + v->hitch_from_rear_m * sin(p.heading_rad);
        yaw += sin(p.heading_rad - yaw) / length;
        if (q < car->q_m || i % EVERY != 0) continue;
        bt_lane_point behind = bt_itinerary_at(g, &car->way, q + v->hitch_from_rear_m - length);
        double out = hypot(x - length * cos(yaw) - behind.x_m, y - length * sin(yaw) - behind.y_m);
        if (out > OUT_M) boxes[count++] = box_of(v, x, y, yaw, p.z_m);
    }
    return count;
}

static bool box_free(const bt_traffic *t, const bt_footprint *box, uint32_t own)
{
    double reach = t->radius_max_m + box->half_length_m;
    bt_grid *grid = &t->round->grid;
    bt_grid_begin(grid);
    bt_grid_gather(grid, box->x_m - reach, box->y_m - reach, box->x_m + reach, box->y_m + reach);
    for (uint32_t i = 0; i < grid->found_count; i++) {
        const bt_obstacle *o = &t->obstacles[grid->found[i]];
        if (o->part == BT_PART_SWEEP || o->actor == own || o->speed_m_s > MOVES_OFF_M_S) continue;
        if (bt_footprint_overlap(box, &o->box)) return false;
    }
    return true;
}

bool bt_traffic_sweep_free(const bt_traffic *t, uint32_t index, double to_q_m)
{
    const bt_vehicle *v = &t->actors[t->car_actor[index]].vehicle;
    if (v->trailer_length_m <= 0.0) return true;
    bt_footprint boxes[BT_SWEEP_MAX];
    uint32_t count = bt_sweep_find(t->graph, v, &t->cars[index], to_q_m, boxes);
    for (uint32_t b = 0; b < count; b++)
        if (!box_free(t, &boxes[b], t->car_actor[index])) return false;
    return true;
}
