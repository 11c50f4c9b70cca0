// classes.h: what things are called: the semantic classes of labels, with the names other data
// sets use for them. The number of a class is written into images: numbers are never reused.
#ifndef BT_SCENE_CLASSES_H
#define BT_SCENE_CLASSES_H

#include <stdint.h>

typedef enum bt_class {
    BT_CLASS_NONE = 0, // no surface: never written for a pixel, sky has its own class
    BT_CLASS_SKY,
    BT_CLASS_ROAD,
    BT_CLASS_SIDEWALK,
    BT_CLASS_ROAD_MARKING,
    BT_CLASS_CROSSWALK,
    BT_CLASS_STOP_LINE,
    BT_CLASS_CURB,
    BT_CLASS_PARKING,
    BT_CLASS_TERRAIN, // grass, soil
    BT_CLASS_VEGETATION,
    BT_CLASS_BUILDING,
    BT_CLASS_WALL,
    BT_CLASS_FENCE,
    BT_CLASS_GUARD_RAIL,
    BT_CLASS_BRIDGE,
    BT_CLASS_TUNNEL,
    BT_CLASS_POLE,
    BT_CLASS_TRAFFIC_LIGHT,
    BT_CLASS_TRAFFIC_SIGN,
    BT_CLASS_PROP, // bench, bin, mailbox, cone, ...
    BT_CLASS_CAR,
    BT_CLASS_TRUCK,
    BT_CLASS_TRAILER,
    BT_CLASS_BUS,
    BT_CLASS_MOTORCYCLE,
    BT_CLASS_BICYCLE,
    BT_CLASS_PERSON,
    BT_CLASS_RIDER, // on a bicycle or scooter, in a wheelchair
    BT_CLASS_ANIMAL,
    BT_CLASS_EGO,        // the body of the car that carries the camera
    BT_CLASS_SCOOTER,    // kick scooter, electric scooter, without who stands on it
    BT_CLASS_WHEELCHAIR, // without who sits in it
    BT_CLASS_STROLLER,
    BT_CLASS_COUNT
} bt_class;

typedef struct bt_class_info {
    const char *name;       // "traffic_light"
    const char *cityscapes; // Cityscapes label name, "" where it has none
    const char *nuscenes;   // nuScenes category name, "" where it has none
    uint8_t color[3];       // sRGB for pictures of the label image, Cityscapes' where it has one
} bt_class_info;

// For 0 <= id < BT_CLASS_COUNT.
const bt_class_info *bt_class_get(bt_class id);

#endif
