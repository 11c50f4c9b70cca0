// road_make_lua.h: `road.make { kind = "rural", km = 3, seed = 7 }` for scenarios: a map made, not read.
//
// The call gives the table back, checked; the reader below turns it into a world's description where
// a scenario names its map. Keys: kind ("rural", "suburb", "downtown", "mixed"; mixed), km (at least
// that much road in whole tiles; above 0 to 100; 5), seed (1).
#ifndef BT_PROCEDURAL_ROADS_ROAD_MAKE_LUA_H
#define BT_PROCEDURAL_ROADS_ROAD_MAKE_LUA_H

#include "engine/script/script.h"
#include "procedural/roads/world.h"

#define BT_ROAD_MAKE_MAX_KM 100.0

// Sets the global table `road`.
void bt_road_make_open(bt_script *script);

// Reads and ends the opened child table; failures go up to its parent.
BT_CHECKED bt_status bt_road_make_read(bt_table *table, bt_world_desc *world, double *km);

// The file's text; the caller frees it with bt_free.
BT_CHECKED bt_status bt_road_make_text(const bt_world_desc *world, double km, char **text,
                                       size_t *count);

#endif
