// way.h: the ego's way ahead, and what lies on it: curve, leader, next light. All of it is truth.
//
// Threads: pure functions.
#ifndef BT_LINK_WAY_H
#define BT_LINK_WAY_H

#include "engine/link/stop_line.h"
#include "engine/sim/sim.h"

#define BT_WAY_STEP_M 2.0
#define BT_WAY_POINTS 81 // 160 m

// The way from the place nearest to the ego's rear axle, sampled every BT_WAY_STEP_M.
typedef struct bt_way {
    uint32_t count;
    bt_vec3 pos_world_m[BT_WAY_POINTS];
    double heading_rad[BT_WAY_POINTS]; // world
    double curvature_1_m[BT_WAY_POINTS];
    double remaining_m;       // to the way's end
    double offset_m;          // of the rear axle, + left of the way
    double heading_error_rad; // of the ego against the way, + turned left
    double lane_width_m, speed_limit_m_s;
} bt_way;

// `route_m`: how far along the route the rear axle is; route NULL: an empty way.
void bt_way_look(const bt_road_network *net, const bt_route *route, double route_m, bt_pose ego,
                 bt_way *way);

typedef struct bt_leader {
    uint32_t actor;   // BT_SIM_NONE: nobody
    double gap_m;     // bumper to bumper along the way
    double speed_m_s; // along the way
} bt_leader;

// Whoever is nearest ahead with a footprint in the path that the ego's body sweeps along the way, or, if it is no vehicle, on its
// way into it so that both would be there at the same time.
bt_leader bt_way_leader(const bt_way *way, const bt_sim *sim, const bt_state *state,
                        double reach_m);

typedef struct bt_light_ahead {
    uint32_t signal;   // BT_SIM_NONE: none
    double distance_m; // from the front bumper to the stop line
} bt_light_ahead;

bt_light_ahead bt_way_light(const bt_way *way, const bt_stop_line *lines, uint32_t line_count,
                            double front_m, double reach_m);

#endif
