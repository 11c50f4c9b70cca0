// vehicle_body_lua.h: the body of a vehicle from its sheet (assets/vehicles/*.lua).
//
// A sheet returns { name = ..., dynamics = {...}, body = {...}, source = "..." }. `dynamics` belongs
// to engine/sim; from it the body takes its sizes: length_m, width_m, height_m, wheelbase_m,
// rear_overhang_m, track_m, wheel_radius_m and, for a truck, trailer_length_m, hitch_from_rear_m,
// trailer_wheelbase_m, trailer_axles, trailer_axle_gap_m, trailer_track_m. `body`:
//
//   kind    "hatch" "sedan" "wagon" "suv" "van" "pickup" "truck" "bus" "school_bus"; "bicycle", with
//           the rider of `dynamics`' rider_height_m, its frame of the colour
//   colour  {r, g, b}, sRGB 0..1; absent: the caller's
//   grille  "trapezoid" "slim" "frame" "tall"; lamps "swept" "slim" "block" "large";
//   tails   "swept" "deck" "slim" "upright" "pillar"
//   beacons "none" "blue" "red_blue": flashing lamps on the roof of a car or van; stripe {r, g, b}: a band along it
//   other fields of bt_car_params (car.h), bt_truck_params (truck.h) or bt_bus_params (bus.h) by name; absent: those of the
//   kind, scaled to the sheet's sizes.
#ifndef BT_PROCEDURAL_VEHICLE_BODY_LUA_H
#define BT_PROCEDURAL_VEHICLE_BODY_LUA_H

#include "engine/script/script.h"
#include "procedural/gear/gear_body.h"
#include "procedural/vehicles/bus.h"
#include "procedural/vehicles/car.h"
#include "procedural/vehicles/truck.h"

typedef enum bt_body_form { BT_FORM_CAR, BT_FORM_TRUCK, BT_FORM_BUS, BT_FORM_BICYCLE } bt_body_form;

typedef struct bt_vehicle_body {
    bt_body_form form; // which of these it is
    bt_car_params car;
    bt_truck_params truck;
    bt_bus_params bus;
    bt_gear_params bicycle;
    bool has_colour; // the sheet names one
} bt_vehicle_body;

// Reads the sheet's table at the stack index; `source` is its file's name, for messages.
BT_CHECKED bt_status bt_vehicle_body_read(lua_State *lua, int index, const char *source,
                                          bt_vehicle_body *body);
// Runs the sheet at `path` in a script of its own and reads it; sheets may `require` others from the roots.
BT_CHECKED bt_status bt_vehicle_body_load(const char *path, const char *const *roots,
                                          size_t root_count, bt_vehicle_body *body);

// What the body is called in labels: BT_CLASS_CAR, _TRUCK, _BUS or _BICYCLE.
bt_class bt_vehicle_body_class(const bt_vehicle_body *body);
// The paint that a caller may change.
double *bt_vehicle_body_paint(bt_vehicle_body *body);
// Paint and details as one meets them, from (seed, index); a colour in the sheet stays.
void bt_vehicle_body_vary(bt_vehicle_body *body, uint64_t seed, uint64_t index);
BT_CHECKED bt_status bt_vehicle_body_generate(bt_spec *spec, const bt_vehicle_body *body,
                                              uint32_t *model);

#endif
