// touch.h: where two boxes that overlap in plan have met: the point, the direction, how deep, how long ago.
//
// The axis on which they came to overlap last is that on which they met (separating axes, moved back at the speeds of
// now); of those that have long been in each other, that on which they are least deep.
#ifndef BT_SIM_TOUCH_H
#define BT_SIM_TOUCH_H

#include "engine/sim/impact.h"
#include "engine/sim/sim.h"

typedef struct bt_touch {
    double x_m, y_m; // middle of what both cover
    double nx, ny;   // from the first to the second
    double depth_m;
    double ago_s; // since they met, when that was within the time asked for; else 0
} bt_touch;

// False: they do not overlap. within_s: in how long they may have met.
bool bt_touch_find(const bt_footprint *a, const bt_footprint *b, const bt_impact_body *body_a,
                   const bt_impact_body *body_b, double within_s, bt_touch *touch);

#endif
