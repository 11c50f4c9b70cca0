// skyline.h: how high a town is built at a place. Towers stand about the middle of a large dense town, lower with the
// distance. In a world that goes on there are middles again and again, one in each square of a grid, drawn by
// the square alone: they do not depend on what is loaded.
//
// Chosen: heights fall as a bell about the middle (land prices do; photographs of skylines do).
#ifndef BT_PROCEDURAL_SKYLINE_H
#define BT_PROCEDURAL_SKYLINE_H

#include "procedural/placement/placer.h"

#define BT_SKYLINE_LEAST_M 38.0 // below that there are no towers

// Metres; 0: no towers anywhere near.
double bt_skyline_height(const bt_placer *placer, double x_m, double y_m);

#endif
