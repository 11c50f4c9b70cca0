// footprint.h: where a network's surfaces lie in plan: what is at a point, how high, how far away
// the nearest one is; and the outer edge that the ground has to meet.
//
// Built once from the road mesh, then constant and shared by threads. Owns copies of what it needs.
#ifndef BT_PROCEDURAL_FOOTPRINT_H
#define BT_PROCEDURAL_FOOTPRINT_H

#include "engine/road/road_mesh.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct bt_footprint bt_footprint;

// Surfaces by what may happen on them: bits, for queries.
typedef enum bt_footprint_mask {
    BT_FOOTPRINT_VEHICLES = 1 << 0, // asphalt, parking, cycle tracks
    BT_FOOTPRINT_WALKS = 1 << 1,    // sidewalks and kerbs
    BT_FOOTPRINT_VERGES = 1 << 2,   // medians, borders: the network's own grass
    BT_FOOTPRINT_ALL = 7,
} bt_footprint_mask;

typedef struct bt_footprint_hit {
    double height_m;
    uint32_t road;
    bt_surface_kind kind;
} bt_footprint_hit;

// A place on the outer edge: beyond it there is no surface of the network.
typedef struct bt_edge_sample {
    bt_vec3 pos_world_m;
    double out_x, out_y; // unit, away from the surface
    double length_m;     // of edge it stands for
    uint32_t road;
    bt_surface_kind kind; // of the surface it bounds
} bt_edge_sample;

BT_CHECKED bt_status bt_footprint_create(const bt_road_mesh *mesh, bt_footprint **footprint);
void bt_footprint_destroy(bt_footprint *footprint); // NULL is fine

// Surfaces above and below a plan point, lowest first; at most `max`. Gives how many.
uint32_t bt_footprint_hits(const bt_footprint *footprint, double x_m, double y_m,
                           bt_footprint_hit *hits, uint32_t max);
// The nearest surface of the masked kinds in plan; distance 0 on it (then the lowest of them).
// False: none within reach_m.
bool bt_footprint_near(const bt_footprint *footprint, double x_m, double y_m, double reach_m,
                       unsigned mask, double *distance_m, double *height_m);

uint32_t bt_footprint_edge_count(const bt_footprint *footprint);
const bt_edge_sample *bt_footprint_edge(const bt_footprint *footprint, uint32_t edge);
// Height of the ground beside the network as the outer edge has it: near the edge the edge's own
// height, farther out a mean of all edges within reach_m by inverse fourth power of distance. Where
// edges lie above one another (a bridge) the lowest ones count. `weight` falls from 1 at the edge
// to 0 at reach_m. False: no edge within reach.
bool bt_footprint_ground(const bt_footprint *footprint, double x_m, double y_m, double reach_m,
                         double *height_m, double *weight);

void bt_footprint_bounds(const bt_footprint *footprint, bt_vec3 *low, bt_vec3 *high);

#endif
