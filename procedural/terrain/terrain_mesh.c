// terrain_mesh.c: the ground as triangles: a quadtree, fine along the network's edges and coarse far
// away. Leaves are fans that take in their finer neighbours' vertices, so there are no cracks.
#include "procedural/mesh_builder.h"
#include "procedural/palette.h"
#include "procedural/terrain/terrain_internal.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

#define CHUNK_M 256.0
#define MAX_NODES 3000000u
#define MAX_RING 512
#define AWAY_LEAF_M 4.0  // along edges, where no camera comes near
#define FAR_LEAF_M 128.0 // or a sixtieth of the square, on maps of a hundred kilometres

static const bt_palette_entry palette[BT_COVER_COUNT] = {
    [BT_COVER_GRASS] = {"grass", BT_CLASS_TERRAIN},
    [BT_COVER_DRY_GRASS] = {"dry_grass", BT_CLASS_TERRAIN},
    [BT_COVER_FIELD] = {"field", BT_CLASS_TERRAIN},
    [BT_COVER_SOIL] = {"soil", BT_CLASS_TERRAIN},
    [BT_COVER_FOREST_FLOOR] = {"grass", BT_CLASS_TERRAIN},
};

typedef struct cell {
    double x, y, size; // low corner
} cell;

// Vertices of one chunk by grid place, open addressing.
typedef struct vertex_map {
    uint64_t *keys; // 0: empty
    uint32_t *vertices;
    size_t capacity, count;
} vertex_map;

typedef struct tree {
    const bt_terrain *terrain;
    bt_spec *spec;
    bt_slot slots[BT_COVER_COUNT];
    uint32_t *children; // (nodes): index of the first of four, 0 for a leaf
    size_t node_count, node_capacity;
    // the chunk in hand
    bt_mesh_builder mesh;
    vertex_map map;
    bt_vec3 origin;
    double border_m; // vertices on multiples of this lie on chunk borders; 0: none do
} tree;

// ---- refinement -------------------------------------------------------------------------------

static double focus_distance(const bt_terrain *t, double x, double y)
{
    double best2 = t->desc.focus_count > 0 ? HUGE_VAL : 0.0;
    for (size_t i = 0; i < t->desc.focus_count; i++) {
        double dx = t->focus[i].x - x, dy = t->focus[i].y - y;
        best2 = fmin(best2, dx * dx + dy * dy);
    }
    return sqrt(best2);
}

// How large a leaf may be, by its distance to the edges and to the cameras.
static double leaf_size(const bt_terrain *t, const cell *c)
{
    double x = c->x + 0.5 * c->size, y = c->y + 0.5 * c->size, reach = 0.7072 * c->size;
    double d = bt_terrain_edge_distance(t, x, y);
    double near = fabs(d) - reach;
    if (fabs(d) > 0.9 * BT_TERRAIN_NEAR_M) near -= 40.0; // that distance is coarse
    double size = near > 0.0 ? fmax(t->fine_m, 0.3 * near) : t->fine_m;
    if (d < 0.0) size = fmin(size, 2.0 * t->fine_m + 2.0);
    if (size < AWAY_LEAF_M) {
        double away = focus_distance(t, x, y) - reach;
        if (away > t->desc.focus_radius_m)
            size = fmax(size, fmin(AWAY_LEAF_M, t->fine_m * away / t->desc.focus_radius_m * 2.0));
    }
    return fmin(size, fmax(FAR_LEAF_M, t->half_m / 60.0));
}

static bool outside(const bt_terrain *t, const cell *c)
{
    double x = fmax(fabs(c->x + 0.5 * c->size - t->centre_x) - 0.5 * c->size, 0.0);
    double y = fmax(fabs(c->y + 0.5 * c->size - t->centre_y) - 0.5 * c->size, 0.0);
    return x * x + y * y > t->half_m * t->half_m;
}

