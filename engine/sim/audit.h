// audit.h: is what moves physically possible? Looks at a state again and again and keeps the worst.
//
// Accelerations and jerks are means between two looks (jerk: change of that mean over the look's
// interval), so look every 50 to 100 ms: a tenth of a second is the usual window for comfort
// (ISO 2631-1 bands, ISO 15622 limits its jerk as a mean over 1 s). Looks at rest (below 0.5 m/s) do not
// count for jerk: a stop is a stop. What is above a limit is counted by actor and look.
//
// Bodies touch when footprints overlap (sim.h), two things when one goes into the other; a near miss is a pair that would touch within
// ttc_s if both kept speed and turn rate (constant turn rate and velocity). A driver who has stood for
// stand_s without a break is stuck: so gridlock shows.
//
// A crash is a touch that counts, once for who has not crashed before: bodies that the simulation has let hit each other (crash.h), or that have come into each other
// without that. What drivers and walkers choose (accelerations, jerks, curvature) is limited until
// their body's first crash with a vehicle (or, a vehicle, with a walker): forces that nobody chose move it from then on.
// Wheels and places stay limited, and a wreck is held to physics: what one loses in an impact the other gets, it is in nobody,
// and between impacts its velocity changes by no more than friction can.
//
// Ownership: the audit owns what it remembers; the simulation outlives it. One thread.
#ifndef BT_SIM_AUDIT_H
#define BT_SIM_AUDIT_H

#include "engine/sim/sim.h"

#include <stdio.h>

typedef enum bt_audit_kind {
    BT_AUDIT_ACCEL,     // vehicles: along, speeding up, m/s^2
    BT_AUDIT_BRAKE,     // along, slowing down
    BT_AUDIT_JERK,      // along, m/s^3
    BT_AUDIT_SIDE,      // lateral acceleration
    BT_AUDIT_SIDE_JERK, // lateral jerk
    BT_AUDIT_CURVATURE, // over what the steering allows, ratio
    BT_AUDIT_JUMP,      // place against speed, m in a look
    BT_AUDIT_WHEEL, // a wheel above or below the road with all its round, m (only where it is on a road); of roads that
    // lie over each other, the nearest in height to its lowest point and to the places beside
    BT_AUDIT_FOOT, // a person's standing foot (its ball, or the heel when only that stands: soles turn): its speed over the
    // ground, m/s, at every pace; that of a cyclist too
    BT_AUDIT_STAND, // a cyclist who has stood for a second, up to 0.1 m/s: the ball of the right foot off the ground that is
    // there, m; who rolls takes steps of up to 0.5 s, the last of which may end as it stands
    BT_AUDIT_WALK, // a walker's acceleration, m/s^2
    BT_AUDIT_DEEP, // a wreck: how deep in another, m (not while a thing is run over)
    BT_AUDIT_SLIDE, // and its acceleration between impacts, over friction times gravity: above 1 on a slope
    BT_AUDIT_MOMENTUM, // of an impact: what is not balanced, over what it changed
    BT_AUDIT_KIND_COUNT
} bt_audit_kind;

typedef struct bt_audit_worst {
    double value;
    uint32_t actor;
    bt_time_ns time_ns;
    uint64_t over; // looks above the limit
} bt_audit_worst;

typedef struct bt_audit_desc {
    const bt_sim *sim;
    double ttc_s;          // 0: 1
    double stand_s;        // 0: 180, more than any signal takes
    uint32_t wheels_every; // looks between two of the wheels' heights, which cost most; 0: never
    FILE *log;             // each touch and each wheel over its limit in a line; NULL: none
    double limit[BT_AUDIT_KIND_COUNT]; // 0: bt_audit_limit_default
} bt_audit_desc;

// 4.5, 9, 30, 6, 30, 1.05, 0.02, 0.01, 0.05, 0.01, 12: what road users do at most; 0.03, 1.1, 1e-6 of wrecks.
double bt_audit_limit_default(bt_audit_kind kind);
const char *bt_audit_kind_name(bt_audit_kind kind); // with its unit

typedef struct bt_audit_report {
    bt_audit_worst worst[BT_AUDIT_KIND_COUNT];
    uint64_t looks, vehicle_looks;
    uint32_t touches;        // vehicle and vehicle, or vehicle and walker: times that one began
    uint32_t walker_touches; // walker and walker
    uint32_t near_misses;
    uint32_t stuck;   // times that a driver had stood for stand_s
    double longest_s; // that one stood
    uint32_t longest_actor;
    double vehicle_hours, vehicle_km; // of vehicles that drive
} bt_audit_report;

typedef struct bt_audit bt_audit;

BT_CHECKED bt_status bt_audit_create(const bt_audit_desc *desc, bt_audit **audit);
void bt_audit_destroy(bt_audit *audit); // NULL is fine
// The state of now; times must grow.
void bt_audit_look(bt_audit *audit, const bt_state *state);
const bt_audit_report *bt_audit_get(const bt_audit *audit);
void bt_audit_print(const bt_audit *audit, FILE *out);

#endif
