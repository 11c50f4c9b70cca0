// audit_internal.h: what the files of the audit share: what it remembers, how wheels, feet and a wreck are looked
// at (audit_wheels.c, audit_feet.c, audit_wreck.c).
#ifndef BT_SIM_AUDIT_INTERNAL_H
#define BT_SIM_AUDIT_INTERNAL_H

#include "engine/sim/audit.h"
#include "engine/sim/grid.h"

// What is remembered of an actor.
typedef struct bt_audit_memory {
    bt_motion motion;
    double accel, side; // means of the last interval
    double stands_s;
    bt_vec3
        sole[4]; // heel and ball of a walker's left and right foot, world; a cyclist's right ball
    uint8_t stood[4];
    double steps_s; // a cyclist's foot has been off the ground
    bool steps;     // and left it as the bicycle rolled
    uint8_t looks;  // 0, 1, 2 and more
    bt_time_ns touched_ns, near_ns;
    uint32_t touched, near;
    bool hit; // has touched a vehicle, or a vehicle it
    bt_time_ns hit_ns;
    bool pushed; // since the last look
    bool wreck;  // at the last look
} bt_audit_memory;

struct bt_audit {
    bt_audit_desc desc;
    bt_audit_report report;
    bt_audit_memory *memories; // (actors)
    double *places;            // (2 x actors, 2) centres of footprints
    bt_footprint *boxes;
    uint32_t *owner; // (2 x actors)
    uint32_t box_count;
    bt_grid grid;
    bt_time_ns last_ns;
    uint64_t wheel_look, impacts; // of the state, seen
};

void bt_audit_note(bt_audit *audit, bt_audit_kind kind, uint32_t actor, bt_time_ns now,
                   double value);
// A vehicle's wheels; those of what it draws.
void bt_audit_wheels(bt_audit *audit, uint32_t actor, const bt_motion *motion, bt_time_ns now);
void bt_audit_trailer(bt_audit *audit, uint32_t actor, const bt_motion *motion, bt_time_ns now);
// Their feet, and a walker's own acceleration.
void bt_audit_cyclist(bt_audit *audit, uint32_t actor, const bt_motion *motion, bt_time_ns now,
                      double dt_s);
void bt_audit_walker(bt_audit *audit, uint32_t actor, const bt_motion *motion, bt_time_ns now,
                     double dt_s);
void bt_audit_wreck(bt_audit *audit, uint32_t actor, const bt_motion *motion, bt_time_ns now,
                    double dt_s);
// Two boxes that overlap.
void bt_audit_depth(bt_audit *audit, const bt_state *state, uint32_t b, uint32_t c);
void bt_audit_impact(bt_audit *audit, const bt_impact *impact, bt_time_ns now);

#endif
