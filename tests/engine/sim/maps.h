// maps.h: real OpenDRIVE files, when they lie beside the project, found by
// their short names.
#ifndef BT_TESTS_SIM_MAPS_H
#define BT_TESTS_SIM_MAPS_H

#include "engine/road/opendrive.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

static const char *const maps[] = {"alks/alks_road_different_curvatures",
                                   "alks/alks_road_straight",
                                   "carla/Town01",
                                   "carla/Town03",
                                   "esmini/Junction_with_building0",
                                   "esmini/crest-curve",
                                   "esmini/curve_r100",
                                   "esmini/curves_elevation",
                                   "esmini/direct_junction_simple",
                                   "esmini/e6mini-lht",
                                   "esmini/e6mini",
                                   "esmini/fade_roadmarks",
                                   "esmini/highway_example_with_merge_and_split",
                                   "esmini/jolengatan",
                                   "esmini/parking_demo",
                                   "esmini/soderleden",
                                   "esmini/stationary_objects",
                                   "esmini/straight_500_superelevation_elevation_curve",
                                   "esmini/straight_500m",
                                   "esmini/straight_500m_roadmarks",
                                   "esmini/straight_500m_signs",
                                   "esmini/tunnels",
                                   "esmini/velodrome",
                                   "ncap/StraightRoad_NCAP_Roadmarks",
                                   "ncap/X-Intersection_NCAP",
                                   "rtron/basic_sample_01",
                                   "rtron/basic_sample_02"};
#define MAP_COUNT (sizeof maps / sizeof maps[0])

// Loads a map by its short name, or one of our own by its path; NULL when the file is not there.
static inline bt_road_network *map_load(const char *name)
{
    char path[512];
    FILE *file = NULL;
    if (strstr(name, ".xodr")) { // our own
        snprintf(path, sizeof path, "%s", name);
        file = fopen(path, "rb");
    }
    // beside the project, or beside a folder of working trees
    for (int up = 1; up <= 2 && !file; up++) {
        snprintf(path, sizeof path, "%s../shared/data/opendrive/%s.xodr", up == 2 ? "../" : "",
                 name);
        file = fopen(path, "rb");
    }
    if (!file) return NULL;
    fclose(file);
    bt_road_network *net = NULL;
    CHECK_OK(bt_opendrive_load(path, &net));
    return net;
}

#endif
