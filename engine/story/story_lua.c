// story_lua.c: see story_lua.h: places and events.
#include "engine/story/story_lua_internal.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "engine/math/pose.h"

#define EVENTS_MAX 64
#define CONDITIONS_MAX 16
#define ACTIONS_MAX 16

// ---- the functions ----------------------------------------------------------------------------
// when.NAME { ... } gives the table back with its name under `when`; act.NAME likewise.
static int mark(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_settop(lua, 1);
    lua_pushvalue(lua, lua_upvalueindex(2));
    lua_setfield(lua, 1, lua_tostring(lua, lua_upvalueindex(1)));
    return 1;
}

static void open_words(lua_State *lua, const char *name, const char *const *words)
{
    lua_newtable(lua);
    for (size_t i = 0; words[i]; i++) {
        lua_pushstring(lua, name);
        lua_pushstring(lua, words[i]);
        lua_pushcclosure(lua, mark, 2);
        lua_setfield(lua, -2, words[i]);
    }
    lua_setglobal(lua, name);
}

void bt_story_lua_open(bt_script *script)
{
    open_words(bt_script_lua(script), "when", story_lua_conditions);
    open_words(bt_script_lua(script), "act", story_lua_actions);
}

// ---- small readers ----------------------------------------------------------------------------
void story_lua_check(bt_table *table, bt_status status)
{
    if (status != BT_OK) bt_table_fail(table, "", "%s", bt_error_message());
}

const char *story_lua_text(bt_table *table, bt_story *story, const char *key, const char *fallback)
{
    const char *copy = bt_arena_strdup(story->arena, bt_table_string(table, key, fallback));
    if (!copy) bt_table_fail(table, key, "no memory");
    return copy ? copy : "";
}

uint32_t story_lua_actor(bt_table *table, const bt_story *story, const char *key, uint32_t fallback)
{
    const char *name = bt_table_string(table, key, "");
    if (name[0] == '\0') return fallback;
    uint32_t actor = bt_story_find_actor(story, name);
    if (actor == BT_STORY_NONE) bt_table_fail(table, key, "no actor is named '%s'", name);
    return actor;
}

// ---- places -----------------------------------------------------------------------------------
static bool has(bt_table *table, const char *key)
{
    lua_pushstring(table->lua, key);
    bool there = lua_rawget(table->lua, table->index) != LUA_TNIL;
    lua_pop(table->lua, 1);
    return there;
}

static void read_relative(bt_table *table, const bt_story *story, bt_spot *s)
{
    s->ref = story_lua_actor(table, story, "of", BT_STORY_NONE);
    double ahead = bt_table_number(table, "ahead_m", 0.0, -1e5, 1e5);
    if (has(table, "left_m")) {
        s->kind = BT_SPOT_RELATIVE_OBJECT;
        s->x_m = ahead;
        s->y_m = bt_table_number(table, "left_m", 0.0, -1e4, 1e4);
        s->on_ground = true;
        return;
    }
    s->kind = BT_SPOT_RELATIVE_LANE;
    s->s_m = ahead;
    s->lane = (int32_t)bt_table_integer(table, "lanes", 0, -16, 16);
    s->lateral_m = bt_table_number(table, "lateral_m", 0.0, -50.0, 50.0);
}

static void read_on_road(bt_table *table, bt_story *story, bt_spot *s)
{
    s->road = story_lua_text(table, story, "road", NULL);
    s->s_m = bt_table_number(table, "s_m", BT_REQUIRED, 0.0, 1e7);
    s->lane = (int32_t)bt_table_integer(table, "lane", 0, -64, 64);
    s->kind = s->lane != 0 ? BT_SPOT_LANE : BT_SPOT_ROAD;
    s->along_road = s->lane == 0;
    s->lateral_m = bt_table_number(table, s->lane != 0 ? "lateral_m" : "t_m", 0.0, -1e4, 1e4);
}

