// beacon.h: the bar with flashing lamps on the roof of emergency vehicles.
//
// Two lamps, left and right of the middle, lit by BT_LAMP_BEACON_LEFT and BT_LAMP_BEACON_RIGHT. Blue on both sides as
// in Europe (UN R65), or red on the left and blue on the right as on much of the police of the United States.
#ifndef BT_PROCEDURAL_BEACON_H
#define BT_PROCEDURAL_BEACON_H

#include "procedural/support/body.h"

typedef enum bt_beacon_kind { BT_BEACON_NONE, BT_BEACON_BLUE, BT_BEACON_RED_BLUE } bt_beacon_kind;

// `foot` is the middle of the bar's underside; the bar is width_m wide.
void bt_vehicle_add_beacons(bt_body *body, uint32_t parent, bt_vec3 foot, double width_m,
                            bt_beacon_kind kind);

#endif
