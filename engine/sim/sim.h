// sim.h: what moves: a constant bt_sim compiled from a description, a copyable bt_state, one step.
//
//   bt_sim    road network, actors' parameters, signal programmes: constant, shared.
//   bt_state  all that moves: poses, speeds, lamps, signals, clock. Copy it to branch or replay.
//
// The clock is integer nanoseconds; a step is fixed (10 ms unless said). The same description,
// seed and commands give the same states, bit for bit.
//
// A world too large to be whole in memory: carry.h.
//
// Ego: four tyres and a body on springs (vehicle.h, ride.h), and so do those near it. Other cars
// follow lanes with IDM (Treiber, Hennecke, Helbing 2000) and obey signals; bicycles do the same on two wheels;
// people, with what they ride or push on pavements, and animals go along paths. Who crashes is a wreck from then on (crash.h):
// no driver, command or story moves it any more.
#ifndef BT_SIM_SIM_H
#define BT_SIM_SIM_H

#include "engine/core/time.h"
#include "engine/road/road.h"
#include "engine/scene/actor_pose.h"
#include "engine/sim/gear.h"

#include <stdbool.h>

#define BT_SIM_NONE UINT32_MAX
#define BT_TRAILER_NOSE_M 1.6 // semi-trailer ahead of its kingpin (13.6 m long, 12 m behind it)

typedef struct bt_sim bt_sim;
typedef struct bt_state bt_state;

typedef enum bt_actor_kind {
    BT_ACTOR_VEHICLE,
    BT_ACTOR_WALKER,  // pedestrian or dog
    BT_ACTOR_FIXTURE, // signal head: stands, its lamps switch
    BT_ACTOR_THING,   // something in the way: is led, or stands
} bt_actor_kind;

// A vehicle's sheet (assets/vehicles/*.lua, read by vehicle_lua.h). Sources in the sheet.
typedef struct bt_vehicle {
    char name[64];
    double mass_kg, yaw_inertia_kg_m2;
    double wheelbase_m, cg_from_rear_m, cg_height_m;
    double track_m, wheel_radius_m;
    double length_m, width_m, height_m, rear_overhang_m; // rear axle to rear end
    double cornering_front_n_rad, cornering_rear_n_rad;  // whole axle
    double steer_max_rad, steer_rate_max_rad_s;          // road wheels
    double accel_max_m_s2, brake_max_m_s2;               // at the tyre limit the friction circle
    double power_max_w;
    double drag_area_m2; // cd A
    double roll_resistance;
    double friction;                                // tyre-road mu
    double roll_gain_rad_s2_m, pitch_gain_rad_s2_m; // body roll/pitch per m/s^2
    // optional, 0: what vehicle.h says
    double ride_frequency_hz, ride_damping; // of the body on its springs, heave
    double pitch_inertia_kg_m2, roll_inertia_kg_m2;
    double drive_front; // share of the drive force at the front axle, 0 rear to 1 front
    // trailer, 0 length: none. The hitch lies ahead of the rear axle (a fifth wheel, +) or behind it
    // (a tow bar, -); trailer wheelbase: hitch to the trailer's axle. The box of a fifth-wheel
    // trailer begins BT_TRAILER_NOSE_M ahead of the hitch, one on a tow bar at the hitch.
    double trailer_length_m, hitch_from_rear_m, trailer_wheelbase_m;
    double trailer_slip_rad_s2_m; // slip of its axle per m/s^2: load over g and cornering stiffness
    double trailer_axles, trailer_axle_gap_m; // 1 to 3 about its wheelbase, so far apart; 0: 1
    double trailer_track_m,
        trailer_tyre_m; // 0: track_m, and a width as in contact.h; of twins over both
    double trailer_roll_gain_rad_s2_m; // 0: roll_gain_rad_s2_m
    double rider_height_m;             // of a bicycle; 0: it is none
} bt_vehicle;

// A driver's temper. All zero: a calm driver of the city (idm.h) who keeps to the limit, does not mind
// others and decides every 50 ms.
typedef struct bt_driver {
    double speed_factor; // of the limit, 0: 1
    double headway_s;    // 0: 1
    double min_gap_m;    // 0: 2
    double accel_m_s2;   // 0: 1
    double brake_m_s2;   // comfortable, 0: 1.5
    double politeness;   // MOBIL's p: what others' acceleration is worth against one's own, 0 to 1
    double keep_lane_m_s2; // gain below which a lane is not worth changing; 0: 0.2, huge: never
    double reaction_s;     // between two decisions, 0: every round
    bool ignores_signals;
} bt_driver;

// Draws a temper: normal distributions, cut at two and a half sigma. Means and spreads in driver.c.
bt_driver bt_driver_draw(uint64_t seed, uint64_t index);

