// world_folder.h: a world that was written tile by tile (bt_world_write_folder), to be driven from its files.
//
// index.json says which tiles there are and where roads cross their borders; a tile's file is read when a window holds
// it, so that it may have been changed since. Both are hostile until parsed.
//
// Ownership: the folder is the caller's. Threads: constant once open.
#ifndef BT_PROCEDURAL_ROADS_WORLD_FOLDER_H
#define BT_PROCEDURAL_ROADS_WORLD_FOLDER_H

#include "procedural/roads/world.h"

typedef struct bt_world_folder bt_world_folder;

// Fails (BT_ERR_INPUT) naming the file and what is wrong with it.
BT_CHECKED bt_status bt_world_folder_open(const char *path, bt_world_folder **folder);
void bt_world_folder_close(bt_world_folder *folder); // NULL is fine

bt_world_desc bt_world_folder_world(const bt_world_folder *folder);
bool bt_world_folder_has(const bt_world_folder *folder, int ix, int iy);

// The tiles of these numbers (ascending) that the folder has, linked, as one file.
BT_CHECKED bt_status bt_world_folder_write(const bt_world_folder *folder, const uint32_t *numbers,
                                           uint32_t count, bt_xodr_writer *w,
                                           bt_world_report *report);

#endif
