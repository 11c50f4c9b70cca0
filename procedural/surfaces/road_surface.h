// road_surface.h: the road mesh as meshes of a spec, with the right materials and classes; and the
// sides of the pavement, so that nobody looks under its edge.
#ifndef BT_PROCEDURAL_ROAD_SURFACE_H
#define BT_PROCEDURAL_ROAD_SURFACE_H

#include "engine/road/road_mesh.h"
#include "engine/scene/spec.h"
#include "procedural/surfaces/footprint.h"

// One static per tile, object 0 (surfaces have no identity).
BT_CHECKED bt_status bt_road_surface_add(bt_spec *spec, const bt_road_network *net,
                                         const bt_road_mesh *mesh);

// The ground's height at a plan point.
typedef double (*bt_ground_fn)(const void *context, double x_m, double y_m);

// A surface this far above the ground is on a bridge (bridge.h); below that on a bank or wall.
#define BT_BRIDGE_CLEAR_M 2.4

// A strip down from every piece of outer edge into the ground, leaning outward a little; at least
// `depth_m` deep.
BT_CHECKED bt_status bt_road_surface_add_sides(bt_spec *spec, const bt_footprint *footprint,
                                               bt_ground_fn ground, const void *context,
                                               double depth_m);

#endif
