// cast.h: who is in the scene: the ego, the scenario's own actors, traffic that fills the streets;
// for each a body in the spec and a description for the simulation, under one index.
#ifndef BT_APP_CAST_H
#define BT_APP_CAST_H

#include "engine/app/assets.h"
#include "engine/app/scenario.h"
#include "engine/scene/spec.h"
#include "engine/sim/sim.h"
#include "engine/story/play.h"

typedef struct bt_cast {
    bt_actor_desc *actors; // index = actor index in spec and sim; 0 is the ego
    size_t count, capacity;
    bt_vec3 *focus; // points that the ego will pass, for detail
    size_t focus_count, focus_capacity;
    bt_story_player
        *player; // of the scenario's story; NULL: nobody is led. The caller takes it over
    uint32_t *story_actors; // (story_count) in the story, by actor
    uint32_t story_count;   // actors that are in the story: the first ones
    bt_vec3 **paths;        // walkers' polylines, pointed to by actors
    size_t path_count, path_capacity;
} bt_cast;

typedef struct bt_cast_desc {
    const bt_scenario *scenario;
    const char *assets;
    const bt_road_network *net;
    bt_spec *spec;         // bodies are added to it
    bt_input_list *inputs; // sheets that were read are added to it
    bool without_bodies;   // nobody will be seen
} bt_cast_desc;

BT_CHECKED bt_status bt_cast_init(const bt_cast_desc *desc, bt_cast *cast);
// A signal head that has its actor in the spec already; actors come in order.
BT_CHECKED bt_status bt_cast_add_fixture(bt_cast *cast, uint32_t signal, uint32_t actor,
                                         bt_pose world_from_fixture);
void bt_cast_clear(bt_cast *cast);

#endif
