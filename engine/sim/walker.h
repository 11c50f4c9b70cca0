// walker.h: people and animals along a polyline: start, walk, turn at the ends, stand for who comes.
//
// The velocity wished for (people.c, crowd.h) is taken up within what somebody can speed up. People step
// aside and back a little as well as ahead, and turn to where they go, or, slowly in a crowd, to where they want to; their
// feet follow (gait.h). Animals, who rides and who pushes something go where they look: they turn to the
// wished direction, wheels within their bends (gear.h); who has to turn round on two wheels stops and sets them
// round.
// Beside the path there is room to the edges of the sidewalk it lies on, or WALK_ROOM_M.
//
// Path points come with their own heights; where the road network has a surface below them (roads,
// sidewalks), that is taken instead, once, when the path is compiled.
#ifndef BT_SIM_WALKER_H
#define BT_SIM_WALKER_H

#include "engine/sim/gait.h"
#include "engine/sim/gaze.h"
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

// What a walker is in plan: all within radius_m of a line, along where it looks from back_m behind its origin
// to ahead_m before it, or across, aside_m to both sides (shoulders).
typedef struct bt_walk_body {
    bt_gear gear;
    bool where_it_looks; // does not step aside
    double radius_m, back_m, ahead_m, aside_m;
    double reach_m; // of all from the origin
} bt_walk_body;

bt_walk_body bt_walk_body_of(const bt_actor_desc *desc);

#define BT_WALK_NEAR 12

typedef struct bt_walk {
    double way_m;   // from the path's start, abreast of it
    double aside_m; // left of the path as laid
    double x_m, y_m, yaw_rad;
    double look_x, look_y; // of length 1, by the yaw
    double vx_m_s, vy_m_s;
    double direction; // +1 away from the start, -1 back
    double
        stuck_s; // how long it has got nowhere; negative: how long it will still give way to others
    double wish_x_m_s, wish_y_m_s;
    double course_x, course_y; // where it wants to, of length 1; 0: not known
    double along_x, along_y;   // its way, the path, of length 1
    bt_gait_feet feet;
    bt_gear_state gear;
    bt_gaze gaze;
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

// A step as it is wanted: how far in the world, how much turned.
typedef struct bt_walk_step {
    double x_m, y_m, turn_rad;
} bt_walk_step;

// How it would go on within dt.
bt_walk_step bt_walk_plan(const bt_actor_desc *desc, const bt_walk_body *body,
                          const bt_walk_path *path, bt_time_ns time_ns, bt_walk_way way,
                          double dt_s, bt_walk *walk);
// Goes on so.
void bt_walk_go(const bt_actor_desc *desc, const bt_walk_body *body, const bt_walk_path *path,
                const bt_walk_step *step, double dt_s, bt_walk *walk);
// Index of the path's point nearest to `ahead_m` before the walker.
uint32_t bt_walk_point(const bt_walk_path *path, const bt_walk *walk, double ahead_m);
// A point of the path ahead of the walker; beyond the path's ends straight on.
bt_vec3 bt_walk_ahead(const bt_walk_path *path, const bt_walk *walk, double ahead_m);
// Where it is, on the ground.
bt_vec3 bt_walk_place(const bt_walk_path *path, const bt_walk *walk);
// Room beside the path, to the left and right of the way it goes; aside: where it is now, + left of that.
void bt_walk_room(const bt_walk_path *path, const bt_walk *walk, double *left_m, double *right_m,
                  double *aside_m);
#define BT_WALK_ROOM_M 0.015 // round everybody
void bt_walk_pose(const bt_actor_desc *desc, const bt_walk_body *body, const bt_walk_path *path,
                  const bt_walk *walk, bt_actor_pose *pose);
// Only where its origin is, and how that is turned.
bt_pose bt_walk_stand(const bt_actor_desc *desc, const bt_walk_body *body, const bt_walk_path *path,
                      const bt_walk *walk);
// Plan of a walker: as wide as its body, with what belongs to it. Of one that has not fallen it follows from its place
// and course.
void bt_walk_footprint(const bt_actor_desc *desc, const bt_actor_pose *pose,
                       bt_footprint *footprint);
void bt_walk_upright(const bt_actor_desc *desc, const bt_gear *gear, bt_vec3 place, double yaw_rad,
                     bt_footprint *footprint);

#endif
