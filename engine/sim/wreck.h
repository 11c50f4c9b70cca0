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
// Who is struck below the middle, by a bonnet, is thrown up too, at BT_WRAP_RAD (wrap, fender vault: chosen within what keeps
// Searle's bounds), and flies with its turn until its foot or back is on the ground. There friction takes mu times the speed
// at which it comes down, then it slides. From height H at speeds u and w along and up that is
//   S = (u + mu w)^2 / (2 mu g) + mu H,
// between v^2 / (2 mu g) and (1 + mu^2) times that for all angles up to 2 atan mu (with H = 0): Searle's bounds.
//
// Left out: lying on the bonnet, the car's braking in it, bounces, tumbling, limbs of their own, riders who part from what they ride, crush, vehicles
// that turn over, what a trailer does to the vehicle that draws it.
//
// Plain data inside the state: copied with it.
#ifndef BT_SIM_WRECK_H
#define BT_SIM_WRECK_H

#include "engine/sim/ego.h"
#include "engine/sim/impact.h"

#define BT_BODY_FRICTION 0.66
#define BT_WRAP_RAD 0.2     // 11 degrees
#define BT_BONNET_PART 0.55 // of a vehicle's height, where its front ends: chosen

typedef struct bt_wreck {
    bt_ego body; // of who falls: place and velocity of its foot, as of a centre of gravity there
    double tilt_rad, tilt_rad_s, towards_rad; // of who falls: where its head goes, world
    bt_time_ns struck_ns;
    bt_time_ns railed_ns; // last pushed by a guard rail; 0: never
    double railed_rad;    // which way, world
    double up_m, up_m_s;  // of who flies: its middle above the ground
    uint32_t brakes;      // from the beginning
    uint32_t driven;      // has a driver who can do something
    uint32_t rests;       // steps it has lain or stood
    uint32_t flies;
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
// The push that began it, world velocity: which way it falls; by whom (NULL: nobody on wheels).
void bt_wreck_push(const bt_actor_desc *desc, double vx_m_s, double vy_m_s, const bt_actor_desc *by,
                   bt_wreck *wreck);
void bt_wreck_step(const bt_road_network *net, const bt_actor_desc *desc, bt_time_ns time_ns,
                   double dt_s, bt_wreck *wreck, double channel_rad[BT_CHANNEL_COUNT]);
// Does nothing of it move any more?
bool bt_wreck_rests(const bt_wreck *wreck);
// Wanted besides those of the description.
uint32_t bt_wreck_lamps(const bt_wreck *wreck, bt_time_ns time_ns);
bt_pose bt_wreck_pose(const bt_actor_desc *desc, const bt_wreck *wreck,
                      double channel_rad[BT_CHANNEL_COUNT]);

#endif
