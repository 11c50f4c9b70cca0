// building_look.h: what a house is made of.
#ifndef BT_PROCEDURAL_BUILDING_LOOK_H
#define BT_PROCEDURAL_BUILDING_LOOK_H

#include "procedural/buildings/facade.h"

#include "engine/scene/spec.h"

// Fills (BT_BUILDING_SLOTS) slots. *streaks: rain leaves dirt below sills that shows on BT_WALL.
BT_CHECKED bt_status bt_building_look(bt_spec *spec, bt_draw *draw, bt_slot *slots, bool *streaks);
// Then, for a tower: stone instead of plaster or boards.
BT_CHECKED bt_status bt_building_look_tower(bt_spec *spec, const bt_draw *draw, bt_slot *slots);

#endif
