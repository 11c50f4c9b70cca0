// frontage.h: the sides of all roads as rows of places, with what kind of land lies there.
#ifndef BT_PROCEDURAL_FRONTAGE_H
#define BT_PROCEDURAL_FRONTAGE_H

#include "procedural/placement/surroundings.h"

#define BT_FRONTAGE_STEP_M 2.0

typedef struct bt_frontage_place {
    double s_m;
    bt_vec3 edge_world_m;    // on the outermost border
    double along_x, along_y; // unit, in driving direction of that side's nearest lane
    double out_x, out_y;     // unit, away from the road
    double walk_m;           // width of the sidewalk at the edge, 0: none
    double parking_m;        // width of a parking lane, 0: none
    double kerb_m;           // from the edge back to where vehicles may be (walk, verge lanes)
    double end_m;            // to the nearer end of the road, along s
} bt_frontage_place;

// One side of one road outside junctions.
typedef struct bt_frontage {
    uint32_t road;
    int side; // +1 left of the reference line, -1 right
    bt_land_use land;
    double speed_m_s;  // limit, or a guess by land use
    double vehicles_m; // width of the road's vehicle lanes, both sides
    size_t first, count;
} bt_frontage;

// Middle of the built-up area, how far it reaches, how much road with sidewalks it has.
typedef struct bt_town {
    double x, y, radius_m; // radius: mean distance of its roads
    double walked_m;
} bt_town;

typedef struct bt_frontage_list {
    bt_town town; // all 0 when there is none
    bt_frontage *sides;
    size_t side_count, side_capacity;
    bt_frontage_place *places;
    size_t place_count, place_capacity;
} bt_frontage_list;

// `whole`: the network is all there is, so that a town may have a middle.
BT_CHECKED bt_status bt_frontage_find(const bt_road_network *net, bt_land_use style, bool whole,
                                      bt_frontage_list *list);
void bt_frontage_clear(bt_frontage_list *list);

#endif
