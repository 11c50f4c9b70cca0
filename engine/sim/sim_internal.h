// sim_internal.h: what sim.c, state.c and step.c share: the insides of bt_sim and bt_state.
#ifndef BT_SIM_SIM_INTERNAL_H
#define BT_SIM_SIM_INTERNAL_H

#include "engine/sim/car.h"
#include "engine/sim/crash.h"
#include "engine/sim/crowd.h"
#include "engine/sim/ego.h"
#include "engine/sim/led.h"
#include "engine/sim/standing.h"
#include "engine/sim/traffic.h"
#include "engine/sim/walker.h"

// What moves an actor; its slot is the index into the array of that kind.
typedef enum bt_mover {
    BT_MOVER_STILL,
    BT_MOVER_CAR,
    BT_MOVER_WALK,
    BT_MOVER_EGO,
    BT_MOVER_LED,
} bt_mover;

// A stretch of the ego's route on one lane.
typedef struct bt_stretch {
    double from_m, to_m; // along the route
    double d_m;          // along the lane at from_m
    uint32_t lane;
} bt_stretch;

struct bt_sim {
    const bt_road_network *net;
    bt_actor_desc *actors; // (actor_count), own copies, paths too
    uint8_t *movers;       // (actor_count) bt_mover
    uint32_t *slots;       // (actor_count)
    bt_route **routes;     // (actor_count), NULL: none
    uint32_t actor_count, ego;
    bt_time_ns step_ns;
    uint32_t decision_steps;

    bt_lane_graph graph;
    bt_signal_plan signals;

    uint32_t *car_actor;            // (car_count)
    bt_plan *plans;                 // (car_count), count 0: none
    const bt_plan **plan_pointers;  // (car_count)
    uint32_t car_count, long_count; // long: sweep.h
    uint32_t *walk_actor;           // (walk_count)
    bt_walk_path *walk_paths;       // (walk_count)
    bt_walk_body *walk_bodies;      // (walk_count)
    uint32_t walk_count, led_count;
    bt_standing_field standing;
    bool stands;           // it has been told what stands there
    bt_stretch *stretches; // of the ego's route
    size_t stretch_count, stretch_capacity;
};

// What the motion of a car follows from at one instant.
typedef struct bt_car_trace {
    double x_m, y_m, yaw_rad;
    double z_m, pitch_rad, roll_rad; // of its body on the springs
    double forward_m_s, left_m_s;    // of the origin
    bt_ground ground;                // of one that moves by forces
    uint32_t near_ego, rests;
} bt_car_trace;

// Speeds are differences of two instants, accelerations of three: now, and the two before.
#define BT_INSTANTS 3

// What has been hit of what stands beside the road.
typedef struct bt_yield {
    uint32_t thing, gone;
    double depth_m; // of a rail, so far
} bt_yield;
#define BT_YIELDS 128 // of the latest are kept: what was hit before them stands again

struct bt_state {
    const bt_sim *sim;
    bt_time_ns time_ns;
    // (actor_count), of cars and people worked out when somebody asks: bt_state_settle
    bt_motion *motions;
    uint8_t *stale;           // (actor_count) is still that of an earlier instant
    bt_car_trace *car_traces; // (car_count x BT_INSTANTS)
    bt_walk *walk_traces;     // (walk_count x BT_INSTANTS)
    uint32_t now;             // which of the instants
    uint8_t *phases;          // (signals) bt_signal_phase
    int8_t *shown;            // (signals) whatever their programme says; -1: that
    bt_car *cars;             // (car_count)
    bt_walk *walks;           // (walk_count)
    bt_led *leds;             // (led_count)
    bt_led_place *lead;       // (led_count) where to
    uint8_t *blocked;         // (walk_count) bt_walk_way
    bt_ego ego;
    bt_wreck *wrecks;  // (actor_count) of who is one
    uint8_t *is_wreck; // (actor_count)
    uint32_t wreck_count;
    bt_impact impacts[BT_IMPACTS]; // the latest, in turn
    uint64_t impact_count;
    bt_yield yields[BT_YIELDS]; // in turn
    uint64_t yield_count;
    // scratch, not part of what decides the future
    bt_obstacle *obstacles; // (obstacle_capacity)
    bt_round round;
    bt_crash_search crashes;
};

#define BT_EGO_LANES_MAX 64

// Scratch of a round of decisions for so many actors (round.c); may be cleared whether created or not.
BT_CHECKED bt_status bt_round_create(const bt_sim *sim, bt_round *round);
void bt_round_clear(bt_round *round); // zeroed is fine
uint32_t bt_round_obstacles_most(const bt_sim *sim);
// Room for all that moves; every signal shows what its programme says (state.c).
BT_CHECKED bt_status bt_state_allocate(const bt_sim *sim, bt_state **state);
// Puts an actor where its description has it begin.
void bt_state_start(const bt_sim *sim, bt_state *state, uint32_t actor);

// Decisions of one round (decisions.c).
void bt_state_decide(const bt_sim *sim, bt_state *state);
// Where everybody on foot wants to go next (people.c); after the obstacles have been found.
void bt_people_decide(const bt_sim *sim, bt_state *state, double radius_max_m);
// What one of them looks at (people_look.c).
void bt_people_look(const bt_sim *sim, bt_state *state, uint32_t slot);
// Is there a roadway so far ahead of one of them?
bool bt_people_is_roadway(const bt_sim *sim, const bt_walk_path *path, const bt_walk *walk,
                          double ahead_m);
// The way along its path that one of them goes.
bt_plane bt_people_forward(const bt_walk_path *path, const bt_walk *walk);
// Finds out who of the goers of this round, noted before, lets a vehicle pass that comes: round.lets_pass (people_pass.c).
void bt_people_let_pass(const bt_sim *sim, bt_state *state);
// Does one of them stay on the kerb for a driver (people_kerb.c)?
bool bt_people_let_go(const bt_sim *sim, const bt_state *state, uint32_t slot);
// What somebody's body takes in plan.
bt_crowd_body bt_people_outline(const bt_walk *walk, const bt_walk_body *body);
// One step of one of them (people_step.c), in the order of their slots; it does not walk into anybody.
void bt_people_step(const bt_sim *sim, bt_state *state, uint32_t slot, double dt_s);
// Motions (motion.c): of an actor that has just been put where it is; of one that has gone a step. Those that take
// long are left until they are asked for.
void bt_state_begin_motion(const bt_sim *sim, bt_state *state, uint32_t actor);
void bt_state_go_on(const bt_sim *sim, bt_state *state, uint32_t actor, double dt_s);
// Of a wreck, after its step and its impacts.
void bt_state_move_wreck(const bt_sim *sim, bt_state *state, uint32_t actor, double dt_s);
// From here on motions[actor] is that of now.
void bt_state_settle(const bt_state *state, uint32_t actor);
// What others need to see of somebody who walks, which takes less: footprint and velocity in plan of now.
void bt_state_glance(const bt_state *state, uint32_t actor, bt_footprint *footprint, double *x_m_s,
                     double *y_m_s);
void bt_state_update_phases(const bt_sim *sim, bt_state *state);

#endif
