// story.h: what is to happen in a scenario: triggers, and what actors then do. Constant once built.
//
// The model and its words are those of ASAM OpenSCENARIO XML 1.3 (chapter 7): a storyboard is a tree
//
//     story > act > group (of actors) > maneuver > event > action
//
// whose nodes begin by start triggers: groups of conditions, one group of which must hold entirely.
// Scenarios in Lua (story_lua.h) write a small one: a story, an act, a group for each actor.
//
// Everything is a flat array of plain structs, referred to by index (BT_STORY_NONE: none). Texts live
// in the story's arena. story_play.h plays it on a road network.
//
// Ownership: the story owns all. Threads: a finished story may be shared.
#ifndef BT_STORY_STORY_H
#define BT_STORY_STORY_H

#include "engine/core/memory.h"
#include "engine/core/status.h"
#include "engine/math/pose.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BT_STORY_NONE UINT32_MAX
#define BT_STORY_MAX_ITEMS 16384u // of any array: more is refused

// ---- places -----------------------------------------------------------------------------------
typedef enum bt_spot_kind {
    BT_SPOT_WORLD,           // x, y, z
    BT_SPOT_LANE,            // road, lane, s, lateral (offset from the lane's middle, as t)
    BT_SPOT_ROAD,            // road, s, lateral (t)
    BT_SPOT_RELATIVE_LANE,   // of an actor: lanes aside (+ left as it goes), s along, lateral
    BT_SPOT_RELATIVE_ROAD,   // of an actor: s and t
    BT_SPOT_RELATIVE_OBJECT, // of an actor: x, y in its own axes
    BT_SPOT_RELATIVE_WORLD,  // of an actor: x, y in world axes
    BT_SPOT_ROUTE,           // s along a route, on lane (0: that of the route), lateral
    BT_SPOT_PATH,            // s along a trajectory, lateral
} bt_spot_kind;

// A place, resolved when it is needed: an actor it refers to may have moved.
typedef struct bt_spot {
    bt_spot_kind kind;
    const char *road; // id
    int32_t lane;     // id; relative: how many aside
    uint32_t ref;     // actor, route or path
    double x_m, y_m, z_m;
    double s_m, lateral_m;
    double yaw_rad; // relative to the place, or absolute
    bool yaw_absolute;
    bool on_ground;   // z follows the road's surface, or else z_m stands
    bool has_lateral; // RELATIVE_LANE: else the other's own offset is kept
    bool along_road; // LANE, ROAD, ROUTE by t: yaw is relative to the reference line, not to travel
    const char *where; // it is written, for messages
} bt_spot;

typedef struct bt_story_route {
    const char *name;
    uint32_t first_spot, spot_count; // waypoints
    bool closed;
} bt_story_route;

typedef enum bt_path_shape {
    BT_PATH_POLYLINE,
    BT_PATH_CLOTHOIDS, // segments one after another from the first spot
    BT_PATH_NURBS,
    BT_PATH_SPLINE, // a cubic spline through the spots, from the first actor's heading on
} bt_path_shape;

// Times of polylines and NURBS: one a spot; clothoids: of their beginning and end. NAN: none.
typedef struct bt_story_path {
    const char *name;
    bt_path_shape shape;
    uint32_t first_spot, spot_count;
    uint32_t first_number, number_count; // per shape, below
    // polyline: time per spot
    // clothoids: (curvature at start, at end, length) per segment, then start and stop time
    // nurbs: (weight, time) per spot, then knots
    uint32_t order; // of NURBS
    bool closed;
} bt_story_path;

// ---- triggers ---------------------------------------------------------------------------------
typedef enum bt_rule {
    BT_RULE_GREATER,
    BT_RULE_LESS,
    BT_RULE_EQUAL,
    BT_RULE_GREATER_EQUAL,
    BT_RULE_LESS_EQUAL,
    BT_RULE_NOT_EQUAL,
} bt_rule;

typedef enum bt_edge { BT_EDGE_NONE, BT_EDGE_RISING, BT_EDGE_FALLING, BT_EDGE_BOTH } bt_edge;

typedef enum bt_measure { // between two actors
    BT_MEASURE_ENTITY,    // along the triggering actor's own x
    BT_MEASURE_ROAD,      // along the road
    BT_MEASURE_STRAIGHT,  // as the crow flies
    BT_MEASURE_ASIDE,     // across the triggering actor's own x
    BT_MEASURE_ROAD_ASIDE // across the road
} bt_measure;

