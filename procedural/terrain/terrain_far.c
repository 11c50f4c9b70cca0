// terrain_far.c: the land far from roads: on a coarse grid how high it lies, by the roads round it, and how far the next is.
#include "procedural/terrain/terrain_internal.h"

#include "engine/core/memory.h"
#include "procedural/terrain/noise.h"

#include <math.h>

#define FAR_COUNT 240
#define FAR_STRIDE 24.0 // of a window's edges one in so many stands for the others
#define FAR_WINDOW_M 64.0
#define FAR_SMALL_M 32.0 // of windows of small tiles
#define SMALL_TILE_M 1000.0
#define AROUND_M 300.0 // farther from a window cells are large
#define FAR_REACH_M 900.0
#define FAR_REACH_LEAST_M 100.0
#define INSIDE 0.6 // of a tile: so far inside a window the land does not change when that moves
#define SPLINE_CELLS 2.9 // how far a place looks among nodes: two cells each way, aslant
#define ENOUGH 0.85
#define BEYOND_WEIGHT 1e-7

// Some edges stand for their neighbours: every n-th, or in a window those that lie where they do.
static bool stands_for_others(const bt_terrain *t, uint32_t edge, uint32_t stride)
{
    if (t->desc.tile_m <= 0.0) return edge % stride == 0;
    bt_vec3 pos = bt_footprint_edge(t->footprint, edge)->pos_world_m;
    return bt_noise_cell(t->desc.seed + 77, (int64_t)floor(64.0 * pos.x),
                         (int64_t)floor(64.0 * pos.y)) < 1.0 / FAR_STRIDE;
}

// How far edges count: all that do are loaded in every window that has a place well inside it.
typedef struct far_reach {
    double square_m2; // 0: without end
    double enough;    // weight of an edge at ENOUGH of it, from which on none beyond it count
} far_reach;

static double near_weight(double square_m2)
{
    return 1.0 / ((square_m2 + 900.0) * (square_m2 + 900.0));
}

static far_reach find_reach(const bt_terrain *t)
{
    if (t->desc.tile_m <= 0.0) return (far_reach){0.0, 0.0};
    double reach = INSIDE * t->desc.tile_m - SPLINE_CELLS * t->far_cell_m;
    reach = bt_clamp(reach, FAR_REACH_LEAST_M, FAR_REACH_M);
    double far = ENOUGH * ENOUGH * reach * reach, left = 1.0 - ENOUGH * ENOUGH;
    return (far_reach){reach * reach, left * left * near_weight(far)};
}

// Weighted heights of edges, and their weights.
typedef struct far_sum {
    double height, weight;
} far_sum;

static double square_to(bt_vec3 edge, double x, double y)
{
    return (edge.x - x) * (edge.x - x) + (edge.y - y) * (edge.y - y);
}

static float height_of(far_sum sum)
{
    return sum.weight > 0.0 ? (float)(sum.height / sum.weight) : 0.0f;
}
static float distance_of(const bt_terrain *t, double square_m2, double x, double y)
{
    return t->far_edge_count > 0 ? (float)sqrt(square_m2)
                                 : (float)bt_hypot(x - t->centre_x, y - t->centre_y);
}

// What edges say of ABREAST nodes of a row: each one's sums are in the edges' order, whoever is beside it.
#define ABREAST 8u
typedef struct far_sums {
    double best2[ABREAST];                               // to the nearest
    double heights[ABREAST], weights[ABREAST];           // of all
    double near_heights[ABREAST], near_weights[ABREAST]; // of those within reach
} far_sums;

static void add_near_edge(bt_vec3 edge, const double *restrict x, double y, double reach2,
                          far_sums *restrict s)
{
    for (uint32_t k = 0; k < ABREAST; k++) {
        double d2 = square_to(edge, x[k], y), left = 1.0 - d2 / reach2;
        double w = d2 < reach2 ? near_weight(d2) * left * left : 0.0;
        s->near_heights[k] += w * edge.z;
        s->near_weights[k] += w;
    }
}

