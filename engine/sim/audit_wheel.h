// audit_wheel.h: how far a wheel is off the road, asked of the road itself and not of what moves the wheel (contact.h), so that
// the audit can find that wrong.
#ifndef BT_SIM_AUDIT_WHEEL_H
#define BT_SIM_AUDIT_WHEEL_H

#include "engine/sim/contact.h"

// By how many metres the tread of a wheel of a body at a pose, lowest at `foot`, is off the surface or in it where it is
// nearest or deepest, all of its round looked at; 0: no road there. Pure; any thread.
double bt_wheel_off_road(const bt_road_network *net, bt_vec3 foot, const bt_pose *body,
                         double steer_rad, const bt_wheel_shape *shape);

#endif
