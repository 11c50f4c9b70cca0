// swept.c: rolls a vehicle along a lane and notes where its bodies are.
#include "engine/sim/swept.h"

#include "engine/core/memory.h"
#include "engine/sim/sweep.h"

#include <math.h>

#define EVERY 2 // steps
#define STEP_M (BT_SWEPT_EVERY_M / EVERY)
#define LEAD_CAR_M 12.0 // of the way before, to settle
#define LEAD_LONG_M 35.0
#define SLOW_M_S 2.0
#define SWINGS_M                                                                                   \
    8.0 // so far before a junction a trailer's tractor begins to swing out, at its nose

static bt_status add_box(bt_swept *s, const bt_footprint *box, double at_m)
{
    bt_status status = BT_ARRAY_RESERVE(s->boxes, s->capacity, s->count + 1);
    if (status != BT_OK) return status;
    if (s->count == 0) s->bounds = BT_BOUNDS_NONE;
    bt_bounds_add(&s->bounds, box->x_m, box->y_m, box->half_length_m + box->half_width_m);
    s->boxes[s->count++] =
        (bt_swept_box){.box = *box,
                       .c = bt_cos(box->yaw_rad),
                       .s = bt_sin(box->yaw_rad),
                       .radius_m = bt_hypot(box->half_length_m, box->half_width_m),
                       .at_m = at_m};
    return BT_OK;
}

// ---- parts ------------------------------------------------------------------------------------
// Gottschalk, Lin, Manocha 1996, "OBBTree": one level of oriented boxes round boxes.
#define SLACK_M 1e-6 // for rounding

static uint32_t part_count(const bt_swept *s)
{
    return (s->count + BT_SWEPT_PART - 1) / BT_SWEPT_PART;
}

static bt_swept_box part_round(const bt_swept_box *boxes, uint32_t count)
{
    bt_swept_box part = boxes[count / 2];
    double low[2] = {1e300, 1e300}, high[2] = {-1e300, -1e300};
    for (uint32_t i = 0; i < count; i++) {
        const bt_swept_box *b = &boxes[i];
        double dx = b->box.x_m - part.box.x_m, dy = b->box.y_m - part.box.y_m;
        double c = fabs(part.c * b->c + part.s * b->s), s = fabs(part.c * b->s - part.s * b->c);
        double at[2] = {dx * part.c + dy * part.s, dy * part.c - dx * part.s};
        double half[2] = {b->box.half_length_m * c + b->box.half_width_m * s + SLACK_M,
                          b->box.half_length_m * s + b->box.half_width_m * c + SLACK_M};
        for (int k = 0; k < 2; k++) {
            low[k] = bt_min(low[k], at[k] - half[k]);
            high[k] = bt_max(high[k], at[k] + half[k]);
        }
        part.box.z_low_m = bt_min(part.box.z_low_m, b->box.z_low_m);
        part.box.z_high_m = bt_max(part.box.z_high_m, b->box.z_high_m);
    }
    double along = 0.5 * (low[0] + high[0]), across = 0.5 * (low[1] + high[1]);
    part.box.x_m += along * part.c - across * part.s;
    part.box.y_m += along * part.s + across * part.c;
    part.box.half_length_m = 0.5 * (high[0] - low[0]);
    part.box.half_width_m = 0.5 * (high[1] - low[1]);
    part.radius_m = bt_hypot(part.box.half_length_m, part.box.half_width_m);
    return part;
}

static bt_status find_parts(bt_swept *s)
{
    bt_free(s->parts);
    s->parts = bt_alloc(part_count(s), sizeof *s->parts);
    if (!s->parts) return bt_fail(BT_ERR_MEMORY, "no memory for what is swept");
    for (uint32_t i = 0; i < part_count(s); i++) {
        uint32_t first = i * BT_SWEPT_PART, left = s->count - first;
        s->parts[i] = part_round(s->boxes + first, left < BT_SWEPT_PART ? left : BT_SWEPT_PART);
    }
    return BT_OK;
}

// ---- what touches -----------------------------------------------------------------------------
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
    uint32_t end;
    for (uint32_t k = from; k < s->count; k = end) {
        uint32_t part = k / BT_SWEPT_PART;
        end = (part + 1) * BT_SWEPT_PART;
        if (!touch(&s->parts[part], box)) continue;
        for (; k < end && k < s->count; k++)
            if (touch(&s->boxes[k], box)) return k;
    }
    return s->count;
}

bool bt_swept_near(const bt_swept *s, const bt_swept_box *box)
{
    for (uint32_t i = 0; i < part_count(s); i++)
        if (touch(&s->parts[i], box)) return true;
    return false;
}

// ---- rolling ----------------------------------------------------------------------------------
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
    if (status == BT_OK) status = roll_along(g, v, &plan, here, room_m, beside_m, false, swept);
    return status == BT_OK ? find_parts(swept) : status;
}

void bt_swept_clear(bt_swept *swept)
{
    bt_free(swept->boxes);
    bt_free(swept->parts);
    *swept = (bt_swept){0};
}
