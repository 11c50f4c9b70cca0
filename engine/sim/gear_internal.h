// gear_internal.h: what sizes and limbs of gear share. Inside engine/sim.
#ifndef BT_SIM_GEAR_INTERNAL_H
#define BT_SIM_GEAR_INTERNAL_H

#include "engine/sim/gear.h"

#include <math.h>

#define BIKE_TOES_RAD (-0.22) // heel up
#define KICK_EVERY_M 2.2      // chosen
#define CHAIR_PUSH_M 1.05     // way of a push and the hands' return: about 1 s at usual speeds,
// hands on the rim for 65 to 80 degrees (Vanlandewijck 2001, from memory)

// The shoulders' height and place over hips, leaning.
static inline bt_gear_point bt_gear_shoulders(const bt_gear *g)
{
    double up = (BT_GAIT_SHOULDER - BT_GAIT_HIP) * g->height_m;
    double back = BT_GAIT_SHOULDER_BACK * g->height_m, c = bt_cos(g->lean_rad),
           s = bt_sin(g->lean_rad);
    return (bt_gear_point){g->hips.x_m + up * s - back * c, g->hips.z_m + up * c + back * s};
}

// From 0 to 1 without a jerk at either end.
static inline double bt_gear_eased(double u)
{
    return u * u * (3.0 - 2.0 * u);
}

#endif
