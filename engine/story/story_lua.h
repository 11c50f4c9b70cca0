// story_lua.h: stories written in Lua: what actors of a scenario do, and when. scenarios/STORIES.md is the
// manual for authors, with examples.
//
//   events = {
//       { name = "cut in", when = when.headway { to = "ego", below_s = 0.6 },
//         act.change_lane { into = "ego", over_s = 3 } },
//   }
//
// Each actor with events is one group with one maneuver of a single story; what its events name are
// the names of events.
#ifndef BT_STORY_STORY_LUA_H
#define BT_STORY_STORY_LUA_H

#include "engine/script/script.h"
#include "engine/story/story.h"

// Opens the global tables `when` and `act`: functions that give back their table, marked with what it is.
void bt_story_lua_open(bt_script *script);

// Reads `events` of an actor's table; all actors that they name must be in the story by then.
// *any: there were some.
BT_CHECKED bt_status bt_story_lua_read_events(bt_table *actor, bt_story *story, uint32_t index,
                                              bool *any);
// Are there `events`?
bool bt_story_lua_has_events(bt_table *actor);
// A place: where an actor begins, or where it goes. False: absent, or a failure of the table.
bool bt_story_lua_read_spot(bt_table *table, const char *key, bt_story *story, uint32_t *spot);
// After the last actor: conditions that wait for events find them.
BT_CHECKED bt_status bt_story_lua_finish(bt_story *story, const char *source);

#endif
