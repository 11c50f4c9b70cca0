// truck.h: a cab-over tractor unit with a box semi-trailer.
//
// Frame: ISO 8855 of the tractor, origin on the ground below its rear axle's centre. The trailer
// turns about the kingpin (channel HITCH), its wheels by SPIN_TRAILER. Two cuboids: truck and
// trailer. Sizes are those of bt_vehicle (engine/sim/sim.h): the trailer's box begins
// BT_TRUCK_TRAILER_NOSE_M ahead of the kingpin.
#ifndef BT_PROCEDURAL_TRUCK_H
#define BT_PROCEDURAL_TRUCK_H

#include "procedural/support/body.h"
#include "procedural/vehicles/coupled.h"

#define BT_TRUCK_TRAILER_NOSE_M 1.6 // as BT_TRAILER_NOSE_M in engine/sim/sim.h

typedef struct bt_truck_params {
    bt_coupled_sizes size; // tractor and trailer
    double cab_length_m, cab_height_m;
    double colour[3], trailer_colour[3]; // sRGB, 0 to 1
    uint64_t seed;
} bt_truck_params;

bt_truck_params bt_truck_defaults(void);
bt_truck_params bt_truck_random(uint64_t seed, uint64_t index); // colours
BT_CHECKED bt_status bt_truck_check(const bt_truck_params *params);
BT_CHECKED bt_status bt_truck_build(const bt_truck_params *params, bt_body **body);
BT_CHECKED bt_status bt_truck_generate(bt_spec *spec, const bt_truck_params *params,
                                       uint32_t *model);

#endif
