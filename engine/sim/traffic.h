// traffic.h: what drivers decide: how hard to accelerate, when to stop, who goes first.
//
// Each driver looks along its own way. The acceleration is the least of: IDM behind whoever is in
// the swept path ahead (cars, the ego, walkers about to be there), IDM up to a stop (a red signal,
// a junction not cleared, the end of the way), braking for slower curves and limits ahead.
//
// Junctions: a car must be cleared before it enters. It is cleared when no car that is inside or
// cleared uses a lane that crosses or merges with its own, when the exit has room, and when nobody
// with more right to go is so near that it would have to brake. More right: no give-way or stop sign,
// then straight before near turn before far turn, then who waits longer, then the lower actor index. Who has waited for
// half a minute, kept back by those who go in one after the other, is let go by all who can stop with ease; so is who has
// stood first at its line through a green, in the next one, also by people on the kerb (due.h).
// Behind a sign, where one lane joins another or crosses it at an acute angle (roundabouts, turns to the near side), drivers of cars
// look at the gap instead: who
// gives way goes when the other comes late enough to follow, or is there, and briskly. Where there is room it waits at the
// edge of the others' ways, and those behind it follow into the same gap. Through a junction where all others wait for
// them drivers need not ask one by one. Behind a sign nobody goes before a lorry that waits for the junction. Cleared cars
// never wait for cars that are not, so that no circle of waiting can form at one junction; circles
// over several full junctions (gridlock) dissolve because drivers without a goal take another way after
// a while, and as unlock.c says. Nobody holds a junction who stands before it for somebody on foot. What is parked behind a
// junction is no queue: who can go round it may enter.
//
// What each driver looks at: view.c and ahead.c; ways that become one: merge.c; lanes: lane_change.c; junctions:
// right_of_way.c, due.c, passage.c, gap.c, signal_stop.c; all put together in decide.c.
//
// Long vehicles need room on other lanes in bends, in junctions or not (lane_conflict.h). Such a bend is taken as a
// junction is: before it the driver waits until nobody is there who could not stop, and there is room behind
// it; from then on the others stop before its sweep, and who can do so with ease also for one that waits; but who has
// stood for such bends for a cycle of signals goes before those who came later. Of several that wait the lower index goes
// first, if it can. Before junctions all wait where they are in no sweep, long vehicles farther back. bend.c, lane_lines.c.
//
// A long vehicle waits for whoever stands in its corner, then goes by inches if there is room; drivers without a goal avoid lanes
// where parked cars leave it no room. A plan with a goal does not look at that.
//
// Going round what stands or is slow: pass.c; who comes towards that: oncoming.c. Parked cars that leave: pull_out.c.
// Sirens: emergency.c.
//
// Circles of drivers who wait for each other are found and dissolved: somebody goes back out of the way of the one that
// waits for it, or goes first. unlock.c.
//
// Limits: on roads whose lanes overlap outside junctions cars see each other only once
// they are in each other's path; head-on meetings in one lane stay standing, but where one passes a cyclist. No car follows bends below
// about 4.5 m exactly: there they may touch others.
#ifndef BT_SIM_TRAFFIC_H
#define BT_SIM_TRAFFIC_H

#include "engine/sim/car.h"
#include "engine/sim/grid.h"
#include "engine/sim/programme.h"

#define BT_FAR_M 1e9 // farther than any way; as an acceleration: nothing asks for less

#define BT_DECISION_STEPS 5 // 50 ms with steps of 10 ms

#define BT_PART_SWEEP 2
#define BT_SIRENS 16 // at most
#define BT_DUE 32    // likewise
#define BT_MOVING_M_S 1.0

// A body in the way, as drivers see it; taken from the state before a step.
typedef struct bt_obstacle {
    bt_footprint box;
    double speed_m_s; // along its heading
    double accel_m_s2;
    double heading_rad; // of motion
    double radius_m;    // around the box
    uint32_t actor;
    uint32_t walker;
    uint32_t car;   // index among the cars that drive, BT_SIM_NONE
    uint32_t part;  // 1: a trailer, 2: where a long vehicle is about to leave its way
    uint32_t owner; // of part 2, index among the cars
    uint32_t wreck; // has been struck (crash.h)
} bt_obstacle;

