// opendrive_join.h: a world that was written in parts, each an OpenDRIVE file, as one file.
#ifndef BT_ROAD_OPENDRIVE_JOIN_H
#define BT_ROAD_OPENDRIVE_JOIN_H

#include "engine/road/opendrive_write.h"

#include <stdint.h>

typedef struct bt_opendrive_part {
    const char *name; // stands for the file in messages
    const char *bytes;
    size_t count;
} bt_opendrive_part;

// The end of one road is the start of another.
typedef struct bt_opendrive_joint {
    char before[32], after[32]; // their ids
} bt_opendrive_joint;

// Writes the parts into an initialised writer, in order, with the header of the first; roads are linked at the joints.
// Parts are hostile until parsed. A joint whose roads are not there changes nothing.
BT_CHECKED bt_status bt_opendrive_join(const bt_opendrive_part *parts, uint32_t part_count,
                                       const bt_opendrive_joint *joints, uint32_t joint_count,
                                       bt_xodr_writer *w);

#endif
