// windshield_lua.h: windshield sheets as Lua tables.
//
// A sheet file returns a table with the sections of windshield.h; a parameter is a plain value (counts
// as guessed) or { value = , from = , source = } as in camera sheets. Besides the numbers:
//
//   name, description
//   pane.anchor_m      { value = { x, y, z } } in the vehicle frame; without it the pane is placed by
//                      pane.distance_m along the camera's axis
//   glass.transmission { wavelength_nm = {...}, value = {...} }: internal, straight through
//   glass.sellmeier    { value = { B1, C1, B2, C2, B3, C3 } } in place of index and abbe
//   film.model         'harvey' or 'abg'
//   wiper.arcs         up to two { pivot_m = { u, v }, radius_min_m, radius_max_m, from_deg, to_deg }
//   wiper.from, .source  where the arcs come from
#ifndef BT_CAMERA_OPTICS_WINDSHIELD_LUA_H
#define BT_CAMERA_OPTICS_WINDSHIELD_LUA_H

#include "engine/script/script.h"
#include "sensors/camera/optics/windshield.h"

// Runs a sheet file (found as bt_script_find_file finds it) in a script of its own, reads and checks
// it.
BT_CHECKED bt_status bt_windshield_load(const char *name, const char *const *roots,
                                        size_t root_count, bt_windshield *shield);
// Reads a sheet that is a table already; ends the table.
BT_CHECKED bt_status bt_windshield_read(bt_table *table, bt_windshield *shield);

#endif
