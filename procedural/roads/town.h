// town.h: the default map: a small town on a ring road, written as OpenDRIVE 1.7.
//
// Main street with parking bays, a signalised crossing, two T junctions, two residential streets, and
// a rural ring with spirals, superelevation and gentle hills that leads back into town: every lane
// that cars use can be reached from every other. A pure function: the same bytes every time.
#ifndef BT_PROCEDURAL_ROADS_TOWN_H
#define BT_PROCEDURAL_ROADS_TOWN_H

#include "engine/road/opendrive_write.h"

// Writes the whole file into an initialised writer.
BT_CHECKED bt_status bt_town_write(bt_xodr_writer *writer);

#endif
