// shop_front.h: the front of a shop in its hole: panes over a stall riser, a glazed door, goods behind
// them, above a board with what is sold there, now and then an awning.
#ifndef BT_PROCEDURAL_SHOP_FRONT_H
#define BT_PROCEDURAL_SHOP_FRONT_H

#include "procedural/buildings/facade.h"

void bt_shop_front_add(const bt_facade *facade, const bt_opening *opening, double recess_m,
                       bt_draw *draw);

#endif
