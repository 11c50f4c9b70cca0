// ego.h: the car driven by commands: its dynamics on the road's surface.
//
// The surface below each wheel comes from the road network: the lane that it is on, as long as it is on it
// (bt_road_follow), else the nearest in height (contact.h). Off the lanes it is the height of the
// nearest edge; where there is no road within 50 m, the last height. Over kerbs wheels go as contact.h says.
#ifndef BT_SIM_EGO_H
#define BT_SIM_EGO_H

#include "engine/sim/chassis.h"
#include "engine/sim/vehicle.h"

typedef struct bt_ego {
    bt_drive drive;
    bt_ground ground;
    double route_m;
    bt_contact contact[BT_WHEEL_COUNT];
    bt_trailer trailer;
    uint32_t lamps; // brake and indicators wanted
    uint32_t still; // steps it has stood
} bt_ego;

// Nothing known yet of where wheels are.
void bt_ego_forget_ground(bt_ego *ego);
void bt_ego_init(const bt_road_network *net, const bt_vehicle *vehicle, bt_pose start,
                 double speed_m_s, bt_ego *ego);
void bt_ego_step(const bt_road_network *net, const bt_vehicle *vehicle, const bt_command *command,
                 double dt_s, bt_ego *ego, double channel_rad[BT_CHANNEL_COUNT]);
// What follows from where its body has gone in a step: ground, wheels that turn, the trailer.
void bt_ego_follow(const bt_road_network *net, const bt_vehicle *vehicle, double dt_s, bt_ego *ego,
                   double channel_rad[BT_CHANNEL_COUNT]);

#endif
