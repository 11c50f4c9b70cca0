// footprint.c: triangles of the road mesh in a uniform grid over the plan.
#include "procedural/surfaces/footprint.h"

#include "engine/core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELL_M 8.0
#define MAX_CELLS 4000000.0
#define MAX_EMPTY 100
#define EDGE_STEP_M 2.0
#define OUT_TEST_M 0.25  // a surface this far beyond an edge means it is not an outer one
#define LEVEL_STEP_M 2.5 // surfaces farther apart in height are different levels

typedef struct plan_triangle {
    double x[3], y[3], z[3];
    uint32_t road;
    uint8_t kind;
} plan_triangle;

typedef struct grid {
    uint32_t *first; // (cells + 1), into items
    uint32_t *items;
    uint8_t *
        empty; // (cells) rings of cells round each, itself the first, that hold nothing; at most MAX_EMPTY
} grid;

// Where an edge's middle is, from `low` on: rounded, to tell at once that it is too far.
typedef struct plan_place {
    float x, y;
} plan_place;
#define PLACE_SLACK_M 0.02 // of floats at most 100 km from `low`

struct bt_footprint {
    plan_triangle *triangles;
    size_t triangle_count, triangle_capacity;
    bt_edge_sample *edges;
    size_t edge_count, edge_capacity;
    grid triangle_grid, edge_grid;
    plan_place *edge_places; // by edge_grid's items
    bt_vec3 low, high;
    double cell_m;
    int32_t cells_x, cells_y;
};

static unsigned kind_mask(unsigned kind)
{
    switch (kind) {
    case BT_SURFACE_ASPHALT:
    case BT_SURFACE_PARKING:
    case BT_SURFACE_BIKING:
        return BT_FOOTPRINT_VEHICLES;
    case BT_SURFACE_SIDEWALK:
    case BT_SURFACE_CURB:
        return BT_FOOTPRINT_WALKS;
    case BT_SURFACE_GRASS:
        return BT_FOOTPRINT_VERGES;
    default:
        return 0; // markings lie on something
    }
}

// ---- triangles --------------------------------------------------------------------------------

static double plan_area2(const plan_triangle *t)
{
    return (t->x[1] - t->x[0]) * (t->y[2] - t->y[0]) - (t->x[2] - t->x[0]) * (t->y[1] - t->y[0]);
}

static plan_triangle read_triangle(const bt_road_tile *tile, uint32_t triangle)
{
    plan_triangle t = {.road = tile->road, .kind = tile->kinds[triangle]};
    for (int i = 0; i < 3; i++) {
        const float *p =
            tile->positions + 3 * (size_t)tile->indices[3 * (size_t)triangle + (size_t)i];
        t.x[i] = tile->origin_world_m.x + (double)p[0];
        t.y[i] = tile->origin_world_m.y + (double)p[1];
        t.z[i] = tile->origin_world_m.z + (double)p[2];
    }
    return t;
}

static bt_status read_tiles(bt_footprint *fp, const bt_road_mesh *mesh)
{
    for (uint32_t i = 0; i < mesh->tile_count; i++) {
        const bt_road_tile *tile = &mesh->tiles[i];
        bt_status status = BT_ARRAY_RESERVE(fp->triangles, fp->triangle_capacity,
                                            fp->triangle_count + tile->triangle_count);
        if (status) return status;
        for (uint32_t k = 0; k < tile->triangle_count; k++) {
            if (!kind_mask(tile->kinds[k])) continue;
            plan_triangle t = read_triangle(tile, k);
            if (fabs(plan_area2(&t)) < 1e-6) continue; // kerb faces stand upright
            fp->triangles[fp->triangle_count++] = t;
        }
    }
    return BT_OK;
}

