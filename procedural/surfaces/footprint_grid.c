// footprint_grid.c: a uniform grid over the plan: items by cell, and how far the next of them is.
#include "procedural/surfaces/footprint_internal.h"

#include "engine/core/memory.h"

#include <math.h>

#define CELL_M 8.0
#define FINE_CELL_M 2.0
#define FINE_ITEMS 8 // most cells of a triangle, on average
#define MAX_CELLS 4000000.0
#define MAX_EMPTY 100

// As large as asked for, larger where there would be too many.
static void lay_out(const bt_footprint *fp, double cell_m, plan_grid *g)
{
    double width = fp->high.x - fp->low.x, height = fp->high.y - fp->low.y;
    g->cell_m = cell_m;
    while ((width / g->cell_m + 1.0) * (height / g->cell_m + 1.0) > MAX_CELLS)
        g->cell_m *= 1.5;
    g->cells_x = (int32_t)(width / g->cell_m) + 1;
    g->cells_y = (int32_t)(height / g->cell_m) + 1;
}

int32_t plan_cell_clamped(double place, double low, double cell, int32_t count)
{
    return (int32_t)bt_clamp(floor((place - low) / cell), 0.0, count - 1);
}

typedef struct cell_range {
    int32_t x0, y0, x1, y1;
} cell_range;

static cell_range triangle_cells(const bt_footprint *fp, const plan_grid *g, const plan_triangle *t)
{
    double x0 = fmin(t->x[0], fmin(t->x[1], t->x[2])), x1 = fmax(t->x[0], fmax(t->x[1], t->x[2]));
    double y0 = fmin(t->y[0], fmin(t->y[1], t->y[2])), y1 = fmax(t->y[0], fmax(t->y[1], t->y[2]));
    return (cell_range){plan_cell_clamped(x0, fp->low.x, g->cell_m, g->cells_x),
                        plan_cell_clamped(y0, fp->low.y, g->cell_m, g->cells_y),
                        plan_cell_clamped(x1, fp->low.x, g->cell_m, g->cells_x),
                        plan_cell_clamped(y1, fp->low.y, g->cell_m, g->cells_y)};
}

static cell_range edge_cells(const bt_footprint *fp, const plan_grid *g, const bt_edge_sample *edge)
{
    int32_t x = plan_cell_clamped(edge->pos_world_m.x, fp->low.x, g->cell_m, g->cells_x);
    int32_t y = plan_cell_clamped(edge->pos_world_m.y, fp->low.y, g->cell_m, g->cells_y);
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
static bt_status find_empty(plan_grid *g)
{
    size_t width = (size_t)g->cells_x, cells = width * (size_t)g->cells_y;
    g->empty = bt_alloc(cells + 1, 1);
    if (!g->empty) return bt_fail(BT_ERR_MEMORY, "no memory for the plan grid");
    for (size_t i = 0; i < cells; i++) {
        int32_t x = (int32_t)(i % width);
        uint8_t *at = &g->empty[i];
        *at = g->first[i] < g->first[i + 1] ? 0 : MAX_EMPTY;
        if (x > 0) spread_empty(at, at - 1, 0, 1);
        if (i >= width) spread_empty(at, g->empty + i - (size_t)x - width, x, g->cells_x);
    }
    for (size_t i = cells; i-- > 0;) {
        int32_t x = (int32_t)(i % width);
        uint8_t *at = &g->empty[i];
        if (x + 1 < g->cells_x) spread_empty(at, at + 1, 0, 1);
        if (i + width < cells) spread_empty(at, g->empty + i - (size_t)x + width, x, g->cells_x);
    }
    return BT_OK;
}

int32_t plan_empty_rings(const plan_grid *g, int32_t cx, int32_t cy)
{
    if (cx < 0 || cy < 0 || cx >= g->cells_x || cy >= g->cells_y) return 0;
    return g->empty[(size_t)cy * (size_t)g->cells_x + (size_t)cx];
}

// From a cell of a row to the next that may hold something: at least one.
static int32_t step_along(const plan_grid *g, int32_t cx, int32_t cy)
{
    if (cx < 0 || cy < 0 || cx >= g->cells_x || cy >= g->cells_y) return 1;
    uint8_t empty = g->empty[(size_t)cy * (size_t)g->cells_x + (size_t)cx];
    return empty > 1 ? empty : 1;
}

int32_t plan_step(const plan_grid *g, int32_t ax, int32_t ay, int32_t bx, int32_t by)
{
    int32_t a = step_along(g, ax, ay), b = step_along(g, bx, by);
    return a < b ? a : b;
}

static cell_range cells_of(const bt_footprint *fp, const plan_grid *g, bool edges, size_t item)
{
    return edges ? edge_cells(fp, g, &fp->edges[item])
                 : triangle_cells(fp, g, &fp->triangles[item]);
}

// Counts, sums up, then fills.
static bt_status fill(const bt_footprint *fp, bool edges, plan_grid *out)
{
    size_t cells = (size_t)out->cells_x * (size_t)out->cells_y;
    size_t count = edges ? fp->edge_count : fp->triangle_count;
    out->first = bt_alloc(cells + 2, sizeof *out->first);
    if (!out->first) return bt_fail(BT_ERR_MEMORY, "no memory for %zu plan cells", cells);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            cell_range r = cells_of(fp, out, edges, i);
            for (int32_t y = r.y0; y <= r.y1; y++) {
                for (int32_t x = r.x0; x <= r.x1; x++) {
                    size_t cell = (size_t)y * (size_t)out->cells_x + (size_t)x;
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
    return BT_OK;
}

bt_status plan_grid_make(const bt_footprint *fp, bool edges, plan_grid *out)
{
    lay_out(fp, CELL_M, out);
    bt_status status = fill(fp, edges, out);
    return status ? status : find_empty(out);
}

static double items_in(const bt_footprint *fp, const plan_grid *g)
{
    double items = 0.0;
    for (size_t i = 0; i < fp->triangle_count; i++) {
        cell_range r = triangle_cells(fp, g, &fp->triangles[i]);
        items += (r.x1 - r.x0 + 1.0) * (r.y1 - r.y0 + 1.0);
    }
    return items;
}

bt_status plan_grid_make_fine(const bt_footprint *fp, plan_grid *out)
{
    double cell_m = FINE_CELL_M;
    do {
        lay_out(fp, cell_m, out);
        cell_m *= 2.0;
    } while (out->cell_m < CELL_M && items_in(fp, out) > FINE_ITEMS * (double)fp->triangle_count);
    return fill(fp, false, out);
}

void plan_grid_clear(plan_grid *g)
{
    bt_free(g->first);
    bt_free(g->items);
    bt_free(g->empty);
    *g = (plan_grid){0};
}
