// car.h: a car of the traffic: how it moves along its way, and what its driver decided last.
//
// Motion: steered by pure pursuit (Coulter 1992, "Implementation of the Pure Pursuit Path Tracking
// Algorithm"), so that wheels steer and nothing jumps where lanes or sections join. Near the ego by the
// forces of tyres on the road's real surface (ego.h), farther off by a kinematic single-track model on
// the lane's height and bank, its wheels on the real surface where they leave the lane; place, speed, steering and the body's springs carry over. Decisions (traffic.h) are made every BT_DECISION_STEPS steps, held in between.
#ifndef BT_SIM_CAR_H
#define BT_SIM_CAR_H

#include "engine/sim/cycle.h"
#include "engine/sim/ego.h"
#include "engine/sim/itinerary.h"
#include "engine/sim/trail.h"

#define BT_CAR_HOLDS 4 // junctions it may be cleared for at a time: those it leaves, those next

// A run of junction lanes in the itinerary that the car may pass: slots [first, end).
typedef struct bt_hold {
    uint32_t first, end;
} bt_hold;

// What keeps a driver from going on, as far as others are to blame (unlock.c).
typedef enum bt_wait_kind {
    BT_WAIT_NONE,
    BT_WAIT_AHEAD,    // somebody is ahead in its path
    BT_WAIT_SWEEP,    // or where its nose or trailer comes next
    BT_WAIT_ON_FOOT,  // likewise, on foot
    BT_WAIT_JUNCTION, // another holds the junction
    BT_WAIT_EXIT,     // no room behind the junction, or behind a bend
    BT_WAIT_BEND,     // another has the bend, or is in it
    BT_WAIT_LET_BY,   // it has gone back for another
} bt_wait_kind;

typedef struct bt_wait {
    uint32_t kind;
    uint32_t car; // index of the one it waits for, BT_SIM_NONE: of nobody that drives
} bt_wait;

typedef struct bt_car {
    bt_itinerary way;
    double q_m;     // of the rear axle along its way
    double aside_m; // left of it
    double x_m, y_m, yaw_rad;
    double speed_m_s, accel_m_s2, steer_rad;
    double accel_wanted_m_s2, pedal_m_s2; // what is asked for, and the foot on its way there
    double desired_m_s;                   // 0: the limit
    double leader_q_m;                    // rear end of who is ahead, in q; huge when nobody
    double leader_m_s;
    bt_ride ride;
    bt_ground ground;
    bt_ego body;        // when it is near; its trailer always
    bt_gear_state gear; // of a bicycle
    double hitch_rad;   // the trailer's angle
    double bend_m;      // q up to which a long vehicle has the bends to itself (bend.c)
    double back_left_m; // that it is still to go back
    double back_m_s;    // and how fast it means to; speed_m_s is negative then
    double let_by_q_m;  // q of the one it lets by, when that is past
    bt_trail trail;
    bt_hold hold[BT_CAR_HOLDS];
    uint32_t hold_count;
    uint32_t leader;        // actor, BT_SIM_NONE
    uint32_t followed;      // the leader of the decision before
    uint32_t waiting_ticks; // decisions since it first asked for the junction ahead
    uint32_t waited_ticks;  // and how many those were for the one that it was cleared for last
    uint32_t lamps;         // brake and indicators wanted (indicators do not blink here)
    uint32_t parked;
    uint32_t watched;       // the walker it gave way to, BT_SIM_NONE
    uint32_t trailer_ticks; // decisions it has stood for somebody in its trailer's way
    uint32_t near_ego;      // moves by forces
    uint32_t merge_lane;    // the next lane it will share with cars now beside it, BT_ROAD_NONE
    uint32_t still;         // steps it has stood, up to when its body has come to rest
    uint32_t stands;        // decisions it has stood
    bt_wait wait;           // why, as found in its last one
    uint32_t lets_by;       // the car for which it goes back and keeps back, BT_SIM_NONE
    uint32_t lets_by_ticks; // decisions since it was asked to
    uint32_t goes_first;    // of those who wait for each other
    uint32_t makes_way;     // keeps to the edge for somebody under siren
    uint32_t green_ticks;   // decisions it has stood first at its line, with nothing red before it
    uint32_t missed;        // greens that went by like that
    uint32_t yield_ticks;   // decisions it has stood for lorries that want a bend or have it
    uint32_t looked;        // has seen who is ahead, since it is there or has pulled out
    uint32_t pad;
} bt_car;

// Puts a car on its way, at rest relative to the road's shape; ground below its wheels.
void bt_car_init(const bt_lane_graph *graph, const bt_vehicle *vehicle, double speed_m_s,
                 bt_car *car);
// Has it stood for so long that nothing of it moves any more?
bool bt_car_rests(const bt_car *car);
// Will it, if it goes on standing for one more step?
bool bt_car_comes_to_rest(const bt_car *car);
// Changes between moving by forces and on rails, without a jump.
void bt_car_set_near(const bt_vehicle *vehicle, bool near_ego, bt_car *car);
// One step with the acceleration wanted.
void bt_car_step(const bt_lane_graph *graph, const bt_vehicle *vehicle, const bt_plan *plan,
                 double dt_s, bt_car *car, double channel_rad[BT_CHANNEL_COUNT]);

// Moves a car that is tried out by way_m at a speed: place, course, steering, progress and trailer; neither
// pedals nor springs.
void bt_car_roll(const bt_lane_graph *graph, const bt_vehicle *vehicle, double way_m,
                 double speed_m_s, bt_car *car);

// Likewise back along its trail; gives how far it came.
double bt_car_roll_back(double way_m, bt_car *car);
// Is it in reverse gear?
static inline bool bt_car_backs(const bt_car *car)
{
    return car->speed_m_s < 0.0 || car->back_m_s > 0.0;
}

// Has it gone out of the way of another, and stays there?
static inline bool bt_car_has_made_room(const bt_car *car, uint32_t other)
{
    return car->lets_by == other && car->back_left_m <= 0.0;
}

// Its body in plan where it is, so much wider and longer on each side.
bt_footprint bt_car_box(const bt_vehicle *vehicle, const bt_car *car, double room_m);

// q of the front bumper and of the rear end (of the trailer, if any).
double bt_car_front(const bt_vehicle *vehicle, const bt_car *car);
double bt_car_rear(const bt_vehicle *vehicle, const bt_car *car);

#endif
