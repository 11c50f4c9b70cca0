// glazing.h: a window from the outside in: what runs off its sill, shutters, frame, bars, panes, blinds
// and curtains, and the room behind with what stands in it.
//
// Panes are never quite flat or upright: each leans by up to 0.2 degrees and, for the air that is sealed
// between its sheets is seldom at the weather's pressure, bows by millimetres (a sheet of 1 m that bows
// by 1.5 mm leans by 6 mrad at its edge). So what they mirror breaks from pane to pane. Only normals
// say so; the sheets themselves are flat.
#ifndef BT_PROCEDURAL_GLAZING_H
#define BT_PROCEDURAL_GLAZING_H

#include "procedural/buildings/facade.h"

#define BT_RUN_OFF_M 0.9 // what runs off a sill is seen so far down

void bt_glazing_add_frame(const bt_facade *facade, const bt_opening *opening, double width_m,
                          double depth_m);
// What is behind a hole, without what a shop has on show.
void bt_glazing_add_room(const bt_facade *facade, const bt_opening *opening, double depth_m,
                         const bt_draw *draw);
// One pane {u0, v0, u1, v1}: flat, with the normals of one that leans and bows.
void bt_glazing_add_pane(const bt_facade *facade, const double box[4], double depth_m,
                         bt_building_slot slot, bt_draw *draw);
// Everything in a window's hole, its sill and its shutters. Curtains and frames follow the sequence;
// what lies deeper is drawn beside it.
void bt_glazing_add_window(const bt_facade *facade, const bt_opening *opening,
                           const bt_window_style *style, bt_draw *draw);
// The wall's face below a sill once more, BT_STREAK: uv is (metres in from the sill's nearer end,
// metres below it), which is how BT_PATTERN_PLASTER wants it there.
void bt_glazing_add_run_off(const bt_facade *facade, const bt_opening *opening);

#endif