// Where something led is: on the ground below its origin.
typedef struct bt_led_place {
    bt_vec3 pos;
    double yaw_rad, pitch_rad, roll_rad; // pitch and roll of the ground, + nose down, + leans right
    double speed_m_s;                    // along its x
    double steer_rad;                    // road wheels
    double s_m;
    uint32_t lane;  // BT_ROAD_NONE: off the lanes
    uint32_t lamps; // wanted besides those of the description; indicators blink
} bt_led_place;

typedef struct bt_actor_desc {
    char name[64];
    uint32_t
        number; // in the run, over all windows of its world (carry.h): what it blinks and decides by; 0: its index
    bt_actor_kind kind;
    bt_vehicle vehicle; // vehicles
    uint32_t lamps;     // vehicles: lit all the time, e.g. BT_LAMP_LOW_BEAM | BT_LAMP_TAIL
    double height_m;    // walkers: leg swing scales with it
    bool four_legged;   // dog

    // vehicles on roads: where they begin, and the way they go
    uint32_t lane;
    double s_m, lateral_m;
    double speed_m_s;         // at the start
    double desired_speed_m_s; // 0: the lane's limit, or 13.9
    uint64_t choice;          // branches, see bt_route_wander
    bt_driver driver;
    bool parked;
    bt_time_ns pull_out_ns; // parked: joins the traffic from then on, as soon as it can; 0: stays
    bool emergency; // drives under siren: others make way, red is passed with care (emergency.c)
    uint32_t goal_lane; // ego and whoever has a goal; BT_ROAD_NONE: wander
    double goal_s_m;
    bool external; // driven by commands (the ego), not by IDM

    // walkers: a polyline in world coordinates, walked back and forth or once
    const bt_vec3 *path;
    uint32_t path_count;
    double walk_speed_m_s;
    bool path_loop;
    bool careless;     // steps onto the road without looking for cars
    bt_gear_kind gear; // what somebody rides, pushes or leans on
    bt_time_ns start_ns;

    // led from outside (bt_state_lead) instead of by themselves: vehicles, walkers, things
    bool led;
    bt_led_place led_from; // at the start
    double size_m[3];      // things: length, width, height

    // fixtures
    bt_pose world_from_fixture;
    uint32_t signal; // index in the road network
} bt_actor_desc;

typedef struct bt_sim_desc {
    const bt_road_network *net; // outlives the sim
    uint64_t seed;
    bt_time_ns step_ns;          // 0: 10 ms
    const bt_actor_desc *actors; // index = actor index everywhere (scene, labels)
    uint32_t actor_count;
    uint32_t ego; // BT_SIM_NONE: none
    // The ego's way, when that is known already; the sim's from then on, if it can be created. NULL: found.
    bt_route *ego_route;
    // The net's lanes with their conflicts (lane_conflict.h), when those are known already; empty then, if the sim can be
    // created. NULL: found, for the bodies of the actors.
    struct bt_lane_graph *graph;
    // fixed-time signal programme per controller: green, amber, all-red
    double signal_green_s, signal_amber_s, signal_all_red_s; // 0: 15, 3, 2
} bt_sim_desc;

BT_CHECKED bt_status bt_sim_create(const bt_sim_desc *desc, bt_sim **sim);
void bt_sim_destroy(bt_sim *sim); // NULL is fine
const bt_actor_desc *bt_sim_actor(const bt_sim *sim, uint32_t actor);
uint32_t bt_sim_actor_count(const bt_sim *sim);
uint32_t bt_sim_ego(const bt_sim *sim);
const bt_road_network *bt_sim_network(const bt_sim *sim);
bt_time_ns bt_sim_step_ns(const bt_sim *sim);
// The ego's, or of whoever has a goal, but for cyclists; NULL: has none (drivers without a goal choose as they go).
const bt_route *bt_sim_route(const bt_sim *sim, uint32_t actor);

BT_CHECKED bt_status bt_state_create(const bt_sim *sim, bt_state **state);
BT_CHECKED bt_status bt_state_copy(const bt_state *from, bt_state **to);
void bt_state_destroy(bt_state *state); // NULL is fine

// What an autopilot asks of the ego; held until the next one.
typedef struct bt_command {
    double steer_rad;    // road-wheel angle wanted, + left
    double accel_m_s2;   // wanted of the wheels (force over mass, so 0 coasts), negative brakes
    uint32_t indicators; // BT_LAMP_INDICATOR_* bits
} bt_command;

// Advances by one step. `command` drives an external ego (NULL: coasts); an ego that is not
// external drives itself as the others do.
BT_CHECKED bt_status bt_sim_step(const bt_sim *sim, bt_state *state, const bt_command *command);

// Where an actor that is led will be after the next step; kept until told otherwise.
void bt_state_lead(bt_state *state, uint32_t actor, const bt_led_place *place);

bt_time_ns bt_state_time_ns(const bt_state *state);

