// person_internal.h: what the files that make a person share.
#ifndef BT_PROCEDURAL_PERSON_INTERNAL_H
#define BT_PROCEDURAL_PERSON_INTERNAL_H

#include "procedural/people/person.h"
#include "procedural/support/limb.h"

#define BT_PERSON_SEGMENTS 20u

typedef struct bt_person_slots {
    uint8_t skin, hair, top, legs, shoes, shirt, bag;
} bt_person_slots;

typedef struct bt_person {
    const bt_person_params *params;
    bt_body *body;
    bt_person_slots slots;
    double h, g;  // height, girth scale (metres per unit of the average body's girths)
    double hip_z; // hip joints above the ground
    double shoulder_z, neck_z;
    uint32_t pelvis, spine, head;
} bt_person;

void bt_person_add_torso(bt_person *p);
void bt_person_add_legs(bt_person *p);
void bt_person_add_arms(bt_person *p);
void bt_person_add_head(bt_person *p);

#endif
