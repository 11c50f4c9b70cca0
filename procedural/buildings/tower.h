// tower.h: the shaft of an office tower above its podium: one to three tiers that step back, curtain walls
// of storey-high panes between mullions over spandrels, floors with a core, partitions and strips of lamps behind
// them, parapets, plant on the roof, obstacle lights.
//
// A storey is one of eight rooms round the core; rooms are lit by storey (whole tenants stay) and by chance, with lamps whose
// hours street.lua has. 5 000 to 15 000 triangles.
#ifndef BT_PROCEDURAL_TOWER_H
#define BT_PROCEDURAL_TOWER_H

#include "procedural/buildings/facade.h"

typedef struct bt_tower_desc {
    double x0, y0, x1, y1; // of the podium below, which the shaft stands back from
    double low_m;          // height of the podium's roof
    unsigned floors;       // above it, 4 or more
} bt_tower_desc;

#define BT_TOWER_STOREY_M 3.7
#define BT_PODIUM_STOREY_M 4.2
#define BT_PODIUM_M (0.05 + 2.0 * BT_PODIUM_STOREY_M + 0.3) // height of its roof above ground

// Gives the height of the highest point.
double bt_tower_add_shaft(bt_mesh_builder *mesh, const bt_tower_desc *desc, bt_draw *draw);

#endif