static void find_bounds(bt_footprint *fp)
{
    fp->low = (bt_vec3){HUGE_VAL, HUGE_VAL, HUGE_VAL};
    fp->high = (bt_vec3){-HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
    for (size_t i = 0; i < fp->triangle_count; i++) {
        const plan_triangle *t = &fp->triangles[i];
        for (int k = 0; k < 3; k++) {
            fp->low.x = fmin(fp->low.x, t->x[k]), fp->high.x = fmax(fp->high.x, t->x[k]);
            fp->low.y = fmin(fp->low.y, t->y[k]), fp->high.y = fmax(fp->high.y, t->y[k]);
            fp->low.z = fmin(fp->low.z, t->z[k]), fp->high.z = fmax(fp->high.z, t->z[k]);
        }
    }
    if (fp->triangle_count == 0) fp->low = fp->high = (bt_vec3){0.0, 0.0, 0.0};
}

// ---- grid -------------------------------------------------------------------------------------

static void size_grid(bt_footprint *fp)
{
    double width = fp->high.x - fp->low.x, height = fp->high.y - fp->low.y;
    fp->cell_m = CELL_M;
    while ((width / fp->cell_m + 1.0) * (height / fp->cell_m + 1.0) > MAX_CELLS)
        fp->cell_m *= 1.5;
    fp->cells_x = (int32_t)(width / fp->cell_m) + 1;
    fp->cells_y = (int32_t)(height / fp->cell_m) + 1;
}

static int32_t cell_clamped(double place, double low, double cell, int32_t count)
{
    return (int32_t)bt_clamp(floor((place - low) / cell), 0.0, count - 1);
}

typedef struct cell_range {
    int32_t x0, y0, x1, y1;
} cell_range;

static cell_range triangle_cells(const bt_footprint *fp, const plan_triangle *t)
{
    double x0 = fmin(t->x[0], fmin(t->x[1], t->x[2])), x1 = fmax(t->x[0], fmax(t->x[1], t->x[2]));
    double y0 = fmin(t->y[0], fmin(t->y[1], t->y[2])), y1 = fmax(t->y[0], fmax(t->y[1], t->y[2]));
    return (cell_range){cell_clamped(x0, fp->low.x, fp->cell_m, fp->cells_x),
                        cell_clamped(y0, fp->low.y, fp->cell_m, fp->cells_y),
                        cell_clamped(x1, fp->low.x, fp->cell_m, fp->cells_x),
                        cell_clamped(y1, fp->low.y, fp->cell_m, fp->cells_y)};
}

static cell_range edge_cells(const bt_footprint *fp, const bt_edge_sample *edge)
{
    int32_t x = cell_clamped(edge->pos_world_m.x, fp->low.x, fp->cell_m, fp->cells_x);
    int32_t y = cell_clamped(edge->pos_world_m.y, fp->low.y, fp->cell_m, fp->cells_y);
    return (cell_range){x, y, x, y};
}

// The least of a cell's own count and one more than its neighbours' in a row of cells.
static void spread_empty(uint8_t *to, const uint8_t *row, int32_t x, int32_t cells_x)
{
    for (int32_t i = x > 0 ? x - 1 : 0; i <= x + 1 && i < cells_x; i++)
        if (row[i] + 1 < *to) *to = (uint8_t)(row[i] + 1);
}

// Rosenfeld and Pfaltz 1968, "Distance functions on digital pictures": two passes, in which all eight neighbours
// are one step away.
static bt_status find_empty(const bt_footprint *fp, grid *g)
{
    size_t width = (size_t)fp->cells_x, cells = width * (size_t)fp->cells_y;
    g->empty = bt_alloc(cells + 1, 1);
    if (!g->empty) return bt_fail(BT_ERR_MEMORY, "no memory for the plan grid");
    for (size_t i = 0; i < cells; i++) {
        int32_t x = (int32_t)(i % width);
        uint8_t *at = &g->empty[i];
        *at = g->first[i] < g->first[i + 1] ? 0 : MAX_EMPTY;
        if (x > 0) spread_empty(at, at - 1, 0, 1);
        if (i >= width) spread_empty(at, g->empty + i - (size_t)x - width, x, fp->cells_x);
    }
    for (size_t i = cells; i-- > 0;) {
        int32_t x = (int32_t)(i % width);
        uint8_t *at = &g->empty[i];
        if (x + 1 < fp->cells_x) spread_empty(at, at + 1, 0, 1);
        if (i + width < cells) spread_empty(at, g->empty + i - (size_t)x + width, x, fp->cells_x);
    }
    return BT_OK;
}

// How many rings of cells round this one need no search.
static int32_t empty_rings(const bt_footprint *fp, const grid *g, int32_t cx, int32_t cy)
{
    if (cx < 0 || cy < 0 || cx >= fp->cells_x || cy >= fp->cells_y) return 0;
    return g->empty[(size_t)cy * (size_t)fp->cells_x + (size_t)cx];
}

// From a cell of a row to the next that may hold something: at least one.
static int32_t step_along(const bt_footprint *fp, const grid *g, int32_t cx, int32_t cy)
{
    if (cx < 0 || cy < 0 || cx >= fp->cells_x || cy >= fp->cells_y) return 1;
    uint8_t empty = g->empty[(size_t)cy * (size_t)fp->cells_x + (size_t)cx];
    return empty > 1 ? empty : 1;
}

// The same for two rows at once.
static int32_t step_both(const bt_footprint *fp, const grid *g, int32_t ax, int32_t ay, int32_t bx,
                         int32_t by)
{
    int32_t a = step_along(fp, g, ax, ay), b = step_along(fp, g, bx, by);
    return a < b ? a : b;
}

// Counts, sums up, then fills: items of a cell stay in their order.
static bt_status fill_grid(const bt_footprint *fp, size_t count, bool edges, grid *out)
{
    size_t cells = (size_t)fp->cells_x * (size_t)fp->cells_y;
    out->first = bt_alloc(cells + 2, sizeof *out->first);
    if (!out->first) return bt_fail(BT_ERR_MEMORY, "no memory for %zu plan cells", cells);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            cell_range r =
                edges ? edge_cells(fp, &fp->edges[i]) : triangle_cells(fp, &fp->triangles[i]);
            for (int32_t y = r.y0; y <= r.y1; y++) {
                for (int32_t x = r.x0; x <= r.x1; x++) {
                    size_t cell = (size_t)y * (size_t)fp->cells_x + (size_t)x;
                    if (pass == 0)
                        out->first[cell + 2]++;
                    else
                        out->items[out->first[cell + 1]++] = (uint32_t)i;
                }
            }
        }
        if (pass == 1) break;
        for (size_t cell = 0; cell < cells; cell++)
            out->first[cell + 2] += out->first[cell + 1];
        out->items = bt_alloc(out->first[cells + 1] + 1, sizeof *out->items);
        if (!out->items) return bt_fail(BT_ERR_MEMORY, "no memory for the plan grid");
    }
    return find_empty(fp, out);
}

