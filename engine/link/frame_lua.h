// frame_lua.h: a camera frame as a Lua value: width, height, time_s, :raw, :rgb, :luma_row.
//
// The value copies nothing: it points at the caller's pixels, and dies when the call it came in is
// over: from then on every access is an error.
#ifndef BT_LINK_FRAME_LUA_H
#define BT_LINK_FRAME_LUA_H

#include "engine/link/link.h"

// Makes the methods known to a state, once. May raise Lua errors (memory).
void bt_frame_lua_open(lua_State *lua);
// Pushes a frame that lives while *call keeps its value; `call` outlives the state. May raise Lua
// errors.
void bt_frame_lua_push(lua_State *lua, const bt_link_frame *frame, const uint64_t *call);

#endif
