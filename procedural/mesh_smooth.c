// mesh_smooth.c: places (vertices that coincide), smooth normals with creases, checks.
//
// Normals weighted by the corner's angle: Thuermer and Wuethrich 1998, "Computing vertex normals
// from polygonal facets".
#include "procedural/mesh_builder.h"

#include "engine/core/memory.h"

#include <string.h>

#define WELD_M 1e-5

static bt_vec3 position(const bt_mesh_builder *mesh, size_t vertex)
{
    return bt_mesh_position(mesh, (uint32_t)vertex);
}

// ---- places -----------------------------------------------------------------------------------
// An open-addressed hash from rounded positions to the first vertex that lies there.
typedef struct place_table {
    uint32_t *slots; // vertex + 1; 0: free
    size_t mask;
} place_table;

typedef struct cell {
    int64_t x, y, z;
} cell;

static cell cell_of(bt_vec3 p)
{
    return (cell){(int64_t)floor(p.x / WELD_M + 0.5), (int64_t)floor(p.y / WELD_M + 0.5),
                  (int64_t)floor(p.z / WELD_M + 0.5)};
}

static uint64_t cell_hash(cell c)
{
    uint64_t h = (uint64_t)c.x * 0x9E3779B97F4A7C15u;
    h = (h ^ (h >> 29)) + (uint64_t)c.y * 0xBF58476D1CE4E5B9u;
    h = (h ^ (h >> 31)) + (uint64_t)c.z * 0x94D049BB133111EBu;
    return h ^ (h >> 30);
}

static uint32_t place_of(place_table *table, const bt_mesh_builder *mesh, size_t vertex)
{
    cell wanted = cell_of(position(mesh, vertex));
    size_t at = (size_t)cell_hash(wanted) & table->mask;
    while (table->slots[at] != 0) {
        cell there = cell_of(position(mesh, table->slots[at] - 1u));
        if (there.x == wanted.x && there.y == wanted.y && there.z == wanted.z)
            return table->slots[at] - 1u;
        at = (at + 1) & table->mask;
    }
    table->slots[at] = (uint32_t)vertex + 1u;
    return (uint32_t)vertex;
}

// places[v - first] = the first vertex at the same place.
static bt_status find_places(const bt_mesh_builder *mesh, size_t first, uint32_t *places)
{
    size_t size = 16;
    while (size < 2 * (mesh->vertex_count - first))
        size *= 2;
    place_table table = {bt_alloc(size, sizeof(uint32_t)), size - 1};
    if (!table.slots) return bt_fail(BT_ERR_MEMORY, "no memory to weld a mesh");
    for (size_t v = first; v < mesh->vertex_count; v++)
        places[v - first] = place_of(&table, mesh, v);
    bt_free(table.slots);
    return BT_OK;
}

// ---- smoothing --------------------------------------------------------------------------------
// Corners are numbered 3 * (triangle - since.triangle) + k.
typedef struct smoother {
    const bt_mesh_builder *mesh;
    bt_mesh_mark since;
    size_t corner_count, vertex_count; // since the mark
    uint32_t *places;                  // (vertices)
    uint32_t *first;                   // (vertices + 1): corners of place v are sorted[first[v] ..]
    uint32_t *sorted;                  // (corners)
    bt_vec3 *face_normals;             // (triangles)
    double *angles;                    // (corners)
    bt_vec3 *normals;                  // (corners), the result
    double min_cos;
} smoother;

static bool smoother_alloc(smoother *s)
{
    s->places = bt_alloc(s->vertex_count, sizeof *s->places);
    s->first = bt_alloc(s->vertex_count + 2, sizeof *s->first);
    s->sorted = bt_alloc(s->corner_count, sizeof *s->sorted);
    s->face_normals = bt_alloc(s->corner_count / 3, sizeof *s->face_normals);
    s->angles = bt_alloc(s->corner_count, sizeof *s->angles);
    s->normals = bt_alloc(s->corner_count, sizeof *s->normals);
    return s->places && s->first && s->sorted && s->face_normals && s->angles && s->normals;
}

