// vehicle_body_lua.h: the body of a vehicle from its sheet (assets/vehicles/*.lua).
//
// A sheet returns { name = ..., dynamics = {...}, body = {...}, source = "..." }. `dynamics` belongs
// to engine/sim; from it the body takes its sizes: length_m, width_m, height_m, wheelbase_m,
// rear_overhang_m, track_m, wheel_radius_m and, for a truck, trailer_length_m, hitch_from_rear_m,
// trailer_wheelbase_m. `body`:
//
//   kind    "hatch" "sedan" "wagon" "suv" "van" "pickup" "truck"; "bicycle", with the rider of `dynamics`'
//           rider_height_m, its frame of the colour
//   colour  {r, g, b}, sRGB 0..1; absent: the caller's
//   grille  "trapezoid" "slim" "frame" "tall"; lamps "swept" "slim" "block" "large";
//   tails   "swept" "deck" "slim" "upright" "pillar"
//   other fields of bt_car_params (car.h) or bt_truck_params (truck.h) by name; absent: those of the
//   kind, scaled to the sheet's sizes.
#ifndef BT_PROCEDURAL_VEHICLE_BODY_LUA_H
#define BT_PROCEDURAL_VEHICLE_BODY_LUA_H

#include "engine/script/script.h"
#include "procedural/gear/gear_body.h"
#include "procedural/vehicles/car.h"
#include "procedural/vehicles/truck.h"

typedef struct bt_vehicle_body {
    bool is_truck, is_bicycle;
    bt_gear_params bicycle;
    bt_car_params car;
    bt_truck_params truck;
    bool has_colour; // the sheet names one
} bt_vehicle_body;

// Reads the sheet's table at the stack index; `source` is its file's name, for messages.
BT_CHECKED bt_status bt_vehicle_body_read(lua_State *lua, int index, const char *source,
                                          bt_vehicle_body *body);
// Runs the sheet at `path` in a script of its own and reads it.
BT_CHECKED bt_status bt_vehicle_body_load(const char *path, bt_vehicle_body *body);

// The paint's colour, sRGB.
double *bt_vehicle_body_colour(bt_vehicle_body *body);
// Paint and details as one meets them, from (seed, index); a colour in the sheet stays.
void bt_vehicle_body_vary(bt_vehicle_body *body, uint64_t seed, uint64_t index);
BT_CHECKED bt_status bt_vehicle_body_generate(bt_spec *spec, const bt_vehicle_body *body,
                                              uint32_t *model);

#endif