// ---- point queries ----------------------------------------------------------------------------

// Barycentric weights in plan; true inside (border included).
static bool plan_inside(const plan_triangle *t, double x, double y, double w[3])
{
    double area = plan_area2(t);
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3, k = (i + 2) % 3;
        w[i] = ((t->x[j] - x) * (t->y[k] - y) - (t->x[k] - x) * (t->y[j] - y)) / area;
        if (w[i] < -1e-9) return false;
    }
    return true;
}

static uint32_t insert_hit(bt_footprint_hit *hits, uint32_t count, uint32_t max,
                           bt_footprint_hit hit)
{
    uint32_t at = count < max ? count : max;
    while (at > 0 && hits[at - 1].height_m > hit.height_m) {
        if (at < max) hits[at] = hits[at - 1];
        at--;
    }
    if (at < max) hits[at] = hit;
    return count < max ? count + 1 : max;
}

uint32_t bt_footprint_hits(const bt_footprint *fp, double x_m, double y_m, bt_footprint_hit *hits,
                           uint32_t max)
{
    if (!(x_m >= fp->low.x && x_m <= fp->high.x && y_m >= fp->low.y && y_m <= fp->high.y)) return 0;
    int32_t cx = cell_clamped(x_m, fp->low.x, fp->cell_m, fp->cells_x);
    int32_t cy = cell_clamped(y_m, fp->low.y, fp->cell_m, fp->cells_y);
    const uint32_t *first = fp->triangle_grid.first + (size_t)cy * (size_t)fp->cells_x + (size_t)cx;
    uint32_t count = 0;
    for (uint32_t i = first[0]; i < first[1]; i++) {
        const plan_triangle *t = &fp->triangles[fp->triangle_grid.items[i]];
        double w[3];
        if (!plan_inside(t, x_m, y_m, w)) continue;
        bt_footprint_hit hit = {w[0] * t->z[0] + w[1] * t->z[1] + w[2] * t->z[2], t->road,
                                (bt_surface_kind)t->kind};
        count = insert_hit(hits, count, max, hit);
    }
    return count;
}

