// patch.h: a piece of a smooth surface, cut along curves into regions: how one body surface becomes
// paint, glass, lamps, gaps between doors.
//
// A vertex knows its place, the surface's true normal, and chart coordinates (metres along the
// surface: round the car, and up) in which outlines are drawn. Cutting interpolates all of them, so
// shading stays smooth across cuts.
//
// Ownership: a patch owns its arrays; bt_patch_clear frees them. The first failure sticks and is
// passed on to whatever is made from the patch.
#ifndef BT_PROCEDURAL_PATCH_H
#define BT_PROCEDURAL_PATCH_H

#include "procedural/mesh_builder.h"

typedef struct bt_patch_vertex {
    bt_vec3 pos, normal;
    double around_m, up_m; // chart
} bt_patch_vertex;

typedef struct bt_patch {
    bt_patch_vertex *vertices;
    size_t vertex_count, vertex_capacity;
    uint32_t *indices; // (triangles x 3)
    size_t triangle_count, index_capacity;
    bt_status status;
} bt_patch;

// Negative inside. Should change evenly across a triangle near zero.
typedef double (*bt_patch_fn)(const void *context, const bt_patch_vertex *vertex);

void bt_patch_clear(bt_patch *patch);
uint32_t bt_patch_add_vertex(bt_patch *patch, const bt_patch_vertex *vertex);
void bt_patch_add_triangle(bt_patch *patch, uint32_t a, uint32_t b, uint32_t c);

// Cuts along fn = offset: what is below goes to `inside` (NULL: dropped), the rest stays.
void bt_patch_cut(bt_patch *patch, bt_patch_fn fn, const void *context, double offset,
                  bt_patch *inside);

// Adds the patch to a mesh, pushed `depth_m` against its normals.
void bt_patch_emit(const bt_patch *patch, bt_mesh_builder *mesh, double depth_m);
// The back of it, facing inward.
void bt_patch_emit_back(const bt_patch *patch, bt_mesh_builder *mesh, double depth_m);
// Walls along the patch's border from depth_from to depth_to (measured against the normals), facing
// into the region: the sides of a recess.
void bt_patch_emit_walls(const bt_patch *patch, bt_mesh_builder *mesh, double depth_from_m,
                         double depth_to_m);
// Half-edges without a partner (but not those in y = 0), as pairs of vertex indices in the triangle's winding. The caller
// frees *edges with bt_free.
size_t bt_patch_border(const bt_patch *patch, uint32_t **edges);

#endif
