// bus.h: buses: a low-floor city bus, also with a second section behind a joint, and a school bus with a bonnet.
//
// Frame: ISO 8855, origin on the ground below the axle that bt_vehicle calls the rear one (of an articulated bus: the
// middle one). The rear section turns about the joint (channels HITCH, HITCH_PITCH), its wheels by SPIN_TRAILER; its box begins at the joint, as
// that of a trailer on a tow bar in engine/sim/sim.h. Doors are on the right.
//
// A school bus has four red lamps above its windows and a sign on its left side (channel STOP_ARM, with two lamps), lit by
// BT_LAMP_HALT_LEFT and BT_LAMP_HALT_RIGHT in turn.
#ifndef BT_PROCEDURAL_BUS_H
#define BT_PROCEDURAL_BUS_H

#include "procedural/support/body.h"
#include "procedural/vehicles/coupled.h"

typedef struct bt_bus_params {
    bt_coupled_sizes size; // front and rear section
    double bonnet_m;       // before the windscreen; 0: none
    double floor_m;        // above the ground
    double sill_m;         // lower edge of the windows
    bool school;           // red lamps, stop arm, rails along the sides
    double colour[3];      // sRGB, 0 to 1
    uint64_t seed;
} bt_bus_params;

bt_bus_params bt_bus_defaults(bool school);
BT_CHECKED bt_status bt_bus_check(const bt_bus_params *params);
BT_CHECKED bt_status bt_bus_build(const bt_bus_params *params, bt_body **body);
BT_CHECKED bt_status bt_bus_generate(bt_spec *spec, const bt_bus_params *params, uint32_t *model);

#endif
