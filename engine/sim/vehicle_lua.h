// vehicle_lua.h: reads a vehicle's dynamics from its sheet (assets/vehicles/*.lua).
//
// A sheet is a file that returns { name = 'compact', source = '...', dynamics = { mass_kg = 1300,
// ... }, body = { ... } }. `dynamics` names the fields of bt_vehicle, all of them (the trailer's only
// when there is one); a missing, unknown or impossible value is an error that names it. `body` is
// for those who build the shape and is left alone here.
#ifndef BT_SIM_VEHICLE_LUA_H
#define BT_SIM_VEHICLE_LUA_H

#include "engine/script/script.h"
#include "engine/sim/sim.h"

// Reads name, source and dynamics of a sheet's table; the caller reads `body` and ends the table.
BT_CHECKED bt_status bt_vehicle_read(bt_table *sheet, bt_vehicle *vehicle);

// Runs a sheet in its own script (found below `roots` as scripts find files) and reads it.
BT_CHECKED bt_status bt_vehicle_load(const char *path, const char *const *roots, size_t root_count,
                                     bt_vehicle *vehicle);

#endif
