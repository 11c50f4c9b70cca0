// maps.h: real OpenDRIVE files, when they lie beside the project, and traffic on them with counts of
// what must not happen.
#ifndef BT_TESTS_SIM_MAPS_H
#define BT_TESTS_SIM_MAPS_H

#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "engine/sim/spawn.h"
#include "tests/engine/sim/fixture.h"
#include "tests/support/check.h"

#include <stdio.h>

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

// Loads a map by its short name or its path; NULL when the file is not there.
static inline bt_road_network *map_load(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "../shared/data/opendrive/%s.xodr", name);
    FILE *file = fopen(path, "rb");
    if (!file) snprintf(path, sizeof path, "../../shared/data/opendrive/%s.xodr", name);
    if (!file) file = fopen(path, "rb");
    if (!file) snprintf(path, sizeof path, "%s", name);
    if (!file) file = fopen(path, "rb");
    if (!file) return NULL;
    fclose(file);
    bt_road_network *net = NULL;
    CHECK_OK(bt_opendrive_load(path, &net));
    return net;
}

typedef struct traffic_counts {
    uint32_t cars, trucks, overlaps, stuck, jumps;
    double way_m, hardest_m_s2, widest_m, create_s;
} traffic_counts;

#endif
