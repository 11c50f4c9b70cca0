// facade.h: one upright wall and what is let into it.
//
// Facade coordinates: u to the right as seen from outside, v up, d outward, metres, from the wall's
// lower left corner.
#ifndef BT_PROCEDURAL_FACADE_H
#define BT_PROCEDURAL_FACADE_H

#include "procedural/draw.h"
#include "procedural/mesh_shapes.h"

#include <stdbool.h>

// Slots of all buildings' meshes.
typedef enum bt_building_slot {
    BT_WALL,
    BT_WALL_SECOND, // gable, ground floor or neighbour's front
    BT_PLINTH,
    BT_ROOF,
    BT_FRAME,
    BT_GLASS,
    BT_ROOM, // what is dark behind glass without a room
    BT_CURTAIN,
    BT_DOOR,
    BT_GARAGE,
    BT_TRIM, // fascia boards, sills
    BT_GUTTER,
    BT_RAILING,
    BT_STEP,
    BT_CHIMNEY,
    BT_SHUTTER,
    BT_FLAT_ROOF,
    BT_WALL_THIRD,
    BT_ROOM_LIGHT, // a room where someone is in, and its lamp: until bedtime, late, all night
    BT_ROOM_LAMP,
    BT_ROOM_LAMP_LATE,
    BT_ROOM_LAMP_NIGHT,
    BT_STREAK, // the wall below a sill, with what ran off it
    BT_ROOM_WALL,
    BT_ROOM_WALL_SECOND,
    BT_ROOM_FLOOR,
    BT_FURNITURE,
    BT_SHOP_BOARD,
    BT_SHOP_LETTER,
    BT_AWNING,
    BT_ROLLER, // a shutter of slats before the glass
    BT_DRAPE,
    BT_DOOR_LAMP,
    BT_SHOP_LAMP, // while it is open, and all night
    BT_SHOP_LAMP_NIGHT,
    BT_SHOP_SIGN, // a box that shines, and what is written on it
    BT_SHOP_SIGN_LETTER,
    BT_VENT,
    BT_TOWER_GLASS,
    BT_SPANDREL, // what hides a storey's floor between rows of panes
    BT_MULLION,
    BT_CEILING,
    BT_OFFICE_LAMP, // in office hours, later, all night
    BT_OFFICE_LAMP_LATE,
    BT_OFFICE_LAMP_NIGHT,
    BT_OBSTACLE_LAMP,
    BT_BUILDING_SLOTS
} bt_building_slot;

typedef struct bt_facade {
    bt_mesh_builder *mesh;
    bt_vec3 origin;
    bt_vec3 along, out; // unit, level; out = along x up
    double length_m, height_m;
} bt_facade;

typedef enum bt_opening_kind {
    BT_OPENING_WINDOW,
    BT_OPENING_DOOR,
    BT_OPENING_GARAGE,
    BT_OPENING_SHOP,
    BT_OPENING_BALCONY, // glazed door to a balcony
} bt_opening_kind;

typedef struct bt_opening {
    bt_opening_kind kind;
    double u0, v0, u1, v1;
} bt_opening;

typedef struct bt_window_style {
    int panes_across, panes_up; // divisions by glazing bars
    double frame_m, recess_m;
    bool sill, shutters, lintel;
    bool streaks; // rain has washed the sills' dirt down BT_WALL
    bool plain;   // panes alone: no room behind them
    double curtain_chance;
    double roller_chance; // that one is down some way
} bt_window_style;

bt_facade bt_facade_make(bt_mesh_builder *mesh, bt_vec3 from, bt_vec3 to, double height_m);
bt_vec3 bt_facade_point(const bt_facade *facade, double u, double v, double d);
// A flat piece at depth d with facade coordinates as uv.
void bt_facade_quad(const bt_facade *facade, double u0, double v0, double u1, double v1, double d,
                    bt_building_slot slot);
// The same with uv of its own, from the lower left corner counter-clockwise.
void bt_facade_piece(const bt_facade *facade, double u0, double v0, double u1, double v1, double d,
                     double uv[4][2], bt_building_slot slot);
// The four sides of a hole from the wall's face to depth -recess.
void bt_facade_reveal(const bt_facade *facade, const bt_opening *opening, double recess_m,
                      bt_building_slot slot);
// A box from depth d0 to d1 (d1 > d0).
void bt_facade_box(const bt_facade *facade, double u0, double v0, double u1, double v1, double d0,
                   double d1, bt_building_slot slot);
// The wall with holes for the openings, and everything in them.
void bt_facade_add_wall(const bt_facade *facade, const bt_opening *openings, size_t count,
                        const bt_window_style *style, bt_building_slot slot, bt_draw *draw);
// A slab with a railing of bars, `depth` deep, at height v.
void bt_facade_add_balcony(const bt_facade *facade, double u0, double u1, double v, double depth_m);

#endif
