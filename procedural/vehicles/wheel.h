// wheel.h: a road wheel: tyre with grooves, rim with spokes or steel disc with cap, brake disc.
//
// Its own frame: axle along y, outer face towards +y, centre at the origin.
#ifndef BT_PROCEDURAL_WHEEL_H
#define BT_PROCEDURAL_WHEEL_H

#include "procedural/support/body.h"

typedef struct bt_wheel_params {
    double radius_m, width_m, rim_radius_m;
    unsigned spokes;
    bool steel;        // pressed disc with holes instead of spokes
    bool truck;        // deep dish, ribbed tread, many nuts
    unsigned segments; // of the tyre; 0: 48
} bt_wheel_params;

typedef struct bt_wheel_slots {
    uint8_t rubber, rim, dark, disc, nut;
} bt_wheel_slots;

void bt_wheel_build(bt_mesh_builder *mesh, const bt_wheel_params *params,
                    const bt_wheel_slots *slots);

// The swing arm that a wheel's hub hangs on, turned by the channel of its travel. `at` is where the
// hub's centre is in the body and becomes where it is on the arm.
uint32_t bt_vehicle_add_arm(bt_body *body, uint32_t parent, const char *hub, bt_channel travel,
                            bt_pose *at);

#endif
