// clip_head.h: the part of clip.json that is known before the first frame. For this folder only.
#ifndef BT_LABEL_CLIP_HEAD_H
#define BT_LABEL_CLIP_HEAD_H

#include "engine/label/clip.h"
#include "engine/label/json_out.h"

#define CLIP_SCHEMA "blacktop-clip-1"

// Schema, program, scenario, seed, settings, conventions, cameras, classes, objects.
BT_CHECKED bt_status clip_head(json_maker *maker, const bt_clip_desc *desc, json_t **head);

// The table of objects of a world.
BT_CHECKED bt_status clip_objects(json_maker *maker, const bt_world *world, json_t **objects);

// Names of the label bits, and the ends of the files they are written to (NULL: no file).
const char *clip_label_name(uint32_t bit);
#define CLIP_LABEL_COUNT 6

#endif