// The next junction on a car's way that it is not cleared for.
typedef struct bt_passage {
    uint32_t first, end;    // slots
    double line_m;          // q where to wait for it
    double entry_m, exit_m; // q
    uint32_t junction;      // BT_ROAD_NONE: none in sight
    uint32_t pad;
} bt_passage;

// Stretches of lanes that a long vehicle has for its bend, or waits for.
typedef struct bt_claim {
    uint32_t car, lane;
    double from_m[BT_BODY_COUNT], to_m[BT_BODY_COUNT]; // rear axles of others along the lane
    uint32_t granted;
    uint32_t pad;
} bt_claim;

#define BT_CLAIMS 32 // of one vehicle, at most

// A vehicle on the move, for those on foot who look far for them.
typedef struct bt_moving {
    double x_m, y_m;
    uint32_t obstacle;
    uint32_t pad;
} bt_moving;

// Somebody on foot who looks for vehicles before going on.
typedef struct bt_goer {
    bt_vec3 place, course; // course: of length 1, level
    double course_rad, speed_m_s;
    uint32_t slot; // among those who walk
    uint32_t pad;
} bt_goer;

// A goer whom a driver's way comes near between two q of its rear axle.
typedef struct bt_goer_near {
    double from_q_m, to_q_m;
    uint32_t goer;
    uint32_t lets; // it lets that driver pass, as far as is known
} bt_goer_near;

// Goers farther from a driver's way are not asked whether its body comes there: it leaves that by 2.7 m at most in
// soaks, a tractor in a bend by 3.7 m. people_pass_test.c looks farther, and nobody does anything else.
#define BT_LEAVE_WAY_M 4.0

// Scratch of a round, made anew each time; nothing in it decides the future.
typedef struct bt_round {
    bt_grid grid;        // obstacles
    bt_grid moving_grid; // moving, by larger cells
    bt_moving *moving;   // (actor_count x 2)
    uint32_t moving_count;
    bt_grid goer_grid;  // goers
    bt_goer *goers;     // (walk_count)
    bt_goer_near *near; // (walk_count) goers near the driver that is looked at
    uint8_t *lets_pass; // (walk_count) of goers: does one let a vehicle pass?
    uint32_t goer_count, near_count;
    // as far as bodies leave their driver's way, with room round them: BT_LEAVE_WAY_M
    double leave_way_m;
    uint32_t *order;   // (car_count)
    uint32_t *mergers; // (car_count) cars about to merge
    bt_claim *claims;  // (long vehicles x BT_CLAIMS)
    uint32_t claim_count, claims_most;
    bt_passage *passages; // (car_count)
    bt_wait *waits;       // (car_count) why it was not let on
    uint32_t *junction;   // (junctions) first entry of who uses it or is next to, BT_SIM_NONE
    uint32_t *entry_next; // (car_count x (BT_CAR_HOLDS + 1))
    uint32_t merger_count, junction_count;
    uint32_t sirens[BT_SIRENS]; // cars under siren
    uint32_t siren_count;
    uint32_t due
        [BT_DUE]; // cars: whose turn it is at signals (due.h), then whom else people on the kerb let go
    uint32_t due_count, let_go_count;
} bt_round;

// Everything one round of decisions reads; cars are written.
typedef struct bt_traffic {
    const bt_lane_graph *graph;
    const uint8_t *phases;       // (signals) bt_signal_phase
    const bt_actor_desc *actors; // (actor_count)
    const bt_plan *const *plans; // (car_count), NULL: wanders
    uint32_t actor_count;
    bt_car *cars;              // (car_count)
    const uint32_t *car_actor; // (car_count)
    uint32_t car_count;
    const bt_obstacle *obstacles; // (obstacle_count), by actor
    uint32_t obstacle_count;
    const uint32_t *ego_lanes; // junction lanes the ego is on or about to enter
    uint32_t ego_lane_count;
    bool ego_is_long; // sweep.h
    bt_time_ns time_ns;
    double decision_s;   // between decisions
    double radius_max_m; // of the obstacles
    bt_round *round;
} bt_traffic;

