// terrain_internal.h: what the height function, the far land and the mesh share.
#ifndef BT_PROCEDURAL_TERRAIN_INTERNAL_H
#define BT_PROCEDURAL_TERRAIN_INTERNAL_H

#include "procedural/terrain/terrain.h"

#define BT_TERRAIN_NEAR_M 48.0 // within this, the network shapes the ground

struct bt_terrain {
    const bt_footprint *footprint;
    bt_terrain_desc desc;
    bt_vec3 *focus;
    // the square it covers: centre on whole metres; the tree's root is a power of two times fine_m
    double centre_x, centre_y, base_z, half_m, root_half_m, fine_m;
    // land near the network: mean height of the edges around, on a grid; NAN where none is near
    float *mean;
    double mean_low_x, mean_low_y, mean_cell_m;
    int32_t mean_x, mean_y;
    // far land: height and distance to the network on a coarse grid over the square
    float *far_height, *far_distance;
    double far_cell_m;
    int32_t far_count;  // per side
    bt_vec3 *far_edges; // that it is found by: those that stand for all
    uint32_t far_edge_count;
};

// ---- terrain_far.c ----------------------------------------------------------------------------
// Allocates the far land, and fills it unless it is found as asked (distances are NAN until then).
BT_CHECKED bt_status bt_terrain_make_far(bt_terrain *terrain);
// Finds those of these nodes, from corner to corner, that are not yet found.
void bt_terrain_need_far(const bt_terrain *terrain, int32_t x0, int32_t y0, int32_t x1, int32_t y1);

#endif
