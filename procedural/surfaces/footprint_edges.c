// footprint_edges.c: the outer edge of a network, and what the ground beside it asks of it.
#include "procedural/surfaces/footprint_internal.h"

#include "engine/core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OUT_TEST_M 0.25 // a surface this far beyond an edge means it is not an outer one

typedef struct mesh_edge {
    int64_t key[6]; // both ends in millimetres, smaller end first
    uint32_t triangle;
    uint8_t side;
    bool shared; // another triangle has it too
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
    double ex = t->x[j] - t->x[i], ey = t->y[j] - t->y[i], length = bt_hypot(ex, ey);
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

static size_t hash_edge(const mesh_edge *edge)
{
    uint64_t hash = 0;
    for (int i = 0; i < 6; i++)
        hash = (hash ^ (uint64_t)edge->key[i]) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(hash >> 24);
}

// Moves the edges that only one triangle has to the front; gives how many. seen: (a power of two, over count)
// zeros: for each edge met, one more than its number.
static size_t keep_single(mesh_edge *edges, size_t count, uint32_t *seen, size_t seen_count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = hash_edge(&edges[i]) & (seen_count - 1);
        mesh_edge *same = NULL;
        for (; seen[at] != 0 && !same; at = (at + 1) & (seen_count - 1)) {
            mesh_edge *other = &edges[seen[at] - 1];
            if (memcmp(other->key, edges[i].key, sizeof other->key) == 0) same = other;
        }
        if (same)
            same->shared = edges[i].shared = true;
        else
            seen[at] = (uint32_t)i + 1;
    }
    for (size_t i = 0; i < count; i++)
        if (!edges[i].shared) edges[kept++] = edges[i];
    return kept;
}

// An edge that only one triangle has, with nothing beyond it.
static bt_status sample_edges(bt_footprint *fp)
{
    size_t count = 3 * fp->triangle_count, seen_count = 2;
    while (seen_count < 2 * count)
        seen_count *= 2;
    mesh_edge *edges = bt_alloc(count + 1, sizeof *edges);
    uint32_t *seen = bt_alloc(seen_count, sizeof *seen);
    bt_status status = edges && seen && count < UINT32_MAX
                           ? BT_OK
                           : bt_fail(BT_ERR_MEMORY, "no memory for %zu edges", count);
    for (size_t i = 0; i < count && !status; i++)
        edges[i] = key_edge(&fp->triangles[i / 3], (uint32_t)(i / 3), (int)(i % 3));
    size_t single = status ? 0 : keep_single(edges, count, seen, seen_count);
    bt_free(seen);
    if (single > 0) qsort(edges, single, sizeof *edges, compare_edges);
    for (size_t i = 0; i < single && !status; i++)
        status = sample_edge(fp, &edges[i]);
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
    int32_t x0 =
        plan_cell_clamped(g->x - reach_m, fp->low.x, fp->edge_grid.cell_m, fp->edge_grid.cells_x);
    int32_t x1 =
        plan_cell_clamped(g->x + reach_m, fp->low.x, fp->edge_grid.cell_m, fp->edge_grid.cells_x);
    int32_t y0 =
        plan_cell_clamped(g->y - reach_m, fp->low.y, fp->edge_grid.cell_m, fp->edge_grid.cells_y);
    int32_t y1 =
        plan_cell_clamped(g->y + reach_m, fp->low.y, fp->edge_grid.cell_m, fp->edge_grid.cells_y);
    for (int32_t y = y0; y <= y1; y++) {
        const uint32_t *first = fp->edge_grid.first + (size_t)y * (size_t)fp->edge_grid.cells_x;
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
    int32_t cx = (int32_t)floor((x_m - fp->low.x) / fp->edge_grid.cell_m);
    int32_t cy = (int32_t)floor((y_m - fp->low.y) / fp->edge_grid.cell_m);
    if (plan_empty_rings(&fp->edge_grid, cx, cy) > reach_m / fp->edge_grid.cell_m + 1.0)
        return false;
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
    double reach = sqrt(best2) + 0.5 * EDGE_STEP_M + PLAN_SLACK_M;
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
    double x = fp->low.x + cx * fp->edge_grid.cell_m - slack,
           y = fp->low.y + cy * fp->edge_grid.cell_m - slack;
    double dx = beyond(s->x, x, x + fp->edge_grid.cell_m + 2.0 * slack);
    double dy = beyond(s->y, y, y + fp->edge_grid.cell_m + 2.0 * slack);
    return dx * dx + dy * dy >= s->best2;
}

static void edge_search_cell(const bt_footprint *fp, int32_t cx, int32_t cy, edge_search *s)
{
    if (cx < 0 || cy < 0 || cx >= fp->edge_grid.cells_x || cy >= fp->edge_grid.cells_y) return;
    if (is_farther(fp, cx, cy, s)) return;
    const uint32_t *first =
        fp->edge_grid.first + (size_t)cy * (size_t)fp->edge_grid.cells_x + (size_t)cx;
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
    int32_t cx = (int32_t)floor((x_m - fp->low.x) / fp->edge_grid.cell_m);
    int32_t cy = (int32_t)floor((y_m - fp->low.y) / fp->edge_grid.cell_m);
    int32_t last = (int32_t)(reach_m / fp->edge_grid.cell_m) + 2;
    for (int32_t r = plan_empty_rings(&fp->edge_grid, cx, cy); r <= last; r++) {
        const plan_grid *g = &fp->edge_grid;
        for (int32_t x = cx - r; x <= cx + r; x += plan_step(g, x, cy - r, x, cy + r)) {
            edge_search_cell(fp, x, cy - r, &s);
            if (r > 0) edge_search_cell(fp, x, cy + r, &s);
        }
        for (int32_t y = cy - r + 1; y < cy + r; y += plan_step(g, cx - r, y, cx + r, y)) {
            edge_search_cell(fp, cx - r, y, &s);
            edge_search_cell(fp, cx + r, y, &s);
        }
        // an edge's middle is in its cell: its ends may reach half a step farther
        if (s.edge != BT_ROAD_NONE && sqrt(s.best2) + 0.5 * EDGE_STEP_M <= r * fp->edge_grid.cell_m)
            break;
    }
    if (s.edge == BT_ROAD_NONE) return BT_ROAD_NONE;
    *distance_m = sqrt(s.best2);
    *height_m = s.height;
    return s.edge;
}

bt_status plan_edges_find(bt_footprint *fp)
{
    bt_status status = sample_edges(fp);
    if (!status) status = plan_grid_make(fp, true, &fp->edge_grid);
    return status ? status : place_edges(fp);
}
