// gear.h: what people ride, push and lean on: sizes, how wheels and pedals go round, how limbs follow.
//
// Sizes, of common ones (the source beside each in gear.c): bicycle with 700C wheels, kick scooter, electric scooter,
// wheelchair, stroller, walking stick, white cane. What is fitted to its user (saddle, bar, handle, stick) goes
// by the body height. Bodies (procedural/gear/gear_body.h) are made with the same sizes, so that hands lie
// on grips and feet on pedals.
//
// Frame: of the actor: x forward, y left, z up. Riders: origin on the ground below the rear axle, as vehicles;
// who walks: below the hips, as walkers, and BT_CHANNEL_LIFT takes out of what rolls how far the origin sinks.
//
// Limbs bend in planes along the body: arms and legs are built turned so far out that hands and feet
// reach their places when all goes straight on; beside that, where a bar is steered, hands are up to 1 cm off.
//
// Pure functions; any thread.
#ifndef BT_SIM_GEAR_H
#define BT_SIM_GEAR_H

#include "engine/sim/gait.h"

#define BT_GEAR_PEDAL_M 0.012 // sole above a pedal's axle
#define BT_GEAR_SOLE_M                                                                             \
    0.045 // from its middle to its rim: feet are 90 to 95 mm broad (Pheasant, "Bodyspace")
#define BT_GEAR_SOLE_STEP_M 0.02 // a sole stands on what is so much higher; on slopes it tilts
#define BT_GEAR_STAND_RAD 0.087  // 5 degrees: chosen

// Of a bicycle: radius of its tyres' section (ISO 5775, 37-622), its steering axis from the level, and how far the front
// axle is ahead of that (usual of city bicycles).
#define BT_GEAR_TYRE_M 0.0185
#define BT_GEAR_HEAD_RAD (70.0 * BT_RAD_PER_DEG)
#define BT_GEAR_RAKE_M 0.055

typedef enum bt_gear_kind {
    BT_GEAR_NONE,
    BT_GEAR_CANE,
    BT_GEAR_WHITE_CANE,
    BT_GEAR_STROLLER,
    BT_GEAR_WHEELCHAIR,
    BT_GEAR_KICK_SCOOTER,
    BT_GEAR_E_SCOOTER,
    BT_GEAR_BICYCLE,
    BT_GEAR_KIND_COUNT
} bt_gear_kind;

// "cane", "white_cane", ...; "none".
const char *bt_gear_name(bt_gear_kind kind);
// Who uses it sits or stands on it, and does not walk.
bool bt_gear_is_ridden(bt_gear_kind kind);
// Two wheels behind each other: it leans in bends and does not turn on the spot.
bool bt_gear_leans(bt_gear_kind kind);

// A point in the plane of symmetry.
typedef struct bt_gear_point {
    double x_m, z_m;
} bt_gear_point;

typedef struct bt_gear {
    bt_gear_kind kind;
    double height_m;                      // of who uses it
    double rear_radius_m, front_radius_m; // wheels, 0: none
    double rear_x_m, front_x_m;           // axles
    double track_m;                       // between wheels beside each other, 0: one behind another
    bt_gear_point hips;                   // riders: joints
    double lean_rad;                      // of their trunk, forward
    bt_gear_point grip;                   // middle of the fists, straight on
    double grip_aside_m;
    double steer_x_m;      // where the steering axis passes between the grips
    bt_gear_point crank;   // bicycle: bottom bracket
    double crank_m;        // and how long the arms are
    bt_gear_point swing;   // bicycle: who stands goes forward off the saddle, about this,
    double swing_rad;      // by so much (about +y), leaning back a little
    bt_vec3 ground;        // where the ball of the right foot is put then, in the upright frame
    bt_gear_point sole[2]; // left, right: below the ankle, of riders whose feet stand
    double sole_aside_m[2];
    double seat_z_m;                     // saddle, seat
    double back_m, nose_m, half_width_m; // plan: behind and ahead of the origin, both positive
    double tall_m;                       // with its user
} bt_gear;

bt_gear bt_gear_make(bt_gear_kind kind, double height_m);
// How far a leg of it is built turned outwards.
double bt_gear_leg_out(const bt_gear *gear, bool right);

// How it moves.
typedef struct bt_gear_limits {
    double speed_m_s[2];   // walked or ridden at, from slow to fast
    double accel_m_s2;     // speeding up
    double turn_rad_s;     // at most
    double side_m_s2;      // and in bends
    double least_radius_m; // of them; 0: turns on the spot
} bt_gear_limits;
const bt_gear_limits *bt_gear_limits_of(bt_gear_kind kind);

// What of it turns with the way: plain data inside the state.
typedef struct bt_gear_state {
    double rolled_m[2]; // by what is left and right (all the same on two wheels)
    double stroke;      // turns of the crank, pushes of hands, kicks
    double steer_rad;   // bar; castors: the way they point
    double turn_rad_s;  // of the whole
    double speed_m_s;
    double foot_down; // bicycle: 0 on its pedal, 1 on the ground
    // of the foot that is put down: how far it has come from where it is put, as the bicycle goes on from it, in that's frame;
    // how high the ground is there over that below both wheels
    double foot_x_m, foot_y_m, foot_up_m;
} bt_gear_state;

// Goes way_m on while it turns by turn_rad, within dt_s.
void bt_gear_roll(const bt_gear *gear, double way_m, double turn_rad, double dt_s,
                  bt_gear_state *state);
// Into a bend: tan(lean) = v^2 / (r g), + to the left.
double bt_gear_lean(const bt_gear_state *state);

// Who stands leans to the foot that is down, by BT_GEAR_STAND_RAD on level ground, more or less where that is lower or
// higher: how far to the left now.
double bt_gear_stand_lean(const bt_gear_state *state);
// Where the foot is put, or has been, in plan: ahead of the rear axle and to the left.
void bt_gear_foot_place(const bt_gear *gear, const bt_gear_state *state, double *x_m, double *y_m);
// Both together as the roll of a pose.
double bt_gear_roll_of(const bt_gear_state *state);
// Where the ball of a rider's right foot is by these channels, in the actor's frame.
bt_vec3 bt_gear_right_ball(const bt_gear *gear, const double channel_rad[BT_CHANNEL_COUNT]);

// Sets the channels of a rider's limbs and of what is ridden.
void bt_gear_pose_rider(const bt_gear *gear, const bt_gear_state *state,
                        double channel_rad[BT_CHANNEL_COUNT]);
// Of who walks with it, after the gait's own (bt_gait_pose_feet, which said how far the origin sinks).
void bt_gear_pose_walker(const bt_gear *gear, const bt_gear_state *state, const bt_gait *gait,
                         const bt_gait_feet *feet, double sink_m,
                         double channel_rad[BT_CHANNEL_COUNT]);

// For bodies: a grip as the arm's shoulder sees it in the frame of the trunk, straight on (y: aside, + outwards).
bt_vec3 bt_gear_grip_from_shoulder(const bt_gear *gear, double shoulder_aside_m);

#endif
