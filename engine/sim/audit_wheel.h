// audit_wheel.h: how far a wheel is off the road, asked of the road itself and not of what moves the wheel (contact.h), so that
// the audit can find that wrong.
#ifndef BT_SIM_AUDIT_WHEEL_H
#define BT_SIM_AUDIT_WHEEL_H

#include "engine/sim/contact.h"

// A wheel where it is: with a flat tread, or a round one that may lean.
typedef struct bt_wheel_disc {
    bt_vec3 foot; // a radius below its hub
    bt_vec3 ahead, left,
        up; // world; ahead in its plane, left along its axle, up from its foot to its hub
    bt_wheel_shape shape;
    double section_m; // radius of the tyre's round section; 0: it is flat
} bt_wheel_disc;

// By how many metres the tread of a wheel is off the surface or in it where it is nearest or deepest, all of its round
// looked at; 0: no road there. Pure; any thread.
double bt_wheel_off_road(const bt_road_network *net, const bt_wheel_disc *wheel);

#endif