typedef enum bt_condition_kind {
    BT_WHEN_ALWAYS,
    BT_WHEN_TIME,        // of the simulation, s, against value
    BT_WHEN_TIME_OF_DAY, // never met here
    BT_WHEN_NODE,        // node is in, or enters or leaves, node_state
    BT_WHEN_VARIABLE,    // variable against text (or value, when both are numbers)
    BT_WHEN_SIGNAL,      // traffic signal `text` shows phase `value`
    BT_WHEN_PROGRAMME,   // programme `variable` is in its phase `value`
    // of each subject, joined by `all`:
    BT_WHEN_SPEED,          // m/s, against value
    BT_WHEN_RELATIVE_SPEED, // own less that of ref
    BT_WHEN_ACCELERATION,   // m/s^2 along its x
    BT_WHEN_STANDS,         // for at least value s
    BT_WHEN_TRAVELLED,      // m, at least value
    BT_WHEN_END_OF_ROAD,    // for at least value s
    BT_WHEN_OFF_ROAD,       // for at least value s
    BT_WHEN_REACHED,        // within value m of spot
    BT_WHEN_DISTANCE,       // m, to ref or (ref none) to spot, by measure
    BT_WHEN_HEADWAY,        // distance over own speed, s
    BT_WHEN_TTC,            // distance over closing speed, s
    BT_WHEN_COLLISION,      // footprints of subject and ref (none: anybody) overlap
} bt_condition_kind;

typedef struct bt_condition {
    const char *name;
    bt_condition_kind kind;
    bt_edge edge;
    double delay_s;
    bt_rule rule;
    double value;
    const char *text;
    uint32_t variable;
    uint32_t first_subject, subject_count; // actors
    bool all;                              // of them; else any
    uint32_t ref;
    uint32_t kinds; // COLLISION with anybody: bits 1 << bt_story_actor_kind, 0: all
    uint32_t spot;
    bt_measure measure;
    bool freespace; // between the boxes, not the origins
    int side;       // +1: only while the other is ahead, -1: behind, 0: either
    uint32_t node;  // bt_story_node
    int node_state; // bt_node_state, or bt_node_change + 8
} bt_condition;

typedef struct bt_condition_group {
    uint32_t first_condition, condition_count;
} bt_condition_group;

typedef struct bt_trigger {
    uint32_t first_group, group_count; // none: never met
} bt_trigger;

// ---- actions ----------------------------------------------------------------------------------
typedef enum bt_shape {
    BT_SHAPE_LINEAR,
    BT_SHAPE_CUBIC,
    BT_SHAPE_SINUSOIDAL,
    BT_SHAPE_STEP,
    BT_SHAPE_QUINTIC, // not in the standard: 10 p^3 - 15 p^4 + 6 p^5, without a jump of acceleration
} bt_shape;
typedef enum bt_dimension { BT_BY_TIME, BT_BY_RATE, BT_BY_DISTANCE } bt_dimension;

// How a value goes over to another. Rates of cubic and sinusoidal shapes are their steepest.
typedef struct bt_dynamics {
    bt_shape shape;
    bt_dimension dimension;
    double value; // s, per s, or m
} bt_dynamics;

typedef enum bt_action_kind {
    BT_DO_NOTHING,       // ends at once; what is not supported becomes this, with a note
    BT_DO_SPEED,         // to value; or to ref's speed times factor plus value
    BT_DO_SPEED_PROFILE, // numbers: (duration s, speed m/s) pairs
    BT_DO_KEEP_DISTANCE, // value m (or s when by_time) to ref
    BT_DO_SYNCHRONIZE,   // reach spot when ref reaches spot2, then go at value
    BT_DO_KEEP_ASIDE,    // value m across, to ref
    BT_DO_CHANGE_LANE,   // lane: absolute id (ref none), or aside of ref's; lateral_m in it
    BT_DO_OFFSET,        // lateral_m in the lane
    BT_DO_TELEPORT,      // to spot
    BT_DO_ROUTE,         // item: route
    BT_DO_ACQUIRE,       // a route to spot
    BT_DO_FOLLOW_PATH, // item: path; at value m/s (0: its own speed), and stands at the end if item2
    BT_DO_LAMPS,       // item: bits to set, item2: bits to clear
    BT_DO_SIGNAL,      // the traffic signal of the id `text` shows phase `value`; -1: its programme
    BT_DO_PROGRAMME,   // item: the programme, which goes over to its phase item2
    BT_DO_CONTROL, // item: controller that the actor has from now on (none: as before), item2: bt_control
    BT_DO_COUPLE,       // item: actor that is its trailer from now on (none: it has none)
    BT_DO_CARRY,       // lies on ref, at the actor's carried_m
    BT_DO_FALL,        // off it: value: density kg/m^3, factor: restitution, lateral_m: friction, item: seed; numbers: size
                       // and place of the slab that it is a piece of (none: itself)
    BT_DO_SET_VARIABLE, // item: variable, text; factor and value when it is changed (x f + v)
} bt_action_kind;

