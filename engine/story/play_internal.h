// play_internal.h: what the files of the player share.
#ifndef BT_STORY_PLAY_INTERNAL_H
#define BT_STORY_PLAY_INTERNAL_H

#include "engine/story/trail.h"
#include "engine/story/play.h"

#define BT_STORY_QUEUE 16      // changes of a condition that wait for its delay
#define BT_STORY_VALUE_MAX 128 // letters of a variable
#define BT_STORY_EVENTS_MAX 100000u

// What is remembered of a condition.
typedef struct bt_condition_state {
    double time_s[BT_STORY_QUEUE]; // of changes to come
    uint8_t value[BT_STORY_QUEUE];
    uint32_t queued;
    uint8_t seen, before; // it has been looked at; what it was then
    uint8_t now;          // as it is after its delay
} bt_condition_state;

typedef struct bt_node_record {
    uint8_t state;           // bt_node_state
    uint8_t changes, before; // bits of bt_node_change: in this pass, in the last
    uint32_t runs;
} bt_node_record;

// An action that goes on.
typedef struct bt_action_state {
    uint8_t running, done, fresh;
    double elapsed_s, gone_m;
    double from, to; // of the value that changes
    double duration; // s, or m by distance
} bt_action_state;

// How far somebody that is carried has come down.
typedef enum bt_falls { BT_STANDS_BY_ITSELF, BT_CARRIED, BT_FLIES, BT_BROKEN, BT_RESTS } bt_falls;

typedef struct bt_actor_state {
    bt_role role;
    uint32_t along, across;              // actions that have it: index, BT_STORY_NONE
    bt_trail path;                       // resolved; its memory belongs to the player
    double path_m;                       // where on it
    double speed_before_m_s, sideways_m; // in this step
    double wish_m_s;                     // controlled: the speed that its controller would like
    uint32_t controller, trailer;        // BT_STORY_NONE: none
    uint8_t on_path, halts;
    uint8_t controlled, towed;
    uint8_t falls;          // bt_falls
    uint32_t carrier, fall; // actor, action
    uint32_t hits;          // of the ground
    bt_vec3 fall_m_s;
    double turn_rad_s;
} bt_actor_state;

typedef struct bt_programme_state {
    double begun_s; // when its first phase would have begun
    uint32_t phase; // that is shown; BT_STORY_NONE: none yet
} bt_programme_state;

struct bt_story_player {
    const bt_story *story;
    const bt_road_network *net;
    bt_story_senses senses;
    bt_time_ns time_ns;
    double dt_s;
    bool ended;
    bool part; // the roads are part of a world: those that a place names may be elsewhere
    bt_actor_state *actors;         // (actors)
    bt_action_state *actions;       // (actions)
    bt_node_record *nodes;          // (nodes)
    bt_condition_state *conditions; // (conditions)
    bt_programme_state *programmes; // (programmes)
    char (*variables)[BT_STORY_VALUE_MAX];
    bt_lane_choice *routes;   // (routes) lanes, resolved once
    bt_lane_choice *acquired; // (actors) of BT_DO_ACQUIRE
    bt_story_event *events;
    size_t event_count, event_capacity;
};

// ---- spot.c -----------------------------------------------------------------------------------
// A resolved place.
typedef struct bt_anchor {
    bt_vec3 pos;
    double yaw_rad, pitch_rad, roll_rad;
    bt_lane_place on;
} bt_anchor;
BT_CHECKED bt_status bt_spot_resolve(const bt_story_player *player, uint32_t spot,
                                     bt_anchor *anchor);
BT_CHECKED bt_status bt_story_routes_resolve(bt_story_player *player);
// The lanes an actor prefers.
const bt_lane_choice *bt_story_choice(const bt_story_player *player, uint32_t actor);
void bt_role_put(const bt_road_network *net, const bt_anchor *anchor, bt_role *role);
// Notes how it is turned from the way of its lane.
void bt_role_note_turn(const bt_road_network *net, bt_role *role);

