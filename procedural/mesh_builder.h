// mesh_builder.h: a growing triangle mesh that generators write: vertices, triangles, smoothing,
// checks. Ready-made shapes are in mesh_shapes.h.
//
// Conventions: metres; front is where vertices run counter-clockwise; uvs are metres along the
// surface. Every triangle takes the builder's current `slot` (its material and class). The first
// failure (memory, limits) sticks and later calls do nothing, so that a generator is a flat list of
// calls with one look at the status, in bt_mesh_finish.
//
// A bt_mesh_mark is a place in the list: transforms, mirroring and smoothing work on all that was
// added since.
//
// Ownership: the builder owns its arrays until bt_mesh_clear. Threads: one at a time.
#ifndef BT_PROCEDURAL_MESH_BUILDER_H
#define BT_PROCEDURAL_MESH_BUILDER_H

#include "engine/core/status.h"
#include "engine/math/pose.h"
#include "engine/scene/spec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BT_MESH_MAX_VERTICES 20000000u

typedef struct bt_mesh_builder {
    float *positions;  // (vertices x 3)
    float *normals;    // (vertices x 3), zero until known
    float *uvs;        // (vertices x 2)
    uint32_t *indices; // (triangles x 3)
    uint8_t *slots;    // (triangles)
    size_t vertex_count, triangle_count;
    size_t position_capacity, normal_capacity, uv_capacity, index_capacity, slot_capacity;
    uint8_t slot;     // of triangles added from now on
    bt_status status; // the first failure
} bt_mesh_builder;

typedef struct bt_mesh_mark {
    size_t vertex, triangle;
} bt_mesh_mark;

// A zeroed struct is an empty builder too.
void bt_mesh_init(bt_mesh_builder *mesh);
void bt_mesh_clear(bt_mesh_builder *mesh);

// ---- by hand ----------------------------------------------------------------------------------
// Gives the vertex's index. The normal may be zero when bt_mesh_smooth follows.
uint32_t bt_mesh_add_vertex(bt_mesh_builder *mesh, bt_vec3 pos, bt_vec3 normal, double u, double v);
// Leaves out triangles without area (poles of grids).
void bt_mesh_add_triangle(bt_mesh_builder *mesh, uint32_t a, uint32_t b, uint32_t c);
bt_vec3 bt_mesh_position(const bt_mesh_builder *mesh, uint32_t vertex);

// ---- all since a mark -------------------------------------------------------------------------
bt_mesh_mark bt_mesh_here(const bt_mesh_builder *mesh);
void bt_mesh_transform(bt_mesh_builder *mesh, bt_mesh_mark since, bt_pose pose);
// Scales about the origin; factors not zero; an odd number of negative ones turns triangles round.
void bt_mesh_scale(bt_mesh_builder *mesh, bt_mesh_mark since, bt_vec3 factors);
// Adds a copy reflected in the plane y = 0.
void bt_mesh_mirror_y(bt_mesh_builder *mesh, bt_mesh_mark since);
// Adds a copy of all of `other`, moved. Slots are kept.
void bt_mesh_append(bt_mesh_builder *mesh, const bt_mesh_builder *other, bt_pose pose);
// Turns front to back.
void bt_mesh_flip(bt_mesh_builder *mesh, bt_mesh_mark since);
// Uvs from positions by the dominant axis of the normal, for shapes that have none of their own.
void bt_mesh_project_uvs(bt_mesh_builder *mesh, bt_mesh_mark since);

// Smooth normals: at each corner the mean, weighted by angle, of the triangles that meet there and
// whose planes differ by at most crease_rad. Vertices at the same place (to 10 um) count as one;
// they are split where an edge is sharper. crease_rad 0: faceted.
void bt_mesh_smooth(bt_mesh_builder *mesh, bt_mesh_mark since, double crease_rad);

// ---- checks -----------------------------------------------------------------------------------
typedef struct bt_mesh_report {
    bt_vec3 min_m, max_m;
    double area_m2, volume_m3; // volume by the divergence theorem: right for closed surfaces
    size_t open_edges;         // edges (by position) without exactly one partner running back
    size_t degenerate;         // triangles without area
    size_t bad_normals;        // not finite or not of unit length
    size_t against;            // corners whose normal points to the triangle's back
    size_t bad_numbers;        // positions or uvs not finite
} bt_mesh_report;

BT_CHECKED bt_status bt_mesh_check(const bt_mesh_builder *mesh, bt_mesh_report *report);

// ---- the end ----------------------------------------------------------------------------------
// Writes the mesh into the spec. Fails with the builder's first failure, or when it is empty.
BT_CHECKED bt_status bt_mesh_finish(const bt_mesh_builder *mesh, bt_spec *spec, const char *name,
                                    const bt_slot *slots, uint32_t slot_count, uint32_t *index);

#endif