typedef struct bt_action {
    bt_action_kind kind;
    uint32_t actor; // who does it; BT_STORY_NONE: nobody in particular
    bt_dynamics dynamics;
    double value, factor;
    double jerk_m_s3; // SPEED, linear and not continuous: its corners are rounded; 0: they are not
    uint32_t ref;
    bool continuous;
    bool freespace, by_time, leads; // KEEP_DISTANCE; leads: ahead of ref, not behind
    int side;                       // KEEP_ASIDE: +1 left of ref, -1 right, 0: where it is
    bool has_lateral;
    int32_t lane;
    double lateral_m;
    uint32_t spot, spot2;
    double max_speed_m_s, max_accel_m_s2, max_decel_m_s2; // 0: the actor's
    uint32_t item, item2;
    const char *text;
    uint32_t first_number, number_count;
    double steady_m, steady_s; // SYNCHRONIZE: goes at its last speed this long before
    // FOLLOW_PATH
    bool timed, time_absolute;
    double time_offset_s, time_scale;
    double from_m; // enters the path here
} bt_action;

// ---- the tree ---------------------------------------------------------------------------------
typedef enum bt_node_kind {
    BT_NODE_STORY,
    BT_NODE_ACT,
    BT_NODE_GROUP,
    BT_NODE_MANEUVER,
    BT_NODE_EVENT,
    BT_NODE_ACTION,
    BT_NODE_KIND_COUNT
} bt_node_kind;

typedef enum bt_node_state { BT_STANDBY, BT_RUNNING, BT_COMPLETE } bt_node_state;
typedef enum bt_node_change { BT_STARTS, BT_ENDS, BT_STOPS, BT_SKIPS } bt_node_change;
#define BT_NODE_CHANGE 8 // added to a bt_node_change in bt_condition.node_state

typedef enum bt_priority {
    BT_PRIORITY_OVERRIDE,
    BT_PRIORITY_SKIP,
    BT_PRIORITY_PARALLEL
} bt_priority;

typedef struct bt_story_node {
    const char *name;
    bt_node_kind kind;
    uint32_t parent, first, last, next;
    uint32_t most;        // executions of a group or event
    bt_priority priority; // events
    uint32_t start, stop; // triggers; start none: with its parent; stop none: never
    uint32_t action;      // of action nodes
    uint32_t line;
} bt_story_node;

// ---- traffic lights ---------------------------------------------------------------------------
typedef struct bt_story_light {
    const char *signal; // id on the map
    int shows;          // bt_signal_phase
} bt_story_light;

typedef struct bt_story_phase {
    const char *name;
    double duration_s;
    uint32_t first_light, light_count;
} bt_story_phase;

// Its phases take turns for ever, the first one from delay_s on.
typedef struct bt_story_programme {
    const char *name;
    double delay_s, cycle_s;
    uint32_t first_phase, phase_count;
} bt_story_programme;

// ---- controllers ------------------------------------------------------------------------------
typedef enum bt_controller_kind {
    BT_CONTROLLER_NONE,
    BT_CONTROLLER_ACC, // cruises, and keeps a time gap behind who is ahead in its lane
    BT_CONTROLLER_IDM, // engine/sim/idm.h
} bt_controller_kind;

typedef enum bt_control { BT_CONTROL_KEEP, BT_CONTROL_ON, BT_CONTROL_OFF } bt_control;

