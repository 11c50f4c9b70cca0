// story_fixture.h: a story of two cars on a straight road, put together by hand and played.
#ifndef BT_TESTS_STORY_FIXTURE_H
#define BT_TESTS_STORY_FIXTURE_H

#include "engine/road/opendrive.h"
#include "engine/story/play.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

#define STEP_NS (10 * BT_NS_PER_MS)
#define STEP_S 0.01

typedef struct fixture {
    bt_road_network *net;
    bt_story *story;
    bt_story_player *player;
    uint32_t car, other, maneuver; // car: driven by events below the maneuver
} fixture;

static inline uint32_t add_spot(fixture *f, double s_m, int32_t lane)
{
    bt_spot spot = {.kind = BT_SPOT_LANE,
                    .road = "1",
                    .lane = lane,
                    .s_m = s_m,
                    .where = "test",
                    .ref = BT_STORY_NONE};
    uint32_t index = 0;
    CHECK_OK(BT_STORY_ADD(f->story, spots, spot, &index));
    return index;
}

static inline bt_action action(bt_action_kind kind, uint32_t actor)
{
    return (bt_action){.kind = kind,
                       .actor = actor,
                       .ref = BT_STORY_NONE,
                       .spot = BT_STORY_NONE,
                       .spot2 = BT_STORY_NONE,
                       .factor = 1.0,
                       .time_scale = 1.0,
                       .dynamics = {.shape = BT_SHAPE_STEP}};
}

static inline void add_init(fixture *f, bt_action a)
{
    uint32_t index;
    CHECK_OK(BT_STORY_ADD(f->story, actions, a, &index));
    CHECK_OK(BT_STORY_ADD(f->story, init, index, NULL));
}

static inline uint32_t add_actor(fixture *f, const char *name, double s_m, int32_t lane,
                                 double speed_m_s)
{
    bt_story_actor a = {
        .name = name, .model = "car", .length_m = 4.0, .width_m = 2.0, .center_x_m = 1.0};
    uint32_t index = 0;
    CHECK_OK(BT_STORY_ADD(f->story, actors, a, &index));
    bt_action put = action(BT_DO_TELEPORT, index), go = action(BT_DO_SPEED, index);
    put.spot = add_spot(f, s_m, lane);
    go.value = speed_m_s;
    add_init(f, put);
    add_init(f, go);
    return index;
}

static inline uint32_t add_node(fixture *f, uint32_t parent, bt_node_kind kind, const char *name)
{
    bt_story_node n = {.kind = kind,
                       .name = name,
                       .most = 1,
                       .start = BT_STORY_NONE,
                       .stop = BT_STORY_NONE,
                       .action = BT_STORY_NONE,
                       .priority = BT_PRIORITY_PARALLEL};
    uint32_t index = 0;
    CHECK_OK(bt_story_add_node(f->story, parent, &n, &index));
    return index;
}

static inline void open_fixture(fixture *f)
{
    *f = (fixture){0};
    CHECK_OK(bt_opendrive_load("tests/support/straight.xodr", &f->net));
    CHECK_OK(bt_story_create(&f->story));
    f->car = add_actor(f, "car", 20.0, -1, 10.0);
    f->other = add_actor(f, "other", 60.0, -1, 5.0);
    uint32_t node = BT_STORY_NONE;
    for (int kind = BT_NODE_STORY; kind <= BT_NODE_MANEUVER; kind++)
        node = add_node(f, node, (bt_node_kind)kind, "frame");
    f->maneuver = node;
}

static inline uint32_t add_trigger(fixture *f, bt_condition c)
{
    if (c.name == NULL) c.name = "condition";
    bt_condition_group group = {(uint32_t)f->story->conditions_count, 1};
    bt_trigger trigger = {(uint32_t)f->story->groups_count, 1};
    uint32_t index = 0;
    CHECK_OK(BT_STORY_ADD(f->story, conditions, c, NULL));
    CHECK_OK(BT_STORY_ADD(f->story, groups, group, NULL));
    CHECK_OK(BT_STORY_ADD(f->story, triggers, trigger, &index));
    return index;
}

// An event of one action; condition NULL: at once.
static inline uint32_t add_event(fixture *f, const char *name, bt_action a,
                                 const bt_condition *when)
{
    uint32_t event = add_node(f, f->maneuver, BT_NODE_EVENT, name);
    if (when) {
        uint32_t trigger = add_trigger(f, *when);
        f->story->nodes[event].start = trigger;
    }
    uint32_t node = add_node(f, event, BT_NODE_ACTION, name), index = 0;
    CHECK_OK(BT_STORY_ADD(f->story, actions, a, &index));
    f->story->nodes[node].action = index;
    return event;
}

static inline void begin(fixture *f)
{
    CHECK_OK(bt_story_player_create(f->story, f->net, NULL, &f->player));
}

static inline void run_to(fixture *f, double time_s)
{
    while (bt_seconds(bt_story_player_time_ns(f->player)) < time_s - 1e-9) {
        if (bt_story_player_step(f->player, STEP_NS) == BT_OK) continue;
        CHECK_OK(BT_ERR_INTERNAL);
        return;
    }
}

static const bt_role *role(const fixture *f, uint32_t actor)
{
    return bt_story_player_role(f->player, actor);
}

static inline void close_fixture(fixture *f)
{
    bt_story_player_destroy(f->player);
    bt_story_destroy(f->story);
    bt_road_network_destroy(f->net);
    *f = (fixture){0};
}

static inline bt_condition condition(bt_condition_kind kind, bt_rule rule, double value)
{
    return (bt_condition){.kind = kind,
                          .rule = rule,
                          .value = value,
                          .ref = BT_STORY_NONE,
                          .spot = BT_STORY_NONE,
                          .node = BT_STORY_NONE};
}

#endif
