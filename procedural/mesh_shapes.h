// mesh_shapes.h: ready-made shapes for mesh_builder.h: boxes, prisms, lathes, lofts, sweeps, tubes.
//
// All are added to the builder with its current slot, front outside, normals and uvs done. Closed
// shapes are watertight. Poses place the shape's own frame in the mesh's.
#ifndef BT_PROCEDURAL_MESH_SHAPES_H
#define BT_PROCEDURAL_MESH_SHAPES_H

#include "procedural/mesh_builder.h"

typedef struct bt_point2 {
    double x, y;
} bt_point2;

// Corners run counter-clockwise seen from the front. uv: from the first corner along the first
// edge, and across it.
void bt_mesh_add_quad(bt_mesh_builder *mesh, bt_vec3 a, bt_vec3 b, bt_vec3 c, bt_vec3 d);
// A flat simple polygon (convex or not), counter-clockwise seen from the front. Ear clipping.
void bt_mesh_add_polygon(bt_mesh_builder *mesh, const bt_vec3 *points, size_t count);

// A box of this size about the pose's origin.
void bt_mesh_add_box(bt_mesh_builder *mesh, bt_pose pose, bt_vec3 size);
// The same with edges rounded to `radius` in `steps` steps (at least 1: a bevel).
void bt_mesh_add_rounded_box(bt_mesh_builder *mesh, bt_pose pose, bt_vec3 size, double radius,
                             unsigned steps);

// A polygon (x, y), counter-clockwise, extruded from z_low to z_high; faceted.
void bt_mesh_add_prism(bt_mesh_builder *mesh, bt_pose pose, const bt_point2 *points, size_t count,
                       double z_low, double z_high);
// The same with rounded corners: a rectangle of this size, corner radius, edges of the caps
// bevelled by `bevel` (0: none).
void bt_mesh_add_rounded_slab(bt_mesh_builder *mesh, bt_pose pose, bt_vec3 size,
                              double corner_radius, double bevel, unsigned steps);

// A closed cone, cylinder (equal radii) or spike (one radius 0).
void bt_mesh_add_cylinder(bt_mesh_builder *mesh, bt_vec3 from, bt_vec3 to, double radius_from,
                          double radius_to, unsigned segments);
// Round ends too.
void bt_mesh_add_capsule(bt_mesh_builder *mesh, bt_vec3 from, bt_vec3 to, double radius_from,
                         double radius_to, unsigned segments);
void bt_mesh_add_ellipsoid(bt_mesh_builder *mesh, bt_pose pose, bt_vec3 radii, unsigned segments);

// Turns a profile (radius, height) about the pose's z axis. The outside is on the right of the way
// the profile runs (going up: away from the axis). Ends at radius 0 close the shape; a profile
// that ends where it begins makes a ring.
void bt_mesh_add_lathe(bt_mesh_builder *mesh, bt_pose pose, const bt_point2 *profile, size_t count,
                       unsigned segments, double crease_rad);

// A sheet through rows x columns of points (row-major). Its front is on the side of
// (along columns) x (along rows).
#define BT_GRID_WRAP_COLUMNS 1u // the last column joins the first
#define BT_GRID_WRAP_ROWS 2u
#define BT_GRID_CAP_FIRST 4u // closes the first row (with wrapped columns) by a fan to its centre
#define BT_GRID_CAP_LAST 8u
void bt_mesh_add_grid(bt_mesh_builder *mesh, const bt_vec3 *points, size_t rows, size_t columns,
                      unsigned flags, double crease_rad);

// Carries a profile along a path, without twist. The profile's x points to the left of the path and
// y up (away from the earth as far as the path allows), counter-clockwise seen looking back along
// the path; `closed`: the profile joins its ends, and both ends of the path get caps.
void bt_mesh_add_sweep(bt_mesh_builder *mesh, const bt_vec3 *path, size_t path_count,
                       const bt_point2 *profile, size_t profile_count, bool closed,
                       double crease_rad);
// A round tube with a radius at each point of the path, ends closed.
void bt_mesh_add_tube(bt_mesh_builder *mesh, const bt_vec3 *path, const double *radii, size_t count,
                      unsigned segments);

// The pose at `pos` whose z axis points along `z_axis` and whose x axis is near `x_hint`.
bt_pose bt_pose_along(bt_vec3 pos, bt_vec3 z_axis, bt_vec3 x_hint);

#endif
