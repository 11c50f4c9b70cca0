// truck_internal.h: what the files that make a truck share.
#ifndef BT_PROCEDURAL_TRUCK_INTERNAL_H
#define BT_PROCEDURAL_TRUCK_INTERNAL_H

#include "procedural/vehicles/car_internal.h"
#include "procedural/vehicles/truck.h"
#include "procedural/vehicles/wheel.h"

typedef struct bt_truck {
    const bt_truck_params *params;
    bt_car_params as_car; // what the tools of cars ask for: seed, colour
    bt_car cab;           // its `lower` shell is the whole cab
    bt_body *body;
    double front_m, cab_back_m;
    uint32_t trailer; // joint
} bt_truck;

void bt_truck_shape_cab(bt_truck *truck);
void bt_truck_cut_cab(bt_truck *truck); // left half
void bt_truck_add_cab_inside(bt_truck *truck);
void bt_truck_add_chassis(bt_truck *truck); // whole
void bt_truck_add_wheels(bt_truck *truck);
void bt_truck_add_trailer(bt_truck *truck);

// A sheet bent over a wheel.
void bt_truck_add_mudguard(bt_mesh_builder *mesh, bt_vec3 centre, double radius, double half_width);

// A box given by its corners.
void bt_truck_box(bt_mesh_builder *mesh, bt_vec3 low, bt_vec3 high, double radius);

#endif
