// play.h: plays a story on a road network, a step at a time.
//
// A step from t to t + dt: conditions see the state and the time at t; what they start acts at once;
// then led actors move. Changes of a node's state are seen by conditions in the pass in which they
// happen and in the next one. Times of steps may differ.
//
// Actors that are `external` are not moved: the caller says where they are, by
// bt_story_player_set_role, before a step. Actions upon them are done all the same, as far as nobody has to
// move for them.
//
// Actors: engine/story/role.h. Failures name the file's line.
#ifndef BT_STORY_PLAY_H
#define BT_STORY_PLAY_H

#include "engine/core/time.h"
#include "engine/road/match.h"
#include "engine/story/role.h"
#include "engine/story/story.h"

typedef struct bt_story_player bt_story_player;

// What a condition may ask of the world besides bodies.
typedef struct bt_story_senses {
    void *context;
    // Index of the phase (bt_signal_phase) of the signal of this id; -1: no such signal.
    int (*signal)(void *context, const char *id);
    // Makes it show a phase; -1: what its programme says. False: no such signal.
    bool (*show_signal)(void *context, const char *id, int phase);
} bt_story_senses;

// `story` and `net` outlive the player. Does what the story has at its beginning; places that are not on
// the map fail here.
BT_CHECKED bt_status bt_story_player_create(const bt_story *story, const bt_road_network *net,
                                            const bt_story_senses *senses,
                                            bt_story_player **player);
BT_CHECKED bt_status bt_story_player_copy(const bt_story_player *from, bt_story_player **to);
void bt_story_player_destroy(bt_story_player *player); // NULL is fine
// Goes on with the roads of another window of the same world; match: from those until now. Who is led on a lane that
// is not there any more stands. From then on a place on roads elsewhere is near to nobody.
void bt_story_player_carry(bt_story_player *player, const bt_road_network *net,
                           const bt_road_match *match);
// An external actor is not there any more: no condition of it holds.
void bt_story_player_lose(bt_story_player *player, uint32_t actor);
BT_CHECKED bt_status bt_story_player_step(bt_story_player *player, bt_time_ns step_ns);

const bt_role *bt_story_player_role(const bt_story_player *player, uint32_t actor);
void bt_story_player_set_role(bt_story_player *player, uint32_t actor, const bt_role *role);
// Where the trajectory or the route of an actor ends. False: it has none, or ends off the lanes.
bool bt_story_player_goal(const bt_story_player *player, uint32_t actor, bt_lane_place *goal);
void bt_story_player_set_senses(bt_story_player *player, bt_story_senses senses);
bt_time_ns bt_story_player_time_ns(const bt_story_player *player);
bool bt_story_player_ended(const bt_story_player *player); // by its stop trigger
bt_node_state bt_story_player_state(const bt_story_player *player, uint32_t node);
uint32_t bt_story_player_runs(const bt_story_player *player, uint32_t node); // how often it ended
const char *bt_story_player_variable(const bt_story_player *player, uint32_t variable);

// A hash of all that decides how the story goes on, as bt_state_digest is of the simulation: routes are resolved from the
// map alone, and what has happened is told, not asked for.
BT_CHECKED bt_status bt_story_player_digest(const bt_story_player *player, uint8_t digest[32]);
const bt_story *bt_story_player_story(const bt_story_player *player);

// What happened: nodes that started, ended, stopped or were skipped, in order.
typedef struct bt_story_event {
    bt_time_ns time_ns;
    uint32_t node;
    bt_node_change change;
} bt_story_event;
uint32_t bt_story_player_event_count(const bt_story_player *player);
const bt_story_event *bt_story_player_event(const bt_story_player *player, uint32_t event);

#endif
