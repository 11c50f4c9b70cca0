// gait.h: how legs and arms move with the distance walked, so that feet do not slide.
//
// Stride length follows the speed by dynamic similarity: stride / hip height = 2.3 Fr^0.3 with
// Fr = v^2 / (g hip height): Alexander 1976, "Estimates of speeds of dinosaurs", Nature 261, 129.
// A foot on the ground moves backwards under the hip exactly as fast as the body moves forwards; leg
// angles come from the two-link triangle hip, knee, ankle. People's segments: Drillis and Contini
// 1966, as in Winter 2009, "Biomechanics and Motor Control of Human Movement", fig. 4.1. The stance
// share of 0.6, arm swing, foot lift and the dog's proportions are chosen.
//
// Bodies made for these angles use the same proportions (fractions of bt_actor_desc.height_m) and
// stand with straight legs at angles 0: hips at thigh + shank + ankle height.
#ifndef BT_SIM_GAIT_H
#define BT_SIM_GAIT_H

#include "engine/scene/actor_pose.h"

#include <stdbool.h>

// Person, of the body height.
#define BT_GAIT_THIGH 0.245
#define BT_GAIT_SHANK 0.246
#define BT_GAIT_ANKLE 0.039     // ankle above the sole
#define BT_GAIT_BALL 0.07       // ankle to ball of the foot, forward
#define BT_GAIT_HEEL 0.038      // ankle to heel, backward
#define BT_GAIT_HIP_ASIDE 0.052 // hip joint from the middle
#define BT_GAIT_HIP (BT_GAIT_THIGH + BT_GAIT_SHANK + BT_GAIT_ANKLE) // joint above the ground
#define BT_GAIT_SHOULDER 0.815                                      // likewise
#define BT_GAIT_SHOULDER_BACK 0.004
#define BT_GAIT_SHOULDER_ASIDE 0.106
#define BT_GAIT_UPPER_ARM                                                                          \
    0.172 // shoulder to elbow, to wrist: shortened from Drillis and Contini's, so
#define BT_GAIT_FOREARM 0.148 // that hands hang at mid thigh
#define BT_GAIT_GRIP 0.048    // wrist to the middle of a fist

// Dog, of the height at the withers; fore and hind legs alike, paws without length.
#define BT_GAIT_DOG_UPPER 0.32
#define BT_GAIT_DOG_LOWER 0.33

typedef struct bt_gait {
    double height_m;
    bool four_legged; // trots: diagonal pairs
    double speed_m_s;
    double phase; // strides walked; the left foot (dog: left fore and right hind) lands at integers
} bt_gait;

// Distance of one stride (two steps) at a speed; 0 at rest.
double bt_gait_stride_m(double height_m, bool four_legged, double speed_m_s);

// Sets the limb channels. Returns how far the body sinks below standing straight, metres: the
// actor's origin goes that far below the ground, so that feet stay on it.
double bt_gait_pose(const bt_gait *gait, double channel_rad[BT_CHANNEL_COUNT]);

// Feet that keep their place while body and pace change. Of a standing foot: how far ahead of the hips it stands
// (negative behind), and left of below its hip joint; of a swinging one, where it was lifted. Left, right (dog: the
// pairs of the left and of the right fore leg, which are not put aside). All zero: stands with both feet together.
#define BT_GAIT_LAND_S 0.08
typedef struct bt_gait_feet {
    double foot_m[2], aside_m[2];
    double fall[2]; // how full the stride was with which it came down, 0 to 1: on the heel, or flat
    double phase;   // strides, as in bt_gait
    // where it lands next: ahead, aside; follows the pace within BT_GAIT_LAND_S, until it is about to
    double land_m[2][2];
} bt_gait_feet;

// Where a person's foot is: its ankle ahead of the hips, and above its height standing flat. Stands: on the ground.
typedef struct bt_gait_foot {
    double ahead_m, up_m;
    bool stands;
} bt_gait_foot;
bt_gait_foot bt_gait_foot_at(const bt_gait *gait, const bt_gait_feet *feet, bool right);

// How the body has moved, seen from itself.
typedef struct bt_gait_step {
    double ahead_m, left_m, turn_rad;
} bt_gait_step;

// Goes on by a step within dt: a person's standing foot keeps its place on the ground, however the body goes and
// turns (it turns about the ball, or the heel while only that stands); a foot lands as far ahead as fits the stride of
// the speed. Below BT_GAIT_SETTLE_M_S steps go on by the clock, until both feet stand together.
#define BT_GAIT_SETTLE_M_S 0.35
void bt_gait_walk(double height_m, bool four_legged, const bt_gait_step *step, double dt_s,
                  bt_gait_feet *feet);
// As bt_gait_pose, for feet that stand where they are; of gait only the body is read.
double bt_gait_pose_feet(const bt_gait *gait, const bt_gait_feet *feet,
                         double channel_rad[BT_CHANNEL_COUNT]);
// What that gives, without the channels.
double bt_gait_sink(const bt_gait *gait, const bt_gait_feet *feet);

// Two links, such as thigh and shank, from a joint to a point `ahead` of it and `down` below.
typedef struct bt_two_links {
    double line_rad; // from straight down to the point, + ahead
    double open_rad; // of the upper link from that line
    double fold_rad; // of the lower link from the upper one's course
} bt_two_links;
bt_two_links bt_two_links_reach(double upper_m, double lower_m, double ahead_m, double down_m);
// Sets a person's hip, knee and ankle: the ankle at a place relative to the hip joint, in the leg's plane, the toes up
// by so much, the trunk leaning forward.
void bt_gait_set_leg(double height_m, bool right, double ahead_m, double down_m, double toes_up_rad,
                     double lean_rad, double channel_rad[BT_CHANNEL_COUNT]);

#endif
