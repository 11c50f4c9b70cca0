// swept.c: rolls a vehicle along a lane and notes where its bodies are.
#include "engine/sim/swept.h"

#include "engine/core/memory.h"
#include "engine/sim/sweep.h"

#include <math.h>

#define STEP_M 0.5
#define EVERY 2         // steps
#define LEAD_CAR_M 12.0 // of the way before, to settle
#define LEAD_LONG_M 35.0
#define SLOW_M_S 2.0
#define SWINGS_M                                                                                   \
    8.0 // so far before a junction a trailer's tractor begins to swing out, at its nose

bool bt_bounds_meet(const bt_bounds *a, const bt_bounds *b)
{
    return a->x0_m < b->x1_m && b->x0_m < a->x1_m && a->y0_m < b->y1_m && b->y0_m < a->y1_m;
}

void bt_bounds_add(bt_bounds *b, double x_m, double y_m, double reach_m)
{
    b->x0_m = fmin(b->x0_m, x_m - reach_m);
    b->y0_m = fmin(b->y0_m, y_m - reach_m);
    b->x1_m = fmax(b->x1_m, x_m + reach_m);
    b->y1_m = fmax(b->y1_m, y_m + reach_m);
}

static bt_bounds bounds_of(const bt_swept_box *b)
{
    bt_bounds bounds = BT_BOUNDS_NONE;
    bt_bounds_add(&bounds, b->box.x_m, b->box.y_m, b->box.half_length_m + b->box.half_width_m);
    return bounds;
}

static bt_status add_box(bt_swept *s, const bt_footprint *box, double at_m)
{
    uint32_t part = s->count / BT_SWEPT_PART;
    bt_status status = BT_ARRAY_RESERVE(s->boxes, s->capacity, s->count + 1);
    if (status == BT_OK) status = BT_ARRAY_RESERVE(s->parts, s->part_capacity, part + 1);
    if (status != BT_OK) return status;
    double reach = box->half_length_m + box->half_width_m;
    if (s->count == 0) s->bounds = BT_BOUNDS_NONE;
    if (s->count % BT_SWEPT_PART == 0) s->parts[part] = BT_BOUNDS_NONE;
    bt_bounds_add(&s->bounds, box->x_m, box->y_m, reach);
    bt_bounds_add(&s->parts[part], box->x_m, box->y_m, reach);
    s->boxes[s->count++] = (bt_swept_box){.box = *box,
                                          .c = cos(box->yaw_rad),
                                          .s = sin(box->yaw_rad),
                                          .radius_m = hypot(box->half_length_m, box->half_width_m),
                                          .at_m = at_m};
    return BT_OK;
}

// Does an axis of a part them? turn: cosine and sine, without sign, of the angle between them.
static bool is_apart(const bt_swept_box *a, const bt_swept_box *b, double dx, double dy,
                     const double turn[2])
{
    double l = b->box.half_length_m, w = b->box.half_width_m;
    return fabs(dx * a->c + dy * a->s) > a->box.half_length_m + l * turn[0] + w * turn[1] ||
           fabs(-dx * a->s + dy * a->c) > a->box.half_width_m + l * turn[1] + w * turn[0];
}

static bool touch(const bt_swept_box *a, const bt_swept_box *b)
{
    double dx = b->box.x_m - a->box.x_m, dy = b->box.y_m - a->box.y_m;
    double reach = a->radius_m + b->radius_m;
    if (dx * dx + dy * dy > reach * reach) return false;
    if (a->box.z_low_m > b->box.z_high_m || b->box.z_low_m > a->box.z_high_m) return false;
    const double turn[2] = {fabs(a->c * b->c + a->s * b->s), fabs(a->c * b->s - a->s * b->c)};
    return !is_apart(a, b, dx, dy, turn) && !is_apart(b, a, dx, dy, turn);
}

