// gear_body.h: people with what they ride, push and lean on, one body each: bicycles, scooters, wheelchairs,
// strollers, walking sticks.
//
// Sizes and the frame are those of engine/sim/gear.h, by whose poses hands lie on grips and feet on pedals.
// Bicycles have what StVZO section 67 asks for (ISO 6742-2 likewise): a white lamp and reflector ahead, a red lamp and
// reflector behind, amber reflectors to both sides of the pedals, white rings on the tyres.
//
// Classes: who sits or stands on it is a rider, who walks a person; the rest is bicycle, scooter, wheelchair or
// stroller; sticks are their owner's. A ridden body has a cuboid round all and one round the rider, a stroller's
// one round who pushes and one round the stroller.
//
// A body is a pure function of the parameters.
#ifndef BT_PROCEDURAL_GEAR_BODY_H
#define BT_PROCEDURAL_GEAR_BODY_H

#include "engine/sim/gear.h"
#include "procedural/people/person.h"

typedef struct bt_gear_params {
    bt_gear_kind kind; // not NONE
    bt_person_params person;
    double colour[3]; // of frame or cloth, sRGB, 0 to 1
} bt_gear_params;

// As one meets them, from (seed, index).
bt_gear_params bt_gear_random(bt_gear_kind kind, uint64_t seed, uint64_t index);
// Of the whole: the gear's of what is ridden, else the person's.
bt_class bt_gear_class(bt_gear_kind kind);

BT_CHECKED bt_status bt_gear_body_check(const bt_gear_params *params);
BT_CHECKED bt_status bt_gear_body_build(const bt_gear_params *params, bt_body **body);
BT_CHECKED bt_status bt_gear_body_generate(bt_spec *spec, const bt_gear_params *params,
                                           uint32_t *model);

#endif
