// road_make_lua.c: see road_make_lua.h.
#include "procedural/roads/road_make_lua.h"

#include <lauxlib.h>
#include <stdio.h>

static int lua_road_make(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_settop(lua, 1);
    return 1;
}

void bt_road_make_open(bt_script *script)
{
    lua_State *lua = bt_script_lua(script);
    lua_createtable(lua, 0, 1);
    lua_pushcfunction(lua, lua_road_make);
    lua_setfield(lua, -2, "make");
    lua_setglobal(lua, "road");
}

// What the folder's index says of its world.
static void read_folder(bt_table *table, const char *path, bt_road_make *make)
{
    bt_world_folder *folder;
    if (bt_world_folder_open(path, &folder) != BT_OK) {
        bt_table_fail(table, "folder", "%s", bt_error_message());
        return;
    }
    snprintf(make->folder, sizeof make->folder, "%s", path);
    make->world = bt_world_folder_world(folder);
    bt_world_folder_close(folder);
}

static void read_kind(bt_table *table, bt_road_make *make)
{
    make->world.kind =
        (bt_world_kind)bt_table_choice(table, "kind", BT_WORLD_MIXED, bt_world_kind_names);
    make->world.seed = (uint64_t)bt_table_integer(table, "seed", 1, 0, INT64_MAX);
}

bt_status bt_road_make_read(bt_table *table, const char *folder, bt_road_make *make)
{
    *make = (bt_road_make){0};
    if (folder[0] != '\0')
        read_folder(table, folder, make);
    else
        read_kind(table, make);
    double place[2] = {0.0, 0.0};
    make->endless = bt_table_bool(table, "endless", false);
    bool window = make->endless || make->folder[0] != '\0';
    if (bt_table_numbers(table, "around", place, 2, -1e7, 1e7) || window) {
        make->x_m = place[0];
        make->y_m = place[1];
        double least = make->endless ? BT_ROAD_MAKE_LEAST_REACH_M : 0.001;
        make->radius_m = bt_table_number(table, "radius", 1500.0, least, BT_ROAD_MAKE_MAX_RADIUS_M);
    } else {
        make->km = bt_table_number(table, "km", 5.0, 0.001, BT_ROAD_MAKE_MAX_KM);
    }
    return bt_table_end(table);
}

bt_status bt_road_make_text(const bt_road_make *make, char **text, size_t *count)
{
    *text = NULL;
    *count = 0;
    bt_xodr_writer w;
    bt_world_report report;
    const char *written;
    int reach = bt_window_reach(make->world.kind, make->radius_m);
    bt_world_folder *folder = NULL;
    bt_xodr_init(&w);
    bt_status status = BT_OK;
    if (make->folder[0] != '\0') status = bt_world_folder_open(make->folder, &folder);
    if (status == BT_OK && folder)
        status = bt_window_write_from(folder, reach, make->x_m, make->y_m, &w, &report);
    else if (status == BT_OK && make->radius_m > 0.0)
        status = bt_window_write(&make->world, reach, make->x_m, make->y_m, &w, &report);
    else if (status == BT_OK)
        status = bt_world_write_file(&make->world, make->km, &w, &report);
    bt_world_folder_close(folder);
    if (status == BT_OK) status = bt_xodr_finish(&w, &written, count);
    if (status == BT_OK) {
        *text = w.text; // goes over to the caller
        w.text = NULL;
    }
    bt_xodr_clear(&w);
    return status;
}
