// wreck.h: somebody who has been struck: no longer on rails, no longer driven, led or walking; moved by impacts and friction.
//
// Vehicles on four wheels roll and slide (slide.h). Who drove brakes with all wheels as soon as people do (or goes on braking),
// and has the hazard lamps on from then on; a parked one is held by its rear wheels. A trailer follows as in chassis.h.
//
// Persons, animals and bicycles with their riders fall: a rigid rod about its foot, under gravity, with the turn that the push
// gives its middle; away from what has struck it, animals and who rides to their side. In plan a point that slides with
// friction 0.66 from the first contact on (Searle and Searle 1983, SAE 831622, have 0.66 for clothed bodies on dry asphalt;
// their bounds: v^2 / 2 mu g is the way without a bounce). It gets the speed of the car where it is struck, by momentum
// (Wood 1988, Proc. IMechE 202 D2: forward projection).
//
// Left out: flight and wrap over a bonnet, tumbling, limbs of their own, riders who part from what they ride, crush, vehicles
// that turn over, what a trailer does to the vehicle that draws it.
//
// Plain data inside the state: copied with it.
#ifndef BT_SIM_WRECK_H
#define BT_SIM_WRECK_H

#include "engine/sim/ego.h"
#include "engine/sim/impact.h"

#define BT_BODY_FRICTION 0.66

typedef struct bt_wreck {
    bt_ego body; // of who falls: place and velocity of its foot, as of a centre of gravity there
    double tilt_rad, tilt_rad_s, towards_rad; // of who falls: where its head goes, world
    bt_time_ns struck_ns;
    uint32_t brakes;     // from the beginning
    uint32_t driven;     // has a driver who can do something
    uint32_t rests, pad; // steps it has lain or stood
} bt_wreck;

// Does it fall, or stand on wheels?
bool bt_wreck_falls(const bt_actor_desc *desc);
double bt_wreck_mass_kg(const bt_actor_desc *desc);
bt_impact_body bt_wreck_body(const bt_actor_desc *desc, const bt_wreck *wreck);
// Takes over the velocities, and moves its centre of gravity there, its body not turned.
void bt_wreck_set(const bt_actor_desc *desc, const bt_impact_body *body, bt_wreck *wreck);
// Moves and turns it about its centre of gravity.
void bt_wreck_shift(const bt_actor_desc *desc, double x_m, double y_m, double turn_rad,
                    bt_wreck *wreck);
// The push that began it, world velocity: which way it falls.
void bt_wreck_push(const bt_actor_desc *desc, double vx_m_s, double vy_m_s, bt_wreck *wreck);
void bt_wreck_step(const bt_road_network *net, const bt_actor_desc *desc, bt_time_ns time_ns,
                   double dt_s, bt_wreck *wreck, double channel_rad[BT_CHANNEL_COUNT]);
// Does nothing of it move any more?
bool bt_wreck_rests(const bt_wreck *wreck);
// Wanted besides those of the description.
uint32_t bt_wreck_lamps(const bt_wreck *wreck, bt_time_ns time_ns);
bt_pose bt_wreck_pose(const bt_actor_desc *desc, const bt_wreck *wreck,
                      double channel_rad[BT_CHANNEL_COUNT]);

#endif
