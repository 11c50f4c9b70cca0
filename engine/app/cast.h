// cast.h: who is in the scene: the ego, the scenario's own actors, traffic that fills the streets;
// for each a body in the spec and a description for the simulation, under one index.
#ifndef BT_APP_CAST_H
#define BT_APP_CAST_H

#include "engine/app/garage.h"
#include "engine/app/scenario.h"
#include "engine/sim/carry.h"
#include "engine/sim/lane_conflict.h"
#include "engine/sim/lane_graph.h"
#include "engine/sim/spawn.h"
#include "engine/story/play.h"

// What an actor's body is built from, so that it can be built again for another window of the world.
typedef struct bt_cast_body {
    const bt_scenario_actor *own; // of the scenario; NULL: of the traffic
    bt_spawn_kind kind;           // of the traffic
    uint32_t choice;              // which one
    bool fixture;                 // a signal head, whose body belongs to the surroundings
} bt_cast_body;

typedef struct bt_cast {
    bt_actor_desc *actors; // index = actor index in spec and sim; 0 is the ego
    bt_cast_body *bodies;  // (count)
    size_t count, capacity, body_capacity;
    uint32_t named[BT_SPAWN_KIND_COUNT]; // of the traffic, over the whole run
    uint32_t next_number;                // of an actor
    uint32_t
        *origins; // (origin_count) the first so many were in the cast before: their index there
    size_t origin_count, origin_capacity;
    bt_route *ego_route; // its way in an endless world; the caller takes it over
    bt_story_player
        *player; // of the scenario's story; NULL: nobody is led. The caller takes it over
    uint32_t *story_actors; // (story_count) in the story, by actor
    uint32_t story_count;   // actors that are in the story: the first ones
    bt_vec3 **paths;        // walkers' polylines, pointed to by actors
    size_t path_count, path_capacity;
} bt_cast;

// Points that the ego will pass, for detail.
typedef struct bt_cast_focus {
    bt_vec3 *points; // (count)
    size_t count, capacity;
} bt_cast_focus;

// Bodies that are built before it is known who needs them: those of the scenario's own actors, and all that traffic
// may choose from.
typedef struct bt_cast_stock {
    bt_garage garage;
    struct bt_cast_own *own; // (own_count) by actor of the cast before
    size_t own_count;
} bt_cast_stock;

#define BT_CAST_ROUTE_M 20000.0 // how far an ego's way is known, where so much is loaded

typedef struct bt_cast_desc {
    const bt_scenario *scenario;
    const char *assets;
    const bt_road_network *net;
    bt_spec *spec;              // bodies are added to it
    bt_input_list *inputs;      // sheets that were read are added to it
    bool without_bodies;        // nobody will be seen
    const bt_route_part *part;  // of an endless world that net is; NULL: it is all there is
    const bt_lane_graph *graph; // the lanes of net, when they are known already; NULL: not yet
} bt_cast_desc;

// What a cast goes on from, in another window of its world.
typedef struct bt_cast_before {
    const bt_cast *cast;
    const bt_state *state;
    const bt_road_match *match; // to the network of the desc
    const bt_cast_stock *stock; // filled for the same spec, from the same cast
    bt_route *ego_route;        // there: the cast's from then on
    bt_story_player *player; // of the story, on the roads of the desc already; NULL: there is none
    double radius_m;         // round the ego: who is farther is left behind, others begin within it
    uint32_t window;         // counts up: seeds who begins
} bt_cast_before;

// The first cast; *stock and *focus are the caller's to clear even when this fails.
BT_CHECKED bt_status bt_cast_init(const bt_cast_desc *desc, bt_cast_stock *stock,
                                  bt_cast_focus *focus, bt_cast *cast);
// Bodies for a cast that will follow another, and where on its way the ego will see fine detail: from about there on.
// What they hold is the caller's to clear even when this fails.
BT_CHECKED bt_status bt_cast_stock_fill(const bt_cast_desc *desc, const bt_cast *before,
                                        bt_cast_stock *stock);
BT_CHECKED bt_status bt_cast_focus_find(const bt_cast_desc *desc, const bt_route *route,
                                        double along_m, bt_cast_focus *focus);
// Of the vehicles of this cast that are the scenario's own, and of those that may come, those whose bodies count.
void bt_cast_choose_bodies(const bt_cast *cast, const bt_cast_stock *stock,
                           const bt_scenario *scenario, bt_body_choice *choice);
void bt_cast_stock_clear(bt_cast_stock *stock); // empty ones are fine
void bt_cast_focus_clear(bt_cast_focus *focus);
// The cast of another window: who is still near goes on, others begin out of the ego's sight for those who do
// not, so that there are as many as the scenario asks for.
BT_CHECKED bt_status bt_cast_follow(const bt_cast_desc *desc, const bt_cast_before *before,
                                    bt_cast *cast);
// A signal head that has its actor in the spec already; actors come in order.
BT_CHECKED bt_status bt_cast_add_fixture(bt_cast *cast, uint32_t signal, uint32_t actor,
                                         bt_pose world_from_fixture);
void bt_cast_clear(bt_cast *cast);

#endif
