// trail.c: see trail.h.
#include "engine/sim/trail.h"

#include "engine/math/pose.h"

#include <math.h>

static double distance(const bt_trail_point *a, const bt_trail_point *b)
{
    return bt_hypot(b->x_m - a->x_m, b->y_m - a->y_m);
}

void bt_trail_leave(const bt_trail_point *here, bt_trail *trail)
{
    if (trail->count > 0 && distance(here, &trail->points[trail->top]) < BT_TRAIL_STEP_M) return;
    trail->top = (trail->top + 1) % BT_TRAIL_POINTS;
    trail->points[trail->top] = *here;
    if (trail->count < BT_TRAIL_POINTS) trail->count++;
}

static bt_trail_point between(const bt_trail_point *a, const bt_trail_point *b, double share)
{
    double turn = bt_wrap_angle(b->yaw_rad - a->yaw_rad);
    return (bt_trail_point){.x_m = bt_lerp(a->x_m, b->x_m, share),
                            .y_m = bt_lerp(a->y_m, b->y_m, share),
                            .yaw_rad = bt_wrap_angle(a->yaw_rad + share * turn),
                            .q_m = bt_lerp(a->q_m, b->q_m, share),
                            .aside_m = bt_lerp(a->aside_m, b->aside_m, share),
                            .steer_rad = bt_lerp(a->steer_rad, b->steer_rad, share),
                            .hitch_rad = bt_lerp(a->hitch_rad, b->hitch_rad, share)};
}

double bt_trail_go_back(double way_m, bt_trail_point *here, bt_trail *trail)
{
    double left = way_m;
    while (trail->count > 0) {
        const bt_trail_point *to = &trail->points[trail->top];
        double way = distance(here, to);
        if (left < way) {
            *here = between(here, to, left / way);
            return way_m;
        }
        *here = *to;
        left -= way;
        trail->top = (trail->top + BT_TRAIL_POINTS - 1) % BT_TRAIL_POINTS;
        trail->count--;
    }
    return way_m - left;
}
