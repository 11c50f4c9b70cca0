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

// A short piece of the outer edge: beyond it there is no surface of the network.
typedef struct bt_edge_sample {
    bt_vec3 from_world_m, to_world_m;
    bt_vec3 pos_world_m; // its middle
    double out_x, out_y; // unit, away from the surface
    double length_m;     // in plan
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
// The nearest piece of outer edge whose height is at most ceiling_m, within reach_m in plan; the
// height is the edge's own at the nearest point. BT_ROAD_NONE: none.
uint32_t bt_footprint_nearest_edge(const bt_footprint *footprint, double x_m, double y_m,
                                   double reach_m, double ceiling_m, double *distance_m,
                                   double *height_m);
// Height of the land as all edges within reach_m have it, by inverse fourth power of distance.
// Where edges lie above one another (a bridge) the lowest ones count. False: no edge within reach.
bool bt_footprint_mean_height(const bt_footprint *footprint, double x_m, double y_m, double reach_m,
                              double *height_m);

void bt_footprint_bounds(const bt_footprint *footprint, bt_vec3 *low, bt_vec3 *high);

#endif
