// cast_internal.h: what the files of the cast share.
#ifndef BT_APP_CAST_INTERNAL_H
#define BT_APP_CAST_INTERNAL_H

#include "engine/app/cast.h"
#include "engine/app/garage.h"

typedef struct casting {
    const bt_cast_desc *desc;
    bt_cast *cast;
    bt_garage garage;
} casting;

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
