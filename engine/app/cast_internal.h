// cast_internal.h: what the files of the cast share.
#ifndef BT_APP_CAST_INTERNAL_H
#define BT_APP_CAST_INTERNAL_H

#include "engine/app/cast.h"
#include "engine/app/garage.h"

typedef struct casting {
    const bt_cast_desc *desc;
    bt_cast *cast;
    bt_garage *garage;
} casting;

// A body of the scenario's own that is built.
typedef struct bt_cast_own {
    uint32_t model;
    bt_class class_id;
} bt_cast_own;

// ---- cast.c -----------------------------------------------------------------------------------
// An empty cast.
void cast_begin(const bt_cast_desc *desc, bt_garage *garage, casting *c, bt_cast *cast);
// Adds an actor to the cast and its body to the spec; both count alike.
BT_CHECKED bt_status cast_add(casting *c, const bt_actor_desc *actor, const bt_cast_body *body,
                              uint32_t model, bt_class class_id);
// Builds a body, or finds it among those built; the vehicle or height that belongs to it goes into *actor.
BT_CHECKED bt_status cast_build_body(casting *c, const bt_cast_body *body, bt_actor_desc *actor,
                                     uint32_t *model, bt_class *class_id);
// Traffic round the ego, for which `desc` holds how many, how near and the seed.
BT_CHECKED bt_status cast_add_traffic(casting *c, bt_spawn_desc *desc);

// ---- cast_stock.c -----------------------------------------------------------------------------
BT_CHECKED bt_status cast_open_garage(const bt_cast_desc *desc, bt_garage *garage);
// Points of the ego's way for detail, every few metres of the route from one distance to another.
BT_CHECKED bt_status cast_add_focus(const bt_cast_desc *desc, const bt_route *route, double from_m,
                                    double to_m, bt_cast_focus *focus);
// How far along its way an ego that begins at this speed comes at most.
double cast_focus_reach(const bt_scenario *scenario, double speed_m_s);

// ---- cast_story.c -----------------------------------------------------------------------------
// Plays the story's beginning.
BT_CHECKED bt_status cast_create_player(casting *c);
// The ego's beginning as the story has it.
BT_CHECKED bt_status cast_place_by_story(casting *c, const bt_scenario_actor *asked,
                                         bt_actor_desc *actor);
// When the ego and the scenario's own actors are there: all are put into the story, and who is led gets its place
// from it.
BT_CHECKED bt_status cast_begin_story(casting *c);

#endif
