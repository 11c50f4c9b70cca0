// classes.c: the class table.
//
// Cityscapes: Cordts et al. 2016, names and colours of the data set's label definitions. Markings,
// crossings and stop lines are road there; they have colours of our own so that pictures show them.
// nuScenes: Caesar et al. 2020, categories of boxes and of lidar segmentation.
#include "engine/scene/classes.h"

#include <assert.h>

static const bt_class_info class_table[BT_CLASS_COUNT] = {
    [BT_CLASS_NONE] = {"none", "unlabeled", "", {0, 0, 0}},
    [BT_CLASS_SKY] = {"sky", "sky", "", {70, 130, 180}},
    [BT_CLASS_ROAD] = {"road", "road", "flat.driveable_surface", {128, 64, 128}},
    [BT_CLASS_SIDEWALK] = {"sidewalk", "sidewalk", "flat.sidewalk", {244, 35, 232}},
    [BT_CLASS_ROAD_MARKING] = {"road_marking", "road", "flat.driveable_surface", {236, 228, 240}},
    [BT_CLASS_CROSSWALK] = {"crosswalk", "road", "flat.driveable_surface", {206, 170, 214}},
    [BT_CLASS_STOP_LINE] = {"stop_line", "road", "flat.driveable_surface", {255, 196, 196}},
    [BT_CLASS_CURB] = {"curb", "", "", {196, 120, 196}},
    [BT_CLASS_PARKING] = {"parking", "parking", "flat.driveable_surface", {250, 170, 160}},
    [BT_CLASS_TERRAIN] = {"terrain", "terrain", "flat.terrain", {152, 251, 152}},
    [BT_CLASS_VEGETATION] = {"vegetation", "vegetation", "static.vegetation", {107, 142, 35}},
    [BT_CLASS_BUILDING] = {"building", "building", "static.manmade", {70, 70, 70}},
    [BT_CLASS_WALL] = {"wall", "wall", "static.manmade", {102, 102, 156}},
    [BT_CLASS_FENCE] = {"fence", "fence", "static.manmade", {190, 153, 153}},
    [BT_CLASS_GUARD_RAIL] = {"guard_rail", "guard rail", "static.manmade", {180, 165, 180}},
    [BT_CLASS_BRIDGE] = {"bridge", "bridge", "static.manmade", {150, 100, 100}},
    [BT_CLASS_TUNNEL] = {"tunnel", "tunnel", "static.manmade", {150, 120, 90}},
    [BT_CLASS_POLE] = {"pole", "pole", "static.manmade", {153, 153, 153}},
    [BT_CLASS_TRAFFIC_LIGHT] = {"traffic_light", "traffic light", "static.manmade", {250, 170, 30}},
    [BT_CLASS_TRAFFIC_SIGN] = {"traffic_sign", "traffic sign", "static.manmade", {220, 220, 0}},
    [BT_CLASS_PROP] = {"prop", "static", "", {90, 100, 60}},
    [BT_CLASS_CAR] = {"car", "car", "vehicle.car", {0, 0, 142}},
    [BT_CLASS_TRUCK] = {"truck", "truck", "vehicle.truck", {0, 0, 70}},
    [BT_CLASS_TRAILER] = {"trailer", "trailer", "vehicle.trailer", {0, 0, 110}},
    [BT_CLASS_BUS] = {"bus", "bus", "vehicle.bus.rigid", {0, 60, 100}},
    [BT_CLASS_MOTORCYCLE] = {"motorcycle", "motorcycle", "vehicle.motorcycle", {0, 0, 230}},
    [BT_CLASS_BICYCLE] = {"bicycle", "bicycle", "vehicle.bicycle", {119, 11, 32}},
    [BT_CLASS_PERSON] = {"person", "person", "human.pedestrian.adult", {220, 20, 60}},
    [BT_CLASS_RIDER] = {"rider", "rider", "", {255, 0, 0}},
    [BT_CLASS_ANIMAL] = {"animal", "dynamic", "animal", {111, 74, 0}},
    [BT_CLASS_SCOOTER] = {"scooter",
                          "dynamic",
                          "human.pedestrian.personal_mobility",
                          {111, 74, 60}},
    [BT_CLASS_WHEELCHAIR] = {"wheelchair", "dynamic", "human.pedestrian.wheelchair", {111, 104, 0}},
    [BT_CLASS_STROLLER] = {"stroller", "dynamic", "human.pedestrian.stroller", {141, 74, 0}},
    [BT_CLASS_EGO] = {"ego", "ego vehicle", "vehicle.ego", {30, 30, 30}},
};

const bt_class_info *bt_class_get(bt_class id)
{
    assert((unsigned)id < BT_CLASS_COUNT);
    return &class_table[id];
}
