// bus_internal.h: what the files that make a bus share.
#ifndef BT_PROCEDURAL_BUS_INTERNAL_H
#define BT_PROCEDURAL_BUS_INTERNAL_H

#include "procedural/vehicles/bus.h"
#include "procedural/vehicles/truck_internal.h"

// One stiff body on wheels: all of a bus, or what is before or behind its joint.
typedef struct bt_bus_section {
    bt_car car;             // its `lower` shell is the section's skin
    double front_m, rear_m; // x in its part
    double axles[2];        // x of its wheels
    int axle_count;
    bool has_face, has_tail; // else: open towards the joint
} bt_bus_section;

typedef struct bt_bus {
    const bt_bus_params *params;
    bt_truck_params as_truck; // what the tools of trucks ask for
    bt_truck truck;
    bt_body *body;
} bt_bus;

// bus_shell.c: the skin with its windows, doors and arches, both halves.
void bt_bus_add_shell(bt_bus *bus, bt_bus_section *section);
// bus_parts.c: lamps, mirrors, what is inside; what a school bus has besides.
void bt_bus_add_front(bt_bus *bus, bt_bus_section *section);
void bt_bus_add_rear(bt_bus *bus, bt_bus_section *section);
void bt_bus_add_inside(bt_bus *bus, bt_bus_section *section);
void bt_bus_add_school(bt_bus *bus, bt_bus_section *section);

#endif
