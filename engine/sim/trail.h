// trail.h: the last metres that a vehicle has come, so that it can go back the same way.
//
// A way that wheels and trailer have followed forwards can be followed backwards, with the steering that they had:
// whoever backs up over its own trail needs no room but what it came over, and no trailer folds.
//
// Plain data inside the state: copied with it.
#ifndef BT_SIM_TRAIL_H
#define BT_SIM_TRAIL_H

#include <stdint.h>

#define BT_TRAIL_POINTS 32
#define BT_TRAIL_STEP_M 0.5 // between points

// Where it was: as in bt_car.
typedef struct bt_trail_point {
    double x_m, y_m, yaw_rad, q_m, aside_m, steer_rad, hitch_rad;
} bt_trail_point;

// A stack of places; the oldest are forgotten.
typedef struct bt_trail {
    bt_trail_point points[BT_TRAIL_POINTS];
    uint32_t count;
    uint32_t top; // of the points, the place of the newest
} bt_trail;

// Leaves a point, if it is a step from the newest.
void bt_trail_leave(const bt_trail_point *here, bt_trail *trail);
// Goes back by way_m at most; gives how far it went: less, at the trail's end.
double bt_trail_go_back(double way_m, bt_trail_point *here, bt_trail *trail);

#endif
