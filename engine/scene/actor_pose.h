// actor_pose.h: where an actor is and how it is bent at one instant: what a picture needs of state.
#ifndef BT_SCENE_ACTOR_POSE_H
#define BT_SCENE_ACTOR_POSE_H

#include "engine/math/pose.h"

#include <stdint.h>

// Angles that parts of a body turn by, radians, not wrapped (a wheel's spin grows). A part names
// one channel and an axis; the meaning is shared by all bodies.
typedef enum bt_channel {
    BT_CHANNEL_STEER_LEFT, // road-wheel angle, + left
    BT_CHANNEL_STEER_RIGHT,
    BT_CHANNEL_SPIN_FRONT_LEFT, // + rolls forward, about +y
    BT_CHANNEL_SPIN_FRONT_RIGHT,
    BT_CHANNEL_SPIN_REAR_LEFT,
    BT_CHANNEL_SPIN_REAR_RIGHT,
    BT_CHANNEL_HITCH,        // trailer yaw relative to the tractor, + left
    BT_CHANNEL_SPIN_TRAILER, // all trailer wheels
    BT_CHANNEL_HIP_LEFT,     // limbs: + swings the far end forward
    BT_CHANNEL_HIP_RIGHT,
    BT_CHANNEL_KNEE_LEFT, // + folds the shin backward
    BT_CHANNEL_KNEE_RIGHT,
    BT_CHANNEL_ANKLE_LEFT,
    BT_CHANNEL_ANKLE_RIGHT,
    BT_CHANNEL_SHOULDER_LEFT, // for a dog: fore legs
    BT_CHANNEL_SHOULDER_RIGHT,
    BT_CHANNEL_ELBOW_LEFT, // + folds the forearm forward
    BT_CHANNEL_ELBOW_RIGHT,
    BT_CHANNEL_SPINE,
    BT_CHANNEL_HEAD,
    BT_CHANNEL_TAIL,
    // A wheel's way up from where the sheet has it, on an arm of BT_SUSPENSION_ARM_M along the
    // vehicle: sin(angle) x arm. + compresses the spring.
    BT_CHANNEL_TRAVEL_FRONT_LEFT,
    BT_CHANNEL_TRAVEL_FRONT_RIGHT,
    BT_CHANNEL_TRAVEL_REAR_LEFT,
    BT_CHANNEL_TRAVEL_REAR_RIGHT,
    BT_CHANNEL_HITCH_PITCH,   // trailer relative to the tractor, + its rear end rises
    BT_CHANNEL_STOP_ARM,      // a school bus's sign, + folds out from its side
    BT_CHANNEL_HIP_SIDE_LEFT, // people: + swings the far end of the leg to the left
    BT_CHANNEL_HIP_SIDE_RIGHT,
    // What people ride, push and lean on (engine/sim/gear.h).
    BT_CHANNEL_CRANK, // of a bicycle, + pedals forward; 0: the left pedal is up
    BT_CHANNEL_CANE, // walking stick in the hand, + swings its tip forward; a white one: to the left
    BT_CHANNEL_LIFT, // of what rolls before a walker, whose origin bobs: as a wheel's travel
    BT_CHANNEL_HITCH_ROLL, // trailer relative to the tractor, + leans right
    // A trailer's wheels, as a vehicle's: left and right of its foremost axle, of the next, of the third.
    BT_CHANNEL_TRAVEL_TRAILER,
    BT_CHANNEL_TRAVEL_TRAILER_LAST = BT_CHANNEL_TRAVEL_TRAILER + 5,
    BT_CHANNEL_SADDLE, // a rider's hips about gear.h's pivot, - forward off the saddle
    BT_CHANNEL_COUNT
} bt_channel;

#define BT_SUSPENSION_ARM_M 1.0 // virtual swing arm: 1.2 mm of way along for 5 cm up

// Lamps that switch: bits of bt_actor_pose.lamps and of a part's lamp mask.
typedef enum bt_lamp {
    BT_LAMP_LOW_BEAM = 1 << 0,
    BT_LAMP_TAIL = 1 << 1,
    BT_LAMP_BRAKE = 1 << 2,
    BT_LAMP_INDICATOR_LEFT = 1 << 3,
    BT_LAMP_INDICATOR_RIGHT = 1 << 4,
    BT_LAMP_REVERSE = 1 << 5,
    BT_LAMP_SIGNAL_RED = 1 << 6, // signal heads
    BT_LAMP_SIGNAL_AMBER = 1 << 7,
    BT_LAMP_SIGNAL_GREEN = 1 << 8,
    BT_LAMP_HIGH_BEAM = 1 << 9,
    BT_LAMP_DAY = 1 << 10,         // daytime running lamps
    BT_LAMP_BEACON_LEFT = 1 << 11, // of emergency vehicles
    BT_LAMP_BEACON_RIGHT = 1 << 12,
    BT_LAMP_HALT_LEFT = 1 << 13, // red lamps of a school bus that stands, and of its arm
    BT_LAMP_HALT_RIGHT = 1 << 14,
} bt_lamp;

#define BT_LAMPS_BEACON (BT_LAMP_BEACON_LEFT | BT_LAMP_BEACON_RIGHT)
#define BT_LAMPS_HALT (BT_LAMP_HALT_LEFT | BT_LAMP_HALT_RIGHT)

typedef struct bt_actor_pose {
    bt_pose world_from_actor;             // vehicle: ISO 8855 origin; walker: between the feet
    double channel_rad[BT_CHANNEL_COUNT]; // unused ones 0
    uint32_t lamps;                       // bits of bt_lamp that are lit
} bt_actor_pose;

#endif
