// mesh_builder.c: growing arrays, transforms and the way into a spec.
#include "procedural/mesh_builder.h"

#include "engine/core/memory.h"

#include <string.h>

// Twice the area below which a triangle is left out: 1 mm by 0.2 um.
#define MIN_CROSS_M2 2e-10

void bt_mesh_init(bt_mesh_builder *mesh)
{
    memset(mesh, 0, sizeof *mesh);
}

void bt_mesh_clear(bt_mesh_builder *mesh)
{
    bt_free(mesh->positions);
    bt_free(mesh->normals);
    bt_free(mesh->uvs);
    bt_free(mesh->indices);
    bt_free(mesh->slots);
    memset(mesh, 0, sizeof *mesh);
}

static void reserve_vertices(bt_mesh_builder *mesh, size_t need)
{
    if (mesh->status) return;
    if (need > BT_MESH_MAX_VERTICES) {
        mesh->status = bt_fail(BT_ERR_LIMIT, "a mesh has more than %u vertices",
                               (unsigned)BT_MESH_MAX_VERTICES);
        return;
    }
    mesh->status = BT_ARRAY_RESERVE(mesh->positions, mesh->position_capacity, need * 3);
    if (!mesh->status)
        mesh->status = BT_ARRAY_RESERVE(mesh->normals, mesh->normal_capacity, need * 3);
    if (!mesh->status) mesh->status = BT_ARRAY_RESERVE(mesh->uvs, mesh->uv_capacity, need * 2);
}

static void reserve_triangles(bt_mesh_builder *mesh, size_t need)
{
    if (mesh->status) return;
    mesh->status = BT_ARRAY_RESERVE(mesh->indices, mesh->index_capacity, need * 3);
    if (!mesh->status) mesh->status = BT_ARRAY_RESERVE(mesh->slots, mesh->slot_capacity, need);
}

static void put3(float *out, bt_vec3 v)
{
    out[0] = (float)v.x;
    out[1] = (float)v.y;
    out[2] = (float)v.z;
}

static bt_vec3 get3(const float *in)
{
    return (bt_vec3){(double)in[0], (double)in[1], (double)in[2]};
}

uint32_t bt_mesh_add_vertex(bt_mesh_builder *mesh, bt_vec3 pos, bt_vec3 normal, double u, double v)
{
    reserve_vertices(mesh, mesh->vertex_count + 1);
    if (mesh->status) return 0;
    size_t i = mesh->vertex_count++;
    put3(mesh->positions + 3 * i, pos);
    put3(mesh->normals + 3 * i, normal);
    mesh->uvs[2 * i] = (float)u;
    mesh->uvs[2 * i + 1] = (float)v;
    return (uint32_t)i;
}

bt_vec3 bt_mesh_position(const bt_mesh_builder *mesh, uint32_t vertex)
{
    return get3(mesh->positions + 3 * (size_t)vertex);
}

void bt_mesh_add_triangle(bt_mesh_builder *mesh, uint32_t a, uint32_t b, uint32_t c)
{
    if (mesh->status) return;
    bt_vec3 p = bt_mesh_position(mesh, a);
    bt_vec3 cross = bt_vec3_cross(bt_vec3_sub(bt_mesh_position(mesh, b), p),
                                  bt_vec3_sub(bt_mesh_position(mesh, c), p));
    if (bt_vec3_dot(cross, cross) < MIN_CROSS_M2 * MIN_CROSS_M2) return;
    reserve_triangles(mesh, mesh->triangle_count + 1);
    if (mesh->status) return;
    size_t i = mesh->triangle_count++;
    mesh->indices[3 * i] = a;
    mesh->indices[3 * i + 1] = b;
    mesh->indices[3 * i + 2] = c;
    mesh->slots[i] = mesh->slot;
}

bt_mesh_mark bt_mesh_here(const bt_mesh_builder *mesh)
{
    return (bt_mesh_mark){mesh->vertex_count, mesh->triangle_count};
}

void bt_mesh_transform(bt_mesh_builder *mesh, bt_mesh_mark since, bt_pose pose)
{
    for (size_t i = since.vertex; i < mesh->vertex_count; i++) {
        put3(mesh->positions + 3 * i, bt_pose_point(pose, get3(mesh->positions + 3 * i)));
        put3(mesh->normals + 3 * i, bt_pose_dir(pose, get3(mesh->normals + 3 * i)));
    }
}

static void swap_corners(bt_mesh_builder *mesh, size_t triangle)
{
    uint32_t *index = mesh->indices + 3 * triangle;
    uint32_t second = index[1];
    index[1] = index[2];
    index[2] = second;
}

