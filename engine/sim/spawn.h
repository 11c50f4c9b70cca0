// spawn.h: puts traffic, parked cars, people and dogs at sensible places of any road network.
//
// A pure function of (network, seed, counts): the same entries, in the same order, every time. Where a
// map has no room or no such lanes (parking, sidewalk) fewer come out than asked for.
//
// Who has no hand free has no dog. Cyclists are on roads of BT_SPAWN_CYCLE_M_S at most.
//
// Ownership: the list owns entries and paths; bt_actor_desc.path points into them.
#ifndef BT_SIM_SPAWN_H
#define BT_SIM_SPAWN_H

#include "engine/sim/sim.h"

#define BT_SPAWN_CYCLE_M_S 17.0

typedef enum bt_spawn_kind {
    BT_SPAWN_CAR,
    BT_SPAWN_TRUCK,
    BT_SPAWN_PARKED,
    BT_SPAWN_PEDESTRIAN,
    BT_SPAWN_CYCLIST, // on bicycle lanes; where there are none, at the edge of lanes
    BT_SPAWN_DOG,     // directly behind its owner in the list
    BT_SPAWN_KIND_COUNT
} bt_spawn_kind;

typedef struct bt_spawn_desc {
    const bt_road_network *net;
    const struct bt_lane_graph
        *graph; // its lanes (lane_graph.h), when those are known already; NULL: found
    uint64_t seed;
    uint32_t counts[BT_SPAWN_KIND_COUNT];
    // To choose from; parked cars are cars.
    const bt_vehicle *cars, *trucks;
    uint32_t car_models, truck_models;
    const bt_vehicle *bicycles; // likewise
    uint32_t bicycle_models;
    // Of the people on pavements, how many have it with them; NONE is not read. All 0: nobody.
    double gear_share[BT_GEAR_KIND_COUNT];
    // Where the ego starts; BT_ROAD_NONE: no ego, all of the map.
    uint32_t ego_lane;
    double ego_s_m;
    double ego_length_m; // 0: 5
    double radius_m;     // around the ego; 0: 200
    double clear_m;      // nobody begins nearer to the ego than this
    uint32_t named
        [BT_SPAWN_KIND_COUNT]; // of each kind there were so many before: names go on from there
    // Who is there already: their places are kept free (vehicles; walkers are not looked at).
    const bt_actor_desc *present;
    uint32_t present_count;
} bt_spawn_desc;

typedef struct bt_spawn_entry {
    bt_actor_desc desc; // named "car 1", "parked car 2", "pedestrian 1", ...
    bt_spawn_kind kind;
    uint32_t model; // into cars or trucks; for walkers a random number to choose a body by
} bt_spawn_entry;

typedef struct bt_spawn_list {
    bt_spawn_entry *entries;
    uint32_t count;
    bt_vec3 *points; // of all paths
} bt_spawn_list;

BT_CHECKED bt_status bt_spawn(const bt_spawn_desc *desc, bt_spawn_list *list);
void bt_spawn_clear(bt_spawn_list *list);

// A good place to begin: a long drivable lane outside junctions from which the way goes on, with
// sidewalks if there are such. Fails (BT_ERR_INPUT) when nothing can be driven on.
BT_CHECKED bt_status bt_spawn_ego_start(const bt_road_network *net, uint64_t seed, uint32_t *lane,
                                        double *s_m);
// The same among the lanes that begin within radius_m of a place.
BT_CHECKED bt_status bt_spawn_ego_start_near(const bt_road_network *net, uint64_t seed, double x_m,
                                             double y_m, double radius_m, uint32_t *lane,
                                             double *s_m);
// A place about distance_m further along a random way. Fails when the way has less than 20 m.
BT_CHECKED bt_status bt_spawn_ego_goal(const bt_road_network *net, uint64_t seed, uint32_t lane,
                                       double s_m, double distance_m, uint32_t *goal_lane,
                                       double *goal_s_m);

#endif