// Plan distance squared to a triangle, with the height at its nearest point.
static double triangle_distance2(const plan_triangle *t, double x, double y, double *height)
{
    double w[3];
    if (plan_inside(t, x, y, w)) {
        *height = w[0] * t->z[0] + w[1] * t->z[1] + w[2] * t->z[2];
        return 0.0;
    }
    double best = HUGE_VAL;
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3;
        double ex = t->x[j] - t->x[i], ey = t->y[j] - t->y[i];
        double length2 = ex * ex + ey * ey;
        double u = length2 > 0.0 ? ((x - t->x[i]) * ex + (y - t->y[i]) * ey) / length2 : 0.0;
        u = bt_clamp(u, 0.0, 1.0);
        double dx = t->x[i] + u * ex - x, dy = t->y[i] + u * ey - y;
        if (dx * dx + dy * dy >= best) continue;
        best = dx * dx + dy * dy;
        *height = t->z[i] + u * (t->z[j] - t->z[i]);
    }
    return best;
}

typedef struct near_search {
    double x, y, best2, height;
    unsigned mask;
} near_search;

static void search_cell(const bt_footprint *fp, int32_t cx, int32_t cy, near_search *search)
{
    if (cx < 0 || cy < 0 || cx >= fp->cells_x || cy >= fp->cells_y) return;
    const uint32_t *first = fp->triangle_grid.first + (size_t)cy * (size_t)fp->cells_x + (size_t)cx;
    for (uint32_t i = first[0]; i < first[1]; i++) {
        const plan_triangle *t = &fp->triangles[fp->triangle_grid.items[i]];
        if (!(kind_mask(t->kind) & search->mask)) continue;
        double height = 0.0, d2 = triangle_distance2(t, search->x, search->y, &height);
        if (d2 > search->best2) continue;
        if (d2 == search->best2 && d2 == 0.0 && height >= search->height) continue;
        search->best2 = d2;
        search->height = height;
    }
}

static void search_ring(const bt_footprint *fp, int32_t cx, int32_t cy, int32_t r,
                        near_search *search)
{
    for (int32_t x = cx - r; x <= cx + r; x++) {
        search_cell(fp, x, cy - r, search);
        if (r > 0) search_cell(fp, x, cy + r, search);
    }
    for (int32_t y = cy - r + 1; y <= cy + r - 1; y++) {
        search_cell(fp, cx - r, y, search);
        search_cell(fp, cx + r, y, search);
    }
}