static void add_edge(bt_vec3 edge, const double *restrict x, double y, double reach2,
                     far_sums *restrict s)
{
    bool near = false;
    for (uint32_t k = 0; k < ABREAST; k++) {
        double d2 = square_to(edge, x[k], y), w = near_weight(d2);
        near |= d2 < reach2;
        s->best2[k] = d2 < s->best2[k] ? d2 : s->best2[k];
        s->heights[k] += w * edge.z;
        s->weights[k] += w;
    }
    if (near) add_near_edge(edge, x, y, reach2, s);
}

// Where hardly any is near those beyond take over.
static far_sum join(const far_sums *s, uint32_t k, double enough)
{
    far_sum near = {s->near_heights[k], s->near_weights[k]};
    if (!(near.weight < enough)) return near;
    double missing = 1.0 - near.weight / enough, beyond = BEYOND_WEIGHT * missing * missing;
    return (far_sum){near.height + beyond * s->heights[k], near.weight + beyond * s->weights[k]};
}

static void far_nodes(const bt_terrain *t, const double *x, double y, float *height,
                      float *distance)
{
    const far_reach reach = find_reach(t);
    bool window = reach.square_m2 > 0.0;
    far_sums s = {0};
    for (uint32_t k = 0; k < ABREAST; k++)
        s.best2[k] = HUGE_VAL;
    for (uint32_t i = 0; i < t->far_edge_count; i++)
        add_edge(t->far_edges[i], x, y, reach.square_m2, &s);
    for (uint32_t k = 0; k < ABREAST; k++) {
        height[k] =
            height_of(window ? join(&s, k, reach.enough) : (far_sum){s.heights[k], s.weights[k]});
        distance[k] = distance_of(t, s.best2[k], x[k], y);
    }
}

static void pick_edges(bt_terrain *t)
{
    uint32_t all = bt_footprint_edge_count(t->footprint), stride = all / 1500 + 1;
    t->far_edges = bt_alloc(all, sizeof *t->far_edges);
    for (uint32_t i = 0; t->far_edges && i < all; i++)
        if (stands_for_others(t, i, stride))
            t->far_edges[t->far_edge_count++] = bt_footprint_edge(t->footprint, i)->pos_world_m;
}

// Small cells are needed where roads are: is a node there?
static bool is_among_roads(const bt_terrain *t, double x, double y)
{
    const bt_terrain_desc *d = &t->desc;
    if (d->tile_m <= 0.0) return true;
    return x > d->low_x_m - AROUND_M && x < d->high_x_m + AROUND_M && y > d->low_y_m - AROUND_M &&
           y < d->high_y_m + AROUND_M;
}

// The mean of the nodes on both sides, of whole rows and columns of two cells.
static float between(const float *field, size_t side, size_t x, size_t y)
{
    size_t dx = x % 2, dy = y % 2;
    const float *a = &field[(y - dy) * side + x - dx], *b = &field[(y - dy) * side + x + dx];
    const float *c = &field[(y + dy) * side + x - dx], *d = &field[(y + dy) * side + x + dx];
    return 0.25f * (*a + *b + *c + *d);
}

// ---- nodes ------------------------------------------------------------------------------------
static double node_x(const bt_terrain *t, size_t ix)
{
    return t->centre_x - t->half_m + t->far_cell_m * (double)ix;
}

static double node_y(const bt_terrain *t, size_t iy)
{
    return t->centre_y - t->half_m + t->far_cell_m * (double)iy;
}

// Of a window: is a node found by the edges, or else by those round it?
static bool stands_alone(const bt_terrain *t, size_t ix, size_t iy)
{
    return t->desc.tile_m <= 0.0 || t->far_cell_m >= FAR_WINDOW_M || (ix % 2 == 0 && iy % 2 == 0) ||
           is_among_roads(t, node_x(t, ix), node_y(t, iy));
}

