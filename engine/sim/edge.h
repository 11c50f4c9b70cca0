// edge.h: how far edges of the surface near a wheel lift it: kerbs, along borders of lanes and where they begin.
//
// Edges are where the road's borders are (road.h), in pieces that follow them within a fraction of a millimetre: a tyre whose flank
// grazes a kerb by that much stands on it, so that circles through a border do not do. Those of sections of the road that are
// joined to the wheel's count too, and the ends of lanes that begin there raised.
//
// Pure; any thread.
#ifndef BT_SIM_EDGE_H
#define BT_SIM_EDGE_H

#include "engine/sim/contact.h"

// How far an edge lifts a wheel: x ahead of its middle, y to its left, z over the ground. It goes through three points, the second
// in its middle: a parabola.
double bt_wheel_over_edge(const bt_wheel_shape *wheel, const bt_vec3 through[3]);
// How far all edges near lift a wheel over a place that has been found on a road or beside it, above the surface right below it, or
// that of the nearest edge. last_m: how far the last border of its road is off, where that is nearer than its radius (else 1e9): other
// roads may lie under its flank there, which counts.
double bt_edges_rise(const bt_road_network *net, bt_vec3 place_world_m, const bt_road_location *at,
                     const bt_wheel_stance *stance, const bt_wheel_shape *wheel, double *last_m);
// How far the hub is ahead of the place below which it stands on the surface there.
double bt_hub_ahead(const bt_pose *surface, const bt_wheel_stance *stance, double radius_m);

#endif
