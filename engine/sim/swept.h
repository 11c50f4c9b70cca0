// swept.h: the ground that a vehicle sweeps as it goes along a lane: its bodies every metre, as its driver
// steers (car.h), slowly and as fast as the bend lets it; the trailer's axle follows the hitch without slip.
//
// Found once per lane and kind of body while compiling, for lane_conflict.h.
#ifndef BT_SIM_SWEPT_H
#define BT_SIM_SWEPT_H

#include "engine/math/pose.h"
#include "engine/sim/car.h"

// One body on the way: of the vehicle, or of its trailer.
typedef struct bt_swept_box {
    bt_footprint box;
    double c, s, radius_m; // of its course; round it
    double at_m;           // rear axle, from where the lane begins; noses are there before
} bt_swept_box;

typedef struct bt_bounds {
    double x0_m, y0_m, x1_m, y1_m;
} bt_bounds;

#define BT_SWEPT_EVERY_M 1.0 // between two bodies
#define BT_SWEPT_PART 16u    // boxes
typedef struct bt_swept {
    bt_swept_box *boxes; // (count), by at_m for each pace
    bt_swept_box *parts; // one round each BT_SWEPT_PART boxes, along the middle one
    bt_bounds bounds;    // round all
    uint32_t count;
    size_t capacity;
} bt_swept;

// Adds what a vehicle sweeps from where its nose comes onto a lane until its tail has left it, `room_m`
// wider and longer on each side. *swept may be zeroed. beside_m > 0: only bodies whose axle or nose leaves the
// way by more.
BT_CHECKED bt_status bt_swept_add(const bt_lane_graph *graph, const bt_vehicle *vehicle,
                                  uint32_t lane, double room_m, double beside_m, bt_swept *swept);
void bt_swept_clear(bt_swept *swept); // zeroed is fine
// The first box from number `from` on that another one touches (as bt_footprint_overlap); count: none does.
uint32_t bt_swept_find(const bt_swept *swept, const bt_swept_box *box, uint32_t from);
// false: none of its boxes touches this one.
bool bt_swept_near(const bt_swept *swept, const bt_swept_box *box);

#define BT_BOUNDS_NONE ((bt_bounds){1e300, 1e300, -1e300, -1e300})

static inline void bt_bounds_add(bt_bounds *b, double x_m, double y_m, double reach_m)
{
    b->x0_m = bt_min(b->x0_m, x_m - reach_m);
    b->y0_m = bt_min(b->y0_m, y_m - reach_m);
    b->x1_m = bt_max(b->x1_m, x_m + reach_m);
    b->y1_m = bt_max(b->y1_m, y_m + reach_m);
}

static inline bool bt_bounds_meet(const bt_bounds *a, const bt_bounds *b)
{
    return a->x0_m < b->x1_m && b->x0_m < a->x1_m && a->y0_m < b->y1_m && b->y0_m < a->y1_m;
}

#endif
