// crash_internal.h: what the files of crashes share: who is where (crash_search.c), who is off the rails (strike.c).
#ifndef BT_SIM_CRASH_INTERNAL_H
#define BT_SIM_CRASH_INTERNAL_H

#include "engine/sim/sim_internal.h"

// What a step of crashes works on.
typedef struct bt_crash_scene {
    const bt_sim *sim;
    bt_state *state;
    double dt;
} bt_crash_scene;

// Where an actor is now, wreck or not.
typedef struct bt_spot {
    double x, y, yaw, z, speed;
    bool there; // has a body that can crash
} bt_spot;

bt_spot bt_crash_spot(const bt_crash_scene *scene, uint32_t actor);
// All pairs that might touch before the next search; of those, who are so near that they might now.
void bt_crash_find_pairs(const bt_crash_scene *scene);
void bt_crash_find_near(const bt_crash_scene *scene);
// From now on it is a wreck, in the place and at the velocity that it has.
void bt_crash_strike(const bt_crash_scene *scene, uint32_t actor);
// Puts a wreck where others look for it.
void bt_crash_write_back(const bt_crash_scene *scene, uint32_t actor);

#endif
