// tunnel.h: what a road runs through: lining, portals, the earth heaped over it, lamps in its ceiling.
//
// A tunnel of the map (road.h) becomes a tube of its road's full width with a footway on either side,
// closed in concrete and covered by a bank of earth whose slopes run out onto the ground around; where
// the ground is higher than the bank, the bank is inside it. An underpass gets a slab on columns, open
// at its sides. Clear height 5 m at least: the German ZTV-ING asks 4.5 m above the carriageway plus
// room for equipment (from memory).
#ifndef BT_PROCEDURAL_TUNNEL_H
#define BT_PROCEDURAL_TUNNEL_H

#include "engine/road/road.h"
#include "engine/scene/spec.h"
#include "procedural/surfaces/footprint.h"

typedef struct bt_tunnel_desc {
    const bt_road_network *net;
    const bt_footprint *footprint; // other roads beside the tunnel stay clear of its bank
} bt_tunnel_desc;

// Adds all tunnels of the map. Class BT_CLASS_TUNNEL, the bank BT_CLASS_TERRAIN, object 0.
BT_CHECKED bt_status bt_tunnel_add(bt_spec *spec, const bt_tunnel_desc *desc);

// Half the width that a tunnel and its bank take up about the middle of its road at s; also that
// middle, as a t of the road.
double bt_tunnel_reach(const bt_road_network *net, const bt_tunnel *tunnel, double s_m,
                       double *middle_t_m);

#endif
