// contact.h: where a wheel meets the road, and how high it stands there.
//
// A wheel is a rigid disc of some radius and width: it stands on the highest part of the surface below its
// roundness, so that it begins to mount a kerb before its middle is over it. Over an edge of height h its middle
// goes R - sqrt(R^2 - u^2) below the full height while the edge's nearest point under the tread is u ahead: the
// circle about the edge, from u^2 = 2 R h - h^2 on. (Pacejka 2012, "Tire and Vehicle Dynamics", 3rd ed., ch. 4 and 10, takes
// such cams for the tyre's belt, two of them in tandem; here is one, and the edge does not sink into the rubber.)
// Edges (edge.h) are borders of lanes and the ends of kerbs that begin where the road goes on, corners too. Those of other roads that lie across in a junction without being joined to the lane are met without
// roundness, by a climb that is limited.
//
// Roads of a junction lie over each other, and not all maps give them one height. A wheel that leaves a lane stays on the
// level that it was on; where its tread hangs over the last border of its road the highest of those that are nearly on
// that level holds it.
//
// Plain data inside the state: copied with it.
#ifndef BT_SIM_CONTACT_H
#define BT_SIM_CONTACT_H

#include "engine/road/road.h"

#define BT_TYRE_WIDTH_RADII 0.6 // where no sheet says: 205 mm of 0.32 m, 315 mm of 0.5 m
#define BT_CLIMB 1.0 // slope that a wheel's middle follows at most: that over edges of 0.3 R

typedef struct bt_contact {
    double s_m;
    uint32_t road, lane; // BT_ROAD_NONE: not known
} bt_contact;

typedef struct bt_wheel_shape {
    double radius_m, width_m;
} bt_wheel_shape;

#define BT_CONTACT_NONE                                                                            \
    (bt_contact)                                                                                   \
    {                                                                                              \
        0.0, BT_ROAD_NONE, BT_ROAD_NONE                                                            \
    }

// How a wheel stands: its heading in plan, and the body's up. Where that pitches the hub is ahead of the wheel's lowest
// point, or behind; that a body leans does not count, tyres and axles give way.
typedef struct bt_wheel_stance {
    double heading_rad;
    bt_vec3 up;
} bt_wheel_stance;

// How far a wheel over a place that has been found stands above the surface right below it, or that of the nearest edge.
double bt_contact_rise(const bt_road_network *net, bt_vec3 place_world_m,
                       const bt_road_location *at, const bt_wheel_stance *stance,
                       const bt_wheel_shape *wheel);

// Finds the surface at a place: on the lane that the contact was on as long as it is there, else, of those that lie over each
// other, the nearest in height, and where there is none the nearest edge.
// ahead_m: about how far it has gone in its lane since. False, and the contact forgotten: there is none.
bool bt_contact_follow(const bt_road_network *net, bt_vec3 place_world_m, double ahead_m,
                       bt_contact *contact, bt_road_location *at);
// Height at which a wheel stands over a place, whose own is about what it was; that where there is no road.
double bt_contact_height(const bt_road_network *net, bt_vec3 place_world_m,
                         const bt_wheel_stance *stance, double ahead_m, const bt_wheel_shape *wheel,
                         bt_contact *contact);
// The same of a wheel whose foot stands at some height now and climbs by climb_m at most: the height that it has then.
double bt_contact_climb(const bt_road_network *net, bt_vec3 foot_world_m,
                        const bt_wheel_stance *stance, double ahead_m, double climb_m,
                        const bt_wheel_shape *wheel, bt_contact *contact);

#endif