bool bt_footprint_near(const bt_footprint *fp, double x_m, double y_m, double reach_m,
                       unsigned mask, double *distance_m, double *height_m)
{
    near_search search = {x_m, y_m, reach_m * reach_m, HUGE_VAL, mask};
    if (!(x_m > fp->low.x - reach_m && x_m < fp->high.x + reach_m && y_m > fp->low.y - reach_m &&
          y_m < fp->high.y + reach_m))
        return false;
    int32_t cx = (int32_t)floor((x_m - fp->low.x) / fp->cell_m);
    int32_t cy = (int32_t)floor((y_m - fp->low.y) / fp->cell_m);
    int32_t last = (int32_t)(reach_m / fp->cell_m) + 1;
    for (int32_t r = empty_rings(fp, &fp->triangle_grid, cx, cy); r <= last; r++) {
        search_ring(fp, cx, cy, r, &search);
        if (search.height < HUGE_VAL && sqrt(search.best2) <= r * fp->cell_m) break;
    }
    if (search.height == HUGE_VAL) return false;
    *distance_m = sqrt(search.best2);
    *height_m = search.height;
    return true;
}

// ---- the outer edge ---------------------------------------------------------------------------

typedef struct mesh_edge {
    int64_t key[6]; // both ends in millimetres, smaller end first
    uint32_t triangle;
    uint8_t side;
} mesh_edge;

static int compare_edges(const void *left, const void *right)
{
    const mesh_edge *a = left, *b = right;
    for (int i = 0; i < 6; i++) {
        if (a->key[i] != b->key[i]) return a->key[i] < b->key[i] ? -1 : 1;
    }
    return (a->triangle > b->triangle) - (a->triangle < b->triangle);
}

static mesh_edge key_edge(const plan_triangle *t, uint32_t triangle, int side)
{
    mesh_edge edge = {.triangle = triangle, .side = (uint8_t)side};
    int ends[2] = {side, (side + 1) % 3};
    for (int e = 0; e < 2; e++) {
        edge.key[3 * e] = llround(t->x[ends[e]] * 1000.0);
        edge.key[3 * e + 1] = llround(t->y[ends[e]] * 1000.0);
        edge.key[3 * e + 2] = llround(t->z[ends[e]] * 1000.0);
    }
    if (memcmp(edge.key, edge.key + 3, 3 * sizeof edge.key[0]) <= 0) return edge;
    for (int i = 0; i < 3; i++) {
        int64_t swap = edge.key[i];
        edge.key[i] = edge.key[i + 3];
        edge.key[i + 3] = swap;
    }
    return edge;
}

static bool surface_at_level(const bt_footprint *fp, double x, double y, double z)
{
    bt_footprint_hit hits[16];
    uint32_t count = bt_footprint_hits(fp, x, y, hits, 16);
    for (uint32_t i = 0; i < count; i++) {
        if (fabs(hits[i].height_m - z) < LEVEL_STEP_M) return true;
    }
    return false;
}

static bt_vec3 edge_point(const plan_triangle *t, int i, int j, double u)
{
    return (bt_vec3){bt_lerp(t->x[i], t->x[j], u), bt_lerp(t->y[i], t->y[j], u),
                     bt_lerp(t->z[i], t->z[j], u)};
}

static bt_status sample_edge(bt_footprint *fp, const mesh_edge *edge)
{
    const plan_triangle *t = &fp->triangles[edge->triangle];
    int i = edge->side, j = (i + 1) % 3;
    double ex = t->x[j] - t->x[i], ey = t->y[j] - t->y[i], length = hypot(ex, ey);
    if (length < 1e-4) return BT_OK;
    // the triangle lies to the left of its edges when seen from above, whatever its winding
    double sign = plan_area2(t) > 0.0 ? 1.0 : -1.0;
    double out_x = sign * ey / length, out_y = -sign * ex / length;
    int count = (int)ceil(length / EDGE_STEP_M);
    bt_status status =
        BT_ARRAY_RESERVE(fp->edges, fp->edge_capacity, fp->edge_count + (size_t)count);
    if (status) return status;
    for (int k = 0; k < count; k++) {
        bt_vec3 from = edge_point(t, i, j, (double)k / count);
        bt_vec3 to = edge_point(t, i, j, (k + 1.0) / count);
        bt_vec3 pos = bt_vec3_lerp(from, to, 0.5);
        if (surface_at_level(fp, pos.x + OUT_TEST_M * out_x, pos.y + OUT_TEST_M * out_y, pos.z))
            continue;
        fp->edges[fp->edge_count++] = (bt_edge_sample){
            from, to, pos, out_x, out_y, length / count, t->road, (bt_surface_kind)t->kind};
    }
    return BT_OK;
}

