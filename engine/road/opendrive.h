// opendrive.h: reads ASAM OpenDRIVE (.xodr), 1.4 to 1.8.
//
// The file is hostile until parsed: sizes and counts are bounded, numbers must be finite, references
// are checked. What the reader does not know is counted and reported, not fatal; what is broken is a
// one-line error "file:line:column: what".
//
// Lanes of type sidewalk and curb without heights of their own lie 12 cm above the road; where a driving lane of another
// road lies over them they drop to the road's level, over ramps of 1:12.
// Where driving lanes of one junction's roads lie over each other, at heights less than 1 m apart, the surface is one: a mean of
// theirs, the same for all, which keeps the file's own at roads' ends (bt_road_moved, blend.c). Roads 2 m above pass over.
#ifndef BT_ROAD_OPENDRIVE_H
#define BT_ROAD_OPENDRIVE_H

#include "engine/road/road.h"

BT_CHECKED bt_status bt_opendrive_load(const char *path, bt_road_network **net);
// The same from memory; `name` stands for the file in messages.
BT_CHECKED bt_status bt_opendrive_parse(const char *name, const char *bytes, size_t count,
                                        bt_road_network **net);
void bt_road_network_destroy(bt_road_network *net); // NULL is fine

// What was odd but bearable, one line each, in file order: unknown elements (with counts), gaps
// between geometries, links to nowhere, duplicate ids.
uint32_t bt_road_warning_count(const bt_road_network *net);
const char *bt_road_warning(const bt_road_network *net, uint32_t warning);

#endif
