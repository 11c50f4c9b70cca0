// leg_internal.h: what the files of a leg share.
#ifndef BT_APP_LEG_INTERNAL_H
#define BT_APP_LEG_INTERNAL_H

#include "engine/app/leg.h"
#include "engine/road/match.h"
#include "engine/sim/lane_graph.h"
#include "procedural/placement/surroundings.h"

// What a leg holds until it is known who is on it.
typedef struct bt_leg_site {
    bt_spec *spec;
    bt_cast_stock stock; // bodies for those who go on and those who may begin
    bt_cast_focus focus;
    bt_surroundings_result surroundings;
    bt_lane_graph graph; // of an endless world, whose lanes do not depend on who is there
    bt_road_match match; // from the leg before
} bt_leg_site;

// ---- leg_scene.c ------------------------------------------------------------------------------
// What stands there, as a world without actors.
BT_CHECKED bt_status leg_begin_world(const bt_leg_desc *desc, bt_leg *leg);
// The cast's actors and the signal heads.
BT_CHECKED bt_status leg_end_world(const bt_leg_desc *desc, bt_leg *leg);

#endif
