// window.h: the part of an endless world round a place, as one network: how a world of any size is
// driven without ever being whole in memory.
//
// A window holds the tiles whose rows and columns are at most `reach` from a centre tile; its bytes are a
// function of (world, reach, centre tile) alone, whatever was loaded before, when, or how long it took.
// A tile's roads are the same to the bit in every window that holds it; those cut by the window's edge
// end there. Following a place, the centre changes when the place is a share of a tile beyond the
// centre tile's border, so that who drives to and fro over a border does not load it again and again.
//
// Ownership: the window owns its network until it moves, is destroyed, or hands it over. One thread.
#ifndef BT_PROCEDURAL_ROADS_WINDOW_H
#define BT_PROCEDURAL_ROADS_WINDOW_H

#include "engine/road/road.h"
#include "procedural/roads/world_folder.h"

#define BT_WINDOW_MAX_REACH 16
#define BT_WINDOW_SLACK 0.125 // of a tile's side

typedef struct bt_window bt_window;

// Tiles that hold what lies within radius_m of any point of the centre tile.
int bt_window_reach(bt_world_kind kind, double radius_m);

// Fails (BT_ERR_INPUT) outside the world: beyond tile BT_WORLD_MAX_TILES, or reach not 0 to
// BT_WINDOW_MAX_REACH.
BT_CHECKED bt_status bt_window_create(const bt_world_desc *world, int reach, double x_m, double y_m,
                                      bt_window **window);
// The same of a world that was written into a folder, which outlives the window. Tiles that the folder lacks are empty,
// and none of them becomes the centre: a window goes no farther.
BT_CHECKED bt_status bt_window_create_from(const bt_world_folder *folder, int reach, double x_m,
                                           double y_m, bt_window **window);
void bt_window_destroy(bt_window *window); // NULL is fine
// Moves with a place; *moved: the network is another one now, indices of the last are void (ids of roads
// and lanes are not). On failure it stays where it was.
BT_CHECKED bt_status bt_window_follow(bt_window *window, double x_m, double y_m, bool *moved);

// Would it move with this place?
bool bt_window_would_move(const bt_window *window, double x_m, double y_m);

// The tile that would be its centre then.
void bt_window_centre_of(const bt_window *window, double x_m, double y_m, int *ix, int *iy);

const bt_road_network *bt_window_network(const bt_window *window);
// Hands over the network to the caller, who may go on using it when the window has moved: it is the
// caller's to destroy. bt_window_network is NULL until the next move.
bt_road_network *bt_window_release(bt_window *window);
// The OpenDRIVE file that the network was read from; the window's until it moves.
const char *bt_window_text(const bt_window *window, size_t *bytes);
uint32_t bt_window_tile_count(const bt_window *window);
void bt_window_centre(const bt_window *window, int *ix, int *iy);
// The rim of what is loaded.
void bt_window_rim(const bt_window *window, double low_m[2], double high_m[2]);

// The window round a place as an OpenDRIVE file.
BT_CHECKED bt_status bt_window_write(const bt_world_desc *world, int reach, double x_m, double y_m,
                                     bt_xodr_writer *w, bt_world_report *report);
BT_CHECKED bt_status bt_window_write_from(const bt_world_folder *folder, int reach, double x_m,
                                          double y_m, bt_xodr_writer *w, bt_world_report *report);

#endif