bool story_lua_spot(bt_table *table, bt_story *story, uint32_t *spot)
{
    bt_spot s = {.ref = BT_STORY_NONE};
    if (has(table, "of")) {
        read_relative(table, story, &s);
    } else if (has(table, "x_m")) {
        s.kind = BT_SPOT_WORLD;
        s.x_m = bt_table_number(table, "x_m", BT_REQUIRED, -1e6, 1e6);
        s.y_m = bt_table_number(table, "y_m", BT_REQUIRED, -1e6, 1e6);
        s.z_m = bt_table_number(table, "z_m", 0.0, -1e4, 1e4);
        s.on_ground = true;
    } else {
        read_on_road(table, story, &s);
    }
    char where[300];
    snprintf(where, sizeof where, "%.120s: %s", table->source, table->path);
    s.where = bt_arena_strdup(story->arena, where);
    if (!s.where) bt_table_fail(table, "", "no memory");
    // from the way of the lane or road, or from x
    s.yaw_rad = bt_table_number(table, "heading_deg", 0.0, -360.0, 360.0) * BT_RAD_PER_DEG;
    STORY_LUA_ADD(table, story, spots, s, spot);
    return table->status == BT_OK;
}

bool bt_story_lua_read_spot(bt_table *table, const char *key, bt_story *story, uint32_t *spot)
{
    bt_table child;
    *spot = BT_STORY_NONE;
    if (!bt_table_open(table, key, &child)) return false;
    story_lua_spot(&child, story, spot);
    return bt_table_end(&child) == BT_OK;
}

// ---- events -----------------------------------------------------------------------------------
// `when` is one condition or a list of them that must all hold.
static void read_trigger(bt_table *event, bt_story *story, uint32_t actor, uint32_t *trigger)
{
    bt_table when;
    *trigger = BT_STORY_NONE;
    if (!bt_table_open(event, "when", &when)) return;
    bt_condition list[CONDITIONS_MAX];
    size_t count = bt_table_length(&when);
    if (count > CONDITIONS_MAX) {
        bt_table_fail(&when, "", "at most %d conditions, got %zu", CONDITIONS_MAX, count);
        count = 0;
    }
    if (count == 0) {
        story_lua_read_condition(&when, story, actor, &list[0]);
    }
    for (size_t i = 0; i < count && when.status == BT_OK; i++) {
        bt_table item;
        if (!bt_table_open_item(&when, i, &item)) break;
        story_lua_read_condition(&item, story, actor, &list[i]);
        if (bt_table_end(&item) != BT_OK) break;
    }
    if (count == 0) count = 1;
    bt_condition_group group = {(uint32_t)story->conditions_count, (uint32_t)count};
    for (size_t i = 0; i < count && when.status == BT_OK; i++)
        STORY_LUA_ADD(&when, story, conditions, list[i], NULL);
    bt_trigger t = {(uint32_t)story->groups_count, 1};
    if (when.status == BT_OK) STORY_LUA_ADD(&when, story, groups, group, NULL);
    if (when.status == BT_OK) STORY_LUA_ADD(&when, story, triggers, t, trigger);
    if (bt_table_end(&when) != BT_OK) *trigger = BT_STORY_NONE;
}

static void read_actions(bt_table *event, bt_story *story, uint32_t actor, uint32_t node)
{
    size_t count = bt_table_length(event);
    if (count == 0 || count > ACTIONS_MAX)
        bt_table_fail(event, "", "expected 1 to %d actions (act.speed { }, ...), got %zu",
                      ACTIONS_MAX, count);
    for (size_t i = 0; i < count && event->status == BT_OK; i++) {
        bt_table item;
        bt_action action;
        if (!bt_table_open_item(event, i, &item)) break;
        story_lua_read_action(&item, story, actor, &action);
        bt_story_node n = {.kind = BT_NODE_ACTION,
                           .name = story->nodes[node].name,
                           .most = 1,
                           .start = BT_STORY_NONE,
                           .stop = BT_STORY_NONE};
        uint32_t index;
        if (item.status == BT_OK) STORY_LUA_ADD(&item, story, actions, action, &n.action);
        if (item.status == BT_OK)
            story_lua_check(&item, bt_story_add_node(story, node, &n, &index));
        if (bt_table_end(&item) != BT_OK) break;
    }
}