static void smoother_free(smoother *s)
{
    bt_free(s->places);
    bt_free(s->first);
    bt_free(s->sorted);
    bt_free(s->face_normals);
    bt_free(s->angles);
    bt_free(s->normals);
}

static uint32_t corner_vertex(const smoother *s, size_t corner)
{
    return s->mesh->indices[3 * s->since.triangle + corner];
}

static size_t corner_place(const smoother *s, size_t corner)
{
    return s->places[corner_vertex(s, corner) - s->since.vertex] - s->since.vertex;
}

// Lists the corners of each place, by counting.
static void sort_corners(smoother *s)
{
    for (size_t c = 0; c < s->corner_count; c++)
        s->first[corner_place(s, c) + 2]++;
    for (size_t v = 2; v < s->vertex_count + 2; v++)
        s->first[v] += s->first[v - 1];
    for (size_t c = 0; c < s->corner_count; c++)
        s->sorted[s->first[corner_place(s, c) + 1]++] = (uint32_t)c;
}

static void measure_faces(smoother *s)
{
    for (size_t t = 0; t < s->corner_count / 3; t++) {
        bt_vec3 p[3];
        for (size_t k = 0; k < 3; k++)
            p[k] = position(s->mesh, corner_vertex(s, 3 * t + k));
        bt_vec3 ab = bt_vec3_sub(p[1], p[0]), ac = bt_vec3_sub(p[2], p[0]);
        s->face_normals[t] = bt_vec3_normalize(bt_vec3_cross(ab, ac));
        for (size_t k = 0; k < 3; k++) {
            bt_vec3 e = bt_vec3_normalize(bt_vec3_sub(p[(k + 1) % 3], p[k]));
            bt_vec3 f = bt_vec3_normalize(bt_vec3_sub(p[(k + 2) % 3], p[k]));
            s->angles[3 * t + k] = bt_acos(bt_clamp(bt_vec3_dot(e, f), -1.0, 1.0));
        }
    }
}

static bt_vec3 smooth_corner(const smoother *s, size_t corner)
{
    size_t place = corner_place(s, corner);
    bt_vec3 own = s->face_normals[corner / 3];
    bt_vec3 sum = {0.0, 0.0, 0.0};
    for (uint32_t i = s->first[place]; i < s->first[place + 1]; i++) {
        uint32_t other = s->sorted[i];
        bt_vec3 normal = s->face_normals[other / 3];
        if (bt_vec3_dot(own, normal) >= s->min_cos)
            sum = bt_vec3_mad(sum, normal, s->angles[other]);
    }
    return bt_vec3_length(sum) > 1e-9 ? bt_vec3_normalize(sum) : own;
}

// Gives each corner a vertex with its normal: the old vertex while its normal is free or equal,
// else a copy. Copies of one vertex are chained through `next`.
static void split_vertices(bt_mesh_builder *mesh, const smoother *s)
{
    size_t capacity = s->vertex_count + s->corner_count;
    uint32_t *next = bt_alloc(capacity, sizeof *next);
    bool *used = bt_alloc(capacity, sizeof *used);
    if (!next || !used) mesh->status = bt_fail(BT_ERR_MEMORY, "no memory to smooth a mesh");
    for (size_t c = 0; c < s->corner_count && !mesh->status; c++) {
        size_t base = s->since.vertex, v = corner_vertex(s, c);
        bt_vec3 n = s->normals[c];
        for (;;) {
            float *there = mesh->normals + 3 * v;
            double dot = (double)there[0] * n.x + (double)there[1] * n.y + (double)there[2] * n.z;
            if (!used[v - base] || dot > 1.0 - 1e-7) break;
            if (next[v - base] == 0) {
                const float *uv = mesh->uvs + 2 * v;
                bt_vec3 p = position(mesh, v);
                next[v - base] = bt_mesh_add_vertex(mesh, p, n, (double)uv[0], (double)uv[1]);
            }
            if (mesh->status) break;
            v = next[v - base];
        }
        if (mesh->status) break;
        used[v - base] = true;
        mesh->normals[3 * v] = (float)n.x;
        mesh->normals[3 * v + 1] = (float)n.y;
        mesh->normals[3 * v + 2] = (float)n.z;
        mesh->indices[3 * s->since.triangle + c] = (uint32_t)v;
    }
    bt_free(next);
    bt_free(used);
}

