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

// A strip down from every piece of outer edge, `depth_m` deep and leaning outward a little.
BT_CHECKED bt_status bt_road_surface_add_sides(bt_spec *spec, const bt_footprint *footprint,
                                               double depth_m);

#endif
