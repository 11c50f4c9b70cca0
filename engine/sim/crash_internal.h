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
const bt_footprint *bt_crash_box(const bt_crash_scene *scene, uint32_t actor, uint32_t part);
void bt_crash_forget_box(const bt_crash_scene *scene, uint32_t actor);
bt_impact_body bt_crash_body(const bt_crash_scene *scene, uint32_t actor, uint32_t part);
double bt_crash_reach(const bt_actor_desc *desc);
// Moves it by its velocity, back too.
void bt_crash_go(const bt_crash_scene *scene, uint32_t actor, double dt_s);
// A part of it has this velocity from now on; first: by the push that has made it a wreck, of `by` (NULL: no actor).
void bt_crash_take_over(const bt_crash_scene *scene, uint32_t actor, uint32_t part,
                        const bt_impact_body *body, const bt_actor_desc *by, bool first);
// Keeps a new impact, of now, in place of the oldest; the caller adds what it does to both.
bt_impact *bt_crash_begin_record(const bt_crash_scene *scene, bt_impact impact);
// Adds the change of velocity at the centre of gravity, of a vehicle where what it draws was struck.
void bt_crash_add_change(const bt_impact_body *before, const bt_impact_body *after,
                         double change_m_s[2]);
// stand.c: what stands beside the road: hits of a step, and moves out of it; true: somebody has been moved.
void bt_crash_hit_standing(const bt_crash_scene *scene);
bool bt_crash_part_standing(const bt_crash_scene *scene);
// From now on it is a wreck, in the place and at the velocity that it has.
void bt_crash_strike(const bt_crash_scene *scene, uint32_t actor);
// Puts a wreck where others look for it.
void bt_crash_write_back(const bt_crash_scene *scene, uint32_t actor);

#endif