// Of those of ABREAST nodes of a row, from the ix-th on, that stand alone.
static void find_abreast(const bt_terrain *t, size_t ix, size_t iy)
{
    size_t side = (size_t)t->far_count, i = iy * side + ix;
    double x[ABREAST];
    float height[ABREAST], distance[ABREAST];
    for (size_t k = 0; k < ABREAST; k++)
        x[k] = node_x(t, ix + k);
    far_nodes(t, x, node_y(t, iy), height, distance);
    for (size_t k = 0; k < ABREAST && ix + k < side; k++)
        if (stands_alone(t, ix + k, iy)) {
            t->far_height[i + k] = height[k];
            t->far_distance[i + k] = distance[k];
        }
}

static void find_between(const bt_terrain *t, size_t ix, size_t iy)
{
    size_t side = (size_t)t->far_count, i = iy * side + ix;
    t->far_height[i] = between(t->far_height, side, ix, iy);
    t->far_distance[i] = between(t->far_distance, side, ix, iy);
}

static void fill_all(const bt_terrain *t)
{
    size_t side = (size_t)t->far_count;
    for (size_t iy = 0; iy < side; iy++)
        for (size_t ix = 0; ix < side; ix += ABREAST)
            find_abreast(t, ix, iy);
    for (size_t i = 0; i < side * side; i++)
        if (!stands_alone(t, i % side, i / side)) find_between(t, i % side, i / side);
}

// ---- as asked ---------------------------------------------------------------------------------
static bool is_found(const bt_terrain *t, size_t ix, size_t iy)
{
    return !isnan(t->far_distance[iy * (size_t)t->far_count + ix]);
}

static void need_alone(const bt_terrain *t, size_t ix, size_t iy)
{
    if (!is_found(t, ix, iy)) find_abreast(t, ix / ABREAST * ABREAST, iy);
}

static void need_node(const bt_terrain *t, size_t ix, size_t iy)
{
    if (is_found(t, ix, iy)) return;
    if (stands_alone(t, ix, iy)) {
        need_alone(t, ix, iy);
        return;
    }
    size_t dx = ix % 2, dy = iy % 2;
    need_alone(t, ix - dx, iy - dy);
    need_alone(t, ix + dx, iy - dy);
    need_alone(t, ix - dx, iy + dy);
    need_alone(t, ix + dx, iy + dy);
    find_between(t, ix, iy);
}

void bt_terrain_need_far(const bt_terrain *t, int32_t x0, int32_t y0, int32_t x1, int32_t y1)
{
    for (int32_t y = y0 < 0 ? 0 : y0; y <= y1 && y < t->far_count; y++)
        for (int32_t x = x0 < 0 ? 0 : x0; x <= x1 && x < t->far_count; x++)
            need_node(t, (size_t)x, (size_t)y);
}

// ---- life -------------------------------------------------------------------------------------
bt_status bt_terrain_make_far(bt_terrain *t)
{
    bool window = t->desc.tile_m > 0.0;
    double cell = t->desc.tile_m < SMALL_TILE_M ? FAR_SMALL_M : FAR_WINDOW_M;
    t->far_count = window ? 1 + (int32_t)(2.0 * t->half_m / cell) : FAR_COUNT;
    t->far_cell_m = 2.0 * t->half_m / (t->far_count - 1);
    size_t count = (size_t)t->far_count * (size_t)t->far_count;
    t->far_height = bt_alloc(count, sizeof *t->far_height);
    t->far_distance = bt_alloc(count, sizeof *t->far_distance);
    pick_edges(t);
    if (!t->far_height || !t->far_distance || !t->far_edges)
        return bt_fail(BT_ERR_MEMORY, "no memory for the far land");
    for (size_t i = 0; i < count && t->desc.far_as_asked; i++)
        t->far_distance[i] = NAN;
    if (!t->desc.far_as_asked) fill_all(t);
    return BT_OK;
}