// Drops vertices since the mark that no triangle uses.
static void drop_unused(bt_mesh_builder *mesh, bt_mesh_mark since)
{
    size_t count = mesh->vertex_count - since.vertex;
    uint32_t *to = bt_alloc(count, sizeof *to);
    if (!to) {
        mesh->status = bt_fail(BT_ERR_MEMORY, "no memory to smooth a mesh");
        return;
    }
    for (size_t i = 3 * since.triangle; i < 3 * mesh->triangle_count; i++)
        to[mesh->indices[i] - since.vertex] = 1;
    size_t end = since.vertex;
    for (size_t v = since.vertex; v < mesh->vertex_count; v++) {
        if (!to[v - since.vertex]) continue;
        memmove(mesh->positions + 3 * end, mesh->positions + 3 * v, 3 * sizeof(float));
        memmove(mesh->normals + 3 * end, mesh->normals + 3 * v, 3 * sizeof(float));
        memmove(mesh->uvs + 2 * end, mesh->uvs + 2 * v, 2 * sizeof(float));
        to[v - since.vertex] = (uint32_t)end++;
    }
    for (size_t i = 3 * since.triangle; i < 3 * mesh->triangle_count; i++)
        mesh->indices[i] = to[mesh->indices[i] - since.vertex];
    mesh->vertex_count = end;
    bt_free(to);
}

void bt_mesh_smooth(bt_mesh_builder *mesh, bt_mesh_mark since, double crease_rad)
{
    if (mesh->status || mesh->triangle_count == since.triangle) return;
    smoother s = {.mesh = mesh, .since = since};
    s.corner_count = 3 * (mesh->triangle_count - since.triangle);
    s.vertex_count = mesh->vertex_count - since.vertex;
    s.min_cos = bt_cos(crease_rad) - 1e-9;
    if (!smoother_alloc(&s)) {
        mesh->status = bt_fail(BT_ERR_MEMORY, "no memory to smooth a mesh");
        goto done;
    }
    mesh->status = find_places(mesh, since.vertex, s.places);
    if (mesh->status) goto done;
    sort_corners(&s);
    measure_faces(&s);
    for (size_t c = 0; c < s.corner_count; c++)
        s.normals[c] = smooth_corner(&s, c);
    split_vertices(mesh, &s);
    if (!mesh->status) drop_unused(mesh, since);
done:
    smoother_free(&s);
}

// ---- checks -----------------------------------------------------------------------------------
static void check_vertices(const bt_mesh_builder *mesh, bt_mesh_report *report)
{
    report->min_m = bt_vec3_make(INFINITY, INFINITY, INFINITY);
    report->max_m = bt_vec3_make(-INFINITY, -INFINITY, -INFINITY);
    for (size_t v = 0; v < mesh->vertex_count; v++) {
        bt_vec3 p = position(mesh, v);
        const float *n = mesh->normals + 3 * v, *uv = mesh->uvs + 2 * v;
        double length2 =
            (double)n[0] * (double)n[0] + (double)n[1] * (double)n[1] + (double)n[2] * (double)n[2];
        if (!(fabs(length2 - 1.0) < 1e-4)) report->bad_normals++;
        if (!isfinite(p.x) || !isfinite(p.y) || !isfinite(p.z) || !isfinite(uv[0]) ||
            !isfinite(uv[1]))
            report->bad_numbers++;
        report->min_m = bt_vec3_make(fmin(report->min_m.x, p.x), fmin(report->min_m.y, p.y),
                                     fmin(report->min_m.z, p.z));
        report->max_m = bt_vec3_make(fmax(report->max_m.x, p.x), fmax(report->max_m.y, p.y),
                                     fmax(report->max_m.z, p.z));
    }
}

