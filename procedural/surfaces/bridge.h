// bridge.h: what carries a road where the ground lies far below: deck, parapets, piers.
#ifndef BT_PROCEDURAL_BRIDGE_H
#define BT_PROCEDURAL_BRIDGE_H

#include "engine/road/road_mesh.h"
#include "engine/scene/spec.h"
#include "procedural/surfaces/footprint.h"
#include "procedural/surfaces/road_surface.h"

typedef struct bt_bridge_desc {
    const bt_road_mesh *mesh;
    const bt_footprint *footprint;
    bt_ground_fn ground;
    const void *context;
} bt_bridge_desc;

// Adds an underside, side beams with parapets and piers wherever a surface stands more than
// BT_BRIDGE_CLEAR_M above the ground. Nothing on flat maps. Class BT_CLASS_BRIDGE, object 0.
BT_CHECKED bt_status bt_bridge_add(bt_spec *spec, const bt_bridge_desc *desc);

#endif