void bt_mesh_scale(bt_mesh_builder *mesh, bt_mesh_mark since, bt_vec3 factors)
{
    for (size_t i = since.vertex; i < mesh->vertex_count; i++) {
        bt_vec3 p = get3(mesh->positions + 3 * i);
        bt_vec3 n = get3(mesh->normals + 3 * i);
        put3(mesh->positions + 3 * i, (bt_vec3){p.x * factors.x, p.y * factors.y, p.z * factors.z});
        n = bt_vec3_normalize((bt_vec3){n.x / factors.x, n.y / factors.y, n.z / factors.z});
        put3(mesh->normals + 3 * i, n);
    }
    if (factors.x * factors.y * factors.z > 0.0) return;
    for (size_t t = since.triangle; t < mesh->triangle_count; t++)
        swap_corners(mesh, t);
}

void bt_mesh_flip(bt_mesh_builder *mesh, bt_mesh_mark since)
{
    for (size_t i = since.vertex * 3; i < mesh->vertex_count * 3; i++)
        mesh->normals[i] = -mesh->normals[i];
    for (size_t t = since.triangle; t < mesh->triangle_count; t++)
        swap_corners(mesh, t);
}

// Copies triangles [first, end) of `from` (which may be the mesh itself), their vertices moved on
// by `shift`.
static void copy_triangles(bt_mesh_builder *mesh, const bt_mesh_builder *from, size_t first,
                           size_t end, int64_t shift)
{
    reserve_triangles(mesh, mesh->triangle_count + (end - first));
    if (mesh->status) return;
    for (size_t t = first; t < end; t++) {
        size_t to = mesh->triangle_count++;
        for (size_t k = 0; k < 3; k++)
            mesh->indices[3 * to + k] = (uint32_t)((int64_t)from->indices[3 * t + k] + shift);
        mesh->slots[to] = from->slots[t];
    }
}

void bt_mesh_mirror_y(bt_mesh_builder *mesh, bt_mesh_mark since)
{
    bt_mesh_mark end = bt_mesh_here(mesh);
    size_t count = end.vertex - since.vertex;
    reserve_vertices(mesh, end.vertex + count);
    if (mesh->status) return;
    memcpy(mesh->positions + 3 * end.vertex, mesh->positions + 3 * since.vertex,
           count * 3 * sizeof(float));
    memcpy(mesh->normals + 3 * end.vertex, mesh->normals + 3 * since.vertex,
           count * 3 * sizeof(float));
    memcpy(mesh->uvs + 2 * end.vertex, mesh->uvs + 2 * since.vertex, count * 2 * sizeof(float));
    mesh->vertex_count += count;
    copy_triangles(mesh, mesh, since.triangle, end.triangle, (int64_t)count);
    if (mesh->status) return;
    bt_mesh_scale(mesh, end, (bt_vec3){1.0, -1.0, 1.0});
}

void bt_mesh_append(bt_mesh_builder *mesh, const bt_mesh_builder *other, bt_pose pose)
{
    if (!mesh->status) mesh->status = other->status;
    bt_mesh_mark start = bt_mesh_here(mesh);
    reserve_vertices(mesh, start.vertex + other->vertex_count);
    if (mesh->status || other->vertex_count == 0) return;
    memcpy(mesh->positions + 3 * start.vertex, other->positions,
           other->vertex_count * 3 * sizeof(float));
    memcpy(mesh->normals + 3 * start.vertex, other->normals,
           other->vertex_count * 3 * sizeof(float));
    memcpy(mesh->uvs + 2 * start.vertex, other->uvs, other->vertex_count * 2 * sizeof(float));
    mesh->vertex_count += other->vertex_count;
    bt_mesh_transform(mesh, start, pose);
    copy_triangles(mesh, other, 0, other->triangle_count, (int64_t)start.vertex);
}

void bt_mesh_project_uvs(bt_mesh_builder *mesh, bt_mesh_mark since)
{
    for (size_t i = since.vertex; i < mesh->vertex_count; i++) {
        bt_vec3 p = get3(mesh->positions + 3 * i);
        bt_vec3 n = get3(mesh->normals + 3 * i);
        double ax = fabs(n.x), ay = fabs(n.y), az = fabs(n.z);
        bool along_z = az >= ax && az >= ay;
        bool along_x = !along_z && ax >= ay;
        mesh->uvs[2 * i] = (float)(along_x ? p.y : p.x);
        mesh->uvs[2 * i + 1] = (float)(along_z ? p.y : p.z);
    }
}