// Clears cars for junctions and takes back what they need no longer; one pass over all cars.
void bt_traffic_clear(const bt_traffic *traffic);
// Who is new, or has pulled out, sees who is ahead before it asks for a junction.
void bt_traffic_look_first(const bt_traffic *traffic);
// Notes who is about to merge, for all cars; before the decisions of a round.
void bt_traffic_look(const bt_traffic *traffic);
// Notes who drives under siren; likewise.
void bt_traffic_hear(const bt_traffic *traffic);
// Whether a parked car goes now.
void bt_traffic_pull_out(const bt_traffic *traffic, uint32_t car);
// One driver's decision.
void bt_traffic_decide(const bt_traffic *traffic, uint32_t car);

// Bends of long vehicles: notes who has one, before clearing.
void bt_traffic_note_bends(const bt_traffic *traffic);
// Gives those outside junctions and notes who waits; after clearing.
void bt_traffic_take_bends(const bt_traffic *traffic);
// May a long vehicle have all bends of a passage that it has not yet? Takes them if so.
bool bt_traffic_take_bends_of(const bt_traffic *traffic, uint32_t car, const bt_passage *passage);
// q of the line where a driver stops for bends: for its own that it may not take yet, and for those of others;
// huge: none. *by: whose.
double bt_traffic_bend_stop(const bt_traffic *traffic, uint32_t car);
double bt_traffic_others_bend_stop(const bt_traffic *traffic, uint32_t car, uint32_t *by);

// Notes for whom a car may not go on: the last one counts. Gives false, for who returns that.
bool bt_traffic_wait(const bt_traffic *traffic, uint32_t car, bt_wait_kind kind, uint32_t other);
// Finds circles of drivers who wait for each other, and has one go back, or go first; before a round. unlock.c.
void bt_traffic_unlock(const bt_traffic *traffic);
// The decision of one who lets another by: goes back, keeps back.
void bt_traffic_let_by(const bt_traffic *traffic, uint32_t car);
// Is nobody on the way that a car needs next, and nobody driving near it?
bool bt_traffic_way_is_free(const bt_traffic *traffic, uint32_t car);
// Goes who is ahead of a car the same way? Not if it crosses that, or comes towards it.
bool bt_traffic_leads(const bt_traffic *traffic, uint32_t car);
// Notes that there is no room because of that one; who crosses is no queue, but in the junction. Gives false.
bool bt_traffic_wait_for_leader(const bt_traffic *traffic, uint32_t car);
// The car that is this actor; BT_SIM_NONE: it is no car.
uint32_t bt_traffic_car_of(const bt_traffic *traffic, uint32_t actor);

// How fast a driver may and would go at a place of a way (a car of this index, perhaps on trial), but for bends.
double bt_traffic_speed_allowed(const bt_traffic *traffic, uint32_t index, const bt_car *car,
                                double q_m);

// Could a driver who is about to enter a junction go round what is parked behind it (pass.c)?
bool bt_traffic_passes_behind(const bt_traffic *traffic, uint32_t car, const bt_passage *passage);

// False: none in sight.
bool bt_traffic_next_passage(const bt_traffic *traffic, uint32_t car, bt_passage *passage);
// How far a long vehicle may go on until it would come within room_m of somebody who stands or walks where
// it leaves its way; ahead_m: so far there is nobody.
double bt_traffic_sweep_reach(const bt_traffic *traffic, uint32_t car, double ahead_m,
                              double room_m);
// q of the line at which a red or amber signal makes the car stop; huge when none does.
// None does under siren.
double bt_traffic_signal_stop(const bt_traffic *traffic, uint32_t car);
// The same whoever drives.
double bt_traffic_red_line(const bt_traffic *traffic, uint32_t car);

#endif
