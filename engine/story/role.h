// role.h: an actor of a story as a point that goes along lanes, along a path, or stands free.
//
// On a road it is (lane, s, aside): it goes along its lane at constant distance from its middle,
// and on where lanes do, by its route or straight ahead. It has no dynamics: places follow the speed at the
// end of a step, as in the reference player esmini, so that a change of speed by dv takes dv dt / 2 more or
// less way than the closed form.
//
// Plain data, copied with the player's state.
#ifndef BT_STORY_ROLE_H
#define BT_STORY_ROLE_H

#include "engine/road/road.h"

// A place on a lane. aside: left of the lane's travel.
typedef struct bt_lane_place {
    uint32_t lane;    // BT_ROAD_NONE: off all lanes
    uint32_t against; // goes against the lane's direction
    double s_m, aside_m;
} bt_lane_place;

typedef struct bt_role {
    bt_vec3 pos;
    double yaw_rad, pitch_rad, roll_rad; // pitch + nose down, roll + leans right
    double speed_m_s, accel_m_s2;        // along its course
    bt_vec3 velocity_m_s;                // world
    bt_lane_place on;
    double travelled_m;
    double stands_s, end_s, off_s; // for how long: at rest, at its road's end, off all lanes
    double turned_rad;             // from the lane's heading, on a lane
    double steer_rad;              // road wheels, as fits the curve it goes
    uint32_t route;                // of the story, BT_ROAD_NONE: straight on
    uint32_t placed;               // it has been put somewhere
    uint32_t lamps;                // wanted: bits of bt_lamp
    uint32_t at_end;               // of the road
    uint32_t struck;               // 1 + the actor of the story that has struck it last; 0: none
    uint32_t is_wreck;             // no longer goes where it is led: moved by impacts
} bt_role;

// The lanes that a way prefers at branches; NULL or none: the straightest.
typedef struct bt_lane_choice {
    const uint32_t *lanes; // in order of the way
    uint32_t count;
} bt_lane_choice;

// Goes on by distance_m in its own direction (negative: backwards): measured on the ground, or with
// `by_s` along the reference line. False: the road ended before; it is at the end.
bool bt_lane_place_advance(const bt_road_network *net, const bt_lane_choice *choice,
                           double distance_m, bool by_s, bt_lane_place *place);
// World pose of a place, x along the way it goes.
bt_pose bt_lane_place_pose(const bt_road_network *net, const bt_lane_place *place);
// The place of a world point, heading known: near `prefer` road where roads overlap.
bt_lane_place bt_lane_place_find(const bt_road_network *net, bt_vec3 pos, double yaw_rad,
                                 uint32_t prefer_road);
// Lane `count` lanes to the left (negative: right) as it goes; BT_ROAD_NONE: there is none.
uint32_t bt_lane_place_beside(const bt_road_network *net, const bt_lane_place *place,
                              int32_t count);
// Changes lane at the same place of the road: aside is then counted from the other lane.
void bt_lane_place_shift(const bt_road_network *net, uint32_t lane, bt_lane_place *place);
// t of the road.
double bt_lane_place_t(const bt_road_network *net, const bt_lane_place *place);
// Distance that `from` has to go to be abreast of `to`, along lanes, no further than reach_m;
// negative: `to` is behind. False: not found.
bool bt_lane_place_distance(const bt_road_network *net, const bt_lane_choice *choice,
                            const bt_lane_place *from, const bt_lane_place *to, double reach_m,
                            double *distance_m);

#endif
