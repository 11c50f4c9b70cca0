// surroundings.h: everything around a road network: the ground up to the horizon, the road's own
// surface, plants, houses, street furniture, signal heads. One call after the materials are loaded, another for the
// signal heads when all other actors are there.
//
// A pure function of (network, params): the same ones give the same spec. What stands where follows
// from the network itself: road type, speed limit and lane types decide the land use (urban,
// residential, rural, motorway); objects and signals of the file are built at their places.
//
// Threads: one at a time per spec. Ownership: the result's arrays are the caller's, cleared with
// bt_surroundings_result_clear.
#ifndef BT_PROCEDURAL_SURROUNDINGS_H
#define BT_PROCEDURAL_SURROUNDINGS_H

#include "engine/road/road.h"
#include "engine/scene/spec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum bt_land_use {
    BT_LAND_AUTO, // from the network, road by road
    BT_LAND_URBAN,
    BT_LAND_RESIDENTIAL,
    BT_LAND_RURAL,
    BT_LAND_MOTORWAY,
} bt_land_use;

// What is loaded of a world that goes on, in whole square tiles. What stands in a tile is then the same whatever else
// is loaded, as far as it does not lie at the rim: draws follow the roads' ids instead of their order, grids are those
// of the world, and each tile has its own share of what a scene holds at most.
#define BT_SURROUNDINGS_MAX_TILES 33 // each way
typedef struct bt_surroundings_window {
    double low_x_m, low_y_m, high_x_m, high_y_m;
    double tile_m;
    bool built_up; // the world is a town's: fewer wild trees
    bool downtown; // and its middle, with towers here and there (skyline.h)
} bt_surroundings_window;

typedef struct bt_surroundings_params {
    uint64_t seed;
    double density;    // of plants, houses and furniture, 0.05 .. 2; 0: 1
    bt_land_use style; // for all roads; BT_LAND_AUTO: by the network
    // Where cameras will pass: fine detail (grass blades, fine ground) is spent within focus_radius_m
    // of these points, so that a long map stays bounded. None: over the whole network.
    const bt_vec3 *focus_world_m;
    size_t focus_count;
    double focus_radius_m; // 0: 120
    double far_radius_m;   // how far hills reach beyond the network; 0: 4000
    bool no_plants;        // leave out: for test tracks and fast tests
    bool no_buildings;
    bool
        only_standing; // what can be hit is wanted, nothing seen: no surfaces, no grass, no woods far away
    const bt_surroundings_window *window; // NULL: the network is all there is
} bt_surroundings_params;

// A signal head: the simulation drives its lamps (BT_LAMP_SIGNAL_RED, _AMBER, _GREEN).
typedef struct bt_signal_actor {
    uint32_t signal;          // index in the network
    uint32_t model, actor;    // indices in the spec; actor BT_NO_INDEX: it is none yet
    bt_pose world_from_actor; // it stands still; x out of its face
} bt_signal_actor;

// A place where a parked car would stand: on the ground, in the middle of the space, x forward.
typedef struct bt_parking_pose {
    bt_pose world_from_space;
    double length_m, width_m;
} bt_parking_pose;

typedef struct bt_surroundings_result {
    bt_signal_actor *signals; // one per dynamic signal, in signal order
    size_t signal_count;
    bt_parking_pose *parking; // suggestions, in a fixed order; taking every second one looks right
    size_t parking_count;
    struct bt_standing
        *standing; // (standing_count) what who leaves the road can hit; ids are objects of the spec
    size_t standing_count;
    // what was added to the spec
    size_t static_count; // instances
    size_t object_count; // things with an id in the instance image
} bt_surroundings_result;

// Fails (BT_ERR_INPUT) when a material it needs is not in the spec. On failure the result is empty;
// the spec may hold a part. `params` NULL: all defaults.
BT_CHECKED bt_status bt_surroundings_generate(bt_spec *spec, const bt_road_network *net,
                                              const bt_surroundings_params *params,
                                              bt_surroundings_result *result);
// The signal heads as actors of the spec, behind those that are there.
BT_CHECKED bt_status bt_surroundings_add_signals(bt_spec *spec, const bt_road_network *net,
                                                 bt_surroundings_result *result);
void bt_surroundings_result_clear(bt_surroundings_result *result); // an empty one is fine

#endif
