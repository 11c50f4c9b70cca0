// road_make_lua.h: `road.make { kind = "rural", km = 3, seed = 7 }` for scenarios: a map made, not read.
//
// The call gives the table back, checked; the reader below turns it into a description where a scenario
// names its map. Keys: kind ("rural", "suburb", "downtown", "highway", "mixed"; mixed), seed (1), and either
// km (at least that much road in whole tiles, from the world's origin on; above 0 to 100; 5) or
// around = {x, y}: the tiles round any place of an endless world, radius (metres; 0 to 8000; 1500) away
// from the place's own tile at most (window.h). With endless = true such a window follows the ego (around: the
// world's origin unless said). In the place of kind and seed: folder, of a world that `blacktop road make --out DIR/`
// wrote; there is then a window always.
#ifndef BT_PROCEDURAL_ROADS_ROAD_MAKE_LUA_H
#define BT_PROCEDURAL_ROADS_ROAD_MAKE_LUA_H

#include "engine/script/script.h"
#include "procedural/roads/window.h"

#define BT_ROAD_MAKE_MAX_KM 100.0
#define BT_ROAD_MAKE_MAX_RADIUS_M 8000.0
#define BT_ROAD_MAKE_LEAST_REACH_M                                                                 \
    700.0 // of an endless world, so that the ego does not see its edge

// Sets the global table `road`.
void bt_road_make_open(bt_script *script);

typedef struct bt_road_make {
    bt_world_desc world;
    char folder[4096]; // of its tiles; "": they are made
    double km;         // 0: a window round the place below, or nothing asked for
    double x_m, y_m;   // of the window
    double radius_m;   // 0: no window
    bool endless;      // the window follows the ego
} bt_road_make;

// Reads and ends the opened child table; failures go up to its parent. `folder`: what its key `folder`, which the
// caller has read, stands for; "": it has none.
BT_CHECKED bt_status bt_road_make_read(bt_table *table, const char *folder, bt_road_make *make);

// The file's text; the caller frees it with bt_free.
BT_CHECKED bt_status bt_road_make_text(const bt_road_make *make, char **text, size_t *count);

#endif