static cell child_cell(const cell *c, int k)
{
    double half = 0.5 * c->size;
    return (cell){c->x + (k & 1 ? half : 0.0), c->y + (k & 2 ? half : 0.0), half};
}

static bt_status refine(tree *t, uint32_t node, cell c)
{
    if (outside(t->terrain, &c) || c.size <= t->terrain->fine_m) return BT_OK;
    if (c.size <= leaf_size(t->terrain, &c)) return BT_OK;
    if (t->node_count + 4 > MAX_NODES)
        return bt_fail(BT_ERR_LIMIT, "the ground has more than %u cells", MAX_NODES);
    bt_status status = BT_ARRAY_RESERVE(t->children, t->node_capacity, t->node_count + 4);
    if (status) return status;
    uint32_t first = (uint32_t)t->node_count;
    t->node_count += 4;
    t->children[node] = first;
    for (int k = 0; k < 4 && !status; k++)
        status = refine(t, first + (uint32_t)k, child_cell(&c, k));
    return status;
}

static cell root_cell(const bt_terrain *t)
{
    return (cell){t->centre_x - t->root_half_m, t->centre_y - t->root_half_m, 2.0 * t->root_half_m};
}

// Size of the leaf that holds a place; infinite where nothing is.
static double leaf_size_at(const tree *t, double x, double y)
{
    cell c = root_cell(t->terrain);
    if (!(x > c.x && y > c.y && x < c.x + c.size && y < c.y + c.size)) return HUGE_VAL;
    uint32_t node = 0;
    while (t->children[node] != 0) {
        int k = (x >= c.x + 0.5 * c.size ? 1 : 0) | (y >= c.y + 0.5 * c.size ? 2 : 0);
        node = t->children[node] + (uint32_t)k;
        c = child_cell(&c, k);
    }
    return c.size;
}

// ---- vertices ---------------------------------------------------------------------------------

static bt_status grow_map(vertex_map *map)
{
    vertex_map bigger = {.capacity = map->capacity ? 2 * map->capacity : 4096};
    bigger.keys = bt_alloc(bigger.capacity, sizeof *bigger.keys);
    bigger.vertices = bt_alloc(bigger.capacity, sizeof *bigger.vertices);
    if (!bigger.keys || !bigger.vertices) {
        bt_free(bigger.keys);
        bt_free(bigger.vertices);
        return bt_fail(BT_ERR_MEMORY, "no memory for ground vertices");
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->keys[i] == 0) continue;
        size_t at = map->keys[i] * 0x9e3779b97f4a7c15u >> 20 & (bigger.capacity - 1);
        while (bigger.keys[at] != 0)
            at = (at + 1) & (bigger.capacity - 1);
        bigger.keys[at] = map->keys[i];
        bigger.vertices[at] = map->vertices[i];
    }
    bigger.count = map->count;
    bt_free(map->keys);
    bt_free(map->vertices);
    *map = bigger;
    return BT_OK;
}

static uint64_t vertex_key(const tree *t, double x, double y)
{
    cell root = root_cell(t->terrain);
    double unit = 0.5 * t->terrain->fine_m;
    uint64_t ix = (uint64_t)llround((x - root.x) / unit),
             iy = (uint64_t)llround((y - root.y) / unit);
    return (iy << 32 | ix) + 1;
}

static bool on_border(const tree *t, double x, double y)
{
    if (t->border_m <= 0.0) return false;
    cell root = root_cell(t->terrain);
    return fmod(x - root.x, t->border_m) == 0.0 || fmod(y - root.y, t->border_m) == 0.0;
}

// Vertices between chunks cannot see the triangles of both sides: their normals come from heights.
static bt_vec3 border_normal(const bt_terrain *t, double x, double y)
{
    double e = 2.0 * t->fine_m;
    double dx = bt_terrain_height(t, x + e, y) - bt_terrain_height(t, x - e, y);
    double dy = bt_terrain_height(t, x, y + e) - bt_terrain_height(t, x, y - e);
    return bt_vec3_scale(bt_vec3_normalize((bt_vec3){-dx, -dy, 2.0 * e}), 1e6);
}

