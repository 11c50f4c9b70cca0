// trailer.h: what a vehicle draws, on its own wheels: up to three axles of two wheels each that stand on the ground
// wherever they run, a kerb in the inner side of a bend too, and a body on springs above them.
//
// How it follows in plan: chassis.h. In height two degrees of freedom, small angles:
//
//   heave   of its body above the middle axle, about the hitch, by the ride frequency and damping of the sheet; the
//           axles' springs bear alike (linked air springs), so that the mean of the wheels' heights counts
//   roll    axles and hitch hold it, the hitch with BT_HITCH_ROLL of the stiffness: at rest
//             roll = (1 - c) twist + c tractor + gain (a_y + g sin(twist)),  twist = mean of (left - right) / track
//           so a kerb of height h below all wheels of one side leans it by (1 - c) h / track
//
// Left out: what it does to the tractor, its inertia in yaw, braking's moment.
// Trailer axes: x forward, y left, z up, origin at the hitch on the plane of the tractor's wheels.
//
// Plain data inside the state: copied with it.
#ifndef BT_SIM_TRAILER_H
#define BT_SIM_TRAILER_H

#include "engine/sim/contact.h"
#include "engine/sim/ride.h"

#define BT_TRAILER_WHEELS 6 // left and right of the foremost axle, of the next, ...
#define BT_HITCH_ROLL 0.25  // chosen: tractors' frames are soft beside three axles
#define BT_TRAILER_KG_M                                                                            \
    1000.0 // of its length, on its own axles: the sheets' 13 t of 13.6 m, 8 t of 7.4 m
#define BT_TRAILER_ROLL_HZ 1.0 // laden semi-trailers roll at 0.5 to 1.2 Hz (from memory)

typedef struct bt_trailer {
    double ground_m[BT_TRAILER_WHEELS]; // that its wheels stand on
    double z_m, rise_m_s;               // of the body's plane above the middle axle
    double roll_rad, roll_rad_s;        // of the body, from the level, + leans right
    double mean_m, twist_rad;           // of the ground, a step ago
    double hitch_rad;                   // likewise
    bt_contact contact[BT_TRAILER_WHEELS];
} bt_trailer;

static inline bool bt_vehicle_has_trailer(const bt_vehicle *vehicle)
{
    return vehicle->trailer_length_m > 0.0;
}

int bt_trailer_wheel_count(const bt_vehicle *vehicle);
bt_wheel_shape bt_trailer_wheel_shape(const bt_vehicle *vehicle);
// Where a wheel stands, trailer axes.
void bt_trailer_wheel_place(const bt_vehicle *vehicle, int wheel, double *x_m, double *y_m);
// Its body as it stands on its springs and in the hitch, behind a tractor at this pose.
bt_pose bt_trailer_stand(const bt_vehicle *vehicle, const bt_pose *tractor, double hitch_rad,
                         const bt_trailer *trailer);
// Where a wheel meets its ground, the body at this pose.
bt_vec3 bt_trailer_foot(const bt_vehicle *vehicle, const bt_pose *body, const bt_trailer *trailer,
                        int wheel);
// A point on the trailer's plane, in plan, at a hitch angle.
bt_vec3 bt_trailer_point(const bt_vehicle *vehicle, const bt_pose *tractor, double hitch_rad,
                         double x_m, double y_m);
// The middle of its axles, likewise.
bt_vec3 bt_trailer_axle(const bt_vehicle *vehicle, const bt_pose *tractor, double hitch_rad);

// Behind a tractor that stands at this pose, all ground level with it, nothing known of where the wheels are.
void bt_trailer_init(const bt_vehicle *vehicle, const bt_pose *tractor, double hitch_rad,
                     bt_trailer *trailer);
// Its wheels' ground on the network's surface; each climbs by climb_m at most.
void bt_trailer_find_ground(const bt_road_network *net, const bt_vehicle *vehicle,
                            const bt_pose *tractor, double hitch_rad, double ahead_m,
                            double climb_m, bt_trailer *trailer);
// At rest on its ground.
void bt_trailer_settle(const bt_vehicle *vehicle, const bt_ride *tractor, double hitch_rad,
                       bt_trailer *trailer);
// One step of its springs, drawn at a speed and a turn rate of the tractor.
void bt_trailer_ride(const bt_vehicle *vehicle, const bt_ride *tractor, double hitch_rad,
                     double speed_m_s, double yaw_rate_rad_s, double dt_s, bt_trailer *trailer);
// Sets the channels of its pitch, roll and wheels' travel so that its wheels stand on their ground.
void bt_trailer_pose(const bt_vehicle *vehicle, const bt_pose *tractor, const bt_trailer *trailer,
                     double channel_rad[BT_CHANNEL_COUNT]);
// Of its body, by the channels.
bt_pose bt_trailer_body(const bt_vehicle *vehicle, const bt_actor_pose *pose);

#endif
