// gear_internal.h: what the files that make gear share.
#ifndef BT_PROCEDURAL_GEAR_INTERNAL_H
#define BT_PROCEDURAL_GEAR_INTERNAL_H

#include "procedural/gear/gear_body.h"
#include "procedural/mesh_shapes.h"

typedef struct bt_gear_maker {
    const bt_gear_params *params;
    bt_gear gear;
    bt_body *body;
    bt_person_parts person;
    uint8_t paint, rubber, alloy, black, cloth, skin;
    uint8_t reflector_clear, reflector_red, reflector_amber;
} bt_gear_maker;

typedef struct bt_gear_wheel {
    double radius_m, tyre_m; // tyre: radius of its section
    unsigned spokes;         // 0: a disc
    bool ring;               // reflects from its sides
} bt_gear_wheel;

// Wheels turn about +y in their part's frame.
void bt_gear_add_wheel(bt_gear_maker *m, uint32_t part, const bt_gear_wheel *wheel);
// A round bar; an upright one of `half` to both sides.
void bt_gear_add_bar(bt_gear_maker *m, uint32_t part, uint8_t slot, bt_vec3 from, bt_vec3 to,
                     double radius_m);
void bt_gear_add_block(bt_gear_maker *m, uint32_t part, uint8_t slot, bt_vec3 middle, bt_vec3 size,
                       double round_m);
// A lamp as a part of its own, shining to the front or the rear.
void bt_gear_add_lamp(bt_gear_maker *m, uint32_t parent, bool rear, bt_vec3 at, double radius_m);
// A joint of a wheel with its keypoint.
uint32_t bt_gear_add_axle(bt_gear_maker *m, const char *name, uint32_t parent, bt_vec3 at,
                          bt_channel spin);
// What turns with the bar: about an axis through `at`.
uint32_t bt_gear_add_steering(bt_gear_maker *m, bt_vec3 at, bt_vec3 axis);

void bt_gear_add_bicycle(bt_gear_maker *m);
void bt_gear_add_scooter(bt_gear_maker *m);
void bt_gear_add_wheelchair(bt_gear_maker *m);
void bt_gear_add_stroller(bt_gear_maker *m);
void bt_gear_add_cane(bt_gear_maker *m); // either

#endif