static uint32_t grid_vertex(tree *t, double x, double y)
{
    if (2 * t->map.count >= t->map.capacity && !t->mesh.status) t->mesh.status = grow_map(&t->map);
    if (t->mesh.status) return 0;
    uint64_t key = vertex_key(t, x, y);
    size_t at = key * 0x9e3779b97f4a7c15u >> 20 & (t->map.capacity - 1);
    while (t->map.keys[at] != 0 && t->map.keys[at] != key)
        at = (at + 1) & (t->map.capacity - 1);
    if (t->map.keys[at] == key) return t->map.vertices[at];
    bt_vec3 pos = {x, y, bt_terrain_height(t->terrain, x, y)};
    bt_vec3 normal = {0.0, 0.0, 0.0};
    if (on_border(t, x, y)) normal = border_normal(t->terrain, x, y);
    t->map.keys[at] = key;
    t->map.vertices[at] = bt_mesh_add_vertex(&t->mesh, bt_vec3_sub(pos, t->origin), normal, x, y);
    t->map.count++;
    return t->map.vertices[at];
}

// Adds the triangle's normal, weighted by its area, to its corners.
static void lean_triangle(bt_mesh_builder *mesh, uint32_t a, uint32_t b, uint32_t c)
{
    bt_vec3 p = bt_mesh_position(mesh, a);
    bt_vec3 n = bt_vec3_cross(bt_vec3_sub(bt_mesh_position(mesh, b), p),
                              bt_vec3_sub(bt_mesh_position(mesh, c), p));
    uint32_t corners[3] = {a, b, c};
    for (int i = 0; i < 3; i++) {
        float *normal = mesh->normals + 3 * (size_t)corners[i];
        normal[0] += (float)n.x;
        normal[1] += (float)n.y;
        normal[2] += (float)n.z;
    }
    bt_mesh_add_triangle(mesh, a, b, c);
}

