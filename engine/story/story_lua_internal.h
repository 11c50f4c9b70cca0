// story_lua_internal.h: what the readers of stories in Lua share.
#ifndef BT_STORY_STORY_LUA_INTERNAL_H
#define BT_STORY_STORY_LUA_INTERNAL_H

#include "engine/story/story_lua.h"

extern const char *const story_lua_conditions[]; // names in `when`, NULL ends them
extern const char *const story_lua_actions[];    // names in `act`

const char *story_lua_text(bt_table *table, bt_story *story, const char *key, const char *fallback);
// Adds to one of the story's arrays; failures go to the table.
#define STORY_LUA_ADD(table, story, list, item, index)                                             \
    story_lua_check(table, BT_STORY_ADD(story, list, item, index))
void story_lua_check(bt_table *table, bt_status status);
// The actor a key names; fallback when absent.
uint32_t story_lua_actor(bt_table *table, const bt_story *story, const char *key,
                         uint32_t fallback);
bool story_lua_spot(bt_table *table, bt_story *story, uint32_t *spot); // the table is the place
void story_lua_read_condition(bt_table *table, bt_story *story, uint32_t actor, bt_condition *c);
void story_lua_read_action(bt_table *table, bt_story *story, uint32_t actor, bt_action *a);

#endif
