// led.h: an actor that is moved from outside (a story): its places are given, this gives it wheels that turn,
// a body on springs, feet that walk. Until it is struck (crash.h): then nobody leads it any more.
//
// Plain data inside the state: copied with it.
#ifndef BT_SIM_LED_H
#define BT_SIM_LED_H

#include "engine/sim/cycle.h"
#include "engine/sim/gait.h"
#include "engine/sim/gaze.h"

typedef struct bt_led {
    double x_m, y_m, z_m;                // on the ground, below the origin
    double yaw_rad, pitch_rad, roll_rad; // of the ground below, + nose down, + leans right
    double speed_m_s, accel_m_s2, steer_rad;
    double s_m;
    bt_ground ground; // below the wheels
    bt_ride ride;
    bt_trailer trailer;
    bt_gait_feet feet;
    bt_gaze gaze;       // of a walker: where it goes
    bt_gear_state gear; // of what somebody rides or pushes
    uint32_t lane, lamps;
} bt_led;

void bt_led_init(const bt_road_network *net, const bt_actor_desc *desc, bt_led *led);
// Goes on to the place within dt. Wheels, the trailer's too, stand on the network's surface, or on the plane of the
// place where there is none.
void bt_led_step(const bt_road_network *net, const bt_actor_desc *desc, const bt_led_place *place,
                 double dt_s, bt_led *led, double channel_rad[BT_CHANNEL_COUNT]);
bt_pose bt_led_pose(const bt_actor_desc *desc, const bt_led *led,
                    double channel_rad[BT_CHANNEL_COUNT]);

#endif
