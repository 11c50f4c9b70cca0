// walker.h: people and dogs along a polyline: start, walk, turn at the ends, stand for who comes.
//
// They walk where they look, as their feet can: the velocity wished for (people.c, crowd.h) gives the course
// and the pace, within what somebody can turn and speed up. A person turns about the foot that stands,
// so that it stays where it is; while both stand it goes straight on. Dogs turn about their middle.
// Beside the path there is room to the edges of the sidewalk it lies on, or WALK_ROOM_M.
//
// Path points come with their own heights; where the road network has a surface below them (roads,
// sidewalks), that is taken instead, once, when the path is compiled.
#ifndef BT_SIM_WALKER_H
#define BT_SIM_WALKER_H

#include "engine/sim/gait.h"
#include "engine/sim/sim.h"

// Beside a point of a path, seen along it.
typedef struct bt_walk_side {
    float left_m, right_m; // room for the middle of a body, both positive
    float slope;           // of the ground, up to the left
} bt_walk_side;

typedef struct bt_walk_path {
    bt_vec3 *points; // evenly spaced
    uint32_t *lanes; // below each point; BT_ROAD_NONE off the road
    bt_walk_side *sides;
    uint32_t count;
    double spacing_m, length_m;
} bt_walk_path;

BT_CHECKED bt_status bt_walk_path_compile(const bt_road_network *net, const bt_vec3 *points,
                                          uint32_t count, const char *name, bt_walk_path *path);
void bt_walk_path_clear(bt_walk_path *path);

#define BT_WALK_NEAR 12

typedef struct bt_walk {
    double way_m;   // from the path's start, abreast of it
    double aside_m; // left of the path as laid
    double x_m, y_m, yaw_rad;
    double speed_m_s;
    double direction; // +1 away from the start, -1 back
    double
        stuck_s; // how long it has got nowhere; negative: how long it will still give way to others
    double wish_x_m_s, wish_y_m_s;
    double most_m_s;        // not faster, or it runs into somebody
    double turn_most_rad_s; // nor turning faster
    bt_gait_feet feet;
    uint32_t
        near[BT_WALK_NEAR]; // others so near that they might be touched before the next look: slots
    uint32_t near_count, pad;
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
// A point of the path ahead of the walker; beyond the path's ends straight on.
bt_vec3 bt_walk_ahead(const bt_walk_path *path, const bt_walk *walk, double ahead_m);
// Turns by turn_rad, a person about the foot that stands (not at all while both do).
void bt_walk_turn(const bt_actor_desc *desc, double turn_rad, bt_walk *walk);
// Where it is, on the ground.
bt_vec3 bt_walk_place(const bt_walk_path *path, const bt_walk *walk);
// Room beside the path, to the left and right of the way it goes; aside: where it is now, + left of that.
void bt_walk_room(const bt_walk_path *path, const bt_walk *walk, double *left_m, double *right_m,
                  double *aside_m);
// Radius round its middle that holds its footprint, and BT_WALK_ROOM_M.
#define BT_WALK_ROOM_M 0.015
double bt_walk_radius(const bt_actor_desc *desc);
void bt_walk_pose(const bt_actor_desc *desc, const bt_walk_path *path, const bt_walk *walk,
                  bt_actor_pose *pose);
// Plan of a walker: as wide as its body.
void bt_walk_footprint(const bt_actor_desc *desc, const bt_actor_pose *pose,
                       bt_footprint *footprint);

#endif
