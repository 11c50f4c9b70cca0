// leg.h: a leg of a run: what is constant while its window of the world stays where it is: map, cast, scene,
// simulation, renderer. A run on a map that is whole has one leg; on an endless one the next begins when the
// ego has come near the window's edge.
//
// Ownership: the leg owns all it holds until bt_leg_clear. Threads: one.
#ifndef BT_APP_LEG_H
#define BT_APP_LEG_H

#include "engine/app/cast.h"
#include "engine/render/render.h"
#include "procedural/weather/precipitation.h"

typedef struct bt_leg_desc {
    const bt_scenario *scenario;
    const char *assets;
    bt_input_list *inputs;     // sheets that were read are added to it
    bt_vulkan *vulkan;         // NULL: light is traced on the CPU
    bool without_light;        // no surroundings, no world, no renderer: for rehearsals
    const bt_route_part *part; // of an endless world that the map is; NULL: it is all there is
} bt_leg_desc;

typedef struct bt_leg {
    bt_road_network *net;
    bt_cast cast;
    bt_world *world;
    bt_sim *sim;
    bt_renderer *renderer;
    bt_precipitation fall;
    uint32_t
        *origins; // (actors) who they were in the leg before, BT_SIM_NONE: nobody; NULL: the first
    uint32_t number;          // counts from 0
    double ground_z_m;        // where the ego began: fog lies by it
    double made_s;            // of processor, to prepare it
    double waited_s;          // for that
    bool ahead;               // it was prepared while the run went on
    struct bt_leg_site *site; // what it needs until it begins; NULL then
} bt_leg;

// The first leg, on this map, which becomes the leg's even when this fails.
BT_CHECKED bt_status bt_leg_begin(const bt_leg_desc *desc, bt_road_network *net, bt_leg *leg);
// The next leg on this map (likewise), ahead of time: all of it that does not depend on who will be on it and when it
// begins. along_m: about where on its way the ego will be then; fine detail lies from there on. Reads `before` and
// nothing of it that changes, so that it may be done on another thread while the run goes on; stops when that is
// asked to (engine/core/task.h).
BT_CHECKED bt_status bt_leg_prepare(const bt_leg_desc *desc, bt_road_network *net,
                                    const bt_leg *before, double along_m, bt_leg *leg);
// A leg that was prepared, by the same desc, begins: with the state with which it goes on from that of the one before.
// Both legs can be used from then on, each with its own state. The story goes on with the next: its player, which stays
// the property of `before`, is on the next one's map even when this fails.
BT_CHECKED bt_status bt_leg_follow(const bt_leg_desc *desc, const bt_leg *before,
                                   const bt_state *state, bt_leg *leg, bt_state **next);
// Logs that the run is on this leg now, for which it stood still so long.
void bt_leg_report(const bt_leg *leg, const bt_state *state, double stood_s);
void bt_leg_clear(bt_leg *leg); // an empty one is fine
// Without light what stands beside the road is not made, until somebody is about to leave it
// (bt_state_asks_for_standing): then it is found here, at the same places as with light, and the simulation told.
BT_CHECKED bt_status bt_leg_stand_late(const bt_leg_desc *desc, const bt_road_network *net,
                                       bt_sim *sim);

// The materials that bodies are made of.
BT_CHECKED bt_status bt_leg_add_materials(const char *assets, bt_input_list *inputs, bt_spec *spec);

#endif