// ---- trail.c -----------------------------------------------------------------------------------
BT_CHECKED bt_status bt_story_path_resolve(const bt_story_player *player, uint32_t path,
                                           bt_trail *out);

// ---- condition.c ------------------------------------------------------------------------------
// How far an actor has to go to be abreast of another, + ahead; by measure, between the boxes if `free`.
// NAN: cannot be told.
double bt_story_distance(const bt_story_player *player, uint32_t from, uint32_t to,
                         bt_measure measure, bool free);
BT_CHECKED bt_status bt_trigger_met(bt_story_player *player, uint32_t trigger, bool *met);

// ---- action.c ---------------------------------------------------------------------------------
BT_CHECKED bt_status bt_action_start(bt_story_player *player, uint32_t action);
void bt_action_stop(bt_story_player *player, uint32_t action);
BT_CHECKED bt_status bt_action_step(bt_story_player *player, uint32_t action);

// ---- action_speed.c ---------------------------------------------------------------------------
double bt_story_shape(bt_shape shape, double p); // share of the change done, both 0 to 1
// Seconds of a transition by `change` (by distance: metres, except for speeds).
double bt_story_duration(const bt_dynamics *dynamics, double change);
double bt_story_progress(const bt_action *action, const bt_action_state *state);
void bt_story_set_speed(bt_story_player *player, uint32_t actor, double speed_m_s);
void bt_story_start_speed(bt_story_player *player, const bt_action *action, bt_action_state *state);
void bt_story_step_speed(bt_story_player *player, const bt_action *action, bt_action_state *state);
void bt_story_step_profile(bt_story_player *player, const bt_action *action,
                           bt_action_state *state);
void bt_story_step_distance(bt_story_player *player, const bt_action *action,
                            bt_action_state *state);
BT_CHECKED bt_status bt_story_step_synchronize(bt_story_player *player, const bt_action *action,
                                               bt_action_state *state);

// ---- action_way.c -----------------------------------------------------------------------------
BT_CHECKED bt_status bt_story_start_lane(bt_story_player *player, const bt_action *action,
                                         bt_action_state *state);
void bt_story_start_offset(bt_story_player *player, const bt_action *action,
                           bt_action_state *state);
void bt_story_start_aside(bt_story_player *player, const bt_action *action, bt_action_state *state);
void bt_story_step_aside(bt_story_player *player, const bt_action *action, bt_action_state *state);
void bt_story_step_across(bt_story_player *player, const bt_action *action, bt_action_state *state);
BT_CHECKED bt_status bt_story_start_path(bt_story_player *player, const bt_action *action);
void bt_story_step_path(bt_story_player *player, const bt_action *action, bt_action_state *state);

// ---- controller.c -----------------------------------------------------------------------------
void bt_story_control(bt_story_player *player, const bt_action *action);
// Moves a controlled actor, after actions have said what they wish.
void bt_story_controller_step(bt_story_player *player, uint32_t actor);

// ---- tow.c ------------------------------------------------------------------------------------
void bt_story_couple(bt_story_player *player, const bt_action *action);
// All behind an actor in one line; after it has moved by a step: where they are drawn.
void bt_story_trailer_align(bt_story_player *player, uint32_t actor);
void bt_story_trailer_pull(bt_story_player *player, uint32_t actor);

// ---- fall.c -----------------------------------------------------------------------------------
void bt_story_carry(bt_story_player *player, const bt_action *action);
void bt_story_ride(bt_story_player *player, uint32_t actor, double dt_s);
void bt_story_start_fall(bt_story_player *player, const bt_action *action);
void bt_story_fall_step(bt_story_player *player, uint32_t actor);

// ---- programme.c ------------------------------------------------------------------------------
uint32_t bt_story_programme_phase(const bt_story_player *player, uint32_t programme);
void bt_story_programme_jump(bt_story_player *player, uint32_t programme, uint32_t phase);
void bt_story_programmes_step(bt_story_player *player);

// ---- move.c -----------------------------------------------------------------------------------
// Moves a led actor by what its actions asked for.
void bt_actor_move(bt_story_player *player, uint32_t actor);

#endif
