// patch.c: cutting a triangulated surface along curves of a function's zero.
#include "procedural/vehicles/patch.h"

#include "engine/core/memory.h"

#include <stdlib.h>
#include <string.h>

#define SNAP_M 4e-4 // a vertex this near a cut lies on it: no slivers

void bt_patch_clear(bt_patch *patch)
{
    bt_free(patch->vertices);
    bt_free(patch->indices);
    memset(patch, 0, sizeof *patch);
}

uint32_t bt_patch_add_vertex(bt_patch *patch, const bt_patch_vertex *vertex)
{
    if (!patch->status)
        patch->status =
            BT_ARRAY_RESERVE(patch->vertices, patch->vertex_capacity, patch->vertex_count + 1);
    if (patch->status) return 0;
    patch->vertices[patch->vertex_count] = *vertex;
    return (uint32_t)patch->vertex_count++;
}

void bt_patch_add_triangle(bt_patch *patch, uint32_t a, uint32_t b, uint32_t c)
{
    if (!patch->status)
        patch->status =
            BT_ARRAY_RESERVE(patch->indices, patch->index_capacity, 3 * patch->triangle_count + 3);
    if (patch->status || a == b || b == c || c == a) return;
    uint32_t *index = patch->indices + 3 * patch->triangle_count++;
    index[0] = a;
    index[1] = b;
    index[2] = c;
}

// ---- cutting ----------------------------------------------------------------------------------
// Vertices of the old patch and of its cut edges are copied into each side on demand.
typedef struct cutter {
    const bt_patch *from;
    const double *values;
    bt_patch *side[2];    // 0: stays (values >= 0), 1: inside
    uint32_t *kept[2];    // (vertices): index in that side + 1
    uint64_t *edge_keys;  // hash of cut edges: (low << 32 | high) + 1
    uint32_t *edge_at[2]; // index in that side + 1
    size_t mask;
} cutter;

static bt_patch_vertex mix(const bt_patch_vertex *a, const bt_patch_vertex *b, double u)
{
    return (bt_patch_vertex){
        bt_vec3_lerp(a->pos, b->pos, u),
        bt_vec3_normalize(bt_vec3_lerp(a->normal, b->normal, u)),
        bt_lerp(a->around_m, b->around_m, u),
        bt_lerp(a->up_m, b->up_m, u),
    };
}

static uint32_t keep_vertex(cutter *cut, int side, uint32_t v)
{
    if (!cut->kept[side][v])
        cut->kept[side][v] = bt_patch_add_vertex(cut->side[side], &cut->from->vertices[v]) + 1;
    return cut->kept[side][v] - 1;
}

static uint32_t edge_vertex(cutter *cut, int side, uint32_t a, uint32_t b)
{
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    uint64_t key = ((uint64_t)low << 32 | high) + 1;
    size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 20) & cut->mask;
    while (cut->edge_keys[at] != 0 && cut->edge_keys[at] != key)
        at = (at + 1) & cut->mask;
    cut->edge_keys[at] = key;
    if (!cut->edge_at[side][at]) {
        double u = cut->values[low] / (cut->values[low] - cut->values[high]);
        bt_patch_vertex v = mix(&cut->from->vertices[low], &cut->from->vertices[high], u);
        cut->edge_at[side][at] = bt_patch_add_vertex(cut->side[side], &v) + 1;
    }
    return cut->edge_at[side][at] - 1;
}

// The part of a triangle on one side is a polygon of at most four corners.
static void cut_triangle(cutter *cut, const uint32_t *corner, int side)
{
    double sign = side == 0 ? 1.0 : -1.0;
    uint32_t ring[4];
    size_t count = 0;
    for (int k = 0; k < 3; k++) {
        uint32_t a = corner[k], b = corner[(k + 1) % 3];
        double fa = sign * cut->values[a], fb = sign * cut->values[b];
        if (fa >= 0.0) ring[count++] = keep_vertex(cut, side, a);
        if ((fa > 0.0 && fb < 0.0) || (fa < 0.0 && fb > 0.0))
            ring[count++] = edge_vertex(cut, side, a, b);
    }
    if (count >= 3) bt_patch_add_triangle(cut->side[side], ring[0], ring[1], ring[2]);
    if (count == 4) bt_patch_add_triangle(cut->side[side], ring[0], ring[2], ring[3]);
}

static void cut_all(cutter *cut)
{
    for (size_t t = 0; t < cut->from->triangle_count; t++) {
        const uint32_t *corner = cut->from->indices + 3 * t;
        bool above = false, below = false;
        for (int k = 0; k < 3; k++) {
            above |= cut->values[corner[k]] > 0.0;
            below |= cut->values[corner[k]] < 0.0;
        }
        if (above || !below) cut_triangle(cut, corner, 0);
        if (below) cut_triangle(cut, corner, 1);
    }
}

static bool cutter_alloc(cutter *cut, double **values)
{
    size_t n = cut->from->vertex_count, size = 64;
    while (size < 3 * cut->from->triangle_count + 16)
        size *= 2;
    cut->mask = size - 1;
    *values = bt_alloc(n, sizeof **values);
    cut->edge_keys = bt_alloc(size, sizeof *cut->edge_keys);
    for (int s = 0; s < 2; s++) {
        cut->kept[s] = bt_alloc(n, sizeof *cut->kept[s]);
        cut->edge_at[s] = bt_alloc(size, sizeof *cut->edge_at[s]);
    }
    cut->values = *values;
    return *values && cut->edge_keys && cut->kept[0] && cut->kept[1] && cut->edge_at[0] &&
           cut->edge_at[1];
}

