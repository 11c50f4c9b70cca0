// frame_lua.c: a camera frame as a Lua value.
#include "engine/link/frame_lua.h"

#include <lauxlib.h>
#include <string.h>

#define FRAME_TYPE "blacktop.frame"

typedef struct frame_value {
    bt_link_frame frame;
    const uint64_t *call; // number of the call now
    uint64_t made;        // and of the one this came in
} frame_value;

static const bt_link_frame *check_frame(lua_State *lua)
{
    const frame_value *value = luaL_checkudata(lua, 1, FRAME_TYPE);
    if (*value->call != value->made)
        luaL_error(lua, "this frame belongs to an earlier call of step");
    return &value->frame;
}

static size_t check_pixel(lua_State *lua, const bt_link_frame *frame)
{
    lua_Integer x = luaL_checkinteger(lua, 2);
    lua_Integer y = luaL_checkinteger(lua, 3);
    if (x < 0 || y < 0 || x >= frame->width_px || y >= frame->height_px)
        luaL_error(lua, "pixel (%I, %I) is outside the frame of %d x %d", (LUAI_UACINT)x,
                   (LUAI_UACINT)y, (int)frame->width_px, (int)frame->height_px);
    return (size_t)y * frame->width_px + (size_t)x;
}

static int frame_raw(lua_State *lua)
{
    const bt_link_frame *frame = check_frame(lua);
    lua_pushinteger(lua, frame->raw[check_pixel(lua, frame)]);
    return 1;
}

static int frame_rgb(lua_State *lua)
{
    const bt_link_frame *frame = check_frame(lua);
    size_t pixel = check_pixel(lua, frame);
    if (!frame->image) return luaL_error(lua, "there are no pictures in this run (--images off)");
    for (size_t i = 0; i < 3; i++)
        lua_pushinteger(lua, frame->image[3 * pixel + i]);
    return 3;
}

// Rec. 601 weights, as old cameras' luma; or the counts' upper bits.
static lua_Integer luma_at(const bt_link_frame *frame, size_t pixel)
{
    if (!frame->image) return frame->raw[pixel] >> 4;
    const uint8_t *rgb = &frame->image[3 * pixel];
    return (299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000;
}

static int frame_luma_row(lua_State *lua)
{
    const bt_link_frame *frame = check_frame(lua);
    lua_Integer y = luaL_checkinteger(lua, 2);
    lua_Integer first = luaL_optinteger(lua, 3, 0);
    lua_Integer last = luaL_optinteger(lua, 4, (lua_Integer)frame->width_px - 1);
    if (y < 0 || y >= frame->height_px)
        return luaL_error(lua, "row %I is outside the frame of %d rows", (LUAI_UACINT)y,
                          (int)frame->height_px);
    if (first < 0 || last >= frame->width_px)
        return luaL_error(lua, "columns %I to %I are outside the frame of %d columns",
                          (LUAI_UACINT)first, (LUAI_UACINT)last, (int)frame->width_px);
    lua_createtable(lua, last >= first ? (int)(last - first + 1) : 0, 0);
    for (lua_Integer x = first; x <= last; x++) {
        lua_pushinteger(lua, luma_at(frame, (size_t)y * frame->width_px + (size_t)x));
        lua_rawseti(lua, -2, x - first + 1);
    }
    return 1;
}

// frame.width, .height, .time_s, or a method (upvalue 1: the methods).
static int frame_index(lua_State *lua)
{
    const bt_link_frame *frame = check_frame(lua);
    const char *key = luaL_checkstring(lua, 2);
    if (strcmp(key, "width") == 0) {
        lua_pushinteger(lua, frame->width_px);
    } else if (strcmp(key, "height") == 0) {
        lua_pushinteger(lua, frame->height_px);
    } else if (strcmp(key, "time_s") == 0) {
        lua_pushnumber(lua, bt_seconds(frame->label_time_ns));
    } else {
        lua_getfield(lua, lua_upvalueindex(1), key);
        if (lua_isnil(lua, -1))
            return luaL_error(lua, "a frame has width, height, time_s, raw, rgb, luma_row; not %s",
                              key);
    }
    return 1;
}

void bt_frame_lua_open(lua_State *lua)
{
    static const luaL_Reg methods[] = {
        {"raw", frame_raw}, {"rgb", frame_rgb}, {"luma_row", frame_luma_row}, {NULL, NULL}};
    luaL_newmetatable(lua, FRAME_TYPE);
    luaL_newlib(lua, methods);
    lua_pushcclosure(lua, frame_index, 1);
    lua_setfield(lua, -2, "__index");
    lua_pushboolean(lua, 0); // getmetatable(frame) gives false: scripts cannot change it
    lua_setfield(lua, -2, "__metatable");
    lua_pop(lua, 1);
}

void bt_frame_lua_push(lua_State *lua, const bt_link_frame *frame, const uint64_t *call)
{
    frame_value *value = lua_newuserdatauv(lua, sizeof *value, 0);
    *value = (frame_value){.frame = *frame, .call = call, .made = *call};
    value->frame.camera = NULL; // the name is the caller's
    luaL_setmetatable(lua, FRAME_TYPE);
}
