// footprint_internal.h: what the files of the footprint share: triangles and outer edges in a uniform grid over the plan.
#ifndef BT_PROCEDURAL_FOOTPRINT_INTERNAL_H
#define BT_PROCEDURAL_FOOTPRINT_INTERNAL_H

#include "procedural/surfaces/footprint.h"

#define EDGE_STEP_M 2.0
#define LEVEL_STEP_M 2.5 // surfaces farther apart in height are different levels

typedef struct plan_triangle {
    double x[3], y[3], z[3];
    uint32_t road;
    uint8_t kind;
} plan_triangle;

typedef struct plan_grid {
    double cell_m;
    int32_t cells_x, cells_y;
    uint32_t *first; // (cells + 1), into items
    uint32_t *items;
    uint8_t *
        empty; // (cells) rings of cells round each, itself the first, that hold nothing; at most MAX_EMPTY
} plan_grid;

// Where an edge's middle is, from `low` on: rounded, to tell at once that it is too far.
typedef struct plan_place {
    float x, y;
} plan_place;

// What a triangle covers, from `low` on, and a little more: to tell at once that a place is beside it.
typedef struct plan_box {
    float x0, y0, x1, y1;
} plan_box;
#define PLAN_SLACK_M 0.02 // of floats at most 100 km from `low`

struct bt_footprint {
    plan_triangle *triangles;
    size_t triangle_count, triangle_capacity;
    bt_edge_sample *edges;
    size_t edge_count, edge_capacity;
    plan_grid triangle_grid, edge_grid;
    plan_grid point_grid;     // triangles in smaller cells: for what is at a point, in its own cell
    plan_box *triangle_boxes; // by triangle_grid's items
    plan_box *point_boxes;    // by point_grid's items
    plan_place *edge_places;  // by edge_grid's items
    bt_vec3 low, high;
};

static inline double plan_area2(const plan_triangle *t)
{
    return (t->x[1] - t->x[0]) * (t->y[2] - t->y[0]) - (t->x[2] - t->x[0]) * (t->y[1] - t->y[0]);
}

// ---- footprint_grid.c -------------------------------------------------------------------------
// Of the triangles, or of the edges; items of a cell stay in their order.
BT_CHECKED bt_status plan_grid_make(const bt_footprint *fp, bool edges, plan_grid *out);
// Of the triangles in cells as small as their sizes allow: without `empty`.
BT_CHECKED bt_status plan_grid_make_fine(const bt_footprint *fp, plan_grid *out);
void plan_grid_clear(plan_grid *g);
int32_t plan_cell_clamped(double place, double low, double cell, int32_t count);
// How many rings of cells round this one need no search.
int32_t plan_empty_rings(const plan_grid *g, int32_t cx, int32_t cy);
// From two cells, each in a row, to the next that may hold something: at least one.
int32_t plan_step(const plan_grid *g, int32_t ax, int32_t ay, int32_t bx, int32_t by);

// ---- footprint_edges.c ------------------------------------------------------------------------
// The outer edge, once triangles are in their grid.
BT_CHECKED bt_status plan_edges_find(bt_footprint *fp);

#endif