// An edge that only one triangle has, with nothing beyond it.
static bt_status find_edges(bt_footprint *fp)
{
    size_t count = 3 * fp->triangle_count;
    mesh_edge *edges = bt_alloc(count + 1, sizeof *edges);
    if (!edges) return bt_fail(BT_ERR_MEMORY, "no memory for %zu edges", count);
    for (size_t i = 0; i < count; i++)
        edges[i] = key_edge(&fp->triangles[i / 3], (uint32_t)(i / 3), (int)(i % 3));
    qsort(edges, count, sizeof *edges, compare_edges);
    bt_status status = BT_OK;
    for (size_t i = 0; i < count && !status;) {
        size_t end = i + 1;
        while (end < count && memcmp(edges[i].key, edges[end].key, sizeof edges[i].key) == 0)
            end++;
        if (end == i + 1) status = sample_edge(fp, &edges[i]);
        i = end;
    }
    bt_free(edges);
    return status;
}

uint32_t bt_footprint_edge_count(const bt_footprint *fp)
{
    return (uint32_t)fp->edge_count;
}

const bt_edge_sample *bt_footprint_edge(const bt_footprint *fp, uint32_t edge)
{
    return &fp->edges[edge];
}

void bt_footprint_bounds(const bt_footprint *fp, bt_vec3 *low, bt_vec3 *high)
{
    *low = fp->low;
    *high = fp->high;
}

// ---- ground beside the network ----------------------------------------------------------------

// Edges within this distance decide which level the ground follows.
#define LEVEL_REACH_M 14.0

typedef struct ground_sum {
    double x, y, reach2;
    double lowest; // height of edges within LEVEL_REACH_M
    double sum, weights;
} ground_sum;

static void find_lowest(const bt_footprint *fp, uint32_t first, uint32_t end, ground_sum *g)
{
    for (uint32_t i = first; i < end; i++) {
        const bt_edge_sample *edge = &fp->edges[fp->edge_grid.items[i]];
        double dx = edge->pos_world_m.x - g->x, dy = edge->pos_world_m.y - g->y;
        if (dx * dx + dy * dy < LEVEL_REACH_M * LEVEL_REACH_M)
            g->lowest = fmin(g->lowest, edge->pos_world_m.z);
    }
}

static void sum_edges(const bt_footprint *fp, uint32_t first, uint32_t end, ground_sum *g)
{
    for (uint32_t i = first; i < end; i++) {
        const bt_edge_sample *edge = &fp->edges[fp->edge_grid.items[i]];
        double dx = edge->pos_world_m.x - g->x, dy = edge->pos_world_m.y - g->y;
        double d2 = dx * dx + dy * dy, z = edge->pos_world_m.z;
        if (d2 > g->reach2 || z > g->lowest + LEVEL_STEP_M) continue;
        double w = edge->length_m / ((d2 + 1.0) * (d2 + 1.0));
        g->sum += w * z;
        g->weights += w;
    }
}

// Does something with the edges round a place, by rows of cells, whose items lie one after another.
static void each_row(const bt_footprint *fp, double reach_m, ground_sum *g,
                     void (*row)(const bt_footprint *, uint32_t, uint32_t, ground_sum *))
{
    int32_t x0 = cell_clamped(g->x - reach_m, fp->low.x, fp->cell_m, fp->cells_x);
    int32_t x1 = cell_clamped(g->x + reach_m, fp->low.x, fp->cell_m, fp->cells_x);
    int32_t y0 = cell_clamped(g->y - reach_m, fp->low.y, fp->cell_m, fp->cells_y);
    int32_t y1 = cell_clamped(g->y + reach_m, fp->low.y, fp->cell_m, fp->cells_y);
    for (int32_t y = y0; y <= y1; y++) {
        const uint32_t *first = fp->edge_grid.first + (size_t)y * (size_t)fp->cells_x;
        row(fp, first[x0], first[x1 + 1], g);
    }
}

