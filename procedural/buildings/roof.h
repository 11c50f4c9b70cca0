// roof.h: roofs over a rectangle, with eaves, boards, gutters, chimneys and roof windows.
#ifndef BT_PROCEDURAL_ROOF_H
#define BT_PROCEDURAL_ROOF_H

#include "procedural/buildings/facade.h"

typedef struct bt_roof_desc {
    double length_m, depth_m; // of the walls below; ridge along the length
    double pitch_rad;
    double eave_m, verge_m;       // overhang at the low edges, at the gables
    bt_building_slot gable;       // slot of the gable walls
    const bt_window_style *style; // of the windows in them; NULL: they have none
} bt_roof_desc;

// About the pose's origin, which lies in the middle of the rectangle at the height of the wall's
// top; its x runs along the ridge. Gives the ridge's height above the origin.
double bt_roof_add_gable(bt_mesh_builder *mesh, bt_pose pose, const bt_roof_desc *desc,
                         bt_draw *draw);
double bt_roof_add_hip(bt_mesh_builder *mesh, bt_pose pose, const bt_roof_desc *desc);
// A parapet all round, gravel within, a few boxes (lift, ventilation) on it.
double bt_roof_add_flat(bt_mesh_builder *mesh, bt_pose pose, const bt_roof_desc *desc,
                        bt_draw *draw);
// The first of it alone.
double bt_roof_add_parapet(bt_mesh_builder *mesh, bt_pose pose, double length_m, double depth_m,
                           bt_building_slot slot);
// A brick stack from `low` to `high` with a cap and pots.
void bt_roof_add_chimney(bt_mesh_builder *mesh, bt_vec3 foot, double low_m, double high_m,
                         double width_m, double depth_m);
// A half-round channel along an eave and a pipe down at its end.
void bt_roof_add_gutter(bt_mesh_builder *mesh, bt_vec3 from, bt_vec3 to, double down_m);

#endif