static void read_event(bt_table *event, bt_story *story, uint32_t actor, uint32_t maneuver,
                       size_t number)
{
    // "parallel" is the rule: an author who starts two things wants both
    static const char *const priorities[] = {"override", "skip", "parallel", NULL};
    char name[96];
    snprintf(name, sizeof name, "%.60s %zu", story->actors[actor].name, number + 1);
    bt_story_node n = {.kind = BT_NODE_EVENT, .stop = BT_STORY_NONE, .action = BT_STORY_NONE};
    n.name = story_lua_text(event, story, "name", name);
    n.priority = (bt_priority)bt_table_choice(event, "priority", BT_PRIORITY_PARALLEL, priorities);
    n.most = (uint32_t)bt_table_integer(event, "times", 1, 1, 1000000);
    read_trigger(event, story, actor, &n.start);
    uint32_t index;
    if (event->status == BT_OK)
        story_lua_check(event, bt_story_add_node(story, maneuver, &n, &index));
    if (event->status == BT_OK) read_actions(event, story, actor, index);
}

// story, act, group, maneuver: one of each for an actor below the one story.
static bt_status add_frame(bt_story *story, uint32_t actor, uint32_t *maneuver)
{
    static const bt_node_kind kinds[] = {BT_NODE_STORY, BT_NODE_ACT, BT_NODE_GROUP,
                                         BT_NODE_MANEUVER};
    uint32_t above = BT_STORY_NONE;
    bt_status status = BT_OK;
    for (int i = 0; i < 4 && status == BT_OK; i++) {
        bt_story_node n = {.kind = kinds[i],
                           .name = story->actors[actor].name,
                           .most = 1,
                           .start = BT_STORY_NONE,
                           .stop = BT_STORY_NONE,
                           .action = BT_STORY_NONE};
        status = bt_story_add_node(story, above, &n, maneuver);
        above = *maneuver;
    }
    return status;
}

bool bt_story_lua_has_events(bt_table *actor)
{
    return actor->status == BT_OK && has(actor, "events");
}

bt_status bt_story_lua_read_events(bt_table *actor, bt_story *story, uint32_t index, bool *any)
{
    bt_table list;
    uint32_t maneuver;
    *any = false;
    if (!bt_table_open(actor, "events", &list)) return actor->status;
    size_t count = bt_table_length(&list);
    if (count > EVENTS_MAX)
        bt_table_fail(&list, "", "at most %d events, got %zu", EVENTS_MAX, count);
    if (list.status == BT_OK) story_lua_check(&list, add_frame(story, index, &maneuver));
    for (size_t i = 0; i < count && list.status == BT_OK; i++) {
        bt_table event;
        if (!bt_table_open_item(&list, i, &event)) break;
        read_event(&event, story, index, maneuver, i);
        if (bt_table_end(&event) != BT_OK) break;
    }
    *any = true;
    return bt_table_end(&list);
}

bt_status bt_story_lua_finish(bt_story *story, const char *source)
{
    for (size_t i = 0; i < story->conditions_count; i++) {
        bt_condition *c = &story->conditions[i];
        if (c->kind != BT_WHEN_NODE) continue;
        c->node = bt_story_find_node(story, BT_STORY_NONE, BT_NODE_EVENT, c->text);
        if (c->node == BT_STORY_NONE)
            return bt_fail(BT_ERR_INPUT,
                           "%s: a condition waits for the event '%s', which nobody has", source,
                           c->text);
    }
    return BT_OK;
}
