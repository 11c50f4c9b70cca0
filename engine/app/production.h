// production.h: everything a run needs, built from a scenario: map, world, simulation, renderer,
// cameras, autopilot.
//
// Ownership: the production owns all; bt_production_clear frees it in reverse order. Threads: one.
#ifndef BT_APP_PRODUCTION_H
#define BT_APP_PRODUCTION_H

#include "engine/app/ahead.h"
#include "engine/app/assets.h"
#include "engine/app/drive.h"
#include "engine/app/lead.h"
#include "engine/app/leg.h"
#include "engine/app/scenario.h"

typedef struct bt_production {
    char *map_text; // the .xodr file as read
    size_t map_bytes;
    bt_road_network *net;    // as loaded; NULL when it has become the first leg's
    bt_world_folder *folder; // of the tiles that follow; NULL: they are made
    bt_window *window;       // of an endless world that follows the ego; NULL: the map is whole
    bt_route_part part;      // of that world
    bt_ahead ahead;          // the next one
    char *map_json;          // of the leg's lanes, for whoever takes it; NULL: not known
    size_t map_json_bytes;
    bool looked;       // for where that will be, in this leg
    bt_vulkan *vulkan; // NULL: light is traced on the CPU
    bt_leg leg;        // at present
    bt_autopilot *autopilot;
    bt_camera_sheet *sheets; // (camera_count)
    bt_drive_camera cameras[BT_SCENARIO_MAX_CAMERAS];
    uint32_t camera_count;
    bool has_goal;
    double goal_m;        // along the ego's way; 0: where that ends
    bt_lead lead;         // its player and list are the leg's
    bt_input_list inputs; // hashes of every file read but scenario and map
} bt_production;

typedef struct bt_production_desc {
    const bt_scenario *scenario;
    const char *assets;
    const char *camera_list;      // names with commas; NULL: all
    const char *autopilot;        // instead of the scenario's; NULL: that
    uint32_t width_px, height_px; // 0: the scenario's or the sheet's
    bool without_light;           // no cameras, no surroundings, no renderer: for rehearsals
    bool
        no_ahead; // the next window of an endless world is made when it is needed: in less memory, on no thread of its own
    bt_jobs *jobs;
} bt_production_desc;

BT_CHECKED bt_status bt_production_init(const bt_production_desc *desc, bt_production *production);
// The part that reads the map: its text and the network.
BT_CHECKED bt_status bt_production_load_map(const bt_production_desc *desc,
                                            bt_production *production);
// Called after each step, once the leg before is no longer needed: sees to it that the next window is made ahead, and moves
// there when the ego has come near this one's edge. Then *next is the state to go on with, in the
// production's leg, and *before is the leg until now, which the caller clears when it needs it no longer.
// Else *next is NULL. `desc` is the one that the production was made from.
BT_CHECKED bt_status bt_production_follow(const bt_production_desc *desc, bt_production *production,
                                          const bt_state *state, bt_leg *before, bt_state **next);
void bt_production_clear(bt_production *production);

#endif
