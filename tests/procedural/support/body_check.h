// body_check.h: what every generated body must be: sound meshes, inside its cuboids, repeatable,
// and accepted by a spec.
#ifndef BT_TESTS_BODY_CHECK_H
#define BT_TESTS_BODY_CHECK_H

#include "engine/core/hash.h"
#include "engine/core/memory.h"
#include "engine/scene/material_lua.h"
#include "engine/scene/world.h"
#include "procedural/support/body.h"
#include "tests/support/check.h"

#include <stdlib.h>

typedef struct body_bounds {
    bt_vec3 min_m, max_m; // of all parts at rest that count for the cuboid
    size_t triangles;     // of all meshes, shared ones once
    size_t against;       // corners whose normal points to the back
} body_bounds;

// Checks each part's mesh and gathers the bounds of those that `wanted` accepts (NULL: all).
static inline body_bounds check_body_meshes(const bt_body *body,
                                            bool (*wanted)(const bt_body *, uint32_t))
{
    body_bounds b = {{INFINITY, INFINITY, INFINITY}, {-INFINITY, -INFINITY, -INFINITY}, 0, 0};
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_body_pose_parts(body, NULL, poses);
    for (uint32_t i = 0; i < body->part_count; i++) {
        const bt_mesh_builder *mesh = bt_body_shown_mesh(body, i);
        if (body->parts[i].same_mesh_as == BT_NO_INDEX && mesh->triangle_count > 0) {
            bt_mesh_report report;
            CHECK_OK(bt_mesh_check(mesh, &report));
            CHECK(report.bad_normals == 0);
            CHECK(report.bad_numbers == 0);
            CHECK(report.degenerate == 0);
            b.against += report.against;
            b.triangles += mesh->triangle_count;
        }
        if (body->parts[i].beyond_cuboid || (wanted && !wanted(body, i))) continue;
        for (size_t v = 0; v < mesh->vertex_count; v++) {
            bt_vec3 p = bt_pose_point(poses[i], bt_mesh_position(mesh, (uint32_t)v));
            b.min_m =
                bt_vec3_make(fmin(b.min_m.x, p.x), fmin(b.min_m.y, p.y), fmin(b.min_m.z, p.z));
            b.max_m =
                bt_vec3_make(fmax(b.max_m.x, p.x), fmax(b.max_m.y, p.y), fmax(b.max_m.z, p.z));
        }
    }
    return b;
}

// The bytes of all meshes, one digest.
static inline bt_sha256_text body_digest(const bt_body *body)
{
    bt_sha256 digests[BT_BODY_MAX_PARTS] = {0};
    for (uint32_t i = 0; i < body->part_count; i++) {
        const bt_mesh_builder *m = &body->parts[i].mesh;
        bt_sha256 parts[4];
        CHECK_OK(bt_sha256_of(m->positions, m->vertex_count * 3 * sizeof(float), &parts[0]));
        CHECK_OK(bt_sha256_of(m->normals, m->vertex_count * 3 * sizeof(float), &parts[1]));
        CHECK_OK(bt_sha256_of(m->indices, m->triangle_count * 3 * sizeof(uint32_t), &parts[2]));
        CHECK_OK(bt_sha256_of(m->slots, m->triangle_count, &parts[3]));
        CHECK_OK(bt_sha256_of(parts, sizeof parts, &digests[i]));
    }
    bt_sha256 all;
    CHECK_OK(bt_sha256_of(digests, sizeof digests, &all));
    return bt_sha256_format(&all);
}

// A place in space in steps of 20 um; the neighbourhood test below allows for rounding.
static inline int compare_points(const void *a, const void *b)
{
    const float *p = a, *q = b;
    for (int k = 0; k < 3; k++)
        if (p[k] != q[k]) return p[k] < q[k] ? -1 : 1;
    return 0;
}

// Vertices without a partner reflected in y = 0.
static inline size_t asymmetric_vertices(const bt_mesh_builder *mesh)
{
    size_t n = mesh->vertex_count, lonely = 0;
    float *sorted = bt_alloc(3 * n + 3, sizeof *sorted);
    memcpy(sorted, mesh->positions, 3 * n * sizeof *sorted);
    for (size_t i = 0; i < 3 * n; i++)
        sorted[i] += 0.0f; // -0 to 0
    qsort(sorted, n, 3 * sizeof *sorted, compare_points);
    for (size_t i = 0; i < n; i++) {
        float want[3] = {mesh->positions[3 * i] + 0.0f, -mesh->positions[3 * i + 1] + 0.0f,
                         mesh->positions[3 * i + 2] + 0.0f};
        if (!bsearch(want, sorted, n, 3 * sizeof *sorted, compare_points)) lonely++;
    }
    bt_free(sorted);
    return lonely;
}

// Writes the body into a spec with the real materials and compiles it.
static inline void check_body_in_spec(const bt_body *body, uint32_t parts_with_lamps)
{
    bt_spec *spec = NULL;
    bt_world *world = NULL;
    uint32_t model = BT_NO_INDEX, actor = BT_NO_INDEX;
    CHECK_OK(bt_spec_create(&spec));
    CHECK_OK(bt_material_sheet_load(spec, "assets/materials/street.lua"));
    CHECK_OK(bt_body_finish(body, spec, "body", &model));
    CHECK_OK(bt_spec_add_actor(spec, model, "actor", body->class_id, &actor));
    CHECK_OK(bt_world_compile(spec, &world));
    CHECK(world != NULL && world->actor_count == 1);
    if (world) {
        uint32_t lamps = 0;
        for (uint32_t i = 0; i < world->part_count; i++)
            lamps += world->parts[i].lamp_mask != 0;
        CHECK(lamps == parts_with_lamps);
        CHECK(world->part_count == body->part_count);
    }
    bt_world_destroy(world);
    bt_spec_destroy(spec);
}

#endif
