// pass_internal.h: what passing (pass.c) asks about those who come towards it (oncoming.c).
#ifndef BT_SIM_PASS_INTERNAL_H
#define BT_SIM_PASS_INTERNAL_H

#include "engine/sim/decide_internal.h"

#define BT_PASS_SEES_M 300.0

// A plan to pass, or what is left of it.
typedef struct bt_pass_plan {
    double from_m, to_m, aside_m;
    double ramp_m, back_m; // as in the itinerary: how long the ways out and back are
    double time_s;         // until it is back
    bool in_lane;
} bt_pass_plan;

static inline double bt_pass_end(const bt_pass_plan *p)
{
    return p->to_m + p->back_m;
}

// What stays where it stands: parked, or wrecked.
bool bt_pass_is_parked(const bt_traffic *traffic, const bt_obstacle *obstacle);
// The way ahead without the pass, as far as matters, and a little behind.
void bt_pass_look_far(const bt_traffic *traffic, const bt_car *car, bt_view *view);
// Gathers all as far as matters in the round's grid.
void bt_pass_gather_far(const bt_traffic *traffic, const bt_car *car);
// Is the lane beside free for a whole pass that has not begun?
bool bt_pass_is_free(const bt_traffic *traffic, uint32_t index, const bt_view *view,
                     const bt_pass_plan *plan);
// Who is out in the lane beside and would meet somebody goes back into its own: behind whom it has not passed yet. Gives
// the acceleration for that; BT_FAR_M: none.
double bt_pass_give_way(const bt_traffic *traffic, uint32_t index);

#endif
