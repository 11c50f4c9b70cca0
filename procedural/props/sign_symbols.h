// sign_symbols.h: what is printed on plates beside letters: arrows, chevrons, a digging man.
//
// All lie in a plane x = const, face +x and are read along +y; (y, z) from the symbol's middle.
#ifndef BT_PROCEDURAL_SIGN_SYMBOLS_H
#define BT_PROCEDURAL_SIGN_SYMBOLS_H

#include "procedural/mesh_shapes.h"

#include <stdbool.h>

// A symbol's plane and middle, and its size: about the diameter of what it fills.
typedef struct bt_symbol_place {
    double x, z, size;
} bt_symbol_place;

void bt_symbol_add_curve(bt_mesh_builder *mesh, bt_symbol_place place, bool left);
void bt_symbol_add_roundabout(bt_mesh_builder *mesh, bt_symbol_place place);
void bt_symbol_add_pass(bt_mesh_builder *mesh, bt_symbol_place place, bool left);
void bt_symbol_add_works(bt_mesh_builder *mesh, bt_symbol_place place);
// Slanting up: of an exit.
void bt_symbol_add_exit(bt_mesh_builder *mesh, bt_symbol_place place);
// One chevron of a row, `size` high.
void bt_symbol_add_chevron(bt_mesh_builder *mesh, bt_symbol_place place, double y, bool left);

#endif
