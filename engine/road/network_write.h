// network_write.h: writes a loaded network back as OpenDRIVE 1.8.
//
// What a network keeps, the file has: geometry as it was (lines, arcs, spirals, polynomials), profiles, lanes
// with links, widths, heights, marks and limits, junctions, objects, signals, controllers, tunnels. Read
// again it is the same network to the bit, but for things' angles and corners, which are worked out anew
// (within 1e-6 m). What the reader drops is lost: names of road types, materials, foreign data; repeats and further outlines come expanded, one
// object each; a header offset is applied to the geometry.
#ifndef BT_ROAD_NETWORK_WRITE_H
#define BT_ROAD_NETWORK_WRITE_H

#include "engine/road/opendrive_write.h"
#include "engine/road/road.h"

// Into an initialised writer.
BT_CHECKED bt_status bt_road_network_write(const bt_road_network *net, const char *name,
                                           bt_xodr_writer *w);

#endif