uint32_t bt_swept_find(const bt_swept *s, const bt_swept_box *box, uint32_t from)
{
    const bt_bounds round = bounds_of(box);
    uint32_t end;
    if (s->count == 0 || !bt_bounds_meet(&s->bounds, &round)) return s->count;
    for (uint32_t k = from; k < s->count; k = end) {
        uint32_t part = k / BT_SWEPT_PART;
        end = (part + 1) * BT_SWEPT_PART;
        if (!bt_bounds_meet(&s->parts[part], &round)) continue;
        for (; k < end && k < s->count; k++)
            if (touch(&s->boxes[k], box)) return k;
    }
    return s->count;
}

// The lanes before, here and after; gives how many, and which of them is here.
static uint32_t lanes_along(const bt_lane_graph *g, uint32_t lane, uint32_t lanes[3],
                            uint32_t *here)
{
    uint32_t count = 0, before;
    bool led_onto = bt_lane_predecessors(g->net, lane, &before, 1) > 0 && before != lane &&
                    bt_lane_graph_rideable(g, before);
    if (led_onto) lanes[count++] = before;
    *here = count;
    lanes[count++] = lane;
    const bt_lane_path *path = &g->lanes[lane];
    if (path->next_count > 0) lanes[count++] = g->nexts[path->first_next];
    return count;
}

// As fast as the bend lets it, or slowly.
static double pace(const bt_lane_graph *g, const bt_car *car, bool slow)
{
    return slow ? SLOW_M_S : fmax(SLOW_M_S, bt_itinerary_at(g, &car->way, car->q_m).speed_m_s);
}

static bt_status roll_along(const bt_lane_graph *g, const bt_vehicle *v, const bt_plan *plan,
                            uint32_t here, double room_m, double beside_m, bool slow,
                            bt_swept *swept)
{
    double lead = bt_vehicle_has_trailer(v) ? LEAD_LONG_M : LEAD_CAR_M;
    double length = g->lanes[plan->lanes[0]].length_m;
    bt_car car = {0};
    double from = here > 0 ? fmax(0.0, length - lead) : 0.0;
    bt_itinerary_init(&car.way, plan->lanes[0], from, 0, plan);
    bt_itinerary_advance(g, plan, &car.way, 0.0, 1e6);
    bt_car_init(g, v, SLOW_M_S, &car);
    double begin = bt_itinerary_start(&car.way, here);
    bool junction = g->lanes[plan->lanes[here]].junction != BT_ROAD_NONE;
    double before_m = junction && bt_vehicle_has_trailer(v) ? SWINGS_M : 0.0;
    double end = begin + g->lanes[plan->lanes[here]].length_m + car.q_m - bt_car_rear(v, &car);
    bt_status status = BT_OK;
    for (uint32_t i = 0; car.q_m < end && status == BT_OK; i++) {
        double before = car.q_m;
        bt_car_roll(g, v, STEP_M, fmin(pace(g, &car, slow), 30.0), &car);
        if (car.q_m <= before) break; // the map's kink holds it
        if (i % EVERY != 0 || bt_car_front(v, &car) < begin - before_m) continue;
        bt_footprint boxes[2];
        uint32_t count = bt_sweep_boxes(g, v, &car, room_m, beside_m, boxes);
        for (uint32_t k = 0; k < count && status == BT_OK; k++)
            status = add_box(swept, &boxes[k], car.q_m - begin);
    }
    return status;
}

bt_status bt_swept_add(const bt_lane_graph *g, const bt_vehicle *v, uint32_t lane, double room_m,
                       double beside_m, bt_swept *swept)
{
    uint32_t lanes[3], here;
    bt_plan plan = {.lanes = lanes, .count = lanes_along(g, lane, lanes, &here), .goal_d_m = 1e9};
    bt_status status = roll_along(g, v, &plan, here, room_m, beside_m, true, swept);
    return status == BT_OK ? roll_along(g, v, &plan, here, room_m, beside_m, false, swept) : status;
}

void bt_swept_clear(bt_swept *swept)
{
    bt_free(swept->boxes);
    bt_free(swept->parts);
    *swept = (bt_swept){0};
}