// Who sets an actor's speed while switched on; actions then only wish (follows_story), or are not heard.
typedef struct bt_story_controller {
    const char *name;
    bt_controller_kind kind;
    uint32_t actor;
    double set_speed_m_s; // NAN: that at which it is switched on
    bool follows_story;
    double gap_s, gap_m;
    double accel_m_s2, decel_m_s2; // 0: the actor's
    double aside_m;                // whose middle is further from its own is not ahead
} bt_story_controller;

// ---- actors -----------------------------------------------------------------------------------
typedef enum bt_story_actor_kind {
    BT_STORY_CAR,
    BT_STORY_PERSON,
    BT_STORY_ANIMAL,
    BT_STORY_THING, // stands
} bt_story_actor_kind;

typedef struct bt_story_actor {
    const char *name;
    bt_story_actor_kind kind;
    const char *model;                  // vehicle sheet, or the catalogue's category
    double length_m, width_m, height_m; // of its box
    double center_x_m, center_y_m;      // of the box, from its origin
    double max_speed_m_s, max_accel_m_s2, max_decel_m_s2; // 0: none
    double wheelbase_m;                                   // 0: that of a car
    bt_vec3 carried_m;  // CARRY: from its carrier's origin
    double roof_m[3];   // and what it slides on: its rear and front end, half its width
    double hitch_x_m,
        coupler_x_m; // where a trailer is coupled, where it is itself; from the rear axle
    bool
        external; // moves by itself (the ego of a run, traffic): the story looks, and does not lead
    uint32_t line;
} bt_story_actor;

typedef struct bt_story_variable {
    const char *name, *value; // at the beginning
} bt_story_variable;

#define BT_STORY_LIST(type, name)                                                                  \
    type *name;                                                                                    \
    size_t name##_count, name##_capacity

typedef struct bt_story {
    bt_arena *arena;
    BT_STORY_LIST(bt_story_actor, actors);
    BT_STORY_LIST(bt_spot, spots);
    BT_STORY_LIST(bt_story_route, routes);
    BT_STORY_LIST(bt_story_path, paths);
    BT_STORY_LIST(double, numbers);
    BT_STORY_LIST(uint32_t, subjects);
    BT_STORY_LIST(bt_condition, conditions);
    BT_STORY_LIST(bt_condition_group, groups);
    BT_STORY_LIST(bt_trigger, triggers);
    BT_STORY_LIST(bt_action, actions);
    BT_STORY_LIST(bt_story_node, nodes);
    BT_STORY_LIST(bt_story_variable, variables);
    BT_STORY_LIST(bt_story_controller, controllers);
    BT_STORY_LIST(bt_story_light, lights);
    BT_STORY_LIST(bt_story_phase, phases);
    BT_STORY_LIST(bt_story_programme, programmes);
    BT_STORY_LIST(uint32_t, init); // actions, in the order in which they are done at the beginning
    uint32_t first_story;          // node, siblings follow
    uint32_t last_story;
    uint32_t stop; // trigger that ends it all
} bt_story;

BT_CHECKED bt_status bt_story_create(bt_story **story);
void bt_story_destroy(bt_story *story); // NULL is fine

// Appends an item and gives its index. BT_ERR_LIMIT beyond BT_STORY_MAX_ITEMS.
#define BT_STORY_ADD(story, list, item, index)                                                     \
    bt_story_add((void **)&(story)->list, &(story)->list##_count, &(story)->list##_capacity,       \
                 &(item), sizeof(item), #list, (index))
BT_CHECKED bt_status bt_story_add(void **items, size_t *count, size_t *capacity, const void *item,
                                  size_t size, const char *what, uint32_t *index);
// A node below its parent (none: a story), last among its siblings.
BT_CHECKED bt_status bt_story_add_node(bt_story *story, uint32_t parent, const bt_story_node *node,
                                       uint32_t *index);
uint32_t bt_story_find_actor(const bt_story *story, const char *name);
uint32_t bt_story_find_variable(const bt_story *story, const char *name);
uint32_t bt_story_find_programme(const bt_story *story, const char *name);
// The node a name means, seen from `from`: "a::b" names a below it; nearest first, then anywhere.
uint32_t bt_story_find_node(const bt_story *story, uint32_t from, bt_node_kind kind,
                            const char *name);

#endif