static bool within_reach(const bt_footprint *fp, double x, double y, double reach)
{
    return x > fp->low.x - reach && x < fp->high.x + reach && y > fp->low.y - reach &&
           y < fp->high.y + reach;
}

bool bt_footprint_mean_height(const bt_footprint *fp, double x_m, double y_m, double reach_m,
                              double *height_m)
{
    if (!within_reach(fp, x_m, y_m, reach_m)) return false;
    int32_t cx = (int32_t)floor((x_m - fp->low.x) / fp->cell_m);
    int32_t cy = (int32_t)floor((y_m - fp->low.y) / fp->cell_m);
    if (empty_rings(fp, &fp->edge_grid, cx, cy) > reach_m / fp->cell_m + 1.0) return false;
    ground_sum g = {x_m, y_m, reach_m * reach_m, HUGE_VAL, 0.0, 0.0};
    each_row(fp, LEVEL_REACH_M, &g, find_lowest);
    each_row(fp, reach_m, &g, sum_edges);
    if (g.weights <= 0.0) return false;
    *height_m = g.sum / g.weights;
    return true;
}

static bt_status place_edges(bt_footprint *fp)
{
    fp->edge_places = bt_alloc(fp->edge_count + 1, sizeof *fp->edge_places);
    if (!fp->edge_places) return bt_fail(BT_ERR_MEMORY, "no memory for the edges' places");
    for (size_t i = 0; i < fp->edge_count; i++) {
        bt_vec3 pos = fp->edges[fp->edge_grid.items[i]].pos_world_m;
        fp->edge_places[i] = (plan_place){(float)(pos.x - fp->low.x), (float)(pos.y - fp->low.y)};
    }
    return BT_OK;
}

typedef struct edge_search {
    double x, y, ceiling, best2, height;
    double reach2; // an edge whose middle is farther is farther than the best
    uint32_t edge;
} edge_search;

static void set_best(edge_search *s, double best2)
{
    double reach = sqrt(best2) + 0.5 * EDGE_STEP_M + PLACE_SLACK_M;
    s->best2 = best2;
    s->reach2 = reach * reach;
}

// From a place to an interval.
static double beyond(double place, double low, double high)
{
    return place < low ? low - place : place > high ? place - high : 0.0;
}

// Is every edge of this cell at least as far as what has been found? Their middles lie in it.
static bool is_farther(const bt_footprint *fp, int32_t cx, int32_t cy, const edge_search *s)
{
    double slack = 0.5 * EDGE_STEP_M + 1e-6;
    double x = fp->low.x + cx * fp->cell_m - slack, y = fp->low.y + cy * fp->cell_m - slack;
    double dx = beyond(s->x, x, x + fp->cell_m + 2.0 * slack);
    double dy = beyond(s->y, y, y + fp->cell_m + 2.0 * slack);
    return dx * dx + dy * dy >= s->best2;
}

static void edge_search_cell(const bt_footprint *fp, int32_t cx, int32_t cy, edge_search *s)
{
    if (cx < 0 || cy < 0 || cx >= fp->cells_x || cy >= fp->cells_y) return;
    if (is_farther(fp, cx, cy, s)) return;
    const uint32_t *first = fp->edge_grid.first + (size_t)cy * (size_t)fp->cells_x + (size_t)cx;
    double x = s->x - fp->low.x, y = s->y - fp->low.y;
    for (uint32_t i = first[0]; i < first[1]; i++) {
        double away_x = (double)fp->edge_places[i].x - x, away_y = (double)fp->edge_places[i].y - y;
        if (away_x * away_x + away_y * away_y > s->reach2) continue;
        const bt_edge_sample *edge = &fp->edges[fp->edge_grid.items[i]];
        if (edge->pos_world_m.z > s->ceiling) continue;
        bt_vec3 a = edge->from_world_m, b = edge->to_world_m;
        double ex = b.x - a.x, ey = b.y - a.y;
        double u = ((s->x - a.x) * ex + (s->y - a.y) * ey) / (ex * ex + ey * ey);
        u = bt_clamp(u, 0.0, 1.0);
        double dx = a.x + u * ex - s->x, dy = a.y + u * ey - s->y;
        if (dx * dx + dy * dy >= s->best2) continue;
        set_best(s, dx * dx + dy * dy);
        s->height = a.z + u * (b.z - a.z);
        s->edge = fp->edge_grid.items[i];
    }
}

