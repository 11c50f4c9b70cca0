// walker.h: people and dogs along a polyline: start, walk, turn at the ends, stop for standing cars.
//
// Path points come with their own heights; where the road network has a surface below them (roads,
// sidewalks), that is taken instead, once, when the path is compiled.
#ifndef BT_SIM_WALKER_H
#define BT_SIM_WALKER_H

#include "engine/sim/sim.h"

typedef struct bt_walk_path {
    bt_vec3 *points; // evenly spaced
    uint32_t *lanes; // below each point; BT_ROAD_NONE off the road
    uint32_t count;
    double spacing_m, length_m;
} bt_walk_path;

BT_CHECKED bt_status bt_walk_path_compile(const bt_road_network *net, const bt_vec3 *points,
                                          uint32_t count, const char *name, bt_walk_path *path);
void bt_walk_path_clear(bt_walk_path *path);

typedef struct bt_walk {
    double way_m; // from the path's start
    double yaw_rad;
    double speed_m_s;
    double direction; // +1 away from the start, -1 back
    double phase;     // strides walked
    double stuck_s;   // how long somebody has been in the way
} bt_walk;

void bt_walk_init(const bt_walk_path *path, bt_walk *walk);
typedef enum bt_walk_way {
    BT_WALK_FREE,
    BT_WALK_BLOCKED, // somebody stands in the way
    BT_WALK_WAITS,   // at the kerb, for cars to pass
} bt_walk_way;

void bt_walk_step(const bt_actor_desc *desc, const bt_walk_path *path, bt_time_ns time_ns,
                  bt_walk_way way, double dt_s, bt_walk *walk);
// Index of the path's point nearest to `ahead_m` before the walker.
uint32_t bt_walk_point(const bt_walk_path *path, const bt_walk *walk, double ahead_m);
// A point ahead of the walker, to see what is there.
bt_vec3 bt_walk_ahead(const bt_walk_path *path, const bt_walk *walk, double ahead_m);
void bt_walk_pose(const bt_actor_desc *desc, const bt_walk_path *path, const bt_walk *walk,
                  bt_actor_pose *pose);
// Plan of a walker: as wide as its body.
void bt_walk_footprint(const bt_actor_desc *desc, const bt_actor_pose *pose,
                       bt_footprint *footprint);

#endif
