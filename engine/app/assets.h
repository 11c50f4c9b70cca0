// assets.h: where the program's data lies, and the hashes of what a run has read of it.
#ifndef BT_APP_ASSETS_H
#define BT_APP_ASSETS_H

#include "engine/core/status.h"

#include <stddef.h>

// Finds the asset folder: BLACKTOP_ASSETS if set, else beside the program as it is built or
// installed, else ./assets. Fails naming where it looked.
BT_CHECKED bt_status bt_assets_find(char *folder, size_t size);

// Hashes of input files, "name sha256\n" each, in the order they were added.
typedef struct bt_input_list {
    char *text; // owned; "" until something is added
    size_t count, capacity;
} bt_input_list;

BT_CHECKED bt_status bt_input_list_add(bt_input_list *list, const char *path);
void bt_input_list_clear(bt_input_list *list);

#endif
