// mesh_tile.c: collects vertices and triangles of one tile after another.
#include "engine/road/mesh_internal.h"

#include <string.h>

static void keep(mesh_builder *b, bt_status status)
{
    if (b->status == BT_OK) b->status = status;
}

void mesh_begin_tile(mesh_builder *b, bt_vec3 origin)
{
    b->open = true;
    b->origin = origin;
    b->vertex_count = 0;
    b->positions.count = b->normals.count = b->uvs.count = 0;
    b->indices.count = b->kinds.count = 0;
}

static void *copy_of(mesh_builder *b, const void *items, size_t count, size_t size)
{
    void *copy = bt_alloc(count, size);
    if (copy == NULL) {
        keep(b, bt_fail(BT_ERR_MEMORY, "no memory for the road mesh"));
        return NULL;
    }
    if (count > 0) memcpy(copy, items, count * size);
    return copy;
}

void mesh_end_tile(mesh_builder *b)
{
    bool wanted = b->open && b->kinds.count > 0 && b->status == BT_OK;
    b->open = false;
    if (!wanted) return;
    bt_road_tile tile = {
        .origin_world_m = b->origin,
        .positions = copy_of(b, b->positions.items, b->positions.count, sizeof(float)),
        .normals = copy_of(b, b->normals.items, b->normals.count, sizeof(float)),
        .uvs = copy_of(b, b->uvs.items, b->uvs.count, sizeof(float)),
        .vertex_count = b->vertex_count,
        .indices = copy_of(b, b->indices.items, b->indices.count, sizeof(uint32_t)),
        .kinds = copy_of(b, b->kinds.items, b->kinds.count, sizeof(uint8_t)),
        .triangle_count = (uint32_t)b->kinds.count,
        .road = b->road,
    };
    // even an incomplete tile is handed over, so that it is freed with the rest
    bt_status status = ROAD_PUSH(b->tiles, tile);
    if (status != BT_OK) {
        bt_free(tile.positions);
        bt_free(tile.normals);
        bt_free(tile.uvs);
        bt_free(tile.indices);
        bt_free(tile.kinds);
    }
    keep(b, status);
}

void mesh_count_dashes(mesh_builder *b, uint32_t dashes)
{
    b->dashes += dashes;
    if (b->dashes > MESH_MAX_DASHES)
        keep(b, bt_fail(BT_ERR_LIMIT, "road markings of more than %u dashes", MESH_MAX_DASHES));
}

void mesh_count_cells(mesh_builder *b, uint32_t cells)
{
    b->cells += cells;
    uint64_t things = b->net->objects.count + b->net->signals.count;
    if (b->cells > MESH_MAX_CELLS + things * MESH_MAX_CELLS_EACH)
        keep(b, bt_fail(BT_ERR_LIMIT, "paint of objects covers more than can be meant"));
}

uint32_t mesh_add_vertex(mesh_builder *b, const mesh_vertex *vertex)
{
    if (b->status != BT_OK) return 0;
    if (b->total_vertices >= MESH_MAX_VERTICES) {
        keep(b, bt_fail(BT_ERR_LIMIT, "road mesh of more than %u vertices", MESH_MAX_VERTICES));
        return 0;
    }
    bt_vec3 p = bt_vec3_sub(vertex->pos, b->origin);
    float pos[3] = {(float)p.x, (float)p.y, (float)p.z};
    float normal[3] = {(float)vertex->normal.x, (float)vertex->normal.y, (float)vertex->normal.z};
    float uv[2] = {(float)vertex->u, (float)vertex->v};
    for (int i = 0; i < 3; i++) {
        keep(b, ROAD_PUSH(b->positions, pos[i]));
        keep(b, ROAD_PUSH(b->normals, normal[i]));
    }
    keep(b, ROAD_PUSH(b->uvs, uv[0]));
    keep(b, ROAD_PUSH(b->uvs, uv[1]));
    b->total_vertices++;
    return b->vertex_count++;
}

static bool has_area(const mesh_builder *b, uint32_t i, uint32_t j, uint32_t k)
{
    const float *p = b->positions.items;
    bt_vec3 v[3];
    uint32_t index[3] = {i, j, k};
    for (int n = 0; n < 3; n++) {
        const float *q = p + 3 * (size_t)index[n];
        v[n] = (bt_vec3){(double)q[0], (double)q[1], (double)q[2]};
    }
    bt_vec3 cross = bt_vec3_cross(bt_vec3_sub(v[1], v[0]), bt_vec3_sub(v[2], v[0]));
    return bt_vec3_length(cross) > 1e-9; // twice the area, m^2
}

void mesh_add_triangle(mesh_builder *b, bt_surface_kind kind, uint32_t i, uint32_t j, uint32_t k)
{
    if (b->status != BT_OK || i == j || j == k || k == i || !has_area(b, i, j, k)) return;
    uint8_t byte = (uint8_t)kind;
    keep(b, ROAD_PUSH(b->indices, i));
    keep(b, ROAD_PUSH(b->indices, j));
    keep(b, ROAD_PUSH(b->indices, k));
    keep(b, ROAD_PUSH(b->kinds, byte));
}

void mesh_add_quad(mesh_builder *b, bt_surface_kind kind, uint32_t a, uint32_t b1, uint32_t c,
                   uint32_t d)
{
    mesh_add_triangle(b, kind, a, b1, c);
    mesh_add_triangle(b, kind, a, c, d);
}

uint32_t mesh_grid_vertex(mesh_builder *b, const grid_point *point, double s_m, double above_m)
{
    mesh_vertex vertex = {bt_vec3_mad(point->pos, point->normal, above_m), point->normal, s_m,
                          point->t_m};
    if (b->world_uv) {
        vertex.u = point->pos.x;
        vertex.v = point->pos.y;
    }
    return mesh_add_vertex(b, &vertex);
}

bt_surface_kind mesh_mark_kind(bt_mark_color color)
{
    switch (color) {
    case BT_MARK_YELLOW:
        return BT_SURFACE_MARKING_YELLOW;
    case BT_MARK_BLUE:
    case BT_MARK_VIOLET: // no paint of its own: nearest
        return BT_SURFACE_MARKING_BLUE;
    case BT_MARK_RED:
        return BT_SURFACE_MARKING_RED;
    case BT_MARK_ORANGE:
        return BT_SURFACE_MARKING_ORANGE;
    case BT_MARK_GREEN:
        return BT_SURFACE_MARKING_GREEN;
    default:
        return BT_SURFACE_MARKING_WHITE;
    }
}
