// strokes.h: letters and digits as flat strokes, for plates.
#ifndef BT_PROCEDURAL_STROKES_H
#define BT_PROCEDURAL_STROKES_H

#include "procedural/mesh_builder.h"

// Writes text (A-Z, 0-9, space; others are left out) centred about the pose's origin in its y-z
// plane, facing +x, reading along +y. height_m of a capital; strokes lie on the plane.
void bt_strokes_add_text(bt_mesh_builder *mesh, bt_pose pose, const char *text, double height_m);
// Its width.
double bt_strokes_width(const char *text, double height_m);

#endif