void bt_patch_cut(bt_patch *patch, bt_patch_fn fn, const void *context, double offset,
                  bt_patch *inside)
{
    if (patch->status || patch->triangle_count == 0) return;
    bt_patch stays = {0}, dropped = {0};
    cutter cut = {.from = patch, .side = {&stays, &dropped}};
    double *values = NULL;
    if (!cutter_alloc(&cut, &values)) {
        patch->status = bt_fail(BT_ERR_MEMORY, "no memory to cut a surface");
    } else {
        for (size_t v = 0; v < patch->vertex_count; v++) {
            values[v] = fn(context, &patch->vertices[v]) - offset;
            if (fabs(values[v]) < SNAP_M) values[v] = 0.0;
        }
        cut_all(&cut);
        bt_status status = stays.status ? stays.status : dropped.status;
        bt_patch_clear(patch);
        *patch = stays;
        patch->status = status;
        if (inside) {
            bt_patch_clear(inside);
            *inside = dropped;
        }
    }
    if (!inside) bt_patch_clear(&dropped);
    bt_free(values);
    bt_free(cut.edge_keys);
    for (int s = 0; s < 2; s++) {
        bt_free(cut.kept[s]);
        bt_free(cut.edge_at[s]);
    }
}

// ---- into meshes ------------------------------------------------------------------------------
static void emit(const bt_patch *patch, bt_mesh_builder *mesh, double depth_m, bool back)
{
    if (!mesh->status) mesh->status = patch->status;
    uint32_t first = (uint32_t)mesh->vertex_count;
    for (size_t i = 0; i < patch->vertex_count; i++) {
        const bt_patch_vertex *v = &patch->vertices[i];
        bt_mesh_add_vertex(mesh, bt_vec3_mad(v->pos, v->normal, -depth_m),
                           bt_vec3_scale(v->normal, back ? -1.0 : 1.0), v->around_m, v->up_m);
    }
    for (size_t t = 0; t < patch->triangle_count && !mesh->status; t++) {
        const uint32_t *i = patch->indices + 3 * t;
        bt_mesh_add_triangle(mesh, first + i[0], first + i[back ? 2 : 1], first + i[back ? 1 : 2]);
    }
}

void bt_patch_emit(const bt_patch *patch, bt_mesh_builder *mesh, double depth_m)
{
    emit(patch, mesh, depth_m, false);
}

void bt_patch_emit_back(const bt_patch *patch, bt_mesh_builder *mesh, double depth_m)
{
    emit(patch, mesh, depth_m, true);
}

typedef struct half_edge {
    uint32_t low, high, from, to;
} half_edge;

static int compare_edges(const void *a, const void *b)
{
    const half_edge *x = a, *y = b;
    if (x->low != y->low) return x->low < y->low ? -1 : 1;
    if (x->high != y->high) return x->high < y->high ? -1 : 1;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    return 0;
}

// Edges in the plane of symmetry are no border: the mirror image goes on there.
static bool in_mirror_plane(const bt_patch *patch, const half_edge *edge)
{
    return fabs(patch->vertices[edge->from].pos.y) < 1e-6 &&
           fabs(patch->vertices[edge->to].pos.y) < 1e-6;
}

size_t bt_patch_border(const bt_patch *patch, uint32_t **edges)
{
    size_t n = 3 * patch->triangle_count, found = 0;
    half_edge *all = bt_alloc(n, sizeof *all);
    *edges = bt_alloc(2 * n, sizeof **edges);
    if (!all || !*edges) {
        bt_free(all);
        return 0;
    }
    for (size_t c = 0; c < n; c++) {
        uint32_t a = patch->indices[c], b = patch->indices[c % 3 == 2 ? c - 2 : c + 1];
        all[c] = (half_edge){a < b ? a : b, a < b ? b : a, a, b};
    }
    if (n > 0) qsort(all, n, sizeof *all, compare_edges);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && all[j].low == all[i].low && all[j].high == all[i].high;)
            j++;
        if (j - i != 1 || in_mirror_plane(patch, &all[i])) continue;
        (*edges)[2 * found] = all[i].from;
        (*edges)[2 * found++ + 1] = all[i].to;
    }
    bt_free(all);
    return found;
}

// A wall's quad looks into the region: seen from inside, along the border with the region on the
// left, the wall is on the right.
void bt_patch_emit_walls(const bt_patch *patch, bt_mesh_builder *mesh, double depth_from_m,
                         double depth_to_m)
{
    uint32_t *edges;
    size_t count = bt_patch_border(patch, &edges);
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_vec3 none = {0.0, 0.0, 0.0};
    for (size_t e = 0; e < count && !mesh->status; e++) {
        uint32_t corner[4];
        for (int k = 0; k < 4; k++) {
            const bt_patch_vertex *v = &patch->vertices[edges[2 * e + (k == 1 || k == 2 ? 1 : 0)]];
            double depth = k < 2 ? depth_from_m : depth_to_m;
            corner[k] = bt_mesh_add_vertex(mesh, bt_vec3_mad(v->pos, v->normal, -depth), none,
                                           v->around_m, v->up_m + depth);
        }
        bt_mesh_add_triangle(mesh, corner[0], corner[1], corner[2]);
        bt_mesh_add_triangle(mesh, corner[0], corner[2], corner[3]);
    }
    bt_free(edges);
    bt_mesh_smooth(mesh, start, 35.0 * BT_RAD_PER_DEG);
}