uint32_t bt_footprint_nearest_edge(const bt_footprint *fp, double x_m, double y_m, double reach_m,
                                   double ceiling_m, double *distance_m, double *height_m)
{
    if (!within_reach(fp, x_m, y_m, reach_m)) return BT_ROAD_NONE;
    edge_search s = {.x = x_m, .y = y_m, .ceiling = ceiling_m, .edge = BT_ROAD_NONE};
    set_best(&s, reach_m * reach_m);
    int32_t cx = (int32_t)floor((x_m - fp->low.x) / fp->cell_m);
    int32_t cy = (int32_t)floor((y_m - fp->low.y) / fp->cell_m);
    int32_t last = (int32_t)(reach_m / fp->cell_m) + 2;
    for (int32_t r = empty_rings(fp, &fp->edge_grid, cx, cy); r <= last; r++) {
        const grid *g = &fp->edge_grid;
        for (int32_t x = cx - r; x <= cx + r; x += step_both(fp, g, x, cy - r, x, cy + r)) {
            edge_search_cell(fp, x, cy - r, &s);
            if (r > 0) edge_search_cell(fp, x, cy + r, &s);
        }
        for (int32_t y = cy - r + 1; y < cy + r; y += step_both(fp, g, cx - r, y, cx + r, y)) {
            edge_search_cell(fp, cx - r, y, &s);
            edge_search_cell(fp, cx + r, y, &s);
        }
        // an edge's middle is in its cell: its ends may reach half a step farther
        if (s.edge != BT_ROAD_NONE && sqrt(s.best2) + 0.5 * EDGE_STEP_M <= r * fp->cell_m) break;
    }
    if (s.edge == BT_ROAD_NONE) return BT_ROAD_NONE;
    *distance_m = sqrt(s.best2);
    *height_m = s.height;
    return s.edge;
}

// ---- life -------------------------------------------------------------------------------------

bt_status bt_footprint_create(const bt_road_mesh *mesh, bt_footprint **footprint)
{
    *footprint = NULL;
    bt_footprint *fp = bt_alloc(1, sizeof *fp);
    if (!fp) return bt_fail(BT_ERR_MEMORY, "no memory for a footprint");
    bt_status status = read_tiles(fp, mesh);
    if (status) goto done;
    find_bounds(fp);
    size_grid(fp);
    status = fill_grid(fp, fp->triangle_count, false, &fp->triangle_grid);
    if (status) goto done;
    status = find_edges(fp);
    if (status) goto done;
    status = fill_grid(fp, fp->edge_count, true, &fp->edge_grid);
    if (!status) status = place_edges(fp);
    if (status) goto done;
    *footprint = fp;
    fp = NULL;
done:
    bt_footprint_destroy(fp);
    return status;
}

void bt_footprint_destroy(bt_footprint *fp)
{
    if (!fp) return;
    bt_free(fp->triangles);
    bt_free(fp->edges);
    bt_free(fp->triangle_grid.first);
    bt_free(fp->triangle_grid.items);
    bt_free(fp->triangle_grid.empty);
    bt_free(fp->edge_grid.first);
    bt_free(fp->edge_grid.items);
    bt_free(fp->edge_grid.empty);
    bt_free(fp->edge_places);
    bt_free(fp);
}
