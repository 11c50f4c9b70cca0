// network_write_internal.h: what the two files that write a network share.
#ifndef BT_ROAD_NETWORK_WRITE_INTERNAL_H
#define BT_ROAD_NETWORK_WRITE_INTERNAL_H

#include "engine/road/network_write.h"
#include "engine/road/road_internal.h"

const char *network_write_color(bt_mark_color color);
// Objects and signals of a road, inside its element.
void network_write_things(const bt_road_network *net, uint32_t road, bt_xodr_writer *w);
void network_write_controllers(const bt_road_network *net, bt_xodr_writer *w);

#endif