static void check_triangle(const bt_mesh_builder *mesh, size_t t, bt_mesh_report *report)
{
    const uint32_t *index = mesh->indices + 3 * t;
    bt_vec3 p[3];
    for (size_t k = 0; k < 3; k++)
        p[k] = position(mesh, index[k]);
    bt_vec3 cross = bt_vec3_cross(bt_vec3_sub(p[1], p[0]), bt_vec3_sub(p[2], p[0]));
    double twice_area = bt_vec3_length(cross);
    if (twice_area < 1e-10) report->degenerate++;
    report->area_m2 += 0.5 * twice_area;
    report->volume_m3 += bt_vec3_dot(p[0], bt_vec3_cross(p[1], p[2])) / 6.0;
    for (size_t k = 0; k < 3; k++) {
        const float *n = mesh->normals + 3 * (size_t)index[k];
        double dot = (double)n[0] * cross.x + (double)n[1] * cross.y + (double)n[2] * cross.z;
        if (dot < -1e-3 * twice_area) report->against++;
    }
}

typedef struct edge_table {
    uint64_t *keys;   // (low place << 32 | high place) + 1; 0: free
    int32_t *balance; // + up, - down
    uint32_t *uses;
    size_t mask;
} edge_table;

static void edge_add(edge_table *table, uint32_t a, uint32_t b)
{
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    uint64_t key = ((uint64_t)low << 32 | high) + 1u;
    uint64_t hash = key * 0x9E3779B97F4A7C15u;
    size_t at = (size_t)(hash ^ (hash >> 32)) & table->mask;
    while (table->keys[at] != 0 && table->keys[at] != key)
        at = (at + 1) & table->mask;
    table->keys[at] = key;
    table->balance[at] += a < b ? 1 : -1;
    table->uses[at]++;
}

static bt_status count_open_edges(const bt_mesh_builder *mesh, bt_mesh_report *report)
{
    size_t size = 16;
    while (size < 6 * mesh->triangle_count)
        size *= 2;
    edge_table table = {bt_alloc(size, sizeof(uint64_t)), bt_alloc(size, sizeof(int32_t)),
                        bt_alloc(size, sizeof(uint32_t)), size - 1};
    uint32_t *places = bt_alloc(mesh->vertex_count, sizeof *places);
    bt_status status = BT_ERR_MEMORY;
    if (!table.keys || !table.balance || !table.uses || !places) {
        status = bt_fail(BT_ERR_MEMORY, "no memory to check a mesh");
        goto done;
    }
    status = find_places(mesh, 0, places);
    if (status) goto done;
    for (size_t c = 0; c < 3 * mesh->triangle_count; c++) {
        size_t after = c % 3 == 2 ? c - 2 : c + 1;
        edge_add(&table, places[mesh->indices[c]], places[mesh->indices[after]]);
    }
    for (size_t i = 0; i < size; i++)
        if (table.keys[i] != 0 && (table.uses[i] != 2 || table.balance[i] != 0))
            report->open_edges++;
done:
    bt_free(table.keys);
    bt_free(table.balance);
    bt_free(table.uses);
    bt_free(places);
    return status;
}

bt_status bt_mesh_check(const bt_mesh_builder *mesh, bt_mesh_report *report)
{
    *report = (bt_mesh_report){0};
    if (mesh->status) return mesh->status;
    check_vertices(mesh, report);
    for (size_t t = 0; t < mesh->triangle_count; t++)
        check_triangle(mesh, t, report);
    return count_open_edges(mesh, report);
}