static void finish_normals(bt_mesh_builder *mesh)
{
    for (size_t i = 0; i < mesh->vertex_count; i++) {
        float *n = mesh->normals + 3 * i;
        float length = sqrtf(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
        if (!(length > 0.0f)) {
            n[0] = n[1] = 0.0f;
            n[2] = length = 1.0f;
        }
        for (int k = 0; k < 3; k++)
            n[k] /= length;
    }
}

// ---- leaves -----------------------------------------------------------------------------------

typedef struct ring {
    uint32_t vertices[MAX_RING];
    int count;
} ring;

// The side from `a` to `b` (a's vertex included), with all that finer neighbours put on it.
static void add_side(tree *t, ring *r, bt_vec3 a, bt_vec3 b, bt_vec3 out)
{
    double length = fabs(b.x - a.x) + fabs(b.y - a.y), eps = 0.25 * t->terrain->fine_m;
    bt_vec3 q1 = bt_vec3_mad(bt_vec3_lerp(a, b, 0.25), out, eps);
    bt_vec3 q3 = bt_vec3_mad(bt_vec3_lerp(a, b, 0.75), out, eps);
    bool finer = length > t->terrain->fine_m && r->count < MAX_RING / 2 &&
                 (leaf_size_at(t, q1.x, q1.y) < length || leaf_size_at(t, q3.x, q3.y) < length);
    if (!finer) {
        if (r->count < MAX_RING) r->vertices[r->count++] = grid_vertex(t, a.x, a.y);
        return;
    }
    bt_vec3 middle = bt_vec3_lerp(a, b, 0.5);
    add_side(t, r, a, middle, out);
    add_side(t, r, middle, b, out);
}

static void emit_leaf(tree *t, const cell *c)
{
    double x0 = c->x, y0 = c->y, x1 = c->x + c->size, y1 = c->y + c->size;
    double x = c->x + 0.5 * c->size, y = c->y + 0.5 * c->size;
    bt_vec3 corners[4] = {{x0, y0, 0}, {x1, y0, 0}, {x1, y1, 0}, {x0, y1, 0}};
    static const bt_vec3 outs[4] = {{0, -1, 0}, {1, 0, 0}, {0, 1, 0}, {-1, 0, 0}};
    ring r = {.count = 0};
    for (int k = 0; k < 4; k++)
        add_side(t, &r, corners[k], corners[(k + 1) & 3], outs[k]);
    t->mesh.slot = (uint8_t)bt_terrain_cover(t->terrain, x, y);
    if (r.count == 4 && c->size > 1.5 * t->terrain->fine_m) {
        lean_triangle(&t->mesh, r.vertices[0], r.vertices[1], r.vertices[2]);
        lean_triangle(&t->mesh, r.vertices[0], r.vertices[2], r.vertices[3]);
        return;
    }
    uint32_t middle = grid_vertex(t, x, y);
    for (int k = 0; k < r.count && !t->mesh.status; k++)
        lean_triangle(&t->mesh, middle, r.vertices[k], r.vertices[(k + 1) % r.count]);
}

// ---- chunks -----------------------------------------------------------------------------------

static void begin_chunk(tree *t, const cell *c)
{
    t->origin = (bt_vec3){c->x + 0.5 * c->size, c->y + 0.5 * c->size, t->terrain->base_z};
    memset(t->map.keys, 0, t->map.capacity * sizeof *t->map.keys);
    t->map.count = 0;
}

static bt_status end_chunk(tree *t)
{
    bt_status status = BT_OK;
    if (t->mesh.status || t->mesh.triangle_count > 0) {
        uint32_t mesh;
        finish_normals(&t->mesh);
        status = bt_mesh_finish(&t->mesh, t->spec, "ground", t->slots, BT_COVER_COUNT, &mesh);
        bt_pose place = {t->origin, BT_QUAT_IDENTITY};
        if (!status) status = bt_spec_add_static(t->spec, mesh, place, 1.0, 0);
    }
    bt_mesh_clear(&t->mesh);
    return status;
}

static void emit_leaves(tree *t, uint32_t node, cell c)
{
    if (t->children[node] == 0) {
        if (!outside(t->terrain, &c)) emit_leaf(t, &c);
        return;
    }
    for (int k = 0; k < 4; k++)
        emit_leaves(t, t->children[node] + (uint32_t)k, child_cell(&c, k));
}

// Nodes of chunk size become a mesh each.
static bt_status emit_chunks(tree *t, uint32_t node, cell c)
{
    if (c.size <= CHUNK_M || t->children[node] == 0) {
        begin_chunk(t, &c);
        emit_leaves(t, node, c);
        return end_chunk(t);
    }
    bt_status status = BT_OK;
    for (int k = 0; k < 4 && !status && t->children[node] != 0; k++)
        status = emit_chunks(t, t->children[node] + (uint32_t)k, child_cell(&c, k));
    return status;
}

bt_status bt_terrain_add(bt_spec *spec, const bt_terrain *terrain)
{
    tree t = {.terrain = terrain, .spec = spec};
    cell root = root_cell(terrain);
    t.border_m = root.size;
    while (t.border_m > CHUNK_M)
        t.border_m *= 0.5;
    bt_status status = bt_palette_find(spec, palette, BT_COVER_COUNT, t.slots);
    if (!status) status = BT_ARRAY_RESERVE(t.children, t.node_capacity, 1);
    if (status) goto done;
    t.node_count = 1;
    status = grow_map(&t.map);
    if (!status) status = refine(&t, 0, root);
    if (!status) status = emit_chunks(&t, 0, root);
done:
    bt_free(t.children);
    bt_free(t.map.keys);
    bt_free(t.map.vertices);
    bt_mesh_clear(&t.mesh);
    return status;
}