// An actor's motion in world coordinates; at its origin (vehicle: below the rear axle).
typedef struct bt_motion {
    bt_actor_pose pose;
    bt_vec3 velocity_m_s;           // world
    bt_vec3 acceleration_m_s2;      // world
    bt_vec3 angular_velocity_rad_s; // world
    double speed_m_s;               // along its own x
    double accel_m_s2;              // along its own x
    double steer_rad;               // road wheels, vehicles
    uint32_t lane;                  // BT_ROAD_NONE off the lanes
    double s_m, route_m;            // along the lane's road; along its route
    bool wreck;                     // it has crashed; what follows is of its hardest impact so far
    double impact_closing_m_s, impact_delta_v_m_s, impulse_ns; // as in bt_impact
    uint32_t impact_actor, impact_standing;                    // with whom or what; BT_SIM_NONE
} bt_motion;

// Worked out when it is asked for: one thread at a time may ask a state. Holds until the next step.
const bt_motion *bt_state_motion(const bt_state *state, uint32_t actor);

typedef enum bt_signal_phase {
    BT_PHASE_OFF,
    BT_PHASE_RED,
    BT_PHASE_RED_AMBER,
    BT_PHASE_AMBER,
    BT_PHASE_GREEN,
} bt_signal_phase;
// Of a dynamic signal of the network; OFF for plates.
bt_signal_phase bt_state_signal(const bt_state *state, uint32_t signal);
// From now on it shows this; negative: what its programme says.
void bt_state_show_signal(bt_state *state, uint32_t signal, int phase);
const bt_road_network *bt_state_network(const bt_state *state);
// Copies every actor's pose (bt_sim_actor_count of them) for bt_pose_history_push.
void bt_state_poses(const bt_state *state, bt_actor_pose *poses);
// Fills all bytes that decide the future into a hash, for tests of determinism.
BT_CHECKED bt_status bt_state_digest(const bt_state *state, uint8_t digest[32]);

// ---- crashes (crash.h) -------------------------------------------------------------------------
// Two that have hit each other: from the first touch until they have been apart for a while.
typedef struct bt_impact {
    bt_time_ns time_ns, last_ns; // first and last push
    uint32_t actor[2]; // the lower index first; BT_SIM_NONE: was left behind (carry.h), or none
    uint32_t
        standing; // what stands there (bt_sim_standing) in the second's place; BT_SIM_NONE: an actor
    uint32_t gave_way;        // that has broken, been pushed away, or yields
    double x_m, y_m;          // where, world
    double speed_m_s;         // of one against the other at that point, before
    double closing_m_s;       // of that, across the plane of contact
    double impulse_ns;        // sum of all pushes
    double delta_v_m_s[2][2]; // change of velocity at the centre of gravity, x and y of the world
} bt_impact;

#define BT_IMPACTS 64 // of the latest are kept

uint64_t bt_state_impact_count(const bt_state *state); // since the beginning
// NULL: too long ago. Holds until the next step.
const bt_impact *bt_state_impact(const bt_state *state, uint64_t index);
// Has an actor been struck, or has it struck another?
bool bt_state_is_wreck(const bt_state *state, uint32_t actor);

// ---- what stands beside the road (standing.h) --------------------------------------------------
// From now on vehicles that leave the road hit these; copied. Once for a sim, before or between its states' steps, by
// the one who made it and while nobody steps: what has not been told is not felt.
struct bt_standing;
BT_CHECKED bt_status bt_sim_stand(bt_sim *sim, const struct bt_standing *things, uint32_t count);
bool bt_sim_knows_standing(const bt_sim *sim);
uint32_t bt_sim_standing_count(const bt_sim *sim);
const struct bt_standing *bt_sim_standing(const bt_sim *sim, uint32_t thing);
// Is somebody about to leave the road, or has, who could hit what stands there? For whoever finds out late.
bool bt_state_asks_for_standing(const bt_sim *sim, const bt_state *state);
// What has been broken or pushed away, or how far a rail has been pushed back (0: stands as it did).
double bt_state_standing_yield_m(const bt_state *state, uint32_t thing);

// ---- oriented boxes: collisions, gaps ---------------------------------------------------------
// The footprint of an actor in plan (tractor or body; part 1: its trailer). False: no such part.
typedef struct bt_footprint {
    double x_m, y_m; // centre
    double yaw_rad;
    double half_length_m, half_width_m;
    double z_low_m, z_high_m;
} bt_footprint;
bool bt_state_footprint(const bt_sim *sim, const bt_state *state, uint32_t actor, uint32_t part,
                        bt_footprint *footprint);
// Gap between two in plan along the axis that parts them most (never more than their distance); negative when
// they overlap.
double bt_footprint_gap(const bt_footprint *a, const bt_footprint *b);
// Separating-axis test, heights too.
bool bt_footprint_overlap(const bt_footprint *a, const bt_footprint *b);

#endif
